r"""Molten solder in the hole of a mask: free where it can be, on the wall where it must.

Picture: the pad lies at z = 0, its hole's wall is ``r = R(z)`` between the mouth on the substrate
and the end of the hole, and the solder grows upwards into it. This is an obstacle problem: the
free surface obeys Young-Laplace with one pressure p; where the wall stops it, it lies on the wall
and meets it at the contact angle (180 degrees: it leaves the wall tangentially). The contact is
found by its two lines: a lower surface from the pad to the wall and an upper one from the wall to
the apex (or the hole's floor, or the other pad), each sliding on the wall or held by the edge of
the hole's end. The volume below the edge's level belongs to the lower one, the rest to the upper
one; the split is the root of

.. math:: p_{lower}(V_1) = p_{upper}(V - V_1)

at which the difference grows with :math:`V_1`: then solder that strays from one surface to the
other is pushed back. Each surface by itself is checked for stability.

On a cylinder without gravity, with 180 degrees, both surfaces are parts of the sphere of the
hole's radius and :math:`p = 2 \gamma / R`, whatever the volume.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, inf, pi, sin

import numpy as np

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.end_protocol import End, State
from bumpfem.shapes.capillary.ends import Axis, OnPlane, Pinned
from bumpfem.shapes.capillary.hole_search import TOUCH, WallSearch
from bumpfem.shapes.capillary.hole_wall import Hole
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.solve import solve_meridian
from bumpfem.shapes.capillary.stability import margins
from bumpfem.shapes.checks import check_kind, check_number
from bumpfem.shapes.curves import Line, Segment
from bumpfem.shapes.drawing import PLATE, Patch, Section, liquid_patch, plate_patch

__all__ = ["ConfinedSolder", "Hole", "section_force", "solder_in_hole"]


@dataclass(frozen=True)
class ConfinedSolder(Section):
    """Solder in a hole.

    Attributes:
        hole: The hole.
        lower: Surface from the pad to the wall, or the whole surface where it is free.
        upper: Surface from the wall on; None where the solder is free.
        volume: Volume of the solder over the rim's plane, mm3.
    """

    hole: Hole
    lower: Meridian
    upper: Meridian | None
    volume: float

    @property
    def touches(self) -> bool:
        """Whether the solder touches the wall."""
        return self.upper is not None

    @property
    def pressure(self) -> float:
        """Excess pressure at z = 0, MPa."""
        return self.lower.pressure

    @property
    def contact(self) -> tuple[float, float] | None:
        """Heights between which the solder lies on the wall, mm; None where it is free."""
        if self.upper is None:
            return None
        return float(self.lower.z[-1]), float(self.upper.z[0])

    @property
    def curves(self) -> tuple[Meridian, ...]:
        """The free surfaces, from the pad on."""
        return (self.lower,) if self.upper is None else (self.lower, self.upper)

    @property
    def top(self) -> float:
        """Height of the solder's highest point over the rim, mm."""
        return max(float(np.max(curve.z)) for curve in self.curves)

    @property
    def max_radius(self) -> float:
        """Largest radius of the solder, mm."""
        return max(curve.max_radius for curve in self.curves)

    @property
    def protrusion(self) -> float:
        """How far the solder stands out of the hole, mm; negative: it stays below the end."""
        return self.top - self.hole.end

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The outline from the pad on: curve, wall, curve."""
        if self.upper is None:
            return (self.lower.to_spline(),)
        first, last = self.lower.to_spline(), self.upper.to_spline()
        if hypot(first.end[0] - last.start[0], first.end[1] - last.start[1]) < 1e-7:
            last = type(last)((first.end, *last.nodes[1:]))
            return (first, last)
        return (first, Line(first.end, last.start), last)

    @property
    def axial_force(self) -> float:
        """Force of the solder on the mask away from the substrate, N.

        Balance of the solder between the contact lines: force of a section
        ``pi r^2 (p - w z) - 2 pi r gamma sin(phi)`` below, less that above and the weight.
        """
        if self.upper is None:
            return 0.0
        (z0, z1), hole = self.contact or (0.0, 0.0), self.hole
        r0, r1 = hole.radius_at(z0), hole.radius_at(z1)
        between = pi * (z1 - z0) * (r0 * r0 + r0 * r1 + r1 * r1) / 3.0
        weight = self.lower.liquid.specific_weight * between
        return (
            section_force(self.lower, self.lower.ends[1])
            - section_force(self.upper, self.upper.ends[0])
            - weight
        )

    @property
    def wall_pressure(self) -> float:
        """Largest pressure on the wall, MPa; 0 where the solder is free."""
        if self.contact is None:
            return 0.0
        weight = self.lower.liquid.specific_weight
        return max(self.pressure - weight * z for z in self.contact)

    def release_gap(self, hole_strain: float = 0.0, solder_strain: float = 0.0) -> float:
        """Least gap between solder and hole while the mask is lifted off, mm.

        Every height of the solder is passed by all of the wall below it, down to the mouth; solder
        that has grown wider than that is an undercut, a negative gap, and holds the mask.

        Args:
            hole_strain: Strain of the mask from freezing to release (cooling: negative).
            solder_strain: The same of the solder, with its shrinkage in freezing where known.
        """
        hole = self.hole
        gaps = []
        for curve in self.curves:
            for r, z in curve.points(401):
                if z <= hole.mouth:
                    continue
                narrow = min(hole.mouth_radius, hole.radius_at(min(z, hole.end)))
                gaps.append(narrow * (1.0 + hole_strain) - r * (1.0 + solder_strain))
        return min(gaps, default=inf)

    def patches(self) -> list[Patch]:
        """Pad, what surrounds it, mask and solder, for a picture."""
        hole, pad = self.hole, float(self.lower.r[0])
        reach = 1.5 * max(hole.mouth_radius, hole.end_radius, self.max_radius)
        depth = -2.0 * PLATE * reach
        wall = [(hole.mouth_radius, hole.mouth), (reach, hole.mouth)]
        end = [(reach, hole.end), (hole.end_radius, hole.end)]
        return [
            plate_patch("resist", pad, reach, hole.mouth, depth),
            plate_patch("pad", 0.0, pad, 0.0, depth),
            Patch("mask", np.array([*wall, *end])),
            liquid_patch(np.vstack([curve.points(257) for curve in self.curves])),
        ]

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        where = "on the wall" if self.touches else "free of the wall"
        return f"{where}, top {self.top:.4g} mm, {self.protrusion:+.3g} mm out of the hole"


def section_force(curve: Meridian, state: State) -> float:
    """Force that the liquid below a cross section exerts on what is above it, N."""
    r, z, phi = state
    liquid = curve.liquid
    pressure = curve.pressure - liquid.specific_weight * z
    return pi * r * r * pressure - 2.0 * pi * r * liquid.surface_tension * sin(phi)


def solder_in_hole(
    pad_radius: float,
    hole: Hole,
    liquid: Liquid,
    volume: float,
    *,
    through: bool = True,
    far: Pinned | None = None,
) -> ConfinedSolder:
    """Equilibrium of molten solder on a pad in a hole.

    Args:
        pad_radius: Wetted radius of the pad, mm.
        hole: The hole.
        liquid: Surface tension and weight (positive: the substrate is below).
        volume: Volume of the solder over the rim's plane, mm3.
        through: The hole is open at its end; else it has a floor there, with the wall's angle.
        far: Rim of another pad at which the solder ends instead of in an apex.

    Raises:
        InputError: If the pad does not fit in the hole, or the solder finds no stable place.
    """
    check_number("pad_radius", pad_radius, "mm", above=0.0)
    check_number("volume", volume, "mm3", above=0.0)
    check_kind("hole", hole, Hole)
    check_kind("liquid", liquid, Liquid)
    if pad_radius >= hole.radius_at(max(hole.mouth, 0.0)):
        raise InputError(
            "hole.mouth_diameter", 2.0 * hole.mouth_radius, f"> {2.0 * pad_radius:.4g} at the pad",
            "mm",
            "the hole must leave the pad free",
        )  # fmt: skip
    if not through and volume > hole.capacity:
        raise InputError(
            "hole.depth", hole.depth, "a deeper or wider hole, or one that goes through", "mm",
            f"{volume:.4g} mm3 of solder do not fit in the hole's {hole.capacity:.4g}",
        )  # fmt: skip
    rim = Pinned(pad_radius, 0.0)
    free = _free(rim, hole, liquid, volume, through, far)
    if free is not None:
        return ConfinedSolder(hole, free, None, volume)
    try:
        pair = _reaching(rim, far or Axis(), hole, liquid, volume, through)
        if pair is None:
            floor = OnPlane(hole.end, hole.contact_angle)
            pair = WallSearch(rim, floor, hole, liquid, volume).solve()
    except ConvergenceError as error:
        raise InputError(
            "hole.mouth_diameter", 2.0 * hole.mouth_radius, "another hole, or another volume", "mm",
            f"{volume:.4g} mm3 of solder find no stable place in it: {error}",
        ) from error  # fmt: skip
    return ConfinedSolder(hole, *pair, volume)


def _free(
    rim: Pinned, hole: Hole, liquid: Liquid, volume: float, through: bool, far: Pinned | None
) -> Meridian | None:
    """The free surface if it keeps inside the hole, or one that only touches its floor."""
    try:
        curve = solve_meridian(rim, far or Axis(), liquid, volume=volume)
        if not through and far is None and float(curve.z[-1]) > hole.end:
            floor = OnPlane(hole.end, hole.contact_angle)
            curve = solve_meridian(rim, floor, liquid, volume=volume)
    except ConvergenceError:
        return None
    return curve if hole.overlap(curve) <= TOUCH and margins(curve).stable else None


def _reaching(
    rim: Pinned, far: End, hole: Hole, liquid: Liquid, volume: float, through: bool
) -> tuple[Meridian, Meridian] | None:
    """Both surfaces without a floor; None where they would pass through the floor there is."""
    try:
        pair = WallSearch(rim, far, hole, liquid, volume).solve()
    except ConvergenceError:
        if through:
            raise
        return None
    return pair if through or float(pair[1].z[-1]) <= hole.end else None
