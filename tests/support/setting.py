"""A resin reduced to what the mechanics must know: it gels in time and keeps its own strain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bumpfem.units import FloatArray

#: Columns of the state beside the inelastic strain: degree of cure, last strain, stress.
CURE, STRAIN, STRESS = 7, slice(8, 14), slice(14, 20)


@dataclass(frozen=True)
class Jelly:
    """Cures at a constant rate and is elastic, without Poisson effect, from its gel point on.

    Attributes:
        modulus: Young's modulus, MPa.
        rate: Cure per second.
        gel: Cure at which it gels.
    """

    modulus: float = 4e3
    rate: float = 0.01
    gel: float = 0.5
    name: str = "jelly"
    n_state: int = 20
    rate_dependent: bool = False

    def initial_state(self, n: int) -> FloatArray:
        """Uncured, without strain."""
        return np.zeros((n, self.n_state))

    def liquid(self, state: FloatArray) -> NDArray[np.bool_]:
        """Which points have not gelled."""
        return np.asarray(state[:, CURE] < self.gel)

    def update(
        self,
        strain: FloatArray,
        temperature: FloatArray,
        dt: float,
        state: FloatArray,
        stress: FloatArray,
        tangent: FloatArray,
        new_state: FloatArray,
    ) -> None:
        """Increment of stress from the increment of strain, after the gel point."""
        stiffness = self.modulus * np.diag([1.0, 1.0, 1.0, 0.5, 0.5, 0.5])
        new_state[:] = state
        new_state[:, CURE] = np.minimum(state[:, CURE] + self.rate * dt, 1.0)
        gelled = ~self.liquid(new_state)
        change = np.where(gelled[:, None], (strain - state[:, STRAIN]) @ stiffness, 0.0)
        new_state[:, STRAIN] = strain
        new_state[:, STRESS] = np.where(gelled[:, None], state[:, STRESS] + change, 0.0)
        stress[:] = new_state[:, STRESS]
        tangent[:] = np.where(gelled[:, None, None], stiffness, 0.0)
