"""The shape of a joint: its outline, its bodies and the numbers that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bumpfem.errors import MeshError
from bumpfem.shapes.curves import Segment
from bumpfem.shapes.drawing import Patch, draw, svg
from bumpfem.shapes.points import COINCIDENT, Point, distance

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Outline:
    """Connected meridian curve, directed from the board to the interposer.

    Args:
        segments: Ordered segments; each starts where the one before ends.
    """

    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        for before, after in zip(self.segments[:-1], self.segments[1:], strict=True):
            if distance(before.end, after.start) > COINCIDENT:
                raise MeshError(f"outline is broken between {before.end} and {after.start}")

    @property
    def start(self) -> Point:
        """Lowest end, at the board."""
        return self.segments[0].start

    @property
    def end(self) -> Point:
        """Highest end, at the interposer."""
        return self.segments[-1].end

    def swept_volume(self) -> float:
        """Volume enclosed between the curve and the axis, integral of pi r^2 dz, mm3."""
        return sum(segment.swept_volume() for segment in self.segments)

    def swept_area(self) -> float:
        """Lateral area of the body of revolution, mm2."""
        return sum(segment.swept_area() for segment in self.segments)

    @property
    def max_radius(self) -> float:
        """Largest distance from the axis, mm."""
        return max(segment.radius_range[1] for segment in self.segments)

    @property
    def min_radius(self) -> float:
        """Smallest distance from the axis, mm."""
        return min(segment.radius_range[0] for segment in self.segments)

    def reversed(self) -> Outline:
        """The same curve run through from its end."""
        return Outline(tuple(segment.reversed() for segment in reversed(self.segments)))

    def crossing(self, height: float, *, from_top: bool = True) -> tuple[int, float] | None:
        """Segment index and fraction of the first crossing of a height; None without one."""
        order = range(len(self.segments))
        for index in reversed(order) if from_top else order:
            segment = self.segments[index]
            low, high = segment.height_range
            if not low - COINCIDENT <= height <= high + COINCIDENT:
                continue
            a, b = segment.start[1] - height, segment.end[1] - height
            if a * b > 0.0:
                continue
            lower, upper = (0.0, 1.0) if a <= b else (1.0, 0.0)
            for _ in range(200):
                middle = 0.5 * (lower + upper)
                if segment.at(middle)[1] < height:
                    lower = middle
                else:
                    upper = middle
            return index, 0.5 * (lower + upper)
        return None

    def split_at_height(self, height: float) -> tuple[Outline, Outline]:
        """Lower and upper part, cut at the uppermost crossing of ``height``.

        Raises:
            MeshError: If the outline does not reach the height.
        """
        found = self.crossing(height)
        if found is None:
            raise MeshError(f"the joint's outline does not pass height {height} mm")
        index, fraction = found
        first, second = self.segments[index].split(fraction)
        lower = tuple(
            s for s in (*self.segments[:index], first) if distance(s.start, s.end) > COINCIDENT
        )
        upper = tuple(
            s
            for s in (second, *self.segments[index + 1 :])
            if distance(s.start, s.end) > COINCIDENT
        )
        return Outline(lower), Outline(upper)

    def radius_at(self, height: float) -> float:
        """Radius at the uppermost crossing of a height, mm; 0 where there is none."""
        found = self.crossing(height)
        return 0.0 if found is None else self.segments[found[0]].at(found[1])[0]


@dataclass(frozen=True)
class Body:
    """A region's closed meridian loop, run through anticlockwise (r to the right, z up).

    Args:
        region: Region name.
        loop: Segments that close on themselves; a part of the axis may belong to them.
    """

    region: str
    loop: tuple[Segment, ...]

    def __post_init__(self) -> None:
        shifted = (*self.loop[1:], self.loop[0])
        for before, after in zip(self.loop, shifted, strict=True):
            if distance(before.end, after.start) > COINCIDENT:
                raise MeshError(f"loop of {self.region} is open at {before.end}, {after.start}")
        if self.volume <= 0.0:
            raise MeshError(f"loop of {self.region} encloses no volume or runs clockwise")

    @property
    def volume(self) -> float:
        """Volume of the body of revolution, mm3."""
        return sum(segment.swept_volume() for segment in self.loop)

    @property
    def max_radius(self) -> float:
        """Largest distance from the axis, mm."""
        return max(segment.radius_range[1] for segment in self.loop)


@dataclass(frozen=True)
class CellLayer:
    """A body's continuation at constant thickness from ``JointShape.inner_radius`` outwards."""

    region: str
    bottom: float
    top: float


@dataclass(frozen=True)
class JointShape:
    """What a joint looks like; heights count from the board's solder-side surface.

    Args:
        standoff: Distance between the facing surfaces of the two pads, mm.
        outline: Exposed surface of the joint from the board's rim to the interposer's rim.
        bodies: Closed loops of everything between the pads, pads and resists included; they
            touch and never overlap.
        layers: Bodies that go on to the edge of the cell at constant thickness.
        inner_radius: Radius within which all that is curved lies, mm.
        board_face: Height of the face on which the board's solder layer stands, mm.
        interposer_face: Height of the face at which the solder ends at the interposer, mm; None
            if a metal bump stands between.
        interposer_surface: Height of the interposer's solder-side surface, mm.
        volume: Solder volume, mm3.
        max_diameter: Widest diameter between the pads, mm.
        neck_diameter: Narrowest diameter of the outline, mm.
        lips: Height of the resist's lip over the solder's face, at board and interposer, mm.
        rims: Circles (radius, height) at which strain concentrates.
        notes: Remarks on how the shape was found, for the report.
    """

    standoff: float
    outline: Outline
    bodies: tuple[Body, ...]
    layers: tuple[CellLayer, ...]
    inner_radius: float
    board_face: float
    interposer_face: float | None
    interposer_surface: float
    volume: float
    max_diameter: float
    neck_diameter: float
    lips: tuple[float, float]
    rims: tuple[Point, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def region_volume(self, region: str) -> float:
        """Volume of a region within ``inner_radius``, mm3."""
        return sum(body.volume for body in self.bodies if body.region == region)

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the bodies, in order of first appearance."""
        return tuple(dict.fromkeys(body.region for body in self.bodies))

    def patches(self) -> list[Patch]:
        """Filled sections of all bodies, for a picture."""
        return [
            Patch(body.region, np.vstack([segment.points(65) for segment in body.loop]))
            for body in self.bodies
        ]

    def plot(self, axes: Axes | None = None) -> Axes:
        """Section through the joint with matplotlib."""
        return draw(self.patches(), axes)

    def _repr_svg_(self) -> str:
        return svg(self.patches(), f"stand-off {self.standoff:.4g} mm")
