"""Stability, stiffness and energy of capillary equilibria."""

from __future__ import annotations

from math import cosh, pi

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import solve_banded
from scipy.special import jn_zeros

from bumpfem.shapes.capillary import (
    ArcGuess,
    Axis,
    Liquid,
    OnPlane,
    OnSphere,
    Pinned,
    mounted_joint,
    solve_meridian,
)
from bumpfem.shapes.capillary.stability import axial_stiffness, lateral_stiffness, margins
from bumpfem.shapes.spheres import zone_volume

GAMMA = 0.45e-3
SOLDER = Liquid(GAMMA)
HEAVY = Liquid.of_density(GAMMA, 7.1e-3)


@pytest.mark.parametrize("ratio", [0.9, 0.99, 1.01, 1.1])
def test_rayleigh_plateau(ratio: float) -> None:
    """Cylinder between rims: least eigenvalue gamma (4 pi^2 / L^2 - 1 / R^2) at fixed volume.

    The eigenfunction sin(2 pi s / L) keeps the volume; it loses stability at L = 2 pi R.
    """
    radius = 0.2
    height = 2.0 * pi * radius * ratio
    column = solve_meridian(
        Pinned(radius), Pinned(radius, height), SOLDER, volume=pi * radius**2 * height
    )
    found = margins(column)
    assert found.axisymmetric == pytest.approx((2.0 * pi) ** 2 - (height / radius) ** 2, rel=1e-5)
    assert found.lateral == pytest.approx(pi**2, rel=1e-6)
    assert found.stable == (ratio < 1.0)


@pytest.mark.parametrize(("ratio", "stable"), [(0.99, True), (1.01, False)])
def test_cylinder_at_fixed_pressure(ratio: float, stable: bool) -> None:
    """sin(pi s / L) changes the volume: at fixed pressure the limit is L = pi R."""
    height = pi * 0.2 * ratio
    column = solve_meridian(Pinned(0.2), Pinned(0.2, height), SOLDER, volume=pi * 0.04 * height)
    assert margins(column, constant_volume=False).stable == stable


@pytest.mark.parametrize(("x", "stable"), [(1.18, True), (1.22, False)])
def test_soap_film_breaks_at_the_catenoids_fold(x: float, stable: bool) -> None:
    """Both catenoids of a pair of rings meet where x tanh(x) = 1: x = 1.19968 = half height / a."""
    waist = 0.2
    rim, half = waist * cosh(x), x * waist
    guess = ArcGuess((rim, 0.0), (rim, 2.0 * half), -0.9)
    film = solve_meridian(
        Pinned(rim), Pinned(rim, None), SOLDER, pressure=0.0, force=-2.0 * pi * waist * GAMMA,
        guess=guess,
    )  # fmt: skip
    assert film.height == pytest.approx(2.0 * half, rel=1e-6)
    assert film.neck_radius == pytest.approx(waist, rel=1e-3)
    assert margins(film, constant_volume=False).stable == stable


@pytest.mark.parametrize("radius", [8.0, 10.0, 12.0])
def test_ceiling_of_liquid_falls_at_a_zero_of_a_bessel_function(radius: float) -> None:
    """Flat surface below a liquid, pinned at R: modes k R = j_{1,1} (m = 1), j_{2,1} (m = 0).

    J_0(k r) - J_0(k R) keeps the volume if J_2(k R) = 0. The eigenvalue is k^2 - w / gamma.
    """
    guess = ArcGuess((0.0, 0.0), (radius, 0.0), 0.0)
    flat = solve_meridian(Axis(), Pinned(radius, 0.0), HEAVY, pressure=0.0, guess=guess)
    bond = (radius / HEAVY.capillary_length) ** 2
    found = margins(flat)
    assert found.lateral == pytest.approx(jn_zeros(1, 1)[0] ** 2 - bond, rel=1e-4)
    assert found.axisymmetric == pytest.approx(jn_zeros(2, 1)[0] ** 2 - bond, rel=1e-4)


@pytest.mark.parametrize("liquid", [SOLDER, HEAVY])
def test_drop_on_a_plane_may_shift(liquid: Liquid) -> None:
    """Rigid sideways shift costs nothing on a uniform plane: the lateral margin is exactly 0."""
    drop = solve_meridian(OnPlane(0.0, 110.0), Axis(), liquid, volume=8.0)
    found = margins(drop)
    assert abs(found.lateral) < 1e-6
    assert found.axisymmetric > 1.0


def test_bridge_on_a_ball_may_roll_about_it() -> None:
    """Without weight, a drop on a ball turns about the ball's centre at no cost."""
    ball = OnSphere(0.0, 1.0, 80.0)
    guess = ArcGuess((0.6, 0.8), (0.0, 1.6), 1.0)
    drop = solve_meridian(ball, Axis(), SOLDER, volume=1.0, guess=guess)
    found = margins(drop)
    assert abs(found.lateral) < 1e-6
    assert found.axisymmetric > 1.0


@pytest.mark.parametrize("load", [-1e-4, 0.0, 3e-4])
def test_force_is_minus_the_derivative_of_energy(load: float) -> None:
    """F = -dE/dH at constant volume; stiffness = -dF/dH (central differences, step 1e-4 mm)."""
    volume = zone_volume(0.175, 0.15, 0.3)
    joint = solve_meridian(Pinned(0.175), Pinned(0.15, None), HEAVY, volume=volume, force=load)
    step = 1e-4
    above, below = (
        solve_meridian(
            Pinned(0.175), Pinned(0.15, joint.height + d), HEAVY, volume=volume, guess=joint
        )
        for d in (step, -step)
    )
    assert -(above.energy - below.energy) / (2.0 * step) == pytest.approx(load, abs=2e-10)
    slope = -(above.force - below.force) / (2.0 * step)
    assert axial_stiffness(joint) == pytest.approx(slope, rel=1e-6)
    assert joint.lower_force - joint.force == pytest.approx(
        HEAVY.specific_weight * volume, rel=1e-6
    )


