"""A job that fails on all ranks together, knowing something; rank 0 prints what became of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpi4py import MPI

from bumpfem.errors import BumpfemError, ProcessError
from bumpfem.study.runner import run_jobs

FACTS = {"race": {"verdict": "gels_early", "margin": -11.6}}


@dataclass(frozen=True)
class FailingJob:
    """Fails on rank 0, as the heat conduction of a joint does, and then on all."""

    folder: Path

    @property
    def label(self) -> str:
        """Short name."""
        return "failing"

    def finished(self) -> None:
        """It never is."""

    def run(self, observer: Any = None, comm: MPI.Intracomm = MPI.COMM_SELF) -> dict[str, Any]:
        """Fail."""
        failure: BumpfemError | None = None
        if comm.rank == 0:
            failure = ProcessError("attach: too early").with_facts(**FACTS)
        failure = comm.bcast(failure, root=0)
        assert failure is not None
        raise failure


if __name__ == "__main__":
    (outcome,) = run_jobs([FailingJob(Path())], 1)
    ranks = MPI.COMM_WORLD.gather([outcome.reason, dict(outcome.facts)], root=0)
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(ranks))
