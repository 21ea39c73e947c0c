"""Mesh of a whole package: volumes, faces, angles; the layer of joints and its mixture."""

from __future__ import annotations

from math import pi
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bumpfem.constitutive import Table
from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.constitutive.heat_mixture import STILL_AIR, mix_heat
from bumpfem.design import Package
from bumpfem.errors import InputError
from bumpfem.meshing import PACKAGE_SURFACES, REGIONS
from bumpfem.meshing.joint_layer import joint_layer
from bumpfem.meshing.package_mesh import build_package_mesh
from bumpfem.physics.heat_geometry import FREE, HeatGeometry
from bumpfem.physics.heat_space import HeatSpace
from bumpfem.shapes import joint_outline
from tests.support.heat import solid

PACKAGES = ["pbga_0p80", "cbga_1p27", "csp_0p40"]


def load(repository: Path, name: str, **changes: Any) -> Package:
    package = Package.load(repository / "meshes" / f"{name}.toml")
    return package.model_copy(update=changes)


def space_of(package: Package, **options: Any) -> HeatSpace:
    return HeatSpace(HeatGeometry.of(build_package_mesh(package, **options)))


@pytest.mark.parametrize("name", PACKAGES)
def test_volumes_are_those_of_the_design(repository: Path, name: str) -> None:
    """All regions are blocks with plane faces, so the integrals over straight cells are exact.

    Tetrahedra of second order, integrated by HeatSpace; a quarter of every slab's volume.
    """
    package, margin = load(repository, name), 3.0
    space = space_of(package, size=2.0, board_margin=margin)
    width, length = package.body_size
    layer = joint_layer(package, package.joint("plain"))
    below = width * length * layer.thickness
    expected = {
        "board": (width + 2 * margin) * (length + 2 * margin) * package.board.thickness,
        "interposer": width * length * package.interposer.thickness,
        "joints": layer.cell_area * layer.thickness * len(package.array.sites),
    }
    expected["gap"] = below - expected["joints"]
    covered = 0.0
    if package.die is not None:
        floor = package.die.width * package.die.length
        expected["die"] = floor * package.die.thickness
        expected["die_attach"] = floor * package.die.attach_thickness
        covered = expected["die"] + expected["die_attach"]
    if package.mould is not None:
        expected["mould"] = width * length * package.mould.thickness - covered
    found = {region: 4.0 * float(space.volumes(region).sum()) for region in space.geometry.cells}
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", PACKAGES)
def test_every_outer_face_has_its_name_and_area(repository: Path, name: str) -> None:
    """Areas of a box of boxes; nothing is left over for faces without a name."""
    package, margin = load(repository, name), 3.0
    space = space_of(package, size=2.0, board_margin=margin)
    wide, long = (0.5 * size for size in package.body_size)
    layer = joint_layer(package, package.joint("plain"))
    tall = package.interposer.thickness
    if package.mould is not None:
        tall += package.mould.thickness
    elif package.die is not None:
        pytest.skip("a die without mould has side faces of its own")
    board = package.board.thickness
    plane = (wide + margin) * board, (long + margin) * board
    stack = layer.thickness + tall
    expected = {
        "symmetry_x": plane[1] + long * stack,
        "symmetry_y": plane[0] + wide * stack,
        "board_bottom": (wide + margin) * (long + margin),
        "interposer_top": wide * long,
        "board_top": (wide + margin) * (long + margin) - wide * long,
        "board_side": plane[0] + plane[1],
        "package_side": (wide + long) * tall,
        "gap_side": (wide + long) * layer.thickness,
    }
    found = {
        surface: float(space.areas(space.outer_faces(surface)).sum())
        for surface in space.geometry.facets
    }
    assert found == pytest.approx(expected, rel=1e-9)
    assert len(space.outer_faces(FREE).cells) == 0


def test_no_angle_is_obtuse(repository: Path) -> None:
    """Then no entry beside the diagonal of the conduction matrix is positive."""
    space = space_of(load(repository, "pbga_0p80"), size=2.0)
    unit = space.integrals.stiffness(space.owned_cells)
    scale = np.abs(unit).max(axis=(1, 2))
    beside = unit[:, ~np.eye(4, dtype=bool)]
    assert (beside.max(axis=1) <= 1e-10 * scale).all()


def test_mesh_is_of_second_order_with_sound_cells(repository: Path) -> None:
    mesh = build_package_mesh(load(repository, "pbga_0p80"), size=2.0)
    assert mesh.kind == "package"
    assert mesh.mesh.geometry.cmaps[0].degree == 2
    assert mesh.quality.jacobian_min == pytest.approx(1.0, abs=1e-6)
    assert set(mesh.regions) <= set(REGIONS)
    assert tuple(mesh.surfaces) == PACKAGE_SURFACES


def test_without_margin_no_board_is_free_above(repository: Path) -> None:
    mesh = build_package_mesh(load(repository, "pbga_0p80"), size=3.0, board_margin=0.0)
    assert "board_top" not in mesh.surfaces


def test_a_die_without_mould_stands_free(repository: Path) -> None:
    """Its top belongs to the top of the package, its sides to the package's sides."""
    package = load(repository, "pbga_0p80", mould=None)
    space = space_of(package, size=3.0)
    assert "mould" not in space.geometry.cells
    assert space.areas(space.outer_faces("interposer_top")).sum() == pytest.approx(49.0, rel=1e-9)
    sides = 14.0 * package.interposer.thickness + 8.0 * 0.28
    assert space.areas(space.outer_faces("package_side")).sum() == pytest.approx(sides, rel=1e-9)


