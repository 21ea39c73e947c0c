"""A joint whose core is a drop that froze on the interposer's pad."""

from __future__ import annotations

import numpy as np

from bumpfem.design import Joint
from bumpfem.errors import InputError
from bumpfem.shapes.ball import Connection, check_standoff, lower_path, outline_of
from bumpfem.shapes.capillary.core_body import DropCore
from bumpfem.shapes.capillary.cored import shape_of_cored
from bumpfem.shapes.capillary.meridian import SPLINE_NODES
from bumpfem.shapes.core_design import capillary_joint
from bumpfem.shapes.curves import Line, polyline
from bumpfem.shapes.fillets import CONTACT_ANGLE, placed
from bumpfem.shapes.outline import Body, Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.site import Site
from bumpfem.shapes.spline import Spline


def around_drop(site: Site, joint: Joint) -> Connection:
    """Shell around or below the drop; it stands on the board over its film of solder.

    Raises:
        InputError: If the shell neither wraps the drop nor joins it to the board, or there is
            paste between the drop and its pad.
    """
    if site.attach_thickness > 0.0:
        raise InputError(
            "joint.core.origin", "drop", '"placed"',
            reason="a drop froze on its pad: no paste fixes it there",
        )  # fmt: skip
    liquid = site.molten(joint.solder)
    load = site.load_on(liquid)
    shape = shape_of_cored(capillary_joint(site, joint, contact_angle=CONTACT_ANGLE), liquid, load)
    core, base = shape.joint.core, site.board_rim[1]
    if not isinstance(core, DropCore):
        raise InputError("joint.core.origin", "drop", "a frozen drop")
    standoff = site.standoff_of_gap(shape.standoff)
    check_standoff(standoff, "joint.core")
    apex, rim = (0.0, base + shape.core_height), site.interposer_rim(standoff)
    face = site.interposer_pad_face(standoff)
    side = _profile(core, apex, rim, 0.0, core.profile.length)
    back = (*polyline([rim, (rim[0], face), (0.0, face)]), Line((0.0, face), apex))
    body = Body("core", (side, *back))
    floor = Line(apex, (0.0, site.board_face))
    if shape.regime == "wrapped":
        outline = outline_of(shape.menisci[0], site)
        solder = Body("solder", (*lower_path(site), *outline.segments, side.reversed(), floor))
        notes: tuple[str, ...] = ("the core is a drop that froze on the interposer's pad",)
    else:
        r, z, _ = shape.menisci[0].ends[1]
        foot = core.foot(r, z - shape.core_height)
        line: Point = (foot.r, foot.z + apex[1])
        meniscus = placed(shape.menisci[0], base, start=site.board_rim, end=line)
        bare = _profile(core, apex, rim, foot.s, core.profile.length, start=line)
        wetted = _profile(core, apex, rim, 0.0, foot.s, end=line)
        outline = Outline((meniscus, bare))
        body = Body("core", (wetted, bare, *back))
        solder = Body("solder", (*lower_path(site), meniscus, wetted.reversed(), floor))
        notes = ("the shell joins the frozen drop to the board and leaves its side bare",)
    if not shape.carried_by_core:
        notes = (*notes, "the core does not touch the board: the solder carries the load alone")
    return Connection(
        standoff, outline, (solder, body), rims=(rim,), notes=notes, solder_at_interposer=False
    )


def _profile(
    core: DropCore,
    apex: Point,
    rim: Point,
    first: float,
    last: float,
    *,
    start: Point | None = None,
    end: Point | None = None,
) -> Spline:
    """The drop's side between two arc lengths from its apex."""
    states = core.at(np.linspace(first, last, SPLINE_NODES))
    nodes: list[Point] = [(float(r), float(z) + apex[1]) for r, z, _ in states]
    nodes[0] = start or apex
    nodes[-1] = end or rim
    return Spline(tuple(nodes))
