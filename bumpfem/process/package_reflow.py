r"""A whole package on its board in the oven: how far its joints are apart in temperature.

All joints together are one layer of :func:`bumpfem.constitutive.heat_mixture.mix_heat`: heat
capacity and latent heat by volume, conductivity through the thickness by the parallel rule slice
by slice, for the joints (solder, pads, cores) and for what is around them (resist, resin, gas).
Towards the joints the heat in the laminates runs together. For an isothermal pad of radius a under
each cell of area A, with the radius :math:`b = \sqrt{A/\pi}` of the disc of that area, this costs
(Cooper, Mikic and Yovanovich 1969)

.. math:: R = \frac{A\,(1 - a/b)^{3/2}}{4\,k\,a}

per area on each side, with the conductivity k of the laminate. It is part of the layer's
conductivity here, which is the same in all directions; within its plane the thin layer carries
little of what the slabs do.

Gas flows along both sides of the board, and along top and sides of the package. The sides of the
board are planes of symmetry. The gas between board and interposer conducts, but does not flow.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.constitutive.heat_mixture import STILL_AIR, mix_heat
from bumpfem.design import Joint, Package
from bumpfem.design.oven import Oven
from bumpfem.errors import InputError, MaterialError, ProcessError
from bumpfem.meshing import Mesh, build_package_mesh
from bumpfem.meshing.joint_layer import joint_layer
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import Boundary, Convection, Radiation
from bumpfem.process.oven import Heating, heating
from bumpfem.process.profile_limits import time_above
from bumpfem.process.region_materials import assign_materials
from bumpfem.process.thermal_history import HistoryRecorder, ThermalHistory
from bumpfem.solvers.heat import HeatReport, HeatSettings, HeatStep, march_heat
from bumpfem.units import FloatArray

#: Regions between board and interposer that are around the columns of metal.
_AROUND = ("interposer_resist", "board_resist", "resin", "mask")
#: Faces along which gas flows.
HEATED = ("board_bottom", "board_top", "interposer_top", "package_side")


@dataclass(frozen=True)
class JointTemperatures:
    """Temperatures of all joints of a package's quarter over time, at half their height.

    Attributes:
        positions: (joints, 2) from the neutral point, mm.
        times: (times,) s.
        temperatures: (times, joints) degrees C.
        liquidus: Where the solder is all molten, degrees C.
    """

    positions: FloatArray
    times: FloatArray
    temperatures: FloatArray
    liquidus: float

    @property
    def peaks(self) -> FloatArray:
        """(joints,) highest temperature of each joint, degrees C."""
        return np.asarray(self.temperatures.max(axis=0))

    @property
    def times_above_liquidus(self) -> FloatArray:
        """(joints,) time that each joint spends above the liquidus, s."""
        return np.array(
            [time_above(self.times, column, self.liquidus) for column in self.temperatures.T]
        )

    @property
    def coldest(self) -> int:
        """The joint with the lowest peak."""
        return int(np.argmin(self.peaks))

    @property
    def hottest(self) -> int:
        """The joint with the highest peak."""
        return int(np.argmax(self.peaks))

    @property
    def spread(self) -> FloatArray:
        """(times,) difference of the hottest and the coldest joint, K."""
        return np.asarray(np.ptp(self.temperatures, axis=1))


@dataclass(frozen=True)
class PackageReflow:
    """A package that went through the oven.

    Attributes:
        model: Its heat model.
        heat: Gas and coefficient over time.
        history: Temperatures of the regions over time; ``joints`` is the layer of all joints.
        joints: Temperatures of the single joints.
        report: What the march found and cost.
    """

    model: HeatModel
    heat: Heating
    history: ThermalHistory
    joints: JointTemperatures
    report: HeatReport


def constriction_length(radius: float, cell_area: float) -> float:
    """Length of laminate that costs heat as much as running together to a pad does, mm.

    Args:
        radius: Radius of the pad, mm.
        cell_area: Area that feeds it, mm2.

    Raises:
        InputError: The pad is larger than its cell.
    """
    ratio = radius / sqrt(cell_area / pi)
    if not 0.0 < ratio <= 1.0:
        raise InputError("radius", radius, f"above 0, at most {sqrt(cell_area / pi):.4g}", "mm")
    return float(cell_area * (1.0 - ratio) ** 1.5 / (4.0 * radius))


def package_materials(package: Package, joint: Joint, mesh: Mesh) -> dict[str, HeatMaterial]:
    """Thermal material of every region of a package's mesh.

    Args:
        package: Package design.
        joint: What all its joints are like.
        mesh: Mesh of :func:`bumpfem.meshing.package_mesh.build_package_mesh`.

    Raises:
        MaterialError: A thermal property is missing in the library.
    """
    layer = joint_layer(package, joint)
    solids = [name for name in mesh.regions if name not in ("joints", "gap")]
    names = {
        item.region: item.material
        for item in assign_materials(package, joint, [*solids, *layer.shares])
    }
    known = {name: HeatMaterial.of(name) for name in set(names.values())}
    materials = {region: known[names[region]] for region in solids}
    shares: dict[str, FloatArray] = {"gas": layer.gas}
    for region, share in layer.shares.items():
        shares[names[region]] = share + shares.get(names[region], np.zeros(len(share)))
    laminates = (
        (package.board_pad.diameter, materials["board"]),
        (package.interposer_pad_for(joint).diameter, materials["interposer"]),
    )
    materials["joints"] = mix_heat(
        f"layer of {joint.name} joints",
        {name: STILL_AIR if name == "gas" else known[name] for name in shares},
        shares,
        layer.slices,
        {"gas", *(names[region] for region in layer.shares if region in _AROUND)},
        [
            (constriction_length(0.5 * diameter, layer.cell_area), laminate)
            for diameter, laminate in laminates
        ],
    )
    if "gap" in mesh.regions:
        materials["gap"] = STILL_AIR
    return {region: materials[region] for region in mesh.regions}


def package_model(
    package: Package, joint: Joint, oven: Oven, mesh: Mesh, heat: Heating
) -> HeatModel:
    """Heat model of a package's quarter in the oven.

    Raises:
        InputError: The oven prescribes the temperature of the package itself.
        MaterialError: A thermal property is missing in the library.
    """
    if heat.holds_surface:
        raise InputError(
            "oven.measures", oven.measures or "package", '"gas", or zones', "",
            "a profile of the package leaves its temperatures no room to differ",
        )  # fmt: skip
    faces = tuple(name for name in HEATED if name in mesh.surfaces)
    boundaries: list[Boundary] = [Convection(faces, heat.coefficient_at, heat.gas_at, "gas")]
    if oven.emissivity is not None:
        boundaries.append(Radiation(faces, oven.emissivity, heat.gas_at, "walls"))
    return HeatModel(mesh, package_materials(package, joint, mesh), boundaries)


def package_in_oven(
    package: Package,
    oven: Oven,
    joint: Joint | None = None,
    *,
    size: float = 1.0,
    board_margin: float = 5.0,
    settings: HeatSettings | None = None,
) -> PackageReflow:
    """Carry a package on its board through the oven.

    Args:
        package: Package design.
        oven: The oven, by zones or with a profile of the gas.
        joint: What all its joints are like; None: plain ones.
        size: Factor on every element size.
        board_margin: How far the board goes on beside the body, mm: half the distance to the next
            package.
        settings: Limits of steps and iterations.

    Raises:
        InputError: The oven cannot be used, or the joint cannot be.
        MaterialError: A thermal property is missing in the library.
        PropertyRangeError: The oven is hotter than a material's range.
        ConvergenceError: A step did not converge at the smallest length.
    """
    alike = joint or package.joint("plain")
    heat = heating(oven, package)
    mesh = build_package_mesh(package, alike, size=size, board_margin=board_margin)
    model = package_model(package, alike, oven, mesh, heat)
    recorder, probe = HistoryRecorder(model, heat), JointProbe(model, package)
    report = march_heat(model, heat.start, heat.times.tolist(), settings, [recorder, probe])
    return PackageReflow(model, heat, recorder.history(), probe.temperatures(), report)


class JointProbe:
    """Observer that records the temperature of every joint of the quarter at half its height.

    Bilinear between the nodes of the plane at half the height of the layer.

    Args:
        model: Model of a package's mesh.
        package: Package design.

    Raises:
        MaterialError: Nothing in the layer of joints melts.
        ProcessError: The mesh has no nodes at half the height of the joints.
    """

    def __init__(self, model: HeatModel, package: Package) -> None:
        liquidus = model.materials["joints"].liquidus
        if liquidus is None:
            raise MaterialError("the package's joints hold nothing that melts")
        self._liquidus = liquidus
        every = np.round(np.abs(package.joint_positions()), 9)
        self.positions = np.unique(every, axis=0)
        places = model.points("joints")
        ends = model.comm.allgather(
            (places[:, 2].min(initial=np.inf), places[:, 2].max(initial=-np.inf))
        )
        middle = 0.5 * (min(low for low, _ in ends) + max(high for _, high in ends))
        self._here = np.flatnonzero(np.abs(places[:, 2] - middle) < 1e-6)
        plane = np.concatenate(model.comm.allgather(places[self._here, :2]))
        if len(plane) < 4:
            raise ProcessError("the mesh has no plane of nodes at half the height of the joints")
        self._corners, self._weights = _bilinear(plane, self.positions)
        self._times: list[float] = []
        self._rows: list[FloatArray] = []

    def __call__(self, model: HeatModel, step: HeatStep) -> None:
        """Record a converged step."""
        own = model.at_points("joints", step.temperature)[self._here]
        values = np.concatenate(model.comm.allgather(own))
        self._times.append(step.time)
        self._rows.append(np.sum(values[self._corners] * self._weights, axis=1))

    def temperatures(self) -> JointTemperatures:
        """What was recorded so far."""
        return JointTemperatures(
            self.positions, np.array(self._times), np.array(self._rows), self._liquidus
        )


def _bilinear(nodes: FloatArray, places: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Nodes (p, 4) of a plane grid's bricks and weights (p, 4) that interpolate at each place.

    Raises:
        ProcessError: A place lies outside the bricks.
    """
    lines = [np.unique(np.round(nodes[:, axis], 9)) for axis in (0, 1)]
    at = [np.searchsorted(lines[axis], nodes[:, axis] - 1e-6) for axis in (0, 1)]
    number = np.full([len(line) for line in lines], -1)
    number[at[0], at[1]] = np.arange(len(nodes))
    low, part = [], []
    for axis, line in enumerate(lines):
        below = np.clip(np.searchsorted(line, places[:, axis], side="right") - 1, 0, len(line) - 2)
        low.append(below)
        part.append((places[:, axis] - line[below]) / (line[below + 1] - line[below]))
    corners, weights = [], []
    for right, up in ((0, 0), (1, 0), (0, 1), (1, 1)):
        corners.append(number[low[0] + right, low[1] + up])
        weights.append((part[0] if right else 1.0 - part[0]) * (part[1] if up else 1.0 - part[1]))
    if np.min(corners) < 0 or np.min(weights) < -1e-9:
        raise ProcessError("a joint lies outside of the layer of joints")
    return np.stack(corners, axis=1), np.stack(weights, axis=1)
