"""Manufactured solution: orders of convergence in space."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem
from numpy.typing import NDArray

from bumpfem.physics.kinematics import DisplacementSpace, Volumetric
from bumpfem.physics.mechanics import Loading
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    boundary_follows,
    box,
    curved,
    elastic,
    hold_at,
    one_region,
)

#: UFL has no type information.
UFL: Any = ufl
MODULUS, RATIO = 1e3, 0.3
SHEAR = MODULUS / (2 * (1 + RATIO))
LAME = MODULUS * RATIO / ((1 + RATIO) * (1 - 2 * RATIO))


def displacement(x: Any, functions: Any) -> list[Any]:
    """A smooth field with strains of every kind, for numpy arrays and UFL alike."""
    sin, cos = functions.sin, functions.cos
    return [
        1e-3 * sin(2 * x[0]) * cos(x[1] + x[2]),
        1e-3 * sin(x[0] + 2 * x[1]) * sin(x[2]),
        1e-3 * cos(x[0] - x[1]) * sin(1.5 * x[2]),
    ]


def bulged(x: FloatArray) -> FloatArray:
    """A smooth map of the unit cube that curves all its cells."""
    waves = np.sin(np.pi * x)
    return np.asarray(x + 0.06 * waves[:, [1, 2, 0]] * waves)


def errors(cells: int, volumetric: Volumetric, is_curved: bool) -> tuple[float, float]:
    """Errors of displacement and strain, both in the L2 norm."""
    mesh = box((cells, cells, cells), (1.0, 1.0, 1.0))
    if is_curved:
        mesh = curved(mesh, bulged)
    exact = UFL.as_vector(displacement(UFL.SpatialCoordinate(mesh), ufl))
    strain = UFL.sym(UFL.grad(exact))
    stress = LAME * UFL.tr(strain) * UFL.Identity(3) + 2 * SHEAR * strain
    fine = {"quadrature_degree": 6}

    def field(x: FloatArray) -> FloatArray:
        return np.array(displacement(x.T, np)).T

    def loading(space: DisplacementSpace) -> Loading:
        test = UFL.TestFunction(space.space)
        body = fem.form(UFL.inner(-UFL.div(stress), test) * UFL.dx(metadata=fine))
        force = fem.assemble_vector(body).array.copy()
        return Loading(boundary_follows(space, field), force=force)

    model = one_region(mesh, elastic(MODULUS, RATIO), loading, volumetric=volumetric)
    hold_at(model, 1.0, 1.0)
    found = fem.Function(model.space.space)
    found.x.array[:] = model.u
    miss = found - exact
    squares = [
        fem.assemble_scalar(fem.form(UFL.inner(part, part) * UFL.dx(metadata=fine)))
        for part in (miss, UFL.sym(UFL.grad(miss)))
    ]
    return float(np.sqrt(squares[0])), float(np.sqrt(squares[1]))


@pytest.mark.parametrize("is_curved", [False, True], ids=["straight", "curved"])
def test_full_treatment_converges_with_the_orders_of_its_elements(is_curved: bool) -> None:
    """Second-order elements: displacement of order 3, strain of order 2 (a priori estimates, e.g.
    Ciarlet 1978), with the integration rule of degree 2 and on curved cells too.
    """
    table = np.array([errors(n, "full", is_curved) for n in (3, 6)])
    rates: NDArray[np.float64] = np.log2(table[0] / table[1])
    assert rates[0] == pytest.approx(3.0, abs=0.15)
    assert rates[1] == pytest.approx(2.0, abs=0.15)


def test_cell_mean_treatment_converges_with_lower_order() -> None:
    """One volumetric strain per cell is of first order: strain of order 1, displacement of order 2
    (P2-P0 elements; Brezzi and Fortin 1991), approached from below. It pays where flow is nearly
    incompressible, see ``test_mechanics_locking``, not here.
    """
    table = np.array([errors(n, "cell_mean", False) for n in (2, 4, 8)])
    rates: NDArray[np.float64] = np.log2(table[:-1] / table[1:])
    assert np.all(np.diff(rates, axis=0) > 0.0)
    assert 1.65 < rates[-1, 0] < 2.1
    assert 0.75 < rates[-1, 1] < 1.1


def test_treatment_by_law_is_full_where_nothing_flows() -> None:
    """A compressible elastic body gets the more accurate treatment."""
    assert errors(3, "by_law", False) == errors(3, "full", False)
