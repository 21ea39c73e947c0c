r"""Several materials side by side and one above the other, as one material for heat.

Heat contents add by volume, latent heat with them. Through the thickness H heat takes two ways
beside each other, the columns and what is around them; on each it goes through the slices one after
the other and through the materials of a slice side by side (parallel rule),

.. math:: \rho c = \sum_i \phi_i (\rho c)_i , \qquad
          \frac{k}{H} = \left(\sum_j \frac{t_j}{\sum_{i \in C} \phi_{ij} k_i}
                              + \sum_s \frac{l_s}{k_s}\right)^{-1}
                      + \left(\sum_j \frac{t_j}{\sum_{i \notin C} \phi_{ij} k_i}\right)^{-1} ,

with the share :math:`\phi_{ij}` of material i in slice j of thickness :math:`t_j`, the columns C,
and lengths :math:`l_s` of materials outside the layer in which the heat must run together to the
columns. For prismatic columns in gas without such lengths it is the parallel rule.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.constitutive.table import Table
from bumpfem.errors import InputError
from bumpfem.units import FloatArray

#: Air at 1 atm: density 1.184e-6 g/mm3 and heat capacity 1007 mJ/(g K) at 25 C, conductivity by
#: temperature; engineering tables of dry air (illustrative: no primary source was read).
STILL_AIR = HeatMaterial(
    "still air",
    Table.constant(1.184e-6 * 1007.0),
    Table(
        (-50.0, 0.0, 100.0, 200.0, 300.0, 400.0), (0.0204, 0.0243, 0.0314, 0.0386, 0.0454, 0.0515)
    ),
    valid=(-50.0, 400.0),
    limited_by="tables of dry air at 1 atm",
)


def mix_heat(
    name: str,
    materials: Mapping[str, HeatMaterial],
    shares: Mapping[str, FloatArray],
    slices: FloatArray,
    around: Collection[str] = (),
    beyond: Sequence[tuple[float, HeatMaterial]] = (),
) -> HeatMaterial:
    """One material with the heat content of all and the conductivity through the slices.

    The mixture melts as that of its materials that melts first; it is valid up to where another
    one would begin to.

    Args:
        name: Name for messages.
        materials: Material of every part.
        shares: (slices,) share of the area that each part covers; together 1 in every slice.
        slices: (slices,) thickness of each slice, mm.
        around: Parts that are around the columns; all others are columns.
        beyond: Lengths, mm, of materials outside the layer that the heat of the columns passes.

    Raises:
        InputError: Parts and materials differ, or the shares are not those of a full layer.

    >>> column = HeatMaterial("column", Table.constant(2.0), Table.constant(50.0))
    >>> gas = HeatMaterial("gas", Table.constant(0.001), Table.constant(0.03))
    >>> mixed = mix_heat("layer", {"column": column, "gas": gas},
    ...     {"column": np.array([0.2]), "gas": np.array([0.8])}, np.array([0.3]))
    >>> round(float(mixed.conductivity(25.0)), 6), round(float(mixed.capacity(25.0)), 6)
    (10.024, 0.4008)
    """
    if sorted(materials) != sorted(shares):
        raise InputError(f"{name}.shares", sorted(shares), f"shares of {sorted(materials)}")
    total = np.sum(list(shares.values()), axis=0)
    if np.abs(total - 1.0).max() > 1e-6 or min(share.min() for share in shares.values()) < -1e-9:
        raise InputError(f"{name}.shares", float(total.max()), "1 in every slice, none negative")
    thickness = float(slices.sum())
    fractions = {part: float(share @ slices) / thickness for part, share in shares.items()}
    solids = [materials[part] for part, fraction in fractions.items() if fraction > 0.0]
    at = _points([item.capacity for item in solids])
    capacity = sum(fraction * materials[part].capacity(at) for part, fraction in fractions.items())
    hot = _points([item.conductivity for item in (*solids, *(item for _, item in beyond))])
    ways = []
    for outside in (False, True):
        parts = [part for part in materials if (part in around) == outside]
        across = np.zeros((len(hot), len(slices)))
        for part in parts:
            across += np.outer(materials[part].conductivity(hot), shares[part])
        through = np.where(across > 0.0, slices / np.maximum(across, 1e-300), np.inf).sum(axis=1)
        for length, item in () if outside else beyond:
            through += length / item.conductivity(hot)
        ways.append(1.0 / through)
    conductivity = thickness * np.sum(ways, axis=0)
    solidus, liquidus, latent, end = _melting(materials, fractions)
    low = max(item.valid[0] for item in solids)
    high, limit = min((item.valid[1], item.limited_by) for item in solids)
    if end[0] < high:
        high, limit = end
    return HeatMaterial(
        name=name,
        capacity=Table(tuple(at.tolist()), tuple(np.asarray(capacity).tolist())),
        conductivity=Table(tuple(hot.tolist()), tuple(conductivity.tolist())),
        solidus=solidus,
        liquidus=liquidus,
        latent_heat=latent,
        valid=(low, high),
        limited_by=limit,
    )


def _points(tables: Sequence[Table]) -> FloatArray:
    return np.unique(np.concatenate([table.temperature for table in tables]))


def _melting(
    materials: Mapping[str, HeatMaterial], fractions: Mapping[str, float]
) -> tuple[float | None, float | None, float, tuple[float, str]]:
    """Solidus, liquidus, latent heat of what melts first; where the next begins, with its name."""
    melting = [
        (item.solidus, item.liquidus, fractions[part] * item.latent_heat, item.name)
        for part, item in materials.items()
        if item.solidus is not None and item.liquidus is not None and fractions[part] > 0.0
    ]
    never = (float("inf"), "nothing")
    if not melting:
        return None, None, 0.0, never
    solidus, liquidus = min((first, last) for first, last, _, _ in melting)
    latent = sum(heat for first, last, heat, _ in melting if (first, last) == (solidus, liquidus))
    later = [
        (first, f"where {name} begins to melt")
        for first, last, _, name in melting
        if (first, last) != (solidus, liquidus)
    ]
    return solidus, liquidus, latent, min(later, default=never)
