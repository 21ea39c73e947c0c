r"""Cure of the epoxy 3501-6 after Lee, Loos and Springer: two branches.

.. math:: \dot x = \begin{cases} (k_1 + k_2 x)(1 - x)(B - x) & x < x_s \\ k_3 (1 - x) & x \ge x_s
          \end{cases} \qquad k_i = A_i \exp(-E_i / R T),

with :math:`A_2 < 0`. Lee, Loos and Springer, Journal of Composite Materials 16 (1982) 510-520. The
rate jumps where the branches meet. Below some temperature (about 7 C for 3501-6)
:math:`k_1 + k_2 x` would become negative before that; there the rate is zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numba import njit

from bumpfem.constitutive.cure_law import (
    LEE_LOOS_SPRINGER,
    CompiledLaw,
    Evaluation,
    Kernel,
    check_constants,
)
from bumpfem.constitutive.cure_terms import arrhenius
from bumpfem.errors import InputError
from bumpfem.units import ZERO_CELSIUS_K, FloatArray, kelvin


@njit(cache=True, nogil=True, error_model="numpy")
def lee_loos_springer(
    constants: FloatArray, branch: int, cure: float, absolute: float
) -> tuple[float, float, float]:
    """Rate, 1/s, and its slopes over cure and temperature at one point.

    Args:
        constants: A1, E1/R, A2, E2/R, A3, E3/R, B, cure at the switch.
        branch: 0 before the switch, 1 from it on.
        cure: Degree of cure.
        absolute: Temperature, K.
    """
    if branch == 1:
        k3, k3_slope = arrhenius(constants[4], constants[5], absolute)
        return k3 * (1.0 - cure), -k3, k3_slope * (1.0 - cure)
    k1, k1_slope = arrhenius(constants[0], constants[1], absolute)
    k2, k2_slope = arrhenius(constants[2], constants[3], absolute)
    speed, offset = k1 + k2 * cure, constants[6]
    if speed <= 0.0:
        return 0.0, 0.0, 0.0
    left = (1.0 - cure) * (offset - cure)
    return (
        speed * left,
        k2 * left - speed * (1.0 + offset - 2.0 * cure),
        (k1_slope + k2_slope * cure) * left,
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _evaluate(
    constants: FloatArray, cure: FloatArray, celsius: FloatArray, found: FloatArray
) -> None:
    for p in range(cure.shape[0]):
        branch = 0 if cure[p] < constants[7] else 1
        found[p, 0], found[p, 1], found[p, 2] = lee_loos_springer(
            constants, branch, cure[p], celsius[p] + ZERO_CELSIUS_K
        )


@dataclass(frozen=True)
class LeeLoosSpringer(CompiledLaw):
    """Lee, Loos and Springer's law.

    Attributes:
        first_factor: A1, 1/s.
        first_activation: E1/R, K.
        second_factor: A2, 1/s; negative.
        second_activation: E2/R, K.
        third_factor: A3, 1/s.
        third_activation: E3/R, K.
        offset: B.
        switch: Cure at which the branches meet, below B.

    Raises:
        InputError: A constant is not finite or has the wrong sign, or the switch is not below B.
    """

    first_factor: float
    first_activation: float
    second_factor: float
    second_activation: float
    third_factor: float
    third_activation: float
    offset: float
    switch: float = 0.3

    name: ClassVar[str] = "lee_loos_springer"
    evaluation: ClassVar[Evaluation] = staticmethod(_evaluate)

    def __post_init__(self) -> None:
        check_constants(self, signed=("second_factor",))
        if not self.switch < min(self.offset, 1.0):
            raise InputError(
                "LeeLoosSpringer.switch", self.switch, f"below B = {self.offset:g} and below 1"
            )

    @property
    def kernel(self) -> Kernel:
        """The law as compiled code sees it."""
        return Kernel.of(
            LEE_LOOS_SPRINGER,
            self.first_factor,
            self.first_activation,
            self.second_factor,
            self.second_activation,
            self.third_factor,
            self.third_activation,
            self.offset,
            self.switch,
        )

    def largest_cure(self, temperature: FloatArray) -> FloatArray:
        """1, or where the first branch ends before the switch, ``-k1/k2``; shape ``(n,)``.

        Args:
            temperature: ``(n,)`` degrees C.
        """
        celsius = np.asarray(temperature, dtype=np.float64)
        if self.second_factor >= 0.0:
            return np.ones_like(celsius)
        difference = (self.first_activation - self.second_activation) / kelvin(celsius)
        stop = np.exp(math.log(-self.first_factor / self.second_factor) - difference)
        return np.asarray(np.where(stop < self.switch, stop, 1.0))
