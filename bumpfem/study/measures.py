"""From the files of a run of thermal cycles to the measures that a fatigue law takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from bumpfem.comparison import JointRuns, RunMeasures
from bumpfem.design import Joint, ThermalCycle
from bumpfem.fatigue import CycleMeasures
from bumpfem.materials import Extrapolation, extrapolation_words, load_law_set

_LAYERS = ("solder_layer_interposer", "solder_layer_board")

#: The slice of solder between the layers with the largest work density; it counts as a third layer.
WEAKEST = "solder_layer_weakest"


class Ended(Protocol):
    """What became of a run that ends in thermal cycles."""

    @property
    def label(self) -> str:
        """Short name of the run."""

    @property
    def folder(self) -> Path:
        """Where its files are."""

    @property
    def result(self) -> dict[str, Any] | None:
        """Content of its ``result.json``; None if it failed."""

    @property
    def reason(self) -> str:
        """Why it failed, else empty."""


def joint_runs(
    joint: Joint, runs: Sequence[Ended], cycle: ThermalCycle, remarks: Sequence[str] = ()
) -> JointRuns:
    """What became of a joint, ready for a comparison.

    Args:
        joint: The joint.
        runs: Its runs, the reference first.
        cycle: Thermal cycle.
        remarks: What the report must say besides.
    """
    reference = runs[0]
    result = reference.result
    if result is None:
        return JointRuns(
            joint=joint.name, status="failed", reason=reference.reason, remarks=tuple(remarks)
        )
    said = [*remarks]
    beyond = extrapolation_words(Extrapolation(**item) for item in result["extrapolated"])
    if beyond:
        said.append(beyond)
    said += [f"{item.label} failed: {item.reason}" for item in runs if item.reason]
    if joint.bump is not None and result["yield_margin"] is None:
        said.append(f"the library has no yield stress for {joint.bump.metal}: no margin")
    common = {
        "joint": joint.name,
        "standoff_mm": result["standoff_mm"],
        "yield_margin": result["yield_margin"],
        "remarks": tuple(said),
    }
    if not result["layers"]:
        return JointRuns(
            **common,
            status="not applicable",
            reason="the joint has no solder to fatigue",
            unknowns=result["unknowns"],
            wall_s=result["wall_s"],
        )
    computed = [measures_of(item, cycle) for item in runs if item.result is not None]
    return JointRuns(**common, runs=tuple(computed))


def measures_of(run: Ended, cycle: ThermalCycle) -> RunMeasures:
    """Measures of the last cycle of a run that did not fail."""
    return run_measures(run.result or {}, run.folder, cycle)


def run_measures(result: Mapping[str, Any], folder: Path, cycle: ThermalCycle) -> RunMeasures:
    """Measures of the last cycle of a run.

    Args:
        result: Content of its ``result.json``.
        folder: Its folder, with ``cycles.csv``.
        cycle: Its thermal cycle.

    Raises:
        OSError: ``cycles.csv`` cannot be read.
    """
    cycles = pd.read_csv(folder / "cycles.csv")
    final = cycles[cycles["cycle"] == cycles["cycle"].max()].set_index("volume")
    layers = {
        name: _layer(name, final.loc[name].to_dict(), result, cycle)
        for name in _LAYERS
        if name in final.index
    }
    strongest = max((item.delta_w_mpa or 0.0 for item in layers.values()), default=0.0)
    deciding = [
        name for name, item in layers.items() if (item.delta_w_mpa or 0.0) > 0.5 * strongest
    ]
    changes = [float(final.loc[name, "change"]) for name in deciding]
    change = max(changes, key=abs) if changes else math.nan
    if result["weakest_slice"] is not None and layers:
        layers[WEAKEST] = _slice(result["weakest_slice"], next(iter(layers.values())))
    return RunMeasures(
        mesh_size=result["mesh_size"],
        tolerance=result["tolerance"],
        layers=layers,
        unknowns=result["unknowns"],
        wall_s=result["wall_s"],
        settled=all(bool(final.loc[name, "settled"]) for name in deciding),
        change=None if math.isnan(change) else change,
    )


def _slice(row: Mapping[str, float], beside: CycleMeasures) -> CycleMeasures:
    """Measures of the weakest slice, which shares everything else with a layer."""
    return replace(
        beside,
        delta_w_mpa=max(row["delta_w_mpa"], 0.0),
        inelastic_strain_accumulated=max(row["inelastic_strain_accumulated"], 0.0),
        creep_strain_parts=_parts(row),
        crack_length_mm=row["diameter_mm"],
        averaging_volume=WEAKEST,
        averaging_thickness_mm=row["thickness_mm"],
    )


def _layer(
    name: str, row: Mapping[Any, Any], result: Mapping[str, Any], cycle: ThermalCycle
) -> CycleMeasures:
    used = next(item for item in result["materials"] if item["region"] == name)
    law = load_law_set(used["law"]) if used["law"] else None
    dwell = min(cycle.cold_dwell, cycle.hot_dwell)
    return CycleMeasures(
        delta_w_mpa=max(float(row["delta_w_mpa"]), 0.0),
        inelastic_strain_accumulated=max(float(row["inelastic_strain_accumulated"]), 0.0),
        creep_strain_parts=_parts(row),
        shear_strain_range=result["nominal_shear_strain_range"],
        crack_length_mm=result["layers"][name]["diameter_mm"],
        mean_temperature_c=0.5 * (cycle.minimum + cycle.maximum),
        dwell_minutes=dwell / 60.0,
        alloy=used["material"],
        constitutive_law=law.law if law else "elastic",
        law_set=used["law"],
        averaging_volume=name,
        averaging_thickness_mm=result["layers"][name]["thickness_mm"],
        temperature_minimum_c=cycle.minimum,
        temperature_maximum_c=cycle.maximum,
    )


def _parts(row: Mapping[Any, Any]) -> tuple[float, float] | None:
    """Creep strain of both mechanisms of a double power law; None for other laws."""
    first = row.get("creep_strain_first")
    if first is None or math.isnan(first):
        return None
    return max(float(first), 0.0), max(float(row["inelastic_strain_accumulated"] - first), 0.0)
