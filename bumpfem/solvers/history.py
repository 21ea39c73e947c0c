"""Temperature over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bumpfem.errors import InputError
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class TemperatureHistory:
    """Piecewise linear temperature over time.

    Attributes:
        times: Corner times, s, ascending.
        temperatures: Temperature at the corners, degrees C.
        period: Time after which the temperature repeats, s; None if it does not.
        periodic_from: Time from which on it repeats, s.
    """

    times: FloatArray
    temperatures: FloatArray
    period: float | None = None
    periodic_from: float = 0.0

    def __post_init__(self) -> None:
        """Check the corners.

        Raises:
            InputError: if times do not increase or the lengths differ.
        """
        if len(self.times) != len(self.temperatures) or len(self.times) < 2:
            raise InputError("history", len(self.times), "two or more corners, one value each")
        if not np.all(np.diff(self.times) > 0):
            raise InputError("history.times", list(self.times), "increasing times", "s")
        if self.period is not None and self.period <= 0:
            raise InputError("history.period", self.period, "> 0", "s")

    def __call__(self, time: float) -> float:
        """Temperature at ``time``, degrees C."""
        return float(np.interp(time, self.times, self.temperatures))
