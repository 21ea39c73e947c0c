"""Making in the design: programmes, the usual chain of every route, studies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bumpfem.design import Anchor, Core, Joint, Making, MakingStudy, Mask, Oven, Package, Programme
from bumpfem.design.making import Attach, CoolDown
from bumpfem.errors import InputError
from tests.support.making import MASK, RESIN, ROOT, kinds, made_joint, study_text

_PASTE = {
    "fixing": "paste", "paste_filler": "silver", "paste_material": "silver_epoxy",
    "paste_thickness": 0.02,
}  # fmt: skip
_END = ["mount", "cycles"]


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


@pytest.mark.parametrize(
    ("joint", "steps"),
    [
        (made_joint(), ["attach", "cool_down"]),
        (made_joint({}), ["attach", "cool_down", "dispense", "cure", "cool_down"]),
        (
            made_joint({"crown_resin_removed": True}),
            ["attach", "cool_down", "dispense", "cure", "cool_down", "remove_crown"],
        ),
        (
            made_joint({"route": "repellent"}),
            ["attach", "cool_down", "repellent_on", "dispense", "cure", "cool_down",
             "repellent_off"],
        ),
        (made_joint({"route": "film"}), ["dispense", "attach", "cool_down"]),
        (made_joint({"route": "dip"}), ["dispense", "attach", "cool_down"]),
        (made_joint({"route": "flux"}), ["dispense", "attach", "cool_down"]),
        (
            made_joint({"route": "dip", "crown_resin_removed": True}),
            ["dispense", "attach", "cool_down", "remove_crown"],
        ),
        (made_joint(mask=Mask(**MASK)), ["mask_on", "attach", "cool_down", "mask_off"]),
        (made_joint(mask=Mask(**MASK, kept=True)), ["mask_on", "attach", "cool_down"]),
        (
            made_joint({}, mask=Mask(**MASK)),
            ["mask_on", "attach", "cool_down", "mask_off", "dispense", "cure", "cool_down"],
        ),
        (
            made_joint({"route": "dip"}, mask=Mask(**MASK)),
            ["dispense", "mask_on", "attach", "cool_down", "mask_off"],
        ),
        (made_joint(_PASTE), ["attach", "cool_down", "dispense", "cure", "cool_down"]),
        (
            made_joint({}, core=Core(material="copper", diameter=0.3, pad_gap=0.01)),
            ["attach", "cool_down", "dispense", "cure", "cool_down"],
        ),
    ],
)  # fmt: skip
def test_usual_chain_of_every_route(joint: Joint, steps: list[str]) -> None:
    making = Making.default_for(joint)
    assert kinds(making) == [*steps, *_END]
    making.check(joint)
    assert Making(**making.model_dump(mode="json")) == making


def test_usual_chain_of_a_metal_bump() -> None:
    """A metal bump is fired before the chain: it is only mounted and cycled."""
    package = Package.load(ROOT / "meshes" / "pbga_0p80.toml")
    assert kinds(Making.default_for(package.joint("metal_bump"))) == _END


def test_usual_heat() -> None:
    """Solder goes through the standard's oven; paste and resin are cured below its melting; one
    heating that solders and cures passes the melting range before it stays to cure."""
    plain = Making.default_for(made_joint()).steps[0]
    paste = Making.default_for(made_joint(_PASTE)).steps[0]
    dip = Making.default_for(made_joint({"route": "dip"})).steps[1]
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
    making = Making.default_for(made_joint({}), resin_model="maxwell", shrinkage=False)
    assert making.resin_model == "maxwell"
    assert not making.shrinkage


def test_a_film_may_be_of_polyester() -> None:
    assert made_joint({"route": "film", "family": "polyester"}).anchor is not None
    with pytest.raises(InputError, match="it melts and does not cure"):
        Anchor(**{**RESIN, "family": "polyester"})


def test_film_on_the_crown() -> None:
    resin = Anchor(**RESIN, crown_resin_removed=True)
    assert resin.crown_film == 0.02
    assert Anchor(**RESIN).crown_film == 0.0
    with pytest.raises(InputError, match="crown_resin_removed = true"):
        Anchor(**RESIN, crown_film_thickness=0.01)


# --- studies ------------------------------------------------------------------------------------

_STUDY = study_text("""[
  "plain",
  { name = "dip", like = "anchored", anchor = { route = "dip", crown_resin_removed = true } },
]""")


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
    assert kinds(makings["dip"]) == ["dispense", "attach", "cool_down", "remove_crown", *_END]


def test_a_shear_test_comes_before_mounting(tmp_path: Path) -> None:
    text = _STUDY.replace("[cycle]", "[ball_shear]\ntool_height = 0.1\ntravel = 0.1\n\n[cycle]")
    study = _load(tmp_path, text)
    for making in study.makings(study.load_package()).values():
        assert kinds(making)[-3:] == ["ball_shear", *_END]


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
