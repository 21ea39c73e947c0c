"""What a reflow did to a joint, read off its temperature history.

Nothing here knows of meshes: a history of regions, however it was found, is enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bumpfem.design import Joint
from bumpfem.design.reflow_limits import ProfileLimits
from bumpfem.errors import ProcessError
from bumpfem.materials import Material, load_material
from bumpfem.process.dissolution import Dissolved
from bumpfem.process.profile_limits import Check, crossing_down, crossing_up, time_above
from bumpfem.process.thermal_history import ThermalHistory

FaultKind = Literal[
    "not_melted", "core_melted", "not_solid", "held", "neck", "limits", "consumed", "impossible"
]

#: What each fault means, in a few words, in the order in which they are looked for.
FAULTS: dict[FaultKind, str] = {
    "impossible": "cannot be run",
    "not_melted": "does not melt",
    "core_melted": "core or metal melts",
    "not_solid": "still liquid at the end",
    "held": "fixing agent holds too long",
    "neck": "wrong melted fraction",
    "consumed": "metal used up",
    "limits": "outside the profile's limits",
}
#: Faults after which there is no joint as designed: a run ends with an error.
FATAL: tuple[FaultKind, ...] = ("impossible", "not_melted", "core_melted", "not_solid", "held")

#: A region counts as molten from this melted fraction on, and as solid below its difference to 1.
MOLTEN = 0.995

#: Materials of the library that stand for the fixing agents.
AGENTS: dict[str, str] = {
    "rosin": "rosin",
    "polyethylene_glycol": "polyethylene_glycol",
    "acrylic": "acrylic",
    "rubber": "rubber_adhesive",
    "polyester": "polyester_adhesive",
    "polyvinyl_acetate": "polyvinyl_acetate",
    "urethane": "urethane_adhesive",
}


@dataclass(frozen=True)
class Fault:
    """Why a joint was not made well.

    Attributes:
        kind: Which fault, a key of :data:`FAULTS`.
        sentence: What happened, with the numbers.
    """

    kind: FaultKind
    sentence: str


@dataclass(frozen=True)
class CoreMargin:
    """How far what must stay solid stayed from melting.

    Attributes:
        region: Core, bump, pad or barrier.
        material: Its material.
        melts_at: Temperature at which it begins to melt, degrees C.
        highest: Highest temperature that it reached, degrees C.
    """

    region: str
    material: str
    melts_at: float
    highest: float

    @property
    def margin(self) -> float:
        """Distance from melting, K; negative if it melted."""
        return self.melts_at - self.highest


@dataclass(frozen=True)
class Release:
    """When the mask's fixing agent let go.

    Attributes:
        agent: The agent.
        temperature: Temperature at which it lets go, degrees C.
        status: How far that number can be trusted.
        time: When the joint reached it, s; NaN if never.
        melts: When the solder began to melt, s; NaN if never.
        margin_k: Solidus of the solder less the temperature of release, K.
    """

    agent: str
    temperature: float
    status: str
    time: float
    melts: float
    margin_k: float

    @property
    def margin_s(self) -> float:
        """Time from release to the beginning of melting, s; NaN where one of them is missing."""
        return self.melts - self.time

    @property
    def in_time(self) -> bool:
        """Whether it let go before the solder began to melt."""
        return bool(self.time < self.melts)


@dataclass(frozen=True)
class Solidification:
    """When the last solder froze: from there on the joint carries stress.

    Attributes:
        time: s.
        temperature: Temperature of the solder then, degrees C: the joint's stress-free temperature.
        pads: Mean temperature of each pad then, degrees C.
    """

    time: float
    temperature: float
    pads: dict[str, float]


@dataclass(frozen=True)
class NeckMelt:
    """How much of a partly melted ball was molten at most.

    Attributes:
        wanted: Melted fraction that the design asks for.
        tolerance: Allowed difference.
        fraction: Melted fraction of the ball.
        foot: The same in the lowest tenth, at the pad.
        head: The same in the uppermost tenth.
        height: Height above the pad up to which at least half of the solder was molten, mm.
        equivalent_height: Height above the pad below which the molten volume would fill the ball
            if it melted from its foot upwards, mm.
    """

    wanted: float
    tolerance: float
    fraction: float
    foot: float
    head: float
    height: float
    equivalent_height: float


@dataclass(frozen=True)
class ReflowOutcome:
    """All that a reflow did to a joint.

    Attributes:
        joint: Name of the joint.
        stage: Stage of its making.
        peaks: Highest temperature of each region, degrees C.
        lags: Time by which each region's peak comes after that of the package's top, s.
        melted: Largest melted fraction of what is meant to melt.
        time_molten: Time that its mean temperature spends above its liquidus, s.
        solidification: When it froze; None if it never melted or never froze.
        solids: Margins of all that must stay solid.
        release: The fixing agent; None without a mask.
        neck: A partly melted ball; None for others.
        dissolved: Metal that the solder dissolved.
        checks: The package's history against the profile's limits.
        limits: These limits; None where none apply.
        remarks: What could not be computed, and the like.
        faults: Why the joint is not made well; empty if it is.
    """

    joint: str
    stage: str
    peaks: dict[str, float]
    lags: dict[str, float]
    melted: float
    time_molten: float
    solidification: Solidification | None
    solids: tuple[CoreMargin, ...]
    release: Release | None
    neck: NeckMelt | None
    dissolved: tuple[Dissolved, ...]
    checks: tuple[Check, ...]
    limits: ProfileLimits | None = None
    remarks: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def made_well(self) -> bool:
        """Whether no fault was found."""
        return not self.faults

    @property
    def core_margin(self) -> float | None:
        """Smallest distance from melting of all that must stay solid, K."""
        return min((item.margin for item in self.solids), default=None)

    def refuse_fatal(self) -> None:
        """Stop where there is no joint as designed.

        Raises:
            ProcessError: names what happened, with the temperatures.
        """
        for fault in self.faults:
            if fault.kind in FATAL:
                raise ProcessError(f"joint {self.joint}: {fault.sentence}")


def melting_range(material: Material) -> tuple[float, float] | None:
    """Temperatures at which a material begins and ends to melt, degrees C; None if unknown."""
    if "solidus" in material and "liquidus" in material:
        return material["solidus"].constant, material["liquidus"].constant
    if "melting_point" in material:
        point = material["melting_point"].constant
        return point, point
    return None


def solid_margins(
    history: ThermalHistory, materials: Mapping[str, str], melting: Sequence[str]
) -> tuple[CoreMargin, ...]:
    """Margins of all regions that can melt and must not, the closest first."""
    found = []
    for region, name in materials.items():
        span = melting_range(load_material(name))
        if region not in melting and span is not None:
            highest = float(history.regions[region].highest.max())
            found.append(CoreMargin(region, name, span[0], highest))
    return tuple(sorted(found, key=lambda item: item.margin))


def release_of(
    joint: Joint, history: ThermalHistory, melting: Sequence[str], solidus: float
) -> Release | None:
    """When the fixing agent of a joint's mask let go; None without a mask.

    The agent is at the mean temperature of the mask, or of the joint where no mask is drawn. Its
    temperature of release is the mask's own or, where that says nothing, the library's.
    """
    if joint.mask is None:
        return None
    known = load_material(AGENTS[joint.mask.fixing_agent])["release_temperature"]
    own = joint.mask.release_temperature
    temperature, status = (known.constant, known.status) if own is None else (own, "given")
    place = ["mask"] if "mask" in history.regions else list(melting)
    melted = history.melted(melting)
    began = np.flatnonzero(melted > 0.0)
    return Release(
        joint.mask.fixing_agent,
        temperature,
        status,
        crossing_up(history.times, history.mean(place), temperature),
        float(history.times[began[0]]) if began.size else float("nan"),
        solidus - temperature,
    )


def solidification(
    history: ThermalHistory, melting: Sequence[str], solidus: float, undercooling: float = 0.0
) -> Solidification | None:
    """When the last of the solder froze; None if it never melted or is not frozen at the end.

    Args:
        history: Temperatures.
        melting: Regions that melted.
        solidus: Temperature at which the last solder freezes in equilibrium, degrees C.
        undercooling: Kelvin below it at which it does.
    """
    if history.melted(melting).max() <= 0.0:
        return None
    freezes = solidus - undercooling
    time = crossing_down(history.times, history.highest(melting), freezes)
    if np.isnan(time):
        return None
    pads = {
        name: float(np.interp(time, history.times, region.mean))
        for name, region in history.regions.items()
        if name in ("interposer_pad", "board_pad")
    }
    return Solidification(time, freezes, pads)


def molten_time(history: ThermalHistory, melting: Sequence[str], liquidus: float) -> float:
    """Time that the mean of some regions spends above a liquidus, s."""
    return time_above(history.times, history.mean(melting), liquidus)
