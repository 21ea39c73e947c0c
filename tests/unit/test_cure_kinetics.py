"""Laws of cure and their exact advance along straight temperatures."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from bumpfem.constitutive.autocatalytic import Autocatalytic, Diffusion
from bumpfem.constitutive.cure_kinetics import CureKinetics, advance_cure
from bumpfem.constitutive.kamal_sourour import KamalSourour
from bumpfem.constitutive.lee_loos_springer import LeeLoosSpringer, lee_loos_springer
from bumpfem.constitutive.nth_order import NthOrder
from bumpfem.errors import InputError
from bumpfem.units import GAS_CONSTANT, FloatArray, kelvin

R = GAS_CONSTANT
DIFFUSING = Autocatalytic(1.53e5, 66.5e3 / R, 0.813, 2.74, Diffusion(43.1, -1.684, 5.475e-3))
AUTOCATALYTIC = Autocatalytic(4.2e4, 58.5e3 / R, 0.75, 2.1)
KAMAL = KamalSourour(33530.0, 7161.0, 3.054e7, 8589.0, 1.21, 1.57)
SECOND_ORDER = NthOrder(1e7, 9000.0, 2.0)
TWO_BRANCHES = LeeLoosSpringer(
    2.101e9 / 60.0, 80.7e3 / R, -2.014e9 / 60.0, 77.8e3 / R, 1.96e5 / 60.0, 56.6e3 / R, 0.47
)
LAWS: dict[str, tuple[CureKinetics, float]] = {
    "diffusing": (DIFFUSING, 0.002),
    "autocatalytic": (AUTOCATALYTIC, 0.002),
    "kamal_sourour": (KAMAL, 0.0),
    "second_order": (SECOND_ORDER, 0.1),
    "lee_loos_springer": (TWO_BRANCHES, 0.0),
}
#: A short hold, a heating from room temperature, long holds, fast heating and quenching.
HISTORIES = [
    (180.0, 180.0, 60.0),
    (25.0, 180.0, 900.0),
    (180.0, 180.0, 7200.0),
    (150.0, 150.0, 7200.0),
    (120.0, 250.0, 300.0),
    (250.0, 25.0, 300.0),
]


def one(law: CureKinetics, cure: float, start: float, end: float, dt: float) -> float:
    return float(advance_cure(law, np.array([cure]), start, end, dt)[0])


def constant(law: NthOrder | Autocatalytic, temperature: float) -> float:
    return law.factor * math.exp(-law.activation / kelvin(temperature))


@pytest.mark.parametrize("order", [0.5, 1.0, 1.7, 2.0, 3.0])
def test_order_n_follows_its_closed_form_at_constant_temperature(order: float) -> None:
    """(1 - x)^(1-n) = (1 - x0)^(1-n) - (1 - n) k t; 1 - x = (1 - x0) exp(-k t) for n = 1."""
    law, start = NthOrder(1e7, 9000.0, order), 0.05
    k = constant(law, 150.0)
    for reached in (1e-3, 0.1, 1.0, 1.9, 30.0):
        if order == 1.0:
            left = (1.0 - start) * math.exp(-reached)
        else:
            power = (1.0 - start) ** (1.0 - order) - (1.0 - order) * reached
            left = max(power, 0.0) ** (1.0 / (1.0 - order))
        assert one(law, start, 150.0, 150.0, reached / k) == pytest.approx(1.0 - left, abs=1e-9)


def test_below_first_order_cure_is_complete_after_a_finite_time() -> None:
    """n = 1/2: sqrt(1 - x) = 1 - k t / 2 vanishes at t = 2 / k."""
    law = NthOrder(1e7, 9000.0, 0.5)
    k = constant(law, 150.0)
    assert one(law, 0.0, 150.0, 150.0, 1.99 / k) == pytest.approx(1.0 - 0.005**2, abs=1e-9)
    assert one(law, 0.0, 150.0, 150.0, 2.01 / k) == 1.0


@pytest.mark.parametrize("start", [1e-9, 1e-4, 0.1, 0.9])
def test_autocatalysis_follows_the_logistic_curve(start: float) -> None:
    """m = n = 1: x / (1 - x) = x0 / (1 - x0) exp(k t), also after 19 time constants from 1e-9."""
    law = Autocatalytic(1e6, 8000.0, 1.0, 1.0)
    k = constant(law, 120.0)
    for reached in (0.1, 5.0, 19.0, 60.0):
        odds = start / (1.0 - start) * math.exp(reached)
        found = one(law, start, 120.0, 120.0, reached / k)
        assert found == pytest.approx(odds / (1.0 + odds), abs=1e-8)


def test_kamal_with_unit_exponents_follows_its_closed_form() -> None:
    """(k1 + k2 x) / (1 - x) grows as exp((k1 + k2) t)."""
    law = KamalSourour(2e4, 7000.0, 1e6, 8000.0, 1.0, 1.0)
    k1 = 2e4 * math.exp(-7000.0 / kelvin(140.0))
    k2 = 1e6 * math.exp(-8000.0 / kelvin(140.0))
    for reached in (0.1, 1.0, 4.0, 20.0):
        ratio = k1 * math.exp(reached)
        found = one(law, 0.0, 140.0, 140.0, reached / (k1 + k2))
        assert found == pytest.approx((ratio - k1) / (k2 + ratio), abs=1e-9)


def reference(law: CureKinetics, cure: float, start: float, end: float, dt: float) -> float:
    """Tight solution of the differential equation; branches joined where they meet."""

    def heating(time: float) -> FloatArray:
        return np.array([start + (end - start) * time / dt])

    def solved(rate: Any, begin: float, first: float, events: Any = None) -> Any:
        return solve_ivp(
            rate, (begin, dt), [first], method="DOP853", rtol=1e-13, atol=1e-15, events=events
        )

    if not isinstance(law, LeeLoosSpringer):
        return solved(lambda t, x: law.rate(np.clip(x, 0.0, 1.0), heating(t)), 0.0, cure).y[0, -1]

    def branch(number: int) -> Any:
        constants = law.kernel.constants
        return lambda t, x: [lee_loos_springer(constants, number, x[0], heating(t)[0] + 273.15)[0]]

    def meet(_: float, x: FloatArray) -> float:
        return float(x[0] - law.switch)

    switch: Any = meet
    switch.terminal = True
    first = solved(branch(0), 0.0, cure, switch)
    if first.status == 0:
        return first.y[0, -1]
    return solved(branch(1), first.t[-1], law.switch).y[0, -1]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda h: "-".join(f"{v:g}" for v in h))
@pytest.mark.parametrize("name", LAWS)
def test_laws_agree_with_tight_solutions(name: str, history: tuple[float, float, float]) -> None:
    """DOP853 with a relative tolerance of 1e-13 is some 1e-12 accurate; 1e-8 is promised."""
    law, start = LAWS[name]
    assert one(law, start, *history) == pytest.approx(reference(law, start, *history), abs=1e-9)


@pytest.mark.parametrize("name", LAWS)
def test_slopes_are_those_of_the_rate(name: str) -> None:
    """Central differences of the rate; their error is some 1e-8 of it."""
    law, _ = LAWS[name]
    cure = np.array([0.02, 0.2, 0.29, 0.31, 0.6, 0.85])
    temperature = np.array([40.0, 180.0, 120.0, 150.0, 200.0, 170.0])
    by_cure, by_temperature = law.slopes(cure, temperature)
    step = 1e-6
    rise = law.rate(cure + step, temperature) - law.rate(cure - step, temperature)
    np.testing.assert_allclose(by_cure, rise / (2 * step), rtol=1e-5, atol=1e-12)
    step = 1e-3
    rise = law.rate(cure, temperature + step) - law.rate(cure, temperature - step)
    np.testing.assert_allclose(by_temperature, rise / (2 * step), rtol=1e-5, atol=1e-14)


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(sorted(LAWS)),
    cure=st.floats(0.001, 0.999),
    start=st.floats(-40.0, 260.0),
    end=st.floats(-40.0, 260.0),
    dt=st.floats(0.0, 8000.0),
    part=st.floats(0.0, 1.0),
)
def test_two_parts_of_a_step_give_the_whole(
    name: str, cure: float, start: float, end: float, dt: float, part: float
) -> None:
    """An exact advance does not care where a step is cut; nor does cure ever fall or exceed 1."""
    law, _ = LAWS[name]
    middle = start + part * (end - start)
    first = one(law, cure, start, middle, part * dt)
    second = one(law, first, middle, end, (1.0 - part) * dt)
    assert cure <= first <= second <= 1.0
    assert second == pytest.approx(one(law, cure, start, end, dt), abs=2e-8)


def test_the_branches_meet_at_the_switch() -> None:
    """Beyond the switch 1 - x decays as exp(-k3 t) from 0.7, whatever the step across it was."""
    k3 = TWO_BRANCHES.third_factor * math.exp(-TWO_BRANCHES.third_activation / kelvin(170.0))
    low, high = 0.0, 3600.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (
            (middle, high) if one(TWO_BRANCHES, 0.0, 170.0, 170.0, middle) < 0.3 else (low, middle)
        )
    for later in (1.0, 100.0, 2000.0):
        found = one(TWO_BRANCHES, 0.0, 170.0, 170.0, high + later)
        assert found == pytest.approx(1.0 - 0.7 * math.exp(-k3 * later), abs=1e-8)


def test_3501_6_is_cured_by_its_makers_cycle() -> None:
    """The resin's standard cycle ends with 2 h at 177 C (350 F), which is known to cure it."""
    assert one(TWO_BRANCHES, 0.0, 177.0, 177.0, 7200.0) > 0.99


