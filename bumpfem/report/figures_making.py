"""Charts of a joint's making: its residual stress, its shear test, its lives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bumpfem.report.style import (
    INK,
    MUTED,
    figure_style,
    joint_colours,
    joint_label,
    number,
    region_colour,
    region_label,
    svg_of,
)

#: Regions whose stress is drawn.
_STRESSED = (
    "resin",
    "solder",
    "solder_layer_interposer",
    "interposer_pad",
    "attach",
    "core",
    "mask",
)


def stress_chart(result: Mapping[str, Any]) -> bytes:
    """Mean von Mises stress of the regions after each step, as SVG.

    Args:
        result: ``result.json`` with ``records``.

    Raises:
        ValueError: No region has any stress.
    """
    records = result["records"]
    names = [name for name in _STRESSED if any(name in record["regions"] for record in records)]
    if not names:
        raise ValueError("no region has any stress")
    places = np.arange(len(records))
    with figure_style():
        figure = Figure(figsize=(9.6, 3.6))
        axes = figure.add_axes((0.075, 0.2, 0.70, 0.68))
        for name in names:
            values = [
                record["regions"].get(name, {}).get("von_mises_mean", math.nan)
                for record in records
            ]
            axes.plot(
                places, values, marker="o", ms=4.0, lw=1.4, color=region_colour(name),
                label=region_label(name),
            )  # fmt: skip
        axes.set_xticks(
            places, [record["kind"].replace("_", "\n") for record in records], fontsize=8.0
        )
        axes.set_ylim(bottom=0.0)
        axes.set_ylabel("mean von Mises stress, MPa")
        axes.set_title(f"{joint_label(str(result['joint'])).capitalize()}: stress after each step")
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0)
        return svg_of(figure)


def shear_chart(results: Mapping[str, Mapping[str, Any]]) -> bytes | None:
    """Force over travel of the tool of every joint's ball shear test, as SVG; None without a test.

    Args:
        results: ``result.json`` of each joint.
    """
    curves = {}
    for name, result in results.items():
        tests = [record["shear_test"] for record in result["records"] if record["shear_test"]]
        if tests:
            curves[name] = tests[-1]["curve"]
    if not curves:
        return None
    colours = joint_colours(list(results))
    with figure_style():
        figure = Figure(figsize=(9.6, 4.2))
        axes = figure.add_axes((0.075, 0.13, 0.72, 0.83))
        for name, curve in curves.items():
            axes.plot(
                1e3 * np.asarray(curve["displacement"]), curve["force"], lw=1.6,
                color=colours[name], label=joint_label(name),
            )  # fmt: skip
        axes.set_xlim(left=0.0)
        axes.set_ylim(bottom=0.0)
        axes.set_xlabel("travel of the tool, \u00b5m")
        axes.set_ylabel("force on the tool, N")
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0)
        return svg_of(figure)


def history_chart(table: pd.DataFrame) -> bytes | None:
    """Life of each joint with and without the history of its making, as SVG; None without lives.

    Args:
        table: ``table.csv`` of a study of making.
    """
    rows = table[table["life_cycles"].notna()]
    if rows.empty:
        return None
    colours = joint_colours([str(name) for name in table["joint"]])
    count = len(rows)
    both = rows[["life_cycles", "life_without_history_cycles"]].to_numpy(float)
    reach = float(np.nanmax(np.where(np.isfinite(both), both, np.nan), initial=1.0))
    with figure_style():
        figure = Figure(figsize=(9.6, 0.9 + 0.62 * count))
        base = 0.6 / figure.get_figheight()
        axes = figure.add_axes((0.135, base, 0.85, 0.97 - base))
        for place, (_, row) in enumerate(rows.iterrows()):
            level, colour = count - 1 - place, colours[str(row["joint"])]
            axes.barh(level + 0.19, row["life_cycles"], height=0.34, color=colour)
            words = f" {number(row['life_cycles'])} with its history"
            if pd.notna(row["life_by_history"]):
                words += f" ({100.0 * row['life_by_history']:+.0f} %)".replace("-", "\u2212")
            axes.text(row["life_cycles"], level + 0.19, words, va="center", size=8.5, color=INK)
            without = row["life_without_history_cycles"]
            if pd.notna(without):
                axes.barh(level - 0.19, without, height=0.34, color=colour, alpha=0.4)
                axes.text(
                    without, level - 0.19, f" {number(without)} without", va="center", size=8.5,
                    color=MUTED,
                )  # fmt: skip
        axes.set_yticks(range(count), [joint_label(str(name)) for name in rows["joint"]][::-1])
        axes.set_xlim(0.0, 1.5 * reach)
        axes.set_xticks([tick for tick in axes.get_xticks() if tick <= 1.1 * reach])
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.set_xlabel("life in thermal cycles", loc="left")
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        return svg_of(figure)
