"""Report of a study of making: what the report room is told."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bumpfem.comparison import Lives
from bumpfem.comparison.why import explain
from bumpfem.fatigue import LIFE_DEFINITIONS, Weibull
from bumpfem.materials import Citation
from bumpfem.process.cell_loading import LEFT_OUT
from bumpfem.process.gel_race import VERDICTS
from bumpfem.report.making import MakingContext, write_making_report
from bumpfem.report.style import number
from bumpfem.study.pages import life_reading, package_rows, versions

if TYPE_CHECKING:
    from bumpfem.study.making import MakingResults

_MODEL_LEFT_OUT = (
    "Flow: resin and molten solder are where the finished shapes have them; only the film's and "
    "the solder's time to flow is estimated.",
    "Each step of the mechanics has one temperature in the whole cell, that of the heat conduction "
    "averaged over it.",
    "Cure is one number for the whole resin between two heatings.",
    "Package and board begin flat and free of stress at 25 C: warpage is that by joint and resin.",
    "The change of volume of solder that melts or freezes, and its pressure on its surroundings.",
    "Contact and fracture: nothing parts, so strengths of interfaces do not enter.",
    "Intermetallic layers, grains, voids, moisture and ageing.",
    "Plasticity of metals: pads, bumps and cores are elastic, unless a core names a law.",
)
#: Effect of the history on life below which it is said not to matter.
_SMALL = 0.05


def write_making_pages(results: MakingResults) -> Path:
    """Write ``report.html``."""
    runs = [*results.results.values(), *results.results_without.values()]
    used = {tuple(item) for result in runs for item in result["sources"]}
    used |= set(results.fatigue_sources)
    context = MakingContext(
        title=results.lives.title,
        headline=headline(results.table, results.lives.outlives),
        table=results.table,
        results=results.results,
        package_rows=package_rows(results.package),
        model_rows=_model_rows(results),
        ranking=results.lives.ranking,
        why=_why(results.lives),
        warnings=_warnings(results),
        left_out=(*LEFT_OUT, *_MODEL_LEFT_OUT),
        sources=[Citation(*item) for item in sorted(used)],
        study_text=results.study_text,
        versions=versions(),
    )
    return write_making_report(results.folder, context)


def headline(table: pd.DataFrame, outlives: Callable[[str, str], bool]) -> str:
    """How much the history matters and which joints are not made, in one to five sentences.

    Args:
        table: ``table.csv``.
        outlives: Whether the first joint certainly lives longer than the second.
    """
    return " ".join(filter(None, (_lives(table, outlives), *_not_made(table))))


def _lives(table: pd.DataFrame, outlives: Callable[[str, str], bool]) -> str:
    """Which joint lives longest, and what the history does to lives."""
    lived = table[table["life_cycles"].notna()]
    if lived.empty:
        return "No joint has a life: see the reasons in the table."
    best = lived.iloc[int(lived["life_cycles"].argmax())]
    text = (
        f"With the history of its making {best['joint']} has the longest computed life, "
        f"{number(best['life_cycles'])} cycles"
    )
    others = lived[lived["joint"] != best["joint"]]
    close = sum(not outlives(str(best["joint"]), str(name)) for name in others["joint"])
    text += f", not separated from {close} of {len(others)} others." if close else "."
    effects = lived[lived["life_by_history"].notna()]
    if not effects.empty:
        largest = effects.iloc[int(effects["life_by_history"].abs().argmax())]
        change = 100.0 * float(largest["life_by_history"])
        if abs(change) < 100.0 * _SMALL:
            text += f" The history changes no life by more than {abs(change):.1f} %."
        else:
            text += (
                f" The history matters most for {largest['joint']}: {change:+.0f} % of the life "
                "that it would have without."
            ).replace("-", "\u2212")
    moving = lived[lived["settled"].eq(False)]
    if not moving.empty:
        text += (
            f" The loops of {', '.join(map(str, moving['joint']))} have not settled: compute more "
            "cycles before believing what the history does to them."
        )
    return text


def _not_made(table: pd.DataFrame) -> list[str]:
    """Joints that failed, each once: those that lost the race of solder and resin with why."""
    failed = table[table["status"] == "failed"]
    lost = failed["race_verdict"].notna() & (failed["race_verdict"] != "made")
    reasons = [
        f"{row['joint']} is not made: {lost_words(row['race_verdict'], row['race_margin_s'])}."
        for row in failed[lost].to_dict("records")
    ]
    others = ", ".join(map(str, failed[~lost]["joint"]))
    return [*reasons, f"Failed: {others}." if others else ""]


def lost_words(verdict: str, margin: float | None) -> str:
    """How a race of solder and resin was lost.

    Args:
        verdict: A key of :data:`bumpfem.process.gel_race.VERDICTS`.
        margin: From wetting to the gel point, s; None or NaN where the solder does not wet.

    >>> lost_words("gels_early", -38.64)
    'the resin gels 38.6 s before the solder has wetted'
    """
    if verdict == "gels_early" and margin is not None and margin < 0.0:
        return f"the resin gels {number(-margin)} s before the solder has wetted"
    return VERDICTS[verdict]


def _why(lives: Lives) -> dict[str, str]:
    """What makes each life longer or shorter than the baseline's; remarks stand elsewhere."""
    baseline = lives[lives.baseline]
    return {
        row.joint: " ".join(text for text in sentences if text not in row.remarks)
        for row in lives
        if row.life is not None
        for sentences in [explain(row, baseline, lives.law, lives.model)]
    }