def test_empty_middle_of_a_ring_of_joints_is_gap(repository: Path) -> None:
    """16 x 16 sites with three rings: 10 x 10 pitches in the middle carry none."""
    package = load(repository, "pbga_0p80")
    array = package.array.model_copy(update={"perimeter_rings": 3})
    ring = package.model_copy(update={"array": array})
    layer = joint_layer(ring, ring.joint("plain"))
    space = space_of(ring, size=2.0)
    assert layer.cell_area == pytest.approx(0.64, rel=1e-12)
    empty = 14.0**2 - (16**2 - 10**2) * 0.64
    assert 4.0 * space.volumes("gap").sum() == pytest.approx(empty * layer.thickness, rel=1e-9)


@pytest.mark.parametrize(("field", "value"), [("size", 0.01), ("board_margin", -1.0)])
def test_bad_input_is_named(repository: Path, field: str, value: float) -> None:
    with pytest.raises(InputError, match=field):
        build_package_mesh(load(repository, "pbga_0p80"), **{field: value})


@pytest.mark.parametrize("joint", ["plain", "anchored", "cored"])
def test_layer_holds_what_the_joint_holds(repository: Path, joint: str) -> None:
    """Volumes of all parts are those of the meridians; at half height solder is a full disc.

    Where resin or resist fills the cell, rounding of the slices takes up to 1e-4 of the volume.
    """
    package = load(repository, "pbga_0p80")
    shape = joint_outline(package, package.joint(joint))
    layer = joint_layer(package, package.joint(joint))
    cell = layer.cell_area * layer.thickness
    exact = 1e-4 if joint == "anchored" else 1e-6
    assert layer.fraction("solder") * cell == pytest.approx(shape.volume, rel=exact)
    assert layer.fraction("board_pad") * cell == pytest.approx(
        shape.region_volume("board_pad"), rel=1e-12
    )
    assert layer.gas.min() > -1e-9
    columns = [layer.shares[name] for name in ("solder", "core") if name in layer.shares]
    middle = len(layer.slices) // 2
    height = float(layer.slices[:middle].sum() + 0.5 * layer.slices[middle])
    disc = pi * shape.outline.radius_at(height) ** 2 / layer.cell_area
    assert sum(columns)[middle] == pytest.approx(disc, rel=2e-3)


def test_mixture_adds_heat_by_volume_and_melts_with_what_melts_first() -> None:
    """Half of the body of capacity 2 and latent heat 60, a quarter each of two others."""
    solder = solid(50.0, 2.0, (217.0, 220.0, 60.0))
    copper = solid(400.0, 3.0, (1084.0, 1085.0, 1800.0))
    slices = np.array([0.1, 0.3])
    share = np.ones(2)
    mixed = mix_heat(
        "layer",
        {"solder": solder, "copper": copper, "gas": STILL_AIR},
        {"solder": 0.5 * share, "copper": 0.25 * share, "gas": 0.25 * share},
        slices,
    )
    gas = 0.25 * float(STILL_AIR.capacity(25.0))
    rise = float(mixed.enthalpy(225.0) - mixed.enthalpy(125.0))
    assert rise == pytest.approx((1.0 + 0.75 + gas) * 100.0 + 30.0, rel=1e-12)
    assert float(mixed.melted_fraction(218.5)) == pytest.approx(0.5)
    assert mixed.valid[1] == pytest.approx(400.0)


def test_mixture_conducts_side_by_side_and_one_after_the_other() -> None:
    """Two slices: half the area at k = 10, then a quarter; 1 mm of k = 0.5 before; gas beside."""
    column, gas = solid(10.0, 1.0), solid(0.1, 1.0)
    slices = np.array([0.2, 0.4])
    shares = np.array([0.5, 0.25])
    mixed = mix_heat(
        "layer", {"column": column, "gas": gas}, {"column": shares, "gas": 1.0 - shares}, slices,
        around={"gas"}, beyond=[(1.0, solid(0.5, 1.0))],
    )  # fmt: skip
    through = 0.2 / 5.0 + 0.4 / 2.5 + 1.0 / 0.5
    beside = 0.2 / 0.05 + 0.4 / 0.075
    expected = 0.6 * (1.0 / through + 1.0 / beside)
    assert float(mixed.conductivity(100.0)) == pytest.approx(expected, rel=1e-12)


def test_mixture_of_conductivities_that_change_is_exact_at_their_points() -> None:
    hot = HeatMaterial("hot", Table.constant(1.0), Table((0.0, 100.0), (1.0, 3.0)))
    mixed = mix_heat("layer", {"hot": hot}, {"hot": np.ones(1)}, np.array([0.3]))
    assert float(mixed.conductivity(50.0)) == pytest.approx(2.0, rel=1e-12)


def test_mixture_refuses_shares_that_do_not_fill_the_layer() -> None:
    with pytest.raises(InputError, match="shares"):
        mix_heat("layer", {"a": solid(1.0, 1.0)}, {"a": np.array([0.9])}, np.array([0.3]))
    with pytest.raises(InputError, match="shares"):
        mix_heat("layer", {"a": solid(1.0, 1.0)}, {"b": np.ones(1)}, np.array([0.3]))
