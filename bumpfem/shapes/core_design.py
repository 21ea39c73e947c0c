"""From a joint's design to the core and shell whose equilibrium is sought."""

from __future__ import annotations

from math import pi

from bumpfem.design import Core, Joint
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.materials import load_material
from bumpfem.shapes.capillary.core_body import DropCore, SphereCore
from bumpfem.shapes.capillary.cored_joint import CoredJoint
from bumpfem.shapes.capillary.ends import Axis, Pinned
from bumpfem.shapes.capillary.liquid import GRAM_MM_PER_S2, STANDARD_GRAVITY
from bumpfem.shapes.capillary.solve import solve_meridian
from bumpfem.shapes.melt import molten
from bumpfem.shapes.site import Site


def specific_weight(material: str) -> float:
    """Density of a solid times gravity, N/mm3; 0 where the library has no density."""
    known = load_material(material)
    if "density" not in known:
        return 0.0
    density = known["density"]
    return density(20.0, extrapolate=True) * STANDARD_GRAVITY * GRAM_MM_PER_S2


def placed_core(core: Core) -> SphereCore:
    """The ball that was placed."""
    return SphereCore(0.5 * core.diameter, specific_weight(core.material))


def frozen_core(site: Site, core: Core) -> DropCore:
    """The drop that rounded and froze on the interposer's pad, with the volume of the core's ball.

    It fills the opening of the resist; what stands over its rim is a sessile drop of the core's
    melt, pinned there. It froze standing up and hangs in the joint.

    Raises:
        InputError: If it does not fill the opening, or no such drop stands.
    """
    ball = pi / 6.0 * core.diameter**3
    plug = site.plug_volume - site.board.plug_volume
    if ball <= plug:
        raise InputError(
            "joint.core.diameter", core.diameter, "a larger drop", "mm",
            "it does not even fill the opening of the resist",
        )  # fmt: skip
    rim = Pinned(site.interposer.wetted_radius, 0.0)
    try:
        profile = solve_meridian(rim, Axis(), molten(core.material), volume=ball - plug)
    except ConvergenceError as error:
        raise InputError(
            "joint.core.diameter", core.diameter, "another size", "mm",
            "no drop of this volume stands in the opening",
        ) from error  # fmt: skip
    return DropCore(profile, specific_weight(core.material))


def capillary_joint(
    site: Site,
    joint: Joint,
    *,
    swelling: float = 1.0,
    contact_angle: float = 0.0,
    volume_factor: float = 1.0,
    share: bool = False,
) -> CoredJoint:
    """Core, shell and pads of a cored joint, between the planes of the wetted rims.

    Args:
        site: The lands.
        joint: The joint with its core.
        swelling: Volume of the melt over that of the solid solder.
        contact_angle: Of the shell on the core, degrees.
        volume_factor: Volume of solder relative to the design.
        share: Whether a shell that cannot wrap stays as wetting left it, half of the ball's shell
            at each pad and the paste at the board; else its pressure decides.

    Raises:
        InputError: If the joint has no core, or the solder does not even fill the openings.
    """
    core = joint.core
    if core is None:
        raise InputError("joint.core", None, "a core")
    drop = core.origin == "drop"
    plug = site.board.plug_volume if drop else site.plug_volume
    factor = swelling * volume_factor
    shell = factor * joint.solder_volume - plug
    if shell <= 0.0:
        raise InputError(
            "joint.core.diameter", core.diameter, "a smaller core or more solder", "mm",
            f"the shell of {factor * joint.solder_volume:.4g} mm3 does not even fill the openings"
            f" of the resist, {plug:.4g} mm3",
        )  # fmt: skip
    body = frozen_core(site, core) if drop else placed_core(core)
    at_board = None
    if share and not drop:
        half = 0.5 * factor * (joint.solder_volume - joint.paste_volume)
        at_board = (half + factor * joint.paste_volume - site.board.plug_volume) / shell
    return CoredJoint(
        board_radius=site.board.wetted_radius,
        interposer_radius=site.interposer.wetted_radius,
        core=body,
        shell_volume=shell,
        gap=core.pad_gap,
        contact_angle=contact_angle,
        board_recess=site.board.rim_offset,
        interposer_recess=site.rim_depth - site.attach_thickness,
        board_share=at_board,
    )
