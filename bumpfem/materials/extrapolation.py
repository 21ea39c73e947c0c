"""Which numbers were used beyond the temperatures that their sources cover.

As :mod:`bumpfem.materials.citations` does for sources: whatever is continued beyond its range
records itself with every collector that is open at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import groupby
from typing import NamedTuple

#: What an error about a range says beside it.
EXTRAPOLATE_HINT = (
    "extrapolate = true in the study, or extrapolate=True in a call from Python, continues it "
    "beyond its range and says so in the report"
)


class Extrapolation(NamedTuple):
    """One number that was used outside its range.

    Attributes:
        material: Material.
        name: Property, parameter set, or part of a resin's cure or mechanics.
        lowest: Lower end of its range, degrees C.
        highest: Upper end of its range, degrees C.
        reached: Temperature outside it up to which it was used, degrees C.
        unit: Unit of the values; empty for what has no single value.
        at_end: Value at the end of the range that was left; None for what has no single value.
        value: Value at ``reached``; None for what has no single value.
        stated: Whether its source gives the range; else it is where such data are commonly used.
    """

    material: str
    name: str
    lowest: float
    highest: float
    reached: float
    unit: str = ""
    at_end: float | None = None
    value: float | None = None
    stated: bool = True

    @property
    def change(self) -> str:
        """What the continuation does to the value, in words."""
        if self.at_end is None or self.value is None:
            return "as it is"
        unit = "" if self.unit == "1" else f" {self.unit}"
        if self.at_end == self.value:
            return f"constant {self.value:g}{unit}"
        return f"linearly from {self.at_end:g} to {self.value:g}{unit}"

    def __str__(self) -> str:
        """One sentence that names what was continued, how far, and to which value."""
        known = "known" if self.stated else "commonly used"
        unstated = "" if self.stated else " (its source gives no range)"
        return (
            f"extrapolated: {self.material} {self.name} is {known} from {self.lowest:g} to "
            f"{self.highest:g} C{unstated} and was used to {self.reached:g} C, {self.change}"
        )


class Extrapolations:
    """What was continued beyond its range while this was open, each end of a range once."""

    def __init__(self) -> None:
        self._farthest: dict[tuple[str, str, float, float, bool], Extrapolation] = {}

    def add(self, found: Extrapolation) -> None:
        """Take up one; of several beyond one end of a range the farthest stays."""
        hot = found.reached > found.highest
        end = (found.material, found.name, found.lowest, found.highest, hot)
        known = self._farthest.get(end)
        if known is None or (found.reached > known.reached) == hot:
            self._farthest[end] = found

    @property
    def entries(self) -> list[Extrapolation]:
        """Sorted by material, name and temperature."""
        return sorted(self._farthest.values(), key=lambda item: item[:5])


_open: ContextVar[tuple[Extrapolations, ...]] = ContextVar("open_extrapolations", default=())


@contextmanager
def collect_extrapolations() -> Iterator[Extrapolations]:
    """Open a collector; nested collectors all record."""
    found = Extrapolations()
    token = _open.set((*_open.get(), found))
    try:
        yield found
    finally:
        _open.reset(token)


@contextmanager
def unrecorded_extrapolations() -> Iterator[None]:
    """Keep trials out of all open collectors: of a search only what it finds counts."""
    token = _open.set(())
    try:
        yield
    finally:
        _open.reset(token)


def record_extrapolation(found: Extrapolation) -> None:
    """Record one with every open collector."""
    for collector in _open.get():
        collector.add(found)


def extrapolation_words(found: Iterable[Extrapolation]) -> str:
    """All extrapolations of a run in one sentence, by material; empty if there is none.

    >>> extrapolation_words([Extrapolation("fr4", "expansion_x", -65, 150, 217, "1/K", 2e-5, 2e-5)])
    'Used beyond the range of their sources: fr4 expansion_x (-65 to 150 C) to 217 C.'
    """

    def place(item: Extrapolation) -> tuple[str, float, float, float, bool]:
        return item.material, item.lowest, item.highest, item.reached, item.stated

    parts = []
    for (material, lowest, highest, reached, stated), items in groupby(
        sorted(found, key=place), place
    ):
        names = [
            item.name if item.at_end == item.value else f"{item.name} {item.change}"
            for item in items
        ]
        span = f"{lowest:g} to {highest:g} C{'' if stated else ', customary'}"
        parts.append(f"{material} {', '.join(names)} ({span}) to {reached:g} C")
    return f"Used beyond the range of their sources: {'; '.join(parts)}." if parts else ""
