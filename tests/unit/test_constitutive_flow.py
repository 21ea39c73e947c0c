"""All laws at random points: tangent, isotropy, dissipation, limits, and bad input."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.constitutive import (
    Anand,
    DarveauxLau,
    DoublePowerLaw,
    Garofalo,
    J2Plasticity,
    Law,
    Norton,
    OrthotropicElastic,
    Table,
    ThermoElastic,
)
from bumpfem.errors import ConvergenceError, InputError, PropertyRangeError
from bumpfem.units import FloatArray

E = Table((-40.0, 25.0, 75.0, 125.0), (57.4e3, 46.5e3, 38.2e3, 30.0e3))
NU = Table.constant(0.4)


def table(value: float) -> Table:
    return Table((-65.0, 210.0), (value, 0.8 * value))


LAWS: dict[str, Law] = {
    "elastic": ThermoElastic(E, NU),
    "orthotropic": OrthotropicElastic(
        (table(22.4e3), table(20.0e3), table(1.5e3)),
        (table(0.2), table(0.1425), table(0.15)),
        (table(630.0), table(199.0), table(210.0)),
    ),
    "norton": Norton(E, NU, A=1e-5, n=6.4, Q_over_R=3000.0),
    "norton_linear": Norton(E, NU, A=1e-8, n=1.0),
    "garofalo": Garofalo(E, NU, A=277984.0, alpha=0.02447, n=6.41, Q_over_R=6500.0),
    "darveaux_lau": DarveauxLau(
        E, NU, A=926.0, T0=508.0, g0=37.78, g1=0.0744, n=3.3, Q_over_R=6360.0
    ),
    "double_power": DoublePowerLaw(
        E, NU, A1=4e-7, n1=3.0, Q1_over_R=3223.0, A2=1e-12, n2=12.0, Q2_over_R=7348.0
    ),
    "anand": Anand(
        E, NU, A=3501.0, Q_over_R=9320.0, xi=4.0, m=0.25, h0=1.8e5, s_hat=30.2, n=0.01, a=1.78,
        s0=21.0,
    ),
    "plasticity": J2Plasticity(
        E, NU, plastic_strain=(0.0, 2e-3, 8e-3), yield_stress=(20.0, 35.0, 40.0)
    ),
}  # fmt: skip
ISOTROPIC = [name for name in LAWS if name != "orthotropic"]
WITH_MEMORY = [name for name, law in LAWS.items() if law.n_state > 0]


def update(
    law: Law, strain: FloatArray, temperature: FloatArray, dt: float, state: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    n = len(strain)
    stress, tangent, new = np.empty((n, 6)), np.empty((n, 6, 6)), np.empty_like(state)
    law.update(strain, temperature, dt, state, stress, tangent, new)
    return stress, tangent, new


def random_points(law: Law, n: int, size: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Strains about an already deformed state, temperatures and that state."""
    rng = np.random.default_rng(7)
    state = law.initial_state(n)
    strain = size * rng.normal(size=(n, 6))
    if law.n_state:
        state[:, 0:6] = 0.01 * rng.normal(size=(n, 6))
        state[:, 2] = -state[:, 0] - state[:, 1]
        state[:, 6] = 0.003 * rng.random(n)
        strain += state[:, 0:6]
    if law.n_state > 7:
        state[:, 7] *= rng.uniform(0.7, 1.6, size=n)
    return strain, rng.uniform(-55.0, 125.0, size=n), state


def equivalent(stress: FloatArray) -> FloatArray:
    deviator = stress.copy()
    deviator[:, :3] -= stress[:, :3].mean(axis=1, keepdims=True)
    square = (deviator[:, :3] ** 2).sum(axis=1) + 2.0 * (deviator[:, 3:] ** 2).sum(axis=1)
    return np.asarray(np.sqrt(1.5 * square))


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("dt", [0.1, 60.0, 1e4])
@pytest.mark.parametrize("size", [3e-5, 1e-3])
def test_tangent_is_the_derivative_of_stress(name: str, dt: float, size: float) -> None:
    """Central differences along each component and along random tensors.

    The error of a central difference with step h is of order (h/size)^2, here below 1e-5.
    """
    law = LAWS[name]
    strain, temperature, state = random_points(law, 40, size)
    _, tangent, _ = update(law, strain, temperature, dt, state)
    h = 1e-3 * size
    rng = np.random.default_rng(3)
    for direction in [*np.eye(6), *rng.normal(size=(6, 6))]:
        up, _, _ = update(law, strain + h * direction, temperature, dt, state)
        down, _, _ = update(law, strain - h * direction, temperature, dt, state)
        slope = (up - down) / (2.0 * h)
        scale = np.abs(tangent).max(axis=(1, 2))[:, None]
        assert np.abs((slope - tangent @ direction) / scale).max() < 2e-5


