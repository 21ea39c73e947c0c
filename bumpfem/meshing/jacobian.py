"""Jacobian determinants of a mesh's quadratic cells for any coordinates of its nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import basix
import numpy as np
from numpy.typing import NDArray

from bumpfem.meshing.mesh import Mesh
from bumpfem.units import FloatArray

#: Subdivisions of a cell's edge by the lattice on which determinants are compared.
LATTICE = 4
#: Degree that the rule for volumes integrates exactly.
DEGREE = 6
#: Edges on which the middle nodes of quadratic cells lie, by the number of nodes of a cell.
EDGES = {
    6: ((1, 2), (0, 2), (0, 1)),
    10: ((2, 3), (1, 3), (1, 2), (0, 3), (0, 2), (0, 1)),
}


@dataclass(frozen=True, eq=False)
class CellGeometry:
    """Determinants of some cells of a mesh.

    Attributes:
        mesh: The mesh.
        cells: Local cells.
    """

    mesh: Mesh
    cells: NDArray[np.int32]

    @property
    def nodes(self) -> NDArray[np.int32]:
        """(cells, nodes of a cell) local geometry nodes."""
        return np.asarray(self.mesh.mesh.geometry.dofmaps[0][self.cells])

    def _table(self, points: FloatArray) -> FloatArray:
        """Shape functions and derivatives (1 + dimension, points, nodes)."""
        cell: Any = self.mesh.mesh.basix_cell()
        degree = self.mesh.mesh.geometry.cmaps[0].degree
        lagrange = basix.create_element(
            basix.ElementFamily.P, cell, degree, basix.LagrangeVariant.equispaced
        )
        return np.asarray(lagrange.tabulate(1, points), dtype=np.float64)[..., 0]

    def _determinants(self, table: FloatArray, coordinates: FloatArray) -> FloatArray:
        dimension = self.mesh.mesh.geometry.dim
        corners = coordinates[self.nodes][:, :, :dimension]
        found: FloatArray = np.linalg.det(np.einsum("jqn,cni->cqij", table[1:], corners))
        return found

    def ratios(self, coordinates: FloatArray) -> FloatArray:
        """Least over largest determinant on a lattice of each cell, below 0 where it is inverted.

        Signs are those of the mesh's own coordinates.

        Args:
            coordinates: Of all local geometry nodes, (nodes, 3), mm.

        Returns:
            (cells,) ratios; 1 for straight cells.
        """
        cell: Any = self.mesh.mesh.basix_cell()
        lattice = basix.create_lattice(cell, LATTICE, basix.LatticeType.equispaced, True)
        table = self._table(np.asarray(lattice, dtype=np.float64))
        own = self._determinants(table, self.mesh.mesh.geometry.x)
        found = self._determinants(table, coordinates) * np.sign(own.mean(axis=1))[:, None]
        return np.asarray(found.min(axis=1) / np.abs(found).max(axis=1))

    def volume(self, coordinates: FloatArray) -> float:
        """Volume of this rank's cells as whole bodies of revolution (half cells twice), mm3."""
        cell: Any = self.mesh.mesh.basix_cell()
        rule = basix.make_quadrature(cell, DEGREE)
        table = self._table(np.asarray(rule[0], dtype=np.float64))
        weights = np.abs(self._determinants(table, coordinates)) * rule[1]
        if self.mesh.kind == "half_cell":
            return float(2.0 * weights.sum())
        radii = np.einsum("qn,cn->cq", table[0], coordinates[self.nodes][:, :, 0])
        return float(2.0 * np.pi * (weights * radii).sum())
