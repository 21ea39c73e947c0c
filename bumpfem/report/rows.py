"""Table rows of the report: numbers made into text, flags made visible."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from bumpfem.materials import bibliography
from bumpfem.report.figures_study import critical_words
from bumpfem.report.files import VOLUMES, JointFiles
from bumpfem.report.style import joint_label, number

_REFERENCE = "plain"


@dataclass(frozen=True)
class TableRow:
    """One joint in the table of results; every value is text with its bars.

    Args:
        joint: Name in plain words.
        rank: Rank, or a dash where none is claimed.
        life: Life in cycles.
        life_range: Bars of the life.
        ratio: Life as a multiple of the plain joint's.
        ratio_range: Bars of the ratio.
        energy: Energy density per cycle with its error in mJ/mm3.
        strain: Inelastic strain range in percent.
        layer: Averaging volume that decides.
        standoff: Stand-off in mm.
        shape_effect: Change of life by the weight that shapes the joint, in percent.
        yield_margin: Stress margin of a metal bump against yield, empty without one.
        settled: Whether the loop has settled, None where it is unknown.
        mismatch: What does not fit the calibration of the fatigue law, empty where all fits.
        failed: Whether the joint has no result.
        reason: Why it failed.
    """

    joint: str
    rank: str
    life: str
    life_range: str
    ratio: str
    ratio_range: str
    energy: str
    strain: str
    layer: str
    standoff: str
    shape_effect: str
    yield_margin: str
    settled: bool | None
    mismatch: str
    failed: bool
    reason: str


@dataclass(frozen=True)
class SourceRow:
    """One source with the status of what was read from it and what that was."""

    text: str
    statuses: tuple[str, ...]
    uses: tuple[str, ...]


def table_rows(table: pd.DataFrame) -> list[TableRow]:
    """Rows of ``table.csv`` as text, in the order given."""
    return [_table_row(row) for _, row in table.iterrows()]


def _table_row(row: pd.Series) -> TableRow:
    failed = str(row["status"]).lower() == "failed" or not math.isfinite(row["life_cycles"])
    error = number(row["delta_w_error_mpa"], 2)
    energy = number(row["delta_w_mpa"])
    return TableRow(
        joint=joint_label(str(row["joint"])),
        rank=_rank(row["rank"]),
        life=number(row["life_cycles"]),
        life_range=_range(row["life_low"], row["life_high"]),
        ratio=number(row["life_ratio"]),
        ratio_range="reference"
        if row["joint"] == _REFERENCE
        else _range(row["life_ratio_low"], row["life_ratio_high"]),
        energy=energy if error == "\u2013" else f"{energy} \u00b1 {error}",
        strain=number(100.0 * row["inelastic_strain_range"]),
        layer=critical_words(_text(row["critical_layer"])),
        standoff=number(row["standoff_mm"]),
        shape_effect="\u2013"
        if _missing(row["life_shape_effect"])
        else f"{100.0 * row['life_shape_effect']:+.1f}\u202f%",
        yield_margin="" if _missing(row["yield_margin"]) else number(row["yield_margin"]),
        settled=None if _missing(row["settled"]) else _true(row["settled"]),
        mismatch=_flag(row["mismatch"]),
        failed=failed,
        reason=_text(row["reason"]),
    )


def key_figures(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    """The few numbers at the head of the report: caption, value and what belongs to it.

    Args:
        table: Rows of ``table.csv``, longest life first.
    """
    lived = table[table["life_cycles"].notna()]
    figures: list[tuple[str, str, str]] = []
    if not lived.empty:
        first = lived.iloc[0]
        bars = _range(first["life_low"], first["life_high"])
        figures.append(
            (
                "longest computed life",
                joint_label(str(first["joint"])),
                f"{number(first['life_cycles'])} cycles" + (f" ({bars})" if bars else ""),
            )
        )
        if first["joint"] != _REFERENCE and not _missing(first["life_ratio"]):
            bars = _range(first["life_ratio_low"], first["life_ratio_high"])
            against = f"the plain joint's life ({bars})" if bars else "the plain joint's life"
            figures.append(("gain over plain", f"{number(first['life_ratio'])}\u00d7", against))
        alone = (lived["rank"].map(_rank) == "1").sum() == 1 and _rank(first["rank"]) == "1"
        figures.append(
            ("is the lead certain?", "yes", "it outlives every other beyond error")
            if alone
            else ("is the lead certain?", "no", "within error: no first place is claimed")
        )
    failed = len(table) - len(lived)
    flagged = int((table["mismatch"].map(_flag) != "").sum())
    computed = f"{len(lived)} of {len(table)}"
    detail = f"{failed} failed" if failed else "none failed"
    if flagged:
        detail += f"; {flagged} not covered by the fatigue law's calibration"
    figures.append(("joints computed", computed, detail))
    return figures


def settling_rows(
    joints: Mapping[str, JointFiles], critical: Mapping[str, str]
) -> list[dict[str, str | bool]]:
    """Per joint and volume: energy density of the last cycle and its change in percent."""
    rows: list[dict[str, str | bool]] = []
    for name, files in joints.items():
        for volume, words in VOLUMES.items():
            if files.cycles.empty or not (files.cycles["volume"] == volume).any():
                continue
            last = files.cycles[files.cycles["volume"] == volume].sort_values("cycle").iloc[-1]
            change = float(last["change"])
            rows.append(
                {
                    "joint": joint_label(name),
                    "volume": words,
                    "critical": critical.get(name) == volume,
                    "cycle": str(int(last["cycle"])),
                    "energy": number(float(last["delta_w_mpa"])),
                    "change": _percent(change),
                    "settled": _true(last["settled"]),
                }
            )
    return rows


def source_rows(sources: Sequence[tuple[str, str, str]]) -> list[SourceRow]:
    """Sources with their bibliography text, one row per key, sorted by key."""
    rows = []
    for key in sorted({key for key, _, _ in sources}):
        mine = [(status, what) for other, status, what in sources if other == key]
        rows.append(
            SourceRow(
                bibliography([key])[0],
                tuple(sorted({status for status, _ in mine})),
                tuple(sorted({what for _, what in mine})),
            )
        )
    return rows


def numerics(rows: pd.DataFrame) -> str:
    """Size and cost of a joint's computation in one line; empty where nothing is known.

    Args:
        rows: The joint's row of ``table.csv``, or no row.
    """
    if rows.empty or _missing(rows["unknowns"].iloc[0]):
        return ""
    words = f"{int(rows['unknowns'].iloc[0]):,} unknowns"
    seconds = rows["wall_s"].iloc[0]
    return words if _missing(seconds) else f"{words}, computed in {seconds:,.0f} s"


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _text(value: object) -> str:
    return "" if _missing(value) else str(value)


def _true(value: object) -> bool:
    return str(value).strip().lower() in {"true", "1", "1.0", "yes"}


def _flag(value: object) -> str:
    """Text of a mismatch: empty for none, plain words for a bare yes."""
    text = _text(value).strip()
    if text.lower() in {"", "false", "0", "0.0", "no", "none", "-"}:
        return ""
    return "fatigue law used outside its calibration" if _true(text) else text


def _rank(value: object) -> str:
    text = _text(value).strip()
    return text.removesuffix(".0") or "\u2013"


def _percent(change: float) -> str:
    """A signed relative change in percent to a tenth, without a sign on zero."""
    if not math.isfinite(change):
        return "\u2013"
    tenth = round(100.0 * change, 1)
    return f"{tenth:+.1f} %".replace("-", "\u2212") if tenth else "0.0 %"


def _range(low: float, high: float) -> str:
    if _missing(low) or _missing(high):
        return ""
    return f"{number(float(low))} to {number(float(high))}"
