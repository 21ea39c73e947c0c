"""When a resin is about to gel on a history of temperature."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from bumpfem.constitutive.cure_nodes import Chemistry
from bumpfem.units import FloatArray

#: Part of the cure at the gel point that counts as about to gel.
BEFORE_GEL = 1.0 - 1e-7


def gel_time(
    curing: Chemistry, cure: float, times: FloatArray, temperatures: FloatArray
) -> float | None:
    """Time at which a resin reaches ``BEFORE_GEL`` of its gel point, s.

    Args:
        curing: Chemistry.
        cure: Degree of cure at the first time.
        times: (n,) s, increasing.
        temperatures: (n,) degrees Celsius, linear between.

    Returns:
        The time; None if it is not reached, or was before.
    """
    target = BEFORE_GEL * curing.gel_cure
    if cure >= target:
        return None
    for k in range(len(times) - 1):
        start, end = float(temperatures[k]), float(temperatures[k + 1])
        length = float(times[k + 1] - times[k])
        last = _after(1.0, curing, cure, start, end, length)
        if last >= target:
            given = curing, cure, start, end, length
            part = brentq(lambda s, *args: _after(s, *args) - target, 0.0, 1.0, given, xtol=1e-12)
            return float(times[k]) + float(part) * length
        cure = last
    return None


def _after(
    part: float, curing: Chemistry, cure: float, start: float, end: float, length: float
) -> float:
    """Degree of cure after a part of a straight piece of the history."""
    reached = np.array([start + part * (end - start)])
    found = curing.advance(np.array([cure]), np.array([start]), reached, part * length)
    return float(found[0])
