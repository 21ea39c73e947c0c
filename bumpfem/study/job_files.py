"""What a run is found again by: its result, its key's materials, whole files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from bumpfem.design.loading import MATERIAL_KEYS
from bumpfem.errors import MaterialError
from bumpfem.materials import load_material


def finished_result(folder: Path, key: str) -> dict[str, Any] | None:
    """The result that an earlier run with a key left in a folder; None without one."""
    try:
        result: dict[str, Any] = json.loads((folder / "result.json").read_text())
    except (OSError, ValueError):
        return None
    return result if result.get("key") == key and result["status"] == "ok" else None


def material_text(name: str) -> str:
    """Content of a material; of an unknown one nothing, the run will refuse it."""
    try:
        return load_material(name).model_dump_json()
    except MaterialError:
        return ""


def material_names_in(data: dict[str, Any]) -> set[str]:
    """Names of all materials in a part of a design, as plain data."""
    found = set()
    for name, value in data.items():
        if isinstance(value, dict):
            found |= material_names_in(value)
        elif name in MATERIAL_KEYS and isinstance(value, str):
            found.add(value)
    return found


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file that is whole or not there."""
    partial = path.with_suffix(".json.part")
    partial.write_text(json.dumps(content, indent=1))
    os.replace(partial, path)
