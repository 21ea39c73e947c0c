"""First-order temperature space with lumped volumes and areas on a dolfinx mesh.

The temperature is linear between the corners of each (possibly curved) cell. Volumes of regions
and areas of faces are lumped at the nodes. Lumping keeps second order in space, makes the heat
content of a node a function of its own temperature alone, and on good meshes keeps the temperature
between those of its surroundings.

Where two regions touch with a contact resistance the temperature jumps: cells of the second side
use unknowns of their own there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from dolfinx import fem, la
from numpy.typing import NDArray

from bumpfem.errors import InputError, MeshError
from bumpfem.physics.heat_geometry import FREE, Faces, HeatGeometry, IntArray
from bumpfem.physics.heat_integrals import HeatIntegrals
from bumpfem.units import FloatArray

__all__ = ["FREE", "HeatGeometry", "HeatSpace"]

LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Sides = tuple[Sequence[str], Sequence[str]]


class HeatSpace:
    """Unknowns of a temperature field and what is lumped at them.

    Local unknowns are this rank's nodes, owned and ghost, then the second unknowns ("twins") of
    nodes on contacts. Each rank owns the unknowns of the nodes it owns.

    Args:
        geometry: Mesh, regions, faces.
        contacts: Pairs of region sets between which the temperature may jump.

    Attributes:
        space: dolfinx space of the nodes.
        nodes: ``(local,)`` node of each local unknown.
        unknowns: ``(cells, d)`` local unknowns at the corners of every local cell.
        owned: ``(n,)`` local numbers of the owned unknowns.
        numbers: ``(local,)`` global number of each local unknown.
        size: Number of unknowns of all ranks.

    Raises:
        MeshError: for another kind of cell, or cells without a region.
        InputError: if a contact touches nothing, or two contacts share a node.
    """

    def __init__(self, geometry: HeatGeometry, contacts: Sequence[Sides] = ()) -> None:
        self.geometry, self.mesh = geometry, geometry.mesh
        self.comm = self.mesh.comm
        self.integrals = HeatIntegrals(geometry)
        self.dimension = self.integrals.dimension
        self.space = fem.functionspace(self.mesh, ("Lagrange", 1))
        self._map = self.space.dofmap.index_map
        cells = self.mesh.topology.index_map(self.dimension)
        self.owned_cells = np.arange(cells.size_local, dtype=np.int32)
        self._region_of = np.full(cells.size_local + cells.num_ghosts, -1)
        for number, members in enumerate(geometry.cells.values()):
            self._region_of[members] = number
        if np.any(self._region_of < 0):
            raise MeshError(f"{int(np.sum(self._region_of < 0))} cells belong to no region")
        self.mesh.topology.create_connectivity(self.dimension, self.dimension - 1)
        facets = self.mesh.topology.connectivity(self.dimension, self.dimension - 1)
        self._cell_facets = facets.array.reshape(-1, self.dimension + 1)
        self._split(contacts)
        self._number()

    def cells(self, *regions: str) -> IntArray:
        """Owned cells of some regions.

        Raises:
            MeshError: If the mesh has no such region.
        """
        known = self.geometry.cells
        for name in regions:
            if name not in known:
                raise MeshError(f"the mesh has no region {name!r}; it has {', '.join(known)}")
        chosen = np.concatenate([known[name] for name in regions])
        return np.sort(chosen[chosen < len(self.owned_cells)]).astype(np.int32)

    # --- unknowns -------------------------------------------------------------------------------

    def _split(self, contacts: Sequence[Sides]) -> None:
        """Give the second side of every contact unknowns of its own."""
        count = int(self._map.size_local + self._map.num_ghosts)
        doubled = np.zeros(count, dtype=bool)
        found = []
        for first, second in contacts:
            if set(first) & set(second):
                raise InputError("contact.second", tuple(second), f"no region of {tuple(first)}")
            both = self._touched(self.cells(*first)) & self._touched(self.cells(*second))
            if not self.comm.allreduce(int(both.sum())):
                raise InputError(
                    "contact", f"{tuple(first)} and {tuple(second)}", "regions that touch"
                )
            if self.comm.allreduce(int((both & doubled).sum())):
                raise InputError("contact", tuple(second), "a contact that meets no other one")
            doubled |= both
            found.append((both, [list(self.geometry.cells).index(name) for name in second]))
        twins = np.flatnonzero(doubled).astype(np.int32)
        twin_of = np.full(count, -1, dtype=np.int32)
        twin_of[twins] = count + np.arange(len(twins))
        self._layers = (slice(0, count), slice(count, count + len(twins)))
        self.nodes: IntArray = np.concatenate([np.arange(count, dtype=np.int32), twins])
        self.unknowns: IntArray = self.space.dofmap.list.astype(np.int32).copy()
        for both, regions in found:
            inside = np.isin(self._region_of, regions)[:, None] & both[self.space.dofmap.list]
            self.unknowns[inside] = twin_of[self.unknowns[inside]]

    def _touched(self, cells: IntArray) -> BoolArray:
        """Nodes of the ``cells`` of all ranks."""
        marks = la.vector(self._map)
        marks.array[:] = 0.0
        marks.array[np.unique(self.space.dofmap.list[cells])] = 1.0
        marks.scatter_reverse(la.InsertMode.add)
        marks.scatter_forward()
        return np.asarray(marks.array > 0.0)

    def _number(self) -> None:
        self.owned: IntArray = np.flatnonzero(self.nodes < self._map.size_local).astype(np.int32)
        start = int(self.comm.exscan(len(self.owned)) or 0)
        self.size = int(self.comm.allreduce(len(self.owned)))
        numbers = self.spread(start + np.arange(len(self.owned), dtype=np.float64))
        self.numbers: LongArray = numbers.round().astype(np.int64)

    @property
    def local_size(self) -> int:
        """Unknowns that this rank sees."""
        return len(self.nodes)

    def coordinates(self) -> FloatArray:
        """Coordinates ``(n, dimension)`` of the owned unknowns, mm."""
        places = self.space.tabulate_dof_coordinates()[:, : self.dimension]
        return np.ascontiguousarray(places[self.nodes[self.owned]], dtype=np.float64)

    def spread(self, owned: FloatArray) -> FloatArray:
        """Values ``(local,)`` at owned and ghost unknowns from those at the owned ones ``(n,)``."""
        local = np.zeros(len(self.nodes))
        local[self.owned] = owned
        for layer in self._layers:
            values = la.vector(self._map)
            values.array[self.nodes[layer]] = local[layer]
            values.scatter_forward()
            local[layer] = values.array[self.nodes[layer]]
        return local

    def gather(self, local: FloatArray) -> FloatArray:
        """Sum all ranks' parts ``(local,)`` of a nodal quantity at its owner ``(n,)``."""
        total = np.empty(len(self.nodes))
        for layer in self._layers:
            values = la.vector(self._map)
            values.array[:] = 0.0
            values.array[self.nodes[layer]] = local[layer]
            values.scatter_reverse(la.InsertMode.add)
            total[layer] = values.array[self.nodes[layer]]
        return total[self.owned]

    # --- lumped volumes and areas ---------------------------------------------------------------

    def volumes(self, region: str) -> FloatArray:
        """Volume ``(n,)`` of a region around each owned unknown, mm3."""
        cells = self.cells(region)
        local = np.zeros(self.local_size)
        np.add.at(local, self.unknowns[cells].ravel(), self.integrals.volumes(cells).ravel())
        return self.gather(local)

    def areas(self, faces: Faces) -> FloatArray:
        """Area ``(n,)`` of faces around each owned unknown, mm2."""
        local = np.zeros(self.local_size)
        for side, members in enumerate(self.integrals.sides):
            cells = faces.cells[faces.sides == side]
            where = self.unknowns[cells][:, members]
            np.add.at(local, where.ravel(), self.integrals.areas(cells, side).ravel())
        return self.gather(local)

    def outer_faces(self, name: str | None = None) -> Faces:
        """Faces of a named outer face, those without a name (:data:`FREE`), or all outer ones.

        Raises:
            MeshError: If the mesh has no such surface.
        """
        named = self.geometry.facets
        outer = self._facet_count(self.owned_cells) == 1
        if name == FREE:
            for members in named.values():
                outer[members] = False
        elif name in named:
            chosen = np.zeros_like(outer)
            chosen[named[name]] = True
            outer &= chosen
        elif name is not None:
            raise MeshError(f"the mesh has no surface {name!r}; it has {', '.join(named)}, {FREE}")
        return self._faces_of(self.owned_cells, outer)

    def interface(self, first: Sequence[str], second: Sequence[str]) -> Faces:
        """Faces between two sets of regions, as faces of cells of the second."""
        own = self.cells(*second)
        marked = (self._facet_count(self.cells(*first)) > 0) & (self._facet_count(own) > 0)
        return self._faces_of(own, marked)

    def _facet_count(self, cells: IntArray) -> NDArray[np.int64]:
        """How many of all ranks' ``cells`` each local facet belongs to."""
        count = la.vector(self.mesh.topology.index_map(self.dimension - 1))
        count.array[:] = 0.0
        np.add.at(count.array, self._cell_facets[cells].ravel(), 1.0)
        count.scatter_reverse(la.InsertMode.add)
        count.scatter_forward()
        return count.array.round().astype(np.int64)

    def _faces_of(self, cells: IntArray, marked: BoolArray) -> Faces:
        place, side = np.nonzero(marked[self._cell_facets[cells]])
        return Faces(cells[place], side.astype(np.int32))
