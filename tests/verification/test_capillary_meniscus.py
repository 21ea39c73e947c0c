"""The resin meniscus against wall rise, level layers, weightless surfaces and its own volume."""

from __future__ import annotations

from math import hypot, pi, radians, sin, sqrt

import numpy as np
import pytest

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meniscus import (
    StandingBall,
    cell_radius,
    meniscus_of_thickness,
    resin_meniscus,
)

#: Ball of 0.37 mm on a pad of 0.38 mm.
BALL = StandingBall.through(0.19, 0.37)
#: An epoxy: 0.04 N/m, 1.2 g/cm3.
RESIN = Liquid.of_density(0.04e-3, 1.2e-3)


def wall_rise(radius: float, contact_angle: float) -> float:
    """Rise of the meniscus at the belt of a huge ball over the level far away, mm."""
    ball = StandingBall(radius, 0.9 * radius)
    outer = radius + 14.0 * RESIN.capillary_length
    volume = pi * outer**2 * ball.centre - ball.volume_below(ball.centre)
    found = resin_meniscus(
        ball, RESIN, volume=volume, pitch=outer * sqrt(pi), contact_angle=contact_angle
    )
    return found.contact_height - found.thickness


@pytest.mark.parametrize("angle", [0.0, 30.0, 60.0])
def test_rise_at_a_huge_ball_is_that_at_a_plane_wall(angle: float) -> None:
    """h = sqrt(2 (1 - sin theta)) a; the ball's curvature adds a term in a/R.

    Doubling R halves the difference, and extrapolating it away leaves the closed form to 2e-4.
    """
    exact = sqrt(2.0 * (1.0 - sin(radians(angle)))) * RESIN.capillary_length
    coarse, fine = (wall_rise(radius, angle) for radius in (200.0, 400.0))
    assert (fine - exact) / (coarse - exact) == pytest.approx(0.5, abs=0.02)
    assert 2.0 * fine - coarse == pytest.approx(exact, rel=2e-4)


def test_capillary_length_of_water() -> None:
    """a = sqrt(gamma / (rho g)): 72.8 mN/m and 0.998 g/cm3 give 2.727 mm."""
    water = Liquid.of_density(72.8e-6, 0.998e-3)
    assert water.capillary_length == pytest.approx(2.727, abs=1e-3)


@pytest.mark.parametrize("angle", [15.0, 60.0, 110.0])
@pytest.mark.parametrize("volume", [0.06, 0.03, 0.008])
def test_volume_is_balanced(angle: float, volume: float) -> None:
    """Resin under the surface, by quadrature over 20001 points, = dispensed volume.

    V = integral of 2 pi r z dr + pi r_c^2 z_c - ball below the contact; with contact angle and
    level or contact angle at the far end besides.
    """
    found = resin_meniscus(
        BALL, RESIN, volume=volume, pitch=0.8, contact_angle=angle,
        substrate_angle=20.0,
    )  # fmt: skip
    r, z = found.curve.points(20001).T
    under = float(np.trapezoid(-2.0 * pi * r * z, r))
    total = under + pi * r[-1] ** 2 * z[-1] - BALL.volume_below(float(z[-1]))
    assert total == pytest.approx(volume, rel=1e-8)
    assert found.contact_angle == pytest.approx(angle, abs=1e-8)
    first = found.curve.phi[0]
    if found.regime == "merged":
        assert first == pytest.approx(pi, abs=1e-10)
        assert r[0] == pytest.approx(0.8 / sqrt(pi), abs=1e-12)
    else:
        assert pi - first == pytest.approx(radians(20.0), abs=1e-10)
        assert found.thickness == 0.0


def test_layer_that_fits_its_contact_angle_is_flat() -> None:
    """A level layer at height h meets the ball at its polar angle: acos((h - z_c)/R)."""
    height = 0.11
    volume = pi * cell_radius(0.8) ** 2 * height - BALL.volume_below(height)
    found = resin_meniscus(BALL, RESIN, volume=volume, pitch=0.8, contact_angle=BALL.polar(height))
    assert found.curve.z == pytest.approx(height, abs=1e-10)


def test_weightless_layer_has_one_curvature() -> None:
    """Without weight r sin(phi) = k (r^2 - R^2) / 2 with one k: level at the cell's edge R."""
    found = resin_meniscus(BALL, RESIN.weightless(), volume=0.03, pitch=0.8, contact_angle=30.0)
    curve = found.curve
    k = curve.mean_curvature
    expected = 0.5 * k * (curve.r**2 - found.cell_radius**2)
    assert curve.r * np.sin(curve.phi) == pytest.approx(expected, abs=1e-8)


