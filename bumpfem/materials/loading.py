"""Loading of materials and parameter sets: the shipped library, or a user's own file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bumpfem.errors import MaterialError
from bumpfem.materials.bibliography import reference_keys
from bumpfem.materials.lawset import LawSet
from bumpfem.materials.material import Material
from bumpfem.materials.quantities import close_names

#: Parts of a material file that hold one table per entry.
_SECTIONS = ("properties", "law_sets", "cure", "curing_mechanics")


def _folder() -> Traversable:
    return files("bumpfem.materials").joinpath("library")


def material_names() -> list[str]:
    """Names of the materials that bumpfem ships, sorted."""
    names = (entry.name for entry in _folder().iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def load_material(name: str | Path) -> Material:
    """A material of the library by name, or of a user's own TOML file by path.

    A text that ends in ``.toml`` or holds a path separator is a path. A user's file has the
    same form as the library's and is checked in the same way, except that its sources need not
    be in the library's bibliography.

    Raises:
        MaterialError: The material is unknown, or its file cannot be read or is not valid.
    """
    if isinstance(name, Path) or name.endswith(".toml") or "/" in name:
        return _load_own(Path(name))
    return _load_shipped(name)


def _shipped_text(name: str) -> str:
    known = material_names()
    if name not in known:
        raise MaterialError(f"unknown material {name!r}: {close_names(name, known)}")
    return _folder().joinpath(f"{name}.toml").read_text(encoding="utf-8")


@cache
def _load_shipped(name: str) -> Material:
    material = _parse(_shipped_text(name), name, f"library file {name}.toml")
    known_keys = reference_keys()
    for owned in material.entries:
        for key in owned.sources:
            if key not in known_keys:
                raise MaterialError(f"{name} {owned.name}: source {key} is not in references.bib")
    return material


def _load_own(path: Path) -> Material:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MaterialError(f"material file {path} cannot be read: {error}") from error
    return _parse(text, path.stem, f"material file {path}")


def _parse(text: str, name: str, where: str) -> Material:
    raw = _toml(text, where)
    given = raw.setdefault("name", name)
    if given != name:
        raise MaterialError(f"{where} calls its material {given!r}: it must be {name!r}")
    for section in _SECTIONS:
        for part, entry in list(_tables(raw, section, where).items()):
            raw[section][part] = {
                **_resolved(entry, section, where, ()),
                "name": part,
                "material": name,
            }
    try:
        return Material.model_validate(raw)
    except ValidationError as error:
        raise MaterialError(f"{where}: {_faults(error)}") from error


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MaterialError(f"{where} is not valid TOML: {error}") from error


def _tables(raw: dict[str, Any], section: str, where: str) -> dict[str, dict[str, Any]]:
    found = raw.get(section, {})
    if not isinstance(found, dict) or not all(isinstance(v, dict) for v in found.values()):
        raise MaterialError(f"{where}: {section} must hold tables")
    for part, entry in found.items():
        for field in ("name", "material"):
            if field in entry:
                raise MaterialError(f"{where}: {section}.{part} must not give {field}")
    return found


def _resolved(
    entry: dict[str, Any], section: str, where: str, seen: tuple[str, ...]
) -> dict[str, Any]:
    """An entry with what ``same_as = "material.entry"`` takes from a shipped material filled in.

    Fields beside ``same_as`` replace those of the entry that it points to.
    """
    if "same_as" not in entry:
        return entry
    target = str(entry["same_as"])
    material, _, part = target.partition(".")
    if target in seen:
        raise MaterialError(f"{where}: same_as goes round in a circle: {' -> '.join(seen)}")
    if material not in material_names():
        hint = close_names(material, material_names())
        raise MaterialError(f"{where}: same_as = {target!r}: no such material, {hint}")
    text = _shipped_text(material)
    pool = _tables(_toml(text, material), section, material)
    if part not in pool:
        raise MaterialError(f"{where}: same_as = {target!r}: {close_names(part, list(pool))}")
    own = {key: value for key, value in entry.items() if key != "same_as"}
    return {**_resolved(pool[part], section, where, (*seen, target)), **own}


def _faults(error: ValidationError) -> str:
    """Words for what pydantic found: dotted place, value and message of each fault."""
    faults = []
    for fault in error.errors():
        place = ".".join(str(part) for part in fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        given = fault["input"]
        shown = "" if isinstance(given, dict) else f" (given {given!r})"
        faults.append(f"{place}: {message}{shown}" if place else f"{message}{shown}")
    return "; ".join(faults)


@cache
def _law_set_homes() -> dict[str, str]:
    homes: dict[str, str] = {}
    for name in material_names():
        for law_set in _load_shipped(name).law_sets:
            if law_set in homes:
                raise MaterialError(f"{law_set} is in both {homes[law_set]} and {name}")
            homes[law_set] = name
    return homes


def law_set_names() -> list[str]:
    """Names of all parameter sets of the library, sorted."""
    return sorted(_law_set_homes())


def load_law_set(name: str) -> LawSet:
    """A parameter set of the library by its unique name, recorded as used.

    Raises:
        MaterialError: There is no such set.
    """
    homes = _law_set_homes()
    if name not in homes:
        raise MaterialError(f"unknown parameter set {name!r}: {close_names(name, list(homes))}")
    return _load_shipped(homes[name]).law_set(name)
