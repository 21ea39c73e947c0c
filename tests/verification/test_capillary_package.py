"""A package on its molten joints: balance of forces and moments."""

from __future__ import annotations

from math import radians, tan
from pathlib import Path

import numpy as np
import pytest

from bumpfem.design import Package
from bumpfem.errors import InputError
from bumpfem.shapes import joint_outline
from bumpfem.shapes.capillary import Liquid, mounted_joint
from bumpfem.shapes.capillary.package_equilibrium import JointField, float_package, weight_of

SOLDER = Liquid.of_density(0.45e-3, 7.1e-3)


def grid(columns: int = 4) -> np.ndarray:
    place = (np.arange(columns) - 0.5 * (columns - 1)) * 0.8
    return np.array([(x, y) for x in place for y in place])


def field(volumes: np.ndarray | None = None, **changes: np.ndarray) -> JointField:
    count = 16
    values = {
        "volumes": np.full(count, 0.047) if volumes is None else volumes,
        "board_pads": np.full(count, 0.36),
        "interposer_pads": np.full(count, 0.38),
        "offsets": np.zeros(count),
    }
    return JointField(grid(), liquid=SOLDER, **(values | changes))


def test_equal_joints_share_the_weight() -> None:
    """By symmetry each carries W / n, at the stand-off of one joint under that load."""
    found = float_package(field(), 16 * 5e-5)
    alone = mounted_joint(0.047, 0.36, 0.38, SOLDER, load=5e-5)
    assert found.height == pytest.approx(alone.standoff, rel=1e-9)
    assert found.forces == pytest.approx(5e-5, rel=1e-7)
    assert found.tilt == pytest.approx((0.0, 0.0), abs=1e-9)


def test_eccentric_weight_tilts_the_package() -> None:
    """Small tilt: slope = -W x_g / sum(K x^2), 1 % off for a shift of forces of a few per cent."""
    weight, shift = 16 * 5e-5, 0.1
    found = float_package(field(), weight, (shift, 0.0))
    stiffness = mounted_joint(0.047, 0.36, 0.38, SOLDER, load=5e-5).vertical_stiffness
    slope = -weight * shift / (stiffness * float((grid()[:, 0] ** 2).sum()))
    assert tan(radians(found.tilt[0])) == pytest.approx(slope, rel=1e-2)
    assert found.tilt[1] == pytest.approx(0.0, abs=1e-9)
    assert found.forces @ grid() == pytest.approx([weight * shift, 0.0], abs=1e-11)


def test_unequal_balls_balance() -> None:
    """Forces and moments balance with every volume, pad and offset different.

    The stiffness is the derivative of the forces by height: checked by lifting the weight.
    """
    random = np.random.default_rng(5)
    joints = field(
        0.047 * (1.0 + 0.05 * random.standard_normal(16)),
        board_pads=0.36 + 0.01 * random.standard_normal(16),
        offsets=0.01 * random.standard_normal(16),
    )
    weight, centre = 16 * 5e-5, (0.05, -0.1)
    found = float_package(joints, weight, centre)
    assert found.forces.sum() == pytest.approx(weight, rel=1e-8)
    moments = found.forces @ grid()
    assert moments == pytest.approx(weight * np.array(centre), abs=1e-11)
    plane = found.height + grid() @ found.slopes + joints.offsets
    assert found.standoffs == pytest.approx(plane, abs=1e-12)
    heavier = float_package(joints, weight * 1.001, centre)
    sunk = np.linalg.solve(found.stiffness, 0.001 * weight * np.array([1.0, *centre]))
    assert found.height - heavier.height == pytest.approx(sunk[0], rel=1e-2)


def test_designed_package_floats_as_its_joint_is_drawn(repository: Path) -> None:
    """All joints of a shipped package alike: the outline that is meshed, and no tilt."""
    package = Package.load(repository / "meshes" / "pbga_0p80.toml")
    joint = package.joint("plain")
    found = float_package(JointField.of(package, joint), weight_of(package))
    lip = 0.030 - 0.018
    assert found.height + lip == pytest.approx(joint_outline(package, joint).standoff, rel=1e-9)
    assert len(found.joints) == 256


def test_missing_ball_is_reported() -> None:
    """A ball of a tenth of the volume cannot bridge the gap: the error names the joint."""
    volumes = np.full(16, 0.047)
    volumes[5] = 0.002
    with pytest.raises(InputError, match="joint 5") as caught:
        float_package(field(volumes), 16 * 5e-5)
    assert "too small to bridge" in caught.value.reason


def test_package_tips_over() -> None:
    """A pull near the joints' strength leaves no stiffness against tilt."""
    with pytest.raises(InputError):
        float_package(field(), -16 * 2.6e-4, (0.3, 0.0))


def test_three_joints_in_line_hold_no_package() -> None:
    line = np.array([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)])
    with pytest.raises(InputError, match="not on one line"):
        JointField.alike(line, 0.047, 0.36, 0.38, SOLDER)
