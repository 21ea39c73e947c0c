"""``bumpfem run STUDY.toml``."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from mpi4py import MPI
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bumpfem.errors import DesignRuleWarning
from bumpfem.study.kinds import run_kind
from bumpfem.study.progress import Progress as JobProgress


def run(
    study: Path,
    /,
    *,
    out: Annotated[Path | None, Parameter(name=["--out", "-o"])] = None,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"])] = False,
) -> int:
    """Compute a study of any kind and write its report.

    A study compares fatigue lives, or does what the ``kind`` in its file says. Finished runs are
    taken over if their input is the same: after an interruption the same command goes on.

    Parameters
    ----------
    study:
        Study file (TOML).
    out:
        Folder of the results; default results/<study>.
    verbose:
        Show the solver's cut-backs.
    """
    console = Console(stderr=True, quiet=MPI.COMM_WORLD.rank > 0)
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(message)s")
    with warnings.catch_warnings(record=True) as caught, _Bars(console) as bars:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", DesignRuleWarning)
        finished = run_kind(study, out, bars.show)
    for text in dict.fromkeys(str(item.message) for item in caught):
        console.print(f"design rule: {text}", style="yellow", markup=False)
    if MPI.COMM_WORLD.rank == 0:
        print(finished.text)
        print(f"\nreport: {finished.page}")
    reused, runs = finished.reused
    if reused:
        console.print(f"{reused} of {runs} runs taken over", markup=False)
    return 1 if finished.failed else 0


class _Bars:
    """One progress bar for each run that is under way."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[state]}", markup=False),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def show(self, progress: JobProgress) -> None:
        """Move the bar of a run."""
        if progress.job not in self._tasks:
            self._tasks[progress.job] = self._progress.add_task(progress.job, total=1.0, state="")
        cycle = f"cycle {progress.cycle}  " if progress.cycle else ""
        state = (
            f"{cycle}{progress.temperature:6.1f} C  "
            f"step {progress.step:3d}  {progress.iterations} iterations"
        )
        self._progress.update(self._tasks[progress.job], completed=progress.fraction, state=state)
