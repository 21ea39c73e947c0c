"""Heights, seating planes and coplanarity against linear propagation and known height fields."""

from __future__ import annotations

from collections.abc import Mapping
from math import pi, sqrt

import numpy as np
import pytest
from scipy.optimize import brentq, linprog
from scipy.stats import binom, norm

from bumpfem.shapes.capillary.coplanarity import (
    Warpage,
    coplanarity_of,
    linear_deviation,
    percentile,
    share,
)
from bumpfem.shapes.capillary.heights import HeightModel, Values
from bumpfem.shapes.capillary.seating import regression_coplanarity, seat
from bumpfem.shapes.capillary.tolerance import Tolerance, Tolerances, bow
from bumpfem.units import FloatArray


def grid(columns: int, rows: int, pitch: float = 0.8) -> FloatArray:
    x, y = np.meshgrid(np.arange(columns) - 0.5 * (columns - 1), np.arange(rows) - 0.5 * (rows - 1))
    return pitch * np.column_stack((x.ravel(), y.ravel()))


def cap_height(arguments: Mapping[str, float]) -> float:
    """Spherical cap on a circle: V = pi h (3 a^2 + h^2) / 6."""
    volume, radius = arguments["volume"], arguments["radius"]
    bound = (6.0 * volume / pi) ** (1.0 / 3.0)
    return float(
        brentq(lambda h: pi * h * (3 * radius**2 + h**2) / 6.0 - volume, 0.0, bound, xtol=1e-14)
    )


def cap_arguments(values: Values) -> dict[str, FloatArray]:
    return {
        "volume": pi / 6.0 * values["ball_diameter"] ** 3,
        "radius": 0.5 * values["wetted_diameter"],
    }


CAP = HeightModel(
    "cap",
    {"ball_diameter": 0.45, "wetted_diameter": 0.38, "rim_height": 0.0},
    cap_arguments,
    cap_height,
    lambda values, found: values["rim_height"] + found,
)


def test_small_tolerances_propagate_linearly() -> None:
    """s_h^2 = (dh/dd s_d)^2 + (dh/da s_a)^2 + s_r^2 with the cap's own derivatives.

    From V = pi h (3 a^2 + h^2)/6: dV = (pi d^2/2) dd, dh/dV = 2/(pi (a^2 + h^2)),
    dh/da = -2 a h/(a^2 + h^2). With 1.3e6 samples the standard deviation is known to 0.06 %.
    """
    d, a = 0.45, 0.19
    h = cap_height({"volume": pi / 6.0 * d**3, "radius": a})
    s_d, s_w, s_r = 0.0010, 0.0008, 0.0005
    by_diameter = (pi * d**2 / 2.0) * 2.0 / (pi * (a**2 + h**2))
    by_wetted = -2.0 * a * h / (a**2 + h**2) * 0.5
    expected = sqrt((by_diameter * s_d) ** 2 + (by_wetted * s_w) ** 2 + s_r**2)
    tolerances = Tolerances(
        ball_diameter=Tolerance(3 * s_d),
        wetted_diameter=Tolerance(sqrt(3.0) * s_w, "uniform"),
        rim_height=Tolerance(2 * s_r, sigmas=2.0),
    )
    assert linear_deviation(CAP, tolerances) == pytest.approx(expected, rel=1e-5)
    found = coplanarity_of(CAP, grid(16, 16), tolerances, seed=3)
    assert found.deviation == pytest.approx(expected, rel=2e-3)
    assert found.mean_height == pytest.approx(h, rel=1e-4)
    assert found.contributions["rim_height"] == pytest.approx((s_r / expected) ** 2, rel=1e-4)
    assert sum(found.contributions.values()) == pytest.approx(1.0)


def test_table_of_heights_equals_the_equilibrium() -> None:
    """Tabulated heights agree with the cap's cubic at random points to 10 nm."""
    tolerances = Tolerances(ball_diameter=Tolerance(0.02), wetted_diameter=Tolerance(0.03))
    fast = CAP.fast(tolerances)
    generator = np.random.default_rng(5)
    for _ in range(20):
        values = {
            "ball_diameter": 0.45 + generator.uniform(-0.03, 0.03),
            "wetted_diameter": 0.38 + generator.uniform(-0.05, 0.05),
        }
        one = fast({name: np.asarray(value) for name, value in values.items()})
        assert float(one) == pytest.approx(CAP.exact(values), abs=1e-5)


def test_tilted_plane_is_its_own_seating_plane() -> None:
    """Apexes in one plane: coplanarity 0 whatever the tilt."""
    positions = grid(9, 7)
    heights = 0.4 + 0.003 * positions[:, 0] - 0.002 * positions[:, 1]
    found = seat(positions, heights)
    assert found.planes[0] == pytest.approx([0.003, -0.002, 0.4], abs=1e-12)
    assert found.coplanarity[0] == pytest.approx(0.0, abs=1e-12)


def test_three_tall_balls_carry_a_package_of_equal_ones() -> None:
    """Three balls 5 um taller, around the centre at the heights of a known plane, carry it."""
    positions = grid(9, 9, 1.0)
    heights = np.full(81, 0.400)
    tall = [10, 16, 67]  # (-3, -3), (3, -3), (0, 3)
    heights[tall] += [0.005, 0.007, 0.006]
    corners = np.column_stack((positions[tall], np.ones(3)))
    plane = np.linalg.solve(corners, heights[tall])
    found = seat(positions, heights)
    assert sorted(found.supports[0]) == tall
    assert found.planes[0] == pytest.approx(plane, abs=1e-12)
    gaps = positions @ plane[:2] + plane[2] - heights
    expected = gaps.max() / sqrt(1.0 + plane[0] ** 2 + plane[1] ** 2)
    assert found.coplanarity[0] == pytest.approx(expected, rel=1e-12)


