r"""Cure after Kamal and Sourour: a catalysed and an autocatalysed reaction side by side.

.. math:: \dot x = (k_1 + k_2 x^m)(1 - x)^n, \qquad k_i = A_i \exp(-E_i / R T).

Kamal and Sourour, Polymer Engineering and Science 13 (1973) 59-64; Kamal, ibid. 14 (1974) 231-239.
With :math:`k_1 > 0` it starts from an uncured resin by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numba import njit

from bumpfem.constitutive.cure_law import (
    KAMAL_SOUROUR,
    CompiledLaw,
    Evaluation,
    Kernel,
    check_constants,
)
from bumpfem.constitutive.cure_terms import arrhenius, power
from bumpfem.units import ZERO_CELSIUS_K, FloatArray


@njit(cache=True, nogil=True, error_model="numpy")
def kamal_sourour(constants: FloatArray, cure: float, kelvin: float) -> tuple[float, float, float]:
    """Rate, 1/s, and its slopes over cure and temperature at one point.

    Args:
        constants: A1, E1/R, A2, E2/R, m, n.
        cure: Degree of cure.
        kelvin: Absolute temperature, K.
    """
    k1, k1_slope = arrhenius(constants[0], constants[1], kelvin)
    k2, k2_slope = arrhenius(constants[2], constants[3], kelvin)
    auto, auto_slope = power(cure, constants[4])
    left, left_slope = power(1.0 - cure, constants[5])
    speed = k1 + k2 * auto
    return (
        speed * left,
        k2 * auto_slope * left - speed * left_slope,
        (k1_slope + k2_slope * auto) * left,
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _evaluate(
    constants: FloatArray, cure: FloatArray, celsius: FloatArray, found: FloatArray
) -> None:
    for p in range(cure.shape[0]):
        found[p, 0], found[p, 1], found[p, 2] = kamal_sourour(
            constants, cure[p], celsius[p] + ZERO_CELSIUS_K
        )


@dataclass(frozen=True)
class KamalSourour(CompiledLaw):
    """Kamal and Sourour's law.

    Attributes:
        catalysed_factor: A1, 1/s; may be zero, then an initial cure is needed.
        catalysed_activation: E1/R, K.
        autocatalysed_factor: A2, 1/s.
        autocatalysed_activation: E2/R, K.
        autocatalysis_exponent: m.
        order: n.

    Raises:
        InputError: A constant is not finite or not positive.
    """

    catalysed_factor: float
    catalysed_activation: float
    autocatalysed_factor: float
    autocatalysed_activation: float
    autocatalysis_exponent: float
    order: float

    name: ClassVar[str] = "kamal_sourour"
    evaluation: ClassVar[Evaluation] = staticmethod(_evaluate)

    def __post_init__(self) -> None:
        check_constants(
            self, zero=("catalysed_factor", "catalysed_activation", "autocatalysed_factor")
        )

    @property
    def kernel(self) -> Kernel:
        """The law as compiled code sees it."""
        return Kernel.of(
            KAMAL_SOUROUR,
            self.catalysed_factor,
            self.catalysed_activation,
            self.autocatalysed_factor,
            self.autocatalysed_activation,
            self.autocatalysis_exponent,
            self.order,
        )

    @property
    def starts_by_itself(self) -> bool:
        """Whether a resin without any cure reacts."""
        return self.catalysed_factor > 0.0
