"""Reflow of a joint's cell: axisymmetric and 3D cells agree, energy, refinement, faults."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dolfinx import mesh as dm
from mpi4py import MPI

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.design import Package
from bumpfem.errors import (
    ConvergenceError,
    InputError,
    MaterialError,
    MeshError,
    PropertyRangeError,
)
from bumpfem.meshing import build_mesh
from bumpfem.meshing.names import Kind
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import Contact, Convection, Radiation
from bumpfem.physics.heat_geometry import FREE
from bumpfem.process.region_materials import assign_materials
from bumpfem.solvers.heat import (
    HeatNewtonSettings,
    HeatReport,
    HeatSettings,
    HeatStep,
    HeatStepSettings,
    march_heat,
)
from bumpfem.units import FloatArray
from tests.support.heat import bar, geometry, solid

#: A reflow profile: preheat, soak, ramp, peak, cooling; s and degrees C.
TIMES = [0.0, 90.0, 180.0, 220.0, 250.0, 360.0]
GAS = [25.0, 150.0, 190.0, 250.0, 250.0, 40.0]
PACKAGE = "meshes/pbga_0p80.toml"


class Recorder:
    """Time, mean temperatures, and melted fraction of the solder."""

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []

    def __call__(self, model: HeatModel, step: HeatStep) -> None:
        row = {name: state.mean for name, state in step.regions.items()}
        self.rows.append(row | {"time": step.time, "melted": step.regions["solder"].melted})

    def at(self, name: str, times: FloatArray) -> FloatArray:
        own = [row["time"] for row in self.rows]
        return np.interp(times, own, [row[name] for row in self.rows])


def gas(time: float) -> float:
    return float(np.interp(time, TIMES, GAS))


def reflow(
    repository: Any, kind: Kind, size: float, joint_name: str = "plain", tolerance: float = 0.02
) -> tuple[Recorder, HeatReport, HeatModel]:
    package = Package.load(repository / PACKAGE)
    joint = package.joint(joint_name)
    mesh = build_mesh(package, joint, size=size, kind=kind)
    materials = {
        item.region: HeatMaterial.of(item.material)
        for item in assign_materials(package, joint, mesh.regions)
    }
    model = HeatModel(
        mesh,
        materials,
        [
            Convection(("board_bottom", "interposer_top"), 0.08, gas),
            Radiation(("board_bottom", "interposer_top"), 0.5, gas),
        ],
    )
    recorder = Recorder()
    steps = HeatStepSettings(tolerance=tolerance, largest=5.0)
    return recorder, march_heat(model, 25.0, TIMES, HeatSettings(steps=steps), [recorder]), model


@pytest.fixture(scope="module")
def cells(repository: Any) -> dict[str, tuple[Recorder, HeatReport, HeatModel]]:
    """The plain joint's axisymmetric cell, and its half cell in 3D."""
    return {
        "axisymmetric": reflow(repository, "axisymmetric", 1.0),
        "half_cell": reflow(repository, "half_cell", 1.0),
    }


def test_axisymmetric_and_three_dimensional_cells_agree(cells: Any) -> None:
    """Joint, pads and layers within 0.5 % of the rise of the temperature, at all times.

    The joint is the same body of revolution in both; around it the square cell of one pitch stands
    against a disc of the same area. So volumes, heated faces and heat agree (the half cell has
    half of each), and only the way heat spreads in the plane of the slabs differs.
    """
    (flat, flat_report, flat_model), (solid_rows, solid_report, solid_model) = (
        cells["axisymmetric"], cells["half_cell"],
    )  # fmt: skip
    for region, volume in flat_model.volumes.items():
        assert 2.0 * solid_model.volumes[region] == pytest.approx(volume, rel=5e-3), region
    times = np.linspace(0.0, 360.0, 361)
    for region in flat_model.volumes:
        difference = np.abs(flat.at(region, times) - solid_rows.at(region, times))
        assert difference.max() < 5e-3 * 225.0, region
    np.testing.assert_allclose(flat.at("melted", times), solid_rows.at("melted", times), atol=0.06)
    assert flat.at("melted", times).max() == pytest.approx(1.0, abs=1e-9)
    assert 2.0 * solid_report.stored == pytest.approx(flat_report.stored, rel=5e-3)


@pytest.mark.parametrize("kind", ["axisymmetric", "half_cell"])
def test_energy_is_balanced(cells: Any, kind: str) -> None:
    """Heat in through the faces is heat stored, latent heat included, to 0.1 % and far better."""
    _, report, _ = cells[kind]
    assert report.balance_error < 1e-6
    assert sum(report.heat_in.values()) == pytest.approx(report.stored, rel=1e-5)
    assert report.latent == pytest.approx(0.0, abs=1e-9)


def test_melting_holds_the_temperature_back(cells: Any) -> None:
    """While the solder melts its latent heat, worth 272 K, holds it between 217 and 220 C."""
    recorder, _, _ = cells["axisymmetric"]
    partly = [row for row in recorder.rows if 0.02 < row["melted"] < 0.98]
    assert len(partly) > 5
    assert all(216.5 < row["solder"] < 220.5 for row in partly)


