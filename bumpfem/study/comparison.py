"""``bf.compare``: joints side by side, from design to lives, tables and pages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bumpfem.comparison import ErrorModel, Lives
from bumpfem.design import (
    Accuracy,
    FieldConditions,
    Joint,
    Package,
    ReflowStudy,
    ThermalCycle,
)
from bumpfem.errors import InputError
from bumpfem.fatigue import load_acceleration_model
from bumpfem.materials import Citation, collect
from bumpfem.study.fatigue_choice import usable_law
from bumpfem.study.job_files import write_json
from bumpfem.study.pages import write_pages
from bumpfem.study.plan import Plan
from bumpfem.study.progress import ProgressObserver
from bumpfem.study.runner import Outcome, run_jobs, usable_cores
from bumpfem.study.starting_point import starts_from_reflow

#: Least relative mesh error of a layer's measure: meshes of equal fineness that differ in detail
#: scatter by about this much at size 1 (the work ratio of an anchored to a plain joint was 1.02,
#: 1.06, 1.02 and 0.92 at sizes 2, 1.4, 1 and 0.8), and more on coarser ones.
MESH_SCATTER = 0.05


@dataclass(frozen=True)
class Comparison(Lives):
    """Lives of several joints, with the runs that they come from.

    Attributes:
        plan: What was computed.
        outcomes: The runs.
        folder: Where their files are.
        weibull_shape: Shape of the life distribution, None for no percentiles.
        field_conditions: Conditions of use for an acceleration factor, or None.
        fatigue_sources: Sources of the fatigue law.
        study_text: The study's input file, if there is one.
    """

    plan: Plan | None = None
    outcomes: tuple[Outcome, ...] = ()
    folder: Path = Path()
    weibull_shape: float | None = None
    field_conditions: FieldConditions | None = None
    fatigue_sources: tuple[Citation, ...] = field(default=())
    study_text: str = ""

    def results(self) -> dict[str, dict[str, Any]]:
        """Content of ``result.json`` of every joint's reference run."""
        return {
            item.job.joint.name: item.result
            for item in self.outcomes
            if item.job.with_fields and item.result is not None
        }

    def report(self, folder: Path | str | None = None) -> Path:
        """Write ``table.csv``, ``study.json``, pictures and ``report.html``.

        Args:
            folder: Where they go; by default where the runs are.

        Returns:
            Path of ``report.html``.

        Raises:
            InputError: if the folder cannot be written.
        """
        place = writable(Path(folder) if folder is not None else self.folder)
        self.table.to_csv(place / "table.csv", index=False)
        write_json(
            place / "study.json",
            {
                "title": self.title,
                "baseline": self.baseline,
                "law": self.law.name,
                "ranking": self.ranking,
                "why": self.why,
            },
        )
        return write_pages(self, place)


def compare(
    package: Package,
    joints: Sequence[Joint],
    cycle: ThermalCycle,
    *,
    law: str,
    cycles: int = 3,
    stress_free_temperature: float | None = None,
    reflow: ReflowStudy | None = None,
    extrapolate: bool = False,
    accuracy: Accuracy | None = None,
    layer_thickness: float = 0.025,
    weibull_shape: float | None = None,
    field_conditions: FieldConditions | None = None,
    folder: Path | str | None = None,
    workers: int | None = None,
    observer: ProgressObserver | None = None,
    study_text: str = "",
    title: str = "",
) -> Comparison:
    """Compute the lives of several joints of a package under one thermal cycle.

    Each joint is computed on every mesh size with the loosest tolerance and on the coarsest mesh
    with every tolerance; the differences make its error bar. Finished runs in ``folder`` are taken
    over if their input is the same.

    Args:
        package: Package design.
        joints: Joints to compare; ``plain`` is the baseline if it is among them, else the first.
        cycle: Thermal cycle.
        law: Name of a fatigue law's parameter set.
        cycles: Number of cycles to compute.
        stress_free_temperature: Temperature of no stress, degrees C; None: the cycle's maximum, or
            with ``reflow`` where each joint's solder froze.
        reflow: Reflow study of the same package: each joint is first carried through its oven, is
            free of stress where its solder froze, and its neck has the melted fraction that the
            oven gives. A joint that is not made at all fails with the reason.
        extrapolate: Whether properties and parameter sets may be used beyond the temperatures of
            their sources: tables go on linearly, constants stay, and each one is named in
            ``result.json`` and in the report. Else leaving a range fails.
        accuracy: Mesh sizes and tolerances.
        layer_thickness: Thickness of the solder layers for averaging, mm.
        weibull_shape: Shape of the life distribution, for percentiles in the report.
        field_conditions: Conditions of use, for an acceleration factor in the report.
        folder: Where results are kept; None: a new temporary folder.
        workers: Processes that compute side by side; None: one for each core.
        observer: Told how far each run is.
        study_text: Text of the study's file, for the report.
        title: Heading; empty: package and cycle.

    Returns:
        The lives; a joint that failed is a row with its reason.

    Raises:
        InputError: for input that cannot be used, an unknown law, a law that needs a measure which
            no run has, a reflow study of another package or beside a stress-free temperature, or a
            folder that cannot be written.
    """
    if reflow is not None:
        if stress_free_temperature is not None:
            raise InputError(
                "stress_free_temperature", stress_free_temperature, "no value beside reflow",
                "degC", "each joint is free of stress where its solder froze",
            )  # fmt: skip
        reflow.check_package(package)
    plan = Plan(
        package,
        tuple(joints),
        cycle,
        cycles,
        stress_free_temperature,
        accuracy or Accuracy(),
        layer_thickness,
        extrapolate,
    )
    with collect() as used:
        fatigue = usable_law(law, package, plan.joints)
        if field_conditions is not None:
            load_acceleration_model(field_conditions.law)
    place = Path(tempfile.mkdtemp(prefix="bumpfem-")) if folder is None else Path(folder)
    place = writable(place)
    workers = workers or usable_cores()
    if reflow is not None:
        plan = _after_reflow(plan, reflow, place, workers, observer)
    outcomes = run_jobs(plan.jobs(place), workers, observer)
    lives = Comparison.from_runs(
        plan.joint_runs(outcomes),
        fatigue,
        model=ErrorModel(mesh_scatter=MESH_SCATTER),
        title=title or f"{package.title or package.name}, {cycle.name}",
    )
    return replace(
        lives,
        plan=plan,
        outcomes=tuple(outcomes),
        folder=place,
        weibull_shape=weibull_shape,
        field_conditions=field_conditions,
        fatigue_sources=tuple(used.entries),
        study_text=study_text,
    )


def _after_reflow(
    plan: Plan, reflow: ReflowStudy, folder: Path, workers: int, observer: ProgressObserver | None
) -> Plan:
    """The plan whose joints start from what an oven makes of them."""
    starts = starts_from_reflow(
        plan.package, plan.joints, reflow, plan.reference, folder, workers, observer
    )
    return replace(plan, starts=starts)


def writable(folder: Path) -> Path:
    """Make a folder and make sure that it can be written.

    Raises:
        InputError: if it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text(json.dumps({}))
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            "out", folder, "a folder that can be written", reason=error.strerror or str(error)
        ) from error
    return folder
