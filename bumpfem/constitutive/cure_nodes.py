"""Degree of cure over one increment: integrated to nodes, cubic between them.

The integration of the kinetics is exact to 1e-8 over any step; nodes are set until the cure changes
little from each to the next and the cubic through values and slopes (Hermite) is monotone and right
in the middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bumpfem.units import FloatArray

#: Largest change of cure from one node to the next, and over a panel.
CURE_STEP = 0.02
#: Error of cure between nodes that is accepted; smaller changes are not looked at any more.
_INTERPOLATION = 1e-6
#: A cubic through two points is monotone where its slopes are below three times the chord's.
_MONOTONE = 3.0
_MOST_SPLITS = 40
_BISECTIONS = 50


class Chemistry(Protocol):
    """What mechanics asks of the chemistry of a resin."""

    @property
    def gel_cure(self) -> float:
        """Degree of cure at the gel point."""
        ...

    def advance(
        self,
        cure: FloatArray,
        start_temperature: FloatArray,
        end_temperature: FloatArray,
        dt: float,
    ) -> FloatArray:
        """Degree of cure (n,) after ``dt`` seconds, temperature linear in time."""
        ...

    def rate(self, cure: FloatArray, temperature: FloatArray) -> FloatArray:
        """Rate of cure (n,), 1/s."""
        ...

    def glass_transition(self, cure: FloatArray) -> FloatArray:
        """Glass transition in degrees Celsius, same shape as ``cure``."""
        ...


@dataclass(frozen=True)
class CureNodes:
    """Degree of cure of paths (n) at places 0..1 of an increment.

    Attributes:
        place: (k,) places, from 0 to 1.
        cure: (n, k).
        slope: (n, k) per unit of the increment.
    """

    place: FloatArray
    cure: FloatArray
    slope: FloatArray

    def at(
        self, place: FloatArray, rows: NDArray[np.int64] | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Degree of cure and slope at places (n, ...) of all paths, or (m, ...) of ``rows``."""
        found = np.searchsorted(self.place, place, side="right") - 1
        interval = np.clip(found, 0, len(self.place) - 2)
        if rows is None:
            rows = np.arange(len(place))
        rows = rows.reshape((-1,) + (1,) * (place.ndim - 1))
        length = np.diff(self.place)[interval]
        low, high = self.cure[rows, interval], self.cure[rows, interval + 1]
        start = self.slope[rows, interval] * length
        end = self.slope[rows, interval + 1] * length
        t = (place - self.place[interval]) / length
        rise = high - low
        quadratic = 3.0 * rise - 2.0 * start - end
        cubic = start + end - 2.0 * rise
        value = low + t * (start + t * (quadratic + t * cubic))
        slope = (start + t * (2.0 * quadratic + 3.0 * t * cubic)) / length
        return np.clip(value, low, high), slope

    def reaches(self, cure: float) -> FloatArray:
        """Place (n,) where a degree of cure is reached: 0 if before, 1 if not by the end."""
        place = np.where(self.cure[:, 0] >= cure, 0.0, 1.0)
        rows = np.flatnonzero((self.cure[:, 0] < cure) & (self.cure[:, -1] >= cure))
        if not len(rows):
            return place
        after = np.argmax(self.cure[rows] >= cure, axis=1)
        low, high = self.place[after - 1], self.place[after]
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            reached = self.at(middle, rows)[0] >= cure
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)
        place[rows] = high
        return place


def cure_nodes(
    chemistry: Chemistry, cure: FloatArray, start: FloatArray, end: FloatArray, dt: float
) -> CureNodes:
    """Nodes of paths (n) of an increment; the same places for all.

    Args:
        chemistry: Of the resin.
        cure: (n,) at the start.
        start: (n,) temperature, degrees Celsius.
        end: (n,) temperature, degrees Celsius.
        dt: s.
    """
    heating = end - start

    def nodes(place: FloatArray, values: FloatArray) -> CureNodes:
        rates = [chemistry.rate(values[:, k], start + s * heating) for k, s in enumerate(place)]
        return CureNodes(place, values, dt * np.stack(rates, axis=1))

    last = chemistry.advance(cure, start, end, dt)
    found = nodes(np.array([0.0, 1.0]), np.stack([cure, last], axis=1))
    unsure = np.ones(1, dtype=bool)
    for _ in range(_MOST_SPLITS):
        split = np.flatnonzero(_coarse(found) | (unsure & _changes(found)))
        if not len(split):
            break
        low = found.place[split]
        middle = 0.5 * (low + found.place[split + 1])
        values = np.empty((len(cure), len(split)))
        for column, k in enumerate(split):
            temperatures = start + low[column] * heating, start + middle[column] * heating
            length = dt * (middle[column] - low[column])
            values[:, column] = chemistry.advance(found.cure[:, k].copy(), *temperatures, length)
        guessed = found.at(np.broadcast_to(middle, values.shape))[0]
        wrong = np.any(np.abs(guessed - values) > _INTERPOLATION, axis=0)
        unsure = np.zeros(len(found.place) - 1, dtype=bool)
        unsure[split] = wrong
        unsure = np.insert(unsure, split + 1, wrong)
        found = nodes(
            np.insert(found.place, split + 1, middle),
            np.insert(found.cure, split + 1, values, axis=1),
        )
    return found


def _changes(nodes: CureNodes) -> NDArray[np.bool_]:
    """Intervals (k - 1,) in which some path's cure changes at all."""
    return np.asarray(np.any(np.diff(nodes.cure, axis=1) > _INTERPOLATION, axis=0))


def _coarse(nodes: CureNodes) -> NDArray[np.bool_]:
    """Intervals (k - 1,) in which some path's cure changes much, or not as a monotone cubic."""
    rise = np.diff(nodes.cure, axis=1)
    steepest = np.maximum(nodes.slope[:, :-1], nodes.slope[:, 1:]) * np.diff(nodes.place)
    split = (rise > CURE_STEP) | ((rise > _INTERPOLATION) & (steepest > _MONOTONE * rise))
    return np.asarray(np.any(split, axis=0))
