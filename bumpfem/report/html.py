"""``report.html``: one self-contained page that says what was found, why, and from what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bumpfem.report import figures_study, sheets
from bumpfem.report.context import ReportContext
from bumpfem.report.files import JointFiles
from bumpfem.report.page import data_address, drawn, status_meaning, write_page
from bumpfem.report.pictures import PICTURES
from bumpfem.report.rows import key_figures, numerics, settling_rows, source_rows, table_rows
from bumpfem.report.style import joint_label, number


def write_report(study_folder: Path, context: ReportContext) -> Path:
    """Write ``report.html`` into the folder of a study.

    The page holds its pictures and styles, needs no network, and names no folder of the machine.
    A joint's pictures are taken from its folder as :func:`bumpfem.report.render_pictures` left
    them; a missing one is said to be missing.

    Args:
        study_folder: Where the page goes.
        context: What it says.

    Returns:
        Path of the page.

    Raises:
        OSError: The page cannot be written.
    """
    joints = {name: JointFiles.read(Path(path)) for name, path in context.joint_folders.items()}
    return write_page("report.html.j2", Path(study_folder), **_page(context, joints))


def _page(context: ReportContext, joints: Mapping[str, JointFiles]) -> dict[str, Any]:
    table = figures_study.by_life(context.table)
    critical = {str(row["joint"]): str(row["critical_layer"]) for _, row in table.iterrows()}
    order = [name for name in critical if name in joints]
    order += [name for name in joints if name not in critical]
    folders = {name: joints[name].folder for name in order}
    lives = {str(row["joint"]): number(row["life_cycles"]) for _, row in table.iterrows()}
    notes = {
        name: f"{lives[name]} cycles" for name in order if lives.get(name, "\u2013") != "\u2013"
    }
    ordered = {name: joints[name] for name in order}
    return {
        "context": context,
        "figures": key_figures(table),
        "rows": table_rows(table),
        "failed": [row for row in table_rows(table) if row.failed],
        "ranking": _chart(lambda: figures_study.ranking_chart(context.table), ".svg"),
        "sections": _chart(lambda: sheets.section_sheet(folders, notes), ".png"),
        "energy": _chart(lambda: sheets.energy_sheet(folders, notes), ".png"),
        "loops": _chart(lambda: figures_study.loop_chart(ordered), ".svg"),
        "settling": _chart(lambda: figures_study.settling_chart(ordered, critical), ".svg"),
        "settling_rows": settling_rows(ordered, critical),
        "joints": [_joint(ordered[name], name, context) for name in order],
        "why": {joint_label(name): text for name, text in context.why.items()},
        "sources": source_rows(context.sources),
        "status_meaning": status_meaning(context.sources),
    }


def _joint(files: JointFiles, name: str, context: ReportContext) -> dict[str, Any]:
    rows = context.table[context.table["joint"] == name]
    warnings = [str(text) for text in files.summary.get("warnings", ())]
    return {
        "name": joint_label(name),
        "anchor": f"joint-{name}",
        "numerics": numerics(rows),
        "pictures": [
            {"title": title, "data": _embedded(files.folder / picture)}
            for picture, title in PICTURES.items()
        ],
        "warnings": [text for text in warnings if text not in context.warnings],
    }


def _embedded(path: Path) -> str | None:
    """Content of a picture as a ``data:`` address; None where it is missing."""
    if not path.is_file():
        return None
    return data_address(path.read_bytes(), path.suffix)


def _chart(draw: Callable[[], bytes | None], suffix: str) -> str | None:
    """A chart as a ``data:`` address; None where there is none."""
    content = drawn(draw)
    return None if content is None else data_address(content, suffix)
