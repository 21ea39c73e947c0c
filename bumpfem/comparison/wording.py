"""Numbers and names as words, for terminal, notebook and report."""

from __future__ import annotations

import math

from bumpfem.comparison.ranking import Interval


def cycles(value: float) -> str:
    """Number of cycles with three digits."""
    if math.isinf(value):
        return "infinite"
    if value <= 0.0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(value)))
    return f"{float(f'{value:.3g}'):,.{digits}f}"


def unbounded(bar: Interval) -> bool:
    """Whether a finite value has no error bar: nothing is known of its error."""
    return bar.low <= 0.0 and math.isinf(bar.high) and math.isfinite(bar.value)


def cycles_bar(bar: Interval) -> str:
    """Life with its bar, where it has one."""
    if bar.low == bar.high or unbounded(bar):
        return cycles(bar.value)
    return f"{cycles(bar.value)} ({cycles(bar.low)} to {cycles(bar.high)})"


def factor(value: float) -> str:
    """A ratio with three digits."""
    return "infinite" if math.isinf(value) else f"{value:.3g}"


def factor_bar(bar: Interval) -> str:
    """A ratio with its bar, where it has one."""
    if bar.low == bar.high or unbounded(bar):
        return factor(bar.value)
    return f"{factor(bar.value)} ({factor(bar.low)} to {factor(bar.high)})"


def side(layer: str) -> str:
    """Where a layer is, in words."""
    known = {
        "solder_layer_interposer": "the interposer side",
        "solder_layer_board": "the board side",
        "solder_layer_weakest": "a section between the pads",
        "solder": "the whole solder",
    }
    return known.get(layer, layer.replace("_", " "))
