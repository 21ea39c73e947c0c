"""The tangents of curing resins are the derivatives of their increments, in every state."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.resin import Build, Point, cure_hardening, maxwell

#: Start cure and temperature, end temperature, length in s; the gel point is at a cure of 0.5,
#: the glass transition of cure 0.3 / 0.5 / 0.6 / 1.0 at 32 / 60 / 74 / 130 C.
STATES = {
    "before_gel": (0.1, 100.0, 100.0, 10.0),
    "gelling_within": (0.45, 100.0, 105.0, 30.0),
    "at_gel": (0.5, 100.0, 100.0, 1.0),
    "rubbery": (0.6, 120.0, 120.0, 30.0),
    "vitrifying": (0.6, 80.0, 80.0, 100.0),
    "glassy": (1.0, 25.0, 25.0, 100.0),
    "cooling_through": (1.0, 200.0, 25.0, 100.0),
    "heating_through": (0.99, 25.0, 200.0, 50.0),
    "all_at_once": (0.2, 60.0, 120.0, 500.0),
    "no_time": (0.9, 100.0, 100.0, 0.0),
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("build", [cure_hardening, maxwell])
def test_tangent_is_the_derivative(build: Build, name: str) -> None:
    """The increment is affine in strain: central differences are exact but for rounding."""
    cure, start, end, dt = STATES[name]
    point = Point.of(build(start, cure), 1)
    random = np.random.default_rng(3)
    point.go(1e-3 * random.normal(size=6), start, 1e-3)
    strain = point.state[:, 9:15] + 1e-3 * random.normal(size=6)
    _, tangent, _ = point.trial(strain, end, dt)
    step = 1e-3
    for column in range(6):
        move = np.zeros(6)
        move[column] = step
        plus, minus = (point.trial(strain + sign * move, end, dt)[0] for sign in (1.0, -1.0))
        difference = (plus - minus)[0] / (2.0 * step)
        np.testing.assert_allclose(
            tangent[0, :, column], difference, rtol=1e-9, atol=1e-9 * (1.0 + np.abs(tangent).max())
        )
    np.testing.assert_array_equal(tangent, np.swapaxes(tangent, 1, 2))
    smallest = np.linalg.eigvalsh(tangent[0])[0]
    if name == "before_gel":
        assert np.all(tangent == 0.0)
    else:
        assert smallest > 0.0


@pytest.mark.parametrize("build", [cure_hardening, maxwell])
def test_points_of_different_history_do_not_mix(build: Build) -> None:
    """Many points at once give what each gives alone, but for the number of panels."""
    random = np.random.default_rng(5)
    law = build(60.0, 0.2)
    together = Point.of(law, 40)
    together.state[:, 7] = random.uniform(0.1, 1.0, 40)
    together.state[:, 8] = random.uniform(20.0, 150.0, 40)
    start = together.state.copy()
    strain, temperature = 1e-3 * random.normal(size=(40, 6)), random.uniform(20.0, 180.0, 40)
    stress = together.go(strain, temperature, 200.0)
    for k in range(0, 40, 7):
        alone = Point.of(law)
        alone.state = start[k : k + 1].copy()
        found = alone.go(strain[k], temperature[k], 200.0)
        np.testing.assert_allclose(stress[k : k + 1], found, rtol=1e-4, atol=1e-3)
        np.testing.assert_allclose(together.state[k, 7], alone.state[0, 7], rtol=1e-12)
