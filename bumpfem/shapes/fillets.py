"""Arcs that meet a sphere: fillets between a pad's rim and a core, head or bump."""

from __future__ import annotations

from math import atan2, cos, pi, radians, sin

from scipy.optimize import brentq

from bumpfem.errors import InputError
from bumpfem.shapes.curves import Arc, Line, Segment
from bumpfem.shapes.points import Point

#: Angle between a fillet's surface and the core's.
CONTACT_ANGLE = radians(30.0)
#: Highest foot of a fillet, as the angle from the sphere's lower pole, radians.
HIGHEST_FOOT = radians(78.0)


def core_arc(radius: float, centre: float, start: float = 0.5 * pi, end: float = -0.5 * pi) -> Arc:
    """Meridian of the core, clockwise from polar angle ``start`` (default: upper pole)."""
    return Arc((0.0, centre), radius, start, end)


def arc_tangent_at(start: Point, foot: Point, direction: Point) -> Segment:
    """Arc from ``start`` that arrives at ``foot`` in a given direction.

    The half angle is that between the chord and the final direction: an arc turns by twice it.
    """
    (r0, z0), (r1, z1) = start, foot
    chord = atan2(z1 - z0, r1 - r0)
    final = atan2(direction[1], direction[0])
    half_angle = (final - chord + pi) % (2.0 * pi) - pi
    if abs(half_angle) < 1e-6:
        return Line(start, foot)
    return Arc.between(start, foot, half_angle)


def mirror(segment: Segment) -> Segment:
    """The segment mirrored in the plane z = 0."""
    if isinstance(segment, Line):
        return Line((segment.start[0], -segment.start[1]), (segment.end[0], -segment.end[1]))
    if isinstance(segment, Arc):
        centre = (segment.centre[0], -segment.centre[1])
        return Arc(centre, segment.radius, -segment.angle_start, -segment.angle_end)
    return type(segment)(tuple((r, -z) for r, z in segment.nodes))


def fillet_arc(
    rim: Point, centre: float, radius: float, angle: float, contact_angle: float
) -> Segment:
    """Arc from a rim to the foot at ``angle`` from a sphere's lower pole, at a contact angle."""
    foot = (radius * sin(angle), centre - radius * cos(angle))
    heading = angle + contact_angle
    return arc_tangent_at(rim, foot, (cos(heading), sin(heading)))


def least_foot(rim: Point, centre: float, radius: float, contact_angle: float) -> float:
    """Smallest foot angle whose arc rises from the rim's plane, radians."""
    angle = radians(5.0)
    while angle < HIGHEST_FOOT:
        foot = (radius * sin(angle), centre - radius * cos(angle))
        chord = atan2(foot[1] - rim[1], foot[0] - rim[0])
        turn = angle + contact_angle - chord
        if foot[1] > rim[1] and sin(chord - turn) >= 0.0 and abs(turn) < 0.5 * pi:
            return angle
        angle += radians(0.5)
    return HIGHEST_FOOT


def fillet(rim: Point, centre: float, radius: float, volume: float) -> tuple[Segment, float]:
    """Fillet from a pad's rim up to a core, with a given volume over the rim's plane.

    The foot at angle t from the lower pole is the one unknown; the arc meets the core there at
    the contact angle, and the volume grows with t.

    Args:
        rim: Rim of the wetted circle.
        centre: Height of the core's centre, mm.
        radius: Radius of the core, mm.
        volume: Solder over the rim's plane, mm3.

    Returns:
        The arc and the angle of its foot.

    Raises:
        InputError: If no foot between pole and belt gives the volume.
    """

    def arc(t: float) -> Segment:
        return fillet_arc(rim, centre, radius, t, CONTACT_ANGLE)

    def enclosed(t: float) -> float:
        cap = core_arc(radius, centre, t - 0.5 * pi)
        return arc(t).swept_volume() + cap.swept_volume()

    least = least_foot(rim, centre, radius, CONTACT_ANGLE)
    low, high = enclosed(least), enclosed(HIGHEST_FOOT)
    if not low <= volume <= high:
        raise InputError(
            "joint.core",
            f"{volume:.4g} mm3 of solder at a pad",
            f"{low:.4g} to {high:.4g}",
            "mm3",
            "the shell can neither wrap the core nor form fillets of this volume",
        )
    t = float(brentq(lambda angle: enclosed(angle) - volume, least, HIGHEST_FOOT, xtol=1e-15))
    return arc(t), t
