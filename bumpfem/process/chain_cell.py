"""The mechanical cell of a joint's whole history: its laws, its shapes, and what of it is there.

One mesh serves all of it. Before mounting, solder stands in the shape of the attached ball and the
board's regions are absent; at mounting the nodes of the molten solder move to the mounted shape.
Interposer, pads, resin and mask never move.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.design.making import BallShear, CoolDown, Dispense, HeatedStep, Making, Mount
from bumpfem.design.oven import Oven
from bumpfem.design.programme import ROOM, Programme
from bumpfem.errors import InputError, MaterialError
from bumpfem.materials import load_material
from bumpfem.meshing import Mesh
from bumpfem.meshing.attached import Attached, attached_coordinates
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.cell_loading import Birth, SlabExpansion, chain_loading, slab_expansion
from bumpfem.process.heated_cell import BOARD_SIDE, PASTE
from bumpfem.process.oven import heating
from bumpfem.process.reflow_cell import SOLDER
from bumpfem.process.reflow_outcome import melting_range
from bumpfem.process.region_materials import (
    RegionMaterial,
    Window,
    assign_materials,
    region_law,
)
from bumpfem.process.setting_resin import RESINS, sets, setting_law
from bumpfem.units import FloatArray

#: What comes and goes besides the board; everything else is there from the start.
_PLACED = (*SOLDER, *RESINS, PASTE, "core", "mask")


@dataclass
class ChainCell:
    """The cell of a joint's history.

    Attributes:
        package: Package design.
        joint: Joint design.
        mesh: Half cell of the mounted joint; its coordinates are those of the present shape.
        model: The mechanical model on it.
        materials: Material and law of each region.
        expansion: Free expansion of the slabs.
        attached: The shape before mounting.
        mounted_coordinates: Coordinates of the mounted joint, mm.
        melting: Solidus and liquidus of the solder, degrees C.
        start_temperature: At which the history begins, degrees C.
        extrapolate: Whether properties are continued beyond their ranges.
        birth: Where and when the board came; None before mounting.
    """

    package: Package
    joint: Joint
    mesh: Mesh
    model: MechanicalModel
    materials: list[RegionMaterial]
    expansion: SlabExpansion
    attached: Attached
    mounted_coordinates: FloatArray
    melting: tuple[float, float]
    start_temperature: float
    extrapolate: bool = False
    birth: Birth | None = None

    def regions(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of some regions that the mesh has."""
        return tuple(name for name in names if name in self.mesh.regions)

    @property
    def present(self) -> tuple[str, ...]:
        """Regions that are not absent."""
        return tuple(group.name for group in self.model.groups if group.activity != "absent")

    def material(self, region: str) -> str:
        """Material of a region."""
        return next(item.material for item in self.materials if item.region == region)

    def check_solid(self, making: Making, cycle: ThermalCycle) -> None:
        """Make sure that solder is solid wherever a joint is not heated to melt it.

        Raises:
            InputError: A temperature is not below the solidus; names the step.
        """
        asked = [
            (f"making.steps.{number}.temperature", step.temperature)
            for number, step in enumerate(making.steps, start=1)
            if isinstance(step, CoolDown | Mount | Dispense)
        ]
        for field, value in [*asked, ("cycle.maximum", cycle.maximum)]:
            if value >= self.melting[0]:
                raise InputError(
                    field, value, f"below the solidus of the solder, {self.melting[0]:g}", "degC"
                )

    def take_shape(self, mounted: bool) -> None:
        """Move the nodes to the shape before or after mounting, on a model that may."""
        target = self.mounted_coordinates if mounted else self.attached.coordinates
        self.mesh.mesh.geometry.x[:] = target

    def mount(self, birth: Birth) -> None:
        """Let the board carry the joint from now on."""
        self.birth = birth
        self.model.loading = chain_loading(
            self.mesh,
            self.model.space,
            self.expansion,
            self.package.top == "plane",
            self.start_temperature,
            birth,
        )


