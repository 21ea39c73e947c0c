"""Which step may follow which: the state of a joint while it is made, as far as orders go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from bumpfem.design.joint import Joint
from bumpfem.design.making_steps import (
    Attach,
    BallShear,
    CoolDown,
    Cure,
    Cycles,
    Dispense,
    MaskOff,
    MaskOn,
    Mount,
    RemoveCrown,
    RepellentOff,
    RepellentOn,
    Step,
)
from bumpfem.design.programme import ROOM
from bumpfem.errors import InputError

#: Difference of two temperatures that is none, K.
SAME_TEMPERATURE = 0.5
#: Routes whose resin comes before the ball is fixed, so that one heating does both.
RESIN_FIRST = ("film", "dip", "flux")


class Broken(NamedTuple):
    """Why a step cannot happen.

    Attributes:
        missing: What would have to hold.
        reason: Why, in a sentence.
    """

    missing: str
    reason: str


class MakingState:
    """What has happened to a joint so far, and whether the next step can.

    Args:
        joint: The joint.

    Attributes:
        temperature: Temperature of the joint, degrees C; None where only a heat run can tell.
    """

    def __init__(self, joint: Joint) -> None:
        self._joint, self._anchor = joint, joint.anchor
        self._attached = joint.bump is not None
        self._mask: Literal["none", "on", "off"] = "none"
        self._repellent: Literal["none", "on", "off"] = "none"
        self._resin: Literal["none", "liquid", "hard"] = "none"
        self._crown_removed = self._heated = self._mounted = self._cycled = False
        self.temperature: float | None = ROOM
        self._rules: dict[type[Step], Callable[..., Broken | None]] = {
            Attach: self._attach,
            MaskOn: self._mask_on,
            MaskOff: self._mask_off,
            RepellentOn: self._repellent_on,
            RepellentOff: self._repellent_off,
            Dispense: self._dispense,
            Cure: self._cure,
            RemoveCrown: self._remove_crown,
            CoolDown: self._cool_down,
            Mount: self._mount,
            Cycles: self._cycles,
            BallShear: self._ball_shear,
        }

    def advance(self, step: Step) -> Broken | None:
        """Let a step happen; what stands against it, or None."""
        if self._cycled and not isinstance(step, BallShear):
            return Broken("nothing but ball_shear after cycles", "the cycles end the history")
        if self._mounted and not isinstance(step, Cycles | BallShear):
            again = "the package is on its board already"
            return Broken("a step before mount", again)
        return self._rules[type(step)](step)

    def _attach(self, step: Attach) -> Broken | None:
        joint = self._joint
        if joint.bump is not None:
            return Broken("no attach", "a metal bump is fired on its pad before the chain begins")
        if self._attached:
            return Broken("one attach", "the ball is fixed on its pad already")
        if joint.mask is not None and self._mask == "none":
            return Broken("mask_on before", "the mask places the ball")
        if self._anchor is not None and self._anchor.route in RESIN_FIRST and self._resin == "none":
            return Broken(
                "dispense before", f'on route "{self._anchor.route}" one heating does both'
            )
        broken = self._heat(step)
        if broken is None:
            self._attached = True
            self._resin = "none" if self._resin == "none" else "hard"
        return broken

    def _mask_on(self, step: MaskOn) -> Broken | None:
        if self._joint.mask is None:
            return Broken("a joint with a mask", f"joint {self._joint.name} has none")
        if self._mask != "none":
            return Broken("one mask_on", "the mask was put on before")
        if self._attached:
            return Broken("mask_on before attach", "the ball it would place is fixed already")
        self._mask = "on"
        return None

    def _mask_off(self, step: MaskOff) -> Broken | None:
        if self._mask == "none":
            return Broken("mask_on before", "no mask was put on")
        if self._mask == "off":
            return Broken("one mask_off", "the mask was taken off before")
        if self._joint.mask is not None and self._joint.mask.kept:
            return Broken("no mask_off, or mask.kept = false", "the mask stays as a collar")
        if not self._attached:
            return Broken("attach before", "nothing but the mask holds the ball")
        self._mask = "off"
        return None

    def _repellent_on(self, step: RepellentOn) -> Broken | None:
        if self._anchor is None or self._anchor.route != "repellent":
            return Broken(
                'a joint with anchor.route = "repellent"',
                f"no crown of joint {self._joint.name} is coated by its design",
            )
        if self._repellent != "none":
            return Broken("one repellent_on", "the crown was coated before")
        if not self._attached:
            return Broken("attach before", "the coat would burn in the oven that fixes the ball")
        if self._resin != "none":
            return Broken("repellent_on before dispense", "the resin has climbed already")
        self._repellent = "on"
        return None

    def _repellent_off(self, step: RepellentOff) -> Broken | None:
        if self._repellent == "none":
            return Broken("repellent_on before", "no repellent was put on")
        if self._repellent == "off":
            return Broken("one repellent_off", "the repellent was taken off before")
        if self._resin != "hard":
            return Broken("cure before", "the resin is not hard and would climb")
        self._repellent = "off"
        return None

    def _dispense(self, step: Dispense) -> Broken | None:
        anchor = self._anchor
        if anchor is None:
            return Broken("a joint with an anchor", f"joint {self._joint.name} has no resin")
        if self._resin != "none":
            return Broken("one dispense", "the resin was dispensed before")
        if anchor.route == "flux" and self._joint.mask is not None:
            return Broken(
                'another route than "flux" beside a mask',
                "the mask that places the balls covers where the resin would be spread",
            )
        if anchor.route in RESIN_FIRST and self._attached:
            return Broken("dispense before attach", f'so is the resin of route "{anchor.route}"')
        if anchor.route not in RESIN_FIRST and not self._attached:
            return Broken(
                "attach before", f'on route "{anchor.route}" the ball is fixed before the resin'
            )
        if anchor.route == "repellent" and self._repellent == "none":
            return Broken("repellent_on before", "nothing keeps the resin off the crown")
        if self._mask == "on":
            return Broken("no mask on the interposer", "it covers where the resin would lie")
        broken = self._at(step.temperature)
        if broken is None:
            self._resin = "liquid"
        return broken

    def _cure(self, step: Cure) -> Broken | None:
        if self._resin == "none" or self._anchor is None:
            return Broken("dispense before", "there is no resin to cure")
        if self._anchor.route == "film":
            return Broken("no cure", "the film melts and solidifies with attach, it does not cure")
        if not self._attached:
            return Broken(
                "attach before", f'on route "{self._anchor.route}" attach cures the resin as well'
            )
        broken = self._heat(step)
        if broken is None:
            self._resin = "hard"
        return broken

    def _remove_crown(self, step: RemoveCrown) -> Broken | None:
        if self._anchor is None or not self._anchor.crown_resin_removed:
            return Broken(
                "a joint with anchor.crown_resin_removed = true",
                f"the design of joint {self._joint.name} takes no resin off the crown",
            )
        if self._resin != "hard":
            return Broken("cure before", "only hardened resin is taken off")
        if self._crown_removed:
            return Broken("one remove_crown", "the crown was freed before")
        self._crown_removed = True
        return None

    def _cool_down(self, step: CoolDown) -> Broken | None:
        if not self._heated:
            return Broken("a step that heats before", "nothing was heated since")
        if self.temperature is not None and step.temperature > self.temperature:
            return Broken(
                f"at most {self.temperature:g} degC", f"{step.temperature:g} degC is not cooler"
            )
        self._heated, self.temperature = False, step.temperature
        return None

    def _mount(self, step: Mount) -> Broken | None:
        joint, anchor = self._joint, self._anchor
        if not self._attached:
            return Broken("attach before", "no ball is fixed on the interposer")
        if anchor is not None and self._resin != "hard":
            missing = "dispense" if self._resin == "none" else "cure"
            return Broken(f"{missing} before", "the resin of the design is not there or not hard")
        if joint.mask is not None and not joint.mask.kept and self._mask != "off":
            return Broken("mask_off before", "the mask would lie between ball and board")
        if self._repellent == "on":
            return Broken("repellent_off before", "solder does not wet a coated crown")
        if anchor is not None and anchor.crown_resin_removed and not self._crown_removed:
            return Broken("remove_crown before", "resin on the crown keeps it off the board")
        broken = self._heat(step)
        if broken is None:
            self._mounted, self._heated, self.temperature = True, False, step.temperature
        return broken

    def _cycles(self, step: Cycles) -> Broken | None:
        if not self._mounted:
            return Broken("mount before", "thermal cycles load a joint between package and board")
        self._cycled = True
        return None

    def _ball_shear(self, step: BallShear) -> Broken | None:
        if self._joint.bump is not None:
            return Broken("a joint with a ball", "the test of balls says nothing of metal bumps")
        if not self._attached:
            return Broken("attach before", "no ball is fixed on the interposer")
        if self._mask == "on":
            return Broken("mask_off before", "the tool meets the mask, not the ball")
        return None

    def _heat(self, step: Attach | Cure | Mount) -> Broken | None:
        """Let a step heat the joint, which begins where the joint is."""
        programme = step.programme
        broken = self._at(ROOM if programme is None else programme.first)
        if broken is None:
            self._heated = True
            self.temperature = None if programme is None else programme.last
        return broken

    def _at(self, temperature: float) -> Broken | None:
        """Whether the joint is at a temperature, as far as this is known."""
        now = self.temperature
        if now is None and self._heated:
            return Broken("cool_down before", "the joint is still hot from its oven")
        if now is not None and abs(now - temperature) > SAME_TEMPERATURE:
            return Broken(
                f"a start at {now:g} degC", f"the joint is there, not at {temperature:g} degC"
            )
        return None


def refuse_order(steps: tuple[Step, ...], joint: Joint) -> None:
    """Refuse an order of steps that cannot happen.

    Raises:
        InputError: Names the first step that cannot, by number and kind, and what is missing.
    """
    state = MakingState(joint)
    for number, step in enumerate(steps, start=1):
        broken = state.advance(step)
        if broken is not None:
            raise InputError(
                f"making.steps.{number}", step.kind, broken.missing,
                reason=f"step {number} of {len(steps)}, {step.kind}: {broken.reason}",
            )  # fmt: skip
