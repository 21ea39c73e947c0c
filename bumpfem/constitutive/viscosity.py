r"""Viscosity of a curing resin after Castro and Macosko.

.. math:: \mu(x, T) = \mu_1 \exp\left(\frac{U}{R T}\right)
          \left(\frac{x_g}{x_g - x}\right)^{a + b x}, \qquad x < x_g,

infinite from the gel point :math:`x_g` on. Castro and Macosko, AIChE Journal 28 (1982) 250-260.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bumpfem.constitutive.cure_law import check_constants
from bumpfem.errors import InputError
from bumpfem.units import FloatArray, kelvin


@dataclass(frozen=True)
class CastroMacosko:
    """Viscosity over cure and temperature.

    Attributes:
        factor: mu1, Pa s.
        activation: U/R, K.
        gel_cure: xg, above 0 and below 1.
        exponent: a.
        exponent_slope: b.

    Raises:
        InputError: A constant is out of its limits.
    """

    factor: float
    activation: float
    gel_cure: float
    exponent: float
    exponent_slope: float

    def __post_init__(self) -> None:
        check_constants(self, signed=("exponent_slope",))
        if not self.gel_cure < 1.0:
            raise InputError("CastroMacosko.gel_cure", self.gel_cure, "above 0 and below 1")

    def at(self, cure: float | FloatArray, temperature: float | FloatArray) -> FloatArray:
        """Viscosity, Pa s, of the common shape of both arguments; infinite from gel on.

        Args:
            cure: Degree of cure.
            temperature: degrees C.
        """
        x, celsius = np.broadcast_arrays(
            np.asarray(cure, dtype=np.float64), np.asarray(temperature, dtype=np.float64)
        )
        gelled = x >= self.gel_cure
        liquid = np.where(gelled, 0.0, x)
        ratio = self.gel_cure / (self.gel_cure - liquid)
        thin = self.factor * np.exp(self.activation / kelvin(celsius))
        flowing = thin * ratio ** (self.exponent + self.exponent_slope * liquid)
        return np.asarray(np.where(gelled, np.inf, flowing))
