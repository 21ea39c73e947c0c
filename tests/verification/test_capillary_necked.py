"""Balls of which only the foot has melted: volumes, tangency, closed form of the neck, forces."""

from __future__ import annotations

from dataclasses import replace
from math import asin, pi, radians, sin
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from bumpfem.errors import InputError
from bumpfem.shapes.capillary import Liquid
from bumpfem.shapes.capillary.melted_foot import MeltedFoot, cut_depth
from bumpfem.shapes.capillary.necked import formed, necked_shape

WEIGHTLESS = Liquid(0.45e-3)
SOLDER = Liquid.of_density(0.45e-3, 7.0e-3)
#: Ball of 0.45 mm on a pad of 0.38 mm, 2.5 % melted.
FOOT = MeltedFoot(0.45, 0.19, 0.025)
BALL = pi / 6.0 * 0.45**3


@pytest.mark.parametrize("fraction", [1e-4, 0.02, 0.15, 0.5, 0.9])
def test_depth_of_the_cut(fraction: float) -> None:
    """Volume of a cap of height h: pi h^2 (3 R - h) / 3; the halves are equal at h = R."""
    height = 0.225 * cut_depth(fraction)
    assert pi * height**2 * (0.675 - height) / 3.0 == pytest.approx(fraction * BALL, rel=1e-10)
    body = replace(FOOT, melted_fraction=fraction).remainder
    assert body.volume == pytest.approx((1.0 - fraction) * BALL, rel=1e-10)
    assert body.extent == pytest.approx(0.45 - height, rel=1e-12)


@pytest.mark.parametrize("liquid", [WEIGHTLESS, SOLDER, SOLDER.inverted()])
@pytest.mark.parametrize(
    ("fraction", "gap", "angle"),
    [(0.02, None, 0.0), (0.03, None, 0.0), (0.15, 0.09, 0.0), (0.006, None, 20.0),
     (0.02, 0.02, 20.0)],
)  # fmt: skip
def test_volume_is_the_balls_and_the_neck_is_thinner(
    liquid: Liquid, fraction: float, gap: float | None, angle: float
) -> None:
    """What melted and what did not make up the ball; neck < head, and the outline stays whole."""
    foot = replace(FOOT, melted_fraction=fraction, pad_angle=angle)
    shape = necked_shape(foot, liquid, gap=gap)
    assert shape.volume == pytest.approx(BALL, rel=1e-9)
    assert shape.neck_diameter < min(shape.head_diameter, 2.0 * float(shape.meniscus.r[0]))
    assert shape.head_diameter == 0.45
    assert shape.gap <= shape.neck_height < shape.height
    assert float(shape.meniscus.r[0]) <= 0.19 * (1.0 + 1e-12)


def test_complete_wetting_leaves_the_ball_tangentially() -> None:
    """At polar angle t the ball's side rises at the angle t, and so does the meniscus."""
    shape = necked_shape(FOOT, WEIGHTLESS)
    r, z, phi = shape.meniscus.ends[1]
    assert sin(phi) == pytest.approx(r / 0.225, rel=1e-9)
    centre = shape.height - 0.225
    assert (r**2 + (z - centre) ** 2) ** 0.5 == pytest.approx(0.225, rel=1e-10)


def test_neck_is_the_delaunay_surface() -> None:
    """First integral: ``r sin(phi) = n + q (r^2 - n^2)``, n the neck, q = p / (2 gamma).

    Tangent to the ball at r_c = R sin(t): q = (r_c sin(t) - n) / (r_c^2 - n^2). Height and volume
    follow by quadrature from the neck to both ends.
    """
    shape = necked_shape(FOOT, WEIGHTLESS)
    neck, (foot, _, phi) = 0.5 * shape.neck_diameter, shape.meniscus.ends[1]
    q = (foot * foot / 0.225 - neck) / (foot**2 - neck**2)
    assert shape.meniscus.pressure / (2.0 * 0.45e-3) == pytest.approx(q, rel=1e-5)

    def rise(u: float, power: int) -> float:
        """dz = tan(phi) dr with r = n + u^2: smooth at the neck, where phi = 90 degrees."""
        r = neck + u * u
        sine = (neck + q * (r * r - neck * neck)) / r
        cosine_over_u = ((1.0 - sine) * (1.0 + sine) / (u * u)) ** 0.5 if u > 0.0 else np.inf
        return 2.0 * sine / cosine_over_u * (pi * r * r if power else 1.0)

    def total(power: int) -> float:
        return sum(
            quad(rise, 1e-9, (end - neck) ** 0.5, args=(power,), epsabs=1e-13)[0]
            for end in (0.19, foot)
        )

    assert phi < 0.5 * pi
    assert total(0) == pytest.approx(shape.neck_height, rel=1e-5)
    assert total(1) == pytest.approx(shape.meniscus.swept_volume, rel=1e-5)


@pytest.mark.parametrize("liquid", [WEIGHTLESS, SOLDER])
@pytest.mark.parametrize(("fraction", "gap"), [(0.02, 0.004), (0.15, 0.09)])
def test_force_is_minus_the_derivative_of_the_energy(
    liquid: Liquid, fraction: float, gap: float
) -> None:
    """Virtual work on the remainder, for a line on its side and for one at its face's edge."""
    foot = replace(FOOT, melted_fraction=fraction, pad_angle=15.0)
    step = 1e-4 * gap
    energies = [foot.at(liquid, gap + k * step).energy for k in (-2, -1, 1, 2)]
    slope = (energies[0] - 8 * energies[1] + 8 * energies[2] - energies[3]) / (12 * step)
    assert -slope == pytest.approx(foot.at(liquid, gap).force, rel=1e-5)


