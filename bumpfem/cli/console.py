"""The terminal that tables are printed to."""

from __future__ import annotations

import sys

from rich.console import Console


def table_console() -> Console:
    """A terminal; into a file or pipe, wide enough for tables."""
    return Console(width=None if sys.stdout.isatty() else 160)
