"""A study of making: joints from their first step to their last cycle, with and without history."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from bumpfem.design.chosen_joints import chosen_joints
from bumpfem.design.joint import Joint
from bumpfem.design.loading import (
    did_you_mean,
    quoted,
)
from bumpfem.design.making import Making
from bumpfem.design.making_steps import AnyStep, BallShear, Step
from bumpfem.design.package import Package
from bumpfem.design.package_study import PackageStudy
from bumpfem.design.quantities import Flag, LayerThickness, PlainName, Quantity
from bumpfem.design.study import CycleChoice, FatigueChoice
from bumpfem.errors import InputError

_Count = Annotated[int, Field(ge=1, le=1000, strict=True, description="a whole number, 1 to 1000")]


class MakingStudy(PackageStudy):
    """Joints of a package from their making to their life, loadable from TOML (:meth:`load`).

    Attributes:
        kind: ``making``.
        name: Name; the stem of the file where none is given.
        title: One line for the report.
        package: File of the package; in a study's file relative to it.
        joints: Names of ready-made joints (``cored+anchored`` merges two) or joints as tables,
            whose ball and solder are the package's where they have none; with ``like`` a table
            varies a ready-made joint.
        steps: Steps of a joint by its name, in place of the usual ones of its route
            (:meth:`bumpfem.design.making.Making.default_for`); they go as far as ``cycles``.
        ball_shear: Ball shear test of every joint that is made in the usual way, just before it is
            mounted; None: no test. Joints without a ball, with a kept mask or with own steps
            have none but what their steps say.
        resin_model: How resins deform: ``cure_hardening`` (elastic, stiffening with cure) or
            ``maxwell`` (viscoelastic).
        shrinkage: Whether resins shrink as they cure.
        cycle: Thermal cycle and number of cycles.
        fatigue: Fatigue law.
        without_history: Also compute each joint as if it had no history: on the same mesh, free of
            stress where its solder freezes. The report says how much the history matters.
        extrapolate: Whether properties and parameter sets are used beyond the temperatures of
            their sources: tables go on linearly, constants stay. The report names each of them.
        layer_thickness: Thickness of the solder layers for averaging, mm.
        mesh_size: Factor on all element sizes.
        tolerance: Tolerance of the time steps' inelastic strain.
        error_bars: Also compute each joint on a coarser mesh and with looser steps, from whose
            differences the error bars come.
        workers: Runs computed at the same time; None: one for each core.
    """

    label: ClassVar[str] = "study"

    kind: Literal["making"]
    name: PlainName
    title: str = ""
    joints: Annotated[
        tuple[str | dict[str, Any], ...],
        Field(min_length=1, description="a list of names of joints, or tables of joints"),
    ]
    steps: dict[
        str,
        Annotated[
            tuple[AnyStep, ...], Field(min_length=1, description="a list of steps, one or more")
        ],
    ] = Field(default_factory=dict)
    ball_shear: BallShear | None = None
    resin_model: Literal["cure_hardening", "maxwell"] = "cure_hardening"
    shrinkage: Flag = True
    cycle: CycleChoice
    fatigue: FatigueChoice
    without_history: Flag = True
    extrapolate: Flag = False
    layer_thickness: LayerThickness = 0.025
    mesh_size: Annotated[float, Quantity("", 0.1, 2.5)] = 1.5
    tolerance: Annotated[float, Quantity("", 1e-7, 0.1)] = 2e-3
    error_bars: Flag = False
    workers: _Count | None = None

    def check_fit(self, package: Package) -> None:
        """As :meth:`makings`."""
        self.makings(package)

    def selected_joints(self, package: Package) -> list[Joint]:
        """The joints of the study, in order.

        Raises:
            InputError: An unknown name, a name twice, a joint that does not fit the package, or
                steps of a joint that is not in the study.
        """
        joints = chosen_joints(self.joints, package)
        names = [joint.name for joint in joints]
        for name in self.steps:
            if name not in names:
                raise InputError(
                    f"study.steps.{name}", name, f"one of the joints {quoted(names)}",
                    reason=did_you_mean(name, names),
                )  # fmt: skip
        return joints

    def makings(self, package: Package) -> dict[str, Making]:
        """How each joint is made, by its name.

        Raises:
            InputError: As :meth:`selected_joints`; or steps that cannot make their joint in this
                order, or hold no thermal cycles.
        """
        return {joint.name: self._making(joint) for joint in self.selected_joints(package)}

    def _making(self, joint: Joint) -> Making:
        choices: dict[str, Any] = {"resin_model": self.resin_model, "shrinkage": self.shrinkage}
        given = self.steps.get(joint.name)
        try:
            if given is None:
                usual = Making.default_for(joint, **choices)
                making = Making(steps=self._tested(usual.steps, joint), **choices)
            else:
                making = Making(steps=given, **choices)
            making.check(joint)
        except InputError as error:
            field = error.field.removeprefix("making").removeprefix(".steps")
            place = "" if given is None else field
            raise InputError(
                f"study.steps.{joint.name}{place}", error.value, error.allowed, error.unit,
                error.reason,
            ) from None  # fmt: skip
        if all(step.kind != "cycles" for step in making.steps):
            raise InputError(
                f"study.steps.{joint.name}", making.steps[-1].kind, "cycles at the end",
                reason="a study goes from making to life",
            )  # fmt: skip
        return making

    def _tested(self, steps: tuple[Step, ...], joint: Joint) -> tuple[Step, ...]:
        """The usual steps with the ball shear test, where there is one, before mounting."""
        if self.ball_shear is None or joint.bump is not None or joint.collar is not None:
            return steps
        place = next(index for index, step in enumerate(steps) if step.kind == "mount")
        return (*steps[:place], self.ball_shear, *steps[place:])
