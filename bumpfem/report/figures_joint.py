"""Curves of one joint: its shear hysteresis loop and its history."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bumpfem.report.files import VOLUMES, JointFiles
from bumpfem.report.style import (
    INK,
    MUTED,
    TEMPERATURE_MAP,
    joint_label,
    region_colour,
    time_unit,
)

_DWELL_K = 0.5


def draw_hysteresis(files: JointFiles) -> Figure:
    """Mean shear stress over shear strain: early cycles thin, the last one coloured by temperature.

    Args:
        files: The joint; its history needs ``shear_strain`` and ``shear_stress_mpa``.

    Raises:
        KeyError: The history lacks a column.
        ValueError: The history holds no cycle.
    """
    history = files.history
    if history.empty or files.last_cycle < 1:
        raise ValueError("the history holds no complete cycle")
    figure = Figure(figsize=(6.0, 4.6))
    axes = figure.add_axes((0.125, 0.125, 0.68, 0.69))
    title = f"{joint_label(files.name).capitalize()}: shear hysteresis loop"
    figure.text(0.03, 0.94, title, weight="bold", size=11)
    axes.axhline(0.0, color=MUTED, lw=0.6, zorder=1)
    axes.axvline(0.0, color=MUTED, lw=0.6, zorder=1)
    for cycle in range(files.last_cycle):
        rows = files.loop(cycle) if cycle else history[history["cycle"] == 0]
        label = {0: "lead-in", 1: _earlier(files.last_cycle)}.get(cycle)
        axes.plot(
            100.0 * rows["shear_strain"],
            rows["shear_stress_mpa"],
            color="#9aa5b1",
            lw=0.9,
            ls=":" if cycle == 0 else "-",
            label=label if len(rows) > 1 else None,
            zorder=2,
        )
    last = files.loop(files.last_cycle)
    temperature = last["temperature_c"].to_numpy(float)
    norm = Normalize(temperature.min(), temperature.max())
    _temperature_line(axes, last, norm)
    axes.plot([], [], color=INK, lw=3.0, label=f"cycle {files.last_cycle}")
    for kind, marker, rows in dwells(last):
        axes.plot(
            100.0 * rows["shear_strain"].iloc[[0, -1]],
            rows["shear_stress_mpa"].iloc[[0, -1]],
            ls="none",
            marker=marker,
            ms=7.0,
            mfc="white",
            mec=INK,
            mew=1.2,
            label=f"{kind} dwell, start and end",
            zorder=6,
        )
    axes.margins(0.07)
    axes.autoscale_view()
    axes.set_xlabel("shear strain (relative pad displacement / stand-off), %")
    axes.set_ylabel("mean shear stress, MPa")
    bar = figure.colorbar(
        ScalarMappable(norm, TEMPERATURE_MAP), cax=figure.add_axes((0.84, 0.125, 0.028, 0.69))
    )
    bar.set_label("temperature, \u00b0C")
    bar.outline.set_linewidth(0.5)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.005),
        ncols=2,
        handlelength=1.8,
        columnspacing=1.6,
        borderaxespad=0.2,
    )
    return figure


def draw_history(files: JointFiles) -> Figure:
    """Temperature, and the inelastic energy density gathered in each averaging volume, over time.

    Args:
        files: The joint; its history needs ``time_s``, ``temperature_c`` and at least one
            ``inelastic_work_mpa__V``.

    Raises:
        KeyError: The history lacks a column.
        ValueError: The history is empty.
    """
    history = files.history
    if history.empty:
        raise ValueError("the history is empty")
    scale, unit = time_unit(float(history["time_s"].iloc[-1] - history["time_s"].iloc[0]))
    time = history["time_s"] / scale
    figure = Figure(figsize=(6.0, 4.6))
    upper = figure.add_axes((0.14, 0.655, 0.83, 0.21))
    lower = figure.add_axes((0.14, 0.125, 0.83, 0.435), sharex=upper)
    title = f"{joint_label(files.name).capitalize()}: temperature and inelastic energy"
    figure.text(0.03, 0.94, title, weight="bold", size=11)
    upper.plot(time, history["temperature_c"], color="#b8443c", lw=1.4)
    upper.set_ylabel("temperature,\n\u00b0C")
    upper.tick_params(labelbottom=False)
    upper.yaxis.set_major_locator(MaxNLocator(4))
    for column, words in files.volumes("inelastic_work_mpa").items():
        volume = column.split("__")[1]
        whole = volume == "solder"
        lower.plot(
            time,
            history[column],
            color=INK if whole else region_colour(volume),
            lw=1.3 if whole else 2.0,
            ls="--" if whole else "-",
            label=words,
        )
    lower.set_ylabel("inelastic energy density\nsince the start, mJ/mm\u00b3")
    lower.set_xlabel(f"time, {unit}")
    lower.set_ylim(bottom=0.0)
    lower.margins(x=0.01)
    _mark_cycles((upper, lower), files, scale)
    if lower.get_legend_handles_labels()[0]:
        lower.legend(
            loc="lower left",
            bbox_to_anchor=(-0.02, 1.0),
            ncols=3,
            columnspacing=1.6,
            handlelength=1.8,
        )
    figure.align_ylabels([upper, lower])
    return figure


def dwells(loop: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """The dwells of a cycle at its lowest and its highest temperature.

    A dwell is a run of at least two rows within half a kelvin of the extreme; the longest counts.

    Returns:
        Kind (``"cold"`` or ``"hot"``), marker of the figure, and the rows of the dwell.
    """
    temperature = loop["temperature_c"].to_numpy(float)
    found = []
    for kind, marker, extreme in (
        ("cold", "s", temperature.min()),
        ("hot", "o", temperature.max()),
    ):
        held = np.flatnonzero(np.abs(temperature - extreme) < _DWELL_K)
        longest = max(np.split(held, np.flatnonzero(np.diff(held) > 1) + 1), key=len)
        if len(longest) >= 2:
            found.append((kind, marker, loop.iloc[longest]))
    return found


def _earlier(last: int) -> str | None:
    return {1: None, 2: "cycle 1"}.get(last, "earlier cycles")


def _temperature_line(axes: Axes, loop: pd.DataFrame, norm: Normalize) -> None:
    points = np.column_stack([100.0 * loop["shear_strain"], loop["shear_stress_mpa"]])
    segments = np.stack([points[:-1], points[1:]], axis=1)
    temperature = loop["temperature_c"].to_numpy(float)
    axes.plot(points[:, 0], points[:, 1], color=INK, lw=4.0, zorder=3, solid_capstyle="round")
    lines = LineCollection(
        list(segments), cmap=TEMPERATURE_MAP, norm=norm, lw=3.0, zorder=4, capstyle="round"
    )
    lines.set_array((temperature[:-1] + temperature[1:]) / 2.0)
    axes.add_collection(lines)


def _mark_cycles(panels: tuple[Axes, Axes], files: JointFiles, scale: float) -> None:
    """Vertical rules where cycles begin, numbered in the upper panel."""
    for cycle in range(1, files.last_cycle + 1):
        loop = files.loop(cycle)
        start, stop = (float(loop["time_s"].iloc[k]) / scale for k in (0, -1))
        for axes in panels:
            axes.axvline(start, color=MUTED, lw=0.6, ls=(0, (4, 3)), zorder=1)
        panels[0].text(
            (start + stop) / 2.0,
            1.02,
            f"cycle {cycle}" if files.last_cycle <= 6 else str(cycle),
            transform=panels[0].get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=8,
            color=MUTED,
        )


def settling(cycles: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Rows of ``cycles.csv`` per averaging volume in plain words, in the order of the cycles."""
    return [
        (words, cycles[cycles["volume"] == volume].sort_values("cycle"))
        for volume, words in VOLUMES.items()
        if not cycles.empty and (cycles["volume"] == volume).any()
    ]
