"""Lobatto collocation on elements of degree 4: order 8 at the ends of the elements.

On each element of ``y' = f(y)`` the derivative is the polynomial through f at the five
Gauss-Lobatto nodes; its integral from the element's first node is exact in the weights ``A``:
``y_j = y_0 + h sum_k A_jk f_k``: the five-stage Lobatto IIIA method.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from bumpfem.units import FloatArray

#: Degree of the polynomials of f.
DEGREE = 4


@cache
def lobatto_nodes() -> FloatArray:
    """The Gauss-Lobatto nodes on [0, 1], shape (DEGREE + 1,)."""
    inner = legendre.Legendre.basis(DEGREE).deriv().roots()
    return np.asarray(0.5 + 0.5 * np.concatenate(([-1.0], np.sort(inner.real), [1.0])))


@cache
def _vandermonde_inverse() -> FloatArray:
    return np.asarray(np.linalg.inv(legendre.legvander(2.0 * lobatto_nodes() - 1.0, DEGREE)))


def integration_weights(ends: FloatArray) -> FloatArray:
    """Weights of the interpolant's integral from 0 to each of ``ends``, shape (ends, nodes).

    The primitive of a Legendre polynomial is ``(P_(n+1) - P_(n-1)) / (2 n + 1)``.
    """
    p = legendre.legvander(2.0 * np.asarray(ends) - 1.0, DEGREE + 1)
    order = np.arange(1, DEGREE + 1)
    first = 0.5 * (p[:, 1] + 1.0)
    others = 0.5 * (p[:, 2:] - p[:, :-2]) / (2.0 * order + 1.0)
    return np.asarray(np.column_stack((first, others)) @ _vandermonde_inverse())


def interpolation_weights(at: FloatArray) -> FloatArray:
    """Weights of the interpolant at points of [0, 1], shape (points, nodes)."""
    return np.asarray(
        legendre.legvander(2.0 * np.asarray(at) - 1.0, DEGREE) @ _vandermonde_inverse()
    )


@cache
def between_nodes() -> tuple[FloatArray, FloatArray]:
    """Integration and interpolation weights for the middles between an element's nodes."""
    local = lobatto_nodes()
    middles = 0.5 * (local[:-1] + local[1:])
    return integration_weights(middles), interpolation_weights(middles)


@cache
def derivative_weights() -> FloatArray:
    """Derivative of the interpolant at the nodes, shape (nodes, nodes)."""
    x = 2.0 * lobatto_nodes() - 1.0
    columns = [2.0 * legendre.Legendre.basis(d).deriv()(x) for d in range(DEGREE + 1)]
    return np.asarray(np.column_stack(columns) @ _vandermonde_inverse())


@cache
def element_weights() -> FloatArray:
    """Weights of the integral over an element of length 1, shape (nodes,)."""
    return integration_weights(np.array([1.0])).reshape(-1)


@dataclass(frozen=True)
class Grid:
    """Elements of equal length on [0, 1] and the places of their entries in the Newton matrix.

    Args:
        elements: Number of elements.
        fractions: Places of all nodes, shape (nodes,).
        weights: Quadrature weights at all nodes, shape (nodes,).
        integration: h A without its first row, shape (DEGREE, DEGREE + 1).
        rows: Nodes of each element, shape (elements, DEGREE + 1).
    """

    elements: int
    fractions: FloatArray
    weights: FloatArray
    integration: FloatArray
    rows: NDArray[np.intp]

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.fractions)


@cache
def grid(elements: int) -> Grid:
    """The grid of a number of elements, made once."""
    step = 1.0 / elements
    local = lobatto_nodes()
    starts = step * np.arange(elements)
    rows = DEGREE * np.arange(elements)[:, None] + np.arange(DEGREE + 1)[None, :]
    fractions = np.append((starts[:, None] + step * local[None, :-1]).ravel(), 1.0)
    table = step * integration_weights(local)
    weights = np.zeros(len(fractions))
    np.add.at(weights, rows, table[-1][None, :])
    return Grid(elements, fractions, weights, table[1:], rows)


def resample(
    values: FloatArray, derivatives: FloatArray, length: float, at: FloatArray
) -> FloatArray:
    """Values of the collocation polynomial (degree 5, smooth across elements) at fractions.

    Args:
        values: At the nodes of a grid, shape (nodes, components).
        derivatives: By arc length at the nodes, same shape.
        length: Arc length of the whole grid.
        at: Fractions of the length, shape (points,).
    """
    elements = (len(values) - 1) // DEGREE
    element = np.clip((at * elements).astype(int), 0, elements - 1)
    weights = integration_weights(at * elements - element)
    rows = DEGREE * element[:, None] + np.arange(DEGREE + 1)[None, :]
    rises = np.einsum("pk,pkc->pc", weights, derivatives[rows]) * (length / elements)
    return np.asarray(values[DEGREE * element] + rises)
