"""Solder in a hole against the sphere on a cylinder, energy and balance of forces."""

from __future__ import annotations

from dataclasses import replace
from math import pi, radians, sin, sqrt

import numpy as np
import pytest

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.bump import free_bump
from bumpfem.shapes.capillary.ends import Pinned
from bumpfem.shapes.capillary.hole import ConfinedSolder, section_force, solder_in_hole
from bumpfem.shapes.capillary.hole_wall import Hole
from bumpfem.shapes.capillary.liquid import Liquid

SOLDER = Liquid.of_density(0.45e-3, 7.38e-3)
WEIGHTLESS = SOLDER.weightless()
PAD = 0.19
#: Ball of 0.45 mm.
VOLUME = pi / 6.0 * 0.45**3


def swept(solder: ConfinedSolder) -> float:
    """Volume of the whole outline."""
    return sum(segment.swept_volume() for segment in solder.segments)


@pytest.mark.parametrize("radius", [0.225, 0.21, 0.20])
def test_weightless_solder_in_a_deep_cylinder_is_a_capsule(radius: float) -> None:
    """Sphere of the hole's radius at both ends: p = 2 gamma/R, contact from sqrt(R^2 - a^2).

    V = pi z (3 a^2 + 3 R^2 + z^2)/6 + pi R^2 L + 2 pi R^3/3 with z = sqrt(R^2 - a^2) gives the
    length L on the wall and the height z + L + R.
    """
    found = solder_in_hole(PAD, Hole(radius, radius, 0.0, 0.7), WEIGHTLESS, VOLUME)
    z = sqrt(radius**2 - PAD**2)
    zone = pi * z * (3.0 * PAD**2 + 3.0 * radius**2 + z**2) / 6.0
    length = (VOLUME - zone - 2.0 * pi * radius**3 / 3.0) / (pi * radius**2)
    assert found.contact == pytest.approx((z, z + length), abs=1e-9)
    assert found.top == pytest.approx(z + length + radius, abs=1e-9)
    assert found.pressure == pytest.approx(2.0 * WEIGHTLESS.surface_tension / radius, rel=1e-10)
    assert found.axial_force == pytest.approx(0.0, abs=1e-12)
    assert swept(found) == pytest.approx(VOLUME, rel=1e-8)


@pytest.mark.parametrize("angle", [110.0, 150.0])
def test_cap_leaves_the_wall_at_its_contact_angle(angle: float) -> None:
    """Weightless cap in a cylinder: sphere of R / -cos(theta); p = -2 gamma cos(theta) / R."""
    radius = 0.21
    found = solder_in_hole(PAD, Hole(radius, radius, 0.0, 0.8, angle), WEIGHTLESS, VOLUME)
    cosine = np.cos(radians(angle))
    expected = -2.0 * WEIGHTLESS.surface_tension * cosine / radius
    assert found.pressure == pytest.approx(expected, rel=1e-9)
    assert found.upper is not None
    cap = -radius / cosine * (1.0 - sin(radians(angle)))
    assert found.upper.height == pytest.approx(cap, abs=1e-9)
    assert float(found.upper.phi[0]) == pytest.approx(1.5 * pi - radians(angle), abs=1e-10)


def test_wide_hole_leaves_the_bump_free() -> None:
    found = solder_in_hole(PAD, Hole(0.28, 0.28, 0.0, 0.3), SOLDER, VOLUME)
    assert not found.touches
    assert found.top == pytest.approx(free_bump(VOLUME, 2.0 * PAD, SOLDER).height, abs=1e-10)
    assert found.contact is None
    gap = 0.28 - found.max_radius
    assert found.release_gap() == pytest.approx(gap, abs=1e-5)


