"""A joint through the oven: cell, heating and march put together, and what comes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import pi

import numpy as np
from mpi4py import MPI

from bumpfem.design import Joint, Package
from bumpfem.design.oven import Oven
from bumpfem.design.reflow_part import ReflowPart
from bumpfem.errors import MaterialError, ProcessError
from bumpfem.materials import load_material
from bumpfem.meshing import Mesh
from bumpfem.process.dissolution import Dissolved, MetalFace, dissolve, has_constants
from bumpfem.process.oven import Heating, heating, oven_limits
from bumpfem.process.profile_limits import check_profile
from bumpfem.process.reflow_cell import ReflowCell, process_joint, reflow_cell
from bumpfem.process.reflow_faults import find_faults
from bumpfem.process.reflow_outcome import (
    NeckMelt,
    ReflowOutcome,
    melting_range,
    molten_time,
    release_of,
    solid_margins,
    solidification,
)
from bumpfem.process.thermal_history import HistoryRecorder, ThermalHistory
from bumpfem.solvers.heat import HeatObserver, HeatReport, HeatSettings, march_heat
from bumpfem.units import FloatArray

#: Part of a ball's height that counts as its foot or its head.
_END = 0.1
#: Difference of the melted fractions of foot and head below which a ball melts alike all over.
_FOOT_FIRST = 0.2


@dataclass(frozen=True)
class ReflowModel:
    """A joint ready for the oven.

    Attributes:
        package: Package design.
        joint: Joint as designed.
        part: What goes with it.
        oven: The oven.
        mesh: Mesh of the joint as it lies in the oven.
        cell: Its heat model.
        heat: Gas and coefficient over time.
    """

    package: Package
    joint: Joint
    part: ReflowPart
    oven: Oven
    mesh: Mesh
    cell: ReflowCell
    heat: Heating


@dataclass(frozen=True)
class ReflowRun:
    """A joint that went through the oven.

    Attributes:
        model: What went in.
        history: Temperatures and melted fractions.
        outcome: What became of it.
        report: What the march found and cost.
        hottest: Highest temperature at this rank's owned unknowns, degrees C.
    """

    model: ReflowModel
    history: ThermalHistory
    outcome: ReflowOutcome
    report: HeatReport
    hottest: FloatArray


def joint_in_oven(joint: Joint, part: ReflowPart) -> Joint:
    """The joint to mesh for the oven: with a mask that is removed afterwards still around it."""
    return process_joint(joint, part.stage_of(joint))


def reflow_model(
    package: Package, joint: Joint, part: ReflowPart, oven: Oven, mesh: Mesh
) -> ReflowModel:
    """Model of a joint in the oven.

    Args:
        package: Package design.
        joint: Joint as designed.
        part: What goes with it; its own oven replaces ``oven``.
        oven: The oven.
        mesh: Mesh of :func:`joint_in_oven`, axisymmetric or half cell.

    Raises:
        InputError: The stage does not suit the joint, or the oven cannot be used.
        MaterialError: A thermal property is missing in the library.
    """
    oven = part.oven or oven
    heat = heating(oven, package)
    cell = reflow_cell(package, joint, part, mesh, heat, oven.emissivity)
    return ReflowModel(package, joint, part, oven, mesh, cell, heat)


def run_reflow(
    model: ReflowModel,
    settings: HeatSettings | None = None,
    observers: Iterable[HeatObserver] = (),
) -> ReflowRun:
    """Carry a joint through the oven and say what became of it.

    Raises:
        PropertyRangeError: The oven is hotter than a material's range.
        ConvergenceError: A step did not converge at the smallest length.
    """
    recorder = HistoryRecorder(model.cell.model, model.heat)
    report = march_heat(
        model.cell.model,
        model.heat.start,
        model.heat.times.tolist(),
        settings,
        [recorder, *observers],
    )
    history = recorder.history()
    outcome = _outcome(model, history, recorder.hottest)
    return ReflowRun(model, history, outcome, report, recorder.hottest)


def reflowed(joint: Joint, outcome: ReflowOutcome) -> Joint:
    """The joint with the melted fraction that its reflow gave, for its shape.

    A neck is drawn from the melted fraction of its ball; other joints are what they were designed
    to be, provided that they melted and their core did not.

    Raises:
        ProcessError: There is no such joint: it did not melt, or its core did.
    """
    outcome.refuse_fatal()
    return joint if outcome.neck is None else melted_to(joint, outcome.neck.fraction)


def melted_to(joint: Joint, fraction: float) -> Joint:
    """The joint with another melted fraction of its ball; the same joint if it has no neck.

    Raises:
        ProcessError: Nothing or everything melts, which leaves no neck.
    """
    if joint.neck is None:
        return joint
    if not 0.0 < fraction < 1.0:
        raise ProcessError(
            f"joint {joint.name}: {fraction:.3f} of the ball melts, which leaves no neck"
        )
    neck = joint.neck.model_copy(update={"melted_fraction": fraction})
    return joint.model_copy(update={"neck": neck})


def stress_free_temperature(outcome: ReflowOutcome) -> float:
    """Temperature at which the joint froze and stress begins, degrees C, for the mechanics.

    Raises:
        ProcessError: It never melted or never froze.
    """
    outcome.refuse_fatal()
    if outcome.solidification is None:
        raise ProcessError(f"joint {outcome.joint} did not melt and freeze")
    return outcome.solidification.temperature


def _outcome(model: ReflowModel, history: ThermalHistory, hottest: FloatArray) -> ReflowOutcome:
    cell, joint, part = model.cell, model.joint, model.part
    span = melting_range(load_material(cell.solder))
    if span is None:
        raise MaterialError(f"the library does not say where {cell.solder} melts")
    limits = None
    if cell.stage != "firing":
        limits = oven_limits(model.oven, model.package, "pb" in cell.solder)
    peaks = {name: float(item.highest.max()) for name, item in history.regions.items()}
    top = float(history.times[int(np.argmax(history.package))])
    lags = {
        name: float(history.times[int(np.argmax(item.mean))]) - top
        for name, item in history.regions.items()
    }
    dissolved, remarks = _dissolved(model, history, span[1])
    neck = _neck(model, history, hottest)
    if neck is not None and 0.0 < neck.fraction < 1.0 and neck.foot - neck.head < _FOOT_FIRST:
        remarks.append(
            f"the ball melts alike all over (foot {neck.foot:.2f}, head {neck.head:.2f}): its foot "
            "melts first only where heat comes through the pad at tens of degC/s"
        )
    known = ReflowOutcome(
        joint=joint.name,
        stage=cell.stage,
        peaks=peaks,
        lags=lags,
        melted=float(history.melted(cell.melting).max()),
        time_molten=molten_time(history, cell.melting, span[1]),
        solidification=solidification(history, cell.melting, span[0], part.undercooling),
        solids=solid_margins(history, cell.materials, cell.melting),
        release=release_of(joint, history, cell.melting, span[0]),
        neck=neck,
        dissolved=tuple(dissolved),
        checks=()
        if limits is None
        else tuple(check_profile(history.times, history.package, limits)),
        limits=limits,
        remarks=tuple(remarks),
    )
    return replace(known, faults=find_faults(known, history, cell.melting, span))


def _neck(model: ReflowModel, history: ThermalHistory, hottest: FloatArray) -> NeckMelt | None:
    """How much of a partly melted ball was molten, from the highest temperature of each point."""
    design, cell = model.joint.neck, model.cell
    if design is None or cell.stage != "bumping":
        return None
    heights, fractions, volumes = [], [], []
    for region in cell.melting:
        material = cell.model.materials[region]
        depth = np.abs(cell.model.points(region)[:, -1] - cell.pad_face)
        heights.append(depth)
        fractions.append(material.melted_fraction(cell.model.at_points(region, hottest)))
        volumes.append(cell.model.point_volumes(region))
    height, fraction, volume = (np.concatenate(part) for part in (heights, fractions, volumes))
    comm = cell.model.comm
    tall = max(comm.allgather(float(height.max(initial=0.0))))

    def mean(chosen: FloatArray) -> float:
        total = comm.allreduce(float(volume @ chosen))
        return float(comm.allreduce(float((volume * chosen) @ fraction)) / total)

    molten = height[fraction >= 0.5]
    melted = float(history.melted(cell.melting).max())
    return NeckMelt(
        wanted=design.melted_fraction,
        tolerance=model.part.melted_tolerance,
        fraction=melted,
        foot=mean((height <= _END * tall).astype(np.float64)),
        head=mean((height >= (1.0 - _END) * tall).astype(np.float64)),
        height=float(comm.allreduce(float(molten.max(initial=0.0)), MPI.MAX)),
        equivalent_height=_filled_height(
            np.concatenate(comm.allgather(height)), np.concatenate(comm.allgather(volume)), melted
        ),
    )


def _filled_height(heights: FloatArray, volumes: FloatArray, fraction: float) -> float:
    """Height up to which a fraction of a volume reaches, filled from below, mm."""
    order = np.argsort(heights)
    filled = np.cumsum(volumes[order]) / volumes.sum()
    return float(np.interp(fraction, filled, heights[order], left=0.0))


def _dissolved(
    model: ReflowModel, history: ThermalHistory, liquidus: float
) -> tuple[list[Dissolved], list[str]]:
    """Dissolution of all metals that molten solder wets, and what could not be computed."""
    cell = model.cell
    if cell.stage == "firing":
        return [], []
    faces, remarks = [], []
    for face in _wetted(model):
        if has_constants(face.material):
            faces.append(face)
        else:
            remarks.append(
                f"no dissolution constants for {face.material} ({face.name.replace('_', ' ')}): "
                "its loss is not computed"
            )
    volume = sum(history.regions[name].volume for name in cell.melting)
    half = 2.0 if model.mesh.kind == "half_cell" else 1.0
    temperatures = history.mean(cell.melting)
    return (
        dissolve(faces, cell.solder, half * volume, history.times, temperatures, liquidus),
        remarks,
    )


def _wetted(model: ReflowModel) -> list[MetalFace]:
    """Metals that the solder wets; pads by their wetted circle, cores by their sphere."""
    package, joint, cell = model.package, model.joint, model.cell
    board = 0.25 * pi * package.board_pad.wetted_diameter**2
    faces = []
    if cell.stage == "mounting":
        pad = package.board_pad
        faces.append(MetalFace("board_pad", pad.material, board, pad.thickness))
    if joint.bump is not None:
        bump, barrier = joint.bump, joint.bump.barrier
        if barrier is not None:
            faces.append(MetalFace("bump_barrier", barrier.material, board, barrier.thickness))
        else:
            faces.append(MetalFace("bump", bump.metal, board, bump.height))
        return faces
    pad = package.interposer_pad_for(joint)
    area = 0.25 * pi * pad.wetted_diameter**2
    faces.append(MetalFace("interposer_pad", pad.material, area, pad.thickness))
    if joint.core is not None and load_material(joint.core.material).kind == "metal":
        diameter = joint.core.diameter
        faces.append(MetalFace("core", joint.core.material, pi * diameter**2, 0.5 * diameter))
    return faces
