"""``bumpfem run`` of a reflow study: joints side by side, from design to table and report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from mpi4py import MPI

from bumpfem.design import Joint, Package
from bumpfem.design.reflow_study import ReflowStudy
from bumpfem.errors import InputError
from bumpfem.process.oven import heating
from bumpfem.study.comparison import writable
from bumpfem.study.job_files import write_json
from bumpfem.study.kinds import Finished
from bumpfem.study.progress import ProgressObserver
from bumpfem.study.reflow_job import ReflowJob
from bumpfem.study.reflow_pages import write_reflow_pages
from bumpfem.study.reflow_window import window_jobs, window_table
from bumpfem.study.runner import JobOutcome, run_jobs, usable_cores

ReflowJobOutcome = JobOutcome[ReflowJob]

#: Columns of ``table.csv``; the last part of a name is its unit.
COLUMNS: tuple[str, ...] = (
    "joint", "status", "reason", "stage", "made_well", "faults", "peak_solder_c", "peak_package_c",
    "time_molten_s", "melted_fraction", "melted_height_mm", "equivalent_melted_height_mm",
    "core_margin_k", "release_margin_k", "release_margin_s", "limits_kept", "limits_checked",
    "dissolved_interposer_pad_um", "dissolved_board_pad_um", "dissolved_core_um",
    "dissolved_barrier_um", "barrier_left_um", "stress_free_temperature_c", "solid_after_s",
    "balance_error", "unknowns", "steps", "wall_s",
)  # fmt: skip


@dataclass(frozen=True)
class ReflowResults:
    """A reflow study that has been run.

    Attributes:
        study: The study.
        package: Its package.
        joints: Its joints.
        outcomes: What became of each joint.
        window: One row per joint and point of the window; None without one.
        window_reused: Runs of the window that were taken over, and all of them.
        folder: Where the files are.
        study_text: The study's file.
    """

    study: ReflowStudy
    package: Package
    joints: tuple[Joint, ...]
    outcomes: tuple[ReflowJobOutcome, ...]
    window: pd.DataFrame | None
    window_reused: tuple[int, int]
    folder: Path
    study_text: str

    @property
    def table(self) -> pd.DataFrame:
        """Columns :data:`COLUMNS`, one row per joint, failed ones included."""
        return pd.DataFrame([_row(item) for item in self.outcomes], columns=list(COLUMNS))

    @property
    def failed(self) -> list[str]:
        """Joints that were not made at all."""
        return [item.job.joint.name for item in self.outcomes if item.result is None]

    def result(self, joint: str) -> dict[str, Any] | None:
        """Content of a joint's ``result.json``; None if it failed."""
        return next(item.result for item in self.outcomes if item.job.joint.name == joint)

    def __str__(self) -> str:
        """The table for a terminal."""
        lines = [
            f"{'joint':16s} {'stage':9s} {'peak C':>7s} {'molten s':>8s} {'melted':>7s} "
            f"{'core K':>7s} {'free of stress C':>16s}  made well"
        ]
        for item in self.outcomes:
            name, row = item.job.joint.name, _row(item)
            if item.result is None:
                lines.append(f"{name:16s} failed: {item.reason}")
                continue
            lines.append(
                f"{name:16s} {row['stage']:9s} {row['peak_solder_c']:7.1f} "
                f"{row['time_molten_s']:8.1f} {row['melted_fraction']:7.3f} "
                f"{_shown(row['core_margin_k'], 7)} {_shown(row['stress_free_temperature_c'], 16)}"
                f"  {'yes' if row['made_well'] else row['faults']}"
            )
        return "\n".join(lines)

    def report(self) -> Path:
        """Write ``table.csv``, ``window.csv``, pictures and ``report.html``.

        Returns:
            Path of ``report.html``.
        """
        self.table.to_csv(self.folder / "table.csv", index=False)
        if self.window is not None:
            self.window.to_csv(self.folder / "window.csv", index=False)
        write_json(
            self.folder / "study.json",
            {"title": self.study.title, "failed": self.failed, "joints": list(self.table["joint"])},
        )
        return write_reflow_pages(self)


