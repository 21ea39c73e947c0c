"""Pictures and report of a comparison: what the report room is told."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bumpfem.comparison import JointLife
from bumpfem.design import Package
from bumpfem.errors import InputError
from bumpfem.fatigue import (
    LIFE_DEFINITIONS,
    CycleConditions,
    FatigueLaw,
    Weibull,
    load_acceleration_model,
)
from bumpfem.materials import Citation
from bumpfem.process.cell_loading import LEFT_OUT
from bumpfem.report import ReportContext, render_pictures, write_report
from bumpfem.report.pictures import shared_limit
from bumpfem.study.plan import Plan

if TYPE_CHECKING:
    from bumpfem.study.comparison import Comparison

_MODEL_LEFT_OUT = (
    "Outlines of joints come from volume and wetted diameters without gravity or load.",
    "Intermetallic layers, grains, voids, ageing and cracks: solder is one homogeneous material.",
    "The history of making: the joint is stress-free at one stated temperature.",
    "Plasticity of metal: pads and metal bumps are elastic, so is a metal core unless the joint "
    "names a law. The yield margin compares the elastic peak, edges included, with first yield.",
    "Contact: a free wall of a mask never touches the solder; bonded faces never open.",
)
_PACKAGES = ("dolfinx-solver-real", "gmsh", "numpy", "numba", "scipy", "pyvista")


def write_pages(comparison: Comparison, folder: Path) -> Path:
    """Draw the pictures of all joints and write ``report.html`` into ``folder``.

    Raises:
        InputError: if the comparison was not computed by :func:`bumpfem.compare`.
    """
    plan = comparison.plan
    if plan is None:
        raise InputError("comparison", "lives only", "a comparison made by bumpfem.compare")
    results = comparison.results()
    folders = {name: comparison.folder / name for name in results}
    _draw(list(folders.values()))
    used = {tuple(item) for result in results.values() for item in result["sources"]}
    used |= set(comparison.fatigue_sources)
    used |= {item for start in plan.starts.values() for item in start.citations}
    context = ReportContext(
        title=comparison.title,
        headline=headline(comparison),
        table=comparison.table,
        joint_folders=folders,
        package_rows=package_rows(plan.package),
        cycle_rows=_cycle_rows(plan),
        fatigue_rows=_fatigue_rows(comparison),
        model_rows=_model_rows(plan, results),
        why=comparison.why,
        warnings=_warnings(comparison),
        left_out=(*LEFT_OUT, *_MODEL_LEFT_OUT),
        sources=[Citation(*item) for item in sorted(used)],
        study_text=comparison.study_text,
        versions=versions(),
    )
    return write_report(folder, context)


def _draw(folders: list[Path]) -> None:
    """Draw in two processes: drawing takes as long as a small run."""
    limit = shared_limit(folders)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(2, len(folders)) or 1, context) as pool:
        for future in [pool.submit(render_pictures, folder, limit=limit) for folder in folders]:
            future.result()


def headline(comparison: Comparison) -> str:
    """Which joint lives longest, by how much and how sure, in one to three sentences."""
    rows = [row for row in comparison if row.life is not None]
    if not rows:
        return "No joint has a life: see the reasons in the table."
    best = max(rows, key=lambda row: row.life.value if row.life else 0.0)
    below: list[str] = []
    open_: list[str] = []
    for row in rows:
        if row is not best and row.life is not None and best.life is not None:
            (below if comparison.outlives(best.joint, row.joint) else open_).append(row.joint)
    text = f"{best.joint} has the longest computed life{_life_words(best)}"
    if below:
        text += f", longer than {_and(below)}"
    text += f"; not separated from {_and(open_)}." if open_ else "."
    ratio = comparison.ratio(best.joint)
    if ratio is not None and best.joint != comparison.baseline:
        text += (
            f" It is {ratio.value:.2g} times that of {comparison.baseline} "
            f"(between {ratio.low:.2g} and {ratio.high:.2g})."
        )
    if comparison.failed:
        text += f" Failed: {', '.join(comparison.failed)}."
    return text


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _life_words(row: JointLife) -> str:
    if row.life is None or math.isinf(row.life.value):
        return ""
    return f": {row.life.value:,.0f} cycles (between {row.life.low:,.0f} and {row.life.high:,.0f})"


def package_rows(package: Package) -> list[tuple[str, str]]:
    """Name and value of what describes a package, for a report."""
    rows = [
        ("Package", package.title or package.name),
        ("Pitch", f"{package.pitch:g} mm"),
        ("Ball before reflow", f"{package.ball_diameter:g} mm, {package.solder}"),
        ("Interposer", f"{package.interposer.thickness:g} mm {package.interposer.material}"),
        ("Board", f"{package.board.thickness:g} mm {package.board.material}"),
        ("Critical joint", f"column and row {package.critical_site}"),
        ("Distance from neutral point", f"{package.distance_from_neutral_point:.3f} mm"),
    ]
    for side in ("interposer", "board"):
        pad = getattr(package, f"{side}_pad")
        rows.append(
            (
                f"Pad on the {side}",
                f"{pad.diameter:g} mm {pad.material}, {pad.definition}, "
                f"wetted on {pad.wetted_diameter:g} mm",
            )
        )
    if package.die is not None:
        rows.append(("Die", f"{package.die.width:g} x {package.die.length:g} mm"))
    return rows


def _cycle_rows(plan: Plan) -> list[tuple[str, str]]:
    cycle = plan.cycle
    return [
        ("Cycle", cycle.name),
        ("Temperatures", f"{cycle.minimum:g} to {cycle.maximum:g} C"),
        ("Dwells", f"cold {cycle.cold_dwell / 60:g} min, hot {cycle.hot_dwell / 60:g} min"),
        ("Ramps", f"up {cycle.heating_rate:g}, down {cycle.cooling_rate:g} C/min"),
        ("Period", f"{cycle.period / 60:g} min"),
        ("Cycles computed", str(plan.cycles)),
    ]


def _fatigue_rows(comparison: Comparison) -> list[tuple[str, str]]:
    law = comparison.law
    calibration = law.calibration
    rows = [
        ("Law", f"{law.title} ({law.name})"),
        ("Life means", LIFE_DEFINITIONS[calibration.life_definition]),
        ("Calibrated with alloys", ", ".join(calibration.alloys)),
        ("Calibrated with laws", ", ".join(calibration.constitutive_laws or ("not stated",))),
        ("Averaging volume", str(calibration.averaging_volume or "not stated")),
        ("Constants", f"{calibration.status}, confidence {calibration.confidence}"),
    ]
    rows += [("Note", note) for note in (*calibration.conflicts, *calibration.notes)]
    if comparison.weibull_shape is not None:
        rows += _weibull_rows(comparison, comparison.weibull_shape)
    if comparison.field_conditions is not None:
        rows += _acceleration_rows(comparison)
    return rows


def _weibull_rows(comparison: Comparison, shape: float) -> list[tuple[str, str]]:
    rows = [("Weibull shape", f"{shape:g} (stated by the study)")]
    for row in comparison:
        if row.estimate is None or not math.isfinite(row.estimate.cycles):
            continue
        spread = Weibull.from_estimate(row.estimate, shape, read_as=life_reading(comparison.law))
        rows.append(
            (
                f"{row.joint}: 1 % and 63.2 % failed",
                f"{spread.percentile(0.01):,.0f} and {spread.percentile(0.632):,.0f} cycles",
            )
        )
    return rows


def life_reading(law: FatigueLaw) -> Literal["characteristic"] | None:
    """Crack growth and load drop are read as the characteristic life, which the report says."""
    known = ("mean", "median", "characteristic")
    return None if law.calibration.life_definition in known else "characteristic"


def _acceleration_rows(comparison: Comparison) -> list[tuple[str, str]]:
    use, plan = comparison.field_conditions, comparison.plan
    if use is None or plan is None:
        return []
    cycle = plan.cycle
    factor = load_acceleration_model(use.law).acceleration(
        CycleConditions(
            minimum_c=cycle.minimum,
            maximum_c=cycle.maximum,
            cycles_per_day=86400.0 / cycle.period,
            hot_dwell_minutes=cycle.hot_dwell / 60.0 or None,
        ),
        CycleConditions(
            minimum_c=use.minimum,
            maximum_c=use.maximum,
            cycles_per_day=use.cycles_per_day,
            hot_dwell_minutes=720.0 / use.cycles_per_day,
        ),
        alloy=plan.package.solder,
    )
    rows = [
        (
            "Acceleration (Norris-Landzberg)",
            f"one test cycle stands for {factor.factor:.3g} cycles between {use.minimum:g} and "
            f"{use.maximum:g} C, {use.cycles_per_day:g} a day, half of each spent hot ({use.law})",
        )
    ]
    return rows + [("Acceleration: mismatch", item.sentence) for item in factor.mismatches]


def _model_rows(plan: Plan, results: Mapping[str, dict[str, Any]]) -> list[tuple[str, str]]:
    package, accuracy = plan.package, plan.accuracy
    stack = "held flat" if package.interposer_loading == "flat" else "free to bend"
    top = "free" if package.top == "free" else "kept plane and parallel"
    rows = [
        ("Cell", "half of one pitch, symmetry through the direction of the neutral point"),
        ("Loading", "outer faces of the slabs follow their free expansion"),
        ("Interposer stack", f"layered plate of interposer, die and mould, {stack}"),
        ("Top of the interposer", top),
        ("Stress-free temperature", plan.stress_free_words),
        ("Averaging layers", f"{plan.layer_thickness * 1000:g} um of solder at each pad"),
        ("Elements", "second-order tetrahedra, mean volumetric strain in solder (B-bar)"),
        ("Time integration", "second-order backward differences, steps by error estimate"),
        ("Mesh sizes", ", ".join(f"{size:g}" for size in accuracy.mesh_sizes)),
        ("Step tolerances", ", ".join(f"{tolerance:g}" for tolerance in accuracy.tolerances)),
    ]
    for result in list(results.values())[:1]:
        gaps = ", ".join(f"{gap * 1e4:.2f}e-4 at {t} C" for t, gap in result["mismatch"].items())
        rows.append(("Free mismatch of interposer and board", gaps))
    return rows


def _warnings(comparison: Comparison) -> list[str]:
    """Remarks and mismatches; the joints' own warnings stand in their ``result.json``."""
    warnings = [f"{row.joint}: {text}" for row in comparison for text in row.remarks]
    warnings += [f"{name} failed: {comparison[name].reason}" for name in comparison.failed]
    return warnings + list(dict.fromkeys(item.sentence for item in comparison.mismatches))


def versions() -> dict[str, str]:
    """Versions of bumpfem and of the packages that decide numbers."""
    found = {"bumpfem": version("bumpfem")}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
