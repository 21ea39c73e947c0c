"""A joint's whole history against its thermal cycles alone, side by side on one mesh.

``python bench/making.py [--joint anchored] [--size 1.0] [--cycles 3] [--repeat 1]``

Both runs are made one after the other in one process, after a coarse run of both that compiles what
there is to compile. Time counts from a mesh that exists to the end of the last cycle, heat runs
included.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from mpi4py import MPI

from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.design.making import Making
from bumpfem.meshing import build_mesh
from bumpfem.process.chain import run_chain
from bumpfem.process.thermal_cycling import cyclic_history, joint_model, run_cycles
from bumpfem.solvers.march import MarchReport, MarchSettings
from bumpfem.solvers.step_control import StepSettings

MESHES = Path(__file__).resolve().parent.parent / "meshes"
CYCLE = ThermalCycle.jedec("G")
#: Tolerance of a study's reference run.
SETTINGS = MarchSettings(steps=StepSettings(tolerance=4e-4))
#: Where solder freezes: the temperature of no stress of the cycles alone, degrees C.
FREEZES = 217.0


def whole(package: Package, joint: Joint, size: float, cycles: int) -> tuple[float, MarchReport]:
    """Time of the whole history, s, and what its mechanics cost."""
    mesh = build_mesh(package, joint, size=size, comm=MPI.COMM_SELF)
    making, start = Making.default_for(joint), time.perf_counter()
    run = run_chain(
        package, joint, making, CYCLE, cycles, mesh, settings=SETTINGS, extrapolate=True
    )
    return time.perf_counter() - start, run.march


def alone(package: Package, joint: Joint, size: float, cycles: int) -> tuple[float, MarchReport]:
    """Time of the cycles alone, s, and what they cost."""
    mesh = build_mesh(package, joint, size=size, comm=MPI.COMM_SELF)
    start = time.perf_counter()
    profile = cyclic_history(CYCLE, cycles, FREEZES)
    model = joint_model(package, joint, mesh, profile, extrapolate=True)
    report = run_cycles(model, SETTINGS)
    return time.perf_counter() - start, report


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", default="pbga_0p80")
    parser.add_argument("--joint", default="anchored")
    parser.add_argument("--size", type=float, default=1.0)
    parser.add_argument("--cycles", type=int, default=3)
    parser.add_argument("--repeat", type=int, default=1)
    given = parser.parse_args()
    package = Package.load(MESHES / f"{given.package}.toml")
    joint = package.joint(given.joint)
    whole(package, joint, 2.5, 1)
    alone(package, joint, 2.5, 1)
    print(f"{'':>14} {'s':>8} {'steps':>6} {'Newton':>7} {'CG':>7} {'factorised':>11}")
    for _ in range(given.repeat):
        times = {}
        for name, run in (("cycles alone", alone), ("whole history", whole)):
            times[name], cost = run(package, joint, given.size, given.cycles)
            print(
                f"{name:>14} {times[name]:8.1f} {cost.steps:6d} {cost.newton_iterations:7d} "
                f"{cost.linear_iterations:7d} {cost.factorisations:11d}"
            )
        print(f"ratio {times['whole history'] / times['cycles alone']:.2f}")


if __name__ == "__main__":
    main()
