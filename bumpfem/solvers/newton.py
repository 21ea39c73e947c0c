"""Newton's method for one increment.

The Newton equations are solved inexactly: each linear solve stops where more would not help the
outer iteration (Dembo, Eisenstat and Steihaug 1982).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from petsc4py import PETSc

from bumpfem.errors import ConvergenceError
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.solvers.linear import PreconditionedSolver, TangentMatrix
from bumpfem.solvers.numbering import Numbering
from bumpfem.units import FloatArray

_SHORTEST_STEP = 1.0 / 16.0
#: Residual that rounding leaves, relative to the largest one seen so far.
_ROUNDING = 1e-11
#: The same, relative to the terms that the internal forces are sums of.
_LAST_PLACES = 4.0 * float(np.finfo(float).eps)
#: A step that leaves more than this part of the residual may have met rounding.
_NO_PROGRESS = 0.5


@dataclass(frozen=True)
class NewtonSettings:
    """Limits of the Newton iteration.

    Attributes:
        residual_tolerance: Out-of-balance force at the free unknowns, relative to the internal
            force of the inelastic regions there (of all regions where none is inelastic, or none
            of these bears any).
        largest_iterations: Iterations before the increment is given up.
        loosest_linear: Largest relative residual that a linear solve may stop at.
        tightest_linear: Smallest one that it is asked for.
    """

    residual_tolerance: float = 1e-3
    largest_iterations: int = 12
    loosest_linear: float = 0.1
    tightest_linear: float = 1e-3


class NewtonSolver:
    """Solves the equilibrium of one increment; never commits state.

    Args:
        model: What is solved.
        settings: Limits of the iteration.
    """

    def __init__(self, model: MechanicalModel, settings: NewtonSettings) -> None:
        self.model, self.settings = model, settings
        loading = model.loading
        fixed = np.union1d(loading.unknowns(), model.held_unknowns()).astype(np.int32)
        self.numbering = Numbering(model.space, fixed, loading.ties)
        self._tangent = TangentMatrix(model, self.numbering)
        self.linear = PreconditionedSolver(self.numbering)
        self._residual = self.numbering.vector()
        self._scale = self.numbering.vector()
        self._correction = self.numbering.vector()
        self.iterations = 0
        self._largest = 0.0

    def forget(self) -> None:
        """Keep nothing that depends on what was solved before."""
        self._tangent.forget()
        self.linear.forget()
        self._largest = 0.0

    def _norm(self, force: FloatArray) -> float:
        """Norm of the ranks' local forces at the free unknowns, N."""
        self.numbering.reduce(force, self._scale)
        return float(self._scale.norm(PETSc.NormType.NORM_2))

    @property
    def unknowns(self) -> int:
        """Free unknowns of the whole model."""
        return self.numbering.size

    def solve(self, u: FloatArray, temperature: float) -> int:
        """Bring ``u`` (prescribed values already in it) to equilibrium, in place.

        The increment must have been begun with :meth:`MechanicalModel.begin`.

        Returns:
            Number of Newton iterations (linear solves).

        Raises:
            ConvergenceError: if the tolerance is not met; ``u`` is then of no use.
        """
        settings = self.settings
        norm, scale = self.evaluate(u, temperature)
        self._largest = max(self._largest, norm)
        for iteration in range(settings.largest_iterations + 1):
            if norm <= max(settings.residual_tolerance * scale, _ROUNDING * self._largest):
                return iteration
            if iteration == settings.largest_iterations or not np.isfinite(norm):
                break
            wanted = 0.3 * settings.residual_tolerance * scale / norm
            tolerance = min(max(wanted, settings.tightest_linear), settings.loosest_linear)
            self._residual.scale(-1.0)
            self.linear.solve(self._tangent.refresh(), self._residual, self._correction, tolerance)
            self.iterations += 1
            before = norm
            norm, scale = self._step(u, temperature, before)
            if norm > _NO_PROGRESS * before and norm <= _LAST_PLACES * self._norm(
                self.model.force_terms(u)
            ):
                return iteration + 1
        raise ConvergenceError(
            f"Newton's method stopped at a relative residual of {norm / max(scale, 1e-300):.2e} "
            f"after {settings.largest_iterations} iterations "
            f"(tolerance {settings.residual_tolerance:.1e})"
        )

    def _step(self, u: FloatArray, temperature: float, before: float) -> tuple[float, float]:
        """Add the correction to ``u``, shortened until the residual does not grow."""
        start, length = u.copy(), 1.0
        while True:
            u[:] = start
            self.numbering.add(self._correction, length, u)
            norm, scale = self.evaluate(u, temperature)
            if norm <= before or length <= _SHORTEST_STEP:
                return norm, scale
            length *= 0.5

    def evaluate(self, u: FloatArray, temperature: float) -> tuple[float, float]:
        """Norms of the residual and of the force that it is measured by, N.

        Raises:
            ConvergenceError: if a law fails on any rank; then on all.
        """
        failure = None
        try:
            self.model.evaluate(u, temperature)
        except ConvergenceError as error:
            failure = str(error)
        failures = [text for text in self.numbering.comm.allgather(failure) if text]
        if failures:
            raise ConvergenceError(failures[0])
        residual, inelastic = self.model.forces()
        self.numbering.reduce(residual, self._residual)
        norm, scale = float(self._residual.norm(PETSc.NormType.NORM_2)), self._norm(inelastic)
        return norm, scale if scale > 0.0 else self._norm(self.model.own_forces())
