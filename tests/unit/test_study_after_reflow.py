"""Fatigue studies whose joints are carried through an oven first."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bumpfem as bf
from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.materials import load_material
from bumpfem.study.comparison import Comparison
from bumpfem.study.runner import JobOutcome
from bumpfem.study.starting_point import JointStart, StressFree, starts_from_reflow
from tests.support.studies import tiny_plan, write_study

#: Peak of 245 C, ramps far above those of the standard; the solder of ``plain`` freezes 7 K late.
OVEN = """
kind = "reflow"
package = "tiny_package.toml"
joints = ["plain", "resin"]
mesh_size = 2.5

[oven]
corners = [[0, 25], [60, 200], [120, 245], [200, 40]]
limits = "jstd020_pb_free"

[parts.plain]
undercooling = 7.0

[parts.resin.oven]
corners = [[0, 25], [100, 200], [200, 40]]
limits = "none"
"""
FROZEN = 210.0
KEYS = 'reflow = "oven.toml"\nextrapolate = true\n'


def _write(folder: Path, keys: str = KEYS, joints: tuple[str, ...] = ("plain", "resin")) -> Path:
    path = write_study(folder, joints)
    (folder / "oven.toml").write_text(OVEN)
    path.write_text(keys + path.read_text())
    return path


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Comparison]:
    """Two joints: one freezes at 210 C, the other never melts."""
    folder = tmp_path_factory.mktemp("after_reflow")
    study = _write(folder)
    return study, folder / "out", bf.run_study(study, folder / "out")


def _result(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_stress_begins_where_the_solder_froze(computed: tuple[Path, Path, Comparison]) -> None:
    """In the oven 7 K below the solidus of SAC305; the mechanics takes over that very number."""
    _, out, _ = computed
    oven = _result(out / "plain" / "reflow" / "result.json")["solidification"]["temperature"]
    assert oven == load_material("sac305")["solidus"].constant - 7.0 == FROZEN
    for path in [out / "plain", *(out / "plain" / "runs").iterdir()]:
        result = _result(path / "result.json")
        assert result["stress_free_temperature_c"] == oven
        assert "froze in reflow study oven" in result["stress_free_source"]


def test_mechanics_starts_without_stress_at_that_temperature(
    computed: tuple[Path, Path, Comparison],
) -> None:
    """The first row of the history has no stress, strain or work; cooling loads the joint."""
    _, out, _ = computed
    history = pd.read_csv(out / "plain" / "history.csv")
    first = history.iloc[0]
    assert (first["cycle"], first["temperature_c"]) == (0, FROZEN)
    for name in map(str, history):
        if name.startswith(("shear", "inelastic", "stress", "peak")):
            assert first[name] == 0.0, name
    lead_in = history[history["cycle"] == 0]
    assert lead_in["temperature_c"].is_monotonic_decreasing
    assert lead_in["temperature_c"].iloc[-1] == pytest.approx(100.0)
    assert lead_in["stress_mpa__solder"].iloc[-1] > 1.0


def test_strain_of_the_slabs_counts_from_solidification(
    computed: tuple[Path, Path, Comparison],
) -> None:
    """Alumina on FR-4, both from 210 C to 25 C.

    FR-4: 16.2 ppm/K x 185 K. Alumina: the area under its own table, which reaches beyond 210 C.
    """
    _, out, _ = computed
    alumina = load_material("alumina")["expansion"]
    assert alumina.range[1] >= FROZEN
    assert alumina.expansion_kind == "instantaneous"
    points, values = (list(part) for part in alumina.table(25.0, FROZEN))
    inside = [(t, v) for t, v in zip(points, values, strict=True) if 25.0 <= t <= FROZEN]
    area = sum(
        0.5 * (first[1] + second[1]) * (second[0] - first[0]) for first, second in pairwise(inside)
    )
    mismatch = _result(out / "plain" / "result.json")["mismatch"]["25"]
    assert mismatch == pytest.approx(16.2e-6 * (FROZEN - 25.0) - area, rel=1e-9)


def test_nothing_is_extrapolated_in_silence(computed: tuple[Path, Path, Comparison]) -> None:
    """Modulus, ratio, expansion and law of the solder, all of FR-4: in the file and on the page."""
    _, out, lives = computed
    result = _result(out / "plain" / "result.json")
    found = {(item["material"], item["name"]) for item in result["extrapolated"]}
    solder = ("youngs_modulus", "poissons_ratio", "expansion", "anand_sac305_motalab_2012")
    assert {("sac305", name) for name in solder} <= found
    assert len([name for material, name in found if material == "fr4"]) == 12
    assert {item["reached"] for item in result["extrapolated"]} == {FROZEN}
    remarks = " ".join(lives["plain"].remarks)
    page = (out / "report.html").read_text()
    for material, name in found:
        assert any(f"{material} {name} " in text for text in result["warnings"])
        assert name in remarks
        assert name in page
    assert "linearly from 30000 to 16060 MPa" in remarks


def test_report_says_what_the_oven_did(computed: tuple[Path, Path, Comparison]) -> None:
    """A fault that leaves the joint whole is a remark; a joint that is none is a row."""
    _, out, lives = computed
    remarks = lives["plain"].remarks
    assert remarks[0].startswith("Stress-free at 210 C, where its solder froze in reflow study")
    assert any("In reflow study oven" in text and "allowed" in text for text in remarks)
    row = pd.read_csv(out / "table.csv").set_index("joint").loc["resin"]
    assert row["status"] == "failed"
    assert "reflow study oven" in row["reason"]
    assert "never melts: it reaches 199.9 degC" in row["reason"]
    assert not (out / "resin" / "result.json").exists()
    page = (out / "report.html").read_text()
    assert "Stress-free at 210 C" in page
    assert "undercooling = 7.0" in page


def test_finished_runs_are_taken_over_after_reflow(
    computed: tuple[Path, Path, Comparison],
) -> None:
    study, out, _ = computed
    again = bf.run_study(study, out)
    assert [item.reused for item in again.outcomes] == [True] * 4


def test_key_covers_extrapolation_and_source(tmp_path: Path) -> None:
    """The same temperature from another source says another thing: it is computed anew."""
    plan = tiny_plan(tmp_path, stress_free_temperature=100.0)
    joint = plan.joints[0]
    frozen = {joint.name: JointStart(joint, StressFree(100.0, "frozen"))}
    plans = (
        plan,
        tiny_plan(tmp_path, stress_free_temperature=100.0, extrapolate=True),
        tiny_plan(tmp_path),
        tiny_plan(tmp_path, starts=frozen),
    )
    jobs = [item.jobs(tmp_path)[0] for item in plans]
    assert {job.stress_free_temperature for job in jobs} == {100.0}
    assert [job.stress_free_source for job in jobs] == [
        "given", "given", "the cycle's maximum", "frozen",
    ]  # fmt: skip
    assert len({job.key for job in jobs}) == 4


def test_joints_that_no_oven_freezes_start_from_the_reference(
    tmp_path: Path, repository: Path
) -> None:
    """A glued bump has nothing to melt; a neck is drawn from the melted fraction of its oven."""
    reflow = bf.ReflowStudy.load(repository / "studies" / "reflow.toml")
    package = reflow.load_package()
    bump = package.joint("metal_bump").bump
    assert bump is not None
    glue = {"bond": "conductive_adhesive", "bond_material": "silver_epoxy"}
    glued = package.joint("metal_bump").model_copy(update={"bump": bump.model_copy(update=glue)})
    designed = package.joint("necked")
    joints = [glued, designed]
    reference = StressFree(125.0, "the cycle's maximum")
    starts = starts_from_reflow(package, joints, reflow, reference, tmp_path, 1)
    assert starts["metal_bump"].stress_free == reference
    assert starts["metal_bump"].joint is glued
    assert "no solder" in starts["metal_bump"].remarks[0]
    necked = starts["necked"]
    assert necked.stress_free.temperature == 217.0
    melted = _result(tmp_path / "necked" / "reflow" / "result.json")["neck"]["fraction"]
    assert necked.joint.neck is not None
    assert designed.neck is not None
    assert necked.joint.neck.melted_fraction == melted != designed.neck.melted_fraction
    assert melted == pytest.approx(0.161, abs=0.005)
    assert any(f"melted fraction {melted:.3f}" in text for text in necked.remarks)


def test_firing_leaves_the_bond_to_another_oven(tmp_path: Path, repository: Path) -> None:
    """A furnace freezes the bump at copper's melting point, which is no state of the joint."""
    reflow = bf.ReflowStudy.load(repository / "studies" / "firing.toml")
    package = reflow.load_package()
    joint = package.joint("metal_bump")
    reference = StressFree(125.0, "given")
    starts = starts_from_reflow(package, [joint], reflow, reference, tmp_path, 1)
    start = starts["metal_bump"]
    assert not start.reason
    assert start.stress_free == reference
    assert "does not bond" in start.remarks[0]
    assert start.citations