def test_tangent_shows_the_flow() -> None:
    """The difference quotient above would also pass if nothing flowed: it does flow."""
    for name in WITH_MEMORY:
        law = LAWS[name]
        strain, temperature, state = random_points(law, 40, 1e-3)
        _, tangent, new = update(law, strain, temperature, 1e4, state)
        assert np.median(new[:, 6] - state[:, 6]) > 1e-4
        elastic = ThermoElastic(E, NU).stiffness(temperature)
        assert np.median(np.abs(tangent - elastic).max(axis=(1, 2))) > 1e3


@pytest.mark.parametrize("name", ISOTROPIC)
def test_rotated_strain_gives_rotated_stress(name: str) -> None:
    law = LAWS[name]
    strain, temperature, state = random_points(law, 20, 1e-3)
    q, _ = np.linalg.qr(np.random.default_rng(5).normal(size=(3, 3)))

    def rotate(voigt: FloatArray, shear: float) -> FloatArray:
        tensor = np.empty((len(voigt), 3, 3))
        for column, (i, j) in enumerate([(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)]):
            factor = 1.0 if i == j else shear
            tensor[:, i, j] = tensor[:, j, i] = factor * voigt[:, column]
        turned = q @ tensor @ q.T
        out = np.empty_like(voigt)
        for column, (i, j) in enumerate([(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)]):
            out[:, column] = turned[:, i, j] / (1.0 if i == j else shear)
        return out

    turned_state = state.copy()
    if law.n_state:
        turned_state[:, :6] = rotate(np.ascontiguousarray(state[:, :6]), 0.5)
    stress, _, _ = update(law, strain, temperature, 60.0, state)
    turned, _, _ = update(law, rotate(strain, 0.5), temperature, 60.0, turned_state)
    np.testing.assert_allclose(turned, rotate(stress, 1.0), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("name", WITH_MEMORY)
@pytest.mark.parametrize("dt", [1e-3, 60.0, 1e5])
def test_flow_dissipates_and_keeps_volume(name: str, dt: float) -> None:
    """Work on the flow equals the equivalent stress times the equivalent increment, never < 0."""
    law = LAWS[name]
    strain, temperature, state = random_points(law, 200, 2e-3)
    stress, _, new = update(law, strain, temperature, dt, state)
    flow = new[:, :6] - state[:, :6]
    increment = new[:, 6] - state[:, 6]
    work = (stress * flow).sum(axis=1)
    assert np.all(increment >= 0.0)
    assert increment.max() > 0.0
    np.testing.assert_allclose(work, equivalent(stress) * increment, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(flow[:, :3].sum(axis=1), 0.0, atol=1e-15)


@pytest.mark.parametrize("name", WITH_MEMORY)
def test_no_time_or_no_load_is_elastic(name: str) -> None:
    """With dt = 0 (plasticity: below yield) the answer is Hooke's, and the state stays."""
    law = LAWS[name]
    strain, temperature, state = random_points(law, 50, 1e-5)
    stress, tangent, new = update(law, strain, temperature, 0.0, state)
    stiffness = ThermoElastic(E, NU).stiffness(temperature)
    elastic = np.einsum("pij,pj->pi", stiffness, strain - state[:, :6])
    np.testing.assert_allclose(stress, elastic, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(tangent, stiffness, rtol=1e-9, atol=1e-6)
    np.testing.assert_array_equal(new, state)


@pytest.mark.parametrize("name", WITH_MEMORY)
def test_zero_strain_stays_at_rest(name: str) -> None:
    """No load: no stress, no flow, and a tangent that is finite, symmetric and positive."""
    law = LAWS[name]
    state = law.initial_state(1)
    stress, tangent, new = update(law, np.zeros((1, 6)), np.array([100.0]), 600.0, state)
    np.testing.assert_array_equal(stress, 0.0)
    np.testing.assert_array_equal(new[:, :7], 0.0)
    np.testing.assert_allclose(tangent[0], tangent[0].T, rtol=1e-12)
    assert np.linalg.eigvalsh(tangent[0]).min() > 0.0


def test_linear_creep_without_load_has_the_viscous_tangent() -> None:
    """n = 1: deviatoric stiffness 2G/(1 + 3 G dt A) at any stress, also at none."""
    law, dt = LAWS["norton_linear"], 1e4
    _, tangent, _ = update(law, np.zeros((1, 6)), np.array([25.0]), dt, law.initial_state(1))
    g = 46.5e3 / 2.8
    assert tangent[0, 3, 3] == pytest.approx(g / (1.0 + 3.0 * g * dt * 1e-8), rel=1e-9)


@pytest.mark.parametrize("name", LAWS)
def test_input_is_left_alone_and_points_do_not_mix(name: str) -> None:
    law = LAWS[name]
    strain, temperature, state = random_points(law, 9, 1e-3)
    copies = strain.copy(), temperature.copy(), state.copy()
    stress, _, _ = update(law, strain, temperature, 60.0, state)
    for array, copy in zip((strain, temperature, state), copies, strict=True):
        np.testing.assert_array_equal(array, copy)
    alone, _, _ = update(law, strain[4:5].copy(), temperature[4:5], 60.0, state[4:5].copy())
    np.testing.assert_array_equal(alone[0], stress[4])


@pytest.mark.parametrize("name", LAWS)
def test_bad_arrays_are_refused(name: str) -> None:
    law = LAWS[name]
    strain, temperature, state = random_points(law, 4, 1e-3)
    with pytest.raises(InputError, match="temperature"):
        update(law, strain, temperature[:3], 1.0, state)
    with pytest.raises(InputError, match="strain"):
        update(law, np.asfortranarray(strain), temperature, 1.0, state)
    for dt in (-1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="dt"):
            update(law, strain, temperature, dt, state)


@pytest.mark.parametrize("name", WITH_MEMORY)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_strain_that_is_no_number_names_the_point(name: str, bad: float) -> None:
    law = LAWS[name]
    strain, temperature, state = random_points(law, 4, 1e-3)
    strain[2, 1] = bad
    with pytest.raises(ConvergenceError, match="point 2"):
        update(law, strain, temperature, 1.0, state)


def test_constants_out_of_their_limits_are_refused() -> None:
    with pytest.raises(InputError, match=r"norton\.A"):
        Norton(E, NU, A=-1.0, n=3.0)
    with pytest.raises(InputError, match=r"norton\.n"):
        Norton(E, NU, A=1.0, n=0.5)
    with pytest.raises(InputError, match=r"garofalo\.alpha"):
        Garofalo(E, NU, A=1.0, alpha=0.0, n=3.0, Q_over_R=1.0)
    with pytest.raises(InputError, match=r"anand\.m"):
        Anand(E, NU, A=1.0, Q_over_R=1.0, xi=1.0, m=2.0, h0=1.0, s_hat=1.0, n=0.1, a=1.3, s0=1.0)
    with pytest.raises(InputError, match=r"anand\.s0"):
        Anand(E, NU, A=1.0, Q_over_R=1.0, xi=1.0, m=0.2, h0=1.0, s_hat=1.0, n=0.1, a=1.3, s0=0.0)
    with pytest.raises(InputError, match="yield_stress"):
        J2Plasticity(E, NU, plastic_strain=(0.0, 0.1), yield_stress=(20.0, 10.0))
    with pytest.raises(InputError, match="plastic_strain"):
        J2Plasticity(E, NU, plastic_strain=(0.1, 0.2), yield_stress=(20.0, 30.0))


def test_forms_end_where_their_source_ends() -> None:
    strain, _, state = random_points(LAWS["darveaux_lau"], 1, 1e-3)
    with pytest.raises(PropertyRangeError, match="508"):
        update(LAWS["darveaux_lau"], strain, np.array([240.0]), 1.0, state)


@pytest.mark.parametrize("name", LAWS)
def test_no_points_are_no_trouble(name: str) -> None:
    """A process of a parallel run may own no point of a region."""
    law = LAWS[name]
    stress, tangent, new = update(law, np.empty((0, 6)), np.empty(0), 1.0, law.initial_state(0))
    assert (stress.shape, tangent.shape, new.shape) == ((0, 6), (0, 6, 6), (0, law.n_state))


def test_rate_dependence_is_told() -> None:
    """A hundred times longer increment changes the stress exactly where a law says so."""
    for name, law in LAWS.items():
        strain, temperature, state = random_points(law, 20, 1e-3)
        once, _, _ = update(law, strain, temperature, 100.0, state)
        later, _, _ = update(law, strain, temperature, 1e4, state)
        assert (np.abs(once - later).max() > 1e-6) == law.rate_dependent, name


def test_a_resistance_that_vanished_is_an_error() -> None:
    law = LAWS["anand"]
    strain, temperature, state = random_points(law, 4, 1e-3)
    state[3, 7] = -1.0
    with pytest.raises(ConvergenceError, match="point 3"):
        update(law, strain, temperature, 1.0, state)
