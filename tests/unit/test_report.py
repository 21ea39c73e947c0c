"""The report room, on small synthetic result folders: every number on the page is checkable."""

from __future__ import annotations

import json
import logging
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import pyvista as pv
from matplotlib.image import imread

from bumpfem.errors import MeshError
from bumpfem.report import (
    PICTURES,
    ReportContext,
    render_all,
    render_pictures,
    scenes,
    sections,
    write_report,
)
from bumpfem.report.figures_joint import dwells
from bumpfem.report.files import JointFiles
from bumpfem.report.rows import key_figures, settling_rows, source_rows, table_rows
from bumpfem.report.style import joint_colours, number
from bumpfem.report.surfaces import Solid, curved, on_faces, region_boundaries, subdivide

_NAMES = {
    "solder": 1,
    "solder_layer_interposer": 2,
    "solder_layer_board": 3,
    "interposer_pad": 10,
    "board_pad": 11,
    "interposer": 14,
    "board": 15,
}
_HEIGHTS = (-0.2, -0.02, 0.0, 0.03, 0.15, 0.27, 0.3, 0.32, 0.5)
_CENTRE = 6.0


def _tetrahedra() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A stack of bricks, 0.4 mm wide where there is solder, cut into quadratic tetrahedra."""
    x = _CENTRE + np.linspace(-0.4, 0.4, 5)
    y = np.linspace(0.0, 0.4, 3)
    z = np.array(_HEIGHTS)
    grid = np.stack(np.meshgrid(x, y, z, indexing="ij"), axis=-1)
    index = np.arange(grid[..., 0].size).reshape(grid.shape[:3])
    points = list(grid.reshape(-1, 3))
    paths = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    middle: dict[tuple[int, int], int] = {}
    cells, region = [], []
    for i, j, k in np.ndindex(4, 2, len(z) - 1):
        low, inside = z[k], i in (1, 2) and j == 0
        name = {
            -0.2: "board",
            -0.02: "board_pad" if inside else None,
            0.0: "solder_layer_board" if inside else None,
            0.27: "solder_layer_interposer" if inside else None,
            0.3: "interposer_pad" if inside else None,
            0.32: "interposer",
        }.get(float(low), "solder" if inside else None)
        if name is None:
            continue
        for path in paths:
            corner = np.array([i, j, k])
            nodes = [int(index[tuple(corner)])]
            for axis in path:
                corner[axis] += 1
                nodes.append(int(index[tuple(corner)]))
            a, b, c, d = (points[n] for n in nodes)
            if np.dot(np.cross(b - a, c - a), d - a) < 0:
                nodes[1], nodes[2] = nodes[2], nodes[1]
            for first, second in ((0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)):
                key = (min(nodes[first], nodes[second]), max(nodes[first], nodes[second]))
                if key not in middle:
                    middle[key] = len(points)
                    points.append((points[key[0]] + points[key[1]]) / 2.0)
                nodes.append(middle[key])
            cells.append(nodes)
            region.append(_NAMES[name])
    return np.array(points), np.array(cells), np.array(region)


def _write_fields(folder: Path, scale: float) -> None:
    points, cells, region = _tetrahedra()
    grid = pv.UnstructuredGrid({24: cells}, points)
    grid.cell_data["region"] = region
    for name, tag in _NAMES.items():
        grid.field_data[name] = np.array([tag])
    grid.save(folder / "mesh.vtu")
    height = points[cells[:, :4], 2].mean(axis=1)
    solder = np.isin(region, [1, 2, 3])
    grid.cell_data["delta_w"] = np.where(solder, scale * (0.1 + height), 0.0)
    shear = 0.004 * np.clip(points[:, 2] / 0.3, 0.0, 1.0)
    grid.point_data["displacement"] = np.stack([shear - 0.01, 0 * shear, 0 * shear], axis=1)
    grid.save(folder / "fields.vtu")


def _write_histories(folder: Path, scale: float) -> None:
    """Two cycles of ramp, cold dwell, ramp, hot dwell; 1, then 1.5 times ``scale`` mJ/mm3."""
    rows = [(0.0, 0, 125.0, 0.0, 0.0, 0.0)]
    loop = [(-40.0, 0.02, 30.0), (-40.0, 0.02, 22.0), (125.0, 0.0, -8.0), (125.0, 0.0, -2.0)]
    for cycle, work in ((1, scale), (2, 1.5 * scale)):
        for part, (temperature, strain, stress) in enumerate(loop, start=1):
            before = 0.0 if cycle == 1 else scale
            rows.append(
                (
                    rows[-1][0] + 600.0,
                    cycle,
                    temperature,
                    strain,
                    stress,
                    before + work * part / len(loop),
                )
            )
    values = np.array(rows)
    work_done = values[:, 5]
    columns = ["time_s", "cycle", "temperature_c", "shear_strain", "shear_stress_mpa"]
    history = pd.DataFrame(values[:, :5], columns=columns).astype({"cycle": int})
    cycles = []
    for volume, share in (
        ("solder_layer_interposer", 1.0),
        ("solder_layer_board", 0.8),
        ("solder", 0.4),
    ):
        history[f"inelastic_work_mpa__{volume}"] = share * work_done
        for number_, value, change in ((1, scale, np.nan), (2, 1.5 * scale, 0.5)):
            cycles.append(
                {
                    "cycle": number_,
                    "volume": volume,
                    "delta_w_mpa": share * value,
                    "change": change,
                    "settled": False,
                }
            )
    history.to_csv(folder / "history.csv", index=False)
    pd.DataFrame(cycles).to_csv(folder / "cycles.csv", index=False)


def _joint(folder: Path, name: str, scale: float) -> Path:
    folder.mkdir()
    _write_fields(folder, scale)
    _write_histories(folder, scale)
    summary = {"joint": name, "warnings": [f"{name} & its <warning>"]}
    (folder / "result.json").write_text(json.dumps(summary), encoding="utf-8")
    return folder


@pytest.fixture
def study(tmp_path: Path) -> dict[str, Path]:
    """Two computed joints, without pictures."""
    return {
        name: _joint(tmp_path / name, name, scale) for name, scale in (("plain", 1), ("cored", 0.5))
    }


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


def test_subdivided_faces_keep_the_area_of_a_flat_triangle() -> None:
    """Nine pieces of a triangle with legs 3 and 4 have its area, 6, whatever the nodes' order."""
    points = np.array([[0, 0, 0], [3, 0, 0], [0, 4, 0], [1.5, 0, 0], [1.5, 2, 0], [0, 2, 0]], float)
    barycentric, triangles = subdivide(np.array([[0, 1, 2, 3, 4, 5]]), 3)
    fine = on_faces(points, np.array([[0, 1, 2, 3, 4, 5]]), barycentric)
    a, b, c = (fine[triangles[:, k]] for k in range(3))
    areas = np.cross(b - a, c - a)[:, 2] / 2.0
    assert len(areas) == 9
    assert areas == pytest.approx(6.0 / 9.0)


