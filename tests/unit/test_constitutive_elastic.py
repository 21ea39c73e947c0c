"""Elastic laws, tables, thermal strain and the registry."""

from __future__ import annotations

from typing import cast, get_args

import numpy as np
import pytest

from bumpfem.constitutive import (
    Anand,
    DarveauxLau,
    DoublePowerLaw,
    ExpansionKind,
    Garofalo,
    J2Plasticity,
    Norton,
    OrthotropicElastic,
    Table,
    ThermoElastic,
    law_kinds,
    make_law,
    make_orthotropic,
    thermal_elongation,
    thermal_strain,
)
from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.units import FloatArray

Tables = tuple[Table, Table, Table]
KINDS: tuple[ExpansionKind, ...] = get_args(ExpansionKind)


def three(*values: float) -> Tables:
    a, b, c = (Table.constant(value) for value in values)
    return a, b, c


# FR-4: in-plane 22.4 GPa, through the thickness 1.5 GPa
MODULI, RATIOS, SHEARS = (
    three(22.4e3, 20.0e3, 1.5e3),
    three(0.2, 0.1425, 0.13),
    three(630.0, 199.0, 210.0),
)


def stress_of(law: ThermoElastic | OrthotropicElastic, strain: FloatArray) -> FloatArray:
    n = len(strain)
    stress, tangent = np.empty((n, 6)), np.empty((n, 6, 6))
    none = np.empty((n, 0))
    law.update(strain, np.full(n, 25.0), 1.0, none, stress, tangent, none)
    return stress


def test_table_is_linear_between_and_level_beyond() -> None:
    table = Table((0.0, 100.0, 200.0), (1.0, 3.0, 2.0))
    np.testing.assert_allclose(
        table(np.array([-10.0, 0.0, 50.0, 150.0, 200.0, 300.0])), [1.0, 1.0, 2.0, 2.5, 2.0, 2.0]
    )
    assert table(50.0).shape == ()
    np.testing.assert_array_equal(Table.constant(4.0)(np.array([-1e3, 1e3])), 4.0)


@pytest.mark.parametrize(
    ("temperature", "value"),
    [((), ()), ((1.0,), (1.0, 2.0)), ((1.0, 1.0), (1.0, 2.0)), ((1.0,), (np.nan,))],
)
def test_bad_tables_are_refused(temperature: tuple[float, ...], value: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="table"):
        Table(temperature, value)


def test_isotropic_stiffness_has_the_engineering_constants() -> None:
    """The compliance, inverse of the stiffness, holds 1/E, -nu/E and 2(1 + nu)/E."""
    law = ThermoElastic(Table((0.0, 100.0), (200e3, 100e3)), Table.constant(0.3))
    compliance = np.linalg.inv(law.stiffness(np.array([50.0]))[0])
    expected = np.zeros((6, 6))
    expected[:3, :3] = -0.3 / 150e3
    expected[range(3), range(3)] = 1.0 / 150e3
    expected[range(3, 6), range(3, 6)] = 2.6 / 150e3
    np.testing.assert_allclose(compliance, expected, rtol=1e-12, atol=1e-20)


def test_temperature_may_differ_from_point_to_point() -> None:
    law = ThermoElastic(Table((0.0, 100.0), (200e3, 100e3)), Table.constant(0.3))
    strain, none = np.full((3, 6), 1e-3), np.empty((3, 0))
    stress, tangent = np.empty((3, 6)), np.empty((3, 6, 6))
    law.update(strain, np.array([0.0, 50.0, 100.0]), 1.0, none, stress, tangent, none)
    np.testing.assert_allclose(stress[:, 3], 1e-3 * np.array([200e3, 150e3, 100e3]) / 2.6)
    np.testing.assert_allclose(stress, np.einsum("pij,pj->pi", tangent, strain), rtol=1e-13)


