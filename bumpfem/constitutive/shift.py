r"""Shift of the relaxation times of a resin with temperature and cure.

With :math:`d = T - T_r` the law of Williams, Landel and Ferry above the reference and Arrhenius'
law below it,

.. math:: \log_{10} a = -\frac{C_1 d}{C_2 + d} \; (d \ge 0), \qquad
          \ln a = \frac{E}{R}\left(\frac1T - \frac1{T_r}\right) \; (d < 0),

and the reference moves with the glass transition, :math:`T_r(x) = T_{r,1} + T_g(x) - T_g(1)`.
Without an activation energy the first law holds below the reference too; from its pole at
:math:`d = -C_2` downwards the resin is frozen. Printed sets may have :math:`C_2 < 0`: then the pole
lies above the reference and a temperature beyond it is refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.units import FloatArray, kelvin

#: Largest natural logarithm of the shift, either sign: beyond it nothing changes any more.
LARGEST_LOGARITHM = 600.0


@dataclass(frozen=True)
class Shift:
    """Constants of the shift of the cured resin.

    Args:
        c1: :math:`C_1`, pure number, of the sign of ``c2``.
        c2: :math:`C_2`, K, not zero.
        reference: Reference temperature of the cured resin, degrees Celsius.
        activation: E/R, K, or None for the first law on both sides.

    Raises:
        InputError: Constants without sense.
    """

    c1: float
    c2: float
    reference: float
    activation: float | None = None

    def __post_init__(self) -> None:
        if not np.isfinite([self.c1, self.c2]).all() or self.c1 * self.c2 <= 0.0:
            raise InputError(
                "shift.c1, shift.c2", (self.c1, self.c2), "two finite numbers of one sign"
            )
        if not kelvin(self.reference) > 0.0:
            raise InputError("shift.reference", self.reference, "above absolute zero", "C")
        if self.activation is not None and not 0.0 < self.activation < np.inf:
            raise InputError("shift.activation", self.activation, "positive", "K")

    def logarithm(self, temperature: FloatArray, moved: FloatArray) -> FloatArray:
        """Natural logarithm of the shift: relaxation times are those at the reference times a.

        Args:
            temperature: Degrees Celsius, any shape.
            moved: By how much the glass transition lies above that of the cured resin, K.

        Raises:
            PropertyRangeError: A temperature at or beyond the pole of a set with ``c2 < 0``.
        """
        reference = self.reference + moved
        above = temperature - reference
        if self.c2 < 0.0 and np.any(above >= -self.c2):
            worst = float(np.max(above)) + self.reference
            raise PropertyRangeError(
                f"relaxation times are known below {self.reference - self.c2:g} C only (pole of "
                f"C1 = {self.c1:g}, C2 = {self.c2:g} K), not at {worst:g} C"
            )
        frozen = (above <= -self.c2) if self.c2 > 0.0 else np.zeros(above.shape, dtype=bool)
        denominator = np.where(frozen, 1.0, self.c2 + above)
        found = np.where(frozen, LARGEST_LOGARITHM, -math.log(10.0) * self.c1 * above / denominator)
        if self.activation is not None:
            inverse = 1.0 / kelvin(temperature) - 1.0 / kelvin(reference)
            found = np.where(above < 0.0, self.activation * inverse, found)
        return np.clip(found, -LARGEST_LOGARITHM, LARGEST_LOGARITHM)
