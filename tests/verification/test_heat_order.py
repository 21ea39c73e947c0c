"""Second order in space and time, against manufactured and exact solutions."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from dolfinx import mesh as dm
from mpi4py import MPI

from bumpfem.constitutive import Table
from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import Convection, PrescribedTemperature
from bumpfem.solvers.heat import HeatSettings, HeatStepSettings, march_heat
from bumpfem.units import FloatArray
from tests.support.heat import bar, equal_steps, geometry, solid
from tests.support.mechanics import box, curved

RADIUS, HEIGHT = 1.5, 1.0
#: k = 1 + 0.01 T and rho c = 2 + 0.02 T between 0 and 100 C.
MATERIAL = HeatMaterial("made", Table((0.0, 100.0), (2.0, 4.0)), Table((0.0, 100.0), (1.0, 2.0)))


def ratios(errors: list[float]) -> list[float]:
    return [before / after for before, after in pairwise(errors)]


def made(x: FloatArray, time: float) -> tuple[FloatArray, FloatArray]:
    """``T = 50 + 20 g(t) p(r) cos(pi z / H)`` insulated all round, and its source.

    ``p = (1 - (r/R)^2)^2`` has no slope at the axis and at the outer radius.
    The source is ``rho c dT/dt - k lap T - k' |grad T|^2``.
    """
    rho, wave = x[:, 0] / RADIUS, np.pi / HEIGHT
    p, p_slope = (1.0 - rho**2) ** 2, -4.0 * rho * (1.0 - rho**2) / RADIUS
    p_laplace = (-8.0 + 16.0 * rho**2) / RADIUS**2
    g, g_rate = np.cos(2.0 * time), -2.0 * np.sin(2.0 * time)
    c, s = np.cos(wave * x[:, 1]), np.sin(wave * x[:, 1])
    temperature = 50.0 + 20.0 * g * p * c
    rate = 20.0 * g_rate * p * c
    laplace = 20.0 * g * (p_laplace - wave**2 * p) * c
    square = (20.0 * g) ** 2 * ((p_slope * c) ** 2 + (wave * p * s) ** 2)
    capacity, conductivity = 2.0 + 0.02 * temperature, 1.0 + 0.01 * temperature
    return temperature, capacity * rate - conductivity * laplace - 0.01 * square


def axisymmetric(cells: int) -> HeatModel:
    mesh = dm.create_rectangle(
        MPI.COMM_WORLD, [(0.0, 0.0), (RADIUS, HEIGHT)], (cells, cells), dm.CellType.triangle
    )
    points: list[FloatArray] = []

    def source(time: float, temperature: FloatArray) -> FloatArray:
        return made(points[0], time)[1]

    model = HeatModel(
        geometry(mesh, axisymmetric=True), {"body": MATERIAL}, sources={"body": source}
    )
    points.append(model.points("body"))
    return model


def mean_error(model: HeatModel, found: FloatArray, expected: FloatArray) -> float:
    weights = model.point_volumes("body")
    return float(np.sqrt(weights @ (found - expected) ** 2 / weights.sum()))


def test_second_order_in_space_on_an_axisymmetric_mesh() -> None:
    """Half the element, a quarter of the error, with k and rho c depending on temperature."""
    errors = []
    for cells in (6, 12, 24):
        model = axisymmetric(cells)
        places = model.space.coordinates()
        report = march_heat(model, made(places, 0.0)[0], [0.0, 0.5], equal_steps(0.01))
        errors.append(mean_error(model, report.temperature, made(places, 0.5)[0]))
    assert min(ratios(errors)) > 3.6
    assert errors[-1] < 0.05


def test_second_order_in_time_with_varying_properties() -> None:
    """Half the step, a quarter of the error, against 32 times smaller steps on the same mesh."""

    def end(steps: int) -> FloatArray:
        model = axisymmetric(6)
        start = made(model.space.coordinates(), 0.0)[0]
        return march_heat(model, start, [0.0, 0.8], equal_steps(0.8 / steps)).temperature

    reference = end(320)
    errors = [float(np.abs(end(steps) - reference).max()) for steps in (10, 20, 40)]
    assert min(ratios(errors)) > 3.6


def test_second_order_in_time_behind_a_wall_and_a_gas_that_vary() -> None:
    """The same for boundaries that vary: no order is lost where the temperature is prescribed."""

    def end(steps: int) -> FloatArray:
        model = HeatModel(
            bar(12, 3.0),
            {"body": solid(2.0, 1.5)},
            [
                PrescribedTemperature(("left",), lambda time: 40.0 * np.sin(1.5 * time)),
                Convection(("right",), 3.0, lambda time: 30.0 * np.cos(2.0 * time)),
            ],
        )
        return march_heat(model, 0.0, [0.0, 1.6], equal_steps(1.6 / steps)).temperature

    reference = end(640)
    errors = [float(np.abs(end(steps) - reference).max()) for steps in (20, 40, 80)]
    assert min(ratios(errors)) > 3.5


def curved_cube(cells: int) -> Any:
    """A cube of second-order tetrahedra whose inner nodes are moved: every cell is curved."""

    def bend(x: FloatArray) -> FloatArray:
        moved = x.copy()
        swell = 0.05 * np.prod(np.sin(np.pi * x), axis=1)
        moved += swell[:, None]
        return moved

    return curved(box((cells, cells, cells), (1.0, 1.0, 1.0)), bend)


def test_second_order_in_space_on_curved_tetrahedra() -> None:
    """Free decay ``T = 10 exp(-3 pi^2 a t) cos cos cos`` in an insulated cube, no source."""
    errors = []
    for cells in (4, 8, 16):
        model = HeatModel(geometry(curved_cube(cells)), {"body": solid(1.5, 2.0)})
        x = model.space.coordinates()
        mode = 10.0 * np.prod(np.cos(np.pi * x), axis=1)
        report = march_heat(model, mode, [0.0, 0.04], equal_steps(0.002))
        decay = np.exp(-3.0 * np.pi**2 * 0.75 * 0.04)
        errors.append(mean_error(model, report.temperature, decay * mode))
    assert min(ratios(errors)) > 3.3
    assert errors[-1] < 0.05


def test_the_step_control_keeps_the_error_near_its_tolerance() -> None:
    """A tenth of the tolerance: a third of the error at most, and more steps.

    A gas that is suddenly 100 K hotter. Errors of one sign add up over some tens of steps, so the
    error at the end is below twenty tolerances, and 0.05 K with the smallest.
    """

    def end(tolerance: float) -> tuple[float, int]:
        model = HeatModel(
            bar(10, 2.0), {"body": solid(2.0, 1.5)}, [Convection(("left",), 2.0, 100.0)]
        )
        settings = HeatSettings(
            steps=HeatStepSettings(tolerance=tolerance, initial=1e-3, largest=100.0)
        )
        report = march_heat(model, 0.0, [0.0, 6.0], settings)
        return report.regions["body"].mean, report.steps

    reference = end(1e-6)[0]
    found = {tolerance: end(tolerance) for tolerance in (0.3, 0.03, 0.003)}
    errors = [abs(mean - reference) for mean, _ in found.values()]
    assert min(ratios(errors)) > 2.5
    assert all(error < 20.0 * tolerance for error, tolerance in zip(errors, found, strict=True))
    assert errors[-1] < 0.05
    assert found[0.003][1] > 2.0 * found[0.3][1]


@pytest.mark.parametrize("length", [0.5, 50.0])
def test_long_steps_do_not_swing(length: float) -> None:
    """L-stable: far beyond the time constant of an element the body goes to the gas's temperature.

    The trapezoidal rule would swing about it for ever.
    """
    model = HeatModel(bar(40, 1.0), {"body": solid(50.0, 1.0)}, [Convection(("left",), 50.0, 80.0)])
    report = march_heat(model, 20.0, [0.0, 6.0 * length], equal_steps(length))
    np.testing.assert_allclose(report.temperature, 80.0, atol=0.05)
