"""The table of a study of making: one row per joint, from cure to life."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bumpfem.comparison import JointLife
from bumpfem.design import Joint

#: Columns of ``table.csv``; the last part of a name is its unit.
COLUMNS: tuple[str, ...] = (
    "joint", "route", "status", "reason", "cure", "glass_transition_c", "race_verdict",
    "race_margin_s", "resin_von_mises_mean_mpa", "resin_von_mises_max_mpa",
    "solder_von_mises_mean_mpa", "bow_before_mounting_um", "largest_peel_mpa",
    "largest_shear_mpa", "shear_peak_n", "shear_strength_mpa", "shear_levelled", "standoff_mm",
    "critical_layer", "delta_w_mpa", "life_cycles", "life_low", "life_high",
    "delta_w_without_history_mpa", "life_without_history_cycles", "life_by_history", "rank",
    "settled", "unknowns", "steps", "wall_s",
)  # fmt: skip


def making_row(
    joint: Joint,
    result: Mapping[str, Any] | None,
    life: JointLife,
    without: JointLife | None,
    facts: Mapping[str, Any] | None = None,
    rank: int | None = None,
) -> dict[str, Any]:
    """One joint's row of ``table.csv``.

    A joint that failed has what its steps gave until then: cure, ball shear, and the race.

    Args:
        joint: Joint design.
        result: ``result.json`` of its reference run; None if it failed.
        life: Its life with the history of its making.
        without: Its life without; None where it was not computed.
        facts: What the error of a run that failed knows, see
            :func:`bumpfem.process.chain.run_chain`; None or empty if it knows nothing.
        rank: Rank of its life, shared by joints that are not separated; None without a life.
    """
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    route = "metal bump" if joint.bump is not None else "no resin"
    if joint.anchor is not None:
        route = joint.anchor.route
    row.update(joint=joint.name, route=route, status=life.status, reason=life.reason)
    known = (facts or {}) if result is None else result
    records = known.get("records", [])
    row.update(_cured(records), **_raced(records, known.get("race")), **_tested(records))
    if result is not None:
        row.update(_stressed(result))
        for name in ("standoff_mm", "unknowns", "steps", "wall_s"):
            row[name] = result.get(name)
    row.update(
        critical_layer=life.critical_layer,
        delta_w_mpa=_work(life),
        life_cycles=None if life.life is None else life.life.value,
        life_low=None if life.life is None else life.life.low,
        life_high=None if life.life is None else life.life.high,
        delta_w_without_history_mpa=_work(without),
        life_without_history_cycles=None
        if without is None or without.life is None
        else without.life.value,
        life_by_history=history_effect(life, without),
        rank=rank,
        settled=_settled(life, without),
    )
    return row


def history_effect(life: JointLife, without: JointLife | None) -> float | None:
    """Change of life by the history of making: life with it over life without it, minus 1.

    None where one of them is missing or has no end.
    """
    if without is None or life.life is None or without.life is None:
        return None
    first, second = life.life.value, without.life.value
    known = math.isfinite(first) and math.isfinite(second) and second > 0.0
    return first / second - 1.0 if known else None


def before_cycles(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """State of a joint when its cycles begin: the record of the step before them."""
    return _last_before(result, "cycles")


def before_mounting(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """State of a joint on its interposer: the last record before it is mounted."""
    return _last_before(result, "mount")


def _last_before(result: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    found = None
    for record in result["records"]:
        if record["kind"] == kind:
            break
        found = record
    return found


def _cured(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Cure of the hard resin after the last step; that of a liquid one says nothing."""
    cured = [
        record["cure"]
        for record in records
        if record["cure"] is not None and record["activity"].get("resin") != "liquid"
    ]
    return {
        "cure": cured[-1]["mean"] if cured else None,
        "glass_transition_c": cured[-1]["glass_transition_c"] if cured else None,
    }


def _raced(records: Sequence[Mapping[str, Any]], lost: Mapping[str, Any] | None) -> dict[str, Any]:
    """Race of solder and resin, of a finished step or of the one that failed."""
    race = next((record["verdict"] for record in records if record["verdict"]), lost) or {}
    return {"race_verdict": race.get("verdict"), "race_margin_s": race.get("margin")}


def _stressed(result: Mapping[str, Any]) -> dict[str, Any]:
    """Residual stress before the cycles, and bow before mounting."""
    start, loose = before_cycles(result), before_mounting(result)
    stress = {} if start is None else start["regions"]
    resin, solder = stress.get("resin", {}), stress.get("solder", {})
    loose_warpage = {} if loose is None else loose["warpage"] or {}
    return {
        "resin_von_mises_mean_mpa": resin.get("von_mises_mean"),
        "resin_von_mises_max_mpa": resin.get("von_mises_max"),
        "solder_von_mises_mean_mpa": solder.get("von_mises_mean"),
        "bow_before_mounting_um": loose_warpage.get("bow_over_package"),
        "largest_peel_mpa": _largest(start, "peel_max"),
        "largest_shear_mpa": _largest(start, "shear_max"),
    }


def _tested(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Peak force and strength of the last ball shear test."""
    tests = [record["shear_test"] for record in records if record["shear_test"]]
    if not tests:
        return {}
    return {
        "shear_peak_n": tests[-1].get("peak_force"),
        "shear_strength_mpa": tests[-1].get("strength"),
        "shear_levelled": tests[-1].get("levelled"),
    }


def _largest(record: Mapping[str, Any] | None, name: str) -> float | None:
    """Largest value of a traction over all interfaces of a record."""
    tractions = {} if record is None else record["interfaces"]
    values = [item[name] for item in tractions.values() if item.get(name) is not None]
    return max(values, default=None)


def _settled(life: JointLife, without: JointLife | None) -> bool | None:
    """Whether the loops of all runs that a row compares have settled; None where not known."""
    known = [
        item.settled for item in (life, without) if item is not None and item.settled is not None
    ]
    return all(known) if known else None


def _work(life: JointLife | None) -> float | None:
    return None if life is None or life.delta_w_mpa is None else life.delta_w_mpa.value
