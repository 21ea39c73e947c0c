"""Second-order cells, curved where the geometry is."""

from __future__ import annotations

import gmsh
import numpy as np
from numpy.typing import NDArray

from bumpfem.errors import MeshError
from bumpfem.units import FloatArray

#: Least ratio of smallest to largest Jacobian determinant in a curved cell.
LEAST_JACOBIAN = 0.03

#: A step towards straight edges, relative to what is left of the curvature.
STEP = 0.25

#: Most steps; 1e-6 of the curvature is left then.
MOST_STEPS = 48

#: Edges on which gmsh puts the middle nodes of quadratic cells, by their number of nodes.
_EDGES = {
    6: ((0, 1), (1, 2), (2, 0)),
    10: ((0, 1), (1, 2), (2, 0), (0, 3), (2, 3), (1, 3)),
}


def curve(dimension: int) -> int:
    """Make the current model's mesh second order.

    Middle nodes go onto the curved geometry. Where this distorts or inverts a cell (a flat one
    under a coarse arc), gmsh moves nodes along the geometry to repair it. The edges of a cell that
    stays poor are straightened step by step until it is good enough; the straight mesh is valid. If
    gmsh has moved corners so that this does not help, its repair is taken back.

    Args:
        dimension: Dimension of the cells.

    Returns:
        Number of cells whose edges were straightened in part.

    Raises:
        MeshError: If cells stay poor.
    """
    mesh = gmsh.model.mesh
    if dimension == 3:
        mesh.optimize("Netgen")
    mesh.setOrder(2)
    cells, nodes = _cells(dimension)
    if np.min(mesh.getElementQualities(cells, "minSJ")) >= LEAST_JACOBIAN:
        return 0
    before = _positions()
    mesh.optimize("HighOrder")
    straightened = _straighten(cells, nodes)
    if straightened is None:
        _place(before)
        straightened = _straighten(cells, nodes)
    if straightened is None:
        raise MeshError("cells stay inverted even with nearly straight edges")
    return straightened


def _straighten(cells: NDArray[np.uint64], nodes: NDArray[np.int64]) -> int | None:
    """Straighten edges of poor cells; how many cells that took, None if some stay poor."""
    positions = _positions()
    relaxed = np.zeros(len(cells), dtype=bool)
    for _ in range(MOST_STEPS):
        qualities = gmsh.model.mesh.getElementQualities(cells, "minSJ")
        poor = np.asarray(qualities) < LEAST_JACOBIAN
        if not poor.any():
            return int(relaxed.sum())
        _relax(nodes[poor], positions)
        relaxed |= poor
    return None


def _place(positions: FloatArray) -> None:
    """Put every node of the model back to its place."""
    tags, _, _ = gmsh.model.mesh.getNodes()
    for tag in tags.astype(np.int64).tolist():
        gmsh.model.mesh.setNode(tag, positions[tag].tolist(), [])


def _cells(dimension: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Tags and node tags of all cells, shapes (n,) and (n, nodes of a cell)."""
    _, tags, nodes = gmsh.model.mesh.getElements(dimension)
    return tags[0], nodes[0].astype(np.int64).reshape(len(tags[0]), -1)


def _positions() -> FloatArray:
    """Coordinates by node tag, shape (largest tag + 1, 3)."""
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    positions = np.zeros((int(tags.max()) + 1, 3))
    positions[tags.astype(np.int64)] = coordinates.reshape(-1, 3)
    return positions


def _relax(nodes: NDArray[np.int64], positions: FloatArray) -> None:
    """Move the middle nodes of cells a step towards the middles of their edges."""
    edges = _EDGES[nodes.shape[1]]
    corners = nodes.shape[1] - len(edges)
    targets: dict[int, FloatArray] = {}
    for middle, (first, last) in enumerate(edges, start=corners):
        halfway = 0.5 * (positions[nodes[:, first]] + positions[nodes[:, last]])
        targets.update(zip(nodes[:, middle].tolist(), halfway, strict=True))
    for node, target in targets.items():
        positions[node] += STEP * (target - positions[node])
        gmsh.model.mesh.setNode(node, positions[node].tolist(), [])
