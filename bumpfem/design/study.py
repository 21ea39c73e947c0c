"""A study: which joints of which package go through which cycles, and what is asked of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bumpfem.design.chosen_joints import chosen_joints
from bumpfem.design.cycle import ThermalCycle
from bumpfem.design.joint import Joint
from bumpfem.design.package import Package
from bumpfem.design.package_study import PackageStudy
from bumpfem.design.profile import CycleStep
from bumpfem.design.quantities import (
    Duration,
    Flag,
    LayerThickness,
    LibraryName,
    PlainName,
    Quantity,
    RampRate,
    Temperature,
)
from bumpfem.design.record import Record
from bumpfem.design.reflow_study import ReflowStudy
from bumpfem.errors import InputError

_Count = Annotated[int, Field(ge=1, le=1000, strict=True, description="a whole number, 1 to 1000")]


class CycleChoice(Record):
    """The thermal cycle of a study: by standard, by its figures, or by steps.

    Exactly one of these is given: ``condition`` (JESD22-A104), ``standard`` (IPC-9701),
    ``minimum`` with the other figures, or ``steps``.

    Attributes:
        condition: Letter of JESD22-A104.
        soak_mode: Soak mode of JESD22-A104, 1 to 4.
        standard: TC1 to TC5 of IPC-9701.
        ramp_rate: Rate of both ramps of a standard's cycle, degrees C per minute.
        minimum: Lowest temperature, degrees C.
        maximum: Highest temperature, degrees C.
        cold_dwell: Time at the lowest temperature, s.
        hot_dwell: Time at the highest temperature, s.
        heating_rate: Degrees C per minute.
        cooling_rate: Degrees C per minute, without sign.
        steps: Ramps and holds, see :meth:`ThermalCycle.from_ramps`.
        cycles: Number of cycles to compute.
    """

    label: ClassVar[str] = "cycle"

    condition: str | None = None
    soak_mode: Annotated[int, Field(strict=True, description="1, 2, 3 or 4")] | None = None
    standard: str | None = None
    ramp_rate: RampRate | None = None
    minimum: Temperature | None = None
    maximum: Temperature | None = None
    cold_dwell: Duration | None = None
    hot_dwell: Duration | None = None
    heating_rate: RampRate | None = None
    cooling_rate: RampRate | None = None
    steps: tuple[CycleStep, ...] | None = None
    cycles: _Count = 3

    @model_validator(mode="after")
    def _check(self) -> Self:
        figures = (
            "minimum", "maximum", "cold_dwell", "hot_dwell", "heating_rate", "cooling_rate",
        )  # fmt: skip
        given = {key for key, value in self if value is not None} - {"cycles"}
        ways = {
            "condition": {"condition", "soak_mode", "ramp_rate"},
            "standard": {"standard", "ramp_rate"},
            "minimum": set(figures),
            "steps": {"steps"},
        }
        chosen = [way for way in ways if way in given]
        if len(chosen) != 1:
            raise InputError(
                "", sorted(given) or "nothing",
                "exactly one of `condition`, `standard`, `minimum` with the other figures, `steps`",
            )  # fmt: skip
        surplus = sorted(given - ways[chosen[0]])
        if surplus:
            raise InputError(
                surplus[0], getattr(self, surplus[0]), "no value",
                reason=f"it means nothing beside `{chosen[0]}`",
            )  # fmt: skip
        if chosen[0] == "minimum":
            for figure in figures:
                if figure not in given:
                    raise InputError(figure, "nothing", "a value", reason="minimum is given")
        try:
            self.thermal_cycle()
        except InputError as error:
            field = error.field.removeprefix("cycle.")
            raise InputError(field, error.value, error.allowed, error.unit, error.reason) from None
        return self

    def thermal_cycle(self) -> ThermalCycle:
        """The cycle that is meant."""
        if self.condition is not None:
            return ThermalCycle.jedec(
                self.condition, soak_mode=self.soak_mode or 3, ramp_rate=self.ramp_rate
            )
        if self.standard is not None:
            rate = {} if self.ramp_rate is None else {"ramp_rate": self.ramp_rate}
            return ThermalCycle.ipc9701(self.standard, **rate)
        if self.steps is not None:
            return ThermalCycle.from_ramps(self.steps)
        figures = self.model_dump(
            exclude_none=True, exclude={"cycles", "steps", "condition", "standard"}
        )
        return ThermalCycle(name="custom", **figures)


class FatigueChoice(Record):
    """The fatigue law of a study.

    Attributes:
        law: Name of its parameter set.
        weibull_shape: Shape (slope) of the life distribution; None: no percentiles.
    """

    label: ClassVar[str] = "fatigue"

    law: LibraryName
    weibull_shape: Annotated[float, Quantity("", 0.5, 50.0)] | None = None


class FieldConditions(Record):
    """Conditions in the field, for an acceleration factor by Norris and Landzberg.

    Attributes:
        law: Name of the parameter set.
        minimum: Lowest temperature in the field, degrees C.
        maximum: Highest temperature in the field, degrees C.
        cycles_per_day: How often.
    """

    label: ClassVar[str] = "norris_landzberg"

    law: LibraryName
    minimum: Temperature
    maximum: Temperature
    cycles_per_day: Annotated[float, Quantity("1/day", 0.0, 1e5, above=True)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.minimum >= self.maximum:
            raise InputError(
                "minimum", self.minimum, f"less than maximum = {self.maximum} degC", "degC"
            )
        return self


class Accuracy(Record):
    """The settings from whose differences the error bars come.

    Attributes:
        mesh_sizes: Factors on every element size, coarse to fine.
        tolerances: Tolerances of the time steps' inelastic strain, loose to tight.
    """

    label: ClassVar[str] = "accuracy"

    mesh_sizes: Annotated[
        tuple[Annotated[float, Quantity("", 0.1, 2.5)], ...],
        Field(min_length=2, description="at least two numbers, coarse to fine"),
    ] = (2.0, 1.0)
    tolerances: Annotated[
        tuple[Annotated[float, Quantity("", 1e-7, 0.1)], ...],
        Field(min_length=2, description="at least two numbers, loose to tight"),
    ] = (2e-3, 5e-4)

    @model_validator(mode="after")
    def _check(self) -> Self:
        for field, words in (("mesh_sizes", "coarse to fine"), ("tolerances", "loose to tight")):
            values = getattr(self, field)
            if any(second >= first for first, second in pairwise(values)):
                raise InputError(field, list(values), f"falling numbers, {words}")
        return self


class Study(PackageStudy):
    """A study, loadable from TOML (:meth:`load`).

    Attributes:
        kind: ``fatigue``.
        name: Name; the stem of the file where none is given.
        title: One line for the report.
        package: File of the package; in a study's file relative to it.
        joints: Names of ready-made joints (``cored+anchored`` merges two) or whole joints as
            tables, whose ball and solder are the package's where they have none.
        cycle: Thermal cycle and number of cycles.
        fatigue: Fatigue law.
        norris_landzberg: Conditions in the field, for an acceleration factor.
        stress_free_temperature: Temperature at which the joint is free of stress, degrees C; None:
            the cycle's maximum.
        reflow: File of a reflow study of the same package, in a study's file relative to it: each
            joint is first carried through its oven, is free of stress where its solder froze, and
            has a neck of the melted fraction that the oven gives; None: joints as designed.
        extrapolate: Whether properties and parameter sets are used beyond the temperatures of
            their sources: tables go on linearly, constants stay. The report names each of them.
        layer_thickness: Thickness of the solder layers for averaging, mm.
        accuracy: Settings for the error bars.
        workers: Joints computed at the same time; None: one for each core.
    """

    label: ClassVar[str] = "study"
    files: ClassVar[tuple[str, ...]] = ("package", "reflow")

    kind: Literal["fatigue"] = "fatigue"
    name: PlainName
    title: str = ""
    joints: Annotated[
        tuple[str | dict[str, Any], ...],
        Field(min_length=1, description="a list of names of joints, or tables of joints"),
    ]
    cycle: CycleChoice
    fatigue: FatigueChoice
    norris_landzberg: FieldConditions | None = None
    stress_free_temperature: Temperature | None = None
    reflow: Path | None = None
    extrapolate: Flag = False
    layer_thickness: LayerThickness = 0.025
    accuracy: Accuracy = Accuracy()
    workers: _Count | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.reflow is not None and self.stress_free_temperature is not None:
            raise InputError(
                "stress_free_temperature", self.stress_free_temperature,
                "no value beside `reflow`", "degC",
                "each joint is free of stress where its solder froze",
            )  # fmt: skip
        return self

    def check_fit(self, package: Package) -> None:
        """As :meth:`selected_joints` and :meth:`load_reflow`."""
        self.selected_joints(package)
        self.load_reflow(package)

    def load_reflow(self, package: Package) -> ReflowStudy | None:
        """The reflow study that joints go through before; None without one.

        Raises:
            InputError: Its file is missing or wrong, or it is about another package.
        """
        if self.reflow is None:
            return None
        reflow = ReflowStudy.load(self.reflow)
        reflow.check_package(package)
        return reflow

    def selected_joints(self, package: Package) -> list[Joint]:
        """The joints of the study, in order.

        Raises:
            InputError: An unknown name, a name twice, or a joint that does not fit the package.
        """
        return chosen_joints(self.joints, package)
