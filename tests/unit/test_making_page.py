"""Table and page of studies of making, from made-up results."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bumpfem.comparison import JointLife
from bumpfem.comparison.ranking import Interval
from bumpfem.design import Package
from bumpfem.report.figures_making import history_chart, shear_chart, stress_chart
from bumpfem.report.figures_timeline import timeline_chart
from bumpfem.report.making import MakingContext, write_making_report
from bumpfem.study.making_pages import headline
from bumpfem.study.making_table import COLUMNS, history_effect, making_row
from tests.support.making import ROOT, made_result, study_text


def _life(name: str, cycles: float | None, settled: bool = True) -> JointLife:
    if cycles is None:
        return JointLife(joint=name, status="failed", reason="it broke down")
    return JointLife(joint=name, life=Interval(0.9 * cycles, cycles, 1.1 * cycles), settled=settled)


def _table(*, settled: bool = True) -> tuple[pd.DataFrame, dict[str, dict[str, Any]]]:
    package = Package.load(ROOT / "meshes" / "pbga_0p80.toml")
    results = {
        "plain": made_result("plain", resin=False),
        "anchored": made_result("anchored", resin=True, race="gels_early"),
    }
    rows = [
        making_row(
            package.joint("plain"), results["plain"], _life("plain", 1000.0), _life("plain", 1250.0)
        ),
        making_row(
            package.joint("anchored"),
            results["anchored"],
            _life("anchored", 3000.0, settled),
            _life("anchored", 1200.0),
        ),
        making_row(package.joint("cored"), None, _life("cored", None), None),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)), results


def test_rows_of_the_table() -> None:
    """By hand: 1000 over 1250 cycles is a fifth less; 3.25 N over 0.09 mm2 are 36.1 MPa; the
    resin's stress is that of the step before the cycles, the bow that before mounting."""
    table, _ = _table()
    plain, anchored, failed = table.to_dict("records")
    assert plain["life_by_history"] == pytest.approx(-0.2)
    assert anchored["life_by_history"] == pytest.approx(1.5)
    assert plain["route"] == "no resin"
    assert anchored["route"] == "spread"
    assert math.isnan(plain["cure"])
    assert anchored["cure"] == 0.95
    assert anchored["glass_transition_c"] == pytest.approx(114.0)
    assert (anchored["race_verdict"], anchored["race_margin_s"]) == ("gels_early", 12.5)
    assert anchored["resin_von_mises_mean_mpa"] == 12.0
    assert plain["solder_von_mises_mean_mpa"] == 14.0
    assert plain["bow_before_mounting_um"] == pytest.approx(1.5)
    assert (plain["largest_peel_mpa"], plain["largest_shear_mpa"]) == (9.5, 11.0)
    assert (plain["shear_peak_n"], plain["shear_strength_mpa"]) == (3.25, 36.1)
    assert (failed["status"], failed["reason"]) == ("failed", "it broke down")


def test_effect_of_history_needs_two_finite_lives() -> None:
    endless = replace(_life("plain", 1.0), life=Interval(1.0, math.inf, math.inf))
    assert history_effect(_life("plain", 900.0), _life("plain", 1000.0)) == pytest.approx(-0.1)
    assert history_effect(endless, _life("plain", 1000.0)) is None
    assert history_effect(_life("plain", 900.0), None) is None
    assert history_effect(_life("plain", None), _life("plain", 900.0)) is None


def _apart(first: str, second: str) -> bool:
    return first == "anchored" and second == "plain"


def test_headline_says_what_matters() -> None:
    table, _ = _table()
    text = headline(table, _apart)
    assert "anchored has the longest computed life, 3,000 cycles" in text
    assert "matters most for anchored: +150 %" in text
    assert "not separated" not in text
    assert "not separated from 1 of 1 others" in headline(table, lambda first, second: False)
    assert text.endswith(" Failed: cored.")
    assert "not settled" not in text
    assert "The loops of anchored have not settled" in headline(_table(settled=False)[0], _apart)
    assert headline(table.iloc[2:], _apart).startswith("No joint has a life")


def test_page_of_made_up_results(tmp_path: Path) -> None:
    """The page holds every chart, the numbers of the table, and no address outside of itself."""
    table, results = _table()
    page = write_making_report(
        tmp_path,
        MakingContext(
            title="Made up",
            headline=headline(table, _apart),
            table=table,
            results=results,
            why={"anchored": "It fails where the resin ends."},
            sources=[("illustrative_values", "illustrative", "made up")],
            left_out=["everything"],
            study_text=study_text('["plain", "anchored"]'),
        ),
    )
    text = page.read_text(encoding="utf-8")
    assert text.count("data:image/svg+xml;base64,") == 6
    assert "Picture missing" not in text
    for words in (
        "it broke down", "resin gels first", "the race ends: gels_early", "a note on mount",
        "a fault of attach", "+150", "3.25 (36.1)", "ball pad", "the solder flows",
        "It fails where the resin ends.",
    ):  # fmt: skip
        assert words in text, words
    assert not re.findall(r"(?:src|href)=\"(?!data:|#)", text)


def test_page_without_test_and_lives(tmp_path: Path) -> None:
    """A study whose joints all lack tests has no section of tests and says that charts lack."""
    result = made_result("plain", resin=False, shear=False)
    package = Package.load(ROOT / "meshes" / "pbga_0p80.toml")
    row = making_row(package.joint("plain"), result, _life("plain", 1000.0), None)
    table = pd.DataFrame([row], columns=list(COLUMNS))
    page = write_making_report(
        tmp_path, MakingContext("t", headline(table, _apart), table, {"plain": result})
    )
    text = page.read_text(encoding="utf-8")
    assert "Ball shear" not in text
    assert "1,000 with its history" not in text  # words in the chart are outlines
    assert "Picture missing" not in text


def test_charts_are_the_same_every_time() -> None:
    table, results = _table()
    for draw in (
        lambda: timeline_chart(results["anchored"]),
        lambda: stress_chart(results["anchored"]),
        lambda: shear_chart(results),
        lambda: history_chart(table),
    ):
        first = draw()
        assert first is not None
        assert first == draw()
    assert shear_chart({"plain": made_result("plain", resin=False, shear=False)}) is None
    with pytest.raises(ValueError, match="takes any time"):
        timeline_chart({"joint": "none", "records": [], "heated": []})