def test_contact_begins_when_the_hole_is_as_wide_as_the_bump() -> None:
    """A hole a little narrower than the free bump: short contact, and a height close to its."""
    free = free_bump(VOLUME, 2.0 * PAD, SOLDER)
    radius = 0.5 * free.max_diameter - 2e-4
    found = solder_in_hole(PAD, Hole(radius, radius, 0.0, 0.5), SOLDER, VOLUME)
    assert found.touches
    assert found.contact is not None
    low, high = found.contact
    assert 0.0 < high - low < 0.02
    assert found.top == pytest.approx(free.height, abs=1e-3)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_solder_pressed_on_a_floor_is_in_balance(weight: float) -> None:
    """Blind hole: the floor carries p(h) pi r^2; section forces balance with the weight.

    With 180 degrees the surface leaves the floor level, so the floor's force has no line term.
    """
    liquid = Liquid(SOLDER.surface_tension, weight * SOLDER.specific_weight)
    hole = Hole(0.235, 0.235, 0.0, 0.35)
    found = solder_in_hole(PAD, hole, liquid, VOLUME, through=False)
    last = found.curves[-1]
    r, z, phi = last.ends[1]
    assert z == pytest.approx(hole.end, abs=1e-10)
    assert phi == pytest.approx(pi, abs=1e-10)
    floor = pi * r * r * (last.pressure - liquid.specific_weight * z)
    pad = section_force(found.lower, found.lower.ends[0])
    assert pad - liquid.specific_weight * VOLUME == pytest.approx(
        floor + found.axial_force, rel=1e-8
    )
    assert swept(found) == pytest.approx(VOLUME, rel=1e-8)


def test_tapered_hole_pushes_the_mask_off() -> None:
    """Force on the mask = pressure on the wall's projection, by quadrature along the contact.

    F = integral of p(z) 2 pi R (-dR/dz) dz for solder that does not wet (its surface leaves the
    wall tangentially, so the lines pull along the wall: gamma 2 pi R cos(180) tilt at both ends).
    """
    hole = Hole(0.232, 0.192, 0.0, 0.6)
    found = solder_in_hole(PAD, hole, SOLDER, VOLUME)
    assert found.contact is not None
    low, high = found.contact
    z = np.linspace(low, high, 4001)
    r = hole.mouth_radius + hole.taper * z
    pressure = found.pressure - SOLDER.specific_weight * z
    push = float(np.trapezoid(pressure * 2.0 * pi * r * -hole.taper, z))
    tilt = 1.0 / sqrt(1.0 + hole.taper**2)
    lines = 2.0 * pi * SOLDER.surface_tension * tilt * (r[-1] - r[0])
    assert found.axial_force > 0.0
    assert found.axial_force == pytest.approx(push + lines, rel=1e-6)


def energy(solder: ConfinedSolder) -> float:
    """Surface energy of all of the solder (on a wall it does not wet too) and its weight's, mJ.

    gamma A + w integral of pi r^2 z dz along the outline, by Gauss quadrature on every segment.
    """
    nodes, weights = np.polynomial.legendre.leggauss(400)
    liquid = solder.lower.liquid
    total = 0.0
    for segment in solder.segments:
        ends = np.array([0.5 * (1.0 + x) for x in nodes])
        step = 1e-6
        before = np.array([segment.at(max(x - step, 0.0)) for x in ends])
        after = np.array([segment.at(min(x + step, 1.0)) for x in ends])
        r, z = (0.5 * (before + after)).T
        by_r, by_z = ((after - before) / (2.0 * step)).T
        area = 0.5 * float(weights @ (2.0 * pi * r * np.hypot(by_r, by_z)))
        moment = 0.5 * float(weights @ (pi * r**2 * z * by_z))
        total += liquid.surface_tension * area + liquid.specific_weight * moment
    return total


@pytest.mark.parametrize(
    "hole",
    [Hole(0.232, 0.192, 0.0, 0.6), Hole(0.21, 0.21, 0.0, 0.18), Hole(0.225, 0.205, 0.0, 0.15)],
)
def test_force_on_the_mask_is_the_derivative_of_energy(hole: Hole) -> None:
    """F = -dE/dh as the mask is lifted by h at constant volume; 180 degrees, so E = gamma A + W.

    It holds only where both surfaces and the stretch on the wall are in equilibrium together. The
    second and third hole hold the solder at their edge.
    """
    shift = 2e-4
    lifted = [
        energy(solder_in_hole(PAD, replace(hole, mouth=sign * shift), SOLDER, VOLUME))
        for sign in (-1.0, 1.0)
    ]
    found = solder_in_hole(PAD, hole, SOLDER, VOLUME).axial_force
    assert found == pytest.approx(-(lifted[1] - lifted[0]) / (2.0 * shift), rel=2e-4)


