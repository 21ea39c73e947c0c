"""Joints before they are mounted: shape from capillarity, and the mesh moved to it."""

from __future__ import annotations

from functools import cache
from math import pi
from pathlib import Path

import numpy as np
import pytest
from dolfinx import mesh as dm
from mpi4py import MPI

from bumpfem.design import Core, Joint, Package
from bumpfem.errors import InputError
from bumpfem.meshing import Kind, Mesh, build_mesh
from bumpfem.meshing.attached import attached_coordinates
from bumpfem.meshing.jacobian import CellGeometry
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.shapes import joint_outline
from bumpfem.shapes.attached import attached_shape
from bumpfem.shapes.capillary.bump import free_bump
from bumpfem.shapes.crown_resin import with_crown_resin
from bumpfem.shapes.melt import molten
from bumpfem.shapes.polar import PolarCurve
from bumpfem.units import FloatArray

MESHES = Path(__file__).resolve().parents[2] / "meshes"


@cache
def design(package: str, name: str) -> tuple[Package, Joint]:
    known = Package.load(MESHES / f"{package}.toml")
    return known, known.joint(name)


@cache
def meshed(package: str, name: str, kind: Kind, size: float) -> Mesh:
    return build_mesh(*design(package, name), size=size, kind=kind, comm=MPI.COMM_SELF)


def test_plain_ball_is_the_free_bump() -> None:
    """Without resin or mask: the stable bump of the ball's volume on the pad.

    The opening of the resist (SMD) is filled first: its volume lies between rim and pad. Heights:
    the bump's stands on the rim, the ball's on the pad, the crown's on the resist's face, which is
    the rim's level.
    """
    package, joint = design("pbga_0p80", "plain")
    found = attached_shape(package, joint)
    opening, depth = 0.38, 0.030 - 0.018
    plug = pi / 4.0 * opening**2 * depth
    bump = free_bump(joint.ball_volume - plug, opening, molten("sac305"))
    assert found.changes
    assert found.crown_height == pytest.approx(bump.height, abs=1e-7)
    assert found.ball_height == pytest.approx(bump.height + depth, abs=1e-7)
    assert found.max_diameter == pytest.approx(bump.max_diameter, abs=1e-6)
    assert found.outline.swept_volume() + plug == pytest.approx(joint.ball_volume, rel=1e-7)


@pytest.mark.parametrize("package", ["pbga_0p80", "cbga_1p27", "csp_0p40"])
@pytest.mark.parametrize("name", ["anchored", "cored+anchored", "masked", "cored", "necked"])
def test_volume_is_kept_and_held_parts_stay(package: str, name: str) -> None:
    """Melting changes no volume; the surface beyond the ring is that of the mounted joint."""
    known, joint = design(package, name)
    found = attached_shape(known, joint)
    mounted = joint_outline(known, joint)
    assert found.changes
    gained = found.outline.swept_volume() - mounted.outline.swept_volume()
    board = mounted.outline.start[0] ** 2 * pi * mounted.lips[0]
    assert gained == pytest.approx(board, abs=2e-6 * joint.ball_volume)
    assert found.ball_height > mounted.standoff
    if found.kept is not None:
        heights = np.linspace(found.ring[1], mounted.outline.end[1], 9)[1:-1]
        for height in heights.tolist():
            assert found.outline.radius_at(height) == pytest.approx(
                mounted.outline.radius_at(height), abs=1e-7
            )


def test_core_decides_whether_the_shell_can_flow() -> None:
    """A frozen drop inside its shell: the shell takes the bump's shape; a bare belt: none can."""
    package, plain = design("pbga_0p80", "plain")
    drop = Core(diameter=0.3, material="pb90sn10", pad_gap=0.015, origin="drop")
    inside = plain.model_copy(update={"core": drop})
    ball = attached_shape(package, plain)
    found = attached_shape(package, inside)
    assert found.changes
    assert found.ball_height == pytest.approx(ball.ball_height, abs=1e-7)
    bare = Core(diameter=0.42, material="copper", pad_gap=0.015)
    found = attached_shape(package, plain.model_copy(update={"core": bare}))
    assert not found.changes
    assert "bare" in found.notes[0]


