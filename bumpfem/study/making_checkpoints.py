"""Checkpoints of a run that also keep which sources it used, and how long it took."""

from __future__ import annotations

import time
from typing import Any

from bumpfem.materials import Extrapolation
from bumpfem.materials.citations import Collector
from bumpfem.materials.extrapolation import Extrapolations
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.results.checkpoint import Checkpoints
from bumpfem.units import FloatArray


class SourcedCheckpoints:
    """A store of checkpoints; what was cited before a run was interrupted is cited after it.

    Args:
        store: Where the states are.
        used: Sources so far; those of earlier calls are added when the run is taken up.
        beyond: The same of what was continued beyond its range.
    """

    def __init__(self, store: Checkpoints, used: Collector, beyond: Extrapolations) -> None:
        self._store, self._used, self._beyond = store, used, beyond
        self._started, self._before = time.perf_counter(), 0.0

    @property
    def spent(self) -> float:
        """Wall time of this call and of those before that its state came from, s."""
        return self._before + time.perf_counter() - self._started

    def latest(self) -> tuple[int, dict[str, Any]] | None:
        """The last saved step; what it cites is taken up."""
        found = self._store.latest()
        if found is None:
            return None
        run = found[1]["run"]
        self._used.add(run["sources"])
        for item in run["extrapolated"]:
            self._beyond.add(Extrapolation(*item))
        self._before = run["wall_s"]
        return found

    def save(
        self,
        step: int,
        model: MechanicalModel,
        facts: dict[str, Any],
        arrays: dict[str, FloatArray],
    ) -> None:
        """Keep the state after a step."""
        run = {
            "sources": [list(item) for item in self._used.entries],
            "extrapolated": [list(item) for item in self._beyond.entries],
            "wall_s": self.spent,
        }
        self._store.save(step, model, {**facts, "run": run}, arrays)

    def restore(self, step: int, model: MechanicalModel) -> dict[str, FloatArray]:
        """Give a model the state after a step."""
        return self._store.restore(step, model)
