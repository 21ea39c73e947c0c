"""Curing resins that are free, held by a rigid base, or cured: closed forms of the stress."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from bumpfem.constitutive import Table, ThermoElastic, thermal_strain
from bumpfem.constitutive.resin_expansion import ResinExpansion
from bumpfem.constitutive.resin_moduli import ResinModuli
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.mechanics import Loading, MechanicalModel
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import march
from tests.support.mechanics import all_cells, box, fixed_steps, no_expansion, rollers
from tests.support.resin import (
    EXPANSION,
    MODULI,
    Build,
    FirstOrder,
    Point,
    biaxial,
    cure_hardening,
    maxwell,
)

IN_PLANE, THROUGH = [0, 1], [2, 3, 4, 5]
SHRINKAGE = 0.045
GLASSY = MODULI.glassy_bulk, MODULI.glassy_shear


@pytest.mark.parametrize("build", [cure_hardening, maxwell])
def test_shrinkage_of_a_film_on_a_rigid_base(build: Build) -> None:
    """Cured at 25 C below its glass transition the film is glassy from the gel point on:

    its stress is E/(1 - nu) times the linear shrinkage since then, none before, in any number of
    increments, and whether the gel point falls within one or not.
    """
    curing = FirstOrder(uncured=100.0, cured=400.0)
    end_cure = 0.95
    exact = float(biaxial(*GLASSY)) * SHRINKAGE * (end_cure - curing.gel_cure) / 3.0
    assert exact > 30.0
    for steps in (1, 7):
        point = Point.of(build(25.0, 0.1, curing))
        length = curing.time_to(end_cure, 0.1) / steps
        for _ in range(steps):
            point.go_free(np.zeros(6), THROUGH, 25.0, length)
        np.testing.assert_allclose(point.stress[0, IN_PLANE], exact, rtol=2e-6)
        np.testing.assert_allclose(point.stress[0, THROUGH], 0.0, atol=1e-10)
        assert point.state[0, 0] == pytest.approx(-SHRINKAGE * 0.15, rel=1e-6)


def test_shrinkage_of_a_film_whose_network_grows() -> None:
    """Above the glass transition sigma = integral of E(x)/(1 - nu(x)) over the shrinkage.

    The growing modulus is held through the thickness by zero stress, so that a step is of second
    order; by Richardson's rule the limit of 20 and 40 steps is the integral.
    """
    curing = FirstOrder(cured=60.0)
    end_cure, temperature = 0.99, 120.0

    def modulus(cure: float) -> float:
        x = np.asarray(cure)
        above = temperature - curing.glass_transition(x)
        return float(biaxial(MODULI.bulk(x, 0.5, above), MODULI.shear(x, 0.5, above)))

    exact = quad(modulus, 0.5, end_cure, epsrel=1e-10)[0] * SHRINKAGE / 3.0
    found = []
    for steps in (20, 40):
        point = Point.of(cure_hardening(temperature, 0.5, curing))
        for k in range(steps):
            # Equal steps of cure.
            cures = 0.5 + (end_cure - 0.5) * np.array([k, k + 1]) / steps
            length = curing.time_to(float(cures[1]), float(cures[0]))
            point.go_free(np.zeros(6), THROUGH, temperature, length)
        found.append(point.stress[0, 0])
    assert 0.01 < exact < 1.0
    assert found[1] == pytest.approx(exact, rel=3e-3)
    assert (4.0 * found[1] - found[0]) / 3.0 == pytest.approx(exact, rel=1e-4)


@pytest.mark.parametrize("build", [cure_hardening, maxwell])
def test_cooling_of_a_cured_film_on_a_rigid_base(build: Build) -> None:
    """Far below the glass transition: sigma = E/(1 - nu) alpha (T0 - T)."""
    point = Point.of(build(80.0, 1.0, FirstOrder(cured=300.0)))
    for temperature in (60.0, 25.0, -40.0):
        point.go_free(np.zeros(6), THROUGH, temperature, 60.0)
        exact = float(biaxial(*GLASSY)) * EXPANSION.below * (80.0 - temperature)
        np.testing.assert_allclose(point.stress[0, IN_PLANE], exact, rtol=1e-6)


def test_cooling_through_the_glass_transition_on_a_rigid_base() -> None:
    """Strain of all directions held: the pressure is the integral of 3 K(T) alpha(T) dT.

    One increment over the whole transition must do: moduli are cubic there, panels end where they
    bend and at the glass transition itself.
    """
    start, end = 180.0, 60.0

    def pressure(temperature: float) -> float:
        above = np.asarray(temperature - 130.0)
        alpha = EXPANSION.below if temperature < 130.0 else EXPANSION.above
        return 3.0 * float(MODULI.bulk(np.asarray(1.0), 0.5, above)) * alpha

    exact = quad(pressure, end, start, points=[115.0, 130.0, 145.0], epsrel=1e-12)[0]
    point = Point.of(cure_hardening(start, 1.0, FirstOrder(constant=0.0)))
    stress = point.go(np.zeros(6), end, 60.0)[0]
    np.testing.assert_allclose(stress[:3], exact, rtol=1e-12)


#: Time in s and temperature of a cure with a ramp, a hold, cooling and a second heating.
PROGRAMME = np.array([[0, 60], [40, 120], [200, 120], [300, 25], [360, 170], [460, 25]], float)


def free_strain(curing: FirstOrder, start_cure: float) -> float:
    """Free strain over the programme of a resin that is gelled, by a fine sum."""
    times = np.linspace(0.0, PROGRAMME[-1, 0], 400_001)
    temperatures = np.interp(times, *PROGRAMME.T)
    cure = 1.0 - (1.0 - start_cure) * np.exp(-curing.constant * times)
    above = temperatures >= curing.glass_transition(cure)
    alpha = np.where(above, EXPANSION.above, EXPANSION.below)
    thermal = np.sum(0.5 * (alpha[1:] + alpha[:-1]) * np.diff(temperatures))
    return float(thermal - SHRINKAGE / 3.0 * (cure[-1] - start_cure))


@pytest.mark.parametrize("build", [cure_hardening, maxwell])
def test_free_point_has_no_stress_and_takes_its_free_strain(build: Build) -> None:
    """alpha on either side of the moving Tg, and shrinkage from the gel point on: nothing else.

    An increment takes strain as straight; where stiffness and free strain change within it, a free
    body's strain is not, and the small difference vanishes with the length of the increments.
    """
    curing = FirstOrder()
    exact = free_strain(curing, curing.gel_cure)
    assert exact < -2e-3
    errors = []
    for length in (10.0, 2.5):
        point = Point.of(build(60.0, curing.gel_cure, curing))
        for time in np.arange(length, PROGRAMME[-1, 0] + 1e-9, length):
            temperature = float(np.interp(time, *PROGRAMME.T))
            point.go_free(np.zeros(6), [0, 1, 2, 3, 4, 5], temperature, length)
            np.testing.assert_allclose(point.stress, 0.0, atol=1e-9)
        strain = point.state[0, 9:15]
        np.testing.assert_allclose(strain, strain[0] * np.array([1, 1, 1, 0, 0, 0]), atol=1e-12)
        errors.append(abs(strain[0] - exact))
    assert errors[0] < 2e-4
    assert errors[1] < 2e-5


def test_free_body_of_elements_has_no_stress() -> None:
    """A box on three symmetry planes follows cure, cooling and heating without any stress."""
    curing = FirstOrder()
    mesh = box((2, 2, 1), (1.0, 1.0, 0.5))
    model = MechanicalModel(
        mesh,
        {"resin": all_cells(mesh)},
        [RegionLaw("resin", maxwell(60.0, 0.55, curing), no_expansion)],
        lambda space: Loading(rollers(space)),
    )
    largest = []

    def watch(model: MechanicalModel, step: object) -> None:
        largest.append(np.abs(model.group("resin").stress).max())

    march(model, TemperatureHistory(*PROGRAMME.T.copy()), fixed_steps(10.0), [watch])
    assert max(largest) < 1e-6
    strain = model.group("resin").state[:, 9:15]
    assert abs(strain[0, 0]) > 2e-3
    np.testing.assert_allclose(strain[:, 1:3], strain[:, :2], atol=1e-9)
    np.testing.assert_allclose(strain[:, 3:], 0.0, atol=1e-9)


@pytest.mark.parametrize(("build", "close"), [(cure_hardening, 1e-11), (maxwell, 1e-6)])
def test_cured_and_cold_it_is_plain_elasticity(build: Build, close: float) -> None:
    """Any path of strain and temperature far below Tg ends where thermo-elasticity puts it."""
    curing = FirstOrder(cured=300.0)
    bulk, shear = GLASSY
    modulus = 9.0 * bulk * shear / (3.0 * bulk + shear)
    plain = ThermoElastic(Table.constant(modulus), Table.constant(modulus / (2.0 * shear) - 1.0))
    expansion = Table.constant(EXPANSION.below)
    random = np.random.default_rng(11)
    point = Point.of(build(25.0, 1.0, curing))
    for _ in range(20):
        strain, temperature = 5e-3 * random.normal(size=6), float(random.uniform(-40.0, 125.0))
        point.go(strain, temperature, float(random.uniform(0.0, 900.0)))
        mechanical = strain - thermal_strain(temperature, 25.0, expansion, "instantaneous")
        stress, tangent = np.empty((1, 6)), np.empty((1, 6, 6))
        empty = np.empty((1, 0))
        plain.update(
            mechanical[None], np.array([temperature]), 1.0, empty, stress, tangent, empty.copy()
        )
        np.testing.assert_allclose(point.stress, stress, atol=close * modulus * 1e-2)
        np.testing.assert_allclose(point.tangent, tangent, atol=close * modulus)


@pytest.mark.parametrize("build", [cure_hardening, maxwell])
def test_steps_do_not_matter_at_constant_rates(build: Build) -> None:
    """Strain and temperature linear over 400 s of cure, gelation and vitrification."""
    random = np.random.default_rng(0)
    strain = 4e-3 * random.normal(size=6)
    found = []
    for steps in (1, 2, 16, 128):
        point = Point.of(build(100.0, 0.3))
        for k in range(1, steps + 1):
            point.go(strain * k / steps, 100.0 - 75.0 * k / steps, 400.0 / steps)
        found.append(point.stress[0])
    close = 2e-8 if build is cure_hardening else 2e-6
    for stress in found[:-1]:
        np.testing.assert_allclose(stress, found[-1], atol=close * np.abs(found[-1]).max())
    assert np.abs(found[-1]).max() > 30.0


def test_cure_in_a_blink_of_a_long_increment() -> None:
    """Cured within a hundredth of a day: the pressure of a held resin is 3 K times its shrinkage.

    Above the glass transition throughout, K is the rubbery one; the increment is one day long.
    """
    curing = FirstOrder(constant=0.05, cured=60.0)
    point = Point.of(cure_hardening(120.0, 0.1, curing))
    stress = point.go(np.zeros(6), 120.0, 86400.0)[0]
    exact = MODULI.rubbery_bulk * SHRINKAGE * 0.5
    np.testing.assert_allclose(stress[:3], exact, rtol=1e-6)


def test_before_the_gel_point_strain_leaves_no_trace() -> None:
    """Gelation at a third of the increment: two thirds of the strain count."""
    curing = FirstOrder(uncured=200.0, cured=400.0)
    moduli = ResinModuli(1000.0, 3000.0, 10.0, 2000.0, 20.0)
    law = cure_hardening(25.0, 0.2, curing, moduli, ResinExpansion(0.0, 0.0))
    point = Point.of(law)
    gelation = curing.time_to(0.5, 0.2)
    point.go(np.array([0.0, 0.0, 0.0, 0.3, 0.0, 0.0]), 25.0, 0.5 * gelation)
    assert law.liquid(point.state)[0]
    assert np.all(point.stress == 0.0)
    strain = point.state[0, 9:15] + np.array([0.0, 0.0, 0.0, 0.003, 0.0, 0.0])
    point.go(strain, 25.0, 1.5 * gelation)
    assert not law.liquid(point.state)[0]
    assert point.stress[0, 3] == pytest.approx(1000.0 * 0.002, rel=1e-6)
