"""The linear systems of heat conduction: matrices of a model and their solution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from petsc4py import PETSc

from bumpfem.errors import ConvergenceError
from bumpfem.physics.heat import HeatModel
from bumpfem.solvers.linear import PreconditionedSolver
from bumpfem.units import FloatArray

#: Unknowns from which multigrid is faster than a complete factorisation.
MULTIGRID_FROM = 8000
#: Rounding of a sum of products, relative to its largest terms.
_ROUNDING = 1e-14


class HeatSystem:
    """Matrix K of conduction and contacts, and A = diag(C) + w K of a stage.

    Unknowns with a prescribed temperature get a row of their own in A.

    Args:
        model: What conducts heat.
    """

    def __init__(self, model: HeatModel) -> None:
        self._model = model
        space = model.space
        sizes = [(model.size, space.size)] * 2
        self._matrix = PETSc.Mat().create(comm=model.comm)
        self._matrix.setSizes(sizes)
        self._matrix.setType(PETSc.Mat.Type.AIJ)
        rows, columns = model.conduction_places()
        places, self._entry = np.unique(rows * space.size + columns, return_inverse=True)
        self._matrix.setPreallocationCOO(
            (places // space.size).astype(PETSc.IntType),
            (places % space.size).astype(PETSc.IntType),
        )
        constant = model.constant_entries()
        self._first_changing = len(constant)
        self._constant = self._summed(self._entry[: len(constant)], constant, len(places))
        self._vector = PETSc.Vec().createMPI((model.size, space.size), comm=model.comm)
        self._product, self._right, self._solution, self._diagonal, self._scale = (
            self._vector.duplicate() for _ in range(5)
        )
        self._prescribed = model.prescribed()
        self._held = space.numbers[space.owned][self._prescribed].astype(PETSc.IntType)
        self._any_held = bool(model.comm.allreduce(len(self._held)))
        self._stale = True
        self._stage: PETSc.Mat | None = None
        self._solvers = [PreconditionedSolver(model, "cholesky")]
        if space.size >= MULTIGRID_FROM:
            self._solvers.append(PreconditionedSolver(model, "multigrid"))

    @property
    def iterations(self) -> int:
        """Conjugate-gradient iterations so far."""
        return sum(solver.iterations for solver in self._solvers)

    @property
    def factorisations(self) -> int:
        """Preconditioners built so far."""
        return sum(solver.factorisations for solver in self._solvers)

    @staticmethod
    def _summed(places: NDArray[np.intp], entries: FloatArray, count: int) -> FloatArray:
        return np.bincount(places, weights=entries, minlength=count)

    def renew(self) -> None:
        """Assemble conduction anew at the next use: a contact has changed."""
        self._stale = True

    def conducted(self, temperature: FloatArray) -> FloatArray:
        """Heat that leaves every unknown by conduction and contacts at a temperature, mW."""
        if self._stale or self._model.conductivity_varies:
            entries = self._model.changing_entries(self._model.space.spread(temperature))
            changing = self._entry[self._first_changing :]
            values = self._constant + self._summed(changing, entries, len(self._constant))
            self._matrix.setValuesCOO(values, addv=PETSc.InsertMode.INSERT_VALUES)
            self._matrix.getDiagonal(self._scale)
            self._stale = False
        self._vector.array_w[:] = temperature
        self._matrix.mult(self._vector, self._product)
        return np.array(self._product.array_r)

    def rounding(self, temperature: FloatArray, weight: float) -> FloatArray:
        """What rounding leaves of the heat that conduction moves in a stage of length w, mJ."""
        moved = weight * np.abs(self._scale.array_r * temperature)
        return np.asarray(_ROUNDING * moved)

    def set_stage(self, diagonal: FloatArray, weight: float) -> None:
        """Form A from its diagonal C and the weight w of conduction."""
        if self._stage is None:
            self._stage = self._matrix.copy()
            for option in (
                PETSc.Mat.Option.SYMMETRIC,
                PETSc.Mat.Option.SPD,
                PETSc.Mat.Option.KEEP_NONZERO_PATTERN,
            ):
                self._stage.setOption(option, True)
        else:
            self._matrix.copy(self._stage, structure=PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
        self._stage.scale(weight)
        self._diagonal.array_w[:] = diagonal
        self._stage.setDiagonal(self._diagonal, addv=PETSc.InsertMode.ADD_VALUES)
        if self._any_held:
            self._stage.zeroRowsColumns(self._held, diag=1.0)

    def solve(self, right: FloatArray, tolerance: float) -> FloatArray:
        """Solve A x = right to a relative residual; x is zero where temperature is prescribed.

        Where multigrid fails (a front of latent heat in a long step) the factorisation takes over.

        Raises:
            ConvergenceError: if not even a fresh factorisation solves the system.
        """
        self._right.array_w[:] = right
        self._right.array_w[self._prescribed] = 0.0
        for solver in reversed(self._solvers):
            try:
                solver.solve(self._stage, self._right, self._solution, tolerance)
            except ConvergenceError:
                if solver is self._solvers[0]:
                    raise
            else:
                break
        return np.array(self._solution.array_r)
