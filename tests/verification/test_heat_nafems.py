"""Published thermal benchmarks of NAFEMS (The Standard NAFEMS Benchmarks, 1990) and closed forms.

Lengths are in mm, conductivities in W/(m K) = mW/(mm K), coefficients of heat transfer in
mW/(mm2 K) = 1000 W/(m2 K).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dolfinx import mesh as dm
from mpi4py import MPI
from scipy.optimize import brentq

from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import (
    STEFAN_BOLTZMANN,
    WETTED_RESISTANCE,
    Contact,
    Convection,
    HeatFlux,
    PrescribedTemperature,
    Radiation,
)
from bumpfem.solvers.heat import HeatSettings, HeatStep, HeatStepSettings, march_heat
from bumpfem.units import kelvin
from tests.support.heat import Profile, bar, equal_steps, geometry, solid

#: Capacity that does not matter in a steady state, mJ/(mm3 K).
ANY = 1.0


def steady(model: HeatModel, start: float) -> np.ndarray:
    """Temperatures after so long that nothing changes any more."""
    return march_heat(model, start, [0.0, 1e9], equal_steps(2.5e8)).temperature


def test_t2_one_dimensional_conduction_with_radiation() -> None:
    """NAFEMS T2: a bar of 100 mm, k = 55.6 W/(m K), 1000 K at one end; the other radiates with
    emissivity 0.98 to 300 K. Published: 927.0 K there. The closed form is the root of
    k (1000 - T)/L = e s (T^4 - 300^4).
    """
    model = HeatModel(
        bar(10, 100.0, 10.0),
        {"body": solid(55.6, ANY)},
        [
            PrescribedTemperature(("left",), 1000.0 - 273.15),
            Radiation(("right",), 0.98, 300.0 - 273.15),
        ],
    )
    found = kelvin(steady(model, 700.0).min())

    def flux(t: float) -> float:
        return 0.556 * (1000.0 - t) - 0.98 * STEFAN_BOLTZMANN * (t**4 - 300.0**4)

    assert found == pytest.approx(927.0, abs=0.1)
    assert found == pytest.approx(brentq(flux, 500.0, 1000.0), abs=1e-4)


def test_t3_one_dimensional_transient_conduction() -> None:
    """NAFEMS T3: a bar of 100 mm, k = 35 W/(m K), c = 440.5 J/(kg K), 7200 kg/m3, at 0 C; one end
    stays at 0 C, the other follows 100 sin(pi t/40) C. Published: 36.60 C at 20 mm from it, 32 s.
    """
    model = HeatModel(
        bar(50, 100.0, 2.0),
        {"body": solid(35.0, 440.5 * 7.2e-3)},
        [
            PrescribedTemperature(("left",), 0.0),
            PrescribedTemperature(("right",), lambda time: 100.0 * np.sin(np.pi * time / 40.0)),
        ],
    )
    profile = Profile(model, lambda x: np.isclose(x[:, 1], 0.0))
    march_heat(model, 0.0, [0.0, 32.0], equal_steps(0.5), [profile])
    found = np.interp(80.0, profile.places, profile.values[-1])
    assert found == pytest.approx(36.60, abs=0.05)


def test_t4_two_dimensional_conduction_with_convection() -> None:
    """NAFEMS T4: a plate 0.6 m by 1.0 m, k = 52 W/(m K); the lower edge at 100 C, the left edge
    insulated, right and upper edges with 750 W/(m2 K) to 0 C. Published: 18.3 C on the right edge
    0.2 m above the lower one. The corner between held and cooled edge is singular, so that the
    value is approached slowly; the difference from element to element falls.
    """
    found = []
    for cells in (15, 30, 60):
        mesh = dm.create_rectangle(
            MPI.COMM_WORLD,
            [(0.0, 0.0), (600.0, 1000.0)],
            (cells, 5 * cells // 3),
            dm.CellType.triangle,
        )
        plate = geometry(
            mesh,
            bottom=lambda x: np.isclose(x[1], 0.0),
            right=lambda x: np.isclose(x[0], 600.0),
            top=lambda x: np.isclose(x[1], 1000.0),
        )
        model = HeatModel(
            plate,
            {"body": solid(52.0, ANY)},
            [Convection(("right", "top"), 0.75, 0.0), PrescribedTemperature(("bottom",), 100.0)],
        )
        edge = Profile(model, lambda x: np.isclose(x[:, 0], 600.0), axis=1)
        march_heat(model, 50.0, [0.0, 1e9], equal_steps(2.5e8), [edge])
        found.append(float(np.interp(200.0, edge.places, edge.values[-1])))
    assert abs(found[2] - found[1]) < 0.5 * abs(found[1] - found[0])
    assert found[-1] == pytest.approx(18.3, abs=0.15)


@pytest.mark.parametrize("axisymmetric", [False, True])
def test_a_lumped_body_follows_its_exponential(axisymmetric: bool) -> None:
    """Biot number 1e-4: T = T_gas + (T_0 - T_gas) exp(-h A t / C), error of order Bi."""
    mesh = dm.create_rectangle(MPI.COMM_WORLD, [(0.0, 0.0), (1.0, 1.0)], (4, 4))
    model = HeatModel(
        geometry(mesh, axisymmetric=axisymmetric),
        {"body": solid(400.0, 3.5)},
        [Convection(("free",), 0.04, 250.0)],
    )
    area, volume = (4.0 * np.pi, np.pi) if axisymmetric else (4.0, 1.0)
    if not axisymmetric:
        assert model.volumes["body"] == pytest.approx(1.0, rel=1e-12)
    constant = 3.5 * volume / (0.04 * area)
    settings = HeatSettings(steps=HeatStepSettings(tolerance=1e-3))
    report = march_heat(model, 25.0, [0.0, 1.5 * constant], settings)
    exact = 250.0 - 225.0 * np.exp(-1.5)
    assert report.regions["body"].mean == pytest.approx(exact, abs=0.05)
    assert report.heat_in["convection"] == pytest.approx(3.5 * volume * (exact - 25.0), rel=5e-4)


def test_a_lumped_melting_body_takes_up_its_latent_heat_at_constant_flux() -> None:
    """At a constant flux q the heat q A t is stored whatever melts: T from the inverse of H."""
    material = solid(400.0, 2.0, (100.0, 101.0, 50.0))
    model = HeatModel(bar(4, 1.0, 1.0), {"body": material}, [HeatFlux(("left",), 2.0)])
    at_end = []
    for time in (30.0, 60.0, 90.0, 120.0):
        report = march_heat(model, 25.0, [0.0, time], equal_steps(10.0))
        at_end.append(report.regions["body"].mean)
        assert report.heat_in["flux"] == pytest.approx(2.0 * time, rel=1e-12)
        assert report.stored == pytest.approx(2.0 * time, rel=1e-9)
    exact = material.temperature(np.array([60.0, 120.0, 180.0, 240.0]))
    np.testing.assert_allclose(at_end, exact, atol=0.01)
    assert 100.0 < at_end[2] < 101.0


@pytest.mark.parametrize("axisymmetric", [False, True])
def test_a_contact_drops_the_temperature_by_flux_times_resistance(axisymmetric: bool) -> None:
    """Two slabs in series: T falls linearly in each, by q R between them; exact at any mesh.

    After wetting the drop is that of the wetted resistance, near nothing.
    """
    mesh = dm.create_rectangle(MPI.COMM_WORLD, [(0.0, 0.0), (1.0, 2.0)], (3, 8))
    slabs = geometry(
        mesh,
        {"lower": lambda x: x[1] < 1.0, "upper": lambda x: x[1] > 1.0},
        axisymmetric,
        bottom=lambda x: np.isclose(x[1], 0.0),
        top=lambda x: np.isclose(x[1], 2.0),
    )
    contact = Contact(("lower",), ("upper",), resistance=0.5)
    ends = [PrescribedTemperature(("bottom",), 0.0), PrescribedTemperature(("top",), 100.0)]
    materials = {"lower": solid(4.0, ANY), "upper": solid(2.0, ANY)}
    for item, resistance in ((contact, 0.5), (replace(contact, until=1.0), WETTED_RESISTANCE)):
        model = HeatModel(slabs, materials, ends, contacts=[item])
        states = march_heat(model, 50.0, [0.0, 1e6], equal_steps(1e5)).regions
        flux = 100.0 / (1.0 / 4.0 + resistance + 1.0 / 2.0)
        assert states["lower"].highest == pytest.approx(flux / 4.0, abs=1e-4)
        assert states["upper"].lowest == pytest.approx(100.0 - flux / 2.0, abs=1e-4)
    assert flux == pytest.approx(100.0 / 0.75, rel=1e-4)


def test_a_contact_is_wetted_by_temperature_for_good() -> None:
    """The solder side melts at 100 C: from then on both sides are at one temperature."""
    mesh = dm.create_rectangle(MPI.COMM_WORLD, [(0.0, 0.0), (1.0, 2.0)], (2, 4))
    slabs = geometry(
        mesh,
        {"pad": lambda x: x[1] < 1.0, "ball": lambda x: x[1] > 1.0},
        top=lambda x: np.isclose(x[1], 2.0),
    )
    gaps: list[tuple[float, float]] = []

    def keep(model: HeatModel, step: HeatStep) -> None:
        states = step.regions
        gaps.append((states["ball"].highest, abs(states["ball"].mean - states["pad"].mean)))

    model = HeatModel(
        slabs,
        {"pad": solid(400.0, 3.0), "ball": solid(60.0, 1.7, (100.0, 103.0, 450.0))},
        [Convection(("top",), 1.0, lambda time: 180.0 if time < 700.0 else 20.0)],
        contacts=[Contact(("pad",), ("ball",), resistance=20.0, wets_at=100.0)],
    )
    report = march_heat(model, 20.0, [0.0, 700.0, 2000.0], observers=[keep])
    before = next(gap for highest, gap in gaps if 60.0 < highest < 99.0)
    assert before > 15.0
    assert gaps[-1][0] < 100.0
    assert gaps[-1][1] < 1.0
    assert model.contacts[0].wetted.all()
    assert report.balance_error < 1e-6
