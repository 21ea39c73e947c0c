r"""A joint around a rigid core: molten shell, two pads, and a body that never melts.

**Wrapped.** One meniscus from pad to pad encloses shell and core. The core is wholly immersed and
does not change the surface: with a total volume V = shell + core and stand-off h the meniscus is
that of a plain joint, and pushes the interposer up with F(V, h).

**Bridges.** A shell too small to wrap leaves the core's belt bare: two bridges, pad to core, each
at the contact angle on the core (:mod:`bridge`). They are separate liquids; their volumes are
those that wetting left (``board_share``), or, where a film on the core joins them, those of equal
pressure.

**Which one.** A shell that melts around its core wraps it as long as its meniscus clears the core;
once they touch the film breaks and the core's belt falls dry. With a vanishing contact angle this
is also where the bridges' contact lines part, and shape and force go over without a jump. With a
larger one the bridges' lines stand away from the belt at once: the same volume then has two states
and the way back (lines that meet) asks for more solder.

**Stand-off.** The core carries load by contact, and only in compression: with the load W on the
interposer and the contact force N,

.. math:: F + N = W, \quad h \ge h_c, \quad N \ge 0, \quad N (h - h_c) = 0,

where h_c is the height of the core and of the film that stays at each contact. A core denser than
the shell rests on the board, a lighter one floats up to the interposer; a drop that froze on the
interposer's pad hangs on it and touches the board only.
"""

from __future__ import annotations

from math import pi

import numpy as np

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.core_body import SphereCore
from bumpfem.shapes.capillary.cored_bridges import bridges
from bumpfem.shapes.capillary.cored_joint import CoredJoint, CoredShape
from bumpfem.shapes.capillary.limits import nearest
from bumpfem.shapes.capillary.liquid import GRAM_MM_PER_S2, STANDARD_GRAVITY, Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.mounted import RESIST_CONTACT_ANGLE, MountedJoint, mounted_joint
from bumpfem.shapes.capillary.mounted_family import check_sizes, strongest_pull
from bumpfem.shapes.capillary.mounted_search import Search
from bumpfem.shapes.capillary.stability import margins
from bumpfem.shapes.checks import check_kind, check_number

#: Points of the meniscus at which its distance from the core is measured.
CLEARANCE_POINTS = 257
#: Relative and absolute (N) error of forces that counts as balance.
BALANCE, TINY_FORCE = 1e-6, 1e-12
#: Fields of a joint that its own check refuses under the same name.
CHECKED = ("gap", "contact_angle")


def cored_joint(
    *,
    ball_diameter: float,
    core_diameter: float,
    board_pad_diameter: float,
    interposer_pad_diameter: float,
    liquid: Liquid,
    load: float = 0.0,
    gap: float = 0.0,
    contact_angle: float = 0.0,
    core_density: float | None = None,
) -> CoredShape:
    """A ball with a core sphere on two pads: the plain way in.

    Args:
        ball_diameter: Of the ball with its shell as a sphere of melt, mm.
        core_diameter: Of the core in it, mm.
        board_pad_diameter: Wetted diameter on the board, mm.
        interposer_pad_diameter: Wetted diameter on the interposer, mm.
        liquid: The molten shell.
        load: Downward force on the interposer, N.
        gap: Film that stays between core and pad, mm.
        contact_angle: Of the shell on the core, degrees.
        core_density: g/mm3; None: that of the melt.

    Raises:
        InputError: If the sizes are impossible or nothing is in equilibrium.
    """
    check_number("ball_diameter", ball_diameter, "mm", above=0.0)
    check_number(
        "core_diameter", core_diameter, "mm", above=0.0, below=ball_diameter,
        reason="the core is inside the ball",
    )  # fmt: skip
    check_number("board_pad_diameter", board_pad_diameter, "mm", above=0.0)
    check_number("interposer_pad_diameter", interposer_pad_diameter, "mm", above=0.0)
    check_kind("liquid", liquid, Liquid)
    check_sizes(pi / 6.0 * ball_diameter**3, board_pad_diameter, interposer_pad_diameter, liquid)
    weight = liquid.specific_weight
    if core_density is not None:
        check_number("core_density", core_density, "g/mm3", least=0.0)
        weight = core_density * STANDARD_GRAVITY * GRAM_MM_PER_S2

    def of(diameter: float) -> CoredJoint:
        return CoredJoint(
            board_radius=0.5 * board_pad_diameter,
            interposer_radius=0.5 * interposer_pad_diameter,
            core=SphereCore(0.5 * diameter, weight),
            shell_volume=pi / 6.0 * (ball_diameter**3 - diameter**3),
            gap=gap,
            contact_angle=contact_angle,
        )

    try:
        return shape_of_cored(of(core_diameter), liquid, load)
    except InputError as error:
        if error.field in (*CHECKED, "load"):
            raise
        thick = nearest(lambda d: _wraps(of(d), liquid, load), core_diameter, above=False)
        allowed = "another core, ball or pad"
        if thick is not None:
            allowed = f"<= {thick:.4g}, which the shell wraps"
        raise InputError("core_diameter", core_diameter, allowed, "mm", error.reason) from error


