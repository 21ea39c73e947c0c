"""Attached shape and interfaces of an anchored joint, for one or more ranks.

As a script it prints what it found as JSON on rank 0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

from bumpfem.design import Package
from bumpfem.meshing import build_mesh
from bumpfem.meshing.attached import attached_coordinates
from bumpfem.meshing.interfaces import named_interfaces
from bumpfem.physics.groups import LawGroup, RegionLaw
from bumpfem.physics.interface_tractions import interface_tractions
from bumpfem.physics.kinematics import DisplacementSpace
from tests.support.mechanics import elastic, no_expansion

#: Stress of the resin and of all solder, MPa.
STRESS = np.array([3.0, -2.0, 5.0, 0.7, 0.4, -0.6])


def answer() -> dict[str, Any]:
    """Volumes, quality, areas, tractions and profiles; the same on all ranks."""
    package = Package.load(Path(__file__).resolve().parents[2] / "meshes" / "pbga_0p80.toml")
    joint = package.joint("anchored")
    mesh = build_mesh(package, joint, size=2.0)
    moved = attached_coordinates(mesh, package, joint)
    space = DisplacementSpace(mesh.mesh)
    groups = []
    for name in mesh.regions:
        if name == "resin" or name.startswith("solder"):
            cells = mesh.cells(name)
            operator = space.strain_operator(cells[cells < len(space.owned_cells)])
            groups.append(LawGroup(RegionLaw(name, elastic(1e3, 0.3), no_expansion), operator))
            groups[-1].committed_stress[:] = STRESS
    found: dict[str, Any] = {
        "owned": mesh.mesh.comm.allgather(len(space.owned_cells)),
        "volume": moved.volume,
        "jacobian_min": moved.jacobian_min,
        "ball_height": moved.shape.ball_height,
    }
    for name, item in named_interfaces(mesh).items():
        got = interface_tractions(mesh, item, groups)
        found[name] = [
            got.area, got.peel_mean, got.peel_max, got.peel_min, got.shear_mean, got.shear_max,
            *got.force, *got.profile.position, *got.profile.peel, *got.profile.largest_shear,
        ]  # fmt: skip
    return found


if __name__ == "__main__":
    result = answer()
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(result))
