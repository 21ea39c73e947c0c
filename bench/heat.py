"""Reflow of the ready-made PBGA's plain joint: time, steps and iterations of heat with melting.

``python -m bench.heat`` runs the axisymmetric cell and the 3D cell at the size of its studies;
``mpiexec -n 2 python -m bench.heat --kind half_cell --size 0.155`` the 3D cell with about 50,000
unknowns on two ranks. The first run compiles kernels; run twice.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.design import Package
from bumpfem.meshing import build_mesh
from bumpfem.meshing.names import Kind
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import W_PER_M2_K, Convection, Radiation
from bumpfem.process.region_materials import assign_materials
from bumpfem.solvers.heat import HeatReport, HeatStep, march_heat

PACKAGE = Path(__file__).resolve().parent.parent / "meshes" / "pbga_0p80.toml"

#: Gas of an oven over six minutes, s and degrees C: preheat, soak, ramp, peak, cooling. It peaks
#: high enough that the solder melts fully behind the board's thermal mass.
TIMES = (0.0, 90.0, 180.0, 220.0, 250.0, 360.0)
GAS = (25.0, 150.0, 190.0, 255.0, 255.0, 40.0)
#: Forced convection of an oven, W/(m2 K), and emissivity of boards and mould.
COEFFICIENT, EMISSIVITY = 80.0, 0.5

HEADER = (
    "cell           ranks unknowns  steps rejected newton  linear factor   set-up    march  "
    "melted  balance"
)


@dataclass(frozen=True)
class Timing:
    """What one run took."""

    kind: Kind
    ranks: int
    setup_s: float
    march_s: float
    melted: float
    report: HeatReport

    def row(self) -> str:
        """One line of the table under :data:`HEADER`."""
        found = self.report
        return (
            f"{self.kind:<14s} {self.ranks:5d} {found.unknowns:8d} {found.steps:6d} "
            f"{found.rejected:8d} {found.newton_iterations:6d} {found.linear_iterations:7d} "
            f"{found.factorisations:6d} {self.setup_s:7.2f}s {self.march_s:7.2f}s "
            f"{100.0 * self.melted:6.1f}% {found.balance_error:8.1e}"
        )


def gas(at: float) -> float:
    """Temperature of the gas, degrees C."""
    return float(np.interp(at, TIMES, GAS))


def measure(kind: Kind, size: float, comm: MPI.Intracomm = MPI.COMM_WORLD) -> Timing:
    """March one reflow and time it; the mesh is not counted."""
    package = Package.load(PACKAGE)
    joint = package.joint("plain")
    mesh = build_mesh(package, joint, size=size, kind=kind, comm=comm)
    faces, melted = ("board_bottom", "interposer_top"), [0.0]

    def watch(model: HeatModel, step: HeatStep) -> None:
        melted[0] = max(melted[0], step.regions["solder"].melted)

    comm.barrier()
    begun = time.perf_counter()
    model = HeatModel(
        mesh,
        {
            item.region: HeatMaterial.of(item.material)
            for item in assign_materials(package, joint, mesh.regions)
        },
        [
            Convection(faces, COEFFICIENT * W_PER_M2_K, gas),
            Radiation(faces, EMISSIVITY, gas),
        ],
    )
    ready = time.perf_counter()
    report = march_heat(model, GAS[0], TIMES, observers=[watch])
    comm.barrier()
    done = time.perf_counter()
    return Timing(kind, comm.size, ready - begun, done - ready, melted[0], report)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("axisymmetric", "half_cell"), default=None)
    parser.add_argument("--size", type=float, default=1.0)
    options = parser.parse_args()
    kinds: tuple[Kind, ...] = (options.kind,) if options.kind else ("axisymmetric", "half_cell")
    if MPI.COMM_WORLD.rank == 0:
        print(HEADER)
    for kind in kinds:
        timing = measure(kind, options.size)
        if MPI.COMM_WORLD.rank == 0:
            print(timing.row(), flush=True)


if __name__ == "__main__":
    main()
