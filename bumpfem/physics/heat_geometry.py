"""Where heat flows: a mesh with named regions and outer faces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bumpfem.meshing import Mesh

IntArray = NDArray[np.int32]

#: Outer faces without a name of their own: those of the joint and of the gap around it.
FREE = "free"


@dataclass(frozen=True)
class HeatGeometry:
    """A dolfinx mesh with named regions and outer faces.

    Attributes:
        mesh: dolfinx mesh of tetrahedra or triangles.
        cells: Local cells of each region.
        facets: Local facets of each named outer face.
        axisymmetric: Whether x is a radius; else a plane mesh is a slice of 1 mm thickness.
    """

    mesh: Any
    cells: dict[str, IntArray]
    facets: dict[str, IntArray]
    axisymmetric: bool = False

    @classmethod
    def of(cls, mesh: Mesh) -> Self:
        """The geometry of a joint's cell."""
        return cls(
            mesh.mesh,
            {name: mesh.cells(name) for name in mesh.regions},
            {name: mesh.facets(name) for name in mesh.surfaces},
            mesh.kind == "axisymmetric",
        )


@dataclass(frozen=True)
class Faces:
    """Faces of cells that this rank integrates over.

    Attributes:
        cells: (faces,) local numbers of owned cells.
        sides: (faces,) number of the face within its cell.
    """

    cells: IntArray
    sides: IntArray
