"""The gmsh side: checks on parts, names and layers, sessions, and the distributed mesh's lookup."""

from __future__ import annotations

import gmsh
import numpy as np
import pytest

from bumpfem.design import Package
from bumpfem.errors import InputError, MeshError
from bumpfem.meshing import AXISYMMETRIC_SURFACES, Mesh, build_mesh
from bumpfem.meshing.gaps import narrow_places
from bumpfem.meshing.layers import solder_layers
from bumpfem.meshing.profile import Sketch, merge
from bumpfem.meshing.session import gmsh_session
from bumpfem.meshing.tags import tag_regions
from bumpfem.shapes import joint_outline
from tests.support.joints import changed

IDLE = {"solder_layer_board": 0.025, "solder_layer_interposer": 0.025}


@pytest.fixture(scope="module")
def plain(pbga: Package) -> Mesh:
    return build_mesh(pbga, pbga.joint("plain"), size=1.5, kind="axisymmetric")


def rectangles(*boxes: tuple[float, float, float, float]) -> list[tuple[str, tuple[int, int]]]:
    sketch = Sketch(lambda point: (point[0], point[1], 0.0))
    names = ("solder", "core", "resin")
    return [(name, (2, sketch.rectangle(*box))) for name, box in zip(names, boxes, strict=False)]


def test_touching_parts_stay_whole_and_share_their_edge() -> None:
    with gmsh_session("test"):
        merged = merge(rectangles((0.0, 1.0, 0.0, 1.0), (1.0, 2.0, 0.0, 1.0)))
        gmsh.model.occ.synchronize()
        edges = [set(gmsh.model.getBoundary([entity], oriented=False)) for _, entity in merged]
    assert [name for name, _ in merged] == ["solder", "core"]
    assert len(edges[0] & edges[1]) == 1


def test_overlapping_parts_are_refused() -> None:
    with gmsh_session("test"), pytest.raises(MeshError, match="solder and core overlap"):
        merge(rectangles((0.0, 1.0, 0.0, 1.0), (0.9, 2.0, 0.0, 1.0)))


def test_a_part_inside_another_is_refused() -> None:
    with gmsh_session("test"), pytest.raises(MeshError, match="overlap"):
        merge(rectangles((0.0, 1.0, 0.0, 1.0), (0.2, 0.4, 0.2, 0.4)))


def test_unknown_doubled_and_forgotten_regions_are_refused() -> None:
    with gmsh_session("test"):
        parts = merge(rectangles((0.0, 1.0, 0.0, 1.0), (1.0, 2.0, 0.0, 1.0)))
        gmsh.model.occ.synchronize()
        with pytest.raises(MeshError, match="'glue' is not one of"):
            tag_regions([("glue", parts[0][1]), parts[1]])
        with pytest.raises(MeshError, match="both solder and core"):
            tag_regions([("solder", parts[0][1]), ("core", parts[0][1])])
        with pytest.raises(MeshError, match="belong to no region"):
            tag_regions(parts[:1])
        assert tag_regions(parts) == {"solder": 1, "core": 4}


def test_a_session_of_the_caller_is_kept() -> None:
    gmsh.initialize(interruptible=False)
    try:
        gmsh.model.add("mine")
        gmsh.option.setNumber("Mesh.Algorithm", 8)
        with gmsh_session("test"):
            assert gmsh.model.getCurrent() == "test"
        assert gmsh.model.getCurrent() == "mine"
        assert gmsh.option.getNumber("Mesh.Algorithm") == 8
    finally:
        gmsh.finalize()


@pytest.mark.parametrize(("gap", "layer"), [(0.015, 0.025), (0.025, 0.022), (0.023, 0.02576)])
def test_layers_keep_clear_of_a_cores_pole(pbga: Package, gap: float, layer: float) -> None:
    """A plane within 12 % of the pole is moved to 12 % before or behind it; others stay."""
    shape = joint_outline(pbga, changed(pbga, "cored", "core", pad_gap=gap))
    heights = {name: top - bottom for name, (bottom, top) in solder_layers(shape, 0.025).items()}
    assert heights == pytest.approx(dict.fromkeys(IDLE, layer), rel=1e-6)


def test_layers_must_leave_solder_between_them(pbga: Package) -> None:
    shape = joint_outline(pbga, pbga.joint("plain"))
    assert solder_layers(shape, 0.1).keys() == IDLE.keys()
    with pytest.raises(InputError, match="two layers must fit"):
        solder_layers(shape, 0.15)


def test_a_bump_has_only_the_boards_layer(pbga: Package) -> None:
    shape = joint_outline(pbga, pbga.joint("metal_bump"))
    assert list(solder_layers(shape, 0.025)) == ["solder_layer_board"]


def test_narrow_places_limit_the_edges_by_their_sagitta(pbga: Package) -> None:
    """On the 5 um barrier of a bump: c^2 / (8 R) <= d / 4 with d = 5 um."""
    joint = pbga.joint("metal_bump")
    assert joint.bump is not None
    places = narrow_places(joint_outline(pbga, joint), 0.08)
    on_axis = [edge for (r, _), edge in places if r < 0.05]
    limit = (2.0 * joint.bump.sphere_radius * 0.005) ** 0.5
    assert min(on_axis) == pytest.approx(limit, rel=0.02)
    assert narrow_places(joint_outline(pbga, pbga.joint("plain")), 0.05) == []


def test_every_cell_has_one_region(plain: Mesh) -> None:
    mapped = plain.mesh.topology.index_map(plain.mesh.topology.dim)
    count = mapped.size_local + mapped.num_ghosts
    assert np.array_equal(plain.cells(), np.arange(count))
    parts = [plain.cells(name) for name in plain.regions]
    assert sum(map(len, parts)) == count
    assert np.array_equal(
        plain.cells("solder", "core") if "core" in plain.regions else plain.cells("solder"),
        np.flatnonzero(plain.cell_tags.values == plain.regions["solder"]),
    )


def test_surfaces_are_named_and_lie_where_they_should(plain: Mesh) -> None:
    assert tuple(plain.surfaces) == AXISYMMETRIC_SURFACES
    dimension = plain.mesh.topology.dim
    plain.mesh.topology.create_connectivity(dimension - 1, 0)
    vertices = plain.mesh.topology.connectivity(dimension - 1, 0)
    geometry = plain.mesh.geometry
    assert geometry.cmaps[0].degree == 2
    plain.mesh.topology.create_connectivity(0, dimension)
    from dolfinx.mesh import entities_to_geometry

    for name, axis, value in (("axis", 0, 0.0), ("board_bottom", 1, -1.6)):
        found = np.unique(np.concatenate([vertices.links(f) for f in plain.facets(name)]))
        nodes = entities_to_geometry(plain.mesh, 0, found.astype(np.int32)).ravel()
        assert geometry.x[nodes, axis] == pytest.approx(np.full(len(nodes), value), abs=1e-12)


def test_unknown_names_are_refused(plain: Mesh) -> None:
    with pytest.raises(MeshError, match="no region 'resin'"):
        plain.cells("resin")
    with pytest.raises(MeshError, match="no surface 'lid'"):
        plain.facets("lid")


def test_size_has_limits(pbga: Package) -> None:
    with pytest.raises(InputError, match="size"):
        build_mesh(pbga, pbga.joint("plain"), size=0.0, kind="axisymmetric")
