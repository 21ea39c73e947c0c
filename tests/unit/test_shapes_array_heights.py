"""Heights of every variant's joints, and what makes them vary."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
import pytest

from bumpfem.design import Package
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.materials import load_material
from bumpfem.materials.elongation import in_plane_elongation
from bumpfem.shapes import joint_outline
from bumpfem.shapes.array_heights import Stage, height_model
from bumpfem.shapes.capillary.bump import free_bump
from bumpfem.shapes.capillary.coplanarity import coplanarity_of, linear_deviation, percentile
from bumpfem.shapes.capillary.heights import HeightModel
from bumpfem.shapes.capillary.seating import seat
from bumpfem.shapes.capillary.tolerance import Tolerance, Tolerances
from bumpfem.shapes.mask_alignment import mask_alignment
from bumpfem.shapes.melt import WEIGHTLESS, molten
from bumpfem.shapes.spheres import zone_height
from tests.support.joints import changed

VARIANTS = ("plain", "anchored", "masked", "cored", "necked", "metal_bump")


def test_plain_ball_is_a_free_bump_on_the_resists_opening(pbga: Package) -> None:
    """SMD pad: the rim lies in the resist's face; the plug in the opening is no part of it."""
    model = height_model(pbga, pbga.joint("plain"))
    volume = pi / 6 * 0.45**3 - pi * 0.19**2 * 0.012
    bump = free_bump(volume, 0.38, molten("sac305"))
    assert model.nominal["rim_height"] == pytest.approx(0.0, abs=1e-12)
    assert model.exact({}) == pytest.approx(bump.height, rel=1e-9)


def test_mounted_plain_joint_has_its_outlines_standoff(pbga: Package) -> None:
    joint = pbga.joint("plain")
    model = height_model(pbga, joint, "joint")
    assert model.exact({}) == pytest.approx(joint_outline(pbga, joint).standoff, rel=1e-9)


def test_cored_joint_stands_as_high_as_its_core(pbga: Package) -> None:
    """0.30 mm core and two gaps of 0.015 mm; only these two tolerances matter."""
    model = height_model(pbga, pbga.joint("cored"), "joint")
    assert model.exact({}) == pytest.approx(0.33, rel=1e-12)
    tolerances = Tolerances(ball_diameter=Tolerance(0.03), core_diameter=Tolerance(0.006))
    found = coplanarity_of(model, pbga.joint_positions(), tolerances, samples=200)
    assert found.deviation == pytest.approx(0.002, rel=0.02)
    assert found.ignored == ("ball_diameter",)


def test_frozen_drop_stands_as_high_as_it_rounded(pbga: Package) -> None:
    """A drop of a 0.30 mm ball on 0.38 mm: cap of its volume over the opening, and one gap."""
    model = height_model(pbga, changed(pbga, "cored", "core", origin="drop"), "joint")
    volume = pi / 6 * 0.30**3 - pi * 0.19**2 * 0.012
    cap = zone_height(0.19, 0.0, volume)
    assert model.exact({}) == pytest.approx(cap + 0.012 + 0.015, rel=2e-3)
    assert set(model.nominal) == {"core_diameter", "wetted_diameter", "pad_gap"}


def test_core_that_stands_out_of_its_solder_sets_the_apex(pbga: Package) -> None:
    """A core of 0.42 mm reaches 0.42 + 0.015 - 0.012 over the resist, a ball of 0.45 mm 0.365."""
    model = height_model(pbga, changed(pbga, "cored", "core", diameter=0.42))
    assert model.exact({}) == pytest.approx(0.42 + 0.015 - 0.012, rel=1e-12)


def test_pasted_ball_keeps_its_diameter(pbga: Package) -> None:
    joint = changed(
        pbga, "anchored", "anchor", fixing="paste", paste_filler="silver",
        paste_material="silver_paste", paste_thickness=0.02,
    )  # fmt: skip
    model = height_model(pbga, joint)
    assert model.exact({}) == pytest.approx(0.018 - 0.030 + 0.02 + 0.45, rel=1e-12)


