"""Studies of making without a run: keys, jobs, tables and the page; and a small one with runs."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bumpfem.comparison import JointLife
from bumpfem.comparison.ranking import Interval
from bumpfem.design import MakingStudy, Package, ThermalCycle
from bumpfem.design.making import Making
from bumpfem.process.setting_resin import SetResin
from bumpfem.report.figures_making import history_chart, shear_chart, stress_chart
from bumpfem.report.figures_timeline import timeline_chart
from bumpfem.report.making import MakingContext, write_making_report
from bumpfem.study import making
from bumpfem.study.job import Job
from bumpfem.study.kinds import study_kind
from bumpfem.study.making_job import MakingJob
from bumpfem.study.making_pages import headline
from bumpfem.study.making_plan import (
    making_jobs,
    plain_job,
    resins_left,
    settings_of,
    start_without_history,
)
from bumpfem.study.making_table import COLUMNS, history_effect, making_row
from bumpfem.study.runner import JobOutcome
from tests.support.making import made_result

ROOT = Path(__file__).parents[2]
_STUDY = f"""
kind = "making"
package = "{ROOT}/meshes/pbga_0p80.toml"
joints = ["plain", "anchored", "metal_bump"]

[cycle]
condition = "G"
cycles = 1

[fatigue]
law = "darveaux_sac305_motalab_2013"
"""


def _study(folder: Path, extra: str = "") -> MakingStudy:
    path = folder / "tiny.toml"
    path.write_text(extra + _STUDY)
    assert study_kind(path) == "making"
    return MakingStudy.load(path)


# --- jobs ---------------------------------------------------------------------------------------


def _job(tmp_path: Path) -> MakingJob:
    package = Package.load(ROOT / "meshes" / "pbga_0p80.toml")
    joint = package.joint("anchored")
    return MakingJob(
        package=package,
        joint=joint,
        making=Making.default_for(joint),
        cycle=ThermalCycle.jedec("G"),
        cycles=1,
        mesh_size=2.5,
        tolerance=1e-2,
        layer_thickness=0.025,
        folder=tmp_path,
        with_fields=False,
    )


def test_key_holds_everything_that_numbers_depend_on(tmp_path: Path) -> None:
    """Each input changes the key by itself; the folder does not. The inputs are plain data, as a
    checkpoint keeps them."""
    job = _job(tmp_path)
    cored = job.package.joint("cored")
    changes: list[dict[str, Any]] = [
        {"package": job.package.model_copy(update={"pitch": 0.81})},
        {"joint": cored, "making": Making.default_for(cored)},
        {"making": Making.default_for(job.joint, resin_model="maxwell")},
        {"making": Making.default_for(job.joint, shrinkage=False)},
        {"making": Making(steps=[*job.making.steps[:-1]])},
        {"cycle": ThermalCycle.jedec("J")},
        {"cycles": 2},
        {"mesh_size": 2.4},
        {"tolerance": 1e-3},
        {"layer_thickness": 0.03},
        {"with_fields": True},
        {"extrapolate": True},
    ]
    keys = [replace(job, **change).key for change in changes]
    assert len({job.key, *keys}) == len(changes) + 1
    assert replace(job, folder=tmp_path / "elsewhere").key == job.key
    assert json.loads(json.dumps(job.inputs)) == job.inputs
    assert {"polyimide", "sac305", "copper"} <= set(job.inputs["materials"])


def test_key_holds_a_measured_profile(tmp_path: Path) -> None:
    """The content of a measured profile counts, not only its name."""
    profile = tmp_path / "oven.csv"
    profile.write_text("time_s,temperature_c\n0,25\n300,245\n")
    job = _job(tmp_path)
    steps = [{"kind": "attach", "oven": {"measured": profile}}, *job.making.steps[1:]]
    measured = replace(job, making=Making(steps=steps))
    before = measured.key
    profile.write_text("time_s,temperature_c\n0,25\n300,240\n")
    assert measured.key != before


def test_a_result_is_taken_over_only_with_its_key(tmp_path: Path) -> None:
    job = _job(tmp_path)
    assert job.finished() is None
    (tmp_path / "result.json").write_text(json.dumps({"key": job.key, "status": "ok"}))
    assert job.finished() == {"key": job.key, "status": "ok"}
    assert replace(job, cycles=2).finished() is None
    (tmp_path / "result.json").write_text("{ not whole")
    assert job.finished() is None


def test_jobs_with_and_without_history_share_mesh_and_steps(tmp_path: Path) -> None:
    """For each run with history there is one without on the same mesh with the same tolerance,
    free of stress at the solidus of SAC305, 217 C; error bars add a coarser and a looser one."""
    study = _study(tmp_path, "error_bars = true\nmesh_size = 1.5\ntolerance = 1e-3\n")
    package = study.load_package()
    made = making_jobs(study, package, tmp_path)
    plain = [plain_job(job, None) for job in made]
    assert [(job.joint.name, job.mesh_size, job.tolerance) for job in made] == [
        (job.joint.name, job.mesh_size, job.tolerance) for job in plain
    ]
    assert settings_of(study) == [
        (1.5, 1e-3),
        (pytest.approx(2.1), 1e-3),
        (pytest.approx(2.1), 4e-3),
    ]
    assert len({job.folder for job in [*made, *plain]}) == 18
    assert [job.with_fields for job in made] == [True] * 3 + [False] * 6
    first = plain[0]
    assert isinstance(first, Job)
    assert first.stress_free_temperature == 217.0
    assert settings_of(_study(tmp_path)) == [(1.5, 2e-3)]


def test_a_resin_enters_as_its_making_left_it(tmp_path: Path) -> None:
    """Without its history a joint's resin has the law, the cure and the shrinkage that it has when
    the cycles begin with it; each changes the key."""
    result = made_result("anchored", resin=True)
    left = resins_left(result)
    assert left == SetResin("cure_hardening", {"resin": 0.95}, shrinkage=True)
    assert resins_left(made_result("plain", resin=False)).cure == {}
    result["records"][-2]["paste_cure"] = {"mean": 0.9}
    pasted = resins_left(result)
    assert pasted.cure == {"resin": 0.95, "attach": 0.9}
    job = _job(tmp_path)
    choices = [None, left, pasted, replace(left, shrinkage=False), replace(left, model="maxwell")]
    assert len({plain_job(job, item).key for item in choices}) == len(choices)


@pytest.mark.parametrize("without", [True, False])
def test_joints_with_resin_wait_for_their_making(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: bool
) -> None:
    """What has no resin is run beside the makings; what has one afterwards, with the cure that was
    left. A making that failed leaves none: its joint has a reason instead of a life without."""
    rounds: list[list[str]] = []

    def pretend(jobs: list[Any], workers: int, observer: object) -> list[JobOutcome[Any]]:
        rounds.append([f"{job.joint.name} {type(job).__name__}" for job in jobs])
        return [
            JobOutcome(job, None, "it gels too early")
            if job.joint.name == "lost"
            else JobOutcome(job, made_result(job.joint.name, resin=job.joint.anchor is not None))
            for job in jobs
        ]

    monkeypatch.setattr(making, "run_jobs", pretend)
    study = _study(tmp_path, f"without_history = {str(without).lower()}\n")
    jobs = making_jobs(study, study.load_package(), tmp_path)
    lost = replace(jobs[1], joint=jobs[1].joint.model_copy(update={"name": "lost"}))
    jobs.append(replace(lost, folder=tmp_path / "lost"))
    outcomes, alone = making.run_both(study, jobs, None)
    assert [item.job.joint.name for item in outcomes] == ["plain", "anchored", "metal_bump", "lost"]
    makings = [f"{name} MakingJob" for name in ("plain", "anchored", "metal_bump", "lost")]
    if not without:
        assert alone == []
        assert rounds == [makings]
        return
    assert rounds == [[*makings, "plain Job", "metal_bump Job"], ["anchored Job"]]
    assert [item.job.joint.name for item in alone] == [item.job.joint.name for item in outcomes]
    assert alone[1].job.resins == SetResin("cure_hardening", {"resin": 0.95})
    assert alone[0].job.resins is None
    assert alone[3].result is None
    assert "its making failed" in alone[3].reason


def test_start_without_history() -> None:
    """Solder freezes at its solidus; a welded bump is held by no solder."""
    package = Package.load(ROOT / "meshes" / "pbga_0p80.toml")
    bumped = package.joint("metal_bump")
    assert bumped.bump is not None
    assert start_without_history(bumped, 125.0)[0] == 217.0
    weld = {"bond": "weld", "bond_material": None, "bond_thickness": None}
    data = bumped.model_dump()
    data["bump"] = {**data["bump"], **weld, "barrier": None, "solder_aid": None}
    welded = type(bumped)(**data)
    assert start_without_history(welded, 125.0) == (125.0, "the cycle's maximum")


# --- table and page -----------------------------------------------------------------------------


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


def test_headline_says_what_matters() -> None:
    table, _ = _table()
    text = headline(table)
    assert "anchored has the longest computed life, 3,000 cycles" in text
    assert "matters most for anchored: +150 %" in text
    assert "not separated" not in text
    wide = table.assign(life_low=table["life_cycles"] * 0.1, life_high=np.inf)
    assert "not separated from 1 of 1 others" in headline(wide)
    assert text.endswith(" Failed: cored.")
    assert "not settled" not in text
    assert "The loops of anchored have not settled" in headline(_table(settled=False)[0])
    assert headline(table.iloc[2:]).startswith("No joint has a life")


def test_page_of_made_up_results(tmp_path: Path) -> None:
    """The page holds every chart, the numbers of the table, and no address outside of itself."""
    table, results = _table()
    page = write_making_report(
        tmp_path,
        MakingContext(
            title="Made up",
            headline=headline(table),
            table=table,
            results=results,
            why={"anchored": "It fails where the resin ends."},
            sources=[("illustrative_values", "illustrative", "made up")],
            left_out=["everything"],
            study_text=_STUDY,
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
        tmp_path, MakingContext("t", headline(table), table, {"plain": result})
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


def test_studies_that_are_shipped() -> None:
    """Both studies load, and every joint in them can be made."""
    routes = MakingStudy.load(ROOT / "studies" / "anchored_routes.toml")
    joints = routes.selected_joints(routes.load_package())
    assert [j.anchor.route for j in joints if j.anchor is not None] == [
        "spread", "repellent", "film", "dip", "flux",
    ]  # fmt: skip
    choice = MakingStudy.load(ROOT / "studies" / "resin_choice.toml")
    joints = choice.selected_joints(choice.load_package())
    assert {j.anchor.family for j in joints if j.anchor is not None} == {
        "polyimide", "epoxy", "phenolic", "acrylic", "silicone",
    }  # fmt: skip
    assert {j.anchor.paste_filler for j in joints if j.anchor is not None} == {
        None, "silver", "gold", "copper", "solder",
    }  # fmt: skip
