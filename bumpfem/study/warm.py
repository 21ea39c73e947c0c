"""A tiny job that compiles everything that a first run would have to compile."""

from __future__ import annotations

import tempfile
from pathlib import Path

from mpi4py import MPI

from bumpfem.constitutive import Law
from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.constitutive.material_point import tensile_curve
from bumpfem.design import Accuracy, Joint, Package, ThermalCycle
from bumpfem.design.slab import Array, Pad, Slab
from bumpfem.materials import law_set_names, load_law_set
from bumpfem.meshing import build_mesh
from bumpfem.physics.heat import HeatModel
from bumpfem.process.region_materials import RegionMaterial, Window, assign_materials, region_law
from bumpfem.solvers.heat import march_heat
from bumpfem.study.comparison import compare


def warm_caches() -> Path:
    """Compile kernels and forms and draw one report, on a package of four joints.

    Returns:
        Folder of the tiny job's results, for a look at them.
    """
    for name in _one_set_of_each_law():
        tensile_curve(_law(name), 1e-3, 100.0, 0.01, points=2)
    pad = Pad(material="copper", diameter=0.3, thickness=0.03, definition="NSMD")
    package = Package(
        name="warm",
        pitch=0.8,
        array=Array(columns=2, rows=2),
        solder="sac305",
        ball_diameter=0.4,
        interposer=Slab(material="bt_laminate", thickness=0.3),
        board=Slab(material="fr4", thickness=0.8),
        interposer_pad=pad,
        board_pad=pad,
    )
    cycle = ThermalCycle(
        minimum=80.0, maximum=100.0, cold_dwell=0.0, hot_dwell=0.0,
        heating_rate=20.0, cooling_rate=20.0,
    )  # fmt: skip
    joint = Joint(name="plain", ball_diameter=0.4, solder="sac305")
    _heat(package, joint)
    lives = compare(
        package,
        [joint],
        cycle,
        law="darveaux_sac305_motalab_2013",
        cycles=1,
        accuracy=Accuracy(mesh_sizes=(2.5, 2.2), tolerances=(1e-2, 5e-3)),
        folder=Path(tempfile.mkdtemp(prefix="bumpfem-warm-")),
    )
    return lives.report()


def _heat(package: Package, joint: Joint) -> None:
    """One second of heat conduction in the axisymmetric cell."""
    mesh = build_mesh(package, joint, size=2.5, kind="axisymmetric", comm=MPI.COMM_SELF)
    assigned = assign_materials(package, joint, mesh.regions)
    materials = {item.region: HeatMaterial.of(item.material) for item in assigned}
    march_heat(HeatModel(mesh, materials, ()), 25.0, [0.0, 1.0])


def _one_set_of_each_law() -> list[str]:
    found = {load_law_set(name).law: name for name in law_set_names()}
    return sorted(found.values())


def _law(name: str) -> Law:
    window = Window(100.0, 100.0, 100.0)
    return region_law(RegionMaterial("solder", load_law_set(name).material, name), window).law
