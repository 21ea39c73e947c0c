"""Meridian curves: swept volumes and areas against closed forms of bodies of revolution."""

from __future__ import annotations

from math import pi, radians

import numpy as np
import pytest

from bumpfem.errors import MeshError
from bumpfem.shapes import Arc, Body, Line, Outline, Spline
from bumpfem.shapes.curves import arc_with_volume, polyline
from bumpfem.shapes.spheres import ball_volume, zone_arc, zone_height, zone_volume


def test_half_circle_sweeps_a_ball() -> None:
    """A half circle about the axis: V = 4/3 pi R^3, A = 4 pi R^2."""
    arc = Arc((0.0, 0.3), 0.2, -0.5 * pi, 0.5 * pi)
    assert arc.swept_volume() == pytest.approx(4.0 / 3.0 * pi * 0.2**3, rel=1e-13)
    assert arc.swept_area() == pytest.approx(4.0 * pi * 0.2**2, rel=1e-13)


def test_full_circle_sweeps_a_torus() -> None:
    """Pappus: V = 2 pi c * pi R^2, A = 2 pi c * 2 pi R."""
    arc = Arc((0.5, 0.0), 0.2, -pi, pi)
    assert arc.swept_volume() == pytest.approx(2.0 * pi**2 * 0.5 * 0.2**2, rel=1e-13)
    assert arc.swept_area() == pytest.approx(4.0 * pi**2 * 0.5 * 0.2, rel=1e-13)


def test_line_sweeps_a_truncated_cone() -> None:
    """V = pi h (a^2 + a b + b^2) / 3 and A = pi (a + b) s."""
    line = Line((0.3, 0.0), (0.1, 0.4))
    assert line.swept_volume() == pytest.approx(pi * 0.4 * (0.09 + 0.03 + 0.01) / 3.0, rel=1e-14)
    assert line.swept_area() == pytest.approx(pi * 0.4 * np.hypot(0.2, 0.4), rel=1e-14)


@pytest.mark.parametrize("sweep", [1e-5, 1e-3, 0.05, 0.199, 0.201, 1.0, 3.0])
def test_arc_volume_keeps_its_digits_at_any_curvature(sweep: float) -> None:
    """An arc and its two halves sweep the same volume, and a flat arc that of its chord.

    The closed form loses digits on flat arcs (R^3 cancels), which is why quadrature replaces it
    below a sweep of 0.2; the sum rule would show a jump there.
    """
    arc = Arc.between((0.2, 0.0), (0.25, 0.3), 0.5 * sweep)
    first, second = arc.split(0.37)
    assert first.swept_volume() + second.swept_volume() == pytest.approx(
        arc.swept_volume(), rel=1e-11
    )
    chord = Line((0.2, 0.0), (0.25, 0.3))
    assert arc.swept_volume() - chord.swept_volume() == pytest.approx(0.0, abs=0.3 * sweep)


def test_arc_ends_where_it_should_and_bulges_to_the_right() -> None:
    """Positive half angles bulge away from the axis on the way up, negative ones are hollow."""
    for half_angle in (0.4, 1.4, -0.4):
        arc = Arc.between((0.2, 0.1), (0.3, 0.5), half_angle)
        assert arc.start == pytest.approx((0.2, 0.1), abs=1e-14)
        assert arc.end == pytest.approx((0.3, 0.5), abs=1e-14)
        assert (arc.at(0.5)[0] > 0.25) == (half_angle > 0.0)
        assert arc.length == pytest.approx(2.0 * abs(half_angle) * arc.radius, rel=1e-14)


@pytest.mark.parametrize("share", [0.75, 0.999999, 1.0, 1.000001, 1.6])
def test_arc_with_volume_has_it(share: float) -> None:
    """Volume of the found arc against the wanted one, hollow, straight and bulged."""
    start, end = (0.2, 0.0), (0.25, 0.3)
    wanted = share * Line(start, end).swept_volume()
    found = arc_with_volume(start, end, wanted)
    assert found is not None
    assert found.swept_volume() == pytest.approx(wanted, rel=1e-9)


def test_no_arc_has_a_volume_far_too_small() -> None:
    assert arc_with_volume((0.2, 0.0), (0.2, 3.0), 1e-6) is None