def test_moduli_without_meaning_are_refused() -> None:
    law = ThermoElastic(Table((0.0, 100.0), (200e3, -1.0)), Table.constant(0.3))
    with pytest.raises(PropertyRangeError, match="Young's modulus"):
        law.stiffness(np.array([100.0]))
    with pytest.raises(PropertyRangeError, match="Poisson"):
        ThermoElastic(Table.constant(1.0), Table.constant(0.5)).stiffness(np.array([25.0]))


def test_orthotropic_stiffness_is_the_inverse_of_the_compliance() -> None:
    law = OrthotropicElastic(MODULI, RATIOS, SHEARS)
    at = np.array([25.0])
    stiffness, compliance = law.stiffness(at)[0], law.compliance(at)[0]
    np.testing.assert_allclose(stiffness @ compliance, np.eye(6), atol=1e-12)
    np.testing.assert_array_equal(stiffness, stiffness.T)
    assert np.linalg.eigvalsh(stiffness).min() > 0.0


@pytest.mark.parametrize(
    ("axis", "modulus", "contraction"),
    [
        (0, 22.4e3, (1.0, -0.2, -0.13)),
        (1, 20.0e3, (-0.2 * 20.0 / 22.4, 1.0, -0.1425)),
        (2, 1.5e3, (-0.13 * 1.5 / 22.4, -0.1425 * 1.5 / 20.0, 1.0)),
    ],
)
def test_orthotropic_bar(axis: int, modulus: float, contraction: tuple[float, ...]) -> None:
    """Pulled along an axis: E of that axis, contraction nu_ij along j, nu_ji = nu_ij Ej/Ei."""
    strain = np.zeros((1, 6))
    strain[0, :3] = 1e-3 * np.array(contraction)
    expected = np.zeros(6)
    expected[axis] = 1e-3 * modulus
    found = stress_of(OrthotropicElastic(MODULI, RATIOS, SHEARS), strain)[0]
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_orthotropic_shear_moduli_sit_in_their_planes() -> None:
    strain = np.diag([0.0, 0.0, 0.0, 1e-3, 1e-3, 1e-3])[3:]
    found = stress_of(OrthotropicElastic(MODULI, RATIOS, SHEARS), np.ascontiguousarray(strain))
    np.testing.assert_allclose(found[:, 3:], np.diag([0.630, 0.199, 0.210]), rtol=1e-12)


def test_orthotropic_with_equal_constants_is_isotropic() -> None:
    g = 30e3 / 2.6
    law = OrthotropicElastic(three(30e3, 30e3, 30e3), three(0.3, 0.3, 0.3), three(g, g, g))
    isotropic = ThermoElastic(Table.constant(30e3), Table.constant(0.3))
    strain = 1e-3 * np.random.default_rng(1).normal(size=(5, 6))
    np.testing.assert_allclose(stress_of(law, strain), stress_of(isotropic, strain), rtol=1e-10)


@pytest.mark.parametrize(
    ("moduli", "ratios", "shears"),
    [
        (MODULI, three(1.1, 0.1, 0.1), SHEARS),
        (MODULI, three(0.2, 0.1425, 5.0), SHEARS),
        (three(-1.0, 20e3, 1.5e3), RATIOS, SHEARS),
        (three(22e3, 0.0, 1.5e3), RATIOS, SHEARS),
        (MODULI, RATIOS, three(630.0, -199.0, 210.0)),
        ((Table((0.0, 100.0), (22e3, 100.0)), *MODULI[1:]), three(0.9, 0.1, 0.1), SHEARS),
    ],
)
def test_unstable_constants_are_refused(moduli: Tables, ratios: Tables, shears: Tables) -> None:
    """1 - nu_xy nu_yx > 0 and the like: strain energy must be positive, at every table point."""
    with pytest.raises(InputError, match="positive definite"):
        OrthotropicElastic(moduli, ratios, shears)


def test_secant_expansion_counts_from_its_own_reference() -> None:
    """From 125 to -40 C with values stated from 25 C: a(-40)(-65) - a(125)(100)."""
    table = Table((-40.0, 125.0), (15e-6, 20e-6))
    assert thermal_elongation(-40.0, 125.0, table, "secant") == pytest.approx(
        15e-6 * -65.0 - 20e-6 * 100.0
    )
    shifted = thermal_elongation(-40.0, 125.0, table, "secant", secant_reference=125.0)
    assert shifted == pytest.approx(15e-6 * -165.0)


