r"""Cure, temperature and free strain within one increment, from the gel point on.

Over an increment temperature is linear in time, and the degree of cure is that of
:mod:`bumpfem.constitutive.cure_nodes`. What follows the gel point is
cut into panels, at the glass transition too and where the moduli begin and cease to change around
it, and every panel carries three Gauss points: integrals of what is smooth within a panel have
order 6 and are exact for polynomials of degree 5. The length of panels is such that neither cure
nor distance from the glass transition, nor what else a law asks for, changes much over one.

Cure and temperature do not depend on strain, so that a law needs the path once for all points
that share cure and temperature; in a cell of uniform temperature that is one path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bumpfem.constitutive.cure_nodes import CURE_STEP, Chemistry, CureNodes, cure_nodes
from bumpfem.constitutive.resin_expansion import ResinExpansion
from bumpfem.units import FloatArray

#: Largest number of panels of an increment.
MOST_PANELS = 600
#: Points of the grid on which the length of panels is found.
_GRID = 257
#: Distance of the outer Gauss points of a panel, relative to its length.
GAUSS_SPAN = float(np.sqrt(0.6))
_GAUSS_POINTS = 0.5 + np.array([-0.5, 0.0, 0.5]) * GAUSS_SPAN
_GAUSS_WEIGHTS = np.array([5.0, 8.0, 5.0]) / 18.0
_BISECTIONS = 50
#: Function of cure and temperature, of one shape, that must not change much over a panel.
Watched = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class CurePath:
    """Paths (n) of one increment at the Gauss points (g = 3) of panels (p) after the gel point.

    Attributes:
        end_cure: (n,) degree of cure at the end.
        weight: (n, p, g) parts of the increment; their sum is the part after the gel point.
        cure: (n, p, g).
        temperature: (n, p, g), degrees Celsius.
        above: (n, p, g) temperature minus glass transition, K.
        free_rate: (n, p, g) linear free strain per unit of the increment.
        chemical_rate: (n, p, g) its chemical part.
    """

    end_cure: FloatArray
    weight: FloatArray
    cure: FloatArray
    temperature: FloatArray
    above: FloatArray
    free_rate: FloatArray
    chemical_rate: FloatArray

    def integral(self, values: FloatArray) -> FloatArray:
        """Integral (n,) over the increment's unit length of values at the Gauss points."""
        return np.asarray(np.einsum("npg,npg->n", self.weight, values))


@dataclass(frozen=True)
class _Course:
    """Cure and temperature over the increment of every path."""

    curing: Chemistry
    nodes: CureNodes
    start: FloatArray
    heating: FloatArray

    def temperature(self, place: FloatArray, rows: NDArray[np.int64] | None = None) -> FloatArray:
        shape = (-1,) + (1,) * (place.ndim - 1)
        start, heating = self.start, self.heating
        if rows is not None:
            start, heating = start[rows], heating[rows]
        return start.reshape(shape) + heating.reshape(shape) * place

    def above(self, place: FloatArray, rows: NDArray[np.int64] | None = None) -> FloatArray:
        """Temperature minus glass transition, K."""
        cure = self.nodes.at(place, rows)[0]
        return self.temperature(place, rows) - self.curing.glass_transition(cure)


def cure_path(
    curing: Chemistry,
    expansion: ResinExpansion,
    cure: FloatArray,
    start_temperature: FloatArray,
    end_temperature: FloatArray,
    dt: float,
    width: float,
    watched: Watched | None = None,
) -> CurePath:
    """Paths of an increment.

    Args:
        curing: Chemistry.
        expansion: Free strain.
        cure: (n,) degree of cure at the start.
        start_temperature: (n,) degrees Celsius.
        end_temperature: (n,) degrees Celsius.
        dt: s.
        width: Of the glass transition, K.
        watched: What else, in units of its own, may change by about 1 over a panel only.
    """
    nodes = cure_nodes(curing, cure, start_temperature, end_temperature, dt)
    heating = end_temperature - start_temperature
    course = _Course(curing, nodes, start_temperature, heating)
    low, high = _panels(course, 0.25 * width, watched)
    low, high = _cut(course, low, high, (-0.5 * width, 0.0, 0.5 * width))
    length = (high - low)[:, :, None]
    below = course.above(0.5 * (low + high)) < 0.0
    places = low[:, :, None] + length * _GAUSS_POINTS
    points, slope = nodes.at(places)
    chemical = expansion.chemical(points) * slope
    thermal = expansion.thermal(below) * heating[:, None]
    return CurePath(
        nodes.cure[:, -1].copy(),
        length * _GAUSS_WEIGHTS,
        points,
        course.temperature(places),
        course.above(places),
        thermal[:, :, None] + chemical,
        chemical,
    )


