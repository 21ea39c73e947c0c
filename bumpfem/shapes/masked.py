"""A joint in the hole of a mask, which may stay as a collar."""

from __future__ import annotations

from collections.abc import Callable
from math import radians

from bumpfem.design import Joint, Mask
from bumpfem.errors import InputError
from bumpfem.shapes.ball import Connection, check_standoff, solid_solder
from bumpfem.shapes.confined import HoleWall, confined_outline, free_or_confined
from bumpfem.shapes.cored import cored
from bumpfem.shapes.curves import polyline
from bumpfem.shapes.outline import Body, CellLayer
from bumpfem.shapes.site import Site

#: Angle at which solder that is bonded to the wall leaves it.
BONDED_ANGLE = radians(25.0)
#: Gap between the solder and the wall of a hole that it does not bond to, mm.
WALL_CLEARANCE = 0.005


def hole_wall(site: Site, mask: Mask, standoff: float) -> HoleWall:
    """The wall of a mask's hole for a standoff; its mouth lies on the interposer."""
    mouth = site.interposer_resist_face(standoff)
    return HoleWall(
        (0.5 * mask.mouth_diameter, mouth),
        (0.5 * mask.narrow_diameter, mouth - mask.depth),
        BONDED_ANGLE if mask.wall_contact == "bonded" else 0.0,
    )


def masked(site: Site, joint: Joint) -> Connection:
    """Ball, with or without core, whose outline stays inside the hole.

    Raises:
        InputError: If the volume finds no room, a bonded wall is not reached by the solder, or a
            collar reaches the board.
    """
    mask = joint.mask
    if mask is None:
        raise InputError("joint.mask", None, "a mask")
    clearance = 0.0 if mask.wall_contact == "bonded" else WALL_CLEARANCE

    def wall_at(standoff: float) -> HoleWall:
        return hole_wall(site, mask, standoff).shrunk(clearance)

    if joint.core is not None:
        made = cored(site, joint, wall_at)
        touching = bool(made.notes)
    else:
        made, touching = _ball_in_hole(site, joint, wall_at)
    if mask.wall_contact == "bonded" and not touching:
        raise InputError(
            "joint.mask.wall_contact", "bonded", '"free", or a narrower hole',
            reason=f"solder {2 * made.outline.max_radius:.4g} mm wide does not reach the wall",
        )  # fmt: skip
    return made


def _ball_in_hole(
    site: Site, joint: Joint, wall_at: Callable[[float], HoleWall]
) -> tuple[Connection, bool]:
    volume = joint.solder_volume - site.plug_volume
    if joint.standoff is None:
        outline, gap, touching = free_or_confined(
            site.board_rim, site.interposer.wetted_radius, volume,
            lambda gap: wall_at(site.standoff_of_gap(gap)),
        )  # fmt: skip
        standoff = site.standoff_of_gap(gap)
    else:
        standoff = joint.standoff
        outline, touching = confined_outline(
            site.board_rim, site.interposer_rim(standoff), volume, wall_at(standoff)
        )
    check_standoff(standoff)
    notes = ("the solder touches the hole's wall",) if touching else ()
    solder = solid_solder(site, standoff, outline)
    return Connection(standoff, outline, (solder,), notes=notes), touching


def collar(site: Site, mask: Mask, standoff: float, inner_radius: float) -> tuple[Body, CellLayer]:
    """The kept mask: a layer on the interposer with a hole around the joint.

    Raises:
        InputError: If it would reach the board.
    """
    wall = hole_wall(site, mask, standoff)
    room = wall.mouth[1] - max(site.board.resist_height, site.board_face)
    if mask.depth > room - WALL_CLEARANCE:
        raise InputError(
            "joint.mask.depth",
            mask.depth,
            f"< {room - WALL_CLEARANCE:.4g}",
            "mm",
            "the collar would touch the board",
        )
    low, high = wall.end[1], wall.mouth[1]
    points = [wall.end, (inner_radius, low), (inner_radius, high), wall.mouth, wall.end]
    return Body("mask", polyline(points)), CellLayer("mask", low, high)
