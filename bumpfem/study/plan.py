"""Which runs a comparison needs, and the lives that come out of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bumpfem.comparison import JointRuns
from bumpfem.design import Accuracy, Joint, Package, ThermalCycle
from bumpfem.errors import InputError
from bumpfem.study.job import Job
from bumpfem.study.measures import joint_runs, measures_of
from bumpfem.study.runner import Outcome
from bumpfem.study.starting_point import JointStart, StressFree


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
        weightless = [item for item in outcomes if item.job.weightless and item.result is not None]
        others = [item for item in outcomes if item not in weightless]
        runs = joint_runs(joint, others, self.cycle, start.remarks)
        if runs.status != "ok" or not weightless:
            return runs
        return replace(runs, weightless=measures_of(weightless[0], self.cycle))
