"""``report.html`` of a window of the routes ``dip`` and ``flux``: one self-contained page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from bumpfem.materials import Citation, Extrapolation
from bumpfem.report.figures_dip_window import VERDICTS, dip_window_chart
from bumpfem.report.page import data_address, drawn, status_meaning, write_page
from bumpfem.report.rows import source_rows
from bumpfem.report.style import number

#: What the model does not know.
LEFT_OUT = (
    "Flow of the resin out of the gap between ball and pad, and voids: the race is one of times.",
    "What keeps solder from wetting beside time: oxides, flux that is used up, contact with resin.",
    "Neighbours: every joint of the package is like this one, so no heat flows sideways.",
    "Heat of reaction in the map: one temperature history serves all resins; the check says what "
    "that costs.",
    "The ball is where the design has it from the beginning; it does not sink in.",
)


@dataclass(frozen=True)
class DipWindowReport:
    """Everything that the page says.

    Attributes:
        title: Heading.
        window: ``window.csv``.
        check: ``check.csv``.
        failed: Runs that did not come through, and why.
        package_rows: Name and value of what describes the package.
        model_rows: Name and value of what describes heating and numerics.
        sources: Where the numbers come from.
        beyond: What was used beyond the range of its source.
        study_text: The study's file.
        versions: Versions of bumpfem and of the packages that decide numbers.
    """

    title: str
    window: pd.DataFrame
    check: pd.DataFrame
    failed: tuple[tuple[str, str], ...]
    package_rows: tuple[tuple[str, str], ...]
    model_rows: tuple[tuple[str, str], ...]
    sources: tuple[Citation, ...]
    beyond: tuple[Extrapolation, ...]
    study_text: str
    versions: Mapping[str, str] = field(default_factory=dict)


def write_dip_window_report(folder: Path, report: DipWindowReport) -> Path:
    """Write ``window.png`` and ``report.html``.

    Returns:
        Path of the page, which needs no other file.

    Raises:
        OSError: A file cannot be written.
    """
    chart = None if report.window.empty else drawn(lambda: dip_window_chart(report.window))
    if chart is not None:
        (folder / "window.png").write_bytes(chart)
    return write_page(
        "dip_window.html.j2",
        folder,
        report=report,
        headline=headline(report.window),
        chart=None if chart is None else data_address(chart, ".png"),
        summaries=[_summary(str(r), str(w), part) for (r, w), part in _parts(report.window)],
        checks=[_check(row) for row in report.check.to_dict("records")],
        moved=number(float(report.check["difference_s"].abs().max()), 2),
        spread=number(float(report.window["spread_k"].max()), 2),
        refused=refused(report.window),
        left_out=LEFT_OUT,
        sources=source_rows(report.sources),
        status_meaning=status_meaning(report.sources),
    )


def headline(window: pd.DataFrame) -> str:
    """Where each resin is made on each route, in a sentence for each."""
    sentences = []
    for (resin, route), part in _parts(window):
        made = part[part["verdict"] == "made"]
        name = f"{str(resin).replace('_', ' ')} ({route})"
        if made.empty:
            usual = part["verdict"].value_counts().index[0]
            sentences.append(f"{name}: nowhere made, mostly {VERDICTS[str(usual)][1]}.")
            continue
        text = (
            f"{name}: made at {len(made)} of {len(part)} points, from "
            f"{made['heating_rate_k_per_s'].min():g} K/s on"
        )
        if made["margin_s"].notna().any():
            text += (
                f", with {made['margin_s'].min():.0f} to {made['margin_s'].max():.0f} s to spare"
            )
        sentences.append(f"{text}.")
    return " ".join(sentences)


def refused(window: pd.DataFrame) -> list[str]:
    """Where and why a resin cannot be run, a sentence for each, by its first such point."""
    sentences = []
    for resin, part in window.groupby("resin", sort=False):
        lost = part[part["verdict"] == "impossible"]
        if not lost.empty:
            sentences.append(
                f"{str(resin).replace('_', ' ')} cannot be run at {len(lost)} of {len(part)} "
                f"points: {lost['reason'].iloc[0]}."
            )
    return sentences


def _parts(window: pd.DataFrame) -> Any:
    return window.groupby(["resin", "route"], sort=False)


def _summary(resin: str, route: str, part: pd.DataFrame) -> dict[str, Any]:
    made = part[part["verdict"] == "made"]
    won = part[part["margin_s"].fillna(0.0) >= 0.0]
    thick = made["viscosity_margin_s"].dropna()
    return {
        "resin": resin.replace("_", " "),
        "route": route,
        "made": f"{len(made)} of {len(part)}",
        "slowest": number(made["heating_rate_k_per_s"].min(), 3),
        "best": number(part["margin_s"].max(), 3),
        "worst": number(part["margin_s"].min(), 3),
        "viscosity": number(won["viscosity_at_wetting_pa_s"].median(), 2),
        "limit": number(part["viscosity_limit_pa_s"].max(), 2),
        "thick": number(thick.min(), 3) if len(thick) else "\u2013",
        "cure": f"{number(part['cure_end'].min(), 3)} to {number(part['cure_end'].max(), 3)}",
        "glass": number(made["glass_transition_end_c"].median(), 3),
    }


def _check(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "resin": str(row["resin"]).replace("_", " "),
        "route": row["route"],
        "rate": number(row["heating_rate_k_per_s"], 3),
        "peak": number(row["peak_c"], 3),
        "verdict": VERDICTS[str(row["verdict"])][1],
        "same": row["verdict"] == row["verdict_coupled"],
        "margin": number(row["margin_s"], 3),
        "coupled": number(row["margin_s_coupled"], 3),
        "difference": number(row["difference_s"], 2),
    }
