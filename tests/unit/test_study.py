"""Studies: what is computed, what is taken over, and what happens when something goes wrong."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bumpfem as bf
from bumpfem.comparison import TABLE_COLUMNS
from bumpfem.errors import InputError
from bumpfem.study.job import Job
from bumpfem.study.pages import headline
from bumpfem.study.progress import Progress
from tests.conftest import RunRanks
from tests.support.studies import bumpfem_command, tiny_plan, write_study


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[Progress]]:
    """A study of two joints, one of which has a material that does not exist."""
    folder = tmp_path_factory.mktemp("study")
    study = write_study(folder, ("plain", "resin"), material="unobtainium")
    seen: list[Progress] = []
    bf.run_study(study, folder / "out", seen.append)
    return study, folder / "out", seen


def test_files_of_a_study(computed: tuple[Path, Path, list[Progress]]) -> None:
    _, out, _ = computed
    table = pd.read_csv(out / "table.csv")
    assert list(table.columns) == list(TABLE_COLUMNS)
    plain = table.set_index("joint").loc["plain"]
    assert plain["delta_w_mpa"] > 0
    assert plain["life_low"] < plain["life_cycles"] < plain["life_high"]
    for name in (
        "result.json", "history.csv", "cycles.csv", "mesh.vtu", "fields.vtu",
        "mesh.png", "energy.png", "hysteresis.png", "history.png",
    ):  # fmt: skip
        assert (out / "plain" / name).stat().st_size > 0, name
    page = (out / "report.html").read_text()
    assert str(out) not in page
    result = json.loads((out / "plain" / "result.json").read_text())
    for key, _, _ in result["sources"]:
        assert key in page
    assert "motalab2013" in page


def test_weight_moves_the_life(computed: tuple[Path, Path, list[Progress]]) -> None:
    """Life of the shape under its weight over that of the weightless one, from two whole runs.

    Weight lowers the stand-off, the nominal shear strain grows as its inverse, and the life falls
    with the work W in the critical layer: cracks start as W^-2.80 and grow as W^-2.05 (the law's
    constants), so that the whole life falls with a power in between.
    """
    _, out, _ = computed
    plain = pd.read_csv(out / "table.csv").set_index("joint").loc["plain"]
    coarse = out / "plain" / "runs" / "mesh_2.5_tolerance_0.01"
    places = (coarse, coarse.with_name(f"{coarse.name}_weightless"))
    runs = [json.loads((place / "result.json").read_text()) for place in places]
    lower, upper = (run["standoff_mm"] for run in runs)
    assert 0.98 < lower / upper < 1.0
    shear, less = (run["nominal_shear_strain_range"] for run in runs)
    assert shear / less == pytest.approx(upper / lower, rel=1e-6)
    work, weightless = (
        pd.read_csv(place / "cycles.csv")
        .set_index(["cycle", "volume"])
        .loc[(1, plain["critical_layer"]), "delta_w_mpa"]
        for place in places
    )
    exponent = math.log1p(plain["life_shape_effect"]) / math.log(work / weightless)
    assert -2.80 < exponent < -2.05
    assert plain["life_shape_effect"] < 0.0


def test_failed_joint_is_a_row_and_the_others_go_on(
    computed: tuple[Path, Path, list[Progress]],
) -> None:
    _, out, _ = computed
    row = pd.read_csv(out / "table.csv").set_index("joint").loc["resin"]
    assert row["status"] == "failed"
    assert "unobtainium" in row["reason"]
    assert pd.isna(row["life_cycles"])


def test_progress_ends_at_the_end(computed: tuple[Path, Path, list[Progress]]) -> None:
    _, _, seen = computed
    jobs = {item.job for item in seen}
    assert len(jobs) == 4
    for job in jobs:
        fractions = [item.fraction for item in seen if item.job == job]
        assert fractions == sorted(fractions)
        assert fractions[-1] == pytest.approx(1.0)


def test_finished_runs_are_taken_over(computed: tuple[Path, Path, list[Progress]]) -> None:
    study, out, _ = computed
    before = (out / "plain" / "result.json").read_bytes()
    done = bumpfem_command("run", study, "--out", out)
    assert done.returncode == 1, done.stderr
    assert "4 of 8 runs taken over" in done.stderr
    assert (out / "plain" / "result.json").read_bytes() == before


def _jobs(folder: Path, **changes: Any) -> list[Job]:
    return tiny_plan(folder, **changes).jobs(folder / "out")


def test_plan_has_what_error_bars_need(tmp_path: Path) -> None:
    jobs = _jobs(tmp_path)
    assert [(job.mesh_size, job.tolerance) for job in jobs] == [
        (2.2, 1e-2), (2.5, 1e-2), (2.5, 5e-3), (2.5, 1e-2),
    ]  # fmt: skip
    assert [job.with_fields for job in jobs] == [True, False, False, False]
    assert [job.weightless for job in jobs] == [False, False, False, True]
    assert len({job.folder for job in jobs}) == 4


def test_key_follows_every_input(tmp_path: Path) -> None:
    """What changes numbers changes the key; what does not (texts, other joints) leaves it."""
    base = _jobs(tmp_path)[0]
    study = bf.Study.load(write_study(tmp_path))
    package = study.load_package()
    fields = package.model_dump()
    thicker = bf.Package(**{**fields, "board": {"material": "fr4", "thickness": 0.7}})
    renamed = bf.Package(**{**fields, "title": "another title"})
    assert _jobs(tmp_path, package=thicker)[0].key != base.key
    assert _jobs(tmp_path, cycles=2)[0].key != base.key
    assert _jobs(tmp_path, stress_free_temperature=90.0)[0].key != base.key
    assert _jobs(tmp_path, layer_thickness=0.02)[0].key != base.key
    assert _jobs(tmp_path, package=renamed)[0].key == base.key
    assert len({job.key for job in _jobs(tmp_path)}) == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("pitch = 0.8", "pitch = 0.3"), ["ball_diameter", "0.42", "mm", "pitch"]),
        (("pitch = 0.8", "ptich = 0.8"), ["ptich", "pitch"]),
        (("pitch = 0.8", "pitch = -0.8"), ["pitch", "-0.8", "mm"]),
        (("pitch = 0.8", "pitch = 0.8 ="), ["tiny_package.toml"]),
        (("thickness = 0.05", "thickness = 0.5"), ["thickness"]),
    ],
)
def test_bad_package_is_refused_in_one_sentence(
    tmp_path: Path, change: tuple[str, str], words: list[str]
) -> None:
    study = write_study(tmp_path)
    package = tmp_path / "tiny_package.toml"
    package.write_text(package.read_text().replace(*change))
    done = bumpfem_command("run", study, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert not (tmp_path / "out").exists()


def test_unknown_fatigue_law_and_zero_cycle_are_refused(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    text = study.read_text()
    study.write_text(text.replace("darveaux_sac305_motalab_2013", "darveaux_sac305"))
    with pytest.raises(InputError, match="darveaux_sac305_motalab_2013"):
        bf.run_study(study, tmp_path / "out")
    study.write_text(text.replace("maximum = 100.0", "maximum = 25.0", 1))
    with pytest.raises(InputError, match="cycle"):
        bf.run_study(study, tmp_path / "out")
    study.write_text(text.replace("cycles = 1", "cycles = 0"))
    with pytest.raises(InputError, match="cycles"):
        bf.run_study(study, tmp_path / "out")


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="can be written"):
        bf.run_study(write_study(tmp_path), tmp_path / "file" / "out")


def test_cycle_beyond_a_property_is_a_failed_row(tmp_path: Path) -> None:
    """SAC305's modulus is known up to 125 C; a cycle to 150 C says so instead of guessing."""
    study = write_study(tmp_path)
    study.write_text(study.read_text().replace("maximum = 100.0", "maximum = 150.0", 1))
    lives = bf.run_study(study, tmp_path / "out")
    assert lives.failed == ("plain",)
    reason = lives["plain"].reason
    assert "sac305" in reason
    assert "125" in reason


