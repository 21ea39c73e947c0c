r"""One stage of a time step of heat conduction.

A stage is a backward Euler step of length :math:`w`: find :math:`T` such that at every unknown

.. math:: E_j(T_j) - b_j - R_j(T_j) - w\,(F_j(T, t) - (K T)_j) = 0

with the heat content :math:`E`, what it starts from :math:`b`, reaction heat :math:`R` that the
stage gives off, heat :math:`F` from outside and conduction :math:`K`. :math:`E_j` is increasing
with kinks where melting begins and ends.

Newton's method comes first; a correction is held back where it would take up more heat than the
linearisation promised (:meth:`bumpfem.physics.heat.HeatModel.advance`). Where fronts cross many
elements in one step it may go to and fro for ever. Then a nested iteration takes over that cannot
(Casulli and Zanolli 2012): with :math:`E = E_1 - E_2`, both convex, the outer iteration linearises
:math:`E_2` and rises from below to the solution, the inner one is Newton's method for
:math:`E_1`, which falls to its own from above; both are monotone on meshes without obtuse angles.
The slope of the conductivity is left out of the tangent, which stays symmetric.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.physics.heat import HeatModel
from bumpfem.solvers.heat_system import HeatSystem
from bumpfem.units import FloatArray

#: Least part of the slope of a node that the tangent keeps where its reaction speeds up: a step so
#: long that cure would run away within it is left to the step control.
_LEAST_SLOPE = 0.25


@dataclass(frozen=True)
class HeatNewtonSettings:
    """Limits of the Newton iteration.

    Attributes:
        tolerance: Sum of the heat out of balance over all unknowns, as a change of the body's mean
            temperature without melting, K.
        largest_iterations: Iterations of Newton's method before the nested one takes over.
        largest_nested: Outer iterations, and inner ones of each, of the nested method before the
            step is given up.
        loosest_linear: Largest relative residual that a linear solve may stop at.
        tightest_linear: Smallest one that it is asked for.
    """

    tolerance: float = 1e-5
    largest_iterations: int = 12
    largest_nested: int = 40
    loosest_linear: float = 0.1
    tightest_linear: float = 1e-8

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            InputError: for a value out of its range.
        """
        if not self.tolerance > 0:
            raise InputError("heat.newton.tolerance", self.tolerance, "a positive number", "K")
        for name in ("largest_iterations", "largest_nested"):
            if getattr(self, name) < 1:
                raise InputError(f"heat.newton.{name}", getattr(self, name), "1 or more")


@dataclass(frozen=True)
class _Stage:
    """What a stage starts from, its length and its end."""

    start: FloatArray
    weight: float
    time: float


@dataclass(frozen=True)
class _Balance:
    """Heat content, slopes of the left side and of it, left side, its size and what is allowed."""

    heat: FloatArray
    slope: FloatArray
    capacity: FloatArray
    residual: FloatArray
    norm: float
    allowed: float


