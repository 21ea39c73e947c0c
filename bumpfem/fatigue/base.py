"""What all fatigue laws share: damage measure in, life with its mismatches out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from bumpfem.errors import InputError
from bumpfem.fatigue.applicability import Mismatch, check_applicability
from bumpfem.fatigue.calibration import Calibration
from bumpfem.fatigue.estimate import LifeEstimate, LifeInterval
from bumpfem.fatigue.measures import CycleMeasures, RunContext

#: The measures that can drive a law, with unit and words.
DAMAGE_MEASURES: dict[str, tuple[str, str]] = {
    "delta_w_mpa": ("MPa", "inelastic work density per cycle"),
    "inelastic_strain_accumulated": ("", "equivalent inelastic strain accumulated per cycle"),
    "inelastic_strain_range": ("", "inelastic strain range (half the accumulated strain)"),
    "creep_strain_parts": ("", "accumulated creep strain of mechanisms I and II"),
    "shear_strain_range": ("", "shear strain range of the joint"),
}

DamageMeasure = Literal[
    "delta_w_mpa",
    "inelastic_strain_accumulated",
    "inelastic_strain_range",
    "creep_strain_parts",
    "shear_strain_range",
]


@dataclass(frozen=True)
class Cycles:
    """Cycles to failure and, where a law separates them, its parts."""

    total: float
    initiation: float | None = None
    growth: float | None = None
    growth_rate_mm: float | None = None


def power(base: float, exponent: float) -> float:
    """``base**exponent`` for a positive base; a result beyond the largest number is ``inf``."""
    try:
        return float(base**exponent)
    except OverflowError:
        return float("inf")


def required(measures: CycleMeasures, name: str, law: str) -> float:
    """A measure that a law cannot do without.

    Raises:
        InputError: The run did not supply it.
    """
    value = getattr(measures, name)
    if value is None:
        unit = DAMAGE_MEASURES.get(name, ("", ""))[0]
        raise InputError(f"measures.{name}", None, "a number", unit, f"{law} needs it")
    return float(value)


class FatigueLaw(BaseModel, ABC):
    """A life law bound to its calibration.

    Attributes:
        name: Name in the library.
        title: One line for tables and reports.
        calibration: What it was fitted to.
        measure: The damage measure that it takes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    calibration: Calibration
    measure: ClassVar[DamageMeasure]
    equation: ClassVar[str]

    @abstractmethod
    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure for a damage measure above zero."""

    def damage_measure(self, measures: CycleMeasures) -> float:
        """The scalar that drives this law.

        Raises:
            InputError: The run did not supply it.
        """
        return required(measures, self.measure, self.name)

    def validity(self, measures: CycleMeasures) -> list[Mismatch]:
        """Limits of this law beyond its calibration; none unless a law has some."""
        del measures
        return []

    def check_applicability(self, run: RunContext) -> list[Mismatch]:
        """Where a run differs from the calibration, in plain sentences."""
        return check_applicability(self, run)

    def life(self, measures: CycleMeasures) -> LifeEstimate:
        """Life for the measures of one cycle.

        Args:
            measures: Damage measures and how they were computed.

        Returns:
            The life, its parts, and every mismatch with the calibration. A damage measure of
            zero gives an infinite life, and the note says so.

        Raises:
            InputError: A measure that the law needs is missing or out of bounds.
        """
        mismatches = (*self.check_applicability(measures), *self.validity(measures))
        definition = self.calibration.life_definition
        if self.damage_measure(measures) == 0.0:
            return LifeEstimate(
                float("inf"),
                definition,
                self.name,
                mismatches,
                note=f"No {DAMAGE_MEASURES[self.measure][1]}: life is infinite in this law.",
            )
        found = self.cycles(measures)
        return LifeEstimate(
            found.total,
            definition,
            self.name,
            mismatches,
            initiation_cycles=found.initiation,
            growth_cycles=found.growth,
            growth_rate_mm=found.growth_rate_mm,
        )

    def life_interval(self, measures: CycleMeasures, low: float, high: float) -> LifeInterval:
        """Life and its bounds from bounds of the damage measure.

        Every law falls monotonically with its damage measure, so the bounds of life are the
        lives at the bounds of the measure.

        Args:
            measures: Measures at the value itself.
            low: Lower bound of :meth:`damage_measure`; 0 gives an infinite upper life.
            high: Upper bound; ``inf`` gives a lower life of 0.

        Raises:
            InputError: The bounds do not enclose the value, or are negative.
        """
        value = self.damage_measure(measures)
        if not 0.0 <= low <= value <= high:
            raise InputError(
                f"bounds of {self.measure}", (low, high), f"0 <= low <= {value:g} <= high"
            )
        estimate = self.life(measures)
        longest = self.life(self.with_measure(measures, low)).cycles
        shortest = (
            0.0 if high == float("inf") else self.life(self.with_measure(measures, high)).cycles
        )
        return LifeInterval(shortest, estimate, longest)

    def with_measure(self, measures: CycleMeasures, value: float) -> CycleMeasures:
        """The same measures with another value of :meth:`damage_measure`."""
        if self.measure == "inelastic_strain_range":
            return replace(measures, inelastic_strain_accumulated=2.0 * value)
        if self.measure == "inelastic_strain_accumulated":
            return replace(measures, inelastic_strain_accumulated=value)
        if self.measure == "shear_strain_range":
            return replace(measures, shear_strain_range=value)
        if self.measure == "delta_w_mpa":
            return replace(measures, delta_w_mpa=value)
        parts = measures.creep_strain_parts
        if parts is None or sum(parts) == 0.0:
            return replace(measures, creep_strain_parts=(value, 0.0))
        factor = value / sum(parts)
        return replace(measures, creep_strain_parts=(parts[0] * factor, parts[1] * factor))
