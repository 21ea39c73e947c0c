"""Studies of making without a run: their keys, jobs and what these wait for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bumpfem.design import MakingStudy, Package, ThermalCycle
from bumpfem.design.making import Making
from bumpfem.process.setting_resin import SetResin
from bumpfem.study import making
from bumpfem.study.job import Job
from bumpfem.study.kinds import study_kind
from bumpfem.study.making_job import MakingJob
from bumpfem.study.making_plan import (
    making_jobs,
    plain_job,
    resins_left,
    settings_of,
    start_without_history,
)
from bumpfem.study.runner import JobOutcome
from tests.support.making import ROOT, made_result, study_text

_STUDY = study_text('["plain", "anchored", "metal_bump"]')


def _study(folder: Path, extra: str = "") -> MakingStudy:
    path = folder / "tiny.toml"
    path.write_text(extra + _STUDY)
    assert study_kind(path) == "making"
    return MakingStudy.load(path)


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
