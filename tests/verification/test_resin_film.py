"""A thermoplastic film: nothing when molten, stress-free where it solidifies, elastic after."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.constitutive import Solidifying, Table
from bumpfem.materials import Span
from bumpfem.units import FloatArray

EXPANSION = Table((25.0, 60.0, 80.0), (70e-6, 70e-6, 180e-6))
MODULUS = Table((25.0, 180.0), (2000.0, 20.0))
MELTING = 180.0
#: Shear of a film that is being bent while it cools, per K.
SHEAR_RATE = 2e-5


def film(start: float) -> Solidifying:
    return Solidifying(MODULUS, Table.constant(0.4), EXPANSION, MELTING, start)


def elongation(start: float, end: float) -> float:
    """Free elongation, by a fine sum."""
    t = np.linspace(start, end, 200_001)
    return float(np.trapezoid(EXPANSION(t), t))


def advance(
    law: Solidifying, state: FloatArray, strain: FloatArray, temperature: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    stress, tangent, new = np.empty((1, 6)), np.empty((1, 6, 6)), np.empty_like(state)
    law.update(strain[None], np.array([temperature]), 1.0, state, stress, tangent, new)
    return stress[0], tangent[0], new


def held(steps: int) -> FloatArray:
    """Stress of a film that is held while it cools from 220 to 25 C, sheared along the way."""
    law = film(220.0)
    state = law.initial_state(1)
    assert law.liquid(state)[0]
    stress = np.zeros(6)
    for temperature in np.linspace(220.0, 25.0, steps + 1)[1:]:
        strain = np.array([0.0, 0.0, 0.0, SHEAR_RATE * (220.0 - temperature), 0.0, 0.0])
        stress, _, state = advance(law, state, strain, float(temperature))
        if temperature > MELTING:
            assert np.all(stress == 0.0)
    return stress


def test_held_film_cools_from_its_solidification() -> None:
    """Pressure is the integral of 3 K alpha, shear that of G, from 180 to 25 C.

    Where modulus and expansion both change in an increment the pressure is of second order; shear
    at a constant rate is exact in any number of increments.
    """
    t = np.linspace(25.0, MELTING, 200_001)
    exact = float(np.trapezoid(MODULUS(t) / 0.2 * EXPANSION(t), t))
    shear = float(np.trapezoid(MODULUS(t) / 2.8 * SHEAR_RATE, t))
    errors = []
    for steps in (13, 26, 52):
        stress = held(steps)
        np.testing.assert_allclose(stress[:3], stress[0])
        assert stress[3] == pytest.approx(shear, rel=1e-9)
        errors.append(abs(float(stress[0]) / exact - 1.0))
    assert errors[0] < 0.02
    assert errors[2] < 0.3 * errors[0]


def test_softness_is_not_forgotten() -> None:
    """Strained at 179 C, where it is soft, and cooled: no stress but that of cooling is added.

    The stress of the strain stays what it was at 179 C, C(179 C) : strain. A law that multiplies
    the strain with the cold modulus would give 75 times as much.
    """
    law, strain = film(179.0), np.array([0.0, 0.0, 0.0, 0.01, 0.0, 0.0])
    warm, _, state = advance(law, law.initial_state(1), strain, 179.0)
    assert warm[3] == pytest.approx(0.01 * float(MODULUS(179.0)) / 2.8)
    cold, _, _ = advance(law, state, strain, 25.0)
    assert cold[3] == pytest.approx(warm[3], rel=1e-12)


def test_free_film_has_no_stress() -> None:
    """A film that follows its free strain from the melting point on stays without stress."""
    law = film(200.0)
    _, _, state = advance(law, law.initial_state(1), np.zeros(6), MELTING)
    for temperature in (150.0, 70.0, 25.0, 120.0):
        strain = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0]) * elongation(MELTING, temperature)
        stress, _, state = advance(law, state, strain, temperature)
        np.testing.assert_allclose(stress, 0.0, atol=1e-6)


def test_melting_forgets() -> None:
    """Strained cold and melted: no stress; solidified again as it is: still none at 180 C."""
    law = film(25.0)
    strain = np.array([0.01, 0.0, 0.0, 0.005, 0.0, 0.0])
    stress, _, state = advance(law, law.initial_state(1), strain, 25.0)
    assert stress[0] > 20.0
    stress, tangent, state = advance(law, state, strain, 185.0)
    assert law.liquid(state)[0]
    assert np.all(stress == 0.0)
    assert np.all(tangent == 0.0)
    stress, _, state = advance(law, state, strain, MELTING - 1e-6)
    assert not law.liquid(state)[0]
    np.testing.assert_allclose(stress, 0.0, atol=1e-6)


@pytest.mark.parametrize(
    ("start", "end"), [(25.0, 100.0), (220.0, 100.0), (181.0, 60.0), (100.0, 200.0), (200.0, 190.0)]
)
def test_tangent_is_the_derivative(start: float, end: float) -> None:
    """The stress is affine in strain: central differences are exact but for rounding.

    Where the film solidifies within the increment only the later part of the strain counts.
    """
    law = film(start)
    random = np.random.default_rng(2)
    state = law.initial_state(1)
    strain = 1e-3 * random.normal(size=6)
    stress, tangent, _ = advance(law, state, strain, end)
    for column in range(6):
        move = np.zeros(6)
        move[column] = 1e-3
        plus, minus = (advance(law, state, strain + s * move, end)[0] for s in (1.0, -1.0))
        np.testing.assert_allclose(tangent[:, column], (plus - minus) / 2e-3, atol=1e-8)
    assert np.any(stress != 0.0) == (end < MELTING)


@pytest.mark.parametrize("name", ["polyester_film", "polyimide_thermoplastic"])
def test_films_of_the_library(name: str) -> None:
    """Cooled from above its melting point a held film of the library is in tension at 25 C.

    Its modulus of one long increment is the mean one of its solid part, times that part.
    """
    law = Solidifying.of(name, 350.0, Span(-40.0, 350.0))
    state = law.initial_state(1)
    assert law.liquid(state)[0]
    stress, tangent, state = advance(law, state, np.zeros(6), 25.0)
    assert np.all(stress[:3] > 10.0)
    t = np.linspace(25.0, law.melting_point, 20_001)
    shear = law.youngs_modulus(t) / (2.0 * (1.0 + law.poissons_ratio(t)))
    solid = (law.melting_point - 25.0) / 325.0
    mean = float(np.trapezoid(shear, t)) / (law.melting_point - 25.0)
    assert tangent[3, 3] == pytest.approx(solid * mean, rel=1e-6)
