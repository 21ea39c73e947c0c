"""Whether a joint fits its package."""

from __future__ import annotations

from math import pi, sqrt
from typing import TYPE_CHECKING

from bumpfem.design.joint import Joint
from bumpfem.design.slab import Pad
from bumpfem.errors import InputError

if TYPE_CHECKING:
    from bumpfem.design.package import Package


def refuse_misfit(package: Package, joint: Joint) -> None:
    """Refuse a joint that does not fit a package.

    Raises:
        InputError: It would touch its neighbour, miss its pad, or not fill it.
    """
    refuse_touching(joint.ball_diameter, package.pitch)
    interposer = package.interposer_pad.wetted_diameter
    smaller = min(interposer, package.board_pad.wetted_diameter)
    if joint.bump is None and joint.ball_diameter < 0.5 * smaller:
        raise InputError(
            "ball_diameter", joint.ball_diameter,
            f"at least half the wetted pad, {0.5 * smaller:.4g} mm", "mm",
            "so little solder only coats its pad",
        )  # fmt: skip
    if joint.mask is not None and joint.mask.mouth_diameter >= package.pitch:
        raise InputError(
            "mask.mouth_diameter", joint.mask.mouth_diameter,
            f"less than pitch = {package.pitch} mm", "mm", "neighbouring holes would merge",
        )  # fmt: skip
    if joint.neck is not None and joint.neck.neck_diameter >= smaller:
        raise InputError(
            "neck.neck_diameter", joint.neck.neck_diameter,
            f"less than the wetted pad, {smaller} mm", "mm", "the neck widens to its pad",
        )  # fmt: skip
    if joint.core is not None:
        pads = (package.interposer_pad, package.board_pad)
        needed = sum(solder_needed_beside_core(joint, pad) for pad in pads)
        if joint.solder_volume < needed:
            raise InputError(
                "core.diameter", joint.core.diameter,
                f"a core that leaves at least {needed:.4g} mm3 of solder", "mm",
                f"{joint.solder_volume:.4g} mm3 cannot wet both pads",
            )  # fmt: skip
    if joint.bump is not None:
        if joint.bump.footprint_diameter > interposer:
            raise InputError(
                "bump.footprint_diameter", joint.bump.footprint_diameter,
                f"at most the wetted pad, {interposer} mm", "mm",
                "the metal is drawn back to its pad",
            )  # fmt: skip
        if max(joint.bump.maximum_diameter, joint.bump.powder_diameter) >= package.pitch:
            raise InputError(
                "bump.powder_thickness", joint.bump.powder_thickness,
                f"a patch of powder narrower than pitch = {package.pitch} mm", "mm",
                f"it is {joint.bump.powder_diameter:.4g} mm wide and would touch the next",
            )  # fmt: skip


def refuse_touching(ball_diameter: float, pitch: float) -> None:
    """Refuse balls that touch their neighbours.

    Raises:
        InputError: The ball is as wide as the pitch.
    """
    if ball_diameter >= pitch > 0.0:
        raise InputError(
            "ball_diameter", ball_diameter, f"less than pitch = {pitch} mm", "mm",
            "neighbouring balls would touch",
        )  # fmt: skip


def solder_needed_beside_core(joint: Joint, pad: Pad) -> float:
    """Volume of solder between a pad and a core so that the whole pad is wetted, mm3.

    The volume over the pad of radius a, up to a sphere of radius R that stands a gap g above:
    pi b^2 (g + R) - (2 pi / 3) (R^3 - (R^2 - b^2)^(3/2)) with b = min(a, R).

    Raises:
        InputError: The joint has no core.
    """
    if joint.core is None:
        raise InputError("core", "nothing", "a core", reason=f"joint {joint.name} has none")
    radius = 0.5 * joint.core.diameter
    wetted = min(0.5 * pad.wetted_diameter, radius)
    column = pi * wetted**2 * (joint.core.pad_gap + radius)
    rim = sqrt(radius**2 - wetted**2)
    return column - 2.0 * pi / 3.0 * (radius**3 - rim**3)
