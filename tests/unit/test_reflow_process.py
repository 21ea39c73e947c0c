"""Joints through the oven on a coarse axisymmetric cell: stages, plates, faults, balances."""

from __future__ import annotations

import pytest

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.design import Joint, Mask, MetalBump, Neck
from bumpfem.design.oven import Oven
from bumpfem.design.reflow_part import Companion, ReflowPart
from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.meshing import build_mesh
from bumpfem.process.oven import Heating, heating, lumped_response
from bumpfem.process.reflow import ReflowRun, joint_in_oven, reflow_model, run_reflow
from tests.support.joints import FOUR

PLAIN = Joint(name="plain", ball_diameter=0.4, solder="sac305")
NECKED = Joint(
    name="necked", ball_diameter=0.4, solder="sac305",
    neck=Neck(neck_diameter=0.22, neck_height=0.05, melted_fraction=0.3),
)  # fmt: skip
STANDARD = Oven(profile="jstd020_pb_free")


def _run(joint: Joint, oven: Oven, part: ReflowPart | None = None, size: float = 2.0) -> ReflowRun:
    part = part or ReflowPart()
    mesh = build_mesh(FOUR, joint_in_oven(joint, part), size=size, kind="axisymmetric")
    return run_reflow(reflow_model(FOUR, joint, part, oven, mesh))


def test_a_plain_joint_is_made_well_by_the_standards_profile() -> None:
    """Top and bottom follow the profile, so its measures are the package's to rounding."""
    run = _run(PLAIN, STANDARD)
    outcome = run.outcome
    assert outcome.made_well, outcome.faults
    assert outcome.stage == "mounting"
    assert outcome.melted == pytest.approx(1.0)
    checks = {check.measure: check.value for check in outcome.checks}
    assert checks["peak"] == pytest.approx(260.0, abs=0.01)
    assert checks["time_above_liquidus"] == pytest.approx(79.5, abs=0.2)
    assert outcome.solidification is not None
    assert outcome.solidification.temperature == 217.0
    assert run.report.balance_error < 1e-3
    names = [item.face.name for item in outcome.dissolved]
    assert names == ["board_pad", "interposer_pad"]


def test_the_cell_follows_a_lumped_body_of_its_heat_capacity() -> None:
    """With little heat transfer (Biot number 0.01) the cell is one temperature, below melting.

    Its capacity is the sum over the regions; both faces meet the gas. The lumped solution is exact
    up to the temperature dependence of the capacities, here below half a per cent.
    """
    corners = ((0.0, 25.0), (400.0, 180.0), (800.0, 180.0))
    oven = Oven(corners=corners, measures="gas", coefficient=0.002, limits="none")
    part = ReflowPart()
    mesh = build_mesh(FOUR, PLAIN, size=2.0, kind="axisymmetric")
    model = reflow_model(FOUR, PLAIN, part, oven, mesh)
    run = run_reflow(model)
    area = 2.0 * FOUR.pitch**2
    capacity = sum(
        float(HeatMaterial.of(name).capacity(60.0)) * run.history.regions[region].volume
        for region, name in model.cell.materials.items()
    )
    heat: Heating = heating(oven, FOUR)
    _, lumped = lumped_response(heat, capacity / area)
    mean = sum(r.mean[-1] * r.volume for r in run.history.regions.values())
    mean /= sum(r.volume for r in run.history.regions.values())
    assert 60.0 < lumped[-1] < 170.0
    assert mean == pytest.approx(lumped[-1], abs=0.01 * (lumped[-1] - 25.0))


def test_bumping_has_no_board_and_a_carrier_slows_it_down() -> None:
    oven = Oven(
        corners=((0.0, 25.0), (60.0, 180.0)), measures="gas", coefficient=0.05, limits="none"
    )
    bare = _run(NECKED, oven)
    carrier = Companion(material="alumina", thickness=1.0)
    carried = _run(NECKED, oven, ReflowPart(carrier=carrier))
    assert bare.outcome.stage == "bumping"
    assert "board" not in bare.history.regions
    assert bare.history.package[-1] > carried.history.package[-1] + 20.0


def test_a_mask_that_is_removed_afterwards_is_in_the_oven() -> None:
    mask = Mask(material="solder_resist", depth=0.15, mouth_diameter=0.5)
    joint = PLAIN.model_copy(update={"name": "masked", "mask": mask})
    run = _run(joint, STANDARD)
    assert run.outcome.stage == "bumping"
    assert "mask" in run.history.regions
    assert run.outcome.release is not None
    assert run.outcome.release.in_time
    assert run.outcome.release.margin_s > 60.0


