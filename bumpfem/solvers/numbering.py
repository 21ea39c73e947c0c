"""Numbering of the unknowns that a linear solver sees.

Prescribed unknowns are left out; unknowns that are tied together share one number. Each rank
numbers the free unknowns that it owns in one block; tied sets belong to rank 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from dolfinx import la
from numpy.typing import NDArray
from petsc4py import PETSc

from bumpfem.physics.kinematics import DisplacementSpace, IntArray
from bumpfem.units import FloatArray

_PRESCRIBED = -1.0


class Numbering:
    """Map between local displacement unknowns and the linear solver's unknowns.

    Args:
        space: Displacement space.
        prescribed: Local unknowns with a prescribed value.
        ties: Sets of local unknowns that move as one. The same number of sets on all ranks; a set
            without a free member is left out.

    Attributes:
        slots: ``(local unknowns,)`` row in this rank's sparse pattern, -1 where prescribed.
        slot_numbers: ``(rows,)`` global number of each row.
        owned: Number of free unknowns that this rank owns.
        size: Number of free unknowns in all.
    """

    def __init__(
        self, space: DisplacementSpace, prescribed: IntArray, ties: Sequence[IntArray] = ()
    ) -> None:
        comm = space.mesh.comm
        self.comm = comm
        index_map, block = space.space.dofmap.index_map, space.dimension
        owned_size = index_map.size_local * block
        numbers = la.vector(index_map, block)
        free = np.ones(space.local_size, dtype=bool)
        free[prescribed] = False
        ties = [members for members in ties if any(comm.allgather(bool(free[members].any())))]
        tied = np.full(space.local_size, -1)
        for number, members in enumerate(ties):
            tied[members[free[members]]] = number
        own_free = free[:owned_size] & (tied[:owned_size] < 0)
        self.owned = int(own_free.sum()) + (len(ties) if comm.rank == 0 else 0)
        start = int(comm.exscan(self.owned) or 0)
        numbers.array[:] = _PRESCRIBED
        numbers.array[:owned_size][own_free] = start + np.arange(own_free.sum())
        first_tie = comm.bcast(start + int(own_free.sum()) if comm.rank == 0 else None)
        own_tied = free[:owned_size] & (tied[:owned_size] >= 0)
        numbers.array[:owned_size][own_tied] = first_tie + tied[:owned_size][own_tied]
        numbers.scatter_forward()
        global_numbers = numbers.array.astype(np.int64)
        self.size = int(comm.allreduce(self.owned))
        self._free = np.flatnonzero(global_numbers >= 0)
        self.slot_numbers, places = np.unique(global_numbers[self._free], return_inverse=True)
        self.slots = np.full(space.local_size, -1, dtype=np.int32)
        self.slots[self._free] = places
        self._free_slots = self.slots[self._free]
        self._petsc_numbers: NDArray[np.int32] = self.slot_numbers.astype(PETSc.IntType)
        self._global = self.vector()
        self._local = PETSc.Vec().createSeq(len(self.slot_numbers))
        self._scatter = PETSc.Scatter().create(
            self._global,
            PETSc.IS().createGeneral(self._petsc_numbers, comm=PETSc.COMM_SELF),
            self._local,
            None,
        )

    def vector(self) -> PETSc.Vec:
        """A new global vector of the free unknowns."""
        return PETSc.Vec().createMPI((self.owned, self.size), comm=self.comm)

    def reduce(self, local: FloatArray, vector: PETSc.Vec) -> None:
        """Sum the ranks' local values of the free unknowns into ``vector``."""
        sums = np.bincount(
            self._free_slots, weights=local[self._free], minlength=len(self.slot_numbers)
        )
        vector.zeroEntries()
        vector.setValues(self._petsc_numbers, sums, addv=PETSc.InsertMode.ADD_VALUES)
        vector.assemble()

    def add(self, vector: PETSc.Vec, factor: float, local: FloatArray) -> None:
        """Add ``factor`` times the global ``vector`` to the local values ``local``."""
        self._scatter.scatter(vector, self._local)
        local[self._free] += factor * self._local.array_r[self._free_slots]
