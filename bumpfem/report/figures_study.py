"""Charts that put all joints of a study side by side, as SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bumpfem.report.files import VOLUMES, JointFiles
from bumpfem.report.style import (
    INK,
    MUTED,
    figure_style,
    joint_colours,
    joint_label,
    number,
    svg_of,
)

_WIDTH = 9.6


def by_life(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table with the longest life first; joints without a life come last."""
    return table.sort_values("life_cycles", ascending=False, na_position="last", kind="stable")


def ranking_chart(table: pd.DataFrame) -> bytes:
    """Bars of life with their error bars and the ratio to the plain joint, as SVG.

    Args:
        table: Columns of ``table.csv``; a joint without a life is named without a bar.
    """
    rows = by_life(table)
    colours = joint_colours([str(name) for name in table["joint"]])
    count = len(rows)
    with figure_style():
        figure = Figure(figsize=(_WIDTH, 0.75 + 0.52 * count))
        base, top = 0.55 / figure.get_figheight(), 1.0 - 0.06 / figure.get_figheight()
        axes = figure.add_axes((0.135, base, 0.85, top - base))
        highest = float(np.nanmax(rows[["life_cycles", "life_high"]].to_numpy(float), initial=0.0))
        reach = highest if highest > 0.0 else 1.0
        for position, (_, row) in enumerate(rows.iterrows()):
            _life_bar(axes, count - 1 - position, row, colours[str(row["joint"])], reach)
        names = [joint_label(str(name)) for name in rows["joint"]]
        axes.set_yticks(range(count), names[::-1], fontsize=10.5)
        axes.set_ylim(-0.6, count - 0.4)
        axes.set_xlim(0.0, 1.45 * reach)
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.set_xticks([tick for tick in axes.get_xticks() if tick <= 1.1 * reach])
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.set_xlabel("life in thermal cycles; black line: error bar", loc="left")
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_color(MUTED)
        axes.spines["bottom"].set_bounds(0.0, float(axes.get_xticks()[-1]))
        return svg_of(figure)


def loop_chart(joints: Mapping[str, JointFiles]) -> bytes | None:
    """The last hysteresis loop of every joint in one diagram, as SVG; None without any loop."""
    colours = joint_colours(list(joints))
    with figure_style():
        figure = Figure(figsize=(_WIDTH, 4.6))
        axes = figure.add_axes((0.075, 0.12, 0.72, 0.85))
        axes.axhline(0.0, color=MUTED, lw=0.6, zorder=1)
        axes.axvline(0.0, color=MUTED, lw=0.6, zorder=1)
        drawn = False
        for name, files in joints.items():
            if files.last_cycle < 1 or "shear_stress_mpa" not in files.history:
                continue
            loop = files.loop(files.last_cycle)
            axes.plot(
                100.0 * loop["shear_strain"],
                loop["shear_stress_mpa"],
                color=colours[name],
                lw=1.8,
                label=joint_label(name),
            )
            drawn = True
        axes.set_xlabel("shear strain (relative pad displacement / stand-off), %")
        axes.set_ylabel("mean shear stress, MPa")
        _legend_outside(axes)
        return svg_of(figure) if drawn else None


def settling_chart(joints: Mapping[str, JointFiles], critical: Mapping[str, str]) -> bytes | None:
    """Energy density of each cycle in the critical layer of every joint, as SVG.

    Args:
        joints: The computed joints.
        critical: Averaging volume that decides the life of each joint.

    Returns:
        The chart; None where no joint has cycles.
    """
    colours = joint_colours(list(joints))
    last = 0
    with figure_style():
        figure = Figure(figsize=(_WIDTH, 3.4))
        axes = figure.add_axes((0.075, 0.155, 0.72, 0.81))
        for name, files in joints.items():
            if files.cycles.empty:
                continue
            rows = files.cycles[files.cycles["volume"] == critical.get(name)].sort_values("cycle")
            if rows.empty:
                continue
            last = max(last, int(rows["cycle"].max()))
            axes.plot(
                rows["cycle"],
                rows["delta_w_mpa"],
                color=colours[name],
                lw=1.6,
                marker="o",
                ms=6.0,
                label=joint_label(name),
            )
            open_rows = rows[~rows["settled"].astype(bool)]
            axes.plot(
                open_rows["cycle"],
                open_rows["delta_w_mpa"],
                ls="none",
                marker="o",
                ms=4.2,
                color="white",
                zorder=5,
            )
        axes.set_xlabel("cycle; open circle: changed by 5 % or more, or nothing to compare with")
        axes.set_ylabel("energy density\nper cycle, mJ/mm\u00b3")
        axes.set_xticks(range(1, last + 1) if last <= 12 else np.linspace(1, last, 10).astype(int))
        axes.set_ylim(bottom=0.0)
        axes.margins(x=0.05)
        _legend_outside(axes)
        return svg_of(figure) if last else None


def _life_bar(axes: Axes, y: float, row: pd.Series, colour: str, reach: float) -> None:
    life = float(row["life_cycles"])
    if not math.isfinite(life):
        axes.text(0.01 * reach, y, "no life computed, see warnings", va="center", color=MUTED)
        return
    low, high = float(row["life_low"]), float(row["life_high"])
    axes.barh(y, life, height=0.58, color=colour, zorder=2)
    end = life
    if math.isfinite(low) and math.isfinite(high):
        axes.errorbar(
            life,
            y,
            xerr=[[max(life - low, 0.0)], [max(high - life, 0.0)]],
            color="black",
            elinewidth=1.4,
            capsize=4.0,
            capthick=1.4,
            zorder=3,
        )
        end = max(life, high)
    ratio = number(float(row["life_ratio"]))
    words = f"{number(life)} cycles, {ratio}\u00d7 plain"
    words = words if str(row["joint"]) != "plain" else f"{number(life)} cycles (reference)"
    axes.text(end + 0.02 * reach, y, words, va="center", color=INK, fontsize=9.5)


def _legend_outside(axes: Axes) -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), fontsize=9.5, labelspacing=0.7)


def critical_words(volume: str) -> str:
    """Name of an averaging volume in plain words.

    >>> critical_words("solder_layer_board")
    'layer at the board'
    """
    words = {**VOLUMES, "solder_layer_weakest": "section between the pads"}
    return words.get(volume, volume.replace("_", " "))