def test_in_the_cold_the_first_branch_ends_before_the_switch() -> None:
    """-10 C: k1 + k2 x vanishes at A1/-A2 exp(-(E1 - E2)/RT) = 0.277; from above nothing moves."""
    stop = 2.101 / 2.014 * math.exp(-2.9e3 / (R * 263.15))
    assert TWO_BRANCHES.largest_cure(np.array([-10.0, 150.0])) == pytest.approx([stop, 1.0])
    assert one(TWO_BRANCHES, 0.29, -10.0, -10.0, 1e6) == 0.29


def test_diffusion_stops_cure_where_the_law_says() -> None:
    """A hundredth of the rate is left at the largest cure; after 2 h less than 0.02 more an hour.

    At 180 C the critical cure is -1.684 + 5.475e-3 453.15 = 0.797; one more ln(99)/43.1 = 0.107.
    """
    largest = DIFFUSING.largest_cure(np.array([180.0]))
    assert largest == pytest.approx([0.797 + 0.1066], abs=1e-4)
    free = dataclasses.replace(DIFFUSING, diffusion=None)
    temperature = np.array([180.0])
    assert DIFFUSING.rate(largest, temperature) == pytest.approx(
        0.01 * free.rate(largest, temperature), rel=1e-9
    )
    two = one(DIFFUSING, 0.002, 180.0, 180.0, 7200.0)
    three = one(DIFFUSING, two, 180.0, 180.0, 3600.0)
    assert two < three < two + 0.02 < largest[0]
    assert one(DIFFUSING, 0.002, 180.0, 180.0, 3e7) > largest[0] - 0.02


