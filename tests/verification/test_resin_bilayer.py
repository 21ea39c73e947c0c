"""A curing layer bends the disc that carries it as Timoshenko's bimetal formula says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from bumpfem.constitutive import Law
from bumpfem.constitutive.resin_expansion import ResinExpansion
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.mechanics import Loading, MechanicalModel
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import march
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    cells_where,
    elastic,
    fixed_steps,
    held,
    hold_at,
    no_expansion,
    rectangle,
)
from tests.support.resin import EXPANSION, MODULI, FirstOrder, biaxial, cure_hardening

RADIUS, SUBSTRATE, RESIN = 10.0, 0.3, 0.15
SUBSTRATE_MODULUS, SUBSTRATE_RATIO = 20e3, 0.3
STIFF = SUBSTRATE_MODULUS / (1.0 - SUBSTRATE_RATIO)


def curvature_per_strain(modulus: float) -> float:
    """Change of curvature for a difference of strain, in increments (Timoshenko 1925).

    For a disc the biaxial moduli stand in place of Young's moduli; m is the ratio of the
    thicknesses and n that of the moduli, resin over substrate.
    """
    m, n, height = RESIN / SUBSTRATE, modulus / STIFF, RESIN + SUBSTRATE
    below = height * (3.0 * (1.0 + m) ** 2 + (1.0 + m * n) * (m**2 + 1.0 / (m * n)))
    return 6.0 * (1.0 + m) ** 2 / below


def disc(law: Law) -> MechanicalModel:
    """Resin on an elastic disc around the axis, which is held at its centre."""
    total = SUBSTRATE + RESIN
    mesh = rectangle((40, 9), (0.0, 0.0), (RADIUS, total))
    cells = {
        "substrate": cells_where(mesh, lambda x: x[:, 1] < SUBSTRATE),
        "resin": cells_where(mesh, lambda x: x[:, 1] > SUBSTRATE),
    }

    def supports(space: DisplacementSpace) -> Loading:
        axis = held(space, lambda x: x[:, 0] < 1e-9, 0)
        centre = held(space, lambda x: (x[:, 0] < 1e-9) & (x[:, 1] < 1e-9), 1)
        return Loading([axis, centre])

    carrier = elastic(SUBSTRATE_MODULUS, SUBSTRATE_RATIO)
    regions = [RegionLaw("substrate", carrier, no_expansion), RegionLaw("resin", law, no_expansion)]
    return MechanicalModel(mesh, cells, regions, supports, "full")


def curvature(model: MechanicalModel) -> float:
    """Curvature of the lower face within half the radius: w = curvature r^2 / 2."""
    x = model.space.node_coordinates()
    u = model.u.reshape(len(x), -1)
    found = (x[:, 1] < 1e-9) & (x[:, 0] < 0.5 * RADIUS)
    return float(2.0 * np.polyfit(x[found, 0] ** 2, u[found, 1], 1)[0])


def test_curing_layer_of_constant_modulus() -> None:
    """Glassy from the gel point on: the curvature is that of the shrinkage since then."""
    curing = FirstOrder(uncured=100.0, cured=400.0)
    model = disc(cure_hardening(25.0, curing.gel_cure, curing))
    hold_at(model, curing.time_to(0.9, 0.5), curing.time_to(0.9, 0.5) / 3.0)
    modulus = float(biaxial(MODULI.glassy_bulk, MODULI.glassy_shear))
    strain = EXPANSION.shrinkage[-1] * 0.4 / 3.0
    exact = curvature_per_strain(modulus) * strain
    assert curvature(model) == pytest.approx(exact, rel=3e-3)


def test_layer_that_is_liquid_at_first() -> None:
    """From a liquid on: the shrinkage since the gel point alone bends, in two increments after it.

    The history has a corner where the resin is about to gel.
    """
    curing = FirstOrder(uncured=100.0, cured=400.0)
    law = cure_hardening(25.0, 0.2, curing)
    end = curing.time_to(0.9, 0.2)
    corner = law.gel_time(np.array([0.0, end]), np.full(2, 25.0))
    assert corner == pytest.approx(curing.time_to(0.5, 0.2), rel=1e-6)
    model = disc(law)
    history = TemperatureHistory(np.array([0.0, corner, end]), np.full(3, 25.0))
    march(model, history, fixed_steps(100.0))
    modulus = float(biaxial(MODULI.glassy_bulk, MODULI.glassy_shear))
    strain = EXPANSION.shrinkage[-1] * 0.4 / 3.0
    assert curvature(model) == pytest.approx(curvature_per_strain(modulus) * strain, rel=3e-3)


def test_curing_layer_whose_modulus_grows() -> None:
    """Stress stays where its modulus put it: the curvature is the integral over the shrinkage.

    Increments of a bilayer whose modulus changes obey the formula with the modulus of the moment,
    since a change of modulus alone does nothing to a stress that exists.
    """
    curing = FirstOrder(uncured=-10.0, cured=90.0)
    temperature, end_cure = 60.0, 0.95
    expansion = ResinExpansion(0.0, 0.0, (0.0, 1.0), (0.0, 0.045))
    law = cure_hardening(temperature, 0.5, curing, expansion=expansion)
    model = disc(law)
    length = curing.time_to(end_cure, 0.5)
    hold_at(model, length, length / 60.0, temperature)

    def slope(cure: float, _: FloatArray) -> list[float]:
        x = np.asarray(cure)
        above = temperature - curing.glass_transition(x)
        modulus = biaxial(MODULI.bulk(x, 0.5, above), MODULI.shear(x, 0.5, above))
        return [curvature_per_strain(float(modulus)) * 0.045 / 3.0]

    exact = solve_ivp(slope, (0.5, end_cure), [0.0], rtol=1e-9, max_step=0.002).y[0, -1]
    constant = curvature_per_strain(float(biaxial(MODULI.glassy_bulk, MODULI.glassy_shear)))
    assert exact < 0.8 * constant * 0.045 * (end_cure - 0.5) / 3.0
    assert curvature(model) == pytest.approx(exact, rel=1e-2)
