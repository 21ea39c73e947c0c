"""An anchored ball that is sheared a little while its resin yields; rank 0 prints what it found."""

from __future__ import annotations

import json
from pathlib import Path

from mpi4py import MPI

from bumpfem.design import Package, ThermalCycle
from bumpfem.design.making_steps import BallShear
from bumpfem.meshing import build_mesh
from bumpfem.process.ball_shear import BallShearSettings, run_ball_shear
from bumpfem.process.shear_resin import sudden_moduli
from bumpfem.process.thermal_cycling import cyclic_history, joint_model

_PACKAGE = Path(__file__).resolve().parents[2] / "meshes" / "csp_0p40.toml"


def answer(comm: MPI.Intracomm = MPI.COMM_WORLD) -> dict[str, float]:
    """Moduli of the resin, force on the tool, and stress and work of the resin."""
    package = Package.load(_PACKAGE)
    joint = package.joint("anchored")
    mesh = build_mesh(package, joint, size=2.5, comm=comm)
    profile = cyclic_history(ThermalCycle.jedec("G"), 1, 25.0)
    model = joint_model(package, joint, mesh, profile, extrapolate=True).model
    bulk, shear = sudden_moduli(model, model.group("resin"), 25.0)
    anchor = joint.anchor
    assert anchor is not None
    test = BallShear(tool_height=1.05 * anchor.thickness, travel=0.008)
    settings = BallShearSettings(yields={"resin": 2.0}, fewest_steps=5, strain_tolerance=1e-2)
    found = run_ball_shear(model, mesh, test, settings)
    return {
        "bulk": bulk,
        "shear": shear,
        "force": found.peak_force,
        "stress": found.regions["resin"].von_mises_mean,
        "work": found.inelastic_work["resin"],
        "points": float(comm.allreduce(model.group("resin").operator.points)),
    }


if __name__ == "__main__":
    result = answer()
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(result))
