"""One heating rate of a window of the routes ``dip`` and ``flux``, or one coupled check of it."""

from __future__ import annotations

import hashlib
import json
import math
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mpi4py import MPI

from bumpfem.design import Package
from bumpfem.design.dip_window import DipWindowStudy
from bumpfem.errors import PropertyRangeError
from bumpfem.materials import collect, collect_extrapolations
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.process.dip_window import WindowPoint, following_cures, window_point
from bumpfem.process.heated_cell import HeatedStep
from bumpfem.process.heated_step import heat_step
from bumpfem.process.resin_in_oven import ResinCure
from bumpfem.process.thermal_history import ThermalHistory
from bumpfem.study.job_files import finished_result, material_names_in, material_text, write_json
from bumpfem.study.progress import Progress, ProgressObserver
from bumpfem.study.summary import sources_summary

#: Changed whenever a change of the code changes results.
RESULTS_VERSION = 1
#: What a point of the window is called that cannot be run.
IMPOSSIBLE = "impossible"
#: Fields of the study that no number depends on.
_NAMES = {"name", "title", "package", "window", "workers"}


@dataclass(frozen=True)
class DipWindowJob:
    """Points of one heating rate.

    Attributes:
        package: Package design.
        study: The study.
        rate: Heating rate, K/s.
        peaks: Peak temperatures, degrees C.
        folder: Where its ``result.json`` goes.
        coupled: Whether every resin is computed by itself, with the heat of its reaction; else one
            temperature history serves all.
    """

    package: Package
    study: DipWindowStudy
    rate: float
    peaks: tuple[float, ...]
    folder: Path
    coupled: bool = False

    @property
    def label(self) -> str:
        """Short name for progress bars and messages."""
        return f"{'check at ' if self.coupled else ''}{self.rate:g} K/s"

    @property
    def key(self) -> str:
        """Digest of everything that the numbers depend on."""
        joint, _ = self.study.anchored_joint(self.package)
        package = self.package.model_dump(mode="json", exclude={"joints", "title", "description"})
        data = joint.model_dump(mode="json")
        names = material_names_in(package) | material_names_in(data) | set(self.study.resins)
        names.add(self.package.interposer_pad_for(joint).material)
        inputs = {
            "results_version": RESULTS_VERSION,
            "bumpfem": version("bumpfem"),
            "package": package,
            "joint": data,
            "study": self.study.model_dump(mode="json", exclude=_NAMES | {"joint"}),
            "rate": self.rate,
            "peaks": self.peaks,
            "coupled": self.coupled,
            "materials": {name: material_text(name) for name in sorted(names)},
        }
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()

    def finished(self) -> dict[str, Any] | None:
        """The result of an earlier run with the same key, if there is one."""
        return finished_result(self.folder, self.key)

    def run(
        self, observer: ProgressObserver | None = None, comm: MPI.Intracomm = MPI.COMM_SELF
    ) -> dict[str, Any]:
        """Compute all points and write ``result.json``.

        Args:
            observer: Told after every point, on rank 0.
            comm: The ranks that compute it together.

        Returns:
            The content of ``result.json``.

        Raises:
            BumpfemError: Whatever stopped the run.
            OSError: The folder cannot be written.
        """
        started = time.perf_counter()
        rows: list[dict[str, Any]] = []
        with collect() as used, collect_extrapolations() as beyond:
            first = self.study.joint_with(self.package, self.study.resins[0], self.study.routes[0])
            mesh = build_mesh(
                self.package, first, size=self.study.mesh_size, kind="axisymmetric", comm=comm
            )
            for number, peak in enumerate(self.peaks, start=1):
                rows += self._rows(peak, mesh)
                if observer is not None and comm.rank == 0:
                    observer(Progress(self.label, number / len(self.peaks), 0, peak, number, 0))
        result = {
            "key": self.key,
            "status": "ok",
            "rows": rows,
            **sources_summary(used.entries, beyond.entries),
            "wall_s": time.perf_counter() - started,
        }
        if comm.rank == 0:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_json(self.folder / "result.json", result)
        comm.barrier()
        return result

    def _rows(self, peak: float, mesh: Mesh) -> list[dict[str, Any]]:
        """All resins and routes at a peak; what no material's range allows cannot be run."""
        resins = self.study.resins
        if self.coupled:
            return [row for resin in resins for row in self._coupled(resin, peak, mesh)]
        step = self._step(resins[0], peak)
        try:
            history, cures = following_cures(step, mesh, resins)
        except PropertyRangeError as error:
            return [row for resin in resins for row in self._refused(resin, peak, error)]
        return [row for cure in cures for row in self._points(step, peak, history, cure)]

    def _step(self, resin: str, peak: float) -> HeatedStep:
        study = self.study
        return HeatedStep(
            self.package,
            study.joint_with(self.package, resin, study.routes[0]),
            "attach",
            study.heating.programme(self.rate, peak),
            extrapolate=study.extrapolate,
        )

    def _coupled(self, resin: str, peak: float, mesh: Mesh) -> list[dict[str, Any]]:
        """A resin on all routes, with the heat of its reaction."""
        step = self._step(resin, peak)
        try:
            run = heat_step(step, mesh)
        except PropertyRangeError as error:
            return self._refused(resin, peak, error)
        return [] if run.resin is None else self._points(step, peak, run.history, run.resin)

    def _points(
        self, step: HeatedStep, peak: float, history: ThermalHistory, cure: ResinCure
    ) -> list[dict[str, Any]]:
        """A resin on all routes, along its cure."""
        study = self.study
        try:
            points = [
                window_point(step, history, cure, route, study.wetting.of(route), study.cured)
                for route in study.routes
            ]
        except PropertyRangeError as error:
            return self._refused(cure.material, peak, error)
        return [_row(self.rate, peak, point) for point in points]

    def _refused(self, resin: str, peak: float, error: PropertyRangeError) -> list[dict[str, Any]]:
        """A resin that cannot be run."""
        return [
            {
                "resin": resin, "route": route, "heating_rate_k_per_s": self.rate,
                "peak_c": peak, "verdict": IMPOSSIBLE, "reason": str(error),
            }
            for route in self.study.routes
        ]  # fmt: skip


def _row(rate: float, peak: float, point: WindowPoint) -> dict[str, Any]:
    race = point.race
    row = {
        "resin": race.resin,
        "route": race.route,
        "heating_rate_k_per_s": rate,
        "peak_c": peak,
        "verdict": point.verdict,
        "margin_s": race.margin,
        "molten_s": race.molten,
        "wets_s": race.wets,
        "gels_s": race.gels,
        "viscosity_at_wetting_pa_s": race.viscosity_at_wetting,
        "viscosity_limit_pa_s": race.viscosity_limit,
        "viscosity_margin_s": race.viscosity_margin,
        "cure_end": point.cure,
        "glass_transition_end_c": point.glass_transition,
        "highest_resin_c": point.highest,
        "spread_k": point.spread,
        "reason": race.sentence,
    }
    return {name: _finite(value) for name, value in row.items()}


def _finite(value: Any) -> Any:
    """None for what is no number, which JSON cannot hold."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
