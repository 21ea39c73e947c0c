"""Which parts go together, and the design limits that a joint should keep."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING

from bumpfem.errors import InputError

if TYPE_CHECKING:
    from bumpfem.design.joint import Joint

#: Pairs of parts that exclude each other, with the reason.
_EXCLUSIVE = {
    ("bump", "core"): "a solid metal bump already sets the stand-off; there is no ball to core",
    ("bump", "mask"): "a bump is printed as powder; there is no ball for a mask to hold",
    ("bump", "neck"): "a neck is the foot of a partly melted ball; a bump is melted whole",
    ("core", "neck"): "the head of a necked joint is the unmelted ball itself; a core in it would"
    " leave no solder to draw the neck from",
    ("mask", "neck"): "necked balls are dropped through an alignment plate and melt only partly;"
    " balls in a mask are reflowed whole",
}
_FIXED_FIRST = ("spread", "repellent")


def refuse_combinations(joint: Joint) -> None:
    """Refuse parts that make no physical sense together.

    Raises:
        InputError: Names the part and says why.
    """
    present = [name for name in ("bump", "core", "mask", "neck") if getattr(joint, name)]
    for (first, second), reason in _EXCLUSIVE.items():
        if first in present and second in present:
            raise InputError(second, "present", f"no {second} beside a {first}", reason=reason)
    anchor, core, mask, bump = joint.anchor, joint.core, joint.mask, joint.bump
    if anchor is not None and mask is not None:
        if mask.kept:
            raise InputError(
                "anchor", "present", "no anchor beside a kept mask",
                reason="the collar covers the interposer where the resin would lie",
            )  # fmt: skip
        if anchor.route == "film":
            raise InputError(
                "anchor.route", anchor.route, 'another route beside a mask',
                reason="the holes of the film place the balls; a mask would do so twice",
            )  # fmt: skip
    if anchor is not None and anchor.route not in _FIXED_FIRST:
        fixed = {
            "a metal bump is fired on its pad": bump is not None,
            "the core froze on its pad as a drop": core is not None and core.origin == "drop",
            "the neck is drawn on the pad": joint.neck is not None,
        }
        for reason, holds in fixed.items():
            if holds:
                raise InputError(
                    "anchor.route", anchor.route, 'one of "spread", "repellent"',
                    reason=f"{reason} before the resin comes",
                )  # fmt: skip
    if anchor is not None and anchor.fixing == "paste" and (bump or joint.neck):
        raise InputError(
            "anchor.fixing", "paste", '"fused"',
            reason="a metal bump or a neck is itself fused to its pad",
        )  # fmt: skip
    if core is not None and mask is not None and core.origin == "drop":
        raise InputError(
            "core.origin", "drop", '"placed"',
            reason="a drop freezes on its pad; there is no ball for a mask to hold",
        )  # fmt: skip
    if mask is not None and mask.ball != "solder" and core is None:
        raise InputError(
            "mask.ball", mask.ball, '"solder", or a core that is this ball',
            reason="only solder melts and wets; describe the ball as a core with a shell",
        )  # fmt: skip


def refuse_impossible_sizes(joint: Joint) -> None:
    """Refuse sizes of parts that cannot be in one joint.

    Raises:
        InputError: Names the field, its value and what is allowed.
    """
    ball, core, anchor, mask, neck = (
        joint.ball_diameter, joint.core, joint.anchor, joint.mask, joint.neck
    )  # fmt: skip
    if core is not None and core.diameter >= ball:
        raise InputError(
            "core.diameter", core.diameter, f"less than ball_diameter = {ball} mm", "mm",
            "the core is inside the ball",
        )  # fmt: skip
    imposed = joint.imposed_standoff
    height = imposed if imposed is not None else ball
    if anchor is not None and anchor.contact_height >= height:
        raise InputError(
            "anchor.contact_height", anchor.contact_height,
            f"less than the height of the joint, {height:.4g} mm", "mm",
            "the crown of the ball stays bare",
        )  # fmt: skip
    if mask is not None:
        if mask.mouth_diameter < ball:
            raise InputError(
                "mask.mouth_diameter", mask.mouth_diameter,
                f"at least ball_diameter = {ball} mm", "mm", "the ball enters by the mouth",
            )  # fmt: skip
        if mask.kept and mask.narrow_diameter < ball:
            raise InputError(
                "mask.base_diameter", mask.narrow_diameter,
                f"at least ball_diameter = {ball} mm where the mask is kept", "mm",
                "the collar would cut the ball",
            )  # fmt: skip
        if mask.kept and mask.depth >= height:
            raise InputError(
                "mask.depth", mask.depth,
                f"less than the height of the joint, {height:.4g} mm, where the mask is kept", "mm",
                "the collar would reach the board",
            )  # fmt: skip
    if neck is not None:
        head = neck.head_diameter if neck.head_diameter is not None else ball
        if head > 1.25 * ball:
            raise InputError(
                "neck.head_diameter", head, f"at most 1.25 ball diameters, {1.25 * ball:.4g} mm",
                "mm", "a ball flattened on the board gets no wider",
            )  # fmt: skip
        if neck.neck_diameter >= head:
            raise InputError(
                "neck.neck_diameter", neck.neck_diameter, f"less than the head, {head} mm", "mm",
                "a neck is thinner than its head",
            )  # fmt: skip
        volume = pi / 4.0 * neck.neck_diameter**2 * neck.neck_height
        melted = neck.melted_fraction * joint.ball_volume
        if volume > melted:
            raise InputError(
                "neck.melted_fraction", neck.melted_fraction,
                f"at least {volume / joint.ball_volume:.3g}", "",
                "the neck is drawn from the solder that melted",
            )  # fmt: skip
    _refuse_standoff(joint)


def _refuse_standoff(joint: Joint) -> None:
    if joint.standoff is None:
        return
    for part, why in (
        (joint.core, "the core"), (joint.neck, "head and neck"), (joint.bump, "the metal bump"),
    ):  # fmt: skip
        if part is not None:
            raise InputError(
                "standoff", joint.standoff, "no value", "mm", f"{why} sets the stand-off"
            )
    low, high = 0.2 * joint.ball_diameter, 2.0 * joint.ball_diameter
    if not low <= joint.standoff <= high:
        raise InputError(
            "standoff", joint.standoff, f"{low:.4g} to {high:.4g} mm", "mm",
            "a column much flatter or taller than its ball does not hold its shape",
        )  # fmt: skip


def broken_design_rules(joint: Joint) -> tuple[str, ...]:
    """The design limits that a joint exceeds, one sentence each; such a joint can be computed.

    Limits: hole depth less than 2 ball diameters; hole diameter at the mouth 1 to 2 ball
    diameters; variation of heights below 10 % of the mean height.
    """
    found = []
    ball, mask, neck = joint.ball_diameter, joint.mask, joint.neck
    if mask is not None and mask.depth >= 2.0 * ball:
        found.append(
            f"mask.depth = {mask.depth} mm should be less than two ball diameters, {2 * ball:g} mm"
        )
    if mask is not None and not ball <= mask.mouth_diameter <= 2.0 * ball:
        found.append(
            f"mask.mouth_diameter = {mask.mouth_diameter} mm should be one to two ball diameters,"
            f" {ball:g} to {2 * ball:g} mm"
        )
    if neck is not None and neck.height_variation >= 0.1:
        found.append(
            f"neck.height_variation = {neck.height_variation:g} should be less than 0.1 of the"
            " mean height"
        )
    return tuple(f"joint {joint.name}: {sentence}" for sentence in found)
