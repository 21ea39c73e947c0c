r"""A profile that keeps a standard's limits, with a chosen peak and time above liquidus.

Heating to the lower preheat temperature, preheat, ramp to the peak, a stay there, cooling. The
time above liquidus :math:`T_L` of ramps :math:`a` up and :math:`b` down with a stay :math:`s` at
the peak :math:`T_p` is

.. math:: t_L = (T_p - T_L)\,(1/a + 1/b) + s .
"""

from __future__ import annotations

import numpy as np

from bumpfem.design.reflow_limits import Limit, Measure, ProfileLimits
from bumpfem.errors import InputError
from bumpfem.units import FloatArray

#: Ramps of a profile whose time above liquidus does not ask for others, degrees C/s.
HEATING_RAMP, PEAK_RAMP, COOLING_RAMP = 1.5, 1.0, 2.0
#: Preheat time, s: the middle of the allowed range.
PREHEAT_TIME = 90.0
#: Part of the longest allowed time near the peak that a profile without a given time uses.
_NEAR_PEAK_SHARE = 0.75
_ROOM, _END = 25.0, 40.0


def standard_corners(
    limits: ProfileLimits,
    peak: float | None = None,
    time_above_liquidus: float | None = None,
    liquidus: float | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Corners of a profile by a standard.

    Args:
        limits: Limits that it belongs to.
        peak: Peak, degrees C; None: the classification temperature.
        time_above_liquidus: Time above ``liquidus``, s; None: usual ramps and three quarters of
            the time near the peak that is allowed.
        liquidus: Temperature from which this time counts, degrees C; None: that of the limits.

    Returns:
        Times, s, and temperatures, degrees C.

    Raises:
        InputError: The peak is not above the liquidus or the preheat, or the time is too short
            for the allowed ramps.
    """
    top = limits.classification_temperature if peak is None else peak
    melts = limits.liquidus if liquidus is None else liquidus
    floor = max(melts, limits.preheat[1])
    if top <= floor:
        raise InputError("oven.peak", top, f"more than {floor:g} degC", "degC")
    up, down, stay = PEAK_RAMP, COOLING_RAMP, 0.0
    rise = (top - melts) * (1.0 / up + 1.0 / down)
    if time_above_liquidus is None:
        near = _NEAR_PEAK_SHARE * (_bound(limits, "time_near_peak") or 0.0)
        last_degrees = 5.0 * (1.0 / up + 1.0 / down)
        slower = max((_shortest(limits) - near) / (rise - last_degrees), 1.0)
        up, down = up / slower, down / slower
        stay = max(near - slower * last_degrees, 0.0)
    elif time_above_liquidus >= rise:
        stay = time_above_liquidus - rise
    else:
        faster = rise / time_above_liquidus
        up, down = up * faster, down * faster
        _refuse_steep(limits, up, down, rise, time_above_liquidus)
    low, high = limits.preheat
    ramp_to_peak = (high, (top - high) / up)
    legs = [
        (low, (low - _ROOM) / HEATING_RAMP),
        (high, PREHEAT_TIME),
        (top, ramp_to_peak[1]),
        (top, stay),
        (_END, (top - _END) / down),
    ]
    kept = [(end, span) for end, span in legs if span > 0.0]
    times = np.concatenate([[0.0], np.cumsum([span for _, span in kept])])
    return times, np.array([_ROOM, *(end for end, _ in kept)])


def _refuse_steep(
    limits: ProfileLimits, up: float, down: float, rise: float, wanted: float
) -> None:
    ramps: tuple[tuple[Measure, float], ...] = (("ramp_up", up), ("ramp_down", down))
    for measure, ramp in ramps:
        allowed = _bound(limits, measure)
        if allowed is not None and ramp > allowed:
            least = wanted * ramp / allowed
            raise InputError(
                "oven.time_above_liquidus", wanted, f"at least {least:.3g} s", "s",
                f"the {measure.replace('_', ' ')} would be {ramp:.3g} degC/s, more than the "
                f"{allowed:g} degC/s of {limits.title}",
            )  # fmt: skip


def _shortest(limits: ProfileLimits) -> float:
    """Time above liquidus that a profile without a given time has at least, s."""
    limit = limits.limit("time_above_liquidus")
    return 0.0 if limit is None or limit.minimum is None else 1.1 * limit.minimum


def _bound(limits: ProfileLimits, measure: Measure) -> float | None:
    limit: Limit | None = limits.limit(measure)
    return None if limit is None else limit.maximum
