"""From a package and a joint to the joint's shape: the only place that knows every variant."""

from __future__ import annotations

from bumpfem.design import Joint, Package
from bumpfem.errors import InputError
from bumpfem.shapes.ball import Connection, plain
from bumpfem.shapes.bumped import bumped
from bumpfem.shapes.cored import cored
from bumpfem.shapes.curves import polyline
from bumpfem.shapes.masked import collar, masked
from bumpfem.shapes.necked import necked
from bumpfem.shapes.outline import Body, CellLayer, JointShape, Outline
from bumpfem.shapes.points import COINCIDENT, Point
from bumpfem.shapes.resin import inner_radius_of, resin_layer
from bumpfem.shapes.site import Site


def joint_outline(package: Package, joint: Joint, *, weightless: bool = False) -> JointShape:
    """Shape of a joint in capillary equilibrium, under its share of the package's weight.

    Args:
        package: The package; its pads, resists and pitch matter here.
        joint: The joint and its parts.
        weightless: Whether solder and package are taken as without weight: truncated spheres.

    Returns:
        Standoff, outline and the closed meridian loops of every body between the laminates.

    Raises:
        InputError: If the parts do not fit together, naming the field to change.
    """
    site = Site.of(package, joint, weightless=weightless)
    made = connection(site, joint)
    check_resist_clearance(site, made.standoff, made.outline)
    bodies = list(made.bodies)
    layers: list[CellLayer] = []
    reach = max(made.outline.max_radius, site.board.reach, site.interposer.reach)
    inner_radius = inner_radius_of(reach, site.half_pitch)
    notes = made.notes
    if joint.anchor is not None:
        resin = resin_layer(made.outline, site, made.standoff, joint.anchor, reach)
        bodies.append(resin.body)
        layers.append(resin.layer)
        inner_radius, notes = resin.inner_radius, (*notes, *resin.notes)
    mask = joint.collar
    if mask is not None:
        inner_radius = inner_radius_of(max(reach, 0.5 * mask.mouth_diameter), site.half_pitch)
        body, layer = collar(site, mask, made.standoff, inner_radius)
        bodies.append(body)
        layers.append(layer)
    if site.attach_thickness > 0.0:
        bodies.append(attach_disc(site, made.standoff))
    surface = site.interposer_surface(made.standoff)
    bodies += site.board.bodies(inner_radius, 0.0, +1)
    bodies += site.interposer.bodies(inner_radius, surface, -1)
    for layer_or_none in (site.board.layer(0.0, +1), site.interposer.layer(surface, -1)):
        if layer_or_none is not None:
            layers.append(layer_or_none)
    upper_rim = site.interposer_rim(made.standoff)
    return JointShape(
        standoff=made.standoff,
        outline=made.outline,
        bodies=tuple(bodies),
        layers=tuple(layers),
        inner_radius=inner_radius,
        board_face=site.board_face,
        interposer_face=(
            site.interposer_face(made.standoff) if made.solder_at_interposer else None
        ),
        interposer_surface=surface,
        volume=sum(b.volume for b in bodies if b.region == "solder"),
        max_diameter=2.0 * max(body.max_radius for body in made.bodies),
        neck_diameter=2.0 * made.outline.min_radius,
        lips=(site.board.rim_offset, site.rim_depth - site.attach_thickness),
        rims=(site.board_rim, upper_rim, *made.rims),
        notes=notes,
    )


def connection(site: Site, joint: Joint) -> Connection:
    """What stands between the lands, by the joint's parts."""
    if joint.bump is not None:
        return bumped(site, joint)
    if joint.neck is not None:
        return necked(site, joint)
    if joint.mask is not None:
        return masked(site, joint)
    if joint.core is not None:
        return cored(site, joint)
    return plain(site, joint)


def attach_disc(site: Site, standoff: float) -> Body:
    """Conductive paste between the interposer's pad and the ball."""
    radius = site.interposer.wetted_radius
    low, high = site.interposer_face(standoff), site.interposer_pad_face(standoff)
    points: list[Point] = [(0.0, low), (radius, low), (radius, high), (0.0, high), (0.0, low)]
    return Body("attach", polyline(points))


def check_resist_clearance(site: Site, standoff: float, outline: Outline) -> None:
    """Refuse an outline that runs through the resist around either pad.

    Raises:
        InputError: If the solder would rest on the resist.
    """
    top = site.interposer_surface(standoff)
    for land, base, sign in ((site.board, 0.0, 1.0), (site.interposer, top, -1.0)):
        limit = land.opening_radius + COINCIDENT
        for segment in outline.segments:
            for r, z in segment.points(129):
                if r > limit and sign * (z - base) < land.resist_height - COINCIDENT:
                    raise InputError(
                        f"package.{land.side}_pad.resist_opening",
                        2.0 * land.opening_radius,
                        "a wider opening or a thinner resist",
                        "mm",
                        "the solder would run into the resist",
                    )
