"""The size field: fine at the rims where strain concentrates, coarse far away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import gmsh

from bumpfem.meshing.cell import CellBox
from bumpfem.meshing.gaps import film_places, hole_edges, narrow_places
from bumpfem.meshing.names import Kind
from bumpfem.meshing.profile import DimTag
from bumpfem.shapes import JointShape, Point


@dataclass(frozen=True)
class Sizing:
    """Element sizes relative to the joint's largest radius, for ``size = 1``.

    Args:
        rim: Edge length at the rims of the pads.
        growth: Growth of the edge length per distance from a rim within the solder.
        solder: Largest edge length in the solder.
        outer_rim: Edge length beside the solder, at the rims and at the edges of the pads.
        outer_growth: Growth of the edge length per distance outside the solder.
        slab: Largest edge length anywhere.
    """

    rim: float
    growth: float
    solder: float
    outer_rim: float
    outer_growth: float
    slab: float


#: Sizes that give about 22,000 unknowns for a plain joint at ``size = 1``. Half of the error of the
#: layers' work density comes from beside the solder: the edges of pads and resist count as much as
#: the rims (docs/decisions/0006).
SIZING: dict[Kind, Sizing] = {
    "half_cell": Sizing(0.19, 0.22, 0.33, 0.16, 0.8, 2.0),
    "axisymmetric": Sizing(0.08, 0.15, 0.16, 0.1, 0.3, 0.8),
}


#: Largest edge length at a rim relative to the thickness of the averaging layers.
RIM_PER_LAYER = 2.5

#: Largest edge length on the circles of holes relative to their radius.
EDGE_PER_RADIUS = 0.4


def pad_edges(shape: JointShape) -> list[Point]:
    """Circles at which the laminates' stress concentrates: both edges of each pad's wall."""
    edges: list[Point] = []
    for body in shape.bodies:
        if body.region in ("board_pad", "interposer_pad"):
            heights = [height for segment in body.loop for height in segment.height_range]
            edges += [(body.max_radius, min(heights)), (body.max_radius, max(heights))]
    return edges


def set_sizes(
    shape: JointShape,
    entities: list[tuple[str, DimTag]],
    box: CellBox,
    size: float,
    layer_thickness: float,
) -> None:
    """Set the background size field of the current model.

    ``h(x) = size * min over rims (h_rim + growth * distance)`` with one pair of numbers inside the
    solder (and on its surface) and another outside, and a limit for each. Narrow places between
    curved surfaces limit the sizes further, whatever ``size`` is.

    Args:
        shape: The joint; its largest radius is the unit of length.
        entities: (region, entity) pairs of the cell.
        box: Limits of the cell.
        size: Factor on every size.
        layer_thickness: Thickness of the averaging layers, mm.
    """
    sizing, unit = SIZING[box.kind], 0.5 * shape.max_diameter
    if box.kind == "half_cell":
        radius, height = f"Sqrt((x-({box.centre_x:.12g}))^2+y^2)", "z"
    else:
        radius, height = "x", "y"
    field = gmsh.model.mesh.field

    def graded(place: tuple[float, float], start: float, growth: float) -> int:
        r, z = place
        away = f"Sqrt(({radius}-{r:.12g})^2+({height}-({z:.12g}))^2)"
        tag = field.add("MathEval")
        field.setString(tag, "F", f"{start:.12g}+{growth:.12g}*{away}")
        return int(tag)

    def least(fields: list[int]) -> int:
        tag = field.add("Min")
        field.setNumbers(tag, "FieldsList", fields)
        return int(tag)

    def smallest(places: Sequence[Point], edge: float, growth: float) -> int:
        return least([graded(place, edge * size, growth * size) for place in places])

    rim = min(sizing.rim * unit, RIM_PER_LAYER * layer_thickness)
    outer_rim = rim * sizing.outer_rim / sizing.rim
    outside = smallest((*shape.rims, *pad_edges(shape)), outer_rim, sizing.outer_growth)
    limit = field.add("MathEval")
    field.setString(limit, "F", f"{sizing.solder * unit * size:.12g}")
    capped = least([smallest(shape.rims, rim, sizing.growth), limit])
    inside = field.add("Restrict")
    field.setNumber(inside, "InField", capped)
    fine = [tag for name, (_, tag) in entities if name.startswith("solder")]
    fine = fine or [tag for name, (_, tag) in entities if name in ("bump", "attach")]
    field.setNumbers(inside, "VolumesList" if box.kind == "half_cell" else "SurfacesList", fine)
    narrow = narrow_places(shape, sizing.outer_rim * unit * size)
    if box.kind == "half_cell":
        narrow += [(place, EDGE_PER_RADIUS * place[0]) for place in hole_edges(shape)]
    tight = [graded(place, edge, sizing.outer_growth * size) for place, edge in narrow]
    tight += [graded(place, edge, sizing.outer_growth) for place, edge in film_places(shape)]
    field.setAsBackgroundMesh(least([outside, inside, *tight]))
    gmsh.option.setNumber("Mesh.MeshSizeMax", sizing.slab * unit * size)
    gmsh.option.setNumber("Mesh.MeshSizeMin", 0.02 * unit)
