"""Outlines confined by the wall of a mask's hole.

A free sphere that would cross the wall becomes three parts: a spherical shoulder from the
interposer's rim to the wall; a straight part along the wall; and below it a spherical bulge, either
leaving the wall inside the hole or pinned at its end. Solder that does not wet the wall leaves it
tangentially, solder bonded to it at an angle. The standoff follows from the volume.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import atan, cos, hypot, sin

from scipy.optimize import brentq

from bumpfem.errors import InputError
from bumpfem.shapes.curves import Arc, Line, Segment, arc_with_volume
from bumpfem.shapes.outline import Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.spheres import bulge, truncated_sphere, zone_arc


@dataclass(frozen=True)
class HoleWall:
    """Straight wall of a hole, from its mouth at the interposer down to its end.

    Args:
        mouth: Radius and height of the mouth, which lies on the interposer.
        end: Radius and height of the lower end.
        contact_angle: Angle between the wall and the solder's free surface, radians.
    """

    mouth: Point
    end: Point
    contact_angle: float = 0.0

    @property
    def taper(self) -> float:
        """Growth of the radius per height, 0 for a cylinder."""
        return (self.mouth[0] - self.end[0]) / (self.mouth[1] - self.end[1])

    def radius_at(self, height: float) -> float:
        """Radius of the wall (or of its continuation) at a height, mm."""
        return self.end[0] + self.taper * (height - self.end[1])

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

    def meeting_sphere(self, rim: Point, *, below: bool) -> tuple[float, Point]:
        """Sphere on the axis through ``rim`` that meets the wall at the contact angle.

        At the elevation t of the contact (``+-contact_angle - atan(k)`` on a wall ``r(z)`` of
        slope k) the sphere about ``z_c`` lies on the wall if ``R = r(z_c) / (cos t - k sin t)``.

        Args:
            rim: Circle that the sphere passes through, inside the hole.
            below: Whether the centre lies below the rim (shoulder) or above it (bulge).

        Returns:
            Height of the centre and the point of contact.

        Raises:
            InputError: If the rim is not inside the hole.
        """
        if rim[0] >= self.radius_at(rim[1]):
            raise InputError(
                "joint.mask.mouth_diameter",
                2.0 * self.mouth[0],
                f"> {2.0 * rim[0]:.4g} at the pad",
                "mm",
                "the hole must leave the pad free",
            )
        elevation = (self.contact_angle if below else -self.contact_angle) - atan(self.taper)
        stretch = 1.0 / (cos(elevation) - self.taper * sin(elevation))

        def residual(centre: float) -> float:
            return hypot(rim[0], rim[1] - centre) - self.radius_at(centre) * stretch

        step = (-0.05 if below else 0.05) * self.mouth[0]
        far = rim[1] + step
        while residual(far) < 0.0:
            far += step
            if abs(far - rim[1]) > 20.0 * self.mouth[0]:
                raise InputError(
                    "joint.mask.base_diameter",
                    2.0 * self.end[0],
                    "a steeper wall",
                    "mm",
                    "no sphere through the pad's rim meets the wall",
                )
        centre = float(brentq(residual, rim[1], far, xtol=1e-15))
        radius = self.radius_at(centre) * stretch
        return centre, (radius * cos(elevation), centre + radius * sin(elevation))


def shoulder(upper: Point, wall: HoleWall) -> tuple[Arc, Point]:
    """Sphere from the wall up to the interposer's rim, and where it touches the wall."""
    centre, contact = wall.meeting_sphere(upper, below=True)
    if contact[1] < wall.end[1]:
        return zone_arc(wall.end, upper), wall.end
    return Arc.about((0.0, centre), contact, upper, anticlockwise=True), contact


def confined_segments(lower: Point, upper: Point, wall: HoleWall) -> tuple[Segment, ...]:
    """Spherical bulge, straight part and shoulder between two rims."""
    top, contact = shoulder(upper, wall)
    leave, bottom = wall.end, None
    if lower[0] < wall.radius_at(lower[1]):
        centre, point = wall.meeting_sphere(lower, below=False)
        if point[1] >= wall.end[1]:
            leave = point
            bottom = Arc.about((0.0, centre), lower, leave, anticlockwise=True)
    bottom = bottom or zone_arc(lower, leave)
    if leave[1] > contact[1]:
        return (zone_arc(lower, upper),)
    if contact[1] - leave[1] < 1e-9:
        return (bottom, top)
    return (bottom, Line(leave, contact), top)


def free_or_confined(
    lower: Point, upper_radius: float, volume: float, wall_of: Callable[[float], HoleWall]
) -> tuple[Outline, float, bool]:
    """Outline of a joint that finds its own standoff in a hole.

    Args:
        lower: Rim at the board.
        upper_radius: Radius of the rim at the interposer, mm.
        volume: Volume between the planes of the rims, mm3.
        wall_of: The wall for a distance of the rims.

    Returns:
        The outline, the distance of the rims, and whether the solder touches the wall.

    Raises:
        InputError: If the volume does not fit.
    """
    free = truncated_sphere(lower, upper_radius, volume)
    gap = free.end[1] - lower[1]
    if wall_of(gap).allows((free,)):
        return Outline((free,)), gap, False

    def segments(height: float) -> tuple[Segment, ...]:
        return confined_segments(lower, (upper_radius, lower[1] + height), wall_of(height))

    def residual(height: float) -> float:
        return sum(s.swept_volume() for s in segments(height)) - volume

    highest = gap
    while residual(highest) < 0.0:
        highest *= 1.05
        if highest > 20.0 * gap:
            raise InputError(
                "joint.mask.mouth_diameter",
                2.0 * wall_of(gap).mouth[0],
                "a wider hole",
                "mm",
                "the ball's volume finds no room",
            )
    height = float(brentq(residual, gap, highest, xtol=1e-15)) if highest > gap else gap
    return Outline(segments(height)), height, True


def confined_outline(
    lower: Point, upper: Point, volume: float, wall: HoleWall
) -> tuple[Outline, bool]:
    """Outline between rims at a given distance in a hole; the excess bulges out of its end.

    Args:
        lower: Rim at the board.
        upper: Rim at the interposer.
        volume: Volume between the planes of the rims, mm3.
        wall: The wall.

    Returns:
        The outline and whether it touches the wall.

    Raises:
        InputError: If no such outline has the volume.
    """
    arc = arc_with_volume(lower, upper, volume)
    if arc is not None and wall.allows((arc,)):
        return Outline((bulge(lower, upper, volume),)), False
    top, contact = shoulder(upper, wall)
    straight = (Line(wall.end, contact),) if contact[1] - wall.end[1] > 1e-9 else ()
    rest = volume - top.swept_volume() - sum(s.swept_volume() for s in straight)
    if wall.end[1] <= lower[1] + 1e-6:
        raise InputError(
            "joint.mask.depth",
            wall.mouth[1] - wall.end[1],
            "a shallower hole",
            "mm",
            "the hole leaves the solder no room at this standoff",
        )
    below = bulge(lower, wall.end, rest, "joint.mask.mouth_diameter")
    return Outline((below, *straight, top)), True
