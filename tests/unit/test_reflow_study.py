"""Reflow studies: bad input, files, resumption, failing joints, the window."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bumpfem.design.reflow_study import ReflowStudy
from bumpfem.errors import InputError
from bumpfem.report.figures_window import VERDICTS
from bumpfem.report.thermal_section import ThermalSection
from bumpfem.study.kinds import run_kind, study_kind
from bumpfem.study.progress import Progress
from bumpfem.study.reflow import COLUMNS, run_reflow_study
from bumpfem.study.reflow_pages import headline
from bumpfem.study.reflow_window import WINDOW_COLUMNS, neck_window
from tests.support.studies import bumpfem_command

_PACKAGE = """
name = "four"
pitch = 0.8
solder = "sac305"
ball_diameter = 0.4
array = { columns = 2, rows = 2 }
interposer = { material = "bt_laminate", thickness = 0.3 }
board = { material = "fr4", thickness = 0.8 }
interposer_pad = { diameter = 0.3, thickness = 0.03 }
board_pad = { diameter = 0.3, thickness = 0.03 }

[joints.cored.core]
material = "copper"
diameter = 0.25

[joints.soft.core]
material = "pb90sn10"
diameter = 0.25
"""
_STUDY = """
kind = "reflow"
package = "package.toml"
joints = ["plain", "cored"]
mesh_size = 2.5
workers = 1

