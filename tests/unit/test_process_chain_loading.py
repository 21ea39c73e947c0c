"""Loading of a cell while its joint is made: the interposer's side alone, then the board."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bumpfem.design import Package
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.meshing.names import CellKind
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.kinematics import IntArray
from bumpfem.physics.mechanics import Loading, MechanicalModel
from bumpfem.process.cell_loading import (
    Birth,
    SlabExpansion,
    cell_loading,
    chain_loading,
    surface_unknowns,
)
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import march
from tests.support.mechanics import elastic, expanding, fixed_steps

MESHES = Path(__file__).resolve().parents[2] / "meshes"
START, FROZEN, COLD = 25.0, 217.0, -40.0
BOARD, INTERPOSER = 18e-6, 7e-6
EXPANSION = SlabExpansion(
    lambda temperature: BOARD * (temperature - 125.0),
    lambda temperature: INTERPOSER * (temperature - 125.0),
)
BOARD_SIDE = ("board", "board_pad", "board_resist")
#: A joint that expands as the interposer does.
COEFFICIENTS = {"board": BOARD, "board_pad": BOARD, "board_resist": BOARD}


@pytest.fixture(scope="module", params=["half_cell", "axisymmetric"])
def mesh(request: pytest.FixtureRequest) -> Mesh:
    """A coarse plain joint."""
    kind: CellKind = request.param
    package = Package.load(MESHES / "csp_0p40.toml")
    return build_mesh(package, package.joint("plain"), size=2.5, kind=kind)


def cell(mesh: Mesh, plane: bool) -> MechanicalModel:
    """The cell without its board, all elastic and free of stress at 125 C."""
    laws = [
        RegionLaw(name, elastic(40e3, 0.3), expanding(COEFFICIENTS.get(name, INTERPOSER), 125.0))
        for name in mesh.regions
    ]
    regions = {name: mesh.cells(name) for name in mesh.regions}
    model = MechanicalModel(mesh.mesh, regions, laws, Loading())
    model.change(dict.fromkeys(mesh.regions, "solid"), START, fresh=list(mesh.regions))
    model.change({name: "absent" for name in BOARD_SIDE if name in mesh.regions}, START)
    model.loading = chain_loading(mesh, model.space, EXPANSION, plane, START)
    return model


def carry(model: MechanicalModel, start: float, end: float) -> None:
    history = TemperatureHistory(np.array([0.0, 1.0]), np.array([start, end]))
    march(model, history, fixed_steps(1.0))


def faces(mesh: Mesh, model: MechanicalModel, slab: str) -> list[tuple[IntArray, int]]:
    names = [("_x_min", 0), ("_x_max", 0), ("_y_max", 1)] if mesh.kind == "half_cell" else [("", 0)]
    return [
        (surface_unknowns(mesh, model.space, f"{slab}_side{name}", axis), axis)
        for name, axis in names
    ]


@pytest.mark.parametrize("plane", [True, False])
def test_interposer_alone_is_free_of_stress(mesh: Mesh, plane: bool) -> None:
    """All of one expansion, its sides follow it: nothing is stressed, the board's inner nodes stay;
    along z either the whole top is held or one node of it, which carries no force.
    """
    model = cell(mesh, plane)
    carry(model, START, FROZEN)
    up = model.space.dimension - 1
    top = surface_unknowns(mesh, model.space, "interposer_top", up)
    held = model.u[top] == 0.0
    assert held.all() if plane else held.sum() == 1
    stress = max(float(np.abs(group.stress).max()) for group in model.groups)
    if not plane:
        assert stress < 1e-4
        force = model.forces()[0][top[held]]
        assert abs(float(force[0])) < 1e-8
    assert not model.u[surface_unknowns(mesh, model.space, "board_bottom", up)].any()
    nodes = model.space.node_coordinates()
    strain = INTERPOSER * (FROZEN - START)
    for found, axis in faces(mesh, model, "interposer"):
        expected = strain * nodes[found // model.space.dimension, axis]
        np.testing.assert_allclose(model.u[found], expected, rtol=1e-12)


@pytest.mark.parametrize("plane", [True, False])
def test_board_is_born_where_it_stands(mesh: Mesh, plane: bool) -> None:
    """At its birth nothing moves and nothing is stressed; then its sides follow its expansion from
    there, its bottom stays, the interposer goes on from where it was, and the top is no longer
    held but moves as one or freely.
    """
    model = cell(mesh, plane)
    carry(model, START, FROZEN)
    before = model.u.copy()
    model.change({name: "solid" for name in BOARD_SIDE if name in mesh.regions}, FROZEN)
    birth = Birth(FROZEN, before)
    model.loading = chain_loading(mesh, model.space, EXPANSION, plane, START, birth)
    u = before.copy()
    model.loading.apply(u, FROZEN)
    np.testing.assert_allclose(u, before, rtol=0.0, atol=1e-15)
    carry(model, FROZEN, FROZEN - 1e-9)
    assert max(float(np.abs(model.group(name).stress).max()) for name in ("board", "board_pad")) < (
        1e-4
    )
    carry(model, FROZEN, COLD)
    nodes, dimension = model.space.node_coordinates(), model.space.dimension
    for slab, start, coefficient in (("board", FROZEN, BOARD), ("interposer", START, INTERPOSER)):
        for found, axis in faces(mesh, model, slab):
            moved = model.u[found] - (before[found] if slab == "board" else 0.0)
            expected = coefficient * (COLD - start) * nodes[found // dimension, axis]
            np.testing.assert_allclose(moved, expected, rtol=1e-9)
    bottom = surface_unknowns(mesh, model.space, "board_bottom", dimension - 1)
    np.testing.assert_allclose(model.u[bottom], before[bottom], atol=1e-15)
    top = surface_unknowns(mesh, model.space, "interposer_top", dimension - 1)
    lowered = model.u[top] - before[top]
    assert np.abs(lowered).min() > 1e-5
    assert (np.ptp(lowered) < 1e-12) == plane
    assert np.abs(model.group("board_pad").stress).max() > 1.0


@pytest.mark.parametrize("mesh", ["half_cell"], indirect=True)
def test_born_at_the_start_is_the_cell_of_the_cycles(mesh: Mesh) -> None:
    """A board that is there from the stress-free temperature on is loaded as in thermal cycling."""
    space = cell(mesh, True).space
    nowhere = np.zeros(space.local_size)
    early = chain_loading(mesh, space, EXPANSION, True, 125.0, Birth(125.0, nowhere))
    usual = cell_loading(mesh, space, EXPANSION, True)
    for temperature in (COLD, 60.0):
        found, expected = np.full(space.local_size, np.nan), np.full(space.local_size, np.nan)
        early.apply(found, temperature)
        usual.apply(expected, temperature)
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(early.ties[0], usual.ties[0])
