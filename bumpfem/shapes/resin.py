"""The resin layer that anchors the foot of a ball, with its meniscus on the ball.

The meniscus is the Young-Laplace surface between the contact on the ball and the level layer. The
design gives the height of the contact and the thickness of the layer; the contact angle that this
takes is a result. It is that of the array, where the layer is level only midway between the balls
(at the edge of the round cell of equal area). In the mesh the meniscus becomes level sooner, at the
first of ``LEVEL_SHARES`` of the way that keeps it off the ball, because the cell of the mesh is
flat beyond the joint's cylinder.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, sin

from bumpfem.design import Anchor
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.materials import load_material
from bumpfem.shapes.capillary.ends import FarFlat, Pinned
from bumpfem.shapes.capillary.guesses import ArcGuess
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meniscus import cell_radius
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.solve import solve_meridian
from bumpfem.shapes.curves import Segment, polyline
from bumpfem.shapes.outline import Body, CellLayer, Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.site import Site
from bumpfem.shapes.spline import Spline

#: Parts of the way from the contact to the middle between two balls at which the layer is level.
LEVEL_SHARES = (0.7, 0.8, 0.88)
#: Temperature of the liquid resin when it finds its shape, degrees C.
SPREADING_TEMPERATURE = 25.0


@dataclass(frozen=True)
class ResinLayer:
    """Resin over the interposer with its meniscus on the ball.

    Attributes:
        body: The resin within the inner radius.
        layer: Its flat continuation.
        inner_radius: Radius within which all that is curved lies, mm.
        contact_angle: Angle on the ball that the design takes in the array, degrees.
        notes: Remarks for the report.
    """

    body: Body
    layer: CellLayer
    inner_radius: float
    contact_angle: float
    notes: tuple[str, ...]


def liquid_resin(material: str) -> Liquid:
    """The liquid of a resin; without weight where the library lacks its surface tension.

    A fillet is much smaller than the capillary length of resins (more than 1 mm), so that weight
    hardly changes it.
    """
    known = load_material(material)
    if "surface_tension" in known and "density" in known:
        return Liquid.of(material, SPREADING_TEMPERATURE, extrapolate=True)
    return Liquid(surface_tension=1.0)


def meniscus_curve(
    contact: Point, rise: float, level_radius: float, liquid: Liquid, thickness: float
) -> Meridian:
    """Meniscus from the level layer at ``level_radius`` to the contact, heights over the substrate.

    Args:
        contact: Radius of the contact and its height over the substrate, mm.
        rise: Rise of the meniscus over the layer, mm.
        level_radius: Radius at which it is level, mm.
        liquid: The resin.
        thickness: Thickness of the layer, mm.

    Raises:
        InputError: If the surface would have to hang over.
    """
    start: Point = (level_radius, thickness)
    steepness = atan2(rise, level_radius - contact[0])
    try:
        return solve_meridian(
            FarFlat(level_radius), Pinned(*contact), liquid, height=rise,
            guess=ArcGuess(start, contact, -steepness),
        )  # fmt: skip
    except ConvergenceError as error:
        raise InputError(
            "joint.anchor.contact_height", contact[1],
            f"less than {thickness + level_radius - contact[0]:.4g}", "mm",
            "the menisci of neighbouring balls would meet",
        ) from error  # fmt: skip


def resin_layer(
    outline: Outline, site: Site, standoff: float, anchor: Anchor, reach: float
) -> ResinLayer:
    """Resin over the interposer's exposed surface, rising on the ball.

    Args:
        outline: Exposed surface of the joint from board to interposer.
        site: The lands.
        standoff: Distance of the pads, mm.
        anchor: Thickness of the layer midway between joints and height of its contact on the
            ball, both over the interposer's outermost face.
        reach: Radius of everything else that is not flat, mm.

    Raises:
        InputError: If resin would cover the ball, not reach it, run into its neighbours, or have
            to wet the ball better than completely.
    """
    surface = site.interposer_resist_face(standoff)
    height, layer = surface - anchor.contact_height, surface - anchor.thickness
    _check_contact(site, standoff, anchor, surface)
    _, upper = outline.split_at_height(height)
    contact = upper.start
    reach = max(reach, contact[0])
    rim = (contact[0], anchor.contact_height)
    level, curve = _meshed(upper, rim, site, anchor)
    angle = _array_angle(upper, rim, site, anchor)
    points = [(float(r), surface - float(z)) for r, z in curve.points(65)[::-1]]
    foot: Point = (level, layer)
    meniscus = Spline((contact, *points[1:-1], foot))
    inner_radius = inner_radius_of(max(reach, level), site.half_pitch)
    base = site.interposer_surface(standoff)
    path = [(r, base - z) for r, z in site.interposer.surface_path(inner_radius)]
    if site.attach_thickness > site.interposer.rim_offset:
        path.insert(0, site.interposer_rim(standoff))
    loop: tuple[Segment, ...] = (
        meniscus, *polyline([foot, (inner_radius, layer), (inner_radius, surface)]),
        *polyline(path[::-1]), *upper.reversed().segments,
    )  # fmt: skip
    return ResinLayer(
        body=Body("resin", loop),
        layer=CellLayer("resin", layer, surface),
        inner_radius=inner_radius,
        contact_angle=degrees(angle),
        notes=(_note(anchor, degrees(angle)),),
    )


def _meshed(upper: Outline, rim: Point, site: Site, anchor: Anchor) -> tuple[float, Meridian]:
    """Meniscus of the mesh and the radius at which it is level.

    Raises:
        InputError: If it would run through the ball wherever it is level.
    """
    for share in LEVEL_SHARES:
        level = rim[0] + share * (site.half_pitch - rim[0])
        curve = _curve(rim, level, anchor)
        if _angle_on(upper, curve) > 0.0:
            return level, curve
    raise InputError(
        "joint.anchor.contact_height", anchor.contact_height,
        f"less, or a layer thicker than {anchor.thickness}", "mm",
        "the meniscus would run through the ball: no contact angle is that small",
    )  # fmt: skip


def _array_angle(upper: Outline, rim: Point, site: Site, anchor: Anchor) -> float:
    """Contact angle in the array, where the layer is level at the edge of a round cell, radians."""
    return _angle_on(upper, _curve(rim, cell_radius(2.0 * site.half_pitch), anchor))


def _curve(rim: Point, level: float, anchor: Anchor) -> Meridian:
    """Meniscus from a level radius to the contact."""
    rise = anchor.contact_height - anchor.thickness
    return meniscus_curve(rim, rise, level, liquid_resin(anchor.material), anchor.thickness)


def _note(anchor: Anchor, angle: float) -> str:
    """What the design asks of the resin."""
    if anchor.route == "repellent":
        return (
            f"the coat's edge holds the resin at {anchor.contact_height:.4g} mm with"
            f" {angle:.0f} degrees: its contact angle is smaller on the ball, larger on the coat"
        )
    return (
        f"resin that rises to {anchor.contact_height:.4g} mm from a layer of"
        f" {anchor.thickness:.4g} mm midway has a contact angle of {angle:.0f} degrees on the ball"
    )


def _angle_on(upper: Outline, curve: Meridian) -> float:
    """Angle through the resin between the ball and the meniscus, radians.

    Negative where the meniscus would leave into the ball.
    """
    contact, near = upper.start, upper.segments[0].at(1e-4)
    step = hypot(near[0] - contact[0], near[1] - contact[1])
    ball = ((near[0] - contact[0]) / step, (near[1] - contact[1]) / step)
    heading = curve.ends[1][2]
    away = (-cos(heading), sin(heading))
    angle = atan2(away[0] * ball[1] - away[1] * ball[0], away[0] * ball[0] + away[1] * ball[1])
    return angle if angle > -0.5 * pi else angle + 2.0 * pi


def _check_contact(site: Site, standoff: float, anchor: Anchor, surface: float) -> None:
    """Refuse a contact outside the ball or below the layer."""
    clearance = surface - site.board_rim[1]
    rim_gap = surface - site.interposer_rim(standoff)[1]
    contact_height, field = anchor.contact_height, "joint.anchor.contact_height"
    if contact_height >= clearance - 0.02:
        raise InputError(
            field,
            contact_height,
            f"< {clearance - 0.02:.4g}",
            "mm",
            "resin would cover the whole ball",
        )
    if contact_height < anchor.thickness:
        raise InputError(
            field,
            contact_height,
            f">= anchor.thickness = {anchor.thickness}",
            "mm",
            "the meniscus starts from the layer",
        )
    if contact_height <= rim_gap + 1e-6:
        raise InputError(
            field, contact_height, f"> {rim_gap:.4g}", "mm", "resin would not reach the ball"
        )


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
