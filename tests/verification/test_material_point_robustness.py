"""Every parameter set of the library, driven far beyond use: solved, and solved exactly.

The equations are written here a second time, plainly, and the answer is put into them.
"""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.constitutive import Anand, J2Plasticity, Law, OrthotropicElastic, Table, make_law
from bumpfem.constitutive.creep import Creep
from bumpfem.constitutive.law import isotropic_moduli
from bumpfem.materials import law_set_names, load_law_set, load_material, material_names
from bumpfem.units import FloatArray, kelvin

STEPS = np.geomspace(1e-3, 1e5, 17)
POINTS = 250


def library_law(name: str) -> tuple[Law, Table, Table]:
    law_set = load_law_set(name)
    properties = load_material(law_set.material).properties
    modulus = Table(*properties["youngs_modulus"].table(-65.0, 210.0, extrapolate=True))
    ratio = Table(*properties["poissons_ratio"].table(-65.0, 210.0, extrapolate=True))
    return make_law(law_set.law, law_set.parameters, modulus, ratio), modulus, ratio


def deviator(voigt: FloatArray) -> FloatArray:
    out = voigt.copy()
    out[:, :3] -= voigt[:, :3].mean(axis=1, keepdims=True)
    return out


def sample(
    law: Law, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Strain increments of 1e-9 to 10 % on states that were worked before; temperatures."""
    size = 10.0 ** rng.uniform(-9.0, -1.0, size=POINTS)
    tensor = rng.normal(size=(POINTS, 6))
    step = size[:, None] * tensor / np.abs(tensor).max(axis=1)[:, None]
    state = law.initial_state(POINTS)
    state[:, :6] = 0.05 * rng.normal(size=(POINTS, 6))
    state[:, 2] = -state[:, 0] - state[:, 1]
    state[:, 6] = 10.0 ** rng.uniform(-6.0, 1.0, size=POINTS)
    if law.n_state > 7:
        state[:, 7] *= 10.0 ** rng.uniform(-0.7, 0.5, size=POINTS)
    return state[:, :6] + step, step, rng.uniform(-65.0, 210.0, size=POINTS), state


@pytest.mark.parametrize("name", law_set_names())
def test_any_increment_is_solved(name: str) -> None:
    law, modulus, ratio = library_law(name)
    rng = np.random.default_rng(11)
    for dt in STEPS:
        strain, step, temperature, state = sample(law, rng)
        stress, tangent = np.empty((POINTS, 6)), np.empty((POINTS, 6, 6))
        new = np.empty_like(state)
        law.update(strain, temperature, float(dt), state, stress, tangent, new)
        assert np.isfinite(stress).all()
        assert np.isfinite(tangent).all()
        assert np.isfinite(new).all()

        bulk, shear = isotropic_moduli(modulus, ratio, temperature)
        s = deviator(stress)
        sigma = np.sqrt(1.5 * ((s[:, :3] ** 2).sum(axis=1) + 2.0 * (s[:, 3:] ** 2).sum(axis=1)))
        engineering = np.array([1.0, 1.0, 1.0, 0.5, 0.5, 0.5])
        trial = 2.0 * shear[:, None] * deviator(step) * engineering
        trial_sigma = np.sqrt(
            1.5 * ((trial[:, :3] ** 2).sum(axis=1) + 2.0 * (trial[:, 3:] ** 2).sum(axis=1))
        )
        increment = new[:, 6] - state[:, 6]
        # Hooke's law for what is left after the flow, and the direction of the flow. The rounding
        # of strain - inelastic strain (about 0.05) is 1e-17, that is 1e-12 MPa.
        assert np.all(increment >= 0.0)
        pressure = stress[:, :3].mean(axis=1)
        np.testing.assert_allclose(pressure, bulk * step[:, :3].sum(axis=1), rtol=1e-8, atol=1e-9)
        parallel = (s * trial / engineering).sum(axis=1) * 1.5
        np.testing.assert_allclose(parallel, sigma * trial_sigma, rtol=1e-8, atol=1e-9)
        flow = trial_sigma - sigma
        if isinstance(law, Creep):
            rate_flow = 3.0 * shear * dt * law.rate(sigma, temperature)
            # sigma is rounded to about 1e-12 of the pressure, the rate magnifies that by d ln rate
            np.testing.assert_allclose(
                sigma + rate_flow, trial_sigma, rtol=1e-7, atol=1e-9, err_msg=f"{dt=}"
            )
        elif isinstance(law, Anand):
            check_anand(law, flow / (3.0 * shear), sigma, temperature, float(dt), state, new)
        elif isinstance(law, J2Plasticity):
            level = np.interp(new[:, 6], law.plastic_strain, law.yield_stress)
            assert np.all(sigma <= level * (1.0 + 1e-9))
            flowing = flow > 1e-6
            np.testing.assert_allclose(sigma[flowing], level[flowing], rtol=1e-9)
        # The flow in the state is the flow in the stress (state[6] up to 10 rounds to 1e-15).
        np.testing.assert_allclose(increment, flow / (3.0 * shear), rtol=1e-7, atol=1e-14)


def check_anand(
    law: Anand,
    increment: FloatArray,
    sigma: FloatArray,
    temperature: FloatArray,
    dt: float,
    state: FloatArray,
    new: FloatArray,
) -> None:
    """Both Anand equations, at all points whose flow is large enough to be read from the stress."""
    seen = increment > 1e-9
    rate, t = increment[seen] / dt, kelvin(temperature[seen])
    before, s = state[seen, 7], new[seen, 7]
    z = rate / law.A * np.exp(law.Q_over_R / t)
    np.testing.assert_allclose(sigma[seen], s / law.xi * np.arcsinh(z**law.m), rtol=1e-6)
    distance = 1.0 - s / (law.s_hat * z**law.n)
    growth = law.h0 * np.abs(distance) ** law.a * np.sign(distance) * increment[seen]
    np.testing.assert_allclose(s, before + growth, rtol=1e-6)
    assert np.all(new[:, 7] > 0.0)


@pytest.mark.parametrize("name", law_set_names())
def test_stress_falls_with_time_and_rises_with_load(name: str) -> None:
    """At a fixed strain step a longer increment relaxes more; smooth over 8 decades of time."""
    law, _, _ = library_law(name)
    stress, tangent = np.empty((1, 6)), np.empty((1, 6, 6))
    new = law.initial_state(1)
    strain = np.array([[1e-3, -5e-4, -5e-4, 0.0, 0.0, 0.0]])
    found = []
    for dt in STEPS:
        law.update(strain, np.array([50.0]), float(dt), law.initial_state(1), stress, tangent, new)
        found.append(stress[0, 0] - stress[0, 1])
    assert np.all(np.diff(found) <= 1e-9)
    assert found[-1] > 0.0


ORTHOTROPIC = [name for name in material_names() if load_material(name).is_orthotropic]


@pytest.mark.parametrize("name", ORTHOTROPIC)
def test_orthotropic_materials_of_the_library_are_stable(name: str) -> None:
    """Their stiffness is positive definite over the whole range, and gives back Ez."""
    p = load_material(name).properties

    def three(quantity: str, *ends: str) -> tuple[Table, Table, Table]:
        a, b, c = (
            Table(*p[f"{quantity}_{end}"].table(-65.0, 210.0, extrapolate=True)) for end in ends
        )
        return a, b, c

    moduli = three("youngs_modulus", "x", "y", "z")
    law = OrthotropicElastic(
        moduli,
        three("poissons_ratio", "xy", "yz", "xz"),
        three("shear_modulus", "xy", "yz", "xz"),
    )
    at = np.linspace(-65.0, 210.0, 12)
    stiffness = law.stiffness(at)
    assert np.linalg.eigvalsh(stiffness).min() > 0.0
    np.testing.assert_allclose(1.0 / np.linalg.inv(stiffness)[:, 2, 2], moduli[2](at), rtol=1e-9)
