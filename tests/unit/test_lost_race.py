"""A joint that fails leaves what is known of it: its lost race, what its finished steps gave."""

from __future__ import annotations

import math
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bumpfem.comparison import JointLife
from bumpfem.comparison.ranking import Interval
from bumpfem.design import Joint, Package
from bumpfem.errors import BumpfemError, ConvergenceError, InputError, ProcessError
from bumpfem.process.gel_race import GelRace, race
from bumpfem.report.making import MakingContext, write_making_report
from bumpfem.study.making import run_making_study
from bumpfem.study.making_pages import headline, lost_words
from bumpfem.study.making_table import COLUMNS, making_row
from bumpfem.study.runner import run_jobs
from tests.support.making import made_result
from tests.support.studies import PACKAGE

_RACE = {"verdict": "gels_early", "margin": -11.6, "sentence": "the resin gels early"}


def _early() -> GelRace:
    return race("dip", "epoxy", {"molten": 133.5, "wets": 135.5, "gels": 123.9})


# --- facts on their way -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        ProcessError("attach: too early"),
        ConvergenceError("no step is small enough"),
        InputError("joint.pitch", 3.0, "less", "mm", "why"),
    ],
)
def test_facts_cross_process_borders(error: BumpfemError) -> None:
    """With the text, and without a trace on other errors of the same kind."""
    assert dict(error.facts) == {}
    known = error.with_facts(race=_RACE).with_facts(records=[1], race=None)
    assert known is error
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.facts == {"race": None, "records": [1]}
    assert dict(type(error).facts) == {}


def test_a_race_as_plain_data() -> None:
    """The margin by hand, 123.9 - 135.5 = -11.6 s; an infinite one is None."""
    known = _early().as_dict()
    assert (known["verdict"], known["gels"]) == ("gels_early", 123.9)
    assert known["margin"] == pytest.approx(-11.6)
    assert known["sentence"].endswith("11.6 s before the solder has wetted at 135.5 s")
    assert race("dip", "epoxy", {"molten": 1.0, "wets": 3.0, "gels": None}).as_dict()[
        "margin"
    ] is None  # fmt: skip


@dataclass(frozen=True)
class _Failing:
    """A job that fails, knowing something."""

    folder: Path
    facts: dict[str, Any]

    @property
    def label(self) -> str:
        return "failing"

    def finished(self) -> None:
        return None

    def run(self, observer: Any = None, comm: Any = None) -> dict[str, Any]:
        raise ProcessError("attach: too early").with_facts(**self.facts)


def test_facts_reach_the_outcome_of_a_job(tmp_path: Path) -> None:
    """From a worker process, each job its own."""
    first, second = run_jobs([_Failing(tmp_path, {"race": _RACE}), _Failing(tmp_path, {})], 2)
    assert (first.result, first.reason) == (None, "attach: too early")
    assert first.facts == {"race": _RACE}
    assert second.facts == {}


# --- table, headline and page -------------------------------------------------------------------


def _failed(name: str) -> JointLife:
    return JointLife(joint=name, status="failed", reason=f"{name} broke down")


def _row(joint: Joint, facts: dict[str, Any] | None = None) -> dict[str, Any]:
    return making_row(joint, None, _failed(joint.name), None, facts)


def test_row_of_a_lost_race(pbga: Package) -> None:
    """Liquid resin has no cure worth a column; without facts there is nothing to say."""
    liquid = made_result("anchored", resin=True)["records"][2]
    assert liquid["cure"] is not None
    liquid["activity"]["resin"] = "liquid"
    row = _row(pbga.joint("anchored"), {"race": _RACE, "records": [liquid]})
    assert (row["race_verdict"], row["race_margin_s"]) == ("gels_early", -11.6)
    assert (row["status"], row["cure"], row["life_cycles"]) == ("failed", None, None)
    assert set(row) == set(COLUMNS)
    for facts in (None, {}, {"race": None, "records": []}):
        assert _row(pbga.joint("anchored"), facts)["race_verdict"] is None


def test_row_of_a_joint_that_fails_later(pbga: Package) -> None:
    """It keeps its cure, its race and its shear test; stress when the cycles begin there is none,
    for they never begin."""
    records = made_result("anchored", resin=True, race="made")["records"][:-2]
    row = _row(pbga.joint("anchored"), {"race": None, "records": records})
    assert (row["cure"], row["shear_peak_n"]) == (0.95, 3.25)
    assert (row["race_verdict"], row["race_margin_s"]) == ("made", 12.5)
    assert row["resin_von_mises_mean_mpa"] is None


