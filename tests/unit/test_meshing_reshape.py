"""A mesh moved from one shape of a joint to another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from bumpfem.design import Package
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.meshing.names import Kind
from bumpfem.meshing.reshape import reshape
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.shapes import joint_outline


def solder_volume(mesh: Mesh) -> float:
    """Volume of the half cell's solder, mm3."""
    names = [name for name in mesh.regions if name.startswith("solder")]
    operator = DisplacementSpace(mesh.mesh).strain_operator(mesh.cells(*names))
    assert operator.weights.min() > 0.0
    return float(operator.weights.sum())


@pytest.mark.parametrize("name", ["plain", "anchored", "masked", "necked"])
def test_moved_mesh_is_the_weightless_shape(repository: Path, name: str) -> None:
    """Volume is conserved by both shapes, so by the moved mesh; no element is turned over."""
    package = Package.load(repository / "meshes" / "cbga_1p27.toml")
    joint = package.joint(name)
    old, new = joint_outline(package, joint), joint_outline(package, joint, weightless=True)
    mesh = build_mesh(package, joint, size=2.0, comm=MPI.COMM_SELF)
    before = solder_volume(mesh)
    if name != "necked":
        assert new.standoff > 1.02 * old.standoff
    moved = reshape(mesh, old, new)
    assert moved.standoff == new.standoff
    assert solder_volume(moved) == pytest.approx(before, rel=5e-3)
    top = mesh.mesh.geometry.x[:, 2].max()
    assert top == pytest.approx(mesh_top(package, new.interposer_surface), abs=1e-9)


def mesh_top(package: Package, interposer_surface: float) -> float:
    """Height of the cell's upper face, mm."""
    mould = package.mould
    return interposer_surface + package.interposer.thickness + (mould.thickness if mould else 0.0)


@pytest.mark.parametrize("kind", ["half_cell", "axisymmetric"])
def test_same_shape_moves_nothing(repository: Path, kind: Kind) -> None:
    package = Package.load(repository / "meshes" / "csp_0p40.toml")
    joint = package.joint("plain")
    shape = joint_outline(package, joint)
    mesh = build_mesh(package, joint, size=2.5, kind=kind, comm=MPI.COMM_SELF)
    before = mesh.mesh.geometry.x.copy()
    reshape(mesh, shape, shape)
    assert np.abs(mesh.mesh.geometry.x - before).max() < 1e-12
