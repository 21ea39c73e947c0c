"""Reaction heat in the two stages of a step of heat conduction."""

from __future__ import annotations

import numpy as np

from bumpfem.physics.cure import CureField
from bumpfem.units import FloatArray


class StageReaction:
    """Reaction heat of the stages of one step, if anything cures.

    Args:
        cure: Degree of cure; None if nothing cures.
        temperature: ``(n,)`` at the start of the step, degrees C.
        lengths: Of the first stage and of the whole step, s.
        weights: Of the rates at the beginning, at the first stage and at the end in the error.

    Attributes:
        defect: What the rates of its power at the beginning, at the first stage and at the end add
            to the defect of the step, mJ.
    """

    def __init__(
        self,
        cure: CureField | None,
        temperature: FloatArray,
        lengths: tuple[float, float],
        weights: tuple[float, float, float],
    ) -> None:
        self._cure, self._lengths, self._weights = cure, lengths, weights
        self.defect = np.zeros(len(temperature))
        if cure is not None:
            cure.begin(temperature, lengths[0])
            self.defect += lengths[1] * weights[0] * cure.power(temperature, end=False)

    def middle(self, temperature: FloatArray) -> FloatArray:
        """Heat of the first stage, mJ, which ends here; the second begins."""
        if self._cure is None:
            return np.zeros(len(temperature))
        released, _ = self._cure.released(temperature)
        self._cure.go_on(temperature, self._lengths[1] - self._lengths[0])
        self.defect += (
            self._lengths[1] * self._weights[1] * self._cure.power(temperature, end=False)
        )
        return released

    def end(self, temperature: FloatArray) -> FloatArray:
        """Heat of the second stage, mJ."""
        if self._cure is None:
            return np.zeros(len(temperature))
        released, _ = self._cure.released(temperature)
        self.defect += self._lengths[1] * self._weights[2] * self._cure.power(temperature, end=True)
        return released
