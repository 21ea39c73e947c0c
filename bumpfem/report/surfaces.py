"""Quadratic tetrahedra cut down to what a picture needs: their outer faces and the cross-section.

Node order of a quadratic tetrahedron (VTK cell type 24): corners 0-3, then the nodes midway
between 01, 12, 20, 03, 13, 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from bumpfem.errors import MeshError
from bumpfem.units import FloatArray

IntArray = NDArray[np.int64]

_QUADRATIC_TETRA = 24
# Faces seen from outside: three corners, then the nodes midway between 01, 12, 20 of the face.
_FACES = np.array(
    [[0, 1, 3, 4, 8, 7], [1, 2, 3, 5, 9, 8], [2, 0, 3, 6, 7, 9], [0, 2, 1, 6, 5, 4]], dtype=np.int64
)


@dataclass(frozen=True)
class Solid:
    """A meshed joint as arrays.

    Args:
        points: Node coordinates in mm, shape (n, 3).
        cells: Nodes of each quadratic tetrahedron, shape (m, 10).
        region: Region number of each cell, shape (m,).
        names: Region name to region number.
        cell_data: Values per cell, name to array of shape (m, ...).
        point_data: Values per node, name to array of shape (n, ...).
    """

    points: FloatArray
    cells: IntArray
    region: IntArray
    names: dict[str, int]
    cell_data: dict[str, FloatArray]
    point_data: dict[str, FloatArray]

    @classmethod
    def read(cls, path: Path) -> Solid:
        """Read a ``.vtu`` file with cell data ``region`` and the region names as field data.

        Raises:
            MeshError: No quadratic tetrahedra in the file, or no named regions.
        """
        grid = pv.read(path)
        if not isinstance(grid, pv.UnstructuredGrid):
            raise MeshError(f"{path.name} holds no unstructured mesh")
        here = np.flatnonzero(grid.celltypes == _QUADRATIC_TETRA)
        if here.size == 0 or "region" not in grid.cell_data:
            raise MeshError(f"{path.name} holds no quadratic tetrahedra with cell data 'region'")
        values = {name: np.asarray(grid.cell_data[name])[here] for name in grid.cell_data}
        return cls(
            points=np.asarray(grid.points, dtype=np.float64),
            cells=_connectivity(grid),
            region=values.pop("region").astype(np.int64),
            names=_region_names(grid, path.name),
            cell_data=values,
            point_data={name: np.asarray(grid.point_data[name]) for name in grid.point_data},
        )

    def has(self, region: str) -> bool:
        """Whether any cell belongs to the named region."""
        return region in self.names and bool(np.any(self.region == self.names[region]))

    def present(self) -> list[str]:
        """Names of the regions that have cells."""
        used = set(np.unique(self.region).tolist())
        return [name for name, number in self.names.items() if number in used]

    def of(self, regions: list[str]) -> IntArray:
        """Indices of the cells of the named regions; regions that do not exist are skipped."""
        numbers = [self.names[name] for name in regions if name in self.names]
        return np.flatnonzero(np.isin(self.region, numbers))

    @cached_property
    def volumes(self) -> FloatArray:
        """Volume in mm3 of each tetrahedron between its corners, shape (m,)."""
        a, b, c, d = (self.points[self.cells[:, k]] for k in range(4))
        return np.asarray(np.abs(np.einsum("ij,ij->i", np.cross(b - a, c - a), d - a)) / 6.0)

    def moved(self, displacement: FloatArray) -> Solid:
        """The same solid with every node displaced, displacement in mm, shape (n, 3)."""
        return Solid(
            self.points + displacement,
            self.cells,
            self.region,
            self.names,
            self.cell_data,
            self.point_data,
        )

    def nodal(self, name: str, cells: IntArray) -> FloatArray:
        """Volume-weighted mean over ``cells`` of a cell value at each node, NaN elsewhere."""
        corners = self.cells[cells]
        weight = np.repeat(self.volumes[cells], corners.shape[1])
        value = np.repeat(self.cell_data[name][cells], corners.shape[1])
        total = np.bincount(corners.ravel(), weight * value, minlength=len(self.points))
        share = np.bincount(corners.ravel(), weight, minlength=len(self.points))
        with np.errstate(invalid="ignore"):
            return np.asarray(np.where(share > 0.0, total / share, np.nan))

    def outer_faces(self, cells: IntArray) -> tuple[IntArray, IntArray]:
        """Faces that bound the named cells: nodes (k, 6) and the cell each belongs to (k,)."""
        faces = self.cells[cells][:, _FACES].reshape(-1, 6)
        owner = np.repeat(cells, len(_FACES))
        key = np.sort(faces[:, :3], axis=1)
        _, first, count = np.unique(key, axis=0, return_index=True, return_counts=True)
        single = np.sort(first[count == 1])
        return faces[single], owner[single]

    def section_faces(self) -> tuple[IntArray, IntArray]:
        """Faces on the symmetry plane y = 0, as nodes (k, 6) and owning cells (k,)."""
        faces, owner = self.outer_faces(np.arange(len(self.cells)))
        y = self.points[:, 1]
        flat = np.all(np.abs(y[faces[:, :3]] - y.min()) < 1e-6 * np.ptp(y), axis=1)
        return faces[flat], owner[flat]


def _connectivity(grid: pv.UnstructuredGrid) -> IntArray:
    """Nodes of the quadratic tetrahedra of a grid, shape (m, 10)."""
    starts = grid.cell_offsets[:-1][grid.celltypes == _QUADRATIC_TETRA].astype(np.int64)
    nodes = grid.cell_connectivity.astype(np.int64)
    return np.asarray(nodes[starts[:, None] + np.arange(10)])


def _region_names(grid: pv.UnstructuredGrid, file: str) -> dict[str, int]:
    """Region names of a file: one number per named field, or parallel lists of both."""
    data = grid.field_data
    if "region_names" in data:
        names = [str(name) for name in np.atleast_1d(data["region_names"])]
        numbers = data["region_ids"] if "region_ids" in data else range(1, len(names) + 1)
        return {name: int(number) for name, number in zip(names, numbers, strict=True)}
    found: dict[str, int] = {}
    for name in data:
        values = np.atleast_1d(np.asarray(data[name]))
        if values.dtype.kind in "iuf" and values.size and name.lower() not in {"time", "cycle"}:
            found[str(name)] = int(values.flat[0])
    if not found:
        raise MeshError(f"{file} names no regions")
    return found


def subdivide(faces: IntArray, parts: int) -> tuple[FloatArray, IntArray]:
    """Cut curved six-node triangles into flat ones that follow the curve.

    Args:
        faces: Six nodes per face; only their number matters here, shape (k, 6).
        parts: Pieces per edge.

    Returns:
        The barycentric coordinates of the points of one face, shape (p, 3), and the triangles of
        all faces over points numbered face by face, shape (k parts^2, 3).
    """
    steps = [(i, j) for j in range(parts + 1) for i in range(parts + 1 - j)]
    index = {step: k for k, step in enumerate(steps)}
    triangles = [
        (index[i, j], index[i + 1, j], index[i, j + 1])
        for j in range(parts)
        for i in range(parts - j)
    ] + [
        (index[i + 1, j], index[i + 1, j + 1], index[i, j + 1])
        for j in range(parts)
        for i in range(parts - j - 1)
    ]
    second, third = np.array(steps, dtype=np.float64).T / parts
    offsets = len(steps) * np.arange(len(faces), dtype=np.int64)
    corners = (offsets[:, None, None] + np.array(triangles)[None]).reshape(-1, 3)
    return np.stack([1.0 - second - third, second, third], axis=1), corners


def on_faces(points: FloatArray, faces: IntArray, barycentric: FloatArray) -> FloatArray:
    """Points of curved six-node triangles at barycentric coordinates (p, 3), shape (k p, 3)."""
    a, b, c = barycentric.T
    shape = np.stack(
        [a * (2 * a - 1), b * (2 * b - 1), c * (2 * c - 1), 4 * a * b, 4 * b * c, 4 * c * a], axis=1
    )
    return np.asarray(np.einsum("pk,fkd->fpd", shape, points[faces]).reshape(-1, 3))


def edge_lines(points: FloatArray, faces: IntArray, pieces: int = 4) -> FloatArray:
    """Element edges of six-node triangles as polylines, each once, shape (e, pieces + 1, 3)."""
    edges = face_edges(faces)
    _, first = np.unique(np.sort(edges[:, :2], axis=1), axis=0, return_index=True)
    return curved(points, edges[first], pieces)


def face_edges(faces: IntArray) -> IntArray:
    """Edges of six-node triangles: two ends and the middle node, shape (3 k, 3), side by side."""
    return np.concatenate([faces[:, [0, 1, 3]], faces[:, [1, 2, 4]], faces[:, [2, 0, 5]]])


def curved(points: FloatArray, edges: IntArray, pieces: int = 4) -> FloatArray:
    """Points along quadratic edges, shape (e, pieces + 1, 3)."""
    s = np.linspace(0.0, 1.0, pieces + 1)
    shape = np.stack([(1 - s) * (1 - 2 * s), s * (2 * s - 1), 4 * s * (1 - s)], axis=1)
    return np.asarray(np.einsum("sk,ekd->esd", shape, points[edges]))


def region_boundaries(faces: IntArray, region: IntArray) -> IntArray:
    """Edges of a flat patch where the region changes or the patch ends, shape (b, 3)."""
    edges = face_edges(faces)
    regions = np.tile(region, 3)
    key = np.sort(edges[:, :2], axis=1)
    _, first, inverse, count = np.unique(
        key, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    low = np.full(len(first), np.iinfo(np.int64).max)
    high = np.full(len(first), np.iinfo(np.int64).min)
    np.minimum.at(low, inverse.ravel(), regions)
    np.maximum.at(high, inverse.ravel(), regions)
    return np.asarray(edges[first[(low != high) | (count == 1)]])
