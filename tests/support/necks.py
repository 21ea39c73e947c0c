"""Necked joints of the ready-made packages, and how much of them melts."""

from __future__ import annotations

from pathlib import Path

from mpi4py import MPI

from bumpfem.design import Joint, Package
from bumpfem.design.programme import Programme
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.process.heated_run import HeatedRun

MESHES = Path(__file__).resolve().parents[2] / "meshes"
SOLDER = ("solder", "solder_layer_interposer", "solder_layer_board")
#: SAC305 of the library melts from 217 to 220 degC: 0.15 of it is molten at 217.45 degC.
SOLIDUS, LIQUIDUS = 217.0, 220.0


def necked(name: str) -> tuple[Package, Joint, Mesh]:
    """The necked joint of a package, with a coarse axisymmetric mesh."""
    package = Package.load(MESHES / f"{name}.toml")
    joint = package.joint("necked")
    mesh = build_mesh(package, joint, size=2.5, kind="axisymmetric", comm=MPI.COMM_SELF)
    return package, joint, mesh


def stay_at(temperature: float) -> Programme:
    """Long enough for the ball to follow its outer faces."""
    corners = ((0.0, 25.0), (200.0, 200.0), (230.0, temperature), (530.0, temperature))
    return Programme(points=(*corners, (700.0, 50.0)))


def melted(run: HeatedRun) -> float:
    """Largest part of the solder that is molten at one time."""
    return float(run.history.melted(SOLDER).max())
