"""The meridian of an interface: the curve that makes the surface by going round the axis."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import basix
import numpy as np
from numpy.typing import NDArray

from bumpfem.meshing import Mesh
from bumpfem.meshing.interfaces import Interface
from bumpfem.units import FloatArray

#: Places closer than this are one, mm.
SAME = 1e-7

_Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class InterfaceMeridian:
    """Pieces of an interface's meridian, one per edge of the mesh, from the axis outward.

    Attributes:
        mesh: The mesh.
        ends: ``(n, 2, 2)`` first and last (radius, height) of each piece, mm.
        position: ``(n,)`` arc length to the middle of each piece, mm.
    """

    mesh: Mesh
    ends: FloatArray
    position: FloatArray

    @classmethod
    def of(cls, mesh: Mesh, interface: Interface) -> InterfaceMeridian:
        """The meridian of an interface; in a half cell where it cuts the symmetry plane."""
        found = mesh.mesh.comm.allgather(_edges(mesh, interface))
        ends = _chained(np.concatenate(found))
        lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
        return cls(mesh, ends, np.cumsum(lengths) - 0.5 * lengths)

    @property
    def middle(self) -> FloatArray:
        """(n, 2) middles of the pieces, mm."""
        return np.asarray(self.ends.mean(axis=1))

    def pieces(self, positions: FloatArray) -> NDArray[np.int64]:
        """Number of the nearest piece for points of the interface; -1 beyond the outer end.

        Args:
            positions: ``(..., d)``, mm.
        """
        points = _meridian_points(self.mesh, positions)
        first, along = self.ends[:, 0], self.ends[:, 1] - self.ends[:, 0]
        away = points[..., None, :] - first
        share = np.clip((away * along).sum(-1) / (along**2).sum(-1), 0.0, 1.0)
        distance = np.linalg.norm(away - share[..., None] * along, axis=-1)
        nearest = np.argmin(distance, axis=-1)
        beyond = points[..., 0] > self.ends[..., 0].max() + SAME
        return np.where(beyond, -1, nearest)


def _meridian_points(mesh: Mesh, positions: FloatArray) -> FloatArray:
    """Radius and height of points ``(..., d)``."""
    if mesh.kind == "axisymmetric":
        return positions
    radius = np.hypot(positions[..., 0] - mesh.centre_x, positions[..., 1])
    return np.stack([radius, positions[..., 2]], axis=-1)


def _edges(mesh: Mesh, interface: Interface) -> FloatArray:
    """Edges ``(n, 2, 2)`` of this rank's facets on the meridian, (radius, height) of their ends."""
    dimension = mesh.mesh.topology.dim
    corners = np.array(basix.topology(mesh.mesh.basix_cell())[dimension - 1])
    nodes = mesh.mesh.geometry.dofmaps[0][interface.cells][:, : dimension + 1]
    facets = np.take_along_axis(nodes, corners[interface.local_facets], axis=1)
    places = mesh.mesh.geometry.x[facets][:, :, :dimension]
    if dimension == 2:
        return np.asarray(places)
    on_plane = (np.abs(places[..., 1]) < SAME) & (places[..., 0] > mesh.centre_x - SAME)
    cut = on_plane.sum(axis=1) == 2
    ends = places[cut][on_plane[cut]].reshape(-1, 2, 3)
    return _meridian_points(mesh, ends)


def _chained(edges: FloatArray) -> FloatArray:
    """Edges one after the other, each connected part from its end nearest to the axis."""
    names = np.round(edges / SAME).astype(np.int64)
    keys = [((int(a[0]), int(a[1])), (int(b[0]), int(b[1]))) for a, b in names]
    at: dict[_Place, list[int]] = defaultdict(list)
    for number, pair in enumerate(keys):
        for place in pair:
            at[place].append(number)
    left, ordered = set(range(len(edges))), []
    while left:
        open_ends = [p for p, used in at.items() if len(left.intersection(used)) == 1]
        remaining = open_ends or [p for p, used in at.items() if left.intersection(used)]
        place = min(remaining, key=lambda p: (p[0], -p[1]))
        while following := left.intersection(at[place]):
            number = min(following)
            left.discard(number)
            first, last = keys[number]
            forward = first == place
            ordered.append(edges[number] if forward else edges[number][::-1])
            place = last if forward else first
    return np.array(ordered).reshape(-1, 2, 2)