def test_weight_hardly_matters_below_the_capillary_length() -> None:
    """Fillets of 0.1 mm, capillary length 1.8 mm: contact moves by about (0.1/1.8)^2."""
    heavy, light = (
        resin_meniscus(BALL, liquid, volume=0.03, pitch=0.8, contact_angle=30.0)
        for liquid in (RESIN, RESIN.weightless())
    )
    assert 0.0 < light.contact_height - heavy.contact_height < 0.01 * heavy.contact_height


@pytest.mark.parametrize("angle", [20.0, 75.0])
def test_volume_is_found_for_a_thickness(angle: float) -> None:
    """The layer dispensed for 0.06 mm midway is 0.06 mm thick midway."""
    found = meniscus_of_thickness(BALL, RESIN, thickness=0.06, pitch=0.8, contact_angle=angle)
    assert found.thickness == pytest.approx(0.06, abs=1e-9)
    again = resin_meniscus(BALL, RESIN, volume=found.volume, pitch=0.8, contact_angle=angle)
    assert again.contact_height == pytest.approx(found.contact_height, abs=1e-12)


def test_repellent_coat_holds_the_contact_at_its_edge() -> None:
    """20 degrees would climb to more than 0.15 mm; pinned there the angle lies above 20."""
    free = resin_meniscus(BALL, RESIN, volume=0.04, pitch=0.8, contact_angle=20.0)
    held = resin_meniscus(
        BALL, RESIN, volume=0.04, pitch=0.8, contact_angle=20.0, coat_edge=0.15,
        coat_angle=110.0,
    )  # fmt: skip
    assert free.contact_height > 0.15
    assert held.pinned
    assert held.contact_height == pytest.approx(0.15, abs=1e-12)
    assert 20.0 < held.contact_angle < 110.0
    assert held.thickness > free.thickness
    assert hypot(held.contact_radius, 0.15 - BALL.centre) == pytest.approx(BALL.radius)


def test_coat_above_the_contact_changes_nothing() -> None:
    bare, coated = (
        resin_meniscus(BALL, RESIN, volume=0.03, pitch=0.8, contact_angle=40.0, coat_edge=edge)
        for edge in (None, 0.25)
    )
    assert not coated.pinned
    assert coated.contact_height == pytest.approx(bare.contact_height, rel=1e-12)


def test_less_resin_drains_to_isolated_fillets() -> None:
    """The layer thins as resin is taken away, until the substrate falls dry midway."""
    found = [
        resin_meniscus(
            BALL, RESIN, volume=volume, pitch=0.8, contact_angle=40.0,
            substrate_angle=20.0,
        )
        for volume in (0.03, 0.02, 0.01)
    ]  # fmt: skip
    assert [one.regime for one in found] == ["merged", "merged", "isolated"]
    assert found[0].thickness > found[1].thickness > 0.0
    assert found[2].foot_radius < found[2].cell_radius
    assert found[1].metastable


def test_thin_layers_are_metastable_where_the_substrate_repels_them() -> None:
    """A hole in a film grows below the thickness of an endless puddle, 2 a sin(theta/2)."""
    found = resin_meniscus(
        BALL, RESIN, volume=0.03, pitch=0.8, contact_angle=40.0,
        substrate_angle=30.0,
    )  # fmt: skip
    puddle = 2.0 * RESIN.capillary_length * sin(radians(15.0))
    assert found.dry_thickness == pytest.approx(puddle, rel=1e-12)


def test_ring_that_wets_neither_ball_nor_substrate_is_refused() -> None:
    """150 degrees on the ball, 60 on the substrate: lateral mode unstable, it gathers aside."""
    with pytest.raises(InputError, match="one side"):
        resin_meniscus(
            BALL, RESIN, volume=0.003, pitch=0.8, contact_angle=150.0,
            substrate_angle=60.0,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"volume": 0.25}, "volume"),
        ({"volume": -1.0}, "volume"),
        ({"pitch": 0.4}, "pitch"),
        ({"contact_angle": 200.0}, "contact_angle"),
        ({"coat_edge": 0.5}, "coat_edge"),
        ({"coat_edge": 0.08, "coat_angle": 12.0, "volume": 0.06}, "coat_edge"),
    ],
)
def test_impossible_menisci_are_refused(values: dict[str, float], field: str) -> None:
    """Resin that covers the ball or climbs over its coat, and inputs out of range."""
    given = {"volume": 0.04, "pitch": 0.8, "contact_angle": 40.0, **values}
    with pytest.raises(InputError) as caught:
        resin_meniscus(BALL, RESIN, **given)
    assert caught.value.field == field
