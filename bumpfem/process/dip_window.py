"""Points of the window of the routes ``dip`` and ``flux``: one heating, several resins.

The heat that a resin sets free as it cures is small beside what passes through its cell, so that
one temperature history serves all resins and routes of a point; the coupled run of a point
(:func:`bumpfem.process.heated_step.heat_step`) says what that costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.errors import MaterialError
from bumpfem.materials import load_material
from bumpfem.meshing import Mesh
from bumpfem.process.gel_race import GelRace, Route, race, wetting_viscosity
from bumpfem.process.heated_cell import RESIN, HeatedStep
from bumpfem.process.heated_events import solder_events
from bumpfem.process.heated_ranges import check_heated, check_resin
from bumpfem.process.reflow_cell import SOLDER
from bumpfem.process.reflow_outcome import melting_range
from bumpfem.process.resin_in_oven import FollowingResin, ResinCure
from bumpfem.process.thermal_history import HistoryRecorder, ThermalHistory
from bumpfem.solvers.heat import march_heat

#: What a point of the window is called, with its words; the good one first.
WINDOW_VERDICTS: dict[str, str] = {
    "made": "wets, gels and cures",
    "undercured": "wets and gels, but is not cured at the end",
    "not_gelled": "wets, but the resin does not gel",
    "too_hot": "wets, but the resin is too hot",
    "gels_early": "gels before the solder has wetted",
    "not_wetted": "solder freezes before it has wetted",
    "not_molten": "solder does not melt wholly",
}
WindowVerdict = Literal[
    "made", "undercured", "not_gelled", "too_hot", "gels_early", "not_wetted", "not_molten"
]


@dataclass(frozen=True)
class WindowPoint:
    """What becomes of one resin on one route at one point of the window.

    Attributes:
        race: Race of solder and resin.
        verdict: A key of :data:`WINDOW_VERDICTS`.
        cure: Least degree of cure in the resin at the end.
        glass_transition: At the mean cure at the end, degrees C.
        highest: Highest temperature of the resin, degrees C.
        spread: Largest difference of two temperatures in the cell at one time, K.
    """

    race: GelRace
    verdict: WindowVerdict
    cure: float
    glass_transition: float
    highest: float
    spread: float


def following_cures(
    step: HeatedStep, mesh: Mesh, resins: Sequence[str]
) -> tuple[ThermalHistory, list[ResinCure]]:
    """Heat a joint once and let several resins cure along its temperatures.

    Args:
        step: The heating; the heat conduction takes the resin of its joint for all.
        mesh: Mesh of the joint.
        resins: Names of resins that cure.

    Returns:
        Temperatures of all regions, and the cure of every resin.

    Raises:
        MaterialError: The library does not say how a resin cures.
        PropertyRangeError: The heating leaves the range of thermal properties and may not.
        ConvergenceError: A step did not converge at the smallest length.
    """
    model, hot = step.model(mesh), step.heating
    history = HistoryRecorder(model, hot)
    cures = [FollowingResin(model, RESIN, CuringResin.of(name)) for name in resins]
    march_heat(model, hot.start, step.corners(mesh), step.settings, [history, *cures])
    found = history.history()
    check_heated(step.materials(mesh), found, extrapolate=step.extrapolate)
    return found, [recorder.history(model.volumes[RESIN]) for recorder in cures]


def window_point(
    step: HeatedStep,
    history: ThermalHistory,
    cure: ResinCure,
    route: Route,
    wetting_time: float,
    cured: float,
) -> WindowPoint:
    """What becomes of a resin on a route.

    Args:
        step: The heating.
        history: Temperatures of all regions.
        cure: Cure of the resin.
        route: ``dip`` or ``flux``.
        wetting_time: s.
        cured: Degree of cure that counts as cured at the end.

    Raises:
        MaterialError: The library does not say where the solder melts.
        PropertyRangeError: The resin leaves the range of its data of cure and may not.
    """
    melting = [name for name in SOLDER if name in history.regions]
    span = melting_range(load_material(step.joint.solder))
    if span is None:
        raise MaterialError(f"the library does not say where {step.joint.solder} melts")
    events = solder_events(history, melting, span, wetting_time, step.undercooling)
    events |= cure.events
    check_resin(
        cure, history.regions[RESIN], extrapolate=step.extrapolate, flows_from=events["molten"]
    )
    limit = None
    if cure.viscosity is not None:
        limit = wetting_viscosity(
            step.package, step.joint, wetting_time, extrapolate=step.extrapolate
        )
    contest = race(route, cure.material, events, history.times, cure.viscosity, limit)
    highest = float(history.regions[RESIN].highest.max())
    everywhere = list(history.regions)
    return WindowPoint(
        race=contest,
        verdict=_verdict(contest, cure, highest, cured),
        cure=float(cure.lowest[-1]),
        glass_transition=float(cure.glass_transition[-1]),
        highest=highest,
        spread=float((history.highest(everywhere) - history.lowest(everywhere)).max()),
    )


def _verdict(contest: GelRace, cure: ResinCure, highest: float, cured: float) -> WindowVerdict:
    if contest.verdict != "made":
        return contest.verdict
    if highest > cure.resin.highest_temperature:
        return "too_hot"
    if cure.lowest[-1] < cure.gel_cure:
        return "not_gelled"
    return "made" if cure.lowest[-1] >= cured else "undercured"
