"""``bumpfem run`` of a window of the routes ``dip`` and ``flux``: from design to map and report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from mpi4py import MPI

from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.design import Package
from bumpfem.design.dip_window import DipWindowStudy
from bumpfem.materials import Citation, Extrapolation
from bumpfem.materials.extrapolation import Extrapolations
from bumpfem.report.dip_window import DipWindowReport, refused, write_dip_window_report
from bumpfem.study.comparison import writable
from bumpfem.study.dip_window_job import DipWindowJob
from bumpfem.study.kinds import Finished
from bumpfem.study.pages import package_rows, versions
from bumpfem.study.progress import ProgressObserver
from bumpfem.study.runner import JobOutcome, run_jobs, usable_cores

#: What a point is called where the joint is made.
MADE = "made"
#: Columns of ``window.csv`` and, with the coupled runs' beside them, of ``check.csv``.
COLUMNS: tuple[str, ...] = (
    "resin", "route", "heating_rate_k_per_s", "peak_c", "verdict", "margin_s", "molten_s",
    "wets_s", "gels_s", "viscosity_at_wetting_pa_s", "viscosity_limit_pa_s", "viscosity_margin_s",
    "cure_end", "glass_transition_end_c", "highest_resin_c", "spread_k", "reason",
)  # fmt: skip
_NUMBERS = {name: float for name in COLUMNS if name.rsplit("_", 1)[-1] in ("s", "c", "k")}
_POINT = ["resin", "route", "heating_rate_k_per_s", "peak_c"]
_CHECKED = ["verdict", "margin_s", "wets_s", "gels_s", "cure_end"]


@dataclass(frozen=True)
class DipWindowResults:
    """A window that has been run.

    Attributes:
        study: The study.
        package: Its package.
        outcomes: What became of every heating rate, then of the checks.
        folder: Where the files are.
        study_text: The study's file.
    """

    study: DipWindowStudy
    package: Package
    outcomes: tuple[JobOutcome[DipWindowJob], ...]
    folder: Path
    study_text: str

    @property
    def window(self) -> pd.DataFrame:
        """Columns :data:`COLUMNS`, one row per resin, route, heating rate and peak."""
        return _table([item for item in self.outcomes if not item.job.coupled])

    @property
    def check(self) -> pd.DataFrame:
        """Corners of the window with and without the heat of reaction, and their difference."""
        alone = _table([item for item in self.outcomes if item.job.coupled])
        shared = self.window[[*_POINT, *_CHECKED]]
        both = shared.merge(alone[[*_POINT, *_CHECKED]], on=_POINT, suffixes=("", "_coupled"))
        both["difference_s"] = both["margin_s_coupled"] - both["margin_s"]
        both["cure_difference"] = both["cure_end_coupled"] - both["cure_end"]
        return both

    @property
    def failed(self) -> list[tuple[str, str]]:
        """Runs that did not come through, and why."""
        return [(item.job.label, item.reason) for item in self.outcomes if item.result is None]

    def __str__(self) -> str:
        """What each resin needs on each route, for a terminal."""
        lines = [f"{'resin':26s} {'route':5s} {'made':>9s}  from K/s  best margin s"]
        for (resin, route), part in self.window.groupby(["resin", "route"], sort=False):
            good = part[part["verdict"] == MADE]
            slowest = "-" if good.empty else f"{good['heating_rate_k_per_s'].min():g}"
            best = part["margin_s"].max()
            shown = "-" if pd.isna(best) else f"{best:.1f}"
            lines.append(
                f"{resin:26s} {route:5s} {len(good):4d}/{len(part):4d}  {slowest:>8s}  {shown:>13s}"
            )
        lines += [f"{label} failed: {reason}" for label, reason in self.failed]
        lines += refused(self.window)
        worst = self.check["difference_s"].abs().max()
        if not pd.isna(worst):
            lines.append(
                f"the heat of reaction moves margins at the corners by at most {worst:.2f} s"
            )
        return "\n".join(lines)

    def report(self) -> Path:
        """Write ``window.csv``, ``check.csv``, ``window.png`` and ``report.html``.

        Returns:
            Path of ``report.html``.
        """
        window, check = self.window, self.check
        window.to_csv(self.folder / "window.csv", index=False)
        check.to_csv(self.folder / "check.csv", index=False)
        made = [item.result for item in self.outcomes if item.result is not None]
        sources = {Citation(*source) for result in made for source in result["sources"]}
        beyond = Extrapolations()
        for item in (item for result in made for item in result["extrapolated"]):
            beyond.add(Extrapolation(**item))
        study = self.study
        joint, _ = study.anchored_joint(self.package)
        return write_dip_window_report(
            self.folder,
            DipWindowReport(
                title=study.title or f"Window of dip and flux for {self.package.name}",
                window=window,
                check=check,
                failed=tuple(self.failed),
                package_rows=tuple(package_rows(self.package)),
                model_rows=_model_rows(study, joint.name),
                sources=tuple(sorted(sources)),
                beyond=tuple(beyond.entries),
                study_text=self.study_text,
                versions=versions(),
            ),
        )


def run_dip_window(
    path: Path | str, out: Path | str | None = None, observer: ProgressObserver | None = None
) -> DipWindowResults:
    """Compute a window and write its results and, on rank 0, its report.

    Finished heating rates in the folder are taken over if their input is the same.

    Args:
        path: The study's TOML file.
        out: Folder of the results; by default ``results/<study>`` under the working directory.
        observer: Told how far each heating rate is.

    Raises:
        InputError: for a study that cannot be used or a folder that cannot be written.
        MaterialError: A resin is not in the library, or does not cure.
    """
    path = Path(path)
    study = DipWindowStudy.load(path)
    package = study.load_package()
    for resin in study.resins:
        CuringResin.of(resin)
    folder = writable(Path(out) if out is not None else Path("results") / study.name)
    workers = study.workers or usable_cores()
    results = DipWindowResults(
        study,
        package,
        tuple(run_jobs(_jobs(study, package, folder), workers, observer)),
        folder,
        path.read_text(encoding="utf-8"),
    )
    if MPI.COMM_WORLD.rank == 0:
        results.report()
    return results


def run_dip_window_kind(
    path: Path, out: Path | None = None, observer: ProgressObserver | None = None
) -> Finished:
    """A window as the command line runs it, see :func:`run_dip_window`."""
    results = run_dip_window(path, out, observer)
    return Finished(
        text=str(results),
        page=results.folder / "report.html",
        failed=bool(results.failed),
        reused=(sum(item.reused for item in results.outcomes), len(results.outcomes)),
    )


def _jobs(study: DipWindowStudy, package: Package, folder: Path) -> list[DipWindowJob]:
    window = study.window
    ends = (window.peaks[0], window.peaks[-1])
    jobs = [
        DipWindowJob(package, study, rate, window.peaks, folder / "window" / f"rate_{rate:g}")
        for rate in window.heating_rates
    ]
    jobs += [
        DipWindowJob(package, study, rate, ends, folder / "check" / f"rate_{rate:g}", coupled=True)
        for rate in (window.heating_rates[0], window.heating_rates[-1])
    ]
    return jobs


def _table(outcomes: Sequence[JobOutcome[DipWindowJob]]) -> pd.DataFrame:
    rows = [row for item in outcomes if item.result is not None for row in item.result["rows"]]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(_NUMBERS)


def _model_rows(study: DipWindowStudy, joint: str) -> tuple[tuple[str, str], ...]:
    heating, wetting = study.heating, study.wetting
    return (
        ("Joint", joint),
        ("Start", f"{heating.start:g} \u00b0C"),
        ("Stay at the peak", f"{heating.stay:g} s"),
        ("Cooling", f"{heating.cooling_rate:g} K/s"),
        ("Rest of the cure", f"{heating.cure_time:g} s at {heating.cure_temperature:g} \u00b0C"),
        *(
            (f"Wetting time, route {route}", f"{wetting.of(route):g} s (illustrative)")
            for route in study.routes
        ),
        ("Counts as cured", f"degree of cure of {study.cured:g}"),
        ("Cell", f"axisymmetric, interposer side only, mesh size {study.mesh_size:g}"),
        ("What is heated", "the back of the interposer; the ball follows by conduction"),
    )
