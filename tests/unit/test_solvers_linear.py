"""Tangent matrix, numbering and preconditioned solver against direct solution."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.sparse.linalg import spsolve

from bumpfem.constitutive import Norton, Table
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.mechanics import Loading, MechanicalModel
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.linear import PreconditionedSolver, TangentMatrix
from bumpfem.solvers.march import MarchSettings, march
from bumpfem.solvers.newton import NewtonSettings, NewtonSolver
from bumpfem.solvers.numbering import Numbering
from bumpfem.solvers.step_control import StepSettings
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    box,
    cells_where,
    elastic,
    expanding,
    held,
    no_expansion,
    rollers,
    unknowns,
)

CREEP = Norton(Table.constant(50e3), Table.constant(0.36), A=1e-4 / 20.0**5, n=5.0)


def sandwich(force: bool = False, steep: float = 1.0) -> MechanicalModel:
    """A flowing layer between elastic ones, the top tied, sheared with temperature."""
    mesh = box((2, 1, 3), (1.0, 0.5, 0.75))
    middle = cells_where(mesh, lambda x: np.abs(x[:, 2] - 0.375) < 0.125)
    lower = cells_where(mesh, lambda x: x[:, 2] < 0.25)
    upper = cells_where(mesh, lambda x: x[:, 2] > 0.5)

    def loading(space: DisplacementSpace) -> Loading:
        def at_top(x: FloatArray) -> FloatArray:
            return np.asarray(x[:, 2] > 0.75 - 1e-9)

        top = unknowns(space, at_top, 2)
        pushed = held(space, at_top, 0, 1e-5 * steep)
        moved = type(pushed)(pushed.unknowns, pushed.factors, lambda temperature: temperature)
        load = np.zeros(space.local_size)
        load[top[:3]] = 4.0
        return Loading([*rollers(space), moved], ties=(top,), force=load if force else None)

    return MechanicalModel(
        mesh,
        {"lower": lower, "solder": middle, "upper": upper},
        [
            RegionLaw("lower", elastic(20e3, 0.2), expanding(17e-6, 0.0)),
            RegionLaw("solder", CREEP, expanding(22e-6, 0.0)),
            RegionLaw("upper", elastic(100e3, 0.3), no_expansion),
        ],
        loading,
    )


def matrix_of(tangent: TangentMatrix) -> sparse.csr_array:
    starts, columns, values = tangent.refresh().getValuesCSR()
    return sparse.csr_array((values, columns, starts))


def test_numbering_of_prescribed_and_tied_unknowns() -> None:
    """Prescribed unknowns have no number, tied ones share one, all others have their own."""
    model = sandwich()
    prescribed, ties = model.loading.unknowns(), model.loading.ties
    numbering = Numbering(model.space, prescribed, ties)
    assert numbering.size == model.space.global_size - len(prescribed) - len(ties[0]) + 1
    assert np.all(numbering.slots[prescribed] == -1)
    assert len(np.unique(numbering.slots[ties[0]])) == 1
    free = np.setdiff1d(np.arange(model.space.local_size), np.concatenate([prescribed, *ties]))
    assert len(np.unique(numbering.slots[free])) == len(free)
    vector = numbering.vector()
    numbering.reduce(np.ones(model.space.local_size), vector)
    assert vector.max()[1] == len(ties[0])
    assert vector.sum() == len(free) + len(ties[0])
    vector.set(2.0)
    moved = np.zeros(model.space.local_size)
    numbering.add(vector, 0.5, moved)
    assert set(moved[prescribed]) == {0.0}
    np.testing.assert_array_equal(np.delete(moved, prescribed), 1.0)


def test_tangent_is_the_derivative_of_the_residual() -> None:
    """Central differences of the out-of-balance force along random directions, in flow."""
    model = sandwich()
    numbering = Numbering(model.space, model.loading.unknowns(), model.loading.ties)
    tangent = TangentMatrix(model, numbering)
    random = np.random.default_rng(5)
    u = 2e-4 * random.standard_normal(model.space.local_size)
    model.begin(10.0, None)

    def residual(at: FloatArray) -> NDArray[np.float64]:
        model.evaluate(at, 40.0)
        vector = numbering.vector()
        numbering.reduce(model.forces()[0], vector)
        return np.array(vector.array_r)

    residual(u)
    matrix = matrix_of(tangent)
    assert abs(matrix - matrix.T).max() < 1e-9 * abs(matrix).max()
    for _ in range(3):
        direction = random.standard_normal(numbering.size)
        vector = numbering.vector()
        vector.array = direction
        steps = []
        for sign in (1.0, -1.0):
            moved = u.copy()
            numbering.add(vector, sign * 1e-8, moved)
            steps.append(residual(moved))
        difference = (steps[0] - steps[1]) / 2e-8
        np.testing.assert_allclose(
            matrix @ direction, difference, atol=1e-5 * np.abs(difference).max()
        )


def test_tangent_follows_elastic_moduli() -> None:
    """Elastic regions are integrated anew when their moduli have changed with temperature."""
    mesh = box((1, 1, 1), (1.0, 1.0, 1.0))
    law = elastic(1.0, 0.3)
    softening = type(law)(Table((0.0, 100.0), (50e3, 25e3)), law.poissons_ratio)
    model = MechanicalModel(
        mesh,
        {"body": np.arange(6, dtype=np.int32)},
        [RegionLaw("body", softening, no_expansion)],
        lambda space: Loading(rollers(space)),
    )
    tangent = TangentMatrix(model, Numbering(model.space, model.loading.unknowns()))
    found = []
    for temperature in (0.0, 0.0, 100.0):
        model.evaluate(model.u, temperature)
        found.append(matrix_of(tangent).toarray())
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_allclose(found[2], 0.5 * found[0], rtol=1e-12)


def test_solution_equals_a_direct_one() -> None:
    """Conjugate gradients with the factorisation against scipy's sparse LU of the same matrix."""
    model = sandwich(force=True)
    solver = NewtonSolver(model, NewtonSettings(residual_tolerance=1e-10, tightest_linear=1e-10))
    numbering = solver.numbering
    tangent = TangentMatrix(model, numbering)
    model.begin(1e-9, None)
    u = model.u.copy()
    model.loading.apply(u, 30.0)
    model.evaluate(u, 30.0)
    right = numbering.vector()
    numbering.reduce(-model.forces()[0], right)
    direct = spsolve(matrix_of(tangent).tocsc(), right.array_r)
    conditioned, solution = PreconditionedSolver(numbering), numbering.vector()
    conditioned.solve(tangent.matrix, right, solution, 1e-11)
    np.testing.assert_allclose(solution.array_r, direct, atol=1e-9 * np.abs(direct).max())
    assert (conditioned.factorisations, conditioned.iterations) == (1, 1)
    expected = u.copy()
    numbering.add(solution, 1.0, expected)
    solver.solve(u, 30.0)
    np.testing.assert_allclose(u, expected, atol=1e-8 * np.abs(expected).max())
    top = model.loading.ties[0]
    assert len(np.unique(u[top])) == 1


