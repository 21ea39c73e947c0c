"""Mounted joints and bumps over the whole range, and where they end."""

from __future__ import annotations

from math import pi
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from bumpfem.design import Package
from bumpfem.errors import InputError
from bumpfem.shapes import joint_outline
from bumpfem.shapes.capillary import Liquid, free_bump, mounted_joint
from bumpfem.shapes.spheres import ball_volume

SOLDER = Liquid.of_density(0.45e-3, 7.1e-3)
VOLUME = ball_volume(0.45)


def test_load_and_standoff_agree() -> None:
    """What a load settles at carries that load when it is held there, squeezed or stretched."""
    for load in (-2e-4, 0.0, 3e-4, 1e-3, 1e-2):
        settled = mounted_joint(VOLUME, 0.35, 0.3, SOLDER, load=load)
        held = mounted_joint(VOLUME, 0.35, 0.3, SOLDER, standoff=settled.standoff)
        assert held.force == pytest.approx(load, abs=1e-9)
        assert held.volume == pytest.approx(VOLUME, rel=1e-10)


def test_family_from_puddle_to_hourglass_is_smooth() -> None:
    """Force falls and narrows with the stand-off until the joint is at its strongest."""
    joints = [
        mounted_joint(VOLUME, 0.35, 0.35, SOLDER, standoff=h)
        for h in (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
    ]
    forces = [joint.force for joint in joints]
    assert all(np.diff(forces[:7]) < 0.0)
    assert all(np.diff([joint.max_diameter for joint in joints]) <= 1e-9)
    assert [joint.neck_diameter is not None for joint in joints] == [False] * 6 + [True] * 3
    assert [bool(joint.notes) for joint in joints] == [True] * 4 + [False] * 5


def test_flat_puddle_carries_its_capillary_pressure() -> None:
    """Far squeezed, non-wetting: F = pi R^2 2 gamma / H to order H / R, R to the contact line."""
    joint = mounted_joint(VOLUME, 0.35, 0.35, SOLDER, standoff=0.01)
    radius = 0.5 * joint.spread_diameters[0]
    assert joint.force == pytest.approx(pi * radius**2 * 0.9e-3 / 0.01, rel=0.01)


def test_spreading_keeps_the_contact_angle_of_the_resist() -> None:
    joint = mounted_joint(VOLUME, 0.35, 0.35, SOLDER, load=1e-3, resist_contact_angle=140.0)
    assert joint.contact_angles == pytest.approx((140.0, 140.0), abs=1e-6)
    assert min(joint.spread_diameters) > 0.35
    assert len(joint.notes) == 2


def test_only_the_smaller_pad_floods() -> None:
    joint = mounted_joint(VOLUME, 0.35, 0.1, SOLDER, load=5e-4)
    assert joint.spread_diameters[0] is None
    assert joint.spread_diameters[1] > 0.1
    assert "interposer" in joint.notes[0]


@pytest.mark.parametrize(
    ("arguments", "field", "reason"),
    [
        ({"standoff": 0.8}, "standoff", "too small to bridge"),
        ({"load": -3e-4}, "load", "tears"),
        ({"volume": 1e-4, "standoff": 0.2}, "standoff", "too small to bridge"),
        ({"volume": 0.0}, "volume", ""),
        ({"board_pad_diameter": -1.0}, "board_pad_diameter", ""),
        ({"standoff": 0.0}, "standoff", ""),
        ({"load": float("nan")}, "load", ""),
        ({"load": 1e-4, "standoff": 0.3}, "load", "a given stand-off"),
        ({"resist_contact_angle": 80.0}, "resist_contact_angle", ""),
    ],
)
def test_no_equilibrium_is_refused(arguments: dict[str, float], field: str, reason: str) -> None:
    values = {"volume": VOLUME, "board_pad_diameter": 0.35, "interposer_pad_diameter": 0.35}
    with pytest.raises(InputError) as caught:
        mounted_joint(**(values | arguments), liquid=SOLDER)
    assert caught.value.field == field
    assert reason in caught.value.reason
    assert caught.value.unit


def test_strongest_pull_is_where_the_stiffness_ends() -> None:
    """The refused load names the largest pull; there the force by stand-off is stationary."""
    with pytest.raises(InputError) as caught:
        mounted_joint(VOLUME, 0.35, 0.35, SOLDER, load=-3e-4)
    strongest = float(caught.value.allowed.removeprefix(">= "))
    pulls = [
        mounted_joint(VOLUME, 0.35, 0.35, SOLDER, standoff=h).force
        for h in np.linspace(0.48, 0.54, 25)
    ]
    assert strongest == pytest.approx(min(pulls), rel=2e-3)


@pytest.mark.parametrize(
    ("ball", "pad"), [(9.0, 7.0), (10.0, 8.0), (10.0, 9.0), (20.0, 20.0), (3.0, 0.3), (0.45, 4.0)]
)
def test_joints_beyond_the_capillary_length(ball: float, pad: float) -> None:
    """Without load: the meridian shot downwards from the upper pad meets the lower line.

    An initial-value problem (DOP853, 1e-11) with the pressure that was found; its volume is the
    ball's, and no force acts on the upper pad.
    """
    volume = ball_volume(ball)
    found = mounted_joint(volume, pad, pad, SOLDER)
    assert found.force == pytest.approx(0.0, abs=1e-12 * ball)
    assert found.volume == pytest.approx(volume, rel=1e-9)
    curve, weight = found.meridian, SOLDER.specific_weight

    def slopes(_: float, y: np.ndarray) -> list[float]:
        r, z, phi, _ = y
        bend = (curve.pressure - weight * z) / SOLDER.surface_tension - np.sin(phi) / r
        return [-np.cos(phi), -np.sin(phi), -bend, np.pi * r * r * np.sin(phi)]

    start = [*curve.ends[1], 0.0]
    shot = solve_ivp(slopes, (0.0, curve.length), start, "DOP853", rtol=1e-11, atol=1e-13)
    assert shot.y[:3, -1] == pytest.approx(curve.ends[0], rel=1e-6, abs=1e-7 * ball)
    assert shot.y[3, -1] == pytest.approx(volume, rel=1e-7)


def test_large_drop_is_as_high_as_its_puddle() -> None:
    """The edge of a puddle adds ``1 / (3 R)``-like terms to the level height 2 a sin(theta / 2)."""
    level = 2.0 * SOLDER.capillary_length
    heights = [free_bump(ball_volume(d), 1.0, SOLDER).height / level - 1.0 for d in (15.0, 20.0)]
    assert 0.0 < heights[1] < heights[0] < 0.06


@pytest.mark.parametrize(
    ("arguments", "field", "limit"),
    [
        ({"load": -1e3}, "load", ">= -0.000249"),
        ({"load": -3e-4}, "load", ">= -0.000249"),
        ({"standoff": 500.0}, "standoff", "<= 0.78"),
        ({"board_pad_diameter": 100.0}, "board_pad_diameter", "<= 4.95"),
        ({"interposer_pad_diameter": 1e-3}, "interposer_pad_diameter", ">= 0.0225"),
        ({"volume": 1e6, "board_pad_diameter": 100.0}, "volume", "<= 44"),
    ],
)
def test_limits_are_told(arguments: dict[str, float], field: str, limit: str) -> None:
    """Whatever was asked for, the same end of the family, and never how the solver failed."""
    values = {"volume": VOLUME, "board_pad_diameter": 0.35, "interposer_pad_diameter": 0.35}
    with pytest.raises(InputError) as caught:
        mounted_joint(**(values | arguments), liquid=SOLDER)
    assert caught.value.field == field
    assert caught.value.allowed.startswith(limit)
    assert "Newton" not in str(caught.value)


def test_largest_hanging_drop_hangs() -> None:
    """The refused volume names the limit, at which the drop still hangs."""
    with pytest.raises(InputError) as caught:
        free_bump(10.0, 0.35, SOLDER, hanging=True)
    most = float(caught.value.allowed.removeprefix("<= "))
    assert free_bump(0.999 * most, 0.35, SOLDER, hanging=True).height > 1.0
    carried = np.pi * 0.35 * SOLDER.surface_tension / SOLDER.specific_weight
    assert 0.7 * carried < most < carried  # Harkins and Brown: less than the whole rim carries


def test_film_under_a_wide_ceiling_falls() -> None:
    """Rayleigh and Taylor: J1's first zero, 3.8317 capillary lengths, is the widest radius."""
    widest = 2.0 * 3.8317 * SOLDER.capillary_length
    assert free_bump(0.5, 0.97 * widest, SOLDER, hanging=True).margins.lateral > 0.0
    with pytest.raises(InputError) as caught:
        free_bump(0.5, 1.01 * widest, SOLDER, hanging=True)
    assert caught.value.field == "pad_diameter"


def test_weight_flattens_a_bump_and_stretches_a_hanging_one() -> None:
    heights = [
        free_bump(VOLUME, 0.35, liquid, hanging=hanging).height
        for liquid, hanging in ((SOLDER, False), (SOLDER.weightless(), False), (SOLDER, True))
    ]
    assert heights[0] < heights[1] < heights[2]


def test_large_bump_hangs_on_or_falls() -> None:
    """2 mm3 (14 mg) hang on a pad of 0.35 mm: pi d gamma = 0.49 mN hold 0.14 mN; 10 mm3 do not."""
    assert free_bump(2.0, 0.35, SOLDER, hanging=True).height > 1.5
    with pytest.raises(InputError, match="fall off"):
        free_bump(10.0, 0.35, SOLDER, hanging=True)


def test_flood_of_solder_lies_on_the_resist() -> None:
    """30 mm3 on a pad of 0.35 mm: a puddle whose line is far outside the pad."""
    found = free_bump(30.0, 0.35, SOLDER, resist_contact_angle=150.0)
    assert found.contact == "resist"
    assert found.base_diameter > 2.0
    assert found.contact_angle == pytest.approx(150.0, abs=1e-6)
    assert "spread over the resist" in found.notes[0]


def test_pictures() -> None:
    """A notebook shows vector graphics; a plot has one patch per part and side."""
    joint = mounted_joint(VOLUME, 0.35, 0.35, SOLDER)
    assert joint._repr_svg_().startswith("<svg")
    assert len(joint.plot().patches) == 2 * 5
    bump = free_bump(VOLUME, 0.35, SOLDER)
    assert "height" in bump._repr_svg_()
    assert len(bump.plot().patches) == 2 * 3


def test_designed_joint_draws_itself(repository: Path) -> None:
    """Every body of a shape is a patch with a colour, left and right of the axis."""
    package = Package.load(repository / "meshes" / "pbga_0p80.toml")
    shape = joint_outline(package, package.joint("cored+anchored"))
    assert shape._repr_svg_().count("<polygon") == 2 * len(shape.bodies)
    assert len(shape.plot().patches) == 2 * len(shape.bodies)
