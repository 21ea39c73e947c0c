r"""Autocatalytic cure that diffusion stops.

.. math:: \dot x = \frac{k\, x^m (1 - x)^n}{1 + \exp(C (x - x_{c0} - x_{cT} T))}, \qquad
          k = A \exp(-E / R T),

with T in K. The denominator stands for diffusion: beyond :math:`x_{c0} + x_{cT} T` the resin is a
glass and its rate falls by a factor e for every 1/C of cure. Cole, Hechler and Noël,
Macromolecules 24 (1991) 3098-3110; Khanna and Chanda, Journal of Applied Polymer Science 49 (1993)
319-329. Without diffusion the denominator is one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numba import njit

from bumpfem.constitutive.cure_law import (
    AUTOCATALYTIC,
    CompiledLaw,
    Evaluation,
    Kernel,
    check_constants,
)
from bumpfem.constitutive.cure_terms import arrhenius, power
from bumpfem.units import ZERO_CELSIUS_K, FloatArray, kelvin

#: Part of the rate that diffusion lets through where cure counts as stopped.
_STOPPED = 0.01


@njit(cache=True, nogil=True, error_model="numpy")
def autocatalytic(
    constants: FloatArray, cure: float, absolute: float
) -> tuple[float, float, float]:
    """Rate, 1/s, and its slopes over cure and temperature at one point.

    Args:
        constants: A, E/R, m, n, C, xc0, xcT; C = 0 means no diffusion.
        cure: Degree of cure.
        absolute: Temperature, K.
    """
    k, k_slope = arrhenius(constants[0], constants[1], absolute)
    auto, auto_slope = power(cure, constants[2])
    left, left_slope = power(1.0 - cure, constants[3])
    rate, by_cure = k * auto * left, k * (auto_slope * left - auto * left_slope)
    by_temperature = k_slope * auto * left
    steepness = constants[4]
    if steepness == 0.0:
        return rate, by_cure, by_temperature
    beyond = steepness * (cure - constants[5] - constants[6] * absolute)
    if beyond > 0.0:
        small = math.exp(-beyond)
        passed = small / (1.0 + small)
    else:
        passed = 1.0 / (1.0 + math.exp(beyond))
    fall = steepness * passed * (1.0 - passed)
    return (
        rate * passed,
        by_cure * passed - rate * fall,
        by_temperature * passed + rate * fall * constants[6],
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _evaluate(
    constants: FloatArray, cure: FloatArray, celsius: FloatArray, found: FloatArray
) -> None:
    for p in range(cure.shape[0]):
        found[p, 0], found[p, 1], found[p, 2] = autocatalytic(
            constants, cure[p], celsius[p] + ZERO_CELSIUS_K
        )


@dataclass(frozen=True)
class Diffusion:
    """How diffusion stops cure.

    Attributes:
        steepness: C.
        critical_cure: xc0, the critical cure continued to 0 K.
        critical_cure_slope: xcT, 1/K.

    Raises:
        InputError: A constant is not finite, or C or xcT is not positive.
    """

    steepness: float
    critical_cure: float
    critical_cure_slope: float

    def __post_init__(self) -> None:
        check_constants(self, signed=("critical_cure",), zero=("critical_cure_slope",))


@dataclass(frozen=True)
class Autocatalytic(CompiledLaw):
    """Autocatalytic law, with or without diffusion.

    Attributes:
        factor: A, 1/s.
        activation: E/R, K.
        autocatalysis_exponent: m.
        order: n.
        diffusion: What stops it; None for nothing.

    Raises:
        InputError: A constant is not finite or not positive.
    """

    factor: float
    activation: float
    autocatalysis_exponent: float
    order: float
    diffusion: Diffusion | None = None

    name: ClassVar[str] = "autocatalytic"
    evaluation: ClassVar[Evaluation] = staticmethod(_evaluate)

    def __post_init__(self) -> None:
        check_constants(self, zero=("autocatalysis_exponent",))

    @property
    def kernel(self) -> Kernel:
        """The law as compiled code sees it."""
        stop = self.diffusion
        limits = (
            (stop.steepness, stop.critical_cure, stop.critical_cure_slope)
            if stop is not None
            else (0.0, 0.0, 0.0)
        )
        return Kernel.of(
            AUTOCATALYTIC,
            self.factor,
            self.activation,
            self.autocatalysis_exponent,
            self.order,
            *limits,
        )

    @property
    def starts_by_itself(self) -> bool:
        """Whether a resin without any cure reacts: only if m = 0."""
        return self.autocatalysis_exponent == 0.0

    def largest_cure(self, temperature: FloatArray) -> FloatArray:
        """Cure ``(n,)`` at which diffusion lets a hundredth of the rate through; at most 1.

        Beyond it cure goes on with the logarithm of time only.

        Args:
            temperature: ``(n,)`` degrees C.
        """
        celsius = np.asarray(temperature, dtype=np.float64)
        stop = self.diffusion
        if stop is None:
            return np.ones_like(celsius)
        critical = stop.critical_cure + stop.critical_cure_slope * kelvin(celsius)
        return np.clip(critical + math.log(1.0 / _STOPPED - 1.0) / stop.steepness, 0.0, 1.0)
