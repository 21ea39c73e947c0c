"""The Anand law at one point against its closed forms and against an independent integration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from bumpfem.constitutive import Anand, Table, make_law, tensile_curve
from bumpfem.materials import law_set_names, load_law_set, load_material
from bumpfem.units import FloatArray

ANAND_SETS = [name for name in law_set_names() if load_law_set(name).law == "anand"]
RATES = (1e-3, 1e-5)
TEMPERATURES = (25.0, 75.0, 125.0)


def anand(name: str, modulus: Table | None = None) -> Anand:
    law_set = load_law_set(name)
    properties = load_material(law_set.material).properties
    if modulus is None:
        modulus = Table(*properties["youngs_modulus"].table(-65.0, 150.0, extrapolate=True))
    ratio = Table(*properties["poissons_ratio"].table(-65.0, 150.0, extrapolate=True))
    law = make_law("anand", law_set.parameters, modulus, ratio)
    assert isinstance(law, Anand)
    return law


def saturation(name: str, rate: float, celsius: float) -> tuple[float, float]:
    """Closed form of steady flow (stress, resistance), from the constants and nothing else."""
    p = load_law_set(name).parameters
    z = rate / p["A"] * np.exp(p["Q_over_R"] / (celsius + 273.15))
    resistance = p["s_hat"] * z ** p["n"]
    return resistance / p["xi"] * np.arcsinh(z ** p["m"]), resistance


def stretch(
    law: Anand, steps: FloatArray, rate: float, celsius: float, resistance: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Isochoric stretching in given strain steps: stress, resistance and flow after each.

    The elastic strain is kept and the flow set back to zero after each step, which changes nothing
    because only their difference enters; so the path may be as long as saturation takes.
    """
    path = np.array([[1.0, -0.5, -0.5, 0.0, 0.0, 0.0]])
    state, elastic = law.initial_state(1), np.zeros((1, 6))
    state[:, 7] = resistance
    stress, tangent, new = np.empty((1, 6)), np.empty((1, 6, 6)), np.empty_like(state)
    rows = []
    for step in steps:
        strain = elastic + step * path
        law.update(strain, np.array([celsius]), step / rate, state, stress, tangent, new)
        elastic = strain - new[:, :6]
        flow = new[0, 6]
        state = np.zeros_like(state)
        state[:, 7] = new[:, 7]
        rows.append((stress[0, 0] - stress[0, 1], new[0, 7], flow))
    out = np.array(rows)
    return out[:, 0], out[:, 1], out[:, 2]


@pytest.mark.parametrize("name", ANAND_SETS)
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("celsius", TEMPERATURES)
def test_saturation_stress(name: str, rate: float, celsius: float) -> None:
    """From the virgin state, sigma* = s*/xi asinh(Z^m) within 0.1 %.

    The distance from saturation obeys u^(1-a) = u0^(1-a) + (a-1) h0/s* p, so how long the path has
    to be follows from the constants: until u is 3e-4 (backward Euler comes in from behind).
    """
    law = anand(name)
    stress, resistance = saturation(name, rate, celsius)
    p_end = 3.0 * resistance / law.h0 * (3e-4) ** (-law.a)
    steps = np.concatenate((np.full(200, 1e-4), np.geomspace(1e-4, max(p_end, 0.1), 60)))
    found, s, _ = stretch(law, steps, rate, celsius, law.s0)
    assert found[-1] == pytest.approx(stress, rel=1e-3)
    assert s[-1] == pytest.approx(resistance, rel=1e-3)


@pytest.mark.parametrize("name", ANAND_SETS)
@pytest.mark.parametrize("celsius", TEMPERATURES)
def test_saturated_bar_keeps_its_stress(name: str, celsius: float) -> None:
    """A bar under uniaxial stress with s = s* at the start flows at the closed form, to 1e-6."""
    rate = 1e-4
    stress, resistance = saturation(name, rate, celsius)
    constants = {**load_law_set(name).parameters, "s0": resistance}
    law = anand(name)
    saturated = make_law("anand", constants, law.youngs_modulus, law.poissons_ratio)
    curve = tensile_curve(saturated, rate, celsius, 0.4, points=11)
    # On the way up the flow is slower, s* is a little smaller and s dips below its final value;
    # it comes back only as slowly as the set hardens.
    assert curve.stress[-1] == pytest.approx(stress, rel=1e-3)
    assert law.saturation_stress(rate, celsius) == pytest.approx(stress, rel=1e-12)


