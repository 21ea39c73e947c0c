"""Joint shapes: volume is conserved, parts sit where they must, impossible joints are refused."""

from __future__ import annotations

from math import atan2, hypot, pi, sin
from pathlib import Path
from typing import Any

import pytest
from scipy.optimize import brentq

from bumpfem.design import Package
from bumpfem.errors import InputError
from bumpfem.shapes import Arc, JointShape, Spline, joint_outline
from bumpfem.shapes.capillary import Liquid, mounted_joint
from bumpfem.shapes.weight import package_mass
from tests.support.joints import changed

PACKAGES = ("pbga_0p80", "cbga_1p27", "csp_0p40")
JOINTS = (
    "plain", "anchored", "masked", "cored", "necked", "metal_bump", "cored+anchored",
    "masked+cored",
)  # fmt: skip


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
        assert shape.region_volume("bump") == pytest.approx(joint.bump.volume, rel=1e-8)
    if joint.core is not None:
        assert shape.region_volume("core") == pytest.approx(joint.core_volume, rel=1e-9)
    if joint.imposed_standoff is not None:
        assert shape.standoff == pytest.approx(joint.imposed_standoff, rel=1e-12)


def test_plain_joint_sinks_below_the_truncated_sphere(pbga: Package) -> None:
    """Without weight h^3 + 3 (a^2 + b^2) h = 6 V / pi between the rims (V without the SMD plug).

    The package's share of 0.439 g / 256 joints and half of the solder's weight press it down by
    their sum over the stiffness of that sphere.
    """
    shape = joint_outline(pbga, pbga.joint("plain"))
    a, b, lip = 0.18, 0.19, 0.030 - 0.018
    volume = pi / 6.0 * 0.45**3 - pi * b**2 * lip
    solder = Liquid.of("sac305", 220.0)
    sphere = mounted_joint(volume, 2.0 * a, 2.0 * b, solder.weightless())
    free = sphere.standoff
    assert free**3 + 3.0 * (a**2 + b**2) * free == pytest.approx(6.0 * volume / pi, rel=1e-9)
    load = 1e-6 * 9806.65 * package_mass(pbga) / 256 + 0.5 * solder.specific_weight * volume
    sunk = free - (shape.standoff - lip)
    assert sunk == pytest.approx(load / sphere.vertical_stiffness, rel=0.03)
    assert "0.0168 mN" in shape.notes[0]


def test_mass_of_a_package(pbga: Package) -> None:
    """Layers by area, thickness and density (mg/mm3): BT 1.9, mould 1.95 around the die, ..."""
    layers = 14.0**2 * (0.30 * 1.9 + 0.80 * 1.95)
    die = 8.0**2 * (0.25 * 2.33 + 0.03 * 2.2 - 0.28 * 1.95)
    pads = 256 * pi * 0.24**2 * 0.018 * 8.96
    resist = (14.0**2 - 256 * pi * 0.19**2) * 0.030 * 1.4
    assert 1e3 * package_mass(pbga) == pytest.approx(layers + die + pads + resist, rel=1e-9)


@pytest.mark.parametrize("standoff", [0.27, 0.3117, 0.36, 0.42])
def test_imposed_standoff_keeps_the_volume(pbga: Package, standoff: float) -> None:
    joint = changed(pbga, "plain", standoff=standoff)
    shape = joint_outline(pbga, joint)
    assert shape.standoff == standoff
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)


def test_meniscus_is_tangent_to_the_layer_and_ends_at_its_height(pbga: Package) -> None:
    """It starts on the ball 0.12 mm from the resist and runs level into 0.06 mm.

    Without weight r sin(phi) = k (r^2 - R^2)/2 with one curvature k, level at R: the same k holds
    at every point of the surface.
    """
    shape = joint_outline(pbga, pbga.joint("anchored"))
    (resin,) = [body for body in shape.bodies if body.region == "resin"]
    fillet = resin.loop[0]
    assert isinstance(fillet, Spline)
    surface = shape.interposer_surface - 0.030
    assert fillet.start[1] == pytest.approx(surface - 0.12, abs=1e-9)
    assert fillet.end[1] == pytest.approx(surface - 0.06, abs=1e-12)
    on_ball = shape.outline.radius_at(fillet.start[1])
    assert fillet.start[0] == pytest.approx(on_ball, abs=1e-9)
    curvatures = []
    for fraction in (0.2, 0.4, 0.6, 0.8):
        (r0, z0), (r1, z1) = fillet.at(fraction - 1e-4), fillet.at(fraction + 1e-4)
        r, sine = 0.5 * (r0 + r1), (z1 - z0) / hypot(r1 - r0, z1 - z0)
        curvatures.append(2.0 * r * sine / (r**2 - fillet.end[0] ** 2))
    assert curvatures == pytest.approx([curvatures[0]] * 4, rel=1e-4)
    assert any("contact angle" in note for note in shape.notes)


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


def test_removed_mask_leaves_the_free_joint(pbga: Package) -> None:
    """It is gone when the joint melts again on the board; the note says how it came off."""
    joint = changed(pbga, "masked", "mask", mouth_diameter=0.46, depth=0.30, kept=False)
    shape = joint_outline(pbga, joint)
    assert "mask" not in shape.regions
    assert shape.outline == joint_outline(pbga, pbga.joint("plain")).outline
    assert "taken off" in shape.notes[-1]


