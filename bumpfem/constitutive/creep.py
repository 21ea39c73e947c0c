"""Creep laws whose rate follows from stress and temperature alone."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bumpfem.constitutive.creep_kernel import solve_creep_points
from bumpfem.constitutive.flow import IsotropicFlow
from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.units import FloatArray, kelvin


@dataclass(frozen=True)
class CreepCoefficients:
    """Rate at given temperatures in the two shapes that the kernel knows.

    Hyperbolic: ``rate = exp(log_a) sinh(exp(log_b) sigma)^n``; else
    ``rate = exp(log_a) sigma^n + exp(log_b) sigma^m``. ``log_a``, ``log_b``: (n,).
    """

    log_a: FloatArray
    log_b: FloatArray
    n: float
    m: float
    hyperbolic: bool


@dataclass(frozen=True)
class Creep(IsotropicFlow):
    """Base of the creep laws; each gives its ``coefficients(temperature)``."""

    @abstractmethod
    def coefficients(self, temperature: FloatArray) -> CreepCoefficients:
        """Coefficients of the rate at temperatures (n,) in degrees Celsius."""

    def rate(self, stress: float | FloatArray, temperature: float | FloatArray) -> FloatArray:
        """Equivalent creep rate, 1/s, at equivalent stress (MPa) and temperature (C)."""
        sigma, t = np.broadcast_arrays(np.asarray(stress, float), np.asarray(temperature, float))
        c = self.coefficients(np.ascontiguousarray(t.ravel()))
        x = sigma.ravel()
        if c.hyperbolic:
            values = np.exp(c.log_a) * np.sinh(np.exp(c.log_b) * x) ** c.n
        else:
            values = np.exp(c.log_a) * x**c.n + np.exp(c.log_b) * x**c.m
        rates: FloatArray = np.asarray(values).reshape(sigma.shape)
        return rates

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
        """Flow at every point; see :class:`IsotropicFlow`."""
        c = self.coefficients(temperature)
        failed: int = solve_creep_points(
            equivalent, shear, float(dt), c.log_a, c.log_b, float(c.n), float(c.m), c.hyperbolic,
            solution,
        )  # fmt: skip
        return failed


def _positive(law: str, **parameters: float) -> None:
    for name, value in parameters.items():
        if not (0.0 < value < np.inf):
            raise InputError(f"{law}.{name}", value, "a positive number")


def _not_negative(law: str, **parameters: float) -> None:
    for name, value in parameters.items():
        if not (0.0 <= value < np.inf):
            raise InputError(f"{law}.{name}", value, "zero or a positive number")


@dataclass(frozen=True)
class Norton(Creep):
    """Power law, ``rate = A sigma^n exp(-(Q/R)/T)``.

    Args:
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number.
        A: Coefficient, 1/s MPa^-n.
        n: Stress exponent, at least 1.
        Q_over_R: Activation temperature, K.
    """

    A: float
    n: float
    Q_over_R: float = 0.0
    name: ClassVar[str] = "norton"

    def __post_init__(self) -> None:
        _positive(self.name, A=self.A)
        _not_negative(self.name, Q_over_R=self.Q_over_R)
        _exponent(self.name, n=self.n)

    def coefficients(self, temperature: FloatArray) -> CreepCoefficients:
        """Coefficients of the rate at temperatures (n,) in degrees Celsius."""
        log_a = np.log(self.A) - self.Q_over_R / kelvin(temperature)
        return CreepCoefficients(log_a, np.full(log_a.shape, -np.inf), self.n, self.n, False)


@dataclass(frozen=True)
class DoublePowerLaw(Creep):
    """Two power laws side by side, ``rate = sum_k A_k sigma^n_k exp(-(Q/R)_k/T)``.

    The first is climb-controlled creep, the second the combined glide and climb at high stress
    (Wiese; used by Syed 2004). Column 7 of the state is the part of the accumulated equivalent
    creep strain (column 6) that the first has made; an increment is shared in the ratio of the two
    rates at its end.

    Args:
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number.
        A1: First coefficient, 1/s MPa^-n1.
        n1: First exponent.
        Q1_over_R: First activation temperature, K.
        A2: Second coefficient, 1/s MPa^-n2.
        n2: Second exponent.
        Q2_over_R: Second activation temperature, K.
    """

    A1: float
    n1: float
    Q1_over_R: float
    A2: float
    n2: float
    Q2_over_R: float
    name: ClassVar[str] = "double_power"
    n_state: ClassVar[int] = 8

    def __post_init__(self) -> None:
        _positive(self.name, A1=self.A1, A2=self.A2)
        _not_negative(self.name, Q1_over_R=self.Q1_over_R, Q2_over_R=self.Q2_over_R)
        _exponent(self.name, n1=self.n1, n2=self.n2)

    def coefficients(self, temperature: FloatArray) -> CreepCoefficients:
        """Coefficients of the rate at temperatures (n,) in degrees Celsius."""
        t = kelvin(temperature)
        return CreepCoefficients(
            np.log(self.A1) - self.Q1_over_R / t,
            np.log(self.A2) - self.Q2_over_R / t,
            self.n1,
            self.n2,
            False,
        )

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
        """Flow at every point and the first mechanism's part of it."""
        failed = super().solve(equivalent, shear, temperature, dt, state, solution, new_state)
        c = self.coefficients(temperature)
        log_stress = np.log(np.maximum(solution[:, 0] * equivalent, 1e-300))
        ratio = np.exp(np.minimum(c.log_b - c.log_a + (c.m - c.n) * log_stress, 700.0))
        new_state[:, 7] = state[:, 7] + solution[:, 2] / (1.0 + ratio)
        return failed