def test_pressures_of_both_surfaces_agree() -> None:
    found = solder_in_hole(PAD, Hole(0.22, 0.20, 0.0, 0.5), SOLDER, VOLUME)
    assert found.upper is not None
    assert found.lower.pressure == pytest.approx(found.upper.pressure, rel=1e-9)


def test_shallow_hole_holds_the_solder_at_its_edge() -> None:
    """It bulges beyond the end wider than the hole: an undercut that keeps the mask on."""
    hole = Hole(0.21, 0.21, 0.0, 0.18)
    found = solder_in_hole(PAD, hole, SOLDER, VOLUME)
    assert found.contact is not None
    assert found.contact[1] == pytest.approx(hole.end, abs=1e-12)
    assert found.protrusion == pytest.approx(found.top - 0.18)
    assert found.upper is not None
    assert found.release_gap() == pytest.approx(0.21 - found.upper.max_radius, abs=1e-6)
    assert found.release_gap() < 0.0


def test_draft_and_cooling_release_the_mask() -> None:
    """A capsule touches its cylinder; cooling to strains e_m (mask) > e_s (solder) frees it.

    Gap = R (e_m - e_s) where the solder lies on the wall.
    """
    found = solder_in_hole(PAD, Hole(0.21, 0.21, 0.0, 0.7), SOLDER, VOLUME)
    assert found.release_gap() == pytest.approx(0.0, abs=1e-9)
    cooled = found.release_gap(hole_strain=-0.002, solder_strain=-0.005)
    assert cooled == pytest.approx(0.21 * 0.003, rel=1e-9)


def test_joint_between_two_pads_bulges_out_of_its_hole() -> None:
    """Rims 0.33 mm apart, hole 0.2 mm deep and narrower than the joint: same volume, one p."""
    found = solder_in_hole(
        PAD, Hole(0.225, 0.225, 0.0, 0.2), SOLDER, VOLUME, far=Pinned(0.18, 0.33)
    )
    assert found.touches
    assert swept(found) == pytest.approx(VOLUME, rel=1e-8)
    assert found.segments[-1].end == pytest.approx((0.18, 0.33), abs=1e-9)


@pytest.mark.parametrize(
    ("hole", "volume", "field"),
    [
        (Hole(0.18, 0.18, 0.0, 0.3), VOLUME, "hole.mouth_diameter"),
        (Hole(0.25, 0.25, 0.0, 0.3), -1.0, "volume"),
    ],
)
def test_impossible_holes_are_refused(hole: Hole, volume: float, field: str) -> None:
    with pytest.raises(InputError) as caught:
        solder_in_hole(PAD, hole, SOLDER, volume)
    assert caught.value.field == field


def test_blind_hole_smaller_than_the_ball_is_refused() -> None:
    """pi 0.22^2 0.25 = 0.0380 mm3 do not hold a ball of 0.0477 mm3."""
    hole = Hole(0.22, 0.22, 0.0, 0.25)
    assert hole.capacity == pytest.approx(pi * 0.22**2 * 0.25, rel=1e-12)
    with pytest.raises(InputError, match="do not fit"):
        solder_in_hole(PAD, hole, SOLDER, VOLUME, through=False)


@pytest.mark.parametrize("name", ["mouth_radius", "end_radius", "depth"])
def test_sizes_of_a_hole_are_checked(name: str) -> None:
    sizes = {"mouth_radius": 0.3, "end_radius": 0.3, "mouth": 0.0, "depth": 0.3, name: 0.0}
    with pytest.raises(InputError, match=name):
        Hole(**sizes)