@pytest.mark.parametrize("load", [0.0, 1e-4])
def test_a_ball_settles_until_it_touches_its_pad(load: float) -> None:
    """The melt pulls down, the pad carries: N = W + weight - F, and the height is 2 R - h."""
    foot = replace(FOOT, specific_weight=7.38e-3 * 9806.65e-6)
    shape = necked_shape(foot, SOLDER, load=load)
    body = foot.remainder
    assert shape.gap == 0.0
    assert shape.height == body.extent
    assert shape.meniscus.force < 0.0
    weight = foot.specific_weight * body.volume
    assert shape.support == pytest.approx(load + weight - shape.meniscus.force, rel=1e-12)


@pytest.mark.parametrize("load", [0.0, -2e-3, 1e-3])
def test_a_plate_carries_what_the_liquid_does_not(load: float) -> None:
    """N = W + weight - F: a melt that wets its ball pulls it down, and the plate holds it up."""
    foot = replace(FOOT, melted_fraction=0.15, specific_weight=7.38e-3 * 9806.65e-6)
    weight = foot.specific_weight * foot.remainder.volume
    shape = formed(foot, SOLDER, gap=0.09, load=load)
    assert shape.meniscus.force < 0.0
    assert shape.support == pytest.approx(load + weight - shape.meniscus.force, rel=1e-12)
    assert (shape.support > 0.0) == (load > -1e-3)


def test_the_more_melts_the_lower_and_the_thicker() -> None:
    """Monotonic between the least melt that covers the pad and the most that leaves a neck."""
    shapes = [
        necked_shape(replace(FOOT, melted_fraction=f), SOLDER) for f in (0.02, 0.024, 0.028, 0.032)
    ]
    necks = [shape.neck_diameter for shape in shapes]
    heights = [shape.height for shape in shapes]
    assert necks == sorted(necks)
    assert heights == sorted(heights, reverse=True)


def test_the_neck_vanishes_where_the_melt_meets_the_rim_upright() -> None:
    """Between 3.0 % and 3.5 % the angle at the rim falls through 90 degrees: no waist is left."""

    def angle(fraction: float) -> float:
        shape = formed(replace(FOOT, melted_fraction=fraction), WEIGHTLESS)
        return float(shape.meniscus.phi[0]) - 0.5 * pi

    last = float(brentq(angle, 0.03, 0.05))
    necked_shape(replace(FOOT, melted_fraction=0.995 * last), WEIGHTLESS)
    with pytest.raises(InputError, match="no neck forms") as caught:
        necked_shape(replace(FOOT, melted_fraction=1.005 * last), WEIGHTLESS)
    assert caught.value.field == "melted_fraction"
    assert "0.019 to 0.033" in caught.value.allowed


def test_held_higher_the_neck_is_thinner_until_it_pinches_off() -> None:
    foot = replace(FOOT, melted_fraction=0.15)
    necks = [necked_shape(foot, SOLDER, gap=gap).neck_diameter for gap in (0.08, 0.09, 0.10)]
    assert necks == sorted(necks, reverse=True)
    with pytest.raises(InputError):
        necked_shape(foot, SOLDER, gap=0.25)


def test_edge_holds_the_melt_below_the_slope_of_the_side() -> None:
    """The face of the remainder ends at polar angle asin(r / R): the line advances above it."""
    foot = replace(FOOT, melted_fraction=0.15)
    shape = necked_shape(foot, WEIGHTLESS, gap=0.09)
    body = foot.remainder
    r, z, phi = shape.meniscus.ends[1]
    assert (r, z) == pytest.approx((body.face_radius, 0.09), rel=1e-9)
    assert 0.0 <= phi <= asin(body.face_radius / 0.225)


def test_too_little_melt_is_refused_unless_it_may_cover_part_of_the_pad() -> None:
    few = replace(FOOT, melted_fraction=0.005)
    with pytest.raises(InputError, match="do not join") as caught:
        necked_shape(few, SOLDER)
    assert caught.value.field == "melted_fraction"
    part = necked_shape(replace(few, pad_angle=20.0), SOLDER)
    assert 2.0 * float(part.meniscus.r[0]) < 0.38
    assert float(part.meniscus.phi[0]) == pytest.approx(pi - radians(20.0), rel=1e-9)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ball_diameter": 0.0}, "ball_diameter"),
        ({"pad_radius": float("inf")}, "pad_radius"),
        ({"melted_fraction": 0.0}, "melted_fraction"),
        ({"melted_fraction": 1.0}, "melted_fraction"),
        ({"contact_angle": 115.0}, "contact_angle"),
        ({"swelling": 2.0}, "swelling"),
        ({"least_gap": -0.1}, "least_gap"),
    ],
)
def test_impossible_values_are_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(FOOT, **values)
    assert caught.value.field == field


def test_shape_draws_itself() -> None:
    """Pad, resist, melt and head with their mirror images; the head sits on the melt."""
    shape = necked_shape(FOOT, WEIGHTLESS)
    picture = shape._repr_svg_()
    assert picture.count("<polygon") == 8
    assert f"neck {shape.neck_diameter:.4g} mm" in picture
    outline = shape.foot.remainder.outline(shape.gap)
    assert outline[0] == pytest.approx([shape.foot.remainder.face_radius, 0.0], abs=1e-12)
    assert outline[-1] == pytest.approx([0.0, shape.height], abs=1e-12)
