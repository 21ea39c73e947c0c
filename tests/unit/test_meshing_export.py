"""Files for other programs hold the same mesh, with its names."""

from __future__ import annotations

from pathlib import Path

import gmsh
import meshio
import numpy as np
import pytest
import pyvista

from bumpfem.design import Package
from bumpfem.errors import InputError, MeshError
from bumpfem.meshing import build_mesh, export_mesh, read_msh
from bumpfem.shapes import joint_outline

#: Corners of the edges on which VTK expects the nodes 4 to 9 of a quadratic tetrahedron.
VTK_EDGES = ((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3))


def test_msh_comes_back_as_it_was(pbga: Package, tmp_path: Path) -> None:
    joint = pbga.joint("cored")
    written = export_mesh(pbga, joint, tmp_path / "a.msh", size=1.5, kind="axisymmetric")
    built = build_mesh(pbga, joint, size=1.5, kind="axisymmetric")
    back = read_msh(tmp_path / "a.msh")
    assert back.facts == built.facts
    assert back.regions == built.regions
    assert back.surfaces == built.surfaces
    assert back.quality.elements_by_region == written.elements_by_region
    for name in built.regions:
        assert len(back.cells(name)) == len(built.cells(name))
    for name in built.surfaces:
        assert len(back.facets(name)) == len(built.facets(name))
    assert not gmsh.isInitialized()


def test_msh_is_read_by_meshio_with_its_names(pbga: Package, tmp_path: Path) -> None:
    export_mesh(pbga, pbga.joint("plain"), tmp_path / "a.msh", size=1.5)
    names = meshio.read(tmp_path / "a.msh").field_data
    assert {"solder", "solder_layer_board", "symmetry", "interposer_side_y_max"} <= set(names)


@pytest.mark.parametrize("ending", [".vtu", ".xdmf"])
def test_grids_keep_volumes_and_names(pbga: Package, tmp_path: Path, ending: str) -> None:
    """Every middle node lies near the middle of the edge that VTK takes it for.

    gmsh numbers the last two middle nodes the other way round; taken for each other's, they
    would lie half an edge away.
    """
    path = tmp_path / f"joint{ending}"
    joint = pbga.joint("cored")
    quality = export_mesh(pbga, joint, path, size=1.5)
    grid = pyvista.read(path)
    assert isinstance(grid, pyvista.UnstructuredGrid)
    assert grid.n_cells == quality.elements
    assert grid.n_points == quality.nodes
    assert set(grid.celltypes) == {int(pyvista.CellType.QUADRATIC_TETRA)}
    assert np.sum(grid.cell_data["region"] == 4) == quality.elements_by_region["core"]
    nodes = grid.cells.reshape(-1, 11)[:, 1:]
    points = np.asarray(grid.points)
    for middle, (first, last) in enumerate(VTK_EDGES, start=4):
        start, end = points[nodes[:, first]], points[nodes[:, last]]
        away = np.linalg.norm(points[nodes[:, middle]] - 0.5 * (start + end), axis=1)
        assert np.all(away < 0.25 * np.linalg.norm(end - start, axis=1))
    if ending == ".vtu":
        assert list(grid.field_data["region_names"])[:2] == ["solder", "solder_layer_interposer"]
        assert list(grid.field_data["region_ids"])[:2] == [1, 2]
    else:
        assert '<map key="core" dim="3">4' in path.read_text().replace("&lt;", "<").replace(
            "&gt;", ">"
        )


def test_deck_has_a_set_for_each_region_and_surface(pbga: Package, tmp_path: Path) -> None:
    """Axisymmetric triangles run anticlockwise, and revolved they have the joint's volume."""
    path = tmp_path / "joint.inp"
    joint = pbga.joint("plain")
    quality = export_mesh(pbga, joint, path, kind="axisymmetric")
    lines = path.read_text().splitlines()
    heads = [line for line in lines if line.startswith("*") and not line.startswith("**")]
    assert f"*ELEMENT, TYPE=CAX6, ELSET={'interposer_pad'.upper()}" in heads
    assert len([h for h in heads if h.startswith("*ELEMENT")]) == len(quality.elements_by_region)
    assert "*NSET, NSET=AXIS" in heads
    first = lines.index("*NODE, NSET=ALL") + 1
    nodes = np.array(
        [[float(v) for v in line.split(",")] for line in lines[first:][: quality.nodes]]
    )
    area_moment = 0.0
    for head in ("SOLDER", "SOLDER_LAYER_BOARD", "SOLDER_LAYER_INTERPOSER"):
        start = lines.index(f"*ELEMENT, TYPE=CAX6, ELSET={head}") + 1
        count = quality.elements_by_region[head.lower()]
        cells = np.array([[int(v) for v in line.split(",")] for line in lines[start:][:count]])
        corners = nodes[cells[:, 1:4] - 1, 1:3]
        edges = corners[:, 1:] - corners[:, :1]
        doubled = edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]
        assert np.all(doubled > 0.0)
        area_moment += float((0.5 * doubled * corners[:, :, 0].mean(axis=1)).sum())
    exact = joint_outline(pbga, joint).volume
    assert 2.0 * np.pi * area_moment == pytest.approx(exact, rel=0.01)


def test_unusable_outputs_are_refused(pbga: Package, tmp_path: Path) -> None:
    joint = pbga.joint("plain")
    with pytest.raises(InputError, match=r"\.msh, \.vtu, \.xdmf or \.inp"):
        export_mesh(pbga, joint, tmp_path / "joint.stl")
    with pytest.raises(InputError, match="folder that exists"):
        export_mesh(pbga, joint, tmp_path / "no" / "joint.msh")


def test_foreign_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MeshError, match="cannot be read"):
        read_msh(tmp_path / "none.msh")
    (tmp_path / "other.msh").write_text("$MeshFormat\n4.1 0 8\n$EndMeshFormat\n")
    with pytest.raises(MeshError, match="not a mesh written by bumpfem"):
        read_msh(tmp_path / "other.msh")
