r"""Nodal heat content and its safeguarded change.

Heat is stored at the nodes (lumped): node j with the volume :math:`V_{jr}` of region r around it
holds :math:`E_j(T_j) = \sum_r V_{jr} H_r(T_j)`, a strictly increasing function of its own
temperature alone.

``starts (n + 1,)``, ``regions``, ``volumes``: the parts of each node, compressed. ``first
(m + 1,)`` with ``at``, ``base``, ``left``, ``right``: the pieces of every region's heat content as
in :class:`bumpfem.constitutive.enthalpy.Segments`, one after another (``left`` and ``right`` padded
by one entry per region).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bumpfem.units import FloatArray

IntArray = NDArray[np.int32]

#: Halvings that bring any bracket below rounding.
_HALVINGS = 80


class Parts(NamedTuple):
    """Volumes of the regions around every node, and the regions' heat content."""

    starts: IntArray
    regions: IntArray
    volumes: FloatArray
    first: IntArray
    at: FloatArray
    base: FloatArray
    left: FloatArray
    right: FloatArray


@njit(cache=True, nogil=True)
def _content(region: int, temperature: float, parts: Parts) -> tuple[float, float]:
    """Heat content of a region per volume and its slope at a temperature."""
    low, high = parts.first[region], parts.first[region + 1] - 1
    if temperature <= parts.at[low]:
        slope = parts.left[low]
        return parts.base[low] + slope * (temperature - parts.at[low]), slope
    if temperature >= parts.at[high]:
        slope = parts.right[high - 1]
        return parts.base[high] + slope * (temperature - parts.at[high]), slope
    while high - low > 1:
        middle = (low + high) // 2
        if parts.at[middle] <= temperature:
            low = middle
        else:
            high = middle
    run = temperature - parts.at[low]
    bend = (parts.right[low] - parts.left[low]) / (parts.at[high] - parts.at[low])
    return parts.base[low] + run * (parts.left[low] + 0.5 * bend * run), parts.left[
        low
    ] + bend * run


@njit(cache=True, nogil=True)
def _stored(node: int, temperature: float, parts: Parts) -> tuple[float, float]:
    """Heat content of a node, mJ, and its slope, mJ/K."""
    heat, slope = 0.0, 0.0
    for k in range(parts.starts[node], parts.starts[node + 1]):
        h, c = _content(parts.regions[k], temperature, parts)
        heat += parts.volumes[k] * h
        slope += parts.volumes[k] * c
    return heat, slope


@njit(cache=True, nogil=True)
def stored_heat(temperature: FloatArray, parts: Parts, heat: FloatArray, slope: FloatArray) -> None:
    """Heat content ``(n,)`` of all nodes, mJ, and its slope ``(n,)``, mJ/K."""
    for node in range(temperature.shape[0]):
        heat[node], slope[node] = _stored(node, temperature[node], parts)


@njit(cache=True, nogil=True)
def advance(
    temperature: FloatArray,
    change: FloatArray,
    heat: FloatArray,
    slope: FloatArray,
    parts: Parts,
) -> None:
    r"""Change ``temperature`` in place by a Newton correction, held back where a node melts.

    The linearisation promises the node :math:`\Delta E = C\,\Delta T`. Where the node takes up more
    heat than that on its way (it begins to melt or to freeze), it gets the temperature at which it
    has taken up :math:`\Delta E`; where it takes up less (it ends to), it gets :math:`\Delta T`.

    Args:
        temperature: (n,) degrees C, changed.
        change: (n,) correction, K.
        heat: (n,) heat content at ``temperature``, mJ.
        slope: (n,) its slope there, mJ/K.
        parts: Volumes and heat content.
    """
    for node in range(temperature.shape[0]):
        step = change[node]
        start = temperature[node]
        temperature[node] = start + step
        if step == 0.0:
            continue
        promised = slope[node] * step
        taken = _stored(node, start + step, parts)[0] - heat[node]
        if taken / promised <= 1.0 + 1e-9:
            continue
        near, far = 0.0, step
        for _ in range(_HALVINGS):
            middle = 0.5 * (near + far)
            if (_stored(node, start + middle, parts)[0] - heat[node]) / promised > 1.0:
                far = middle
            else:
                near = middle
            if abs(far - near) < 1e-9:
                break
        temperature[node] = start + far