@dataclass(frozen=True)
class Garofalo(Creep):
    """Hyperbolic-sine creep in tensile terms, ``rate = A sinh(alpha sigma)^n exp(-(Q/R)/T)``.

    Args:
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number.
        A: Coefficient, 1/s.
        alpha: Inverse of the stress at power-law breakdown, 1/MPa.
        n: Stress exponent, at least 1.
        Q_over_R: Activation temperature, K.
    """

    A: float
    alpha: float
    n: float
    Q_over_R: float
    name: ClassVar[str] = "garofalo"

    def __post_init__(self) -> None:
        _positive(self.name, A=self.A, alpha=self.alpha)
        _not_negative(self.name, Q_over_R=self.Q_over_R)
        _exponent(self.name, n=self.n)

    def coefficients(self, temperature: FloatArray) -> CreepCoefficients:
        """Coefficients of the rate at temperatures (n,) in degrees Celsius."""
        log_a = np.log(self.A) - self.Q_over_R / kelvin(temperature)
        return CreepCoefficients(
            log_a, np.full(log_a.shape, np.log(self.alpha)), self.n, self.n, True
        )


@dataclass(frozen=True)
class DarveauxLau(Creep):
    """Hyperbolic-sine creep whose coefficient and stress scale follow the shear modulus.

    ``rate = A (T0 - T)/T sinh(sigma/(g0 - g1 T))^n exp(-(Q/R)/T)`` with T in K; for eutectic
    tin-lead A 926, T0 508 K, g0 37.78 MPa, g1 0.0744 MPa/K, n 3.3, Q/R 6360 K (Darveaux; Lau).

    Args:
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number.
        A: Coefficient, 1/s.
        T0: Temperature at which the modulus vanishes, K.
        g0: Stress scale at 0 K, MPa.
        g1: Its decrease, MPa/K.
        n: Stress exponent, at least 1.
        Q_over_R: Activation temperature, K.
    """

    A: float
    T0: float
    g0: float
    g1: float
    n: float
    Q_over_R: float
    name: ClassVar[str] = "darveaux_lau"

    def __post_init__(self) -> None:
        _positive(self.name, A=self.A, T0=self.T0, g0=self.g0)
        _not_negative(self.name, g1=self.g1, Q_over_R=self.Q_over_R)
        _exponent(self.name, n=self.n)

    def coefficients(self, temperature: FloatArray) -> CreepCoefficients:
        """Coefficients of the rate at temperatures (n,) in degrees Celsius.

        Raises:
            PropertyRangeError: Temperature at or above T0, or the stress scale not positive.
        """
        t = kelvin(temperature)
        scale = self.g0 - self.g1 * t
        if np.any(t >= self.T0) or np.any(scale <= 0.0):
            raise PropertyRangeError(
                f"darveaux_lau: {float(temperature.max()):.2f} C is beyond the form's limit "
                f"(T < {self.T0} K and g0 - g1 T > 0)"
            )
        log_a = np.log(self.A * (self.T0 - t) / t) - self.Q_over_R / t
        return CreepCoefficients(log_a, -np.log(scale), self.n, self.n, True)


def _exponent(law: str, **parameters: float) -> None:
    for name, value in parameters.items():
        if not (1.0 <= value < np.inf):
            raise InputError(f"{law}.{name}", value, "a number of at least 1")
