"""Limits of reflow profiles by name: J-STD-020 for tin-lead and lead-free soldering.

The numbers are those of table 5-2 of revision D with the classification temperatures of its tables
4-1 and 4-2, read for the *user* of a package: peak and time near it are upper limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bumpfem.design.loading import did_you_mean, quoted
from bumpfem.errors import InputError

Measure = Literal[
    "preheat_time", "ramp_up", "time_above_liquidus", "peak", "time_near_peak", "ramp_down",
    "time_to_peak",
]  # fmt: skip

#: What each measure is, in words, and its unit.
MEASURES: dict[Measure, tuple[str, str]] = {
    "preheat_time": ("time from the lower to the upper preheat temperature", "s"),
    "ramp_up": ("steepest ramp from liquidus to peak", "degC/s"),
    "time_above_liquidus": ("time above liquidus", "s"),
    "peak": ("peak temperature", "degC"),
    "time_near_peak": ("time within 5 degC of the classification temperature", "s"),
    "ramp_down": ("steepest ramp from peak to liquidus", "degC/s"),
    "time_to_peak": ("time from 25 degC to peak", "s"),
}


@dataclass(frozen=True)
class Limit:
    """One limit of a profile.

    Attributes:
        measure: What is limited, a key of :data:`MEASURES`.
        minimum: Smallest allowed value, or None.
        maximum: Largest allowed value, or None.
        source: Bibliography key.
        status: How far the number can be trusted, as in the material library.
    """

    measure: Measure
    minimum: float | None
    maximum: float | None
    source: str
    status: Literal["primary", "secondary", "unverified", "illustrative"]

    @property
    def unit(self) -> str:
        """Unit of both bounds."""
        return MEASURES[self.measure][1]

    @property
    def words(self) -> str:
        """The allowed range in words, e.g. ``60 to 120 s``."""
        if self.minimum is None:
            return f"at most {self.maximum:g} {self.unit}"
        if self.maximum is None:
            return f"at least {self.minimum:g} {self.unit}"
        return f"{self.minimum:g} to {self.maximum:g} {self.unit}"


@dataclass(frozen=True)
class ProfileLimits:
    """The limits of one kind of soldering for one size of package.

    Attributes:
        name: Name of the set.
        title: What it is, in words.
        liquidus: Temperature above which the time above liquidus counts, degrees C.
        preheat: Lower and upper preheat temperature, degrees C.
        classification_temperature: Temperature that the package is rated for, degrees C.
        limits: The limits.
    """

    name: str
    title: str
    liquidus: float
    preheat: tuple[float, float]
    classification_temperature: float
    limits: tuple[Limit, ...]

    def limit(self, measure: Measure) -> Limit | None:
        """The limit of a measure, if it has one."""
        return next((item for item in self.limits if item.measure == measure), None)


@dataclass(frozen=True)
class _Standard:
    title: str
    liquidus: float
    preheat: tuple[float, float]
    near_peak: float
    to_peak: float


_JSTD020: dict[str, _Standard] = {
    "jstd020_snpb": _Standard("J-STD-020, tin-lead", 183.0, (100.0, 150.0), 20.0, 360.0),
    "jstd020_pb_free": _Standard("J-STD-020, lead-free", 217.0, (150.0, 200.0), 30.0, 480.0),
}
#: Names of the limits that can be asked for.
LIMIT_NAMES: tuple[str, ...] = tuple(_JSTD020)


def classification_temperature(name: str, thickness: float, volume: float) -> float:
    """Classification temperature of a package by its size, degrees C.

    Tables 4-1 (tin-lead) and 4-2 (lead-free) of J-STD-020, revision D:

    ========== ================== ================ =================== ==============
    process    thickness          below 350 mm3    350 to 2000 mm3     over 2000 mm3
    ========== ================== ================ =================== ==============
    tin-lead   below 2.5 mm       235              220                 220
    tin-lead   2.5 mm and more    220              220                 220
    lead-free  below 1.6 mm       260              260                 260
    lead-free  1.6 to 2.5 mm      260              250                 245
    lead-free  over 2.5 mm        250              245                 245
    ========== ================== ================ =================== ==============

    >>> classification_temperature("jstd020_pb_free", 1.1, 216.0)
    260.0

    Args:
        name: Name of the limits.
        thickness: Thickness of the package body, mm.
        volume: Volume of the body without its balls, mm3.

    Raises:
        InputError: Unknown name.
    """
    _known(name)
    if name == "jstd020_snpb":
        return 235.0 if thickness < 2.5 and volume < 350.0 else 220.0
    if thickness < 1.6:
        return 260.0
    column = 0 if volume < 350.0 else 1 if volume <= 2000.0 else 2
    row = (260.0, 250.0, 245.0) if thickness <= 2.5 else (250.0, 245.0, 245.0)
    return row[column]


def profile_limits(name: str, thickness: float, volume: float) -> ProfileLimits:
    """Limits of a named standard for a package.

    Args:
        name: ``jstd020_snpb`` or ``jstd020_pb_free``.
        thickness: Thickness of the package body, mm.
        volume: Volume of the body, mm3.

    Raises:
        InputError: Unknown name.
    """
    standard = _known(name)
    peak = classification_temperature(name, thickness, volume)
    table = "jstd020_table"
    rows: Mapping[Measure, tuple[float | None, float | None]] = {
        "preheat_time": (60.0, 120.0),
        "ramp_up": (None, 3.0),
        "time_above_liquidus": (60.0, 150.0),
        "time_near_peak": (None, standard.near_peak),
        "ramp_down": (None, 6.0),
        "time_to_peak": (None, standard.to_peak),
    }
    limits = [Limit(measure, *bounds, table, "secondary") for measure, bounds in rows.items()]
    limits.append(Limit("peak", None, peak, "jstd020", "unverified"))
    return ProfileLimits(
        name, standard.title, standard.liquidus, standard.preheat, peak, tuple(limits)
    )


def _known(name: str) -> _Standard:
    if name not in _JSTD020:
        raise InputError(
            "oven.limits", repr(name), f"one of {quoted(_JSTD020)}",
            reason=did_you_mean(name, _JSTD020),
        )  # fmt: skip
    return _JSTD020[name]
