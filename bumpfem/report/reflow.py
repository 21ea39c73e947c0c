"""``report.html`` of a reflow study: one self-contained page."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from bumpfem.report.figures_reflow import profile_chart
from bumpfem.report.figures_window import neck_rows, window_chart
from bumpfem.report.page import data_address, drawn, status_meaning, write_page
from bumpfem.report.rows import source_rows
from bumpfem.report.style import joint_label, number
from bumpfem.report.thermal_pictures import REFLOW_PICTURES

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReflowContext:
    """Everything that the page says, apart from pictures and histories.

    Attributes:
        title: Title of the study.
        headline: Which joints are made well, in one to three sentences.
        table: ``table.csv``.
        joint_folders: Folder of every joint that was made.
        package_rows: Name and value of what describes the package.
        model_rows: Name and value of what describes oven and numerics.
        window: ``window.csv``, or None.
        neck_windows: For each necked joint, times by peak that give its melted fraction.
        warnings: What the runs warned of.
        left_out: What the model leaves out, one sentence each.
        sources: Key, status and use of every source.
        study_text: The study's file.
        versions: Versions of bumpfem and of the packages that decide numbers.
    """

    title: str
    headline: str
    table: pd.DataFrame
    joint_folders: Mapping[str, Path]
    package_rows: Sequence[tuple[str, str]] = ()
    model_rows: Sequence[tuple[str, str]] = ()
    window: pd.DataFrame | None = None
    neck_windows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    left_out: Sequence[str] = ()
    sources: Sequence[tuple[str, str, str]] = ()
    study_text: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def write_reflow_report(study_folder: Path, context: ReflowContext) -> Path:
    """Write ``report.html`` into the folder of a reflow study.

    Args:
        study_folder: Where the page goes; the window's map is written there as ``window.png``.
        context: What it says.

    Returns:
        Path of the page.

    Raises:
        OSError: The page cannot be written.
    """
    results = {name: _result(folder) for name, folder in context.joint_folders.items()}
    window = context.window
    chart = None if window is None else drawn(lambda: window_chart(window))
    if chart is not None:
        (study_folder / "window.png").write_bytes(chart)
    rows = [_row(dict(row)) for row in context.table.to_dict("records")]
    return write_page(
        "reflow.html.j2",
        study_folder,
        context=context,
        rows=rows,
        failed=[row for row in rows if row["failed"]],
        profiles=_profiles(context.joint_folders, results),
        window=_data(chart, ".png"),
        neck_rows=neck_rows(context.neck_windows),
        joints=[_joint(name, context.joint_folders[name], results[name]) for name in results],
        sources=source_rows(context.sources),
        status_meaning=status_meaning(context.sources),
    )  # fmt: skip


def _result(folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return result


def _profiles(
    folders: Mapping[str, Path], results: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """One chart for each oven, with the joints that went through it."""
    ovens: dict[tuple[str, bool], list[str]] = {}
    for name, result in results.items():
        ovens.setdefault((result["oven"], result["limits"] is None), []).append(name)
    charts = []
    for (oven, _), names in ovens.items():
        first = results[names[0]]

        def draw(names: list[str] = names, first: dict[str, Any] = first) -> bytes:
            histories = {name: pd.read_csv(folders[name] / "history.csv") for name in names}
            return profile_chart(histories, first, "profile or gas")

        charts.append(
            {
                "oven": oven,
                "joints": ", ".join(joint_label(name) for name in names),
                "limits": None if first["limits"] is None else first["limits"]["title"],
                "data": _data(drawn(draw), ".svg"),
            }
        )
    return charts


def _joint(name: str, folder: Path, result: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": joint_label(name),
        "anchor": f"joint-{name}",
        "result": result,
        "faults": [fault["sentence"] for fault in result["faults"]],
        "numerics": (
            f"{result['stage']}, {result['oven']}; {number(result['unknowns'])} unknowns, "
            f"{result['steps']} steps, energy balance to "
            f"{number(100.0 * result['balance_error'], 2)} %, {number(result['wall_s'], 2)} s"
        ),
        "checks": [_check(check) for check in result["checks"]],
        "solids": [
            {
                "region": item["region"].replace("_", " "),
                "material": item["material"],
                "melts_at": number(item["melts_at"], 4),
                "highest": number(item["highest"], 4),
                "margin": number(item["margin_k"], 3),
                "good": item["margin_k"] > 0.0,
            }
            for item in result["solids"]
        ],
        "dissolved": [
            {
                "face": item["face"]["name"].replace("_", " "),
                "material": item["face"]["material"],
                "before": number(1e3 * item["face"]["thickness"], 3),
                "depth": number(1e3 * item["depth"], 2),
                "left": number(1e3 * item["remaining"], 3),
                "good": item["consumed_after"] is None,
            }
            for item in result["dissolved"]
        ],
        "pictures": [
            {"title": title, "data": _embedded(folder / picture)}
            for picture, title in REFLOW_PICTURES.items()
            if picture != "melting.gif" or (folder / picture).is_file()
        ],
        "warnings": result["warnings"],
    }


def _check(check: dict[str, Any]) -> dict[str, Any]:
    low, high, unit = check["minimum"], check["maximum"], check["unit"].replace("deg", "\u00b0")
    bounds = f"{number(low)} to {number(high)}" if low is not None else f"at most {number(high)}"
    return {
        "words": check["words"].replace("degC", "\u00b0C"),
        "value": "\u2013" if check["value"] is None else f"{number(check['value'])} {unit}",
        "bounds": f"{bounds} {unit}",
        "margin": "\u2013" if check["margin"] is None else f"{number(check['margin'], 2)} {unit}",
        "passed": check["passed"],
        "status": check["status"],
    }


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    failed = row["status"] == "failed"
    shown = {
        name: number(_rounded(row[name]), digits)
        for name, digits in (
            ("peak_solder_c", 4), ("time_molten_s", 3), ("melted_fraction", 3),
            ("core_margin_k", 3), ("release_margin_k", 3), ("stress_free_temperature_c", 4),
            ("dissolved_board_pad_um", 2), ("dissolved_interposer_pad_um", 2),
            ("barrier_left_um", 3),
        )
    }  # fmt: skip
    limits = "\u2013"
    if not failed and row["limits_checked"]:
        limits = f"{int(row['limits_kept'])} of {int(row['limits_checked'])}"
    return {
        **shown,
        "joint": joint_label(str(row["joint"])),
        "stage": "" if failed else row["stage"],
        "failed": failed,
        "reason": str(row["reason"] or ""),
        "made_well": not failed and bool(row["made_well"]),
        "faults": "" if failed else str(row["faults"] or ""),
        "limits": limits,
    }


def _rounded(value: object) -> object:
    """A number without the last digits, so that 0.999999999 is shown as 1."""
    return round(value, 6) if isinstance(value, float) else value


def _embedded(path: Path) -> str | None:
    return _data(path.read_bytes(), path.suffix) if path.is_file() else None


def _data(content: bytes | None, suffix: str) -> str | None:
    """Content of a picture as a ``data:`` address; None where there is none."""
    return None if content is None else data_address(content, suffix)
