"""The Maxwell resin against the closed forms of linear viscoelasticity and a tight integration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from bumpfem.constitutive.curing_maxwell import CuringMaxwell
from bumpfem.constitutive.resin_expansion import ResinExpansion
from bumpfem.constitutive.resin_moduli import network
from bumpfem.units import FloatArray
from tests.support.resin import MODULI, PRONY, FirstOrder, Point, maxwell

#: Cured, so that nothing moves but what is asked for; no free strain.
CURED = FirstOrder(constant=0.0)
NONE = ResinExpansion(0.0, 0.0)
SHEAR = PRONY.shear_parts * (MODULI.glassy_shear - MODULI.rubbery_shear)
BULK = PRONY.bulk_parts * (MODULI.glassy_bulk - MODULI.rubbery_bulk)
TIMES = np.asarray(PRONY.times)
STRAIN = 1e-3 * np.array([1.0, -0.3, 0.4, 0.7, -0.2, 0.5])


def law(temperature: float) -> CuringMaxwell:
    return maxwell(temperature, 1.0, CURED, expansion=NONE)


def shift(temperature: float) -> float:
    """The shift, written down once more: WLF above 130 C, Arrhenius below."""
    above = temperature - 130.0
    if above >= 0.0:
        return float(10.0 ** (-17.44 * above / (51.6 + above)))
    return float(np.exp(36e3 * (1.0 / (temperature + 273.15) - 1.0 / 403.15)))


def stress_of(
    strain: FloatArray, shear: float | FloatArray, bulk: float | FloatArray
) -> FloatArray:
    volume = strain[:3].sum()
    deviator = strain * np.array([1.0, 1.0, 1.0, 0.5, 0.5, 0.5])
    deviator[:3] -= volume / 3.0
    stress = 2.0 * shear * deviator
    stress[:3] += bulk * volume
    return np.asarray(stress)


@pytest.mark.parametrize("temperature", [110.0, 125.0, 130.0, 150.0])
def test_relaxation_at_constant_temperature(temperature: float) -> None:
    """Strain at once, then held: M(t) = M_r + sum M_i exp(-t/(a tau_i)), any step."""
    point = Point.of(law(temperature))
    np.testing.assert_allclose(
        point.go(STRAIN, temperature, 0.0)[0],
        stress_of(STRAIN, MODULI.glassy_shear, MODULI.glassy_bulk),
        rtol=1e-13,
    )
    a, time = shift(temperature), 0.0
    seen = []
    for dt in (1e-3, 0.2, 7.0, 300.0, 1e5):
        time += dt
        left = np.exp(-time / (a * TIMES))
        shear = MODULI.rubbery_shear + SHEAR @ left
        bulk = MODULI.rubbery_bulk + BULK @ left
        np.testing.assert_allclose(
            point.go(STRAIN, temperature, dt)[0], stress_of(STRAIN, shear, bulk), rtol=2e-11
        )
        seen.append(shear)
    assert seen[0] / seen[-1] > 5.0


@pytest.mark.parametrize("steps", [1, 3, 50])
def test_constant_rate_at_constant_temperature(steps: int) -> None:
    """sigma = rate (M_r t + sum M_i a tau_i (1 - exp(-t/(a tau_i)))), whatever the step."""
    temperature, end = 128.0, 40.0
    point, a = Point.of(law(temperature)), shift(temperature)
    for k in range(steps):
        point.go(STRAIN * (k + 1) / steps, temperature, end / steps)
    kept = a * TIMES / end * -np.expm1(-end / (a * TIMES))
    shear = MODULI.rubbery_shear + SHEAR @ kept
    bulk = MODULI.rubbery_bulk + BULK @ kept
    assert 1.5 * MODULI.rubbery_shear < shear < 0.9 * MODULI.glassy_shear
    np.testing.assert_allclose(point.stress[0], stress_of(STRAIN, shear, bulk), rtol=2e-11)
    np.testing.assert_allclose(
        point.state[0, :6],
        STRAIN - _elastic_part(point.stress[0]),
        atol=1e-12,
        err_msg="viscous strain is what the glassy moduli leave",
    )


def _elastic_part(stress: FloatArray) -> FloatArray:
    """Strain that glassy moduli give a stress; valid as no rubbery modulus changes here."""
    pressure = stress[:3].sum() / 3.0
    strain = stress / (2.0 * MODULI.glassy_shear)
    strain[3:] *= 2.0
    strain[:3] += pressure / (3.0 * MODULI.glassy_bulk) - pressure / (2.0 * MODULI.glassy_shear)
    return strain


def test_time_temperature_superposition() -> None:
    """Relaxation for t at one temperature is that for t a2/a1 at another."""
    found = []
    for temperature in (118.0, 130.0, 160.0):
        point = Point.of(law(temperature))
        point.go(STRAIN, temperature, 0.0)
        found.append([point.go(STRAIN, temperature, 0.5 * shift(temperature) * 4.0**k)[0]
                      for k in range(6)])  # fmt: skip
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)
    np.testing.assert_allclose(found[2], found[1], rtol=1e-10)
    assert abs(found[0][0][3] / found[0][-1][3]) > 1.5


def test_reference_moves_with_the_glass_transition() -> None:
    """A resin of cure 0.8 (Tg 102 C) relaxes at 102 + d as the cured one does at 130 + d.

    Above the reference the shift depends on the distance alone. The networks differ, so that the
    part of what can relax is compared.
    """
    parts = []
    for cure, temperature in ((0.8, 107.0), (1.0, 135.0)):
        point = Point.of(maxwell(temperature, cure, CURED, expansion=NONE))
        before = point.go(STRAIN, temperature, 0.0)[0, 3]
        grown = MODULI.rubbery_shear * float(network(np.asarray(cure), CURED.gel_cure))
        assert before == pytest.approx(MODULI.glassy_shear * STRAIN[3], rel=1e-12)
        fallen = before - point.go(STRAIN, temperature, 0.3)[0, 3]
        parts.append(fallen / (before - grown * STRAIN[3]))
    assert parts[0] == pytest.approx(parts[1], rel=1e-10)
    assert 0.1 < parts[0] < 0.9


@pytest.mark.parametrize(
    ("start", "end"), [(150.0, 60.0), (100.0, 160.0)], ids=["cooling", "heating"]
)
def test_shift_that_varies_within_one_increment(start: float, end: float) -> None:
    """Strain and temperature linear over 100 s in one increment against a tight integration."""
    length, strain = 100.0, 2e-3
    point = Point.of(law(start))
    point.go(np.zeros(6), start, 0.0)
    point.go(np.array([0.0, 0.0, 0.0, strain, 0.0, 0.0]), end, length)

    def slope(time: float, q: FloatArray) -> FloatArray:
        a = shift(start + (end - start) * time / length)
        return np.asarray(SHEAR * strain / length - q / (a * TIMES))

    solved = solve_ivp(
        slope, (0.0, length), np.zeros(len(TIMES)), method="LSODA", rtol=1e-10, atol=1e-13
    )
    exact = MODULI.rubbery_shear * strain + solved.y[:, -1].sum()
    assert point.stress[0, 3] == pytest.approx(exact, rel=1e-5)
    steps = 20
    fine = Point.of(law(start))
    for k in range(steps):
        part = (k + 1) / steps
        fine.go(np.array([0, 0, 0, strain * part, 0, 0]), start + (end - start) * part, 5.0)
    assert fine.stress[0, 3] == pytest.approx(exact, rel=1e-6)


def test_quench_from_far_above_the_glass_transition() -> None:
    """One increment from 190 K above Tg to 100 K below: what 64 increments give.

    At first a millionth of a second relaxes everything, in the end nothing relaxes in years: the
    reduced time runs over 20 decades within the increment.
    """
    found = []
    for steps in (1, 64):
        point = Point.of(maxwell(320.0, 1.0, CURED))
        for k in range(1, steps + 1):
            point.go(STRAIN * k / steps, 320.0 - 290.0 * k / steps, 30.0 / steps)
        found.append(point.stress[0])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6)
    assert found[0][0] > 50.0
