"""Compiled update of a curing resin at its points, with the coefficients of their increment.

The stress is the sum of an equilibrium part and of any number of relaxing terms. With the strain
increment's deviator ``de`` and volume ``dv``, and coefficients that the increment's path gives,

- equilibrium: ``ds = 2 shear de``, ``dp = bulk dv - free``,
- terms: ``q <- decay q + 2 gain de``, ``p <- decay p + gain dv - free``.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bumpfem.units import FloatArray

#: State columns: accumulated viscous strain, cure, temperature, first of strain, stress, terms.
ACCUMULATED, CURE, TEMPERATURE, STRAIN, STRESS, TERMS = 6, 7, 8, 9, 15, 21


@njit(cache=True, nogil=True, error_model="numpy")
def advance_points(
    strain: FloatArray,
    temperature: FloatArray,
    place: NDArray[np.int64],
    common: FloatArray,
    shear_terms: FloatArray,
    bulk_terms: FloatArray,
    state: FloatArray,
    stress: FloatArray,
    tangent: FloatArray,
    new_state: FloatArray,
) -> int:
    """Stress, tangent and state of all points.

    Args:
        strain: (n, 6) total strain at the end.
        temperature: (n,) at the end.
        place: (n,) path of every point.
        common: (m, 7) of every path: cure at the end, part of the increment after the gel point,
            equilibrium shear and bulk modulus and pressure of the free strain (integrals, MPa),
            volume of the free strain, chemical strain.
        shear_terms: (m, k, 3) decay, gain and modulus of every term.
        bulk_terms: (m, l, 4) decay, gain, pressure of the free strain, and modulus.
        state: (n, 21 + 6 k + l).
        stress: (n, 6), written.
        tangent: (n, 6, 6), written.
        new_state: Written.

    Returns:
        -1, or the first point whose strain is not finite.
    """
    n_shear, n_bulk = shear_terms.shape[1], bulk_terms.shape[1]
    first_bulk = TERMS + 6 * n_shear
    deviator, viscous, relaxing = np.empty(6), np.empty(6), np.empty(6)
    for p in range(strain.shape[0]):
        path = place[p]
        cure, part, shear, bulk, free, free_volume, chemical = common[path]
        volume = 0.0
        for i in range(6):
            deviator[i] = strain[p, i] - state[p, STRAIN + i]
            if i < 3:
                volume += deviator[i]
            else:
                deviator[i] *= 0.5
        total = 0.0
        for i in range(6):
            if i < 3:
                deviator[i] -= volume / 3.0
            total += abs(deviator[i])
            viscous[i] = 0.0
            relaxing[i] = 0.0
        if not math.isfinite(total + volume):
            return p
        all_shear, all_bulk = shear, bulk
        instant_shear, instant_bulk = shear, bulk
        for k in range(n_shear):
            decay, gain, modulus = shear_terms[path, k]
            all_shear += gain
            instant_shear += modulus * part
            column = TERMS + 6 * k
            for i in range(6):
                change = (decay - 1.0) * state[p, column + i] + 2.0 * gain * deviator[i]
                new_state[p, column + i] = state[p, column + i] + change
                relaxing[i] += change
                viscous[i] += 2.0 * modulus * part * deviator[i] - change
        pressure, viscous_volume = bulk * volume - free, 0.0
        for k in range(n_bulk):
            decay, gain, own, modulus = bulk_terms[path, k]
            all_bulk += gain
            instant_bulk += modulus * part
            old = state[p, first_bulk + k]
            change = (decay - 1.0) * old + gain * volume - own
            new_state[p, first_bulk + k] = old + change
            pressure += change
            viscous_volume += modulus * (part * volume - free_volume) - change
        size = 0.0
        for i in range(6):
            weight = 1.0 if i < 3 else 2.0
            flow = part * viscous[i] / (2.0 * instant_shear) if instant_shear > 0.0 else 0.0
            size += weight * flow * flow
            new_state[p, i] = state[p, i] + weight * flow
            stress[p, i] = state[p, STRESS + i] + 2.0 * shear * deviator[i] + relaxing[i]
            if i < 3:
                stress[p, i] += pressure
                new_state[p, i] += chemical
                if instant_bulk > 0.0:
                    new_state[p, i] += part * viscous_volume / (3.0 * instant_bulk)
            new_state[p, STRESS + i] = stress[p, i]
            new_state[p, STRAIN + i] = strain[p, i]
        new_state[p, ACCUMULATED] = state[p, ACCUMULATED] + math.sqrt(2.0 / 3.0 * size)
        new_state[p, CURE] = cure
        new_state[p, TEMPERATURE] = temperature[p]
        for i in range(6):
            for j in range(6):
                tangent[p, i, j] = 0.0
        for i in range(3):
            for j in range(3):
                tangent[p, i, j] = all_bulk - 2.0 * all_shear / 3.0
            tangent[p, i, i] += 2.0 * all_shear
            tangent[p, i + 3, i + 3] = all_shear
    return -1
