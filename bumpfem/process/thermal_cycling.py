"""A joint through thermal cycles: mesh, materials, loading and profile put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.errors import InputError
from bumpfem.meshing import Mesh
from bumpfem.physics.kinematics import Volumetric
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.cell_loading import SlabExpansion, cell_loading, slab_expansion
from bumpfem.process.region_materials import (
    RegionMaterial,
    Window,
    assign_materials,
    region_law,
)
from bumpfem.process.setting_resin import SetResin, set_laws
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import MarchReport, MarchSettings, StepObserver, march
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class CyclicHistory:
    """Temperature from the stress-free state through all cycles.

    Attributes:
        history: The temperature.
        starts: Times at which cycles 1, 2, ... begin, s; before the first is the lead-in.
        cycles: Number of cycles.
    """

    history: TemperatureHistory
    starts: FloatArray
    cycles: int


def cyclic_history(
    cycle: ThermalCycle, cycles: int, temperature: float, start: float = 0.0
) -> CyclicHistory:
    """Repeat a cycle, led in from the present temperature at the cycle's rate.

    Args:
        cycle: Thermal cycle.
        cycles: How often.
        temperature: At the start: without a history the one of no stress, degrees C.
        start: Time at which the history starts, s.

    Raises:
        InputError: for less than one cycle.
    """
    if cycles < 1:
        raise InputError("cycles", cycles, "1 or more")
    times, temperatures = (list(part) for part in cycle.lead_in(temperature))
    if not times:
        times, temperatures = [0.0], [temperature]
    times = [start + time for time in times]
    corner_times, corner_temperatures = cycle.corners()
    starts = times[-1] + cycle.period * np.arange(cycles)
    for start in starts:
        times += list(start + corner_times[1:])
        temperatures += list(corner_temperatures[1:])
    history = TemperatureHistory(
        np.array(times), np.array(temperatures), period=cycle.period, periodic_from=float(starts[0])
    )
    return CyclicHistory(history, starts, cycles)


@dataclass(frozen=True)
class JointModel:
    """A joint's cell ready to be marched.

    Attributes:
        model: The mechanical model.
        mesh: Its mesh.
        materials: Material and law of each region.
        expansion: Free expansion of the slabs.
        profile: Temperature over all cycles.
        joined: Displacement at which the joint froze between both lands, local unknowns, mm; None
            where that was at rest.
    """

    model: MechanicalModel
    mesh: Mesh
    materials: list[RegionMaterial]
    expansion: SlabExpansion
    profile: CyclicHistory
    joined: FloatArray | None = None


def joint_model(
    package: Package,
    joint: Joint,
    mesh: Mesh,
    profile: CyclicHistory,
    volumetric: Volumetric = "by_law",
    *,
    extrapolate: bool = False,
    resins: SetResin | None = None,
) -> JointModel:
    """Model of a joint's half cell in thermal cycling.

    Resin on the crown is taken to be removed.

    Args:
        package: Package design.
        joint: Joint design.
        mesh: Half-cell mesh of the joint.
        profile: Temperature history; its first temperature is the stress-free one.
        volumetric: Treatment of the volumetric strain.
        extrapolate: Whether properties are continued beyond their ranges, linearly; each is
            recorded, see :func:`bumpfem.materials.collect_extrapolations`.
        resins: What the joint's making left of its resins and pastes, which then follow the laws of
            curing resins; None: they have the elastic properties of their materials.

    Raises:
        MaterialError: for a missing material, property or parameter set.
        PropertyRangeError: if the history leaves the range of a property and ``extrapolate`` is
            false, or if the property cannot be continued so far.
    """
    if mesh.kind != "half_cell":
        raise InputError("mesh.kind", mesh.kind, "half_cell")
    temperatures = profile.history.temperatures
    window = Window.of(temperatures.tolist(), float(temperatures[0]), extrapolate=extrapolate)
    materials = assign_materials(package, joint, mesh.regions)
    expansion = slab_expansion(package, window)
    known = {} if resins is None else set_laws(materials, resins, window)
    model = MechanicalModel(
        mesh.mesh,
        {region: mesh.cells(region) for region in mesh.regions},
        [known.get(item.region) or region_law(item, window) for item in materials],
        lambda space: cell_loading(mesh, space, expansion, package.top == "plane"),
        volumetric,
    )
    if "resin_crown" in mesh.regions:
        model.change({"resin_crown": "absent"}, window.stress_free)
    return JointModel(model, mesh, materials, expansion, profile)


def run_cycles(
    joint: JointModel,
    settings: MarchSettings | None = None,
    observers: Iterable[StepObserver] = (),
) -> MarchReport:
    """March a joint through its profile.

    Raises:
        ConvergenceError: if an increment does not converge at the smallest step.
    """
    return march(joint.model, joint.profile.history, settings, observers)
