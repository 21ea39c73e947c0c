"""Cored joints: limits in closed form, balances of force and volume, the change of regime."""

from __future__ import annotations

from dataclasses import replace
from math import pi
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from bumpfem.errors import InputError
from bumpfem.shapes.capillary import Liquid, Pinned, solve_meridian
from bumpfem.shapes.capillary.core_body import SphereCore
from bumpfem.shapes.capillary.cored import cored_joint, shape_of_cored, wrapped
from bumpfem.shapes.capillary.cored_bridges import bridges
from bumpfem.shapes.capillary.cored_joint import CoredJoint
from bumpfem.shapes.spheres import zone_height
from tests.support.cored import (
    COPPER,
    JOINT,
    PLASTIC,
    SOLDER,
    THIN,
    WEIGHTLESS,
    frozen_drop,
    on_board,
    weight_of,
)


@pytest.mark.parametrize("radius", [0.05, 0.1, 0.13])
def test_wrapped_core_without_gravity_is_the_truncated_sphere(radius: float) -> None:
    """No load, no weight: the zone's cubic for shell + core, whatever the core inside.

    The core is small enough to float: the spherical zone is taller than it.
    """
    total = 0.0477
    core = SphereCore(radius)
    joint = CoredJoint(0.18, 0.19, core, total - core.volume)
    shape = shape_of_cored(joint, WEIGHTLESS)
    assert shape.regime == "wrapped"
    assert shape.standoff == pytest.approx(zone_height(0.18, 0.19, total), rel=1e-9)
    assert shape.menisci[0].volume == pytest.approx(total, rel=1e-10)
    assert shape.contact_force == pytest.approx(0.0, abs=1e-15)
    assert not shape.carried_by_core


@pytest.mark.parametrize("load", [0.0, 2e-5, 1e-4])
def test_vanishing_core_leaves_the_plain_joint(load: float) -> None:
    """A core of 1 um in a ball of 0.45 mm: stand-off of a plain joint of the same volume."""
    volume = pi / 6.0 * 0.45**3
    joint = CoredJoint(0.18, 0.19, SphereCore(5e-4, SOLDER.specific_weight), volume)
    plain = solve_meridian(Pinned(0.18, 0.0), Pinned(0.19, None), SOLDER, volume=volume, force=load)
    found = shape_of_cored(joint, SOLDER, load)
    assert found.standoff == pytest.approx(plain.height, rel=1e-7)


@pytest.mark.parametrize("load", [0.0, 5e-5, 3e-4, 2e-3])
@pytest.mark.parametrize("joint", [JOINT, THIN], ids=["wrapped", "bridges"])
def test_contact_is_one_sided(joint: CoredJoint, load: float) -> None:
    """F + N = W on the interposer, N (h - h_c) = 0, N >= 0, h >= h_c."""
    shape = shape_of_cored(joint, SOLDER, load)
    assert shape.regime == ("wrapped" if joint is JOINT else "bridges")
    assert shape.menisci[-1].force + shape.contact_force == pytest.approx(load, abs=1e-13)
    over = shape.standoff - joint.contact_standoff
    assert over >= 0.0
    assert shape.contact_force >= 0.0
    assert over * shape.contact_force == pytest.approx(0.0, abs=1e-16)
    assert on_board(shape) == pytest.approx(load + weight_of(joint, SOLDER), rel=1e-9)


@pytest.mark.parametrize("density", [COPPER, PLASTIC])
@pytest.mark.parametrize("load", [0.0, 5e-4])
def test_a_heavy_core_rests_on_the_board_and_a_light_one_floats(
    density: float, load: float
) -> None:
    """Archimedes: the core's contacts differ by (w_core - w_melt) V_core; the smaller is 0 at rest.

    The board carries all: load, shell and core.
    """
    core = SphereCore(0.13, density)
    joint = CoredJoint(0.18, 0.19, core, 0.0477 - core.volume)
    shape = shape_of_cored(joint, SOLDER, load)
    net = (density - SOLDER.specific_weight) * core.volume
    assert shape.board_contact_force - shape.contact_force == pytest.approx(net, abs=1e-14)
    assert on_board(shape) == pytest.approx(load + weight_of(joint, SOLDER), rel=1e-9)
    if load == 0.0:
        assert min(shape.board_contact_force, shape.contact_force) == pytest.approx(0.0, abs=1e-14)
        assert shape.core_height == pytest.approx(
            0.0 if density == COPPER else shape.standoff - 0.26, abs=1e-12
        )


