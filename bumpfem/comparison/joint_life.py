"""One row of a comparison: several runs of a joint become a life with its error bar."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from bumpfem.comparison.ranking import (
    ErrorModel,
    Interval,
    NumericalError,
    Sample,
    numerical_error,
)
from bumpfem.comparison.wording import side
from bumpfem.errors import InputError
from bumpfem.fatigue import CycleMeasures, FatigueLaw, LifeEstimate, Mismatch

JointStatus = Literal["ok", "failed", "not applicable"]


@dataclass(frozen=True, kw_only=True)
class RunMeasures:
    """The last cycle of one run.

    Attributes:
        mesh_size: Factor on all element sizes.
        tolerance: Tolerance of the time-step control.
        layers: Measures of each solder layer by region name.
        unknowns: Number of unknowns.
        wall_s: Wall time in seconds.
        settled: Whether the loop changed by less than the limit from the previous cycle.
        change: That relative change of delta_w; None after a single cycle.
    """

    mesh_size: float
    tolerance: float
    layers: Mapping[str, CycleMeasures]
    unknowns: int
    wall_s: float
    settled: bool = True
    change: float | None = None


@dataclass(frozen=True, kw_only=True)
class JointRuns:
    """All runs of one joint, or the reason why there is none.

    Attributes:
        joint: Name of the joint.
        runs: Its runs: fine and coarse mesh, tight and loose tolerance.
        standoff_mm: Distance of the pads, mm.
        yield_margin: Yield stress of a metal bump over its peak von Mises stress (below 1 it
            yields); None where there is no bump.
        status: ``failed`` where the computation stopped, ``not applicable`` where there is no
            solder to fatigue.
        reason: Why, in a sentence; required unless the status is ``ok``.
        unknowns: Number of unknowns of a joint without solder.
        wall_s: Wall time of a joint without solder, in seconds.
        remarks: Anything else the report should say, e.g. that a coarse run failed.
        weightless: A run with the shape of weightless solder, with mesh size and tolerance of one
            of the others; None where there is none.
    """

    joint: str
    runs: tuple[RunMeasures, ...] = ()
    standoff_mm: float | None = None
    yield_margin: float | None = None
    status: JointStatus = "ok"
    reason: str = ""
    unknowns: int | None = None
    wall_s: float | None = None
    remarks: tuple[str, ...] = ()
    weightless: RunMeasures | None = None

    def __post_init__(self) -> None:
        if self.status == "ok" and not any(run.layers for run in self.runs):
            raise InputError(f"runs of {self.joint}", "none", "a run with a solder layer")
        if self.status != "ok" and not self.reason:
            raise InputError(
                f"reason of {self.joint}", "empty", f"a sentence why it is {self.status}"
            )


@dataclass(frozen=True, kw_only=True)
class JointLife:
    """Life of one joint with its error bar, and what led to it.

    Attributes:
        joint: Name of the joint.
        status: ``ok``, ``failed`` or ``not applicable``.
        reason: Why it has no life, else empty.
        standoff_mm: Distance of the pads, mm.
        yield_margin: Yield stress of a metal bump over its peak von Mises stress.
        critical_layer: The layer with the shortest life.
        measures: Measures of that layer in the reference run.
        delta_w_mpa: Work density of that layer with its error bar.
        damage_error: Error of the damage measure that the fatigue law takes.
        estimate: Life of the reference run.
        life: Life with its error bar: from the error of the damage measure alone, not from the
            scatter of the law or of real joints.
        lives: Life in every run by its mesh size and tolerance.
        scatter: Relative change of life by the scatter of the damage measure between meshes of
            equal fineness.
        shape_effect: Life of the shape in equilibrium under its weight over that of the weightless
            shape (truncated sphere), minus 1; None where it was not computed.
        settled: Whether the loop has settled.
        change: Relative change of delta_w from the previous cycle.
        unknowns: Unknowns of the reference run.
        wall_s: Wall time of the reference run in seconds.
        remarks: What else has to be said.
    """

    joint: str
    status: JointStatus = "ok"
    reason: str = ""
    standoff_mm: float | None = None
    yield_margin: float | None = None
    critical_layer: str | None = None
    measures: CycleMeasures | None = None
    delta_w_mpa: Interval | None = None
    damage_error: NumericalError | None = None
    estimate: LifeEstimate | None = None
    life: Interval | None = None
    lives: Mapping[tuple[float, float], float] = field(default_factory=dict)
    scatter: float = 0.0
    shape_effect: float | None = None
    settled: bool | None = None
    change: float | None = None
    unknowns: int | None = None
    wall_s: float | None = None
    remarks: tuple[str, ...] = field(default=())

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """Where the run differs from the calibration of the fatigue law."""
        return () if self.estimate is None else self.estimate.mismatches

    @classmethod
    def from_runs(cls, joint: JointRuns, law: FatigueLaw, model: ErrorModel | None = None) -> Self:
        """Life and error bar of a joint.

        For each layer: the error of the damage measure from the runs, and the bounds of life
        from its bounds. The joint lives as long as its weakest layer: value and bounds are the
        smallest over the layers.

        Args:
            joint: All runs of the joint.
            law: Fatigue law.
            model: Safety factor and order of the error estimate.

        Raises:
            InputError: The law needs a measure that the runs do not hold.
        """
        if joint.status != "ok":
            return cls(
                joint=joint.joint,
                status=joint.status,
                reason=joint.reason,
                standoff_mm=joint.standoff_mm,
                yield_margin=joint.yield_margin,
                unknowns=joint.unknowns,
                wall_s=joint.wall_s,
                remarks=joint.remarks,
            )
        usable = [run for run in joint.runs if run.layers]
        reference = min(usable, key=lambda run: (run.mesh_size, run.tolerance))
        remarks = list(joint.remarks)
        errors: dict[str, NumericalError] = {}
        lives: dict[str, Interval] = {}
        estimates: dict[str, LifeEstimate] = {}
        for layer, measures in reference.layers.items():
            errors[layer] = numerical_error(
                [
                    Sample(run.mesh_size, run.tolerance, law.damage_measure(run.layers[layer]))
                    for run in usable
                    if layer in run.layers
                ],
                model,
            )
            bar = errors[layer].interval
            bounds = law.life_interval(measures, bar.low, bar.high)
            estimates[layer] = bounds.estimate
            lives[layer] = Interval(bounds.low, bounds.estimate.cycles, bounds.high)
        critical = min(lives, key=lambda layer: (lives[layer].value, layer))
        error = errors[critical]
        known = math.isfinite(error.mesh) and math.isfinite(error.time)
        others = [layer for layer in lives if not lives[layer].separated(lives[critical])]
        remarks += [
            f"The bars of {side(critical)} and {side(layer)} overlap: which fails first is not "
            "sure."
            for layer in others
            if layer != critical and known and math.isfinite(lives[critical].value)
        ]
        if math.isinf(error.mesh):
            remarks.append("No second mesh size at the same tolerance: the error bar is unbounded.")
        if math.isinf(error.time):
            remarks.append("No second tolerance on the same mesh: the error bar is unbounded.")
        if not reference.settled:
            shown = "" if reference.change is None else f" ({reference.change:+.1%} in the last)"
            remarks.append(f"The loop has not settled: delta_w still changes per cycle{shown}.")
        if estimates[critical].note:
            remarks.append(estimates[critical].note)
        return cls(
            joint=joint.joint,
            standoff_mm=joint.standoff_mm,
            yield_margin=joint.yield_margin,
            critical_layer=critical,
            measures=reference.layers[critical],
            delta_w_mpa=_work(usable, critical, model),
            damage_error=error,
            estimate=estimates[critical],
            life=Interval(
                min(bar.low for bar in lives.values()),
                lives[critical].value,
                min(bar.high for bar in lives.values()),
            ),
            lives={(run.mesh_size, run.tolerance): _shortest(run, law) for run in usable},
            scatter=_scatter(reference, critical, law, model),
            shape_effect=_shape_effect(joint, law),
            settled=reference.settled,
            change=reference.change,
            unknowns=reference.unknowns,
            wall_s=reference.wall_s,
            remarks=tuple(remarks),
        )


def _shortest(run: RunMeasures, law: FatigueLaw) -> float:
    """Life of the weakest layer in one run."""
    return min(law.life(measures).cycles for measures in run.layers.values())


def _scatter(run: RunMeasures, layer: str, law: FatigueLaw, model: ErrorModel | None) -> float:
    """Logarithm of the change of life that the scatter of the damage measure brings."""
    measures = run.layers[layer]
    part, value = (model or ErrorModel()).scatter_at(run.mesh_size), law.damage_measure(measures)
    bar = law.life_interval(measures, value * (1.0 - part), value * (1.0 + part))
    if not 0.0 < bar.low <= bar.high < math.inf:
        return 0.0
    return max(math.log(bar.high / bar.estimate.cycles), math.log(bar.estimate.cycles / bar.low))


def _work(runs: list[RunMeasures], layer: str, model: ErrorModel | None) -> Interval | None:
    samples = [
        Sample(run.mesh_size, run.tolerance, work)
        for run in runs
        if layer in run.layers and (work := run.layers[layer].delta_w_mpa) is not None
    ]
    return numerical_error(samples, model).interval if samples else None


def _shape_effect(joint: JointRuns, law: FatigueLaw) -> float | None:
    """Change of life by the weight of solder and package, from two runs with equal settings."""
    weightless = joint.weightless
    if weightless is None or not weightless.layers:
        return None
    settings = (weightless.mesh_size, weightless.tolerance)
    beside = [run for run in joint.runs if (run.mesh_size, run.tolerance) == settings]
    if not beside:
        return None
    life, without = (_shortest(run, law) for run in (beside[0], weightless))
    return life / without - 1.0 if math.isfinite(life) and math.isfinite(without) else None
