"""A bump of fired metal: spherical cap on the interposer's pad, bonded to the board's pad.

The bump of height h on a footprint of radius a is a cap of the sphere of radius
``R = (a^2 + h^2) / (2 h)``; more than a hemisphere makes a barrel. A barrier metal covers the
crown with constant thickness. The bond is solder or conductive adhesive between crown and pad, or
a weld: then the crown is flattened onto the board's pad, its volume conserved.
"""

from __future__ import annotations

from math import acos, cos, pi, radians, sin

from bumpfem.design import Joint, MetalBump
from bumpfem.errors import InputError
from bumpfem.shapes.ball import Connection, check_standoff, lower_path
from bumpfem.shapes.curves import Arc, Line, Segment, arc_with_volume, polyline
from bumpfem.shapes.outline import Body, Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.site import Site
from bumpfem.shapes.spheres import zone_arc, zone_height

#: Half width of the crown that barrier and bond cover, from the lower pole, radians.
CROWN = radians(50.0)
#: Half angle of the bond's surface without paste (hollow) and with the most paste (bulged).
BOND_HOLLOW, BOND_BULGE = radians(-12.0), radians(50.0)
#: Diameter of a weld relative to the bump's footprint (and never wider than the board's pad).
WELD_SHARE = 0.6


def bumped(site: Site, joint: Joint) -> Connection:
    """Metal bump on the interposer's pad and its bond to the board's pad.

    Raises:
        InputError: If bump and bond do not fit.
    """
    bump = joint.bump
    if bump is None:
        raise InputError("joint.bump", None, "a metal bump")
    if bump.bond == "weld":
        return _welded(site, bump)
    standoff = bump.standoff
    check_standoff(standoff, "joint.bump.height")
    top, radius = site.interposer_pad_face(standoff), bump.sphere_radius
    foot: Point = (0.5 * bump.footprint_diameter, top)
    centre = top - bump.height + radius
    barrier = 0.0 if bump.barrier is None else bump.barrier.thickness
    crown = crown_angle(bump)
    surface = Arc((0.0, centre), radius, -0.5 * pi, _polar(foot, centre, radius))
    bodies = [Body("bump", (surface, *polyline([foot, (0.0, top), (0.0, centre - radius)])))]
    outer, edge = radius, _on_sphere(radius, centre, crown)
    side: tuple[Segment, ...] = ()
    if bump.barrier is not None:
        outer = radius + barrier
        rim = _on_sphere(outer, centre, crown)
        shell = Arc((0.0, centre), outer, -0.5 * pi, crown - 0.5 * pi)
        inner = Arc((0.0, centre), radius, crown - 0.5 * pi, -0.5 * pi)
        side = (Line(rim, edge),)
        bodies.append(Body("bump_barrier", (
            shell, *side, inner, Line(inner.end, shell.start),
        )))  # fmt: skip
        edge = rim
    flank = Arc((0.0, centre), radius, crown - 0.5 * pi, surface.angle_end)
    bond = bond_surface(site.board_rim, edge, joint.paste_volume)
    pole: Point = (0.0, centre - outer)
    floor: Point = (0.0, site.board_face)
    face = Arc((0.0, centre), outer, crown - 0.5 * pi, -0.5 * pi)
    region = "attach" if bump.bond == "conductive_adhesive" else "solder"
    bodies.append(Body(region, (*lower_path(site), bond, face, Line(pole, floor))))
    rest = _ledge(foot, site, standoff)
    outline = Outline((bond, *side, flank, *rest))
    return Connection(standoff, outline, tuple(bodies), rims=(edge, foot),
                      solder_at_interposer=False)  # fmt: skip


def crown_angle(bump: MetalBump) -> float:
    """Angle from the lower pole to the edge of the crown, radians; less on a flat cap."""
    side = acos(max(-1.0, 1.0 - bump.height / bump.sphere_radius))
    return min(CROWN, 0.75 * side)


def bond_surface(rim: Point, edge: Point, paste_volume: float) -> Segment:
    """Arc from the board's rim to the crown's edge: hollow, and filled up by paste.

    Args:
        rim: Rim of the board's pad.
        edge: Edge of the crown.
        paste_volume: Solder added by paste, mm3.

    Raises:
        InputError: If the edge lies too low, or the paste would run over crown or pad.
    """
    if edge[1] <= rim[1] + 1e-6:
        raise InputError(
            "joint.bump.bond_thickness",
            edge[1] - rim[1],
            "a thicker bond",
            "mm",
            "the bond would not reach the edge of the crown",
        )
    hollow = Arc.between(rim, edge, BOND_HOLLOW)
    if paste_volume <= 0.0:
        return hollow
    room = Arc.between(rim, edge, BOND_BULGE).swept_volume() - hollow.swept_volume()
    filled = arc_with_volume(rim, edge, hollow.swept_volume() + paste_volume)
    if filled is None or paste_volume > room:
        raise InputError(
            "joint.paste_volume",
            paste_volume,
            f"<= {room:.4g}",
            "mm3",
            "the bond would run over the crown or the pad",
        )
    return filled


def _welded(site: Site, bump: MetalBump) -> Connection:
    """Crown flattened onto the board's pad: spherical zone with the cap's volume."""
    if bump.barrier is not None:
        raise InputError(
            "joint.bump.barrier",
            bump.barrier.material,
            "no barrier",
            reason="a weld joins the bump's metal itself to the pad",
        )
    foot_radius = 0.5 * bump.footprint_diameter
    weld = min(WELD_SHARE * foot_radius, 0.95 * site.board.wetted_radius)
    standoff = zone_height(weld, foot_radius, bump.volume)
    check_standoff(standoff, "joint.bump.height")
    floor, top = site.board_face, site.interposer_pad_face(standoff)
    arc = zone_arc((weld, floor), (foot_radius, top))
    if arc.height_range[0] < floor - 1e-9:
        raise InputError(
            "joint.bump.height",
            bump.height,
            "a taller bump",
            "mm",
            "flattened to its weld the bump would sink into the board's pad",
        )
    body = Body("bump", (
        Line((0.0, floor), (weld, floor)), arc,
        *polyline([(foot_radius, top), (0.0, top), (0.0, floor)]),
    ))  # fmt: skip
    foot: Point = (foot_radius, top)
    outline = Outline((arc, *_ledge(foot, site, standoff)))
    return Connection(standoff, outline, (body,), rims=((weld, floor), foot),
                      solder_at_interposer=False)  # fmt: skip


def _on_sphere(radius: float, centre: float, angle: float) -> Point:
    """Point of a sphere at an angle from its lower pole."""
    return radius * sin(angle), centre - radius * cos(angle)


def _polar(point: Point, centre: float, radius: float) -> float:
    """Angle of a point of a sphere's meridian from the +r direction, radians."""
    angle = acos(max(-1.0, min(1.0, point[0] / radius)))
    return angle if point[1] >= centre else -angle


def _ledge(foot: Point, site: Site, standoff: float) -> tuple[Line, ...]:
    """Exposed surface from the bump's foot over the pad to the interposer's rim."""
    rim = site.interposer_rim(standoff)
    return polyline([foot, (rim[0], foot[1]), rim])
