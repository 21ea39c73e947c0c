"""The steps by which a joint is made: one record each, told apart by their ``kind``."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import BeforeValidator, model_validator

from bumpfem.design.loading import did_you_mean, quoted
from bumpfem.design.oven import Oven
from bumpfem.design.programme import ROOM, Programme
from bumpfem.design.quantities import JointLength, Quantity, Temperature
from bumpfem.design.record import Record
from bumpfem.errors import InputError

#: Rate of cooling without sign.
CoolingRate = Annotated[float, Quantity("degC/s", 0.0, 50.0, above=True)]
#: Speed of the tool in a low-speed ball shear test, JESD22-B117.
ShearSpeed = Annotated[float, Quantity("mm/s", 0.1, 0.8)]


class _Heated(Record):
    """A step that heats: exactly one of ``oven`` and ``programme``, or a default oven.

    Attributes:
        oven: The oven.
        programme: Temperature of the joint over time.
    """

    oven: Oven | None = None
    programme: Programme | None = None

    #: Whether a step without both goes through the standard's oven.
    standard_oven: ClassVar[bool] = True

    @model_validator(mode="after")
    def _check_heat(self) -> Self:
        if self.oven is not None and self.programme is not None:
            raise InputError(
                "programme", "present", "no programme beside an oven",
                reason="either says what the temperature is",
            )  # fmt: skip
        if not self.standard_oven and self.oven is None and self.programme is None:
            raise InputError(
                "programme", "nothing", "a programme or an oven",
                reason="there is no standard's profile of curing",
            )  # fmt: skip
        return self

    @property
    def heat(self) -> Oven | Programme:
        """What heats: by default the lead-free profile of J-STD-020, whatever the joint."""
        return self.programme or self.oven or Oven(profile="jstd020_pb_free")


class Attach(_Heated):
    """The ball is soldered to its pad on the interposer, or its paste is cured.

    On the routes ``film``, ``dip`` and ``flux`` the same heating melts the film or cures the resin.

    Attributes:
        kind: ``attach``.
        oven: The oven; None beside no programme: the lead-free profile of J-STD-020, or for a neck
            an oven that is sought to melt as much of the ball as it asks for.
        programme: Temperature of the joint over time, in place of an oven.
    """

    label: ClassVar[str] = "attach"

    kind: Literal["attach"] = "attach"


class MaskOn(Record):
    """The mask with the balls in its holes is laid on the interposer.

    Attributes:
        kind: ``mask_on``.
    """

    label: ClassVar[str] = "mask_on"

    kind: Literal["mask_on"] = "mask_on"


class MaskOff(Record):
    """The mask is taken away.

    Attributes:
        kind: ``mask_off``.
    """

    label: ClassVar[str] = "mask_off"

    kind: Literal["mask_off"] = "mask_off"


class RepellentOn(Record):
    """The crown of the ball is coated so that resin cannot climb.

    Attributes:
        kind: ``repellent_on``.
    """

    label: ClassVar[str] = "repellent_on"

    kind: Literal["repellent_on"] = "repellent_on"


class RepellentOff(Record):
    """The coat is taken off the crown.

    Attributes:
        kind: ``repellent_off``.
    """

    label: ClassVar[str] = "repellent_off"

    kind: Literal["repellent_off"] = "repellent_off"


class Dispense(Record):
    """The resin comes, liquid or (route ``film``) as a film with the balls in its holes.

    Attributes:
        kind: ``dispense``.
        temperature: Temperature of resin and joint meanwhile, degrees C.
    """

    label: ClassVar[str] = "dispense"

    kind: Literal["dispense"] = "dispense"
    temperature: Temperature = ROOM


class Cure(_Heated):
    """The resin is cured; after a first cure this is a post-cure.

    Attributes:
        kind: ``cure``.
        oven: The oven.
        programme: Temperature of the joint over time, in place of an oven.
    """

    label: ClassVar[str] = "cure"
    standard_oven: ClassVar[bool] = False

    kind: Literal["cure"] = "cure"


class RemoveCrown(Record):
    """Hardened resin is taken off the crown of the ball.

    Attributes:
        kind: ``remove_crown``.
    """

    label: ClassVar[str] = "remove_crown"

    kind: Literal["remove_crown"] = "remove_crown"


class CoolDown(Record):
    """The joint cools at a constant rate.

    Attributes:
        kind: ``cool_down``.
        temperature: Temperature at the end, degrees C.
        rate: Rate without sign, degrees C per second.
    """

    label: ClassVar[str] = "cool_down"

    kind: Literal["cool_down"] = "cool_down"
    temperature: Temperature = ROOM
    rate: CoolingRate = 2.0


class Mount(_Heated):
    """The package is soldered to its board: the joint melts again and takes its mounted shape.

    Attributes:
        kind: ``mount``.
        oven: The oven; None beside no programme: the lead-free profile of J-STD-020, or for a neck
            an oven that is sought to melt as much of the ball as it asks for.
        programme: Temperature of the joint over time, in place of an oven.
        temperature: Temperature to which the joint cools afterwards, degrees C.
        rate: Rate of this cooling without sign, degrees C per second.
    """

    label: ClassVar[str] = "mount"

    kind: Literal["mount"] = "mount"
    temperature: Temperature = ROOM
    rate: CoolingRate = 2.0


class Cycles(Record):
    """The thermal cycles of the study.

    Attributes:
        kind: ``cycles``.
    """

    label: ClassVar[str] = "cycles"

    kind: Literal["cycles"] = "cycles"


class BallShear(Record):
    """A ball shear test of JESD22-B117 at low speed, on a copy: the joint itself goes on unhurt.

    The copy is brought to the temperature of the test and, once mounted, taken off its board.

    The height of the tool is measured as the heights of an anchor are: from the outermost face of
    the interposer's solder side. The standard allows a quarter of the ball's height at most, which
    is that of its shape (:func:`bumpfem.process.shear_place.check_tools`).

    Attributes:
        kind: ``ball_shear``.
        tool_height: Height of the tool's lower edge, mm.
        speed: Speed of the tool, mm/s.
        travel: Way of the tool from its first touch, mm.
        temperature: Temperature of the test, degrees C.
    """

    label: ClassVar[str] = "ball_shear"

    kind: Literal["ball_shear"] = "ball_shear"
    tool_height: JointLength
    speed: ShearSpeed = 0.5
    travel: JointLength
    temperature: Temperature = ROOM


#: Any step.
Step = (
    Attach | MaskOn | MaskOff | RepellentOn | RepellentOff | Dispense | Cure | RemoveCrown
    | CoolDown | Mount | Cycles | BallShear
)  # fmt: skip
#: Steps that heat by an oven or a programme.
HeatedStep = Attach | Cure | Mount
#: The record of each kind.
STEP_KINDS: dict[str, type[Record]] = {kind.label: kind for kind in get_args(Step)}


def step_of(data: Any) -> Any:
    """The step that data of a file mean; a step is returned as it is.

    A bare word is a step of this kind with its defaults.

    Raises:
        InputError: It has no kind, an unknown one, or wrong content.
    """
    if isinstance(data, str):
        data = {"kind": data}
    if isinstance(data, Record):
        return data
    if not isinstance(data, dict):
        raise InputError("", data, "a table with a `kind`, or a kind in quotes")
    kind = data.get("kind")
    if kind is None:
        raise InputError(
            "kind", "nothing", f"one of {quoted(STEP_KINDS)}", reason="this field is required"
        )
    if not isinstance(kind, str) or kind not in STEP_KINDS:
        raise InputError(
            "kind", repr(kind), f"one of {quoted(STEP_KINDS)}",
            reason=did_you_mean(str(kind), STEP_KINDS),
        )  # fmt: skip
    record = STEP_KINDS[kind]
    try:
        return record(**data)
    except InputError as error:
        field = error.field.removeprefix(record.label).lstrip(".")
        raise InputError(field, error.value, error.allowed, error.unit, error.reason) from None


#: A step in a list of steps; tables and bare words of a file become records.
AnyStep = Annotated[Step, BeforeValidator(step_of)]
