"""``report.html`` of a study of making: one self-contained page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from bumpfem.report.figures_making import history_chart, shear_chart, stress_chart
from bumpfem.report.figures_study import critical_words
from bumpfem.report.figures_timeline import timeline_chart
from bumpfem.report.page import data_address, drawn, status_meaning, write_page
from bumpfem.report.rows import source_rows
from bumpfem.report.style import joint_label, number, region_label, time_unit


@dataclass(frozen=True)
class MakingContext:
    """Everything that the page says.

    Attributes:
        title: Title of the study.
        headline: How much the history matters, and which joints are not made.
        table: ``table.csv``.
        results: ``result.json`` of every joint that came through.
        package_rows: Name and value of what describes the package.
        model_rows: Name and value of what describes cycle, fatigue law and numerics.
        ranking: Sentences that rank the joints.
        why: A paragraph on each life and its causes by the joint's name.
        warnings: What the runs warned of.
        left_out: What the model leaves out, one sentence each.
        sources: Key, status and use of every source.
        study_text: The study's file.
        versions: Versions of bumpfem and of the packages that decide numbers.
    """

    title: str
    headline: str
    table: pd.DataFrame
    results: Mapping[str, Mapping[str, Any]]
    package_rows: Sequence[tuple[str, str]] = ()
    model_rows: Sequence[tuple[str, str]] = ()
    ranking: Sequence[str] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    left_out: Sequence[str] = ()
    sources: Sequence[tuple[str, str, str]] = ()
    study_text: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def write_making_report(study_folder: Path, context: MakingContext) -> Path:
    """Write ``report.html`` into the folder of a study of making.

    Args:
        study_folder: Where the page goes.
        context: What it says.

    Returns:
        Path of the page.

    Raises:
        OSError: The page cannot be written.
    """
    rows = [_row(dict(row)) for row in context.table.to_dict("records")]
    has_test = any(
        record["shear_test"] for result in context.results.values() for record in result["records"]
    )
    return write_page(
        "making.html.j2",
        study_folder,
        context=context,
        rows=rows,
        failed=[row for row in rows if row["failed"]],
        history=_svg(drawn(lambda: history_chart(context.table))),
        shear=_svg(drawn(lambda: shear_chart(context.results))),
        has_test=has_test,
        why={joint_label(name): text for name, text in context.why.items()},
        joints=[_joint(name, result) for name, result in context.results.items()],
        sources=source_rows(context.sources),
        status_meaning=status_meaning(context.sources),
    )


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    effect = row["life_by_history"]
    return {
        **{
            name: number(row[name], digits)
            for name, digits in (
                ("cure", 3), ("glass_transition_c", 3), ("race_margin_s", 3),
                ("resin_von_mises_mean_mpa", 3), ("largest_peel_mpa", 3),
                ("bow_before_mounting_um", 3), ("shear_peak_n", 3), ("shear_strength_mpa", 3),
                ("delta_w_mpa", 3), ("life_cycles", 3), ("delta_w_without_history_mpa", 3),
                ("life_without_history_cycles", 3),
            )
        },
        "joint": joint_label(str(row["joint"])),
        "anchor": f"joint-{row['joint']}",
        "route": row["route"],
        "layer": critical_words(str(row["critical_layer"] or "")).removeprefix("layer at the "),
        "failed": row["status"] == "failed",
        "reason": str(row["reason"] or ""),
        "race": race_words(row["race_verdict"]),
        "race_made": row["race_verdict"] == "made",
        "life_range": _range(row["life_low"], row["life_high"]),
        "levelled": _level_words(row["shear_levelled"]),
        "settled": row["settled"] is None or bool(row["settled"]),
        "effect": "\u2013"
        if pd.isna(effect)
        else f"{100.0 * effect:+.0f}\u202f%".replace("-", "\u2212"),
    }  # fmt: skip


def race_words(verdict: object) -> str:
    """Verdict of the race of wetting against gelation in a few words; empty without a race."""
    words = {
        "made": "wets before the resin gels",
        "gels_early": "resin gels first",
        "not_wetted": "does not wet",
        "not_molten": "does not melt",
    }
    return words.get(str(verdict), "") if isinstance(verdict, str) else ""


def _range(low: Any, high: Any) -> str:
    if pd.isna(low) or pd.isna(high) or low <= 0.0 or high == float("inf"):
        return ""
    return f"{number(float(low))} to {number(float(high))}"


def _joint(name: str, result: Mapping[str, Any]) -> dict[str, Any]:
    records = result["records"]
    race = next((record["verdict"] for record in records if record["verdict"]), None)
    tests = [record["shear_test"] for record in records if record["shear_test"]]
    return {
        "name": joint_label(name),
        "anchor": f"joint-{name}",
        "numerics": (
            f"{len(records)} steps; {number(result['unknowns'])} unknowns, {result['steps']} "
            f"increments, {number(result['wall_s'], 2)} s"
        ),
        "timeline": _svg(drawn(lambda: timeline_chart(result))),
        "stress": _svg(drawn(lambda: stress_chart(result))),
        "race": None if race is None else race["sentence"],
        "race_made": race is not None and race["verdict"] == "made",
        "faults": [
            f"{item['stage']}: {fault}"
            for item in result["heated"]
            for fault in item["facts"]["faults"]
            if race is None or fault != race["sentence"]
        ],
        "steps": [_step(record) for record in records],
        "interfaces": _interfaces(records),
        "test": None if not tests else _test(tests[-1]),
        "notes": [
            (f"{record['number']} {record['kind'].replace('_', ' ')}", text)
            for record in records
            for text in record["notes"]
        ],
        "warnings": result["warnings"],
    }


def _step(record: Mapping[str, Any]) -> dict[str, str]:
    """One row of the table of steps."""
    span = record["end_s"] - record["start_s"]
    scale, unit = time_unit(span)
    cure, regions = record["cure"], record["regions"]
    warpage, tractions = record["warpage"] or {}, record["interfaces"].values()
    bow = warpage.get("bow_over_package")
    return {
        "number": str(record["number"]),
        "kind": record["kind"].replace("_", " "),
        "duration": f"{number(span / scale)} {unit}" if span > 0.0 else "\u2013",
        "temperature": number(record["temperature_c"]),
        "cure": "\u2013" if cure is None else number(cure["mean"]),
        "transition": "\u2013" if cure is None else number(cure["glass_transition_c"]),
        "resin": _stress(regions.get("resin")),
        "solder": _stress(regions.get("solder")),
        "pad": _stress(regions.get("interposer_pad")),
        "bow": "\u2013" if bow is None else number(bow),
        "peel": _largest(tractions, "peel_max"),
        "shear": _largest(tractions, "shear_max"),
    }


def _stress(item: Mapping[str, float] | None) -> str:
    if item is None:
        return "\u2013"
    return f"{number(item['von_mises_mean'])} / {number(item['von_mises_max'])}"


def _largest(tractions: Any, name: str) -> str:
    values = [item[name] for item in tractions if item.get(name) is not None]
    return number(max(values)) if values else "\u2013"


def _interfaces(records: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Tractions of the interfaces when the cycles begin."""
    kinds = [record["kind"] for record in records]
    end = kinds.index("cycles") if "cycles" in kinds else len(records)
    made = [record for record in records[:end] if record["interfaces"]]
    if not made:
        return []
    return [
        {
            "name": region_label(name),
            **{
                column: number(item.get(column))
                for column in ("peel_mean", "peel_max", "shear_mean", "shear_max")
            },
        }
        for name, item in made[-1]["interfaces"].items()
    ]


def _test(test: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rows": [
            ("Height of the tool", f"{number(test['tool_height'])} mm"),
            ("Height of the ball", f"{number(test['ball_height'])} mm"),
            ("Speed", f"{number(test['speed'])} mm/s"),
            ("Temperature", f"{number(test['temperature'])} \u00b0C"),
            ("Highest force", f"{number(test['peak_force'])} N"),
            ("Strength, over the area of the pad", f"{number(test['strength'])} MPa"),
            ("At this travel", _level_words(test["levelled"])),
        ],
        "verdict": test["verdict"],
        "limits": test["limits"],
    }


def _level_words(levelled: Any) -> str:
    """Whether a ball shear test has reached its limit load; empty without a test."""
    if levelled is None or pd.isna(levelled):
        return ""
    return "limit load" if levelled else "still rising"


def _svg(content: bytes | None) -> str | None:
    return None if content is None else data_address(content, ".svg")
