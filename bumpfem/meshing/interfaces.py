r"""Facets between two regions of a mesh: where one material is bonded to another.

A facet belongs to an interface if one of its cells lies in a region of the one side and the other
in a region of the other side. Normals point out of the *inside*, the side on which stress is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import basix
import numpy as np
from dolfinx import la
from numpy.typing import NDArray

from bumpfem.errors import MeshError
from bumpfem.meshing.mesh import Mesh
from bumpfem.units import FloatArray

_SOLDER = ("solder", "solder_layer_interposer", "solder_layer_board")

#: Interfaces with names: regions of the inside, and of what it is bonded to.
INTERFACES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "resin_ball": (("resin",), (*_SOLDER, "core", "bump", "bump_barrier", "attach")),
    "resin_pad": (("resin",), ("interposer_pad",)),
    "resin_substrate": (("resin",), ("interposer_resist", "interposer")),
    "ball_pad": ((*_SOLDER, "attach", "core", "bump"), ("interposer_pad",)),
}

#: What a cell on either side adds to its facets; no other two numbers of cells give the same sum.
_INSIDE, _OUTSIDE = 1.0, 4.0

#: Degree of polynomials that the rule on facets integrates exactly.
DEGREE = 4


@dataclass(frozen=True, eq=False)
class Interface:
    """Facets between two sets of regions that this rank integrates over.

    Facets of a half cell are those of one half of the joint; areas of an axisymmetric cell are
    those of the whole circle.

    Attributes:
        name: Its name.
        inside: Regions on its inside.
        facets: ``(f,)`` local facets; each facet of the mesh belongs to one rank.
        cells: ``(f,)`` local cell on the inside of each facet.
        local_facets: ``(f,)`` number of the facet within that cell.
        reference: ``(f, q, d)`` integration points in the reference cell of the inside.
        positions: ``(f, q, d)`` integration points, mm.
        normals: ``(f, q, d)`` unit normals out of the inside.
        weights: ``(f, q)`` areas of the integration points, mm2.
    """

    name: str
    inside: tuple[str, ...]
    facets: NDArray[np.int32]
    cells: NDArray[np.int32]
    local_facets: NDArray[np.int32]
    reference: FloatArray
    positions: FloatArray
    normals: FloatArray
    weights: FloatArray

    @property
    def areas(self) -> FloatArray:
        """(f,) areas, mm2."""
        return np.asarray(self.weights.sum(axis=1))


def named_interface(mesh: Mesh, name: str) -> Interface | None:
    """One of ``INTERFACES``; None if no rank has a facet of it.

    Raises:
        MeshError: If there is no interface of this name.
    """
    if name not in INTERFACES:
        raise MeshError(f"there is no interface {name!r}; there are {', '.join(INTERFACES)}")
    inside, outside = INTERFACES[name]
    found = interface(mesh, inside, outside, name)
    total = mesh.mesh.comm.allreduce(len(found.facets))
    return found if total else None


def named_interfaces(mesh: Mesh) -> dict[str, Interface]:
    """All interfaces of ``INTERFACES`` that a mesh has."""
    found = {name: named_interface(mesh, name) for name in INTERFACES}
    return {name: item for name, item in found.items() if item is not None}


def interface(
    mesh: Mesh, inside: Iterable[str], outside: Iterable[str], name: str = "interface"
) -> Interface:
    """Facets between cells of some regions and cells of others.

    Args:
        mesh: Half cell or axisymmetric cell, in any coordinates.
        inside: Regions of the side on which stress is taken; those the mesh lacks are left out.
        outside: Regions on the other side.
        name: Name of the interface.
    """
    within = tuple(inside)
    facets, cells = _facets(mesh, within, tuple(outside))
    local = _numbers_in_cells(mesh, facets, cells)
    reference, positions, normals, weights = _geometry(mesh, cells, local)
    return Interface(name, within, facets, cells, local, reference, positions, normals, weights)


def _facets(
    mesh: Mesh, inside: tuple[str, ...], outside: tuple[str, ...]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Facets of the interface whose inside cell this rank owns, and these cells.

    The two cells of a facet may belong to two ranks: each adds what it knows.
    """
    topology = mesh.mesh.topology
    dimension = topology.dim
    topology.create_entities(dimension - 1)
    topology.create_connectivity(dimension, dimension - 1)
    facets = np.asarray(topology.connectivity(dimension, dimension - 1).array)
    facets = facets.reshape(-1, dimension + 1)
    within, beyond = _owned(mesh, inside), _owned(mesh, outside)
    seen = la.vector(topology.index_map(dimension - 1))
    seen.array[:] = 0.0
    np.add.at(seen.array, facets[within], _INSIDE)
    np.add.at(seen.array, facets[beyond], _OUTSIDE)
    seen.scatter_reverse(la.InsertMode.add)
    seen.scatter_forward()
    crossing = seen.array[facets[within]] == _INSIDE + _OUTSIDE
    cells = np.broadcast_to(within[:, None], crossing.shape)
    return facets[within][crossing].astype(np.int32), cells[crossing].astype(np.int32)