def test_bowed_package_stands_on_its_corners_or_its_middle() -> None:
    """Outer balls nearer by w: four corners carry it and the middle hangs w (1 - r0^2/r1^2) high.

    Inner balls nearer: the four middle ones carry it and the corners are that far off.
    """
    positions = grid(16, 16)
    square = np.sum(positions**2, axis=1)
    depth = 0.08 * (1.0 - square.min() / square.max())
    for sign in (1.0, -1.0):
        found = seat(positions, 0.4 + bow(positions, sign * 0.08))
        assert found.coplanarity[0] == pytest.approx(depth, rel=1e-12)
        level = 0.4 + (0.08 if sign > 0.0 else -0.08 * square.min() / square.max())
        assert found.planes[0] == pytest.approx([0.0, 0.0, level], abs=1e-12)


def test_regression_plane_of_known_fields() -> None:
    """A tilted plane has none; one ball of n lower by d: best fit almost the plane of the others.

    In a symmetric array a bow's best fit is level, so the regression plane touches the corners and
    the coplanarity is the whole depth, as by the seating plane.
    """
    positions = grid(16, 16)
    tilted = 0.4 + 0.003 * positions[:, 0]
    assert regression_coplanarity(positions, tilted)[0] == pytest.approx(0.0, abs=1e-12)
    bowed = 0.4 + bow(positions, 0.08)
    expected = seat(positions, bowed).coplanarity
    assert regression_coplanarity(positions, bowed) == pytest.approx(expected, rel=1e-10)
    rows = np.stack((tilted, bowed))
    assert regression_coplanarity(positions, rows)[1] == pytest.approx(expected[0], rel=1e-10)


def test_seating_planes_are_those_of_linear_programming() -> None:
    """Lowest plane over all apexes at the centre of gravity, by an independent solver."""
    positions = grid(7, 5)
    heights = 0.35 + 0.005 * np.random.default_rng(7).standard_normal((40, 35))
    centre = (0.31, -0.17)
    found = seat(positions, heights, centre)
    for k, row in enumerate(heights):
        matrix = -np.column_stack((positions, np.ones(35)))
        best = linprog(
            [*centre, 1.0], A_ub=matrix, b_ub=-row, bounds=[(None, None)] * 3, method="highs"
        )
        level = found.planes[k] @ [*centre, 1.0]
        assert level == pytest.approx(best.fun, abs=1e-9)


def test_rocking_package_is_given_its_worse_plane() -> None:
    """Four balls, two opposite ones lower: it rocks on the diagonal, each plane leaves one free."""
    positions = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    found = seat(positions, np.array([1.0, 0.97, 1.0, 0.9]))
    assert bool(found.rocks[0])
    # the plane through the diagonal and the taller of the low balls leaves 0.03 + 0.10 free
    slope = 0.5 * (1.0 - 0.97)
    assert found.coplanarity[0] == pytest.approx(0.13 / sqrt(1.0 + 2.0 * slope**2), rel=1e-12)


def test_percentiles_hold_the_true_one_as_often_as_they_say() -> None:
    """Intervals of 90 % around the 95th percentile of a normal distribution: 90 +- 3 %.

    Order statistics are conservative by their discreteness only, about 1 % with 500 samples.
    """
    generator = np.random.default_rng(11)
    true = float(norm.ppf(0.95))
    held = 0
    for _ in range(1000):
        found = percentile(generator.standard_normal(500), 95.0, 0.90)
        held += found.low <= true <= found.high
    assert 0.87 < held / 1000.0 < 0.95


@pytest.mark.parametrize("count", [20, 300, 5000])
@pytest.mark.parametrize("percent", [0.5, 50.0, 99.7])
def test_bounds_of_percentiles_are_binomial_order_statistics(count: int, percent: float) -> None:
    """Of the values 1 to n the bounds are their ranks, those of scipy's binomial quantiles."""
    found = percentile(np.arange(1.0, count + 1.0), percent, 0.95)
    low, high = binom.ppf([0.025, 0.975], count, percent / 100.0)
    assert found.low == (low if low >= 1 else -np.inf)
    assert found.high == (high + 1 if high + 1 <= count else np.inf)


def test_share_of_none_has_the_closed_form() -> None:
    """No hit in n: the upper bound solves (1 - p)^n = (1 - confidence)/2."""
    found = share(0, 5000)
    assert found.low == 0.0
    assert found.high == pytest.approx(1.0 - 0.025 ** (1.0 / 5000.0), rel=1e-9)
    assert share(5000, 5000).low == pytest.approx(0.025 ** (1.0 / 5000.0), rel=1e-12)


def test_warpage_alone_gives_its_own_coplanarity() -> None:
    """Without tolerances every package is the bowed plane; mean height is the nominal one."""
    positions = grid(16, 16)
    found = coplanarity_of(CAP, positions, Tolerances(), warpage=Warpage(0.05), samples=20)
    square = np.sum(positions**2, axis=1)
    assert found.coplanarity == pytest.approx(0.05 * (1.0 - square.min() / square.max()), rel=1e-9)
    assert found.mean_height == pytest.approx(CAP.exact({}), rel=1e-12)
    assert found.deviation == pytest.approx(0.0, abs=1e-12)


def test_the_same_seed_gives_the_same_packages() -> None:
    tolerances = Tolerances(ball_diameter=Tolerance(0.01))
    runs = [coplanarity_of(CAP, grid(5, 5), tolerances, samples=50, seed=s) for s in (1, 1, 2)]
    assert np.array_equal(runs[0].coplanarity, runs[1].coplanarity)
    assert not np.array_equal(runs[0].coplanarity, runs[2].coplanarity)
