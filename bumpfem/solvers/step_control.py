r"""Length of the time steps.

The local error of backward Euler in the inelastic strain is estimated from two successive
increments, :math:`e = \tfrac12 \| \Delta\varepsilon_{n+1} - \frac{\Delta t_{n+1}}{\Delta t_n}
\Delta\varepsilon_n \|`, averaged over the volume of each inelastic region; the largest region
counts. As :math:`e \sim \Delta t^2`, the next step is
:math:`\Delta t\, (0.8\, tol / e)^{1/2}`. Steps end on every corner of the temperature history.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bumpfem.errors import ConvergenceError, InputError


@dataclass(frozen=True)
class StepSettings:
    """Limits of the time step.

    Attributes:
        tolerance: Largest local error of the volume-averaged inelastic strain in one step.
        initial: First step and first step after a corner, s.
        smallest: Step at which a failure is final, s.
        largest: Longest step, s.
        growth: Largest ratio of successive steps.
        easy_iterations: Newton iterations above which the step does not grow.
    """

    tolerance: float = 2e-4
    initial: float = 15.0
    smallest: float = 1e-3
    largest: float = 3600.0
    growth: float = 2.0
    easy_iterations: int = 7

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            InputError: for a value out of its range.
        """
        for name in ("tolerance", "initial", "smallest", "largest"):
            value = getattr(self, name)
            if not value > 0:
                raise InputError(f"steps.{name}", value, "a positive number")
        if self.growth <= 1:
            raise InputError("steps.growth", self.growth, "a number above 1")


class StepControl:
    """Proposes steps through a history with corners and learns from how they went.

    Args:
        corners: Times that must be hit, ascending, s. The first is the start.
        settings: Limits.
        length: First step, s; None for that of the settings.
    """

    #: A step is repeated when its error exceeds the tolerance by this factor.
    REJECTION = 3.0

    def __init__(
        self, corners: np.ndarray, settings: StepSettings, length: float | None = None
    ) -> None:
        self._corners = np.asarray(corners, dtype=float)
        self.settings = settings
        self._length = settings.initial if length is None else length
        self.rejected = 0

    @property
    def length(self) -> float:
        """Length that the next step would like to have, s."""
        return self._length

    def propose(self, time: float) -> tuple[float, bool]:
        """Next step from ``time`` and whether it ends on a corner."""
        ahead = self._corners[self._corners > time * (1 + 1e-12) + 1e-9]
        remaining = float(ahead[0] - time)
        length = min(self._length, self.settings.largest)
        if length >= remaining * 0.999:
            return remaining, True
        if length > 0.5 * remaining:
            return 0.5 * remaining, False
        return length, False

    def accept(self, length: float, error: float, iterations: int, at_corner: bool) -> None:
        """Learn from a converged step whose error was small enough."""
        settings = self.settings
        factor = self._factor(error)
        if iterations > settings.easy_iterations:
            factor = min(factor, 0.8)
        grown = length * min(factor, settings.growth)
        if at_corner:
            self._length = min(settings.initial, max(grown, settings.smallest))
        else:
            self._length = max(grown, settings.smallest)

    def too_large(self, error: float, length: float) -> bool:
        """Whether a converged step must be repeated with a smaller one."""
        return error > self.REJECTION * self.settings.tolerance and length > self.settings.smallest

    def shorten(self, length: float, error: float) -> None:
        """Shorten after a step with too large an error."""
        self.rejected += 1
        self._length = max(length * max(self._factor(error), 0.2), self.settings.smallest)

    def cut_back(self, length: float, reason: ConvergenceError, time: float) -> None:
        """Shorten after a step that did not converge.

        Raises:
            ConvergenceError: if the step was already the smallest.
        """
        self.rejected += 1
        if length <= self.settings.smallest * 1.0001:
            raise ConvergenceError(
                f"no convergence at {time:.6g} s with the smallest step "
                f"{self.settings.smallest:.3g} s: {reason}"
            ) from reason
        self._length = max(0.25 * length, self.settings.smallest)

    def _factor(self, error: float) -> float:
        return float(np.sqrt(0.8 * self.settings.tolerance / max(error, 1e-300)))
