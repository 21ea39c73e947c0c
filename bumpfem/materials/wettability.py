"""How the melts of metal bumps wet their pads and what surrounds them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bumpfem.errors import MaterialError, PropertyRangeError
from bumpfem.materials.bibliography import reference_keys
from bumpfem.materials.citations import cite
from bumpfem.materials.provenance import Confidence, Status
from bumpfem.materials.quantities import close_names


class Wetting(BaseModel):
    """Contact angle of a melt on a solid, and what becomes of the solid.

    Attributes:
        melt: Metal in the library.
        solid: Solid in the library.
        contact_angle: Through the melt, degrees.
        range: What publications or experience span, degrees.
        temperature: Range in which it holds, degrees C.
        pad: For a metal: ``insoluble`` in the melt, forms ``compounds``, ``dissolves`` (tens of
            percent or more) or ``melts``; None for an inert solid.
        source: Keys of the bibliography.
        transcribed_from: Document that the number was read in.
        status: As for every number of the library.
        confidence: ``high``, ``medium`` or ``low``.
        note: What a user must know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    melt: str
    solid: str
    contact_angle: float = Field(ge=0.0, le=180.0)
    range: tuple[float, float]
    temperature: tuple[float, float]
    pad: Literal["insoluble", "compounds", "dissolves", "melts"] | None = None
    source: str | tuple[str, ...]
    transcribed_from: str = Field(min_length=1)
    status: Status
    confidence: Confidence
    note: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Bibliography keys, always a tuple."""
        return (self.source,) if isinstance(self.source, str) else self.source

    def at(self, temperature: float, *, extrapolate: bool = False) -> float:
        """Contact angle at a temperature, degrees, recorded as used.

        Raises:
            PropertyRangeError: The temperature is outside the range.
        """
        low, high = self.temperature
        if not extrapolate and not low <= temperature <= high:
            raise PropertyRangeError(
                f"contact angle of {self.melt} on {self.solid} is known from {low:g} to {high:g} C,"
                f" not at {temperature:g} C (source {', '.join(self.sources)})"
            )
        cite(self.sources, self.status, f"{self.melt} on {self.solid} contact angle")
        return self.contact_angle


@cache
def wetting_table() -> dict[tuple[str, str, str], Wetting]:
    """All entries by (``on_pad`` or ``outside``, melt, solid).

    Raises:
        MaterialError: An entry is not valid.
    """
    text = files("bumpfem.materials").joinpath("wettability.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, dict[str, dict[str, Any]]]] = tomllib.loads(text)
    entries = {}
    known = reference_keys()
    for place, melts in table.items():
        for melt, solids in melts.items():
            for solid, data in solids.items():
                try:
                    entry = Wetting(melt=melt, solid=solid, **data)
                except ValidationError as error:
                    raise MaterialError(f"wettability {place} {melt} {solid}: {error}") from None
                if not known.issuperset(entry.sources):
                    raise MaterialError(f"wettability {place} {melt} {solid}: unknown source")
                entries[place, melt, solid] = entry
    return entries


def wetting(place: Literal["on_pad", "outside"], melt: str, solid: str) -> Wetting:
    """One entry.

    Raises:
        MaterialError: There is none.
    """
    table = wetting_table()
    try:
        return table[place, melt, solid]
    except KeyError:
        known = [key[2] for key in table if key[:2] == (place, melt)]
        raise MaterialError(
            f"no contact angle of {melt} on {solid}: {close_names(solid, known)}"
        ) from None
