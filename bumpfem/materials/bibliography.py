"""The library's references: ``references.bib`` read and shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from bumpfem.errors import MaterialError
from bumpfem.materials.quantities import close_names

_ENTRY = re.compile(r"^@(\w+)\{([^,\s]+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\s*(\w+)\s*=\s*\{(.*?)\},?\s*$", re.MULTILINE)


@cache
def _entries() -> dict[str, dict[str, str]]:
    text = files("bumpfem.materials").joinpath("references.bib").read_text(encoding="utf-8")
    entries: dict[str, dict[str, str]] = {}
    for kind, key, body in _ENTRY.findall(text):
        if key in entries:
            raise MaterialError(f"references.bib holds {key} twice")
        entries[key] = {"type": kind.lower(), **dict(_FIELD.findall(body))}
    if len(entries) != text.count("\n@") + text.startswith("@"):
        raise MaterialError("references.bib holds an entry that cannot be read")
    return entries


def reference_keys() -> frozenset[str]:
    """Keys of all references."""
    return frozenset(_entries())


def reference(key: str) -> dict[str, str]:
    """Fields of one reference, with its ``type``.

    Raises:
        MaterialError: There is no such key.
    """
    entries = _entries()
    if key not in entries:
        raise MaterialError(f"unknown reference {key!r}: {close_names(key, list(entries))}")
    return dict(entries[key])


def bibliography(keys: Iterable[str]) -> list[str]:
    """References as lines of text, each key once, sorted by key.

    Args:
        keys: Bibliography keys.

    Returns:
        Lines ``[key] authors: title. where, year. doi``; what an entry lacks is left out. A key
        that is not in the library can only come from a user's own file, and the line says so.
    """
    entries = _entries()
    own = "source named in the user's own file"
    return [
        f"[{key}] {_line(entries[key]) if key in entries else own}" for key in sorted(set(keys))
    ]


def _line(fields: dict[str, str]) -> str:
    who = fields.get("author") or fields.get("organization") or fields.get("institution", "")
    venues = ["journal", "booktitle", "school", "publisher"]
    venues += ["institution"] if "author" in fields else []
    venue = next((fields[name] for name in venues if name in fields), "")
    if "volume" in fields:
        venue += f" {fields['volume']}"
    if "pages" in fields:
        venue += f", {fields['pages'].replace('--', '-')}"
    head = ": ".join(part for part in (who.replace(" and ", ", "), fields.get("title", "")) if part)
    tail = ", ".join(part for part in (venue, fields.get("year", "")) if part)
    parts = [part for part in (head, tail) if part]
    if "doi" in fields:
        parts.append(f"doi:{fields['doi']}")
    if "note" in fields:
        parts.append(fields["note"])
    return ". ".join(part.rstrip(".") for part in parts) + "."
