"""Sections, surfaces and pictures of made-up joints: areas, edges and limits by hand."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
import pyvista as pv
from matplotlib.image import imread

from bumpfem.errors import MeshError
from bumpfem.report import PICTURES, render_pictures, scenes, sections
from bumpfem.report.figures_joint import dwells
from bumpfem.report.files import JointFiles
from bumpfem.report.surfaces import Solid, curved, on_faces, region_boundaries, subdivide
from tests.support.joint_folders import CENTRE, REGIONS, tetrahedra, two_joints


@pytest.fixture
def study(tmp_path: Path) -> dict[str, Path]:
    """Two computed joints, without pictures."""
    return two_joints(tmp_path)


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
    assert sections.axis_of(solid) == pytest.approx(CENTRE)
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
    points, cells, region = tetrahedra()
    unnamed = pv.UnstructuredGrid({24: cells}, points)
    unnamed.cell_data["region"] = region
    unnamed.save(tmp_path / "unnamed.vtu")
    with pytest.raises(MeshError, match="names no regions"):
        Solid.read(tmp_path / "unnamed.vtu")


def test_region_names_as_parallel_lists(tmp_path: Path) -> None:
    """Names and numbers may also stand in two lists of the same length."""
    points, cells, region = tetrahedra()
    grid = pv.UnstructuredGrid({24: cells}, points)
    grid.cell_data["region"] = region
    grid.field_data["region_names"] = np.array(list(REGIONS))
    grid.field_data["region_ids"] = np.array(list(REGIONS.values()))
    grid.save(tmp_path / "lists.vtu")
    assert Solid.read(tmp_path / "lists.vtu").names == REGIONS


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
