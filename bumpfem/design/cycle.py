"""Thermal cycles: conditions of JESD22-A104 and IPC-9701 by name, or any ramps and dwells."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import model_validator

from bumpfem.design.loading import did_you_mean, quoted
from bumpfem.design.profile import CycleStep, closed_loop, corners_of, summary_of
from bumpfem.design.quantities import Duration, PlainName, RampRate, Temperature
from bumpfem.design.record import Record
from bumpfem.errors import DesignRuleWarning, InputError
from bumpfem.units import FloatArray

#: JESD22-A104 conditions: minimum and maximum temperature of the sample, degrees C.
JEDEC_CONDITIONS: dict[str, tuple[float, float]] = {
    "A": (-55.0, 85.0), "B": (-55.0, 125.0), "C": (-65.0, 150.0), "G": (-40.0, 125.0),
    "H": (-55.0, 150.0), "I": (-40.0, 115.0), "J": (0.0, 100.0), "K": (0.0, 125.0),
    "L": (-55.0, 110.0), "M": (-40.0, 150.0), "N": (-40.0, 85.0), "R": (-25.0, 125.0),
    "T": (-40.0, 100.0),
}  # fmt: skip
#: JESD22-A104 soak modes: minimum time at each end, s.
JEDEC_SOAK: dict[int, float] = {1: 60.0, 2: 300.0, 3: 600.0, 4: 900.0}
#: Fastest ramp that JESD22-A104 advises for solder joints, degrees C per minute.
JEDEC_RAMP = 15.0
#: Shortest cycle for solder joints: two per hour, s.
_SHORTEST_PERIOD = 1800.0
#: IPC-9701 test conditions: minimum and maximum temperature, degrees C.
IPC9701_CONDITIONS: dict[str, tuple[float, float]] = {
    "TC1": (0.0, 100.0), "TC2": (-25.0, 100.0), "TC3": (-40.0, 125.0),
    "TC4": (-55.0, 125.0), "TC5": (-55.0, 100.0),
}  # fmt: skip
#: Dwell at each end by IPC-9701, s.
IPC9701_DWELL = 600.0
#: Fastest ramp by IPC-9701, degrees C per minute.
IPC9701_RAMP = 20.0


class ThermalCycle(Record):
    """One thermal cycle, repeated.

    It starts and ends at the end of the hot dwell: ramp down, cold dwell, ramp up, hot dwell; or,
    with ``steps``, whatever these say.

    Attributes:
        name: Name for the report.
        minimum: Lowest temperature, degrees C.
        maximum: Highest temperature, degrees C.
        cold_dwell: Time at the lowest temperature, s.
        hot_dwell: Time at the highest temperature, s.
        heating_rate: Rate of the ramp up (the mean of several), degrees C per minute.
        cooling_rate: Rate of the ramp down without sign (the mean of several), degrees C/min.
        steps: Steps of a free profile, from :meth:`from_ramps`; empty for the four above.
    """

    label: ClassVar[str] = "cycle"

    name: PlainName = "cycle"
    minimum: Temperature
    maximum: Temperature
    cold_dwell: Duration
    hot_dwell: Duration
    heating_rate: RampRate
    cooling_rate: RampRate
    steps: tuple[CycleStep, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.minimum >= self.maximum:
            raise InputError(
                "minimum", self.minimum, f"less than maximum = {self.maximum} degC", "degC",
                "a cycle between equal temperatures has no length",
            )  # fmt: skip
        if self.steps:
            for field, value in summary_of(closed_loop(self.steps)).items():
                if not np.isclose(getattr(self, field), value):
                    raise InputError(
                        field, getattr(self, field), f"{value:g} as the steps say",
                        reason="use ThermalCycle.from_ramps, which works it out",
                    )  # fmt: skip
        return self

    @classmethod
    def jedec(
        cls, condition: str, *, soak_mode: int = 3, ramp_rate: float | None = None
    ) -> ThermalCycle:
        """A condition of JESD22-A104.

        >>> ThermalCycle.jedec("G").period / 60
        42.0

        Args:
            condition: Letter of the condition.
            soak_mode: 1, 2, 3 or 4 for at least 1, 5, 10 or 15 minutes at each end; the default 3
                is also the dwell of IPC-9701. The dwell is taken as exactly this minimum.
            ramp_rate: Degrees C per minute. Default: the 15 that the standard advises at most for
                solder joints, or less where the cycle would be shorter than half an hour (it
                advises one to two cycles per hour).

        Raises:
            InputError: Unknown condition or soak mode.

        Warns:
            DesignRuleWarning: The ramp is faster than the standard advises.
        """
        limits = _known("condition", condition, JEDEC_CONDITIONS, "JESD22-A104")
        dwell = _known("soak_mode", soak_mode, JEDEC_SOAK, "JESD22-A104")
        if ramp_rate is None:
            spare = _SHORTEST_PERIOD - 2.0 * dwell
            slow = 60.0 * 2.0 * (limits[1] - limits[0]) / spare if spare > 0.0 else JEDEC_RAMP
            ramp_rate = min(JEDEC_RAMP, slow)
        _warn_fast(ramp_rate, JEDEC_RAMP, "JESD22-A104")
        return _symmetric(f"JESD22-A104-{condition}", limits, dwell, ramp_rate)

    @classmethod
    def ipc9701(cls, standard: str, *, ramp_rate: float = JEDEC_RAMP) -> ThermalCycle:
        """A test condition of IPC-9701, TC1 to TC5, with 10 minutes at each end.

        Args:
            standard: Name of the condition.
            ramp_rate: Degrees C per minute; the standard allows 20 at most.

        Raises:
            InputError: Unknown condition.

        Warns:
            DesignRuleWarning: The ramp is faster than the standard allows.
        """
        limits = _known("standard", standard, IPC9701_CONDITIONS, "IPC-9701")
        _warn_fast(ramp_rate, IPC9701_RAMP, "IPC-9701")
        return _symmetric(f"IPC-9701-{standard}", limits, IPC9701_DWELL, ramp_rate)

    @classmethod
    def from_ramps(
        cls, steps: Iterable[CycleStep | Mapping[str, Any]], *, name: str = "custom"
    ) -> ThermalCycle:
        """Any closed sequence of ramps and dwells.

        It starts at the temperature at which its last ramp ends. The cycle is turned so that it
        starts where the last stay at the highest temperature ends.

        >>> cycle = ThermalCycle.from_ramps(
        ...     [{"to": -40, "rate": 10}, {"hold": 900}, {"to": 125, "rate": 15}, {"hold": 600}]
        ... )
        >>> cycle.corners()[0].tolist()
        [0.0, 990.0, 1890.0, 2550.0, 3150.0]

        Args:
            steps: Ramps ``{"to": degC, "rate": degC/min}`` and holds ``{"hold": s}``.
            name: Name for the report.

        Raises:
            InputError: No step, no ramp, or a cycle of no length.
        """
        checked = tuple(
            step if isinstance(step, CycleStep) else CycleStep(**step) for step in steps
        )
        return cls(name=name, steps=checked, **summary_of(closed_loop(checked)))

    def corners(self) -> tuple[FloatArray, FloatArray]:
        """Times (s, from 0) and temperatures (degrees C) of the corners of one cycle.

        First and last corner are the end of the hot dwell; dwells of no length give no corner.
        """
        if self.steps:
            return closed_loop(self.steps)
        span = self.maximum - self.minimum
        durations = [
            60.0 * span / self.cooling_rate, self.cold_dwell,
            60.0 * span / self.heating_rate, self.hot_dwell,
        ]  # fmt: skip
        ends = [self.minimum, self.minimum, self.maximum, self.maximum]
        return corners_of(self.maximum, durations, ends)

    @property
    def period(self) -> float:
        """Duration of one cycle, s."""
        return float(self.corners()[0][-1])

    def lead_in(self, stress_free_temperature: float) -> tuple[FloatArray, FloatArray]:
        """Corners of the way from the stress-free state to the start of the first cycle.

        A ramp to the highest temperature at the cycle's rate; empty if it starts there.

        Args:
            stress_free_temperature: Degrees C.
        """
        span = self.maximum - stress_free_temperature
        if span == 0.0:
            return np.empty(0), np.empty(0)
        rate = self.heating_rate if span > 0.0 else self.cooling_rate
        times = np.array([0.0, 60.0 * abs(span) / rate])
        return times, np.array([stress_free_temperature, self.maximum])


def _known[Key: (str, int), Value](
    field: str, key: Key, table: Mapping[Key, Value], standard: str
) -> Value:
    if key not in table:
        reason = did_you_mean(key, [str(known) for known in table])
        raise InputError(
            f"cycle.{field}", repr(key), f"one of {quoted(str(k) for k in table)} of {standard}",
            reason=reason,
        )  # fmt: skip
    return table[key]


def _warn_fast(rate: float, limit: float, standard: str) -> None:
    if rate > limit:
        warnings.warn(
            f"cycle: {rate:g} degC/min is faster than the {limit:g} degC/min of {standard}",
            DesignRuleWarning,
            stacklevel=3,
        )


def _symmetric(name: str, limits: tuple[float, float], dwell: float, rate: float) -> ThermalCycle:
    return ThermalCycle(
        name=name, minimum=limits[0], maximum=limits[1], cold_dwell=dwell, hot_dwell=dwell,
        heating_rate=rate, cooling_rate=rate,
    )  # fmt: skip
