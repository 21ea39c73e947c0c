"""Weibull against its closed forms, Norris-Landzberg against numbers worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from bumpfem.errors import InputError
from bumpfem.fatigue import (
    CycleConditions,
    LifeEstimate,
    Weibull,
    load_acceleration_model,
)


def test_shape_one_is_the_exponential_distribution() -> None:
    """beta = 1: mean = eta, median = eta ln 2, first of n at eta / n."""
    distribution = Weibull.from_mean(800.0, 1.0)
    assert distribution.characteristic_life == pytest.approx(800.0)
    assert distribution.percentile(0.5) == pytest.approx(800.0 * math.log(2.0))
    assert distribution.first_failure(4) == pytest.approx(200.0)


def test_shape_two_is_the_rayleigh_distribution() -> None:
    """beta = 2: Gamma(1.5) = sqrt(pi)/2, so eta = 2 mean / sqrt(pi)."""
    assert Weibull.from_mean(1000.0, 2.0).characteristic_life == pytest.approx(
        2000.0 / math.sqrt(math.pi)
    )


def test_mean_is_the_integral_of_survival() -> None:
    """mean = integral of exp(-(N/eta)^beta); trapezoid on 1e5 points is good to 1e-8 here."""
    distribution = Weibull(1000.0, 6.0)
    cycles = np.linspace(0.0, 3000.0, 100_001)
    survival = np.exp(-((cycles / 1000.0) ** 6.0))
    assert distribution.mean == pytest.approx(float(np.trapezoid(survival, cycles)), rel=1e-7)


def test_failed_at_the_characteristic_life_is_one_minus_one_over_e() -> None:
    assert Weibull(1000.0, 3.7).failed(1000.0) == pytest.approx(1.0 - math.exp(-1.0))


@pytest.mark.parametrize("fraction", [1e-6, 0.01, 0.5, 0.632, 0.999])
def test_percentile_inverts_failed(fraction: float) -> None:
    distribution = Weibull(1234.0, 8.0)
    assert distribution.failed(distribution.percentile(fraction)) == pytest.approx(fraction)


def test_first_failure_is_the_weakest_of_its_parts() -> None:
    """The chance that none of n parts has failed is the product of n survivals."""
    one = Weibull(1000.0, 6.0)
    first = Weibull(one.first_failure(256), 6.0)
    at = 350.0
    assert 1.0 - first.failed(at) == pytest.approx((1.0 - one.failed(at)) ** 256)


def test_from_median_and_from_mean_agree_with_the_distribution() -> None:
    distribution = Weibull(1000.0, 4.0)
    assert Weibull.from_mean(distribution.mean, 4.0).characteristic_life == pytest.approx(1000.0)
    median = distribution.percentile(0.5)
    assert Weibull.from_median(median, 4.0).characteristic_life == pytest.approx(1000.0)


@pytest.mark.parametrize(
    ("definition", "characteristic"),
    [
        ("characteristic", 1000.0),
        ("mean", 1000.0 / math.gamma(1.25)),
        ("median", 1000.0 / math.log(2.0) ** 0.25),
    ],
)
def test_the_meaning_of_a_life_decides_the_scale(definition: str, characteristic: float) -> None:
    estimate = LifeEstimate(1000.0, definition, "a law")
    found = Weibull.from_estimate(estimate, 4.0)
    assert found.characteristic_life == pytest.approx(characteristic)


def test_a_crack_growth_life_is_no_statistic_unless_the_caller_says_how_to_read_it() -> None:
    estimate = LifeEstimate(1000.0, "crack_growth", "a law")
    with pytest.raises(InputError, match="no point of a distribution"):
        Weibull.from_estimate(estimate, 6.0)
    assert Weibull.from_estimate(estimate, 6.0, read_as="characteristic") == Weibull(1000.0, 6.0)


def test_a_statistic_cannot_be_read_as_another() -> None:
    estimate = LifeEstimate(1000.0, "mean", "a law")
    with pytest.raises(InputError, match="read_as"):
        Weibull.from_estimate(estimate, 6.0, read_as="characteristic")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weibull(0.0, 4.0),
        lambda: Weibull(math.inf, 4.0),
        lambda: Weibull(1000.0, -1.0),
        lambda: Weibull.from_mean(1000.0, 0.0),
        lambda: Weibull.from_median(1000.0, 0.0),
        lambda: Weibull(1000.0, 4.0).percentile(1.0),
        lambda: Weibull(1000.0, 4.0).failed(-1.0),
        lambda: Weibull(1000.0, 4.0).first_failure(0),
    ],
)
def test_impossible_distributions_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(InputError):
        make()


TEST = CycleConditions(minimum_c=0.0, maximum_c=100.0, cycles_per_day=48.0, hot_dwell_minutes=10.0)
USE = CycleConditions(minimum_c=25.0, maximum_c=65.0, cycles_per_day=2.0, hot_dwell_minutes=360.0)


def test_norris_landzberg_snpb_by_hand() -> None:
    """(100/40)^1.9 = 5.7027; (2/48)^(1/3) = 0.346681; 1414 (1/338.15 - 1/373.15) = 0.392207.

    exp(0.392207) = 1.480244; the product is 2.9264.
    """
    found = load_acceleration_model("norris_landzberg_1969_snpb").acceleration(TEST, USE)
    assert found.from_temperature_range == pytest.approx(5.7027, rel=1e-4)
    assert found.from_time == pytest.approx(0.346681, rel=1e-5)
    assert found.from_maximum_temperature == pytest.approx(1.480244, rel=1e-5)
    assert found.factor == pytest.approx(2.9264, rel=1e-4)


def test_norris_landzberg_sac_by_hand() -> None:
    """2.5^2.65 = 11.3380; (10/360)^0.136 = 0.614252; exp(2185 * 2.773742e-4) = 1.833171."""
    found = load_acceleration_model("norris_landzberg_pan_2005_sac").acceleration(TEST, USE)
    assert found.from_temperature_range == pytest.approx(11.3380, rel=1e-4)
    assert found.from_time == pytest.approx(0.614252, rel=1e-4)
    assert found.from_maximum_temperature == pytest.approx(1.833171, rel=1e-4)
    assert found.factor == pytest.approx(11.3380 * 0.614252 * 1.833171, rel=2e-4)


@pytest.mark.parametrize("name", ["norris_landzberg_1969_snpb", "norris_landzberg_pan_2005_sac"])
def test_a_test_equal_to_use_accelerates_nothing_and_reversal_inverts(name: str) -> None:
    model = load_acceleration_model(name)
    assert model.acceleration(USE, USE).factor == pytest.approx(1.0)
    forth, back = model.acceleration(TEST, USE).factor, model.acceleration(USE, TEST).factor
    assert forth * back == pytest.approx(1.0)


def test_the_time_that_a_model_needs_is_asked_for() -> None:
    bare = CycleConditions(minimum_c=0.0, maximum_c=100.0)
    with pytest.raises(InputError, match="cycles_per_day"):
        load_acceleration_model("norris_landzberg_1969_snpb").acceleration(bare, USE)
    with pytest.raises(InputError, match="hot_dwell_minutes"):
        load_acceleration_model("norris_landzberg_pan_2005_sac").acceleration(bare, USE)


def test_acceleration_tells_the_wrong_alloy() -> None:
    model = load_acceleration_model("norris_landzberg_1969_snpb")
    found = model.acceleration(TEST, USE, alloy="sac305").mismatches
    assert ("alloy", "differs") in [(m.kind, m.severity) for m in found]


@pytest.mark.parametrize(
    "change", [{"maximum_c": 0.0}, {"maximum_c": -10.0}, {"cycles_per_day": 0.0}]
)
def test_impossible_cycles_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(InputError):
        CycleConditions(**{"minimum_c": 0.0, "maximum_c": 100.0, **change})
