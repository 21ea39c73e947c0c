"""Thermo-elasticity with temperature-dependent moduli, isotropic and orthotropic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numba import njit

from bumpfem.constitutive.law import check_arrays, isotropic_moduli
from bumpfem.constitutive.table import Table
from bumpfem.errors import InputError
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class ThermoElastic:
    """Isotropic elasticity, ``stress = K tr(e) m + 2 G dev(e)``, moduli at the current temperature.

    Args:
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number against degrees Celsius.
    """

    youngs_modulus: Table
    poissons_ratio: Table
    name: ClassVar[str] = "elastic"
    n_state: ClassVar[int] = 0
    rate_dependent: ClassVar[bool] = False

    def initial_state(self, n: int) -> FloatArray:
        """An empty state (n, 0): elastic material remembers nothing."""
        return np.zeros((n, 0))

    def stiffness(self, temperature: FloatArray) -> FloatArray:
        """Stiffness (n, 6, 6), MPa, at temperatures (n,) in degrees Celsius.

        Raises:
            PropertyRangeError: Moduli without physical meaning at one of the temperatures.
        """
        bulk, shear = isotropic_moduli(self.youngs_modulus, self.poissons_ratio, temperature)
        matrix = np.zeros((len(bulk), 6, 6))
        matrix[:, :3, :3] = (bulk - 2.0 * shear / 3.0)[:, None, None]
        for k in range(3):
            matrix[:, k, k] += 2.0 * shear
            matrix[:, k + 3, k + 3] = shear
        return matrix

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
        """Stress and tangent; see :class:`bumpfem.constitutive.Law`."""
        check_arrays(0, strain, temperature, dt, state, stress, tangent, new_state)
        elastic_update(strain, self.stiffness(_distinct(temperature)), stress, tangent)


@dataclass(frozen=True)
class OrthotropicElastic:
    """Orthotropic elasticity along the coordinate axes, z through the thickness.

    The compliance is ``S11 = 1/Ex``, ``S12 = -nu_xy/Ex``, ``S13 = -nu_xz/Ex``, ``S23 = -nu_yz/Ey``,
    ``S44 = 1/Gxy``, ...: ``nu_ij`` is the contraction along j under stress along i.

    Args:
        youngs_modulus: Ex, Ey, Ez in MPa against degrees Celsius.
        poissons_ratio: nu_xy, nu_yz, nu_xz.
        shear_modulus: Gxy, Gyz, Gxz in MPa.

    Raises:
        InputError: The compliance is not positive definite at a tabulated temperature.
    """

    youngs_modulus: tuple[Table, Table, Table]
    poissons_ratio: tuple[Table, Table, Table]
    shear_modulus: tuple[Table, Table, Table]
    name: ClassVar[str] = "elastic_orthotropic"
    n_state: ClassVar[int] = 0
    rate_dependent: ClassVar[bool] = False

    def __post_init__(self) -> None:
        tables = (*self.youngs_modulus, *self.poissons_ratio, *self.shear_modulus)
        corners = np.unique(np.concatenate([table.temperature for table in tables]))
        self.stiffness(np.union1d(corners, 0.5 * (corners[1:] + corners[:-1])))

    def initial_state(self, n: int) -> FloatArray:
        """An empty state (n, 0): elastic material remembers nothing."""
        return np.zeros((n, 0))

    def compliance(self, temperature: FloatArray) -> FloatArray:
        """Compliance (n, 6, 6), 1/MPa, at temperatures (n,) in degrees Celsius."""
        ex, ey, ez = (table(temperature) for table in self.youngs_modulus)
        nu_xy, nu_yz, nu_xz = (table(temperature) for table in self.poissons_ratio)
        matrix = np.zeros((len(ex), 6, 6))
        for k, modulus in enumerate((ex, ey, ez)):
            matrix[:, k, k] = 1.0 / modulus
        matrix[:, 0, 1] = matrix[:, 1, 0] = -nu_xy / ex
        matrix[:, 1, 2] = matrix[:, 2, 1] = -nu_yz / ey
        matrix[:, 0, 2] = matrix[:, 2, 0] = -nu_xz / ex
        for k, table in enumerate(self.shear_modulus):
            matrix[:, k + 3, k + 3] = 1.0 / table(temperature)
        return matrix

    def stiffness(self, temperature: FloatArray) -> FloatArray:
        """Stiffness (n, 6, 6), MPa: the inverse of the compliance.

        Raises:
            InputError: The constants do not belong to a stable material (energy not positive).
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            compliance = self.compliance(temperature)
        scaled = compliance * self.youngs_modulus[0](temperature)[:, None, None]
        smallest = np.where(
            np.isfinite(scaled).all(axis=(1, 2)),
            np.linalg.eigvalsh(np.nan_to_num(scaled))[:, 0],
            -np.inf,
        )
        stable = (smallest > 0.0) & (self.youngs_modulus[0](temperature) > 0.0)
        if not stable.all():
            k = int(np.argmin(stable))
            raise InputError(
                "elastic_orthotropic constants",
                f"compliance {np.array2string(compliance[k], precision=3)} 1/MPa",
                "a positive definite compliance (1 - nu_ij nu_ji > 0 and positive moduli)",
                reason=f"at {temperature[k]:.2f} C strain energy would not be positive",
            )
        inverse = np.linalg.inv(compliance)
        symmetric: FloatArray = 0.5 * (inverse + inverse.transpose(0, 2, 1))
        return symmetric

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
        """Stress and tangent; see :class:`bumpfem.constitutive.Law`."""
        check_arrays(0, strain, temperature, dt, state, stress, tangent, new_state)
        elastic_update(strain, self.stiffness(_distinct(temperature)), stress, tangent)


def _distinct(temperature: FloatArray) -> FloatArray:
    """All temperatures, or only the first where they are equal (the usual case)."""
    if len(temperature) and np.all(temperature == temperature[0]):
        return temperature[:1]
    return temperature


@njit(cache=True, nogil=True, error_model="numpy")
def elastic_update(
    strain: FloatArray, stiffness: FloatArray, stress: FloatArray, tangent: FloatArray
) -> None:
    """Linear elasticity; ``stiffness`` (n, 6, 6) per point or (1, 6, 6) for all points."""
    common = stiffness.shape[0] == 1
    for p in range(strain.shape[0]):
        matrix = stiffness[0 if common else p]
        for i in range(6):
            total = 0.0
            for j in range(6):
                total += matrix[i, j] * strain[p, j]
                tangent[p, i, j] = matrix[i, j]
            stress[p, i] = total
