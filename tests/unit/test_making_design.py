"""Making in the design: programmes, the usual chains of every route, orders that cannot happen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bumpfem.design import (
    Anchor,
    Core,
    Joint,
    Making,
    MakingStudy,
    Mask,
    Oven,
    Package,
    Programme,
)
from bumpfem.design.making import Attach, CoolDown
from bumpfem.design.making_steps import STEP_KINDS
from bumpfem.errors import InputError

ROOT = Path(__file__).parents[2]
_RESIN = {"material": "epoxy", "family": "epoxy", "thickness": 0.06, "contact_height": 0.12}
_PASTE = {
    "fixing": "paste", "paste_filler": "silver", "paste_material": "silver_epoxy",
    "paste_thickness": 0.02,
}  # fmt: skip
_MASK = {"material": "solder_resist", "depth": 0.18, "mouth_diameter": 0.56}


def _joint(anchor: dict[str, Any] | None = None, **parts: Any) -> Joint:
    resin = None if anchor is None else Anchor(**{**_RESIN, **anchor})
    return Joint(name="joint", ball_diameter=0.45, solder="sac305", anchor=resin, **parts)


def _kinds(making: Making) -> list[str]:
    return [step.kind for step in making.steps]


# --- programmes ---------------------------------------------------------------------------------


def test_ramps_and_points_say_the_same() -> None:
    """25 to 150 C at 5 K/min takes 25 min; an hour there; back at 10 K/min takes 12.5 min."""
    ramps = Programme(
        ramps=[{"to": 150.0, "rate": 5.0}, {"hold": 3600.0}, {"to": 25.0, "rate": 10.0}]
    )
    points = Programme(points=[[0, 25], [1500, 150], [5100, 150], [5850, 25]])
    for first, second in zip(ramps.corners(), points.corners(), strict=True):
        assert np.allclose(first, second)
    assert ramps.duration == 5850.0
    assert (ramps.first, ramps.highest, ramps.last) == (25.0, 150.0, 25.0)
    assert points.at(750.0) == pytest.approx(87.5)
    assert points.at(1e6) == 25.0
    held = Programme.hold(150.0, 3600.0, heating_rate=5.0, cooling_rate=10.0)
    assert np.allclose(held.corners(), ramps.corners())


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "programme", "exactly one of `points`, `ramps`"),
        ({"points": [[0, 25], [9, 50]], "ramps": [{"hold": 3}]}, "programme", "exactly one"),
        ({"points": [[0, 25]]}, "programme.points", "at least 2 items"),
        ({"points": [[5, 25], [9, 50]]}, "programme.points.1", "the first point is the start"),
        ({"points": [[0, 25], [9, 50], [9, 60]]}, "programme.points.3", "more than 9 s"),
        ({"points": [[0, 25], [1, 250]]}, "programme.points.2", "at most 100 degC/s"),
        ({"points": [[0, 25], [9, "150 C"]]}, "programme.points.2.2", "its unit is degC"),
        ({"points": [[0, 25], [9, 5000]]}, "programme.points.2.2", "at most 400 degC"),
        ({"points": [[0, 25], [9, 50]], "start": 25.0}, "programme.start", "nothing beside"),
        ({"ramps": [{"to": 25.0, "rate": 5.0}]}, "programme.ramps", "that take some time"),
        ({"ramps": [{"to": 90.0}]}, "programme.ramps.1", "either `to`"),
        ({"ramp": []}, "programme.ramp", "did you mean 'ramps'"),
    ],
)
def test_wrong_programmes(data: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InputError, match="is not allowed") as caught:
        Programme(**data)
    assert caught.value.field == field
    assert words in str(caught.value)


# --- usual chains -------------------------------------------------------------------------------

_END = ["mount", "cycles"]


@pytest.mark.parametrize(
    ("joint", "steps"),
    [
        (_joint(), ["attach", "cool_down"]),
        (_joint({}), ["attach", "cool_down", "dispense", "cure", "cool_down"]),
        (
            _joint({"crown_resin_removed": True}),
            ["attach", "cool_down", "dispense", "cure", "cool_down", "remove_crown"],
        ),
        (
            _joint({"route": "repellent"}),
            ["attach", "cool_down", "repellent_on", "dispense", "cure", "cool_down",
             "repellent_off"],
        ),
        (_joint({"route": "film"}), ["dispense", "attach", "cool_down"]),
        (_joint({"route": "dip"}), ["dispense", "attach", "cool_down"]),
        (_joint({"route": "flux"}), ["dispense", "attach", "cool_down"]),
        (
            _joint({"route": "dip", "crown_resin_removed": True}),
            ["dispense", "attach", "cool_down", "remove_crown"],
        ),
        (_joint(mask=Mask(**_MASK)), ["mask_on", "attach", "cool_down", "mask_off"]),
        (_joint(mask=Mask(**_MASK, kept=True)), ["mask_on", "attach", "cool_down"]),
        (
            _joint({}, mask=Mask(**_MASK)),
            ["mask_on", "attach", "cool_down", "mask_off", "dispense", "cure", "cool_down"],
        ),
        (
            _joint({"route": "dip"}, mask=Mask(**_MASK)),
            ["dispense", "mask_on", "attach", "cool_down", "mask_off"],
        ),
        (_joint(_PASTE), ["attach", "cool_down", "dispense", "cure", "cool_down"]),
        (
            _joint({}, core=Core(material="copper", diameter=0.3, pad_gap=0.01)),
            ["attach", "cool_down", "dispense", "cure", "cool_down"],
        ),
    ],
)  # fmt: skip
def test_usual_chain_of_every_route(joint: Joint, steps: list[str]) -> None:
    making = Making.default_for(joint)
    assert _kinds(making) == [*steps, *_END]
    making.check(joint)
    assert Making(**making.model_dump(mode="json")) == making


def test_usual_chain_of_a_metal_bump() -> None:
    """A metal bump is fired before the chain: it is only mounted and cycled."""
    package = Package.load(ROOT / "meshes" / "pbga_0p80.toml")
    assert _kinds(Making.default_for(package.joint("metal_bump"))) == _END


def test_usual_heat() -> None:
    """Solder goes through the standard's oven; paste and resin are cured below its melting; one
    heating that solders and cures passes the melting range before it stays to cure."""
    plain = Making.default_for(_joint()).steps[0]
    paste = Making.default_for(_joint(_PASTE)).steps[0]
    dip = Making.default_for(_joint({"route": "dip"})).steps[1]
    assert isinstance(plain, Attach)
    assert isinstance(paste, Attach)
    assert isinstance(dip, Attach)
    assert plain.heat == Oven(profile="jstd020_pb_free")
    assert isinstance(paste.heat, Programme)
    assert paste.heat.highest < 217.0
    assert isinstance(dip.heat, Programme)
    assert dip.heat.highest > 220.0
    assert dip.heat.at(80.0) > 217.0
    assert dip.heat.at(300.0) < 217.0
    assert dip.heat.last > 100.0


def test_choices_reach_the_making() -> None:
    making = Making.default_for(_joint({}), resin_model="maxwell", shrinkage=False)
    assert making.resin_model == "maxwell"
    assert not making.shrinkage


# --- orders that cannot happen ------------------------------------------------------------------

_HOT = {"kind": "attach", "programme": {"points": [[0, 25], [60, 245], [200, 40]]}}
_CURE = {"kind": "cure", "programme": {"points": [[0, 25], [600, 150], [4200, 150]]}}
_SHEAR = {"kind": "ball_shear", "tool_height": 0.1, "travel": 0.05}
_MASKED = _joint(mask=Mask(**_MASK))
_WARM = {"kind": "cure", "programme": {"points": [[0, 60], [9, 90]]}}
_KEPT = _joint(mask=Mask(**_MASK, kept=True))
_SPREAD, _REPELLENT, _DIP, _FILM = (
    _joint({"route": route}) for route in ("spread", "repellent", "dip", "film")
)
_CLEANED = _joint({"crown_resin_removed": True})
_FIXED = ["attach", "cool_down"]


@pytest.mark.parametrize(
    ("joint", "steps", "number", "missing"),
    [
        # mask
        (_joint(), ["mask_on"], 1, "a joint with a mask"),
        (_MASKED, ["attach"], 1, "mask_on before"),
        (_MASKED, ["mask_off"], 1, "mask_on before"),
        (_MASKED, ["mask_on", "mask_on"], 2, "one mask_on"),
        (_MASKED, ["mask_on", "mask_off"], 2, "attach before"),
        (_MASKED, ["mask_on", *_FIXED, "mask_off", "mask_off"], 5, "one mask_off"),
        (_MASKED, ["mask_on", *_FIXED, "mount"], 4, "mask_off before"),
        (_MASKED, ["mask_on", *_FIXED, _SHEAR], 4, "mask_off before"),
        (_KEPT, ["mask_on", *_FIXED, "mask_off"], 4, "mask.kept = false"),
        # repellent
        (_SPREAD, [*_FIXED, "repellent_on"], 3, 'anchor.route = "repellent"'),
        (_REPELLENT, ["repellent_on"], 1, "attach before"),
        (_REPELLENT, [*_FIXED, "repellent_off"], 3, "repellent_on before"),
        (_REPELLENT, [*_FIXED, "dispense"], 3, "repellent_on before"),
        (_REPELLENT, [*_FIXED, "repellent_on", "dispense", "repellent_off"], 5, "cure before"),
        (_REPELLENT, [*_FIXED, "repellent_on", "dispense", _CURE, "cool_down", "mount"], 7,
         "repellent_off before"),
        # resin
        (_joint(), [*_FIXED, "dispense"], 3, "a joint with an anchor"),
        (_SPREAD, ["dispense"], 1, "attach before"),
        (_SPREAD, [*_FIXED, "dispense", "dispense"], 4, "one dispense"),
        (_SPREAD, [*_FIXED, _CURE], 3, "dispense before"),
        (_SPREAD, [*_FIXED, "mount"], 3, "dispense before"),
        (_SPREAD, [*_FIXED, "dispense", "mount"], 4, "cure before"),
        (_DIP, ["attach"], 1, "dispense before"),
        (_DIP, ["dispense", _CURE], 2, "attach before"),
        (_FILM, ["dispense", *_FIXED, _CURE], 4, "no cure"),
        (_joint({}, mask=Mask(**_MASK)), ["mask_on", *_FIXED, "dispense"], 4, "no mask"),
        (_joint({"route": "flux"}, mask=Mask(**_MASK)), ["dispense"], 1, "another route"),
        # crown
        (_SPREAD, [*_FIXED, "dispense", _CURE, "remove_crown"], 5, "crown_resin_removed = true"),
        (_CLEANED, [*_FIXED, "dispense", "remove_crown"], 4, "cure before"),
        (_CLEANED, [*_FIXED, "dispense", _CURE, "remove_crown", "remove_crown"], 6,
         "one remove_crown"),
        (_CLEANED, [*_FIXED, "dispense", _CURE, "cool_down", "mount"], 6, "remove_crown before"),
        # heat
        (_joint(), ["cool_down"], 1, "a step that heats before"),
        (_joint(), [*_FIXED, "cool_down"], 3, "a step that heats before"),
        (_joint(), [_HOT, {"kind": "cool_down", "temperature": 60.0}], 2, "at most 40 degC"),
        (_joint(), ["attach", "mount"], 2, "cool_down before"),
        (_SPREAD, ["attach", "dispense"], 2, "cool_down before"),
        (_SPREAD, [*_FIXED, {"kind": "dispense", "temperature": 80.0}], 3, "a start at 25 degC"),
        (_SPREAD, [*_FIXED, "dispense", _WARM], 4, "a start at 25 degC"),
        # mounting and after
        (_joint(), ["mount"], 1, "attach before"),
        (_joint(), [*_FIXED, "attach"], 3, "one attach"),
        (_joint(), ["cycles"], 1, "mount before"),
        (_joint(), [*_FIXED, "cycles"], 3, "mount before"),
        (_joint(), [*_FIXED, "mount", "mount"], 4, "a step before mount"),
        (_SPREAD, [*_FIXED, "dispense", _CURE, "cool_down", "mount", _CURE], 7,
         "a step before mount"),
        (_joint(), [*_FIXED, "mount", "cycles", "cycles"], 5, "nothing but ball_shear after"),
        # ball shear
        (_joint(), [_SHEAR], 1, "attach before"),
    ],
)  # fmt: skip
def test_orders_that_cannot_happen(
    joint: Joint, steps: list[Any], number: int, missing: str
) -> None:
    """The error names the step by number and kind, and what is missing before it."""
    making = Making(steps=steps)
    with pytest.raises(InputError, match="is not allowed") as caught:
        making.check(joint)
    kind = making.steps[number - 1].kind
    assert caught.value.field == f"making.steps.{number}"
    assert caught.value.value == kind
    assert f"step {number} of {len(steps)}, {kind}" in caught.value.reason
    assert missing in caught.value.allowed


def test_a_step_that_is_refused_changes_nothing_before() -> None:
    """Whatever stands before the refused step is a chain that can happen, up to there."""
    hot = {**_SHEAR, "temperature": 125.0}
    Making(steps=["attach", hot, "cool_down", _SHEAR, "mount"]).check(_joint())
    Making(steps=[*_FIXED, "mount", _SHEAR, "cycles", _SHEAR]).check(_joint())
    Making(steps=[*_FIXED, "dispense", _CURE, "cool_down", _CURE, "cool_down"]).check(_SPREAD)


@pytest.mark.parametrize(
    ("steps", "field", "words"),
    [
        ([], "making.steps", "a list of steps"),
        (["atach"], "making.steps.1.kind", "did you mean 'attach'?"),
        (["attach", 3], "making.steps.2", "a table with a `kind`"),
        ([{"programme": {}}], "making.steps.1.kind", "this field is required"),
        ([{"kind": "attach", "ovn": {}}], "making.steps.1.ovn", "did you mean 'oven'?"),
        (["cure"], "making.steps.1.programme", "a programme or an oven"),
        ([{**_CURE, "oven": {"profile": "jstd020_pb_free"}}], "making.steps.1.programme",
         "no programme beside an oven"),
        ([{"kind": "attach", "oven": {"profile": "jstd"}}], "making.steps.1.oven.profile",
         "jstd020_pb_free"),
        ([{"kind": "cool_down", "rate": "2 K/s"}], "making.steps.1.rate", "its unit is degC/s"),
        ([{"kind": "cool_down", "rate": -2.0}], "making.steps.1.rate", "above 0"),
        ([{**_SHEAR, "speed": 10.0}], "making.steps.1.speed", "at most 0.8 mm/s"),
        ([{"kind": "ball_shear", "tool_height": 0.1}], "making.steps.1.travel", "required"),
    ],
)  # fmt: skip
def test_wrong_steps(steps: list[Any], field: str, words: str) -> None:
    with pytest.raises(InputError, match="is not allowed") as caught:
        Making(steps=steps)
    assert caught.value.field == field
    assert words in str(caught.value)


def test_every_kind_has_a_record() -> None:
    assert sorted(STEP_KINDS) == sorted(
        ["attach", "mask_on", "mask_off", "repellent_on", "repellent_off", "dispense", "cure",
         "remove_crown", "cool_down", "mount", "cycles", "ball_shear"]
    )  # fmt: skip


# --- studies ------------------------------------------------------------------------------------

_STUDY = f"""
kind = "making"
package = "{ROOT}/meshes/pbga_0p80.toml"
joints = [
  "plain",
  {{ name = "dip", like = "anchored", anchor = {{ route = "dip", crown_resin_removed = true }} }},
]

