"""A study of reflow: which joints go through which oven, and over which window of profiles."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bumpfem.design.chosen_joints import chosen_joints
from bumpfem.design.joint import Joint
from bumpfem.design.loading import (
    did_you_mean,
    quoted,
)
from bumpfem.design.oven import Oven
from bumpfem.design.package import Package
from bumpfem.design.package_study import PackageStudy
from bumpfem.design.quantities import Flag, FurnaceTemperature, PlainName, Quantity
from bumpfem.design.record import Record
from bumpfem.design.reflow_part import ReflowPart
from bumpfem.errors import InputError

_Count = Annotated[int, Field(ge=1, le=1000, strict=True, description="a whole number, 1 to 1000")]
_Seconds = Annotated[float, Quantity("s", 0.0, 1e4, above=True)]


class Window(Record):
    """Peaks and times above liquidus over which every joint is made.

    Attributes:
        peaks: Peak temperatures, degrees C, growing.
        times_above_liquidus: Times above liquidus, s, growing.
    """

    label: ClassVar[str] = "window"

    peaks: Annotated[
        tuple[FurnaceTemperature, ...], Field(min_length=2, description="at least two numbers")
    ]
    times_above_liquidus: Annotated[
        tuple[_Seconds, ...], Field(min_length=2, description="at least two numbers")
    ]

    @model_validator(mode="after")
    def _check(self) -> Self:
        for field in ("peaks", "times_above_liquidus"):
            values = getattr(self, field)
            if any(second <= first for first, second in pairwise(values)):
                raise InputError(field, list(values), "growing numbers, each once")
        return self


class ReflowStudy(PackageStudy):
    """Joints of a package through the oven, loadable from TOML (:meth:`load`).

    Attributes:
        kind: ``reflow``.
        name: Name; the stem of the file where none is given.
        title: One line for the report.
        package: File of the package; in a study's file relative to it.
        joints: Names of ready-made joints (``cored+anchored`` merges two) or whole joints as
            tables, whose ball and solder are the package's where they have none.
        oven: The oven.
        parts: What goes with a joint, by its name.
        cell: Kind of cell.
        mesh_size: Factor on all element sizes.
        tolerance: Largest local error of a time step, K.
        animation: Whether a film of the melting is made for each joint.
        window: Also make every joint over a window of profiles, which replaces peak and time above
            liquidus of its oven.
        workers: Runs computed at the same time; None: one for each core.
    """

    label: ClassVar[str] = "study"

    kind: Literal["reflow"]
    name: PlainName
    title: str = ""
    joints: Annotated[
        tuple[str | dict[str, Any], ...],
        Field(min_length=1, description="a list of names of joints, or tables of joints"),
    ]
    oven: Oven
    parts: dict[str, ReflowPart] = Field(default_factory=dict)
    cell: Literal["axisymmetric", "half_cell"] = "axisymmetric"
    mesh_size: Annotated[float, Quantity("", 0.1, 3.0)] = 1.0
    tolerance: Annotated[float, Quantity("K", 1e-4, 5.0)] = 0.05
    animation: Flag = False
    window: Window | None = None
    workers: _Count | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        ovens = {"oven": self.oven}
        for name, part in self.parts.items():
            if part.oven is not None:
                ovens[f"parts.{name}.oven"] = part.oven
        if self.window is not None:
            for place, oven in ovens.items():
                if oven.profile is None:
                    raise InputError(
                        f"{place}.profile", "nothing", "the name of a standard's profile",
                        reason="a window changes its peak and time above liquidus",
                    )  # fmt: skip
        return self

    def check_fit(self, package: Package) -> None:
        """As :meth:`selected_joints`."""
        self.selected_joints(package)

    def selected_joints(self, package: Package) -> list[Joint]:
        """The joints of the study, in order.

        Raises:
            InputError: An unknown name, a name twice, a joint that does not fit the package, or
                a part that belongs to no joint or does not suit it.
        """
        joints = chosen_joints(self.joints, package)
        names = [joint.name for joint in joints]
        for name in self.parts:
            if name not in names:
                raise InputError(
                    f"study.parts.{name}", name, f"one of the joints {quoted(names)}",
                    reason=did_you_mean(name, names),
                )  # fmt: skip
        for joint in joints:
            try:
                self.part_of(joint).stage_of(joint)
            except InputError as error:
                field = f"study.parts.{joint.name}{error.field.removeprefix('part')}"
                raise InputError(
                    field, error.value, error.allowed, error.unit, error.reason
                ) from None
        return joints

    def check_package(self, package: Package) -> None:
        """Make sure that the study is about a package: the same design, whatever its joints.

        Raises:
            InputError: Its package is another one; names what differs.
        """
        own = self.load_package()
        names = {"name", "title", "description", "joints"}
        first, second = (item.model_dump(exclude=names) for item in (own, package))
        differing = [field for field in first if first[field] != second[field]]
        if differing:
            raise InputError(
                "study.reflow", f"{self.name}, about package {own.name}",
                f"a reflow study of the same package, {package.name}",
                reason=f"different: {', '.join(differing)}",
            )  # fmt: skip

    def part_of(self, joint: Joint) -> ReflowPart:
        """What goes with a joint."""
        return self.parts.get(joint.name, ReflowPart())

    def oven_of(self, joint: Joint) -> Oven:
        """The oven of a joint: its part's own, or the study's."""
        return self.part_of(joint).oven or self.oven
