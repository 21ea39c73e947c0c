r"""March of heat conduction with melting through an oven's history.

The heat content E is what is differenced. A step of length :math:`\Delta t` has two stages, each a
backward Euler step (singly diagonally implicit Runge-Kutta of second order, Alexander 1977,
:math:`\gamma = 1 - 1/\sqrt 2`):

.. math:: E_1 = E_n + \gamma \Delta t\, F_1, \qquad
          E_{n+1} = E_n + (1 - \gamma) \Delta t\, F_1 + \gamma \Delta t\, F_{n+1}.

Reaction heat, which follows from the rise of cure over a stage, is added to the heat content as it
is and is no part of :math:`F`. The method is L-stable, second order, needs nothing of the step
before (corners of the history and jumps cost no accuracy), and adds up the heat that flows in
exactly: no step can lose latent heat, however far it goes. The local error follows from the rates
:math:`F`, with the power of a reaction, at the beginning, at the first stage and at the end, whose
third-order quadrature differs from the one above by

.. math:: e = \Delta t\, (d_0 F_n + d_1 F_1 + d_2 F_{n+1}), \quad
          d_1 = \frac{1}{6 \gamma (1 - \gamma)} - (1 - \gamma), \;
          d_2 = \tfrac12 - \frac{1}{6 (1 - \gamma)} - \gamma, \; d_0 = -d_1 - d_2,

turned into a temperature by the tangent of the last stage (Hosea and Shampine 1996). As
:math:`e \sim \Delta t^3`, the next step is :math:`\Delta t\,(0.8\,tol/e)^{1/3}`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.physics.cure import CureState
from bumpfem.physics.heat import HeatModel, RegionState
from bumpfem.solvers.heat_balance import HeatBalance
from bumpfem.solvers.heat_reaction import StageReaction
from bumpfem.solvers.heat_settings import HeatSettings, HeatStepControl, HeatStepSettings
from bumpfem.solvers.heat_stage import HeatNewtonSettings, StageSolver
from bumpfem.units import FloatArray

__all__ = [
    "HeatNewtonSettings",
    "HeatObserver",
    "HeatReport",
    "HeatSettings",
    "HeatStep",
    "HeatStepSettings",
    "march_heat",
]

_log = logging.getLogger(__name__)

_GAMMA = 1.0 - 0.5 * np.sqrt(2.0)
_D1 = 1.0 / (6.0 * _GAMMA * (1.0 - _GAMMA)) - (1.0 - _GAMMA)
_D2 = 0.5 - 1.0 / (6.0 * (1.0 - _GAMMA)) - _GAMMA
_D0 = -_D1 - _D2
#: Part of a second by which the ends of a step are moved inside it, so that a jump of the history
#: at a corner belongs to one side of it.
_INSIDE_S = 1e-9


@dataclass(frozen=True)
class HeatStep:
    """A converged step, seen by observers before it is committed.

    Attributes:
        number: Count of accepted steps, from 1; 0 for the start.
        time: End of the step, s.
        dt: Length, s.
        iterations: Newton iterations of both stages.
        error: Estimated local error, K.
        temperature: ``(n,)`` at its end at this rank's owned unknowns, degrees C.
        regions: State of every region at its end.
        cure: Cure of every region that cures, at its end.
    """

    number: int
    time: float
    dt: float
    iterations: int
    error: float
    temperature: FloatArray
    regions: dict[str, RegionState]
    cure: dict[str, CureState] = field(default_factory=dict)


#: Sees the start and every converged step.
HeatObserver = Callable[[HeatModel, HeatStep], None]


@dataclass(frozen=True)
class HeatReport:
    """What a march found and cost.

    Attributes:
        heat_in: Heat that came in through each boundary (by label), from sources, from cure and at
            prescribed temperatures, mJ.
        stored: Rise of the heat content, latent heat included, mJ.
        latent: Part of it that is latent heat, mJ.
        balance_error: Largest difference between heat that came in and heat stored during the
            march, part of the largest heat stored.
        unknowns: Unknowns.
        steps: Accepted steps.
        rejected: Steps repeated with a smaller length.
        newton_iterations: Newton iterations, those of rejected steps included.
        linear_iterations: Conjugate-gradient iterations.
        factorisations: Preconditioners built.
        temperature: ``(n,)`` at the end at this rank's owned unknowns, degrees C.
        regions: State of every region at the end.
        cure: Cure of every region that cures, at the end.
    """

    heat_in: dict[str, float]
    stored: float
    latent: float
    balance_error: float
    unknowns: int
    steps: int
    rejected: int
    newton_iterations: int
    linear_iterations: int
    factorisations: int
    temperature: FloatArray
    regions: dict[str, RegionState]
    cure: dict[str, CureState] = field(default_factory=dict)


def march_heat(
    model: HeatModel,
    start_temperature: float | FloatArray,
    corners: Sequence[float],
    settings: HeatSettings | None = None,
    observers: Iterable[HeatObserver] = (),
) -> HeatReport:
    """Carry ``model`` from the first to the last of the ``corners``.

    State is committed only after convergence; a step that does not converge, or whose error is too
    large, is repeated with a smaller length.

    Args:
        model: What conducts heat; its histories are functions of the same time.
        start_temperature: degrees C, one for all or one per owned unknown.
        corners: Times that steps must end on, s, increasing: where a history of a boundary has a
            corner or jumps. The first is the start and the last the end.
        settings: Limits of steps and iterations.
        observers: Called with the model and every step, the start first.

    Raises:
        InputError: for corners that do not increase.
        PropertyRangeError: when a region leaves the range of its material, or a resin gets hotter
            than it stands.
        ConvergenceError: at the smallest step, with time, place and cause; or if the energy
            balance is not held.
    """
    times = np.asarray(corners, dtype=float)
    if times.ndim != 1 or len(times) < 2 or not np.all(np.diff(times) > 0):
        raise InputError("corners", times.tolist(), "two or more increasing times", "s")
    return _March(model, settings or HeatSettings(), list(observers)).run(start_temperature, times)


@dataclass(frozen=True)
class _Trial:
    """A computed step."""

    temperature: FloatArray
    heat: FloatArray
    iterations: int
    slowest: int
    error: float
    inflow: dict[str, float]


class _March:
    def __init__(
        self, model: HeatModel, settings: HeatSettings, observers: list[HeatObserver]
    ) -> None:
        self._model, self._settings, self._observers = model, settings, observers
        self._solver = StageSolver(model, settings.newton)
        self._prescribed = model.prescribed()
        self._rate: FloatArray | None = None

    def run(self, start_temperature: float | FloatArray, times: FloatArray) -> HeatReport:
        model, settings, system = self._model, self._settings, self._solver.system
        control = HeatStepControl(times, settings.steps)
        temperature = np.zeros(model.size) + start_temperature
        model.check_ranges(temperature, "at the start")
        heat, _ = model.stored(temperature)
        balance = HeatBalance(model, temperature, settings.balance_tolerance)
        time, steps = float(times[0]), 0
        self._tell(
            HeatStep(
                0, time, 0.0, 0, 0.0, temperature.copy(), model.regions(temperature),
                model.cure_states(),
            )
        )  # fmt: skip
        while time < times[-1] * (1 - 1e-12):
            length, at_corner = control.propose(time)
            reached = time + length
            try:
                trial = self._step(temperature, heat, time, length)
            except ConvergenceError as failure:
                _log.info("cut back at %.6g s: %s", reached, failure)
                self._rate = None
                control.cut_back(length, failure, reached)
                continue
            if control.too_large(trial.error, length):
                control.shorten(length, trial.error)
                continue
            steps += 1
            model.check_ranges(trial.temperature, f"at {reached:.4g} s")
            balance.add(trial.inflow, trial.temperature, reached)
            self._tell(
                HeatStep(
                    steps, reached, length, trial.iterations, trial.error,
                    trial.temperature.copy(), model.regions(trial.temperature),
                    model.cure_states(tried=True),
                )
            )  # fmt: skip
            self._rate = None if at_corner else (trial.temperature - temperature) / length
            temperature, heat, time = trial.temperature, trial.heat, reached
            if model.commit(temperature, time):
                system.renew()
            control.accept(length, trial.error, trial.slowest, at_corner)
        return HeatReport(
            heat_in=dict(balance.heat_in),
            stored=balance.stored,
            latent=balance.latent,
            balance_error=balance.error,
            unknowns=model.space.size,
            steps=steps,
            rejected=control.rejected,
            newton_iterations=self._solver.iterations,
            linear_iterations=system.iterations,
            factorisations=system.factorisations,
            temperature=temperature,
            regions=model.regions(temperature),
            cure=model.cure_states(),
        )

    def _tell(self, step: HeatStep) -> None:
        for observer in self._observers:
            observer(self._model, step)

    def _step(
        self, temperature: FloatArray, heat: FloatArray, time: float, length: float
    ) -> _Trial:
        """Both stages of one step and its error."""
        model, solver, weight = self._model, self._solver, _GAMMA * length
        begin, middle = time + min(_INSIDE_S, 1e-3 * length), time + weight
        end = time + length - min(_INSIDE_S, 1e-3 * length)
        rate_begin = solver.net_heat(temperature, begin)
        reaction = StageReaction(model.cure, temperature, (weight, length), (_D0, _D1, _D2))
        first = temperature.copy()
        if self._rate is not None:
            self._guess(first, weight * self._rate)
        used_first, heat_first = solver.solve(first, heat, weight, middle)
        released_first = reaction.middle(first)
        rate_first = (heat_first - heat - released_first) / weight
        start_second = heat + released_first + (1.0 - _GAMMA) * length * rate_first
        second = first.copy()
        self._guess(second, (1.0 / _GAMMA - 1.0) * (first - temperature))
        used_second, heat_second = solver.solve(second, start_second, weight, end)
        released_second = reaction.end(second)
        rate_second = (heat_second - start_second - released_second) / weight
        defect = length * (_D0 * rate_begin + _D1 * rate_first + _D2 * rate_second)
        error = self._error(solver.system.solve(defect + reaction.defect, 0.1), second)
        released = released_first + released_second
        inflow = self._inflow(first, middle, second, end, length)
        if model.cure is not None:
            inflow["cure"] = model.comm.allreduce(float(np.sum(released)))
        if model.comm.allreduce(len(self._prescribed)):
            held = heat_second - heat - released
            held -= length * (1.0 - _GAMMA) * solver.net_heat(first, middle)
            held -= length * _GAMMA * solver.net_heat(second, end)
            inflow["prescribed"] = model.comm.allreduce(float(held[self._prescribed].sum()))
        return _Trial(
            second, heat_second, used_first + used_second, max(used_first, used_second), error,
            inflow,
        )  # fmt: skip

    def _guess(self, temperature: FloatArray, change: FloatArray) -> None:
        heat, slope = self._model.stored(temperature)
        self._model.advance(temperature, change, heat, slope)

    def _error(self, error: FloatArray, temperature: FloatArray) -> float:
        """Error in K; that of a melted fraction counts in proportion to its own tolerance."""
        steps = self._settings.steps
        mean, melted = self._model.mean_error(error, temperature)
        return max(mean, melted * steps.tolerance / steps.melting_tolerance)

    def _inflow(
        self, first: FloatArray, middle: float, second: FloatArray, end: float, length: float
    ) -> dict[str, float]:
        """Heat that came in during the step by label, mJ."""
        early, late = self._model.heat_flows(first, middle), self._model.heat_flows(second, end)
        return {
            label: float(length * ((1.0 - _GAMMA) * early[label] + _GAMMA * late[label]))
            for label in early
        }
