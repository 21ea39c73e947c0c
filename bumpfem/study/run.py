"""A study's file from beginning to end."""

from __future__ import annotations

from pathlib import Path

from mpi4py import MPI

from bumpfem.design import Study
from bumpfem.study.comparison import Comparison, compare
from bumpfem.study.kinds import Finished
from bumpfem.study.progress import ProgressObserver


def run_study(
    path: Path | str,
    out: Path | str | None = None,
    observer: ProgressObserver | None = None,
) -> Comparison:
    """Compute a study and write its results and, on rank 0, its report.

    Args:
        path: The study's TOML file.
        out: Folder of the results; by default ``results/<study>`` beside the working directory.
        observer: Told how far each run is.

    Returns:
        The comparison; its ``failed`` names the joints that did not come through.

    Raises:
        InputError: for a study that cannot be used or a folder that cannot be written.
    """
    path = Path(path)
    study = Study.load(path)
    package = study.load_package()
    comparison = compare(
        package,
        study.selected_joints(package),
        study.cycle.thermal_cycle(),
        law=study.fatigue.law,
        cycles=study.cycle.cycles,
        stress_free_temperature=study.stress_free_temperature,
        reflow=study.load_reflow(package),
        extrapolate=study.extrapolate,
        accuracy=study.accuracy,
        layer_thickness=study.layer_thickness,
        weibull_shape=study.fatigue.weibull_shape,
        field_conditions=study.norris_landzberg,
        folder=Path(out) if out is not None else Path("results") / study.name,
        workers=study.workers,
        observer=observer,
        study_text=_text(path, study.reflow),
        title=study.title,
    )
    if MPI.COMM_WORLD.rank == 0:
        comparison.report()
    return comparison


def _text(path: Path, reflow: Path | None) -> str:
    """The study's file as it is, followed by its reflow study's if it has one."""
    text = path.read_text(encoding="utf-8")
    if reflow is None:
        return text
    return f"{text.rstrip()}\n\n# {reflow.name}\n\n{reflow.read_text(encoding='utf-8')}"


def run_fatigue_kind(
    path: Path, out: Path | None = None, observer: ProgressObserver | None = None
) -> Finished:
    """A study of fatigue lives as the command line runs it, see :func:`run_study`."""
    comparison = run_study(path, out, observer)
    outcomes = comparison.outcomes
    return Finished(
        text=str(comparison),
        page=comparison.folder / "report.html",
        failed=bool(comparison.failed),
        reused=(sum(outcome.reused for outcome in outcomes), len(outcomes)),
    )
