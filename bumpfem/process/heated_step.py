r"""One heating of a joint's making: what it does to temperature, solder and resin.

The cell of the joint, without what is not there yet, goes through an oven or follows a programme
at its outer faces (the back of the interposer and, in mounting, of the board). The resin cures at
every point of its own (:mod:`bumpfem.process.resin_in_oven`). Between two heatings the cure is
carried on as one number, its mean over the resin: what differs within one cell is less than the
kinetics themselves are known to.

The mechanics of the joint take one temperature for the whole cell, its mean over the volume;
``spread`` says how far the cell is from having one. It is largest while solder melts or freezes,
which keeps the joint behind the slabs by its latent heat.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from math import inf

from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.design import Joint, Package
from bumpfem.design.oven import Oven
from bumpfem.design.programme import Programme
from bumpfem.materials import load_material
from bumpfem.meshing import Mesh
from bumpfem.physics.cure import Curing
from bumpfem.process.film import FilmFlow, film_flow
from bumpfem.process.film_volume import compare_film
from bumpfem.process.gel_race import GelRace, race, wetting_viscosity
from bumpfem.process.heated_cell import PASTE, RESIN, HeatedStep
from bumpfem.process.heated_events import WETTING_TIME, Events, solder_events
from bumpfem.process.heated_faults import (
    find_faults,
    held_faults,
    limit_faults,
    resin_faults,
    solder_faults,
)
from bumpfem.process.heated_ranges import check_heated, check_resin
from bumpfem.process.heated_run import HeatedRun, HeatedStage
from bumpfem.process.neck_melting import neck_faults, neck_remarks
from bumpfem.process.resin_in_oven import ResinCure, ResinRecorder
from bumpfem.process.thermal_history import HistoryRecorder, ThermalHistory
from bumpfem.solvers.heat import HeatObserver, HeatSettings, march_heat
from bumpfem.units import FloatArray


def run_heated(
    package: Package,
    joint: Joint,
    stage: HeatedStage,
    heat: Oven | Programme,
    mesh: Mesh,
    *,
    present: Collection[str] | None = None,
    cure: float | None = None,
    wetting_time: float = WETTING_TIME,
    undercooling: float = 0.0,
    extrapolate: bool = False,
    settings: HeatSettings | None = None,
    strict: bool = True,
) -> HeatedRun:
    """Heat a joint at a stage of its making.

    Args:
        package: Package design.
        joint: Joint design.
        stage: ``attach``, ``cure`` or ``mount``.
        heat: Oven, or programme of the outer faces.
        mesh: Mesh of the mounted joint, axisymmetric or half cell.
        present: Regions that are there; None: as the stage has them, see :class:`HeatedStep`.
        cure: Degree of cure of the resin at the start; None: as it comes, but hard in mounting.
        wetting_time: Time that solder must be wholly molten to have wetted, s.
        undercooling: Kelvin below the solidus at which solder freezes.
        extrapolate: Whether data are used beyond their ranges, and recorded: thermal properties and
            those of a film keep their end values, laws of cure go on as they are.
        settings: Steps and iterations of the heat conduction.
        strict: Whether what goes wrong is an error, not a fault of the result.

    Raises:
        InputError: A region, a cure, a time or an oven that cannot be.
        MaterialError: The library does not say how the solder melts or the resin cures.
        PropertyRangeError: The heating is hotter than a material's range.
        ConvergenceError: A step did not converge at the smallest length.
        ProcessError: With ``strict``: solder that does not melt or freeze, a necked ball that melts
            wholly, resin that gels before the solder has wetted, never gels or is heated above its
            limit, a film that does not melt, flow and solidify.
    """
    step = HeatedStep(
        package, joint, stage, heat, present, cure, wetting_time, undercooling, extrapolate
    )
    run = heat_step(step, mesh, settings)
    if strict:
        run.refuse()
    return run


def heat_step(step: HeatedStep, mesh: Mesh, settings: HeatSettings | None = None) -> HeatedRun:
    """The run of a heating, with its faults as a part of it; errors as :func:`run_heated`."""
    names, hot = step.materials(mesh), step.heating
    resins = {RESIN: _resin(step, names), PASTE: _paste(step, names)}
    cured = {region: resin for region, resin in resins.items() if resin is not None}
    model = step.model(mesh, _curing(cured, step.cure) if cured else None)
    recorder = HistoryRecorder(model, hot)
    curing = {region: ResinRecorder(region, resin) for region, resin in cured.items()}
    observers: list[HeatObserver] = [recorder, *curing.values()]
    settings = settings or step.settings
    report = march_heat(model, hot.start, step.corners(mesh), settings, observers)
    history = recorder.history()
    cures = {region: item.history(model.volumes[region]) for region, item in curing.items()}
    cure, paste = cures.get(RESIN), cures.get(PASTE)
    everywhere, cells = list(history.regions), 2.0 if mesh.kind == "half_cell" else 1.0
    melting, span = step.solder(mesh)
    events = solder_events(history, melting, span, step.wetting_time, step.undercooling)
    _check_ranges(step, names, history, cures, events["molten"])
    bad_solder = _solder_faults(step, events, history, melting, span)
    bad_resin: list[str] = []
    if cure is not None:
        events |= cure.events
    for region, item in cures.items():
        hottest = history.regions[region].highest
        bad_resin += resin_faults(item, step.stage, history.times, hottest)
    if PASTE in names and PASTE not in cures and load_material(names[PASTE]).cure:
        hottest = history.regions[PASTE].highest
        bad_resin += limit_faults("paste", CuringResin.of(names[PASTE]), history.times, hottest)
    contest, film = _race(step, history.times, events, cure), _film(step, names, history)
    return HeatedRun(
        stage=step.stage,
        title=hot.title,
        times=history.times,
        temperature=history.mean(everywhere),
        lowest=history.lowest(everywhere),
        highest=history.highest(everywhere),
        history=history,
        events=events,
        resin=cure,
        paste=paste,
        race=contest,
        film=film,
        heat_in=report.heat_in,
        stored=report.stored,
        balance_error=report.balance_error,
        unknowns=report.unknowns,
        faults=find_faults(bad_solder, bad_resin, contest, film),
        remarks=(
            *_neck_remarks(step, history, melting),
            *_film_remarks(step, film, cells * model.volumes.get(RESIN, 0.0)),
        ),
    )


def _check_ranges(
    step: HeatedStep,
    names: dict[str, str],
    history: ThermalHistory,
    cures: dict[str, ResinCure],
    molten: float | None,
) -> None:
    """Refuse data that end before the temperatures of the heating, or record their use.

    Raises:
        PropertyRangeError: Names material, data and range.
    """
    check_heated(names, history, extrapolate=step.extrapolate)
    for region, cure in cures.items():
        check_resin(
            cure, history.regions[region], extrapolate=step.extrapolate,
            flows_from=molten if region == RESIN and step.races else None,
        )  # fmt: skip


def _resin(step: HeatedStep, names: dict[str, str]) -> CuringResin | None:
    """The resin that cures: none where there is none, and none on route ``film``.

    In mounting a resin of which no degree of cure is given is taken to be hard.

    Raises:
        MaterialError: The resin must cure and the library does not say how.
    """
    anchor = step.joint.anchor
    if RESIN not in names or anchor is None or anchor.route == "film":
        return None
    if step.stage == "mount" and step.cure is None:
        return None
    return CuringResin.of(names[RESIN])


def _paste(step: HeatedStep, names: dict[str, str]) -> CuringResin | None:
    """The paste that holds the ball and cures as it is attached; None for solder and the like."""
    if step.stage != "attach" or PASTE not in names or not load_material(names[PASTE]).cure:
        return None
    return CuringResin.of(names[PASTE])


def _curing(resins: dict[str, CuringResin], cure: float | None) -> Curing:
    """What the heat model cures; that it gets too hot is a fault of the run, found afterwards."""
    start = {} if cure is None or RESIN not in resins else {RESIN: cure}
    unlimited = {
        region: replace(resin, highest_temperature=inf) for region, resin in resins.items()
    }
    return Curing(unlimited, start)


def _solder_faults(
    step: HeatedStep,
    events: Events,
    history: ThermalHistory,
    melting: tuple[str, ...],
    span: tuple[float, float],
) -> list[str]:
    """What goes wrong with the solder: where it must melt, and where it must not."""
    neck = step.joint.neck
    if not melting:
        return []
    if not step.must_melt:
        return held_faults(history, melting, span)
    if neck is None or not step.makes_neck:
        return solder_faults(events, history, melting, span)
    lost = neck_faults(neck, step.stage, history, melting, span)
    return lost or solder_faults(events, history, melting, span, wholly=False)


def _race(
    step: HeatedStep, times: FloatArray, events: Events, cure: ResinCure | None
) -> GelRace | None:
    """The race of solder and resin where one heating does both."""
    anchor = step.joint.anchor
    if cure is None or anchor is None or not step.races:
        return None
    limit = wetting_viscosity(
        step.package, step.joint, step.wetting_time, extrapolate=step.extrapolate
    )
    return race(
        "dip" if anchor.route == "dip" else "flux", cure.material, events, times, cure.viscosity,
        limit,
    )  # fmt: skip


def _film(step: HeatedStep, names: dict[str, str], history: ThermalHistory) -> FilmFlow | None:
    """Flow of a film where there is one that is not yet on its joint."""
    anchor = step.joint.anchor
    if anchor is None or anchor.route != "film" or RESIN not in names or step.stage == "mount":
        return None
    return film_flow(
        names[RESIN],
        history.times,
        history.regions[RESIN].mean,
        step.package.pitch,
        anchor.film_thickness or anchor.thickness,
        extrapolate=step.extrapolate,
    )


def _neck_remarks(
    step: HeatedStep, history: ThermalHistory, melting: tuple[str, ...]
) -> tuple[str, ...]:
    """A ball that melts more or less than its neck asks for."""
    neck = step.joint.neck
    if neck is None or not step.makes_neck or not melting:
        return ()
    return neck_remarks(neck, step.stage, history, melting)


def _film_remarks(step: HeatedStep, film: FilmFlow | None, resin_volume: float) -> tuple[str, ...]:
    """A film that brings another volume than the design takes."""
    if film is None:
        return ()
    brought = compare_film(step.package, step.joint, resin_volume)
    return () if brought is None or brought.fits else (brought.sentence,)
