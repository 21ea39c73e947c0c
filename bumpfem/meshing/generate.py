"""Generate the second-order mesh of a joint's cell in the current gmsh model."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import gmsh

from bumpfem.design import Joint, Package
from bumpfem.errors import InputError, MeshError
from bumpfem.meshing.cell import CellBox, build_cell
from bumpfem.meshing.curve import curve
from bumpfem.meshing.layers import solder_layers
from bumpfem.meshing.mesh import MeshFacts
from bumpfem.meshing.names import Kind
from bumpfem.meshing.quality import MeshQuality, measure_quality
from bumpfem.meshing.sizes import set_sizes
from bumpfem.meshing.stack import flat_parts
from bumpfem.meshing.tags import tag_regions, tag_surfaces
from bumpfem.shapes import JointShape, joint_outline
from bumpfem.shapes.crown_resin import with_crown_resin

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Generated:
    """What is known about the mesh in the gmsh model."""

    regions: dict[str, int]
    surfaces: dict[str, int]
    quality: MeshQuality
    facts: MeshFacts


def cell_box(package: Package, shape: JointShape, kind: Kind) -> CellBox:
    """Limits of the cell of a joint."""
    tops = [part.top for part in flat_parts(package, shape)]
    return CellBox(
        kind=kind,
        centre_x=package.distance_from_neutral_point if kind == "half_cell" else 0.0,
        half_pitch=0.5 * package.pitch,
        bottom=-package.board.thickness,
        top=max(tops),
    )


def generate(
    package: Package,
    joint: Joint,
    size: float,
    kind: Kind,
    layer_thickness: float,
    crown_resin: float = 0.0,
) -> Generated:
    """Build geometry and mesh of a joint's cell in the current gmsh model.

    Args:
        package: The package.
        joint: The joint.
        size: Factor on every element size.
        kind: Kind of cell.
        layer_thickness: Thickness of the averaging layers, mm.
        crown_resin: Thickness of hardened resin on the crown, mm; 0 for none.

    Raises:
        InputError: If the joint cannot be.
        MeshError: If the mesh fails its checks.
    """
    if not 0.1 <= size <= 2.5:
        raise InputError("size", size, "0.1 to 2.5")
    shape = joint_outline(package, joint)
    if crown_resin > 0.0:
        shape = with_crown_resin(shape, crown_resin)
    parts = flat_parts(package, shape)
    box = cell_box(package, shape, kind)
    layers = solder_layers(shape, layer_thickness)
    try:
        entities = build_cell(shape, parts, box, layers)
        regions = tag_regions(entities)
        surfaces = tag_surfaces(entities, box)
        set_sizes(shape, entities, box, size, layer_thickness)
        dimension = 3 if kind == "half_cell" else 2
        mesh_cells(dimension)
        straightened = curve(dimension)
        _log.info("joint %s: %d cells were straightened in part", joint.name, straightened)
        quality = measure_quality(dimension, regions)
    except MeshError as error:
        raise MeshError(f"joint {joint.name}: {error}") from error
    except Exception as error:
        raise MeshError(f"joint {joint.name}: gmsh failed: {error}") from error
    gmsh.model.mesh.renumberNodes()
    gmsh.model.mesh.renumberElements()
    facts = MeshFacts(
        kind=kind,
        centre_x=box.centre_x,
        standoff=shape.standoff,
        pitch=package.pitch,
        board_face=shape.board_face,
        interposer_face=shape.board_face + shape.standoff,
        max_diameter=shape.max_diameter,
        neck_diameter=shape.neck_diameter,
        solder_volume=shape.volume,
        layer_thickness={name: high - low for name, (low, high) in layers.items()},
        notes=shape.notes,
    )
    return Generated(regions, surfaces, quality, facts)


def mesh_cells(dimension: int) -> None:
    """Generate the mesh and make sure that every part has cells.

    Raises:
        MeshError: If one has none, with gmsh's last complaints.
    """
    gmsh.logger.start()
    try:
        gmsh.model.mesh.generate(dimension)
        said = [line for line in gmsh.logger.get() if line.startswith(("Error", "Warning"))]
    finally:
        gmsh.logger.stop()
    for _, entity in gmsh.model.getEntities(dimension):
        if not gmsh.model.mesh.getElements(dimension, entity)[1]:
            raise MeshError(f"gmsh left a part without cells: {'; '.join(said[-3:])}")