def test_narrow_hole_makes_the_ball_taller(pbga: Package) -> None:
    """A ball 0.468 mm wide on its pad, molten in a hole of 0.44 mm: taller, and the hole counts."""
    free = height_model(pbga, pbga.joint("masked"))
    tight = changed(pbga, "masked", "mask", mouth_diameter=0.45, kept=False, depth=0.35)
    model = height_model(pbga, tight)
    assert "hole_diameter" not in free.nominal
    assert model.exact({}) > free.exact({})
    assert model.exact({"hole_diameter": 0.44}) > model.exact({"hole_diameter": 0.45})


def test_necked_ball_is_lower_by_what_melts_more(pbga: Package) -> None:
    """Half melted the cap is one radius deep; a fraction f = 5/32 is a cap of half a radius.

    f = t^2 (3 - t)/4: t = 1 gives 1/2, t = 1/2 gives 5/32. So the ball sinks by half a radius.
    """
    stages: tuple[Stage, ...] = ("ball", "joint")
    for stage in stages:
        model = height_model(pbga, pbga.joint("necked"), stage)
        heights = [model.exact({"melted_fraction": f}) for f in (5.0 / 32.0, 0.5)]
        assert heights[0] - heights[1] == pytest.approx(0.5 * 0.225, rel=1e-9)


def test_mounted_necked_joint_has_its_outlines_standoff(pbga: Package) -> None:
    joint = pbga.joint("necked")
    model = height_model(pbga, joint, "joint")
    assert model.exact({}) == pytest.approx(joint_outline(pbga, joint).standoff, rel=1e-9)


def test_necked_ball_stands_on_its_designed_neck(pbga: Package) -> None:
    """Head of 0.45 mm that its neck, 0.05 mm high, meets below its waist: between the two sums."""
    apex = height_model(pbga, pbga.joint("necked")).exact({})
    assert 0.05 + 0.225 < apex < 0.05 + 0.45


def test_metal_bump_is_as_high_as_its_powder_makes_it(pbga: Package) -> None:
    """Height of the weightless cap is the design's; weight takes less than 0.1 %."""
    joint = pbga.joint("metal_bump")
    assert joint.bump is not None
    model = height_model(pbga, joint, "joint")
    assert model.exact({}) == pytest.approx(joint.bump.standoff, rel=1e-3)


@pytest.mark.parametrize("name", VARIANTS)
def test_table_of_every_variant_is_exact(pbga: Package, name: str) -> None:
    """At two values within the tolerances the table agrees with the equilibrium to 20 nm."""
    model = height_model(pbga, pbga.joint(name))
    tolerances = Tolerances(
        ball_diameter=Tolerance(0.009), wetted_diameter=Tolerance(0.015),
        powder_thickness=Tolerance(0.01), melted_fraction=Tolerance(0.03),
    )  # fmt: skip
    fast = model.fast(tolerances)
    for sign in (-1.0, 1.0):
        values = {
            key: model.nominal[key] + sign * tolerance.half_width
            for key, tolerance in model.varying(tolerances).items()
        }
        found = fast({key: np.asarray(value) for key, value in values.items()})
        assert float(found) == pytest.approx(model.exact(values), abs=2e-5)
    assert linear_deviation(model, tolerances) > 0.0


def test_unknown_stage_is_refused(pbga: Package) -> None:
    stage: Any = "board"
    with pytest.raises(InputError, match="stage"):
        height_model(pbga, pbga.joint("plain"), stage)


def test_imposed_standoff_does_not_vary(pbga: Package) -> None:
    with pytest.raises(InputError, match="does not vary"):
        height_model(pbga, changed(pbga, "plain", standoff=0.33), "joint")