def test_paste_of_the_board_comes_later() -> None:
    """Paste is printed on the board: before mounting the ball alone is on the interposer."""
    package, joint = design("pbga_0p80", "plain")
    pasted = joint.model_copy(update={"paste_volume": 0.01})
    plain, found = attached_shape(package, joint), attached_shape(package, pasted)
    assert found.volume == pytest.approx(joint.ball_volume, rel=1e-12)
    assert found.ball_height == pytest.approx(plain.ball_height, abs=1e-9)
    assert any("paste" in note for note in found.notes)


def test_what_keeps_its_shape_says_why() -> None:
    """A metal bump does not melt; its bond's solder comes with the board."""
    package, joint = design("pbga_0p80", "metal_bump")
    found = attached_shape(package, joint)
    assert not found.changes
    assert found.volume == 0.0
    assert "does not melt" in found.notes[0]
    mesh = meshed("pbga_0p80", "metal_bump", "axisymmetric", 2.0)
    moved = attached_coordinates(mesh, package, joint)
    assert np.array_equal(moved.coordinates, mesh.mesh.geometry.x)


def free_corners(mesh: Mesh) -> FloatArray:
    """Corner nodes of the solder on surfaces that resin, mask, pad and core leave alone."""
    body = mesh.mesh
    dimension = body.topology.dim
    body.topology.create_connectivity(dimension - 1, dimension)
    body.topology.create_connectivity(dimension, dimension - 1)
    links = body.topology.connectivity(dimension - 1, dimension)
    names = {tag: name for name, tag in mesh.regions.items()}
    region = [names[int(tag)] for tag in mesh.cell_tags.values]
    solder, board = ("solder",), ("board",)
    chosen = []
    for facet in range(body.topology.index_map(dimension - 1).size_local):
        around = [region[cell] for cell in links.links(facet)]
        on_solder = sum(name.startswith(solder) for name in around) == 1
        others = [name for name in around if not name.startswith(solder)]
        if on_solder and all(name.startswith(board) for name in others):
            chosen.append(facet)
    vertices = dm.entities_to_geometry(body, dimension - 1, np.array(chosen, dtype=np.int32))
    corners = np.unique(vertices[:, :dimension])
    plane = 1 if dimension == 3 else 0
    return np.asarray(corners[np.abs(body.geometry.x[corners, plane]) > 1e-9])


