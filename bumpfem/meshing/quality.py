"""Quality of a mesh's elements."""

from __future__ import annotations

from dataclasses import dataclass

import gmsh
import numpy as np

from bumpfem.errors import MeshError

#: Ratio of inscribed to circumscribed radius (scaled to 1) below which an element is a sliver.
SLIVER = 0.1


@dataclass(frozen=True)
class MeshQuality:
    """Figures of an element mesh.

    Args:
        elements: Number of cells.
        nodes: Number of geometry nodes.
        gamma_min: Smallest ratio of inscribed to circumscribed radius, scaled to 1.
        gamma_mean: Its mean.
        slivers: Number of cells with a ratio below 0.1.
        jacobian_min: Smallest scaled Jacobian determinant of the curved cells (1 for straight
            ones): least determinant over the largest in the cell; positive if none is inverted.
        elements_by_region: Number of cells of each region.
    """

    elements: int
    nodes: int
    gamma_min: float
    gamma_mean: float
    slivers: int
    jacobian_min: float
    elements_by_region: dict[str, int]


def measure_quality(dimension: int, regions: dict[str, int]) -> MeshQuality:
    """Quality of the current gmsh model's mesh.

    Args:
        dimension: Dimension of the cells.
        regions: Tag of each region.

    Raises:
        MeshError: If a region has no cell or a cell is inverted.
    """
    _, tags, _ = gmsh.model.mesh.getElements(dimension)
    cells = np.concatenate(tags) if tags else np.empty(0, dtype=np.uint64)
    counts = {}
    for name, tag in regions.items():
        counts[name] = sum(
            len(found)
            for entity in gmsh.model.getEntitiesForPhysicalGroup(dimension, tag)
            for found in gmsh.model.mesh.getElements(dimension, entity)[1]
        )
        if counts[name] == 0:
            raise MeshError(f"region {name} has no element")
    gamma = np.asarray(gmsh.model.mesh.getElementQualities(cells, "gamma"))
    jacobian = np.asarray(gmsh.model.mesh.getElementQualities(cells, "minSJ"))
    determinant = np.asarray(gmsh.model.mesh.getElementQualities(cells, "minDetJac"))
    if np.any(determinant <= 0.0):
        raise MeshError(f"{int(np.sum(determinant <= 0.0))} elements are inverted")
    return MeshQuality(
        elements=len(cells),
        nodes=len(gmsh.model.mesh.getNodes()[0]),
        gamma_min=float(gamma.min()),
        gamma_mean=float(gamma.mean()),
        slivers=int(np.sum(gamma < SLIVER)),
        jacobian_min=float(jacobian.min()),
        elements_by_region=counts,
    )