def test_mesh_and_time_step_hardly_matter(repository: Any, cells: Any) -> None:
    """Half the element and a tenth of the tolerance move the solder by 0.05 K on average.

    Where the last solder freezes its temperature drops by several K within a second; there the
    straight lines between steps of different length differ by up to 1 K.
    """
    coarse = cells["axisymmetric"][0]
    fine = reflow(repository, "axisymmetric", 0.5, tolerance=0.002)[0]
    times = np.linspace(0.0, 360.0, 361)
    difference = np.abs(coarse.at("solder", times) - fine.at("solder", times))
    assert difference.mean() < 0.05
    assert difference.max() < 1.1
    assert np.abs(coarse.at("melted", times) - fine.at("melted", times)).mean() < 0.002


def test_faces_without_a_name_are_those_of_the_gap(repository: Any, cells: Any) -> None:
    """Named faces and free ones together are all outer faces, none of them counted twice."""
    space = cells["axisymmetric"][2].space
    named = sum(space.areas(space.outer_faces(name)).sum() for name in space.geometry.facets)
    free = space.areas(space.outer_faces(FREE)).sum()
    assert free > 0.3
    everything = space.areas(space.outer_faces())
    assert named + free == pytest.approx(everything.sum(), rel=1e-12)


def test_a_contact_at_the_pad_delays_the_melting_of_a_ball(repository: Any) -> None:
    """A ball of solder that only touches its lands melts later than one that is wetted."""
    package = Package.load(repository / PACKAGE)
    joint = package.joint("plain")
    mesh = build_mesh(package, joint, size=1.5, kind="axisymmetric")
    materials = {
        item.region: HeatMaterial.of(item.material)
        for item in assign_materials(package, joint, mesh.regions)
    }
    ball = ("solder", "solder_layer_board", "solder_layer_interposer")

    def melts_at(contacts: list[Contact]) -> float:
        recorder = Recorder()
        model = HeatModel(mesh, materials, [Convection(("board_bottom",), 0.2, gas)],
                          contacts=contacts)  # fmt: skip
        march_heat(model, 25.0, TIMES, observers=[recorder])
        return next(row["time"] for row in recorder.rows if row["melted"] > 0.5)

    touching = Contact(("board_pad",), ball, resistance=0.5, wets_at=217.0)
    assert melts_at([touching]) > melts_at([]) + 0.5


def test_a_step_that_newton_cannot_take_is_cut_back_and_the_last_one_says_where() -> None:
    """One Newton iteration and no nested one: the message gives time, place, temperature."""
    model = HeatModel(
        bar(10, 1.0),
        {"body": solid(1.0, 1.0, (50.0, 50.1, 200.0))},
        [Convection(("left",), 5.0, 200.0)],
    )
    settings = HeatSettings(
        newton=HeatNewtonSettings(tolerance=1e-9, largest_iterations=1, largest_nested=1),
        steps=HeatStepSettings(initial=5.0, smallest=1.0),
    )
    with pytest.raises(ConvergenceError, match=r"smallest step 1 s.* in body at x = .* \(.* C\)"):
        march_heat(model, 20.0, [0.0, 20.0], settings)


def test_a_source_that_is_not_a_number_ends_the_march() -> None:
    model = HeatModel(
        bar(4, 1.0), {"body": solid(1.0, 1.0)}, sources={"body": lambda time, t: np.nan * t}
    )
    with pytest.raises(ConvergenceError, match="not a number"):
        march_heat(model, 20.0, [0.0, 20.0])


def test_an_oven_hotter_than_a_material_s_range_is_refused() -> None:
    """The body, not the gas, decides: the message names region, material, range and time."""
    model = HeatModel(
        bar(4, 1.0), {"body": HeatMaterial.of("kapton")}, [Convection(("left",), 1.0, 420.0)]
    )
    with pytest.raises(PropertyRangeError, match=r"at .* s region body .* hotter .* kapton"):
        march_heat(model, 20.0, [0.0, 1000.0])


def test_bad_models_are_refused() -> None:
    body = {"body": solid(1.0, 1.0)}
    strip = bar(4, 1.0)
    with pytest.raises(MaterialError, match="differ"):
        HeatModel(strip, {"other": solid(1.0, 1.0)})
    with pytest.raises(MeshError, match="no surface 'lid'"):
        HeatModel(strip, body, [Convection(("lid",), 1.0, 20.0)])
    with pytest.raises(InputError, match="sources"):
        HeatModel(strip, body, sources={"ball": 1.0})
    with pytest.raises(InputError, match="emissivity"):
        Radiation(("left",), 1.5, 100.0)
    with pytest.raises(InputError, match="coefficient"):
        Convection(("left",), -1.0, 100.0)
    with pytest.raises(InputError, match="resistance"):
        Contact(("a",), ("b",), 0.0)
    with pytest.raises(InputError, match="corners"):
        march_heat(HeatModel(strip, body), 20.0, [0.0, 0.0])
    apart = geometry(
        dm.create_rectangle(MPI.COMM_WORLD, [(0.0, 0.0), (3.0, 1.0)], (6, 2)),
        {"a": lambda x: x[0] < 1.0, "b": lambda x: (x[0] > 1.0) & (x[0] < 2.0),
         "c": lambda x: x[0] > 2.0},
    )  # fmt: skip
    three = dict.fromkeys("abc", solid(1.0, 1.0))
    with pytest.raises(InputError, match="regions that touch"):
        HeatModel(apart, three, contacts=[Contact(("a",), ("c",), 1.0)])
    with pytest.raises(InputError, match="no region of"):
        HeatModel(apart, three, contacts=[Contact(("a", "b"), ("b",), 1.0)])
