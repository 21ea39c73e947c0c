"""From the name of a law and its constants to the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from bumpfem.constitutive.anand import Anand
from bumpfem.constitutive.creep import DarveauxLau, DoublePowerLaw, Garofalo, Norton
from bumpfem.constitutive.elastic import OrthotropicElastic, ThermoElastic
from bumpfem.constitutive.flow import IsotropicFlow
from bumpfem.constitutive.law import Law
from bumpfem.constitutive.plasticity import J2Plasticity
from bumpfem.constitutive.table import Table
from bumpfem.errors import InputError

Parameters = Mapping[str, float | tuple[float, ...]]

_ISOTROPIC: dict[str, type[ThermoElastic | IsotropicFlow]] = {
    "elastic": ThermoElastic,
    "anand": Anand,
    "garofalo": Garofalo,
    "darveaux_lau": DarveauxLau,
    "double_power": DoublePowerLaw,
    "norton": Norton,
    "plasticity": J2Plasticity,
}


def law_kinds() -> list[str]:
    """Kinds of law that :func:`make_law` and :func:`make_orthotropic` know."""
    return sorted([*_ISOTROPIC, OrthotropicElastic.name])


def make_law(
    kind: str,
    parameters: Parameters,
    youngs_modulus: Table,
    poissons_ratio: Table,
) -> Law:
    """An isotropic law from plain data.

    Args:
        kind: ``elastic``, ``anand``, ``garofalo``, ``darveaux_lau``, ``double_power``, ``norton``
            or ``plasticity``.
        parameters: Constants of the law by name, in the units of its class (MPa, s, K); empty for
            ``elastic``.
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number against degrees Celsius.

    Raises:
        InputError: Unknown kind, a missing or unknown parameter, or a value out of its limits.
    """
    if kind not in _ISOTROPIC:
        raise InputError("law", kind, f"one of {', '.join(sorted(_ISOTROPIC))}")
    build = _ISOTROPIC[kind]
    own = [f for f in fields(build) if f.name not in ("youngs_modulus", "poissons_ratio")]
    names = [f.name for f in own]
    for name in parameters:
        if name not in names:
            raise InputError(f"{kind}.{name}", parameters[name], f"one of {', '.join(names)}")
    missing = [f.name for f in own if f.default is MISSING and f.name not in parameters]
    if missing:
        raise InputError(f"{kind} parameters", sorted(parameters), f"also {', '.join(missing)}")
    constants: dict[str, Any] = dict(parameters)
    return build(youngs_modulus, poissons_ratio, **constants)


def make_orthotropic(
    youngs_modulus: tuple[Table, Table, Table],
    poissons_ratio: tuple[Table, Table, Table],
    shear_modulus: tuple[Table, Table, Table],
) -> Law:
    """Orthotropic elasticity; Ex, Ey, Ez; nu_xy, nu_yz, nu_xz; Gxy, Gyz, Gxz.

    Raises:
        InputError: The constants are not those of a stable material.
    """
    return OrthotropicElastic(youngs_modulus, poissons_ratio, shear_modulus)
