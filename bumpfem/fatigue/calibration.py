"""What a fatigue law was fitted to, and the constants with the author's own numbers beside."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bumpfem.materials.provenance import Confidence, Status

#: What the number of cycles means.
LifeDefinition = Literal["mean", "median", "characteristic", "crack_growth", "load_drop"]

#: Plain words for each life definition.
LIFE_DEFINITIONS: dict[LifeDefinition, str] = {
    "mean": "mean number of cycles to failure",
    "median": "number of cycles at which half of the joints have failed",
    "characteristic": "characteristic life: 63.2 % of the joints have failed",
    "crack_growth": "number of cycles in which a crack starts and crosses the joint",
    "load_drop": "number of cycles to a stated load drop of a test specimen",
}

#: Where the damage measure was averaged. ``nominal``: from outer dimensions, no finite elements.
AveragingVolume = Literal["layer", "joint", "specimen", "nominal"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Constant(_Frozen):
    """One constant in the library's units, beside the author's own number where they differ.

    Attributes:
        value: The constant in mm, MPa and cycles.
        unit: Unit of ``value``; ``1`` for a pure number.
        author_value: The number as printed, where its unit differs.
        author_unit: The unit as printed.
    """

    value: float
    unit: str = Field(min_length=1)
    author_value: float | None = None
    author_unit: str | None = None

    @model_validator(mode="after")
    def _author_number_has_a_unit(self) -> Self:
        if (self.author_value is None) != (self.author_unit is None):
            raise ValueError("author_value and author_unit go together")
        return self


class Calibration(_Frozen):
    """The tests and simulations that a fatigue law was fitted to.

    Attributes:
        alloys: Alloys tested; ``sac`` and ``snpb`` stand for a family whose composition the
            transcribed source does not give.
        constitutive_laws: Families of constitutive law of the simulations behind the fit; empty
            if the law needs no simulation, None if the source does not say.
        law_sets: Names of the constitutive parameter sets behind the fit; empty if the law needs
            none, None if not known.
        averaging_volume: Where the damage measure was averaged; None if not known.
        averaging_thickness_mm: Thickness of the averaging layer in mm; None if not known.
        life_definition: What the number of cycles means.
        temperature_range_c: Lowest and highest temperature of the tests in degrees Celsius; None
            if not known.
        source: Bibliography key of the original.
        transcribed_from: Where the numbers were read.
        status: How far the constants can be trusted (``secondary``: read in a later document;
            ``unverified``: recalled).
        confidence: ``high``, ``medium`` or ``low``.
        conditions_status: How far the statements on alloy, law, volume, temperature and life
            definition can be trusted: they are recalled more often than the constants are.
        conflicts: Other published values for the same constants.
        notes: What else a user has to know.
    """

    alloys: tuple[str, ...] = Field(min_length=1)
    constitutive_laws: tuple[str, ...] | None = None
    law_sets: tuple[str, ...] | None = None
    averaging_volume: AveragingVolume | None = None
    averaging_thickness_mm: float | None = Field(default=None, gt=0.0)
    life_definition: LifeDefinition
    temperature_range_c: tuple[float, float] | None = None
    source: str = Field(min_length=1)
    transcribed_from: str = Field(min_length=1)
    status: Status
    confidence: Confidence
    conditions_status: Status
    conflicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _range_is_ordered(self) -> Self:
        if self.temperature_range_c and self.temperature_range_c[0] >= self.temperature_range_c[1]:
            raise ValueError("temperature_range_c must rise")
        return self
