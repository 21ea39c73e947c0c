r"""Integrals of first-order shape functions over (possibly curved) simplices and their sides.

.. math:: V_{ca} = \int_c \phi_a \, dV, \quad A_{fa} = \int_f \phi_a \, dA, \quad
          S_{cab} = \int_c \nabla \phi_a \cdot \nabla \phi_b \, dV,

with :math:`dV = 2 \pi r\, dr\, dz` and :math:`dA = 2 \pi r\, ds` on an axisymmetric cell.
"""

from __future__ import annotations

from collections.abc import Iterator

import basix
import numpy as np
from numpy.typing import NDArray

from bumpfem.errors import MeshError
from bumpfem.physics.heat_geometry import HeatGeometry, IntArray
from bumpfem.units import FloatArray

#: Degree that the integration rules integrate exactly.
QUADRATURE_DEGREE = 4
#: Cells integrated at once, to keep the tables small.
_CHUNK = 20_000


class HeatIntegrals:
    """Element integrals on a mesh.

    Args:
        geometry: The mesh.

    Raises:
        MeshError: for cells that are no simplices, or that lie in a space of more dimensions.
    """

    def __init__(self, geometry: HeatGeometry) -> None:
        mesh = geometry.mesh
        self._geometry = mesh.geometry
        self._axisymmetric = geometry.axisymmetric
        self.dimension = int(mesh.geometry.dim)
        self._cell = mesh.basix_cell()
        if self._cell not in (basix.CellType.tetrahedron, basix.CellType.triangle):
            raise MeshError(f"cells of type {self._cell.name} are not supported: use simplices")
        if mesh.topology.dim != self.dimension:
            raise MeshError("the mesh must fill its space: a plane mesh has two coordinates")
        self._element = basix.create_element(
            basix.ElementFamily.P, self._cell, 1, basix.LagrangeVariant.gll_warped
        )
        self._mapping = basix.create_element(
            basix.ElementFamily.P,
            self._cell,
            mesh.geometry.cmaps[0].degree,
            basix.LagrangeVariant.equispaced,
        )

    @property
    def sides(self) -> list[list[int]]:
        """Corners of every side of a cell."""
        return [list(side) for side in basix.topology(self._cell)[self.dimension - 1]]

    def volumes(self, cells: IntArray) -> FloatArray:
        """Volume ``(c, d)`` around each corner of ``cells``, mm3."""
        found = [np.empty((0, self.dimension + 1))]
        for chunk in _chunks(cells):
            shape, _, weights = self._tables(chunk)
            found.append(np.einsum("cq,qn->cn", weights, shape))
        return np.concatenate(found)

    def stiffness(self, cells: IntArray) -> FloatArray:
        """Integrals ``(c, d, d)`` of the products of shape function gradients, mm."""
        found = [np.empty((0, self.dimension + 1, self.dimension + 1))]
        for chunk in _chunks(cells):
            _, gradient, weights = self._tables(chunk)
            found.append(np.einsum("cq,cqai,cqbi->cab", weights, gradient, gradient, optimize=True))
        return np.concatenate(found)

    def areas(self, cells: IntArray, side: int) -> FloatArray:
        """Area ``(c, d - 1)`` around each corner of one side of ``cells``, mm2."""
        kind = basix.CellType.triangle if self.dimension == 3 else basix.CellType.interval
        members = self.sides[side]
        on_side, point_weights = _rule(kind)
        reference: FloatArray = np.array(basix.geometry(self._cell), dtype=np.float64)[members]
        edges = reference[1:] - reference[0]
        points = reference[0] + on_side @ edges
        shape = _table(self._element, points)[0][:, members]
        mapping = _table(self._mapping, points)
        corners = self._corners(cells)
        tangents: FloatArray = np.einsum("jqn,cni,kj->cqki", mapping[1:], corners, edges)
        if self.dimension == 3:
            tangents = np.cross(tangents[:, :, 0], tangents[:, :, 1])
        else:
            tangents = tangents[:, :, 0]
        weights: FloatArray = np.linalg.norm(tangents, axis=-1) * point_weights
        return np.asarray(np.einsum("cq,qn->cn", self._swept(weights, mapping[0], corners), shape))

    def _tables(self, cells: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Shape functions (q, d), their gradients (c, q, d, dim) and weights (c, q) of cells."""
        points, point_weights = _rule(self._cell)
        shape, mapping = _table(self._element, points), _table(self._mapping, points)
        corners = self._corners(cells)
        jacobian: FloatArray = np.einsum("jqn,cni->cqij", mapping[1:], corners)
        determinant: FloatArray = np.linalg.det(jacobian)
        if ((determinant > 0).any(axis=1) & (determinant < 0).any(axis=1)).any():
            raise MeshError("cells are turned inside out")
        inverse: FloatArray = np.linalg.inv(jacobian)
        gradient: FloatArray = np.einsum("jqn,cqji->cqni", shape[1:], inverse)
        weights = self._swept(np.abs(determinant) * point_weights, mapping[0], corners)
        return shape[0], gradient, weights

    def _swept(self, weights: FloatArray, mapping: FloatArray, corners: FloatArray) -> FloatArray:
        """Weights around the axis: times the circumference at every point."""
        if not self._axisymmetric:
            return weights
        radius: FloatArray = np.einsum("qn,cn->cq", mapping, corners[:, :, 0])
        return weights * 2.0 * np.pi * radius

    def _corners(self, cells: IntArray) -> FloatArray:
        found: FloatArray = self._geometry.x[self._geometry.dofmaps[0][cells]]
        return found[:, :, : self.dimension]


def _chunks(cells: IntArray) -> Iterator[IntArray]:
    for start in range(0, len(cells), _CHUNK):
        yield cells[start : start + _CHUNK]


def _table(element: basix.finite_element.FiniteElement, points: NDArray[np.float64]) -> FloatArray:
    """Shape functions and their first derivatives ``(1 + dim, points, functions)``."""
    return np.array(element.tabulate(1, points), dtype=np.float64)[..., 0]


def _rule(cell: basix.CellType) -> tuple[FloatArray, FloatArray]:
    """Points and weights of the integration rule on a reference cell."""
    points, weights = basix.make_quadrature(cell, QUADRATURE_DEGREE)
    return np.array(points, dtype=np.float64), np.array(weights, dtype=np.float64)
