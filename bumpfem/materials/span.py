"""The temperatures that a run sees, and what becomes of data that end before.

One rule for all data of the library: a run that leaves the range of a number is refused, or goes on
beyond it if it was told to and says so (:func:`bumpfem.materials.collect_extrapolations`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bumpfem.errors import PropertyRangeError
from bumpfem.materials.extrapolation import EXTRAPOLATE_HINT
from bumpfem.materials.property import Property
from bumpfem.materials.provenance import Provenance


@dataclass(frozen=True)
class Span:
    """Temperatures that data are needed at.

    Attributes:
        lowest: Degrees C.
        highest: Degrees C.
        extrapolate: Whether data are continued beyond their ranges, and recorded; else they are
            refused.

    >>> Span(-40.0, 245.0).below(180.0)
    Span(lowest=-40.0, highest=180.0, extrapolate=False)
    """

    lowest: float
    highest: float
    extrapolate: bool = False

    @classmethod
    def of(cls, temperatures: Iterable[float], *, extrapolate: bool = False) -> Span:
        """The span of a history."""
        values = list(temperatures)
        return cls(float(min(values)), float(max(values)), extrapolate)

    def below(self, limit: float) -> Span | None:
        """The part below a temperature, for data that nothing asks for above it; None without."""
        return replace(self, highest=min(self.highest, limit)) if self.lowest < limit else None

    def above(self, limit: float) -> Span | None:
        """The part above a temperature, for data that nothing asks for below it; None without."""
        return replace(self, lowest=max(self.lowest, limit)) if self.highest > limit else None

    def refuse(self, entry: Provenance) -> None:
        """Refuse data that end before, unless they may be continued.

        Raises:
            PropertyRangeError: Names material, data, range and what was asked for.
        """
        fault = entry.outside(self.lowest, self.highest)
        if fault is not None and not self.extrapolate:
            raise PropertyRangeError(f"{fault}; {EXTRAPOLATE_HINT}")

    def admit(self, entry: Provenance) -> None:
        """Refuse data that end before, or record that they are used as they are.

        Raises:
            PropertyRangeError: As :meth:`refuse`, or the data make no sense that far.
        """
        self.refuse(entry)
        entry.check_continued(self.lowest, self.highest)

    def hold(self, known: Property) -> None:
        """Refuse a property that ends before, or record that its value at the end is kept.

        Raises:
            PropertyRangeError: As :meth:`refuse`.
        """
        self.refuse(known)
        known.check_held(self.lowest, self.highest)

    def table(self, known: Property) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Temperatures and values of a property, continued along straight lines and recorded.

        Raises:
            PropertyRangeError: As :meth:`refuse`, or the line leaves what is possible.
        """
        self.refuse(known)
        return known.continued(self.lowest, self.highest)
