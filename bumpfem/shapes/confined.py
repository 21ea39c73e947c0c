"""Outlines of a joint that stay inside the hole of a mask on the interposer.

The solder is free where the wall leaves it room, and lies on the wall elsewhere: the obstacle
problem of :mod:`bumpfem.shapes.capillary.hole`, between the rims of both pads. Solder that does
not wet the wall leaves it tangentially, solder bonded to it at an angle. Where the joint finds its
own standoff, the board carries the solder's weight and the joint's load.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from scipy.optimize import brentq

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.ends import Pinned
from bumpfem.shapes.capillary.hole import ConfinedSolder, solder_in_hole
from bumpfem.shapes.capillary.hole_wall import Hole
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.curves import Arc, Line, Segment
from bumpfem.shapes.melt import WEIGHTLESS
from bumpfem.shapes.outline import Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.spline import Spline

#: Largest standoff looked for, relative to that of the free joint.
TALLEST = 4.0


@dataclass(frozen=True)
class HoleWall:
    """Straight wall of a hole, from its mouth at the interposer down to its end.

    Args:
        mouth: Radius and height of the mouth, which lies on the interposer.
        end: Radius and height of the lower end.
        contact_angle: Angle between the wall and the solder's free surface, degrees.
    """

    mouth: Point
    end: Point
    contact_angle: float = 0.0

    def radius_at(self, height: float) -> float:
        """Radius of the wall (or of its continuation) at a height, mm."""
        taper = (self.mouth[0] - self.end[0]) / (self.mouth[1] - self.end[1])
        return self.end[0] + taper * (height - self.end[1])

    def shrunk(self, clearance: float) -> HoleWall:
        """The same wall, ``clearance`` closer to the axis."""
        return replace(
            self,
            mouth=(self.mouth[0] - clearance, self.mouth[1]),
            end=(self.end[0] - clearance, self.end[1]),
        )

    def allows(self, segments: tuple[Segment, ...], tolerance: float = 1e-7) -> bool:
        """Whether segments stay inside the wall over its height."""
        return all(
            r <= self.radius_at(z) + tolerance
            for segment in segments
            for r, z in segment.points(513)
            if self.end[1] <= z <= self.mouth[1]
        )

    def seen_from(self, rim: float) -> Hole:
        """The hole as seen from the interposer's rim at a height: upside down."""
        return Hole(
            mouth_radius=self.mouth[0],
            end_radius=self.end[0],
            mouth=rim - self.mouth[1],
            depth=self.mouth[1] - self.end[1],
            contact_angle=180.0 - self.contact_angle,
        )


def confined_outline(
    lower: Point, upper: Point, volume: float, wall: HoleWall, liquid: Liquid = WEIGHTLESS
) -> tuple[Outline, bool]:
    """Outline between rims at a given distance in a hole; the excess bulges out of its end.

    Args:
        lower: Rim at the board.
        upper: Rim at the interposer.
        volume: Volume between the planes of the rims, mm3.
        wall: The wall.
        liquid: The molten solder.

    Returns:
        The outline and whether it touches the wall.

    Raises:
        InputError: If no such outline has the volume.
    """
    if wall.end[1] <= lower[1] + 1e-6:
        raise InputError(
            "joint.mask.depth", wall.mouth[1] - wall.end[1], "a shallower hole", "mm",
            "the hole leaves the solder no room at this standoff",
        )  # fmt: skip
    solder = _in_hole(lower, upper, volume, wall, liquid)
    return _outline(solder, lower, upper), solder.touches


def resting_outline(
    lower: Point,
    upper_radius: float,
    volume: float,
    wall_of: Callable[[float], HoleWall],
    liquid: Liquid,
    free_gap: float,
    load: float = 0.0,
) -> tuple[Outline, float]:
    """Outline of a joint on the wall of a hole that finds its own standoff.

    Args:
        lower: Rim at the board.
        upper_radius: Radius of the rim at the interposer, mm.
        volume: Volume between the planes of the rims, mm3.
        wall_of: The wall for a distance of the rims.
        liquid: The molten solder.
        free_gap: Distance of the rims without the hole, mm; the wall makes the joint taller.
        load: Weight that the joint carries besides its own, N.

    Returns:
        The outline and the distance of the rims.

    Raises:
        InputError: If the volume does not fit.
    """
    weight = liquid.specific_weight * volume + load

    def solder_at(height: float) -> ConfinedSolder:
        return _in_hole(lower, (upper_radius, lower[1] + height), volume, wall_of(height), liquid)

    def excess(height: float) -> float:
        return (solder_at(height).curves[-1].force - weight) / liquid.surface_tension

    low = high = free_gap
    while excess(high) > 0.0:
        low, high = high, 1.04 * high
        if high > TALLEST * free_gap:
            raise InputError(
                "joint.mask.mouth_diameter", 2.0 * wall_of(free_gap).mouth[0], "a wider hole",
                "mm", "the ball's volume finds no room",
            )  # fmt: skip
    height = float(brentq(excess, low, high, xtol=1e-13)) if high > low else free_gap
    return _outline(solder_at(height), lower, (upper_radius, lower[1] + height)), height


def _in_hole(
    lower: Point, upper: Point, volume: float, wall: HoleWall, liquid: Liquid
) -> ConfinedSolder:
    """Solder in the hole, seen from the interposer's rim.

    Raises:
        InputError: If there is none.
    """
    board = Pinned(lower[0], upper[1] - lower[1])
    hole = wall.seen_from(upper[1])
    try:
        return solder_in_hole(upper[0], hole, liquid.inverted(), volume, far=board)
    except InputError as error:
        raise InputError(
            "joint.mask.mouth_diameter", 2.0 * wall.mouth[0], "a wider or shallower hole", "mm",
            error.reason,
        ) from error  # fmt: skip


def _outline(solder: ConfinedSolder, lower: Point, upper: Point) -> Outline:
    """The solder's outline from the board to the interposer, ending exactly on both rims."""
    turned = [_turned(segment, upper[1]) for segment in reversed(solder.segments)]
    first, last = turned[0], turned[-1]
    if isinstance(first, Spline):
        turned[0] = Spline((lower, *first.nodes[1:]))
    if isinstance(last, Spline):
        turned[-1] = Spline((*last.nodes[:-1], upper))
    return Outline(tuple(turned))


def _turned(segment: Segment, top: float) -> Segment:
    """A segment seen from the interposer, put upright and run through from its end."""
    if isinstance(segment, Line):
        return Line(
            (segment.end[0], top - segment.end[1]), (segment.start[0], top - segment.start[1])
        )
    if isinstance(segment, Arc):
        centre = (segment.centre[0], top - segment.centre[1])
        return Arc(centre, segment.radius, -segment.angle_end, -segment.angle_start)
    return Spline(tuple((r, top - z) for r, z in reversed(segment.nodes)))
