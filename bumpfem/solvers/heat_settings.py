"""Settings of a march of heat conduction and the control of its steps."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bumpfem.errors import InputError
from bumpfem.solvers.heat_stage import HeatNewtonSettings
from bumpfem.solvers.step_control import StepControl, StepSettings


@dataclass(frozen=True)
class HeatStepSettings(StepSettings):
    """Limits of the time step.

    Attributes:
        tolerance: Largest local error of a step, K: root mean square over each region.
        initial: First step and longest first step after a corner, s.
        smallest: Step at which a failure is final, s.
        largest: Longest step, s.
        growth: Largest ratio of successive steps.
        easy_iterations: Newton iterations of a stage above which the step does not grow.
        melting_tolerance: Largest local error of a region's melted fraction.
    """

    tolerance: float = 0.02
    initial: float = 1.0
    smallest: float = 1e-4
    largest: float = 10.0
    growth: float = 2.5
    easy_iterations: int = 12
    melting_tolerance: float = 1e-3

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            InputError: for a value out of its range.
        """
        super().__post_init__()
        if not self.melting_tolerance > 0:
            raise InputError(
                "heat.steps.melting_tolerance", self.melting_tolerance, "a positive number"
            )


class HeatStepControl(StepControl):
    """Step control for a method of second order."""

    def _factor(self, error: float) -> float:
        return float(np.cbrt(0.8 * self.settings.tolerance / max(error, 1e-300)))


@dataclass(frozen=True)
class HeatSettings:
    """All settings of a march.

    Attributes:
        newton: Newton iteration.
        steps: Time steps.
        balance_tolerance: Largest error of the energy balance, part of the largest heat stored.
    """

    newton: HeatNewtonSettings = field(default_factory=HeatNewtonSettings)
    steps: HeatStepSettings = field(default_factory=HeatStepSettings)
    balance_tolerance: float = 1e-3
