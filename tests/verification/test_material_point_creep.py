"""Creep laws and plasticity at one point against closed forms and a tight integration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from bumpfem.constitutive import (
    Garofalo,
    J2Plasticity,
    Norton,
    Table,
    ThermoElastic,
    make_law,
    relaxation_curve,
    tensile_curve,
)
from bumpfem.constitutive.creep import Creep
from bumpfem.errors import InputError
from bumpfem.materials import law_set_names, load_law_set

E = Table((-40.0, 25.0, 75.0, 125.0), (57.4e3, 46.5e3, 38.2e3, 30.0e3))
NU = Table.constant(0.4)
CREEP_SETS = [
    name
    for name in law_set_names()
    if load_law_set(name).law in ("garofalo", "darveaux_lau", "double_power", "norton")
]


def test_norton_relaxation() -> None:
    """Held bar: d sigma/dt = -E A sigma^n, so sigma^(1-n) = sigma0^(1-n) + (n-1) E A t."""
    law = Norton(E, NU, A=3e-15, n=5.0, Q_over_R=0.0)
    start, end = 46.5e3 * 1e-3, 1e4
    exact = (start ** (-4.0) + 4.0 * 46.5e3 * 3e-15 * end) ** (-0.25)
    assert exact < 0.7 * start
    curves = [
        relaxation_curve(law, 1e-3, 25.0, np.linspace(0.0, end, k + 1)[1:]) for k in (50, 100, 200)
    ]
    assert curves[0].stress[0] == pytest.approx(start, rel=1e-9)
    errors = [curve.stress[-1] - exact for curve in curves]
    assert abs(errors[2]) < 5e-3 * exact
    assert errors[0] / errors[1] == pytest.approx(2.0, abs=0.1)
    assert errors[1] / errors[2] == pytest.approx(2.0, abs=0.05)
    assert 2.0 * curves[2].stress[-1] - curves[1].stress[-1] == pytest.approx(exact, rel=2e-4)


@pytest.mark.parametrize("n", [1.0, 3.0, 8.0])
@pytest.mark.parametrize("rate", [1e-6, 1e-2])
def test_norton_steady_stress(n: float, rate: float) -> None:
    """A bar pulled at a constant rate ends at sigma = (rate/A)^(1/n) exp(Q/(n R T))."""
    law = Norton(E, NU, A=rate / 40.0**n * np.exp(2000.0 / 348.15), n=n, Q_over_R=2000.0)
    curve = tensile_curve(law, rate, 75.0, 0.1, points=7)
    assert curve.stress[-1] == pytest.approx(40.0, rel=1e-6)


def plain_rate(name: str, stress: float, celsius: float) -> float:
    """The rate as its author prints it, from the constants and nothing else."""
    law_set = load_law_set(name)
    p, t = law_set.parameters, celsius + 273.15
    if law_set.law == "garofalo":
        return p["A"] * np.sinh(p["alpha"] * stress) ** p["n"] * np.exp(-p["Q_over_R"] / t)
    if law_set.law == "darveaux_lau":
        hyperbolic = np.sinh(stress / (p["g0"] - p["g1"] * t))
        return p["A"] * (p["T0"] - t) / t * hyperbolic ** p["n"] * np.exp(-p["Q_over_R"] / t)
    assert law_set.law == "double_power"
    first = p["A1"] * stress ** p["n1"] * np.exp(-p["Q1_over_R"] / t)
    return first + p["A2"] * stress ** p["n2"] * np.exp(-p["Q2_over_R"] / t)


@pytest.mark.parametrize("name", CREEP_SETS)
@pytest.mark.parametrize("celsius", [25.0, 125.0])
def test_relaxation_against_an_independent_integration(name: str, celsius: float) -> None:
    """d sigma/dt = -E rate(sigma), by an implicit Runge-Kutta method at rtol 1e-10.

    Times spread logarithmically over eight decades; backward Euler is first order in the number of
    steps, so extrapolation from two runs is far closer than either.
    """
    law_set = load_law_set(name)
    law = make_law(law_set.law, law_set.parameters, E, NU)
    assert isinstance(law, Creep)
    modulus = float(E(celsius))
    assert float(law.rate(20.0, celsius)) == pytest.approx(plain_rate(name, 20.0, celsius))
    times = np.geomspace(1e-2, 1e6, 17)
    exact = solve_ivp(
        lambda _, s: [-modulus * plain_rate(name, s[0], celsius)], (0.0, times[-1]),
        [5e-4 * modulus], method="Radau", t_eval=times, rtol=1e-10, atol=1e-12,
    ).y[0]  # fmt: skip
    found = []
    for k in (8, 16):
        fine = np.geomspace(1e-6, 1e6, 24 * k + 1)
        found.append(relaxation_curve(law, 5e-4, celsius, fine).stress[1:][8 * k :: k])
    errors = [np.abs(curve / exact - 1.0).max() for curve in found]
    assert exact[-1] < 0.5 * exact[0]
    assert errors[1] < 0.04
    assert errors[0] / errors[1] == pytest.approx(2.0, abs=0.2)
    assert np.abs((2.0 * found[1] - found[0]) / exact - 1.0).max() < 3e-3


def test_garofalo_meets_the_power_law_at_low_stress() -> None:
    """sinh(x) -> x: at 0.1 MPa the relaxation is Norton's with A alpha^n."""
    hyperbolic = Garofalo(E, NU, A=32000.0, alpha=0.037, n=5.1, Q_over_R=6524.7)
    power = Norton(E, NU, A=32000.0 * 0.037**5.1, n=5.1, Q_over_R=6524.7)
    times = np.geomspace(1.0, 1e14, 60)
    a = relaxation_curve(hyperbolic, 3e-6, 125.0, times).stress
    b = relaxation_curve(power, 3e-6, 125.0, times).stress
    assert b[-1] < 0.8 * b[0]
    np.testing.assert_allclose(a, b, rtol=1e-5)


