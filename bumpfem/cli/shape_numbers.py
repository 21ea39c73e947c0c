"""Numbers of a shape, by name and unit, as ``bumpfem shape`` prints them."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path

from bumpfem.cli.shape_options import KG_PER_M3, MILLINEWTON, NEWTON_PER_METRE
from bumpfem.shapes.capillary import Bump, Liquid, MountedJoint
from bumpfem.shapes.capillary.cored_joint import CoredShape
from bumpfem.shapes.drawing import Drawable, save

#: Decimals of a force in mN; what is beyond is the solver's tolerance.
DECIMALS = 9


def millinewton(force: float) -> float:
    """A force in mN, rounded to the solver's tolerance (no -0).

    >>> millinewton(-2e-16), millinewton(1e-4)
    (0.0, 0.1)
    """
    return round(force / MILLINEWTON, DECIMALS) + 0.0


def stiffnesses(vertical: float, lateral: float) -> dict[str, float | None]:
    """Stiffnesses in mN/mm; null where a core makes the joint rigid."""
    rigid = not isfinite(vertical)
    return {
        "vertical_stiffness_mn_per_mm": None if rigid else vertical / MILLINEWTON,
        "lateral_stiffness_mn_per_mm": lateral / MILLINEWTON,
    }


def liquid_numbers(liquid: Liquid) -> dict[str, float]:
    """What the liquid was."""
    return {
        "surface_tension_n_per_m": liquid.surface_tension / NEWTON_PER_METRE,
        "density_kg_per_m3": liquid.density / KG_PER_M3,
    }


def joint_numbers(made: MountedJoint) -> dict[str, object]:
    """Numbers of a joint by name and unit."""
    numbers: dict[str, object] = {
        "standoff_mm": made.standoff,
        "max_diameter_mm": made.max_diameter,
        "volume_mm3": made.volume,
        "force_mn": millinewton(made.force),
    }
    if made.neck_diameter is not None:
        numbers["neck_diameter_mm"] = made.neck_diameter
    board, interposer = made.contact_angles
    return {
        **numbers,
        **stiffnesses(made.vertical_stiffness, made.lateral_stiffness),
        "contact_angle_board_deg": board,
        "contact_angle_interposer_deg": interposer,
        "spread_diameter_board_mm": made.spread_diameters[0],
        "spread_diameter_interposer_mm": made.spread_diameters[1],
        "notes": list(made.notes),
    }


def cored_numbers(made: CoredShape) -> dict[str, object]:
    """Numbers of a cored joint by name and unit; the volume is that of the solder alone."""
    necks = [m.neck_radius for m in made.menisci if m.neck_radius is not None]
    numbers: dict[str, object] = {
        "standoff_mm": made.standoff,
        "max_diameter_mm": made.max_diameter,
        "volume_mm3": made.joint.shell_volume,
        "force_mn": millinewton(made.load),
    }
    if necks:
        numbers["neck_diameter_mm"] = 2.0 * min(necks)
    return {
        **numbers,
        **stiffnesses(made.vertical_stiffness, made.lateral_stiffness),
        "core_volume_mm3": made.joint.core.volume,
        "core_contact_force_mn": millinewton(made.contact_force),
        "regime": made.regime,
        "clearance_mm": made.clearance,
        "notes": list(made.notes),
    }


def bump_numbers(made: Bump) -> dict[str, object]:
    """Numbers of a bump by name and unit; its force is its own weight on the pad."""
    weight = abs(made.meridian.liquid.specific_weight) * made.volume
    return {
        "height_mm": made.height,
        "max_diameter_mm": made.max_diameter,
        "volume_mm3": made.volume,
        "force_mn": millinewton(weight),
        "base_diameter_mm": made.base_diameter,
        "contact_angle_deg": made.contact_angle,
        "contact": made.contact,
        "notes": list(made.notes),
    }


def report(numbers: dict[str, object], made: Drawable, picture: Path | None) -> None:
    """Draw the picture, if one is wanted, and print the numbers."""
    if picture is not None:
        save(made, picture)
    print(json.dumps(numbers, indent=2))
