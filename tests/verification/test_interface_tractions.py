"""Tractions on interfaces: uniform stress, areas of surfaces of revolution, balance of forces."""

from __future__ import annotations

from functools import cache
from math import pi
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from bumpfem.design import Joint, Package
from bumpfem.meshing import Kind, Mesh, build_mesh
from bumpfem.meshing.interfaces import interface, named_interface, named_interfaces
from bumpfem.physics.groups import LawGroup, RegionLaw
from bumpfem.physics.interface_tractions import facet_stress, interface_tractions
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.mechanics import Loading, MechanicalModel, Prescribed
from bumpfem.shapes import Spline, joint_outline
from bumpfem.units import FloatArray
from tests.support.mechanics import elastic, expanding, heat, no_expansion

MESHES = Path(__file__).resolve().parents[2] / "meshes"
KINDS: tuple[Kind, ...] = ("axisymmetric", "half_cell")


def _design() -> tuple[Package, Joint]:
    package = Package.load(MESHES / "pbga_0p80.toml")
    return package, package.joint("anchored")


@cache
def anchored(kind: Kind, size: float = 1.5) -> tuple[Package, Mesh]:
    package, joint = _design()
    return package, build_mesh(package, joint, size=size, kind=kind, comm=MPI.COMM_SELF)


def stressed(mesh: Mesh, region: str, stress: FloatArray) -> LawGroup:
    """A group whose committed stress is uniform."""
    operator = DisplacementSpace(mesh.mesh).strain_operator(mesh.cells(region))
    group = LawGroup(RegionLaw(region, elastic(1e3, 0.3), no_expansion), operator)
    group.committed_stress[:] = stress
    return group