def test_tolerance_that_would_take_all_is_refused(pbga: Package) -> None:
    model = height_model(pbga, pbga.joint("cored"), "joint")
    with pytest.raises(InputError, match="pad_gap"):
        model.fast(Tolerances(pad_gap=Tolerance(0.01)))


def test_heights_that_jump_are_not_tabulated() -> None:
    model = HeightModel(
        "jump", {"ball_diameter": 0.45}, lambda values: {"d": values["ball_diameter"]},
        lambda arguments: float(arguments["d"] > 0.45), lambda values, found: found,
    )  # fmt: skip
    with pytest.raises(ConvergenceError, match="regime"):
        model.fast(Tolerances(ball_diameter=Tolerance(0.01)))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"half_width": -1.0}, "half_width"),
        ({"half_width": float("nan")}, "half_width"),
        ({"half_width": 1.0, "distribution": "triangular"}, "distribution"),
        ({"half_width": 1.0, "sigmas": 0.0}, "sigmas"),
    ],
)
def test_bad_tolerances_are_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        Tolerance(**values)
    assert field in caught.value.field


def test_deviation_of_a_uniform_tolerance() -> None:
    """Half width / sqrt(3), by 100000 samples to 1 %; none beyond the half width."""
    tolerance = Tolerance(0.3, "uniform")
    drawn = tolerance.sample(np.random.default_rng(1), (100_000,))
    assert np.std(drawn) == pytest.approx(tolerance.deviation, rel=0.01)
    assert np.max(np.abs(drawn)) <= 0.3


@pytest.mark.parametrize(
    ("positions", "field"),
    [
        (np.array([[0.0, 0.0], [1.0, 0.0]]), "array"),
        (np.array([[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]]), "array"),
        (np.array([[1.0, 1.0], [2.0, 1.0], [1.0, 2.0]]), "centre_of_gravity"),
    ],
)
def test_arrays_that_cannot_stand_are_refused(positions: Any, field: str) -> None:
    with pytest.raises(InputError) as caught:
        seat(positions, np.ones(len(positions)))
    assert caught.value.field == field


def test_heights_must_belong_to_the_balls() -> None:
    with pytest.raises(InputError, match="heights"):
        seat(np.eye(2), np.ones(5))


@pytest.mark.parametrize("percent", [0.0, 100.0])
def test_percentiles_lie_inside(percent: float) -> None:
    with pytest.raises(InputError, match="percent"):
        percentile(np.arange(10.0), percent)


def test_bounds_beyond_the_sample_are_infinite() -> None:
    """Of 100 samples none tells where the 99.9th percentile ends."""
    assert percentile(np.arange(100.0), 99.9).high == np.inf


def test_solder_without_surface_tension_is_weightless() -> None:
    assert molten("copper") is WEIGHTLESS
    assert molten("sac305").specific_weight > 0.0


def test_alignment_of_a_joints_mask(pbga: Package) -> None:
    """Room = hole - free bump; without mismatch (no rise in temperature counts) it is all left."""
    joint = pbga.joint("masked")
    found = mask_alignment(pbga, joint, peak_temperature=245.0, extrapolate=True)
    bump = free_bump(pi / 6 * 0.45**3 - pi * 0.19**2 * 0.012, 0.38, molten("sac305"))
    nearest = int(np.argmin(pbga.distances_from_neutral_point()))
    growth = in_plane_elongation(load_material("solder_resist"), 25.0, 245.0, extrapolate=True)
    room = 0.28 * (1.0 + growth) - 0.5 * bump.max_diameter
    reach = abs(found.peak_mismatch) * pbga.distances_from_neutral_point()[nearest]
    assert found.clearance_margin[nearest] == pytest.approx(room - reach, abs=1e-5)


def test_alignment_needs_a_mask(pbga: Package) -> None:
    with pytest.raises(InputError, match="mask"):
        mask_alignment(pbga, pbga.joint("plain"), peak_temperature=245.0)
