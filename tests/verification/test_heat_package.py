"""A whole package in the oven: closed forms on its mesh, symmetry, and the joint's own cell."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.design import Package
from bumpfem.design.oven import Oven
from bumpfem.design.reflow_part import ReflowPart
from bumpfem.errors import InputError
from bumpfem.meshing import Mesh, build_mesh, build_package_mesh
from bumpfem.meshing.stack import flat_parts
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import Convection
from bumpfem.process import package_reflow
from bumpfem.process.package_reflow import (
    HEATED,
    PackageReflow,
    package_in_oven,
    package_materials,
)
from bumpfem.process.reflow import ReflowRun, reflow_model, run_reflow
from bumpfem.process.region_materials import assign_materials
from bumpfem.shapes import joint_outline
from bumpfem.solvers.heat import HeatSettings, HeatStepSettings, march_heat
from bumpfem.units import FloatArray
from tests.support.heat import equal_steps, solid

PBGA = "pbga_0p80"
LONG = HeatSettings(steps=HeatStepSettings(tolerance=5.0, largest=1e3))


def load(repository: Path, name: str = PBGA, **changes: Any) -> Package:
    package = Package.load(repository / "meshes" / f"{name}.toml")
    return package.model_copy(update=changes)


def one_dimensional(repository: Path) -> Package:
    """The PBGA without rim, with a die as wide as the body: nothing changes in the plane."""
    package = load(repository, body_width=12.8, body_length=12.8)
    assert package.die is not None
    die = package.die.model_copy(update={"width": 12.8, "length": 12.8})
    return package.model_copy(update={"die": die})


def belt(repository: Path) -> Oven:
    text = (repository / "studies" / "reflow.toml").read_text(encoding="utf-8")
    return Oven.model_validate(tomllib.loads(text)["oven"])


def stacked(mesh: Mesh, materials: dict[str, HeatMaterial], top: float) -> float:
    """Heat through each mm2 in steady state from 100 C below to 0 C above, h = 1 on both sides."""
    model = HeatModel(
        mesh,
        materials,
        [
            Convection(("board_bottom",), 1.0, 100.0, "below"),
            Convection(("interposer_top",), 1.0, 0.0, "above"),
        ],
    )
    report = march_heat(model, 50.0, [0.0, 3e3], LONG)
    flows = model.heat_flows(report.temperature, 3e3)
    assert flows["below"] == pytest.approx(-flows["above"], rel=1e-4)
    return flows["below"] / top


def test_heat_through_the_stack_is_that_of_resistances_in_series(repository: Path) -> None:
    """1/q = 1/h + sum t/k + 1/h with every slab over the whole body; 0.1 % asked, exact found.

    Linear elements hold the piecewise linear profile exactly.
    """
    package = one_dimensional(repository)
    mesh = build_package_mesh(package, size=2.0, board_margin=0.0)
    conductivities = {
        "board": 0.3, "joints": 0.2, "interposer": 0.5,
        "die_attach": 1.0, "die": 120.0, "mould": 0.8,
    }  # fmt: skip
    assert set(mesh.regions) == set(conductivities)
    materials = {name: solid(value, 2.0) for name, value in conductivities.items()}
    assert package.die is not None
    assert package.mould is not None
    thickness = {
        "board": package.board.thickness,
        "joints": mesh.facts.layer_thickness["joints"],
        "interposer": package.interposer.thickness,
        "die_attach": package.die.attach_thickness,
        "die": package.die.thickness,
        "mould": package.mould.thickness - package.die.height,
    }
    resistance = 2.0 + sum(thickness[name] / conductivities[name] for name in conductivities)
    assert stacked(mesh, materials, 6.4**2) == pytest.approx(100.0 / resistance, rel=1e-4)


@pytest.mark.parametrize("name", [PBGA, "cbga_1p27", "csp_0p40"])
def test_layer_resists_as_the_joint_in_its_cell_does(repository: Path, name: str) -> None:
    """Board to interposer through one joint, solved in the cell, against the layer's resistance.

    Parallel rule and constriction are estimates: heat spreads in slabs of finite thickness and
    goes from joint to gas along the way. Found on fine cells: 1, 3 and 5 %, which is 1 % of the
    resistance from one side of the package to the other.
    """
    package = load(repository, name)
    joint = package.joint("plain")
    cell = build_mesh(package, joint, size=0.3, kind="axisymmetric")
    own = {
        item.region: HeatMaterial.of(item.material)
        for item in assign_materials(package, joint, cell.regions)
    }
    found = 100.0 / stacked(cell, own, package.pitch**2) - 2.0
    for part in flat_parts(package, joint_outline(package, joint)):
        if not part.hollow:
            found -= (part.top - part.bottom) / float(own[part.region].conductivity(50.0))
    mesh = build_package_mesh(package, joint, size=3.0)
    layer = package_materials(package, joint, mesh)["joints"]
    estimate = mesh.facts.layer_thickness["joints"] / float(layer.conductivity(50.0))
    assert estimate == pytest.approx(found, rel=0.06)


def test_lumped_package_follows_its_exponential(repository: Path) -> None:
    """With h so small that Bi < 1e-3, all of it is at T = G - (G - T0) exp(-h A t / C)."""
    package = load(repository)
    mesh = build_package_mesh(package, size=3.0)
    materials = {name: solid(10.0, 1.0 + 0.2 * tag) for name, tag in mesh.regions.items()}
    faces = tuple(name for name in HEATED if name in mesh.surfaces)
    coefficient, gas, start, end = 1e-4, 200.0, 25.0, 3e4
    model = HeatModel(mesh, materials, [Convection(faces, coefficient, gas)])
    area = sum(model.space.areas(model.space.outer_faces(face)).sum() for face in faces)
    capacity = sum(
        float(materials[name].capacity(25.0)) * volume for name, volume in model.volumes.items()
    )
    rates = np.linspace(0.0, end, 301)
    report = march_heat(model, start, rates.tolist(), equal_steps(end / 300.0))
    expected = gas - (gas - start) * np.exp(-coefficient * area * end / capacity)
    assert 60.0 < expected < 190.0
    assert report.temperature.min() == pytest.approx(expected, abs=0.2)
    assert report.temperature.max() == pytest.approx(expected, abs=0.2)


@pytest.fixture(scope="module")
def shipped(repository: Path) -> PackageReflow:
    """The PBGA on 5 mm of board around it in the belt oven of the reflow study."""
    return package_in_oven(load(repository), belt(repository), size=1.5)


@pytest.fixture(scope="module")
def cell(repository: Path) -> ReflowRun:
    """The critical joint's axisymmetric cell in the same oven."""
    package = load(repository)
    joint = package.joint("plain")
    mesh = build_mesh(package, joint, kind="axisymmetric")
    return run_reflow(reflow_model(package, joint, ReflowPart(), belt(repository), mesh))


