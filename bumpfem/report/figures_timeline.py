"""The timeline of a joint's making: temperature, glass transition and cure, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bumpfem.report.style import MUTED, figure_style, joint_label, svg_of, time_unit

#: Temperature at which every history begins, degrees C.
_ROOM = 25.0
#: Steps that have no place on the timeline of making.
_ELSEWHERE = ("cycles", "ball_shear")
#: Steps that are shorter have narrow panels and their names in two lines, s.
_NARROW_S = 120.0
#: Shortest step that is drawn with a width, s.
_SHORTEST_S = 1e-3
_TEMPERATURE, _TRANSITION, _CURE = "#b8443c", "#8e5aa8", "#2f7d4f"
_EVENT_WORDS = {
    "melts": "solder melts", "molten": "molten", "wets": "wets", "freezes": "solder solid",
    "gels": "resin gels", "gelled": "all gelled",
}  # fmt: skip
#: Events that are drawn where they do not fall on one that is more telling.
_EVENTS = ("gels", "freezes", "melts", "wets")


def timeline_chart(result: Mapping[str, Any]) -> bytes:
    """Temperature, glass transition and cure of a joint over time, a panel for each step, as SVG.

    Steps take from seconds to hours: each has its own axis of time and a width that grows slowly
    with its length. Steps that take no time are named where they happen.

    Args:
        result: ``result.json`` with ``records`` and ``heated``.

    Raises:
        ValueError: No step takes any time.
    """
    parts = _parts(result["records"])
    if not parts:
        raise ValueError("no step of the making takes any time")
    heated = {item["number"]: item for item in result["heated"]}
    spans = [part.record["end_s"] - part.record["start_s"] for part in parts]
    widths = [max(span**0.3, 3.0) for span in spans]
    cured = any(item["cure"] is not None for item in result["heated"])
    with figure_style():
        figure = Figure(figsize=(9.6, 4.6 if cured else 3.2))
        grid = figure.add_gridspec(
            2 if cured else 1, len(parts), width_ratios=widths,
            height_ratios=[2.2, 1.0] if cured else [1.0],
            left=0.075, right=0.985, bottom=0.13 if cured else 0.18,
            top=0.86 if cured else 0.8, wspace=0.07, hspace=0.12,
        )  # fmt: skip
        first: list[Axes | None] = [None, None]
        for column, part in enumerate(parts):
            upper = figure.add_subplot(grid[0, column], sharey=first[0])
            lower = (
                figure.add_subplot(grid[1, column], sharex=upper, sharey=first[1])
                if cured
                else None
            )
            _draw_step(upper, lower, part, heated.get(part.record["number"]))
            if column == 0:
                first = [upper, lower]
            else:
                for axes in (upper, lower):
                    if axes is not None:
                        axes.tick_params(labelleft=False, left=False)
                        axes.spines["left"].set_color("#c3cad1")
        _finish(figure, first, joint_label(str(result["joint"])), cured)
        return svg_of(figure)


class _Part(NamedTuple):
    """A step that takes time.

    Attributes:
        record: Its record.
        before: Numbers and kinds of the steps at its start that take none.
        start: Temperature at its start, degrees C.
    """

    record: Mapping[str, Any]
    before: list[str]
    start: float


def _parts(records: Sequence[Mapping[str, Any]]) -> list[_Part]:
    """Steps that take time and have a place on the timeline."""
    parts: list[_Part] = []
    waiting: list[str] = []
    temperature = _ROOM
    for record in records:
        if record["kind"] in _ELSEWHERE:
            continue
        if record["end_s"] - record["start_s"] <= _SHORTEST_S:
            waiting.append(_step_words(record))
        else:
            parts.append(_Part(record, waiting, temperature))
            waiting = []
        temperature = record["temperature_c"]
    return parts


def _step_words(record: Mapping[str, Any]) -> str:
    return f"{record['number']} {record['kind'].replace('_', ' ')}"


def _draw_step(
    upper: Axes,
    lower: Axes | None,
    part: _Part,
    heated: Mapping[str, Any] | None,
) -> None:
    record, before = part.record, part.before
    span = record["end_s"] - record["start_s"]
    scale, unit = time_unit(span)
    times, temperatures = _temperatures(record, part.start, heated)
    upper.plot(times / scale, temperatures, color=_TEMPERATURE, lw=1.5)
    if lower is not None:
        shown, transition, cure = _hardening(record, heated)
        upper.plot(shown / scale, transition, color=_TRANSITION, lw=1.3, ls="--")
        lower.plot(shown / scale, cure, color=_CURE, lw=1.5)
        lower.fill_between(shown / scale, cure, color=_CURE, alpha=0.15, lw=0)
    for axes in (upper, lower):
        if axes is not None:
            axes.set_xlim(0.0, span / scale)
            axes.xaxis.set_major_locator(MaxNLocator(4 if span > 600.0 else 2))
    words = _step_words(record).replace(" ", "\n" if span < _NARROW_S else " ")
    upper.set_title(words.replace("\n", " ", 1), fontsize=9.0, loc="left", pad=4.0)
    bottom = upper if lower is None else lower
    bottom.set_xlabel(unit, fontsize=8.5)
    bottom.tick_params(axis="x", labelsize=8.0)
    if lower is not None:
        upper.tick_params(labelbottom=False)
    if before:
        upper.text(
            0.0, 0.98, "  " + ", ".join(before), rotation=90, ha="right", va="top", size=7.5,
            color=MUTED, transform=upper.transAxes,
        )  # fmt: skip
    if heated is not None:
        _mark_events(upper, lower, heated["facts"]["events_s"], span, scale)


def _temperatures(
    record: Mapping[str, Any], start: float, heated: Mapping[str, Any] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Time from the start of a step and temperature, until its end."""
    span = record["end_s"] - record["start_s"]
    if heated is None:
        return np.array([0.0, span]), np.array([start, record["temperature_c"]])
    times, temperatures = np.asarray(heated["time_s"]), np.asarray(heated["temperature_c"])
    if span > times[-1] + _SHORTEST_S:
        times = np.append(times, span)
        temperatures = np.append(temperatures, record["temperature_c"])
    return times, temperatures


