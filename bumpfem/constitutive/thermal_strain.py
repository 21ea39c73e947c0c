"""Free thermal strain from a coefficient of expansion that depends on temperature."""

from __future__ import annotations

from typing import Literal

import numpy as np

from bumpfem.constitutive.table import Table
from bumpfem.errors import InputError
from bumpfem.units import FloatArray

ExpansionKind = Literal["secant", "instantaneous"]


def thermal_elongation(
    temperature: float,
    reference: float,
    expansion: Table,
    kind: ExpansionKind,
    secant_reference: float = 25.0,
) -> float:
    r"""Free elongation between two temperatures (a pure number).

    Secant coefficients are stated from ``secant_reference`` :math:`T_r`,

    .. math:: \varepsilon = \alpha(T)(T - T_r) - \alpha(T_0)(T_0 - T_r);

    instantaneous ones are integrated, exactly for the straight lines of the table,
    :math:`\varepsilon = \int_{T_0}^{T} \alpha\, dT`.

    Args:
        temperature: T, degrees Celsius.
        reference: Temperature :math:`T_0` of zero strain, degrees Celsius.
        expansion: Coefficient in 1/K against degrees Celsius.
        kind: What the table holds.
        secant_reference: :math:`T_r`, degrees Celsius; has no effect on instantaneous values.

    Raises:
        InputError: Unknown ``kind``.

    >>> thermal_elongation(125.0, 25.0, Table.constant(20e-6), "secant")
    0.002
    """
    if kind == "secant":
        now, before = expansion(np.asarray([temperature, reference]))
        return float(
            now * (temperature - secant_reference) - before * (reference - secant_reference)
        )
    if kind == "instantaneous":
        low, high = min(temperature, reference), max(temperature, reference)
        inside = [t for t in expansion.temperature if low < t < high]
        nodes = np.asarray([low, *inside, high])
        area = float(np.trapezoid(expansion(nodes), nodes))
        return area if temperature >= reference else -area
    raise InputError("expansion_kind", kind, "secant or instantaneous")


def thermal_strain(
    temperature: float,
    reference: float,
    expansion: Table | tuple[Table, Table, Table],
    kind: ExpansionKind,
    secant_reference: float = 25.0,
) -> FloatArray:
    """Free thermal strain (6,), Voigt xx, yy, zz, xy, yz, xz.

    Args:
        temperature: Degrees Celsius.
        reference: Temperature of zero strain, degrees Celsius.
        expansion: One table (isotropic), or those along x, y and z (orthotropic), 1/K.
        kind: ``secant`` or ``instantaneous``, see :func:`thermal_elongation`.
        secant_reference: Temperature from which secant values are stated, degrees Celsius.

    Raises:
        InputError: Unknown ``kind``.
    """
    tables = (expansion,) * 3 if isinstance(expansion, Table) else expansion
    strain = np.zeros(6)
    for k, table in enumerate(tables):
        strain[k] = thermal_elongation(temperature, reference, table, kind, secant_reference)
    return strain
