"""Resin, masks and metal bumps in the outline of a joint: what the design asks is what they are."""

from __future__ import annotations

from math import acos, cos, degrees, hypot, pi, sqrt

import pytest

from bumpfem.design import Package
from bumpfem.errors import InputError
from bumpfem.shapes import Line, Spline, joint_outline
from bumpfem.shapes.bumped import CROWN, bond_surface
from bumpfem.shapes.capillary.meniscus import StandingBall, meniscus_of_thickness
from bumpfem.shapes.confined import HoleWall, confined_outline, resting_outline
from bumpfem.shapes.melt import WEIGHTLESS, molten
from bumpfem.shapes.spheres import zone_height, zone_volume
from tests.support.joints import changed


def test_force_free_joint_in_a_cylinder_is_two_zones_and_a_cylinder() -> None:
    """Weightless, no load: every free part is of the sphere of the hole's radius R.

    Gap = sqrt(R^2 - a^2) + L + sqrt(R^2 - b^2), with L from the volume.
    """
    a, b, radius, volume = 0.18, 0.19, 0.225, 0.0465
    low, high = sqrt(radius**2 - a**2), sqrt(radius**2 - b**2)
    zones = zone_volume(a, radius, low) + zone_volume(b, radius, high)
    length = (volume - zones) / (pi * radius**2)
    assert length > 0.02

    def wall(gap: float) -> HoleWall:
        return HoleWall((radius, gap), (radius, 0.05))

    outline, gap = resting_outline((a, 0.0), b, volume, wall, WEIGHTLESS, zone_height(a, b, volume))
    assert gap == pytest.approx(low + length + high, abs=1e-8)
    assert outline.swept_volume() == pytest.approx(volume, rel=1e-8)
    assert outline.start == (a, 0.0)
    assert outline.end == (b, gap)
    (straight,) = [segment for segment in outline.segments if isinstance(segment, Line)]
    assert straight.length == pytest.approx(length, abs=1e-7)


def test_load_presses_the_joint_deeper_into_its_hole() -> None:
    def wall(gap: float) -> HoleWall:
        return HoleWall((0.225, gap), (0.225, gap - 0.2))

    solder, free = molten("sac305"), zone_height(0.18, 0.19, 0.0465)
    gaps = [
        resting_outline((0.18, 0.0), 0.19, 0.0465, wall, solder, free, load)[1]
        for load in (0.0, 1e-4)
    ]
    assert gaps[1] < gaps[0]


def test_bonded_wall_is_left_at_its_angle() -> None:
    """25 degrees between wall and free surface at both ends of the contact."""
    wall = HoleWall((0.225, 0.33), (0.225, 0.13), 25.0)
    outline, touching = confined_outline((0.18, 0.0), (0.19, 0.33), 0.0472, wall)
    assert touching
    (index,) = [k for k, s in enumerate(outline.segments) if isinstance(s, Line)]
    after = outline.segments[index + 1]
    (r0, z0), (r1, z1) = after.at(0.0), after.at(1e-4)
    assert degrees(acos((z1 - z0) / hypot(r1 - r0, z1 - z0))) == pytest.approx(25.0, abs=0.1)


def test_hole_that_ends_at_the_board_is_refused() -> None:
    wall = HoleWall((0.21, 0.33), (0.21, 0.0))
    with pytest.raises(InputError, match="depth"):
        confined_outline((0.18, 0.0), (0.19, 0.33), 0.0472, wall)


def test_tapered_collar_keeps_the_solder_inside(pbga: Package) -> None:
    joint = changed(
        pbga, "masked", "mask", hole="tapered", mouth_diameter=0.50, base_diameter=0.455
    )
    shape = joint_outline(pbga, joint)
    mouth = shape.interposer_surface - 0.030
    for segment in shape.outline.segments:
        for r, z in segment.points(301):
            if z >= mouth - 0.18:
                allowed = 0.25 - (mouth - z) / 0.18 * 0.0225 - 0.005
                assert r <= allowed + 1e-6
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-8)


def test_blind_mask_must_hold_the_ball(pbga: Package) -> None:
    blind = {"kept": False, "through": False, "floor_thickness": 0.05}
    shape = joint_outline(
        pbga, changed(pbga, "masked", "mask", depth=0.36, mouth_diameter=0.50, **blind)
    )
    assert "stood 0.36 mm high" in shape.notes[-1]
    with pytest.raises(InputError, match="do not fit") as caught:
        joint_outline(
            pbga, changed(pbga, "masked", "mask", depth=0.20, mouth_diameter=0.46, **blind)
        )
    assert caught.value.field == "joint.mask.depth"


