"""What a step of a process chain leaves to say besides the state of the joint."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from bumpfem.process.gel_race import GelRace


@dataclass
class Remarks:
    """What a step leaves to say.

    Attributes:
        notes: Sentences for the report.
        verdict: Race of wetting against gelation.
        shear_test: Ball shear test.
    """

    notes: list[str] = field(default_factory=list)
    verdict: dict[str, Any] | None = None
    shear_test: dict[str, Any] | None = None


def race_facts(race: GelRace) -> dict[str, Any]:
    """A race as plain data; None for what does not happen."""
    known = asdict(race)
    for name, value in known.items():
        if isinstance(value, float) and not np.isfinite(value):
            known[name] = None
    return known | {"sentence": race.sentence}
