"""Cure of a resin while its cell goes through the oven: as a part of the heat model, or beside it.

The heat model itself carries the cure and the heat of its reaction
(:class:`bumpfem.physics.cure.CureField`); :class:`ResinRecorder` writes down what it finds.
:class:`FollowingResin` cures the points of the region along their temperatures without giving its
heat back, so that several resins can follow one temperature history.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive.cure_kinetics import advance_cure
from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.physics.heat import HeatModel
from bumpfem.process.heated_events import Events
from bumpfem.solvers.heat import HeatStep
from bumpfem.units import FloatArray

#: Time, mean, lowest and highest cure, and mean temperature of the resin.
_Row = tuple[float, float, float, float, float]
#: Bisections of a step in which a resin gels: a billionth of its length is left.
_BISECTIONS = 30


@dataclass(frozen=True)
class ResinCure:
    """Cure of a resin over the times of a heating.

    Attributes:
        resin: The resin.
        times: (n,) s.
        temperature: (n,) its mean temperature, degrees C.
        mean: (n,) mean degree of cure.
        lowest: (n,) smallest.
        highest: (n,) largest.
        reaction_heat: Heat that the reaction set free, mJ.
    """

    resin: CuringResin
    times: FloatArray
    temperature: FloatArray
    mean: FloatArray
    lowest: FloatArray
    highest: FloatArray
    reaction_heat: float

    @property
    def material(self) -> str:
        """Name of the resin."""
        return self.resin.name

    @property
    def gel_cure(self) -> float:
        """Degree of cure at the gel point."""
        return self.resin.gel_cure

    @property
    def glass_transition(self) -> FloatArray:
        """(n,) at the mean cure, degrees C."""
        return np.asarray(self.resin.glass_transition.at(self.mean))

    @property
    def viscosity(self) -> FloatArray | None:
        """(n,) at the largest cure, Pa s, infinite from the gel point on; None if not known."""
        flow = self.resin.viscosity
        return None if flow is None else np.asarray(flow.at(self.highest, self.temperature))

    @property
    def events(self) -> Events:
        """When the first and the last point gel; what has gelled before has no such time."""
        return {"gels": self._reaches(self.highest), "gelled": self._reaches(self.lowest)}

    def _reaches(self, cure: FloatArray) -> float | None:
        """Time at which a curve of cure reaches the gel point, s; None if never or before.

        Within the step in which it does, cure advances along the straight temperature.
        """
        beyond = np.flatnonzero(cure >= self.gel_cure)
        if not beyond.size or beyond[0] == 0:
            return None
        end = int(beyond[0])
        begin = end - 1
        length = float(self.times[end] - self.times[begin])
        low, high = 0.0, 1.0
        start, rise = self.temperature[begin], self.temperature[end] - self.temperature[begin]
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            reached = advance_cure(
                self.resin.kinetics,
                cure[begin : begin + 1],
                np.array([start]),
                np.array([start + middle * rise]),
                middle * length,
            )
            low, high = (low, middle) if reached[0] >= self.gel_cure else (middle, high)
        return float(self.times[begin] + high * length)


class ResinRecorder:
    """Observer that records the cure of a region that the heat model cures.

    Args:
        region: Name of the region.
        resin: Its resin.
    """

    def __init__(self, region: str, resin: CuringResin) -> None:
        self._region, self._resin = region, resin
        self._rows: list[_Row] = []

    def __call__(self, model: HeatModel, step: HeatStep) -> None:
        """Record a converged step."""
        cure, temperature = step.cure[self._region], step.regions[self._region].mean
        self._rows.append((step.time, cure.mean, cure.lowest, cure.highest, temperature))

    def history(self, volume: float) -> ResinCure:
        """What was recorded so far.

        Args:
            volume: Of the region, mm3.
        """
        return _history(self._resin, self._rows, volume)


class FollowingResin:
    """Observer that cures a resin along the temperatures of a region, without a heat of reaction.

    Args:
        model: The model that will be marched.
        region: Name of the region.
        resin: The resin, as it comes.
    """

    def __init__(self, model: HeatModel, region: str, resin: CuringResin) -> None:
        self._region, self._resin = region, resin
        self._volumes = model.point_volumes(region)
        self._cure = np.full(len(self._volumes), resin.initial_cure)
        self._temperature: FloatArray | None = None
        self._rows: list[_Row] = []

    def __call__(self, model: HeatModel, step: HeatStep) -> None:
        """Cure along a converged step."""
        temperature = model.at_points(self._region, step.temperature)
        if self._temperature is not None:
            self._cure = advance_cure(
                self._resin.kinetics, self._cure, self._temperature, temperature, step.dt
            )
        self._temperature = temperature
        content = model.comm.allreduce(float(self._volumes @ self._cure))
        volume = model.comm.allreduce(float(self._volumes.sum()))
        low = model.comm.allreduce(float(self._cure.min(initial=1.0)), MPI.MIN)
        high = model.comm.allreduce(float(self._cure.max(initial=0.0)), MPI.MAX)
        mean = step.regions[self._region].mean
        self._rows.append((step.time, content / volume, low, high, mean))

    def history(self, volume: float) -> ResinCure:
        """What was recorded so far.

        Args:
            volume: Of the region, mm3.
        """
        return _history(self._resin, self._rows, volume)


def _history(resin: CuringResin, rows: list[_Row], volume: float) -> ResinCure:
    times, mean, lowest, highest, temperature = np.array(rows).T
    content = resin.reaction_heat * resin.density * volume
    return ResinCure(
        resin, times, temperature, mean, lowest, highest, float(content * (mean[-1] - mean[0]))
    )