def test_an_aged_factorisation_still_solves_and_is_renewed_when_it_pays() -> None:
    """A matrix ten times as stiff in one region: more iterations with the kept factorisation, the
    same solution; after enough of them a new factorisation.
    """
    model = sandwich()
    numbering = Numbering(model.space, model.loading.unknowns(), model.loading.ties)
    tangent = TangentMatrix(model, numbering)
    model.begin(1e-9, None)
    model.evaluate(model.u, 0.0)
    solver = PreconditionedSolver(numbering)
    right, solution = numbering.vector(), numbering.vector()
    right.array = np.random.default_rng(1).standard_normal(numbering.size)
    solver.solve(tangent.refresh(), right, solution, 1e-10)
    model.group("solder").tangent *= 0.1
    for _ in range(30):
        matrix = matrix_of(tangent)
        solver.solve(tangent.matrix, right, solution, 1e-10)
        miss = np.linalg.norm(matrix @ solution.array_r - right.array_r)
        assert miss <= 1.01e-10 * np.linalg.norm(right.array_r)
        if solver.factorisations > 1:
            break
    assert solver.factorisations == 2
    before = solver.iterations
    solver.solve(tangent.matrix, right, solution, 1e-10)
    assert solver.iterations == before + 1


@pytest.mark.parametrize("tolerance", [1e-3, 1e-8])
def test_residual_respects_its_tolerance(tolerance: float) -> None:
    """After Newton's method the out-of-balance force is below the tolerance times the internal
    force of the flowing region, both at the free unknowns.
    """
    model = sandwich()
    solver = NewtonSolver(model, NewtonSettings(tolerance, tightest_linear=1e-6))
    model.begin(20.0, None)
    u = model.u.copy()
    model.loading.apply(u, 40.0)
    assert solver.solve(u, 40.0) > 1
    residual, inelastic = model.forces()
    norms = []
    for force in (residual, inelastic):
        vector = solver.numbering.vector()
        solver.numbering.reduce(force, vector)
        norms.append(float(vector.norm()))
    assert norms[0] <= tolerance * norms[1]
    assert norms[1] > 1.0


def test_factorisation_is_kept_over_a_run() -> None:
    """On the way into flow one factorisation serves many Newton iterations."""
    model = sandwich()
    history = TemperatureHistory(np.array([0.0, 60.0, 100.0]), np.array([0.0, 60.0, 60.0]))
    report = march(model, history, MarchSettings(steps=StepSettings(tolerance=1e-5, initial=1.0)))
    assert model.group("solder").state[:, 6].max() > 1e-4
    assert report.newton_iterations > 20
    assert 1 <= report.factorisations < 0.5 * report.newton_iterations
    assert report.linear_iterations >= report.newton_iterations
    solver = NewtonSolver(model, NewtonSettings())
    assert report.unknowns == solver.unknowns
