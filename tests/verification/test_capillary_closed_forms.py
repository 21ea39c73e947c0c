"""Meridians against closed forms and against an independent integration."""

from __future__ import annotations

from math import asinh, cosh, pi, radians, sin, sinh, sqrt

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

from bumpfem.shapes.capillary import (
    ArcGuess,
    Axis,
    Guess,
    Liquid,
    Meridian,
    OnCone,
    OnPlane,
    OnSphere,
    Pinned,
    follow,
    solve_meridian,
)
from bumpfem.shapes.spheres import zone_volume

GAMMA = 0.45e-3
SOLDER = Liquid(GAMMA)
HEAVY = Liquid.of_density(GAMMA, 7.1e-3)


class Turned:
    """Ends an integration where the tangent has turned by an angle."""

    terminal = True

    def __init__(self, angle: float) -> None:
        self.angle = angle

    def __call__(self, s: float, y: np.ndarray) -> float:
        return float(y[2] - self.angle)


@pytest.mark.parametrize("degrees", [20.0, 90.0, 130.0, 170.0])
def test_weightless_drop_is_a_spherical_cap(degrees: float) -> None:
    """V = pi R^3 (1 - cos)^2 (2 + cos) / 3, height R (1 - cos), pressure 2 gamma / R."""
    angle = radians(degrees)
    volume = pi * (1.0 - np.cos(angle)) ** 2 * (2.0 + np.cos(angle)) / 3.0
    drop = solve_meridian(OnPlane(0.0, degrees), Axis(), SOLDER, volume=volume)
    assert drop.height == pytest.approx(1.0 - np.cos(angle), rel=1e-9)
    assert drop.pressure == pytest.approx(2.0 * GAMMA, rel=1e-9)
    assert drop.area == pytest.approx(2.0 * pi * (1.0 - np.cos(angle)), rel=1e-9)
    assert drop.volume == pytest.approx(volume, rel=1e-12)


@pytest.mark.parametrize("upper", [0.175, 0.11, 0.03])
def test_joint_without_load_and_weight_is_a_truncated_sphere(upper: float) -> None:
    """Force 0 on every section means p = 2 gamma / R: the zone of a sphere through both rims."""
    height = 0.3
    volume = zone_volume(0.175, upper, height)
    joint = solve_meridian(Pinned(0.175), Pinned(upper, None), SOLDER, volume=volume, force=0.0)
    centre = (height**2 + upper**2 - 0.175**2) / (2.0 * height)
    radius = sqrt(0.175**2 + centre**2)
    assert joint.height == pytest.approx(height, rel=1e-10)
    assert np.hypot(joint.r, joint.z - centre) == pytest.approx(radius, rel=1e-9)


def test_film_without_pressure_is_a_catenoid() -> None:
    """r = a cosh(z / a): area pi a^2 (2x + sinh(2x)), x = half height over a (stable: x < 1.2)."""
    waist, half = 0.2, 0.15
    rim = waist * cosh(half / waist)
    guess = ArcGuess((rim, -half), (rim, half), -0.5)
    film = solve_meridian(Pinned(rim, -half), Pinned(rim, half), SOLDER, pressure=0.0, guess=guess)
    x = half / waist
    assert film.neck_radius == pytest.approx(waist, rel=1e-9)
    assert film.r == pytest.approx(waist * np.cosh(film.z / waist), rel=1e-7)
    assert film.r[::4] == pytest.approx(waist * np.cosh(film.z[::4] / waist), rel=1e-9)
    assert film.area == pytest.approx(pi * waist**2 * (2.0 * x + sinh(2.0 * x)), rel=1e-9)
    assert film.force == pytest.approx(-2.0 * pi * waist * GAMMA, rel=1e-9)


