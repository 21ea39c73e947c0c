"""Sparse tangent of a model and its linear solver.

The tangent is solved by conjugate gradients preconditioned with a complete Cholesky factorisation
of an earlier tangent (MUMPS), or with algebraic multigrid built on it. The preconditioner is
renewed when the extra iterations that its age has cost outweigh a new one.
"""

from __future__ import annotations

import itertools
from typing import Any, Literal, Protocol

import numpy as np
import scipy.sparse as sparse
from petsc4py import PETSc

from bumpfem.errors import ConvergenceError
from bumpfem.physics.element_kernels import find_positions
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.solvers.numbering import Numbering

#: Extra conjugate-gradient iterations that are worth as much as one factorisation.
FACTORISATION_COST = 30
#: Iterations with an aged preconditioner before it is renewed at once.
ITERATION_LIMIT = 60

_counter = itertools.count()


#: Complete factorisation, or smoothed aggregation for large scalar problems.
Conditioner = Literal["cholesky", "multigrid"]
#: Options of the multigrid: weak couplings are dropped, and smoothing needs products only.
_MULTIGRID = {
    "pc_gamg_threshold": 0.02,
    "pc_gamg_reuse_interpolation": True,
    "mg_levels_ksp_type": "chebyshev",
    "mg_levels_pc_type": "jacobi",
}


class Distributed(Protocol):
    """What lives on the ranks of a communicator."""

    comm: Any


class TangentMatrix:
    """Assembled tangent of a model's solid regions and contacts, refreshed where it changes.

    Elastic regions are integrated again only when their stiffness has changed.
    """

    def __init__(self, model: MechanicalModel, numbering: Numbering) -> None:
        self._groups, self._contacts = model.solid_groups, model.contacts
        rows = len(numbering.slot_numbers)
        elements = [group.operator.unknowns for group in self._groups]
        elements += [contact.unknowns for contact in self._contacts]
        slots = [numbering.slots[unknowns] for unknowns in elements]
        starts, columns = _pattern(slots, rows)
        places = [_places(part, starts, columns) for part in slots]
        self._positions = places[: len(self._groups)]
        self._contact_positions = places[len(self._groups) :]
        self._elastic = np.zeros(len(columns))
        self._integrated = [np.zeros((1, 6, 6)) for _ in self._groups]
        self.values = np.zeros(len(columns))
        row_numbers = np.repeat(numbering.slot_numbers, np.diff(starts))
        self.matrix = PETSc.Mat().create(comm=numbering.comm)
        self.matrix.setSizes([(numbering.owned, numbering.size)] * 2)
        self.matrix.setType(PETSc.Mat.Type.AIJ)
        self.matrix.setPreallocationCOO(
            row_numbers.astype(PETSc.IntType),
            numbering.slot_numbers[columns].astype(PETSc.IntType),
        )
        for option in (PETSc.Mat.Option.SYMMETRIC, PETSc.Mat.Option.SPD):
            self.matrix.setOption(option, True)

    def refresh(self) -> PETSc.Mat:
        """Assemble the tangent of the groups' last evaluation."""
        self._renew_elastic()
        self.values[:] = self._elastic
        for group, positions in zip(self._groups, self._positions, strict=True):
            if not group.elastic:
                group.add_tangent(group.tangent, positions, self.values)
        for contact, positions in zip(self._contacts, self._contact_positions, strict=True):
            free = positions >= 0
            np.add.at(self.values, positions[free], contact.stiffness[free])
        self.matrix.setValuesCOO(self.values, addv=PETSc.InsertMode.INSERT_VALUES)
        return self.matrix

    def forget(self) -> None:
        """Integrate the elastic regions anew at the next refresh."""
        self._elastic[:] = 0.0
        self._integrated = [np.zeros((1, 6, 6)) for _ in self._groups]

    def _renew_elastic(self) -> None:
        """Add what has changed: the integral is linear in the stiffness."""
        for number, group in enumerate(self._groups):
            if not group.elastic:
                continue
            change = group.tangent - self._integrated[number]
            if change.any():
                group.add_tangent(change, self._positions[number], self._elastic)
                self._integrated[number] = group.tangent.copy()


