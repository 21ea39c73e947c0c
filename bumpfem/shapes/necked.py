"""A partly melted ball: spherical head on a curved neck thinner than the head.

The neck is an arc, hollow seen from outside, from its footprint on the interposer's pad over its
thinnest place to the head, which it meets without a kink. With head radius R, neck radius n and
arc radius q the centres of arc and head are ``R + q`` apart and the arc's centre lies at radius
``n + q``. The footprint is the whole wetted pad unless so short a neck would meet the pad at less
than ``PAD_ANGLE``; then it is smaller and meets the pad at this angle.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, radians, sin, sqrt

from scipy.optimize import brentq

from bumpfem.design import Joint, Neck
from bumpfem.errors import InputError
from bumpfem.shapes.ball import Connection, check_standoff, lower_path, upper_path
from bumpfem.shapes.curves import Arc, Line, Segment, polyline
from bumpfem.shapes.fillets import HIGHEST_FOOT, fillet_arc, least_foot
from bumpfem.shapes.outline import Body, Outline
from bumpfem.shapes.points import COINCIDENT, Point
from bumpfem.shapes.site import Site

#: Least angle between the neck's surface and the pad, radians.
PAD_ANGLE = radians(30.0)


@dataclass(frozen=True)
class NeckArc:
    """Neck below a pad at height 0.

    Args:
        radius: Radius of the meridian arc, mm.
        centre: Its centre.
        head_centre: Height of the head's centre, mm.
        joint: Point at which the neck meets the head.
        footprint: Radius of the neck at the pad, mm.
    """

    radius: float
    centre: Point
    head_centre: float
    joint: Point
    footprint: float


def neck_arc(neck: float, head: float, radius: float, footprint: float) -> NeckArc:
    """Neck with a given arc radius and footprint.

    Args:
        neck: Radius of the thinnest place, mm.
        head: Radius of the head, mm.
        radius: Radius of the arc, mm.
        footprint: Radius at the pad, mm.
    """
    axis = neck + radius
    below_pad = sqrt(max(radius**2 - (axis - footprint) ** 2, 0.0))
    down = sqrt((head + radius) ** 2 - axis**2)
    share = radius / (head + radius)
    joint = (axis * (1.0 - share), -below_pad - share * down)
    return NeckArc(radius, (axis, -below_pad), -below_pad - down, joint, footprint)


def solve_neck(rim: float, neck: Neck, head: float) -> NeckArc:
    """Neck whose height, from the pad to the head, is the one asked for.

    Args:
        rim: Radius of the wetted circle at the interposer, mm.
        neck: Diameter and height of the neck.
        head: Radius of the head, mm.

    Raises:
        InputError: If no arc has this height.
    """
    narrow = 0.5 * neck.neck_diameter
    spread = 1.0 - sin(PAD_ANGLE)
    steepest = (rim - narrow) / spread

    def limited(radius: float) -> NeckArc:
        return neck_arc(narrow, head, radius, min(rim, narrow + spread * radius))

    def residual(radius: float) -> float:
        return -limited(radius).joint[1] - neck.neck_height

    least, largest = 1e-3 * steepest, max(20.0 * head, 2.0 * steepest)
    if residual(largest) < 0.0 or residual(least) > 0.0:
        low, high = -limited(least).joint[1], -limited(largest).joint[1]
        raise InputError(
            "joint.neck.neck_height", neck.neck_height, f"{low:.4g} to {high:.4g}", "mm",
            "no smooth neck of this thickness joins pad and head",
        )  # fmt: skip
    return limited(float(brentq(residual, least, largest, xtol=1e-15)))


def necked(site: Site, joint: Joint) -> Connection:
    """Head on a neck; its diameter follows from the volume unless it is given.

    A head of free diameter is a sphere through the board's rim. A given head rests on the board's
    pad, and what the volume leaves over forms a fillet around its foot.

    Raises:
        InputError: If neck, head and volume do not go together.
    """
    neck = joint.neck
    if neck is None:
        raise InputError("joint.neck", None, "a neck")
    upper = site.interposer.wetted_radius
    if 0.5 * neck.neck_diameter >= upper:
        raise InputError(
            "joint.neck.neck_diameter",
            neck.neck_diameter,
            f"< {2 * upper}",
            "mm",
            "the neck widens to its pad",
        )
    volume = joint.solder_volume - site.plug_volume
    if neck.head_diameter is None:
        head = _head_from_volume(site, neck, volume)
        segments = _on_rim(site, neck, head)
    else:
        segments = _resting(site, neck, 0.5 * neck.head_diameter, volume)
    foot = segments[-1].end
    standoff = site.standoff_of_gap(foot[1] - site.board_rim[1])
    check_standoff(standoff, "joint.neck")
    ledge = polyline([foot, site.interposer_rim(standoff)])
    outline = Outline((*segments, *ledge))
    above = upper_path(site, standoff)
    if site.interposer_face(standoff) - foot[1] > COINCIDENT:
        above = (*ledge, *above)
    else:
        above = polyline([foot, (0.0, foot[1])])
    bottom = (0.0, site.board_face)
    loop = (*lower_path(site), *segments, *above, Line(above[-1].end, bottom))
    notes: tuple[str, ...] = ()
    if ledge:
        notes = (f"the neck covers {2 * foot[0]:.4g} mm of the {2 * upper:.4g} mm wide pad",)
    waist = (0.5 * neck.neck_diameter, foot[1] - 0.5 * neck.neck_height)
    return Connection(standoff, outline, (Body("solder", loop),), rims=(foot, waist), notes=notes)


def _neck_segment(shape: NeckArc, top: float) -> Arc:
    """The neck's meridian from the head up to its footprint at height ``top``."""
    centre = (shape.centre[0], top + shape.centre[1])
    joint = (shape.joint[0], top + shape.joint[1])
    return Arc.about(centre, joint, (shape.footprint, top), anticlockwise=False)


