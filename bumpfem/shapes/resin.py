"""The resin layer that anchors the foot of a ball, with its meniscus on the ball."""

from __future__ import annotations

from math import acos, hypot, radians, sqrt

from scipy.optimize import brentq

from bumpfem.errors import InputError
from bumpfem.shapes.curves import Arc, Line, polyline
from bumpfem.shapes.outline import Body, CellLayer, Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.site import Site

#: Angle between the meniscus and the ball where the pitch leaves room for it.
CONTACT_ANGLE = radians(40.0)


def meniscus_radius(
    contact: Point, upward: Point, rise: float, width_limit: float, angle: float = CONTACT_ANGLE
) -> float:
    """Radius of the fillet tangent to the flat layer that meets the ball at ``contact``.

    With rise d and radius R the fillet is ``w = sqrt(2 R d - d^2)`` wide and its direction at the
    ball is ``((R - d)/R, w/R)``; R grows from d (quarter circle) until the angle to the ball's
    surface is ``angle`` or the width reaches its limit.

    Args:
        contact: Point on the ball.
        upward: Unit tangent of the ball there, towards the interposer.
        rise: Rise of the meniscus over the layer, mm.
        width_limit: Room between the contact and the next joint's meniscus, mm.
        angle: Contact angle wanted, radians.

    Raises:
        InputError: If not even the quarter circle has room.
    """
    if width_limit < rise:
        raise InputError(
            "joint.anchor.contact_height",
            contact[1],
            f"a rise <= {width_limit:.4g}",
            "mm",
            "the menisci of neighbouring balls would meet",
        )

    def opening(radius: float) -> float:
        width = sqrt(max(2.0 * radius * rise - rise**2, 0.0))
        cosine = (upward[0] * (radius - rise) + upward[1] * width) / radius
        return acos(min(1.0, max(-1.0, cosine))) - angle

    largest = (width_limit**2 + rise**2) / (2.0 * rise)
    if opening(rise) >= 0.0 or largest <= rise * (1.0 + 1e-9):
        return rise
    if opening(largest) <= 0.0:
        return largest
    return float(brentq(opening, rise, largest))


def resin_layer(
    outline: Outline,
    site: Site,
    standoff: float,
    thickness: float,
    contact_height: float,
    reach: float,
) -> tuple[Body, CellLayer, float]:
    """Resin over the interposer's exposed surface, rising on the ball.

    Args:
        outline: Exposed surface of the joint from board to interposer.
        site: The lands.
        standoff: Distance of the pads, mm.
        thickness: Thickness of the layer midway between joints, mm.
        contact_height: Height of the meniscus on the ball over the interposer's surface, mm.
        reach: Radius of everything else that is not flat, mm.

    Returns:
        The resin within the inner radius, its flat continuation, and the inner radius.

    Raises:
        InputError: If resin would cover the ball, not reach it, or run into its neighbours.
    """
    surface = site.interposer_resist_face(standoff)
    height, layer = surface - contact_height, surface - thickness
    clearance = surface - site.board_rim[1]
    rim_gap = surface - site.interposer_rim(standoff)[1]
    field = "joint.anchor.contact_height"
    if contact_height >= clearance - 0.02:
        raise InputError(
            field,
            contact_height,
            f"< {clearance - 0.02:.4g}",
            "mm",
            "resin would cover the whole ball",
        )
    if contact_height < thickness:
        raise InputError(
            field,
            contact_height,
            f">= anchor.thickness = {thickness}",
            "mm",
            "the meniscus starts from the layer",
        )
    if contact_height <= rim_gap + 1e-6:
        raise InputError(
            field, contact_height, f"> {rim_gap:.4g}", "mm", "resin would not reach the ball"
        )
    _, upper = outline.split_at_height(height)
    contact, rise = upper.start, layer - height
    below = upper.segments[0].at(1e-4)
    step = hypot(below[0] - contact[0], below[1] - contact[1])
    upward = ((below[0] - contact[0]) / step, (below[1] - contact[1]) / step)
    reach = max(reach, contact[0])
    limit = contact[0] + 0.85 * (site.half_pitch - contact[0])
    lower: list[Arc | Line] = []
    foot = contact
    if rise > 1e-6:
        radius = meniscus_radius(contact, upward, rise, limit - contact[0])
        foot = (contact[0] + sqrt(2.0 * radius * rise - rise**2), layer)
        centre = (foot[0], layer - radius)
        lower.append(Arc.about(centre, contact, foot, anticlockwise=False))
    inner_radius = inner_radius_of(max(reach, foot[0]), site.half_pitch)
    base = site.interposer_surface(standoff)
    path = [(r, base - z) for r, z in site.interposer.surface_path(inner_radius)]
    rim = site.interposer_rim(standoff)
    if site.attach_thickness > site.interposer.rim_offset:
        path.insert(0, rim)
    lower += polyline([foot, (inner_radius, layer), (inner_radius, surface)])
    loop = (*lower, *polyline(path[::-1]), *upper.reversed().segments)
    return Body("resin", loop), CellLayer("resin", layer, surface), inner_radius


def inner_radius_of(reach: float, half_pitch: float) -> float:
    """Radius of the cylinder around everything that is not flat, mm.

    Raises:
        InputError: If the joint reaches its neighbours.
    """
    if reach > 0.97 * half_pitch:
        raise InputError(
            "package.pitch",
            2.0 * half_pitch,
            f"> {2.06 * reach:.4g}",
            "mm",
            "neighbouring joints would touch",
        )
    return reach + 0.4 * (half_pitch - reach)
