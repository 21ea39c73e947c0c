"""What every report page needs: its template, its pictures as text, and a file that is whole."""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from bumpfem.errors import BumpfemError
from bumpfem.materials.provenance import STATUS_MEANING

logger = logging.getLogger(__name__)

_MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".gif": "image/gif"}


def write_page(template: str, folder: Path, **content: object) -> Path:
    """Write ``report.html`` into a folder; it is whole or not there.

    Args:
        template: Name of the page's template.
        folder: Where it goes.
        content: What the template asks for.

    Raises:
        OSError: The page cannot be written.
    """
    environment = Environment(
        loader=PackageLoader("bumpfem.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    path = folder / "report.html"
    partial = path.with_suffix(".html.part")
    partial.write_text(environment.get_template(template).render(**content), encoding="utf-8")
    os.replace(partial, path)
    return path


def data_address(content: bytes, suffix: str) -> str:
    """Content of a picture as a ``data:`` address."""
    return f"data:{_MEDIA_TYPES[suffix]};base64,{base64.b64encode(content).decode('ascii')}"


def drawn[Chart: bytes | None](draw: Callable[[], Chart]) -> Chart | None:
    """A chart; None, with a logged warning, where it cannot be drawn."""
    try:
        return draw()
    except (OSError, BumpfemError, KeyError, ValueError) as problem:
        logger.warning("a chart of the report could not be drawn: %s", problem)
        return None


def status_meaning(sources: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """What the statuses mean that the sources (key, status, use) have."""
    used = {status for _, status, _ in sources}
    return {status: meaning for status, meaning in STATUS_MEANING.items() if status in used}