def solder_mean(run: ReflowRun, times: FloatArray) -> FloatArray:
    return np.interp(times, run.history.times, run.history.mean(run.model.cell.melting))


def layer_mean(run: PackageReflow, times: FloatArray) -> FloatArray:
    return np.interp(times, run.history.times, run.history.regions["joints"].mean)


def test_energy_is_balanced(shipped: PackageReflow) -> None:
    """Heat in is heat stored at every step; limit of the issue 1e-3 of the largest heat stored."""
    assert shipped.report.balance_error < 1e-6
    assert shipped.history.regions["joints"].melted.max() == pytest.approx(1.0)


def test_square_package_heats_alike_along_both_axes(shipped: PackageReflow) -> None:
    """Mirrored at the diagonal, package and mesh are themselves: T(x, y) = T(y, x)."""
    joints = shipped.joints
    order = np.lexsort(joints.positions.T)
    mirrored = np.lexsort(joints.positions[:, ::-1].T)
    np.testing.assert_allclose(joints.positions[order], joints.positions[mirrored][:, ::-1])
    np.testing.assert_allclose(
        joints.temperatures[:, order], joints.temperatures[:, mirrored], atol=1e-3
    )


def test_turned_package_heats_as_before(repository: Path) -> None:
    """14 x 20 mm and 20 x 14 mm are one package: joints at (x, y) and (y, x) agree."""
    package = load(repository)
    assert package.die is not None
    oven = Oven(corners=((0.0, 25.0), (100.0, 200.0)), measures="gas")
    found = []
    for turned in (False, True):
        body = {"body_width": 20.0 if turned else 14.0, "body_length": 14.0 if turned else 20.0}
        sides = {"width": 6.0 if turned else 8.0, "length": 8.0 if turned else 6.0}
        counts = {"columns": 24 if turned else 16, "rows": 16 if turned else 24}
        changed = package.model_copy(
            update=body
            | {
                "die": package.die.model_copy(update=sides),
                "array": package.array.model_copy(update=counts),
            }
        )
        found.append(package_in_oven(changed, oven, size=2.5).joints)
    straight, turned_round = found
    order, other = np.lexsort(straight.positions.T), np.lexsort(turned_round.positions[:, ::-1].T)
    np.testing.assert_allclose(
        straight.positions[order], turned_round.positions[other][:, ::-1], atol=1e-9
    )
    np.testing.assert_allclose(
        straight.temperatures[-1, order], turned_round.temperatures[-1, other], atol=1e-3
    )


def heated_from_faces(
    package: Package, oven: Oven, monkeypatch: pytest.MonkeyPatch
) -> PackageReflow:
    """In the oven without margin and with the sides of the package insulated, as the cell is."""
    monkeypatch.setattr(package_reflow, "HEATED", ("board_bottom", "interposer_top"))
    return package_in_oven(package, oven, board_margin=0.0)


