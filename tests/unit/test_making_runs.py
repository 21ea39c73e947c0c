"""Small studies of making that are computed: files, resumption, what history does."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from bumpfem.design import MakingStudy
from bumpfem.study.making import MakingResults, run_making_study
from bumpfem.study.making_job import MakingJob
from bumpfem.study.making_plan import making_jobs
from bumpfem.study.progress import Progress
from tests.support.studies import PACKAGE

_STUDY = """
kind = "making"
package = "tiny_package.toml"
joints = JOINTS
extrapolate = true
mesh_size = 2.5
tolerance = 1e-2
workers = 2

[ball_shear]
tool_height = 0.08
travel = 0.01

[cycle]
minimum = 25.0
maximum = 100.0
cold_dwell = 60.0
hot_dwell = 60.0
heating_rate = 30.0
cooling_rate = 30.0
cycles = 4

[fatigue]
law = "darveaux_sac305_motalab_2013"
weibull_shape = 8.0
"""
_SAME = 1e-10


def _write(folder: Path, joints: str = '["plain"]') -> Path:
    (folder / "tiny_package.toml").write_text(PACKAGE.replace("MATERIAL", "polyimide"))
    path = folder / "tiny.toml"
    path.write_text(_STUDY.replace("JOINTS", joints))
    return path


def _job(folder: Path, out: str) -> MakingJob:
    study = MakingStudy.load(_write(folder))
    job = making_jobs(study, study.load_package(), folder / out)[0]
    return replace(job, cycles=1)


@pytest.fixture(scope="module")
def computed(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, MakingResults, list[Progress]]:
    """A plain ball and one with resin, from their making to their life."""
    folder = tmp_path_factory.mktemp("making")
    seen: list[Progress] = []
    path = _write(folder, '["plain", "resin"]')
    return path, run_making_study(path, folder / "out", seen.append), seen


@pytest.mark.slow
def test_files_of_a_study(computed: tuple[Path, MakingResults, list[Progress]]) -> None:
    _, results, seen = computed
    out = results.folder
    table = pd.read_csv(out / "table.csv").set_index("joint")
    assert list(table["status"]) == ["ok", "ok"]
    for name in ("result.json", "history.csv", "cycles.csv", "fields.vtu", "mesh.vtu"):
        assert (out / "resin" / name).stat().st_size > 0, name
        assert (out / "resin" / "without_history" / name).stat().st_size > 0, name
    assert not (out / "resin" / "checkpoints").exists()
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Picture missing" not in page
    assert "63.2 % failed" in page
    fractions = [item.fraction for item in seen if item.job.startswith("resin from its making")]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0, abs=0.02)


@pytest.mark.slow
def test_history_of_a_joint(computed: tuple[Path, MakingResults, list[Progress]]) -> None:
    """The resin has gelled and hardened, shrinkage and mismatch have left stress in it, and it
    holds the ball against the tool; a plain ball has no resin."""
    _, results, _ = computed
    table = results.table.set_index("joint")
    assert table.loc["resin", "cure"] > 0.9
    assert table.loc["resin", "resin_von_mises_mean_mpa"] > 1.0
    assert pd.isna(table.loc["plain", "cure"])
    kinds = [record["kind"] for record in results.results["resin"]["records"]]
    assert kinds == [
        "attach", "cool_down", "dispense", "cure", "cool_down", "ball_shear", "mount", "cycles",
    ]  # fmt: skip
    assert table["shear_peak_n"].gt(0.0).all()


@pytest.mark.slow
def test_solder_forgets_its_history(
    computed: tuple[Path, MakingResults, list[Progress]],
) -> None:
    """Solder creeps, so that a plain joint's loop no longer knows after some cycles where it
    began: four cycles with and without history end within a tenth of each other, although the
    first ones differ by more than a third."""
    _, results, _ = computed
    out, layer = results.folder / "plain", "solder_layer_interposer"
    first, last = {}, {}
    for name, place in (("with", out), ("without", out / "without_history")):
        cycles = pd.read_csv(place / "cycles.csv")
        work = cycles[cycles["volume"] == layer].sort_values("cycle")["delta_w_mpa"]
        first[name], last[name] = work.iloc[0], work.iloc[-1]
    assert abs(first["with"] / first["without"] - 1.0) > 0.33
    assert last["with"] == pytest.approx(last["without"], rel=0.1)


@pytest.mark.slow
def test_finished_runs_are_taken_over(
    computed: tuple[Path, MakingResults, list[Progress]],
) -> None:
    path, results, _ = computed
    again = run_making_study(path, results.folder)
    assert all(item.reused for item in (*again.outcomes, *again.without))
    pd.testing.assert_frame_equal(again.table, results.table)


class _StoppedError(Exception):
    """The run was stopped by its observer."""


@pytest.mark.slow
def test_an_interrupted_history_goes_on(tmp_path: Path) -> None:
    """Stopped in its cycles, a run takes up the state after mounting; the numbers are the same to
    1e-10 as those of a run that was left alone."""

    def stop(progress: Progress) -> None:
        if progress.cycle == 1 and progress.step > 3:
            raise _StoppedError

    whole, broken = _job(tmp_path, "whole"), _job(tmp_path, "broken")
    expected = whole.run()
    with pytest.raises(_StoppedError):
        broken.run(stop)
    assert list((broken.folder / "checkpoints").iterdir())
    found = broken.run()
    assert expected["resumed_after"] == 0
    assert found["resumed_after"] == len(expected["records"]) - 1
    assert found["key"] == expected["key"]
    for name in ("cycles.csv", "history.csv"):
        first, second = (pd.read_csv(job.folder / name) for job in (whole, broken))
        pd.testing.assert_frame_equal(first, second, rtol=_SAME, atol=1e-14)
    assert found["records"][-1]["regions"].keys() == expected["records"][-1]["regions"].keys()


@pytest.mark.slow
def test_a_killed_study_goes_on(tmp_path: Path, repository: Path) -> None:
    """``bumpfem run`` is killed once a checkpoint is there; the same command goes on from it and
    gives the numbers of a run that was left alone to 1e-10."""
    path = _write(tmp_path)
    path.write_text(path.read_text().replace("cycles = 4", "cycles = 1\n"))
    path.write_text("without_history = false\n" + path.read_text())
    command = [sys.executable, "-m", "bumpfem", "run", str(path), "--out"]
    checkpoints = tmp_path / "killed" / "plain" / "checkpoints"
    run = subprocess.Popen([*command, str(tmp_path / "killed")], cwd=repository)
    waited = time.monotonic() + 300.0
    while not list(checkpoints.glob("*/checkpoint.npz")):
        assert run.poll() is None, "it ended before anything was saved"
        assert time.monotonic() < waited, "nothing was saved"
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert not (tmp_path / "killed" / "plain" / "result.json").exists()
    for out in ("killed", "whole"):
        subprocess.run([*command, str(tmp_path / out)], cwd=repository, check=True)
    results = {
        out: json.loads((tmp_path / out / "plain" / "result.json").read_text())
        for out in ("killed", "whole")
    }
    assert results["killed"]["resumed_after"] >= 1
    assert results["whole"]["resumed_after"] == 0
    first, second = (pd.read_csv(tmp_path / out / "plain" / "cycles.csv") for out in results)
    pd.testing.assert_frame_equal(first, second, rtol=_SAME, atol=1e-14)
    shutil.rmtree(tmp_path / "killed")