def run_reflow_study(
    path: Path | str,
    out: Path | str | None = None,
    observer: ProgressObserver | None = None,
) -> ReflowResults:
    """Compute a reflow study and write its results and, on rank 0, its report.

    Finished runs in the folder are taken over if their input is the same.

    Args:
        path: The study's TOML file.
        out: Folder of the results; by default ``results/<study>`` under the working directory.
        observer: Told how far each run is.

    Raises:
        InputError: for a study that cannot be used or a folder that cannot be written.
    """
    path = Path(path)
    study = ReflowStudy.load(path)
    package = study.load_package()
    joints = study.selected_joints(package)
    folder = writable(Path(out) if out is not None else Path("results") / study.name)
    workers = study.workers or usable_cores()
    jobs = _jobs(study, package, joints, folder)
    if study.window is not None:
        jobs += window_jobs(study, study.window, package, joints, folder)
    made = _run(jobs, workers, observer)
    outcomes, points = made[: len(joints)], made[len(joints) :]
    window = None if study.window is None else window_table(points)
    reused = sum(item.reused for item in points), len(points)
    results = ReflowResults(
        study,
        package,
        tuple(joints),
        tuple(outcomes),
        window,
        reused,
        folder,
        path.read_text(encoding="utf-8"),
    )
    if MPI.COMM_WORLD.rank == 0:
        results.report()
    return results


def run_reflow_kind(
    path: Path, out: Path | None = None, observer: ProgressObserver | None = None
) -> Finished:
    """A reflow study as the command line runs it, see :func:`run_reflow_study`."""
    results = run_reflow_study(path, out, observer)
    reused, runs = results.window_reused
    return Finished(
        text=str(results),
        page=results.folder / "report.html",
        failed=bool(results.failed),
        reused=(
            reused + sum(item.reused for item in results.outcomes),
            runs + len(results.outcomes),
        ),
    )


def _run(
    jobs: Sequence[ReflowJob], workers: int, observer: ProgressObserver | None
) -> list[ReflowJobOutcome]:
    """Compute all jobs; those whose profile cannot be are not even started."""
    refused: dict[int, ReflowJobOutcome] = {}
    for index, job in enumerate(jobs):
        try:
            heating(job.oven, job.package)
        except InputError as error:
            refused[index] = JobOutcome(job, None, str(error))
    rest = [index for index in range(len(jobs)) if index not in refused]
    done = run_jobs([jobs[index] for index in rest], workers, observer)
    found = refused | dict(zip(rest, done, strict=True))
    return [found[index] for index in range(len(jobs))]


def _jobs(
    study: ReflowStudy, package: Package, joints: Sequence[Joint], folder: Path
) -> list[ReflowJob]:
    return [
        ReflowJob(
            package=package,
            joint=joint,
            part=study.part_of(joint),
            oven=study.oven_of(joint),
            cell=study.cell,
            mesh_size=study.mesh_size,
            tolerance=study.tolerance,
            folder=folder / joint.name,
            film=study.animation,
        )
        for joint in joints
    ]


def _row(outcome: ReflowJobOutcome) -> dict[str, Any]:
    result = outcome.result
    if result is None:
        name = outcome.job.joint.name
        return {"joint": name, "status": "failed", "reason": outcome.reason}
    release, freezing, neck = result["release"], result["solidification"], result["neck"]
    dissolved = {item["face"]["name"]: item for item in result["dissolved"]}
    margins = [item["margin_k"] for item in result["solids"]]
    barrier = dissolved.get("bump_barrier")
    row = {
        name: result[name]
        for name in (
            "joint", "stage", "made_well", "peak_solder_c", "peak_package_c", "time_molten_s",
            "melted_fraction", "balance_error", "unknowns", "steps", "wall_s",
        )
    }  # fmt: skip
    return {
        **row,
        "status": "ok",
        "reason": "",
        "faults": "; ".join(fault["sentence"] for fault in result["faults"]),
        "melted_height_mm": None if neck is None else neck["height"],
        "equivalent_melted_height_mm": None if neck is None else neck["equivalent_height"],
        "core_margin_k": min(margins, default=None),
        "release_margin_k": None if release is None else release["margin_k"],
        "release_margin_s": None if release is None else release["margin_s"],
        "limits_kept": sum(check["passed"] for check in result["checks"]),
        "limits_checked": len(result["checks"]),
        "dissolved_interposer_pad_um": _depth(dissolved.get("interposer_pad")),
        "dissolved_board_pad_um": _depth(dissolved.get("board_pad")),
        "dissolved_core_um": _depth(dissolved.get("core")),
        "dissolved_barrier_um": _depth(barrier),
        "barrier_left_um": None if barrier is None else 1e3 * barrier["remaining"],
        "stress_free_temperature_c": None if freezing is None else freezing["temperature"],
        "solid_after_s": None if freezing is None else freezing["time"],
    }


def _depth(item: dict[str, Any] | None) -> float | None:
    return None if item is None else 1e3 * item["depth"]


def _shown(value: float | None, width: int) -> str:
    missing = value is None or math.isnan(value)
    return f"{'-':>{width}s}" if missing else f"{value:{width}.1f}"
