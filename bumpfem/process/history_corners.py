r"""The corners of a recorded temperature history that matter for the mechanics.

A recorded history has a point for every step of a heat solution. The polygon through a part of
them is enough where it stays within a tolerance of all others: between two kept points the point
that lies farthest from their chord is kept as well, until none is farther than the tolerance
(Ramer 1972, Douglas and Peucker 1973). The distance is the difference of temperatures at the same
time, since time is no quantity that a history may be wrong in.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from bumpfem.errors import InputError
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.units import FloatArray

#: Times closer than this are one, s.
_SAME_TIME = 1e-9


def simplify(
    times: FloatArray,
    temperatures: FloatArray,
    tolerance: float = 0.2,
    events: Iterable[float | None] = (),
) -> TemperatureHistory:
    """The history with as few corners as a tolerance allows, by repeated division.

    Args:
        times: s, increasing.
        temperatures: Degrees C at the times.
        tolerance: Largest difference between the result and the history at any time, K.
        events: Times that stay corners, s, with the temperature that the history has there; those
            that are None or outside of the history are left out.

    Raises:
        InputError: The tolerance is not positive, or there are fewer than two times, or they do
            not increase.

    >>> simplify(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0, 0.0])).times.tolist()
    [0.0, 2.0, 3.0]
    """
    if not tolerance > 0.0:
        raise InputError("tolerance", tolerance, "a positive number", "K")
    whole = TemperatureHistory(np.asarray(times, float), np.asarray(temperatures, float))
    marks = [float(time) for time in events if time is not None and times[0] < time < times[-1]]
    every = _merged(whole.times, marks)
    values = np.interp(every, whole.times, whole.temperatures)
    kept = np.isin(every, _nearest(every, marks))
    kept[[0, -1]] = True
    fixed = np.flatnonzero(kept)
    parts = [(int(first), int(last)) for first, last in pairwise(fixed)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        inside = slice(first + 1, last)
        chord = np.interp(every[inside], every[[first, last]], values[[first, last]])
        away = np.abs(values[inside] - chord)
        worst = int(np.argmax(away))
        if away[worst] > tolerance:
            middle = first + 1 + worst
            kept[middle] = True
            parts += [(first, middle), (middle, last)]
    return TemperatureHistory(every[kept], values[kept])


def _merged(times: FloatArray, marks: list[float]) -> FloatArray:
    """All times in order; a mark that is already among them is not repeated."""
    new = [mark for mark in sorted(set(marks)) if np.abs(times - mark).min() > _SAME_TIME]
    return np.sort(np.concatenate([times, new]))


def _nearest(every: FloatArray, marks: list[float]) -> FloatArray:
    return np.array([every[int(np.argmin(np.abs(every - mark)))] for mark in marks])
