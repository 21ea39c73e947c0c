"""Lives of joints compared: bars, ranks, reasons and what is said of each."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from bumpfem.comparison import ErrorModel, Interval, JointRuns, Lives, RunMeasures
from bumpfem.comparison.lives import TABLE_COLUMNS
from bumpfem.errors import InputError
from bumpfem.fatigue import CycleMeasures, load_fatigue_law

SYED = load_fatigue_law("syed_2004_sac_sinh_energy")  # N = 1 / (0.0019 W): easy by hand
DARVEAUX = load_fatigue_law("darveaux_sac305_motalab_2013")


def measures(work: float, crack: float = 0.4, shear: float = 0.02) -> CycleMeasures:
    return CycleMeasures(
        delta_w_mpa=work,
        inelastic_strain_accumulated=0.04 * work,
        shear_strain_range=shear,
        crack_length_mm=crack,
        alloy="sac305",
        constitutive_law="anand",
        law_set="anand_sac305_motalab_2012",
        averaging_volume="solder_layer_interposer",
        averaging_thickness_mm=0.025,
        temperature_minimum_c=-40.0,
        temperature_maximum_c=125.0,
    )


def runs(
    name: str, work: float, spread: float = 0.01, crack: float = 0.4, height: float = 0.3
) -> JointRuns:
    """Fine, coarse and loose run, the latter two off by a fraction of the work."""

    def run(size: float, tolerance: float, value: float) -> RunMeasures:
        return RunMeasures(
            mesh_size=size,
            tolerance=tolerance,
            layers={
                "solder_layer_interposer": measures(value, crack, 0.006 / height),
                "solder_layer_board": measures(0.5 * value, crack, 0.006 / height),
            },
            unknowns=round(20000 / size),
            wall_s=30.0 / size,
        )

    return JointRuns(
        joint=name,
        runs=(
            run(2.0, 1e-3, work * (1.0 + spread)),
            run(1.0, 1e-3, work),
            run(1.0, 1e-2, work * (1.0 + spread)),
        ),
        standoff_mm=height,
    )


def test_life_and_its_bar_by_hand() -> None:
    """W = 0.5 MPa; mesh and time each 1.25 * 0.01 * 0.5: bar 0.4875 to 0.5125 MPa."""
    (row,) = Lives.from_runs([runs("plain", 0.5)], SYED)
    assert row.critical_layer == "solder_layer_interposer"
    bar = row.delta_w_mpa
    assert bar is not None
    assert (bar.low, bar.value, bar.high) == pytest.approx((0.4875, 0.5, 0.5125))
    assert row.life is not None
    assert row.life.low == pytest.approx(1.0 / (0.0019 * 0.5125))
    assert row.life.value == pytest.approx(1.0 / (0.0019 * 0.5))
    assert row.life.high == pytest.approx(1.0 / (0.0019 * 0.4875))
    assert (row.unknowns, row.wall_s) == (20000, 30.0)


def test_the_ratio_has_a_bar_of_its_own() -> None:
    """N ~ 1/W: the coarse and the loose run change ln(N_a/N_p) by ln(1.03/1.01), mesh and time part
    are 1.25 times that each."""
    lives = Lives.from_runs([runs("plain", 0.5, 0.01), runs("anchored", 0.25, 0.03)], SYED)
    assert lives.groups == (("anchored",), ("plain",))
    ratio = lives.ratio("anchored")
    assert ratio is not None
    spread = (1.03 / 1.01) ** 2.5
    assert (ratio.low, ratio.value, ratio.high) == pytest.approx((2.0 / spread, 2.0, 2.0 * spread))
    back = lives.ratio("plain", "anchored")
    assert back is not None
    assert (back.low, back.high) == pytest.approx((1.0 / ratio.high, 1.0 / ratio.low))
    assert lives.ratio("plain") == Interval(1.0, 1.0, 1.0)
    assert "longer beyond the error bar" in lives.why["anchored"]


def test_what_joints_err_alike_leaves_their_ratio() -> None:
    """A coarse mesh that raises the work of both by a fifth says nothing about which lives longer:
    single bars overlap, the ratio does not move. One mesh's own scatter does not cancel: 3 % of
    work is ln(1/0.97) of life on either side of the ratio."""
    both = [runs("plain", 0.50, 0.2), runs("masked", 0.45, 0.2)]
    lives = Lives.from_runs(both, SYED)
    first, second = lives["masked"].life, lives["plain"].life
    assert first is not None
    assert second is not None
    assert not first.separated(second)
    assert lives.outlives("masked", "plain")
    assert not lives.outlives("plain", "masked")
    ratio = Lives.from_runs(both, SYED, model=ErrorModel(mesh_scatter=0.03)).ratio("masked")
    assert ratio is not None
    assert ratio.low == pytest.approx(ratio.value * 0.97**2)


def test_scatter_grows_on_coarse_meshes() -> None:
    """A reference on a mesh of size 2 has twice the scatter of one of size 1 and finer."""
    model = ErrorModel(mesh_scatter=0.03)
    assert [model.scatter_at(size) for size in (0.5, 1.0, 2.0)] == [0.03, 0.03, 0.06]
    both = [runs("plain", 0.50, 0.2), runs("masked", 0.45, 0.2)]
    coarse = [
        replace(joint, runs=tuple(replace(run, mesh_size=2 * run.mesh_size) for run in joint.runs))
        for joint in both
    ]
    ratio = Lives.from_runs(coarse, SYED, model=model).ratio("masked")
    assert ratio is not None
    assert ratio.low == pytest.approx(ratio.value * 0.94**2)


def test_runs_of_other_settings_take_the_worst_of_both_bars() -> None:
    joint = runs("anchored", 0.25)
    finer = replace(
        joint, runs=tuple(replace(run, mesh_size=0.9 * run.mesh_size) for run in joint.runs)
    )
    lives = Lives.from_runs([runs("plain", 0.5), finer], SYED)
    ratio, life, other = lives.ratio("anchored"), lives["anchored"].life, lives["plain"].life
    assert ratio is not None
    assert life is not None
    assert other is not None
    assert (ratio.low, ratio.high) == (life.low / other.high, life.high / other.low)


def test_joints_within_error_share_a_rank_and_are_called_not_separated() -> None:
    lives = Lives.from_runs(
        [runs("plain", 0.50), runs("masked", 0.49, 0.03), runs("cored", 0.2)], SYED
    )
    assert [lives.rank(name) for name in ("cored", "masked", "plain")] == [1, 2, 2]
    assert "Rank 2, not separated: masked, plain." in lives.ranking
    assert "not separated: the error bar holds 1" in lives.why["masked"]
    assert "2 (not separated)" in str(lives)
    assert list(lives.table["rank"]) == [2, 2, 1]


def test_a_chain_says_which_of_its_members_are_separated() -> None:
    """Plain and necked err alike, masked otherwise: it stands between them and is apart from none,
    while necked outlives plain."""
    lives = Lives.from_runs(
        [runs("plain", 0.50), runs("masked", 0.485, 0.03), runs("necked", 0.47)], SYED
    )
    assert len(lives.groups) == 1
    assert "Within it necked lives longer than plain." in lives.ranking


def test_one_run_alone_claims_nothing() -> None:
    single = [replace(j, runs=j.runs[1:2]) for j in (runs("plain", 0.5), runs("cored", 0.05))]
    lives = Lives.from_runs(single, SYED)
    assert lives.groups == (("cored", "plain"),)
    assert "No second mesh size" in lives.why["cored"]
    assert "No second tolerance" in lives.why["cored"]
    assert "not separated: there is no error bar" in lives.why["cored"]
    assert "infinite" not in lives.why["cored"]
    assert lives.table.loc[0, "life_high"] == math.inf


def test_failed_and_not_applicable_joints_are_rows_with_reasons() -> None:
    lives = Lives.from_runs(
        [
            runs("plain", 0.5),
            JointRuns(joint="necked", status="failed", reason="no convergence at 42 s"),
            JointRuns(
                joint="metal_bump",
                status="not applicable",
                reason="bonded by weld: no solder to fatigue",
                yield_margin=1.7,
                unknowns=9000,
            ),
        ],
        SYED,
    )
    table = lives.table.set_index("joint")
    assert tuple(lives.table.columns) == TABLE_COLUMNS
    assert list(table["status"]) == ["ok", "failed", "not applicable"]
    assert table.loc["necked", "reason"] == "no convergence at 42 s"
    assert math.isnan(table.loc["metal_bump", "life_cycles"])
    assert table.loc["metal_bump", "yield_margin"] == 1.7
    assert lives.failed == ("necked",)
    assert any("Not ranked: necked (failed: no convergence" in s for s in lives.ranking)
    assert "no convergence at 42 s" in lives.why["necked"]
    assert lives.rank("metal_bump") is None


def test_failed_baseline_leaves_lives_without_ratio() -> None:
    lives = Lives.from_runs(
        [JointRuns(joint="plain", status="failed", reason="broke"), runs("cored", 0.2)], SYED
    )
    assert lives.ratio("cored") is None
    assert lives["cored"].life is not None
    assert "no life to compare with" in lives.why["cored"]


def test_the_reasons_multiply_to_the_ratio() -> None:
    """Half the work and a path 1.5 times as long: the split is that of the law itself.

    N0 ratio and growth ratio by hand: life(0.5, 0.4) = 37.97 * 0.5^-2.8 + 0.4 / 9.6352e-4, and so
    on; the work alone gives life(0.25, 0.4) / life(0.5, 0.4), the path the rest.
    """

    def life(work: float, crack: float) -> float:
        return 37.97 * work**-2.8 + crack / (3.99e-3 * work**2.05)

    lives = Lives.from_runs(
        [runs("plain", 0.5), runs("cored", 0.25, crack=0.6, height=0.36)], DARVEAUX
    )
    by_work = life(0.25, 0.4) / life(0.5, 0.4)
    by_path = life(0.25, 0.6) / life(0.25, 0.4)
    text = lives.why["cored"]
    assert f"A factor {by_work:.3g} comes from the inelastic work density" in text
    assert f"a factor {by_path:.3g} from the crack path (0.6 instead of 0.4 mm)" in text
    assert "Stand-off 0.36 instead of 0.3 mm (+20%)" in text
    assert "the stand-off alone would give 0.833 times" in text
    assert "like plain" in text
    ratio = lives.ratio("cored")
    assert ratio is not None
    assert ratio.value == pytest.approx(by_work * by_path)


def test_the_weakest_layer_decides_and_doubt_about_it_is_said() -> None:
    joint = runs("plain", 0.5)
    level = tuple(
        replace(run, layers={**run.layers, "solder_layer_board": measures(0.501)})
        for run in joint.runs
    )
    (row,) = Lives.from_runs([replace(joint, runs=level)], SYED)
    assert row.critical_layer == "solder_layer_board"
    doubt = "The bars of the board side and the interposer side overlap: which fails first"
    assert any(doubt in remark for remark in row.remarks)
    (row,) = Lives.from_runs([replace(joint, runs=level[:1])], SYED)
    assert not any(doubt in remark for remark in row.remarks), "bars without end say nothing"


def test_an_unsettled_loop_is_said() -> None:
    joint = runs("plain", 0.5)
    moving = tuple(replace(run, settled=False, change=-0.08) for run in joint.runs)
    lives = Lives.from_runs([replace(joint, runs=moving)], SYED)
    assert "has not settled" in lives.why["plain"]
    assert "-8.0%" in lives.why["plain"]


def test_mismatches_reach_table_text_and_notebook() -> None:
    lives = Lives.from_runs([runs("plain", 0.5)], SYED)
    assert "differs: constitutive law" in lives.table.loc[0, "mismatch"]
    assert "the run uses anand" in str(lives)
    assert "the run uses anand" in lives._repr_html_()
    assert "the run uses anand" in lives.why["plain"]


def test_matching_run_shows_only_what_is_unknown() -> None:
    lives = Lives.from_runs([runs("plain", 0.5)], DARVEAUX)
    assert lives.table.loc[0, "mismatch"] == "unknown: averaging thickness"


def test_html_escapes_what_users_name() -> None:
    lives = Lives.from_runs([runs("plain", 0.5), runs("<b>mine</b>", 0.2)], SYED)
    assert "<b>mine" not in lives._repr_html_()
    assert "&lt;b&gt;mine" in lives._repr_html_()


def test_a_joint_without_inelastic_work_lives_for_ever() -> None:
    lives = Lives.from_runs([runs("plain", 0.5), runs("stiff", 0.0)], SYED)
    assert lives.table.set_index("joint").loc["stiff", "life_cycles"] == math.inf
    assert lives.rank("stiff") == 1
    assert "life is infinite" in lives.why["stiff"]
    assert "infinite" in str(lives)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Lives.from_runs([], SYED),
        lambda: Lives.from_runs([runs("plain", 0.5), runs("plain", 0.4)], SYED),
        lambda: Lives.from_runs([runs("plain", 0.5)], SYED, baseline="cored"),
        lambda: Lives.from_runs([runs("plain", 0.5)], SYED)["cored"],
        lambda: JointRuns(joint="plain"),
        lambda: JointRuns(joint="plain", status="failed"),
    ],
)
def test_impossible_comparisons_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(InputError):
        make()


def test_baseline_is_plain_or_the_first() -> None:
    assert Lives.from_runs([runs("a", 0.5), runs("plain", 0.4)], SYED).baseline == "plain"
    assert Lives.from_runs([runs("a", 0.5), runs("b", 0.4)], SYED).baseline == "a"


def test_effect_of_weight_is_that_of_the_same_mesh() -> None:
    """N ~ 1/W: 0.505 MPa under weight against 0.404 without, on the coarse mesh: 0.8 - 1."""
    joint = runs("plain", 0.5)
    layers = {"solder_layer_interposer": measures(0.404, 0.4, 0.02)}
    weightless = replace(joint.runs[0], layers=layers)
    (row,) = Lives.from_runs([replace(joint, weightless=weightless)], SYED)
    assert row.shape_effect == pytest.approx(0.404 / 0.505 - 1.0)
    (without,) = Lives.from_runs([joint], SYED)
    assert without.shape_effect is None