def _places(slots: np.ndarray, starts: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Place of every entry of every element matrix in the sparse matrix, -1 to skip."""
    places = np.empty((*slots.shape, slots.shape[1]), dtype=np.int32)
    find_positions(slots, starts, columns, places)
    return places


def _pattern(slots: list[np.ndarray], rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Row starts and columns of the sparse matrix that couples all unknowns of each element."""
    pattern = sparse.csr_array((rows, rows), dtype=np.int32)
    for part in slots:
        cells = np.repeat(np.arange(part.shape[0]), part.shape[1])
        kept = part.ravel() >= 0
        incidence = sparse.csr_array(
            (np.ones(int(kept.sum()), dtype=np.int32), (part.ravel()[kept], cells[kept])),
            shape=(rows, max(part.shape[0], 1)),
        )
        pattern = pattern + incidence @ incidence.T
    pattern.sort_indices()
    return pattern.indptr.astype(np.int32), pattern.indices.astype(np.int32)


class PreconditionedSolver:
    """Conjugate gradients with a kept preconditioner.

    Args:
        unknowns: Where the unknowns live.
        kind: Kind of preconditioner.

    Attributes:
        iterations: Conjugate-gradient iterations so far.
        factorisations: Preconditioners built so far.
    """

    def __init__(self, unknowns: Distributed, kind: Conditioner = "cholesky") -> None:
        self._solver = PETSc.KSP().create(unknowns.comm)
        self._solver.setOptionsPrefix(f"bumpfem_{next(_counter)}_")
        self._solver.setType(PETSc.KSP.Type.CG)
        self._solver.setNormType(PETSc.KSP.NormType.UNPRECONDITIONED)
        conditioner = self._solver.getPC()
        if kind == "cholesky":
            conditioner.setType(PETSc.PC.Type.CHOLESKY)
            conditioner.setFactorSolverType("mumps")
        else:
            conditioner.setType(PETSc.PC.Type.GAMG)
            options = PETSc.Options(self._solver.getOptionsPrefix())
            for name, value in _MULTIGRID.items():
                options[name] = value
            self._solver.setFromOptions()
        self._factored: PETSc.Mat | None = None
        self._fresh_iterations = 0
        self._excess = 0
        self.iterations = 0
        self.factorisations = 0

    def forget(self) -> None:
        """Build a new preconditioner at the next solve."""
        self._excess = FACTORISATION_COST

    def solve(
        self, matrix: PETSc.Mat, right: PETSc.Vec, solution: PETSc.Vec, tolerance: float
    ) -> None:
        """Solve ``matrix solution = right`` to the relative residual ``tolerance``.

        Raises:
            ConvergenceError: if not even a fresh factorisation solves the system.
        """
        aged = self._factored is not None and self._excess < FACTORISATION_COST
        if not aged:
            self._factorise(matrix)
        if not self._run(matrix, right, solution, tolerance, ITERATION_LIMIT if aged else 200):
            if aged:
                self._factorise(matrix)
                if self._run(matrix, right, solution, tolerance, 200):
                    return
            raise ConvergenceError("the linear system could not be solved")

    def _run(
        self, matrix: PETSc.Mat, right: PETSc.Vec, solution: PETSc.Vec, rtol: float, limit: int
    ) -> bool:
        self._solver.setOperators(matrix, self._factored)
        self._solver.setTolerances(rtol=rtol, atol=0.0, max_it=limit)
        self._solver.solve(right, solution)
        used = self._solver.getIterationNumber()
        self.iterations += used
        if self._fresh_iterations == 0:
            self._fresh_iterations = max(used, 1)
        self._excess += max(used - self._fresh_iterations, 0)
        return bool(self._solver.getConvergedReason() > 0)

    def _factorise(self, matrix: PETSc.Mat) -> None:
        self._solver.getPC().setReusePreconditioner(False)
        if self._factored is None:
            self._factored = matrix.copy()
            for option in (PETSc.Mat.Option.SYMMETRIC, PETSc.Mat.Option.SPD):
                self._factored.setOption(option, True)
        else:
            matrix.copy(self._factored, structure=PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        self._solver.setOperators(matrix, self._factored)
        self._solver.setUp()
        self._solver.getPC().setReusePreconditioner(True)
        self.factorisations += 1
        self._fresh_iterations = 0
        self._excess = 0