@pytest.mark.parametrize("name", ["anand_sac305_motalab_2012", "anand_snpb_darveaux_2000"])
def test_hardening_follows_the_closed_form(name: str) -> None:
    """At constant flow rate (rigid elasticity) s(p) has a closed form; first order in the step.

    1 - s/s* = u with u^(1-a) = u0^(1-a) + (a-1) (h0/s*) p.
    """
    rate, celsius, length = 1e-3, 25.0, 4e-3
    law = anand(name, modulus=Table.constant(1e9))
    _, resistance = saturation(name, rate, celsius)
    errors = []
    for count in (200, 400, 800):
        _, s, flow = stretch(law, np.full(count, length / count), rate, celsius, law.s0)
        u0 = 1.0 - law.s0 / resistance
        power = u0 ** (1.0 - law.a) + (law.a - 1.0) * law.h0 / resistance * flow.sum()
        exact = resistance * (1.0 - power ** (1.0 / (1.0 - law.a)))
        errors.append(abs(s[-1] - exact) / (exact - law.s0))
    assert errors[-1] < 2e-3
    # The first steps are elastic, so that the rate is not quite constant; hence "about" half.
    assert errors[0] / errors[1] == pytest.approx(2.0, abs=0.15)
    assert errors[1] / errors[2] == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize(
    ("name", "rate", "celsius"),
    [
        ("anand_sac305_motalab_2012", 1e-3, 25.0),
        ("anand_sac305_motalab_2012", 1e-5, 125.0),
        ("anand_sac305_mysore_2009", 1e-4, 75.0),
        ("anand_snpb_darveaux_2000", 1e-3, -40.0),
    ],
)
def test_tensile_curve_against_an_independent_integration(
    name: str, rate: float, celsius: float
) -> None:
    """One-dimensional Anand equations by an implicit Runge-Kutta method at rtol 1e-10.

    The driver is three-dimensional with free lateral strains; its error halves with the step.
    """
    law = anand(name)
    p = load_law_set(name).parameters
    modulus = float(law.youngs_modulus(celsius))
    arrhenius = p["A"] * np.exp(-p["Q_over_R"] / (celsius + 273.15))

    def slope(_: float, y: FloatArray) -> list[float]:
        flow = arrhenius * np.sinh(p["xi"] * max(y[0], 0.0) / y[1]) ** (1.0 / p["m"])
        distance = 1.0 - y[1] / (p["s_hat"] * max(flow / arrhenius, 1e-300) ** p["n"])
        hardening = p["h0"] * abs(distance) ** p["a"] * np.sign(distance)
        return [modulus * (rate - flow), hardening * flow]

    strains = np.linspace(0.0, 0.02, 21)
    exact = solve_ivp(
        slope, (0.0, 0.02 / rate), [1e-6, p["s0"]], method="Radau", t_eval=strains / rate,
        rtol=1e-10, atol=1e-10,
    ).y[0]  # fmt: skip
    curves = [
        tensile_curve(law, rate, celsius, 0.02, points=21, substeps=k).stress for k in (10, 20, 40)
    ]
    errors = [np.abs(curve - exact).max() for curve in curves]
    assert errors[2] < 0.02 * exact.max()
    assert 1.6 < errors[0] / errors[1] < 2.4
    assert 1.7 < errors[1] / errors[2] < 2.3
    extrapolated = 2.0 * curves[2] - curves[1]
    assert np.abs(extrapolated - exact)[2:].max() < 2e-3 * exact.max()


@pytest.mark.parametrize(
    ("rate", "celsius", "measured"),
    [(1e-3, 25.0, 40.5), (1e-4, 25.0, 35.5), (1e-3, 100.0, 24.0), (1e-3, 125.0, 21.5)],
)
def test_sac305_agrees_with_the_measured_saturation(
    rate: float, celsius: float, measured: float
) -> None:
    """Saturation stresses of Motalab et al. (2012).

    Read from their figure to 1 or 2 MPa; the fit itself misses the value at 100 C by as much again.
    The other published set for this alloy is 45 % lower and would fail.
    """
    found = anand("anand_sac305_motalab_2012").saturation_stress(rate, celsius)
    assert found == pytest.approx(measured, abs=3.0)
