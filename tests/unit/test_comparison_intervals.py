"""Error bars from runs, their ratio, and one rank for all whose bars overlap."""

from __future__ import annotations

import math

import pytest

from bumpfem.comparison import ErrorModel, Interval, Sample, numerical_error, quotient, rank_groups
from bumpfem.errors import InputError

EXACT = ErrorModel(safety_factor=1.0, mesh_order=1.0)


# --- error bars -------------------------------------------------------------------------------


def test_mesh_error_of_a_first_order_sequence_is_exact() -> None:
    """f(h) = 2 + 0.3 h: with order 1 and no safety factor the estimate is the true error."""
    samples = [Sample(h, 1e-3, 2.0 + 0.3 * h) for h in (1.0, 1.5)]
    assert numerical_error(samples, EXACT).mesh == pytest.approx(0.3)


def test_mesh_error_of_a_second_order_sequence_is_exact_when_told_so() -> None:
    samples = [Sample(h, 1e-3, 2.0 + 0.3 * h**2) for h in (1.0, 2.0)]
    assert numerical_error(samples, ErrorModel(1.0, 2.0)).mesh == pytest.approx(0.3)
    # assuming order 1 for it is on the safe side: |2.3 - 3.2| / (2 - 1)
    assert numerical_error(samples, EXACT).mesh == pytest.approx(0.9)


def test_time_error_is_the_difference_of_the_tolerances() -> None:
    """Reference tight: the error is not taken smaller than the difference, 0.04."""
    samples = [Sample(1.0, 1e-3, 1.00), Sample(1.0, 1e-2, 1.04)]
    assert numerical_error(samples, EXACT).time == pytest.approx(0.04)


def test_time_error_of_a_loose_reference_is_larger_than_the_difference() -> None:
    """Reference at tolerance 2 on the fine mesh, pair 1 and 2 on the coarse mesh.

    An error proportional to the tolerance, 0.1 t, makes 0.1 between the pair and 0.2 at t = 2.
    """
    samples = [Sample(1.0, 2.0, 5.2), Sample(2.0, 2.0, 5.2), Sample(2.0, 1.0, 5.1)]
    found = numerical_error(samples, EXACT)
    assert found.reference == samples[0]
    assert found.time == pytest.approx(0.2 * 5.2 / 5.1)  # carried over relative to the value


def test_both_contributions_add_and_the_safety_factor_multiplies() -> None:
    samples = [Sample(1.0, 1e-3, 1.0), Sample(2.0, 1e-3, 1.1), Sample(1.0, 1e-2, 1.02)]
    found = numerical_error(samples)
    assert found.mesh == pytest.approx(1.25 * 0.1)
    assert found.time == pytest.approx(1.25 * 0.02)
    assert found.interval.high == pytest.approx(1.0 + 1.25 * 0.12)
    assert found.interval.low == pytest.approx(1.0 - 1.25 * 0.12)


def test_without_a_second_mesh_or_tolerance_the_bar_is_unbounded() -> None:
    single = numerical_error([Sample(1.0, 1e-3, 1.0)])
    assert (single.mesh, single.time) == (math.inf, math.inf)
    assert (single.interval.low, single.interval.high) == (0.0, math.inf)
    # both settings changed at once separate neither
    both = numerical_error([Sample(1.0, 1e-3, 1.0), Sample(2.0, 1e-2, 1.1)])
    assert (both.mesh, both.time) == (math.inf, math.inf)


def test_meshes_that_agree_by_chance_keep_an_error() -> None:
    """Equal values on two meshes: 3 % of the value remain, and no more than that is added."""
    samples = [
        Sample(value=2.0, mesh_size=1.0, tolerance=1e-3),
        Sample(value=2.0, mesh_size=1.5, tolerance=1e-3),
        Sample(value=2.0, mesh_size=1.5, tolerance=5e-4),
    ]
    assert numerical_error(samples, ErrorModel()).mesh == 0.0
    assert numerical_error(samples, ErrorModel(mesh_scatter=0.03)).mesh == pytest.approx(0.06)


def test_order_of_the_runs_does_not_matter() -> None:
    samples = [Sample(1.0, 1e-3, 1.0), Sample(2.0, 1e-3, 1.1), Sample(2.0, 1e-2, 1.3)]
    assert numerical_error(samples) == numerical_error(samples[::-1])


@pytest.mark.parametrize(
    "make",
    [
        lambda: numerical_error([]),
        lambda: numerical_error([Sample(1.0, 1e-3, -1.0)]),
        lambda: numerical_error([Sample(1.0, 1e-3, math.nan)]),
        lambda: Sample(0.0, 1e-3, 1.0),
        lambda: ErrorModel(safety_factor=0.9),
        lambda: ErrorModel(mesh_order=0.0),
        lambda: Interval(2.0, 1.0, 3.0),
    ],
)
def test_impossible_settings_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(InputError):
        make()


# --- ratio and ranking ------------------------------------------------------------------------


def test_ratio_takes_the_worst_case_of_both_bars() -> None:
    assert quotient(Interval(8.0, 10.0, 12.0), Interval(4.0, 5.0, 6.0)) == Interval(
        8.0 / 6.0, 2.0, 12.0 / 4.0
    )


def test_ratio_of_unbounded_bars() -> None:
    unbounded = Interval(0.0, 10.0, math.inf)
    assert quotient(unbounded, Interval(4.0, 5.0, 6.0)) == Interval(0.0, 2.0, math.inf)
    assert quotient(unbounded, unbounded) == Interval(0.0, 1.0, math.inf)
    endless = Interval(10.0, math.inf, math.inf)
    assert quotient(endless, endless) is None


def test_bars_that_touch_are_not_separated() -> None:
    assert not Interval(1.0, 2.0, 3.0).separated(Interval(3.0, 4.0, 5.0))
    assert Interval(1.0, 2.0, 3.0).separated(Interval(3.1, 4.0, 5.0))


def _groups(bars: dict[str, Interval]) -> tuple[tuple[str, ...], ...]:
    values = {name: bar.value for name, bar in bars.items()}
    return rank_groups(values, lambda first, second: bars[first].above(bars[second]))


def test_overlap_through_a_chain_is_one_group() -> None:
    """a and c do not overlap, but b overlaps both: three ranks could not be told apart."""
    bars = {
        "a": Interval(70.0, 100.0, 130.0),
        "b": Interval(50.0, 80.0, 110.0),
        "c": Interval(40.0, 50.0, 60.0),
        "d": Interval(10.0, 20.0, 30.0),
    }
    assert _groups(bars) == (("a", "b", "c"), ("d",))


def test_a_wide_bar_joins_those_it_covers() -> None:
    bars = {
        "wide": Interval(1.0, 50.0, 100.0),
        "high": Interval(90.0, 95.0, 99.0),
        "low": Interval(2.0, 3.0, 4.0),
        "lower": Interval(0.1, 0.2, 0.3),
    }
    assert _groups(bars) == (("high", "wide", "low"), ("lower",))