[cycle]
condition = "G"
cycles = 1

[fatigue]
law = "darveaux_sac305_motalab_2013"
"""


def _load(folder: Path, text: str) -> MakingStudy:
    path = folder / "study.toml"
    path.write_text(text)
    return MakingStudy.load(path)


def test_a_study_varies_ready_made_joints(tmp_path: Path) -> None:
    study = _load(tmp_path, _STUDY)
    package = study.load_package()
    plain, dip = study.selected_joints(package)
    ready = package.joint("anchored")
    assert plain == package.joint("plain")
    assert dip.anchor is not None
    assert ready.anchor is not None
    assert dip.anchor == ready.anchor.model_copy(
        update={"route": "dip", "crown_resin_removed": True}
    )
    makings = study.makings(package)
    assert _kinds(makings["dip"]) == ["dispense", "attach", "cool_down", "remove_crown", *_END]


def test_a_shear_test_comes_before_mounting(tmp_path: Path) -> None:
    text = _STUDY.replace("[cycle]", "[ball_shear]\ntool_height = 0.1\ntravel = 0.1\n\n[cycle]")
    study = _load(tmp_path, text)
    for making in study.makings(study.load_package()).values():
        assert _kinds(making)[-3:] == ["ball_shear", *_END]


def test_steps_and_the_resin_of_a_study(tmp_path: Path) -> None:
    steps = '[steps]\nplain = ["attach", { kind = "cool_down", rate = 1.0 }, "mount", "cycles"]\n'
    text = 'resin_model = "maxwell"\nshrinkage = false\n' + _STUDY + steps
    study = _load(tmp_path, text)
    makings = study.makings(study.load_package())
    assert makings["plain"].steps[1] == CoolDown(rate=1.0)
    assert {making.resin_model for making in makings.values()} == {"maxwell"}
    assert not any(making.shrinkage for making in makings.values())


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ('like = "anchored"', 'like = "anchord"', "study.joints.2.like", "'anchored'"),
        ('like = "anchored"', "like = 3", "study.joints.2.like", "in quotes"),
        ('route = "dip"', 'route = "dp"', "study.joints.2.anchor.route", "'dip'"),
        ('route = "dip"', 'rout = "dip"', "study.joints.2.anchor.rout", "'route'"),
        ("[cycle]", '[steps]\ndib = ["attach"]\n[cycle]', "study.steps.dib", "'dip'"),
        ("[cycle]", '[steps]\ndip = ["attach"]\n[cycle]', "study.steps.dip.1", "dispense before"),
        ("[cycle]", '[steps]\nplain = ["atach"]\n[cycle]', "study.steps.plain.1.kind", "'attach'"),
        ("[cycle]", '[steps]\nplain = ["attach"]\n[cycle]', "study.steps.plain",
         "cycles at the end"),
        ("[cycle]", "[steps]\nplain = []\n[cycle]", "study.steps.plain",
         "[] is not allowed: expected a list of steps, one or more"),
        ("[cycle]", '[steps]\nplain = ["attach", "mount"]\n[cycle]', "study.steps.plain.2",
         "step 2 of 2, mount: the joint is still hot"),
        ("[cycle]", '[steps]\nplain = ["attach", { kind = "cool_down", rate = 99 }]\n[cycle]',
         "study.steps.plain.2.rate", "99 degC/s is not allowed"),
        ('condition = "G"', 'condition = "Z"', "study.cycle.condition", "JESD22-A104"),
        ("[cycle]", "[cycl]", "study.cycl", "'cycle'"),
        ('kind = "making"', 'kind = "making"\nresin_model = "elastic"', "study.resin_model",
         "cure_hardening"),
        ('kind = "making"', 'kind = "making"\nmesh_size = 5.0', "study.mesh_size", "at most 2.5"),
    ],
)  # fmt: skip
def test_wrong_studies(tmp_path: Path, old: str, new: str, field: str, words: str) -> None:
    with pytest.raises(InputError, match="is not allowed") as caught:
        _load(tmp_path, _STUDY.replace(old, new))
    assert caught.value.field == field
    assert words in str(caught.value)


def test_a_film_may_be_of_polyester() -> None:
    assert _joint({"route": "film", "family": "polyester"}).anchor is not None
    with pytest.raises(InputError, match="it melts and does not cure"):
        Anchor(**{**_RESIN, "family": "polyester"})


def test_film_on_the_crown() -> None:
    resin = Anchor(**_RESIN, crown_resin_removed=True)
    assert resin.crown_film == 0.02
    assert Anchor(**_RESIN).crown_film == 0.0
    with pytest.raises(InputError, match="crown_resin_removed = true"):
        Anchor(**_RESIN, crown_film_thickness=0.01)
