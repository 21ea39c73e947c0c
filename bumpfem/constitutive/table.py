"""A property that depends on temperature, as a plain table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bumpfem.errors import InputError
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class Table:
    """Values at temperatures, joined by straight lines.

    Beyond its ends the first or last value is kept, as ``Property(..., extrapolate=True)`` does;
    whether a temperature is inside the range of the source is checked once by whoever chose the
    material. A table with one entry is a constant.

    Args:
        temperature: Degrees Celsius, strictly increasing.
        value: One value per temperature.

    Raises:
        InputError: Empty table, unequal lengths, not finite, or temperatures not increasing.

    >>> float(Table((25.0, 125.0), (46.5e3, 30.0e3))(75.0))
    38250.0
    """

    temperature: tuple[float, ...]
    value: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.temperature) != len(self.value) or not self.value:
            raise InputError(
                "table.value",
                f"{len(self.value)} values at {len(self.temperature)} temperatures",
                "one value per temperature, at least one",
            )
        if not (np.isfinite(self.temperature).all() and np.isfinite(self.value).all()):
            raise InputError("table.value", self.value, "finite numbers")
        if np.any(np.diff(self.temperature) <= 0.0):
            raise InputError(
                "table.temperature", self.temperature, "strictly increasing temperatures", "C"
            )

    @classmethod
    def constant(cls, value: float) -> Table:
        """A value that does not depend on temperature."""
        return cls((25.0,), (float(value),))

    def __call__(self, temperature: float | FloatArray) -> FloatArray:
        """Value at each temperature (degrees Celsius), same shape as the argument."""
        t = np.asarray(temperature, dtype=np.float64)
        return np.interp(t, self.temperature, self.value)