def test_force_on_a_ball_is_minus_the_derivative_of_energy() -> None:
    """The same with a sliding line on a ball, wetting energy and buoyancy included."""
    liquid = Liquid(GAMMA, 5e-4)

    def bridge(height: float, start: object = None) -> object:
        guess = start or ArcGuess((0.3, 0.0), (0.2, 0.2), -0.2)
        return solve_meridian(
            Pinned(0.3), OnSphere(height, 0.25, 40.0), liquid, volume=0.035, guess=guess
        )

    here = bridge(0.36)
    step = 1e-4
    above, below = bridge(0.36 + step, here), bridge(0.36 - step, here)
    assert -(above.energy - below.energy) / (2.0 * step) == pytest.approx(here.force, rel=1e-5)
    assert axial_stiffness(here) == pytest.approx(
        -(above.force - below.force) / (2.0 * step), rel=1e-5
    )


@pytest.mark.parametrize("height", [0.1, 0.25, 0.6])
def test_lateral_stiffness_of_a_cylinder(height: float) -> None:
    """A column sheared by d grows by pi R d^2 / (2 H) in area: K = pi gamma R / H."""
    column = solve_meridian(Pinned(0.2), Pinned(0.2, height), SOLDER, volume=pi * 0.04 * height)
    assert lateral_stiffness(column) == pytest.approx(pi * GAMMA * 0.2 / height, rel=1e-10)


@pytest.mark.parametrize("load", [-1.5e-4, 0.0, 3e-4])
def test_lateral_stiffness_from_the_rigid_translation(load: float) -> None:
    """K = pi gamma / int ds / (r sin^2 phi), also with weight: translation is still a solution."""
    joint = mounted_joint(zone_volume(0.175, 0.15, 0.3), 0.35, 0.3, HEAVY, load=load)
    meridian = joint.meridian

    def integrand(u: float) -> float:
        r, _, phi = meridian.states(np.array([u]))[0]
        return meridian.length / (r * np.sin(phi) ** 2)

    expected = pi * GAMMA / quad(integrand, 0.0, 1.0, epsabs=1e-10, limit=200)[0]
    assert joint.lateral_stiffness == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("height", [0.27, 0.32, 0.4, 0.5])
def test_lateral_stiffness_from_the_energy_in_polar_coordinates(height: float) -> None:
    """The energy of R(z) + d rho(z) cos(theta) to second order in d, without normals or Jacobi.

    With f = R S, S = sqrt(1 + R'^2), the density of area per z and theta, Q = pi times the integral
    of ``gamma (R'/S rho rho' + R rho'^2 / (2 S^3) + rho^2 / (2 R S)) - (p - w z) rho^2 / 2`` over z
    is minimised by linear elements for rho = 0 and 1 at the ends. The shifted circle is
    ``R = d cos(theta) + b - d^2 sin(theta)^2 / (2 b)``: its mean shrinks by d^2 / (4 b), on which
    the first variation acts: ``-2 pi gamma (R R' / S) / (4 b)``. K is twice the sum.
    """
    liquid = HEAVY
    joint = mounted_joint(0.0477, 0.35, 0.3, liquid, standoff=height)
    meridian = joint.meridian
    count = 4001
    u = np.linspace(0.0, 1.0, count)
    radius, z, phi = meridian.states(0.5 * (u[1:] + u[:-1])).T
    step = meridian.length / (count - 1) * np.sin(phi)
    slope, stretch = 1.0 / np.tan(phi), 1.0 / np.sin(phi)
    bend = GAMMA * 0.5 * radius / stretch**3 / step
    cross = 0.5 * GAMMA * slope / stretch
    local = 0.25 * step * (
        GAMMA / (2.0 * radius * stretch)
        - 0.5 * (meridian.pressure - liquid.specific_weight * z)
    )  # fmt: skip
    diagonal = np.zeros(count)
    diagonal[:-1] += bend - cross + local
    diagonal[1:] += bend + cross + local
    beside = local - bend
    bands = np.zeros((3, count - 2))
    bands[1], bands[0, 1:], bands[2, :-1] = diagonal[1:-1], beside[1:-1], beside[1:-1]
    right = np.zeros(count - 2)
    right[-1] = -beside[-1]
    rho = np.concatenate(([0.0], solve_banded((1, 1), bands, right), [1.0]))
    energy = pi * float(diagonal @ rho**2 + 2.0 * beside @ (rho[1:] * rho[:-1]))
    energy -= 2.0 * pi * GAMMA * np.cos(float(meridian.phi[-1])) / 4.0
    assert joint.lateral_stiffness == pytest.approx(2.0 * energy, rel=1e-5)


def test_long_joint_breaks_in_the_range_of_rayleigh_and_plateau() -> None:
    """A column of the pads' volume V = pi R^2 H holds up to H = 2 pi R, not beyond."""
    radius = 0.2
    for ratio, holds in ((0.97, True), (1.03, False)):
        height = 2.0 * pi * radius * ratio
        column = solve_meridian(
            Pinned(radius), Pinned(radius, height), SOLDER, volume=pi * radius**2 * height
        )
        assert margins(column).stable == holds