def chain_cell(
    package: Package,
    joint: Joint,
    mesh: Mesh,
    making: Making,
    cycle: ThermalCycle,
    *,
    extrapolate: bool = False,
) -> ChainCell:
    """The cell at the start of a chain: interposer and lands alone, free of stress.

    Args:
        package: Package design.
        joint: Joint design.
        mesh: Half-cell (or axisymmetric) mesh of the mounted joint; its nodes will be moved.
        making: Steps and the model of the resin.
        cycle: Thermal cycle at the end.
        extrapolate: Whether properties are continued beyond their ranges.

    Raises:
        InputError: The joint cannot be.
        MaterialError: A material or property is missing.
        PropertyRangeError: The history leaves a property's range and ``extrapolate`` is false.
    """
    materials = assign_materials(package, joint, mesh.regions)
    melting = _melting(materials)
    span = temperatures_of(package, making, cycle)
    whole = Window.of(span, ROOM, extrapolate=extrapolate)
    solid = Window.of([min(*span, ROOM), melting[0]], ROOM, extrapolate=extrapolate)
    resin = _resin_window(package, making, cycle, extrapolate=extrapolate)
    laws = [_law(item, making, whole, solid, resin) for item in materials]
    expansion = slab_expansion(package, whole)
    model = MechanicalModel(
        mesh.mesh,
        {region: mesh.cells(region) for region in mesh.regions},
        laws,
        lambda space: chain_loading(mesh, space, expansion, package.top == "plane", ROOM),
    )
    absent = [name for name in (*BOARD_SIDE, *_PLACED) if name in mesh.regions]
    model.change(dict.fromkeys(absent, "absent"), ROOM)
    attached = attached_coordinates(mesh, package, joint)
    mounted = mesh.mesh.geometry.x.copy()
    cell = ChainCell(
        package,
        joint,
        mesh,
        model,
        materials,
        expansion,
        attached,
        mounted,
        melting,
        ROOM,
        extrapolate,
    )
    cell.take_shape(mounted=False)
    model.refresh_geometry()
    return cell


def temperatures_of(package: Package, making: Making, cycle: ThermalCycle) -> list[float]:
    """Temperatures between which a whole history stays, degrees C."""
    found = [ROOM, cycle.minimum, cycle.maximum]
    for step in making.steps:
        if isinstance(step, HeatedStep):
            found.append(_highest(step.heat, package))
        if isinstance(step, CoolDown | Mount | BallShear):
            found.append(step.temperature)
    return found


def _highest(heat: Oven | Programme, package: Package) -> float:
    return heat.highest if isinstance(heat, Programme) else heating(heat, package).highest


def _melting(materials: Sequence[RegionMaterial]) -> tuple[float, float]:
    """Solidus and liquidus of the joint's solder.

    Raises:
        MaterialError: The joint has no solder, or the library does not say where it melts.
    """
    names = [item.material for item in materials if item.region in SOLDER]
    if not names:
        raise MaterialError("a joint without solder has no history of melting and mounting")
    span = melting_range(load_material(names[0]))
    if span is None:
        raise MaterialError(f"the library does not say where {names[0]} melts")
    return span


def _law(
    item: RegionMaterial, making: Making, whole: Window, solid: Window, resin: Window
) -> RegionLaw:
    """Law of a region: resins cure, solder is solid below its solidus only."""
    if sets(item):
        window = resin if item.region in RESINS else whole
        return setting_law(item, making.resin_model, window, shrinkage=making.shrinkage)
    return region_law(item, solid if item.region in (*SOLDER, *BOARD_SIDE) else whole)


def _resin_window(
    package: Package, making: Making, cycle: ThermalCycle, *, extrapolate: bool
) -> Window:
    """Temperatures from the moment on at which the resin comes, free of stress."""
    places = [number for number, step in enumerate(making.steps) if isinstance(step, Dispense)]
    steps = making.steps[places[0] :] if places else making.steps
    start = steps[0].temperature if isinstance(steps[0], Dispense) else ROOM
    later = making.model_copy(update={"steps": steps})
    return Window.of(temperatures_of(package, later, cycle), start, extrapolate=extrapolate)
