"""Joint shapes: volume is conserved, parts sit where they must, impossible joints are refused."""

from __future__ import annotations

import warnings
from math import hypot, pi, sqrt
from pathlib import Path
from typing import Any

import pytest

from bumpfem.design import Joint, Package
from bumpfem.errors import InputError
from bumpfem.shapes import Arc, JointShape, joint_outline

PACKAGES = ("pbga_0p80", "cbga_1p27", "csp_0p40")
JOINTS = (
    "plain", "anchored", "masked", "cored", "necked", "metal_bump", "cored+anchored",
    "masked+cored",
)  # fmt: skip


@pytest.fixture(scope="module")
def pbga(repository: Path) -> Package:
    return Package.load(repository / "meshes" / "pbga_0p80.toml")


def changed(package: Package, name: str, part: str = "", /, **values: Any) -> Joint:
    """A ready-made joint with other values, of itself or of one of its parts."""
    data = package.joint(name).model_dump()
    (data[part] if part else data).update(values)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Joint(**data)


@pytest.mark.parametrize("name", JOINTS)
@pytest.mark.parametrize("package_name", PACKAGES)
def test_solder_volume_is_conserved(repository: Path, package_name: str, name: str) -> None:
    """Solder in the shape = ball - core + paste; a bump has its cap's volume, core its sphere's."""
    package = Package.load(repository / "meshes" / f"{package_name}.toml")
    joint = package.joint(name)
    shape = joint_outline(package, joint)
    if joint.bump is None:
        assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)
    else:
        assert shape.region_volume("bump") == pytest.approx(joint.bump.volume, rel=1e-9)
    if joint.core is not None:
        assert shape.region_volume("core") == pytest.approx(joint.core_volume, rel=1e-9)
    if joint.imposed_standoff is not None:
        assert shape.standoff == pytest.approx(joint.imposed_standoff, rel=1e-12)


def test_standoff_of_the_plain_joint_solves_the_zone_cubic(pbga: Package) -> None:
    """h^3 + 3 (a^2 + b^2) h = 6 V / pi between the rims; V without the plug in the SMD opening."""
    shape = joint_outline(pbga, pbga.joint("plain"))
    a, b, lip = 0.18, 0.19, 0.030 - 0.018
    volume = pi / 6.0 * 0.45**3 - pi * b**2 * lip
    height = shape.standoff - lip
    assert height**3 + 3.0 * (a**2 + b**2) * height == pytest.approx(6.0 * volume / pi, rel=1e-10)
    (arc,) = shape.outline.segments
    assert isinstance(arc, Arc)
    assert arc.centre[0] == 0.0
    assert shape.max_diameter == pytest.approx(2.0 * arc.radius, rel=1e-12)


@pytest.mark.parametrize("standoff", [0.27, 0.3117, 0.36, 0.42])
def test_imposed_standoff_keeps_the_volume(pbga: Package, standoff: float) -> None:
    joint = changed(pbga, "plain", standoff=standoff)
    shape = joint_outline(pbga, joint)
    assert shape.standoff == standoff
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)


def test_meniscus_is_tangent_to_the_layer_and_ends_at_its_height(pbga: Package) -> None:
    """The fillet starts on the ball 0.12 mm from the resist and runs level into 0.06 mm."""
    shape = joint_outline(pbga, pbga.joint("anchored"))
    (resin,) = [body for body in shape.bodies if body.region == "resin"]
    fillet = resin.loop[0]
    assert isinstance(fillet, Arc)
    surface = shape.interposer_surface - 0.030
    assert fillet.start[1] == pytest.approx(surface - 0.12, abs=1e-9)
    assert fillet.end[1] == pytest.approx(surface - 0.06, abs=1e-12)
    assert fillet.centre[0] == pytest.approx(fillet.end[0], abs=1e-12)
    assert fillet.centre[1] < fillet.end[1]
    sphere = shape.outline.segments[0]
    assert isinstance(sphere, Arc)
    on_ball = hypot(fillet.start[0], fillet.start[1] - sphere.centre[1])
    assert on_ball == pytest.approx(sphere.radius, abs=1e-9)


def test_paste_lies_between_pad_and_ball(pbga: Package) -> None:
    """A paste disc of 0.02 mm: V = pi r^2 t, and the solder ends at its face."""
    joint = changed(
        pbga, "anchored", "anchor", fixing="paste", paste_filler="silver",
        paste_material="silver_paste", paste_thickness=0.02,
    )  # fmt: skip
    shape = joint_outline(pbga, joint)
    assert shape.region_volume("attach") == pytest.approx(pi * 0.19**2 * 0.02, rel=1e-12)
    assert shape.interposer_face == pytest.approx(shape.board_face + shape.standoff - 0.02)
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)


def widest_in_hole(shape: JointShape, depth: float) -> float:
    """Largest radius of the outline within the depth of a hole on the resist."""
    mouth = shape.interposer_surface - 0.030
    return max(
        float(r)
        for segment in shape.outline.segments
        for r, z in segment.points(501)
        if z >= mouth - depth
    )


@pytest.mark.parametrize(("contact", "gap"), [("free", 0.005), ("bonded", 0.0)])
def test_hole_limits_the_outline(pbga: Package, contact: str, gap: float) -> None:
    """In a hole of 0.46 mm the ball becomes taller; it keeps 5 um from a free wall."""
    joint = changed(pbga, "masked", "mask", mouth_diameter=0.46, wall_contact=contact)
    shape = joint_outline(pbga, joint)
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)
    assert shape.standoff > joint_outline(pbga, pbga.joint("plain")).standoff
    assert widest_in_hole(shape, 0.18) == pytest.approx(0.23 - gap, abs=1e-9)
    assert "mask" in shape.regions


