"""Strain operators of cells whose nodes are moved while their material is absent or molten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bumpfem.errors import MeshError
from bumpfem.physics.groups import LawGroup
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.units import FloatArray

#: Nodes that move less than this stay where they are, mm.
STANDSTILL = 1e-9


class MovedCells:
    """Knows which coordinates the operators of a model's groups belong to.

    Args:
        space: Displacement space on the mesh whose nodes move.
        cell_mean: Whether the volumetric strain of a region is averaged over each cell.
    """

    def __init__(self, space: DisplacementSpace, cell_mean: Mapping[str, bool]) -> None:
        self._space, self._cell_mean = space, cell_mean
        self._coordinates: FloatArray = space.mesh.geometry.x.copy()
        self._outdated: dict[str, FloatArray] = {}

    def touched(self, groups: Sequence[LawGroup]) -> list[LawGroup]:
        """Groups with cells on this rank that have moved since they were last taken over.

        Nodes that have moved by rounding only are put back.
        """
        geometry = self._space.mesh.geometry
        moved = np.abs(geometry.x - self._coordinates).max(axis=1) > STANDSTILL
        geometry.x[~moved] = self._coordinates[~moved]
        return [group for group in groups if moved[geometry.dofmaps[0][group.operator.cells]].any()]

    def take_over(self, groups: Sequence[LawGroup]) -> None:
        """Rebuild the operators of groups for the present coordinates, absent ones later.

        Collective, although ranks may name different groups.

        Raises:
            MeshError: if cells that are not absent are inside out.
        """
        for group in groups:
            self._outdated.setdefault(group.name, self._coordinates)
        self._coordinates = self._space.mesh.geometry.x.copy()
        self.renew([group for group in groups if group.activity != "absent"])

    def renew(self, groups: Sequence[LawGroup]) -> None:
        """Rebuild what belongs to earlier coordinates. Collective.

        Raises:
            MeshError: if cells are inside out.
        """
        fault = None
        try:
            for group in groups:
                self._rebuild(group)
        except MeshError as error:
            fault = str(error)
        faults = [text for text in self._space.mesh.comm.allgather(fault) if text]
        if faults:
            raise MeshError(faults[0])

    def _rebuild(self, group: LawGroup) -> None:
        if group.name not in self._outdated:
            return
        cells = group.operator.cells
        turned = self._space.turned_over(cells, self._outdated[group.name])
        if turned:
            raise MeshError(f"{turned} cells of {group.name} are turned inside out")
        group.operator = self._space.strain_operator(cells, self._cell_mean[group.name])
        del self._outdated[group.name]
