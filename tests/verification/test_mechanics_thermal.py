"""Thermal expansion: free, hindered by a second material, and bending a strip."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bumpfem.constitutive import Law, Table, thermal_strain
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.mechanics import Loading, MechanicalModel
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    all_cells,
    box,
    cells_where,
    elastic,
    expanding,
    heat,
    held,
    laminate,
    rollers,
    unknowns,
)

START, END = 20.0, 150.0
#: Expansion of a polymer with a glass transition at 120 C: two slopes.
TWO_SLOPES = Table((-50.0, 119.0, 121.0, 200.0), (50e-6, 50e-6, 160e-6, 160e-6))


def isotropic(temperature: float) -> FloatArray:
    return thermal_strain(temperature, START, TWO_SLOPES, "instantaneous")


def orthotropic(temperature: float) -> FloatArray:
    tables = (Table.constant(14e-6), Table.constant(16e-6), TWO_SLOPES)
    return thermal_strain(temperature, START, tables, "secant", 25.0)


@pytest.mark.parametrize(
    ("law", "expansion"),
    [(elastic(50e3, 0.36), isotropic), (laminate(), orthotropic)],
    ids=["isotropic", "orthotropic"],
)
def test_free_body_has_no_stress(law: Law, expansion: Callable[[float], FloatArray]) -> None:
    """Supported on three symmetry planes only, a body takes its free strain and no stress."""
    mesh = box((2, 2, 2), (1.0, 1.0, 1.0))
    model = MechanicalModel(
        mesh,
        {"body": all_cells(mesh)},
        [RegionLaw("body", law, expansion)],
        lambda space: Loading(rollers(space)),
    )
    heat(model, START, END)
    strain = expansion(END)[:3]
    assert strain.min() > 1e-3
    exact = (model.space.node_coordinates() * strain).ravel()
    np.testing.assert_allclose(model.u, exact, atol=1e-9 * np.abs(exact).max())
    # Against the stress of a body that cannot expand, some 200 MPa.
    assert np.abs(model.groups[0].committed_stress).max() < 1e-6


def test_two_slopes_are_summed_up() -> None:
    """50 ppm/K to 120 C, 160 ppm/K beyond: (100 x 50 + 30 x 160) 1e-6 = 9.8e-3 at 150 C."""
    assert isotropic(END)[0] == pytest.approx(9.8e-3, rel=1e-12)


def test_unlike_regions_of_equal_expansion_have_no_stress() -> None:
    """Stiffness does not matter while nothing hinders the common expansion."""
    mesh = box((3, 2, 2), (1.5, 1.0, 1.0))
    laws: dict[str, Law] = {"soft": elastic(3e3, 0.42), "stiff": elastic(300e3, 0.2)}
    left = cells_where(mesh, lambda x: x[:, 0] < 0.5)
    model = MechanicalModel(
        mesh,
        {"soft": left, "stiff": np.setdiff1d(all_cells(mesh), left)},
        [RegionLaw(name, law, expanding(17e-6, START)) for name, law in laws.items()],
        lambda space: Loading(rollers(space)),
    )
    heat(model, START, END)
    exact = 17e-6 * (END - START) * model.space.node_coordinates().ravel()
    np.testing.assert_allclose(model.u, exact, atol=1e-9 * exact.max())
    for group in model.groups:
        assert np.abs(group.committed_stress).max() < 1e-6


def timoshenko(
    thickness: tuple[float, float], modulus: tuple[float, float], mismatch: float
) -> float:
    """Curvature of a bimetal strip (Timoshenko 1925), positive where the second expands more."""
    m, n = thickness[0] / thickness[1], modulus[0] / modulus[1]
    height = sum(thickness)
    below = height * (3 * (1 + m) ** 2 + (1 + m * n) * (m**2 + 1 / (m * n)))
    return float(6 * mismatch * (1 + m) ** 2 / below)


def test_bimaterial_strip_bends_as_timoshenko_says() -> None:
    """Lower layer 0.4 mm of 20 GPa, upper 0.6 mm of 70 GPa and 12 ppm/K less, heated by 130 K.

    With equal Poisson's ratios the formula holds for a narrow strip and for a plate, so for every
    width between. The deflection of the lower edge is fitted by a parabola away from the free
    end, where edge stresses die out over a few thicknesses.
    """
    low, length, width = 0.4, 16.0, 1.0
    mesh = box((32, 1, 5), (length, width, 1.0))
    below = cells_where(mesh, lambda x: x[:, 2] < low)

    def loading(space: DisplacementSpace) -> Loading:
        return Loading(
            [
                held(space, lambda x: x[:, 0] < 1e-9, 0),
                held(space, lambda x: x[:, 1] < 1e-9, 1),
                held(space, lambda x: np.linalg.norm(x, axis=1) < 1e-9, 2),
            ]
        )

    model = MechanicalModel(
        mesh,
        {"lower": below, "upper": np.setdiff1d(all_cells(mesh), below)},
        [
            RegionLaw("lower", elastic(20e3, 0.3), expanding(18e-6, START)),
            RegionLaw("upper", elastic(70e3, 0.3), expanding(6e-6, START)),
        ],
        loading,
        volumetric="full",
    )
    heat(model, START, END)
    nodes = model.space.node_coordinates()
    edge = (nodes[:, 1] < 1e-9) & (nodes[:, 2] < 1e-9)
    edge &= (nodes[:, 0] > 2.0) & (nodes[:, 0] < length - 4.0)
    curvature = 2.0 * np.polyfit(nodes[edge, 0], model.u[2::3][edge], 2)[0]
    exact = timoshenko((low, 1.0 - low), (20e3, 70e3), (6e-6 - 18e-6) * (END - START))
    # A strip whose upper layer expands less bends its ends up: u_z = +kappa x^2/2 for kappa < 0
    # in Timoshenko's sense.
    assert curvature == pytest.approx(-exact, rel=0.01)


@pytest.mark.parametrize("force", [0.0, 500.0])
def test_bar_of_two_materials_between_plane_ends(force: float) -> None:
    """Two bars side by side, the lower ends on a plane, the upper ends tied to move as one.

    Expansion along the bars only and no lateral contraction, so stress is uniaxial:
    strain = (F + sum E A alpha dT) / sum E A, and the tied face carries exactly the outer
    force F, zero where there is none.
    """
    mesh = box((3, 1, 2), (1.5, 1.0, 2.0))
    left = cells_where(mesh, lambda x: x[:, 0] < 0.5)
    moduli, coefficients = np.array([30e3, 90e3]), np.array([22e-6, 5e-6])
    areas = np.array([0.5, 1.0])
    change = END - START

    def along(coefficient: float) -> Callable[[float], FloatArray]:
        axis = np.array([0.0, 0.0, 1.0, 0.0, 0.0, 0.0])
        return lambda temperature: coefficient * (temperature - START) * axis

    def loading(space: DisplacementSpace) -> Loading:
        top = unknowns(space, lambda x: x[:, 2] > 2.0 - 1e-9, 2)
        pull = np.zeros(space.local_size)
        pull[top[0]] = force
        return Loading(rollers(space), ties=(top,), force=pull)

    model = MechanicalModel(
        mesh,
        {"left": left, "right": np.setdiff1d(all_cells(mesh), left)},
        [
            RegionLaw(name, elastic(modulus, 0.0), along(coefficient))
            for name, modulus, coefficient in zip(
                ("left", "right"), moduli, coefficients, strict=True
            )
        ],
        loading,
    )
    heat(model, START, END)
    stiffness = moduli * areas
    strain = (force + change * (stiffness * coefficients).sum()) / stiffness.sum()
    top = unknowns(model.space, lambda x: x[:, 2] > 2.0 - 1e-9, 2)
    np.testing.assert_allclose(model.u[top], 2.0 * strain, rtol=1e-9)
    for group, modulus, coefficient in zip(model.groups, moduli, coefficients, strict=True):
        stress = modulus * (strain - coefficient * change)
        assert abs(stress) > 10.0
        np.testing.assert_allclose(group.committed_stress[:, 2], stress, rtol=1e-7)
    internal = np.zeros(model.space.local_size)
    for group in model.groups:
        group.add_force(internal)
    assert internal[top].sum() == pytest.approx(force, abs=1e-4)
    assert np.abs(internal[top]).max() > 5.0


def test_prescribed_displacement_follows_the_temperature() -> None:
    """A bar stretched by 1e-5 of its length per degree: reaction E A strain, equal and opposite at
    both ends; a later set of prescribed unknowns overrides an earlier one.
    """
    mesh = box((2, 2, 2), (2.0, 1.0, 1.0))

    def loading(space: DisplacementSpace) -> Loading:
        end = held(space, lambda x: x[:, 0] > 2.0 - 1e-9, 0, 7.0)
        stretched = type(end)(
            end.unknowns, np.full(len(end.unknowns), 2e-5), lambda temperature: temperature - START
        )
        return Loading([*rollers(space), end, stretched])

    model = MechanicalModel(
        mesh,
        {"body": all_cells(mesh)},
        [RegionLaw("body", elastic(50e3, 0.3), lambda temperature: np.zeros(6))],
        loading,
    )
    heat(model, START, END)
    residual, _ = model.forces()
    exact = 50e3 * 1e-5 * (END - START)
    for face, sign in ((0.0, -1.0), (2.0, 1.0)):
        nodes = np.flatnonzero(np.isclose(model.space.node_coordinates()[:, 0], face))
        at_face = 3 * nodes
        assert residual[at_face].sum() == pytest.approx(sign * exact, rel=1e-8)
    far = unknowns(model.space, lambda x: x[:, 1] > 1.0 - 1e-9, 1)
    np.testing.assert_allclose(model.u[far], -0.3 * 1e-5 * (END - START), rtol=1e-8)