def test_the_core_keeps_the_standoff_that_a_plain_joint_loses() -> None:
    """Under 2 mN a plain joint of 0.45 mm falls below 0.30 mm; the core does not, and carries."""
    plain = solve_meridian(
        Pinned(0.18, 0.0), Pinned(0.19, None), SOLDER, volume=JOINT.total_volume, force=5e-4
    )
    kept = shape_of_cored(JOINT, SOLDER, 5e-4)
    assert plain.height < 0.25
    assert kept.standoff == JOINT.contact_standoff == 0.30
    assert kept.contact_force == pytest.approx(5e-4 - kept.menisci[0].force, rel=1e-12)


@pytest.mark.parametrize("liquid", [WEIGHTLESS, SOLDER])
@pytest.mark.parametrize("pads", [(0.18, 0.18), (0.18, 0.19)])
def test_regimes_join_without_a_jump_at_vanishing_contact_angle(
    liquid: Liquid, pads: tuple[float, float]
) -> None:
    """Where the meniscus touches the core, bridges at 0 degrees and equal pressure are the same.

    Contact forces and pressures agree to the first order of the distance from that volume, and
    the bare belt vanishes with it.
    """
    base = CoredJoint(*pads, SphereCore(0.15, COPPER), 0.0115)

    def clearance(volume: float) -> float:
        found = wrapped(replace(base, shell_volume=volume), liquid)
        assert found is not None
        return found.clearance

    volume = float(brentq(clearance, 0.009, 0.013, xtol=1e-14))
    touching = wrapped(replace(base, shell_volume=volume), liquid)
    assert touching is not None
    jumps, belts = [], []
    for less in (1e-3, 1e-4):
        parted = bridges(replace(base, shell_volume=volume * (1.0 - less)), liquid)
        jumps.append(abs(parted.contact_force / touching.contact_force - 1.0))
        belts.append(-parted.clearance)
        assert sum(m.volume for m in parted.menisci) == pytest.approx(volume * (1 - less), rel=1e-9)
    assert jumps[1] < 3e-4
    assert jumps[0] / jumps[1] == pytest.approx(10.0, rel=0.1)
    assert belts[0] / belts[1] == pytest.approx(10.0, rel=0.1)
    assert belts[1] < 1e-4


def test_equal_pressure_of_equal_pads_shares_equally() -> None:
    """Symmetry without gravity; with it the board's bridge holds more."""
    joint = CoredJoint(0.18, 0.18, SphereCore(0.15), 0.008)
    lower, upper = shape_of_cored(joint, WEIGHTLESS).menisci
    assert lower.volume == pytest.approx(0.004, rel=1e-9)
    assert upper.force == pytest.approx(lower.force, rel=1e-9)
    heavy = shape_of_cored(joint, SOLDER).menisci
    assert heavy[0].volume > heavy[1].volume
    assert heavy[0].pressure == pytest.approx(heavy[1].pressure, rel=1e-9)


def test_given_share_is_kept() -> None:
    shape = shape_of_cored(replace(THIN, board_share=0.6, contact_angle=29.0), SOLDER)
    volumes = [meniscus.volume for meniscus in shape.menisci]
    assert volumes == pytest.approx([0.6 * 0.008, 0.4 * 0.008], rel=1e-9)


