"""The state of a cored joint whose core's belt is bare: bridges between pads and core."""

from __future__ import annotations

from math import pi

import numpy as np
from scipy.optimize import brentq

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.bridge import Bridge, BridgeProblem
from bumpfem.shapes.capillary.core_body import DropCore, SphereCore
from bumpfem.shapes.capillary.cored_joint import CoredJoint, CoredShape
from bumpfem.shapes.capillary.curved_ends import OnSphere
from bumpfem.shapes.capillary.ends import Pinned
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian


def bridges(joint: CoredJoint, liquid: Liquid, load: float = 0.0) -> CoredShape:
    """The state in which the core's belt is bare.

    Raises:
        InputError: If no bridges of this volume and load exist, or they meet on the belt.
    """
    if isinstance(joint.core, DropCore):
        return _on_drop(joint, joint.core, liquid, load)
    share = joint.board_share
    if share is None:
        share = _equal_pressure(joint, liquid, load)
    below, above = _pair(joint, joint.core, liquid, load, share)
    base = below.gap
    top = base + joint.core.extent + above.gap
    belt = _belt(joint.core, below, above)
    if belt <= 0.0:
        raise InputError(
            "shell_volume", f"{joint.shell_volume:.4g}", "more or less solder", "mm3",
            "bridges of this volume meet on the core's belt, but one meniscus would cut the core",
        )  # fmt: skip
    upper = _turned(above.meridian, top, liquid)
    return CoredShape(
        joint, "bridges", top, base, (below.meridian, upper), load,
        above.contact_force, below.contact_force, -belt,
    )  # fmt: skip


def _on_drop(joint: CoredJoint, core: DropCore, liquid: Liquid, load: float) -> CoredShape:
    """A drop hangs on the interposer: one bridge, from the board."""
    problem = BridgeProblem(
        joint.board_radius,
        core,
        joint.shell_volume,
        joint.contact_angle,
        liquid,
        joint.least_gaps[0],
    )
    below = problem.rest(load, core.specific_weight * core.volume)
    foot = core.foot(below.meridian.ends[1][0], below.meridian.ends[1][1] - below.gap)
    bare = core.profile.length - foot.s
    if bare <= 0.0:
        raise InputError(
            "shell_volume", f"{joint.shell_volume:.4g}", "more or less solder", "mm3",
            "the bridge reaches the resist, but one meniscus would cut the core",
        )  # fmt: skip
    return CoredShape(
        joint, "bridges", below.gap + core.extent, below.gap, (below.meridian,), load,
        below.contact_force, below.contact_force, -bare,
    )  # fmt: skip


def _pair(
    joint: CoredJoint, core: SphereCore, liquid: Liquid, load: float, share: float
) -> tuple[Bridge, Bridge]:
    """Bridges at the board and (upside down) at the interposer for a share of the board.

    The upper one is pressed by the load; the lower one by that, the core and the upper liquid:
    with heights counted down from the interposer's pad, the load on the core in the upper bridge
    is less than that on the pad by the liquid's weight.
    """
    small = (1.0 - share) * joint.shell_volume
    upper = BridgeProblem(
        joint.interposer_radius,
        core,
        small,
        joint.contact_angle,
        liquid.inverted(),
        joint.least_gaps[1],
    )
    weight = liquid.specific_weight * small
    above = upper.rest(load, weight)
    lower = BridgeProblem(
        joint.board_radius,
        core,
        share * joint.shell_volume,
        joint.contact_angle,
        liquid,
        joint.least_gaps[0],
    )
    return lower.rest(load, weight + core.specific_weight * core.volume), above


def _equal_pressure(joint: CoredJoint, liquid: Liquid, load: float) -> float:
    """Share of the board at which one film on the core holds both bridges in equilibrium.

    The share is looked for where a larger one raises the difference of the pressures: there melt
    that moves to the other bridge flows back.

    Raises:
        InputError: If there is no such share.
    """
    core = joint.core
    if not isinstance(core, SphereCore):
        return 1.0
    w = liquid.specific_weight

    def difference(share: float) -> float:
        below, above = _pair(joint, core, liquid, load, share)
        at_core = below.meridian.pressure - w * (below.gap + core.radius)
        return at_core - (above.meridian.pressure + w * (above.gap + core.radius))

    area, other = joint.board_radius**2, joint.interposer_radius**2
    middle = area / (area + other)
    first = difference(middle)
    if first == 0.0:
        return middle
    step, share = 0.02, middle
    while True:
        trial = share - step if first > 0.0 else share + step
        if not 0.02 < trial < 0.98:
            raise InputError(
                "board_share", "None", "a given share",
                reason="no share of the shell makes the pressures of both bridges equal",
            )  # fmt: skip
        value = difference(trial)
        if value * first <= 0.0:
            break
        share = trial
    low, high = min(share, trial), max(share, trial)
    return float(brentq(difference, low, high, xtol=1e-14, rtol=1e-13))


def _belt(core: SphereCore, below: Bridge, above: Bridge) -> float:
    """Width of the bare belt along the core's meridian, mm; negative where the lines overlap."""

    def angle(bridge: Bridge) -> float:
        r, z, _ = bridge.meridian.ends[1]
        return float(np.arctan2(r, bridge.gap + core.radius - z))

    return core.radius * (pi - angle(below) - angle(above))


def _turned(given: Meridian, top: float, liquid: Liquid) -> Meridian:
    """A meridian below whose pad the body is, turned over so that the pad is at ``top``."""
    solid = given.upper
    if not isinstance(solid, OnSphere):
        raise InputError("core", solid, "a sphere")
    lower = OnSphere(top - given.heights[1], solid.radius, solid.contact_angle)
    upper = Pinned(float(given.r[0]), top)
    return Meridian(
        liquid=liquid, lower=lower, upper=upper,
        r=given.r[::-1].copy(), z=top - given.z[::-1], phi=pi - given.phi[::-1],
        length=given.length, pressure=given.pressure + liquid.specific_weight * top,
        heights=(top - given.heights[1], top),
    )  # fmt: skip
