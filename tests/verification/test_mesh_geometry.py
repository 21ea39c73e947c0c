"""Meshes against the exact bodies of revolution: volumes, areas, neighbours, CalculiX."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from math import log, pi
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem

from bumpfem.design import Package
from bumpfem.meshing import Kind, Mesh, build_mesh, export_mesh
from bumpfem.shapes import JointShape, joint_outline

#: ufl has no type information.
UFL: Any = ufl

PACKAGES = ("pbga_0p80", "cbga_1p27", "csp_0p40")
JOINTS = (
    "plain", "anchored", "masked", "cored", "necked", "metal_bump", "cored+anchored",
    "masked+cored",
)  # fmt: skip


def load(repository: Path, name: str = "pbga_0p80") -> Package:
    return Package.load(repository / "meshes" / f"{name}.toml")


def integral(mesh: Mesh, measure: Any) -> float:
    """Volume or area of the whole joint: twice the half, or the revolved meridian."""
    radius = UFL.SpatialCoordinate(mesh.mesh)[0]
    factor = 2.0 * fem.Constant(mesh.mesh, 1.0)
    weight = factor if mesh.kind == "half_cell" else 2.0 * pi * radius
    return float(np.real(fem.assemble_scalar(fem.form(weight * measure))))


def volumes(mesh: Mesh) -> dict[str, float]:
    dx = UFL.Measure(
        "dx", domain=mesh.mesh, subdomain_data=mesh.cell_tags, metadata={"quadrature_degree": 6}
    )
    return {name: integral(mesh, dx(tag)) for name, tag in mesh.regions.items()}


def areas(mesh: Mesh) -> dict[str, float]:
    ds = UFL.Measure("ds", domain=mesh.mesh, subdomain_data=mesh.facet_tags)
    return {name: integral(mesh, ds(tag)) for name, tag in mesh.surfaces.items()}


def errors(mesh: Mesh, shape: JointShape) -> dict[str, float]:
    """Relative volume errors of everything that the cell's edge does not cut."""
    found = volumes(mesh)
    solder = sum(value for name, value in found.items() if name.startswith("solder"))
    inner = ("core", "attach", "bump", "bump_barrier", "board_pad", "interposer_pad")
    result = {name: found[name] / shape.region_volume(name) - 1 for name in inner if name in found}
    if solder:
        result["solder"] = solder / shape.volume - 1
    return result


def neighbours(mesh: Mesh) -> set[frozenset[str]]:
    """Pairs of regions that share a facet."""
    topology = mesh.mesh.topology
    dimension = topology.dim
    topology.create_connectivity(dimension - 1, dimension)
    cells_of = topology.connectivity(dimension - 1, dimension)
    names = {tag: name for name, tag in mesh.regions.items()}
    region = np.empty(len(mesh.cells()), dtype=np.int32)
    region[mesh.cell_tags.indices] = mesh.cell_tags.values
    pairs = set()
    for facet in range(topology.index_map(dimension - 1).size_local):
        cells = cells_of.links(facet)
        if len(cells) == 2 and region[cells[0]] != region[cells[1]]:
            pairs.add(frozenset(names[int(region[c])] for c in cells))
    return pairs


