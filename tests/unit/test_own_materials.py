"""Studies with materials of the user's own, from files beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bumpfem.constitutive import CuringMaxwell
from bumpfem.design import MakingStudy, Package
from bumpfem.errors import InputError, MaterialError
from bumpfem.process.region_materials import RegionMaterial, Window
from bumpfem.process.setting_resin import setting_law
from bumpfem.study.making_plan import making_jobs

_ROOT = Path(__file__).resolve().parents[2]
_LIBRARY = _ROOT / "bumpfem" / "materials" / "library"
_STUDY = f"""
kind = "making"
package = "{_ROOT}/meshes/pbga_0p80.toml"
[[joints]]
name = "mine"
like = "anchored"
anchor = {{ material = "MATERIAL", family = "epoxy" }}

[cycle]
condition = "G"
cycles = 1

[fatigue]
law = "darveaux_sac305_motalab_2013"
"""


def _study(folder: Path, material: str) -> MakingStudy:
    path = folder / "study.toml"
    path.write_text(_STUDY.replace("MATERIAL", material))
    return MakingStudy.load(path)


def _own(folder: Path, name: str, without: str = "") -> Path:
    """The library's epoxy as a file of the user's own, maybe without one of its tables."""
    text = (_LIBRARY / "epoxy.toml").read_text()
    if without:
        head, rest = text.split(f"[{without}]", 1)
        text = head + (rest[rest.index("\n[") + 1 :] if "\n[" in rest else "")
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def test_a_file_is_looked_for_beside_the_study(tmp_path: Path) -> None:
    """The study names it relative to itself; a run's key holds its content."""
    path = _own(tmp_path, "my_epoxy")
    study = _study(tmp_path, "my_epoxy.toml")
    (job,) = making_jobs(study, study.load_package(), tmp_path / "out")
    assert job.joint.anchor is not None
    assert job.joint.anchor.material == str(path)
    before = job.key
    assert "my_epoxy" in job.inputs["materials"][str(path)]
    law = setting_law(
        RegionMaterial("resin", str(path), None), "maxwell", Window(25.0, 25.0, 25.0)
    ).law
    assert isinstance(law, CuringMaxwell)
    path.write_text(
        path.read_text()
        .replace("value = 3400.0", "value = 3500.0")
        .replace("printed_value = 3.4\n", "printed_value = 3.5\n")
    )
    assert job.key != before


def test_a_file_of_a_package_is_beside_the_package(tmp_path: Path) -> None:
    _own(tmp_path, "my_board")
    text = (_ROOT / "meshes" / "pbga_0p80.toml").read_text()
    (tmp_path / "package.toml").write_text(
        text.replace('material = "fr4"', 'material = "my_board.toml"')
    )
    assert Package.load(tmp_path / "package.toml").board.material == str(tmp_path / "my_board.toml")


def test_missing_data_of_an_own_resin_are_named(tmp_path: Path) -> None:
    path = _own(tmp_path, "mine", without="curing_mechanics.shrinkage")
    with pytest.raises(MaterialError, match=r"missing shrinkage data of mine: add \[curing_mech"):
        setting_law(RegionMaterial("resin", str(path), None), "maxwell", Window(25.0, 25.0, 25.0))


def test_names_that_are_neither(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"or a file that ends in .toml"):
        _study(tmp_path, "My Epoxy")
