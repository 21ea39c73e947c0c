"""Solder around a rigid core sphere that sets the standoff.

Three regimes, by the volume of solder: it wraps the core under one arc; it coats the core's belt
thinly between two arcs tangent to the coat; it is too little for that and forms two fillets that
meet the core at a contact angle and leave its belt bare.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from math import cos, pi, radians, sin

from scipy.optimize import brentq

from bumpfem.design import Joint
from bumpfem.errors import InputError
from bumpfem.shapes.ball import Connection, solid_solder
from bumpfem.shapes.confined import HoleWall, confined_outline
from bumpfem.shapes.curves import Arc, Line, arc_with_volume, polyline
from bumpfem.shapes.fillets import arc_tangent_at, core_arc, fillet, mirror
from bumpfem.shapes.outline import Body, Outline
from bumpfem.shapes.points import Point, distance
from bumpfem.shapes.site import Site
from bumpfem.shapes.spheres import ball_volume

#: Thinnest coat of solder on the core's belt, mm.
LEAST_COAT = 0.012


def cored(site: Site, joint: Joint, wall: Callable[[float], HoleWall] | None = None) -> Connection:
    """Solder between both pads around a core; standoff = core diameter + 2 gaps.

    Args:
        site: The lands.
        joint: The joint; its core sets the standoff.
        wall: The wall of a mask's hole for a standoff, or None.

    Raises:
        InputError: If the solder can neither wrap the core nor form two fillets.
    """
    core = joint.core
    if core is None:
        raise InputError("joint.core", None, "a core")
    radius, gap, attach = 0.5 * core.diameter, core.pad_gap, site.attach_thickness
    standoff = core.standoff + attach
    centre = site.board_face + gap + radius
    surface = core_arc(radius, centre)
    core_body = Body("core", (surface.reversed(), Line(surface.start, surface.end)))
    total = joint.solder_volume + ball_volume(core.diameter) - site.plug_volume
    lower, upper = site.board_rim, site.interposer_rim(standoff)
    notes: tuple[str, ...] = ()
    if wall is not None:
        outline, touching = confined_outline(lower, upper, total, wall(standoff))
        notes = ("the solder touches the hole's wall",) if touching else ()
    else:
        whole = wrap(lower, upper, total, radius, centre)
        if whole is None:
            coat = coated(lower, upper, total, radius, centre)
            if coat is None:
                return _two_fillets(site, joint, standoff, centre, core_body)
            whole = coat
            notes = ("the shell only just coats the core's belt",)
        outline = whole
    clearance = _clearance(outline, radius, centre)
    if clearance < 0.5 * LEAST_COAT:
        raise InputError(
            "joint.core.diameter",
            core.diameter,
            "a smaller core or more solder",
            "mm",
            "the solder does not wrap the core",
        )
    solder = solid_solder(site, standoff, outline, hole=(surface,))
    return Connection(standoff, outline, (solder, core_body), notes=notes)


def _clearance(outline: Outline, radius: float, centre: float) -> float:
    """Least thickness of solder over the core, mm."""
    return float(
        min(
            distance((float(r), float(z)), (0.0, centre)) - radius
            for segment in outline.segments
            for r, z in segment.points(257)
        )
    )


def wrap(lower: Point, upper: Point, volume: float, radius: float, centre: float) -> Outline | None:
    """One arc between the rims with the volume of solder and core; None if it cuts the core."""
    arc = arc_with_volume(lower, upper, volume)
    if arc is None:
        return None
    low, high = arc.height_range
    slack = 1e-6 * (upper[1] - lower[1])
    if low < lower[1] - slack or high > upper[1] + slack:
        raise InputError(
            "joint.core.diameter",
            2.0 * radius,
            "a larger core or less solder",
            "mm",
            "the solder would be squeezed out beyond the pads",
        )
    outline = Outline((arc,))
    return outline if _clearance(outline, radius, centre) >= LEAST_COAT else None


def coated(
    lower: Point, upper: Point, volume: float, radius: float, centre: float
) -> Outline | None:
    """Two arcs tangent to a thin coat on the core's belt; None if the volume is too small."""
    outer = radius + LEAST_COAT

    def outline(angle: float) -> Outline:
        feet = [(outer * sin(angle), centre - outer * cos(angle)),
                (outer * sin(angle), centre + outer * cos(angle))]  # fmt: skip
        first = arc_tangent_at(lower, feet[0], (cos(angle), sin(angle)))
        belt = Arc((0.0, centre), outer, angle - 0.5 * pi, 0.5 * pi - angle)
        last = arc_tangent_at(upper, feet[1], (cos(angle), -sin(angle))).reversed()
        return Outline((first, belt, last))

    def residual(angle: float) -> float:
        return outline(angle).swept_volume() - volume

    angles = [radians(a) for a in range(88, 30, -2)]
    if residual(angles[0]) < 0.0:
        return None
    for high, low in itertools.pairwise(angles):
        if residual(low) <= 0.0 <= residual(high):
            found = outline(float(brentq(residual, low, high, xtol=1e-15)))
            inside = all(
                lower[1] - 1e-9 <= z <= upper[1] + 1e-9
                for s in found.segments
                for z in s.height_range
            )
            return (
                found if inside and _clearance(found, radius, centre) > 0.9 * LEAST_COAT else None
            )
    return None


def _two_fillets(
    site: Site, joint: Joint, standoff: float, centre: float, core_body: Body
) -> Connection:
    """Fillets at both pads; the shell is shared equally and the board adds its paste."""
    core = joint.core
    if core is None:
        raise InputError("joint.core", None, "a core")
    radius = 0.5 * core.diameter
    shell = 0.5 * (joint.solder_volume - joint.paste_volume)
    floor, ceiling = site.board_face, site.interposer_face(standoff)
    below, foot_below = fillet(
        site.board_rim, centre, radius, shell + joint.paste_volume - site.board.plug_volume
    )
    upper_rim = site.interposer_rim(standoff)
    plug_above = site.plug_volume - site.board.plug_volume
    flipped, foot_above = fillet((upper_rim[0], -upper_rim[1]), -centre, radius, shell - plug_above)
    above = mirror(flipped).reversed()
    belt = Arc((0.0, centre), radius, foot_below - 0.5 * pi, 0.5 * pi - foot_above)
    outline = Outline((below, belt, above))
    lower_pole, upper_pole = (0.0, centre - radius), (0.0, centre + radius)
    rim, top = site.board_rim, upper_rim
    solder_below = Body("solder", (
        *polyline([(0.0, floor), (rim[0], floor), rim]), below,
        core_arc(radius, centre, foot_below - 0.5 * pi, -0.5 * pi),
        Line(lower_pole, (0.0, floor)),
    ))  # fmt: skip
    solder_above = Body("solder", (
        above, *polyline([top, (top[0], ceiling), (0.0, ceiling)]),
        Line((0.0, ceiling), upper_pole),
        core_arc(radius, centre, 0.5 * pi, 0.5 * pi - foot_above),
    ))  # fmt: skip
    return Connection(
        standoff,
        outline,
        (solder_below, solder_above, core_body),
        rims=(below.end, above.start),
        notes=("the shell is too thin to wrap the core: two fillets with a bare belt",),
    )
