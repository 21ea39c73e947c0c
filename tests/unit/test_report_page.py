"""The page of a fatigue study of made-up joints: every number on it is checkable."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bumpfem.report import PICTURES, ReportContext, render_all, write_report
from bumpfem.report.files import JointFiles
from bumpfem.report.rows import key_figures, settling_rows, source_rows, table_rows
from bumpfem.report.style import joint_colours, number
from tests.support.joint_folders import two_joints


@pytest.fixture
def study(tmp_path: Path) -> dict[str, Path]:
    """Two computed joints, without pictures."""
    return two_joints(tmp_path)


def _row(joint: str, life: float, rank: object, **more: object) -> dict[str, object]:
    return {
        "joint": joint,
        "standoff_mm": 0.3,
        "delta_w_mpa": 0.2,
        "delta_w_error_mpa": 0.01,
        "inelastic_strain_range": 0.0123,
        "critical_layer": "solder_layer_interposer",
        "life_cycles": life,
        "life_low": 0.9 * life,
        "life_high": 1.1 * life,
        "life_ratio": life / 1000.0,
        "life_ratio_low": 0.8 * life / 1000.0,
        "life_ratio_high": 1.2 * life / 1000.0,
        "life_shape_effect": -0.012,
        "rank": rank,
        "mismatch": "",
        "yield_margin": np.nan,
        "settled": True,
        "unknowns": 20000,
        "wall_s": 30.0,
        "status": "done",
        "reason": "",
        **more,
    }


@pytest.fixture
def table() -> pd.DataFrame:
    """Plain, a longer-living cored joint outside the calibration, and a failed one."""
    return pd.DataFrame(
        [
            _row("plain", 1000.0, 2),
            _row("cored", 2000.0, 1, mismatch="layer 25 um, calibrated with 12.7 um"),
            _row("necked", np.nan, np.nan, status="failed", reason="no convergence at 5 s"),
        ]
    )


@pytest.fixture
def context(study: dict[str, Path], table: pd.DataFrame) -> ReportContext:
    """A complete context."""
    return ReportContext(
        title="Two <joints>",
        headline="Cored lives longest.",
        table=table,
        joint_folders=study,
        model_rows=[("Stress-free temperature", "125 °C")],
        why={"cored": "The core keeps the stand-off."},
        warnings=["Neck outside the design rule."],
        left_out=["Bending of the slabs."],
        sources=[("motalab2012", "secondary", "sac305 anand")],
        study_text='joints = ["plain", "cored"]',
        versions={"bumpfem": "0.1.0"},
    )


class _Page(HTMLParser):
    """Text, addresses and open tags of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "img", "br", "link"}:
            self.open.append(tag)
        for name, value in attrs:
            if name in {"src", "href"} and value:
                self.addresses.append(value)
            if name == "id" and value:
                self.ids.add(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_report_is_self_contained_and_complete(
    study: dict[str, Path], context: ReportContext, tmp_path: Path
) -> None:
    """Every address is data or an anchor that exists; no folder of the machine shows."""
    render_all(study)
    path = write_report(tmp_path, context)
    source = path.read_text(encoding="utf-8")
    page = _Page(source)
    assert page.open == []
    anchors = {address[1:] for address in page.addresses if address.startswith("#")}
    assert anchors <= page.ids
    others = [address for address in page.addresses if not address.startswith("#")]
    assert len(others) == 5 + len(PICTURES) * len(study)
    assert all(re.match(r"data:image/(png|svg\+xml);base64,", address) for address in others)
    assert str(tmp_path) not in source
    assert "Picture missing" not in page.text
    for words in (
        "Two <joints>",
        "Cored lives longest.",
        "2,000",
        "1,800 to 2,200",
        "1.60 to 2.40",
        "layer 25 um, calibrated with 12.7 um",
        "no convergence at 5 s",
        "cored & its <warning>",
        "The core keeps the stand-off.",
        "Neck outside the design rule.",
        "Bending of the slabs.",
        "[motalab2012]",
        "secondary",
        "Stress-free temperature",
        'joints = ["plain", "cored"]',
    ):
        assert words in page.text, words
    assert write_report(tmp_path, context).read_text(encoding="utf-8") == source


def test_missing_pictures_are_said_to_be_missing(context: ReportContext, tmp_path: Path) -> None:
    """Without pictures in the joints' folders the page names each of them; its numbers stay."""
    text = _Page(write_report(tmp_path, context).read_text(encoding="utf-8")).text
    assert text.count("Picture missing") == len(PICTURES) * len(context.joint_folders)
    assert "1,800 to 2,200" in text


def test_a_study_in_which_everything_failed_still_reports(tmp_path: Path) -> None:
    """No life, no folder: the page holds the reasons and claims nothing."""
    table = pd.DataFrame([_row("plain", np.nan, np.nan, status="failed", reason="mesh refused")])
    failed = ReportContext(
        title="Nothing", headline="No joint was computed.", table=table, joint_folders={}
    )
    text = _Page(write_report(tmp_path, failed).read_text(encoding="utf-8")).text
    assert "mesh refused" in text
    assert "0 of 1" in text
    assert "longest computed life" not in text


def test_key_figures_claim_a_lead_only_with_a_sole_first_rank(table: pd.DataFrame) -> None:
    """Rank 1 for one joint is a claim; shared or absent ranks are none."""
    ordered = table.sort_values("life_cycles", ascending=False)
    claimed = {name: value for name, value, _ in key_figures(ordered)}
    assert claimed == {
        "longest computed life": "cored",
        "gain over plain": "2.00\u00d7",
        "is the lead certain?": "yes",
        "joints computed": "2 of 3",
    }
    for rank in (1, np.nan):
        tied = {name: value for name, value, _ in key_figures(ordered.assign(rank=rank))}
        assert tied["is the lead certain?"] == "no"


def test_table_rows_read_the_same_from_memory_and_from_csv(
    table: pd.DataFrame, tmp_path: Path
) -> None:
    """A CSV file turns empty text into NaN and whole numbers into floats; rows must not care."""
    table.to_csv(tmp_path / "table.csv", index=False)
    rows = table_rows(table)
    assert table_rows(pd.read_csv(tmp_path / "table.csv")) == rows
    assert rows[1].rank == "1"
    assert rows[1].strain == "1.23"
    assert rows[1].energy == "0.200 \u00b1 0.010"
    assert rows[2].failed
    assert not rows[0].mismatch


def test_settling_rows_state_the_change_of_the_last_cycle(study: dict[str, Path]) -> None:
    """The second cycle dissipates 1.5 times the first: +50 %, not settled."""
    rows = settling_rows(
        {"plain": JointFiles.read(study["plain"])}, {"plain": "solder_layer_board"}
    )
    assert [(row["energy"], row["change"], row["settled"]) for row in rows] == [
        ("1.50", "+50.0 %", False),
        ("1.20", "+50.0 %", False),
        ("0.600", "+50.0 %", False),
    ]
    assert [row["critical"] for row in rows] == [False, True, False]


def test_sources_are_grouped_and_never_lost() -> None:
    """Two uses of one key are one row; a key of the user's own stays visible."""
    rows = source_rows(
        [
            ("motalab2012", "secondary", "sac305 anand"),
            ("motalab2012", "unverified", "sac305 shear_modulus"),
            ("nobody1900", "secondary", "fr4 expansion_x"),
        ]
    )
    assert rows[0].statuses == ("secondary", "unverified")
    assert rows[0].uses == ("sac305 anand", "sac305 shear_modulus")
    assert "nobody1900" in rows[1].text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2347.1, "2,350"),
        (999.96, "1,000"),
        (0.0, "0"),
        (float("inf"), "\u2013"),
        (2.5e-6, "2.50\u00d710\u207b\u2076"),
        (-0.0123, "\u22120.0123"),
    ],
)
def test_numbers_read_well(value: float, text: str) -> None:
    """Three significant digits, thin grouping, a true minus sign, powers of ten at the ends."""
    assert number(value) == text


def test_joint_colours_are_distinct_and_fixed_for_the_ready_made_ones() -> None:
    """The six variants keep their colours whatever else is compared."""
    colours = joint_colours(["cored", "cored+anchored", "custom", "plain"])
    assert len(set(colours.values())) == 4
    assert colours["plain"] == joint_colours(["plain"])["plain"]
    many = ["plain", *(f"joint_{number}" for number in range(11))]
    assert len(set(joint_colours(many).values())) == 12
    assert len(joint_colours([*many, "another"])) == 13
