"""The ready-made packages load, add up, and hold every variant."""

from __future__ import annotations

import pickle
from math import isclose, pi, sqrt
from pathlib import Path

import numpy as np
import pytest

from bumpfem.design import (
    Array,
    Core,
    Joint,
    Mask,
    MetalBump,
    Neck,
    Package,
    Pad,
    Slab,
    broken_design_rules,
    variants,
)
from bumpfem.design.fit import solder_needed_beside_core
from bumpfem.errors import DesignRuleWarning, InputError

MESHES = Path(__file__).parents[2] / "meshes"
NAMES = ["pbga_0p80", "cbga_1p27", "csp_0p40"]
SIX = ["plain", "anchored", "masked", "cored", "necked", "metal_bump"]


def load(name: str) -> Package:
    return Package.load(MESHES / f"{name}.toml")


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_keeps_every_design_limit(name: str) -> None:
    package = load(name)
    assert package.name == name
    joints = variants(package, [*SIX, "cored+anchored", "masked+cored"])
    part = {"anchored": "anchor", "masked": "mask", "cored": "core", "necked": "neck"}
    for joint in joints:
        assert broken_design_rules(joint) == ()
        assert joint.solder == package.solder
        expected = {part.get(word, "bump") for word in joint.name.split("+") if word != "plain"}
        assert set(joint.parts) == expected


@pytest.mark.parametrize(
    ("name", "pitch", "count", "distance", "under_die"),
    [
        # corner or named joint at half the number of pitches in x and y, from the file's comment
        ("pbga_0p80", 0.80, 256, sqrt(2.0) * 4.5 * 0.80, True),
        ("cbga_1p27", 1.27, 361, sqrt(2.0) * 9.0 * 1.27, False),
        ("csp_0p40", 0.40, 100, sqrt(2.0) * 4.5 * 0.40, True),
    ],
)
def test_positions(name: str, pitch: float, count: int, distance: float, under_die: bool) -> None:
    package = load(name)
    positions = package.joint_positions()
    assert positions.shape == (count, 2)
    np.testing.assert_allclose(positions.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.diff(np.unique(positions[:, 0].round(9))), pitch)
    distances = package.distances_from_neutral_point()
    np.testing.assert_allclose(distances**2, (positions**2).sum(axis=1))
    assert package.distance_from_neutral_point == pytest.approx(distance)
    assert np.isclose(distances, distance).any()
    assert package.under_die is under_die


@pytest.mark.parametrize("name", NAMES)
def test_dimensions_add_up(name: str) -> None:
    """A stack that fits: pads below balls, resist below joints, array on the body."""
    package = load(name)
    width, length = package.body_size
    reach = np.abs(package.joint_positions()).max(axis=0) + package.ball_diameter / 2.0
    assert reach[0] <= width / 2.0
    assert reach[1] <= length / 2.0
    for pad in (package.interposer_pad, package.board_pad):
        assert 0.7 <= pad.wetted_diameter / package.ball_diameter <= 0.9  # table of lands
    mask, anchor = package.joint("masked").mask, package.joint("anchored").anchor
    assert mask is not None
    assert anchor is not None
    assert max(mask.depth, anchor.contact_height) < 0.7 * truncated_sphere(package)


def truncated_sphere(package: Package) -> float:
    """Stand-off of a ball between two wetted circles, by bisection of its volume, mm."""
    a, b = (p.wetted_diameter / 2.0 for p in (package.interposer_pad, package.board_pad))
    volume = pi / 6.0 * package.ball_diameter**3
    low, high = 0.0, package.ball_diameter
    for _ in range(60):
        h = 0.5 * (low + high)
        if pi * h / 6.0 * (3.0 * a * a + 3.0 * b * b + h * h) < volume:
            low = h
        else:
            high = h
    return high


@pytest.mark.parametrize("name", NAMES)
def test_collar_clears_the_reflowed_ball(name: str) -> None:
    """The widest place of the truncated sphere is inside the hole of the kept mask."""
    package = load(name)
    height = truncated_sphere(package)
    a, b = (p.wetted_diameter / 2.0 for p in (package.interposer_pad, package.board_pad))
    offset = (height**2 + b**2 - a**2) / (2.0 * height)
    radius = sqrt(offset**2 + a**2)
    mask = package.joint("masked").mask
    assert mask is not None
    assert 2.0 * radius < mask.narrow_diameter


