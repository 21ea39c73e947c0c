"""``bumpfem materials list | show NAME | curve NAME``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import fields

from cyclopts import App
from rich.table import Table

from bumpfem.cli.console import table_console
from bumpfem.constitutive.material_point import tensile_curve
from bumpfem.materials import (
    describe_material,
    law_set_names,
    list_materials,
    load_law_set,
    load_material,
)
from bumpfem.materials.listing import ResinPartRow
from bumpfem.process.region_materials import RegionMaterial, Window, region_law

materials = App(name="materials", help="The material library.")


@materials.command(name="list")
def list_() -> int:
    """List all materials with their parameter sets and how they cure."""
    table = Table("name", "kind", "elasticity", "title", "parameter sets (default first)", "cure")
    for row in list_materials():
        laws = sorted(row.laws, key=lambda name: name != row.default_law)
        cure = f"{row.cure_law}: {row.cure_status} ({row.cure_source})" if row.cure_law else ""
        table.add_row(row.name, row.kind, row.elastic, row.title, "\n".join(laws), cure)
    table_console().print(table)
    return 0


@materials.command
def show(name: str, /) -> int:
    """Show every number of a material with its source, range and status.

    Parameters
    ----------
    name:
        Material, or path of a material file.
    """
    found = describe_material(name)
    console = table_console()
    console.print(f"{found.name}: {found.title} ({found.kind})", style="bold", markup=False)
    if found.note:
        console.print(found.note, markup=False)
    table = Table("property", "value", "unit", "at C", "range C", "source", "status", "confidence")
    for row in found.properties:
        table.add_row(
            row.name, row.value, row.unit, row.temperature, row.range,
            row.source, row.status, row.confidence,
        )  # fmt: skip
    console.print(table)
    for law in found.law_sets:
        default = " (default)" if law.is_default else ""
        console.print(f"\n{law.name}{default}: {law.law}, {law.alloy}", style="bold", markup=False)
        for parameter, value, unit in law.parameters:
            console.print(f"  {parameter:16s} {value} {unit}", markup=False, highlight=False)
        for field in fields(law):
            text = getattr(law, field.name)
            if field.name in _SHOWN and text:
                shown = "; ".join(text) if isinstance(text, tuple) else text
                console.print(f"  {field.name.replace('_', ' ')}: {shown}", markup=False)
    if found.resin_parts:
        console.print(_resin_table(found.resin_parts))
    return 0


def _resin_table(parts: Sequence[ResinPartRow]) -> Table:
    table = Table(
        "part", "values", "range C", "source", "status", "confidence", "note and conflicts"
    )
    for part in parts:
        law = f" ({part.law})" if part.law else ""
        values = "\n".join(
            f"{name} {value}{'' if unit == '1' else ' ' + unit}"
            for name, value, unit in part.parameters
        )
        table.add_row(
            f"{part.group}: {part.name.replace('_', ' ')}{law}", values, part.range, part.source,
            part.status, part.confidence, "; ".join(filter(None, (part.note, *part.conflicts))),
        )  # fmt: skip
    return table


_SHOWN = (
    "range", "calibration_range", "source", "transcribed_from", "status", "confidence",
    "proxy_for", "conflicts", "note",
)  # fmt: skip


@materials.command
def curve(
    name: str, /, *, rate: float, temperature: float, strain: float, points: int = 101
) -> int:
    """Print the tensile curve of a solder as CSV: strain,stress_mpa.

    Parameters
    ----------
    name:
        Parameter set, or material (its default set).
    rate:
        Strain rate, 1/s.
    temperature:
        Degrees C.
    strain:
        Last strain.
    points:
        Number of points.
    """
    if name in law_set_names():
        material, law_set = load_law_set(name).material, name
    else:
        material, law_set = name, load_material(name).law_set().name
    window = Window(temperature, temperature, temperature)
    law = region_law(RegionMaterial("solder", material, law_set), window).law
    result = tensile_curve(law, rate, temperature, strain, points)
    sys.stdout.write("strain,stress_mpa\n")
    for value, stress in zip(result.strain, result.stress, strict=True):
        sys.stdout.write(f"{value:.8g},{stress:.8g}\n")
    return 0
