"""The cross-section of a cell in the oven: melting and temperature, drawn from its field file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvista
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.tri import Triangulation

from bumpfem.errors import MeshError
from bumpfem.report.sections import Window
from bumpfem.report.style import CONTEXT, INK, TEMPERATURE_MAP
from bumpfem.report.surfaces import IntArray
from bumpfem.units import FloatArray

#: Colour map of the melted fraction: pale is solid, dark is liquid.
MELTED_MAP = "YlOrRd"
_JOINT = (
    "solder", "solder_layer_interposer", "solder_layer_board", "core", "bump", "bump_barrier",
    "attach", "resin", "mask", "interposer_pad", "board_pad",
)  # fmt: skip
_SLABS = ("resin", "mask")
_PLAIN = ListedColormap([CONTEXT])
_TRIANGLE, _TETRAHEDRON = 5, 10


@dataclass(frozen=True)
class ThermalSection:
    """Triangles of the cross-section through the joint's axis.

    Attributes:
        points: ``(n, 2)`` distance from the axis and height, mm.
        triangles: ``(t, 3)`` numbers of points.
        region: ``(t,)`` name of the region of each triangle.
        nodal: Fields at the points.
        cells: Fields of the triangles.
        facts: Numbers that belong to the whole state, e.g. ``time_s``.
        half: Whether only the half at positive distances is there.
    """

    points: FloatArray
    triangles: IntArray
    region: tuple[str, ...]
    nodal: dict[str, FloatArray]
    cells: dict[str, FloatArray]
    facts: dict[str, float]
    half: bool

    @classmethod
    def read(cls, path: Path) -> ThermalSection:
        """Read a field file of an axisymmetric or a half cell.

        Raises:
            MeshError: The file holds other cells.
        """
        grid = pyvista.read(path)
        names = dict(
            zip(grid.field_data["region_ids"], grid.field_data["region_names"], strict=True)
        )
        facts = {
            name: float(grid.field_data[name][0])
            for name in ("time_s", "melted_fraction")
            if name in grid.field_data
        }
        kinds = set(np.unique(grid.celltypes).tolist())
        if kinds == {_TRIANGLE}:
            points = np.asarray(grid.points, dtype=np.float64)[:, :2]
            triangles = np.asarray(grid.cells).reshape(-1, 4)[:, 1:]
            source, half = grid, True
        elif kinds == {_TETRAHEDRON}:
            source = grid.extract_surface(algorithm=None)
            triangles = np.asarray(source.faces).reshape(-1, 4)[:, 1:]
            on_plane = np.all(np.abs(source.points[triangles, 1]) < 1e-9, axis=1)
            source = source.extract_cells(np.flatnonzero(on_plane).tolist())
            triangles = np.asarray(source.cells).reshape(-1, 4)[:, 1:]
            points = np.asarray(source.points, dtype=np.float64)[:, [0, 2]]
            points[:, 0] -= 0.5 * (points[:, 0].min() + points[:, 0].max())
            half = False
        else:
            raise MeshError(f"{path.name} holds cells of VTK types {sorted(kinds)}")
        return cls(
            points=points,
            triangles=np.asarray(triangles),
            region=tuple(str(names[int(number)]) for number in source.cell_data["region"]),
            nodal={n: np.asarray(source.point_data[n]) for n in ("temperature", "hottest")},
            cells={n: np.asarray(source.cell_data[n]) for n in ("melted", "most_melted")},
            facts=facts,
            half=half,
        )

    def of(self, regions: tuple[str, ...]) -> IntArray:
        """Triangles of some regions."""
        return np.flatnonzero([name in regions for name in self.region])

    def window(self, margin: float = 0.15) -> Window:
        """The joint and its pads with a margin given as a fraction of its width."""
        parts = tuple(name for name in _JOINT if name not in _SLABS)
        nodes = np.unique(self.triangles[self.of(parts)])
        width = float(np.abs(self.points[nodes, 0]).max())
        low, high = float(self.points[nodes, 1].min()), float(self.points[nodes, 1].max())
        gap = 2.0 * margin * width
        return Window(-width - gap, width + gap, low - gap, high + gap)

    def temperature_range(self, window: Window) -> tuple[float, float]:
        """Lowest and highest temperature in a window, at least a hundredth of a kelvin apart."""
        x, z = np.abs(self.points[:, 0]), self.points[:, 1]
        inside = (x <= window.right) & (z >= window.bottom) & (z <= window.top)
        values = self.nodal["temperature"][inside]
        low, high = float(values.min()), float(values.max())
        spare = max(0.01 - (high - low), 0.0) / 2.0
        return low - spare, high + spare


def draw_temperature(
    axes: Axes, section: ThermalSection, window: Window, limits: tuple[float, float]
) -> None:
    """Draw the temperature field of all regions."""
    for sign in (-1.0, 1.0) if section.half else (1.0,):
        mesh = Triangulation(sign * section.points[:, 0], section.points[:, 1], section.triangles)
        axes.tripcolor(
            mesh, section.nodal["temperature"], shading="gouraud", cmap=TEMPERATURE_MAP,
            norm=Normalize(*limits),
        )  # fmt: skip
    _outline(axes, section)
    _frame(axes, window)


def draw_melted(
    axes: Axes, section: ThermalSection, window: Window
) -> Callable[[ThermalSection], None]:
    """Draw the melted fraction of what can melt; the rest is grey.

    Returns:
        A function that shows another state of the same cell in this drawing.
    """
    joint = section.of(tuple(name for name in _JOINT if name not in _SLABS and "pad" not in name))
    others = np.setdiff1d(np.arange(len(section.triangles)), joint)
    shown = []
    for sign in (-1.0, 1.0) if section.half else (1.0,):
        x, z = sign * section.points[:, 0], section.points[:, 1]
        grey = Triangulation(x, z, section.triangles[others])
        axes.tripcolor(grey, np.zeros(len(x)), cmap=_PLAIN, shading="gouraud")
        mesh = Triangulation(x, z, section.triangles[joint])
        shown.append(
            axes.tripcolor(
                mesh,
                section.cells["melted"][joint],
                cmap=MELTED_MAP,
                norm=Normalize(0.0, 1.0),
                edgecolors="none",
            )
        )
    _outline(axes, section)
    _frame(axes, window)

    def show(state: ThermalSection) -> None:
        for collection in shown:
            collection.set_array(state.cells["melted"][joint])

    return show


def _outline(axes: Axes, section: ThermalSection) -> None:
    """Lines between regions and around the whole."""
    owner: dict[tuple[int, int], list[str]] = {}
    for triangle, region in zip(section.triangles, section.region, strict=True):
        for first, second in ((0, 1), (1, 2), (2, 0)):
            edge = sorted((int(triangle[first]), int(triangle[second])))
            owner.setdefault((edge[0], edge[1]), []).append(region)
    edges = [e for e, found in owner.items() if len(found) == 1 or found[0] != found[1]]
    lines = section.points[np.array(edges)]
    if section.half:
        off_axis = lines[:, :, 0].max(axis=1) > 1e-9
        mirrored = lines[off_axis] * np.array([-1.0, 1.0])
        lines = np.concatenate([lines[off_axis], mirrored])
    axes.add_collection(LineCollection(list(lines), colors=INK, lw=0.6, capstyle="round"))


def _frame(axes: Axes, window: Window) -> None:
    axes.set_xlim(window.left, window.right)
    axes.set_ylim(window.bottom, window.top)
    axes.set_aspect("equal")
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
