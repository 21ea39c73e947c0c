"""Bridges between pad and core, and cores that are frozen drops: closed forms and balances."""

from __future__ import annotations

from dataclasses import replace
from math import acosh, cos, degrees, pi, radians, sin, sinh, sqrt

import numpy as np
import pytest

from bumpfem.errors import InputError
from bumpfem.shapes.capillary import Liquid
from bumpfem.shapes.capillary.bridge import BridgeProblem
from bumpfem.shapes.capillary.core_body import SphereCore
from bumpfem.shapes.capillary.cored import shape_of_cored
from bumpfem.shapes.capillary.cored_joint import CoredJoint
from bumpfem.shapes.capillary.stability import lateral_stiffness
from bumpfem.shapes.spheres import zone_volume
from tests.support.cored import SOLDER, THIN, WEIGHTLESS, frozen_drop, on_board, weight_of


def test_a_bridge_without_pressure_is_the_catenoid() -> None:
    """``r = n cosh(z/n)``; on a sphere sin(phi) = n/r, phi = polar angle + contact angle.

    So n = R sin(t) sin(t + theta); the force is -2 pi gamma n in every section.
    """
    radius, angle, theta, rim = 0.15, radians(50.0), radians(20.0), 0.17
    foot = radius * sin(angle)
    neck = foot * sin(angle + theta)
    above, below = neck * acosh(foot / neck), neck * acosh(rim / neck)
    gap = above + radius * cos(angle) - radius + below

    def swept(z: float) -> float:
        return 0.5 * pi * neck**2 * (z + 0.5 * neck * sinh(2.0 * z / neck))

    cap = pi * radius**3 / 3.0 * (2.0 + cos(angle)) * (1.0 - cos(angle)) ** 2
    volume = swept(above) + swept(below) - cap
    found = BridgeProblem(rim, SphereCore(radius), volume, degrees(theta), WEIGHTLESS).at(gap)
    assert found.pressure == pytest.approx(0.0, abs=1e-11)
    assert found.neck_radius == pytest.approx(neck, rel=1e-6)
    assert found.force == pytest.approx(-2.0 * pi * WEIGHTLESS.surface_tension * neck, rel=1e-9)
    assert found.ends[1][0] == pytest.approx(foot, rel=1e-9)


def test_a_spherical_bridge_carries_no_force() -> None:
    """A sphere of radius S meets pad and core: pull 2 pi r gamma sin(phi) = pi r^2 2 gamma / S.

    Sphere about (0, c): rim at distance S; at the core the angle between the spheres is theta.
    """
    sphere, centre, rim, radius, angle = 0.22, 0.10, 0.0, 0.15, radians(70.0)
    rim = sqrt(sphere**2 - centre**2)
    foot = radius * sin(angle)
    top = centre + sqrt(sphere**2 - foot**2)
    normal = pi - np.arcsin(foot / sphere)
    theta = normal - angle
    assert 0.0 < degrees(theta) < 180.0
    volume = zone_volume(rim, foot, top)
    volume -= pi * radius**3 / 3.0 * (2.0 + cos(angle)) * (1.0 - cos(angle)) ** 2
    gap = top + radius * cos(angle) - radius
    found = BridgeProblem(rim, SphereCore(radius), volume, degrees(theta), WEIGHTLESS).at(gap)
    assert found.force == pytest.approx(0.0, abs=1e-13)
    assert found.pressure == pytest.approx(2.0 * WEIGHTLESS.surface_tension / sphere, rel=1e-9)


@pytest.mark.parametrize("liquid", [WEIGHTLESS, SOLDER, SOLDER.inverted()])
@pytest.mark.parametrize("drop", [False, True])
def test_force_is_minus_the_derivative_of_the_energy(liquid: Liquid, drop: bool) -> None:
    """Virtual work on the core, at constant volume and with a sliding contact line."""
    core = frozen_drop(0.02) if drop else SphereCore(0.15)
    problem = BridgeProblem(0.18, core, 0.005, 35.0, liquid)
    gap, step = 0.03, 1e-4
    energies = [problem.at(gap + k * step).energy for k in (-2, -1, 1, 2)]
    slope = (energies[0] - 8 * energies[1] + 8 * energies[2] - energies[3]) / (12 * step)
    assert -slope == pytest.approx(problem.at(gap).force, rel=1e-6)