def test_an_uncured_resin_waits_for_ever_without_a_catalyst() -> None:
    assert one(AUTOCATALYTIC, 0.0, 250.0, 250.0, 1e5) == 0.0
    assert not AUTOCATALYTIC.starts_by_itself
    assert KAMAL.starts_by_itself


def test_no_time_changes_nothing_and_complete_cure_stays() -> None:
    for law, _ in LAWS.values():
        cure = np.array([0.0, 0.3, 0.77, 1.0])
        np.testing.assert_array_equal(advance_cure(law, cure, 150.0, 200.0, 0.0), cure)
        assert one(law, 1.0, 200.0, 200.0, 7200.0) == 1.0


def test_points_have_their_own_temperatures_and_times() -> None:
    """A batch is its points one by one, also where neighbours are alike but for one thing."""
    cure = np.array([0.1, 0.1, 0.1, 0.1, 0.2])
    start = np.array([100.0, 100.0, 100.0, 120.0, 120.0])
    end = np.array([150.0, 150.0, 160.0, 160.0, 160.0])
    dt = np.array([100.0, 200.0, 200.0, 200.0, 200.0])
    found = advance_cure(KAMAL, cure, start, end, dt)
    single = [one(KAMAL, *values) for values in zip(cure, start, end, dt, strict=True)]
    np.testing.assert_array_equal(found, single)
    assert len(set(single)) == 5


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("cure", (-0.1, 100.0, 100.0, 1.0)),
        ("cure", (1.1, 100.0, 100.0, 1.0)),
        ("cure", (math.nan, 100.0, 100.0, 1.0)),
        ("start_temperature", (0.1, -300.0, 100.0, 1.0)),
        ("end_temperature", (0.1, 100.0, math.nan, 1.0)),
        ("dt", (0.1, 100.0, 100.0, -1.0)),
        ("dt", (0.1, 100.0, 100.0, math.inf)),
    ],
)
def test_what_cannot_be_advanced_is_named(
    field: str, arguments: tuple[float, float, float, float]
) -> None:
    with pytest.raises(InputError, match=field):
        one(KAMAL, *arguments)


def test_constants_out_of_their_limits_are_named() -> None:
    with pytest.raises(InputError, match=r"NthOrder\.order"):
        NthOrder(1e7, 9000.0, 0.0)
    with pytest.raises(InputError, match=r"Autocatalytic\.factor"):
        Autocatalytic(math.nan, 9000.0, 1.0, 1.0)
    with pytest.raises(InputError, match=r"Diffusion\.steepness"):
        Diffusion(-1.0, 0.5, 0.001)
    with pytest.raises(InputError, match=r"KamalSourour\.autocatalysed_activation"):
        KamalSourour(1.0, 1.0, 1.0, -1.0, 1.0, 1.0)
    with pytest.raises(InputError, match=r"LeeLoosSpringer\.switch.*below B = 0\.47"):
        dataclasses.replace(TWO_BRANCHES, switch=0.5)