def _hardening(
    record: Mapping[str, Any], heated: Mapping[str, Any] | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Time, glass transition and cure in a step; nothing where there is no resin that cures.

    Outside of heated steps next to nothing cures: they are drawn with what they end with.
    """
    state = record["cure"]
    if heated is not None and heated["cure"] is not None:
        columns = (heated[name] for name in ("time_s", "glass_transition_c", "cure"))
        times, transition, cure = (np.asarray(values, dtype=np.float64) for values in columns)
        return times, transition, cure
    if heated is not None or state is None:
        return np.empty(0), np.empty(0), np.empty(0)
    ends = np.array([0.0, record["end_s"] - record["start_s"]])
    return ends, np.full(2, state["glass_transition_c"]), np.full(2, state["mean"])


def _mark_events(
    upper: Axes, lower: Axes | None, events: Mapping[str, float | None], span: float, scale: float
) -> None:
    """Thin lines where something happens; events that would cover each other are drawn once."""
    taken: list[float] = []
    for name in _EVENTS:
        time = events.get(name)
        if time is None or any(abs(time - other) < 0.035 * span for other in taken):
            continue
        taken.append(time)
        for axes in (upper, lower):
            if axes is not None:
                axes.axvline(time / scale, color=MUTED, lw=0.8, ls=":")
        upper.text(
            time / scale, 0.02, _EVENT_WORDS[name], rotation=90, ha="right", va="bottom", size=7.5,
            color=MUTED, transform=upper.get_xaxis_transform(),
        )  # fmt: skip


def _finish(figure: Figure, first: Sequence[Axes | None], joint: str, cured: bool) -> None:
    upper, lower = first
    if upper is not None:
        upper.set_ylabel("temperature, \u00b0C")
        low, high = upper.get_ylim()
        upper.set_ylim(low, high + 0.04 * (high - low))
    if lower is not None:
        lower.set_ylabel("degree of cure")
        lower.set_ylim(0.0, 1.05)
    figure.text(0.02, 0.965, f"{joint.capitalize()}: making", weight="bold", size=11, va="center")
    words = [("temperature", _TEMPERATURE)]
    words += [("glass transition", _TRANSITION), ("cure", _CURE)] if cured else []
    for place, (word, colour) in enumerate(words):
        figure.text(0.62 + 0.13 * place, 0.965, word, color=colour, size=9, va="center")
