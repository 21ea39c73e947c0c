"""The making of a joint: an ordered list of steps, from its ball or resin to its last cycle.

Steps are records told apart by their ``kind`` (:mod:`bumpfem.design.making_steps`); what may follow
what stands in :mod:`bumpfem.design.making_order`.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from bumpfem.design.anchor import Anchor
from bumpfem.design.joint import Joint
from bumpfem.design.making_order import RESIN_FIRST, refuse_order
from bumpfem.design.making_steps import (
    AnyStep,
    Attach,
    BallShear,
    CoolDown,
    Cure,
    Cycles,
    Dispense,
    HeatedStep,
    MaskOff,
    MaskOn,
    Mount,
    RemoveCrown,
    RepellentOff,
    RepellentOn,
    Step,
    step_of,
)
from bumpfem.design.profile import CycleStep
from bumpfem.design.programme import ROOM, Programme
from bumpfem.design.quantities import Flag
from bumpfem.design.record import Record

__all__ = [
    "CURING", "ONE_HEATING_PEAK", "PASTE_CURING", "Attach", "BallShear", "CoolDown", "Cure",
    "Cycles", "Dispense", "HeatedStep", "Making", "MaskOff", "MaskOn", "Mount", "RemoveCrown",
    "RepellentOff", "RepellentOn", "Step", "step_of",
]  # fmt: skip

#: Temperature, degrees C, and time, s, of the default cure of each family of resins. They are
#: customary, not a product's: give the data sheet's programme where the product is known.
CURING: dict[str, tuple[float, float]] = {
    "polyimide": (200.0, 7200.0),
    "epoxy": (150.0, 3600.0),
    "phenolic": (160.0, 3600.0),
    "acrylic": (150.0, 3600.0),
    "silicone": (150.0, 3600.0),
}
#: The same for a conductive paste.
PASTE_CURING = (150.0, 3600.0)
#: The same where a film melts in the heating that cures the paste: hot enough for the film, and
#: below the solidus of lead-free solder.
FILM_ON_PASTE = (205.0, 1800.0)
#: Rate of heating and cooling of a curing oven, degrees C per minute.
CURING_RATE = 5.0
#: Peak of the default heating that both solders and cures (``dip``, ``flux``), degrees C, and the
#: time there, s.
ONE_HEATING_PEAK = (245.0, 30.0)
#: Rate of heating to this peak and of cooling from it, degrees C per minute: the 3 degC/s that
#: J-STD-020 allows at most, so that the solder melts before the resin gels.
ONE_HEATING_RATE = 180.0


class Making(Record):
    """How a joint is made and what it goes through.

    >>> joint = Joint(name="plain", ball_diameter=0.45, solder="sac305")
    >>> [step.kind for step in Making.default_for(joint).steps]
    ['attach', 'cool_down', 'mount', 'cycles']

    Attributes:
        steps: Steps in order: tables with a ``kind``, or bare kinds.
        resin_model: How the resin deforms: ``cure_hardening`` (elastic, stiffening with cure) or
            ``maxwell`` (viscoelastic).
        shrinkage: Whether the resin shrinks as it cures.
    """

    label: ClassVar[str] = "making"

    steps: Annotated[
        tuple[AnyStep, ...], Field(min_length=1, description="a list of steps, one or more")
    ]
    resin_model: Literal["cure_hardening", "maxwell"] = "cure_hardening"
    shrinkage: Flag = True

    @classmethod
    def default_for(cls, joint: Joint, **choices: Any) -> Making:
        """The usual way of making a joint: the steps of its route, mounting and thermal cycles.

        Solder goes through the lead-free profile of J-STD-020. That of a neck melts in part only,
        when it is attached and when it is mounted: these steps have neither oven nor programme, and
        an oven is sought before they are computed (:mod:`bumpfem.process.neck_oven`). Resin and
        paste are cured by :data:`CURING` and :data:`PASTE_CURING`; on the routes ``dip`` and
        ``flux`` one heating goes to :data:`ONE_HEATING_PEAK` and stays at the temperature of cure
        on its way back.

        Args:
            joint: The joint.
            choices: ``resin_model`` and ``shrinkage``.

        Raises:
            InputError: The joint cannot be made so.
        """
        steps: list[Step] = [] if joint.bump is not None else _until_attached(joint)
        anchor = joint.anchor
        if anchor is not None and anchor.route not in RESIN_FIRST:
            steps += _resin_after(anchor)
        if anchor is not None and anchor.crown_resin_removed:
            steps.append(RemoveCrown())
        making = cls(steps=(*steps, Mount(), Cycles()), **choices)
        making.check(joint)
        return making

    def check(self, joint: Joint) -> None:
        """Make sure that these steps can make a joint, in this order.

        Raises:
            InputError: Names the first step that cannot happen by number and kind, and what is
                missing before it.
        """
        refuse_order(self.steps, joint)

    @property
    def words(self) -> str:
        """The steps in a line."""
        return ", ".join(step.kind.replace("_", " ") for step in self.steps)


def _until_attached(joint: Joint) -> list[Step]:
    """Steps until the ball is fixed and cold, and its mask is gone."""
    anchor, mask = joint.anchor, joint.mask
    steps: list[Step] = []
    if anchor is not None and anchor.route in RESIN_FIRST:
        steps.append(Dispense())
    if mask is not None:
        steps.append(MaskOn())
    steps += [Attach(programme=_attaching(anchor)), CoolDown()]
    if mask is not None and not mask.kept:
        steps.append(MaskOff())
    return steps


def _attaching(anchor: Anchor | None) -> Programme | None:
    """Heating that fixes the ball; None for the standard's oven."""
    if anchor is None:
        return None
    if anchor.route in ("dip", "flux"):
        return _one_heating(anchor)
    if anchor.fixing == "paste":
        return _film_on_paste() if anchor.route == "film" else _curing(*PASTE_CURING)
    return None


def _film_on_paste() -> Programme:
    """Heating that cures the paste and melts the film, which is hard again at its end."""
    temperature, duration = FILM_ON_PASTE
    return Programme(
        ramps=(
            CycleStep(to=temperature, rate=CURING_RATE),
            CycleStep(hold=duration),
            CycleStep(to=ROOM, rate=CURING_RATE),
        )
    )


def _one_heating(anchor: Anchor) -> Programme:
    """Heating that fixes the ball and cures the resin."""
    temperature, duration = CURING[anchor.family]
    if anchor.fixing == "paste":
        return _curing(max(temperature, PASTE_CURING[0]), max(duration, PASTE_CURING[1]))
    peak, stay = ONE_HEATING_PEAK
    return Programme(
        ramps=(
            CycleStep(to=peak, rate=ONE_HEATING_RATE),
            CycleStep(hold=stay),
            CycleStep(to=temperature, rate=ONE_HEATING_RATE),
            CycleStep(hold=duration),
        )
    )


def _resin_after(anchor: Anchor) -> list[Step]:
    """Steps of resin that comes after the ball is fixed."""
    steps: list[Step] = [Dispense(), Cure(programme=_curing(*CURING[anchor.family]))]
    if anchor.route != "repellent":
        return [*steps, CoolDown()]
    return [RepellentOn(), *steps, CoolDown(), RepellentOff()]


def _curing(temperature: float, duration: float) -> Programme:
    """Up to the temperature of cure and a stay there; the cool-down is a step of its own."""
    return Programme(ramps=(CycleStep(to=temperature, rate=CURING_RATE), CycleStep(hold=duration)))