def test_cylinder() -> None:
    """p = gamma / R; the force is pi R^2 p - 2 pi R gamma = -pi R gamma."""
    radius, height = 0.2, 0.7
    column = solve_meridian(
        Pinned(radius), Pinned(radius, height), SOLDER, volume=pi * radius**2 * height
    )
    assert column.r == pytest.approx(radius, rel=1e-12)
    assert column.pressure == pytest.approx(GAMMA / radius, rel=1e-10)
    assert column.force == pytest.approx(-pi * radius * GAMMA, rel=1e-10)


def test_unduloid() -> None:
    """Kenmotsu's unduloid: r = sqrt(1 + B^2 + 2 B sin(2 H s)) / (2 H), curvature H = p / (2 gamma).

    ``dz/ds = (1 + B sin(2 H s)) / (2 H r)``. Half a period from neck to bulge is cut out.
    """
    curvature, swing = 2.5, 0.3

    def radius(s: float) -> float:
        return sqrt(1.0 + swing**2 + 2.0 * swing * sin(2.0 * curvature * s)) / (2.0 * curvature)

    def slope(s: float) -> float:
        return (1.0 + swing * sin(2.0 * curvature * s)) / (2.0 * curvature * radius(s))

    first, last = -pi / (4.0 * curvature) - 0.08, pi / (4.0 * curvature) + 0.05
    height = quad(slope, first, last, epsabs=1e-13)[0]
    volume = quad(lambda s: pi * radius(s) ** 2 * slope(s), first, last, epsabs=1e-13)[0]
    found = solve_meridian(
        Pinned(radius(first)), Pinned(radius(last), height), SOLDER, volume=volume
    )
    assert found.length == pytest.approx(last - first, rel=1e-8)
    assert found.pressure == pytest.approx(2.0 * curvature * GAMMA, rel=1e-8)
    assert found.r[::4] == pytest.approx([radius(first + s) for s in found.s[::4]], rel=1e-7)


def test_meniscus_at_a_wide_wall_rises_as_at_a_plane() -> None:
    """Plane wall: rise^2 = 2 (gamma / w) (1 - sin(theta)); a tube adds a term of order 1 / R.

    Two radii and Richardson's extrapolation remove that term.
    """
    angle = radians(30.0)
    scale = HEAVY.capillary_length
    rises = []
    for radius in (30.0 * scale, 60.0 * scale):
        plane = scale * sqrt(2.0 * (1.0 - sin(angle)))
        level = ArcGuess((radius, 0.0), (0.0, 0.0), 0.0)

        def tube(theta: float, guess: Guess, radius: float = radius) -> Meridian:
            wall = OnCone(radius, theta, wets="below")
            return solve_meridian(wall, Axis(), HEAVY, pressure=0.0, guess=guess)

        found = follow(tube, tube(90.0, level), 90.0, 30.0, step=0.25)
        rises.append(float(found.z[0]) / plane)
    assert abs(rises[0] - 1.0) > 3e-3
    assert 2.0 * rises[1] - rises[0] == pytest.approx(1.0, abs=3e-4)


def test_capillary_length() -> None:
    """sqrt(gamma / (rho g)) of water: 72.8 mN/m, 998 kg/m3, 9.80665 m/s2 give 2.7273 mm."""
    assert Liquid.of_density(72.8e-6, 0.998e-3).capillary_length == pytest.approx(2.7273, abs=1e-4)