def test_two_ranks_compute_a_study(
    tmp_path: Path, run_ranks: RunRanks, computed: tuple[Path, Path, list[Progress]]
) -> None:
    """Under mpiexec all ranks share each run; the life agrees with that of one process."""
    run_ranks(2, "-m", "bumpfem", "run", write_study(tmp_path), "--out", tmp_path / "out")
    two = pd.read_csv(tmp_path / "out" / "table.csv").set_index("joint").loc["plain"]
    one = pd.read_csv(computed[1] / "table.csv").set_index("joint").loc["plain"]
    assert two["delta_w_mpa"] == pytest.approx(one["delta_w_mpa"], rel=1e-3)
    assert two["unknowns"] == one["unknowns"]


def test_headline_names_what_is_separated(computed: tuple[Path, Path, list[Progress]]) -> None:
    """One joint alone has the longest life; the one that failed is named."""
    study, out, _ = computed
    text = headline(bf.run_study(study, out))
    assert text.startswith("plain has the longest computed life: ")
    assert "separated" not in text
    assert text.endswith("Failed: resin.")


def test_partitioned_law_takes_both_mechanisms(tmp_path: Path) -> None:
    """Syed's partitioned life is the reciprocal of both weighted creep strains of the same run."""
    study = bf.Study.load(write_study(tmp_path))
    package, cycle = study.load_package(), study.cycle.thermal_cycle()
    plain = package.joint("plain")
    settings = {
        "law": "syed_2004_sac_double_power_partitioned", "cycles": 1,
        "accuracy": study.accuracy, "folder": tmp_path / "out",
    }  # fmt: skip
    with pytest.raises(InputError, match=r"joint plain.*follows anand.*solder_law"):
        bf.compare(package, [plain], cycle, **settings)
    assert not (tmp_path / "out" / "plain").exists()
    joint = plain.model_copy(update={"solder_law": "double_power_sac_wiese_syed"})
    row = bf.compare(package, [joint], cycle, **settings).table.iloc[0]
    cycles = pd.read_csv(tmp_path / "out" / "plain" / "cycles.csv").set_index("volume")
    result = json.loads((tmp_path / "out" / "plain" / "result.json").read_text())
    slices = result["weakest_slice"]
    shares = [
        (item["creep_strain_first"], item["inelastic_strain_accumulated"])
        for item in [slices, *(cycles.loc[f"solder_layer_{s}"] for s in ("board", "interposer"))]
    ]
    assert all(0.0 < first < whole for first, whole in shares)
    lives = [1.0 / (0.0405 * first + 0.0709 * (whole - first)) for first, whole in shares]
    assert row.life_cycles == pytest.approx(min(lives), rel=1e-6)
