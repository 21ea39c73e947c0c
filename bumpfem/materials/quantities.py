"""Names and units: what a material file may contain, and the units that authors print.

Library units follow from mm, N, MPa, s, mJ and degrees Celsius. Masses are in g, so that
density times heat capacity is in mJ/(mm^3 K) without a factor.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from difflib import get_close_matches

from bumpfem.units import GAS_CONSTANT, PSI_MPA

#: Unit of every property that a material may have. Orthotropic names carry an axis
#: (x, y in the plane of the laminate, z through its thickness).
PROPERTY_UNITS: dict[str, str] = {
    "youngs_modulus": "MPa",
    "youngs_modulus_x": "MPa",
    "youngs_modulus_y": "MPa",
    "youngs_modulus_z": "MPa",
    "shear_modulus_xy": "MPa",
    "shear_modulus_yz": "MPa",
    "shear_modulus_xz": "MPa",
    "poissons_ratio": "1",
    "poissons_ratio_xy": "1",
    "poissons_ratio_yz": "1",
    "poissons_ratio_xz": "1",
    "expansion": "1/K",
    "expansion_x": "1/K",
    "expansion_y": "1/K",
    "expansion_z": "1/K",
    "density": "g/mm3",
    "liquid_density": "g/mm3",
    "conductivity": "mW/(mm K)",
    "heat_capacity": "mJ/(g K)",
    "latent_heat": "mJ/g",
    "surface_tension": "N/mm",
    "solidus": "C",
    "liquidus": "C",
    "melting_point": "C",
    "glass_transition": "C",
    "release_temperature": "C",
    "yield_strength": "MPa",
    "melt_viscosity": "Pa s",
    "dissolution_rate_constant": "mm/s",
    "solubility_in_tin": "1",
    "solubility_in_tin_lead": "1",
}

#: Printed unit -> (library unit, factor). A creep set on a shear basis (shear strain rate,
#: shear stress) becomes one of equivalent rate and stress: both A and alpha are divided by
#: sqrt(3), since the shear rate is sqrt(3) times the equivalent rate and the equivalent stress
#: sqrt(3) times the shear stress.
PRINTED_UNITS: dict[str, tuple[str, float]] = {
    "GPa": ("MPa", 1e3),
    "MPa": ("MPa", 1.0),
    "psi": ("MPa", PSI_MPA),
    "ppm/K": ("1/K", 1e-6),
    "g/cm3": ("g/mm3", 1e-3),
    "kg/m3": ("g/mm3", 1e-6),
    "W/(m K)": ("mW/(mm K)", 1.0),
    "J/(kg K)": ("mJ/(g K)", 1.0),
    "kJ/kg": ("mJ/g", 1e3),
    "N/m": ("N/mm", 1e-3),
    "um/s": ("mm/s", 1e-3),
    "percent by mass": ("1", 1e-2),
    "J/g": ("mJ/g", 1e3),
    "kJ/mol": ("K", 1e3 / GAS_CONSTANT),
    "1/min": ("1/s", 1.0 / 60.0),
    "1/s": ("1/s", 1.0),
    "1/s of shear strain": ("1/s", 1.0 / math.sqrt(3.0)),
    "1/MPa of shear stress": ("1/MPa", 1.0 / math.sqrt(3.0)),
}

#: Largest relative difference between a library number and the author's own: authors round.
ROUNDING = 1e-3


def base_name(name: str) -> str:
    """Name of the quantity: ``youngs_modulus__kariya_2003`` is a ``youngs_modulus``."""
    return name.split("__", 1)[0]


def close_names(name: str, known: Sequence[str]) -> str:
    """Sentence that lists the known names closest to a wrong one, or all of them if none is."""
    close = get_close_matches(name, known, n=5, cutoff=0.4)
    containing = [other for other in known if name and name in other and other not in close]
    found = [*close, *containing[:5]]
    if found:
        return f"did you mean {', '.join(found)}?"
    return f"known names: {', '.join(sorted(known))}" if known else "there is none"


def conversion_error(
    value: Sequence[float], unit: str, printed: Sequence[float], printed_unit: str
) -> str | None:
    """Say what is wrong between a converted number and the author's own; ``None`` if nothing.

    Args:
        value: Numbers in the library's unit.
        unit: The library's unit.
        printed: The author's numbers.
        printed_unit: The author's unit, a key of :data:`PRINTED_UNITS`.

    Returns:
        The fault in words, or ``None``.
    """
    if printed_unit not in PRINTED_UNITS:
        return f"printed unit {printed_unit!r} is unknown: one of {', '.join(PRINTED_UNITS)}"
    target, factor = PRINTED_UNITS[printed_unit]
    if target != unit:
        return f"a number printed in {printed_unit} does not convert to {unit}"
    if len(printed) != len(value):
        return f"{len(printed)} printed numbers stand beside {len(value)} converted ones"
    for own, theirs in zip(value, printed, strict=True):
        if not math.isclose(own, theirs * factor, rel_tol=ROUNDING, abs_tol=1e-300):
            return f"{theirs} {printed_unit} is {theirs * factor:.6g} {unit}, not {own}"
    return None
