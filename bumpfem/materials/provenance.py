"""Where a number comes from and how far it can be trusted."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Status = Literal["primary", "secondary", "unverified", "estimated", "illustrative"]
Confidence = Literal["high", "medium", "low"]

#: What each status means, in words fit for a report.
STATUS_MEANING: dict[str, str] = {
    "primary": "read in the original",
    "secondary": "read in a later document that names the original",
    "unverified": "recalled from the original, not re-read",
    "estimated": "derived from sourced numbers by the stated formula",
    "illustrative": "typical of its class; no primary source",
}


class Provenance(BaseModel):
    """What every number of the library carries.

    Attributes:
        name: Name of the property or parameter set.
        material: Name of the material that it belongs to.
        source: Bibliography key of the original; several where the number needs them.
        transcribed_from: Document that the number was read in.
        status: One of :data:`STATUS_MEANING`.
        confidence: ``high``, ``medium`` or ``low``.
        range: Temperatures (lowest, highest) in degrees Celsius where the number holds.
        range_basis: Who says so: the ``source``; ``customary`` where the source gives none and
            this is where such numbers are commonly used; ``formal`` where temperature does not
            matter (a melting point).
        conflicts: Known disagreement with other published numbers.
        note: Anything else that a user must know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = Field(min_length=1)
    material: str = Field(min_length=1)
    source: str | tuple[str, ...]
    transcribed_from: str = Field(min_length=1)
    status: Status
    confidence: Confidence
    range: tuple[float, float]
    range_basis: Literal["source", "customary", "formal"]
    conflicts: tuple[str, ...] = ()
    note: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Bibliography keys of the sources, always a tuple."""
        return (self.source,) if isinstance(self.source, str) else self.source

    @model_validator(mode="after")
    def _provenance_is_complete(self) -> Provenance:
        if not self.sources or not all(self.sources):
            raise ValueError("source is empty: give a bibliography key")
        low, high = self.range
        if not -273.15 <= low <= high:
            raise ValueError(f"range [{low}, {high}] C is not a temperature range")
        return self