def _owned(mesh: Mesh, names: tuple[str, ...]) -> NDArray[np.int32]:
    """Cells of some regions that this rank owns; regions that the mesh lacks are left out."""
    known = [name for name in names if name in mesh.regions]
    cells = mesh.cells(*known) if known else np.empty(0, dtype=np.int32)
    owned = mesh.mesh.topology.index_map(mesh.mesh.topology.dim).size_local
    return np.asarray(cells[cells < owned], dtype=np.int32)


def _numbers_in_cells(
    mesh: Mesh, facets: NDArray[np.int32], cells: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Number of each facet within its cell."""
    dimension = mesh.mesh.topology.dim
    links = mesh.mesh.topology.connectivity(dimension, dimension - 1)
    table = np.asarray(links.array).reshape(-1, dimension + 1)
    return np.asarray(np.argmax(table[cells] == facets[:, None], axis=1), dtype=np.int32)


def _geometry(
    mesh: Mesh, cells: NDArray[np.int32], local: NDArray[np.int32]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Reference points, positions, normals and weights of facets.

    A facet's area vector is that of the reference facet by Nanson's formula,
    ``n da = det(J) J^-T N dA``.
    """
    cell: Any = mesh.mesh.basix_cell()
    dimension = mesh.mesh.geometry.dim
    facet = basix.CellType.triangle if dimension == 3 else basix.CellType.interval
    rule, rule_weights = (np.asarray(part) for part in basix.make_quadrature(facet, DEGREE))
    corners, topology = basix.geometry(cell), basix.topology(cell)[dimension - 1]
    element = basix.create_element(
        basix.ElementFamily.P,
        cell,
        mesh.mesh.geometry.cmaps[0].degree,
        basix.LagrangeVariant.equispaced,
    )
    shape = (len(cells), len(rule_weights))
    reference, positions, normals = (np.zeros((*shape, dimension)) for _ in range(3))
    weights = np.zeros(shape)
    outward = basix.cell.facet_outward_normals(cell)
    nodes = mesh.mesh.geometry.x[mesh.mesh.geometry.dofmaps[0][cells]][:, :, :dimension]
    for number, vertices in enumerate(topology):
        here = np.flatnonzero(local == number)
        origin, sides = corners[vertices[0]], corners[vertices[1:]] - corners[vertices[0]]
        points = origin + rule @ sides
        stretch = float(np.sqrt(np.linalg.det(sides @ sides.T)))
        table = np.asarray(element.tabulate(1, points))[..., 0]
        jacobian = np.einsum("jqn,cni->cqij", table[1:], nodes[here])
        determinant = np.linalg.det(jacobian)
        turned = np.linalg.solve(np.swapaxes(jacobian, -1, -2), outward[number][:, None])[..., 0]
        vector = turned * np.abs(determinant)[..., None]
        length = np.linalg.norm(vector, axis=-1)
        reference[here] = points
        positions[here] = np.einsum("qn,cni->cqi", table[0], nodes[here])
        normals[here] = vector / length[..., None]
        weights[here] = length * stretch * rule_weights
    if dimension == 2:
        weights *= 2.0 * np.pi * positions[:, :, 0]
    return reference, positions, normals, weights
