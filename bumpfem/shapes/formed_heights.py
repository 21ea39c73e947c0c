"""Heights of joints that are formed before they are mounted: melted feet and fired bumps."""

from __future__ import annotations

from collections.abc import Mapping
from math import pi

import numpy as np

from bumpfem.design import Joint, MetalBump
from bumpfem.design.neck import Neck
from bumpfem.shapes.capillary.heights import HeightModel, Values, bump_height
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.melted_foot import cut_depth
from bumpfem.units import FloatArray

#: What stands on or under a fired bump.
ADDED = ("rim_height", "barrier_thickness", "bond_thickness")


def melted_foot_heights(
    joint: Joint, neck: Neck, nominal: float, more: dict[str, float]
) -> HeightModel:
    """Ball that is lower by what melts away under it: d (1 - t/2) with f = t^2 (3 - t)/4.

    The melted fraction f of a ball of diameter d is a cap t radii deep; the gap that remains
    between the rest of the ball and its pad does not vary.

    Args:
        joint: The joint.
        neck: Its neck.
        nominal: Its nominal height, mm.
        more: Further quantities that the height depends on, with their nominal values.
    """
    given = {
        "ball_diameter": joint.ball_diameter,
        "melted_fraction": neck.melted_fraction,
        **more,
    }
    rest = joint.ball_diameter * (1.0 - 0.5 * cut_depth(neck.melted_fraction))
    gap = nominal - rest

    def equilibrium(arguments: Mapping[str, float]) -> float:
        return cut_depth(arguments["fraction"])

    def height(values: Values, found: FloatArray) -> FloatArray:
        return (
            values.get("rim_height", np.zeros(()))
            + gap
            + values["ball_diameter"] * (1.0 - 0.5 * found)
        )

    return HeightModel(
        joint.name, given, lambda values: {"fraction": values["melted_fraction"]},
        equilibrium, height,
    )  # fmt: skip


def fired_heights(joint: Joint, bump: MetalBump, rim_height: float | None = None) -> HeightModel:
    """Bump of metal powder, with its barrier, and with its bond where it is mounted.

    Args:
        joint: The joint.
        bump: Its bump.
        rim_height: Height of its pad over the interposer's outermost face, mm; None where it is
            mounted.
    """
    nominal = {
        "powder_thickness": bump.powder_thickness,
        "powder_diameter": bump.powder_diameter,
        "packing": bump.packing,
        "wetted_diameter": bump.footprint_diameter,
    }
    if bump.barrier is not None:
        nominal["barrier_thickness"] = bump.barrier.thickness
    if rim_height is None and bump.bond_thickness is not None:
        nominal["bond_thickness"] = bump.bond_thickness
    if rim_height is not None:
        nominal["rim_height"] = rim_height
    liquid = Liquid.of(bump.metal, bump.firing_temperature, extrapolate=True)

    def arguments(values: Values) -> dict[str, FloatArray]:
        patch = 0.25 * pi * values["powder_diameter"] ** 2
        return {
            "volume": values["packing"] * values["powder_thickness"] * patch,
            "radius": 0.5 * values["wetted_diameter"],
        }

    def height(values: Values, found: FloatArray) -> FloatArray:
        added = [values[k] for k in ADDED if k in values]
        return np.asarray(found + sum(added, np.zeros(())))

    return HeightModel(joint.name, nominal, arguments, bump_height(liquid), height)
