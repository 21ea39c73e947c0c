"""Physical groups: every cell gets one named region, every outer face its surface."""

from __future__ import annotations

import gmsh

from bumpfem.errors import MeshError
from bumpfem.meshing.cell import CellBox
from bumpfem.meshing.names import (
    BOARD_SIDE,
    INTERPOSER_SIDE,
    REGIONS,
    region_tag,
    surface_names,
    surface_tag,
)
from bumpfem.meshing.profile import DimTag

#: Faces of a cell lie in planes; this is how far a face may be off, mm.
PLANE_TOLERANCE = 1e-6


def tag_regions(parts: list[tuple[str, DimTag]]) -> dict[str, int]:
    """Make one physical group per region of the current model.

    Args:
        parts: (region, entity) pairs that must cover all entities of the highest dimension.

    Returns:
        Tag of each region.

    Raises:
        MeshError: If a region's name is unknown, or an entity has none or two.
    """
    grouped: dict[str, list[int]] = {}
    owner: dict[DimTag, str] = {}
    for name, entity in parts:
        if name not in REGIONS:
            raise MeshError(f"region {name!r} is not one of {', '.join(REGIONS)}")
        if entity in owner:
            raise MeshError(f"an entity belongs to both {owner[entity]} and {name}")
        owner[entity] = name
        grouped.setdefault(name, []).append(entity[1])
    dimension = parts[0][1][0]
    unnamed = [e for e in gmsh.model.getEntities(dimension) if e not in owner]
    if unnamed:
        raise MeshError(f"{len(unnamed)} entities of the model belong to no region")
    for name in sorted(grouped, key=REGIONS.index):
        gmsh.model.addPhysicalGroup(dimension, sorted(grouped[name]), region_tag(name), name)
    return {name: region_tag(name) for name in sorted(grouped, key=REGIONS.index)}


def tag_surfaces(parts: list[tuple[str, DimTag]], box: CellBox) -> dict[str, int]:
    """Make one physical group per named surface of the current model.

    Args:
        parts: (region, entity) pairs.
        box: Limits of the cell.

    Returns:
        Tag of each surface.

    Raises:
        MeshError: If a named surface has no face, or a face in a cell's plane no name.
    """
    found: dict[str, list[int]] = {name: [] for name in surface_names(box.kind)}
    seen: dict[int, list[str]] = {}
    dimension = parts[0][1][0] - 1
    for region, entity in parts:
        for _, face in gmsh.model.getBoundary([entity], oriented=False):
            seen.setdefault(face, []).append(region)
    for face, regions in sorted(seen.items()):
        if len(regions) > 2:
            raise MeshError(f"a face is shared by {len(regions)} parts: {', '.join(regions)}")
        if len(regions) == 2:
            continue
        name = _surface(dimension, face, regions[0], box)
        if name:
            found[name].append(face)
    empty = [name for name, faces in found.items() if not faces]
    if empty:
        raise MeshError(f"no face lies on {', '.join(empty)}")
    tags = {}
    for name, faces in found.items():
        tags[name] = surface_tag(name, box.kind)
        gmsh.model.addPhysicalGroup(dimension, faces, tags[name], name)
    return tags


def _surface(dimension: int, face: int, region: str, box: CellBox) -> str:
    """Name of the cell's plane in which an outer face lies; empty for a free face."""
    x0, y0, z0, x1, y1, z1 = gmsh.model.getBoundingBox(dimension, face)

    def within(low: float, high: float, plane: float) -> bool:
        return abs(low - plane) < PLANE_TOLERANCE and abs(high - plane) < PLANE_TOLERANCE

    side = "board_side" if region in BOARD_SIDE else "interposer_side"
    if box.kind == "half_cell":
        planes = [
            (y0, y1, 0.0, "symmetry"),
            (z0, z1, box.bottom, "board_bottom"),
            (z0, z1, box.top, "interposer_top"),
            (x0, x1, box.centre_x - box.half_pitch, f"{side}_x_min"),
            (x0, x1, box.centre_x + box.half_pitch, f"{side}_x_max"),
            (y0, y1, box.half_pitch, f"{side}_y_max"),
        ]
    else:
        planes = [
            (x0, x1, 0.0, "axis"),
            (y0, y1, box.bottom, "board_bottom"),
            (y0, y1, box.top, "interposer_top"),
            (x0, x1, box.outer_radius, side),
        ]
    for low, high, plane, name in planes:
        if within(low, high, plane):
            if "side" in name and region not in BOARD_SIDE | INTERPOSER_SIDE:
                raise MeshError(f"region {region} reaches the side of the cell")
            return name
    return ""