def _on_rim(site: Site, neck: Neck, head: float) -> tuple[Segment, ...]:
    """Head through the board's rim, and the neck on it."""
    shape = solve_neck(site.interposer.wetted_radius, neck, head)
    lower = site.board_rim
    centre = lower[1] + sqrt(head**2 - lower[0] ** 2)
    top = centre - shape.head_centre
    joint = (shape.joint[0], top + shape.joint[1])
    body = Arc.about((0.0, centre), lower, joint, anticlockwise=True)
    return (body, _neck_segment(shape, top))


def _head_from_volume(site: Site, neck: Neck, volume: float) -> float:
    """Radius of the head that makes the whole joint hold the volume, mm."""
    rim = max(site.board_rim[0], 0.5 * neck.neck_diameter)

    def residual(head: float) -> float:
        return sum(s.swept_volume() for s in _on_rim(site, neck, head)) - volume

    least, largest = 1.02 * rim, 1.05 * (0.75 * volume / pi) ** (1.0 / 3.0) + 0.5 * rim
    if residual(least) > 0.0:
        raise InputError(
            "joint.solder_volume",
            f"{volume:.4g}",
            f">= {residual(least) + volume:.4g}",
            "mm3",
            "the ball is too small for a head wider than pad and neck",
        )
    return float(brentq(residual, least, largest, xtol=1e-15))


def _resting(site: Site, neck: Neck, head: float, volume: float) -> tuple[Segment, ...]:
    """Given head resting on the board's pad, with a fillet of what the volume leaves over.

    Raises:
        InputError: If the volume asks for another head.
    """
    shape = solve_neck(site.interposer.wetted_radius, neck, head)
    rim, centre = site.board_rim, site.board_face + head
    top = centre - shape.head_centre

    def segments(angle: float) -> tuple[Segment, ...]:
        base = fillet_arc(rim, centre, head, angle, 0.0)
        joint = (shape.joint[0], top + shape.joint[1])
        body = Arc.about((0.0, centre), base.end, joint, anticlockwise=True)
        return (base, body, _neck_segment(shape, top))

    def residual(angle: float) -> float:
        return sum(s.swept_volume() for s in segments(angle)) - volume

    least = least_foot(rim, centre, head, 0.0)
    if residual(least) > 0.0 or residual(HIGHEST_FOOT) < 0.0:
        low, high = residual(least) + volume, residual(HIGHEST_FOOT) + volume
        raise InputError(
            "joint.neck.head_diameter", 2.0 * head,
            f"one that leaves a fillet: {low:.4g} to {high:.4g} mm3 in all, not {volume:.4g}", "mm",
            "give no head diameter to have it found from the volume",
        )  # fmt: skip
    return segments(float(brentq(residual, least, HIGHEST_FOOT, xtol=1e-15)))
