"""Fields of cells in the order in which the mesh was made, whatever rank has them.

A cell's nodes and integration points have the same order on every rank: they follow the order of
its corners in the mesh as it was made.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bumpfem.physics.kinematics import IntArray
from bumpfem.units import FloatArray


class CellOrder:
    """Some cells of a mesh, on all ranks together. All calls are collective.

    Args:
        mesh: dolfinx mesh.
        cells: This rank's cells among them, owned or ghost.

    Attributes:
        numbers: Original numbers of all of them, ascending; on rank 0 only, else empty.
    """

    def __init__(self, mesh: Any, cells: IntArray) -> None:
        self._comm = mesh.comm
        own = np.asarray(mesh.topology.original_cell_index, dtype=np.int64)[cells]
        gathered = self._comm.gather(own) or []
        self.numbers = np.unique(np.concatenate([own[:0], *gathered]))
        self._places = [np.searchsorted(self.numbers, part) for part in gathered]

    def gather(self, values: FloatArray) -> FloatArray:
        """Values ``(all cells, ...)`` of this rank's ``(cells, ...)``; on rank 0 only."""
        parts = self._comm.gather(np.ascontiguousarray(values))
        if parts is None:
            return values[:0]
        found = np.empty((len(self.numbers), *values.shape[1:]))
        for place, part in zip(self._places, parts, strict=True):
            found[place] = part
        return found

    def scatter(self, values: FloatArray | None) -> FloatArray:
        """This rank's part of values ``(all cells, ...)`` that rank 0 gives."""
        parts = None if values is None else [values[place] for place in self._places]
        mine: FloatArray = self._comm.scatter(parts)
        return mine
