"""Every joint over a window of peaks and times above liquidus: where is it made well?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bumpfem.design import Joint, Package
from bumpfem.design.reflow_study import ReflowStudy, Window
from bumpfem.process.reflow_outcome import FAULTS, FaultKind
from bumpfem.study.reflow_job import ReflowJob
from bumpfem.study.runner import JobOutcome

#: What a point of the window is called where the joint is made well.
WELL = "well"
#: Columns of ``window.csv``.
WINDOW_COLUMNS: tuple[str, ...] = (
    "joint", "peak_c", "time_above_liquidus_s", "verdict", "reason", "melted_fraction",
    "peak_solder_c", "time_molten_s", "core_margin_k", "deepest_dissolution_um",
)  # fmt: skip


def window_jobs(
    study: ReflowStudy, window: Window, package: Package, joints: Sequence[Joint], folder: Path
) -> list[ReflowJob]:
    """One run per joint and point; results lie in ``folder/window/<joint>/``."""
    jobs = []
    for joint in joints:
        oven = study.oven_of(joint)
        for peak in window.peaks:
            for time in window.times_above_liquidus:
                changed = oven.model_copy(update={"peak": peak, "time_above_liquidus": time})
                jobs.append(
                    ReflowJob(
                        package=package,
                        joint=joint,
                        part=study.part_of(joint),
                        oven=changed,
                        cell=study.cell,
                        mesh_size=study.mesh_size,
                        tolerance=study.tolerance,
                        folder=folder / "window" / joint.name / f"peak_{peak:g}_time_{time:g}",
                        with_fields=False,
                        strict=False,
                        title=f"peak {peak:g} C, {time:g} s",
                    )
                )
    return jobs


def window_table(outcomes: Sequence[JobOutcome[ReflowJob]]) -> pd.DataFrame:
    """Columns :data:`WINDOW_COLUMNS`, one row per run."""
    rows = [_row(item.job, item.result, item.reason) for item in outcomes]
    return pd.DataFrame(rows, columns=list(WINDOW_COLUMNS))


def _row(job: ReflowJob, result: dict[str, Any] | None, reason: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "joint": job.joint.name,
        "peak_c": job.oven.peak,
        "time_above_liquidus_s": job.oven.time_above_liquidus,
    }
    if result is None:
        return {**row, "verdict": "impossible", "reason": reason}
    verdict, sentences = WELL, [fault["sentence"] for fault in result["faults"]]
    if result["faults"]:
        order: list[FaultKind] = list(FAULTS)
        verdict = min((fault["kind"] for fault in result["faults"]), key=order.index)
    margins = [item["margin_k"] for item in result["solids"]]
    depths = [1e3 * item["depth"] for item in result["dissolved"]]
    return {
        **row,
        "verdict": verdict,
        "reason": "; ".join(sentences),
        "melted_fraction": result["melted_fraction"],
        "peak_solder_c": result["peak_solder_c"],
        "time_molten_s": result["time_molten_s"],
        "core_margin_k": min(margins, default=None),
        "deepest_dissolution_um": max(depths, default=None),
    }


def neck_window(table: pd.DataFrame, wanted: float, tolerance: float) -> pd.DataFrame:
    """For each peak the times above liquidus that give a wanted melted fraction.

    The melted fraction is taken to be linear in time between the points of the window.

    Args:
        table: Rows of one joint of :func:`window_table`.
        wanted: Wanted melted fraction.
        tolerance: Allowed difference.

    Returns:
        Columns ``peak_c``, ``shortest_s``, ``longest_s``; peaks without such a time are left out.
    """
    rows = []
    for peak, part in table.dropna(subset=["melted_fraction"]).groupby("peak_c"):
        ordered = part.sort_values("time_above_liquidus_s")
        times = ordered["time_above_liquidus_s"].to_numpy(dtype=float)
        fractions = ordered["melted_fraction"].to_numpy(dtype=float)
        low, high = max(wanted - tolerance, 1e-6), wanted + tolerance
        start, end = _reaches(times, fractions, low), _reaches(times, fractions, high)
        if start is not None:
            last = float(times[-1]) if end is None else end
            rows.append({"peak_c": float(str(peak)), "shortest_s": start, "longest_s": last})
    return pd.DataFrame(rows, columns=["peak_c", "shortest_s", "longest_s"])


def _reaches(times: Any, fractions: Any, level: float) -> float | None:
    """First time at which a rising melted fraction reaches a level; None if it never does."""
    if fractions[0] >= level:
        return float(times[0])
    for place in range(1, len(times)):
        if fractions[place] >= level:
            rise = fractions[place] - fractions[place - 1]
            share = (level - fractions[place - 1]) / rise
            return float(times[place - 1] + share * (times[place] - times[place - 1]))
    return None
