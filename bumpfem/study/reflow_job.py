"""One joint through one oven: its inputs, its key, its files."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from mpi4py import MPI

from bumpfem.design import Joint, Package, broken_design_rules
from bumpfem.design.oven import Oven
from bumpfem.design.reflow_limits import ProfileLimits
from bumpfem.design.reflow_part import ReflowPart
from bumpfem.materials import Citation, collect
from bumpfem.meshing import build_mesh
from bumpfem.physics.heat import HeatModel
from bumpfem.process.reflow import ReflowRun, joint_in_oven, reflow_model, run_reflow
from bumpfem.process.reflow_cell import SOLDER
from bumpfem.process.reflow_outcome import AGENTS
from bumpfem.results.thermal import FrameRecorder, write_film, write_state
from bumpfem.solvers.heat import HeatObserver, HeatStep
from bumpfem.solvers.heat_settings import HeatSettings, HeatStepSettings
from bumpfem.study.job_files import finished_result, material_names_in, material_text, write_json
from bumpfem.study.plain_data import without_nan
from bumpfem.study.progress import Progress, ProgressObserver

#: Changed whenever a change of the code changes results.
RESULTS_VERSION = 3
#: Least number of steps of a run that is shown: accuracy asks for fewer, curves and films do not.
_STEPS_OF_A_PICTURE = 150
#: Least number of steps of a run that is not shown; with fewer the peak is missed between two
#: steps, and with it part of what melts.
_STEPS_OF_A_NUMBER = 75


@dataclass(frozen=True)
class ReflowJob:
    """One joint through one oven.

    Attributes:
        package: Package design.
        joint: Joint design.
        part: What goes with it.
        oven: The oven.
        cell: Kind of cell.
        mesh_size: Factor on all element sizes.
        tolerance: Largest local error of a time step, K.
        folder: Where its files go.
        with_fields: Whether histories and field files are written.
        film: Whether a film is written.
        strict: Whether a joint that is not made at all is an error, not a result.
        title: Name of a variation of the joint's profile, empty for none.
    """

    package: Package
    joint: Joint
    part: ReflowPart
    oven: Oven
    cell: Literal["axisymmetric", "half_cell"]
    mesh_size: float
    tolerance: float
    folder: Path
    with_fields: bool = True
    film: bool = False
    strict: bool = True
    title: str = ""

    @property
    def label(self) -> str:
        """Short name for progress bars and messages."""
        return f"{self.joint.name}, {self.title}" if self.title else self.joint.name

    @property
    def key(self) -> str:
        """Digest of everything that the numbers depend on."""
        data = {
            "package": self.package.model_dump(
                mode="json", exclude={"joints", "title", "description"}
            ),
            "joint": self.joint.model_dump(mode="json"),
            "part": self.part.model_dump(mode="json", exclude={"oven"}),
            "oven": self.oven.model_dump(mode="json", exclude={"measured"}),
        }
        names = {name for part in data.values() for name in material_names_in(part)}
        names |= {self.package.interposer_pad_for(self.joint).material, "alumina"}
        if self.joint.mask is not None:
            names.add(AGENTS[self.joint.mask.fixing_agent])
        inputs = {
            "results_version": RESULTS_VERSION,
            "bumpfem": version("bumpfem"),
            **data,
            "measured": _content(self.oven.measured),
            "cell": self.cell,
            "mesh_size": self.mesh_size,
            "tolerance": self.tolerance,
            "with_fields": self.with_fields,
            "film": self.film,
            "materials": {name: material_text(name) for name in sorted(names)},
        }
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()

    def finished(self) -> dict[str, Any] | None:
        """The result of an earlier run with the same key, if there is one."""
        return finished_result(self.folder, self.key)

    def run(
        self, observer: ProgressObserver | None = None, comm: MPI.Intracomm = MPI.COMM_SELF
    ) -> dict[str, Any]:
        """Carry the joint through the oven and write its files; ``result.json`` comes last.

        Args:
            observer: Told after every step, on rank 0.
            comm: The ranks that compute it together.

        Returns:
            The content of ``result.json``.

        Raises:
            ProcessError: The joint is not made at all; nothing is written then.
            BumpfemError: Whatever else stopped the run.
            OSError: The folder cannot be written.
        """
        started = time.perf_counter()
        with collect() as used:
            mesh = build_mesh(
                self.package,
                joint_in_oven(self.joint, self.part),
                size=self.mesh_size,
                kind=self.cell,
                comm=comm,
            )
            part = self.part.model_copy(update={"oven": None})
            model = reflow_model(self.package, self.joint, part, self.oven, mesh)
            frames = FrameRecorder(model.cell, model.heat.duration)
            observers: list[HeatObserver] = [frames]
            if observer is not None and comm.rank == 0:
                observers.append(_Reporter(self.label, model.heat.duration, observer))
            steps = _STEPS_OF_A_PICTURE if self.with_fields else _STEPS_OF_A_NUMBER
            settings = HeatSettings(
                steps=HeatStepSettings(
                    tolerance=self.tolerance, largest=model.heat.duration / steps
                )
            )
            run = run_reflow(model, settings, observers)
        if self.strict:
            run.outcome.refuse_fatal()
        result = _summary(self, run, used.entries, time.perf_counter() - started)
        self._write(run, frames, result, comm)
        return result

    def _write(
        self, run: ReflowRun, frames: FrameRecorder, result: dict[str, Any], comm: MPI.Intracomm
    ) -> None:
        folder, cell = self.folder, run.model.cell
        if comm.rank == 0:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "result.json").unlink(missing_ok=True)
        comm.barrier()
        if self.with_fields:
            if comm.rank == 0:
                run.history.table().to_csv(folder / "history.csv", index=False)
            state = frames.melting_state()
            write_state(cell, state.temperature, run.hottest, folder / "fields.vtu")
            result["picture"] = {"time_s": state.time, "melted_fraction": state.melted}
        if self.film:
            write_film(cell, frames.frames, folder)
        if comm.rank == 0:
            write_json(folder / "result.json", result)
        comm.barrier()


class _Reporter:
    """Turns steps into progress."""

    def __init__(self, label: str, duration: float, observer: ProgressObserver) -> None:
        self._label, self._duration, self._observer = label, duration, observer

    def __call__(self, model: HeatModel, step: HeatStep) -> None:
        hottest = max(state.highest for state in step.regions.values())
        self._observer(
            Progress(
                self._label, step.time / self._duration, 0, hottest, step.number, step.iterations
            )
        )


def _content(path: Path | None) -> str:
    """Text of a measured profile; nothing if it cannot be read, which the run will refuse."""
    try:
        return "" if path is None else path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _summary(
    job: ReflowJob, run: ReflowRun, citations: list[Citation], wall: float
) -> dict[str, Any]:
    outcome, cell, report = run.outcome, run.model.cell, run.report
    solder = [name for name in (*SOLDER, "bump") if name in cell.melting]
    freezing, release, neck = outcome.solidification, outcome.release, outcome.neck
    solids = [{**asdict(item), "margin_k": item.margin} for item in outcome.solids]
    result = {
        "key": job.key,
        "status": "ok",
        "joint": outcome.joint,
        "stage": outcome.stage,
        "oven": run.model.heat.title,
        "made_well": outcome.made_well,
        "faults": [asdict(fault) for fault in outcome.faults],
        "peaks_c": outcome.peaks,
        "peak_lags_s": outcome.lags,
        "peak_solder_c": max(outcome.peaks[name] for name in solder),
        "peak_package_c": float(run.history.package.max()),
        "melted_fraction": outcome.melted,
        "time_molten_s": outcome.time_molten,
        "solidification": None if freezing is None else asdict(freezing),
        "solids": solids,
        "release": None
        if release is None
        else {**asdict(release), "margin_s": release.margin_s, "in_time": release.in_time},
        "neck": None if neck is None else asdict(neck),
        "dissolved": [asdict(item) for item in outcome.dissolved],
        "limits": None if outcome.limits is None else _limits(outcome.limits),
        "checks": [{**asdict(check), "words": check.words} for check in outcome.checks],
        "materials": [
            {"region": region, "material": name} for region, name in cell.materials.items()
        ],
        "melting": list(cell.melting),
        "heat_in_mj": report.heat_in,
        "stored_mj": report.stored,
        "balance_error": report.balance_error,
        "unknowns": report.unknowns,
        "steps": report.steps,
        "rejected_steps": report.rejected,
        "newton_iterations": report.newton_iterations,
        "wall_s": wall,
        "sources": [list(citation) for citation in citations],
        "warnings": [
            *broken_design_rules(job.joint),
            *run.model.mesh.facts.notes,
            *outcome.remarks,
        ],
    }
    return {name: without_nan(value) for name, value in result.items()}


def _limits(limits: ProfileLimits) -> dict[str, Any]:
    """What a profile's picture needs to show its limits."""
    return {
        "title": limits.title,
        "liquidus": limits.liquidus,
        "preheat": list(limits.preheat),
        "classification_temperature": limits.classification_temperature,
    }
