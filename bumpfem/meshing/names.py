"""Names of the regions and surfaces that a mesh may have."""

from __future__ import annotations

from typing import Literal

#: 3D half cell of one pitch, or 2D axisymmetric cell of the same joint.
CellKind = Literal["half_cell", "axisymmetric"]

#: What a mesh is of: a joint's cell, or a quarter of the whole package on its board.
Kind = Literal["half_cell", "axisymmetric", "package"]

#: Every region name; the tag of a region is its place here, counted from 1.
REGIONS: tuple[str, ...] = (
    "solder", "solder_layer_interposer", "solder_layer_board", "core", "resin", "mask", "attach",
    "bump", "bump_barrier", "interposer_pad", "board_pad", "interposer_resist", "board_resist",
    "interposer", "board", "die", "die_attach", "mould", "joints", "gap", "resin_crown",
)  # fmt: skip

#: Regions that belong to the board's side faces.
BOARD_SIDE: frozenset[str] = frozenset({"board", "board_resist"})

#: Regions that belong to the interposer's side faces.
INTERPOSER_SIDE: frozenset[str] = frozenset(
    {"interposer", "interposer_resist", "die", "die_attach", "mould", "resin", "mask"}
)

#: Surfaces of the 3D half cell.
HALF_CELL_SURFACES: tuple[str, ...] = (
    "symmetry", "board_bottom", "interposer_top",
    "board_side_x_min", "board_side_x_max", "board_side_y_max",
    "interposer_side_x_min", "interposer_side_x_max", "interposer_side_y_max",
)  # fmt: skip

#: Surfaces of the axisymmetric cell.
AXISYMMETRIC_SURFACES: tuple[str, ...] = (
    "axis", "board_bottom", "interposer_top", "board_side", "interposer_side",
)  # fmt: skip

#: Surfaces of a package on its board; ``board_top`` is what the package leaves free.
PACKAGE_SURFACES: tuple[str, ...] = (
    "symmetry_x", "symmetry_y", "board_bottom", "interposer_top", "board_top",
    "board_side", "package_side", "gap_side",
)  # fmt: skip

_SURFACES: dict[Kind, tuple[str, ...]] = {
    "half_cell": HALF_CELL_SURFACES,
    "axisymmetric": AXISYMMETRIC_SURFACES,
    "package": PACKAGE_SURFACES,
}


def surface_names(kind: Kind) -> tuple[str, ...]:
    """Names of the surfaces of a kind of mesh, in the order of their tags from 101."""
    return _SURFACES[kind]


def region_tag(name: str) -> int:
    """Tag of a region."""
    return REGIONS.index(name) + 1


def surface_tag(name: str, kind: Kind) -> int:
    """Tag of a surface."""
    return surface_names(kind).index(name) + 101
