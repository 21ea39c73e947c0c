"""The mesh of a joint with its named regions and surfaces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from dolfinx.mesh import Mesh as DolfinxMesh
from dolfinx.mesh import MeshTags
from numpy.typing import NDArray

from bumpfem.errors import MeshError
from bumpfem.meshing.names import Kind
from bumpfem.meshing.quality import MeshQuality


@dataclass(frozen=True)
class MeshFacts:
    """Facts about a joint's cell that belong to its mesh (and are kept in ``.msh`` files).

    Args:
        kind: Half cell (x, y, z) or axisymmetric cell (x = r, y = z).
        centre_x: Distance of the joint's axis from the neutral point, mm; 0 if axisymmetric.
        standoff: Distance of the facing pad surfaces, mm.
        pitch: Pitch of the joints, mm.
        board_face: Height of the board pad's solder-side face, mm.
        interposer_face: Height of the interposer pad's solder-side face, mm.
        max_diameter: Largest diameter of the joint, mm.
        neck_diameter: Smallest diameter of the joint, mm.
        solder_volume: Exact volume of the solder, mm3.
        layer_thickness: Actual thickness of each averaging layer by region name, mm.
        notes: Remarks on how the shape was found.
    """

    kind: Kind
    centre_x: float
    standoff: float
    pitch: float
    board_face: float
    interposer_face: float
    max_diameter: float
    neck_diameter: float
    solder_volume: float
    layer_thickness: dict[str, float]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mesh:
    """Second-order mesh of a joint's cell.

    Args:
        mesh: The dolfinx mesh (quadratic geometry).
        cell_tags: Region of every cell.
        facet_tags: Named outer surfaces.
        regions: Tag of each region.
        surfaces: Tag of each surface.
        quality: Figures of the elements.
        facts: What is known about the cell; its most used numbers are properties here.
    """

    mesh: DolfinxMesh[np.float64]
    cell_tags: MeshTags
    facet_tags: MeshTags
    regions: dict[str, int]
    surfaces: dict[str, int]
    quality: MeshQuality
    facts: MeshFacts

    @property
    def kind(self) -> Kind:
        """Half cell or axisymmetric cell."""
        return self.facts.kind

    @property
    def centre_x(self) -> float:
        """Distance of the joint's axis from the neutral point, mm; 0 if axisymmetric."""
        return self.facts.centre_x

    @property
    def standoff(self) -> float:
        """Distance of the facing pad surfaces, mm."""
        return self.facts.standoff

    def cells(self, *region_names: str) -> NDArray[np.int32]:
        """Indices of this rank's cells (owned, then ghosts) of some regions; of all without names.

        Raises:
            MeshError: If the mesh has no such region.
        """
        names = region_names or tuple(self.regions)
        tags = [self._tag(self.regions, "region", name) for name in names]
        chosen = np.isin(self.cell_tags.values, tags)
        return np.sort(self.cell_tags.indices[chosen]).astype(np.int32)

    def facets(self, *surface_names: str) -> NDArray[np.int32]:
        """Indices of this rank's facets on some surfaces.

        Raises:
            MeshError: If the mesh has no such surface.
        """
        tags = [self._tag(self.surfaces, "surface", name) for name in surface_names]
        chosen = np.isin(self.facet_tags.values, tags)
        return np.unique(self.facet_tags.indices[chosen]).astype(np.int32)

    @staticmethod
    def _tag(known: dict[str, int], what: str, name: str) -> int:
        if name not in known:
            raise MeshError(f"the mesh has no {what} {name!r}; it has {', '.join(known)}")
        return known[name]
