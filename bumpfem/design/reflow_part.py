"""What goes through the oven: how a joint is made, and what goes with it."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from bumpfem.design.joint import Joint
from bumpfem.design.neck import MELTED_TOLERANCE
from bumpfem.design.oven import Oven
from bumpfem.design.quantities import MaterialName, Quantity
from bumpfem.design.record import Record
from bumpfem.errors import InputError

#: ``mounting``: package on its board. ``bumping``: the joint on its interposer, without a board.
#: ``firing``: the powder of a metal bump on its pad and substrate.
Stage = Literal["mounting", "bumping", "firing"]


class Companion(Record):
    """A plate that goes through the oven with the joint: carrier or alignment plate.

    It is taken to be at the temperature of the slab that it lies on, to which it adds its heat
    capacity.

    Attributes:
        material: Material in the library.
        thickness: Thickness, mm; less what its holes take away.
    """

    label: ClassVar[str] = "companion"

    material: MaterialName
    thickness: Annotated[float, Quantity("mm", 0.01, 20.0)]


class ReflowPart(Record):
    """How one joint goes through the oven.

    Attributes:
        stage: Stage of its making; None: ``bumping`` for a mask that is removed, a neck, and
            resin on the routes ``dip`` and ``flux``; else ``mounting``.
        carrier: Plate under the board (mounting) or behind the substrate (bumping, firing).
        plate: Alignment plate that places the balls (bumping only).
        substrate: Material in place of the interposer in firing, in the library.
        contact_resistance: Resistance between ball and board pad until the solder melts, mm2 K/mW
            (paste or mere touch; mounting only); None: no resistance.
        undercooling: Kelvin below the solidus at which solder freezes.
        melted_tolerance: Allowed difference of a neck's melted fraction from the wanted one.
        oven: Oven of this joint in place of the study's.
    """

    label: ClassVar[str] = "part"

    stage: Stage | None = None
    carrier: Companion | None = None
    plate: Companion | None = None
    substrate: MaterialName | None = None
    contact_resistance: Annotated[float, Quantity("mm2 K/mW", 0.0, 100.0, above=True)] | None = None
    undercooling: Annotated[float, Quantity("K", 0.0, 100.0)] = 0.0
    melted_tolerance: Annotated[float, Quantity("", 0.001, 0.5)] = MELTED_TOLERANCE
    oven: Oven | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.substrate is not None and self.stage != "firing":
            raise InputError(
                "substrate", self.substrate, 'no value, or stage = "firing"',
                reason="only in firing another substrate stands for the interposer",
            )  # fmt: skip
        if self.stage == "mounting" and self.plate is not None:
            raise InputError(
                "plate", self.plate.material, 'no value, or stage = "bumping"',
                reason="an alignment plate is gone before the package is mounted",
            )  # fmt: skip
        if self.contact_resistance is not None and self.stage in ("bumping", "firing"):
            raise InputError(
                "contact_resistance", self.contact_resistance, 'no value, or stage = "mounting"',
                "mm2 K/mW", "it lies between ball and board",
            )  # fmt: skip
        return self

    def stage_of(self, joint: Joint) -> Stage:
        """The stage of a joint's making that is meant.

        Raises:
            InputError: Firing of a joint without a metal bump, or bumping of one that has it.
        """
        stage = self.stage or _usual_stage(joint)
        if stage == "firing" and joint.bump is None:
            raise InputError(
                "part.stage", stage, '"mounting" or "bumping"',
                reason=f"joint {joint.name} has no metal bump",
            )  # fmt: skip
        if stage == "bumping" and joint.bump is not None:
            raise InputError(
                "part.stage", stage, '"firing" or "mounting"',
                reason=f"joint {joint.name} has a metal bump, which is fired",
            )  # fmt: skip
        if self.plate is not None and stage != "bumping":
            raise InputError(
                "part.plate", self.plate.material, "no value",
                reason=f"joint {joint.name} is in its {stage}, where there is no alignment plate",
            )  # fmt: skip
        if self.contact_resistance is not None and stage != "mounting":
            raise InputError(
                "part.contact_resistance", self.contact_resistance, "no value", "mm2 K/mW",
                f"joint {joint.name} is in its {stage}, without a board",
            )  # fmt: skip
        return stage


def _usual_stage(joint: Joint) -> Stage:
    if joint.neck is not None or (joint.mask is not None and not joint.mask.kept):
        return "bumping"
    if joint.anchor is not None and joint.anchor.route in ("dip", "flux"):
        return "bumping"
    return "mounting"
