"""``report.html``: one self-contained page that says what was found, why, and from what."""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bumpfem.errors import BumpfemError
from bumpfem.materials.provenance import STATUS_MEANING
from bumpfem.report import figures_study, sheets
from bumpfem.report.context import ReportContext
from bumpfem.report.files import JointFiles
from bumpfem.report.pictures import PICTURES
from bumpfem.report.rows import key_figures, numerics, settling_rows, source_rows, table_rows
from bumpfem.report.style import joint_label, number

logger = logging.getLogger(__name__)

_MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


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
    page = _environment().get_template("report.html.j2").render(**_page(context, joints))
    path = Path(study_folder) / "report.html"
    partial = path.with_suffix(".html.part")
    partial.write_text(page, encoding="utf-8")
    os.replace(partial, path)
    return path


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bumpfem.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


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
        "ranking": _drawn(lambda: figures_study.ranking_chart(context.table), ".svg"),
        "sections": _drawn(lambda: sheets.section_sheet(folders, notes), ".png"),
        "energy": _drawn(lambda: sheets.energy_sheet(folders, notes), ".png"),
        "loops": _drawn(lambda: figures_study.loop_chart(ordered), ".svg"),
        "settling": _drawn(lambda: figures_study.settling_chart(ordered, critical), ".svg"),
        "settling_rows": settling_rows(ordered, critical),
        "joints": [_joint(ordered[name], name, context) for name in order],
        "why": {joint_label(name): text for name, text in context.why.items()},
        "sources": source_rows(context.sources),
        "status_meaning": {
            status: meaning
            for status, meaning in STATUS_MEANING.items()
            if any(status == used for _, used, _ in context.sources)
        },
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
    return _data(path.read_bytes(), path.suffix)


def _data(content: bytes, suffix: str) -> str:
    return f"data:{_MEDIA_TYPES[suffix]};base64,{base64.b64encode(content).decode('ascii')}"


def _drawn(draw: Callable[[], bytes | None], suffix: str) -> str | None:
    """A chart as a ``data:`` address; None, with a logged warning, where it cannot be drawn."""
    try:
        content = draw()
    except (OSError, BumpfemError, KeyError, ValueError) as problem:
        logger.warning("a chart of the report could not be drawn: %s", problem)
        return None
    return None if content is None else _data(content, suffix)
