r"""Glass transition of a curing resin after DiBenedetto.

.. math:: T_g(x) = T_{g0} + \frac{\lambda x}{1 - (1 - \lambda) x} (T_{g1} - T_{g0}).

DiBenedetto, Journal of Polymer Science B 25 (1987) 1949-1969, in the form of Pascault and Williams,
ibid. 28 (1990) 85-95.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np

from bumpfem.errors import InputError
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class DiBenedetto:
    """Glass transition over cure.

    Attributes:
        uncured: Tg0, degrees C.
        cured: Tg1, degrees C.
        shape: lambda, above 0 and at most 1; 1 is a straight line.

    Raises:
        InputError: lambda out of its limits or Tg1 not above Tg0.

    >>> round(DiBenedetto(-1.5, 243.0, 0.435).at(1.0), 9)
    243.0
    """

    uncured: float
    cured: float
    shape: float

    def __post_init__(self) -> None:
        if not 0.0 < self.shape <= 1.0:
            raise InputError("glass_transition.shape", self.shape, "above 0 and at most 1")
        if not self.cured > self.uncured:
            raise InputError(
                "glass_transition.cured", self.cured, f"above that of no cure, {self.uncured:g}",
                "C",
            )  # fmt: skip

    @overload
    def at(self, cure: float) -> float: ...
    @overload
    def at(self, cure: FloatArray) -> FloatArray: ...
    def at(self, cure: float | FloatArray) -> float | FloatArray:
        """Glass transition at a degree of cure, degrees C."""
        part = self.shape * cure / (1.0 - (1.0 - self.shape) * cure)
        return self.uncured + (self.cured - self.uncured) * part

    @overload
    def slope(self, cure: float) -> float: ...
    @overload
    def slope(self, cure: FloatArray) -> FloatArray: ...
    def slope(self, cure: float | FloatArray) -> float | FloatArray:
        """Its slope over cure, K."""
        below = 1.0 - (1.0 - self.shape) * cure
        return (self.cured - self.uncured) * self.shape / below**2

    def cure_at(self, temperature: float) -> float:
        """Cure at which the glass transition reaches a temperature; clipped to 0 and 1."""
        part = (temperature - self.uncured) / (self.cured - self.uncured)
        part = float(np.clip(part, 0.0, 1.0))
        return part / (self.shape + (1.0 - self.shape) * part)
