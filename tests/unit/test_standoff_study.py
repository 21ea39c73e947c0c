"""The study of stand-off: what it reads, what it refuses, what it writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bumpfem.design import Package
from bumpfem.design.standoff_study import StandoffStudy
from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.materials import load_material
from bumpfem.study.kinds import run_kind, study_kind
from bumpfem.study.standoff import Conditions, melt_of, mount, standoff_table

TEXT = """
kind = "standoff"
package = "{package}"
joints = ["plain", "cored"]
load_mn = {load}
temperature = 240.0
[sweep]
loads_mn = [0.0, 0.6]
volume_factors = [0.3, 1.0]
temperatures = [225.0, 260.0]
"""


def written(folder: Path, repository: Path, load: str = "0.1", **changes: str) -> Path:
    """A small study of the shipped PBGA."""
    text = TEXT.format(package=repository / "meshes" / "pbga_0p80.toml", load=load)
    for old, new in changes.items():
        text = text.replace(old, new)
    path = folder / "small.toml"
    path.write_text(text)
    return path


def test_run_writes_table_picture_and_page(tmp_path: Path, repository: Path) -> None:
    """Twelve rows; the core keeps 0.33 mm where the plain joint falls, and carries the load."""
    path = written(tmp_path, repository)
    assert study_kind(path) == "standoff"
    done = run_kind(path, tmp_path / "out")
    assert not done.failed
    table = pd.read_csv(tmp_path / "out" / "table.csv")
    assert len(table) == 12
    assert (tmp_path / "out" / "standoff.png").read_bytes()[:4] == b"\x89PNG"
    page = done.page.read_text(encoding="utf-8")
    assert "data:image/png;base64," in page
    assert str(tmp_path) not in page.split("<h2>Study</h2>")[0]
    assert "solder_surface_tension" in page
    cored = table[table["joint"] == "cored"]
    assert np.allclose(cored["standoff_mm"], 0.33, atol=1e-12)
    plain = table[(table["joint"] == "plain") & (table["sweep"] == "load")]
    assert plain["standoff_mm"].is_monotonic_decreasing
    assert plain["standoff_mm"].iloc[-1] < 0.25
    loaded = cored[(cored["sweep"] == "load") & (cored["load_mn"] == 0.6)]
    assert loaded["core_force_mn"].item() > 0.5
    assert list(cored[cored["sweep"] == "volume"]["regime"]) == ["bridges", "wrapped"]


def test_shipped_study_is_read(repository: Path) -> None:
    study = StandoffStudy.load(repository / "studies" / "standoff_cored.toml")
    assert study.load_mn is None
    assert [joint.name for joint in study.selected_joints(study.load_package())] == [
        "plain", "cored",
    ]  # fmt: skip


def test_without_a_load_the_package_weighs_on_its_joints(tmp_path: Path, repository: Path) -> None:
    study = StandoffStudy.load(written(tmp_path, repository, **{"load_mn = 0.1\n": ""}))
    table, _, words = standoff_table(study)
    assert "share of the package's weight" in words
    shares = table[table["sweep"] != "load"]["load_mn"].unique()
    assert len(shares) == 1
    assert 0.005 < shares[0] < 0.05


def test_melt_swells(pbga: Package) -> None:
    """Volume = mass / density of the melt: solid at 20 C over liquid at 240 C."""
    sac305 = load_material("sac305")
    liquid, swelling = melt_of(pbga, 240.0)
    assert swelling == pytest.approx(sac305["density"](20.0) / sac305["liquid_density"](240.0))
    assert 1.02 < swelling < 1.08
    assert liquid.surface_tension < melt_of(pbga, 220.0)[0].surface_tension


def test_a_core_keeps_the_standoff_only_while_it_is_solid(repository: Path) -> None:
    """Pb90Sn10 melts from 275 C: beyond that there is no row to trust. SnPb's data end at 260 C."""
    cbga = Package.load(repository / "meshes" / "cbga_1p27.toml")
    joint = cbga.joint("cored")
    assert joint.core is not None
    kept = mount(cbga, joint, Conditions(0.5, 1.0, 250.0))
    assert kept.standoff_mm == pytest.approx(0.64, rel=1e-9)
    soft = joint.core.model_copy(update={"material": "sn62pb36ag2"})
    lost = mount(cbga, joint.model_copy(update={"core": soft}), Conditions(0.5, 1.0, 250.0))
    assert np.isnan(lost.standoff_mm)
    assert "melts" in lost.note
    with pytest.raises(PropertyRangeError):
        mount(cbga, joint, Conditions(0.5, 1.0, 280.0))


def test_solder_that_is_not_molten_is_refused(pbga: Package) -> None:
    with pytest.raises(InputError, match="not molten") as caught:
        mount(pbga, pbga.joint("plain"), Conditions(0.1, 1.0, 200.0))
    assert caught.value.unit == "degC"


def test_what_has_no_equilibrium_is_a_row_with_its_reason(pbga: Package) -> None:
    """1 N on a joint of solder squeezes it out; on a cored one the core carries it."""
    plain, cored = (
        mount(pbga, pbga.joint(name), Conditions(1000.0, 1.0, 240.0)) for name in ("plain", "cored")
    )
    assert cored.core_force_mn == pytest.approx(1000.0, rel=1e-2)
    assert plain.regime == "none" or plain.standoff_mm < 0.05
    few = mount(pbga, pbga.joint("cored"), Conditions(0.1, 0.06, 240.0))
    assert few.regime == "none"
    assert few.note


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('kind = "standoff"', 'kind = "standof"', "study.kind"),
        ('"plain", "cored"', '"plain", "necked"', "study.joints.2"),
        ('"plain", "cored"', '"plain", "plain"', "study.joints.1"),
        ("loads_mn = [0.0, 0.6]", "loads_mn = [0.6, 0.0]", "loads_mn"),
        ("temperature = 240.0", "temprature = 240.0", "study.temprature"),
        ("load_mn = 0.1\n", "load_mn = -1.0\n", "study.load_mn"),
    ],
)
def test_bad_studies_are_refused(
    tmp_path: Path, repository: Path, old: str, new: str, field: str
) -> None:
    with pytest.raises(InputError) as caught:
        run_kind(written(tmp_path, repository, **{old: new}), tmp_path / "out")
    assert field in caught.value.field or field in str(caught.value)