def test_more_time_above_the_solidus_melts_more_of_a_necks_ball() -> None:
    """Gas hardly hotter than the melting range: latent heat limits what melts."""
    fractions = []
    for time in (15.0, 25.0):
        oven = Oven(
            profile="jstd020_pb_free", peak=225.0, time_above_liquidus=time, measures="gas",
            limits="none",
        )  # fmt: skip
        neck = _run(NECKED, oven).outcome.neck
        assert neck is not None
        fractions.append(neck.fraction)
        assert neck.foot == pytest.approx(neck.head, abs=0.05)
        assert 0.0 < neck.equivalent_height < 0.4
    assert fractions[0] < fractions[1] < 1.0


def test_heat_that_enters_latent_comes_out_again() -> None:
    """At the end all is solid: stored heat is sensible, and the balance closes."""
    run = _run(PLAIN, STANDARD)
    assert run.report.latent == pytest.approx(0.0, abs=1e-9)
    assert sum(run.report.heat_in.values()) == pytest.approx(run.report.stored, rel=1e-4)


def test_an_oven_hotter_than_a_materials_range_names_region_and_material() -> None:
    oven = Oven(corners=((0.0, 25.0), (100.0, 330.0), (200.0, 25.0)), limits="none")
    with pytest.raises(PropertyRangeError, match=r"reaches 30\d\.\d C.*hotter than the range"):
        _run(PLAIN, oven)


def test_contact_resistance_delays_melting_and_is_gone_afterwards() -> None:
    """Heat from the board only: with a poor contact the joint lags more, then catches up."""
    free = _run(PLAIN, STANDARD)
    poor = _run(PLAIN, STANDARD, ReflowPart(contact_resistance=20.0))
    solder = ("solder", "solder_layer_interposer", "solder_layer_board")

    def half_molten(run: ReflowRun) -> float:
        melted = run.history.melted(solder)
        return float(run.history.times[int((melted >= 0.5).argmax())])

    assert poor.outcome.made_well, poor.outcome.faults
    assert half_molten(poor) > half_molten(free)


def test_a_metal_bump_is_fired_on_its_substrate() -> None:
    bump = MetalBump(
        metal="copper", pad_metal="tungsten", height=0.2, footprint_diameter=0.28,
        powder_thickness=0.1, firing_temperature=1120.0, bond_thickness=0.03,
    )  # fmt: skip
    joint = Joint(name="bump", ball_diameter=0.4, solder="sac305", bump=bump)
    corners = ((0.0, 25.0), (300.0, 1110.0), (330.0, 1110.0), (600.0, 200.0))
    run = _run(joint, Oven(corners=corners, limits="none"), ReflowPart(stage="firing"))
    assert run.outcome.made_well, run.outcome.faults
    assert set(run.history.regions) == {"bump", "interposer_pad", "interposer"}
    assert run.outcome.solidification is not None
    assert run.outcome.solidification.temperature == pytest.approx(1084.6)
    cold = ((0.0, 25.0), (300.0, 1000.0), (600.0, 200.0))
    colder = _run(joint, Oven(corners=cold, limits="none"), ReflowPart(stage="firing"))
    assert [fault.kind for fault in colder.outcome.faults] == ["not_melted"]


@pytest.mark.parametrize(
    ("joint", "data", "message"),
    [
        (PLAIN, {"stage": "firing"}, "has no metal bump"),
        (PLAIN, {"plate": {"material": "fr4", "thickness": 0.3}}, "no alignment plate"),
        (NECKED, {"contact_resistance": 1.0}, "without a board"),
    ],
)
def test_parts_that_do_not_suit_a_joint_are_refused(
    joint: Joint, data: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        ReflowPart(**data).stage_of(joint)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"substrate": "alumina"}, "part.substrate"),
        ({"stage": "mounting", "plate": {"material": "fr4", "thickness": 0.3}}, "alignment plate"),
        ({"stage": "bumping", "contact_resistance": 1.0}, "between ball and board"),
        ({"carrier": {"material": "fr4", "thickness": 50.0}}, "part.carrier.thickness"),
    ],
)
def test_bad_parts_are_refused(data: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ReflowPart(**data)
