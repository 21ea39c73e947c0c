"""What the files of a joint's thermal cycles say, whatever came before its cycles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bumpfem.design import Joint, ThermalCycle
from bumpfem.materials import Citation, Extrapolation, load_law_set, load_material
from bumpfem.process.thermal_cycling import JointModel
from bumpfem.results.fields import write_fields, write_mesh
from bumpfem.results.recorder import CycleRecorder
from bumpfem.results.volumes import averaging_volumes
from bumpfem.solvers.march import MarchReport


def cell_summary(
    cell: JointModel,
    recorder: CycleRecorder,
    joint: Joint,
    cycle: ThermalCycle,
    layer_thickness: float,
) -> dict[str, Any]:
    """Sizes, materials and measures of a joint that has gone through its cycles.

    Args:
        cell: Its cell.
        recorder: What was recorded of the cycles.
        joint: Joint design.
        cycle: Thermal cycle.
        layer_thickness: Thickness of the averaging layers, mm.

    Returns:
        Entries of ``result.json``, see ``docs/results.md``.
    """
    mesh, history = cell.mesh, recorder.history()
    last = history[history["cycle"] == history["cycle"].max()]
    prefix = "peak_von_mises_mpa__"
    peaks = {
        name.removeprefix(prefix): float(last[name].max())
        for name in map(str, history)
        if name.startswith(prefix)
    }
    layers = {
        volume.name: _layer(volume.size, mesh.facts.layer_thickness[volume.name])
        for volume in averaging_volumes(cell.model)
        if volume.name != "solder"
    }
    weakest = recorder.weakest_slice(layer_thickness)
    mismatch = {t: cell.expansion.mismatch(t) for t in (cycle.minimum, cycle.maximum)}
    spread = abs(mismatch[cycle.maximum] - mismatch[cycle.minimum])
    return {
        "standoff_mm": mesh.standoff,
        "max_diameter_mm": mesh.facts.max_diameter,
        "neck_diameter_mm": mesh.facts.neck_diameter,
        "solder_volume_mm3": mesh.facts.solder_volume,
        "distance_from_neutral_point_mm": mesh.centre_x,
        "mismatch": {f"{t:g}": gap for t, gap in mismatch.items()},
        "layers": layers,
        "weakest_slice": None if weakest is None else asdict(weakest),
        "shear_strain_range": float(last["shear_strain"].max() - last["shear_strain"].min()),
        "nominal_shear_strain_range": mesh.centre_x * spread / mesh.standoff,
        "peak_von_mises_mpa": peaks,
        "yield_margin": _yield_margin(joint, peaks),
        "materials": [
            {"region": item.region, "material": item.material, "law": item.law}
            for item in cell.materials
        ],
        "elements": mesh.quality.elements,
        "smallest_gamma": mesh.quality.gamma_min,
    }


def march_summary(report: MarchReport) -> dict[str, Any]:
    """Size and cost of a run, as entries of ``result.json``."""
    return {
        "unknowns": report.unknowns,
        "steps": report.steps,
        "rejected_steps": report.rejected,
        "newton_iterations": report.newton_iterations,
        "linear_iterations": report.linear_iterations,
        "factorisations": report.factorisations,
    }


def sources_summary(
    citations: Sequence[Citation], beyond: Sequence[Extrapolation]
) -> dict[str, Any]:
    """Sources that a run used, and what it continued beyond its range."""
    return {
        "sources": [list(citation) for citation in citations],
        "extrapolated": [item._asdict() for item in beyond],
    }


def write_cell(
    cell: JointModel, recorder: CycleRecorder, folder: Path, *, with_fields: bool
) -> None:
    """Write histories (rank 0) and, if wanted, mesh and fields (all ranks) into a folder.

    Raises:
        OSError: the folder cannot be written.
    """
    if cell.mesh.mesh.comm.rank == 0:
        recorder.history().to_csv(folder / "history.csv", index=False)
        recorder.cycles().to_csv(folder / "cycles.csv", index=False)
    if with_fields:
        write_mesh(cell.model, cell.mesh, folder / "mesh.vtu")
        write_fields(cell.model, cell.mesh, recorder.last_cycle_work(), folder / "fields.vtu")


def _layer(volume: float, thickness: float) -> dict[str, float]:
    """Size of an averaging layer of the half cell and the diameter of a disc of its area."""
    diameter = math.sqrt(8.0 * volume / (math.pi * thickness))
    return {"volume_mm3": volume, "thickness_mm": thickness, "diameter_mm": diameter}


def _yield_margin(joint: Joint, peaks: dict[str, float]) -> float | None:
    """Initial yield stress of a metal bump over its peak von Mises stress in the last cycle.

    The bump is elastic and the peak is that of its worst integration point, edges included: the
    margin is on the safe side and falls as the mesh is refined.
    """
    if joint.bump is None or "bump" not in peaks:
        return None
    sets = load_material(joint.bump.metal).law_sets.values()
    plastic = next((item.name for item in sets if item.law == "plasticity"), None)
    if plastic is None:
        return None
    return float(load_law_set(plastic).curve("yield_stress")[0] / peaks["bump"])
