"""Solder around a rigid core that sets the standoff.

Three regimes, by the volume of solder: one meniscus wraps the core; it coats the core's belt thinly
between two menisci tangent to the coat; it is too little for that and forms two bridges that meet
the core at a contact angle and leave its belt bare. A core that froze on the interposer's pad as a
drop is wrapped, or bridged to the board alone.

The joint carries its share of the package's weight. Where the solder carries it all and the core
does not touch, the joint stands higher than the core's standoff, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import atan2, pi

from bumpfem.design import Joint
from bumpfem.errors import InputError
from bumpfem.shapes.ball import Connection, outline_of, solid_solder
from bumpfem.shapes.capillary.core_body import SphereCore
from bumpfem.shapes.capillary.cored import wrapped
from bumpfem.shapes.capillary.cored_bridges import bridges
from bumpfem.shapes.capillary.cored_joint import CoredJoint, CoredShape
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.stability import margins
from bumpfem.shapes.confined import HoleWall, confined_outline
from bumpfem.shapes.core_design import capillary_joint
from bumpfem.shapes.curves import Arc, Line, polyline
from bumpfem.shapes.fillets import CONTACT_ANGLE, core_arc, placed
from bumpfem.shapes.frozen_drop import around_drop
from bumpfem.shapes.outline import Body, Outline
from bumpfem.shapes.points import distance
from bumpfem.shapes.site import Site
from bumpfem.shapes.spheres import ball_volume

#: Thinnest coat of solder on the core's belt, mm.
LEAST_COAT = 0.012


def cored(site: Site, joint: Joint, wall: Callable[[float], HoleWall] | None = None) -> Connection:
    """Solder between both pads around a core; standoff = core diameter + 2 gaps where it touches.

    Args:
        site: The lands.
        joint: The joint; its core sets the standoff.
        wall: The wall of a mask's hole for a standoff, or None.

    Raises:
        InputError: If the solder can neither wrap the core nor form two bridges.
    """
    core = joint.core
    if core is None:
        raise InputError("joint.core", None, "a core")
    if core.origin == "drop":
        return around_drop(site, joint)
    if wall is not None:
        return _in_hole(site, joint, wall)
    liquid = site.molten(joint.solder)
    load = site.load_on(liquid)
    design = capillary_joint(site, joint, contact_angle=CONTACT_ANGLE, share=True)
    whole = wrapped(design, liquid, load)
    if whole is not None and whole.clearance >= LEAST_COAT:
        return _wrapped(site, joint, whole)
    coat = _coated(design, liquid, load)
    if coat is not None:
        return _thinly_coated(site, joint, coat)
    return _bridged(site, joint, _blaming(design, liquid, load))


def _heights(site: Site, shape: CoredShape, radius: float) -> tuple[float, float]:
    """Standoff of the pads and height of the core's centre in the cell, mm."""
    return site.standoff_of_gap(shape.standoff), site.board_rim[1] + shape.core_height + radius


def _notes(shape: CoredShape, standoff: float, *more: str) -> tuple[str, ...]:
    """Remarks: how the solder lies, and whether the core touches."""
    if shape.carried_by_core and shape.menisci[0].liquid.specific_weight:
        carried = (
            f"the core sets the stand-off: it carries {1e3 * shape.contact_force:.3g} mN, the"
            f" joint's share of the package's weight ({1e3 * shape.load:.3g} mN) and the pull of"
            " the molten solder"
        )
        return (*more, carried)
    if shape.carried_by_core:
        return more
    held = shape.joint.contact_standoff
    free = (
        f"the core does not touch both pads: the solder carries the load alone and holds them "
        f"{standoff:.4g} mm apart, {shape.standoff - held:.3g} mm more than the core would"
    )
    return (*more, free)


def _core_body(radius: float, centre: float) -> tuple[Arc, Body]:
    """Surface of the core from its upper to its lower pole, and the core."""
    surface = core_arc(radius, centre)
    return surface, Body("core", (surface.reversed(), Line(surface.start, surface.end)))


def _wrapped(site: Site, joint: Joint, shape: CoredShape) -> Connection:
    """One meniscus from rim to rim."""
    radius = 0.5 * joint.core.diameter if joint.core else 0.0
    standoff, centre = _heights(site, shape, radius)
    if shape.menisci[0].lower.slides or shape.menisci[0].upper.slides:
        raise InputError(
            "joint.core.diameter", 2.0 * radius, "a larger core or less solder", "mm",
            "the solder would be squeezed out beyond the pads",
        )  # fmt: skip
    outline = outline_of(shape.menisci[0], site)
    surface, body = _core_body(radius, centre)
    solder = solid_solder(site, standoff, outline, hole=(surface,))
    return Connection(standoff, outline, (solder, body), notes=_notes(shape, standoff))


def _coated(design: CoredJoint, liquid: Liquid, load: float) -> CoredShape | None:
    """Bridges tangent to the core with its coat, at equal pressure; None if there are none."""
    core = design.core
    if not isinstance(core, SphereCore):
        return None
    thick = SphereCore(core.radius + LEAST_COAT, core.specific_weight)
    shell = design.shell_volume - (thick.volume - core.volume)
    if shell <= 0.0:
        return None
    gap = design.gap - LEAST_COAT
    sunk = max(-gap, 0.0)
    try:
        shape = bridges(
            replace(
                design, core=thick, shell_volume=shell, gap=max(gap, 0.0), contact_angle=0.0,
                board_share=None, board_recess=design.board_recess + sunk,
                interposer_recess=design.interposer_recess + sunk,
            ),
            liquid, load,
        )  # fmt: skip
    except InputError:
        return None
    return shape if all(margins(meniscus).stable for meniscus in shape.menisci) else None


