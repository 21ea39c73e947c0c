r"""Cure in regions of a heat model: the degree of cure at their points and the heat it gives off.

At every point of a curing region

.. math:: \dot x = f(x, T), \qquad \rho\,\frac{\partial h}{\partial t} = \dots + \rho H_r \dot x,

with the reaction heat :math:`H_r`. Cure is carried from stage to stage of a time step by
:func:`bumpfem.constitutive.cure_kinetics.advance_cure` along the straight line between the
temperatures of the stages, and the heat of a stage is :math:`\rho H_r` times its rise: whatever
the step, heat and cure add up exactly. The temperature of the stage's end being unknown, so is its
heat; its slope goes into the tangent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive.cure_kinetics import advance_cure
from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.physics.heat_lumped import Lumped
from bumpfem.units import FloatArray

#: Difference of temperature for the slope of the heat of a stage, K: the error of cure (1e-11) and
#: the curvature of its rate both stay below 1e-6 of the slope.
_DIFFERENCE_K = 1e-3
#: Temperatures between which iterates of a stage may wander, degrees C.
_ITERATES_C = (-200.0, 1500.0)


@dataclass(frozen=True)
class Curing:
    """Which regions cure and how far they are.

    Attributes:
        resins: Resin of every curing region.
        start: Cure at the start of some regions, one value or one per point of the region
            (:meth:`bumpfem.physics.heat.HeatModel.points`); else as delivered.
    """

    resins: Mapping[str, CuringResin]
    start: Mapping[str, float | FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class CureState:
    """What the cure of a region amounts to.

    Attributes:
        mean: Mean over the volume.
        lowest: Lowest degree of cure.
        highest: Highest degree of cure.
        gelled: Part of the volume beyond the gel point.
    """

    mean: float
    lowest: float
    highest: float
    gelled: float


class CureField:
    """Degree of cure at the points of regions of a heat model.

    It is tried in stages and committed by the step: :meth:`begin` goes back to what is committed.

    Args:
        curing: Which regions cure.
        regions: Points and volumes of all regions of the model.
        size: Owned unknowns of this rank.
        comm: Ranks of the model.

    Raises:
        InputError: A region that the model has not, or a cure outside 0 to 1.
    """

    def __init__(
        self, curing: Curing, regions: Mapping[str, Lumped], size: int, comm: MPI.Intracomm
    ) -> None:
        self.resins = dict(curing.resins)
        self._size, self._comm = size, comm
        for name in (*self.resins, *curing.start):
            known = list(regions) if name in self.resins else list(self.resins)
            if name not in known:
                raise InputError("curing", name, f"one of {', '.join(known)}")
        self._regions = {name: regions[name] for name in self.resins}
        self._committed = {
            name: self._start(name, curing.start.get(name, resin.initial_cure))
            for name, resin in self.resins.items()
        }
        self._from, self._to = self._committed, self._committed
        self._duration = 0.0
        self._temperature = np.full(size, 25.0)

    def _start(self, name: str, given: float | FloatArray) -> FloatArray:
        start = np.zeros(len(self._regions[name].unknowns)) + given
        lowest = self._comm.allreduce(float(start.min(initial=1.0)), MPI.MIN)
        highest = self._comm.allreduce(float(start.max(initial=0.0)), MPI.MAX)
        for value in (lowest, highest):
            if not 0.0 <= value <= 1.0:
                raise InputError(f"curing.start.{name}", value, "between 0 and 1")
        if lowest == 0.0 and not self.resins[name].kinetics.starts_by_itself:
            raise InputError(
                f"curing.start.{name}", lowest, "above 0",
                reason="a purely autocatalytic law never starts from 0",
            )  # fmt: skip
        return start

    # --- stages ---------------------------------------------------------------------------------

    def begin(self, temperature: FloatArray, duration: float) -> None:
        """Start the first stage of a step at the committed cure.

        Args:
            temperature: ``(n,)`` at the start of the step, degrees C.
            duration: Length of the stage, s.
        """
        self._from, self._temperature = self._committed, temperature.copy()
        self._duration = duration

    def go_on(self, temperature: FloatArray, duration: float) -> None:
        """Start the next stage at the end of the one before.

        Args:
            temperature: ``(n,)`` at the end of the stage before, degrees C.
            duration: Length of the new stage, s.
        """
        self._from = self._advanced(temperature)
        self._temperature, self._duration = temperature.copy(), duration

    def released(self, temperature: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Heat ``(n,)`` of a stage that ends at a temperature, mJ, and its slope, mJ/K.

        Both are not numbers where the temperature is none.
        """
        heat, slope = np.zeros(self._size), np.zeros(self._size)
        self._to = self._advanced(temperature)
        warmer = self._advanced(temperature + _DIFFERENCE_K)
        for name, lumped in self._regions.items():
            content = self._content(name) * lumped.weights
            heat[lumped.unknowns] += content * (self._to[name] - self._from[name])
            rise = np.maximum(warmer[name] - self._to[name], 0.0)
            slope[lumped.unknowns] += content * rise / _DIFFERENCE_K
        return heat, slope

    def power(self, temperature: FloatArray, *, end: bool) -> FloatArray:
        """Heat ``(n,)`` that the reaction gives off at the start or end of the stage, mW."""
        heat = np.zeros(self._size)
        cure = self._to if end else self._from
        for name, lumped in self._regions.items():
            rate = self.resins[name].kinetics.rate(cure[name], temperature[lumped.unknowns])
            heat[lumped.unknowns] += self._content(name) * lumped.weights * rate
        return heat

    def commit(self) -> None:
        """Accept the cure at the end of the last stage."""
        self._committed = self._to

    def _content(self, name: str) -> float:
        """Reaction heat per volume, mJ/mm3."""
        return self.resins[name].density * self.resins[name].reaction_heat

    def _advanced(self, temperature: FloatArray) -> dict[str, FloatArray]:
        found = {}
        for name, lumped in self._regions.items():
            start, end = self._temperature[lumped.unknowns], temperature[lumped.unknowns]
            sound = np.isfinite(end)
            try:
                cure = advance_cure(
                    self.resins[name].kinetics,
                    self._from[name],
                    start,
                    np.clip(np.where(sound, end, start), *_ITERATES_C),
                    self._duration,
                )
            except ConvergenceError:
                cure = np.full(len(start), np.nan)
            found[name] = np.where(sound, cure, np.nan)
        return found

    # --- state ----------------------------------------------------------------------------------

    def at_points(self, region: str) -> FloatArray:
        """Committed degree of cure ``(p,)`` at the points of a region."""
        return self._committed[region].copy()

    def states(self, *, tried: bool = False) -> dict[str, CureState]:
        """State of every curing region.

        Args:
            tried: At the end of the last stage instead of what is committed.
        """
        states = {}
        for name, lumped in self._regions.items():
            cure = (self._to if tried else self._committed)[name]
            gelled = cure >= self.resins[name].gel_cure
            sums = np.array([lumped.weights.sum(), lumped.weights @ cure, lumped.weights @ gelled])
            bounds = np.array([-cure.min(initial=np.inf), cure.max(initial=-np.inf)])
            self._comm.Allreduce(MPI.IN_PLACE, sums, MPI.SUM)
            self._comm.Allreduce(MPI.IN_PLACE, bounds, MPI.MAX)
            states[name] = CureState(
                mean=float(sums[1] / sums[0]),
                lowest=float(-bounds[0]),
                highest=float(bounds[1]),
                gelled=float(sums[2] / sums[0]),
            )
        return states

    def check_limits(self, highest: Mapping[str, float], when: str) -> None:
        """Refuse temperatures at which a resin decomposes.

        Args:
            highest: Highest temperature of every region, degrees C.
            when: Words that say when, for the message.

        Raises:
            PropertyRangeError: naming region, material, temperature and limit.
        """
        for name, resin in self.resins.items():
            resin.check_temperature(highest[name], f"{when} region {name} of")
