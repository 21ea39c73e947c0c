"""Measures of temperature histories against hand-worked piecewise linear profiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumpfem.design.reflow_limits import MEASURES, profile_limits
from bumpfem.errors import InputError
from bumpfem.process.profile_limits import (
    check_profile,
    crossing_down,
    crossing_up,
    profile_measures,
    steepest,
    time_above,
)

LIMITS = profile_limits("jstd020_pb_free", 1.0, 200.0)
# 25 -> 145 at 2 degC/s, to 205 in 120 s (150-200 in 100 s), to 257 at 1 degC/s, 10 s there, down
# at 4 degC/s to 57.
TIMES = np.array([0.0, 60.0, 180.0, 232.0, 242.0, 292.0])
TEMPERATURES = np.array([25.0, 145.0, 205.0, 257.0, 257.0, 57.0])


def test_all_measures_of_a_profile_worked_by_hand() -> None:
    """Preheat 50/0.5 = 100 s; above 217: 40 + 10 + 10 s; above 255: 2 + 10 + 0.5 s."""
    values = profile_measures(TIMES, TEMPERATURES, LIMITS)
    assert values == pytest.approx(
        {
            "preheat_time": 100.0,
            "ramp_up": 1.0,
            "time_above_liquidus": 60.0,
            "peak": 257.0,
            "time_near_peak": 12.5,
            "ramp_down": 4.0,
            "time_to_peak": 232.0,
        }
    )


def test_checks_say_pass_or_fail_with_the_margin_to_the_nearer_bound() -> None:
    checks = {check.measure: check for check in check_profile(TIMES, TEMPERATURES, LIMITS)}
    assert list(checks) == list(MEASURES)
    assert all(check.passed for check in checks.values())
    assert checks["preheat_time"].margin == pytest.approx(20.0)
    assert checks["time_above_liquidus"].margin == pytest.approx(0.0, abs=1e-9)
    assert checks["peak"].margin == pytest.approx(3.0)
    hotter = {check.measure: check for check in check_profile(TIMES, TEMPERATURES + 5.0, LIMITS)}
    assert not hotter["peak"].passed
    assert hotter["peak"].margin == pytest.approx(-2.0)


def test_a_profile_that_stays_cold_has_no_times_and_fails() -> None:
    checks = {check.measure: check for check in check_profile(TIMES, 0.5 * TEMPERATURES, LIMITS)}
    assert checks["time_above_liquidus"].value == 0.0
    assert not checks["time_above_liquidus"].passed
    assert np.isnan(checks["preheat_time"].value)
    assert not checks["preheat_time"].passed
    assert np.isnan(checks["ramp_up"].value)


def test_a_short_spike_counts_less_over_a_longer_window() -> None:
    """A rise of 6 degC in 1 s: 6 degC/s over 1 s, 6/5 degC/s over 5 s."""
    times = np.array([0.0, 10.0, 11.0, 30.0])
    temperatures = np.array([220.0, 220.0, 226.0, 226.0])
    assert steepest(times, temperatures, 0.0, 30.0, 1.0) == pytest.approx(6.0)
    assert steepest(times, temperatures, 0.0, 30.0, 5.0) == pytest.approx(1.2)
    with pytest.raises(InputError, match="window"):
        steepest(times, temperatures, 0.0, 30.0, 0.0)


def test_crossings_are_the_first_up_and_the_last_down() -> None:
    times = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    temperatures = np.array([0.0, 10.0, 0.0, 10.0, 0.0])
    assert crossing_up(times, temperatures, 5.0) == pytest.approx(0.5)
    assert crossing_down(times, temperatures, 5.0) == pytest.approx(3.5)
    assert crossing_up(times, temperatures, 0.0) == 0.0
    assert np.isnan(crossing_down(times, temperatures, 0.0))
    assert np.isnan(crossing_up(times, temperatures, 11.0))
    assert time_above(times, temperatures, 5.0) == pytest.approx(2.0)


@given(
    st.lists(st.floats(0.0, 300.0), min_size=2, max_size=12),
    st.floats(0.5, 20.0),
    st.integers(0, 2**31),
)
def test_the_steepest_window_is_never_missed(values: list[float], window: float, seed: int) -> None:
    """No window at random places is steeper than the one found among the corners."""
    times = 3.0 * np.arange(len(values), dtype=np.float64)
    temperatures = np.array(values)
    width = min(window, float(times[-1]))
    found = steepest(times, temperatures, 0.0, float(times[-1]), window)
    starts = np.random.default_rng(seed).uniform(0.0, times[-1] - width, 50)
    rises = np.interp(starts + width, times, temperatures) - np.interp(starts, times, temperatures)
    assert found >= rises.max() / width - 1e-9


def test_histories_must_have_increasing_times() -> None:
    with pytest.raises(InputError, match="increasing"):
        profile_measures(np.array([0.0, 0.0]), np.array([1.0, 2.0]), LIMITS)
