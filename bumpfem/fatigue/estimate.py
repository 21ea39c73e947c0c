"""What a fatigue law answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bumpfem.fatigue.applicability import Mismatch
from bumpfem.fatigue.calibration import LIFE_DEFINITIONS, LifeDefinition


@dataclass(frozen=True)
class LifeEstimate:
    """Life of one joint by one fatigue law.

    Attributes:
        cycles: Number of cycles; ``inf`` where no inelastic strain or work is done.
        definition: What the number means.
        law: Name of the law.
        mismatches: Where the run differs from what the law was calibrated with.
        initiation_cycles: Cycles until a crack starts, if the law separates them.
        growth_cycles: Cycles in which the crack crosses the joint, if the law separates them.
        growth_rate_mm: Crack growth per cycle in mm, if the law has one.
        note: What has to be said about the number, else empty.
    """

    cycles: float
    definition: LifeDefinition
    law: str
    mismatches: tuple[Mismatch, ...] = ()
    initiation_cycles: float | None = None
    growth_cycles: float | None = None
    growth_rate_mm: float | None = None
    note: str = ""

    @property
    def infinite(self) -> bool:
        """True where the law gives no end of life."""
        return math.isinf(self.cycles)

    @property
    def meaning(self) -> str:
        """The life definition in words."""
        return LIFE_DEFINITIONS[self.definition]


@dataclass(frozen=True)
class LifeInterval:
    """Life with the bounds that follow from the bounds of the damage measure.

    Attributes:
        low: Life at the upper bound of the damage measure.
        estimate: Life at its value.
        high: Life at its lower bound.
    """

    low: float
    estimate: LifeEstimate
    high: float