def _warnings(results: MakingResults) -> list[str]:
    """Remarks of both kinds of lives and mismatches of the fatigue law, each once."""
    shared: dict[str, list[str]] = {}
    for row in results.lives:
        for text in row.remarks:
            shared.setdefault(text, []).append(row.joint)
    warnings = [f"{', '.join(joints)}: {text}" for text, joints in shared.items()]
    if not results.study.error_bars:
        warnings.append(
            "One mesh per joint: two meshes of one joint scatter by a fifth in life, coarse ones "
            "by more, so joints are not separated (error_bars = true computes how far they are). "
            "What the history does is found on one mesh and scatters less."
        )
    warnings += results.without_reasons
    warnings += [item.sentence for item in results.lives.mismatches]
    return list(dict.fromkeys(warnings))


def _model_rows(results: MakingResults) -> list[tuple[str, str]]:
    study, law = results.study, results.lives.law
    cycle = study.cycle.thermal_cycle()
    rows = [
        (f"Steps of {joint.name}", making.words)
        for joint, making in zip(
            results.joints, study.makings(results.package).values(), strict=True
        )
    ]
    model = study.resin_model.replace("_", "-")
    rows += [
        ("Resin", f"{model}, {'shrinks as it cures' if study.shrinkage else 'without shrinkage'}"),
        ("Cycle", f"{cycle.name}, {cycle.minimum:g} to {cycle.maximum:g} C"),
        ("Cycles computed", str(study.cycle.cycles)),
        ("Law", f"{law.title} ({law.name})"),
        ("Life means", LIFE_DEFINITIONS[law.calibration.life_definition]),
    ]
    rows += _weibull_rows(results)
    rows += [
        ("Cell", "half of one pitch, symmetry through the direction of the neutral point"),
        ("Averaging layers", f"{study.layer_thickness * 1000:g} um of solder at each pad"),
        ("Elements", "second-order tetrahedra, mean volumetric strain in solder (B-bar)"),
        ("Mesh size", f"{study.mesh_size:g}"),
        ("Step tolerance", f"{study.tolerance:g}"),
        ("Error bars", "from a coarser mesh and looser steps" if study.error_bars else "none"),
    ]
    if study.without_history:
        for item in results.without:
            if item.job.with_fields and item.result is not None:
                words = f"{item.job.stress_free_temperature:g} C, {item.job.stress_free_source}"
                rows.append((f"{item.job.joint.name} without history: free of stress", words))
    return rows


def _weibull_rows(results: MakingResults) -> list[tuple[str, str]]:
    shape = results.study.fatigue.weibull_shape
    if shape is None:
        return []
    rows = [("Weibull shape", f"{shape:g} (stated by the study)")]
    for row in results.lives:
        if row.estimate is not None and math.isfinite(row.estimate.cycles):
            spread = Weibull.from_estimate(
                row.estimate, shape, read_as=life_reading(results.lives.law)
            )
            rows.append(
                (
                    f"{row.joint}: 1 % and 63.2 % failed",
                    f"{spread.percentile(0.01):,.0f} and {spread.percentile(0.632):,.0f} cycles",
                )
            )
    return rows