def test_zone_height_inverts_the_zone_volume() -> None:
    """h from V = pi h (3 a^2 + 3 b^2 + h^2)/6, and the meridian sweeps V."""
    volume = 0.0477
    height = zone_height(0.18, 0.19, volume)
    assert zone_volume(0.18, 0.19, height) == pytest.approx(volume, rel=1e-13)
    arc = zone_arc((0.18, 0.05), (0.19, 0.05 + height))
    assert arc.swept_volume() == pytest.approx(volume, rel=1e-12)
    assert arc.centre[0] == 0.0


def test_spline_through_circle_points_approaches_the_ball() -> None:
    """Cubic splines converge with the fourth power of the spacing: 24 points leave < 1e-4."""
    angles = np.linspace(-0.5 * pi, 0.5 * pi, 24)
    spline = Spline(tuple((0.2 * float(np.cos(t)), 0.2 * float(np.sin(t))) for t in angles))
    assert spline.swept_volume() == pytest.approx(ball_volume(0.4), rel=1e-4)
    lower, upper = spline.split(0.5)
    assert lower.swept_volume() + upper.swept_volume() == pytest.approx(
        spline.swept_volume(), rel=1e-5
    )


def test_outline_is_cut_at_a_height() -> None:
    """Both parts meet at the height and add up; on a sphere r^2 + z^2 = R^2 there."""
    whole = Outline((zone_arc((0.12, -0.16), (0.16, 0.12)),))
    lower, upper = whole.split_at_height(0.05)
    assert lower.end == pytest.approx((np.sqrt(0.04 - 0.0025), 0.05), abs=1e-9)
    assert lower.swept_volume() + upper.swept_volume() == pytest.approx(
        whole.swept_volume(), rel=1e-12
    )
    assert whole.radius_at(0.05) == pytest.approx(np.sqrt(0.04 - 0.0025), abs=1e-9)
    with pytest.raises(MeshError, match="does not pass"):
        whole.split_at_height(0.5)


def test_broken_outlines_and_loops_are_refused() -> None:
    with pytest.raises(MeshError, match="broken"):
        Outline((Line((0.1, 0.0), (0.2, 0.1)), Line((0.2, 0.2), (0.1, 0.3))))
    square = [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1), (0.0, 0.0)]
    with pytest.raises(MeshError, match="open"):
        Body("solder", polyline(square[:-1]))
    with pytest.raises(MeshError, match="clockwise"):
        Body("solder", polyline(square[::-1]))
    assert Body("solder", polyline(square)).volume == pytest.approx(pi * 0.1**3, rel=1e-14)


def test_extremes_of_an_arc() -> None:
    """An arc over its equator is as wide as centre + radius; its ends are not."""
    arc = Arc((0.1, 0.0), 0.2, radians(-30.0), radians(60.0))
    assert arc.radius_range == pytest.approx((0.2, 0.3))
    assert arc.height_range == pytest.approx((-0.1, 0.2 * np.sin(radians(60.0))))


def test_spline_integrals_are_those_of_its_own_curve() -> None:
    """Gauss in each span against adaptive quadrature of the same cubics; extremes by Newton."""
    z = np.linspace(0.0, 0.3, 7)
    spline = Spline(tuple(zip((0.2 + 0.05 * np.sin(12.0 * z)).tolist(), z.tolist(), strict=True)))
    knots = np.linspace(0.0, 1.0, 20001)
    r, height = spline.points(20001).T
    volume = np.pi * np.trapezoid(r**2 * np.gradient(height, knots), knots)
    assert spline.swept_volume() == pytest.approx(volume, rel=1e-6)
    assert spline.radius_range == pytest.approx((r.min(), r.max()), abs=1e-9)
    assert spline.height_range == pytest.approx((0.0, 0.3), abs=1e-12)


def test_cut_spline_keeps_its_curve() -> None:
    """The parts go through the same points: only the curvature at the cut's ends is new (h^4)."""
    angles = np.linspace(-1.2, 1.2, 129)
    whole = Spline(tuple((0.2 * float(np.cos(t)), 0.2 * float(np.sin(t))) for t in angles))
    for fraction in (0.001, 0.31, 0.5, 0.998):
        lower, upper = whole.split(fraction)
        assert lower.end == upper.start
        both = lower.swept_volume() + upper.swept_volume()
        assert both == pytest.approx(whole.swept_volume(), rel=1e-8)
