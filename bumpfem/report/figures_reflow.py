"""Charts of a reflow study: the profile with its limits, each joint over time, the window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bumpfem.report.style import (
    INK,
    MUTED,
    figure_style,
    joint_colours,
    joint_label,
    region_colour,
    region_label,
    svg_of,
)

#: Regions whose temperatures are drawn, outermost first; solder layers are left out.
_DRAWN = (
    "mould", "die", "interposer", "interposer_pad", "resin", "mask", "solder", "core", "bump",
    "board_pad", "board",
)  # fmt: skip
_ALARM = "#b3261e"
_BAND = "#e8eef4"


def profile_chart(
    histories: Mapping[str, pd.DataFrame], result: Mapping[str, Any], gas_label: str
) -> bytes:
    """Temperatures of gas, package and joints over time with the limits drawn in, as SVG.

    Args:
        histories: ``history.csv`` of every joint in this oven.
        result: ``result.json`` of the first of them, for the limits.
        gas_label: What the first curve is: the profile or the gas.
    """
    with figure_style():
        figure = Figure(figsize=(9.6, 4.6))
        axes = figure.add_axes((0.075, 0.12, 0.715, 0.83))
        first = next(iter(histories.values()))
        if result["limits"] is not None:
            _draw_limits(axes, first, result)
        axes.plot(first["time_s"], first["gas_c"], color=MUTED, lw=1.3, ls="--", label=gas_label)
        colours = joint_colours(list(histories))
        for name, history in histories.items():
            axes.plot(
                history["time_s"], _joint_mean(history), color=colours[name], lw=1.4,
                label=f"{joint_label(name)}, joint",
            )  # fmt: skip
        axes.plot(
            first["time_s"],
            first["package_c"],
            color=INK,
            lw=1.0,
            ls=":",
            label="top of the package",
        )
        axes.set_xlabel("time, s")
        axes.set_ylabel("temperature, \u00b0C")
        axes.set_xlim(0.0, float(first["time_s"].max()))
        low, high = axes.get_ylim()
        axes.set_ylim(min(low, 20.0), high + 0.06 * (high - low))
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0)
        return svg_of(figure)


def _joint_mean(history: pd.DataFrame) -> pd.Series:
    for region in ("solder", "solder_layer_board", "bump"):
        if f"mean_c__{region}" in history:
            return history[f"mean_c__{region}"]
    return history["package_c"]


def _draw_limits(axes: Axes, history: pd.DataFrame, result: Mapping[str, Any]) -> None:
    limits = result["limits"]
    checks = {check["measure"]: check for check in result["checks"]}
    time, package = history["time_s"].to_numpy(), history["package_c"].to_numpy()
    low, high = limits["preheat"]
    axes.axhspan(low, high, color=_BAND, lw=0, zorder=0)
    axes.axhline(limits["liquidus"], color=MUTED, lw=0.8)
    axes.axhline(limits["classification_temperature"], color=_ALARM, lw=0.9)
    end = float(time[-1])
    for level, words, colour in (
        (limits["liquidus"], f"liquidus {limits['liquidus']:g} \u00b0C", MUTED),
        (
            limits["classification_temperature"],
            f"highest allowed peak {limits['classification_temperature']:g} \u00b0C",
            _ALARM,
        ),
    ):
        axes.text(0.995 * end, level + 2.0, words, ha="right", va="bottom", size=8, color=colour)
    _span(axes, time, package, limits["liquidus"], checks.get("time_above_liquidus"))
    preheat = checks.get("preheat_time")
    if preheat is not None and preheat["value"] is not None:
        start, stop = (
            float(np.interp(value, package[: package.argmax() + 1], time[: package.argmax() + 1]))
            for value in (low, high)
        )
        _arrow(axes, start, stop, low - 10.0, f"preheat {_figures(preheat)}", preheat["passed"])
    check = checks.get("peak")
    if check is not None:
        top = int(package.argmax())
        axes.plot(
            [time[top]], [package[top]], marker="o", ms=4.0,
            color=INK if check["passed"] else _ALARM, zorder=5,
        )  # fmt: skip


def _span(
    axes: Axes, time: np.ndarray, package: np.ndarray, level: float, check: Mapping[str, Any] | None
) -> None:
    above = np.flatnonzero(package >= level)
    if check is None or not above.size:
        return
    before, after = max(int(above[0]) - 1, 0), min(int(above[-1]) + 1, len(time) - 1)
    start = float(np.interp(level, package[[before, above[0]]], time[[before, above[0]]]))
    stop = float(np.interp(-level, -package[[above[-1], after]], time[[above[-1], after]]))
    _arrow(axes, start, stop, level - 8.0, f"above liquidus {_figures(check)}", check["passed"])


def _arrow(axes: Axes, start: float, stop: float, level: float, words: str, passed: bool) -> None:
    colour = INK if passed else _ALARM
    axes.annotate(
        "", (start, level), (stop, level),
        arrowprops={"arrowstyle": "<->", "color": colour, "lw": 0.9},
    )  # fmt: skip
    axes.text(0.5 * (start + stop), level - 3.0, words, ha="center", va="top", size=8, color=colour)


def _figures(check: Mapping[str, Any]) -> str:
    low, high = check["minimum"], check["maximum"]
    bounds = f"{low:g}\u2013{high:g}" if low is not None else f"at most {high:g}"
    return f"{check['value']:.0f} s ({bounds})"


def joint_chart(history: pd.DataFrame, result: Mapping[str, Any]) -> Figure:
    """Temperatures of the regions and melted fraction of one joint over time.

    To be called inside :func:`bumpfem.report.style.figure_style`.
    """
    figure = Figure(figsize=(9.6, 4.4))
    axes = figure.add_axes((0.075, 0.42, 0.70, 0.50))
    lower = figure.add_axes((0.075, 0.12, 0.70, 0.22), sharex=axes)
    axes.plot(history["time_s"], history["gas_c"], color=MUTED, lw=1.2, ls="--", label="gas")
    for region in _DRAWN:
        if f"mean_c__{region}" in history:
            axes.plot(
                history["time_s"], history[f"mean_c__{region}"], lw=1.4,
                color=region_colour(region), label=region_label(region),
            )  # fmt: skip
    melts = set(result["melting"])
    for region in _DRAWN:
        column = f"melted__{region}"
        if column in history and (region in melts or float(history[column].max()) > 0.0):
            lower.plot(
                history["time_s"], history[column], lw=1.4, color=region_colour(region),
            )  # fmt: skip
            lower.fill_between(
                history["time_s"], history[column], color=region_colour(region), alpha=0.25, lw=0
            )
    axes.set_xlim(0.0, float(history["time_s"].max()))
    _mark_events(axes, lower, result)
    axes.set_ylabel("mean temperature, \u00b0C")
    lower.set_ylabel("melted")
    lower.set_ylim(-0.03, 1.08)
    lower.set_xlabel("time, s")
    axes.tick_params(labelbottom=False)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0.79, 0.93))
    figure.suptitle(
        f"{joint_label(str(result['joint'])).capitalize()}: {result['stage']}, {result['oven']}",
        x=0.02, y=0.985, ha="left", weight="bold", size=11,
    )  # fmt: skip
    return figure


def _mark_events(axes: Axes, lower: Axes, result: Mapping[str, Any]) -> None:
    events = []
    release, freezing = result["release"], result["solidification"]
    if release is not None and release["time"] is not None:
        events.append((release["time"], f"{release['agent'].replace('_', ' ')} lets go"))
    if freezing is not None:
        events.append((freezing["time"], f"solid at {freezing['temperature']:g} \u00b0C"))
    for time, words in events:
        for panel in (axes, lower):
            panel.axvline(time, color=MUTED, lw=0.8, ls=":")
        early = time < 0.5 * axes.get_xlim()[1]
        axes.text(
            time, 0.97 if early else 0.03, words, transform=axes.get_xaxis_transform(), size=8,
            color=MUTED, rotation=90, ha="right", va="top" if early else "bottom",
        )  # fmt: skip
