"""The part of a joint's cell that goes through the oven, with its thermal materials and faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from dolfinx.mesh import create_submesh, locate_entities_boundary
from numpy.typing import NDArray

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.constitutive.table import Table
from bumpfem.design import Joint, Package
from bumpfem.design.oven import USUAL_COEFFICIENT
from bumpfem.design.reflow_part import Companion, ReflowPart, Stage
from bumpfem.errors import InputError, MaterialError
from bumpfem.meshing import Mesh
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import (
    Boundary,
    Contact,
    Convection,
    PrescribedTemperature,
    Radiation,
)
from bumpfem.physics.heat_geometry import FREE, HeatGeometry, IntArray
from bumpfem.process.oven import Heating
from bumpfem.process.region_materials import assign_materials
from bumpfem.units import FloatArray

#: Regions of solder.
SOLDER = ("solder", "solder_layer_interposer", "solder_layer_board")
_BOARD = ("board", "board_resist", "board_pad")
_FIRED = ("bump", "interposer_pad", "interposer")
_PLANE = 1e-6

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class ReflowCell:
    """A joint's cell in the oven.

    Attributes:
        model: The heat model.
        stage: Stage of the joint's making.
        melting: Regions that are meant to melt.
        materials: Material of each region by name.
        solder: Material that is meant to melt.
        pad_face: Height of the interposer pad's face towards the joint, mm.
    """

    model: HeatModel
    stage: Stage
    melting: tuple[str, ...]
    materials: dict[str, str]
    solder: str
    pad_face: float


def process_joint(joint: Joint, stage: Stage) -> Joint:
    """The joint as it lies in the oven: a mask that is removed afterwards is still there.

    A mask whose holes do not go through cannot be drawn around the joint; it is left out.
    """
    mask = joint.mask
    if stage != "bumping" or mask is None or mask.kept or not mask.through:
        return joint
    return joint.model_copy(update={"mask": mask.model_copy(update={"kept": True})})


def reflow_cell(
    package: Package,
    joint: Joint,
    part: ReflowPart,
    mesh: Mesh,
    heat: Heating,
    emissivity: float | None = None,
) -> ReflowCell:
    """Heat model of a joint's cell in the oven.

    Mounting: gas along the bottom of the board and the top of the package; the sides are planes
    of symmetry, and the gas in the gap stands still. Bumping and firing: the cell without its
    board; gas along the back of the substrate and around the joint.

    Args:
        package: Package design.
        joint: The joint as designed.
        part: What goes with it.
        mesh: Mesh of the joint as :func:`process_joint` gives it, axisymmetric or half cell.
        heat: Gas and coefficient over time.
        emissivity: For radiation from walls as hot as the gas, or None.

    Raises:
        InputError: The stage does not suit the joint.
        MaterialError: A thermal property is missing in the library.
    """
    stage = part.stage_of(joint)
    regions = _regions(stage, mesh)
    geometry = cell_geometry(mesh, regions)
    drawn = process_joint(joint, stage)
    names = {item.region: item.material for item in assign_materials(package, drawn, regions)}
    if stage == "firing":
        names["interposer"] = part.substrate or "alumina"
    materials = {region: HeatMaterial.of(name) for region, name in names.items()}
    for companion, slab in _companions(part, stage):
        thickness = package.board.thickness if slab == "board" else package.interposer.thickness
        materials[slab] = _loaded(materials[slab], thickness, companion)
    melting = ("bump",) if stage == "firing" else tuple(n for n in SOLDER if n in regions)
    if not melting:
        raise InputError("joint", joint.name, "a joint with solder to melt")
    solder = names[melting[0]]
    model = HeatModel(
        geometry,
        materials,
        cell_boundaries(stage, heat, emissivity),
        contacts=_contacts(part, stage, regions, materials[melting[0]]),
    )
    return ReflowCell(model, stage, melting, names, solder, mesh.facts.interposer_face)


def _regions(stage: Stage, mesh: Mesh) -> list[str]:
    if stage == "firing":
        return [name for name in mesh.regions if name in _FIRED]
    if stage == "bumping":
        return [name for name in mesh.regions if name not in _BOARD]
    return list(mesh.regions)


def _companions(part: ReflowPart, stage: Stage) -> list[tuple[Companion, str]]:
    carried = "board" if stage == "mounting" else "interposer"
    pairs = [(part.carrier, carried), (part.plate, "interposer")]
    return [(companion, slab) for companion, slab in pairs if companion is not None]


def _loaded(slab: HeatMaterial, thickness: float, companion: Companion) -> HeatMaterial:
    """A slab's material with the heat capacity of what lies on it, spread over its thickness."""
    extra = HeatMaterial.of(companion.material)
    ratio = companion.thickness / thickness
    points = np.unique([*slab.capacity.temperature, *extra.capacity.temperature])
    values = slab.capacity(points) + ratio * extra.capacity(points)
    low = max(slab.valid[0], extra.valid[0])
    high, limit = min((m.valid[1], m.limited_by) for m in (slab, extra))
    return replace(
        slab,
        name=f"{slab.name} with {extra.name}",
        capacity=Table(tuple(points.tolist()), tuple(values.tolist())),
        valid=(low, high),
        limited_by=limit,
    )