def _thinly_coated(site: Site, joint: Joint, shape: CoredShape) -> Connection:
    """Two menisci and the coat between them."""
    radius = 0.5 * joint.core.diameter if joint.core else 0.0
    outline = _with_belt(site, shape, radius + LEAST_COAT)
    standoff, centre = _heights(site, shape, radius + LEAST_COAT)
    surface, body = _core_body(radius, centre)
    solder = solid_solder(site, standoff, outline, hole=(surface,))
    notes = _notes(shape, standoff, "the shell only just coats the core's belt")
    return Connection(standoff, outline, (solder, body), notes=notes)


def _with_belt(site: Site, shape: CoredShape, radius: float) -> Outline:
    """Lower meniscus, the sphere's belt, upper meniscus."""
    below, above = shape.menisci
    base = site.board_rim[1]
    standoff, centre = _heights(site, shape, radius)
    (r0, z0, _), (r1, z1, _) = below.ends[1], above.ends[0]
    belt = Arc((0.0, centre), radius, atan2(z0 + base - centre, r0), atan2(z1 + base - centre, r1))
    return Outline((
        placed(below, base, start=site.board_rim, end=belt.start),
        belt,
        placed(above, base, start=belt.end, end=site.interposer_rim(standoff)),
    ))  # fmt: skip


def _blaming(design: CoredJoint, liquid: Liquid, load: float) -> CoredShape:
    """Bridges with a bare belt; what cannot be is the core's fault.

    Raises:
        InputError: If there are none.
    """
    try:
        shape = bridges(design, liquid, load)
    except InputError as error:
        raise InputError(
            "joint.core", f"{design.shell_volume:.4g} mm3 of solder", error.allowed, "",
            f"the shell can neither wrap the core nor bridge it to its pads: {error.reason}",
        ) from error  # fmt: skip
    if all(margins(meniscus).stable for meniscus in shape.menisci):
        return shape
    raise InputError(
        "joint.core", f"{design.shell_volume:.4g} mm3 of solder", "more", "",
        "a bridge between pad and core would not be stable",
    )  # fmt: skip


def _bridged(site: Site, joint: Joint, shape: CoredShape) -> Connection:
    """Bridges at both pads; the shell is shared equally and the board adds its paste."""
    radius = 0.5 * joint.core.diameter if joint.core else 0.0
    standoff, centre = _heights(site, shape, radius)
    outline = _with_belt(site, shape, radius)
    below, belt, above = outline.segments
    if not isinstance(belt, Arc):
        raise InputError("joint.core", None, "a core")
    ceiling = site.interposer_face(standoff)
    rim, top = site.board_rim, site.interposer_rim(standoff)
    _, body = _core_body(radius, centre)
    solder_below = Body("solder", (
        *polyline([(0.0, site.board_face), (rim[0], site.board_face), rim]), below,
        core_arc(radius, centre, belt.angle_start, -0.5 * pi),
        Line((0.0, centre - radius), (0.0, site.board_face)),
    ))  # fmt: skip
    solder_above = Body("solder", (
        above, *polyline([top, (top[0], ceiling), (0.0, ceiling)]),
        Line((0.0, ceiling), (0.0, centre + radius)),
        core_arc(radius, centre, 0.5 * pi, belt.angle_end),
    ))  # fmt: skip
    note = "the shell is too thin to wrap the core: two bridges with a bare belt"
    return Connection(
        standoff, outline, (solder_below, solder_above, body), rims=(below.end, above.start),
        notes=_notes(shape, standoff, note),
    )  # fmt: skip


def _in_hole(site: Site, joint: Joint, wall: Callable[[float], HoleWall]) -> Connection:
    """Core and shell in the hole of a mask, at the core's standoff."""
    core = joint.core
    if core is None:
        raise InputError("joint.core", None, "a core")
    radius = 0.5 * core.diameter
    standoff = core.standoff + site.attach_thickness
    centre = site.board_face + core.pad_gap + radius
    total = joint.solder_volume + ball_volume(core.diameter) - site.plug_volume
    outline, touching = confined_outline(
        site.board_rim,
        site.interposer_rim(standoff),
        total,
        wall(standoff),
        site.molten(joint.solder),
    )
    thickness = min(
        distance((float(r), float(z)), (0.0, centre)) - radius
        for segment in outline.segments
        for r, z in segment.points(257)
    )
    if thickness < 0.5 * LEAST_COAT:
        raise InputError(
            "joint.core.diameter", core.diameter, "a smaller core or more solder", "mm",
            "the solder does not wrap the core",
        )  # fmt: skip
    surface, body = _core_body(radius, centre)
    solder = solid_solder(site, standoff, outline, hole=(surface,))
    notes = ("the solder touches the hole's wall",) if touching else ()
    return Connection(standoff, outline, (solder, body), notes=notes)
