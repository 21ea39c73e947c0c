"""First guess of an increment's displacement."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque

from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.units import FloatArray


class Predictor:
    r"""First guess of an increment: what the same part of the cycle before brought.

    Where the history repeats, :math:`u(t) + u(t + \Delta t - P) - u(t - P)` with the period P,
    linear between the steps of the cycle before. Elsewhere the last increment, scaled by the ratio
    of the steps; across a corner of the history the committed displacement. After a failure too the
    guess is the committed displacement.

    Args:
        model: What is marched.
        history: Its temperature.
    """

    def __init__(self, model: MechanicalModel, history: TemperatureHistory) -> None:
        self._model, self._period, self._from = model, history.period, history.periodic_from
        self._rate: FloatArray | None = None
        self._failed = False
        self._past: deque[tuple[float, FloatArray]] = deque()
        if history.period is not None:
            self._past.append((float(history.times[0]), model.u.copy()))

    def guess(self, time: float, length: float) -> FloatArray:
        """Displacement expected at the end of the increment from ``time`` on, mm."""
        u = self._model.u.copy()
        if self._failed:
            return u
        if self._period is not None and time - self._period >= self._from - 1e-6 * self._period:
            u += self._at(time + length - self._period)
            u -= self._at(time - self._period)
        elif self._rate is not None:
            u += length * self._rate
        return u

    def keep(self, time: float, u: FloatArray, length: float, at_corner: bool) -> None:
        """Learn from an accepted increment that ends at ``time``, before it is committed."""
        self._failed = False
        self._rate = None if at_corner else (u - self._model.u) / length
        if self._period is None:
            return
        self._past.append((time, u.copy()))
        while len(self._past) > 1 and self._past[1][0] <= time - self._period * (1 - 1e-9):
            self._past.popleft()

    def forget(self) -> None:
        """The increment failed: expect nothing of the next."""
        self._failed, self._rate = True, None

    def _at(self, time: float) -> FloatArray:
        """Displacement at an earlier time, mm, linear between accepted steps."""
        times = [known for known, _ in self._past]
        after = min(max(bisect_left(times, time), 1), len(times) - 1)
        share = (time - times[after - 1]) / (times[after] - times[after - 1])
        start, end = self._past[after - 1][1], self._past[after][1]
        return start + min(max(share, 0.0), 1.0) * (end - start)
