"""One run of one joint: its inputs, its key, its files.

A run is described by :class:`Job` alone. The key is a digest of everything that its numbers depend
on, so that a finished run is found again and a changed one is computed anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mpi4py import MPI

from bumpfem.design import Joint, Package, ThermalCycle, broken_design_rules
from bumpfem.materials import (
    Citation,
    Extrapolation,
    collect,
    collect_extrapolations,
)
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.meshing.reshape import reshape
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.setting_resin import SetResin
from bumpfem.process.thermal_cycling import JointModel, cyclic_history, joint_model, run_cycles
from bumpfem.results.recorder import CycleRecorder
from bumpfem.shapes import joint_outline
from bumpfem.solvers.march import MarchReport, MarchSettings, Step, StepObserver
from bumpfem.solvers.step_control import StepSettings
from bumpfem.study.job_files import finished_result, material_names_in, material_text, write_json
from bumpfem.study.progress import Progress, ProgressObserver
from bumpfem.study.summary import cell_summary, march_summary, sources_summary, write_cell

#: Changed whenever a change of the code changes results.
RESULTS_VERSION = 4


@dataclass(frozen=True)
class Job:
    """One run of one joint.

    Attributes:
        package: Package design.
        joint: Joint design.
        cycle: Thermal cycle.
        cycles: Number of cycles.
        stress_free_temperature: Temperature of no stress, degrees C.
        mesh_size: Factor on all element sizes.
        tolerance: Tolerance of the step control.
        layer_thickness: Thickness of the averaging layers, mm.
        folder: Where its files go.
        with_fields: Whether mesh and field files are written.
        weightless: Whether molten solder and package have no weight.
        stress_free_source: Where the temperature of no stress comes from, in words.
        extrapolate: Whether properties are continued beyond their ranges.
        resins: What the joint's making left of its resins; None: they are elastic.
        crown_resin: Thickness of resin on the crown that the mesh keeps room for, mm: a joint that
            is compared with its own making has the same mesh. It is taken to be removed.
    """

    package: Package
    joint: Joint
    cycle: ThermalCycle
    cycles: int
    stress_free_temperature: float
    mesh_size: float
    tolerance: float
    layer_thickness: float
    folder: Path
    with_fields: bool
    weightless: bool = False
    stress_free_source: str = "given"
    extrapolate: bool = False
    crown_resin: float = 0.0
    resins: SetResin | None = None

    @property
    def label(self) -> str:
        """Short name for progress bars and messages."""
        text = f"{self.joint.name}, mesh {self.mesh_size:g}, tolerance {self.tolerance:g}"
        return f"{text}, weightless" if self.weightless else text

    @property
    def key(self) -> str:
        """Digest of everything that the numbers depend on."""
        package = self.package.model_dump(mode="json", exclude={"joints", "title", "description"})
        inputs = {
            "results_version": RESULTS_VERSION,
            "bumpfem": version("bumpfem"),
            "package": package,
            "joint": self.joint.model_dump(mode="json"),
            "cycle": self.cycle.model_dump(mode="json", exclude={"name"}),
            "cycles": self.cycles,
            "stress_free_temperature": self.stress_free_temperature,
            "mesh_size": self.mesh_size,
            "tolerance": self.tolerance,
            "layer_thickness": self.layer_thickness,
            "with_fields": self.with_fields,
            "weightless": self.weightless,
            "stress_free_source": self.stress_free_source,
            "extrapolate": self.extrapolate,
            "crown_resin": self.crown_resin,
            "resins": None if self.resins is None else asdict(self.resins),
            "materials": {name: material_text(name) for name in sorted(self._materials())},
        }
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()

    def _materials(self) -> set[str]:
        """Names of all materials in the design."""
        parts = (self.package.model_dump(exclude={"joints"}), self.joint.model_dump())
        names = {name for part in parts for name in material_names_in(part)}
        return names | {self.package.interposer_pad_for(self.joint).material}

    def finished(self) -> dict[str, Any] | None:
        """The result of an earlier run with the same key, if there is one."""
        return finished_result(self.folder, self.key)

    def run(
        self, observer: ProgressObserver | None = None, comm: MPI.Intracomm = MPI.COMM_SELF
    ) -> dict[str, Any]:
        """Compute the run and write its files, see :func:`run_job`."""
        return run_job(self, observer, comm)


def run_job(
    job: Job, observer: ProgressObserver | None = None, comm: MPI.Intracomm = MPI.COMM_SELF
) -> dict[str, Any]:
    """Compute a run and write its files; ``result.json`` comes last.

    Args:
        job: What to compute.
        observer: Told after every step, on rank 0.
        comm: The ranks that compute it together.

    Returns:
        The content of ``result.json``.

    Raises:
        BumpfemError: whatever stopped the run; nothing is written then.
        OSError: the folder cannot be written.
    """
    started = time.perf_counter()
    with collect() as used, collect_extrapolations() as beyond:
        mesh = _mesh(job, comm)
        profile = cyclic_history(job.cycle, job.cycles, job.stress_free_temperature)
        joint = joint_model(
            job.package, job.joint, mesh, profile, extrapolate=job.extrapolate, resins=job.resins
        )
    recorder = CycleRecorder(joint.model, profile.starts, mesh.standoff)
    recorder.start_at(float(profile.history.times[0]), job.stress_free_temperature)
    settings = MarchSettings(steps=StepSettings(tolerance=job.tolerance))
    observers: list[StepObserver] = [recorder]
    if observer is not None and comm.rank == 0:
        observers.append(_Reporter(job, joint, observer))
    report = run_cycles(joint, settings, observers)
    wall = time.perf_counter() - started
    result = _summary(job, joint, recorder, report, used.entries, beyond.entries, wall)
    _write(job, joint, recorder, result, comm)
    return result


def _mesh(job: Job, comm: MPI.Intracomm) -> Mesh:
    """Mesh of the joint; that of the weightless shape has the same elements, moved."""
    mesh = build_mesh(
        job.package,
        job.joint,
        size=job.mesh_size,
        comm=comm,
        layer_thickness=job.layer_thickness,
        crown_resin=job.crown_resin,
    )
    if not job.weightless:
        return mesh
    shape = joint_outline(job.package, job.joint)
    return reshape(mesh, shape, joint_outline(job.package, job.joint, weightless=True))


class _Reporter:
    """Turns steps into progress."""

    def __init__(self, job: Job, joint: JointModel, observer: ProgressObserver) -> None:
        self._label, self._observer, self._profile = job.label, observer, joint.profile

    def __call__(self, model: MechanicalModel, step: Step) -> None:
        times = self._profile.history.times
        cycle = int((self._profile.starts < step.time).sum())
        self._observer(
            Progress(
                self._label,
                (step.time - times[0]) / (times[-1] - times[0]),
                cycle,
                step.temperature,
                step.number,
                step.iterations,
            )
        )


def _summary(
    job: Job,
    joint: JointModel,
    recorder: CycleRecorder,
    report: MarchReport,
    citations: list[Citation],
    beyond: list[Extrapolation],
    wall: float,
) -> dict[str, Any]:
    return {
        "key": job.key,
        "status": "ok",
        "joint": job.joint.name,
        "mesh_size": job.mesh_size,
        "tolerance": job.tolerance,
        "stress_free_temperature_c": job.stress_free_temperature,
        "stress_free_source": job.stress_free_source,
        "cycles": job.cycles,
        **cell_summary(joint, recorder, job.joint, job.cycle, job.layer_thickness),
        **march_summary(report),
        "wall_s": wall,
        **sources_summary(citations, beyond),
        "warnings": [*broken_design_rules(job.joint), *joint.mesh.facts.notes, *map(str, beyond)],
    }


def _write(
    job: Job,
    joint: JointModel,
    recorder: CycleRecorder,
    result: dict[str, Any],
    comm: MPI.Intracomm,
) -> None:
    if comm.rank == 0:
        job.folder.mkdir(parents=True, exist_ok=True)
        (job.folder / "result.json").unlink(missing_ok=True)
    write_cell(joint, recorder, job.folder, with_fields=job.with_fields)
    if comm.rank == 0:
        write_json(job.folder / "result.json", result)
    comm.barrier()