@pytest.mark.parametrize("kind", ["half_cell", "axisymmetric"])
def test_plain_joint_has_its_volumes_and_faces(repository: Path, kind: Kind) -> None:
    """Solder and pads within 0.2 %; slabs exactly: flat faces carry no geometric error.

    Cell of pitch P: bottom P^2, sides P times height; symmetry plane = section of the half cell.
    """
    package = load(repository)
    mesh = build_mesh(package, package.joint("plain"), size=1.5, kind=kind)
    shape = joint_outline(package, package.joint("plain"))
    assert all(abs(error) < 2e-3 for error in errors(mesh, shape).values())
    found, face = volumes(mesh), areas(mesh)
    pitch = package.pitch
    assert found["board"] == pytest.approx(pitch**2 * package.board.thickness, rel=1e-9)
    assert found["die"] == pytest.approx(pitch**2 * 0.25, rel=1e-9)
    assert found["mould"] == pytest.approx(pitch**2 * (0.80 - 0.28), rel=1e-9)
    assert face["board_bottom"] == pytest.approx(pitch**2, rel=1e-9)
    assert face["interposer_top"] == pytest.approx(pitch**2, rel=1e-9)
    stack = 0.30 + 0.80 + 0.030
    if kind == "half_cell":
        for side in ("x_min", "x_max"):
            assert face[f"board_side_{side}"] == pytest.approx(pitch * 1.625, rel=1e-9)
            assert face[f"interposer_side_{side}"] == pytest.approx(pitch * stack, rel=1e-9)
        assert face["interposer_side_y_max"] == pytest.approx(2 * pitch * stack, rel=1e-9)
        section = sum(
            sum(0.5 * (a[0] + b[0]) * (b[1] - a[1]) for a, b in pairwise(s.points(401).tolist()))
            for body in shape.bodies
            for s in body.loop
        )
        flat = pitch * (1.6 + 0.30 + 0.80)
        outer = (pitch - 2.0 * shape.inner_radius) * (0.025 + 0.030)
        assert face["symmetry"] == pytest.approx(2 * (2 * section + flat + outer), rel=2e-3)
    else:
        rim = 2.0 * pi * pitch / pi**0.5
        assert face["board_side"] == pytest.approx(rim * 1.625, rel=1e-9)
        assert face["interposer_side"] == pytest.approx(rim * stack, rel=1e-9)
        assert face["axis"] == pytest.approx(0.0, abs=1e-12)


def test_curved_cells_converge_to_the_sphere(repository: Path) -> None:
    """Quadratic cells reproduce a curve with at least the third power of their size."""
    package = load(repository)
    joint = package.joint("cored")
    shape = joint_outline(package, joint)
    found = [
        abs(errors(build_mesh(package, joint, size=size, kind="axisymmetric"), shape)["core"])
        for size in (2.0, 0.5)
    ]
    assert found[1] < 1e-6
    assert log(found[0] / found[1]) / log(4.0) > 3.0


def test_regions_touch_only_their_neighbours(repository: Path) -> None:
    """Solder never touches resist or laminate; pads stand on laminate; layers end at pads."""
    package = load(repository)
    pairs = neighbours(build_mesh(package, package.joint("cored+anchored"), size=1.5))
    expected = {
        ("solder", "solder_layer_board"), ("solder", "solder_layer_interposer"),
        ("solder", "core"), ("solder_layer_board", "core"), ("solder_layer_interposer", "core"),
        ("solder_layer_board", "board_pad"), ("solder_layer_interposer", "interposer_pad"),
        ("board_pad", "board"), ("board_resist", "board"), ("interposer_pad", "interposer"),
        ("interposer_resist", "interposer"), ("interposer_resist", "interposer_pad"),
        ("solder_layer_interposer", "interposer_resist"), ("solder_layer_interposer", "resin"),
        ("solder", "resin"), ("resin", "interposer_resist"), ("interposer", "die_attach"),
        ("die_attach", "die"), ("die", "mould"),
    }  # fmt: skip
    assert pairs == {frozenset(pair) for pair in expected}


@pytest.mark.parametrize("name", JOINTS)
@pytest.mark.parametrize("package_name", PACKAGES)
def test_every_joint_has_an_axisymmetric_mesh(
    repository: Path, package_name: str, name: str
) -> None:
    """Volumes within 0.1 % at size 1; flat layers of 5 um bound the quality from below."""
    package = load(repository, package_name)
    joint = package.joint(name)
    mesh = build_mesh(package, joint, kind="axisymmetric")
    assert max(map(abs, errors(mesh, joint_outline(package, joint)).values())) < 1e-3
    assert mesh.quality.gamma_min > 0.05
    assert mesh.quality.solder_gamma_min > 0.2
    assert mesh.quality.jacobian_min > 0.05


