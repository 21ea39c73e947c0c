"""Pictures and report of a reflow study: what the report room is told."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bumpfem.materials import Citation
from bumpfem.report.reflow import ReflowContext, write_reflow_report
from bumpfem.report.thermal_pictures import render_reflow_pictures
from bumpfem.study.pages import package_rows, versions
from bumpfem.study.reflow_window import WELL, neck_window

if TYPE_CHECKING:
    from bumpfem.study.reflow import ReflowJobOutcome, ReflowResults

#: Fewer joints than these are drawn without processes of their own, which take time to start.
_FEW = 4
_LEFT_OUT = (
    "Flow of gas: it has one temperature and one coefficient of heat transfer along each face.",
    "Neighbours: every joint of the package is like this one, so no heat flows sideways.",
    "Laminates conduct alike in all directions, as they do through their thickness.",
    "Wetting and flow of molten solder: the cell keeps the joint's final shape all the time.",
    "Flux, solvents and curing: nothing but solder and metal takes or gives heat of change.",
    "Intermetallic layers: dissolution is that of bare metal in quiet solder.",
)


def write_reflow_pages(results: ReflowResults) -> Path:
    """Draw the pictures of all joints and write ``report.html``."""
    made = {item.job.joint.name: item for item in results.outcomes if item.result is not None}
    folders = {name: item.job.folder for name, item in made.items()}
    _draw([folders[name] for name, item in made.items() if not (item.reused and _drawn(item))])
    used = {tuple(source) for item in made.values() for source in (item.result or {})["sources"]}
    used |= {
        ("jstd020_table", check["status"], "limits of the profile")
        for item in made.values()
        for check in (item.result or {})["checks"]
        if check["source"] == "jstd020_table"
    }
    used |= {
        ("jstd020", check["status"], "classification temperature")
        for item in made.values()
        for check in (item.result or {})["checks"]
        if check["source"] == "jstd020"
    }
    warnings = [
        f"{name}: {text}" for name, item in made.items() for text in (item.result or {})["warnings"]
    ]
    context = ReflowContext(
        title=results.study.title or f"Reflow of {results.package.title or results.package.name}",
        headline=headline(results),
        table=results.table,
        joint_folders=folders,
        package_rows=package_rows(results.package),
        model_rows=_model_rows(results),
        window=results.window,
        neck_windows=_neck_windows(results),
        warnings=warnings,
        left_out=_LEFT_OUT,
        sources=[Citation(*item) for item in sorted(used)],
        study_text=results.study_text,
        versions=versions(),
    )
    return write_reflow_report(results.folder, context)


def _drawn(outcome: ReflowJobOutcome) -> bool:
    """Whether the pictures of an earlier run are still there."""
    names = ["temperatures.png", "melting.png", *(["melting.gif"] if outcome.job.film else [])]
    return all((outcome.job.folder / name).is_file() for name in names)


def _draw(folders: list[Path]) -> None:
    """Draw; several joints in two processes, since drawing takes longer than the runs."""
    if len(folders) < _FEW:
        for folder in folders:
            render_reflow_pictures(folder)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context) as pool:
        for future in [pool.submit(render_reflow_pictures, folder) for folder in folders]:
            future.result()


def headline(results: ReflowResults) -> str:
    """Which joints are made well and which are not, in one to three sentences."""
    table = results.table
    well = [str(row["joint"]) for _, row in table.iterrows() if row["made_well"] is True]
    count = f"{len(well)} of {len(table)} joints"
    text = f"{count} are made well{': ' + ', '.join(well) if well else ''}."
    others = [
        str(row["joint"])
        for _, row in table.iterrows()
        if row["status"] == "ok" and row["made_well"] is not True
    ]
    if others:
        text += f" With faults: {', '.join(others)}."
    if results.failed:
        text += f" Not made at all: {', '.join(results.failed)}."
    if results.window is not None:
        text += f" {_window_words(results.window)}"
    return text


def _window_words(table: pd.DataFrame) -> str:
    good = table.assign(good=table["verdict"] == WELL)
    all_well = good.groupby(["peak_c", "time_above_liquidus_s"])["good"].all()
    points = [point for point, well in all_well.items() if well]
    if not points:
        parts = good.groupby("joint")["good"].sum()
        never = [str(name) for name, count in parts.items() if not count]
        return "Nowhere in the window are all joints made well" + (
            f"; never: {', '.join(never)}." if never else "."
        )
    return f"All joints are made well at {len(points)} of {len(all_well)} points of the window."


def _neck_windows(results: ReflowResults) -> dict[str, pd.DataFrame]:
    if results.window is None:
        return {}
    found = {}
    for joint in results.joints:
        if joint.neck is not None:
            rows = results.window[results.window["joint"] == joint.name]
            tolerance = results.study.part_of(joint).melted_tolerance
            found[joint.name] = neck_window(rows, joint.neck.melted_fraction, tolerance)
    return found


def _model_rows(results: ReflowResults) -> list[tuple[str, str]]:
    study = results.study
    cell = "axisymmetric, of the pitch cell's area" if study.cell == "axisymmetric" else "half cell"
    rows = [
        ("Cell", cell),
        ("Elements", "linear temperature with heat lumped at the nodes, enthalpy with melting"),
        ("Time integration", "second order, L-stable, steps by error estimate"),
        ("Mesh size", f"{study.mesh_size:g}"),
        ("Step tolerance", f"{study.tolerance:g} K"),
    ]
    for item in results.outcomes:
        if item.result is not None:
            part = item.job.part
            plates = [
                f"{words} of {plate.thickness:g} mm {plate.material}"
                for words, plate in (("carrier", part.carrier), ("alignment plate", part.plate))
                if plate is not None
            ]
            text = "; ".join([item.result["stage"], item.result["oven"], *plates])
            rows.append((f"Oven of {item.job.joint.name}", text))
    return rows
