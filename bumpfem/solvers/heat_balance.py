"""The energy balance of a march: heat that came in against heat that is stored."""

from __future__ import annotations

from collections import defaultdict

from bumpfem.errors import ConvergenceError
from bumpfem.physics.heat import HeatModel
from bumpfem.units import FloatArray

#: Heat that counts as stored at least when an error is measured, as a change of the body's mean
#: temperature, K.
_LEAST_RISE_K = 1.0


class HeatBalance:
    """Adds up heat and compares it with what is stored.

    Args:
        model: What conducts heat.
        temperature: At the start, degrees C.
        tolerance: Largest error, part of the largest heat stored.

    Attributes:
        heat_in: Heat that came in so far by label, mJ.
        stored: Rise of the heat content so far, mJ.
        latent: Part of it that is latent heat, mJ.
        error: Largest difference so far, part of the largest heat stored.
    """

    def __init__(self, model: HeatModel, temperature: FloatArray, tolerance: float) -> None:
        self._model, self._tolerance = model, tolerance
        self._start = self._content(temperature)
        self._start_latent = model.latent(temperature)
        self._difference = 0.0
        self._largest = _LEAST_RISE_K * model.sensible_capacity()
        self.heat_in: defaultdict[str, float] = defaultdict(float)
        self.stored = 0.0
        self.latent = 0.0

    @property
    def error(self) -> float:
        """Largest difference so far, part of the largest heat stored."""
        return self._difference / self._largest

    def add(self, inflow: dict[str, float], temperature: FloatArray, time: float) -> None:
        """Add a step's heat and compare.

        Args:
            inflow: Heat that came in during the step by label, mJ.
            temperature: At its end, degrees C.
            time: At its end, s.

        Raises:
            ConvergenceError: if the difference exceeds the tolerance.
        """
        for label, heat in inflow.items():
            self.heat_in[label] += heat
        self.stored = self._content(temperature) - self._start
        self.latent = self._model.latent(temperature) - self._start_latent
        self._largest = max(self._largest, abs(self.stored))
        self._difference = max(
            self._difference, abs(float(sum(self.heat_in.values())) - self.stored)
        )
        if self.error > self._tolerance:
            raise ConvergenceError(
                f"the energy balance is wrong by {100.0 * self.error:.2g} % at {time:.6g} s "
                f"(allowed {100.0 * self._tolerance:.2g} %): tighten the Newton tolerance"
            )

    def _content(self, temperature: FloatArray) -> float:
        return float(self._model.comm.allreduce(float(self._model.stored(temperature)[0].sum())))