def test_plain_way_in() -> None:
    """Ball 0.45, core 0.30 mm: shell volume pi (D^3 - d^3) / 6; stand-off = core under load."""
    shape = cored_joint(
        ball_diameter=0.45, core_diameter=0.30, board_pad_diameter=0.36,
        interposer_pad_diameter=0.38, liquid=SOLDER, load=1e-3, core_density=8.96e-3,
    )  # fmt: skip
    assert shape.joint.shell_volume == pytest.approx(pi / 6.0 * (0.45**3 - 0.3**3), rel=1e-12)
    assert shape.standoff == pytest.approx(0.30, rel=1e-12)
    assert shape.contact_force > 9e-4
    with pytest.raises(InputError) as caught:
        cored_joint(
            ball_diameter=0.3, core_diameter=0.3, board_pad_diameter=0.36,
            interposer_pad_diameter=0.38, liquid=SOLDER,
        )  # fmt: skip
    assert (caught.value.field, caught.value.unit) == ("core_diameter", "mm")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"board_radius": 0.0}, "board_radius"),
        ({"interposer_radius": -0.1}, "interposer_radius"),
        ({"shell_volume": 0.0}, "shell_volume"),
        ({"shell_volume": float("nan")}, "shell_volume"),
        ({"gap": -0.01}, "gap"),
        ({"contact_angle": 200.0}, "contact_angle"),
        ({"board_share": 1.0}, "board_share"),
    ],
)
def test_impossible_values_are_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        replace(JOINT, **values)
    assert caught.value.field == field


def test_a_shell_too_small_to_bridge_is_refused() -> None:
    """0.0002 mm3 cannot wet a pad 0.36 mm wide and reach the ball."""
    with pytest.raises(InputError, match="no liquid bridge"):
        shape_of_cored(replace(JOINT, shell_volume=2e-4), SOLDER)


@pytest.mark.parametrize("shell", [0.03, 0.007], ids=["wrapped", "bridges"])
def test_a_recessed_pad_lets_the_core_down(shell: float) -> None:
    """A core that dips 8 um into an opening stands as on a flat pad with a gap of -8 um.

    The rims come closer by the recess; without gravity nothing else knows of it, so the same
    meniscus follows for a gap enlarged by it.
    """
    joint = CoredJoint(0.18, 0.18, SphereCore(0.15), shell, board_share=0.5)
    sunk = replace(joint, board_recess=0.008, interposer_recess=0.008)
    lifted = replace(sunk, gap=0.008)
    shape = shape_of_cored(sunk, WEIGHTLESS, 1e-3)
    assert shape.standoff == pytest.approx(0.30 - 0.016, rel=1e-12)
    assert shape.core_height == pytest.approx(-0.008, abs=1e-12)
    assert sum(m.volume for m in shape.menisci) == pytest.approx(
        joint.total_volume if shape.regime == "wrapped" else shell, rel=1e-9
    )
    flat, same = (shape_of_cored(j, WEIGHTLESS, 1e-3) for j in (joint, lifted))
    assert same.standoff == pytest.approx(flat.standoff, rel=1e-12)
    assert same.contact_force == pytest.approx(flat.contact_force, rel=1e-12)


@pytest.mark.parametrize("joint", [JOINT, THIN], ids=["wrapped", "bridges"])
def test_shapes_draw_themselves(joint: CoredJoint) -> None:
    """Two pads, two resists, one or two pieces of solder and a core, each with its mirror image."""
    shape = shape_of_cored(joint, SOLDER, 1e-3)
    picture = shape._repr_svg_()
    assert picture.count("<polygon") == 2 * (5 + len(shape.menisci))
    assert "stand-off 0.3 mm" in picture
    assert len(shape.plot().patches) == 2 * (5 + len(shape.menisci))


def test_outlines_of_cores_have_their_volumes() -> None:
    """Volume of revolution of the drawn outline, by the trapezoidal rule on 129 points."""
    for core in (SphereCore(0.15), frozen_drop(0.02)):
        points = core.outline(0.1)
        assert points[0] == pytest.approx([0.0, 0.1], abs=1e-12)
        swept = np.trapezoid(pi * points[:, 0] ** 2, points[:, 1])
        assert swept == pytest.approx(core.volume, rel=1e-3)


def test_a_core_does_not_pull() -> None:
    """Pulled harder than its solder holds, the joint tears off like the plain one."""
    free = shape_of_cored(JOINT, SOLDER, -1e-4)
    assert free.standoff > JOINT.contact_standoff
    assert free.contact_force == 0.0
    assert free.menisci[-1].force == pytest.approx(-1e-4, abs=1e-12)
    for pull in (-5e-4, -1e-2):
        with pytest.raises(InputError, match="tears off"):
            shape_of_cored(JOINT, SOLDER, pull)
