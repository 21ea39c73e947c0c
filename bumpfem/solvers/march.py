"""March of a model through temperature histories: predictor, Newton, step control, commit.

A history may come in stages: one :class:`March` carries solver, step length and error estimate from
each to the next, so that the stages together give what one march through all of them gives.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from mpi4py import MPI

from bumpfem.errors import ConvergenceError
from bumpfem.physics.groups import equivalent_strain
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.newton import NewtonSettings, NewtonSolver
from bumpfem.solvers.predictor import Predictor
from bumpfem.solvers.step_control import StepControl, StepSettings
from bumpfem.units import FloatArray

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """A converged increment, seen by observers before it is committed.

    Attributes:
        number: Count of accepted steps, from 1.
        time: End of the increment, s.
        dt: Length, s.
        temperature: At its end, degrees C.
        iterations: Newton iterations.
        error: Estimated local error of the inelastic strain.
        u: Local displacement at its end, mm.
    """

    number: int
    time: float
    dt: float
    temperature: float
    iterations: int
    error: float
    u: FloatArray


#: Sees every converged step while committed and trial states are both there.
StepObserver = Callable[[MechanicalModel, Step], None]


@dataclass(frozen=True)
class MarchSettings:
    """All settings of a march."""

    newton: NewtonSettings = field(default_factory=NewtonSettings)
    steps: StepSettings = field(default_factory=StepSettings)


@dataclass(frozen=True)
class MarchReport:
    """What a march cost.

    Attributes:
        unknowns: Free unknowns.
        steps: Accepted steps.
        rejected: Steps repeated with a smaller length.
        newton_iterations: Newton iterations, those of rejected steps included.
        linear_iterations: Conjugate-gradient iterations.
        factorisations: Factorisations.
    """

    unknowns: int
    steps: int
    rejected: int
    newton_iterations: int
    linear_iterations: int
    factorisations: int


class March:
    """Carries a model through one stage of its history after the other.

    What the model is may change between stages (:meth:`MechanicalModel.change`); solver and memory
    are then made anew.

    Args:
        model: What is marched.
        settings: Limits of Newton's method and of the steps.
    """

    def __init__(self, model: MechanicalModel, settings: MarchSettings | None = None) -> None:
        self.model, self.settings = model, settings or MarchSettings()
        self._built: int | None = None
        self._length: float | None = None

    def restart(self) -> None:
        """Keep nothing of the stages before: go on as a new march of the same state would."""
        if self._built == self.model.revision:
            self._solver.forget()
        self._estimator = _ErrorEstimator(self.model)
        self._length = None

    def run(
        self, history: TemperatureHistory, observers: Iterable[StepObserver] = ()
    ) -> MarchReport:
        """Carry the model from the first to the last corner of ``history``.

        State is committed only after convergence; an increment that does not converge, or whose
        error is too large, is repeated with a smaller step.

        Raises:
            ConvergenceError: at the smallest step, with time, temperature and cause.
            ProcessError: if a region that is held liquid sets on the way.
        """
        self._prepare()
        model, solver, estimator = self.model, self._solver, self._estimator
        observers = list(observers)
        before = solver.iterations, solver.linear.iterations, solver.linear.factorisations
        control = StepControl(history.times, self.settings.steps, self._length)
        predictor = Predictor(model, history)
        time, steps, end = float(history.times[0]), 0, float(history.times[-1])
        previous: float | None = None
        while time < end * (1 - 1e-12):
            length, at_corner = control.propose(time)
            reached = time + length
            temperature = history(reached)
            u = predictor.guess(time, length)
            model.loading.apply(u, temperature)
            model.time = reached
            try:
                model.begin(length, previous)
                iterations = solver.solve(u, temperature)
            except ConvergenceError as failure:
                _log.info("cut back at %.6g s (%.6g C): %s", reached, temperature, failure)
                predictor.forget()
                control.cut_back(
                    length, ConvergenceError(f"at {temperature:.4g} C, {failure}"), reached
                )
                continue
            error = estimator.error(length)
            if control.too_large(error, length):
                control.shorten(length, error)
                continue
            steps += 1
            step = Step(steps, reached, length, temperature, iterations, error, u)
            for observer in observers:
                observer(model, step)
            estimator.keep(length)
            predictor.keep(reached, u, length, at_corner)
            model.commit(u)
            control.accept(length, error, iterations, at_corner)
            time, previous = reached, None if at_corner else length
        self._length = control.length
        return MarchReport(
            unknowns=solver.unknowns,
            steps=steps,
            rejected=control.rejected,
            newton_iterations=solver.iterations - before[0],
            linear_iterations=solver.linear.iterations - before[1],
            factorisations=solver.linear.factorisations - before[2],
        )

    def _prepare(self) -> None:
        """Make the solver anew where the model is not what it was built for."""
        if self._built == self.model.revision:
            return
        self._solver = NewtonSolver(self.model, self.settings.newton)
        self._built = self.model.revision
        self.restart()


def march(
    model: MechanicalModel,
    history: TemperatureHistory,
    settings: MarchSettings | None = None,
    observers: Iterable[StepObserver] = (),
) -> MarchReport:
    """Carry ``model`` through one ``history``: see :meth:`March.run`."""
    return March(model, settings).run(history, observers)


class _ErrorEstimator:
    """Local error of the inelastic strain from two successive increments."""

    def __init__(self, model: MechanicalModel) -> None:
        self._groups = model.inelastic_groups
        self._comm = model.mesh.comm
        self._weights = [group.operator.weights.ravel() for group in self._groups]
        self._volumes = [
            self._comm.allreduce(float(weights.sum()), MPI.SUM) for weights in self._weights
        ]
        self._rates: list[FloatArray] = [
            np.zeros((group.operator.points, 6)) for group in self._groups
        ]

    def error(self, length: float) -> float:
        largest = 0.0
        for group, weights, volume, rate in zip(
            self._groups, self._weights, self._volumes, self._rates, strict=True
        ):
            change = group.trial_state[:, :6] - group.state[:, :6] - length * rate
            local = 0.5 * float(weights @ equivalent_strain(change)) if len(weights) else 0.0
            largest = max(largest, self._comm.allreduce(local, MPI.SUM) / volume)
        return largest

    def keep(self, length: float) -> None:
        self._rates = [
            (group.trial_state[:, :6] - group.state[:, :6]) / length for group in self._groups
        ]
