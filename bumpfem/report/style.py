"""One look for all figures: colours of regions and joints, fonts, sizes, number formats."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Patch

#: Resolution of every PNG, dots per inch; with the fixed figure sizes it fixes the pixel sizes.
DPI = 160
#: Text, secondary text and rule colours, shared with ``templates/report.css``.
INK, MUTED, RULE = "#1d2733", "#5c6875", "#d5dbe1"
#: Colour of what is drawn only for orientation.
CONTEXT = "#e4e7ea"
#: Colour map of the energy density: light where nothing happens, dark where damage collects.
ENERGY_MAP = "magma_r"
#: Colour map of temperature: blue is cold, red is hot.
TEMPERATURE_MAP = "coolwarm"

#: Colour of every named region, listed from the top of the stack to the bottom.
REGION_COLOURS: dict[str, str] = {
    "mould": "#6f747b",
    "die": "#43546a",
    "die_attach": "#b7c3d0",
    "interposer": "#d9c9a0",
    "interposer_resist": "#4c8c5c",
    "interposer_pad": "#c77b3f",
    "bump_barrier": "#8a7fb5",
    "bump": "#d8a86b",
    "resin": "#e3a92f",
    "solder_layer_interposer": "#4a98d6",
    "solder": "#b3c6d6",
    "core": "#66788a",
    "mask": "#8fb98b",
    "attach": "#a5688c",
    "solder_layer_board": "#23527c",
    "board_pad": "#b5662c",
    "board_resist": "#3c7a4d",
    "board": "#b9c29a",
}

_REGION_WORDS: dict[str, str] = {
    "mould": "mould compound",
    "die_attach": "die attach",
    "interposer_resist": "solder resist, interposer",
    "interposer_pad": "pad, interposer",
    "bump_barrier": "barrier metal",
    "bump": "metal bump",
    "resin": "resin",
    "solder_layer_interposer": "averaging layer, interposer",
    "solder_layer_board": "averaging layer, board",
    "mask": "mask collar",
    "attach": "attach material",
    "board_pad": "pad, board",
    "board_resist": "solder resist, board",
}

_JOINT_COLOURS: dict[str, str] = {
    "plain": "#4d5b6b",
    "anchored": "#e08a1e",
    "masked": "#3a8f5c",
    "cored": "#2b6cb0",
    "necked": "#8e5aa8",
    "metal_bump": "#b8443c",
}
_MORE_JOINT_COLOURS = ("#1897a6", "#9a7b1f", "#c2588f", "#6a7f2a", "#50489c", "#7a4a2a")


def region_label(region: str) -> str:
    """Name of a region in plain words; an unknown region keeps its name.

    >>> region_label("board_pad")
    'pad, board'
    """
    return _REGION_WORDS.get(region, region.replace("_", " "))


def region_colour(region: str) -> str:
    """Fixed colour of a region as ``#rrggbb``; an unknown region is shown in violet."""
    return REGION_COLOURS.get(region, "#b48ad6")


def region_handles(regions: Iterable[str]) -> list[Patch]:
    """Legend entries of the named regions, from the top of the stack to the bottom."""
    wanted = set(regions)
    order = [name for name in REGION_COLOURS if name in wanted]
    order += sorted(wanted - set(order))
    return [
        Patch(facecolor=region_colour(name), edgecolor=MUTED, lw=0.5, label=region_label(name))
        for name in order
    ]


def joint_label(joint: str) -> str:
    """Name of a joint in plain words.

    >>> joint_label("metal_bump")
    'metal bump'
    """
    return joint.replace("_", " ").replace("+", " + ")


def joint_colours(joints: list[str]) -> dict[str, str]:
    """Colour of each joint: fixed for the six ready-made variants, else in order from a reserve.

    Up to twelve joints have colours of their own: the reserve goes on with those of variants that
    are not there.
    """
    absent = [colour for name, colour in _JOINT_COLOURS.items() if name not in joints]
    spare = cycle([*_MORE_JOINT_COLOURS, *absent])
    return {name: _JOINT_COLOURS.get(name) or next(spare) for name in joints}


def number(value: object, digits: int = 3) -> str:
    """A number with ``digits`` significant digits and thin grouping, or a dash where there is none.

    >>> number(2347.1), number(0.12345), number(float("nan"))
    ('2,350', '0.123', '\u2013')
    """
    if not isinstance(value, int | float) or not math.isfinite(value):
        return "\u2013"
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(float(value), decimals)
    if abs(rounded) >= 1e7 or abs(rounded) < 1e-4:
        mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
        return f"{mantissa}\u00d710{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return f"{rounded:,.{max(decimals, 0)}f}".replace("-", "\u2212")


def celsius(value: float) -> str:
    """A temperature to a tenth of a degree, without needless zeros.

    >>> celsius(-40.0)
    '\u221240 \u00b0C'
    """
    return f"{round(value, 1):g} \u00b0C".replace("-", "\u2212")


_SUPERSCRIPTS = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)


def time_unit(span_s: float) -> tuple[float, str]:
    """Divisor and name of the unit in which a time span in seconds reads best.

    >>> time_unit(7200.0)
    (60.0, 'min')
    """
    if span_s < 600.0:
        return 1.0, "s"
    if span_s < 4.0 * 3600.0:
        return 60.0, "min"
    if span_s < 10.0 * 86400.0:
        return 3600.0, "h"
    return 86400.0, "days"


@contextmanager
def figure_style() -> Iterator[None]:
    """Matplotlib settings of every figure of the report, undone afterwards."""
    settings: dict[Any, Any] = {
        "font.family": "DejaVu Sans",
        "font.size": 9.5,
        "axes.titlesize": 11.0,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 9.0,
        "axes.labelsize": 9.5,
        "axes.labelcolor": INK,
        "axes.edgecolor": MUTED,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": RULE,
        "grid.linewidth": 0.6,
        "text.color": INK,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "legend.frameon": False,
        "legend.fontsize": 8.5,
        "figure.dpi": DPI,
        "savefig.dpi": DPI,
        "figure.facecolor": "white",
        "svg.hashsalt": "bumpfem",
        "svg.fonttype": "path",
        "path.simplify": True,
    }
    with mpl.rc_context(settings):
        yield


def svg_of(figure: Figure) -> bytes:
    """A figure as SVG, the same bytes every time."""
    FigureCanvasSVG(figure)
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()
