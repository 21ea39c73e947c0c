"""The package, its board, and the ready-made joints between them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from bumpfem.design.fit import refuse_misfit, refuse_touching
from bumpfem.design.joint import Joint, merged
from bumpfem.design.loading import did_you_mean, quoted
from bumpfem.design.quantities import (
    PITCH_RANGE,
    BodyLength,
    JointLength,
    MaterialName,
    Pitch,
    PlainName,
)
from bumpfem.design.record import Record
from bumpfem.design.slab import Array, Die, Pad, Slab
from bumpfem.errors import InputError
from bumpfem.units import FloatArray

CriticalJoint = Annotated[
    Literal["corner"] | tuple[int, int],
    Field(description='"corner" or [column, row], counted from 0'),
]


class Package(Record):
    """A package on its board, loadable from TOML (:meth:`load`).

    Attributes:
        name: Name, the stem of its file.
        title: One line that says what it is.
        description: Where its dimensions come from.
        pitch: Distance of neighbouring joints, mm.
        array: Which sites carry a joint.
        body_width: Size of the body along x, mm; None: columns times pitch.
        body_length: Size of the body along y, mm; None: rows times pitch.
        solder: Solder of the balls in the library.
        ball_diameter: Diameter of the balls before reflow, mm.
        interposer: Substrate of the package.
        board: Printed board.
        die: Chip on the interposer, inside the mould where there is one.
        mould: Moulding; its thickness is the total above the interposer.
        interposer_pad: Pad on the interposer.
        board_pad: Pad on the board.
        interposer_resist: Solder resist on the interposer.
        board_resist: Solder resist on the board.
        interposer_loading: How interposer, die and mould expand together: held ``flat``, or free
            to be ``bent`` (then the strain at the pad plane counts).
        top: Top of the interposer's stack ``free``, or kept ``plane`` and parallel.
        critical_joint: The joint to compute: ``corner`` or (column, row) counted from 0.
        joints: Ready-made joints by name.
    """

    label: ClassVar[str] = "package"

    name: PlainName
    title: str = ""
    description: str = ""
    pitch: Pitch
    array: Array
    body_width: BodyLength | None = None
    body_length: BodyLength | None = None
    solder: MaterialName
    ball_diameter: JointLength
    interposer: Slab
    board: Slab
    die: Die | None = None
    mould: Slab | None = None
    interposer_pad: Pad
    board_pad: Pad
    interposer_resist: Slab | None = None
    board_resist: Slab | None = None
    interposer_loading: Literal["flat", "bent"] = "flat"
    top: Literal["free", "plane"] = "free"
    critical_joint: CriticalJoint = "corner"
    joints: dict[PlainName, Joint] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _complete_joints(cls, data: Any) -> Any:
        """Give each ready-made joint its name and, where it has none, the package's ball."""
        if not isinstance(data, dict):
            return data
        ball, pitch = data.get("ball_diameter"), data.get("pitch")
        if (
            isinstance(ball, int | float)
            and isinstance(pitch, int | float)
            and pitch >= PITCH_RANGE.minimum
        ):
            refuse_touching(ball, pitch)
        if not isinstance(data.get("joints"), dict):
            return data
        common = {key: data[key] for key in ("ball_diameter", "solder") if key in data}
        joints = {
            name: {**common, "name": name, **joint} if isinstance(joint, dict) else joint
            for name, joint in data["joints"].items()
        }
        return {**data, "joints": joints}

    @model_validator(mode="after")
    def _check(self) -> Self:
        self._check_pads()
        self._check_body()
        if self.critical_joint != "corner" and self.critical_joint not in self.array.sites:
            raise InputError(
                "critical_joint", list(self.critical_joint), "a populated site of the array",
                reason=f"columns 0 to {self.array.columns - 1}, rows 0 to {self.array.rows - 1}",
            )  # fmt: skip
        self.check(self._plain)
        for name, joint in self.joints.items():
            try:
                self.check(joint)
            except InputError as error:
                field = f"joints.{name}.{error.field}"
                raise InputError(
                    field, error.value, error.allowed, error.unit, error.reason
                ) from None
        return self

    def _check_pads(self) -> None:
        for side in ("interposer", "board"):
            pad: Pad = getattr(self, f"{side}_pad")
            resist: Slab | None = getattr(self, f"{side}_resist")
            widest = max(pad.diameter, pad.resist_opening or 0.0)
            if widest >= self.pitch:
                raise InputError(
                    f"{side}_pad.diameter", widest, f"less than pitch = {self.pitch} mm", "mm",
                    "neighbouring pads or openings would touch",
                )  # fmt: skip
            if resist is None and pad.resist_opening is not None:
                raise InputError(
                    f"{side}_pad.resist_opening", pad.resist_opening,
                    f"no value, or a {side}_resist", "mm", "there is no resist to open",
                )  # fmt: skip
            if resist is not None and pad.resist_opening is None:
                raise InputError(
                    f"{side}_pad.resist_opening", "nothing", "a value",
                    reason=f"{side}_resist covers the {side}",
                )  # fmt: skip
            if (
                resist is not None
                and pad.definition == "SMD"
                and (resist.thickness <= pad.thickness)
            ):
                raise InputError(
                    f"{side}_resist.thickness", resist.thickness,
                    f"more than the pad's thickness {pad.thickness} mm", "mm",
                    "the resist of an SMD pad covers the edge of the metal",
                )  # fmt: skip

    def _check_body(self) -> None:
        width, length = self.body_size
        span_x = (self.array.columns - 1) * self.pitch + self.ball_diameter
        span_y = (self.array.rows - 1) * self.pitch + self.ball_diameter
        for field, size, span in (
            ("body_width", width, span_x), ("body_length", length, span_y),
        ):  # fmt: skip
            if getattr(self, field) is not None and span > size:
                raise InputError(
                    field, size, f"at least {span:.4g} mm", "mm", "the array must fit on the body"
                )
        if self.die is None:
            return
        for field, size, limit in (
            ("die.width", self.die.width, width), ("die.length", self.die.length, length),
        ):  # fmt: skip
            if size > limit:
                raise InputError(
                    field, size, f"at most the body's {limit:.4g} mm", "mm",
                    "the die must fit on the package",
                )  # fmt: skip
        if self.mould is not None and self.die.height > self.mould.thickness:
            raise InputError(
                "die.thickness", self.die.thickness,
                f"at most {self.mould.thickness - self.die.attach_thickness:.4g} mm", "mm",
                "die and attach must fit in the mould",
            )  # fmt: skip

    @property
    def body_size(self) -> tuple[float, float]:
        """Width and length of the body, mm."""
        width, length = self.body_width, self.body_length
        return (
            self.array.columns * self.pitch if width is None else width,
            self.array.rows * self.pitch if length is None else length,
        )

    def joint_positions(self) -> FloatArray:
        """Positions of all joints from the neutral point (centre of the array), mm, shape (n, 2).

        The order is that of ``array.sites``.
        """
        centre = np.array([self.array.columns - 1, self.array.rows - 1]) / 2.0
        return (np.array(self.array.sites, dtype=np.float64) - centre) * self.pitch

    def distances_from_neutral_point(self) -> FloatArray:
        """Distance of every joint from the neutral point, mm, shape (n,)."""
        positions = self.joint_positions()
        return np.hypot(positions[:, 0], positions[:, 1])

    @property
    def critical_site(self) -> tuple[int, int]:
        """Column and row of the joint to compute."""
        if self.critical_joint == "corner":
            return self.array.columns - 1, self.array.rows - 1
        return self.critical_joint

    @property
    def critical_position(self) -> tuple[float, float]:
        """Position of the joint to compute from the neutral point, mm."""
        x, y = self.joint_positions()[self.array.sites.index(self.critical_site)]
        return float(x), float(y)

    @property
    def distance_from_neutral_point(self) -> float:
        """Distance of the joint to compute from the neutral point, mm."""
        return float(np.hypot(*self.critical_position))

    @property
    def under_die(self) -> bool:
        """Whether the joint to compute lies in the shadow of the die."""
        if self.die is None:
            return False
        x, y = self.critical_position
        return abs(x) <= self.die.width / 2.0 and abs(y) <= self.die.length / 2.0

    def interposer_pad_for(self, joint: Joint) -> Pad:
        """The interposer pad of a joint: a metal bump brings its own pad metal."""
        if joint.bump is None:
            return self.interposer_pad
        return self.interposer_pad.model_copy(update={"material": joint.bump.pad_material})

    @property
    def _plain(self) -> Joint:
        return Joint(name="plain", ball_diameter=self.ball_diameter, solder=self.solder)

    def joint(self, name: str) -> Joint:
        """A ready-made joint, or several merged: ``cored+anchored``.

        ``plain`` is always there.

        Raises:
            InputError: No such joint, or the parts do not go together.
        """
        ready = {"plain": self._plain, **self.joints}
        if name in ready:
            return ready[name]
        names = name.split("+")
        for part in names:
            if part not in ready:
                raise InputError(
                    "joint", part, f"one of {quoted(ready)}", reason=did_you_mean(part, ready)
                )
        joint = merged(name, [ready[part] for part in names], ready["plain"])
        self.check(joint)
        return joint

    def check(self, joint: Joint) -> None:
        """Make sure that a joint fits this package.

        Raises:
            InputError: It would touch its neighbour, miss its pad, or not fill it.
        """
        refuse_misfit(self, joint)


def variants(package: Package, names: list[str]) -> list[Joint]:
    """The joints of a package by name, for a comparison.

    Raises:
        InputError: No such joint, or parts that do not go together.
    """
    return [package.joint(name) for name in names]
