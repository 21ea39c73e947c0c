"""Norris-Landzberg: how many cycles in use one cycle of a test stands for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bumpfem.errors import InputError
from bumpfem.fatigue.applicability import Mismatch, check_applicability
from bumpfem.fatigue.calibration import Calibration, Constant
from bumpfem.fatigue.measures import RunContext
from bumpfem.units import kelvin


@dataclass(frozen=True, kw_only=True)
class CycleConditions:
    """A thermal cycle as an acceleration model sees it.

    Attributes:
        minimum_c: Lowest temperature in degrees Celsius.
        maximum_c: Highest temperature in degrees Celsius.
        cycles_per_day: Frequency, for models that use it.
        hot_dwell_minutes: Dwell at the maximum in minutes, for models that use it.

    Raises:
        InputError: The maximum is not above the minimum, or a rate or dwell is not positive.
    """

    minimum_c: float
    maximum_c: float
    cycles_per_day: float | None = None
    hot_dwell_minutes: float | None = None

    def __post_init__(self) -> None:
        if not -273.15 < self.minimum_c < self.maximum_c:
            raise InputError(
                "cycle.maximum_c", self.maximum_c, f"above minimum_c = {self.minimum_c:g}", "C"
            )
        for name in ("cycles_per_day", "hot_dwell_minutes"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value > 0.0):
                raise InputError(f"cycle.{name}", value, "a finite number > 0")


@dataclass(frozen=True)
class Acceleration:
    """An acceleration factor with its three parts.

    Attributes:
        factor: Life in use over life in test.
        from_temperature_range: Part of the temperature range.
        from_time: Part of frequency or dwell.
        from_maximum_temperature: Arrhenius part of the maximum temperature.
        mismatches: Where alloy or temperatures leave the calibration.
    """

    factor: float
    from_temperature_range: float
    from_time: float
    from_maximum_temperature: float
    mismatches: tuple[Mismatch, ...] = ()


class NorrisLandzberg(BaseModel):
    r"""Acceleration factor between a test (t) and use (u).

    .. math::

        AF = \left(\frac{\Delta T_t}{\Delta T_u}\right)^n A_t
             \exp\left[E \left(\frac1{T_{max,u}} - \frac1{T_{max,t}}\right)\right]

    with temperatures in K in the exponential. The time part A_t is ``(f_u / f_t)^m`` with the
    frequency (Norris and Landzberg 1969), or ``(t_t / t_u)^m`` with the hot dwell (Pan 2005).

    Attributes:
        name: Name in the library.
        title: One line for reports.
        calibration: What it was fitted to.
        range_exponent: n.
        time_exponent: m.
        activation_temperature: E, K.
        time_basis: Which time part.

    Reference: Norris and Landzberg, IBM J. Res. Dev. 13, 1969; Pan et al. 2005.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    calibration: Calibration
    range_exponent: Constant
    time_exponent: Constant
    activation_temperature: Constant
    time_basis: Literal["frequency", "hot_dwell"]

    def acceleration(
        self, test: CycleConditions, use: CycleConditions, *, alloy: str | None = None
    ) -> Acceleration:
        """Acceleration of a test over use.

        Args:
            test: Cycle of the test.
            use: Cycle in use.
            alloy: Solder, to compare with the calibration.

        Returns:
            The factor (life in use = factor times life in test), its parts and the mismatches.

        Raises:
            InputError: The frequency or dwell that the model needs is missing.
        """
        in_range = (test.maximum_c - test.minimum_c) / (use.maximum_c - use.minimum_c)
        from_range = in_range**self.range_exponent.value
        if self.time_basis == "frequency":
            time_ratio = self._time(use, "cycles_per_day") / self._time(test, "cycles_per_day")
        else:
            time_ratio = self._time(test, "hot_dwell_minutes") / self._time(
                use, "hot_dwell_minutes"
            )
        from_time = time_ratio**self.time_exponent.value
        from_maximum = math.exp(
            self.activation_temperature.value
            * (1.0 / kelvin(use.maximum_c) - 1.0 / kelvin(test.maximum_c))
        )
        context = RunContext(
            alloy=alloy,
            temperature_minimum_c=min(test.minimum_c, use.minimum_c),
            temperature_maximum_c=max(test.maximum_c, use.maximum_c),
        )
        return Acceleration(
            from_range * from_time * from_maximum,
            from_range,
            from_time,
            from_maximum,
            tuple(check_applicability(self, context)),
        )

    def _time(self, cycle: CycleConditions, name: str) -> float:
        value = getattr(cycle, name)
        if value is None:
            raise InputError(f"cycle.{name}", None, "a number > 0", reason=f"{self.name} needs it")
        return float(value)
