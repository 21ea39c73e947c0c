"""The cross-section of a joint in its symmetry plane, drawn from the mesh as it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from matplotlib.tri import Triangulation

from bumpfem.report.style import CONTEXT, ENERGY_MAP, INK, region_colour
from bumpfem.report.surfaces import (
    IntArray,
    Solid,
    curved,
    edge_lines,
    face_edges,
    on_faces,
    region_boundaries,
    subdivide,
)
from bumpfem.units import FloatArray

_SOLDER = ["solder", "solder_layer_interposer", "solder_layer_board"]
_JOINT = [*_SOLDER, "core", "bump", "bump_barrier", "attach", "interposer_pad", "board_pad"]
_PARTS = 3


@dataclass(frozen=True)
class Window:
    """A rectangle of the symmetry plane in mm: x from the joint's axis, z from the board."""

    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def around(cls, solid: Solid, margin: float = 0.16) -> Window:
        """The joint and its pads with a margin given as a fraction of the joint's width."""
        nodes = np.unique(solid.cells[solid.of(_JOINT)])
        x, z = solid.points[nodes, 0] - axis_of(solid), solid.points[nodes, 2]
        half = float(np.abs(x).max())
        gap = 2.0 * margin * half
        return cls(-half - gap, half + gap, float(z.min()) - gap, float(z.max()) + gap)

    @classmethod
    def union(cls, windows: list[Window]) -> Window:
        """The smallest window that holds them all."""
        return cls(
            min(w.left for w in windows),
            max(w.right for w in windows),
            min(w.bottom for w in windows),
            max(w.top for w in windows),
        )


def axis_of(solid: Solid) -> float:
    """Position x in mm of the joint's axis: the middle of the solder."""
    x = solid.points[np.unique(solid.cells[solid.of(_JOINT)]), 0]
    return float(x.min() + x.max()) / 2.0


def working_regions(solid: Solid) -> list[str]:
    """Regions in which energy is dissipated: the solder, and others that flow noticeably."""
    energy = solid.cell_data["delta_w"]
    solder = [name for name in _SOLDER if solid.has(name)]
    cells = solid.of(solder) if solder else np.arange(len(solid.cells))
    threshold = 1e-3 * float(energy[cells].max(initial=0.0))
    others = ("core", "attach", "bump", "bump_barrier")
    return solder + [
        name
        for name in others
        if solid.has(name) and float(energy[solid.of([name])].max()) > threshold
    ]


def energy_limit(solid: Solid) -> float:
    """Upper colour limit in mJ/mm3: 98 % of the working volume lies below it, rounded up."""
    cells = solid.of(working_regions(solid))
    value = solid.cell_data["delta_w"][cells]
    order = np.argsort(value)
    share = np.cumsum(solid.volumes[cells][order])
    limit = float(value[order][min(np.searchsorted(share, 0.98 * share[-1]), len(value) - 1)])
    if limit <= 0.0:
        return 1e-6
    unit = 10.0 ** (math.floor(math.log10(limit)) - 1)
    return math.ceil(limit / unit - 1e-9) * unit


def relative_displacement(solid: Solid) -> FloatArray:
    """Displacement in mm against the mean of the solder, so that only deformation is left."""
    displacement = solid.point_data["displacement"]
    nodes = np.unique(solid.cells[solid.of(working_regions(solid))])
    return np.asarray(displacement - displacement[nodes].mean(axis=0))


def magnification(solid: Solid, share: float = 0.08) -> float:
    """Factor 1, 2, 5, 10, ... that shows the solder's deformation at about ``share`` of its height.

    Beyond 500 nothing would be shown but noise: then 1.
    """
    nodes = np.unique(solid.cells[solid.of(working_regions(solid))])
    largest = float(np.linalg.norm(relative_displacement(solid)[nodes], axis=1).max())
    height = float(np.ptp(solid.points[nodes, 2]))
    if largest <= 0.0 or (wanted := share * height / largest) > 750.0:
        return 1.0
    if wanted <= 1.0:
        return 1.0
    decade = 10.0 ** math.floor(math.log10(wanted))
    return max(step * decade for step in (1.0, 2.0, 5.0) if step * decade <= wanted)


def draw_regions(axes: Axes, solid: Solid, window: Window, *, edges: bool = True) -> list[str]:
    """Draw the materials of the cross-section; returns the regions seen in the window."""
    faces, owner = solid.section_faces()
    numbers = {number: name for name, number in solid.names.items()}
    polygons = _outlines(solid, faces)
    colours = [region_colour(numbers[int(r)]) for r in solid.region[owner]]
    axes.add_collection(
        PolyCollection(list(polygons), facecolors=colours, edgecolors="face", lw=0.3)
    )
    if edges:
        lines = edge_lines(solid.points, faces)
        axes.add_collection(
            LineCollection(list(_plane(solid, lines)), colors=INK, lw=0.25, alpha=0.55)
        )
    _draw_boundaries(axes, solid, faces, owner, width=0.7)
    _frame(axes, window)
    visible = np.any(
        (polygons[:, :, 0] > window.left)
        & (polygons[:, :, 0] < window.right)
        & (polygons[:, :, 1] > window.bottom)
        & (polygons[:, :, 1] < window.top),
        axis=1,
    )
    return [numbers[int(number)] for number in np.unique(solid.region[owner[visible]])]


