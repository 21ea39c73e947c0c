"""Patch tests: fields that the elements must reproduce exactly on any mesh."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.constitutive import Law, OrthotropicElastic, Table
from bumpfem.errors import MeshError
from bumpfem.physics.kinematics import DisplacementSpace, Volumetric
from bumpfem.physics.mechanics import Loading
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    boundary_follows,
    box,
    bricks,
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
    return np.asarray(stress[0])


def strain_of(gradient: FloatArray) -> FloatArray:
    shear = gradient + gradient.T
    return np.array([*np.diag(gradient), shear[0, 1], shear[1, 2], shear[0, 2]])


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("volumetric", TREATMENTS)
def test_linear_field_in_a_distorted_box(name: str, volumetric: Volumetric) -> None:
    """A linear displacement on the boundary is the solution inside: constant strain balances."""
    mesh = distort(box((3, 3, 3), (1.0, 1.2, 0.8)), 0.06)

    def field(x: FloatArray) -> FloatArray:
        return np.asarray(x @ GRADIENT.T)

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


def around_the_axis() -> OrthotropicElastic:
    """Equal along radius (x) and hoop (z), different along the axis (y)."""
    across, along = Table.constant(20e3), Table.constant(4e3)
    ratio = 0.3
    return OrthotropicElastic(
        (across, along, across),
        (Table.constant(ratio), Table.constant(ratio * 4e3 / 20e3), Table.constant(0.15)),
        (Table.constant(2e3), Table.constant(2e3), Table.constant(20e3 / 2.3)),
    )


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("volumetric", TREATMENTS)
@pytest.mark.parametrize("inner", [0.0, 0.5])
def test_linear_field_in_a_distorted_ring(name: str, volumetric: Volumetric, inner: float) -> None:
    """Axisymmetric: u_r = a r, u_z = b z has the constant strains (a, b, a) and is in balance
    where radial and hoop stress are equal, so for isotropy around the axis. From the axis on
    (radius 0) and for a ring.
    """
    law = LAWS["isotropic"] if name == "isotropic" else around_the_axis()
    low, high = (inner, 0.0), (inner + 1.0, 1.0)
    mesh = rectangle((4, 4), low, high)
    x = mesh.geometry.x[:, :2]
    inside = np.all((x > np.array(low) + 1e-9) & (x < np.array(high) - 1e-9), axis=1)
    shift = np.random.default_rng(3).uniform(-0.06, 0.06, (int(inside.sum()), 2))
    mesh.geometry.x[inside, :2] += shift
    along_r, along_z = 1e-3, -2e-3
    stress = stress_of(law, np.array([along_r, along_z, along_r, 0.0, 0.0, 0.0]))
    assert stress[0] == pytest.approx(stress[2])
    assert abs(stress[0] - stress[1]) > 1.0

    def field(x: FloatArray) -> FloatArray:
        return np.asarray(x * np.array([along_r, along_z]))

    model = one_region(
        mesh, law, lambda space: Loading(boundary_follows(space, field)), volumetric=volumetric
    )
    hold_at(model, 1.0, 1.0)
    exact = field(model.space.node_coordinates()).ravel()
    np.testing.assert_allclose(model.u, exact, atol=1e-9 * np.abs(exact).max())
    assert np.abs(model.groups[0].stress - stress).max() < 1e-7 * np.abs(stress).max()


def bulged(x: FloatArray) -> FloatArray:
    """A smooth map that curves all cells."""
    waves = np.sin(np.pi * x)
    return np.asarray(x + 0.06 * waves[:, [1, 2, 0]] * waves)


@pytest.mark.parametrize("volumetric", TREATMENTS)
def test_linear_field_on_curved_cells(volumetric: Volumetric) -> None:
    """Curved cells hold a linear field exactly (isoparametric), so its strain is exact at every
    point. Its balance is exact up to the integration rule of degree 2 (the integrand has degree 3
    on a curved tetrahedron): a residual that falls at least with the square of the cell size.
    """

    def field(x: FloatArray) -> FloatArray:
        return np.asarray(x @ GRADIENT.T)

    stress = stress_of(LAWS["orthotropic"], strain_of(GRADIENT))
    misses = []
    for cells in (4, 8):
        mesh = curved(box((cells, cells, cells), (1.0, 1.0, 1.0)), bulged)
        model = one_region(
            mesh,
            LAWS["orthotropic"],
            lambda space: Loading(boundary_follows(space, field)),
            volumetric=volumetric,
        )
        exact = field(model.space.node_coordinates()).ravel()
        model.evaluate(exact, 25.0)
        np.testing.assert_allclose(
            model.groups[0].stress, np.tile(stress, (model.groups[0].operator.points, 1)), rtol=1e-9
        )
        hold_at(model, 1.0, 1.0)
        misses.append(float(np.abs(model.u - exact).max() / np.abs(exact).max()))
    assert misses[0] < 1e-4
    assert misses[1] < 0.3 * misses[0]


def test_volume_of_curved_cells() -> None:
    """A box whose cells are curved inside keeps its volume; the ring's integrals carry 2 pi r."""

    def inner(x: FloatArray) -> FloatArray:
        return np.asarray(x + 0.05 * np.prod(np.sin(np.pi * x), axis=1, keepdims=True))

    mesh = curved(box((4, 4, 4), (1.0, 1.0, 1.0)), inner)
    space = DisplacementSpace(mesh)
    assert space.strain_operator(space.owned_cells).weights.sum() == pytest.approx(1.0, rel=1e-3)
    ring = DisplacementSpace(rectangle((2, 2), (1.0, 0.0), (3.0, 0.5)))
    volume = float(ring.strain_operator(ring.owned_cells).weights.sum())
    assert volume == pytest.approx(np.pi * (9.0 - 1.0) * 0.5, rel=1e-12)


def test_refused_meshes() -> None:
    """Bricks have other element tables; an inverted cell has no volume."""
    with pytest.raises(MeshError, match="simplices"):
        DisplacementSpace(bricks())
    mesh = curved(box((1, 1, 1), (1.0, 1.0, 1.0)), lambda x: x + 0.0)
    middle = np.all(np.isclose(mesh.geometry.x, 0.5), axis=1)
    mesh.geometry.x[middle] += 0.9
    space = DisplacementSpace(mesh)
    with pytest.raises(MeshError, match="inside out"):
        space.strain_operator(space.owned_cells)
