"""From where the mechanics of each joint starts: its shape and its temperature of no stress.

By default all joints have the shape that was designed and are free of stress at one temperature.
With a reflow study each joint is first carried through its oven: it starts free of stress where its
last solder froze, with the melted fraction that the oven gave to its neck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from bumpfem.design import Joint, Package
from bumpfem.design.reflow_study import ReflowStudy
from bumpfem.errors import BumpfemError
from bumpfem.materials import Citation
from bumpfem.process.reflow import melted_to
from bumpfem.study.progress import ProgressObserver
from bumpfem.study.reflow_job import ReflowJob
from bumpfem.study.runner import JobOutcome, run_jobs


class StressFree(NamedTuple):
    """The state of no stress.

    Attributes:
        temperature: Degrees C.
        source: Where it comes from, in a few words.
    """

    temperature: float
    source: str


@dataclass(frozen=True)
class JointStart:
    """From where the mechanics of one joint starts.

    Attributes:
        joint: The joint with the shape that its making gave it.
        stress_free: Its temperature of no stress.
        remarks: What the report must say of its making.
        reason: Why the joint is not made at all; empty if it is.
        citations: Sources that its making used.
    """

    joint: Joint
    stress_free: StressFree
    remarks: tuple[str, ...] = ()
    reason: str = ""
    citations: tuple[Citation, ...] = ()


def starts_from_reflow(
    package: Package,
    joints: Sequence[Joint],
    reflow: ReflowStudy,
    otherwise: StressFree,
    folder: Path,
    workers: int,
    observer: ProgressObserver | None = None,
) -> dict[str, JointStart]:
    """Carry joints through the oven of a reflow study.

    The oven, what goes with a joint (``parts``), cell, mesh size and tolerance are those of the
    reflow study, so are the numbers; its list of joints, window and animation have no part in
    this. Finished runs in ``folder/<joint>/reflow`` are taken over if their input is the same.

    Args:
        package: Package design, the same as that of the reflow study.
        joints: The joints.
        reflow: The reflow study.
        otherwise: State of no stress of joints whose solder does not freeze in this oven: without
            solder, or fired.
        folder: Folder of the results.
        workers: Processes that compute side by side.
        observer: Told how far each run is.

    Returns:
        For each joint by name from where it starts; one that is not made at all has a reason.
    """
    reflow.check_package(package)
    soldered = [joint for joint in joints if _has_solder(joint)]
    jobs = [
        ReflowJob(
            package=package,
            joint=joint,
            part=reflow.part_of(joint),
            oven=reflow.oven_of(joint),
            cell=reflow.cell,
            mesh_size=reflow.mesh_size,
            tolerance=reflow.tolerance,
            folder=folder / joint.name / "reflow",
            title="reflow",
        )
        for joint in soldered
    ]
    found = {
        joint.name: _kept(
            joint, otherwise, f"It has no solder that reflow study {reflow.name} could melt"
        )
        for joint in joints
    }
    for outcome in run_jobs(jobs, workers, observer):
        found[outcome.job.joint.name] = _start(outcome, reflow.name, otherwise)
    return found


def _has_solder(joint: Joint) -> bool:
    """Whether solder holds the joint on its board."""
    return joint.bump is None or joint.bump.bond == "solder"


def _start(outcome: JobOutcome[ReflowJob], study: str, otherwise: StressFree) -> JointStart:
    joint, result = outcome.job.joint, outcome.result
    if result is None:
        reason = f"not made in reflow study {study}: {outcome.reason}"
        return JointStart(joint, otherwise, reason=reason)
    citations = tuple(Citation(*item) for item in result["sources"])
    faults = tuple(f"In reflow study {study}: {fault['sentence']}." for fault in result["faults"])
    if result["stage"] == "firing":
        kept = _kept(joint, otherwise, f"Reflow study {study} fires its bump but does not bond it")
        return replace(kept, remarks=(*kept.remarks, *faults), citations=citations)
    start = StressFree(
        float(result["solidification"]["temperature"]),
        f"where its solder froze in reflow study {study}",
    )
    remarks = [
        f"Stress-free at {start.temperature:g} C, {start.source} ({_words(result)}).",
        *faults,
    ]
    shaped, neck = joint, result["neck"]
    if neck is not None and joint.neck is not None:
        try:
            shaped = melted_to(joint, neck["fraction"])
            outcome.job.package.check(shaped)
        except BumpfemError as error:
            return JointStart(joint, start, reason=str(error), citations=citations)
        remarks.append(
            f"Its neck is drawn from the melted fraction {neck['fraction']:.3f} of the oven, "
            f"not from the designed {joint.neck.melted_fraction:g}."
        )
    return JointStart(shaped, start, tuple(remarks), citations=citations)


def _words(result: dict[str, Any]) -> str:
    """Stage and oven of a joint's reflow, and how long its solder was molten."""
    return (
        f"{result['stage']}, {result['oven']}, peak of the solder {result['peak_solder_c']:.1f} C, "
        f"solid after {result['solidification']['time']:.0f} s"
    )


def _kept(joint: Joint, otherwise: StressFree, why: str) -> JointStart:
    """The start of a joint to whose stress-free state the oven has nothing to say."""
    remark = f"{why}: stress-free at {otherwise.temperature:g} C, {otherwise.source}."
    return JointStart(joint, otherwise, (remark,))
