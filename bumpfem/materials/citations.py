"""Which sources a run really used.

A property that is evaluated, or a parameter set that is taken, records its reference with every
collector that is open at that moment::

    with citations.collect() as used:
        ...                     # build the model, run it
    used.entries                # sorted [(key, status, what), ...]

Collectors belong to the context (thread or task) that opened them; a worker process opens its own
and hands ``entries`` back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Citation(NamedTuple):
    """One use of a source: bibliography key, status of the number, and what was read."""

    key: str
    status: str
    what: str


class Collector:
    """Set of the citations made while it was open."""

    def __init__(self) -> None:
        self._seen: set[Citation] = set()

    def add(self, citations: Iterable[Citation]) -> None:
        """Take up citations, e.g. those that a worker process handed back."""
        self._seen.update(Citation(*citation) for citation in citations)

    @property
    def entries(self) -> list[Citation]:
        """The citations, each once, sorted by key, status and what was read."""
        return sorted(self._seen)

    @property
    def keys(self) -> list[str]:
        """The bibliography keys, each once, sorted."""
        return sorted({citation.key for citation in self._seen})


_open: ContextVar[tuple[Collector, ...]] = ContextVar("open_citation_collectors", default=())


@contextmanager
def collect() -> Iterator[Collector]:
    """Open a collector; nested collectors all record."""
    collector = Collector()
    token = _open.set((*_open.get(), collector))
    try:
        yield collector
    finally:
        _open.reset(token)


def cite(keys: Iterable[str], status: str, what: str) -> None:
    """Record that the numbers of ``what`` were used, with every open collector.

    Args:
        keys: Bibliography keys of the sources.
        status: Status of the number, e.g. ``"secondary"`` or ``"unverified"``.
        what: What was read, e.g. ``"sac305 youngs_modulus"``.
    """
    collectors = _open.get()
    if collectors:
        citations = [Citation(key, status, what) for key in keys]
        for collector in collectors:
            collector.add(citations)