@pytest.mark.parametrize("kind", KINDS)
def test_uniform_stress_gives_sigma_n(kind: Kind) -> None:
    """Patch test: t = sigma n at every point of a curved interface; peel and shear follow.

    The vector area depends on the interface's edge circles only: its axial part is
    pi (R_rim^2 - R_contact^2), in the mesh up to the rounding of circles to parabolas.
    """
    package, mesh = anchored(kind)
    found = named_interface(mesh, "resin_ball")
    assert found is not None
    voigt = np.array([3.0, -2.0, 5.0, 0.7, 0.4, -0.6])
    if kind == "axisymmetric":
        matrix = np.array([[3.0, 0.7], [0.7, -2.0]])
    else:
        matrix = np.array([[3.0, 0.7, -0.6], [0.7, -2.0, 0.4], [-0.6, 0.4, 5.0]])
    got = interface_tractions(mesh, found, [stressed(mesh, "resin", voigt)])
    traction = found.normals @ matrix
    peel = (traction * found.normals).sum(-1)
    shear = np.sqrt(np.maximum((traction**2).sum(-1) - peel**2, 0.0))
    mean = (peel * found.weights).sum() / found.weights.sum()
    assert got.peel_mean == pytest.approx(mean, rel=1e-12)
    assert got.shear_mean == pytest.approx(
        (shear * found.weights).sum() / found.weights.sum(), rel=1e-9
    )
    vector = (found.normals * found.weights[..., None]).sum((0, 1))
    shape = joint_outline(package, package.joint("anchored"))
    anchor = package.joint("anchored").anchor
    assert anchor is not None
    resist = 0.0 if package.interposer_resist is None else package.interposer_resist.thickness
    contact = shape.outline.radius_at(shape.interposer_surface - resist - anchor.contact_height)
    ring = pi * (shape.outline.end[0] ** 2 - contact**2)
    whole = vector[-1] * (2.0 if kind == "half_cell" else 1.0)
    assert whole == pytest.approx(ring, rel=2e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_interfaces_have_their_areas(kind: Kind) -> None:
    """Pad: disc pi r^2; foot of the resin: cell minus opening; side of the ball: 2 pi int r ds."""
    package, mesh = anchored(kind)
    shape = joint_outline(package, package.joint("anchored"))
    found = named_interfaces(mesh)
    assert sorted(found) == ["ball_pad", "resin_ball", "resin_substrate"]
    factor = 2.0 if kind == "half_cell" else 1.0
    areas = {name: factor * float(item.areas.sum()) for name, item in found.items()}
    opening = shape.outline.end[0]
    assert areas["ball_pad"] == pytest.approx(pi * opening**2, rel=2e-3)
    assert areas["resin_substrate"] == pytest.approx(package.pitch**2 - pi * opening**2, rel=2e-3)
    _, upper = shape.outline.split_at_height(shape.interposer_surface - 0.03 - 0.12)
    assert areas["resin_ball"] == pytest.approx(upper.swept_area(), rel=2e-3)


def as_in_the_array(mesh: Mesh, space: DisplacementSpace) -> Loading:
    """The interposer's top rests on rollers, its sides move with its own expansion.

    The axis keeps to itself; the board hangs free.
    """
    nodes = space.node_coordinates()
    r, z = nodes.T
    inner = np.flatnonzero(r < 1e-9)
    top = np.flatnonzero(z > z.max() - 1e-9)
    side = np.flatnonzero((r > r.max() - 1e-9) & (z > 0.5 * mesh.facts.interposer_face))
    still = np.concatenate([2 * inner, 2 * top + 1]).astype(np.int32)
    return Loading(
        prescribed=[
            Prescribed(still, np.zeros(len(still)), lambda temperature: 0.0),
            Prescribed((2 * side).astype(np.int32), r[side], lambda t: 15e-6 * (t - 125.0)),
        ]
    )


@pytest.fixture(scope="module")
def cooled() -> tuple[Mesh, MechanicalModel]:
    """Axisymmetric anchored joint, everything elastic, cooled by 100 K."""
    _, mesh = anchored("axisymmetric", 0.5)
    stiff = {"interposer": (20e3, 15e-6), "resin": (3e3, 50e-6), "interposer_pad": (120e3, 17e-6)}
    laws = [
        RegionLaw(name, elastic(stiff.get(name, (40e3, 0.0))[0], 0.3),
                  expanding(stiff.get(name, (40e3, 22e-6))[1], 125.0))
        for name in mesh.regions
    ]  # fmt: skip
    cells = {name: mesh.cells(name) for name in mesh.regions}
    model = MechanicalModel(mesh.mesh, cells, laws, lambda space: as_in_the_array(mesh, space))
    heat(model, 125.0, 25.0)
    return mesh, model


def test_resin_is_in_balance(cooled: tuple[Mesh, MechanicalModel]) -> None:
    """Axial forces on the resin by ball and substrate cancel: its other faces are free.

    They count the ring at the pad's rim twice, 0.2 % of the force by which the ball holds the
    resin. The integrals of the tractions are off by the error of the mesh, as the stress is
    singular at the rim: 5.8, 1.8 and 0.5 % at sizes 1, 0.5 and 0.25.
    """
    mesh, model = cooled
    interfaces = named_interfaces(mesh)
    found = {name: interface_tractions(mesh, i, model.groups) for name, i in interfaces.items()}
    ball, substrate = found["resin_ball"].force[2], found["resin_substrate"].force[2]
    assert abs(ball) > 1.0
    assert ball + substrate == pytest.approx(0.0, abs=0.005 * abs(ball))
    resin = interface(mesh, ("resin",), [name for name in mesh.regions if name != "resin"])
    whole = interface_tractions(mesh, resin, model.groups)
    assert whole.force[2] == pytest.approx(0.0, abs=1e-6 * abs(ball))
    integrals = [
        float(np.einsum("fqij,fqj,fq->i", facet_stress(mesh, i, model.groups), i.normals,
                        i.weights)[1])
        for i in (interfaces["resin_ball"], interfaces["resin_substrate"])
    ]  # fmt: skip
    assert sum(integrals) == pytest.approx(0.0, abs=0.03 * abs(ball))


def test_what_hangs_below_is_in_balance(cooled: tuple[Mesh, MechanicalModel]) -> None:
    """Board and ball hang free on pad and resin: all forces on them add up to nothing."""
    mesh, model = cooled
    below = ("solder", "solder_layer_interposer", "solder_layer_board", "board", "board_pad",
             "board_resist")  # fmt: skip
    cut = interface(mesh, below, ("interposer_pad", "interposer_resist", "interposer", "resin"))
    pad = named_interface(mesh, "ball_pad")
    assert pad is not None
    scale = abs(interface_tractions(mesh, pad, model.groups).force[2])
    assert scale > 1.0
    got = interface_tractions(mesh, cut, model.groups)
    assert got.force[2] == pytest.approx(0.0, abs=1e-6 * scale)


def test_profile_runs_along_the_meridian(cooled: tuple[Mesh, MechanicalModel]) -> None:
    """Positions increase from the rim of the pad to the contact; the mean over them is the mean."""
    mesh, model = cooled
    found = named_interface(mesh, "resin_ball")
    assert found is not None
    got = interface_tractions(mesh, found, model.groups)
    profile = got.profile
    assert (np.diff(profile.position) > 0.0).all()
    assert profile.height[0] > profile.height[-1]
    shape = joint_outline(*_design())
    upper = shape.outline.split_at_height(shape.interposer_surface - 0.03 - 0.12)[1]
    length = sum(segment.length for segment in upper.segments if isinstance(segment, Spline))
    assert 0.9 * length < profile.position[-1] < length
    assert (profile.largest_peel >= profile.peel - 1e-12).all()
    assert (profile.largest_shear >= profile.shear - 1e-12).all()
    assert profile.peel.min() <= got.peel_mean <= profile.peel.max()
