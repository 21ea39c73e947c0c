"""Free temperature profiles: ramps and holds that close to a cycle."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import model_validator

from bumpfem.design.quantities import Duration, RampRate, Temperature
from bumpfem.design.record import Record
from bumpfem.errors import InputError
from bumpfem.units import FloatArray


class CycleStep(Record):
    """One step of a free profile: a ramp to a temperature at a rate, or a hold.

    Attributes:
        to: End of the ramp, degrees C.
        rate: Rate of the ramp without sign, degrees C per minute.
        hold: Duration of a hold, s.
    """

    label: ClassVar[str] = "step"

    to: Temperature | None = None
    rate: RampRate | None = None
    hold: Duration | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        ramp = self.to is not None and self.rate is not None and self.hold is None
        hold = self.hold is not None and self.to is None and self.rate is None
        if not (ramp or hold):
            given = {key: value for key, value in self if value is not None}
            raise InputError("", given, "either `to` (degC) and `rate` (degC/min), or `hold` (s)")
        return self


def corners_of(
    start: float, durations: list[float], ends: list[float]
) -> tuple[FloatArray, FloatArray]:
    """Corners of a sequence of steps; those of no length are left out."""
    kept = [(time, end) for time, end in zip(durations, ends, strict=True) if time > 0.0]
    times = np.concatenate([[0.0], np.cumsum([time for time, _ in kept])])
    return times, np.array([start, *(end for _, end in kept)])


def closed_loop(steps: tuple[CycleStep, ...]) -> tuple[FloatArray, FloatArray]:
    """Corners of a closed sequence of steps, turned to start at the end of the hot dwell."""
    targets = [step.to for step in steps if step.to is not None]
    if not targets or max(targets) == min(targets):
        raise InputError(
            "cycle.steps", len(steps), "ramps between two temperatures at least",
            reason="a cycle that stays at one temperature has no length",
        )  # fmt: skip
    temperature = targets[-1]
    durations: list[float] = []
    ends: list[float] = []
    for step in steps:
        if step.to is not None and step.rate is not None:
            durations.append(60.0 * abs(step.to - temperature) / step.rate)
            temperature = step.to
        else:
            durations.append(step.hold or 0.0)
        ends.append(temperature)
    hottest = max(targets)
    last = max(i for i, end in enumerate(ends) if end == hottest)
    follower = (last + 1) % len(ends)
    while ends[follower] == hottest:
        last, follower = follower, (follower + 1) % len(ends)
    turn = last + 1
    return corners_of(hottest, durations[turn:] + durations[:turn], ends[turn:] + ends[:turn])


def summary_of(corners: tuple[FloatArray, FloatArray]) -> dict[str, Any]:
    """The figures of a cycle that its corners imply."""
    times, temperatures = corners
    low, high = float(temperatures.min()), float(temperatures.max())
    spent = {"cold": 0.0, "hot": 0.0}
    rising: list[tuple[float, float]] = []
    falling: list[tuple[float, float]] = []
    pairs = zip(pairwise(times.tolist()), pairwise(temperatures.tolist()), strict=True)
    for (start, end), (first, second) in pairs:
        if second > first:
            rising.append((end - start, second - first))
        elif second < first:
            falling.append((end - start, first - second))
        elif first in (low, high):
            spent["cold" if first == low else "hot"] += end - start
    return {
        "minimum": low,
        "maximum": high,
        "cold_dwell": spent["cold"],
        "hot_dwell": spent["hot"],
        "heating_rate": 60.0 * sum(r for _, r in rising) / sum(t for t, _ in rising),
        "cooling_rate": 60.0 * sum(r for _, r in falling) / sum(t for t, _ in falling),
    }