@pytest.mark.parametrize(("bond", "degrees"), [(0.1, 90.0), (1.0, 150.0), (10.0, 120.0)])
def test_sessile_drop_agrees_with_bashforth_and_adams(bond: float, degrees: float) -> None:
    """Their initial-value problem from the apex (curvature 1, beta = w b^2 / gamma), to 1e-12."""
    angle = radians(degrees)

    def slopes(s: float, y: np.ndarray) -> list[float]:
        x, depth, turn, _ = y
        around = 1.0 if x == 0.0 else np.sin(turn) / x
        return [
            np.cos(turn), np.sin(turn), 2.0 + bond * depth - around,
            pi * x * x * np.sin(turn),
        ]  # fmt: skip

    run = solve_ivp(
        slopes, (0.0, 20.0), [0.0, 0.0, 0.0, 0.0], "DOP853", events=Turned(angle), rtol=1e-12,
        atol=1e-13,
    )  # fmt: skip
    x, depth, _, volume = run.y[:, -1]
    drop = solve_meridian(
        OnPlane(0.0, degrees), Axis(), Liquid(1.0, bond), volume=float(volume),
    )  # fmt: skip
    assert drop.height == pytest.approx(depth, rel=1e-8)
    assert drop.r[0] == pytest.approx(x, rel=1e-8)
    assert drop.pressure - bond * drop.height == pytest.approx(2.0, rel=1e-8)


def test_ball_on_a_weightless_bridge_meets_it_at_the_contact_angle() -> None:
    """The drop is a sphere of radius a, cut by a ball of radius b whose centre is d above its own.

    The angle through the liquid is that between the outward normals of both spheres,
    ``d^2 = a^2 + b^2 - 2 a b cos(theta)``: 0 if the ball touches from inside, 180 from outside.
    """
    drop, ball, theta = 1.0, 0.6, radians(70.0)
    distance = sqrt(drop**2 + ball**2 - 2.0 * drop * ball * np.cos(theta))
    foot = -0.4  # height of the plane below the drop's centre
    cosine = (drop**2 + distance**2 - ball**2) / (2.0 * drop * distance)
    top = drop * cosine
    floor_angle = pi / 2.0 + np.arcsin(-foot / drop)
    cap = distance - top  # the ball's centre over the contact line
    displaced = pi * (ball - cap) ** 2 * (3.0 * ball - (ball - cap)) / 3.0
    zone = zone_volume(sqrt(drop**2 - foot**2), sqrt(drop**2 - top**2), top - foot)
    start = (sqrt(drop**2 - foot**2) * 1.05, foot)
    end = (sqrt(drop**2 - top**2) * 0.95, top * 1.02)
    found = solve_meridian(
        OnPlane(foot, float(np.degrees(floor_angle))), OnSphere(distance, ball, 70.0), SOLDER,
        volume=zone - displaced, guess=ArcGuess(start, end, 0.8),
    )  # fmt: skip
    assert np.hypot(found.r, found.z) == pytest.approx(drop, rel=1e-9)
    assert found.pressure == pytest.approx(2.0 * GAMMA / drop, rel=1e-9)


def test_order_of_the_discretisation() -> None:
    """Five Lobatto nodes per element: the error falls as h^8 (a nodoid-like squeezed joint)."""
    volume, height = 0.05, 0.2
    rims = Pinned(0.2), Pinned(0.15, height)
    exact = solve_meridian(*rims, HEAVY, volume=volume, elements=48).force
    errors = [
        abs(solve_meridian(*rims, HEAVY, volume=volume, elements=n).force - exact)
        for n in (5, 10, 20)
    ]
    rates = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert rates.min() > 7.0
    assert errors[-1] < 1e-9 * abs(exact)


def test_catenoid_waist_from_its_rims() -> None:
    """The waist a solves rim = a cosh(half / a); the wide root is the one found from a flat arc."""
    rim, half = 0.3, 0.12
    waist = brentq(lambda a: a * cosh(half / a) - rim, 0.15, rim)
    guess = ArcGuess((rim, 0.0), (rim, 2.0 * half), -0.3)
    film = solve_meridian(Pinned(rim), Pinned(rim, 2.0 * half), SOLDER, pressure=0.0, guess=guess)
    assert film.neck_radius == pytest.approx(waist, rel=1e-9)
    assert film.length == pytest.approx(2.0 * waist * sinh(half / waist), rel=1e-9)
    assert asinh(0.5 * film.length / waist) == pytest.approx(half / waist, rel=1e-9)
