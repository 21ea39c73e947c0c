r"""A temperature programme: piecewise-linear temperature of the joint over time.

Between two points :math:`(t_i, T_i)` and :math:`(t_{i+1}, T_{i+1})`

.. math:: T(t) = T_i + (T_{i+1} - T_i)\,\frac{t - t_i}{t_{i+1} - t_i} .
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from bumpfem.design.profile import CycleStep
from bumpfem.design.quantities import Duration, Quantity, Temperature
from bumpfem.design.record import Record
from bumpfem.errors import InputError
from bumpfem.units import FloatArray

#: Temperature of a room, degrees C.
ROOM = 25.0
#: Fastest change of temperature that is taken for one, degrees C per second.
FASTEST = 100.0
_ProgrammeTime = Annotated[float, Quantity("s", 0.0, 1e7)]


class Programme(Record):
    """Temperature of the joint over time, by points or by ramps and holds.

    >>> cure = Programme(ramps=[{"to": 150, "rate": 5}, {"hold": 3600}, {"to": 25, "rate": 5}])
    >>> cure.duration / 60, cure.highest
    (110.0, 150.0)

    Exactly one of ``points`` and ``ramps`` is given.

    Attributes:
        points: Pairs ``[time s, degrees C]`` with increasing times, the first at 0.
        ramps: Ramps ``{"to": degC, "rate": degC/min}`` and holds ``{"hold": s}``.
        start: Temperature before the first ramp, degrees C; None: 25. With ``ramps`` only.
    """

    label: ClassVar[str] = "programme"

    points: (
        Annotated[
            tuple[tuple[_ProgrammeTime, Temperature], ...],
            Field(min_length=2, description="a list of at least two pairs [s, degC]"),
        ]
        | None
    ) = None
    ramps: (
        Annotated[
            tuple[CycleStep, ...],
            Field(min_length=1, description="a list of ramps {to, rate} and holds {hold}"),
        ]
        | None
    ) = None
    start: Temperature | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.points is None) == (self.ramps is None):
            given = [name for name in ("points", "ramps") if getattr(self, name) is not None]
            raise InputError("", given or "nothing", "exactly one of `points`, `ramps`")
        if self.points is not None:
            self._check_points(self.points)
        elif self.duration <= 0.0:
            raise InputError(
                "ramps", len(self.ramps or ()), "ramps and holds that take some time",
                reason="the temperature never changes and nothing is held",
            )  # fmt: skip
        return self

    def _check_points(self, points: tuple[tuple[float, float], ...]) -> None:
        if self.start is not None:
            raise InputError(
                "start", self.start, "no value", "degC",
                "it means nothing beside `points`, the first of which is the start",
            )  # fmt: skip
        if points[0][0] != 0.0:
            raise InputError("points.1", points[0][0], "0 s", "s", "the first point is the start")
        for place, (before, after) in enumerate(pairwise(points), start=2):
            if after[0] <= before[0]:
                raise InputError(
                    f"points.{place}", after[0], f"more than {before[0]:g} s", "s",
                    "times must increase",
                )  # fmt: skip
            rate = abs(after[1] - before[1]) / (after[0] - before[0])
            if rate > FASTEST:
                raise InputError(
                    f"points.{place}", round(rate, 3), f"at most {FASTEST:g} degC/s", "degC/s",
                    "no oven changes the temperature of a joint so fast",
                )  # fmt: skip

    @classmethod
    def hold(
        cls,
        temperature: float,
        duration: float,
        *,
        heating_rate: float,
        cooling_rate: float | None = None,
        start: float = ROOM,
    ) -> Programme:
        """Up to one temperature, a stay there, and back to the start.

        Args:
            temperature: Temperature of the stay, degrees C.
            duration: Length of the stay, s.
            heating_rate: Degrees C per minute.
            cooling_rate: Degrees C per minute, without sign; None: as heating.
            start: Temperature before and after, degrees C.

        Raises:
            InputError: A rate, a temperature or a time that cannot be.
        """
        return cls(
            start=start,
            ramps=(
                CycleStep(to=temperature, rate=heating_rate),
                CycleStep(hold=duration),
                CycleStep(to=start, rate=cooling_rate or heating_rate),
            ),
        )

    def corners(self) -> tuple[FloatArray, FloatArray]:
        """Times (s, from 0) and temperatures (degrees C) of the corners, each (n,)."""
        if self.points is not None:
            pairs = np.array(self.points, dtype=np.float64)
            return pairs[:, 0], pairs[:, 1]
        temperature = ROOM if self.start is None else self.start
        times, temperatures = [0.0], [temperature]
        for step in self.ramps or ():
            span = step.hold or 0.0
            if step.to is not None and step.rate is not None:
                span, temperature = 60.0 * abs(step.to - temperature) / step.rate, step.to
            if span > 0.0:
                times.append(times[-1] + span)
                temperatures.append(temperature)
        return np.array(times), np.array(temperatures)

    def at(self, time: float) -> float:
        """Temperature at a time, degrees C; before the start and after the end that of these."""
        return float(np.interp(time, *self.corners()))

    @property
    def duration(self) -> Duration:
        """Length, s."""
        return float(self.corners()[0][-1])

    @property
    def first(self) -> float:
        """Temperature at the start, degrees C."""
        return float(self.corners()[1][0])

    @property
    def last(self) -> float:
        """Temperature at the end, degrees C."""
        return float(self.corners()[1][-1])

    @property
    def highest(self) -> float:
        """Highest temperature, degrees C."""
        return float(self.corners()[1].max())

    @property
    def words(self) -> str:
        """What it is, in a few words."""
        times, temperatures = self.corners()
        return f"programme of {times[-1] / 60.0:.3g} min, peak {temperatures.max():g} degC"
