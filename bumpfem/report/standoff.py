"""Figure, table and page of a study of stand-off."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bumpfem.materials import Citation
from bumpfem.materials.provenance import STATUS_MEANING
from bumpfem.report.style import (
    DPI,
    INK,
    MUTED,
    RULE,
    figure_style,
    joint_colours,
    joint_label,
    number,
)

#: Column and axis label of what varies.
SWEEPS = {
    "load": ("load_mn", "load on one joint, mN"),
    "volume": ("volume_factor", "solder relative to the design"),
    "temperature": ("temperature_c", "mounting temperature, \u00b0C"),
}
_REGIMES = {"wrapped": "o", "bridges": "s", "plain": "o"}


@dataclass(frozen=True)
class StandoffReport:
    """What the page says.

    Args:
        title: Heading.
        package: Name of the package.
        table: One row per joint and condition (columns: :class:`bumpfem.study.StandoffRow`).
        load: What loads the joints where the load does not vary, in words.
        temperature: Mounting temperature where it does not vary, degrees C.
        core_standoff: Distance of the pads at which each core touches both, mm, by joint.
        sources: Where the numbers come from.
        study_text: The study's file.
    """

    title: str
    package: str
    table: pd.DataFrame
    load: str
    temperature: float
    core_standoff: Mapping[str, float]
    sources: tuple[Citation, ...]
    study_text: str


def write_standoff_report(folder: Path, report: StandoffReport) -> Path:
    """Write ``table.csv``, ``standoff.png`` and ``report.html``.

    Returns:
        Path of the page, which needs no other file.

    Raises:
        OSError: A file cannot be written.
    """
    report.table.to_csv(folder / "table.csv", index=False)
    picture = folder / "standoff.png"
    with figure_style():
        figure = draw_standoff(report)
        figure.savefig(picture, dpi=DPI, metadata={"Software": ""})
    page = folder / "report.html"
    page.write_text(_page(report, picture.read_bytes()), encoding="utf-8")
    return page


def draw_standoff(report: StandoffReport) -> Figure:
    """Stand-off over load, volume and temperature, side by side on one scale."""
    figure = Figure(figsize=(11.0, 3.8), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(SWEEPS), sharey=True)
    for axes, sweep in zip(panels, SWEEPS, strict=True):
        _panel(axes, report, sweep)
    panels[0].set_ylabel("stand-off, mm")
    panels[0].legend(loc="best")
    figure.suptitle(report.title, x=0.01, ha="left", fontsize=11.0, fontweight="bold", color=INK)
    return figure


def _panel(axes: Axes, report: StandoffReport, sweep: str) -> None:
    column, label = SWEEPS[sweep]
    part = report.table[report.table["sweep"] == sweep]
    names = list(dict.fromkeys(part["joint"]))
    colours = joint_colours(names)
    for name in names:
        rows = part[part["joint"] == name]
        axes.plot(rows[column], rows["standoff_mm"], color=colours[name], label=joint_label(name))
        for regime, marker in _REGIMES.items():
            some = rows[rows["regime"] == regime]
            axes.plot(
                some[column], some["standoff_mm"], marker, ms=4.0, color=colours[name],
                mfc="white" if regime == "bridges" else colours[name],
            )  # fmt: skip
        if name in report.core_standoff:
            axes.axhline(report.core_standoff[name], color=colours[name], lw=0.7, ls=":")
    axes.set_xlabel(label)


def _page(report: StandoffReport, picture: bytes) -> str:
    image = base64.b64encode(picture).decode("ascii")
    kept = (
        "Dotted: the height of core and films, below which the stand-off cannot fall. "
        "Open squares: the shell is too small to wrap the core (two bridges)."
    )
    tables = "".join(
        f"<h2>Over {html.escape(sweep)}</h2>{_table(report.table, sweep)}" for sweep in SWEEPS
    )
    sources = "".join(
        f"<li>{html.escape(entry.what)}: {html.escape(entry.key)}, "
        f"{html.escape(STATUS_MEANING[entry.status])}</li>"
        for entry in report.sources
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(report.title)}</title><style>
body {{ font: 15px/1.5 "DejaVu Sans", sans-serif; color: {INK}; }}
body {{ margin: 2em auto; max-width: 72em; }}
table {{ border-collapse: collapse; }} td, th {{ padding: 2px 10px; text-align: right; }}
th {{ color: {MUTED}; font-weight: normal; }} tr {{ border-bottom: 1px solid {RULE}; }}
img {{ max-width: 100%; }} pre {{ background: #f5f7f9; padding: 1em; }}
</style></head><body>
<h1>{html.escape(report.title)}</h1>
<p>Package {html.escape(report.package)}. Where they do not vary: load {html.escape(report.load)};
mounting temperature {report.temperature:g} \u00b0C; volume as designed. {kept}</p>
<img alt="stand-off over load, volume and temperature" src="data:image/png;base64,{image}">
{tables}
<h2>Sources</h2><ul>{sources}</ul>
<h2>Study</h2><pre>{html.escape(report.study_text)}</pre>
</body></html>
"""


def _table(table: pd.DataFrame, sweep: str) -> str:
    column, label = SWEEPS[sweep]
    part = table[table["sweep"] == sweep]
    heads = (label, "joint", "stand-off, mm", "carried by the core, mN", "widest, mm", "regime", "")
    rows = [
        "".join(
            f"<td>{html.escape(text)}</td>"
            for text in (
                number(float(row[column]), 4), joint_label(row["joint"]),
                number(row["standoff_mm"], 4), number(row["core_force_mn"]),
                number(row["max_diameter_mm"], 4), str(row["regime"]), str(row["note"]),
            )
        )
        for _, row in part.iterrows()
    ]  # fmt: skip
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
