"""Thick-walled cylinder under internal pressure, axially held: elastic, and in steady creep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem
from dolfinx import mesh as dm

from bumpfem.constitutive import Law, Norton, Table
from bumpfem.physics.kinematics import DisplacementSpace, Volumetric
from bumpfem.physics.mechanics import Loading, MechanicalModel
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import MarchSettings, march
from bumpfem.solvers.step_control import StepSettings
from bumpfem.units import FloatArray
from tests.support.mechanics import TIGHT, held, hold_at, one_region, rectangle

#: UFL has no type information.
UFL: Any = ufl
INNER, OUTER, HEIGHT, PRESSURE = 1.0, 2.0, 0.1, 30.0
MODULUS, RATIO, EXPONENT = 50e3, 0.36, 4.0
CREEP = Norton(Table.constant(MODULUS), Table.constant(RATIO), A=1e-5 / 20.0**EXPONENT, n=EXPONENT)


def cylinder(law: Law, volumetric: Volumetric) -> MechanicalModel:
    """Cells graded towards the bore, 24 over the wall."""
    mesh = rectangle((24, 1), (0.0, 0.0), (1.0, HEIGHT))
    mesh.geometry.x[:, 0] = INNER * (OUTER / INNER) ** mesh.geometry.x[:, 0]

    def loading(space: DisplacementSpace) -> Loading:
        bore = dm.locate_entities_boundary(space.mesh, 1, lambda x: np.isclose(x[0], INNER))
        tags = dm.meshtags(space.mesh, 1, np.sort(bore), np.ones(len(bore), dtype=np.int32))
        around = 2 * UFL.pi * UFL.SpatialCoordinate(space.mesh)[0]
        ds = UFL.Measure("ds", domain=space.mesh, subdomain_data=tags)
        work = PRESSURE * around * UFL.TestFunction(space.space)[0] * ds(1)
        force = fem.assemble_vector(fem.form(work)).array.copy()
        ends = held(space, lambda x: (x[:, 1] < 1e-9) | (x[:, 1] > HEIGHT - 1e-9), 1)
        return Loading([ends], force=force)

    return one_region(mesh, law, loading, volumetric=volumetric)


def cell_means(model: MechanicalModel) -> tuple[FloatArray, FloatArray]:
    """Radius of the middle and mean stress (cells, 6) of every cell."""
    operator = model.groups[0].operator
    weights = operator.weights / operator.weights.sum(axis=1, keepdims=True)
    radius = model.space.point_coordinates(operator.cells)[:, :, 0]
    stress = model.groups[0].committed_stress.reshape(*operator.weights.shape, 6)
    return np.einsum("cq,cq->c", weights, radius), np.einsum("cq,cqi->ci", weights, stress)


@pytest.mark.parametrize("volumetric", ["cell_mean", "full"])
def test_elastic_cylinder(volumetric: Volumetric) -> None:
    """Lame: sigma_r, sigma_theta = p a^2/(b^2 - a^2) (1 -+ b^2/r^2), sigma_z = nu (sum of both),
    u(b) = 2 p a^2 b (1 - nu^2)/(E (b^2 - a^2)) held axially.
    """
    model = cylinder(CREEP, volumetric)
    hold_at(model, 1e-6, 1e-6)
    radius, stress = cell_means(model)
    size = PRESSURE * INNER**2 / (OUTER**2 - INNER**2)
    swing = (OUTER / radius) ** 2
    exact = np.column_stack([size * (1 - swing), 2 * RATIO * size * np.ones(len(radius)),
                             size * (1 + swing)])  # fmt: skip
    np.testing.assert_allclose(stress[:, :3], exact, atol=0.01 * PRESSURE)
    np.testing.assert_allclose(stress[:, 3], 0.0, atol=0.01 * PRESSURE)
    moved = 2 * size * OUTER * (1 - RATIO**2) / MODULUS
    at_rim = np.isclose(model.space.node_coordinates()[:, 0], OUTER)
    np.testing.assert_allclose(model.u[::2][at_rim], moved, rtol=1e-3)


def test_cylinder_in_steady_creep() -> None:
    """Steady Norton creep of an axially held cylinder (Bailey 1935; Odqvist 1966), k = b/a:

    sigma_r = -p ((b/r)^(2/n) - 1)/(k^(2/n) - 1),
    sigma_theta = p ((2/n - 1)(b/r)^(2/n) + 1)/(k^(2/n) - 1), sigma_z = (sigma_r + sigma_theta)/2,
    and the wall moves outward at u' = C/r with C = sqrt(3)/2 r^2 A sigma_eq^n.

    The time is long against the redistribution of stress: the creep strain is then more than
    fifty times the elastic one.
    """
    model = cylinder(CREEP, "cell_mean")
    span = np.log(OUTER / INNER)
    end = 2e4
    rim = int(np.argmax(model.space.node_coordinates()[:, 0])) * 2
    moves: list[tuple[float, float]] = []
    march(
        model,
        TemperatureHistory(np.array([0.0, end]), np.array([25.0, 25.0])),
        MarchSettings(TIGHT, StepSettings(tolerance=2e-5, initial=1.0, largest=1000.0)),
        [lambda _, step: moves.append((step.time, float(step.u[rim])))],
    )
    radius, stress = cell_means(model)
    part = (OUTER / radius) ** (2 / EXPONENT)
    bottom = np.exp(2 / EXPONENT * span) - 1
    across = -PRESSURE * (part - 1) / bottom
    hoop = PRESSURE * ((2 / EXPONENT - 1) * part + 1) / bottom
    exact = np.column_stack([across, 0.5 * (across + hoop), hoop])
    np.testing.assert_allclose(stress[:, :3], exact, atol=0.01 * PRESSURE)
    equivalent = np.sqrt(3.0) / 2 * (hoop - across)
    growth = np.sqrt(3.0) / 2 * radius**2 * CREEP.A * equivalent**EXPONENT
    np.testing.assert_allclose(growth, growth[0], rtol=1e-6)
    (early, before), (late, after) = moves[-2:]
    assert (after - before) / (late - early) == pytest.approx(growth[0] / OUTER, rel=0.01)
    elastic_part = 0.5 * (stress[:, 2] - stress[:, 0]).max() * (1 + RATIO) / MODULUS
    assert model.groups[0].state[:, 6].max() > 50 * elastic_part
    assert hoop[np.argmax(radius)] > hoop[np.argmin(radius)]