def test_merged_joint_has_both_parts_unchanged() -> None:
    package = load("pbga_0p80")
    both = package.joint("cored+anchored")
    assert both.name == "cored+anchored"
    assert both.core == package.joint("cored").core
    assert both.anchor == package.joint("anchored").anchor
    assert both.mask is None
    assert package.joint("anchored+cored").parts == both.parts


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("metal_bump+cored", "already sets the stand-off"),
        ("metal_bump+masked", "no ball for a mask to hold"),
        ("metal_bump+necked", "a bump is melted whole"),
        ("necked+cored", "no solder to draw the neck from"),
        ("necked+masked", "alignment plate"),
        ("masked+anchored", "the collar covers the interposer"),
    ],
)
def test_combinations_that_make_no_sense(name: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        load("pbga_0p80").joint(name)


def test_merging_joints_that_disagree() -> None:
    package = load("pbga_0p80")
    thick = package.joints["cored"].model_copy(
        update={"name": "thick", "core": Core(diameter=0.31, material="copper")}
    )
    more = package.model_copy(update={"joints": {**package.joints, "thick": thick}})
    with pytest.raises(InputError, match="'cored', 'thick' differ in core"):
        more.joint("cored+thick")


def test_route_must_suit_what_is_already_fixed() -> None:
    """A fired bump cannot be dipped: its resin comes after."""
    with pytest.raises(InputError, match="fired on its pad before the resin comes"):
        load("cbga_1p27").joint("metal_bump+anchored")
    assert load("pbga_0p80").joint("metal_bump+anchored").parts == ("anchor", "bump")


def test_plain_needs_no_entry() -> None:
    package = load("pbga_0p80").model_copy(update={"joints": {}})
    plain = package.joint("plain")
    assert (plain.ball_diameter, plain.solder, plain.parts) == (0.45, "sac305", ())


def test_volumes() -> None:
    joint = Joint(
        name="x", ball_diameter=0.6, solder="sac305", paste_volume=0.01,
        core=Core(diameter=0.3, material="copper"),
    )  # fmt: skip
    assert joint.ball_volume == pytest.approx(pi * 0.6**3 / 6.0)
    assert joint.solder_volume == pytest.approx(pi * (0.216 - 0.027) / 6.0 + 0.01)
    assert joint.imposed_standoff == pytest.approx(0.33)


def test_solder_beside_core_against_quadrature() -> None:
    """The closed form of the volume under a sphere against the integral over rings."""
    joint = Joint(
        name="x", ball_diameter=0.6, solder="sac305",
        core=Core(diameter=0.4, material="copper", pad_gap=0.02),
    )  # fmt: skip
    pad = Pad(diameter=0.3, thickness=0.02)
    edges = np.linspace(0.0, 0.15, 20001)
    middle = 0.5 * (edges[1:] + edges[:-1])
    rings = 2.0 * pi * middle * (0.02 + 0.2 - np.sqrt(0.04 - middle**2)) * np.diff(edges)
    assert solder_needed_beside_core(joint, pad) == pytest.approx(rings.sum(), rel=1e-6)


def test_metal_bump_geometry() -> None:
    """A hemisphere is the cap whose height is its radius."""
    bump = MetalBump(
        metal="copper", pad_metal="titanium_tungsten", height=0.2, footprint_diameter=0.4,
        powder_thickness=0.1, packing=0.5, firing_temperature=1100.0, bond="weld",
    )  # fmt: skip
    assert bump.volume == pytest.approx(2.0 / 3.0 * pi * 0.2**3)
    assert bump.sphere_radius == pytest.approx(0.2)
    assert bump.maximum_diameter == pytest.approx(0.4)
    metal = 0.5 * 0.1 * pi / 4.0 * bump.powder_diameter**2
    assert metal == pytest.approx(bump.volume)
    assert bump.pad_material == "tungsten"
    assert bump.standoff == pytest.approx(0.2)


def test_bump_brings_its_pad_metal() -> None:
    package = load("pbga_0p80")
    assert package.interposer_pad_for(package.joint("metal_bump")).material == "tungsten"
    assert package.interposer_pad_for(package.joint("plain")).material == "copper"


def test_wetted_diameter() -> None:
    assert Pad(diameter=0.4, thickness=0.02).wetted_diameter == 0.4
    assert Pad(diameter=0.4, thickness=0.02, resist_opening=0.5).wetted_diameter == 0.4
    smd = Pad(diameter=0.4, thickness=0.02, definition="SMD", resist_opening=0.3)
    assert smd.wetted_diameter == 0.3


def test_perimeter_array() -> None:
    """Two rings of a 5 x 4 array leave out the inner 1 x 0; one ring leaves out 3 x 2."""
    assert len(Array(columns=5, rows=4, perimeter_rings=1).sites) == 20 - 6
    assert len(Array(columns=5, rows=4, perimeter_rings=2).sites) == 20
    assert (2, 1) not in Array(columns=5, rows=4, perimeter_rings=1).sites


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"mask": Mask(material="polyimide", depth=0.9, mouth_diameter=0.5)}, "mask.depth"),
        ({"mask": Mask(material="polyimide", depth=0.2, mouth_diameter=0.95)}, "mouth_diameter"),
        ({"neck": Neck(neck_diameter=0.2, neck_height=0.05, height_variation=0.12)}, "variation"),
    ],
)
def test_design_limits_warn(part: dict[str, object], words: str) -> None:
    with pytest.warns(DesignRuleWarning, match=words):
        joint = Joint(name="x", ball_diameter=0.45, solder="sac305", **part)
    assert len(broken_design_rules(joint)) == 1


def test_tapered_hole() -> None:
    mask = Mask(
        material="polyimide", depth=0.2, hole="tapered", mouth_diameter=0.6, base_diameter=0.5
    )
    assert mask.hole_diameter(0.0) == pytest.approx(0.6)
    assert mask.hole_diameter(0.1) == pytest.approx(0.55)
    assert mask.narrow_diameter == 0.5


def test_fixing_agent_must_let_go_first() -> None:
    mask = Mask(material="polyimide", depth=0.2, mouth_diameter=0.5, release_temperature=200.0)
    mask.check_release(217.0)
    with pytest.raises(InputError, match="would hold the ball while it melts"):
        mask.check_release(183.0)


def test_packages_survive_a_trip_to_another_process() -> None:
    package = load("csp_0p40")
    assert pickle.loads(pickle.dumps(package)) == package


def test_one_joint_alone_stands_at_the_neutral_point() -> None:
    package = Package(
        name="one", pitch=0.8, array=Array(columns=1, rows=1), solder="sac305",
        ball_diameter=0.45, interposer=Slab(material="fr4", thickness=0.3),
        board=Slab(material="fr4", thickness=1.6), interposer_pad=Pad(diameter=0.4, thickness=0.02),
        board_pad=Pad(diameter=0.4, thickness=0.02),
    )  # fmt: skip
    assert isclose(package.distance_from_neutral_point, 0.0)