@pytest.mark.parametrize("liquid", [WEIGHTLESS, Liquid(0.45e-3, 0.7e-3)])
@pytest.mark.parametrize(("radius", "volume", "gap"), [(0.15, 0.0035, 0.03), (2.0, 0.006, 0.05)])
def test_lateral_stiffness_of_a_bridge(
    liquid: Liquid, radius: float, volume: float, gap: float
) -> None:
    """Solutions of the problem m = 1 are v = sin(phi) and v I, I = int ds / (r v^2) from the core.

    u = v (a + b I), u = v at the pad and u' + chi u = 0 on the core leave the force
    ``pi gamma / (I_pad + 1 / (r v (v' + chi v)))``, the last term at the contact line.
    """
    found = BridgeProblem(0.18, SphereCore(radius), volume, 40.0, liquid).at(gap)
    u = np.linspace(0.0, 1.0, 40001)
    r, _, phi = found.states(u).T
    inner = float(np.trapezoid(1.0 / (r * np.sin(phi) ** 2), u * found.length))
    bend = float(found.curvatures[0][-1])
    chi = found.upper.stiffness("upper", found.ends[1], bend, found.heights[1])
    v, slope = float(np.sin(phi[-1])), float(np.cos(phi[-1])) * bend
    wanted = pi * liquid.surface_tension / (inner + 1.0 / (r[-1] * v * (slope + chi * v)))
    assert lateral_stiffness(found) == pytest.approx(wanted, rel=1e-7)


def test_a_flat_core_lets_the_pad_go() -> None:
    """Radius to infinity: liquid slides along with the pad, the stiffness falls as 1/R."""
    soft = [
        lateral_stiffness(BridgeProblem(0.18, SphereCore(radius), 0.006, 40.0, WEIGHTLESS).at(0.05))
        for radius in (25.0, 50.0, 100.0)
    ]
    assert soft[0] / soft[1] == pytest.approx(2.0, rel=0.05)
    assert soft[1] / soft[2] == pytest.approx(2.0, rel=0.05)


def test_bridges_yield_one_after_the_other() -> None:
    """Sideways the core finds its own place between two springs: 1 / K = 1 / K_1 + 1 / K_2."""
    shape = shape_of_cored(replace(THIN, board_share=0.6, contact_angle=29.0), SOLDER)
    below, above = (lateral_stiffness(meniscus) for meniscus in shape.menisci)
    assert 1.0 / shape.lateral_stiffness == pytest.approx(1.0 / below + 1.0 / above, rel=1e-12)
    assert min(below, above) > 0.0


def test_a_drop_frozen_without_gravity_is_a_cut_sphere() -> None:
    """Its lower side acts on a bridge as the ball of the same radius does."""
    drop = frozen_drop(0.02)
    ball = SphereCore(0.5 * (drop.extent + 0.19**2 / drop.extent))
    assert drop.profile.max_radius == pytest.approx(ball.radius, rel=1e-6)
    for theta in (0.0, 23.0):
        found, wanted = (
            BridgeProblem(0.18, core, 0.004, theta, SOLDER).at(0.01) for core in (drop, ball)
        )
        assert found.volume == pytest.approx(0.004, rel=1e-10)
        assert found.force == pytest.approx(wanted.force, rel=1e-8)
        assert found.ends[1] == pytest.approx(wanted.ends[1], rel=1e-8)


@pytest.mark.parametrize(("shell", "regime"), [(0.012, "wrapped"), (0.004, "bridges")])
def test_a_frozen_drop_hangs_on_the_interposer(shell: float, regime: str) -> None:
    """It touches the board alone, with the load, its own weight and the liquid's pull."""
    lead = Liquid.of_density(0.46e-3, 10.5e-3)
    drop = replace(frozen_drop(0.02, lead), specific_weight=10.7e-3 * 9806.65e-6)
    joint = CoredJoint(0.18, 0.19, drop, shell)
    for load in (0.0, 1e-3):
        shape = shape_of_cored(joint, SOLDER, load)
        assert shape.regime == regime
        assert on_board(shape) == pytest.approx(load + weight_of(joint, SOLDER), rel=1e-8)
        assert shape.standoff >= drop.extent
    assert shape.standoff == drop.extent
    assert shape.menisci[0].volume == pytest.approx(
        shell + (drop.volume if regime == "wrapped" else 0.0), rel=1e-9
    )


def test_a_drop_needs_its_own_opening() -> None:
    with pytest.raises(InputError, match="opening"):
        CoredJoint(0.18, 0.20, frozen_drop(0.02), 0.01)
    with pytest.raises(InputError, match="all of the shell"):
        CoredJoint(0.18, 0.19, frozen_drop(0.02), 0.01, board_share=0.5)
