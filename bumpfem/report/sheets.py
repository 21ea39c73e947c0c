"""Cross-sections of all joints of a study on one sheet, as PNG."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from bumpfem.report import sections
from bumpfem.report.style import (
    DPI,
    ENERGY_MAP,
    MUTED,
    figure_style,
    joint_label,
    region_handles,
)
from bumpfem.report.surfaces import Solid

_WIDTH = 9.6
_COLUMNS = 3


def section_sheet(folders: Mapping[str, Path], notes: Mapping[str, str]) -> bytes | None:
    """Cross-sections of all joints by material, at one length scale, as PNG; None without any."""
    solids = _solids(folders, "mesh.vtu")
    if not solids:
        return None
    window = sections.Window.union([sections.Window.around(solid) for solid in solids.values()])
    with figure_style():
        figure, panels = _sheet(len(solids), window, right=0.985, foot=0.85)
        seen: set[str] = set()
        for axes, (name, solid) in zip(panels, solids.items(), strict=True):
            seen.update(sections.draw_regions(axes, solid, window, edges=False))
            _name_panel(axes, name, notes)
        sections.add_scale_bar(panels[0], window)
        figure.legend(
            handles=region_handles(seen),
            loc="lower left",
            bbox_to_anchor=(0.0, 0.0),
            ncols=5,
            handlelength=1.2,
            handleheight=1.0,
            columnspacing=1.4,
        )
        return _png(figure)


def energy_sheet(folders: Mapping[str, Path], notes: Mapping[str, str]) -> bytes | None:
    """Deformed cross-sections with energy density on one colour scale, as PNG; None without any."""
    solids = _solids(
        folders,
        "fields.vtu",
        lambda solid: "delta_w" in solid.cell_data and "displacement" in solid.point_data,
    )
    if not solids:
        return None
    window = sections.Window.union([sections.Window.around(solid) for solid in solids.values()])
    limit = max(sections.energy_limit(solid) for solid in solids.values())
    factor = min(sections.magnification(solid) for solid in solids.values())
    with figure_style():
        figure, panels = _sheet(len(solids), window, right=0.88)
        for axes, (name, solid) in zip(panels, solids.items(), strict=True):
            sections.draw_energy(axes, solid, window, limit=limit, factor=factor)
            _name_panel(axes, name, notes)
        sections.add_scale_bar(panels[0], window)
        height = min(0.8, 3.2 / figure.get_figheight())
        bar = figure.colorbar(
            ScalarMappable(Normalize(0.0, limit), ENERGY_MAP),
            cax=figure.add_axes((0.9, 0.5 - height / 2.0, 0.018, height)),
            extend="max",
        )
        bar.set_label("inelastic energy density of the last cycle, mJ/mm\u00b3", size=8.5)
        bar.outline.set_linewidth(0.5)
        figure.text(
            0.985,
            0.01,
            "deformation not magnified"
            if factor == 1.0
            else f"deformation magnified {factor:g} times",
            ha="right",
            va="bottom",
            size=8,
            color=MUTED,
        )
        return _png(figure)


def _solids(
    folders: Mapping[str, Path], file: str, usable: Callable[[Solid], bool] = lambda solid: True
) -> dict[str, Solid]:
    solids = {
        name: Solid.read(folder / file)
        for name, folder in folders.items()
        if (folder / file).is_file()
    }
    return {name: solid for name, solid in solids.items() if usable(solid)}


def _sheet(
    count: int, window: sections.Window, right: float, foot: float = 0.25
) -> tuple[Figure, list[Axes]]:
    columns = min(_COLUMNS, count)
    rows = math.ceil(count / columns)
    shape = (window.top - window.bottom) / (window.right - window.left)
    left, gap, head = 0.012, 0.018, 0.42
    panel = (right - left - (columns - 1) * gap) / columns if columns == _COLUMNS else 0.28
    tall = panel * _WIDTH * shape
    figure = Figure(figsize=(_WIDTH, round(rows * (tall + head) + foot, 2)))
    height = figure.get_figheight()
    panels = []
    for k in range(count):
        row, column = divmod(k, columns)
        bottom = (foot + (rows - 1 - row) * (tall + head)) / height
        panels.append(
            figure.add_axes((left + column * (panel + gap), bottom, panel, tall / height))
        )
    return figure, panels


def _name_panel(axes: Axes, name: str, notes: Mapping[str, str]) -> None:
    axes.set_title(joint_label(name), fontsize=10.5, pad=5.0)
    axes.set_title(notes.get(name, ""), fontsize=8.5, loc="right", weight="normal", color=MUTED)


def _png(figure: Figure) -> bytes:
    FigureCanvasAgg(figure)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": "bumpfem"})
    return stream.getvalue()
