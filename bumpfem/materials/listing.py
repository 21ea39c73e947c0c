"""Rows for people: what the library holds and what one material is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bumpfem.materials.cure_set import CurePart
from bumpfem.materials.curing_mechanics import MechanicsPart
from bumpfem.materials.lawset import LAW_PARAMETERS, LawSet
from bumpfem.materials.loading import load_material, material_names
from bumpfem.materials.property import Property


@dataclass(frozen=True)
class MaterialRow:
    """One line of ``bumpfem materials list``."""

    name: str
    kind: str
    title: str
    elastic: str
    laws: tuple[str, ...]
    default_law: str
    cure_law: str
    cure_status: str
    cure_source: str


@dataclass(frozen=True)
class PropertyRow:
    """One property of ``bumpfem materials show``; texts ready for a table."""

    name: str
    value: str
    unit: str
    temperature: str
    range: str
    printed: str
    source: str
    transcribed_from: str
    status: str
    confidence: str
    conflicts: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class LawSetRow:
    """One parameter set of ``bumpfem materials show``; texts ready for a table."""

    name: str
    law: str
    alloy: str
    parameters: tuple[tuple[str, str, str], ...]
    range: str
    calibration_range: str
    source: str
    transcribed_from: str
    status: str
    confidence: str
    proxy_for: str
    conflicts: tuple[str, ...]
    note: str
    is_default: bool


@dataclass(frozen=True)
class ResinPartRow:
    """One part of how a resin cures, of ``bumpfem materials show``; texts ready for a table."""

    group: str
    name: str
    law: str
    parameters: tuple[tuple[str, str, str], ...]
    range: str
    source: str
    transcribed_from: str
    status: str
    confidence: str
    conflicts: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class MaterialDescription:
    """All that the library knows of one material."""

    name: str
    title: str
    kind: str
    note: str
    properties: tuple[PropertyRow, ...]
    law_sets: tuple[LawSetRow, ...]
    resin_parts: tuple[ResinPartRow, ...]


def list_materials() -> list[MaterialRow]:
    """One row per shipped material, sorted by kind and name."""
    rows = []
    for name in material_names():
        material = load_material(name)
        kinetics = material.cure.get("kinetics")
        rows.append(
            MaterialRow(
                name=name,
                kind=material.kind,
                title=material.title,
                elastic="orthotropic" if material.is_orthotropic else "isotropic",
                laws=tuple(material.law_sets),
                default_law=material.default_law or "",
                cure_law=(kinetics.law or "") if kinetics is not None else "",
                cure_status=kinetics.status if kinetics is not None else "",
                cure_source=", ".join(kinetics.sources) if kinetics is not None else "",
            )
        )
    return sorted(rows, key=lambda row: (row.kind, row.name))


def describe_material(name: str | Path) -> MaterialDescription:
    """Everything about one material, as texts in rows.

    Args:
        name: Name in the library or path of a material file.

    Raises:
        MaterialError: The material is unknown or its file is not valid.
    """
    material = load_material(name)
    return MaterialDescription(
        name=material.name,
        title=material.title,
        kind=material.kind,
        note=material.note,
        properties=tuple(_property_row(entry) for entry in material.properties.values()),
        law_sets=tuple(
            _law_set_row(entry, entry.name == material.default_law)
            for entry in material.law_sets.values()
        ),
        resin_parts=(
            *(_part_row("cure", part, part.law or "") for part in material.cure.values()),
            *(
                _part_row("curing mechanics", part, "")
                for part in material.curing_mechanics.values()
            ),
        ),
    )


def _numbers(values: tuple[float, ...]) -> str:
    return " ".join(f"{value:g}" for value in values)


def _span(limits: tuple[float, float] | None) -> str:
    return f"{limits[0]:g} to {limits[1]:g} C" if limits else ""


def _property_row(entry: Property) -> PropertyRow:
    printed = f"{_numbers(entry.printed_value)} {entry.printed_unit}" if entry.printed_value else ""
    kind = f"{entry.expansion_kind} " if entry.expansion_kind else ""
    return PropertyRow(
        name=entry.name,
        value=_numbers(entry.value),
        unit=entry.unit,
        temperature=_numbers(entry.temperature) if entry.temperature else "",
        range=f"{_span(entry.range)} ({entry.range_basis})",
        printed=printed,
        source=", ".join(entry.sources),
        transcribed_from=entry.transcribed_from,
        status=entry.status,
        confidence=entry.confidence,
        conflicts=entry.conflicts,
        note=f"{kind}{entry.note}".strip(),
    )


def _law_set_row(entry: LawSet, is_default: bool) -> LawSetRow:
    units = LAW_PARAMETERS[entry.law]
    shown = []
    for name, unit in units.items():
        value = entry.parameters[name]
        text = _numbers(value) if isinstance(value, tuple) else f"{value:.6g}"
        shown.append((name, text, unit))
    return LawSetRow(
        name=entry.name,
        law=entry.law,
        alloy=entry.alloy,
        parameters=tuple(shown),
        range=f"{_span(entry.range)} ({entry.range_basis})",
        calibration_range=_span(entry.calibration_range),
        source=", ".join(entry.sources),
        transcribed_from=entry.transcribed_from,
        status=entry.status,
        confidence=entry.confidence,
        proxy_for=entry.proxy_for,
        conflicts=entry.conflicts,
        note=entry.note,
        is_default=is_default,
    )


def _part_row(group: str, entry: CurePart | MechanicsPart, law: str) -> ResinPartRow:
    units = entry.units
    shown = []
    for name, value in entry.parameters.items():
        text = _numbers(value) if isinstance(value, tuple) else f"{value:.6g}"
        shown.append((name, text, units[name]))
    return ResinPartRow(
        group=group,
        name=entry.name,
        law=law,
        parameters=tuple(shown),
        range=f"{_span(entry.range)} ({entry.range_basis})",
        source=", ".join(entry.sources),
        transcribed_from=entry.transcribed_from,
        status=entry.status,
        confidence=entry.confidence,
        conflicts=entry.conflicts,
        note=entry.note,
    )