def _table(pbga: Package, *, lived: bool) -> pd.DataFrame:
    plain, anchored = pbga.joint("plain"), pbga.joint("anchored")
    life = JointLife(joint="plain", life=Interval(900.0, 1000.0, 1100.0), settled=True)
    rows = [making_row(plain, made_result("plain", resin=False), life, None)] if lived else []
    dry = {"verdict": "not_wetted", "margin": None}
    rows += [
        _row(anchored.model_copy(update={"name": "dip"}), {"race": _RACE, "records": []}),
        _row(anchored.model_copy(update={"name": "flux"}), {"race": dry, "records": []}),
        _row(anchored.model_copy(update={"name": "late"}), {"race": {**_RACE, "verdict": "made"}}),
        _row(pbga.joint("cored")),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


@pytest.mark.parametrize("lived", [True, False])
def test_headline_names_each_failed_joint_once(pbga: Package, lived: bool) -> None:
    """Those that lost their race with why and by how much, the others after them."""
    text = headline(_table(pbga, lived=lived), lambda first, second: True)
    assert text.endswith(
        " dip is not made: the resin gels 11.6 s before the solder has wetted."
        " flux is not made: the solder freezes before it has wetted."
        " Failed: late, cored."
    )
    assert text.startswith("With the history" if lived else "No joint has a life")


def test_words_without_a_margin() -> None:
    assert lost_words("not_molten", math.nan) == "the solder does not melt wholly"
    assert lost_words("gels_early", None) == "the resin gels before the solder has wetted"


def test_page_of_a_lost_race(pbga: Package, tmp_path: Path) -> None:
    """The row has verdict and margin in its own cells, the reason beside them, and its link leads
    to the remark."""
    table = _table(pbga, lived=False)
    context = MakingContext("t", headline(table, lambda first, second: True), table, {})
    text = write_making_report(tmp_path, context).read_text(encoding="utf-8")
    assert '<span class="chip bad">resin gels first</span> (\u221211.6 s)' in text
    assert "dip broke down" in text
    for name in ("dip", "cored"):
        assert f'href="#joint-{name}"' in text
        assert text.count(f'id="joint-{name}"') == 1


# --- a study that is computed -------------------------------------------------------------------

_STUDY = """
kind = "making"
package = "tiny_package.toml"
joints = [
  {name = "dip", like = "resin", anchor = {route = "dip", material = "epoxy", family = "epoxy"}},
  { name = "cold", like = "resin" },
]
extrapolate = true
mesh_size = 2.5
tolerance = 1e-2
workers = 2

[steps]
dip = [
  "dispense",
  { kind = "attach", programme = { points = [[0, 25], [150, 245], [180, 245], [260, 165]] } },
  "cool_down", "mount", "cycles",
]
cold = [
  "attach", "cool_down", "dispense",
  { kind = "cure", programme = { points = [[0, 25], [600, 200], [7800, 200]] } },
  "cool_down",
  { kind = "mount", programme = { points = [[0, 25], [90, 200], [120, 200]] } },
  "cycles",
]

[cycle]
condition = "G"
cycles = 1

[fatigue]
law = "darveaux_sac305_motalab_2013"
"""


@pytest.mark.slow
def test_a_study_of_joints_that_fail(tmp_path: Path) -> None:
    """Heated by 1.5 K/s the epoxy gels before the solder wets; a mount at 200 C melts no SAC305,
    but the resin was cured before. Verdict, margin in seconds and cure are in the file, in the
    terminal's table and on the page; a second run, which goes on from the checkpoints, agrees."""
    (tmp_path / "tiny_package.toml").write_text(PACKAGE.replace("MATERIAL", "polyimide"))
    path = tmp_path / "tiny.toml"
    path.write_text(_STUDY)
    results = run_making_study(path, tmp_path / "out")
    table = pd.read_csv(results.folder / "table.csv").set_index("joint")
    assert list(table["status"]) == ["failed", "failed"]
    margin = table.loc["dip", "race_margin_s"]
    assert table.loc["dip", "race_verdict"] == "gels_early"
    assert -60.0 < margin < 0.0
    assert f"{-margin:.1f} s before the solder has wetted" in table.loc["dip", "reason"]
    assert math.isnan(table.loc["dip", "cure"])
    assert table.loc["cold", "reason"].startswith("mount: the solder never melts")
    assert table.loc["cold", "cure"] > 0.9
    row = next(line for line in str(results).splitlines() if line.startswith("dip "))
    assert row.split()[4] == f"{margin:.1f}"
    page = (results.folder / "report.html").read_text(encoding="utf-8")
    assert "resin gels first" in page
    assert "dip is not made: the resin gels" in page
    again = run_making_study(path, results.folder)
    pd.testing.assert_frame_equal(again.table, results.table)
