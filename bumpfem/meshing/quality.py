"""Quality of a mesh's elements."""

from __future__ import annotations

from dataclasses import dataclass

import gmsh
import numpy as np
from numpy.typing import NDArray

from bumpfem.errors import MeshError

#: Ratio of inscribed to circumscribed radius (scaled to 1) below which an element is a sliver.
SLIVER = 0.1


@dataclass(frozen=True)
class MeshQuality:
    """Figures of an element mesh.

    Args:
        elements: Number of cells.
        nodes: Number of geometry nodes.
        gamma_min: Smallest ratio of inscribed to circumscribed radius, scaled to 1. Layers far
            thinner than the elements are wide hold one flat cell through their thickness, with a
            ratio below 0.1 by their shape alone.
        gamma_mean: Its mean.
        solder_gamma_min: Smallest ratio in the solder and its layers (1 without solder).
        slivers: Number of cells of the solder with a ratio below 0.1.
        jacobian_min: Smallest scaled Jacobian determinant of the curved cells (1 for straight
            ones): least determinant over the largest in the cell; positive if none is inverted.
        elements_by_region: Number of cells of each region.
    """

    elements: int
    nodes: int
    gamma_min: float
    gamma_mean: float
    solder_gamma_min: float
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
    cells_of: dict[str, NDArray[np.uint64]] = {}
    for name, tag in regions.items():
        cells_of[name] = np.concatenate([
            found
            for entity in gmsh.model.getEntitiesForPhysicalGroup(dimension, tag)
            for found in gmsh.model.mesh.getElements(dimension, entity)[1]
        ] or [np.empty(0, dtype=np.uint64)])  # fmt: skip
        if len(cells_of[name]) == 0:
            raise MeshError(f"region {name} has no element")
    cells = np.concatenate(list(cells_of.values()))
    gamma = np.asarray(gmsh.model.mesh.getElementQualities(cells, "gamma"))
    in_solder = np.concatenate(
        [np.full(len(found), name.startswith("solder")) for name, found in cells_of.items()]
    )
    solder_gamma = gamma[in_solder]
    jacobian = np.asarray(gmsh.model.mesh.getElementQualities(cells, "minSJ"))
    determinant = np.asarray(gmsh.model.mesh.getElementQualities(cells, "minDetJac"))
    if np.any(determinant <= 0.0):
        raise MeshError(f"{int(np.sum(determinant <= 0.0))} elements are inverted")
    return MeshQuality(
        elements=len(cells),
        nodes=len(gmsh.model.mesh.getNodes()[0]),
        gamma_min=float(gamma.min()),
        gamma_mean=float(gamma.mean()),
        solder_gamma_min=float(solder_gamma.min(initial=1.0)),
        slivers=int(np.sum(solder_gamma < SLIVER)),
        jacobian_min=float(jacobian.min()),
        elements_by_region={name: len(found) for name, found in cells_of.items()},
    )
