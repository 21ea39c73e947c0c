r"""Small-strain kinematics on a dolfinx mesh: displacement space and strain operator.

The displacement is a continuous vector field of second-order Lagrange elements. Strains are the
symmetric gradient; on an axisymmetric cell (x = radius, y = axis) the hoop strain :math:`u_x / x`
stands in the zz place and integrals carry the factor :math:`2 \pi x`.

Near-incompressible flow: with the volumetric treatment ``cell_mean`` the volumetric strain is
replaced by its mean over the cell, :math:`\bar B = B_{dev} + \tfrac13 m \otimes
\overline{\mathrm{tr}\,B}` (Hughes 1980, the B-bar method): one volumetric constraint per cell
instead of four. ``full`` integrates all of it: one order more accurate where a material is
compressible, but a coarse mesh locks where it is not. ``by_law`` takes ``cell_mean`` for laws that
flow and for stiff volumes (Poisson's ratio above 0.45), ``full`` elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import basix
import numpy as np
from dolfinx import fem
from numpy.typing import NDArray

from bumpfem.errors import MeshError
from bumpfem.units import FloatArray

Volumetric = Literal["by_law", "cell_mean", "full"]
IntArray = NDArray[np.int32]

#: Degree that the integration rule integrates exactly (4 points in a tetrahedron, 3 in a triangle).
QUADRATURE_DEGREE = 2


@dataclass(frozen=True)
class StrainOperator:
    """Strain operator of a set of cells at their integration points.

    Attributes:
        cells: ``(c,)`` local cell numbers.
        operator: ``(c, q, 6, d)``.
        weights: ``(c, q)`` integration weights times the volume element, mm^3.
        unknowns: ``(c, d)`` local displacement unknowns of each cell.
    """

    cells: IntArray
    operator: FloatArray
    weights: FloatArray
    unknowns: IntArray

    @property
    def points(self) -> int:
        """Number of integration points in all cells."""
        return int(self.weights.size)


class DisplacementSpace:
    """Second-order displacement space on a mesh, with its element tables.

    Args:
        mesh: dolfinx mesh of tetrahedra (3D) or triangles (axisymmetric).

    Raises:
        MeshError: for another kind of cell.
    """

    def __init__(self, mesh: Any) -> None:
        self.mesh = mesh
        self.dimension = int(mesh.geometry.dim)
        cell = mesh.basix_cell()
        if cell not in (basix.CellType.tetrahedron, basix.CellType.triangle):
            raise MeshError(f"cells of type {cell.name} are not supported: use simplices")
        if mesh.topology.dim != self.dimension:
            raise MeshError("the mesh must fill its space: a plane mesh has two coordinates")
        self.space = fem.functionspace(mesh, ("Lagrange", 2, (self.dimension,)))
        rule = basix.make_quadrature(cell, QUADRATURE_DEGREE)
        points = np.array(rule[0], dtype=np.float64)
        self._point_weights: FloatArray = np.array(rule[1], dtype=np.float64)
        element = basix.create_element(
            basix.ElementFamily.P, cell, 2, basix.LagrangeVariant.gll_warped
        )
        geometry = basix.create_element(
            basix.ElementFamily.P,
            cell,
            mesh.geometry.cmaps[0].degree,
            basix.LagrangeVariant.equispaced,
        )
        self._shape: FloatArray = np.array(element.tabulate(1, points), dtype=np.float64)[..., 0]
        self._geometry_shape: FloatArray = np.array(geometry.tabulate(1, points), dtype=np.float64)[
            ..., 0
        ]

    @property
    def owned_cells(self) -> IntArray:
        """Cells that this rank integrates over."""
        return np.arange(
            self.mesh.topology.index_map(self.mesh.topology.dim).size_local, dtype=np.int32
        )

    @property
    def local_size(self) -> int:
        """Unknowns that this rank sees, owned and ghost."""
        index_map = self.space.dofmap.index_map
        return int((index_map.size_local + index_map.num_ghosts) * self.dimension)

    @property
    def global_size(self) -> int:
        """Unknowns of the whole mesh, prescribed ones included."""
        return int(self.space.dofmap.index_map.size_global * self.dimension)

    def node_coordinates(self) -> FloatArray:
        """Coordinates ``(local nodes, dimension)`` of the displacement nodes, mm."""
        return np.ascontiguousarray(
            self.space.tabulate_dof_coordinates()[:, : self.dimension], dtype=np.float64
        )

    def cell_unknowns(self, cells: IntArray) -> IntArray:
        """Local unknowns ``(c, d)`` of ``cells``, node by node."""
        nodes = self.space.dofmap.list[cells].astype(np.int32)
        steps = np.arange(self.dimension, dtype=np.int32)
        size = nodes.shape[1] * self.dimension
        unknowns: IntArray = (nodes[:, :, None] * self.dimension + steps).reshape(len(cells), size)
        return unknowns

    def point_coordinates(self, cells: IntArray) -> FloatArray:
        """Coordinates ``(c, q, dimension)`` of the integration points, mm."""
        corners = self.mesh.geometry.x[self.mesh.geometry.dofmaps[0][cells]][:, :, : self.dimension]
        return np.asarray(np.einsum("qn,cni->cqi", self._geometry_shape[0], corners))

    def mean_weights(self, cells: IntArray) -> tuple[FloatArray, float]:
        """Integral of each node's shape function over ``cells`` and their volume.

        The mean of component ``i`` of a displacement ``u`` over the cells is
        ``weights @ u[i::dimension] / volume``.

        Returns:
            Weights ``(local nodes,)``, mm^3, and volume, mm^3: this rank's part of both.
        """
        operator = self.strain_operator(cells)
        weights = np.zeros(self.local_size // self.dimension)
        parts = np.einsum("cq,qn->cn", operator.weights, self._shape[0])
        np.add.at(weights, self.space.dofmap.list[cells].ravel(), parts.ravel())
        return weights, float(operator.weights.sum())

    def turned_over(self, cells: IntArray, before: FloatArray) -> int:
        """Number of ``cells`` whose orientation is not that at earlier coordinates ``(nodes, 3)``.

        A cell's orientation is the sign of the Jacobian determinant at its first point.
        """
        corners = self.mesh.geometry.dofmaps[0][cells]
        slopes = self._geometry_shape[1:, 0]
        signs = [
            np.sign(np.linalg.det(np.einsum("jn,cni->cij", slopes, x[corners, : self.dimension])))
            for x in (before, self.mesh.geometry.x)
        ]
        return int(np.sum(signs[0] != signs[1]))

    def strain_operator(self, cells: IntArray, cell_mean: bool = False) -> StrainOperator:
        """Strain operator, weights and unknowns of ``cells``.

        Args:
            cells: Local cell numbers.
            cell_mean: Whether the volumetric strain is averaged over each cell.

        Raises:
            MeshError: if a cell is turned inside out.
        """
        dimension = self.dimension
        corners = self.mesh.geometry.x[self.mesh.geometry.dofmaps[0][cells]][:, :, :dimension]
        jacobian: FloatArray = np.einsum("jqn,cni->cqij", self._geometry_shape[1:], corners)
        determinant: FloatArray = np.linalg.det(jacobian)
        inside_out = (determinant > 0).any(axis=1) & (determinant < 0).any(axis=1)
        if inside_out.any():
            raise MeshError(f"{int(inside_out.sum())} cells are turned inside out")
        weights: FloatArray = np.abs(determinant) * self._point_weights
        inverse: FloatArray = np.linalg.inv(jacobian)
        gradient: FloatArray = np.einsum("jqn,cqji->cqni", self._shape[1:], inverse)
        operator = (
            self._solid(gradient)
            if dimension == 3
            else self._axisymmetric(gradient, cells, weights)
        )
        if cell_mean:
            _average_volumetric(operator, weights)
        return StrainOperator(cells, operator, weights, self.cell_unknowns(cells))

    @staticmethod
    def _solid(gradient: FloatArray) -> FloatArray:
        cells, points, nodes, _ = gradient.shape
        operator = np.zeros((cells, points, 6, nodes, 3))
        for i in range(3):
            operator[:, :, i, :, i] = gradient[..., i]
        for row, (i, j) in zip((3, 4, 5), ((0, 1), (1, 2), (0, 2)), strict=True):
            operator[:, :, row, :, i] = gradient[..., j]
            operator[:, :, row, :, j] = gradient[..., i]
        return operator.reshape(cells, points, 6, nodes * 3)

    def _axisymmetric(
        self, gradient: FloatArray, cells: IntArray, weights: FloatArray
    ) -> FloatArray:
        count, points, nodes, _ = gradient.shape
        radius = self.point_coordinates(cells)[:, :, 0]
        weights *= 2.0 * np.pi * radius
        operator = np.zeros((count, points, 6, nodes, 2))
        operator[:, :, 0, :, 0] = gradient[..., 0]
        operator[:, :, 1, :, 1] = gradient[..., 1]
        operator[:, :, 2, :, 0] = self._shape[0][None] / radius[:, :, None]
        operator[:, :, 3, :, 0] = gradient[..., 1]
        operator[:, :, 3, :, 1] = gradient[..., 0]
        return operator.reshape(count, points, 6, nodes * 2)


def _average_volumetric(operator: FloatArray, weights: FloatArray) -> None:
    """Replace the volumetric part of ``operator`` by its mean over each cell, in place."""
    trace = operator[:, :, 0] + operator[:, :, 1] + operator[:, :, 2]
    volume = weights.sum(axis=1)
    mean = np.einsum("cq,cqd->cd", weights, trace) / volume[:, None]
    operator[:, :, :3] += (mean[:, None] - trace)[:, :, None] / 3.0