@pytest.mark.parametrize("thickness", [0.06, 0.09, 0.119])
def test_contact_angle_is_that_of_the_array(pbga: Package, thickness: float) -> None:
    """The joint is nearly a sphere: resin of the note's angle, dispensed for this thickness around
    that sphere, rises to the designed 0.12 mm (the note rounds to a degree: 1 um)."""
    joint = changed(pbga, "anchored", "anchor", thickness=thickness)
    shape = joint_outline(pbga, joint)
    (note,) = [one for one in shape.notes if "contact angle" in one]
    angle = float(note.split("contact angle of ")[1].split()[0])
    points = shape.outline.segments[0].points(2001)
    belt = shape.interposer_surface - 0.030 - float(points[points[:, 0].argmax(), 1])
    found = meniscus_of_thickness(
        StandingBall(0.5 * shape.max_diameter, belt), WEIGHTLESS, thickness=thickness,
        pitch=0.8, contact_angle=angle,
    )  # fmt: skip
    assert found.contact_height == pytest.approx(0.12, abs=1.5e-3)


def test_resin_cannot_wet_better_than_completely(pbga: Package) -> None:
    joint = changed(pbga, "anchored", "anchor", thickness=0.03, contact_height=0.22)
    with pytest.raises(InputError, match="no contact angle is that small"):
        joint_outline(pbga, joint)


def test_coat_of_the_repellent_route_holds_the_resin(pbga: Package) -> None:
    joint = changed(pbga, "anchored", "anchor", route="repellent")
    assert any("coat's edge" in note for note in joint_outline(pbga, joint).notes)


def test_barrier_has_one_thickness(pbga: Package) -> None:
    """Shell of a sphere over 50 degrees: V = 2 pi (1 - cos c)(R_o^3 - R_i^3)/3; weight: 0.2 %."""
    joint = pbga.joint("metal_bump")
    assert joint.bump is not None
    shape = joint_outline(pbga, joint)
    inner = joint.bump.sphere_radius
    outer = inner + 0.005
    expected = 2.0 * pi * (1.0 - cos(CROWN)) * (outer**3 - inner**3) / 3.0
    assert shape.region_volume("bump_barrier") == pytest.approx(expected, rel=3e-3)
    face = next(body for body in shape.bodies if body.region == "bump_barrier").loop[0]
    assert isinstance(face, Spline)
    assert face.start[0] == 0.0


def test_bond_takes_up_what_weight_takes_from_the_bump(pbga: Package) -> None:
    """Standoff = height + barrier + bond of the design; the bump itself is a little lower."""
    joint = pbga.joint("metal_bump")
    assert joint.bump is not None
    shape = joint_outline(pbga, joint)
    assert shape.standoff == joint.bump.standoff
    top = shape.board_face + shape.standoff
    body = next(body for body in shape.bodies if body.region == "bump")
    height = top - body.loop[0].start[1]
    assert 0.998 * joint.bump.height < height < joint.bump.height


def test_bond_surface_holds_its_volume_and_the_paste() -> None:
    bare, filled = (
        bond_surface((0.18, 0.0), (0.15, 0.10), paste, WEIGHTLESS) for paste in (0.0, 0.001)
    )
    assert filled.swept_volume() - bare.swept_volume() == pytest.approx(0.001, rel=1e-6)
    with pytest.raises(InputError, match="paste_volume"):
        bond_surface((0.18, 0.0), (0.15, 0.10), 0.1, WEIGHTLESS)
    with pytest.raises(InputError, match="bond_thickness"):
        bond_surface((0.18, 0.0), (0.15, 0.0), 0.0, WEIGHTLESS)


def test_bump_that_cannot_be_fired_says_so(pbga: Package) -> None:
    shape = joint_outline(pbga, changed(pbga, "metal_bump", "bump", pad_metal="nickel"))
    assert any("dissolves" in note for note in shape.notes)
    cold = changed(pbga, "metal_bump", "bump", firing_temperature=900.0)
    with pytest.raises(InputError, match="does not melt"):
        joint_outline(pbga, cold)
