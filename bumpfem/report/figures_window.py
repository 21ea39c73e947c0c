"""The window of a reflow study: where every joint is made well."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bumpfem.report.style import DPI, INK, MUTED, RULE, figure_style, joint_label

#: Colour and words of each verdict, the good one first.
VERDICTS: dict[str, tuple[str, str]] = {
    "well": ("#7fb38a", "made well"),
    "limits": ("#e6cf7a", "outside the profile's limits"),
    "consumed": ("#c9a0c0", "metal used up"),
    "neck": ("#e3a06a", "wrong melted fraction"),
    "held": ("#8f9bb3", "agent holds too long"),
    "not_solid": ("#6f86a6", "liquid at the end"),
    "not_melted": ("#a9c3dd", "does not melt"),
    "core_melted": ("#b8443c", "core or metal melts"),
    "impossible": ("#d5dbe1", "cannot be run"),
}
_COLUMNS = 3


def window_chart(table: pd.DataFrame) -> bytes:
    """Map of peak against time above liquidus for each joint, and for all together, as PNG.

    Args:
        table: ``window.csv``.
    """
    names = list(dict.fromkeys(table["joint"]))
    panels = [*names, ""] if len(names) > 1 else names
    columns = min(_COLUMNS, len(panels))
    rows = math.ceil(len(panels) / columns)
    with figure_style():
        figure = Figure(figsize=(9.6, 2.75 * rows + 0.75))
        grid = figure.subplots(rows, columns, squeeze=False)
        for place, name in enumerate(panels):
            axes = grid[place // columns][place % columns]
            if name:
                _one(axes, table[table["joint"] == name])
                axes.set_title(joint_label(name), fontsize=10.5)
            else:
                _all(axes, table)
                axes.set_title("joints made well", fontsize=10.5)
            if place % columns == 0:
                axes.set_ylabel("time above liquidus, s")
            if place + columns >= len(panels):
                axes.set_xlabel("peak of the profile, \u00b0C")
        for place in range(len(panels), rows * columns):
            grid[place // columns][place % columns].set_axis_off()
        seen = [verdict for verdict in VERDICTS if verdict in set(table["verdict"])]
        figure.legend(
            handles=[Patch(color=VERDICTS[v][0], label=VERDICTS[v][1]) for v in seen],
            loc="lower left", ncols=5, bbox_to_anchor=(0.04, 0.0),
        )  # fmt: skip
        figure.tight_layout(rect=(0.0, 0.55 / figure.get_figheight(), 1.0, 1.0))
        FigureCanvasAgg(figure)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": "bumpfem"})
        return stream.getvalue()


def _one(axes: Axes, rows: pd.DataFrame) -> None:
    order = list(VERDICTS)
    codes = rows.assign(code=[order.index(str(v)) for v in rows["verdict"]])
    grid = codes.pivot(index="time_above_liquidus_s", columns="peak_c", values="code")
    colours = ListedColormap([VERDICTS[verdict][0] for verdict in order])
    norm = BoundaryNorm(np.arange(len(order) + 1) - 0.5, len(order))
    axes.pcolormesh(
        _borders(grid.columns.to_numpy(dtype=float)), _borders(grid.index.to_numpy(dtype=float)),
        grid.to_numpy(), cmap=colours, norm=norm, edgecolors="white", linewidth=0.6,
    )  # fmt: skip
    fractions = rows.dropna(subset=["melted_fraction"])
    if (fractions["verdict"] == "neck").any():
        for _, row in fractions.iterrows():
            axes.text(
                row["peak_c"], row["time_above_liquidus_s"], f"{row['melted_fraction']:.2f}",
                ha="center", va="center", size=6.5, color=INK,
            )  # fmt: skip
    axes.grid(False)


def _all(axes: Axes, table: pd.DataFrame) -> None:
    counts = (
        table.assign(good=(table["verdict"] == "well").astype(int))
        .groupby(["time_above_liquidus_s", "peak_c"])["good"]
        .sum()
        .unstack("peak_c")
    )
    total = table["joint"].nunique()
    axes.pcolormesh(
        _borders(counts.columns.to_numpy(dtype=float)),
        _borders(counts.index.to_numpy(dtype=float)),
        counts.to_numpy(), cmap="Greens", vmin=0, vmax=1.4 * total, edgecolors="white",
        linewidth=0.6,
    )  # fmt: skip
    for time, row in counts.iterrows():
        for peak, count in row.items():
            axes.text(
                float(str(peak)), float(str(time)), f"{int(count)}", ha="center", va="center",
                size=7.5, color=INK if count == total else MUTED,
                weight="bold" if count == total else "normal",
            )  # fmt: skip
    axes.grid(False)
    axes.tick_params(color=RULE)


def _borders(values: np.ndarray) -> np.ndarray:
    """Borders of cells around growing values, half way between them."""
    middle = 0.5 * (values[1:] + values[:-1])
    first = values[0] - (middle[0] - values[0])
    last = values[-1] + (values[-1] - middle[-1])
    return np.concatenate([[first], middle, [last]])


def neck_rows(windows: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str]]:
    """Joint, peak and allowed times in words, for the report."""
    return [
        (
            joint_label(name),
            f"{row['peak_c']:g} \u00b0C",
            f"{row['shortest_s']:.0f} to {row['longest_s']:.0f} s",
        )
        for name, table in windows.items()
        for _, row in table.iterrows()
    ]