def test_without_extrapolation_solidification_is_refused_with_the_hint(tmp_path: Path) -> None:
    """The row of the failed joint says what would allow it, and still where stress begins."""
    plain = tiny_plan(tmp_path).joints[0]
    start = JointStart(plain, StressFree(FROZEN, "frozen"), ("Stress-free at 210 C, frozen.",))
    plan = tiny_plan(tmp_path, starts={plain.name: start})
    job = plan.jobs(tmp_path)[0]
    with pytest.raises(PropertyRangeError, match=r"not at 210 C.*extrapolate = true in") as caught:
        job.run()
    (row,) = plan.joint_runs([JobOutcome(job, None, str(caught.value))])
    assert row.status == "failed"
    assert "extrapolate = true in the study" in row.reason
    assert row.remarks == start.remarks


def test_modulus_that_would_vanish_is_refused(tmp_path: Path) -> None:
    """SAC405: 16.7 GPa at 125 C, 176 MPa/K less beyond: nothing is left at 230 C."""
    plan = tiny_plan(tmp_path, stress_free_temperature=230.0, extrapolate=True)
    joint = plan.joints[0].model_copy(update={"solder": "sac405"})
    job = replace(plan, joints=(joint,)).jobs(tmp_path)[0]
    with pytest.raises(PropertyRangeError) as caught:
        job.run()
    for words in ("sac405 youngs_modulus cannot be continued", "230 C", "must be positive"):
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('reflow = "oven.toml"\nstress_free_temperature = 180.0\n', ["stress_free", "`reflow`"]),
        ('reflow = "no_oven.toml"\n', ["no_oven.toml", "no such file", "tiny.toml"]),
        ('reflow = "tiny.toml"\n', ["study.kind", "reflow", "tiny.toml"]),
        ('reflow = "other.toml"\n', ["same package", "different: board", "tiny.toml"]),
        ("reflow = 3\n", ["study.reflow", "path of a file"]),
        ('extrapolate = "yes"\n', ["study.extrapolate", "true or false"]),
    ],
)
def test_bad_keys_are_refused_before_anything_is_computed(
    tmp_path: Path, keys: str, words: list[str]
) -> None:
    study = _write(tmp_path, keys, ("plain",))
    thick = (tmp_path / "tiny_package.toml").read_text().replace("thickness = 0.6", "thickness = 1")
    (tmp_path / "other_package.toml").write_text(thick)
    (tmp_path / "other.toml").write_text(OVEN.replace("tiny_package", "other_package"))
    with pytest.raises(InputError) as caught:
        bf.run_study(study, tmp_path / "out")
    for word in words:
        assert word in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_python_refuses_the_same(tmp_path: Path) -> None:
    study = bf.Study.load(_write(tmp_path, joints=("plain",)))
    package = study.load_package()
    reflow = study.load_reflow(package)
    joints, cycle = study.selected_joints(package), study.cycle.thermal_cycle()
    law = study.fatigue.law
    with pytest.raises(InputError, match="no value beside reflow"):
        bf.compare(package, joints, cycle, law=law, reflow=reflow, stress_free_temperature=200.0)
    other = package.model_copy(update={"pitch": 0.9})
    with pytest.raises(InputError, match="different: pitch"):
        bf.compare(other, joints, cycle, law=law, reflow=reflow)
