"""Solids of the half cell and faces of the axisymmetric cell, joined into one conformal model."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

import gmsh

from bumpfem.errors import MeshError
from bumpfem.meshing.names import Kind
from bumpfem.meshing.profile import DimTag, Sketch, joint_faces, merge
from bumpfem.meshing.stack import FlatPart
from bumpfem.shapes import JointShape


@dataclass(frozen=True)
class CellBox:
    """Outer limits of a cell.

    Args:
        kind: Half cell or axisymmetric cell.
        centre_x: Position of the joint's axis, mm (0 for the axisymmetric cell).
        half_pitch: Half of the pitch, mm.
        bottom: Height of the board's bottom, mm.
        top: Height of the interposer's top, mm.
    """

    kind: Kind
    centre_x: float
    half_pitch: float
    bottom: float
    top: float

    @property
    def outer_radius(self) -> float:
        """Radius of the circle with the pitch cell's area, ``P / sqrt(pi)``, mm."""
        return 2.0 * self.half_pitch / sqrt(pi)


def build_cell(
    shape: JointShape, parts: list[FlatPart], box: CellBox, layers: dict[str, tuple[float, float]]
) -> list[tuple[str, DimTag]]:
    """Draw the cell in the current gmsh model and join it.

    Args:
        shape: The joint.
        parts: Flat parts around and above it.
        box: Limits of the cell.
        layers: Bottom and top of each solder layer.

    Returns:
        (region, entity) pairs; entities are volumes (half cell) or faces (axisymmetric).

    Raises:
        MeshError: If parts overlap or one is lost.
    """
    if box.kind == "half_cell":
        regions = _solids(shape, parts, box, layers)
    else:
        regions = _faces(shape, parts, box, layers)
    merged = merge(regions)
    gmsh.model.occ.synchronize()
    return merged


def _faces(
    shape: JointShape, parts: list[FlatPart], box: CellBox, layers: dict[str, tuple[float, float]]
) -> list[tuple[str, DimTag]]:
    sketch = Sketch(lambda point: (point[0], point[1], 0.0))
    regions = [(name, (2, tag)) for name, tag in joint_faces(sketch, shape, layers)]
    for part in parts:
        inner = shape.inner_radius if part.hollow else 0.0
        tag = sketch.rectangle(inner, box.outer_radius, part.bottom, part.top)
        regions.append((part.region, (2, tag)))
    return regions


def _solids(
    shape: JointShape, parts: list[FlatPart], box: CellBox, layers: dict[str, tuple[float, float]]
) -> list[tuple[str, DimTag]]:
    occ, centre = gmsh.model.occ, box.centre_x
    sketch = Sketch(lambda point: (centre + point[0], 0.0, point[1]))
    regions: list[tuple[str, DimTag]] = []
    for name, face in joint_faces(sketch, shape, layers):
        swept = occ.revolve([(2, face)], centre, 0.0, 0.0, 0.0, 0.0, 1.0, pi)
        solids = [entity for entity in swept if entity[0] == 3]
        if len(solids) != 1:
            raise MeshError(f"revolving region {name} gave {len(solids)} solids instead of one")
        regions.append((name, solids[0]))
    x0, width = centre - box.half_pitch, 2.0 * box.half_pitch
    for part in parts:
        height = part.top - part.bottom
        if part.hollow:
            solid = _hollow_block(shape.inner_radius, part, box)
        else:
            solid = (3, occ.addBox(x0, 0.0, part.bottom, width, box.half_pitch, height))
        regions.append((part.region, solid))
    return regions


def _hollow_block(radius: float, part: FlatPart, box: CellBox) -> DimTag:
    """Half of the square cell without the half cylinder around the joint."""
    occ, centre, half, z = gmsh.model.occ, box.centre_x, box.half_pitch, part.bottom
    corners = [
        (centre - half, 0.0), (centre - radius, 0.0), (centre, radius), (centre + radius, 0.0),
        (centre + half, 0.0), (centre + half, half), (centre - half, half),
    ]  # fmt: skip
    points = [occ.addPoint(x, y, z) for x, y in corners]
    curves = [
        occ.addLine(points[0], points[1]),
        occ.addCircleArc(points[1], points[2], points[3], center=False),
        *(occ.addLine(points[i], points[(i + 1) % 7]) for i in range(3, 7)),
    ]
    face = occ.addPlaneSurface([occ.addCurveLoop(curves)])
    swept = occ.extrude([(2, face)], 0.0, 0.0, part.top - part.bottom)
    solids = [entity for entity in swept if entity[0] == 3]
    if len(solids) != 1:
        raise MeshError(f"extruding region {part.region} gave {len(solids)} solids")
    dim, tag = solids[0]
    return int(dim), int(tag)
