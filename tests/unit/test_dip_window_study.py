"""The window of dip and flux: bad input, a small study from end to end, resumption."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bumpfem.design.dip_window import DipWindowStudy, HeatingWindow, OneHeating
from bumpfem.errors import InputError, MaterialError
from bumpfem.process.dip_window import WINDOW_VERDICTS
from bumpfem.report.figures_dip_window import VERDICTS
from bumpfem.study.dip_window import COLUMNS, DipWindowResults, run_dip_window
from bumpfem.study.dip_window_job import DipWindowJob
from bumpfem.study.kinds import run_kind, study_kind
from bumpfem.study.runner import JobOutcome

TEXT = """
kind = "dip_window"
package = "{package}"
resins = ["noflow_epoxy", "epoxy"]
workers = 1
extrapolate = true

[window]
heating_rates = [0.15, 3.0]
peaks = [210, 245]

[heating]
cure_temperature = 165.0
cure_time = 300.0

[wetting]
dip = 4.0
flux = 2.0
"""


def _written(folder: Path, repository: Path, **changes: str) -> Path:
    text = TEXT.format(package=repository / "meshes" / "pbga_0p80.toml")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = folder / "small.toml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def computed(
    tmp_path_factory: pytest.TempPathFactory, repository: Path
) -> tuple[Path, Path, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("dip")
    path = _written(folder, repository)
    run_kind(path, folder / "out")
    return path, folder / "out", pd.read_csv(folder / "out" / "window.csv")


def test_map_of_a_small_window(computed: tuple[Path, Path, pd.DataFrame]) -> None:
    """The resin made for it wins where heating is fast; the ordinary one always gels first."""
    path, out, table = computed
    assert study_kind(path) == "dip_window"
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 2 * 2 * 2 * 2
    verdicts = table.set_index(["resin", "route", "heating_rate_k_per_s", "peak_c"])["verdict"]
    assert verdicts["noflow_epoxy", "flux", 3.0, 245.0] == "made"
    assert verdicts["noflow_epoxy", "flux", 0.15, 245.0] == "gels_early"
    assert set(verdicts["epoxy"].xs(245.0, level="peak_c")) == {"gels_early"}
    assert set(verdicts.xs(210.0, level="peak_c")) == {"not_molten"}
    margins = table["margin_s"]
    assert (margins[table["verdict"] == "made"] >= 0.0).all()
    assert (margins[table["verdict"] == "gels_early"] < 0.0).all()
    assert margins[table["verdict"] == "not_molten"].isna().all()
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "data:image/png;base64," in page
    assert str(out) not in page
    assert (out / "window.png").read_bytes()[:4] == b"\x89PNG"


def test_dip_waits_longer_than_flux_by_its_wetting_time(
    computed: tuple[Path, Path, pd.DataFrame],
) -> None:
    """Both share one history, so the margins differ by 4 s less 2 s."""
    wide = computed[2].pivot(
        index=["resin", "heating_rate_k_per_s", "peak_c"], columns="route", values="margin_s"
    )
    assert np.allclose((wide["flux"] - wide["dip"]).dropna(), 2.0)


def test_check_with_the_heat_of_reaction(computed: tuple[Path, Path, pd.DataFrame]) -> None:
    """Coupled runs at the corners: the same verdicts, margins within seconds."""
    check = pd.read_csv(computed[1] / "check.csv")
    assert len(check) == 16
    assert (check["verdict"] == check["verdict_coupled"]).all()
    assert check["difference_s"].abs().max() < 5.0
    assert check["cure_difference"].abs().max() < 0.01


def test_finished_rates_are_taken_over_and_changed_ones_computed_anew(
    computed: tuple[Path, Path, pd.DataFrame],
) -> None:
    path, out, _ = computed
    again = run_dip_window(path, out)
    assert [item.reused for item in again.outcomes] == [True] * 4
    (out / "window" / "rate_3" / "result.json").unlink()
    once_more = run_dip_window(path, out)
    assert [item.reused for item in once_more.outcomes] == [True, False, True, True]
    assert once_more.window.equals(again.window)
    assert "noflow_epoxy" in str(once_more)


def test_a_resin_that_is_not_known_so_hot_takes_no_other_along(
    tmp_path: Path, repository: Path
) -> None:
    """Without leave to extrapolate: a law of cure that ends at 200 C, one that ends at 290 C."""
    changes = {'"epoxy"]': '"epoxy_120c"]', "extrapolate = true": "extrapolate = false"}
    study = DipWindowStudy.load(_written(tmp_path, repository, **changes))
    package = study.load_package()
    jobs = [
        DipWindowJob(package, study, 3.0, (245.0,), tmp_path / str(coupled), coupled=coupled)
        for coupled in (False, True)
    ]
    outcomes = tuple(JobOutcome(job, job.run()) for job in jobs)
    results = DipWindowResults(study, package, outcomes, tmp_path, "")
    for item in outcomes:
        assert item.result is not None
        verdicts = {(row["resin"], row["verdict"]) for row in item.result["rows"]}
        assert {name for name, verdict in verdicts if verdict == "impossible"} == {"epoxy_120c"}
    page = results.report().read_text(encoding="utf-8")
    for text in (str(results), page):
        assert "epoxy 120c cannot be run at 2 of 2 points: epoxy_120c cure kinetics" in text
        assert "extrapolate = true in the study" in text
    assert "Used beyond" not in page


def test_shipped_study_is_read(repository: Path) -> None:
    study = DipWindowStudy.load(repository / "studies" / "dip_window.toml")
    assert study.routes == ("dip", "flux")
    package = study.load_package()
    joint = study.joint_with(package, "noflow_epoxy", "dip")
    assert joint.anchor is not None
    assert (joint.anchor.material, joint.anchor.route) == ("noflow_epoxy", "dip")
    assert len(study.window.corners) == 4


def test_every_verdict_has_a_colour() -> None:
    assert {*WINDOW_VERDICTS, "impossible"} == set(VERDICTS)


def test_a_heating_has_its_rate_and_its_peak() -> None:
    programme = OneHeating(stay=20.0, cooling_rate=2.0, cure_time=100.0).programme(0.5, 250.0)
    times, temperatures = programme.corners()
    assert times == pytest.approx([0.0, 450.0, 470.0, 520.0, 620.0])
    assert temperatures == pytest.approx([25.0, 250.0, 250.0, 150.0, 150.0])
    without = OneHeating(stay=0.0, cure_time=0.0).programme(1.0, 250.0)
    assert len(without.corners()[0]) == 3


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("[0.15, 3.0]", "[3.0, 0.15]", "heating_rates"),
        ("[210, 245]", "[160, 245]", "window.peaks"),
        ('resins = ["noflow_epoxy", "epoxy"]', 'resins = ["epoxy", "epoxy"]', "resins"),
        ("workers = 1", 'joint = "plain"', "study.joint"),
        ("workers = 1", 'joint = "nothing"', "joint"),
        ("dip = 4.0", "dip = -1.0", "wetting.dip"),
    ],
)
def test_bad_input_names_its_field(
    tmp_path: Path, repository: Path, old: str, new: str, field: str
) -> None:
    path = _written(tmp_path, repository, **{old: new})
    with pytest.raises(InputError, match=field.replace(".", r"\.")):
        DipWindowStudy.load(path)


def test_a_resin_that_does_not_cure_is_refused_at_once(tmp_path: Path, repository: Path) -> None:
    path = _written(tmp_path, repository, **{'"epoxy"]': '"kapton"]'})
    with pytest.raises(MaterialError, match="kapton"):
        run_dip_window(path, tmp_path / "out")


def test_a_window_grows() -> None:
    with pytest.raises(InputError, match="growing"):
        HeatingWindow(heating_rates=(1.0, 2.0), peaks=(240.0, 240.0))
