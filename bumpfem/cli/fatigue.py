"""``bumpfem fatigue list``."""

from __future__ import annotations

from cyclopts import App
from rich.table import Table

from bumpfem.cli.console import table_console
from bumpfem.fatigue import LIFE_DEFINITIONS, fatigue_law_names, load_fatigue_law

fatigue = App(name="fatigue", help="The library of fatigue laws.")


@fatigue.command(name="list")
def list_() -> int:
    """List all fatigue laws with what they were calibrated with."""
    table = Table("name", "alloys", "constitutive laws", "volume", "life means", "status")
    for name in fatigue_law_names():
        known = load_fatigue_law(name).calibration
        table.add_row(
            name,
            ", ".join(known.alloys),
            ", ".join(known.constitutive_laws or ()) or "not stated",
            str(known.averaging_volume or "not stated"),
            LIFE_DEFINITIONS[known.life_definition],
            known.status,
        )
    table_console().print(table)
    return 0
