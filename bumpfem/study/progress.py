"""How far a run is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes:
        job: Label of the run.
        fraction: Part of its time that is done, 0 to 1.
        cycle: Number of the cycle, 0 for the lead-in.
        temperature: Degrees C.
        step: Number of accepted steps.
        iterations: Newton iterations of the last step.
    """

    job: str
    fraction: float
    cycle: int
    temperature: float
    step: int
    iterations: int


#: Told how far a run is.
ProgressObserver = Callable[[Progress], None]
