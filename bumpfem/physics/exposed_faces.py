r"""Faces of cells that nothing solid covers, with what an integral over them needs.

A face of a cell is exposed if no other solid cell shares it. At an integration point of a face with
the (curved) position :math:`x(s, t)` and the outward normal :math:`n`, the directed area is
:math:`n\,dA = \pm(\partial_s x \times \partial_t x)\, w`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import basix
import numpy as np
from dolfinx import la
from numpy.typing import NDArray

from bumpfem.errors import MeshError
from bumpfem.physics.kinematics import DisplacementSpace, IntArray
from bumpfem.units import FloatArray

#: Degree that the rule on a face integrates exactly: that of a product of two shape functions.
FACE_DEGREE = 4


@dataclass(frozen=True)
class Faces:
    """Faces of tetrahedra with their integration points.

    Attributes:
        nodes: ``(f, 6)`` local displacement nodes of each face.
        shape: ``(f, q, 6)`` shape functions of these nodes at the integration points.
        points: ``(f, q, 3)`` positions, mm.
        area: ``(f, q, 3)`` outward normal times area times integration weight, mm2.
    """

    nodes: IntArray
    shape: FloatArray
    points: FloatArray
    area: FloatArray

    def chosen(self, which: NDArray[Any]) -> Faces:
        """Some of the faces, by mask or number."""
        return Faces(self.nodes[which], self.shape[which], self.points[which], self.area[which])


def exposed_faces(space: DisplacementSpace, cells: IntArray, solid: IntArray) -> Faces:
    """Exposed faces of some cells.

    Args:
        space: Displacement space on tetrahedra.
        cells: Local cells whose faces are asked for; ghosts among them are left out, so that each
            rank gets the faces of its own cells.
        solid: Local cells (owned and ghost) that cover what they touch.

    Raises:
        MeshError: for a mesh of other cells than tetrahedra.
    """
    mesh = space.mesh
    if mesh.basix_cell() != basix.CellType.tetrahedron:
        raise MeshError("faces are found on tetrahedra only")
    owned = len(space.owned_cells)
    cells, solid = np.unique(cells[cells < owned]), solid[solid < owned]
    covered = _solid_neighbours(mesh, solid)
    mesh.topology.create_connectivity(3, 2)
    facets = mesh.topology.connectivity(3, 2).array.reshape(-1, 4)
    inside = np.isin(cells, solid).astype(np.int32)
    exposed = covered[facets[cells]] - inside[:, None] == 0
    parts = [
        _faces(space, cells[exposed[:, number]].astype(np.int32), number) for number in range(4)
    ]
    return Faces(
        np.concatenate([part.nodes for part in parts]),
        np.concatenate([part.shape for part in parts]),
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.area for part in parts]),
    )


def _solid_neighbours(mesh: Any, solid: IntArray) -> IntArray:
    """Number of solid cells at each local facet, those of other ranks included."""
    topology = mesh.topology
    topology.create_entities(2)
    topology.create_connectivity(3, 2)
    count = la.vector(topology.index_map(2))
    count.array[:] = 0.0
    touched = topology.connectivity(3, 2).array.reshape(-1, 4)[solid].ravel()
    np.add.at(count.array, touched, 1.0)
    count.scatter_reverse(la.InsertMode.add)
    count.scatter_forward()
    return np.rint(count.array).astype(np.int32)


def _faces(space: DisplacementSpace, cells: IntArray, number: int) -> Faces:
    """Face ``number`` (opposite to that corner) of each cell."""
    mesh, cell = space.mesh, basix.CellType.tetrahedron
    element = basix.create_element(basix.ElementFamily.P, cell, 2, basix.LagrangeVariant.gll_warped)
    geometry = basix.create_element(
        basix.ElementFamily.P,
        cell,
        mesh.geometry.cmaps[0].degree,
        basix.LagrangeVariant.equispaced,
    )
    rule = basix.make_quadrature(basix.CellType.triangle, FACE_DEGREE)
    on_face, weights = np.asarray(rule[0]), np.asarray(rule[1])
    corners = np.asarray(basix.geometry(cell))
    a, b, c = corners[basix.topology(cell)[2][number]]
    inside = a + on_face[:, :1] * (b - a) + on_face[:, 1:] * (c - a)
    of_face = np.asarray(element.entity_closure_dofs[2][number], dtype=np.int32)
    shape = np.asarray(element.tabulate(0, inside))[0, :, of_face, 0].T
    table = np.asarray(geometry.tabulate(1, inside))[..., 0]
    nodes = mesh.geometry.x[mesh.geometry.dofmaps[0][cells]]
    points = np.einsum("qn,cni->cqi", table[0], nodes)
    jacobian = np.einsum("jqn,cni->cqij", table[1:], nodes)
    along, across = jacobian @ (b - a), jacobian @ (c - a)
    area = np.cross(along, across) * weights[:, None]
    outward = np.einsum("cqi,cqi->cq", area, points - nodes[:, number][:, None])
    area *= np.sign(outward)[..., None]
    return Faces(
        space.space.dofmap.list[cells][:, of_face].astype(np.int32),
        np.broadcast_to(shape, (len(cells), *shape.shape)).copy(),
        points,
        area,
    )