def test_package_without_edges_is_the_cell(
    repository: Path, cell: ReflowRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same slabs over the same joint, smeared: within 1 % of the rise while it heats and cools.

    What is left is the layer's conductivity and latent heat that comes free over the whole layer
    at once (2 K for some seconds; peaks agree to 0.02 K). All joints are alike: the mesh tells them
    apart by 0.01 K at the peak and 0.7 s above liquidus, because nodes at the edges of the mesh
    have more cells above them than below, or the other way round.
    """
    run = heated_from_faces(one_dimensional(repository), belt(repository), monkeypatch)
    times = np.linspace(0.0, cell.history.times[-1], 500)
    difference = layer_mean(run, times) - solder_mean(cell, times)
    assert np.abs(difference).max() < 2.4
    assert layer_mean(run, times).max() == pytest.approx(solder_mean(cell, times).max(), abs=0.2)
    longest = run.joints.times_above_liquidus
    assert longest.mean() == pytest.approx(cell.outcome.time_molten, abs=1.5)
    assert np.ptp(run.joints.peaks) < 0.05
    assert np.ptp(longest) < 1.0


def test_shipped_package_without_edges_is_within_a_few_kelvin_of_the_cell(
    repository: Path, cell: ReflowRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Die, attach and mould as they are: the cell has die above it all over, the package not."""
    run = heated_from_faces(load(repository), belt(repository), monkeypatch)
    times = np.linspace(0.0, cell.history.times[-1], 500)
    difference = layer_mean(run, times) - solder_mean(cell, times)
    assert np.abs(difference).max() < 4.0
    assert layer_mean(run, times).max() == pytest.approx(solder_mean(cell, times).max(), abs=1.0)


def test_edges_make_a_package_hotter_than_its_cell(shipped: PackageReflow, cell: ReflowRun) -> None:
    """Sides and margin take up heat that the cell does not see: 5 to 7 K at the peak.

    The body has 196 mm2 of top and 62 mm2 of sides; the 5 mm of board around it have 380 mm2 of
    top with nothing on it to be heated. So corners get hotter than the centre and stay molten
    longer, although they begin to freeze before it.
    """
    joints = shipped.joints
    rise = shipped.history.regions["joints"].mean.max() - solder_mean(cell, joints.times).max()
    assert 4.0 < rise < 8.0
    assert tuple(joints.positions[joints.coldest]) == pytest.approx((0.4, 0.4))
    assert tuple(joints.positions[joints.hottest]) == pytest.approx((6.0, 6.0))
    assert 2.0 < np.ptp(joints.peaks) < 5.0
    longest = joints.times_above_liquidus
    assert longest[joints.hottest] > longest[joints.coldest]


def test_spread_hardly_depends_on_the_mesh(repository: Path, shipped: PackageReflow) -> None:
    """Edges twice as long change the coldest and hottest peak by 0.2 K."""
    coarse = package_in_oven(load(repository), belt(repository), size=3.0).joints
    for place in (shipped.joints.coldest, shipped.joints.hottest):
        assert coarse.peaks[place] == pytest.approx(shipped.joints.peaks[place], abs=0.5)


def test_more_board_beside_the_package_hardly_matters(
    repository: Path, shipped: PackageReflow
) -> None:
    """FR-4 conducts so badly that board further off than 5 mm is not felt: some 0.02 K."""
    wide = package_in_oven(load(repository), belt(repository), size=1.5, board_margin=10.0).joints
    np.testing.assert_allclose(wide.peaks, shipped.joints.peaks, atol=0.2)


RANKS = """
import json
from bumpfem.design import Package
from bumpfem.design.oven import Oven
from bumpfem.process.package_reflow import package_in_oven
oven = Oven(corners=((0, 25), (100, 200), (130, 260), (150, 260)), measures="gas")
run = package_in_oven(Package.load("{package}"), oven, size=3.0)
found = json.dumps([run.joints.peaks.tolist(), sum(run.report.heat_in.values())])
if run.model.comm.rank == 0:
    print(found)
"""


def test_two_ranks_agree_with_one(
    repository: Path, run_ranks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The partition only changes the order of sums."""
    package = repository / "meshes" / f"{PBGA}.toml"
    monkeypatch.setenv("PYTHONPATH", str(repository))
    printed = run_ranks(2, "-c", RANKS.format(package=package)).stdout
    peaks, heat = json.loads(printed.splitlines()[-1])
    oven = Oven(corners=((0, 25), (100, 200), (130, 260), (150, 260)), measures="gas")
    alone = package_in_oven(Package.load(package), oven, size=3.0)
    np.testing.assert_allclose(peaks, alone.joints.peaks, atol=1e-3)
    assert heat == pytest.approx(sum(alone.report.heat_in.values()), rel=1e-5)


def test_profile_of_the_package_itself_is_refused(repository: Path) -> None:
    with pytest.raises(InputError, match="no room to differ"):
        package_in_oven(load(repository), Oven(profile="jstd020_pb_free"))
