"""``bumpfem shape joint | bump``: a capillary shape as JSON."""

from __future__ import annotations

from cyclopts import App

from bumpfem.cli.shape_numbers import (
    bump_numbers,
    cored_numbers,
    joint_numbers,
    liquid_numbers,
    report,
)
from bumpfem.cli.shape_options import MILLINEWTON, MoltenBall, check_lengths
from bumpfem.errors import InputError
from bumpfem.shapes.capillary import Liquid, MountedJoint, free_bump, mounted_joint
from bumpfem.shapes.capillary.cored import cored_joint
from bumpfem.shapes.checks import check_number

shape = App(name="shape", help="Shapes of molten joints and bumps from capillary equilibrium.")

#: Least stand-off under a load, relative to the ball's diameter: below, only a film is left.
LEAST_STANDOFF = 0.03


@shape.command
def joint(
    ball: MoltenBall,
    *,
    board_pad_diameter: float | None = None,
    load_mn: float = 0.0,
    standoff: float | None = None,
    core_diameter: float | None = None,
) -> int:
    """Print the shape of a joint between two pads as JSON.

    Parameters
    ----------
    board_pad_diameter:
        Diameter that the solder wets on the board, mm; default: as on the package.
    load_mn:
        Weight that the joint carries, mN; negative pulls.
    standoff:
        Distance at which the pads are held, mm; default: the load decides.
    core_diameter:
        Diameter of a core in the ball that does not melt, mm; default: no core.
    """
    ball.check()
    board = ball.pad_diameter if board_pad_diameter is None else board_pad_diameter
    check_lengths(board_pad_diameter=board)
    check_number("load_mn", load_mn, "mN")
    liquid = ball.melt()
    with ball.naming(load_mn, board_given=board_pad_diameter is not None):
        if core_diameter is None:
            made = _plain(ball, board, liquid, load_mn * MILLINEWTON, standoff)
            numbers = joint_numbers(made)
            report(numbers | liquid_numbers(liquid), made, ball.picture)
            return 0
        _check_core(ball, standoff)
        cored = cored_joint(
            ball_diameter=ball.ball_diameter, core_diameter=core_diameter,
            board_pad_diameter=board, interposer_pad_diameter=ball.pad_diameter, liquid=liquid,
            load=load_mn * MILLINEWTON,
        )  # fmt: skip
    report(cored_numbers(cored) | liquid_numbers(liquid), cored, ball.picture)
    return 0


def _plain(
    ball: MoltenBall, board: float, liquid: Liquid, load: float, standoff: float | None
) -> MountedJoint:
    """The joint without a core.

    Raises:
        InputError: If there is none, or the load leaves no more than a film.
    """

    def at(load: float, standoff: float | None) -> MountedJoint:
        return mounted_joint(
            ball.volume, board, ball.pad_diameter, liquid, load=load, standoff=standoff,
            resist_contact_angle=ball.resist_contact_angle,
        )  # fmt: skip

    made, least = at(load, standoff), LEAST_STANDOFF * ball.ball_diameter
    if load > 0.0 and made.standoff < least:
        raise InputError(
            "load", load, f"<= {at(0.0, least).force:.4g}", "N",
            f"the solder would be squeezed to a film of {made.standoff:.2g} mm",
        )  # fmt: skip
    return made


def _check_core(ball: MoltenBall, standoff: float | None) -> None:
    """Refuse options that a core leaves no room for.

    Raises:
        InputError: Names the option.
    """
    if standoff is not None:
        raise InputError("standoff", standoff, "no value", "mm", "the core sets the stand-off")
    if ball.resist_contact_angle != 180.0:
        raise InputError(
            "resist_contact_angle", ball.resist_contact_angle, "180", "deg",
            "with a core the solder stays on its pads",
        )  # fmt: skip
    if ball.paste_volume > 0.0:
        raise InputError(
            "paste_volume", ball.paste_volume, "0", "mm3", "a core comes with its shell only"
        )


@shape.command
def bump(ball: MoltenBall, *, contact_angle: float | None = None, hanging: bool = False) -> int:
    """Print the shape of a free bump on one pad as JSON.

    Parameters
    ----------
    contact_angle:
        On the pad, degrees; default: wetted to its rim.
    hanging:
        The bump hangs below its pad.
    """
    ball.check()
    liquid = ball.melt()
    with ball.naming():
        made = free_bump(
            ball.volume, ball.pad_diameter, liquid, contact_angle=contact_angle,
            resist_contact_angle=ball.resist_contact_angle, hanging=hanging,
        )  # fmt: skip
    report(bump_numbers(made) | liquid_numbers(liquid), made, ball.picture)
    return 0
