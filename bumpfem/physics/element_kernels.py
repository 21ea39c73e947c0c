r"""Element integrals of the mechanical weak form.

With the strain operator :math:`B` of one integration point, :math:`\varepsilon = B u_e`,

.. math:: f_e = \sum_q w_q B_q^T \sigma_q, \qquad K_e = \sum_q w_q B_q^T D_q B_q .

Arrays over cells ``c``, integration points ``q``, strain components ``6`` (Voigt order
xx, yy, zz, xy, yz, xz with engineering shear) and element unknowns ``d``: ``operator
(c, q, 6, d)``, ``weights (c, q)``, ``unknowns (c, d)`` local numbers, ``stress (c*q, 6)``,
``tangent (c*q, 6, 6)``, ``positions (c, d, d)`` places in the sparse matrix, -1 to skip.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bumpfem.units import FloatArray

IntArray = NDArray[np.int32]


@njit(cache=True, nogil=True)
def strains(operator: FloatArray, unknowns: IntArray, u: FloatArray, strain: FloatArray) -> None:
    """Total strain at every integration point, written to ``strain (c*q, 6)``."""
    cells, points, components, size = operator.shape
    local = np.empty(size)
    for c in range(cells):
        for d in range(size):
            local[d] = u[unknowns[c, d]]
        for q in range(points):
            for i in range(components):
                total = 0.0
                for d in range(size):
                    total += operator[c, q, i, d] * local[d]
                strain[c * points + q, i] = total


@njit(cache=True, nogil=True)
def add_internal_force(
    operator: FloatArray,
    weights: FloatArray,
    unknowns: IntArray,
    stress: FloatArray,
    force: FloatArray,
) -> None:
    """Add the internal force of all cells to ``force (local unknowns,)``."""
    cells, points, components, size = operator.shape
    local = np.empty(size)
    for c in range(cells):
        local[:] = 0.0
        for q in range(points):
            for i in range(components):
                factor = weights[c, q] * stress[c * points + q, i]
                for d in range(size):
                    local[d] += operator[c, q, i, d] * factor
        for d in range(size):
            force[unknowns[c, d]] += local[d]


@njit(cache=True, nogil=True)
def add_force_terms(
    operator: FloatArray,
    weights: FloatArray,
    unknowns: IntArray,
    u: FloatArray,
    tangent: FloatArray,
    force: FloatArray,
) -> None:
    """Add ``w |B|^T |D| |B| |u|`` of all cells: what the internal force is the small difference of.

    Its rounding is a few units in the last place of this. Arguments as for the stiffness.
    """
    cells, points, components, size = operator.shape
    uniform = tangent.shape[0] == 1
    strain = np.empty(components)
    for c in range(cells):
        for q in range(points):
            index = 0 if uniform else c * points + q
            for i in range(components):
                strain[i] = 0.0
                for d in range(size):
                    strain[i] += abs(operator[c, q, i, d] * u[unknowns[c, d]])
            for i in range(components):
                factor = 0.0
                for j in range(components):
                    factor += abs(tangent[index, i, j]) * strain[j]
                factor *= weights[c, q]
                for d in range(size):
                    force[unknowns[c, d]] += abs(operator[c, q, i, d]) * factor


@njit(cache=True, nogil=True, fastmath=True)
def add_stiffness(
    operator: FloatArray,
    weights: FloatArray,
    tangent: FloatArray,
    positions: IntArray,
    values: FloatArray,
) -> None:
    """Add the (symmetric) stiffness of all cells to the sparse ``values``.

    A ``tangent`` with a single entry in its first axis holds for every point.
    """
    cells, points, components, size = operator.shape
    uniform = tangent.shape[0] == 1
    product = np.empty((components, size))
    local = np.empty((size, size))
    for c in range(cells):
        local[:, :] = 0.0
        for q in range(points):
            index = 0 if uniform else c * points + q
            weight = weights[c, q]
            for i in range(components):
                product[i, :] = 0.0
                for j in range(components):
                    factor = tangent[index, i, j] * weight
                    if factor != 0.0:
                        for d in range(size):
                            product[i, d] += factor * operator[c, q, j, d]
            for a in range(size):
                for i in range(components):
                    factor = operator[c, q, i, a]
                    if factor != 0.0:
                        for b in range(a, size):
                            local[a, b] += factor * product[i, b]
        for a in range(size):
            for b in range(a, size):
                place = positions[c, a, b]
                if place >= 0:
                    values[place] += local[a, b]
                if b > a:
                    place = positions[c, b, a]
                    if place >= 0:
                        values[place] += local[a, b]


@njit(cache=True, nogil=True)
def find_positions(
    slots: IntArray, row_starts: IntArray, columns: IntArray, positions: IntArray
) -> None:
    """Place of every entry of every element matrix in a compressed-row pattern.

    Args:
        slots: ``(c, d)`` matrix row of every element unknown, -1 where it is prescribed.
        row_starts: Start of each row in ``columns``.
        columns: Column numbers, ascending within a row.
        positions: ``(c, d, d)``, written.
    """
    cells, size = slots.shape
    for c in range(cells):
        for a in range(size):
            row = slots[c, a]
            for b in range(size):
                column = slots[c, b]
                if row < 0 or column < 0:
                    positions[c, a, b] = -1
                    continue
                low, high = row_starts[row], row_starts[row + 1] - 1
                while low < high:
                    middle = (low + high) // 2
                    if columns[middle] < column:
                        low = middle + 1
                    else:
                        high = middle
                positions[c, a, b] = low
