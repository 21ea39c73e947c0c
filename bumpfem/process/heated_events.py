r"""When something happens to a joint on its way through the oven: it melts, wets, freezes, gels.

Times of the solder are where recorded temperatures cross a level, with straight lines between the
steps; those of the resin come from :mod:`bumpfem.process.resin_in_oven`. ``wets`` is
the time at which the solder has been wholly molten for the wetting time without a break: it counts
from the moment at which its coldest point passes the liquidus, and there is no such time if it
cools below before that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from bumpfem.process.profile_limits import crossing_down, crossing_up
from bumpfem.process.thermal_history import ThermalHistory
from bumpfem.units import FloatArray

#: What can happen. ``gels``: the first point of the resin reaches the gel point; ``gelled``: the
#: last one does.
EventName = Literal["melts", "molten", "wets", "freezes", "gels", "gelled"]
#: Time of each event, s; None where it does not happen.
Events = dict[EventName, float | None]

#: Every event in the order in which a joint that is made well meets them.
EVENTS: tuple[EventName, ...] = ("melts", "molten", "wets", "gels", "gelled", "freezes")

#: Time that solder must be wholly molten before it has spread over its pad, s. Illustrative: a
#: fluxed pad is wetted within one to two seconds in wetting-balance tests; no primary source.
WETTING_TIME = 2.0


def solder_events(
    history: ThermalHistory,
    melting: Sequence[str],
    span: tuple[float, float],
    wetting_time: float = WETTING_TIME,
    undercooling: float = 0.0,
) -> Events:
    """When solder melts, is wholly molten, has wetted and has frozen.

    Args:
        history: Temperatures of the regions.
        melting: Regions of solder; none gives no events.
        span: Solidus and liquidus, degrees C.
        wetting_time: Time that it must be molten to have wetted, s.
        undercooling: Kelvin below the solidus at which it freezes.
    """
    if not melting:
        return {"melts": None, "molten": None, "wets": None, "freezes": None}
    times, highest = history.times, history.highest(melting)
    lowest = history.lowest(melting)
    melts = known(crossing_up(times, highest, span[0]))
    molten = known(crossing_up(times, lowest, span[1]))
    frozen = None
    if melts is not None:
        frozen = known(crossing_down(times, highest, span[0] - undercooling))
    return {
        "melts": melts,
        "molten": molten,
        "wets": wetted(times, lowest, span[1], wetting_time),
        "freezes": frozen,
    }


def wetted(
    times: FloatArray, lowest: FloatArray, liquidus: float, wetting_time: float
) -> float | None:
    """First time at which solder has been wholly molten for its wetting time, s; None if never.

    Args:
        times: s, increasing.
        lowest: Temperature of its coldest point, degrees C.
        liquidus: Degrees C.
        wetting_time: s.

    >>> wetted(np.array([0.0, 10.0, 20.0]), np.array([200.0, 240.0, 200.0]), 220.0, 2.0)
    7.0
    >>> wetted(np.array([0.0, 10.0, 20.0]), np.array([200.0, 240.0, 200.0]), 220.0, 11.0)
    """
    start = 0
    while start < len(times):
        begins = crossing_up(times[start:], lowest[start:], liquidus)
        if np.isnan(begins):
            return None
        after = int(np.searchsorted(times, begins))
        colder = np.flatnonzero(lowest[after:] < liquidus)
        if not colder.size:
            return begins + wetting_time if begins + wetting_time <= times[-1] else None
        last = after + int(colder[0])
        ends = crossing_down(times[: last + 1], lowest[: last + 1], liquidus)
        if begins + wetting_time <= ends:
            return begins + wetting_time
        start = last
    return None


def passages(times: FloatArray, temperatures: FloatArray, level: float) -> list[float]:
    """Times at which a history passes a temperature, up or down, s.

    >>> passages(np.array([0.0, 10.0, 20.0]), np.array([0.0, 100.0, 0.0]), 50.0)
    [5.0, 15.0]
    """
    above = temperatures > level
    ends = np.flatnonzero(above[1:] != above[:-1]) + 1
    shares = (level - temperatures[ends - 1]) / (temperatures[ends] - temperatures[ends - 1])
    found = times[ends - 1] + shares * (times[ends] - times[ends - 1])
    return [float(time) for time in found]


def known(time: float) -> float | None:
    """A time, or None for NaN."""
    return None if np.isnan(time) else float(time)


def in_words(events: Mapping[EventName, float | None]) -> str:
    """The events that happen, in the order of time.

    >>> in_words({"melts": 70.0, "gels": None, "freezes": 130.25})
    'melts at 70.0 s, freezes at 130.2 s'
    """
    found = sorted((time, name) for name, time in events.items() if time is not None)
    return ", ".join(f"{name} at {time:.1f} s" for time, name in found)
