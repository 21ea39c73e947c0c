"""A study of stand-off: how far joints collapse in mounting, with and without a core."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bumpfem.design.joint import Joint
from bumpfem.design.package import Package
from bumpfem.design.package_study import PackageStudy
from bumpfem.design.quantities import FurnaceTemperature, PlainName, Quantity
from bumpfem.design.record import Record
from bumpfem.errors import InputError

#: Load on one joint: its share of the package's weight and of whatever presses on it.
LoadMillinewton = Annotated[float, Quantity("mN", 0.0, 1000.0)]
#: A joint's volume of molten solder relative to its design.
VolumeFactor = Annotated[float, Quantity("", 0.05, 5.0)]
#: Angle between a melt's free surface and what it wets.
ContactAngle = Annotated[float, Quantity("deg", 0.0, 180.0, below=True)]


class Sweep(Record):
    """The values over which the stand-off is drawn; one of the three varies at a time.

    Attributes:
        loads_mn: Loads on one joint, mN.
        volume_factors: Volumes of molten solder relative to the design.
        temperatures: Mounting temperatures, degrees C.
    """

    label: ClassVar[str] = "sweep"

    loads_mn: tuple[LoadMillinewton, ...] = Field(min_length=2)
    volume_factors: tuple[VolumeFactor, ...] = Field(min_length=2)
    temperatures: tuple[FurnaceTemperature, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _check(self) -> Self:
        for field in ("loads_mn", "volume_factors", "temperatures"):
            values = getattr(self, field)
            if list(values) != sorted(set(values)):
                raise InputError(field, list(values), "growing numbers, each once")
        return self


class StandoffStudy(PackageStudy):
    """Stand-off of several joints over load, solder volume and mounting temperature.

    Attributes:
        kind: ``standoff``.
        name: Name; the stem of the file where none is given.
        title: One line for the report.
        package: File of the package; in a study's file relative to it.
        joints: Ready-made joints of the package, plain or cored.
        load_mn: Load on one joint where it does not vary, mN; None: its share of the package.
        temperature: Mounting temperature where it does not vary, degrees C.
        contact_angle: Angle of the molten shell on the core, degrees.
        sweep: What varies.
    """

    label: ClassVar[str] = "study"

    kind: Literal["standoff"] = "standoff"
    name: PlainName
    title: str = ""
    joints: Annotated[
        tuple[str, ...], Field(min_length=1, description="a list of names of joints")
    ] = ("plain", "cored")
    load_mn: LoadMillinewton | None = None
    temperature: FurnaceTemperature
    contact_angle: ContactAngle = 0.0
    sweep: Sweep

    def check_fit(self, package: Package) -> None:
        """As :meth:`selected_joints`."""
        self.selected_joints(package)

    def selected_joints(self, package: Package) -> list[Joint]:
        """The joints of the study, in order.

        Raises:
            InputError: An unknown joint, one twice, or one that is neither plain nor cored.
        """
        joints = []
        for place, name in enumerate(self.joints, start=1):
            if self.joints.count(name) > 1:
                raise InputError(f"study.joints.{place}", name, "each name once")
            joint = package.joint(name)
            parts = [part for part in joint.parts if part != "core"]
            if parts or joint.standoff is not None:
                raise InputError(
                    f"study.joints.{place}", name, "a joint that is plain, or has a core only",
                    reason=f"it has {', '.join(parts) or 'an imposed stand-off'}",
                )  # fmt: skip
            joints.append(joint)
        return joints