def _wraps(joint: CoredJoint, liquid: Liquid, load: float) -> bool:
    """Whether the shell wraps the core."""
    try:
        found = wrapped(joint, liquid, load)
    except InputError:
        return False
    return found is not None and found.clearance >= 0.0


def shape_of_cored(joint: CoredJoint, liquid: Liquid, load: float = 0.0) -> CoredShape:
    """Stand-off, contact force and surface of a cored joint under a load.

    Args:
        joint: Pads, core and shell.
        liquid: The molten shell.
        load: Downward force on the interposer: its share of the package's weight and more, N.

    Raises:
        InputError: If the shell neither wraps the core nor bridges pads and core.
    """
    check_kind("joint", joint, CoredJoint)
    check_kind("liquid", liquid, Liquid)
    check_number("load", load, "N")
    found = wrapped(joint, liquid, load)
    if found is None or found.clearance < 0.0:
        found = bridges(joint, liquid, load)
        for meniscus in found.menisci:
            if not margins(meniscus).stable:
                raise InputError(
                    "shell_volume", f"{joint.shell_volume:.4g}", "more solder", "mm3",
                    "the bridge between pad and core is not stable: it breaks or slips aside",
                )  # fmt: skip
    return found


def wrapped(joint: CoredJoint, liquid: Liquid, load: float = 0.0) -> CoredShape | None:
    """The state in which one meniscus encloses shell and core; None where there is none.

    Its clearance is negative where the meniscus would cut the core: there it cannot be.

    Raises:
        InputError: If no state carries the load: the core only pushes.
    """
    core = joint.core
    excess_weight = (core.specific_weight - liquid.specific_weight) * core.volume
    if core.on_interposer:
        free, least = load + excess_weight, 0.0
    else:
        least = max(0.0, -excess_weight)
        free = load - least
    mounted = _mounted(joint, liquid, load=free)
    if mounted is None or mounted.standoff < joint.contact_standoff:
        mounted = _mounted(joint, liquid, standoff=joint.contact_standoff)
    if mounted is None:
        return None
    meniscus, standoff = mounted.meridian, mounted.standoff
    contact = max(free - meniscus.force, 0.0) + least
    if core.on_interposer:
        base, board_contact = standoff - core.extent, contact
    else:
        sinks = excess_weight >= 0.0
        top = standoff - joint.least_gaps[1] - core.extent
        base = joint.least_gaps[0] if sinks else top
        board_contact = contact + excess_weight
    clearance = _clearance(joint, base, meniscus)
    pulled = free < meniscus.force - BALANCE * abs(meniscus.force) - TINY_FORCE
    if pulled and clearance >= 0.0:
        raise _tears(joint, liquid, load, load - free)
    return CoredShape(
        joint, "wrapped", standoff, base, (meniscus,), load, contact, board_contact, clearance
    )


def _tears(joint: CoredJoint, liquid: Liquid, load: float, held: float) -> InputError:
    """What to tell of a pull that the solder does not hold; ``held`` is carried besides, N."""
    search = Search(
        joint.total_volume, joint.board_radius, joint.interposer_radius, liquid,
        RESIST_CONTACT_ANGLE, by_standoff=False,
    )  # fmt: skip
    return InputError(
        "load", f"{load:.5g}", f">= {strongest_pull(search) + held:.4g}", "N",
        "the joint tears off: its core only pushes",
    )  # fmt: skip


def _clearance(joint: CoredJoint, base: float, meniscus: Meridian) -> float:
    """Least distance of meniscus and core, mm, by a parabola through the three closest points.

    Meniscus and frozen drop meet at the rim of the opening: the last tenth of the way counts only
    if the meniscus cuts the drop there.
    """
    away = joint.core.distance(base, meniscus.points(CLEARANCE_POINTS))
    if joint.core.on_interposer:
        if away[:-1].min() < 0.0:
            return float(away[:-1].min())
        away = away[: int(0.9 * CLEARANCE_POINTS)]
    index = int(np.argmin(away))
    least = float(away[index])
    if index in (0, len(away) - 1):
        return least
    before, after = float(away[index - 1]), float(away[index + 1])
    bend = before - 2.0 * least + after
    return least - (after - before) ** 2 / (8.0 * bend) if bend > 0.0 else least


def _mounted(
    joint: CoredJoint, liquid: Liquid, *, load: float = 0.0, standoff: float | None = None
) -> MountedJoint | None:
    """The stable plain joint of shell and core; None if there is none."""
    try:
        return mounted_joint(
            joint.total_volume, 2.0 * joint.board_radius, 2.0 * joint.interposer_radius, liquid,
            load=load, standoff=standoff,
        )  # fmt: skip
    except (InputError, ConvergenceError):
        return None
