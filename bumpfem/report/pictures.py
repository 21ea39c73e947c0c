"""The four pictures of one joint: mesh, deformed joint with energy density, loop and history."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from bumpfem.errors import MeshError
from bumpfem.report import scenes, sections
from bumpfem.report.figures_joint import draw_history, draw_hysteresis
from bumpfem.report.files import JointFiles
from bumpfem.report.style import (
    DPI,
    ENERGY_MAP,
    MUTED,
    celsius,
    figure_style,
    joint_label,
    number,
    region_handles,
)
from bumpfem.report.surfaces import Solid

logger = logging.getLogger(__name__)

#: Names and plain words of the pictures, in the order of the report.
PICTURES: dict[str, str] = {
    "mesh.png": "Materials and mesh",
    "energy.png": "Where damage collects",
    "hysteresis.png": "Shear hysteresis loop",
    "history.png": "Temperature and inelastic energy over time",
}
_VIEW_PIXELS = (1100, 1000)


def render_pictures(joint_folder: Path, *, limit: float | None = None) -> dict[str, Path]:
    """Draw ``mesh.png``, ``energy.png``, ``hysteresis.png`` and ``history.png`` into a folder.

    The cross-sections and curves need no graphics hardware. Where the machine cannot render
    three-dimensional views, they are left out of the pictures and the log says so. A picture that
    cannot be drawn is left out with a logged warning; files with numbers are never touched.

    Args:
        joint_folder: Folder of one computed joint with ``mesh.vtu``, ``fields.vtu``,
            ``history.csv`` and ``result.json``.
        limit: Upper colour limit of the energy density in mJ/mm3, to compare joints on one
            scale; by default 98 % of this joint's solder lies below it.

    Returns:
        The pictures that were drawn, file name to path.
    """
    folder = Path(joint_folder)
    files = JointFiles.read(folder)
    drawings: dict[str, Callable[[], Figure]] = {
        "mesh.png": lambda: _mesh_picture(files),
        "energy.png": lambda: _energy_picture(files, limit),
        "hysteresis.png": lambda: draw_hysteresis(files),
        "history.png": lambda: draw_history(files),
    }
    drawn: dict[str, Path] = {}
    for name, draw in drawings.items():
        path = folder / name
        path.unlink(missing_ok=True)
        try:
            with figure_style():
                figure = draw()
                FigureCanvasAgg(figure)
                figure.savefig(path, dpi=DPI, metadata={"Software": "bumpfem"})
            drawn[name] = path
        except (OSError, MeshError, KeyError, ValueError) as problem:
            logger.warning("%s of joint %s could not be drawn: %s", name, files.name, problem)
    return drawn


def render_all(joint_folders: Mapping[str, Path]) -> None:
    """Draw the pictures of every joint of a study, all with one colour scale of the energy density.

    Args:
        joint_folders: Folder of each computed joint, by joint.
    """
    limit = shared_limit(list(joint_folders.values()))
    for folder in joint_folders.values():
        render_pictures(folder, limit=limit)


def shared_limit(folders: list[Path]) -> float | None:
    """Upper colour limit in mJ/mm3 that suits all joints; None where no field file can be read."""
    limits = []
    for folder in folders:
        try:
            limits.append(sections.energy_limit(Solid.read(folder / "fields.vtu")))
        except (OSError, MeshError, KeyError, ValueError) as problem:
            logger.warning("fields of %s cannot be read: %s", folder.name, problem)
    return max(limits, default=None)


def _mesh_picture(files: JointFiles) -> Figure:
    solid = Solid.read(files.folder / "mesh.vtu")
    figure = Figure(figsize=(9.6, 4.6))
    view, section = _two_panels(figure, right=0.77)
    figure.suptitle(
        f"{_title(files)}: materials and mesh", x=0.02, y=0.965, ha="left", weight="bold", size=12
    )
    if scenes.can_render():
        _show(view, scenes.view_regions(solid, _VIEW_PIXELS), "half cell, one pitch wide")
    else:
        _say_missing(view)
    window = sections.Window.around(solid)
    seen = set(sections.draw_regions(section, solid, window)) | set(solid.present())
    sections.add_scale_bar(section, window)
    _caption(section, "cross-section in the symmetry plane")
    figure.legend(
        handles=region_handles(seen),
        loc="center left",
        bbox_to_anchor=(0.775, 0.5),
        handlelength=1.3,
        handleheight=1.1,
        labelspacing=0.55,
    )
    figure.text(
        0.99,
        0.02,
        f"{len(solid.cells):,} quadratic tetrahedra, {len(solid.points):,} nodes",
        ha="right",
        size=8,
        color=MUTED,
    )
    return figure


def _energy_picture(files: JointFiles, limit: float | None) -> Figure:
    solid = Solid.read(files.folder / "fields.vtu")
    for name, data in (("delta_w", solid.cell_data), ("displacement", solid.point_data)):
        if name not in data:
            raise MeshError(f"fields.vtu holds no {name}")
    limit = sections.energy_limit(solid) if limit is None else limit
    factor = sections.magnification(solid)
    figure = Figure(figsize=(9.6, 4.6))
    view, section = _two_panels(figure, right=0.86)
    figure.suptitle(
        f"{_title(files)}: inelastic energy density of the last cycle",
        x=0.02,
        y=0.965,
        ha="left",
        weight="bold",
        size=12,
    )
    if scenes.can_render():
        image = scenes.view_energy(solid, _VIEW_PIXELS, limit=limit, factor=factor)
        _show(view, image, "solder alone, seen from the cut and the interposer")
    else:
        _say_missing(view)
    window = sections.Window.around(solid)
    sections.draw_energy(section, solid, window, limit=limit, factor=factor)
    sections.add_scale_bar(section, window)
    _caption(section, "cross-section in the symmetry plane (grey: elastic parts)")
    bar = figure.colorbar(
        ScalarMappable(Normalize(0.0, limit), ENERGY_MAP),
        cax=figure.add_axes((0.885, 0.17, 0.02, 0.66)),
        extend="max",
    )
    bar.set_label("inelastic energy density per cycle, mJ/mm\u00b3")
    bar.outline.set_linewidth(0.5)
    figure.text(0.99, 0.02, _footnote(files, solid, limit, factor), ha="right", size=8, color=MUTED)
    return figure


def _footnote(files: JointFiles, solid: Solid, limit: float, factor: float) -> str:
    peak = float(solid.cell_data["delta_w"][solid.of(sections.working_regions(solid))].max())
    when = files.end_temperature
    state = "" if when is None else f" at {celsius(when)}"
    shown = "not magnified" if factor == 1.0 else f"magnified {factor:g} times"
    above = f"; largest value in one element {number(peak)} mJ/mm\u00b3" if peak > limit else ""
    return f"deformation{state} {shown}{above}"


def _two_panels(figure: Figure, right: float) -> tuple[Axes, Axes]:
    middle = 0.02 + (right - 0.02) / 2.0
    view = figure.add_axes((0.015, 0.12, middle - 0.025, 0.77))
    section = figure.add_axes((middle + 0.01, 0.12, right - middle - 0.015, 0.77))
    view.set_axis_off()
    return view, section


def _show(axes: Axes, image: scenes.Image, words: str) -> None:
    axes.imshow(image, interpolation="antialiased")
    axes.set_axis_off()
    _caption(axes, words)


def _caption(axes: Axes, words: str) -> None:
    axes.text(
        0.5, -0.03, words, transform=axes.transAxes, ha="center", va="top", size=8.5, color=MUTED
    )


def _say_missing(axes: Axes) -> None:
    words = "three-dimensional view missing:\nno OpenGL where this was computed"
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=MUTED)


def _title(files: JointFiles) -> str:
    return joint_label(files.name).capitalize()