@pytest.mark.parametrize(
    ("package", "name", "kind", "size"),
    [
        ("pbga_0p80", "anchored", "half_cell", 2.0),
        ("pbga_0p80", "cored", "half_cell", 1.5),
        ("pbga_0p80", "necked", "half_cell", 2.0),
        ("csp_0p40", "masked", "axisymmetric", 1.0),
        ("csp_0p40", "cored+anchored", "axisymmetric", 1.0),
        ("cbga_1p27", "plain", "axisymmetric", 1.0),
    ],
)
def test_mesh_takes_the_shape(package: str, name: str, kind: Kind, size: float) -> None:
    """Corners of the free surface lie on the crown, nothing else moves, no cell is inverted.

    The distance of a point from the crown is at most that along the ray from the ball's middle.
    Volume: the crown's and the mesh's own error of curved faces, which is larger where a thin shell
    is meshed coarsely (then compared with the mounted mesh's own error).
    """
    known, joint = design(package, name)
    mesh = meshed(package, name, kind, size)
    before = mesh.mesh.geometry.x.copy()
    moved = attached_coordinates(mesh, known, joint)
    assert np.array_equal(mesh.mesh.geometry.x, before)
    others = [r for r in mesh.regions if not r.startswith(("solder", "board"))]
    nodes = np.unique(mesh.mesh.geometry.dofmaps[0][mesh.cells(*others)])
    assert np.array_equal(moved.coordinates[nodes], before[nodes])
    corners = moved.coordinates[free_corners(mesh)]
    radius = corners[:, 0] if kind == "axisymmetric" else np.hypot(
        corners[:, 0] - mesh.centre_x, corners[:, 1]
    )  # fmt: skip
    height = corners[:, 1 if kind == "axisymmetric" else 2]
    assert len(radius) > 5
    centre = float(height.min()) + 0.5 * moved.shape.ball_height
    curve = PolarCurve.of(moved.shape.outline.segments, centre)
    away, direction = np.hypot(radius, height - centre), np.arctan2(radius, centre - height)
    on_crown = height < moved.shape.ring[1] + 1e-9
    assert np.abs(away - curve.distance(direction))[on_crown].max() < 1e-3
    assert moved.jacobian_min > 0.0
    own = abs(moved.mounted_volume / moved.shape.volume - 1.0)
    assert moved.volume == pytest.approx(moved.shape.volume, rel=max(1e-3, 1.2 * own))
    mesh.mesh.geometry.x[:] = moved.coordinates
    try:
        solder = [region for region in mesh.regions if region.startswith("solder")]
        operator = DisplacementSpace(mesh.mesh).strain_operator(mesh.cells(*solder))
    finally:
        mesh.mesh.geometry.x[:] = before
    factor = 2.0 if kind == "half_cell" else 1.0
    assert factor * operator.weights.sum() == pytest.approx(moved.volume, rel=2e-3)


@pytest.mark.parametrize("kind", ["axisymmetric", "half_cell"])
def test_film_on_the_crown(kind: Kind) -> None:
    """Film of 20 um: the volume of its meridian, which is near A t (1 + t/R) by Steiner's formula.

    The estimate leaves out the wedge between the film's normal at the contact ring and the
    meniscus, and takes both curvatures as 1/R. The film moves with the crown; the joint without it
    has no such region, and the same tags.
    """
    known, joint = design("pbga_0p80", "anchored")
    mesh = build_mesh(known, joint, size=2.0, kind=kind, comm=MPI.COMM_SELF, crown_resin=0.02)
    plain = meshed("pbga_0p80", "anchored", kind, 2.0)
    assert "resin_crown" in mesh.regions
    assert "resin_crown" not in plain.regions
    assert {name: mesh.regions[name] for name in plain.regions} == plain.regions
    shape = joint_outline(known, joint)
    ring = attached_shape(known, joint).ring
    low = shape.outline.start[1] + 0.25 * (ring[1] - shape.outline.start[1])
    side = shape.outline.split_at_height(ring[1])[0].split_at_height(low)[1]
    film = CellGeometry(mesh, mesh.cells("resin_crown"))
    volume = film.volume(mesh.mesh.geometry.x)
    exact = with_crown_resin(shape, 0.02).region_volume("resin_crown")
    assert volume == pytest.approx(exact, rel=5e-3)
    radius = 0.5 * shape.max_diameter
    assert exact == pytest.approx(side.swept_area() * 0.02 * (1.0 + 0.02 / radius), rel=0.08)
    resin = [CellGeometry(m, m.cells("resin")).volume(m.mesh.geometry.x) for m in (mesh, plain)]
    assert resin[0] == pytest.approx(resin[1], rel=1e-3)
    moved = attached_coordinates(mesh, known, joint)
    assert film.ratios(moved.coordinates).min() > 0.0
    assert film.volume(moved.coordinates) == pytest.approx(volume, rel=0.1)


def test_films_that_cannot_be() -> None:
    """No resin, no film; and none that would reach the board's rim."""
    known, joint = design("pbga_0p80", "plain")
    with pytest.raises(InputError, match="crown_film_thickness"):
        with_crown_resin(joint_outline(known, joint), 0.02)
    known, joint = design("pbga_0p80", "anchored")
    with pytest.raises(InputError, match="crown_film_thickness"):
        with_crown_resin(joint_outline(known, joint), 0.1)
