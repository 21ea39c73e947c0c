"""The window of the routes ``dip`` and ``flux``: where solder wets before the resin gels."""

from __future__ import annotations

import io
import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from bumpfem.report.style import DPI, INK, figure_style
from bumpfem.units import FloatArray

#: Colour and words of each verdict, the good one first.
VERDICTS: dict[str, tuple[str, str]] = {
    "made": ("#7fb38a", "solder wets, then the resin gels and cures"),
    "undercured": ("#cfe0a8", "wets and gels, not cured at the end"),
    "not_gelled": ("#e6cf7a", "wets, the resin does not gel"),
    "too_hot": ("#c9a0c0", "wets, the resin is too hot"),
    "gels_early": ("#e3a06a", "gels before the solder has wetted"),
    "not_wetted": ("#8f9bb3", "solder freezes before it has wetted"),
    "not_molten": ("#a9c3dd", "solder does not melt wholly"),
    "impossible": ("#d5dbe1", "cannot be run"),
}
#: Margins at which lines are drawn, s; zero is the border.
_LEVELS = (-300.0, -100.0, -30.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
_PANEL = (4.6, 2.7)
#: Height of a line of the legend, inches.
_LEGEND_LINE = 0.21


def dip_window_chart(table: pd.DataFrame) -> bytes:
    """Maps of peak against heating rate, resins below each other and routes side by side, as PNG.

    Args:
        table: ``window.csv``.
    """
    resins, routes = list(dict.fromkeys(table["resin"])), list(dict.fromkeys(table["route"]))
    with figure_style():
        seen = [verdict for verdict in VERDICTS if verdict in set(table["verdict"])]
        columns = 2 if len(routes) > 1 else 1
        legend = _LEGEND_LINE * (math.ceil((len(seen) + 1) / columns) + 0.5)
        size = (_PANEL[0] * len(routes) + 0.4, _PANEL[1] * len(resins) + legend + 0.2)
        figure = Figure(figsize=size)
        grid = figure.subplots(len(resins), len(routes), squeeze=False, sharex=True, sharey=True)
        for row, resin in enumerate(resins):
            for column, route in enumerate(routes):
                axes = grid[row][column]
                part = table[(table["resin"] == resin) & (table["route"] == route)]
                _panel(axes, part)
                axes.set_title(f"{resin.replace('_', ' ')}, {route}", fontsize=10.0)
                if column == 0:
                    axes.set_ylabel("peak, \u00b0C")
                if row == len(resins) - 1:
                    axes.set_xlabel("heating rate, K/s")
        border = Line2D([], [], color=INK, lw=2.0, label="no margin: wets as it gels")
        figure.legend(
            handles=[*(Patch(color=VERDICTS[v][0], label=VERDICTS[v][1]) for v in seen), border],
            loc="lower left", ncols=columns, bbox_to_anchor=(0.03, 0.0),
        )  # fmt: skip
        figure.tight_layout(rect=(0.0, legend / figure.get_figheight(), 1.0, 1.0))
        FigureCanvasAgg(figure)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": "bumpfem"})
        return stream.getvalue()


def _panel(axes: Axes, rows: pd.DataFrame) -> None:
    order = list(VERDICTS)
    coded = rows.assign(code=[order.index(str(verdict)) for verdict in rows["verdict"]])
    grid = coded.pivot(index="peak_c", columns="heating_rate_k_per_s", values="code")
    rates, peaks = grid.columns.to_numpy(dtype=float), grid.index.to_numpy(dtype=float)
    colours = ListedColormap([VERDICTS[verdict][0] for verdict in order])
    axes.pcolormesh(
        np.exp(_borders(np.log(rates))), _borders(peaks), grid.to_numpy(), cmap=colours,
        norm=BoundaryNorm(np.arange(len(order) + 1) - 0.5, len(order)), edgecolors="white",
        linewidth=0.4,
    )  # fmt: skip
    axes.set_xscale("log")
    margins = coded.pivot(index="peak_c", columns="heating_rate_k_per_s", values="margin_s")
    _lines(axes, rates, peaks, margins.to_numpy(dtype=float))
    shown = rates if len(rates) <= 8 else rates[:: int(np.ceil(len(rates) / 8))]
    axes.xaxis.set_major_locator(FixedLocator(list(shown)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.grid(False)


def _lines(axes: Axes, rates: FloatArray, peaks: FloatArray, margins: FloatArray) -> None:
    """Lines of equal margin with their seconds; the border, zero, is thick."""
    known = margins[np.isfinite(margins)]
    if not known.size or min(margins.shape) < 2:
        return
    levels = [level for level in _LEVELS if known.min() < level < known.max()]
    if levels:
        lines = axes.contour(
            rates, peaks, margins, levels=levels, colors=INK, linewidths=0.7, linestyles="solid"
        )
        axes.clabel(lines, fmt=lambda value: f"{value:+.0f} s".replace("-", "\u2212"), fontsize=7.0)
    if known.min() < 0.0 < known.max():
        axes.contour(rates, peaks, margins, levels=[0.0], colors=INK, linewidths=2.0)


def _borders(values: FloatArray) -> FloatArray:
    """Borders of cells around growing values, half way between them."""
    if len(values) == 1:
        return np.array([values[0] - 0.5, values[0] + 0.5])
    middle = 0.5 * (values[1:] + values[:-1])
    first = values[0] - (middle[0] - values[0])
    last = values[-1] + (values[-1] - middle[-1])
    return np.concatenate([[first], middle, [last]])