def draw_energy(axes: Axes, solid: Solid, window: Window, *, limit: float, factor: float) -> None:
    """Draw the deformed cross-section with the energy density per cycle in the working regions.

    Args:
        axes: Where to draw.
        solid: Mesh with cell data ``delta_w`` in mJ/mm3 and point data ``displacement`` in mm.
        window: What to show.
        limit: Value in mJ/mm3 of the darkest colour.
        factor: Magnification of the displacement.
    """
    axis = axis_of(solid)
    shape = solid.moved(factor * relative_displacement(solid))
    faces, owner = solid.section_faces()
    working = working_regions(solid)
    quiet = ~np.isin(solid.region[owner], [solid.names[name] for name in working])
    axes.add_collection(
        PolyCollection(
            list(_outlines(shape, faces[quiet], axis)),
            facecolors=CONTEXT,
            edgecolors="face",
            lw=0.3,
        )
    )
    for group in energy_groups(working):
        cells = solid.of(group)
        mine = np.isin(owner, cells)
        points, triangles, values = energy_patch(shape, faces[mine], solid.nodal("delta_w", cells))
        if len(triangles):
            mesh = Triangulation(points[:, 0] - axis, points[:, 2], triangles)
            axes.tripcolor(
                mesh, values, shading="gouraud", cmap=ENERGY_MAP, norm=Normalize(0.0, limit)
            )
    _draw_boundaries(axes, shape, faces, owner, width=0.6, axis=axis)
    _frame(axes, window)


def energy_groups(working: list[str]) -> list[list[str]]:
    """Regions over which a nodal mean is taken: the solder as one, every other alloy by itself."""
    solder = [name for name in working if name in _SOLDER]
    return ([solder] if solder else []) + [[name] for name in working if name not in _SOLDER]


def energy_patch(
    solid: Solid, faces: IntArray, nodal: FloatArray
) -> tuple[FloatArray, IntArray, FloatArray]:
    """Subdivided faces with values: points (p, 3), triangles (t, 3) and values at the points (p,).

    The geometry follows the quadratic face, the value is linear between the corners, so that no
    value appears that is not between nodal means.
    """
    barycentric, triangles = subdivide(faces, _PARTS)
    values = np.einsum("pk,fk->fp", barycentric, nodal[faces[:, :3]]).ravel()
    return on_faces(solid.points, faces, barycentric), triangles, values


def add_scale_bar(axes: Axes, window: Window, *, colour: str = INK) -> None:
    """A bar of a round length in mm in the lower left corner."""
    width = window.right - window.left
    decade = 10.0 ** math.floor(math.log10(0.3 * width))
    length = max(step * decade for step in (1.0, 2.0, 5.0) if step * decade <= 0.3 * width)
    x, z = window.left + 0.04 * width, window.bottom + 0.05 * (window.top - window.bottom)
    thickness = 0.012 * width
    backing = dict(facecolor="white", edgecolor="none", alpha=0.8)
    axes.text(
        x + length / 2.0,
        z + 2.2 * thickness,
        f"{length:g} mm",
        ha="center",
        va="bottom",
        fontsize=7.5,
        color=colour,
        bbox={**backing, "pad": 1.2},
        zorder=6,
    )
    axes.add_patch(Rectangle((x, z), length, thickness, color=colour, lw=0, zorder=7))


def _plane(solid: Solid, points: FloatArray, axis: float | None = None) -> FloatArray:
    """Coordinates in the drawing: x from the joint's axis, and z."""
    shift = axis_of(solid) if axis is None else axis
    return np.stack([points[..., 0] - shift, points[..., 2]], axis=-1)


def _outlines(solid: Solid, faces: IntArray, axis: float | None = None) -> FloatArray:
    """Curved outline of each face as a polygon, shape (k, points, 2)."""
    sides = curved(solid.points, face_edges(faces))[:, :-1].reshape(3, len(faces), -1, 3)
    return _plane(solid, np.concatenate(list(sides), axis=1), axis)


def _draw_boundaries(
    axes: Axes,
    solid: Solid,
    faces: IntArray,
    owner: IntArray,
    width: float,
    axis: float | None = None,
) -> None:
    edges = region_boundaries(faces, solid.region[owner])
    lines = curved(solid.points, edges)
    axes.add_collection(
        LineCollection(list(_plane(solid, lines, axis)), colors=INK, lw=width, capstyle="round")
    )


def _frame(axes: Axes, window: Window) -> None:
    axes.set_xlim(window.left, window.right)
    axes.set_ylim(window.bottom, window.top)
    axes.set_aspect("equal")
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
