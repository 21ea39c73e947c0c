"""The oven: a profile by standard or by corners, one measured, or zones and belt speed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bumpfem.design.quantities import FurnaceTemperature, Quantity
from bumpfem.design.record import Record
from bumpfem.errors import InputError

#: Coefficient of heat transfer in a forced-convection oven; 20 to 80 W/(m2 K) are usual.
Coefficient = Annotated[float, Quantity("mW/(mm2 K)", 1e-4, 100.0)]
_Seconds = Annotated[float, Quantity("s", 0.0, 1e5)]
_Positive = Annotated[float, Quantity("s", 0.0, 1e5, above=True)]
_ZoneLength = Annotated[float, Quantity("mm", 1.0, 1e4)]
_BeltSpeed = Annotated[float, Quantity("mm/s", 0.1, 1e3)]

#: Coefficient that keeps a surface within a few tenths of a degree of a prescribed temperature.
HELD_COEFFICIENT = 20.0
#: Coefficient of an oven where none is given, mW/(mm2 K): the middle of the usual range.
USUAL_COEFFICIENT = 0.05


class Zone(Record):
    """One zone of a belt oven.

    Attributes:
        length: Length along the belt, mm.
        set_point: Temperature of its gas, degrees C.
        coefficient: Coefficient of heat transfer, mW/(mm2 K); 0.05 are 50 W/(m2 K).
    """

    label: ClassVar[str] = "zone"

    length: _ZoneLength
    set_point: FurnaceTemperature
    coefficient: Coefficient = USUAL_COEFFICIENT


class Oven(Record):
    """How a joint is heated. Exactly one of ``profile``, ``measured``, ``corners``, ``zones``.

    A profile, measured or drawn, is the temperature of the ``package`` (of the outer faces of the
    cell, which then follow it) or of the ``gas`` (the cell follows by heat transfer and lags
    behind). Zones give the temperature of the gas.

    Attributes:
        profile: Name of a standard: ``jstd020_snpb`` or ``jstd020_pb_free``.
        measured: CSV file with the columns ``time_s`` and ``temperature_c``.
        corners: Corners ``[time s, degrees C]`` of a drawn profile.
        zones: Zones in the order of the belt.
        measures: What a profile is the temperature of.
        peak: Peak of the standard's profile, degrees C; None: what the package is rated for.
        time_above_liquidus: Time above liquidus of the standard's profile, s; None: as its ramps
            and its stay at the peak give.
        liquidus: Temperature that this time counts from, degrees C; None: the standard's. A
            profile to melt a neck counts from the solidus of its ball.
        coefficient: Coefficient of heat transfer of a profile of the gas, mW/(mm2 K).
        emissivity: Effective emissivity of faces and oven walls, which have the temperature of
            the gas; None: no radiation.
        belt_speed: Speed of the belt, mm/s, with zones.
        transition: Length over which the gas of two zones mixes, mm, with zones.
        start_temperature: Temperature of everything before, degrees C; None: the first of the
            profile, or 25.
        largest_gap: Longest time between two lines of a measured profile, s.
        limits: Name of the limits to check; None: the standard's, or by the solder.
        thickness: Thickness of the package for its rating, mm; None: from the package.
        volume: Volume of the package for its rating, mm3; None: from the package.
    """

    label: ClassVar[str] = "oven"

    profile: Literal["jstd020_snpb", "jstd020_pb_free"] | None = None
    measured: Path | None = None
    corners: (
        Annotated[
            tuple[tuple[_Seconds, FurnaceTemperature], ...],
            Field(min_length=2, description="a list of at least two pairs [s, degC]"),
        ]
        | None
    ) = None
    zones: (
        Annotated[tuple[Zone, ...], Field(min_length=1, description="a list of zones")] | None
    ) = None
    measures: Literal["package", "gas"] | None = None
    peak: FurnaceTemperature | None = None
    time_above_liquidus: _Positive | None = None
    liquidus: FurnaceTemperature | None = None
    coefficient: Coefficient | None = None
    emissivity: Annotated[float, Quantity("", 0.0, 1.0, above=True)] | None = None
    belt_speed: _BeltSpeed | None = None
    transition: Annotated[float, Quantity("mm", 0.0, 1e3)] | None = None
    start_temperature: FurnaceTemperature | None = None
    largest_gap: _Positive | None = None
    limits: Literal["jstd020_snpb", "jstd020_pb_free", "none"] | None = None
    thickness: Annotated[float, Quantity("mm", 0.1, 20.0)] | None = None
    volume: Annotated[float, Quantity("mm3", 0.1, 1e5)] | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        given = {key for key, value in self if value is not None}
        always = {"start_temperature", "limits", "thickness", "volume"}
        ways = {
            "profile": {"profile", "peak", "time_above_liquidus", "liquidus", "measures"},
            "measured": {"measured", "measures", "largest_gap"},
            "corners": {"corners", "measures"},
            "zones": {"zones", "belt_speed", "transition"},
        }
        chosen = [way for way in ways if way in given]
        if len(chosen) != 1:
            raise InputError(
                "", sorted(given) or "nothing",
                "exactly one of `profile`, `measured`, `corners`, `zones`",
            )  # fmt: skip
        allowed = ways[chosen[0]] | always
        if self.measures == "gas":
            allowed = allowed | {"coefficient", "emissivity"}
        if self.zones is not None:
            allowed = allowed | {"emissivity"}
        surplus = sorted(given - allowed)
        if surplus:
            reason = f"it means nothing beside `{chosen[0]}`"
            if surplus[0] in ("coefficient", "emissivity"):
                reason = 'it is used with a profile of the gas only: measures = "gas"'
            raise InputError(surplus[0], getattr(self, surplus[0]), "no value", reason=reason)
        if self.zones is not None:
            self._check_zones(self.zones)
        if self.corners is not None:
            for place, (before, after) in enumerate(pairwise(self.corners), start=2):
                if after[0] <= before[0]:
                    raise InputError(
                        f"corners.{place}", after[0], f"more than {before[0]:g} s", "s",
                        "times must increase",
                    )  # fmt: skip
        return self

    def _check_zones(self, zones: tuple[Zone, ...]) -> None:
        if self.belt_speed is None:
            raise InputError("belt_speed", "nothing", "a value", reason="zones are given")
        if self.transition is not None:
            shortest = min(zone.length for zone in zones)
            if self.transition > shortest:
                raise InputError(
                    "transition", self.transition, f"at most the shortest zone, {shortest:g} mm",
                    "mm", "the gas of two zones mixes at their border only",
                )  # fmt: skip

    @property
    def holds_surface(self) -> bool:
        """Whether the outer faces of the cell follow the profile themselves."""
        return self.zones is None and self.measures != "gas"