def test_curved_edge_follows_its_parabola() -> None:
    """Ends (0, 0), (2, 0) and middle (1, 1) define y = x (2 - x)."""
    points = np.array([[0, 0, 0], [2, 0, 0], [1, 1, 0]], float)
    x, y, _ = curved(points, np.array([[0, 1, 2]]), 8)[0].T
    assert y == pytest.approx(x * (2.0 - x))


def test_section_has_the_area_of_the_drawn_bricks(study: dict[str, Path]) -> None:
    """On y = 0: slabs 0.8 mm wide and 0.18 mm thick each, joint 0.4 mm wide from -0.02 to 0.32."""
    solid = Solid.read(study["plain"] / "mesh.vtu")
    faces, _ = solid.section_faces()
    a, b, c = (solid.points[faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0
    assert area == pytest.approx(0.8 * (0.18 + 0.18) + 0.4 * 0.34)
    assert solid.volumes.sum() == pytest.approx(0.4 * 0.8 * 0.36 + 0.2 * 0.4 * 0.34)


def test_region_boundaries_are_outline_and_interfaces(study: dict[str, Path]) -> None:
    """The drawn lines: the outline of the section and the six interfaces across the joint."""
    solid = Solid.read(study["plain"] / "mesh.vtu")
    faces, owner = solid.section_faces()
    edges = solid.points[region_boundaries(faces, solid.region[owner])]
    length = np.linalg.norm(edges[:, 1] - edges[:, 0], axis=1).sum()
    outline = 2 * (0.8 + 0.4) + 4 * 0.18 + 2 * 0.34
    assert length == pytest.approx(outline + 6 * 0.4)


def test_axis_window_and_magnification(study: dict[str, Path]) -> None:
    """The joint stands at 6 mm; half of 0.004 mm against 0.3 mm calls for ten times."""
    solid = Solid.read(study["plain"] / "fields.vtu")
    assert sections.axis_of(solid) == pytest.approx(_CENTRE)
    window = sections.Window.around(solid)
    assert (window.left, window.right) == pytest.approx((-0.264, 0.264))
    assert sections.magnification(solid) == 10.0
    still = Solid.read(study["plain"] / "fields.vtu")
    still.point_data["displacement"][:] = 3.0
    assert sections.magnification(still) == 1.0


def test_energy_limit_lies_above_98_percent_of_the_solder(study: dict[str, Path]) -> None:
    """The energy grows linearly with height: the limit sits in the uppermost layer."""
    solid = Solid.read(study["plain"] / "fields.vtu")
    cells = solid.of(sections.working_regions(solid))
    limit = sections.energy_limit(solid)
    below = solid.volumes[cells][solid.cell_data["delta_w"][cells] <= limit].sum()
    assert below >= 0.98 * solid.volumes[cells].sum()
    assert 0.1 + 0.27 < limit <= 0.41


def test_nodal_mean_of_a_constant_is_the_constant(study: dict[str, Path]) -> None:
    """Averaging keeps a constant inside the cells and leaves the rest undefined."""
    solid = Solid.read(study["plain"] / "fields.vtu")
    solid.cell_data["delta_w"][:] = 0.7
    cells = solid.of(["solder"])
    nodal = solid.nodal("delta_w", cells)
    inside = np.unique(solid.cells[cells])
    assert nodal[inside] == pytest.approx(0.7)
    assert np.isnan(np.delete(nodal, inside)).all()


def test_unnamed_or_linear_meshes_are_refused(tmp_path: Path) -> None:
    """A file that cannot be drawn says why."""
    linear = pv.UnstructuredGrid(
        {10: np.array([[0, 1, 2, 3]])}, np.vstack([np.zeros(3), np.eye(3)])
    )
    linear.save(tmp_path / "linear.vtu")
    with pytest.raises(MeshError, match="no quadratic tetrahedra"):
        Solid.read(tmp_path / "linear.vtu")
    points, cells, region = _tetrahedra()
    unnamed = pv.UnstructuredGrid({24: cells}, points)
    unnamed.cell_data["region"] = region
    unnamed.save(tmp_path / "unnamed.vtu")
    with pytest.raises(MeshError, match="names no regions"):
        Solid.read(tmp_path / "unnamed.vtu")


def test_region_names_as_parallel_lists(tmp_path: Path) -> None:
    """Names and numbers may also stand in two lists of the same length."""
    points, cells, region = _tetrahedra()
    grid = pv.UnstructuredGrid({24: cells}, points)
    grid.cell_data["region"] = region
    grid.field_data["region_names"] = np.array(list(_NAMES))
    grid.field_data["region_ids"] = np.array(list(_NAMES.values()))
    grid.save(tmp_path / "lists.vtu")
    assert Solid.read(tmp_path / "lists.vtu").names == _NAMES


def test_loop_closes_on_the_cycle_before_and_shows_its_dwells(study: dict[str, Path]) -> None:
    """Cycle 2 begins with the last state of cycle 1; it rests at -40 and at 125 degrees Celsius."""
    files = JointFiles.read(study["plain"])
    loop = files.loop(2)
    assert loop["cycle"].tolist() == [1, 2, 2, 2, 2]
    found = {kind: rows["temperature_c"].tolist() for kind, _, rows in dwells(loop)}
    assert found == {"cold": [-40.0, -40.0], "hot": [125.0, 125.0]}


def test_pictures_have_fixed_sizes(study: dict[str, Path]) -> None:
    """All four pictures exist, at 160 dpi of their figures, and are not blank."""
    drawn = render_pictures(study["plain"])
    assert list(drawn) == list(PICTURES)
    sizes = {name: imread(path).shape[:2] for name, path in drawn.items()}
    assert sizes == {
        "mesh.png": (736, 1536),
        "energy.png": (736, 1536),
        "hysteresis.png": (736, 960),
        "history.png": (736, 960),
    }
    assert all(imread(path)[..., :3].std() > 0.05 for path in drawn.values())


def test_without_opengl_the_cross_sections_are_still_drawn(
    study: dict[str, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A child process that dies while rendering means no three-dimensional view, and a warning."""
    monkeypatch.setattr(scenes, "_PROBE", "import os; os.abort()")
    scenes.can_render.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            drawn = render_pictures(study["plain"])
    finally:
        scenes.can_render.cache_clear()
    assert list(drawn) == list(PICTURES)
    assert caplog.text.count("no OpenGL on this machine") == 1


def test_damaged_fields_cost_one_picture_only(
    study: dict[str, Path], caplog: pytest.LogCaptureFixture
) -> None:
    """Without the field file the other pictures are drawn and the log names the missing one."""
    (study["cored"] / "fields.vtu").unlink()
    before = (study["cored"] / "history.csv").read_bytes()
    with caplog.at_level(logging.WARNING):
        drawn = render_pictures(study["cored"])
    assert set(PICTURES) - set(drawn) == {"energy.png"}
    assert "energy.png of joint cored could not be drawn" in caplog.text
    assert (study["cored"] / "history.csv").read_bytes() == before


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
