"""Where a number comes from and how far it can be trusted."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bumpfem.materials.extrapolation import Extrapolation, record_extrapolation

Status = Literal["primary", "secondary", "unverified", "estimated", "illustrative"]
Confidence = Literal["high", "medium", "low"]

#: Temperatures this close to an end of a range are inside, K: a computed 25 C is 25 C.
_SLACK_K = 1e-6

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

    @property
    def what(self) -> str:
        """What it is, among all data of its material."""
        return self.name

    @property
    def label(self) -> str:
        """What it is, among all data of the library."""
        return f"{self.material} {self.what}"

    def outside(self, lowest: float, highest: float) -> str | None:
        """Say how a window of temperatures leaves the range; None if it does not.

        Data for which temperature does not matter (``formal``) hold everywhere.
        """
        left = self.ends_left(lowest, highest)
        if not left:
            return None
        low, high = self.range
        basis = "known" if self.range_basis == "source" else "commonly used"
        unstated = "" if self.range_basis == "source" else ", which gives no range"
        return (
            f"{self.label} is {basis} from {low:g} to {high:g} C, not at {left[0][1]:g} C "
            f"(source {', '.join(self.sources)}{unstated})"
        )

    def ends_left(self, lowest: float, highest: float) -> list[tuple[float, float]]:
        """Ends of the range that a window leaves, and how far it goes there, degrees C."""
        if self.range_basis == "formal":
            return []
        low, high = self.range
        ends = [(low, lowest)] if lowest < low - _SLACK_K else []
        return ends + ([(high, highest)] if highest > high + _SLACK_K else [])

    def check_continued(self, lowest: float, highest: float) -> None:
        """Allow a window of temperatures that leaves the range, and record where it does.

        Raises:
            PropertyRangeError: The data make no sense that far.
        """
        for _, reached in self.ends_left(lowest, highest):
            self._check_reached(reached)
            self._record(reached)

    def _check_reached(self, reached: float) -> None:
        """Refuse a temperature outside the range at which the data make no sense."""

    def _record(
        self,
        reached: float,
        unit: str = "",
        at_end: float | None = None,
        value: float | None = None,
    ) -> None:
        """Record a use outside the range."""
        record_extrapolation(
            Extrapolation(
                self.material, self.what, *self.range, reached, unit, at_end, value,
                stated=self.range_basis == "source",
            )
        )  # fmt: skip

    @model_validator(mode="after")
    def _provenance_is_complete(self) -> Provenance:
        if not self.sources or not all(self.sources):
            raise ValueError("source is empty: give a bibliography key")
        low, high = self.range
        if not -273.15 <= low <= high:
            raise ValueError(f"range [{low}, {high}] C is not a temperature range")
        return self
