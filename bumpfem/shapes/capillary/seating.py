r"""The plane on which an array of balls rests, and its coplanarity (JESD22-B108).

Put on a flat surface, balls downwards, a package rests on the three apexes whose triangle
contains the projection of its centre of gravity and whose plane no apex passes. With heights
:math:`h_i` at positions :math:`x_i`, gravity finds the *lowest* plane above all apexes under the
centre of gravity :math:`g`, and its dual the highest point that balls can carry there:

.. math:: \min_{a,b,c} \; a g_x + b g_y + c \;\; \text{with} \;\; a x_i + b y_i + c \ge h_i
   \quad = \quad \max_{\lambda \ge 0} \sum \lambda_i h_i \;\; \text{with} \;\;
   \sum \lambda_i = 1,\; \sum \lambda_i x_i = g .

The dual is solved by exchanging one supporting ball at a time (simplex method), for all samples
at once. Where the centre of gravity lies on the line through two supports the package rocks: both
planes are found, by moving the centre by a hair to either side, and the worse one counts.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.checks import check_pair
from bumpfem.units import FloatArray

#: Offset of the centre of gravity that tells the two planes of a rocking package apart, relative
#: to the array's extent; no symmetry of a regular array maps its direction onto a line of balls.
HAIR = 1e-7
_DIRECTION = np.array([0.6180339887, 0.7861513778])


@dataclass(frozen=True)
class Seating:
    """Seating planes of samples of heights.

    Attributes:
        planes: Slopes a, b and height c of ``z = a x + b y + c``, mm, shape (samples, 3).
        supports: The three balls that carry each sample, shape (samples, 3).
        coplanarity: Largest perpendicular distance of an apex from the plane, mm, (samples,).
        rocks: Whether the centre of gravity lies on the line through two supports, (samples,).
    """

    planes: FloatArray
    supports: NDArray[np.intp]
    coplanarity: FloatArray
    rocks: NDArray[np.bool_]


def seat(
    positions: FloatArray, heights: FloatArray, centre_of_gravity: tuple[float, float] = (0.0, 0.0)
) -> Seating:
    """Seating plane and coplanarity of one or many samples of heights.

    Args:
        positions: Positions of the balls, mm, shape (n, 2).
        heights: Heights of the apexes over the substrate's plane, mm, shape (n,) or (samples, n).
        centre_of_gravity: Its projection, mm.

    Raises:
        InputError: Fewer than three balls, all in a row, or a centre of gravity outside them.
        ConvergenceError: The exchange of supports does not end.

    >>> square = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    >>> round(float(seat(square, np.array([1.0, 1.0, 1.0, 0.9])).coplanarity[0]), 6)
    0.1
    """
    rows = np.atleast_2d(np.asarray(heights, dtype=np.float64))
    if rows.shape[1] != len(positions) or not np.all(np.isfinite(rows)):
        raise InputError(
            "heights", f"array of shape {rows.shape}", f"finite, shape (samples, {len(positions)})"
        )
    check_pair("centre_of_gravity", centre_of_gravity, "mm")
    extent = float(np.max(np.ptp(positions, axis=0)))
    found = []
    for sign in (1.0, -1.0):
        centre = np.asarray(centre_of_gravity) + sign * HAIR * extent * _DIRECTION
        found.append(_support(positions, rows, centre))
    planes = [_planes(positions, rows, supports) for supports in found]
    depths = [_depth(positions, rows, plane) for plane in planes]
    second = depths[1] > depths[0]
    return Seating(
        planes=np.where(second[:, None], planes[1], planes[0]),
        supports=np.where(second[:, None], found[1], found[0]),
        coplanarity=np.where(second, depths[1], depths[0]),
        rocks=np.any(np.sort(found[0], axis=1) != np.sort(found[1], axis=1), axis=1),
    )


def regression_coplanarity(positions: FloatArray, heights: FloatArray) -> FloatArray:
    """Coplanarity by the regression plane of JESD22-B108, mm, shape (samples,).

    The plane is parallel to the best fit through all apexes (least squares) and passes through the
    apex that stands highest over the substrate; it stands for the package while it is soldered.

    Args:
        positions: Positions of the balls, mm, shape (n, 2).
        heights: Heights of the apexes, mm, shape (n,) or (samples, n).
    """
    rows = np.atleast_2d(np.asarray(heights, dtype=np.float64))
    matrix = np.column_stack((positions, np.ones(len(positions))))
    planes = np.linalg.lstsq(matrix, rows.T, rcond=None)[0].T
    highest = np.argmax(rows, axis=1)
    at_highest = np.take_along_axis(rows - planes @ matrix.T, highest[:, None], axis=1)
    planes[:, 2] += at_highest[:, 0]
    return _depth(positions, rows, planes)


def _depth(positions: FloatArray, rows: FloatArray, planes: FloatArray) -> FloatArray:
    """Largest perpendicular distance of an apex below each plane, mm."""
    below = planes[:, :2] @ positions.T + planes[:, 2:] - rows
    slope = np.sqrt(1.0 + planes[:, 0] ** 2 + planes[:, 1] ** 2)
    return np.asarray(np.max(below, axis=1) / slope, dtype=np.float64)


def _planes(positions: FloatArray, rows: FloatArray, supports: NDArray[np.intp]) -> FloatArray:
    """Plane through three apexes of each sample."""
    corners = np.concatenate((positions[supports], np.ones((*supports.shape, 1))), axis=2)
    heights = np.take_along_axis(rows, supports, axis=1)
    return np.linalg.solve(corners, heights[:, :, None])[:, :, 0]


def _support(positions: FloatArray, rows: FloatArray, centre: FloatArray) -> NDArray[np.intp]:
    """The three balls that carry each sample at a centre that lies on no line of balls."""
    supports = np.tile(_first_triangle(positions, centre), (len(rows), 1))
    homogeneous = np.column_stack((positions, np.ones(len(positions))))
    target = np.array([*centre, 1.0])
    tolerance = 1e-13 * max(1.0, float(np.max(np.abs(rows))))
    active = np.arange(len(rows))
    for _ in range(50 + 10 * len(positions)):
        chosen = supports[active]
        planes = _planes(positions, rows[active], chosen)
        above = rows[active] - planes @ homogeneous.T
        entering = np.argmax(above, axis=1)
        open_ = above[np.arange(len(active)), entering] > tolerance
        if not open_.any():
            return supports
        active, chosen, entering = active[open_], chosen[open_], entering[open_]
        # weights l of the three supports and direction d of their change: C l = (g, 1), C d = e
        matrix = np.swapaxes(homogeneous[chosen], 1, 2)
        right = np.stack((np.broadcast_to(target, (len(active), 3)), homogeneous[entering]), axis=2)
        weights, change = np.moveaxis(np.linalg.solve(matrix, right), 2, 0)
        ratio = np.where(change > 1e-12, weights / np.where(change > 1e-12, change, 1.0), np.inf)
        supports[active, np.argmin(ratio, axis=1)] = entering
    raise ConvergenceError("the search for a seating plane exchanges supports without end")


def _first_triangle(positions: FloatArray, centre: FloatArray) -> NDArray[np.intp]:
    """Three balls on the array's edge around the centre.

    Raises:
        InputError: If there are none.
    """
    if len(positions) < 3:
        raise InputError("array", f"{len(positions)} balls", "three or more")
    try:
        edge = ConvexHull(positions).vertices
    except QhullError:
        raise InputError(
            "array", "balls in one row", "balls in two rows or more", reason="it would fall over"
        ) from None
    for second, third in itertools.pairwise(edge[1:]):
        triangle = np.array([edge[0], second, third], dtype=np.intp)
        corners = np.vstack((positions[triangle].T, np.ones(3)))
        if np.all(np.linalg.solve(corners, [*centre, 1.0]) >= 0.0):
            return triangle
    raise InputError(
        "centre_of_gravity", tuple(float(x) for x in centre), "a point between the balls", "mm",
        "the package would fall over",
    )  # fmt: skip