def test_instantaneous_expansion_is_the_area_under_the_table() -> None:
    """A step from 45 to 230 ppm/K at the glass transition between 180 and 190 C."""
    table = Table((180.0, 190.0), (45e-6, 230e-6))
    expected = 155.0 * 45e-6 + 10.0 * 0.5 * 275e-6 + 20.0 * 230e-6
    assert thermal_elongation(210.0, 25.0, table, "instantaneous") == pytest.approx(expected)
    assert thermal_elongation(25.0, 210.0, table, "instantaneous") == pytest.approx(-expected)
    assert thermal_elongation(25.0, 25.0, table, "instantaneous") == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_thermal_strain_has_no_shear(kind: ExpansionKind) -> None:
    tables = three(16e-6, 15e-6, 54e-6)
    found = thermal_strain(125.0, 25.0, tables, kind)
    np.testing.assert_allclose(found, [1.6e-3, 1.5e-3, 5.4e-3, 0.0, 0.0, 0.0], rtol=1e-12)
    same = thermal_strain(125.0, 25.0, tables[0], kind)
    np.testing.assert_allclose(same, [1.6e-3] * 3 + [0.0] * 3, rtol=1e-12)


def test_unknown_expansion_kind_is_refused() -> None:
    with pytest.raises(InputError, match="expansion_kind"):
        thermal_strain(1.0, 0.0, Table.constant(1e-6), cast(ExpansionKind, "mean"))


def test_registry_builds_each_law() -> None:
    e, nu = Table.constant(30e3), Table.constant(0.4)
    anand = dict(A=3501.0, Q_over_R=9320.0, xi=4.0, m=0.25, h0=1.8e5, s_hat=30.2, n=0.01, a=1.78)
    built = [
        make_law("elastic", {}, e, nu),
        make_law("norton", {"A": 1e-9, "n": 5.0, "Q_over_R": 100.0}, e, nu),
        make_law("garofalo", {"A": 1.0, "alpha": 0.1, "n": 5.0, "Q_over_R": 100.0}, e, nu),
        make_law(
            "darveaux_lau",
            {"A": 926.0, "T0": 508.0, "g0": 37.78, "g1": 0.0744, "n": 3.3, "Q_over_R": 6360.0},
            e,
            nu,
        ),
        make_law(
            "double_power",
            {"A1": 1.0, "n1": 3.0, "Q1_over_R": 1.0, "A2": 1.0, "n2": 9.0, "Q2_over_R": 2.0},
            e,
            nu,
        ),
        make_law("anand", {**anand, "s0": 21.0}, e, nu),
        make_law("plasticity", {"plastic_strain": (0.0,), "yield_stress": (100.0,)}, e, nu),
        make_orthotropic(MODULI, RATIOS, SHEARS),
    ]
    types = [
        ThermoElastic, Norton, Garofalo, DarveauxLau, DoublePowerLaw, Anand, J2Plasticity,
        OrthotropicElastic,
    ]  # fmt: skip
    assert [type(law) for law in built] == types
    assert sorted(law.name for law in built) == law_kinds()
    assert [law.n_state for law in built] == [0, 7, 7, 7, 8, 8, 7, 0]
    assert built[5].initial_state(2)[:, 7].tolist() == [21.0, 21.0]


def test_registry_refuses_what_it_does_not_know() -> None:
    e, nu = Table.constant(30e3), Table.constant(0.4)
    with pytest.raises(InputError, match="one of anand"):
        make_law("anant", {}, e, nu)
    with pytest.raises(InputError, match=r"norton\.alpha"):
        make_law("norton", {"A": 1.0, "n": 3.0, "alpha": 2.0}, e, nu)
    with pytest.raises(InputError, match="also n"):
        make_law("norton", {"A": 1.0}, e, nu)