def _panels(
    course: _Course, resolution: float, watched: Watched | None
) -> tuple[FloatArray, FloatArray]:
    """Starts and ends (n, p) of panels, what lies before the gel point cut off.

    Every panel sees about the same change, all that may change added up, and none goes beyond a
    node of the cure.
    """
    grid = np.union1d(np.linspace(0.0, 1.0, _GRID), course.nodes.place)
    places = np.broadcast_to(grid, (len(course.start), len(grid)))
    cure, temperature = course.nodes.at(places)[0], course.temperature(places)
    above = temperature - course.curing.glass_transition(cure)
    change = np.abs(np.diff(above, axis=1)) / resolution + np.diff(cure, axis=1) / CURE_STEP
    if watched is not None:
        change += np.abs(np.diff(watched(cure, temperature), axis=1))
    change[change < 1e-12] = 0.0
    total = np.hstack([np.zeros((len(change), 1)), np.cumsum(change, axis=1)])
    count = int(np.clip(np.ceil(np.max(total[:, -1], initial=0.0) - 1e-9), 1, MOST_PANELS))
    parts = np.linspace(0.0, 1.0, count + 1)
    edges = np.empty((len(total), count + 1))
    for row, seen in enumerate(total):
        # A uniform share keeps the inverse unique where nothing changes.
        share = (seen + 0.1 * grid) / (seen[-1] + 0.1)
        edges[row] = np.interp(parts, share, grid)
    inner = np.broadcast_to(course.nodes.place[1:-1], (len(edges), len(course.nodes.place) - 2))
    edges = np.sort(np.hstack([edges, inner]), axis=1)
    gelled = course.nodes.reaches(course.curing.gel_cure)[:, None]
    return np.maximum(edges[:, :-1], gelled), np.maximum(edges[:, 1:], gelled)


def _cut(
    course: _Course, low: FloatArray, high: FloatArray, levels: tuple[float, ...]
) -> tuple[FloatArray, FloatArray]:
    """Panels, in order, cut where the distance from the glass transition passes a level."""
    start, end = course.above(low), course.above(high)
    middle = high.copy()
    for level in levels:
        rows, columns = np.nonzero((start - level) * (end - level) < 0.0)
        if len(rows):
            a, b = low[rows, columns], high[rows, columns]
            rising = end[rows, columns] > start[rows, columns]
            for _ in range(_BISECTIONS):
                half = 0.5 * (a + b)
                beyond = (course.above(half, rows) > level) == rising
                a, b = np.where(beyond, a, half), np.where(beyond, half, b)
            middle[rows, columns] = b
    if np.array_equal(middle, high):
        return low, high
    low, high = np.hstack([low, middle]), np.hstack([middle, high])
    in_time = np.argsort(low + high, axis=1, kind="stable")
    return np.take_along_axis(low, in_time, axis=1), np.take_along_axis(high, in_time, axis=1)


def distinct(*columns: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """Distinct rows (m, k) of columns (n,) each, and the row of every point (n,)."""
    rows = np.column_stack(columns)
    if len(rows) and np.all(rows == rows[0]):
        return rows[:1].copy(), np.zeros(len(rows), dtype=np.int64)
    found, place = np.unique(rows, axis=0, return_inverse=True)
    return found, place.reshape(-1).astype(np.int64)