def test_mask_that_the_ball_outgrows_does_not_come_off(pbga: Package) -> None:
    """A ball reflowed in a hole 0.451 mm wide and 0.10 mm deep bulges wider than it beyond."""
    joint = changed(pbga, "masked", "mask", mouth_diameter=0.451, depth=0.10, kept=False)
    with pytest.raises(InputError, match="does not come off"):
        joint_outline(pbga, joint)


def slopes(segment: Any, fraction: float) -> float:
    """Angle of a segment's tangent at a fraction of it, by differences, radians."""
    (r0, z0), (r1, z1) = (segment.at(fraction + d) for d in (-1e-6, 1e-6))
    return atan2(z1 - z0, r1 - r0)


def test_thin_shell_forms_two_fillets(pbga: Package) -> None:
    """0.42 mm core in a 0.45 mm ball: bridges at 30 degrees to the core, belt bare.

    At polar angle t from the lower pole the core's side rises at the angle t.
    """
    joint = changed(pbga, "cored", "core", diameter=0.42)
    shape = joint_outline(pbga, joint)
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)
    assert len([b for b in shape.bodies if b.region == "solder"]) == 2
    below, belt, above = shape.outline.segments
    assert isinstance(below, Spline)
    assert isinstance(belt, Arc)
    assert belt.radius == pytest.approx(0.21, rel=1e-12)
    for segment, fraction, turn in ((below, 1.0 - 1e-6, 1.0), (above, 1e-6, -1.0)):
        r, z = segment.at(fraction)
        side = atan2(r, belt.centre[1] - z)
        assert turn * (slopes(segment, fraction) - side) == pytest.approx(pi / 6.0, abs=1e-3)


@pytest.mark.parametrize("ball", [0.45, 0.36, 0.34])
def test_core_that_froze_as_a_drop_keeps_its_volume_on_its_pad(pbga: Package, ball: float) -> None:
    """A drop of the volume of a 0.30 mm ball fills the opening and rounds over it.

    Its height h over the rim of radius b is that of a cap: V = pi h (3 b^2 + h^2) / 6, lowered
    by less than 1 % by its weight; the film under it adds to the stand-off. With the shell of a
    0.45 mm ball the solder alone holds the pads further apart; with that of 0.34 mm it leaves the
    drop's side bare.
    """
    joint = changed(pbga, "cored", "core", origin="drop", material="pb90sn10")
    joint = joint.model_copy(update={"ball_diameter": ball})
    shape = joint_outline(pbga, joint)
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-8)
    assert shape.region_volume("core") == pytest.approx(joint.core_volume, rel=1e-8)
    assert shape.interposer_face is None
    b, lip = 0.19, 0.030 - 0.018
    cap = joint.core_volume - pi * b**2 * lip
    height = float(brentq(lambda h: pi * h * (3.0 * b**2 + h**2) / 6.0 - cap, 0.0, 1.0))
    assert len(shape.outline.segments) == (2 if ball == 0.34 else 1)
    if ball == 0.45:
        assert shape.standoff > 0.3
        assert "carries the load alone" in shape.notes[1]
    else:
        assert shape.standoff == pytest.approx(height + lip + 0.015, rel=1e-2)
        assert shape.standoff < height + lip + 0.015


def test_between_wrap_and_fillets_the_belt_is_coated(pbga: Package) -> None:
    joint = changed(pbga, "cored", "core", diameter=0.40)
    joint = joint.model_copy(update={"ball_diameter": 0.46})
    shape = joint_outline(pbga, joint)
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-9)
    assert shape.max_diameter == pytest.approx(0.40 + 2 * 0.012, rel=1e-12)
    assert "coats" in shape.notes[0]


def test_neck_is_smooth_and_as_thin_and_high_as_asked(pbga: Package) -> None:
    """Head and neck share their tangent, and the neck is capillary: one pressure along it.

    Without weight ``r sin(phi) = n + q (r^2 - n^2)`` (Delaunay); gravity changes it by 1e-3.
    """
    shape = joint_outline(pbga, pbga.joint("necked"))
    head, neck = shape.outline.segments[:2]
    assert isinstance(head, Arc)
    assert isinstance(neck, Spline)
    assert neck.radius_range[0] == pytest.approx(0.14, abs=1e-7)
    assert neck.end[1] - neck.start[1] == pytest.approx(0.05, abs=1e-9)
    assert shape.neck_diameter == pytest.approx(0.28, abs=1e-6)
    assert shape.max_diameter > shape.neck_diameter
    kink = slopes(neck, 1e-6) - slopes(head, 1.0 - 1e-6)
    assert kink == pytest.approx(0.0, abs=1e-3)
    factors = []
    for fraction in (0.05, 0.15, 0.85, 0.95):
        r, _ = neck.at(fraction)
        sine = sin(slopes(neck, fraction))
        factors.append((r * sine - 0.14) / (r * r - 0.14**2))
    assert factors == pytest.approx([factors[0]] * 4, rel=3e-3)


def test_neck_needs_its_melt(pbga: Package) -> None:
    """Pad, neck and the ball that reaches into it enclose 2.4 % of the ball: 2 % are too few."""
    joint = pbga.joint("necked")
    assert joint.neck is not None
    few = joint.neck.model_copy(update={"melted_fraction": 0.02})
    with pytest.raises(InputError, match="drawn from the solder") as caught:
        joint_outline(pbga, joint.model_copy(update={"neck": few}))
    assert caught.value.field == "joint.neck.melted_fraction"
    assert caught.value.allowed == "at least 0.024"


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