@pytest.mark.slow
@pytest.mark.parametrize("name", JOINTS)
@pytest.mark.parametrize("package_name", PACKAGES)
def test_every_joint_has_a_half_cell(repository: Path, package_name: str, name: str) -> None:
    """Volumes within 0.5 % at size 1 and no inverted or nearly inverted cell."""
    package = load(repository, package_name)
    joint = package.joint(name)
    mesh = build_mesh(package, joint)
    assert max(map(abs, errors(mesh, joint_outline(package, joint)).values())) < 5e-3
    assert mesh.quality.jacobian_min >= 0.03
    assert 10_000 < 3 * mesh.quality.nodes < 35_000


@pytest.mark.slow
def test_size_governs_the_number_of_unknowns(repository: Path) -> None:
    """Coarse, normal and fine mesh of the plain joint lie where the studies expect them."""
    package = load(repository)
    unknowns = [
        3 * build_mesh(package, package.joint("plain"), size=size).quality.nodes
        for size in (2.0, 1.0, 0.7)
    ]
    assert 7_000 < unknowns[0] < 11_000
    assert 19_000 < unknowns[1] < 27_000
    assert 35_000 < unknowns[2] < 50_000


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["half_cell", "axisymmetric"])
def test_calculix_takes_the_deck_as_it_is(repository: Path, tmp_path: Path, kind: Kind) -> None:
    """CalculiX solves a deck that includes the file; its element volumes are the exact ones.

    It models an axisymmetric cell by a wedge of 2 degrees, 1/180 of the whole.
    """
    if shutil.which("ccx") is None:
        pytest.skip("CalculiX (ccx) is not installed")
    package = load(repository)
    joint = package.joint("cored")
    quality = export_mesh(package, joint, tmp_path / "mesh.inp", kind=kind)
    up = 3 if kind == "half_cell" else 2
    fixed = "SYMMETRY,2,2\nINTERPOSER_SIDE_X_MIN,1,1\nBOARD_SIDE_X_MIN,1,1"
    deck = [
        "*INCLUDE, INPUT=mesh.inp", "*MATERIAL, NAME=ANY", "*ELASTIC", "1000., 0.3",
        *(f"*SOLID SECTION, ELSET={name.upper()}, MATERIAL=ANY"
          for name in quality.elements_by_region),
        "*BOUNDARY", f"BOARD_BOTTOM,{up},{up}", fixed if kind == "half_cell" else "AXIS,1,1",
        "*STEP", "*STATIC", "*BOUNDARY", f"INTERPOSER_TOP,{up},{up},0.001",
        *(f"*EL PRINT, ELSET={name}, TOTALS=ONLY\nEVOL" for name in ("CORE", "BOARD")),
        "*NODE PRINT, NSET=BOARD_BOTTOM, TOTALS=ONLY", "RF", "*END STEP", "",
    ]  # fmt: skip
    (tmp_path / "job.inp").write_text("\n".join(deck))
    done = subprocess.run(["ccx", "job"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "*ERROR" not in done.stdout
    printed = (tmp_path / "job.dat").read_text()
    totals = re.findall(r"total volume for set (\w+) .*\n\s*\n\s*(\S+)", printed)
    share = 0.5 if kind == "half_cell" else 1.0 / 180.0
    found = {name: float(value) / share for name, value in totals}
    assert found["BOARD"] == pytest.approx(0.64 * 1.6, rel=1e-4)
    assert found["CORE"] == pytest.approx(joint.core_volume, rel=5e-3)
    force = re.findall(r"total force .*\n\s*\n\s*(\S+)\s+(\S+)\s+(\S+)", printed)[0][up - 1]
    assert float(force) < 0.0
