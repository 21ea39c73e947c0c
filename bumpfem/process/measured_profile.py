"""A measured profile from a CSV file, checked line by line."""

from __future__ import annotations

import csv
import math
from itertools import pairwise
from pathlib import Path

import numpy as np

from bumpfem.design.loading import did_you_mean
from bumpfem.errors import InputError
from bumpfem.units import FloatArray

#: Columns that the file must have; others are left alone.
COLUMNS = ("time_s", "temperature_c")
#: Temperatures outside are a wrong unit or a broken thermocouple, degrees C.
_PLAUSIBLE = (-100.0, 3000.0)


def read_profile(path: Path, largest_gap: float) -> tuple[FloatArray, FloatArray]:
    """Times from 0, s, and temperatures, degrees C, of a CSV file.

    Lines that start with ``#`` and empty lines are skipped; the numbers in messages count all
    lines of the file.

    Args:
        path: The file.
        largest_gap: Longest time between two lines, s.

    Raises:
        InputError: The file is missing or no CSV with the two columns, a cell is empty or no
            number, times do not increase, or there is a gap; names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError("oven.measured", path, "a readable CSV file", reason=reason) from None
    rows = [
        (number, [cell.strip() for cell in next(csv.reader([line]))])
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not rows:
        raise InputError("oven.measured", path, "a header and two lines", reason="it is empty")
    places = _columns(rows[0], path)
    points = [
        (number, *(_number(cells, place, name, number, path) for name, place in places.items()))
        for number, cells in rows[1:]
    ]
    if len(points) < 2:
        raise InputError(
            "oven.measured", f"{len(points)} lines of numbers", "at least two", reason=f"in {path}"
        )
    for (first, start, _), (second, end, _) in pairwise(points):
        place = f"lines {first} and {second} of {path}"
        if end <= start:
            raise InputError(
                "oven.measured.time_s", end, f"more than {start:g} s", "s",
                f"times must increase; {place}",
            )  # fmt: skip
        if end - start > largest_gap:
            raise InputError(
                "oven.measured.time_s", end, f"at most {start + largest_gap:g} s", "s",
                f"gap of {end - start:g} s, longer than largest_gap = {largest_gap:g} s; {place}",
            )  # fmt: skip
    table = np.array([[time, temperature] for _, time, temperature in points])
    return table[:, 0] - table[0, 0], table[:, 1]


def _columns(header: tuple[int, list[str]], path: Path) -> dict[str, int]:
    number, names = header
    for name in COLUMNS:
        if names.count(name) != 1:
            hint = did_you_mean(name, names) if name not in names else "it stands there twice"
            raise InputError(
                "oven.measured", ",".join(names), f"a header with {' and '.join(COLUMNS)}",
                reason=f"no single column {name}; line {number} of {path}"
                + (f"; {hint}" if hint else ""),
            )  # fmt: skip
    return {name: names.index(name) for name in COLUMNS}


def _number(cells: list[str], place: int, name: str, line: int, path: Path) -> float:
    unit = "s" if name == "time_s" else "degC"
    where = f"line {line} of {path}"
    text = cells[place] if place < len(cells) else ""
    if not text:
        raise InputError(
            f"oven.measured.{name}", "nothing", "a number", reason=f"empty cell; {where}"
        )
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"oven.measured.{name}", repr(text), "a number", reason=where)
    if name == "temperature_c" and not _PLAUSIBLE[0] <= value <= _PLAUSIBLE[1]:
        raise InputError(
            f"oven.measured.{name}", value, f"{_PLAUSIBLE[0]:g} to {_PLAUSIBLE[1]:g}", unit, where
        )
    return value
