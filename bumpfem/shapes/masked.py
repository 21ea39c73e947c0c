"""A joint in the hole of a mask, which may stay as a collar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bumpfem.design import Joint, Mask
from bumpfem.errors import InputError
from bumpfem.shapes.ball import Connection, check_standoff, plain, solid_solder
from bumpfem.shapes.capillary.hole import ConfinedSolder, solder_in_hole
from bumpfem.shapes.capillary.hole_wall import Hole
from bumpfem.shapes.confined import HoleWall, confined_outline, resting_outline
from bumpfem.shapes.cored import cored
from bumpfem.shapes.curves import polyline
from bumpfem.shapes.outline import Body, CellLayer
from bumpfem.shapes.site import Site

#: Angle at which solder that is bonded to the wall leaves it, degrees.
BONDED_ANGLE = 25.0
#: Note of a joint that touches its hole.
TOUCHES = "the solder touches the hole's wall"
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
    """Ball, with or without core, that was placed by a mask.

    A kept mask stays around the joint while it is mounted: the outline keeps inside the hole. A
    mask that is removed is gone before mounting: the joint takes its free shape, and what is
    checked is whether the mask comes off the reflowed balls.

    Raises:
        InputError: If the volume finds no room, a bonded wall is not reached by the solder, a
            collar reaches the board, or a mask to be removed is held by the solder.
    """
    mask = joint.mask
    if mask is None:
        raise InputError("joint.mask", None, "a mask")
    if not mask.kept:
        made = plain(site, joint) if joint.core is None else cored(site, joint)
        return replace(made, notes=(*made.notes, _release(site, joint, mask)))
    clearance = 0.0 if mask.wall_contact == "bonded" else WALL_CLEARANCE

    def wall_at(standoff: float) -> HoleWall:
        return hole_wall(site, mask, standoff).shrunk(clearance)

    free = plain(site, joint) if joint.core is None else cored(site, joint)
    if wall_at(free.standoff).allows(free.outline.segments):
        if mask.wall_contact == "bonded":
            raise InputError(
                "joint.mask.wall_contact", "bonded", '"free", or a narrower hole',
                reason=f"solder {2 * free.outline.max_radius:.4g} mm wide does not reach the wall",
            )  # fmt: skip
        return free
    if joint.core is not None:
        return cored(site, joint, wall_at)
    return _ball_in_hole(site, joint, wall_at, free.standoff)


def reflowed(site: Site, joint: Joint, mask: Mask) -> ConfinedSolder:
    """The ball reflowed on the interposer's pad in its hole, before the mask is taken off.

    Heights count from the wetted rim, away from the interposer; a core is immersed in the solder.

    Raises:
        InputError: If the ball finds no room in its hole.
    """
    rim_over_face = site.rim_depth - site.interposer.rim_offset
    mouth = site.interposer.resist_height - site.interposer.pad_thickness
    mouth -= site.interposer.rim_offset + rim_over_face
    hole = Hole(0.5 * mask.mouth_diameter, 0.5 * mask.narrow_diameter, mouth, mask.depth)
    plug = site.plug_volume - site.board.plug_volume
    volume = joint.solder_volume - joint.paste_volume + joint.core_volume - plug
    try:
        return solder_in_hole(
            site.interposer.wetted_radius,
            hole,
            site.molten(joint.solder),
            volume,
            through=mask.through,
        )
    except InputError as error:
        field = error.field.replace("hole.", "joint.mask.")
        raise InputError(field, error.value, error.allowed, error.unit, error.reason) from error


def _release(site: Site, joint: Joint, mask: Mask) -> str:
    """Whether the mask comes off the reflowed ball, in words.

    Raises:
        InputError: If the solder has grown wider than the hole behind it.
    """
    solder = reflowed(site, joint, mask)
    gap = solder.release_gap()
    if gap < -1e-6:
        raise InputError(
            "joint.mask.depth", mask.depth, "a deeper or wider hole, or kept = true", "mm",
            f"the reflowed ball is {-gap:.3g} mm wider than the hole it would have to pass: the"
            " mask does not come off",
        )  # fmt: skip
    touch = "lay on the wall of its hole" if solder.touches else "did not touch its hole"
    return (
        f"the mask is taken off before mounting: the reflowed ball stood {solder.top:.4g} mm high,"
        f" {touch} and clears it by {max(gap, 0.0):.3g} mm"
    )


def _ball_in_hole(
    site: Site, joint: Joint, wall_at: Callable[[float], HoleWall], free_standoff: float
) -> Connection:
    """Joint on the wall of its hole; it stands higher than the free one."""
    volume, liquid = joint.solder_volume - site.plug_volume, site.molten(joint.solder)
    rim = site.board_rim
    if joint.standoff is None:
        outline, gap = resting_outline(
            rim, site.interposer.wetted_radius, volume,
            lambda gap: wall_at(site.standoff_of_gap(gap)), liquid,
            free_standoff - site.standoff_of_gap(0.0), site.load_on(liquid),
        )  # fmt: skip
        standoff = site.standoff_of_gap(gap)
    else:
        standoff = joint.standoff
        outline, _ = confined_outline(
            rim, site.interposer_rim(standoff), volume, wall_at(standoff), liquid
        )
    check_standoff(standoff)
    return Connection(standoff, outline, (solid_solder(site, standoff, outline),), notes=(TOUCHES,))


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
