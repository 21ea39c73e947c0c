"""One joint from its first step to its last cycle: its inputs, its key, its files."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mpi4py import MPI

from bumpfem.design import Joint, Package, ThermalCycle, broken_design_rules
from bumpfem.design.making import HeatedStep, Making
from bumpfem.materials import collect, collect_extrapolations
from bumpfem.meshing import build_mesh
from bumpfem.process.chain import ChainProgress, ChainRun, run_chain
from bumpfem.process.thermal_cycling import JointModel
from bumpfem.results.checkpoint import Checkpoints
from bumpfem.results.recorder import CycleRecorder
from bumpfem.solvers.march import MarchSettings, StepObserver
from bumpfem.solvers.step_control import StepSettings
from bumpfem.study.job_files import finished_result, material_names_in, material_text, write_json
from bumpfem.study.making_checkpoints import SourcedCheckpoints
from bumpfem.study.plain_data import without_nan
from bumpfem.study.progress import Progress, ProgressObserver
from bumpfem.study.summary import cell_summary, march_summary, sources_summary, write_cell

#: Changed whenever a change of the code changes results.
RESULTS_VERSION = 2
#: Part of the progress bar that the steps before the cycles have.
_MAKING_SHARE = 0.5


@dataclass(frozen=True)
class MakingJob:
    """One joint from its first step to its last cycle.

    Attributes:
        package: Package design.
        joint: Joint design.
        making: How it is made.
        cycle: Thermal cycle.
        cycles: Number of cycles.
        mesh_size: Factor on all element sizes.
        tolerance: Tolerance of the step control.
        layer_thickness: Thickness of the averaging layers, mm.
        folder: Where its files go.
        with_fields: Whether mesh and field files are written.
        extrapolate: Whether properties are continued beyond their ranges.
    """

    package: Package
    joint: Joint
    making: Making
    cycle: ThermalCycle
    cycles: int
    mesh_size: float
    tolerance: float
    layer_thickness: float
    folder: Path
    with_fields: bool
    extrapolate: bool = False

    @property
    def label(self) -> str:
        """Short name for progress bars and messages."""
        return (
            f"{self.joint.name} from its making, mesh {self.mesh_size:g}, "
            f"tolerance {self.tolerance:g}"
        )

    @property
    def inputs(self) -> dict[str, Any]:
        """Everything that the numbers depend on, as plain data."""
        design = {
            "package": self.package.model_dump(
                mode="json", exclude={"joints", "title", "description"}
            ),
            "joint": self.joint.model_dump(mode="json"),
        }
        names = {name for part in design.values() for name in material_names_in(part)}
        names.add(self.package.interposer_pad_for(self.joint).material)
        return {
            "results_version": RESULTS_VERSION,
            "bumpfem": version("bumpfem"),
            **design,
            "making": self.making.model_dump(mode="json"),
            "measured": [_measured(step) for step in self.making.steps],
            "cycle": self.cycle.model_dump(mode="json", exclude={"name"}),
            "cycles": self.cycles,
            "mesh_size": self.mesh_size,
            "tolerance": self.tolerance,
            "layer_thickness": self.layer_thickness,
            "with_fields": self.with_fields,
            "extrapolate": self.extrapolate,
            "materials": {name: material_text(name) for name in sorted(names)},
        }

    @property
    def key(self) -> str:
        """Digest of :attr:`inputs`."""
        return hashlib.sha256(json.dumps(self.inputs, sort_keys=True).encode()).hexdigest()

    def finished(self) -> dict[str, Any] | None:
        """The result of an earlier run with the same key, if there is one."""
        return finished_result(self.folder, self.key)

    def run(
        self, observer: ProgressObserver | None = None, comm: MPI.Intracomm = MPI.COMM_SELF
    ) -> dict[str, Any]:
        """Carry the joint through its history and write its files; ``result.json`` comes last.

        The state after each step is kept in ``checkpoints/`` until then: after an interruption the
        history is taken up where it was.

        Args:
            observer: Told after every increment, on rank 0.
            comm: The ranks that compute it together.

        Returns:
            The content of ``result.json``.

        Raises:
            ProcessError: A step does not do what it is there for.
            BumpfemError: Whatever else stopped the run.
            OSError: The folder cannot be written.
        """
        if comm.rank == 0:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "result.json").unlink(missing_ok=True)
        comm.barrier()
        key = self.key
        recorders: list[CycleRecorder] = []

        def record(cell: JointModel) -> list[StepObserver]:
            recorders.append(_recorder(cell))
            return [recorders[-1]]

        with collect() as used, collect_extrapolations() as beyond:
            store = Checkpoints(self._checkpoints / key[:16], self.inputs, comm)
            kept = SourcedCheckpoints(store, used, beyond)
            mesh = build_mesh(
                self.package, self.joint, size=self.mesh_size, comm=comm,
                layer_thickness=self.layer_thickness, crown_resin=crown_resin(self.joint),
            )  # fmt: skip
            run = run_chain(
                self.package,
                self.joint,
                self.making,
                self.cycle,
                self.cycles,
                mesh,
                settings=MarchSettings(steps=StepSettings(tolerance=self.tolerance)),
                extrapolate=self.extrapolate,
                cycle_observers=record,
                checkpoints=kept,
                observer=None if observer is None or comm.rank > 0 else _Reporter(self, observer),
            )
        result = {
            "key": key,
            "status": "ok",
            "joint": self.joint.name,
            "mesh_size": self.mesh_size,
            "tolerance": self.tolerance,
            "cycles": self.cycles,
            **_history(self.making, run),
            **_cycled(self, run, recorders),
            **march_summary(run.march),
            "wall_s": kept.spent,
            **sources_summary(used.entries, beyond.entries),
            "warnings": [
                *broken_design_rules(self.joint),
                *mesh.facts.notes,
                *map(str, beyond.entries),
            ],
        }
        result = {name: without_nan(value) for name, value in result.items()}
        self._write(run, recorders, result, comm)
        return result

    @property
    def _checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    def _write(
        self,
        run: ChainRun,
        recorders: list[CycleRecorder],
        result: dict[str, Any],
        comm: MPI.Intracomm,
    ) -> None:
        if run.cell is not None:
            write_cell(run.cell, recorders[-1], self.folder, with_fields=self.with_fields)
        if comm.rank == 0:
            write_json(self.folder / "result.json", result)
            shutil.rmtree(self._checkpoints, ignore_errors=True)
        comm.barrier()


def _recorder(cell: JointModel) -> CycleRecorder:
    """Recorder of the cycles of a cell that is about to begin them."""
    history = cell.profile.history
    recorder = CycleRecorder(cell.model, cell.profile.starts, cell.mesh.standoff, cell.joined)
    recorder.start_at(float(history.times[0]), float(history.temperatures[0]))
    return recorder


def crown_resin(joint: Joint) -> float:
    """Thickness of resin on the crown of a joint from which it is removed, mm; else 0."""
    return 0.0 if joint.anchor is None else joint.anchor.crown_film


def _history(making: Making, run: ChainRun) -> dict[str, Any]:
    """What became of a joint step by step, as entries of ``result.json``."""
    return {
        "steps_of_making": [step.kind for step in making.steps],
        "resin_model": making.resin_model,
        "shrinkage": making.shrinkage,
        "records": [record.as_dict() for record in run.records],
        "heated": [dict(item) for item in run.heated],
        "resumed_after": run.resumed,
    }


def _cycled(job: MakingJob, run: ChainRun, recorders: list[CycleRecorder]) -> dict[str, Any]:
    """What the cycles gave, as in a run without history."""
    if run.cell is None:
        return {}
    return cell_summary(run.cell, recorders[-1], job.joint, job.cycle, job.layer_thickness)


def _measured(step: Any) -> str:
    """Text of the measured profile of a step's oven; nothing without one or if unreadable."""
    oven = step.oven if isinstance(step, HeatedStep) else None
    if oven is None or oven.measured is None:
        return ""
    try:
        text: str = oven.measured.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return text


class _Reporter:
    """Turns increments of a chain into progress."""

    def __init__(self, job: MakingJob, observer: ProgressObserver) -> None:
        self._label, self._observer = job.label, observer
        self._period, self._length = job.cycle.period, job.cycles * job.cycle.period
        self._cycles_began: float | None = None

    def __call__(self, progress: ChainProgress) -> None:
        before, cycle = _MAKING_SHARE * (progress.step - 1) / progress.steps, 0
        if progress.kind == "cycles":
            if self._cycles_began is None:
                self._cycles_began = progress.time
            spent = progress.time - self._cycles_began
            before = _MAKING_SHARE + (1.0 - _MAKING_SHARE) * min(spent / self._length, 1.0)
            cycle = 1 + int(min(spent, 0.999 * self._length) / self._period)
        self._observer(
            Progress(
                self._label, before, cycle, progress.temperature, progress.number,
                progress.iterations,
            )
        )  # fmt: skip