class StageSolver:
    """Solves stages; never commits state.

    Attributes:
        iterations: Newton iterations so far.
    """

    def __init__(self, model: HeatModel, settings: HeatNewtonSettings) -> None:
        self.model, self.settings = model, settings
        self.system = HeatSystem(model)
        self.iterations = 0
        self._prescribed = model.prescribed()
        self._allowed = settings.tolerance * model.sensible_capacity()

    def net_heat(self, temperature: FloatArray, time: float) -> FloatArray:
        """Heat from outside less conduction at every unknown, without reaction heat, mW."""
        heat, _ = self.model.exchange(temperature, time)
        return heat - self.system.conducted(temperature)

    def solve(
        self, temperature: FloatArray, start: FloatArray, weight: float, time: float
    ) -> tuple[int, FloatArray]:
        """Bring ``temperature`` to the solution of a stage, in place.

        Args:
            temperature: First guess, degrees C.
            start: Heat content b that the stage starts from, mJ.
            weight: Length w, s.
            time: Time at the end of the stage, s.

        Returns:
            Number of iterations, and the heat content ``(n,)`` that every unknown has received,
            mJ: what is left out of balance with its temperature is taken up by the next stage and
            does not add up.

        Raises:
            ConvergenceError: if the tolerance is not met; ``temperature`` is then of no use.
        """
        self.model.prescribe(temperature, time)
        stage, before = _Stage(start, weight, time), self.iterations
        guess = temperature.copy()
        found = self._newton(temperature, stage)
        if found is None:
            temperature[:] = guess
            found = self._nested(temperature, stage)
        self.system.set_stage(found.slope, weight)
        return self.iterations - before, found.heat - found.residual

    def _newton(self, temperature: FloatArray, stage: _Stage) -> _Balance | None:
        """Newton's method from a guess, in place; None if it does not converge."""
        for _ in range(self.settings.largest_iterations):
            now = self._balance(temperature, stage)
            if now.norm <= now.allowed:
                return now
            change = self._correction(
                now.residual, now.slope, (now.norm, now.allowed), stage.weight
            )
            self.model.advance(temperature, change, now.heat, now.capacity)
        now = self._balance(temperature, stage)
        return now if now.norm <= now.allowed else None

    def _nested(self, temperature: FloatArray, stage: _Stage) -> _Balance:
        """The nested iteration from below, in place."""
        free = np.ones(len(temperature), dtype=bool)
        free[self._prescribed] = False
        temperature[free] = np.minimum(temperature[free], self.model.first_fall)
        for _ in range(self.settings.largest_nested):
            now = self._balance(temperature, stage)
            if now.norm <= now.allowed:
                return now
            origin = temperature.copy()
            lost, lost_slope = self.model.falling(origin)
            for _ in range(self.settings.largest_nested):
                more, _ = self.model.falling(temperature)
                convex = now.residual + more - lost - lost_slope * (temperature - origin)
                convex[self._prescribed] = 0.0
                norm = self._sum(np.abs(convex))
                if norm <= 0.3 * now.allowed:
                    break
                slope = now.slope + self.model.falling(temperature)[1] - lost_slope
                temperature += self._correction(convex, slope, (norm, now.allowed), stage.weight)
                now = self._balance(temperature, stage)
        raise ConvergenceError(
            f"{now.norm / now.allowed:.1e} times the heat that is allowed stayed out of balance; "
            f"most of it {self._worst(now.residual, temperature)}"
        )

    def _correction(
        self, residual: FloatArray, slope: FloatArray, size: tuple[float, float], weight: float
    ) -> FloatArray:
        """Newton's correction, solved as accurately as helps.

        Args:
            residual: Left side, mJ.
            slope: Its slope without conduction, mJ/K.
            size: Its size and what is allowed of it, mJ.
            weight: Length of the stage, s.
        """
        norm, allowed = size
        if not np.isfinite(norm):
            raise ConvergenceError("the heat balance is not a number")
        settings = self.settings
        self.system.set_stage(slope, weight)
        wanted = max(0.3 * allowed / norm, settings.tightest_linear)
        self.iterations += 1
        return self.system.solve(-residual, min(wanted, settings.loosest_linear))

    def _balance(self, temperature: FloatArray, stage: _Stage) -> _Balance:
        """What is out of balance at a temperature."""
        heat, slope = self.model.stored(temperature)
        inflow, steepness = self.model.exchange(temperature, stage.time)
        net = inflow - self.system.conducted(temperature)
        residual = heat - stage.start - stage.weight * net
        total = slope + stage.weight * steepness
        if self.model.cure is not None:
            released, faster = self.model.cure.released(temperature)
            residual -= released
            total = np.maximum(total - faster, _LEAST_SLOPE * total)
        residual[self._prescribed] = 0.0
        rounding = self.system.rounding(temperature, stage.weight) + 1e-14 * np.abs(heat)
        allowed = max(self._allowed, self._sum(rounding))
        return _Balance(heat, total, slope, residual, self._sum(np.abs(residual)), allowed)

    def _sum(self, values: FloatArray) -> float:
        return float(self.model.comm.allreduce(float(values.sum()), MPI.SUM))

    def _worst(self, residual: FloatArray, temperature: FloatArray) -> str:
        """Words for where the largest residual of all ranks is, and at which temperature."""
        own = (-1.0, "")
        if len(residual):
            worst = int(np.argmax(np.abs(np.nan_to_num(residual, nan=np.inf))))
            place = self.model.place_of(worst)
            own = (abs(float(residual[worst])), f"{place} ({temperature[worst]:.4g} C)")
        return str(max(self.model.comm.allgather(own))[1])
