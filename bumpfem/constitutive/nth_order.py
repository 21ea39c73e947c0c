r"""Cure of n-th order: every bond reacts alike.

.. math:: \dot x = k (1 - x)^n, \qquad k = A \exp(-E / R T).

At constant temperature :math:`x = 1 - [(1 - x_0)^{1-n} - (1 - n) k t]^{1/(1-n)}`, for n = 1
:math:`x = 1 - (1 - x_0) e^{-k t}`; with n < 1 it is complete after a finite time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numba import njit

from bumpfem.constitutive.cure_law import (
    NTH_ORDER,
    CompiledLaw,
    Evaluation,
    Kernel,
    check_constants,
)
from bumpfem.constitutive.cure_terms import arrhenius, power
from bumpfem.units import ZERO_CELSIUS_K, FloatArray


@njit(cache=True, nogil=True, error_model="numpy")
def nth_order(constants: FloatArray, cure: float, kelvin: float) -> tuple[float, float, float]:
    """Rate, 1/s, and its slopes over cure and temperature at one point.

    Args:
        constants: A, E/R, n.
        cure: Degree of cure.
        kelvin: Absolute temperature, K.
    """
    k, k_slope = arrhenius(constants[0], constants[1], kelvin)
    left, left_slope = power(1.0 - cure, constants[2])
    return k * left, -k * left_slope, k_slope * left


@njit(cache=True, nogil=True, error_model="numpy")
def _evaluate(
    constants: FloatArray, cure: FloatArray, celsius: FloatArray, found: FloatArray
) -> None:
    for p in range(cure.shape[0]):
        found[p, 0], found[p, 1], found[p, 2] = nth_order(
            constants, cure[p], celsius[p] + ZERO_CELSIUS_K
        )


@dataclass(frozen=True)
class NthOrder(CompiledLaw):
    """The law of n-th order.

    Attributes:
        factor: A, 1/s.
        activation: E/R, K.
        order: n.

    Raises:
        InputError: A constant is not finite or not positive.
    """

    factor: float
    activation: float
    order: float

    name: ClassVar[str] = "nth_order"
    evaluation: ClassVar[Evaluation] = staticmethod(_evaluate)

    def __post_init__(self) -> None:
        check_constants(self)

    @property
    def kernel(self) -> Kernel:
        """The law as compiled code sees it."""
        return Kernel.of(NTH_ORDER, self.factor, self.activation, self.order)