[oven]
profile = "jstd020_pb_free"
"""


def _write(folder: Path, study: str = _STUDY, package: str = _PACKAGE) -> Path:
    (folder / "package.toml").write_text(package)
    path = folder / "oven_study.toml"
    path.write_text(study)
    return path


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[Progress]]:
    """Two good joints and one whose core melts before its shell has been reflowed."""
    folder = tmp_path_factory.mktemp("reflow")
    corners = "corners = [[0, 25], [100, 200], [160, 285], [220, 150], [300, 40]]"
    study = (
        _STUDY.replace('["plain", "cored"]', '["plain", "cored", "soft"]')
        + '\n[parts.soft.oven]\nlimits = "none"\n'
        + corners
    )
    path = _write(folder, study.replace("workers = 1", "workers = 1\nanimation = true"))
    seen: list[Progress] = []
    run_reflow_study(path, folder / "out", seen.append)
    return path, folder / "out", seen


def test_files_of_a_study(computed: tuple[Path, Path, list[Progress]]) -> None:
    _, out, seen = computed
    table = pd.read_csv(out / "table.csv")
    assert list(table.columns) == list(COLUMNS)
    plain = table.set_index("joint").loc["plain"]
    assert plain["made_well"] in (True, "True")
    assert plain["melted_fraction"] == pytest.approx(1.0)
    assert plain["stress_free_temperature_c"] == 217.0
    assert plain["limits_kept"] == plain["limits_checked"] == 7
    for name in (
        "result.json", "history.csv", "fields.vtu", "melting.pvd", "temperatures.png",
        "melting.png", "melting.gif",
    ):  # fmt: skip
        assert (out / "plain" / name).stat().st_size > 0, name
    page = (out / "report.html").read_text()
    assert str(out) not in page
    assert "core of pb90sn10 melts" in page
    assert page.count("data:image/gif") == 2
    history = pd.read_csv(out / "plain" / "history.csv")
    assert history["time_s"].is_monotonic_increasing
    assert np.isfinite(history.to_numpy()).all()
    assert max(item.fraction for item in seen) == pytest.approx(1.0)


def test_field_files_hold_what_the_history_says(
    computed: tuple[Path, Path, list[Progress]],
) -> None:
    """Extremes over time are those of the history; the state is one of partial melting."""
    _, out, _ = computed
    folder = out / "plain"
    section = ThermalSection.read(folder / "fields.vtu")
    history = pd.read_csv(folder / "history.csv")
    highest = history[[name for name in history if name.startswith("highest_c__")]]
    assert section.nodal["hottest"].max() == pytest.approx(highest.to_numpy().max(), abs=1e-3)
    solder = section.of(("solder",))
    assert section.cells["most_melted"][solder].min() == 1.0
    assert 0.1 < section.cells["melted"][solder].mean() < 0.9
    states = sorted((folder / "melting").glob("state_*.vtu"))
    times = [ThermalSection.read(state).facts["time_s"] for state in (states[0], states[-1])]
    assert times[0] == 0.0
    assert 0.9 * history["time_s"].iloc[-1] < times[1] <= history["time_s"].iloc[-1]


def test_a_joint_that_is_not_made_is_a_row_with_its_reason(
    computed: tuple[Path, Path, list[Progress]],
) -> None:
    _, out, _ = computed
    row = pd.read_csv(out / "table.csv").set_index("joint").loc["soft"]
    assert row["status"] == "failed"
    assert "begins to melt at 275 degC" in row["reason"]
    assert pd.isna(row["melted_fraction"])
    assert not (out / "soft" / "result.json").exists()


def test_finished_joints_are_taken_over_and_changed_ones_computed_anew(
    computed: tuple[Path, Path, list[Progress]],
) -> None:
    path, out, _ = computed
    before = (out / "plain" / "result.json").read_text()
    again = run_reflow_study(path, out)
    assert [item.reused for item in again.outcomes] == [True, True, False]
    assert (out / "plain" / "result.json").read_text() == before
    assert again.failed == ["soft"]
    assert headline(again).startswith("2 of 3 joints are made well: plain, cored.")
    text = str(again)
    assert "failed: joint soft" in text
    path.write_text(path.read_text() + "\n[parts.cored]\nundercooling = 10.0\n")
    changed = run_reflow_study(path, out)
    assert [item.reused for item in changed.outcomes] == [True, False, False]
    result = json.loads((out / "cored" / "result.json").read_text())
    assert result["solidification"]["temperature"] == 207.0


def test_the_command_line_says_so_when_a_joint_fails(tmp_path: Path) -> None:
    study = _STUDY.replace('["plain", "cored"]', '["plain"]').replace(
        'profile = "jstd020_pb_free"',
        "corners = [[0, 25], [100, 200], [200, 25]]\nmeasures = 'gas'",
    )
    path = _write(tmp_path, study)
    done = bumpfem_command("run", path, "-o", tmp_path / "out")
    assert done.returncode == 1, done.stderr
    assert "the solder never melts: it reaches" in done.stdout
    assert (tmp_path / "out" / "report.html").is_file()


def test_the_window_says_where_joints_are_made_well(tmp_path: Path) -> None:
    """Peaks below the liquidus and times too short for the ramps cannot be run; 245 C can."""
    study = _STUDY.replace('["plain", "cored"]', '["plain"]') + (
        "\n[window]\npeaks = [212, 245, 265]\ntimes_above_liquidus = [10, 90]\n"
    )
    path = _write(tmp_path, study)
    results = run_reflow_study(path, tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / "window.csv")
    assert list(table.columns) == list(WINDOW_COLUMNS)
    verdicts = {
        (row["peak_c"], row["time_above_liquidus_s"]): row["verdict"] for _, row in table.iterrows()
    }
    assert verdicts == {
        (212.0, 10.0): "impossible", (212.0, 90.0): "impossible",
        (245.0, 10.0): "impossible", (245.0, 90.0): "well",
        (265.0, 10.0): "impossible", (265.0, 90.0): "limits",
    }  # fmt: skip
    assert set(table["verdict"]) <= set(VERDICTS)
    assert "All joints are made well at 1 of 6 points" in headline(results)
    assert (tmp_path / "out" / "window.png").stat().st_size > 0
    again = run_reflow_study(path, tmp_path / "out")
    assert again.window_reused == (2, 6)


def test_times_for_a_neck_are_interpolated_between_the_points() -> None:
    """Melted fraction 0, 0.1, 0.3 at 10, 20, 30 s: 0.15 +- 0.05 from 20 to 25 s."""
    rows = pd.DataFrame(
        {
            "peak_c": [230.0] * 3 + [240.0] * 3,
            "time_above_liquidus_s": [10.0, 20.0, 30.0] * 2,
            "melted_fraction": [0.0, 0.1, 0.3, 0.0, 0.0, 0.05],
        }
    )
    found = neck_window(rows, 0.15, 0.05)
    assert found["peak_c"].tolist() == [230.0]
    assert found["shortest_s"].tolist() == pytest.approx([20.0])
    assert found["longest_s"].tolist() == pytest.approx([25.0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("mesh_size = 2.5", "mesh_size = 0"), "study.mesh_size"),
        (('"plain", "cored"', '"plain", "plain"'), "each name once"),
        (('"plain", "cored"', '"plain", "gored"'), "did you mean 'cored'"),
        (("workers = 1", "wokers = 1"), "did you mean 'workers'"),
        (("[oven]", "[parts.hole]\nstage = 'mounting'\n[oven]"), r"study\.parts\.hole"),
        (("[oven]", "[parts.plain]\nstage = 'firing'\n[oven]"), r"parts\.plain\.stage.*no metal"),
        (("[oven]", "[window]\npeaks = [240, 230]\ntimes_above_liquidus = [1, 2]\n[oven]"),
         "growing numbers"),
        (('profile = "jstd020_pb_free"', "corners = [[0, 25], [9, 30]]\n[window]\npeaks = [1, 2]\n"
          "times_above_liquidus = [1, 2]"), "a window changes its peak"),
        (('profile = "jstd020_pb_free"', "measured = 'none.csv'"), None),
    ],
)  # fmt: skip
def test_bad_studies_are_refused_with_field_and_file(
    tmp_path: Path, change: tuple[str, str], message: str | None
) -> None:
    path = _write(tmp_path, _STUDY.replace(*change))
    if message is None:
        assert ReflowStudy.load(path).oven.measured == tmp_path / "none.csv"
        return
    with pytest.raises(InputError, match=message) as error:
        ReflowStudy.load(path)
    assert str(path) in str(error.value)


def test_the_kind_in_the_file_decides_what_runs(tmp_path: Path) -> None:
    path = _write(tmp_path)
    assert study_kind(path) == "reflow"
    path.write_text('kind = "refow"\n')
    with pytest.raises(InputError, match="did you mean 'reflow'"):
        run_kind(path)
