"""Pictures of one joint in the oven: its history, its melt map, and a film of its melting."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from PIL import Image

from bumpfem.errors import MeshError
from bumpfem.report.figures_reflow import joint_chart
from bumpfem.report.sections import add_scale_bar
from bumpfem.report.style import (
    DPI,
    MUTED,
    TEMPERATURE_MAP,
    celsius,
    figure_style,
    joint_label,
    number,
)
from bumpfem.report.thermal_section import (
    MELTED_MAP,
    ThermalSection,
    draw_melted,
    draw_temperature,
)

logger = logging.getLogger(__name__)

#: Names and plain words of the pictures, in the order of the report.
REFLOW_PICTURES: dict[str, str] = {
    "temperatures.png": "Temperatures and melted fraction over time",
    "melting.png": "Melt map",
    "melting.gif": "Film of the melting",
}
_FILM_DPI, _FILM_INCHES = 90, (7.2, 3.4)
_FRAME_MS = 140


def render_reflow_pictures(folder: Path) -> list[str]:
    """Draw ``temperatures.png``, ``melting.png`` and, where there is a film, ``melting.gif``.

    A picture that cannot be drawn is left out with a logged warning; numbers are never touched.

    Args:
        folder: Folder of one joint with ``result.json``, ``history.csv``, ``fields.vtu`` and,
            for a film, ``melting/state_*.vtu``.

    Returns:
        Names of the pictures that were drawn.
    """
    drawings: dict[str, Callable[[], bytes | None]] = {
        "temperatures.png": lambda: _chart(folder),
        "melting.png": lambda: _map(folder),
        "melting.gif": lambda: _film(folder),
    }
    drawn = []
    for name, draw in drawings.items():
        (folder / name).unlink(missing_ok=True)
        try:
            content = draw()
        except (OSError, MeshError, KeyError, ValueError) as problem:
            logger.warning("%s of %s could not be drawn: %s", name, folder.name, problem)
            continue
        if content is not None:
            (folder / name).write_bytes(content)
            drawn.append(name)
    return drawn


def _read(folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return result


def _chart(folder: Path) -> bytes:
    with figure_style():
        return _png(joint_chart(pd.read_csv(folder / "history.csv"), _read(folder)), DPI)


def _map(folder: Path) -> bytes:
    result = _read(folder)
    section = ThermalSection.read(folder / "fields.vtu")
    window = section.window()
    limits = section.temperature_range(window)
    tall = min((window.top - window.bottom) / (window.right - window.left), 1.4)
    with figure_style():
        figure = Figure(figsize=(9.6, 3.35 * tall + 0.85))
        height = 3.35 * tall / figure.get_figheight()
        bottom = 0.42 / figure.get_figheight()
        left, right = (figure.add_axes((x, bottom, 0.36, height)) for x in (0.015, 0.505))
        draw_temperature(left, section, window, limits)
        draw_melted(right, section, window)
        add_scale_bar(left, window)
        for x, map_name, norm, words in (
            (0.385, TEMPERATURE_MAP, Normalize(*limits), "temperature, \u00b0C"),
            (0.875, MELTED_MAP, Normalize(0.0, 1.0), "melted fraction"),
        ):
            bar = figure.colorbar(
                ScalarMappable(norm, map_name),
                cax=figure.add_axes((x, bottom + 0.1 * height, 0.014, 0.8 * height)),
            )
            bar.ax.ticklabel_format(useOffset=False)
            bar.set_label(words, size=8.5)
            bar.outline.set_linewidth(0.5)
        state = result["picture"]
        figure.suptitle(
            f"{joint_label(result['joint']).capitalize()}: "
            f"{100.0 * state['melted_fraction']:.0f} % molten after {state['time_s']:.1f} s",
            x=0.02, y=1.0 - 0.12 / figure.get_figheight(), ha="left", va="top", weight="bold",
            size=11,
        )  # fmt: skip
        figure.text(0.99, 0.02, _footnote(result, limits), ha="right", size=8, color=MUTED)
        return _png(figure, DPI)


def _footnote(result: dict[str, Any], limits: tuple[float, float]) -> str:
    spread = number(limits[1] - limits[0], 2)
    return (
        f"temperatures in the window differ by {spread} K; at most "
        f"{100.0 * result['melted_fraction']:.0f} % molten; peak of the joint "
        f"{celsius(result['peak_solder_c'])}; grey parts cannot melt here"
    )


def _film(folder: Path) -> bytes | None:
    states = sorted((folder / "melting").glob("state_*.vtu"))
    if not states:
        return None
    images = list(_frames(states, pd.read_csv(folder / "history.csv"), _read(folder)))
    stream = io.BytesIO()
    images[0].save(
        stream, format="GIF", save_all=True, append_images=images[1:], duration=_FRAME_MS,
        loop=0, optimize=False,
    )  # fmt: skip
    return stream.getvalue()


def _frames(
    states: list[Path], history: pd.DataFrame, result: dict[str, Any]
) -> Iterator[Image.Image]:
    """One image for each state, all from one drawing that is changed from state to state."""
    name = next(item for item in result["melting"] if f"mean_c__{item}" in history)
    times, temperatures = history["time_s"], history[f"mean_c__{name}"]
    section = ThermalSection.read(states[0])
    with figure_style():
        figure = Figure(figsize=_FILM_INCHES)
        FigureCanvasAgg(figure)
        size = (round(_FILM_INCHES[0] * _FILM_DPI), round(_FILM_INCHES[1] * _FILM_DPI))
        show = draw_melted(figure.add_axes((0.0, 0.02, 0.46, 0.85)), section, section.window())
        curve = figure.add_axes((0.56, 0.16, 0.42, 0.68))
        curve.plot(times, temperatures, color=MUTED, lw=1.1)
        (marker,) = curve.plot([], [], marker="o", ms=6, color="#b3261e")
        curve.set_xlabel("time, s")
        curve.set_ylabel("joint, \u00b0C")
        title = figure.suptitle("", x=0.02, ha="left", weight="bold", size=10)
        for path in states:
            state = ThermalSection.read(path)
            time, melted = state.facts["time_s"], state.facts["melted_fraction"]
            now = float(np.interp(time, times, temperatures))
            show(state)
            marker.set_data([time], [now])
            title.set_text(
                f"{joint_label(result['joint']).capitalize()}: {time:.1f} s, {now:.1f} \u00b0C, "
                f"{100.0 * melted:.0f} % molten"
            )
            stream = io.BytesIO()
            figure.savefig(stream, format="rgba", dpi=_FILM_DPI)
            image = Image.frombytes("RGBA", size, stream.getvalue()).convert("RGB")
            yield image.quantize(64, method=Image.Quantize.FASTOCTREE)


def _png(figure: Figure, dpi: float) -> bytes:
    FigureCanvasAgg(figure)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": "bumpfem"})
    return stream.getvalue()