def test_wide_hole_changes_nothing(pbga: Package) -> None:
    plain, masked = (joint_outline(pbga, pbga.joint(name)) for name in ("plain", "masked"))
    assert masked.standoff == plain.standoff
    assert masked.outline == plain.outline


def test_removed_mask_leaves_only_its_outline(pbga: Package) -> None:
    joint = changed(pbga, "masked", "mask", mouth_diameter=0.46, kept=False)
    shape = joint_outline(pbga, joint)
    assert "mask" not in shape.regions
    assert widest_in_hole(shape, 0.18) == pytest.approx(0.225, abs=1e-9)


def test_thin_shell_forms_two_fillets(pbga: Package) -> None:
    """0.42 mm core in a 0.45 mm ball: fillets at 30 degrees to the core, belt bare."""
    joint = changed(pbga, "cored", "core", diameter=0.42)
    shape = joint_outline(pbga, joint)
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)
    assert len([b for b in shape.bodies if b.region == "solder"]) == 2
    below, belt, _ = shape.outline.segments
    assert isinstance(below, Arc)
    assert isinstance(belt, Arc)
    foot = below.end
    to_core = (foot[0], foot[1] - belt.centre[1])
    to_arc = (foot[0] - below.centre[0], foot[1] - below.centre[1])
    cosine = (to_core[0] * to_arc[0] + to_core[1] * to_arc[1]) / (belt.radius * below.radius)
    assert abs(cosine) == pytest.approx(sqrt(3.0) / 2.0, abs=1e-9)


def test_between_wrap_and_fillets_the_belt_is_coated(pbga: Package) -> None:
    joint = changed(pbga, "cored", "core", diameter=0.40)
    joint = joint.model_copy(update={"ball_diameter": 0.46})
    shape = joint_outline(pbga, joint)
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)
    assert shape.max_diameter == pytest.approx(0.40 + 2 * 0.012, rel=1e-12)
    assert "coats" in shape.notes[0]


def test_neck_is_smooth_and_as_thin_and_high_as_asked(pbga: Package) -> None:
    """Head and neck share their tangent: their centres and the joint lie on one line."""
    shape = joint_outline(pbga, pbga.joint("necked"))
    head, neck = shape.outline.segments[:2]
    assert isinstance(head, Arc)
    assert isinstance(neck, Arc)
    between = hypot(neck.centre[0] - head.centre[0], neck.centre[1] - head.centre[1])
    assert between == pytest.approx(head.radius + neck.radius, rel=1e-9)
    assert neck.radius_range[0] == pytest.approx(0.14, abs=1e-12)
    assert neck.end[1] - neck.start[1] == pytest.approx(0.05, abs=1e-9)
    assert shape.neck_diameter == pytest.approx(0.28, abs=1e-9)
    assert shape.max_diameter > shape.neck_diameter


def test_given_head_leaves_the_rest_to_a_fillet(pbga: Package) -> None:
    joint = changed(pbga, "necked", "neck", head_diameter=0.44)
    joint = joint.model_copy(update={"paste_volume": 0.002})
    shape = joint_outline(pbga, joint)
    assert shape.max_diameter == pytest.approx(0.44, rel=1e-9)
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)


def test_weld_conserves_the_bump(pbga: Package) -> None:
    """The flattened crown: zone volume = cap volume, no solder, bump on both pads."""
    joint = changed(
        pbga, "metal_bump", "bump", bond="weld", bond_material=None, bond_thickness=None,
        barrier=None, solder_aid=None,
    )  # fmt: skip
    assert joint.bump is not None
    shape = joint_outline(pbga, joint)
    assert shape.region_volume("bump") == pytest.approx(joint.bump.volume, rel=1e-9)
    assert shape.volume == 0.0
    assert shape.standoff < joint.bump.height


def test_bond_of_a_bump_takes_paste(pbga: Package) -> None:
    joint = pbga.joint("metal_bump")
    bare = joint_outline(pbga, joint).volume
    filled = joint_outline(pbga, joint.model_copy(update={"paste_volume": 0.001})).volume
    assert filled - bare == pytest.approx(0.001, rel=1e-8)


@pytest.mark.parametrize(
    ("name", "part", "values", "field"),
    [
        ("plain", "", {"ball_diameter": 0.14}, "standoff"),
        ("plain", "", {"ball_diameter": 0.08}, "solder_volume"),
        ("plain", "", {"standoff": 0.10}, "standoff"),
        ("plain", "", {"standoff": 0.80}, "standoff"),
        ("plain", "", {"ball_diameter": 0.78}, "pitch"),
        ("anchored", "anchor", {"contact_height": 0.29}, "contact_height"),
        ("masked", "mask", {"wall_contact": "bonded"}, "wall_contact"),
        ("masked", "mask", {"depth": 0.30}, "depth"),
        ("cored", "core", {"diameter": 0.4499}, "core"),
        ("necked", "neck", {"head_diameter": 0.36}, "head_diameter"),
        ("metal_bump", "", {"paste_volume": 0.02}, "paste_volume"),
    ],
)
def test_impossible_joints_are_refused(
    pbga: Package, name: str, part: str, values: dict[str, Any], field: str
) -> None:
    joint = changed(pbga, name, part, **values)
    with pytest.raises(InputError) as caught:
        joint_outline(pbga, joint)
    assert field in caught.value.field
