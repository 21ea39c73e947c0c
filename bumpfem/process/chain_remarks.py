"""What a step of a process chain leaves to say besides the state of the joint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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
