"""The size field: fine at the rims where strain concentrates, coarse far away."""

from __future__ import annotations

from dataclasses import dataclass

import gmsh

from bumpfem.meshing.names import Kind
from bumpfem.shapes import JointShape


@dataclass(frozen=True)
class Sizing:
    """Element sizes relative to the joint's largest radius, for ``size = 1``.

    Args:
        rim: Edge length at the rims of the pads.
        growth: Growth of the edge length per distance from a rim.
        joint: Largest edge length within the joint.
        slab: Largest edge length anywhere.
    """

    rim: float
    growth: float
    joint: float
    slab: float


#: Sizes that give 14,000 to 20,000 unknowns for a plain joint at ``size = 1``.
SIZING: dict[Kind, Sizing] = {
    "half_cell": Sizing(rim=0.19, growth=0.42, joint=0.42, slab=1.5),
    "axisymmetric": Sizing(rim=0.08, growth=0.25, joint=0.2, slab=0.8),
}


def set_sizes(shape: JointShape, kind: Kind, centre_x: float, size: float) -> None:
    """Set the background size field of the current model.

    ``h(x) = min over rims (h_rim + growth * distance)``, limited to ``h_joint`` within the joint
    and to ``h_slab`` everywhere.

    Args:
        shape: The joint; its largest radius is the unit of length.
        kind: Kind of cell.
        centre_x: Position of the joint's axis, mm.
        size: Factor on every size.
    """
    sizing, unit = SIZING[kind], 0.5 * shape.max_diameter * size
    if kind == "half_cell":
        radius, height = f"Sqrt((x-({centre_x:.12g}))^2+y^2)", "z"
    else:
        radius, height = "x", "y"
    fields: list[int] = []
    add, number = gmsh.model.mesh.field.add, gmsh.model.mesh.field.setString
    for r, z in shape.rims:
        field = add("MathEval")
        distance = f"Sqrt(({radius}-{r:.12g})^2+({height}-({z:.12g}))^2)"
        number(field, "F", f"{sizing.rim * unit:.12g}+{sizing.growth:.12g}*{distance}")
        fields.append(field)
    field = add("MathEval")
    low, high = shape.board_face, shape.interposer_face
    reach = 0.5 * shape.max_diameter
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    outside = (
        f"0.5*(Fabs({radius}-{reach:.12g})+({radius}-{reach:.12g})"
        f"+Fabs(Fabs({height}-({middle:.12g}))-{half:.12g})"
        f"+Fabs({height}-({middle:.12g}))-{half:.12g})"
    )
    number(field, "F", f"{sizing.joint * unit:.12g}+{sizing.growth:.12g}*({outside})")
    fields.append(field)
    smallest = add("Min")
    gmsh.model.mesh.field.setNumbers(smallest, "FieldsList", fields)
    gmsh.model.mesh.field.setAsBackgroundMesh(smallest)
    gmsh.option.setNumber("Mesh.MeshSizeMax", sizing.slab * unit)
    gmsh.option.setNumber("Mesh.MeshSizeMin", 0.25 * sizing.rim * unit)