def cell_boundaries(stage: Stage, heat: Heating, emissivity: float | None = None) -> list[Boundary]:
    """What heats the outer faces of a cell at a stage of its making, see :func:`reflow_cell`."""
    slabs = ("interposer_top",) if stage != "mounting" else ("board_bottom", "interposer_top")
    if heat.holds_surface:
        boundaries: list[Boundary] = [PrescribedTemperature(slabs, heat.gas_at, "profile")]
        if stage != "mounting":
            boundaries.append(Convection((FREE,), USUAL_COEFFICIENT, heat.gas_at, "gas"))
        return boundaries
    faces = slabs if stage == "mounting" else (*slabs, FREE)
    boundaries = [Convection(faces, heat.coefficient_at, heat.gas_at, "gas")]
    if emissivity is not None:
        boundaries.append(Radiation(faces, emissivity, heat.gas_at, "walls"))
    return boundaries


def _contacts(
    part: ReflowPart, stage: Stage, regions: Sequence[str], solder: HeatMaterial
) -> list[Contact]:
    if part.contact_resistance is None or stage != "mounting":
        return []
    touching = "solder_layer_board" if "solder_layer_board" in regions else "solder"
    if touching not in regions or solder.liquidus is None:
        raise MaterialError("a contact resistance needs solder with a liquidus on the board pad")
    return [Contact(("board_pad",), (touching,), part.contact_resistance, wets_at=solder.liquidus)]


def _parents(cells: Any, numbers: IntArray) -> IntArray:
    """Numbers in the whole mesh of the cells of a part."""
    return np.asarray(cells.sub_topology_to_topology(numbers, False), dtype=np.int32)


def cell_geometry(mesh: Mesh, regions: Sequence[str]) -> HeatGeometry:
    """The geometry of a mesh, or of some of its regions alone; see :func:`reflow_cell`."""
    return HeatGeometry.of(mesh) if len(regions) == len(mesh.regions) else _cut(mesh, regions)


def _cut(mesh: Mesh, regions: Sequence[str]) -> HeatGeometry:
    """The geometry of some regions alone; faces that the cut lays bare have no name."""
    dimension = mesh.mesh.topology.dim
    part, cells, _, _ = create_submesh(mesh.mesh, dimension, mesh.cells(*regions))
    count = part.topology.index_map(dimension)
    numbers = np.arange(count.size_local + count.num_ghosts, dtype=np.int32)
    parents = _parents(cells, numbers)
    places = {
        name: np.flatnonzero(np.isin(parents, mesh.cells(name))).astype(np.int32)
        for name in regions
    }
    bounds = part.comm.allgather((part.geometry.x.min(axis=0), part.geometry.x.max(axis=0)))
    low = np.min([pair[0] for pair in bounds], axis=0)
    high = np.max([pair[1] for pair in bounds], axis=0)
    vertical = dimension - 1
    planes = {"interposer_top": (vertical, high[vertical])}
    if mesh.kind == "axisymmetric":
        planes |= {"axis": (0, 0.0), "interposer_side": (0, high[0])}
    else:
        planes |= {
            "symmetry": (1, 0.0), "interposer_side_y_max": (1, high[1]),
            "interposer_side_x_min": (0, low[0]), "interposer_side_x_max": (0, high[0]),
        }  # fmt: skip

    def faces(axis: int, place: float) -> IntArray:
        def on_plane(x: FloatArray) -> BoolArray:
            return np.asarray(np.abs(x[axis] - place) < _PLANE)

        return np.asarray(locate_entities_boundary(part, dimension - 1, on_plane), dtype=np.int32)

    facets = {name: faces(axis, float(place)) for name, (axis, place) in planes.items()}
    return HeatGeometry(part, places, facets, mesh.kind == "axisymmetric")
