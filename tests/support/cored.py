"""Cored joints that several tests share."""

from __future__ import annotations

from dataclasses import replace

from bumpfem.shapes.capillary import Axis, Liquid, Pinned, solve_meridian
from bumpfem.shapes.capillary.core_body import DropCore, SphereCore
from bumpfem.shapes.capillary.cored_joint import CoredJoint, CoredShape

WEIGHTLESS = Liquid(0.45e-3)
#: SAC305 melt: 0.45 N/m, 7.0 g/cm3.
SOLDER = Liquid.of_density(0.45e-3, 7.0e-3)
#: Weight of copper and of a light plastic, N/mm3.
COPPER, PLASTIC = 8.96e-3 * 9806.65e-6, 1.2e-3 * 9806.65e-6
#: Pads of 0.36 and 0.38 mm, a copper ball of 0.30 mm.
JOINT = CoredJoint(0.18, 0.19, SphereCore(0.15, COPPER), shell_volume=0.0336)
#: A shell of the same joint that cannot wrap.
THIN = replace(JOINT, shell_volume=0.008)


def weight_of(joint: CoredJoint, liquid: Liquid) -> float:
    """Weight of shell and core, N."""
    core = joint.core
    return liquid.specific_weight * joint.shell_volume + core.specific_weight * core.volume


def on_board(shape: CoredShape) -> float:
    """Downward force of liquid and core on the board, N."""
    return shape.menisci[0].lower_force + shape.board_contact_force


def frozen_drop(volume: float, liquid: Liquid = WEIGHTLESS, radius: float = 0.19) -> DropCore:
    """A drop of a volume (mm3) that froze on a rim of a radius (mm)."""
    return DropCore(solve_meridian(Pinned(radius, 0.0), Axis(), liquid, volume=volume))
