r"""Isotropic inelastic flow: what all laws with memory share.

With the elastic trial strain :math:`e = \varepsilon - \varepsilon^{in}_0`, moduli at the end of the
increment and :math:`s^{tr} = 2 G\, \mathrm{dev}\, e`, the flow is along :math:`s^{tr}` and only its
size :math:`\Delta p` (equivalent inelastic strain increment, backward Euler) is unknown:

.. math:: \sigma = \sigma^{tr} - 3 G\, \Delta p, \qquad \Delta p = \Delta t\, \dot p(\sigma, T, s).

With :math:`\theta = \sigma/\sigma^{tr}`, :math:`t = d\sigma/d\sigma^{tr}` and the unit direction
:math:`N` the consistent tangent is

.. math:: D = K\, m m^T + 2 G \theta\, I_{dev} + 2 G (t - \theta)\, N N^T .

A law supplies only the scalar solution (theta, t and the increment at every point). Compiled
functions call nothing compiled in another file: numba's cache would not notice a change there.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numba import njit

from bumpfem.constitutive.law import check_arrays, check_solved, isotropic_moduli
from bumpfem.constitutive.table import Table
from bumpfem.units import FloatArray

#: Equivalent trial stress (MPa) below which flow is taken as proportional to stress.
STRESS_FLOOR = 1e-12


@dataclass(frozen=True)
class IsotropicFlow(ABC):
    """Base of the laws with isotropic elasticity and flow along the deviator of stress.

    Args:
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number against degrees Celsius.
    """

    youngs_modulus: Table
    poissons_ratio: Table
    name: ClassVar[str]
    n_state: ClassVar[int] = 7
    rate_dependent: ClassVar[bool] = True

    def initial_state(self, n: int) -> FloatArray:
        """No inelastic strain: zeros (n, n_state)."""
        return np.zeros((n, self.n_state))

    @abstractmethod
    def solve(
        self,
        equivalent: FloatArray,
        shear: FloatArray,
        temperature: FloatArray,
        dt: float,
        state: FloatArray,
        solution: FloatArray,
        new_state: FloatArray,
    ) -> int:
        """Size of the flow at every point.

        Args:
            equivalent: (n,) equivalent trial stress, MPa, at least ``STRESS_FLOOR``.
            shear: (n,) shear modulus, MPa.
            temperature: (n,) degrees Celsius.
            dt: s.
            state: (n, n_state) at the start.
            solution: (n, 3) theta, t and equivalent inelastic strain increment, written.
            new_state: (n, n_state), columns from 7 on are written.

        Returns:
            -1, or the number of the first point that was not solved.
        """

    def update(
        self,
        strain: FloatArray,
        temperature: FloatArray,
        dt: float,
        state: FloatArray,
        stress: FloatArray,
        tangent: FloatArray,
        new_state: FloatArray,
    ) -> None:
        """Backward Euler over one increment; see :class:`bumpfem.constitutive.Law`."""
        check_arrays(self.n_state, strain, temperature, dt, state, stress, tangent, new_state)
        bulk, shear = isotropic_moduli(self.youngs_modulus, self.poissons_ratio, temperature)
        n = len(strain)
        dilatation, equivalent = np.empty(n), np.empty(n)
        direction, solution = np.empty((n, 6)), np.empty((n, 3))
        failed = trial(strain, state, shear, dilatation, equivalent, direction)
        if failed < 0:
            floored = np.maximum(equivalent, STRESS_FLOOR)
            failed = self.solve(floored, shear, temperature, dt, state, solution, new_state)
        check_solved(failed, self.name, strain, temperature, dt)
        finish(
            bulk, shear, dilatation, equivalent, direction, solution, state,
            stress, tangent, new_state,
        )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")
def trial(
    strain: FloatArray,
    state: FloatArray,
    shear: FloatArray,
    dilatation: FloatArray,
    equivalent: FloatArray,
    direction: FloatArray,
) -> int:
    """Dilatation, equivalent trial stress, unit tensor N; -1 or the first point not finite."""
    for p in range(strain.shape[0]):
        volume = 0.0
        for k in range(3):
            direction[p, k] = strain[p, k] - state[p, k]
            volume += direction[p, k]
        square = 0.0
        for k in range(3):
            direction[p, k] -= volume / 3.0
            square += direction[p, k] * direction[p, k]
        for k in range(3, 6):
            direction[p, k] = 0.5 * (strain[p, k] - state[p, k])
            square += 2.0 * direction[p, k] * direction[p, k]
        size = math.sqrt(square)
        if not math.isfinite(size + volume):
            return p
        if size > 0.0:
            for k in range(6):
                direction[p, k] /= size
        dilatation[p] = volume
        equivalent[p] = 2.0 * shear[p] * math.sqrt(1.5) * size
    return -1


@njit(cache=True, nogil=True, error_model="numpy")
def finish(
    bulk: FloatArray,
    shear: FloatArray,
    dilatation: FloatArray,
    equivalent: FloatArray,
    direction: FloatArray,
    solution: FloatArray,
    state: FloatArray,
    stress: FloatArray,
    tangent: FloatArray,
    new_state: FloatArray,
) -> None:
    """Stress, tangent and inelastic strain from theta, t and the increment in ``solution``."""
    for p in range(stress.shape[0]):
        theta, slope, increment = solution[p]
        if equivalent[p] < STRESS_FLOOR:
            increment *= equivalent[p] / STRESS_FLOOR
            slope = theta
        pressure = bulk[p] * dilatation[p]
        size = math.sqrt(2.0 / 3.0) * theta * equivalent[p]
        flow = math.sqrt(1.5) * increment
        for k in range(3):
            stress[p, k] = pressure + size * direction[p, k]
            stress[p, k + 3] = size * direction[p, k + 3]
            new_state[p, k] = state[p, k] + flow * direction[p, k]
            new_state[p, k + 3] = state[p, k + 3] + 2.0 * flow * direction[p, k + 3]
        new_state[p, 6] = state[p, 6] + increment
        isotropic = 2.0 * shear[p] * theta
        along = 2.0 * shear[p] * (slope - theta)
        for i in range(6):
            for j in range(6):
                tangent[p, i, j] = along * direction[p, i] * direction[p, j]
        for i in range(3):
            for j in range(3):
                tangent[p, i, j] += bulk[p] - isotropic / 3.0
            tangent[p, i, i] += isotropic
            tangent[p, i + 3, i + 3] += 0.5 * isotropic
