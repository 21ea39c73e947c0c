"""Runs a study of stand-off: joints mounted under a load, with and without a core."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from mpi4py import MPI

from bumpfem.design import Joint, Package
from bumpfem.design.standoff_study import StandoffStudy
from bumpfem.errors import InputError
from bumpfem.materials import Citation, collect, load_material
from bumpfem.report.standoff import StandoffReport, write_standoff_report
from bumpfem.shapes.capillary.cored import shape_of_cored
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.mounted import mounted_joint
from bumpfem.shapes.core_design import capillary_joint
from bumpfem.shapes.site import Site
from bumpfem.study.comparison import writable
from bumpfem.study.kinds import Finished
from bumpfem.study.progress import ProgressObserver

#: Temperature at which the design's volumes hold, degrees C.
ROOM = 20.0


@dataclass(frozen=True)
class Conditions:
    """Under what a joint is mounted.

    Args:
        load_mn: Load on one joint, mN.
        volume_factor: Volume of molten solder relative to the design.
        temperature: Mounting temperature, degrees C.
    """

    load_mn: float
    volume_factor: float
    temperature: float


@dataclass(frozen=True)
class StandoffRow:
    """One joint under one set of conditions.

    Args:
        sweep: What varies: ``load``, ``volume`` or ``temperature``.
        joint: Name of the joint.
        load_mn: Load on one joint, mN.
        volume_factor: Volume of molten solder relative to the design.
        temperature_c: Mounting temperature, degrees C.
        standoff_mm: Distance of the pads; NaN where nothing is in equilibrium.
        core_force_mn: Force that the core passes on by contact, mN; NaN without a core.
        max_diameter_mm: Widest diameter of the joint.
        regime: ``plain``, ``wrapped``, ``bridges``, or ``none``.
        note: Why there is no equilibrium, or what else to know.
    """

    sweep: str
    joint: str
    load_mn: float
    volume_factor: float
    temperature_c: float
    standoff_mm: float
    core_force_mn: float
    max_diameter_mm: float
    regime: str
    note: str = ""


def melt_of(package: Package, temperature: float) -> tuple[Liquid, float]:
    """The package's molten solder at a temperature, and how much it has swollen since room's.

    Raises:
        InputError: If the solder is not molten.
        PropertyRangeError: If surface tension or density are not known there.
    """
    solder = load_material(package.solder)
    liquidus = solder["liquidus"].constant
    if temperature < liquidus:
        raise InputError(
            "study.temperature", temperature, f"at least {liquidus:g} degC", "degC",
            f"{package.solder} is not molten",
        )  # fmt: skip
    swelling = 1.0
    if "liquid_density" in solder:
        cold = solder["density"](ROOM, extrapolate=True)
        swelling = cold / solder["liquid_density"](temperature)
    return Liquid.of(package.solder, temperature), swelling


def mount(
    package: Package, joint: Joint, conditions: Conditions, contact_angle: float = 0.0
) -> StandoffRow:
    """Mount a plain or cored joint; what cannot be in equilibrium is a row without a stand-off.

    Args:
        package: The package.
        joint: The joint, plain or cored.
        conditions: Load, volume and temperature.
        contact_angle: Of the shell on the core, degrees.

    Raises:
        InputError: If the solder is not molten at this temperature.
    """
    liquid, swelling = melt_of(package, conditions.temperature)
    try:
        standoff, force, width, regime, note = _mounted(
            package, joint, conditions, liquid, swelling, contact_angle
        )
    except InputError as error:
        nan = float("nan")
        standoff, force, width, regime, note = nan, nan, nan, "none", error.reason or str(error)
    return StandoffRow(
        "", joint.name, conditions.load_mn, conditions.volume_factor, conditions.temperature,
        standoff, force, width, regime, note,
    )  # fmt: skip


def _mounted(
    package: Package,
    joint: Joint,
    conditions: Conditions,
    liquid: Liquid,
    swelling: float,
    contact_angle: float,
) -> tuple[float, float, float, str, str]:
    """(stand-off, core force, widest diameter, regime, note)."""
    site = Site.of(package, joint)
    load = 1e-3 * conditions.load_mn
    if joint.core is None:
        factor = swelling * conditions.volume_factor
        made = mounted_joint(
            factor * joint.solder_volume - site.plug_volume,
            2.0 * site.board.wetted_radius, 2.0 * site.interposer.wetted_radius, liquid, load=load,
        )  # fmt: skip
        standoff = site.standoff_of_gap(made.standoff)
        return standoff, float("nan"), made.max_diameter, "plain", "; ".join(made.notes)
    _refuse_molten_core(joint, conditions.temperature)
    shape = shape_of_cored(
        capillary_joint(
            site, joint, swelling=swelling, contact_angle=contact_angle,
            volume_factor=conditions.volume_factor, share=contact_angle > 0.0,
        ),
        liquid, load,
    )  # fmt: skip
    return (
        site.standoff_of_gap(shape.standoff), 1e3 * shape.contact_force, shape.max_diameter,
        shape.regime, "" if shape.carried_by_core else "the core does not touch both pads",
    )  # fmt: skip


def _refuse_molten_core(joint: Joint, temperature: float) -> None:
    """A core keeps the stand-off only while it is solid.

    Raises:
        InputError: If it starts to melt at this temperature.
    """
    core = joint.core
    if core is None:
        return
    known = load_material(core.material)
    for name in ("solidus", "melting_point"):
        if name in known and temperature >= known[name].constant:
            raise InputError(
                "study.temperature", temperature, f"below {known[name].constant:g} degC", "degC",
                f"the core of {core.material} melts",
            )  # fmt: skip


def sweeps(study: StandoffStudy, load_mn: float) -> Iterator[tuple[str, Conditions]]:
    """What varies and under which conditions, one after another."""
    sweep = study.sweep
    for load in sweep.loads_mn:
        yield "load", Conditions(load, 1.0, study.temperature)
    for factor in sweep.volume_factors:
        yield "volume", Conditions(load_mn, factor, study.temperature)
    for temperature in sweep.temperatures:
        yield "temperature", Conditions(load_mn, 1.0, temperature)


def standoff_table(study: StandoffStudy) -> tuple[pd.DataFrame, list[Citation], str]:
    """All rows of a study, the sources of what they rest on, and what the load is.

    Raises:
        InputError: If the study cannot be used.
    """
    package = study.load_package()
    joints = study.selected_joints(package)
    rows = []
    with collect() as used:
        load, words = study.load_mn, f"{study.load_mn} mN, given"
        if load is None:
            site = Site.of(package, joints[0])
            load, words = 1e3 * site.load, site.load_note
        for sweep, conditions in sweeps(study, load):
            for joint in joints:
                row = mount(package, joint, conditions, study.contact_angle)
                rows.append({**asdict(row), "sweep": sweep})
    return pd.DataFrame(rows), used.entries, words


def run_standoff_kind(path: Path, out: Path | None, observer: ProgressObserver | None) -> Finished:
    """Run a study's file: ``table.csv``, ``standoff.png`` and ``report.html``.

    Args:
        path: The file.
        out: Folder of the results; None: ``results/<study>``.
        observer: Not told anything: a study takes seconds.

    Raises:
        InputError: If the study cannot be used or the folder cannot be written.
    """
    study = StandoffStudy.load(path)
    table, sources, load_words = standoff_table(study)
    folder = writable(out if out is not None else Path("results") / study.name)
    package = study.load_package()
    if MPI.COMM_WORLD.rank == 0:
        write_standoff_report(
            folder,
            StandoffReport(
                title=study.title or f"Stand-off of {package.title or package.name}",
                package=package.name,
                table=table,
                load=load_words,
                temperature=study.temperature,
                core_standoff={
                    joint.name: joint.core.standoff
                    for joint in study.selected_joints(package)
                    if joint.core is not None and joint.core.origin == "placed"
                },
                sources=tuple(sources),
                study_text=path.read_text(encoding="utf-8"),
            ),
        )
    failed = bool(table["standoff_mm"].isna().any())
    return Finished(_text(table), folder / "report.html", failed)


def _text(table: pd.DataFrame) -> str:
    """Stand-offs side by side for the terminal."""
    parts = []
    for sweep, column in (
        ("load", "load_mn"), ("volume", "volume_factor"), ("temperature", "temperature_c"),
    ):  # fmt: skip
        part = table[table["sweep"] == sweep]
        wide = part.pivot_table(index=column, columns="joint", values="standoff_mm", sort=False)
        parts.append(f"stand-off, mm, over {sweep}\n{wide.round(4).to_string()}")
    return "\n\n".join(parts)
