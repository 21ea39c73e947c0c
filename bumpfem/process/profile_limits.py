r"""What a temperature history has of a profile's measures, and whether it keeps the limits.

Histories are linear between their points. Times above a temperature are exact for such a history;
a ramp over a window :math:`w` is :math:`(T(t + w) - T(t))/w`, largest over all windows that lie in
the stated part of the history. It is a piecewise linear function of :math:`t` with corners where
either end passes a point of the history, so that looking at these corners finds its extreme.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bumpfem.design.reflow_limits import MEASURES, Measure, ProfileLimits
from bumpfem.errors import InputError
from bumpfem.units import FloatArray

#: Window over which ramps are taken, s: thermocouples are read about once a second and noise of
#: half a degree must not count as a ramp.
RAMP_WINDOW = 5.0
#: Relative rounding that is not held against a profile.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Check:
    """One measure of a history beside its limit.

    Attributes:
        measure: What was measured.
        value: Its value; NaN where the history does not get that far.
        minimum: Smallest allowed value, or None.
        maximum: Largest allowed value, or None.
        unit: Unit of all three.
        passed: Whether the value lies within.
        margin: Distance to the nearer bound, negative outside.
        source: Bibliography key of the limit.
        status: How far the limit can be trusted.
    """

    measure: Measure
    value: float
    minimum: float | None
    maximum: float | None
    unit: str
    passed: bool
    margin: float
    source: str
    status: str

    @property
    def words(self) -> str:
        """What was measured, in words."""
        return MEASURES[self.measure][0]


def check_profile(
    times: FloatArray, temperatures: FloatArray, limits: ProfileLimits, window: float = RAMP_WINDOW
) -> list[Check]:
    """Measure a history and check it against limits, in the order of the profile.

    Args:
        times: s, increasing.
        temperatures: Degrees C at the times.
        limits: The limits.
        window: Window of the ramps, s.
    """
    values = profile_measures(times, temperatures, limits, window)
    checks = []
    for measure in MEASURES:
        limit = limits.limit(measure)
        if limit is None:
            continue
        value = values[measure]
        margins = []
        if limit.minimum is not None:
            margins.append(value - limit.minimum)
        if limit.maximum is not None:
            margins.append(limit.maximum - value)
        margin = min(margins)
        passed = bool(margin >= -_ROUNDING * max(abs(value), 1.0))
        checks.append(
            Check(
                measure,
                value,
                limit.minimum,
                limit.maximum,
                limit.unit,
                passed,
                margin,
                limit.source,
                limit.status,
            )
        )
    return checks


def profile_measures(
    times: FloatArray, temperatures: FloatArray, limits: ProfileLimits, window: float = RAMP_WINDOW
) -> dict[Measure, float]:
    """Value of every measure of a history; NaN for what it does not have.

    Args:
        times: s, increasing.
        temperatures: Degrees C at the times.
        limits: They say where liquidus, preheat and the classification temperature lie.
        window: Window of the ramps, s.
    """
    _check_history(times, temperatures)
    peak = float(temperatures.max())
    at_peak = float(times[int(np.argmax(temperatures))])
    low, high = (crossing_up(times, temperatures, value) for value in limits.preheat)
    melts = crossing_up(times, temperatures, limits.liquidus)
    freezes = crossing_down(times, temperatures, limits.liquidus)
    leaves = float(times[len(times) - 1 - int(np.argmax(temperatures[::-1]))])
    room = crossing_up(times, temperatures, 25.0)
    return {
        "preheat_time": high - low,
        "ramp_up": steepest(times, temperatures, melts, at_peak, window),
        "time_above_liquidus": time_above(times, temperatures, limits.liquidus),
        "peak": peak,
        "time_near_peak": time_above(times, temperatures, limits.classification_temperature - 5.0),
        "ramp_down": steepest(times, -temperatures, leaves, freezes, window),
        "time_to_peak": at_peak - room,
    }


def time_above(times: FloatArray, temperatures: FloatArray, level: float) -> float:
    """Time that a piecewise linear history spends above a temperature, s.

    >>> time_above(np.array([0.0, 10.0, 20.0]), np.array([0.0, 100.0, 0.0]), 50.0)
    10.0
    """
    total = 0.0
    for (start, end), (first, second) in zip(pairwise(times), pairwise(temperatures), strict=True):
        above = max(first, second) - level
        if above <= 0.0:
            continue
        span = abs(second - first)
        share = 1.0 if min(first, second) >= level else above / span
        total += share * (end - start)
    return float(total)


def crossing_up(times: FloatArray, temperatures: FloatArray, level: float) -> float:
    """First time at which a history reaches a temperature from below, s; NaN if it never does.

    The start counts where it is already there.
    """
    if temperatures[0] >= level:
        return float(times[0])
    return _crossing(times, temperatures, level)


def crossing_down(times: FloatArray, temperatures: FloatArray, level: float) -> float:
    """Last time at which a history falls below a temperature, s; NaN if it never does."""
    if temperatures[-1] >= level or temperatures.max() < level:
        return float("nan")
    return -_crossing(-times[::-1], temperatures[::-1], level)


def _crossing(times: FloatArray, temperatures: FloatArray, level: float) -> float:
    above = np.flatnonzero(temperatures >= level)
    if not above.size:
        return float("nan")
    after = int(above[0])
    before = after - 1
    share = (level - temperatures[before]) / (temperatures[after] - temperatures[before])
    return float(times[before] + share * (times[after] - times[before]))


def steepest(
    times: FloatArray, temperatures: FloatArray, start: float, end: float, window: float
) -> float:
    """Largest mean slope over a window between two times, degrees C/s; see the module.

    A part shorter than the window counts as one window.

    Args:
        times: s, increasing.
        temperatures: Degrees C.
        start: Begin of the part, s; NaN gives NaN.
        end: End of the part, s.
        window: s.
    """
    if not window > 0.0:
        raise InputError("window", window, "a positive time", "s")
    if np.isnan(start) or np.isnan(end) or end <= start:
        return float("nan")
    width = min(window, end - start)
    corners = np.concatenate([[start, end - width], times, times - width])
    corners = corners[(corners >= start) & (corners <= end - width + 1e-12)]
    rise = np.interp(corners + width, times, temperatures) - np.interp(corners, times, temperatures)
    return float(rise.max()) / width


def _check_history(times: FloatArray, temperatures: FloatArray) -> None:
    if len(times) != len(temperatures) or len(times) < 2:
        raise InputError("times", len(times), "at least two, as many as temperatures")
    if np.any(np.diff(times) <= 0.0):
        raise InputError("times", "a time that does not increase", "increasing times", "s")
