r"""A stack of layers in simple shear: the one-dimensional problem that has a tight solution.

Only u_x(z) is free, so all layers carry the same shear stress tau. With the thickness shares f_i,
shear moduli G_i and inelastic shear g of the flowing layers together (share f),

.. math:: \gamma(t) = \tau \sum_i f_i / G_i + f g, \qquad \dot g = \sqrt3\, \dot p(\sqrt3\, \tau).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from bumpfem.constitutive import Law, Norton, Table
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.mechanics import Loading, MechanicalModel, Prescribed
from bumpfem.units import FloatArray
from tests.support.mechanics import box, cells_where, held, no_expansion, unknowns

#: Layers have this thickness times a whole number, mm.
UNIT = 0.25
MODULUS, RATIO = 50e3, 0.36
SHEAR_MODULUS = MODULUS / (2 * (1 + RATIO))
#: Flows at 1e-4 1/s under 20 MPa.
NORTON = Norton(Table.constant(MODULUS), Table.constant(RATIO), A=1e-4 / 20.0**5, n=5.0)


@dataclass(frozen=True)
class Layer:
    """A layer of ``units * UNIT`` mm."""

    name: str
    units: int
    law: Law


def shear_stack(layers: Sequence[Layer], shear: Callable[[float], float]) -> MechanicalModel:
    """Layers from the bottom up; the top moves by the mean shear strain at a temperature."""
    count = sum(layer.units for layer in layers)
    height = count * UNIT
    mesh = box((1, 1, count), (1.0, 1.0, height))
    cells, base = {}, 0.0
    for layer in layers:
        top = base + layer.units * UNIT

        def inside(x: FloatArray, low: float = base, high: float = top) -> FloatArray:
            return np.asarray((x[:, 2] > low) & (x[:, 2] < high))

        cells[layer.name] = cells_where(mesh, inside)
        base = top

    def loading(space: DisplacementSpace) -> Loading:
        top = unknowns(space, lambda x: x[:, 2] > height - 1e-9, 0)
        return Loading(
            [
                held(space, lambda x: np.full(len(x), True), 1),
                held(space, lambda x: np.full(len(x), True), 2),
                held(space, lambda x: x[:, 2] < 1e-9, 0),
                Prescribed(top, np.full(len(top), height), shear),
            ]
        )

    laws = [RegionLaw(layer.name, layer.law, no_expansion) for layer in layers]
    return MechanicalModel(mesh, cells, laws, loading)


@dataclass(frozen=True)
class ShearSolution:
    """Tight solution at ``times``: stress, inelastic shear, its sum without sign, its work."""

    times: FloatArray
    stress: FloatArray
    inelastic: FloatArray
    accumulated: FloatArray
    work: FloatArray


def exact_shear(
    corner_times: Sequence[float],
    corner_shears: Sequence[float],
    compliance: float,
    share: float,
    law: Norton = NORTON,
    per_segment: int = 2,
) -> ShearSolution:
    """Tight integration of the stack of the module's head with a Norton law.

    Args:
        corner_times: s.
        corner_shears: Mean shear strain at them, linear between.
        compliance: Sum of f_i/G_i, 1/MPa.
        share: Thickness share of the flowing layers.
        law: The law.
        per_segment: Points of the answer on every segment.
    """

    def stress(time: float, inelastic: float) -> float:
        shear = float(np.interp(time, corner_times, corner_shears))
        return (shear - share * inelastic) / compliance

    def rates(time: float, state: FloatArray) -> list[float]:
        tau = stress(time, state[0])
        flow = float(np.sqrt(3.0)) * law.A * (np.sqrt(3.0) * abs(tau)) ** law.n * np.sign(tau)
        return [flow, abs(flow), tau * flow]

    state = np.zeros(3)
    times, states = [float(corner_times[0])], [state]
    for low, high in pairwise(corner_times):
        points = np.linspace(low, high, per_segment)
        found = solve_ivp(rates, (low, high), state, "LSODA", points, rtol=1e-10, atol=1e-14)
        state = found.y[:, -1]
        times += points[1:].tolist()
        states += list(found.y.T[1:])
    rows = np.array(states)
    taus = np.array([stress(t, g) for t, g in zip(times, rows[:, 0], strict=True)])
    return ShearSolution(np.array(times), taus, rows[:, 0], rows[:, 1], rows[:, 2])
