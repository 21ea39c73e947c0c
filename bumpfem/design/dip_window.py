"""A study of the routes ``dip`` and ``flux``: where does solder wet before the resin gels?"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bumpfem.design.anchor import Anchor
from bumpfem.design.chosen_joints import chosen_joints
from bumpfem.design.joint import Joint
from bumpfem.design.package import Package
from bumpfem.design.package_study import PackageStudy
from bumpfem.design.programme import ROOM, Programme
from bumpfem.design.quantities import (
    Duration,
    Flag,
    Fraction,
    MaterialName,
    PlainName,
    Quantity,
    Temperature,
)
from bumpfem.design.record import Record
from bumpfem.errors import InputError

#: Routes on which one heating solders the ball and cures the resin.
OneHeatingRoute = Literal["dip", "flux"]
#: Rate of heating or cooling without sign.
Rate = Annotated[float, Quantity("K/s", 0.01, 20.0)]
_Seconds = Annotated[float, Quantity("s", 0.0, 600.0)]
_Workers = Annotated[
    int, Field(ge=1, le=1000, strict=True, description="a whole number, 1 to 1000")
]


class HeatingWindow(Record):
    """Heating rates and peaks over which every resin is tried.

    Attributes:
        heating_rates: K/s, growing.
        peaks: Peak temperatures, degrees C, growing.
    """

    label: ClassVar[str] = "window"

    heating_rates: Annotated[
        tuple[Rate, ...], Field(min_length=2, description="at least two numbers")
    ]
    peaks: Annotated[
        tuple[Temperature, ...], Field(min_length=2, description="at least two numbers")
    ]

    @model_validator(mode="after")
    def _check(self) -> Self:
        for field in ("heating_rates", "peaks"):
            values = getattr(self, field)
            if any(second <= first for first, second in pairwise(values)):
                raise InputError(field, list(values), "growing numbers, each once")
        return self

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """The four points (rate, peak) at its corners."""
        rates, peaks = self.heating_rates, self.peaks
        return tuple(
            (rate, peak) for rate in (rates[0], rates[-1]) for peak in (peaks[0], peaks[-1])
        )


class OneHeating(Record):
    """The heating that both solders and cures, but for its rate and peak.

    Attributes:
        start: Temperature before, degrees C.
        stay: Time at the peak, s.
        cooling_rate: Rate of cooling from the peak, K/s.
        cure_temperature: Temperature that is kept on the way back to finish the cure, degrees C.
        cure_time: Time there, s.
    """

    label: ClassVar[str] = "heating"

    start: Temperature = ROOM
    stay: _Seconds = 30.0
    cooling_rate: Rate = 3.0
    cure_temperature: Temperature = 150.0
    cure_time: Duration = 1800.0

    def programme(self, rate: float, peak: float) -> Programme:
        """Temperature of the outer faces over time.

        Args:
            rate: Heating rate, K/s.
            peak: Degrees C.

        Raises:
            InputError: The peak is not above the start and the temperature of cure.
        """
        floor = max(self.start, self.cure_temperature)
        if peak <= floor:
            raise InputError(
                "window.peaks", peak, f"more than {floor:g}, where heating starts or cure ends",
                "degC",
            )  # fmt: skip
        legs = (
            (peak, (peak - self.start) / rate),
            (peak, self.stay),
            (self.cure_temperature, (peak - self.cure_temperature) / self.cooling_rate),
            (self.cure_temperature, self.cure_time),
        )
        time, points = 0.0, [(0.0, self.start)]
        for end, span in legs:
            if span > 0.0:
                time += span
                points.append((time, end))
        return Programme(points=tuple(points))


class WettingTimes(Record):
    """Time that solder must be wholly molten to have wetted its pad.

    Illustrative: with flux a pad is wetted within a second or two in wetting-balance tests; a
    dipped ball has to push the resin aside first. Give what your own tests say.

    Attributes:
        dip: On route ``dip``, s.
        flux: On route ``flux``, s.
    """

    label: ClassVar[str] = "wetting"

    dip: _Seconds = 4.0
    flux: _Seconds = 2.0

    def of(self, route: OneHeatingRoute) -> float:
        """The time of a route, s."""
        return self.dip if route == "dip" else self.flux


class DipWindowStudy(PackageStudy):
    """Resins on the routes ``dip`` and ``flux`` over heating rate and peak.

    Attributes:
        kind: ``dip_window``.
        name: Name; the stem of the file where none is given.
        title: One line for the report.
        package: File of the package; in a study's file relative to it.
        joint: A joint with an anchor, by name or as a table; route and resin are replaced.
        routes: Routes.
        resins: Resins of the library that cure.
        window: Heating rates and peaks.
        heating: What the heating is like beside them.
        wetting: Times of wetting.
        cured: Degree of cure that counts as cured at the end.
        extrapolate: Whether data are used beyond the temperatures of their sources; the report
            names each of them. Else a resin cannot be run where its data end.
        mesh_size: Factor on all element sizes.
        workers: Runs computed at the same time; None: one for each core.
    """

    label: ClassVar[str] = "study"

    kind: Literal["dip_window"]
    name: PlainName
    title: str = ""
    joint: str | dict[str, Any] = "anchored"
    routes: Annotated[
        tuple[OneHeatingRoute, ...], Field(min_length=1, description='a list of "dip" and "flux"')
    ] = ("dip", "flux")
    resins: Annotated[
        tuple[MaterialName, ...], Field(min_length=1, description="a list of names of resins")
    ]
    window: HeatingWindow
    heating: OneHeating = OneHeating()
    wetting: WettingTimes = WettingTimes()
    cured: Fraction = 0.8
    extrapolate: Flag = False
    mesh_size: Annotated[float, Quantity("", 0.1, 3.0)] = 2.5
    workers: _Workers | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        for field in ("routes", "resins"):
            values = getattr(self, field)
            if len(set(values)) < len(values):
                raise InputError(field, list(values), "each name once")
        self.heating.programme(self.window.heating_rates[0], self.window.peaks[0])
        return self

    def check_fit(self, package: Package) -> None:
        """As :meth:`anchored_joint`."""
        self.anchored_joint(package)

    def joint_with(self, package: Package, resin: str, route: OneHeatingRoute) -> Joint:
        """The joint with another resin, on another route.

        Raises:
            InputError: As :meth:`anchored_joint`.
        """
        joint, anchor = self.anchored_joint(package)
        changed = anchor.model_copy(update={"material": resin, "route": route})
        return joint.model_copy(update={"anchor": changed})

    def anchored_joint(self, package: Package) -> tuple[Joint, Anchor]:
        """The joint of the study as it is designed, and its anchor.

        Raises:
            InputError: An unknown joint, or one without an anchor that could be dipped or fluxed.
        """
        joint = chosen_joints([self.joint], package)[0]
        if joint.anchor is None:
            raise InputError("study.joint", joint.name, "a joint with an anchor")
        if joint.anchor.fixing != "fused":
            raise InputError(
                "study.joint", joint.name, 'a joint whose anchor has fixing = "fused"',
                reason="a ball in paste is held before any solder melts",
            )  # fmt: skip
        return joint, joint.anchor