CURVE = ((0.001, 121.0), (0.004, 186.0), (0.01, 217.0), (0.02, 234.0), (0.04, 248.0))


def copper() -> J2Plasticity:
    return J2Plasticity.from_total_strain(
        Table.constant(121e3), Table.constant(0.34),
        tuple(e for e, _ in CURVE), tuple(s for _, s in CURVE),
    )  # fmt: skip


def test_plastic_bar_follows_its_own_curve() -> None:
    """The points of the tensile curve come back, and straight lines between them; level after.

    With linear hardening and proportional loading backward Euler is exact, at any step.
    """
    for points in (7, 61):
        curve = tensile_curve(copper(), 1e-3, 25.0, 0.06, points=points, substeps=1)
        strain, stress = zip((0.0, 0.0), *CURVE, (0.06, 248.0), strict=True)
        np.testing.assert_allclose(curve.stress, np.interp(curve.strain, strain, stress), rtol=1e-8)


def test_plastic_bar_unloads_elastically_and_yields_again_in_compression() -> None:
    """Isotropic hardening: after yielding at 217 MPa the range is 2 x 217 MPa."""
    law = copper()
    strain, state = np.zeros((1, 6)), law.initial_state(1)
    stress, tangent, new = np.empty((1, 6)), np.empty((1, 6, 6)), np.empty((1, 7))
    flow = 0.01 - 217.0 / 121e3
    found = []
    for axial, plastic in ((0.01, flow), (0.01 - 400.0 / 121e3, flow)):
        elastic = axial - plastic
        lateral = -0.34 * elastic - 0.5 * plastic
        strain[0, :3] = axial, lateral, lateral
        law.update(strain, np.array([25.0]), 1.0, state, stress, tangent, new)
        found.append(stress[0, 0])
        state = new.copy()
    assert found[0] == pytest.approx(217.0, rel=1e-9)
    assert found[1] == pytest.approx(217.0 - 400.0, rel=1e-9)
    assert state[0, 6] == pytest.approx(flow, rel=1e-9)


def test_curve_must_begin_at_yield() -> None:
    with pytest.raises(InputError, match="yield point"):
        J2Plasticity.from_total_strain(
            Table.constant(121e3), Table.constant(0.34), (0.002, 0.01), (121.0, 217.0)
        )


def test_elastic_bar() -> None:
    """Hooke's law under uniaxial stress: sigma = E eps, also in compression."""
    for strain in (0.01, -0.01):
        curve = tensile_curve(ThermoElastic(E, NU), 1e-3, 75.0, strain, points=3)
        np.testing.assert_allclose(curve.stress, 38.2e3 * curve.strain, rtol=1e-12)


def test_driver_refuses_what_it_cannot_do() -> None:
    law = ThermoElastic(E, NU)
    with pytest.raises(InputError, match="rate"):
        tensile_curve(law, 0.0, 25.0, 0.01)
    with pytest.raises(InputError, match="strain"):
        tensile_curve(law, 1e-3, 25.0, 0.0)
    with pytest.raises(InputError, match="points"):
        tensile_curve(law, 1e-3, 25.0, 0.01, points=1)
    with pytest.raises(InputError, match="substeps"):
        tensile_curve(law, 1e-3, 25.0, 0.01, substeps=0)
    with pytest.raises(InputError, match="times"):
        relaxation_curve(law, 1e-3, 25.0, np.array([1.0, 1.0]))
    with pytest.raises(InputError, match="strain"):
        relaxation_curve(law, np.nan, 25.0, np.array([1.0, 2.0]))


def test_mechanisms_share_creep_in_the_ratio_of_their_rates() -> None:
    """Relaxation at constant strain against a tight solution of both mechanisms' strains.

    Each mechanism's strain obeys its own power law, ``dp_k/dt = A_k sigma^n_k exp(-Q_k/R/T)``,
    under the stress that both relax together, ``sigma = 3 G (e - p_1 - p_2)``.
    """
    law_set = load_law_set("double_power_sac_wiese_syed")
    parameters = law_set.parameters
    law = make_law("double_power", parameters, Table.constant(40e3), Table.constant(0.4))
    temperature, end, shear = 60.0, 1800.0, 40e3 / 2.8
    start = 25.0 / (3.0 * shear)

    def rates(stress: float) -> tuple[float, float]:
        first, second = (
            parameters[f"A{k}"]
            * stress ** parameters[f"n{k}"]
            * np.exp(-parameters[f"Q{k}_over_R"] / (temperature + 273.15))
            for k in (1, 2)
        )
        return first, second

    exact = solve_ivp(
        lambda _, p: rates(3.0 * shear * (start - p[0] - p[1])),
        (0.0, end), [0.0, 0.0], method="Radau", rtol=1e-10, atol=1e-16,
    ).y[:, -1]  # fmt: skip
    strain = start * np.array([[1.0, -0.5, -0.5, 0.0, 0.0, 0.0]])
    state, stress, tangent = law.initial_state(1), np.zeros((1, 6)), np.zeros((1, 6, 6))
    times = np.concatenate([[0.0], np.geomspace(1e-3, end, 4000)])
    for dt in np.diff(times):
        new = state.copy()
        law.update(strain, np.array([temperature]), float(dt), state, stress, tangent, new)
        state = new
    first, whole = state[0, 7], state[0, 6]
    assert 0.05 < exact[0] / exact.sum() < 0.95
    assert first == pytest.approx(exact[0], rel=2e-3)
    assert whole - first == pytest.approx(exact[1], rel=2e-3)
