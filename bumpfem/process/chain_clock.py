"""Time and temperature of a process chain: carries its model from one event to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import March, MarchReport, MarchSettings, Step, StepObserver
from bumpfem.solvers.settle import settle

#: Temperatures closer than this are one, K.
SAME_TEMPERATURE = 1e-6
#: Times closer than this are one, s.
_SAME_TIME = 1e-6


@dataclass(frozen=True)
class Happening:
    """Something that happens to the joint on the way.

    Attributes:
        time: s, in the time of the history that it belongs to.
        act: What is done then.
    """

    time: float
    act: Callable[[], None]


class ChainClock:
    """Carries a model through stages of temperature.

    Args:
        model: The mechanical model.
        settings: Limits of Newton's method and of the steps.
        temperature: At the start, degrees C.

    Attributes:
        time: s since the start of the chain.
        temperature: Of the cell now, degrees C.
        cost: What all stages together cost.
    """

    def __init__(self, model: MechanicalModel, settings: MarchSettings, temperature: float) -> None:
        self._model, self._march = model, March(model, settings)
        self.time, self.temperature = 0.0, temperature
        self.cost = MarchReport(0, 0, 0, 0, 0, 0)
        self.observers: tuple[StepObserver, ...] = ()

    def restart(self) -> None:
        """Keep nothing of the stages before, so that a resumed chain goes on in the same way."""
        self._march.restart()

    def follow(self, history: TemperatureHistory, happenings: Sequence[Happening] = ()) -> None:
        """Follow a history whose times start anywhere; they are shifted to the present.

        Args:
            history: Temperature; a jump at its start is gone through in a ramp before.
            happenings: What is done at some of its times, in their order.

        Raises:
            ConvergenceError: An increment does not converge at the smallest step.
        """
        begin, end = float(history.times[0]), float(history.times[-1])
        self.ramp(float(history.temperatures[0]))
        shift = self.time - begin
        ordered = sorted(happenings, key=lambda item: item.time)
        marks = [min(max(item.time, begin), end) for item in ordered]
        for low, high in pairwise([begin, *marks, end]):
            if high - low > _SAME_TIME:
                self._stage(_part(history, low, high), shift)
            if ordered:
                ordered.pop(0).act()

    def ramp(self, temperature: float, rate: float = 2.0) -> None:
        """Go to a temperature at a rate without sign, degrees C per second."""
        change = abs(temperature - self.temperature)
        if change <= SAME_TEMPERATURE:
            return
        times = np.array([0.0, change / rate])
        self._stage(TemperatureHistory(times, np.array([self.temperature, temperature])), self.time)

    def settle(self) -> float:
        """Find equilibrium again after something was taken away.

        Returns:
            The force that was handed over, N.
        """
        return settle(self._model, self.temperature).handed_over

    def _stage(self, history: TemperatureHistory, shift: float) -> None:
        if not any(group.advances and not group.elastic for group in self._model.groups):
            history = _ends(history)
        shifted = replace(
            history, times=history.times + shift, periodic_from=history.periodic_from + shift
        )
        self._add(self._march.run(shifted, [self._keep_time, *self.observers]))
        self.temperature = float(history.temperatures[-1])
        self.time = float(shifted.times[-1])

    def _keep_time(self, model: MechanicalModel, step: Step) -> None:
        self.time, self.temperature = step.time, step.temperature

    def _add(self, report: MarchReport) -> None:
        cost = self.cost
        self.cost = MarchReport(
            report.unknowns,
            cost.steps + report.steps,
            cost.rejected + report.rejected,
            cost.newton_iterations + report.newton_iterations,
            cost.linear_iterations + report.linear_iterations,
            cost.factorisations + report.factorisations,
        )


def _ends(history: TemperatureHistory) -> TemperatureHistory:
    """First and last corner: all that matters to a body without memory."""
    return replace(
        history, times=history.times[[0, -1]], temperatures=history.temperatures[[0, -1]]
    )


def _part(history: TemperatureHistory, low: float, high: float) -> TemperatureHistory:
    """A history between two of its times."""
    inside = (history.times > low + _SAME_TIME) & (history.times < high - _SAME_TIME)
    times = np.concatenate([[low], history.times[inside], [high]])
    return replace(
        history, times=times, temperatures=np.interp(times, history.times, history.temperatures)
    )
