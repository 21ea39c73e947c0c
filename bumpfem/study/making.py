"""``bumpfem run`` of a study of making: joints from their first step to their life."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from mpi4py import MPI

from bumpfem.comparison import ErrorModel, Lives
from bumpfem.design import Joint, Package
from bumpfem.design.loading import in_file
from bumpfem.design.making_study import MakingStudy
from bumpfem.errors import InputError
from bumpfem.materials import Citation, collect
from bumpfem.study.comparison import MESH_SCATTER, writable
from bumpfem.study.fatigue_choice import usable_law
from bumpfem.study.job import Job
from bumpfem.study.job_files import write_json
from bumpfem.study.kinds import Finished
from bumpfem.study.making_job import MakingJob
from bumpfem.study.making_pages import write_making_pages
from bumpfem.study.making_plan import making_jobs, plain_job, resins_left
from bumpfem.study.making_table import COLUMNS, making_row
from bumpfem.study.measures import joint_runs
from bumpfem.study.progress import ProgressObserver
from bumpfem.study.runner import JobOutcome, Runnable, run_jobs, usable_cores


@dataclass(frozen=True)
class MakingResults:
    """A study of making that has been run.

    Attributes:
        study: The study.
        package: Its package.
        joints: Its joints.
        outcomes: Runs with history, the reference of each joint before its others.
        without: Runs without history, in the same order; none if they were not asked for.
        lives: Lives with the history of making.
        lives_without: Lives without it; None if they were not asked for.
        folder: Where the files are.
        fatigue_sources: Sources of the fatigue law.
        study_text: The study's file.
    """

    study: MakingStudy
    package: Package
    joints: tuple[Joint, ...]
    outcomes: tuple[JobOutcome[MakingJob], ...]
    without: tuple[JobOutcome[Job], ...]
    lives: Lives
    lives_without: Lives | None
    folder: Path
    fatigue_sources: tuple[Citation, ...] = ()
    study_text: str = ""

    @cached_property
    def results(self) -> dict[str, dict[str, Any]]:
        """Content of ``result.json`` of every joint's reference run that did not fail."""
        return {
            item.job.joint.name: item.result
            for item in self.outcomes
            if item.job.with_fields and item.result is not None
        }

    @cached_property
    def results_without(self) -> dict[str, dict[str, Any]]:
        """The same of the runs without history."""
        return {
            item.job.joint.name: item.result
            for item in self.without
            if item.job.with_fields and item.result is not None
        }

    @cached_property
    def table(self) -> pd.DataFrame:
        """Columns :data:`bumpfem.study.making_table.COLUMNS`, one row per joint."""
        facts = {item.job.joint.name: item.facts for item in self.outcomes if item.job.with_fields}
        rows = [
            making_row(
                joint,
                self.results.get(joint.name),
                self.lives[joint.name],
                None if self.lives_without is None else self.lives_without[joint.name],
                facts[joint.name],
                self.lives.rank(joint.name),
            )
            for joint in self.joints
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    @property
    def failed(self) -> tuple[str, ...]:
        """Joints whose computation with history failed."""
        return self.lives.failed

    @property
    def without_reasons(self) -> list[str]:
        """Why joints have no life without history to be compared with, a sentence each."""
        rows = () if self.lives_without is None else self.lives_without
        return [
            f"{row.joint}: no life without history: {row.reason}"
            for row in rows
            if row.status == "failed"
        ]

    def __str__(self) -> str:
        """The table for a terminal."""
        lines = [
            f"{'joint':16s} {'route':10s} {'cure':>6s} {'Tg C':>6s} {'margin s':>8s} "
            f"{'resin MPa':>9s} {'shear N':>8s} {'life':>10s} {'without':>10s} {'history':>8s}"
        ]
        for row in self.table.to_dict("records"):
            made = (
                f"{row['joint']:16s} {row['route']:10s} {_shown(row['cure'], 6, 3)} "
                f"{_shown(row['glass_transition_c'], 6, 0)} {_shown(row['race_margin_s'], 8, 1)}"
            )
            if row["status"] == "failed":
                lines.append(f"{made} failed: {row['reason']}")
                continue
            lines.append(
                f"{made} {_shown(row['resin_von_mises_mean_mpa'], 9, 2)} "
                f"{_shown(row['shear_peak_n'], 8, 3)} {_shown(row['life_cycles'], 10, 0)} "
                f"{_shown(row['life_without_history_cycles'], 10, 0)} "
                f"{_percent(row['life_by_history'])}"
            )
        return "\n".join([*lines, *self.without_reasons])

    def report(self) -> Path:
        """Write ``table.csv``, ``study.json`` and ``report.html``.

        Returns:
            Path of ``report.html``.
        """
        self.table.to_csv(self.folder / "table.csv", index=False)
        write_json(
            self.folder / "study.json",
            {
                "title": self.study.title,
                "joints": [joint.name for joint in self.joints],
                "failed": list(self.failed),
                "law": self.lives.law.name,
                "ranking": self.lives.ranking,
            },
        )
        return write_making_pages(self)


def run_making_study(
    path: Path | str,
    out: Path | str | None = None,
    observer: ProgressObserver | None = None,
) -> MakingResults:
    """Compute a study of making and write its results and, on rank 0, its report.

    Finished runs in the folder are taken over if their input is the same; one that was interrupted
    goes on after its last finished step.

    Args:
        path: The study's TOML file.
        out: Folder of the results; by default ``results/<study>`` under the working directory.
        observer: Told how far each run is.

    Raises:
        InputError: for a study that cannot be used or a folder that cannot be written.
    """
    path = Path(path)
    study = MakingStudy.load(path)
    folder = Path(out) if out is not None else Path("results") / study.name
    try:
        results = compute_making(study, folder, observer, path.read_text(encoding="utf-8"))
    except InputError as error:
        raise (in_file(error, path) if error.field.startswith("study.") else error) from None
    if MPI.COMM_WORLD.rank == 0:
        results.report()
    return results


def compute_making(
    study: MakingStudy,
    folder: Path | str | None = None,
    observer: ProgressObserver | None = None,
    study_text: str = "",
) -> MakingResults:
    """Compute a study of making; its report is written when it is asked for.

    Args:
        study: The study.
        folder: Where results are kept; None: a new temporary folder.
        observer: Told how far each run is.
        study_text: Text of the study's file, for the report.

    Raises:
        InputError: for a study that cannot be used or a folder that cannot be written.
    """
    package = study.load_package()
    joints = study.selected_joints(package)
    with collect() as used:
        law = usable_law(study.fatigue.law, package, joints)
    place = writable(Path(tempfile.mkdtemp(prefix="bumpfem-") if folder is None else folder))
    outcomes, without = run_both(study, making_jobs(study, package, place), observer)
    title = study.title or f"{package.title or package.name}, from making to life"

    def lives(outcomes: Sequence[JobOutcome[Any]]) -> Lives:
        runs, cycle = _by_joint(outcomes), study.cycle.thermal_cycle()
        rows = [joint_runs(joint, runs[joint.name], cycle) for joint in joints]
        return Lives.from_runs(rows, law, model=ErrorModel(mesh_scatter=MESH_SCATTER), title=title)

    return MakingResults(
        study,
        package,
        tuple(joints),
        tuple(outcomes),
        tuple(without),
        lives(outcomes),
        lives(without) if without else None,
        place,
        tuple(used.entries),
        study_text,
    )


def run_making_kind(
    path: Path, out: Path | None = None, observer: ProgressObserver | None = None
) -> Finished:
    """A study of making as the command line runs it, see :func:`run_making_study`."""
    results = run_making_study(path, out, observer)
    reused = sum(item.reused for item in results.outcomes)
    reused += sum(item.reused for item in results.without)
    return Finished(
        text=str(results),
        page=results.folder / "report.html",
        failed=bool(results.failed),
        reused=(reused, len(results.outcomes) + len(results.without)),
    )


def run_both(
    study: MakingStudy, made: Sequence[MakingJob], observer: ProgressObserver | None
) -> tuple[list[JobOutcome[MakingJob]], list[JobOutcome[Job]]]:
    """Outcomes of runs with their history, and of those without it in the same order.

    A joint with resin waits for its making, which says how far the resin cures.
    """
    workers = study.workers or usable_cores()
    alone = [plain_job(job, None) for job in made] if study.without_history else []
    jobs: list[Runnable] = [*made, *(job for job in alone if job.joint.anchor is None)]
    done: dict[Path, JobOutcome[Any]] = {
        item.folder: item for item in run_jobs(jobs, workers, observer)
    }
    outcomes = [done[job.folder] for job in made]
    if not alone:
        return outcomes, []
    waiting = [
        plain_job(item.job, resins_left(item.result))
        for item in outcomes
        if item.job.joint.anchor is not None and item.result is not None
    ]
    done |= {item.folder: item for item in run_jobs(waiting, workers, observer)}
    lost = "its making failed, which would say how far its resin cures"
    return outcomes, [done.get(job.folder) or JobOutcome(job, None, lost) for job in alone]


def _by_joint(outcomes: Sequence[JobOutcome[Any]]) -> dict[str, list[JobOutcome[Any]]]:
    found: dict[str, list[JobOutcome[Any]]] = {}
    for item in outcomes:
        found.setdefault(item.job.joint.name, []).append(item)
    return found


def _shown(value: Any, width: int, digits: int) -> str:
    return f"{'-':>{width}s}" if pd.isna(value) else f"{value:{width},.{digits}f}"


def _percent(value: Any) -> str:
    return f"{'-':>8s}" if pd.isna(value) else f"{100.0 * value:+7.1f}%"
