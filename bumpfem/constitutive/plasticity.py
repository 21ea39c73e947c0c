"""Rate-independent J2 plasticity with a measured hardening curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numba import njit

from bumpfem.constitutive.flow import IsotropicFlow
from bumpfem.constitutive.table import Table
from bumpfem.errors import InputError
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class J2Plasticity(IsotropicFlow):
    """Isotropic hardening: ``sigma <= yield(p)``, linear between the points, level after the last.

    Args:
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number.
        plastic_strain: Accumulated plastic strain of the points, the first 0, increasing.
        yield_stress: MPa, positive, not decreasing.

    Raises:
        InputError: A curve that does not have this form.
    """

    plastic_strain: tuple[float, ...]
    yield_stress: tuple[float, ...]
    name: ClassVar[str] = "plasticity"
    rate_dependent: ClassVar[bool] = False

    def __post_init__(self) -> None:
        p, y = np.asarray(self.plastic_strain), np.asarray(self.yield_stress)
        if p.ndim != 1 or p.shape != y.shape or p.size == 0:
            raise InputError(
                "plasticity.plastic_strain", self.plastic_strain, "one strain per yield stress"
            )
        if not np.isfinite(p).all() or p[0] != 0.0 or np.any(np.diff(p) <= 0.0):
            raise InputError(
                "plasticity.plastic_strain", self.plastic_strain, "0 first, then increasing"
            )
        if not np.isfinite(y).all() or y[0] <= 0.0 or np.any(np.diff(y) < 0.0):
            raise InputError(
                "plasticity.yield_stress", self.yield_stress, "positive, not decreasing", "MPa"
            )

    @classmethod
    def from_total_strain(
        cls,
        youngs_modulus: Table,
        poissons_ratio: Table,
        total_strain: tuple[float, ...],
        yield_stress: tuple[float, ...],
        curve_temperature: float = 25.0,
    ) -> J2Plasticity:
        """From a tensile curve of stress against total strain.

        Plastic strain is ``total - stress/E`` with E at ``curve_temperature`` (C). The first point
        is the yield point: its plastic strain is set to 0, which the curve must agree with
        within 1e-4.

        Raises:
            InputError: The first point is not on the elastic line, or strains do not increase.
        """
        modulus = float(youngs_modulus(curve_temperature))
        p = np.asarray(total_strain) - np.asarray(yield_stress) / modulus
        if abs(p[0]) > 1e-4:
            raise InputError(
                "plasticity.total_strain",
                total_strain[0],
                f"the elastic strain {yield_stress[0] / modulus:.6g} of the first yield stress",
                reason="the first point of the curve must be the yield point",
            )
        p[0] = 0.0
        return cls(youngs_modulus, poissons_ratio, tuple(p.tolist()), tuple(yield_stress))

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
        """Flow at every point, in closed form; see :class:`IsotropicFlow`."""
        solve_plasticity_points(
            equivalent, shear, np.asarray(self.plastic_strain), np.asarray(self.yield_stress),
            state, solution,
        )  # fmt: skip
        return -1


@njit(cache=True, nogil=True, error_model="numpy")
def solve_plasticity_points(
    equivalent: FloatArray,
    shear: FloatArray,
    plastic_strain: FloatArray,
    yield_stress: FloatArray,
    state: FloatArray,
    solution: FloatArray,
) -> None:
    """Theta, t and increment of all points (n, 3): the segment of the curve where flow ends."""
    last = plastic_strain.shape[0] - 1
    for p in range(equivalent.shape[0]):
        accumulated = state[p, 6]
        stiffness = 3.0 * shear[p]
        k = 0
        while k < last and accumulated >= plastic_strain[k + 1]:
            k += 1
        while True:
            hardening = 0.0
            if k < last:
                rise = yield_stress[k + 1] - yield_stress[k]
                hardening = rise / (plastic_strain[k + 1] - plastic_strain[k])
            start = yield_stress[k] + hardening * (accumulated - plastic_strain[k])
            increment = (equivalent[p] - start) / (stiffness + hardening)
            if k == last or accumulated + increment <= plastic_strain[k + 1]:
                break
            k += 1
        if increment > 0.0:
            solution[p, 0] = 1.0 - stiffness * increment / equivalent[p]
            solution[p, 1] = hardening / (stiffness + hardening)
            solution[p, 2] = increment
        else:
            solution[p, 0] = solution[p, 1] = 1.0
            solution[p, 2] = 0.0
