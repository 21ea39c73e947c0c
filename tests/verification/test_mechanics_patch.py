"""Patch tests: fields that the elements must reproduce exactly on any mesh."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bumpfem.constitutive import Law
from bumpfem.errors import MeshError
from bumpfem.physics.kinematics import DisplacementSpace, Volumetric
from bumpfem.physics.mechanics import Loading
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    boundary_follows,
    box,
    curved,
    distort,
    elastic,
    hold_at,
    laminate,
    one_region,
    rectangle,
)

GRADIENT = 1e-3 * np.array([[1.0, 0.4, -0.3], [0.2, -0.7, 0.5], [0.6, -0.1, 0.9]])
LAWS: dict[str, Law] = {"isotropic": elastic(50e3, 0.36), "orthotropic": laminate()}
TREATMENTS: list[Volumetric] = ["cell_mean", "full"]


def stress_of(law: Law, strain: FloatArray) -> FloatArray:
    stress, tangent = np.zeros((1, 6)), np.zeros((1, 6, 6))
    empty = np.zeros((1, 0))
    law.update(strain[None], np.array([25.0]), 1.0, empty, stress, tangent, empty.copy())
    return stress[0]


def strain_of(gradient: FloatArray) -> FloatArray:
    shear = gradient + gradient.T
    return np.array([*np.diag(gradient), shear[0, 1], shear[1, 2], shear[0, 2]])


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("volumetric", TREATMENTS)
def test_linear_field_in_a_distorted_box(name: str, volumetric: Volumetric) -> None:
    """A linear displacement on the boundary is the solution inside: constant strain balances."""
    mesh = distort(box((3, 3, 3), (1.0, 1.2, 0.8)), 0.06)

    def field(x: FloatArray) -> FloatArray:
        return x @ GRADIENT.T

    model = one_region(
        mesh,
        LAWS[name],
        lambda space: Loading(boundary_follows(space, field)),
        volumetric=volumetric,
    )
    hold_at(model, 1.0, 1.0)
    exact = field(model.space.node_coordinates()).ravel()
    np.testing.assert_allclose(model.u, exact, atol=1e-9 * np.abs(exact).max())
    stress = stress_of(LAWS[name], strain_of(GRADIENT))
    error = np.abs(model.groups[0].stress - stress).max()
    assert error < 1e-7 * np.abs(stress).max()


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("volumetric", TREATMENTS)
def test_linear_field_in_a_distorted_ring(name: str, volumetric: Volumetric) -> None:
    """Axisymmetric: u_r = a r, u_z = b z has constant strains (a, b, a) and is in balance where
    radial and hoop stress are equal, so for isotropy in the r-hoop plane.
    """
    law = LAWS[name]
    mesh = distort(rectangle((4, 4), (0.0, 0.0), (1.0, 1.0)), 0.0)
    inner = (
        (mesh.geometry.x[:, 0] > 1e-9)
        & (mesh.geometry.x[:, 0] < 1 - 1e-9)
        & (mesh.geometry.x[:, 1] > 1e-9)
        & (mesh.geometry.x[:, 1] < 1 - 1e-9)
    )
    shift = np.random.default_rng(3).uniform(-0.06, 0.06, (int(inner.sum()), 2))
    mesh.geometry.x[inner, :2] += shift
    a, b = (1e-3, -2e-3)
    strain = np.array([a, b, a, 0.0, 0.0, 0.0])
    stress = stress_of(law, strain)
    if name == "orthotropic":
        # With different stiffness along r and hoop, balance asks for a body force
        # (sigma_hoop - sigma_r)/r; without it the field is no solution.
        assert abs(stress[0] - stress[2]) > 1.0
        return

    def field(x: FloatArray) -> FloatArray:
        return x * np.array([a, b])

    model = one_region(
        mesh, law, lambda space: Loading(boundary_follows(space, field)), volumetric=volumetric
    )
    hold_at(model, 1.0, 1.0)
    exact = field(model.space.node_coordinates()).ravel()
    np.testing.assert_allclose(model.u, exact, atol=1e-9 * np.abs(exact).max())
    assert np.abs(model.groups[0].stress - stress).max() < 1e-7 * np.abs(stress).max()
