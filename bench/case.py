"""The problem that bumpfem and CalculiX both solve.

Half cell of the plain joint of the ready-made PBGA; solder follows Norton creep with the library's
elastic constants of SAC305, everything else is elastic with the library's constants. The
volumetric strain is fully integrated, as in CalculiX's C3D10.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from bumpfem.constitutive import Norton, ThermoElastic
from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.meshing import Mesh
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.cell_loading import SlabExpansion, cell_loading, slab_expansion
from bumpfem.process.region_materials import (
    RegionMaterial,
    Window,
    assign_materials,
    region_law,
)
from bumpfem.process.thermal_cycling import cyclic_history
from bumpfem.solvers.history import TemperatureHistory

PACKAGE = Path(__file__).resolve().parent.parent / "meshes" / "pbga_0p80.toml"
SOLDER = ("solder", "solder_layer_interposer", "solder_layer_board")

#: Norton constants of this comparison, ``rate = A sigma^n exp(-(Q/R)/T)`` in 1/s, MPa and K. They
#: are no material data: n and Q/R are round numbers for a tin-silver-copper solder, and A puts the
#: rate at 20 MPa near that of its hyperbolic-sine law.
NORTON = {"A": 6e-5, "n": 6.0, "Q_over_R": 6500.0}

ProfileName = Literal["short", "cycle"]


def temperature_history(profile: ProfileName) -> TemperatureHistory:
    """``short``: 125 to 65 C in three minutes, held for three. ``cycle``: one cycle -40/125 C."""
    if profile == "short":
        return TemperatureHistory(np.array([0.0, 180.0, 360.0]), np.array([125.0, 65.0, 65.0]))
    return cyclic_history(ThermalCycle.jedec("G"), 1, 125.0).history


def package_and_joint() -> tuple[Package, Joint]:
    """The ready-made PBGA and its plain joint."""
    package = Package.load(PACKAGE)
    return package, package.joint("plain")


@dataclass(frozen=True)
class Case:
    """The common problem on one mesh.

    Attributes:
        mesh: Half cell.
        laws: Law and thermal strain of each region.
        expansion: Free expansion of the slabs, which drives the outer faces.
        history: Temperature.
        keep_top_plane: Whether the top of the interposer stays plane.
    """

    mesh: Mesh
    laws: list[RegionLaw]
    expansion: SlabExpansion
    history: TemperatureHistory
    keep_top_plane: bool

    def model(self) -> MechanicalModel:
        """The bumpfem model, stress-free."""
        return MechanicalModel(
            self.mesh.mesh,
            {region: self.mesh.cells(region) for region in self.mesh.regions},
            self.laws,
            lambda space: cell_loading(self.mesh, space, self.expansion, self.keep_top_plane),
            "full",
        )


def build_case(mesh: Mesh, profile: ProfileName) -> Case:
    """The common problem on a mesh of :func:`package_and_joint`."""
    package, joint = package_and_joint()
    history = temperature_history(profile)
    temperatures = history.temperatures
    window = Window.of(temperatures.tolist(), float(temperatures[0]))
    laws = [_law(item, window) for item in assign_materials(package, joint, mesh.regions)]
    return Case(mesh, laws, slab_expansion(package, window), history, package.top == "plane")


def _law(assigned: RegionMaterial, window: Window) -> RegionLaw:
    """The region's elastic law, in solder with Norton creep added."""
    found = region_law(RegionMaterial(assigned.region, assigned.material, None), window)
    if assigned.region not in SOLDER:
        return found
    elastic = found.law
    if not isinstance(elastic, ThermoElastic):
        raise TypeError(f"solder is expected to be isotropic, not {elastic.name}")
    norton = Norton(elastic.youngs_modulus, elastic.poissons_ratio, **NORTON)
    return RegionLaw(assigned.region, norton, found.thermal_strain)
