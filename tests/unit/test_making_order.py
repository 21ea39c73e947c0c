"""Steps of a making: orders that cannot happen, and fields that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from bumpfem.design import Joint, Making, Mask
from bumpfem.design.making_steps import STEP_KINDS
from bumpfem.errors import InputError
from tests.support.making import MASK, made_joint

_HOT = {"kind": "attach", "programme": {"points": [[0, 25], [60, 245], [200, 40]]}}
_CURE = {"kind": "cure", "programme": {"points": [[0, 25], [600, 150], [4200, 150]]}}
_SHEAR = {"kind": "ball_shear", "tool_height": 0.1, "travel": 0.05}
_MASKED = made_joint(mask=Mask(**MASK))
_WARM = {"kind": "cure", "programme": {"points": [[0, 60], [9, 90]]}}
_KEPT = made_joint(mask=Mask(**MASK, kept=True))
_SPREAD, _REPELLENT, _DIP, _FILM = (
    made_joint({"route": route}) for route in ("spread", "repellent", "dip", "film")
)
_CLEANED = made_joint({"crown_resin_removed": True})
_FIXED = ["attach", "cool_down"]


@pytest.mark.parametrize(
    ("joint", "steps", "number", "missing"),
    [
        # mask
        (made_joint(), ["mask_on"], 1, "a joint with a mask"),
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
        (made_joint(), [*_FIXED, "dispense"], 3, "a joint with an anchor"),
        (_SPREAD, ["dispense"], 1, "attach before"),
        (_SPREAD, [*_FIXED, "dispense", "dispense"], 4, "one dispense"),
        (_SPREAD, [*_FIXED, _CURE], 3, "dispense before"),
        (_SPREAD, [*_FIXED, "mount"], 3, "dispense before"),
        (_SPREAD, [*_FIXED, "dispense", "mount"], 4, "cure before"),
        (_SPREAD, [*_FIXED, "dispense", _CURE, "mount"], 5, "a start at 150 degC"),
        (_DIP, ["attach"], 1, "dispense before"),
        (_DIP, ["dispense", _CURE], 2, "attach before"),
        (_FILM, ["dispense", *_FIXED, _CURE], 4, "no cure"),
        (made_joint({}, mask=Mask(**MASK)), ["mask_on", *_FIXED, "dispense"], 4, "no mask"),
        (made_joint({"route": "flux"}, mask=Mask(**MASK)), ["dispense"], 1, "another route"),
        # crown
        (_SPREAD, [*_FIXED, "dispense", _CURE, "remove_crown"], 5, "crown_resin_removed = true"),
        (_CLEANED, [*_FIXED, "dispense", "remove_crown"], 4, "cure before"),
        (_CLEANED, [*_FIXED, "dispense", _CURE, "remove_crown", "remove_crown"], 6,
         "one remove_crown"),
        (_CLEANED, [*_FIXED, "dispense", _CURE, "cool_down", "mount"], 6, "remove_crown before"),
        # heat
        (made_joint(), ["cool_down"], 1, "a step that heats before"),
        (made_joint(), [*_FIXED, "cool_down"], 3, "a step that heats before"),
        (made_joint(), [_HOT, {"kind": "cool_down", "temperature": 60.0}], 2, "at most 40 degC"),
        (made_joint(), ["attach", "mount"], 2, "cool_down before"),
        (_SPREAD, ["attach", "dispense"], 2, "cool_down before"),
        (_SPREAD, [*_FIXED, {"kind": "dispense", "temperature": 80.0}], 3, "a start at 25 degC"),
        (_SPREAD, [*_FIXED, "dispense", _WARM], 4, "a start at 25 degC"),
        # mounting and after
        (made_joint(), ["mount"], 1, "attach before"),
        (made_joint(), [*_FIXED, "attach"], 3, "one attach"),
        (made_joint(), ["cycles"], 1, "mount before"),
        (made_joint(), [*_FIXED, "cycles"], 3, "mount before"),
        (made_joint(), [*_FIXED, "mount", "mount"], 4, "a step before mount"),
        (_SPREAD, [*_FIXED, "dispense", _CURE, "cool_down", "mount", _CURE], 7,
         "a step before mount"),
        (made_joint(), [*_FIXED, "mount", "cycles", "cycles"], 5, "nothing but ball_shear after"),
        # ball shear
        (made_joint(), [_SHEAR], 1, "attach before"),
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
    Making(steps=["attach", hot, "cool_down", _SHEAR, "mount"]).check(made_joint())
    Making(steps=[*_FIXED, "mount", _SHEAR, "cycles", _SHEAR]).check(made_joint())
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
