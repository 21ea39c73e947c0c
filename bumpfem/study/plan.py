"""Which runs a comparison needs, and the lives that come out of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from bumpfem.comparison import JointRuns, RunMeasures
from bumpfem.design import Accuracy, Joint, Package, ThermalCycle
from bumpfem.errors import InputError
from bumpfem.fatigue import CycleMeasures
from bumpfem.materials import Extrapolation, extrapolation_words, load_law_set
from bumpfem.study.job import Job
from bumpfem.study.runner import Outcome
from bumpfem.study.starting_point import JointStart, StressFree

_LAYERS = ("solder_layer_interposer", "solder_layer_board")

#: The slice of solder between the layers with the largest work density; it counts as a third layer.
WEAKEST = "solder_layer_weakest"


@dataclass(frozen=True)
class Plan:
    """A comparison before it is computed.

    Attributes:
        package: Package design.
        joints: Joints to compare.
        cycle: Thermal cycle.
        cycles: Number of cycles.
        stress_free_temperature: Degrees C.
        accuracy: Mesh sizes and tolerances for the error bars.
        layer_thickness: Thickness of the averaging layers, mm.
        extrapolate: Whether properties are continued beyond their ranges.
        starts: Shape and temperature of no stress of joints by name, where their making was
            computed; the others are as designed and start from the reference temperature.
    """

    package: Package
    joints: Sequence[Joint]
    cycle: ThermalCycle
    cycles: int = 3
    stress_free_temperature: float | None = None
    accuracy: Accuracy = field(default_factory=Accuracy)
    layer_thickness: float = 0.025
    extrapolate: bool = False
    starts: Mapping[str, JointStart] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check what the parts cannot check themselves.

        Raises:
            InputError: no joint, a name twice, a joint that does not fit, or no cycle.
        """
        names = [joint.name for joint in self.joints]
        if not names:
            raise InputError("joints", "none", "at least one joint")
        for name in names:
            if names.count(name) > 1:
                raise InputError("joints", name, "each name once")
        if self.cycles < 1:
            raise InputError("cycles", self.cycles, "1 or more")
        for joint in self.joints:
            self.package.check(joint)

    @property
    def reference_temperature(self) -> float:
        """Temperature of no stress, degrees C; by default the cycle's maximum."""
        given = self.stress_free_temperature
        return self.cycle.maximum if given is None else given

    @property
    def reference(self) -> StressFree:
        """:attr:`reference_temperature` and where it comes from."""
        source = "the cycle's maximum" if self.stress_free_temperature is None else "given"
        return StressFree(self.reference_temperature, source)

    def start_of(self, joint: Joint) -> JointStart:
        """From where the mechanics of a joint starts."""
        return self.starts.get(joint.name, JointStart(joint, self.reference))

    @property
    def stress_free_words(self) -> str:
        """Temperature of no stress and its source; of each joint where they differ."""
        if not self.starts:
            return f"{self.reference.temperature:g} C, {self.reference.source}"
        starts = [self.start_of(joint) for joint in self.joints]
        words = [
            f"{item.joint.name} {item.stress_free.temperature:g} C, {item.stress_free.source}"
            for item in starts
            if not item.reason
        ]
        return "; ".join(words) or "no joint is made"

    def jobs(self, folder: Path) -> list[Job]:
        """The runs, longest first: fine meshes, then coarse ones with each tolerance.

        A joint that is not made at all has none.

        One more coarse run has the shape of weightless solder, to show what the weight does.
        The reference of each joint has the finest mesh and the loosest tolerance; its files lie in
        ``folder/<joint>``, those of the others in ``folder/<joint>/runs``.
        """
        sizes, tolerances = self.accuracy.mesh_sizes, self.accuracy.tolerances
        pairs = [(size, tolerances[0], False) for size in reversed(sizes)]
        pairs += [(sizes[0], tolerance, False) for tolerance in tolerances[1:]]
        pairs.append((sizes[0], tolerances[0], True))
        jobs = []
        for size, tolerance, weightless in pairs:
            for joint in self.joints:
                start = self.start_of(joint)
                if start.reason:
                    continue
                reference = (size, tolerance, weightless) == pairs[0]
                place = folder / joint.name
                if not reference:
                    name = f"mesh_{size:g}_tolerance_{tolerance:g}"
                    place = place / "runs" / (f"{name}_weightless" if weightless else name)
                jobs.append(
                    Job(
                        package=self.package,
                        joint=start.joint,
                        cycle=self.cycle,
                        cycles=self.cycles,
                        stress_free_temperature=start.stress_free.temperature,
                        mesh_size=size,
                        tolerance=tolerance,
                        layer_thickness=self.layer_thickness,
                        folder=place,
                        with_fields=reference,
                        weightless=weightless,
                        stress_free_source=start.stress_free.source,
                        extrapolate=self.extrapolate,
                    )
                )
        return jobs

    def joint_runs(self, outcomes: Sequence[Outcome]) -> list[JointRuns]:
        """What became of each joint, ready for the comparison."""
        return [
            self._joint_runs(
                joint, [item for item in outcomes if item.job.joint.name == joint.name]
            )
            for joint in self.joints
        ]

    def _joint_runs(self, joint: Joint, outcomes: list[Outcome]) -> JointRuns:
        start = self.start_of(joint)
        if start.reason:
            return JointRuns(joint=joint.name, status="failed", reason=start.reason)
        reference = outcomes[0]
        if reference.result is None:
            return JointRuns(
                joint=joint.name, status="failed", reason=reference.reason, remarks=start.remarks
            )
        result = reference.result
        remarks = [*start.remarks]
        beyond = extrapolation_words(Extrapolation(**item) for item in result["extrapolated"])
        if beyond:
            remarks.append(beyond)
        remarks += [f"{item.job.label} failed: {item.reason}" for item in outcomes if item.reason]
        if joint.bump is not None and result["yield_margin"] is None:
            remarks.append(f"the library has no yield stress for {joint.bump.metal}: no margin")
        common = {
            "joint": joint.name,
            "standoff_mm": result["standoff_mm"],
            "yield_margin": result["yield_margin"],
            "remarks": tuple(remarks),
        }
        if not result["layers"]:
            return JointRuns(
                **common,
                status="not applicable",
                reason="the joint has no solder to fatigue",
                unknowns=result["unknowns"],
                wall_s=result["wall_s"],
            )
        runs, weightless = [], None
        for item in outcomes:
            if item.result is not None and item.job.weightless:
                weightless = self._measures(item)
            elif item.result is not None:
                runs.append(self._measures(item))
        return JointRuns(**common, runs=tuple(runs), weightless=weightless)

    def _measures(self, outcome: Outcome) -> RunMeasures:
        result = outcome.result or {}
        cycles = pd.read_csv(outcome.job.folder / "cycles.csv")
        final = cycles[cycles["cycle"] == cycles["cycle"].max()].set_index("volume")
        layers = {
            name: self._layer(name, final.loc[name].to_dict(), result)
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
            layers[WEAKEST] = self._slice(result["weakest_slice"], next(iter(layers.values())))
        return RunMeasures(
            mesh_size=result["mesh_size"],
            tolerance=result["tolerance"],
            layers=layers,
            unknowns=result["unknowns"],
            wall_s=result["wall_s"],
            settled=all(bool(final.loc[name, "settled"]) for name in deciding),
            change=None if math.isnan(change) else change,
        )

    @staticmethod
    def _slice(row: dict[str, float], beside: CycleMeasures) -> CycleMeasures:
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

    def _layer(self, name: str, row: dict[Any, Any], result: dict[str, Any]) -> CycleMeasures:
        used = next(item for item in result["materials"] if item["region"] == name)
        law = load_law_set(used["law"]) if used["law"] else None
        dwell = min(self.cycle.cold_dwell, self.cycle.hot_dwell)
        return CycleMeasures(
            delta_w_mpa=max(float(row["delta_w_mpa"]), 0.0),
            inelastic_strain_accumulated=max(float(row["inelastic_strain_accumulated"]), 0.0),
            creep_strain_parts=_parts(row),
            shear_strain_range=result["nominal_shear_strain_range"],
            crack_length_mm=result["layers"][name]["diameter_mm"],
            mean_temperature_c=0.5 * (self.cycle.minimum + self.cycle.maximum),
            dwell_minutes=dwell / 60.0,
            alloy=used["material"],
            constitutive_law=law.law if law else "elastic",
            law_set=used["law"],
            averaging_volume=name,
            averaging_thickness_mm=result["layers"][name]["thickness_mm"],
            temperature_minimum_c=self.cycle.minimum,
            temperature_maximum_c=self.cycle.maximum,
        )


def _parts(row: Mapping[Any, Any]) -> tuple[float, float] | None:
    """Creep strain of both mechanisms of a double power law; None for other laws."""
    first = row.get("creep_strain_first")
    if first is None or math.isnan(first):
        return None
    return max(float(first), 0.0), max(float(row["inelastic_strain_accumulated"] - first), 0.0)
