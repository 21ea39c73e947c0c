"""Nearly incompressible deformation: one volumetric strain per cell keeps coarse meshes soft."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.constitutive import Law, Norton, Table
from bumpfem.physics.kinematics import DisplacementSpace, Volumetric
from bumpfem.physics.mechanics import Loading, MechanicalModel
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    Where,
    box,
    elastic,
    held,
    hold_at,
    one_region,
    rectangle,
    rollers,
    unknowns,
)

#: Creeps at 1e-2 1/s under 20 MPa: in a step of 1 s nearly all strain is flow, isochoric.
FLOWING = Norton(Table.constant(50e3), Table.constant(0.36), A=1e-2 / 20.0**8, n=8.0)
RUBBER = elastic(1e3, 0.4999)


def reaction(model: MechanicalModel, where: Where, axis: int) -> float:
    """Force on a prescribed face, N."""
    internal = np.zeros(model.space.local_size)
    for group in model.groups:
        group.add_force(internal)
    return float(internal[unknowns(model.space, where, axis)].sum())


def upset(cells: int, volumetric: Volumetric, law: Law) -> float:
    """Force that presses a disc (radius 1, half height 0.25) by 1 % between rough platens."""
    height = 0.25

    def top(x: FloatArray) -> FloatArray:
        return np.asarray(x[:, 1] > height - 1e-9)

    def loading(space: DisplacementSpace) -> Loading:
        pressed = [held(space, top, 0), held(space, top, 1, -0.01 * height)]
        return Loading([*rollers(space), *pressed])

    mesh = rectangle((cells, max(1, cells // 4)), (0.0, 0.0), (1.0, height))
    model = one_region(mesh, law, loading, volumetric=volumetric)
    hold_at(model, 1.0, 1.0)
    return -reaction(model, top, 1)


@pytest.mark.parametrize("name", ["rubber", "flow"])
def test_upset_disc(name: str) -> None:
    """The converged force comes from meshes that bracket it: ``full`` from above (too stiff),
    ``cell_mean`` beside it; 32 cells on the radius, where both agree within 1.1 %.

    With 4 cells on the radius ``cell_mean`` is within 5 % (elastic) and 1 % (flow), ``full`` is
    more than 10 % too stiff.
    """
    law: Law = RUBBER if name == "rubber" else FLOWING
    converged = [upset(32, "cell_mean", law), upset(32, "full", law)]
    assert converged[1] == pytest.approx(converged[0], rel=0.011)
    exact = float(np.mean(converged)) if name == "rubber" else converged[0]
    averaged, full = upset(4, "cell_mean", law), upset(4, "full", law)
    assert abs(averaged / exact - 1.0) < (0.05 if name == "rubber" else 0.01)
    assert full / exact - 1.0 > 0.1
    assert upset(4, "by_law", law) == averaged


def bend(cells: int, volumetric: Volumetric) -> float:
    """Tip force of a tapered block like Cook's, clamped at one end and lifted at the other."""

    def tip(x: FloatArray) -> FloatArray:
        return np.asarray(x[:, 0] > 1.0 - 1e-9)

    def sides(x: FloatArray) -> FloatArray:
        return np.asarray((x[:, 1] < 1e-9) | (x[:, 1] > 0.5 - 1e-9))

    def loading(space: DisplacementSpace) -> Loading:
        clamped = [held(space, lambda x: x[:, 0] < 1e-9, axis) for axis in range(3)]
        return Loading([*clamped, held(space, sides, 1), held(space, tip, 2, 0.01)])

    mesh = box((2 * cells, cells, cells), (1.0, 0.5, 0.5))
    x = mesh.geometry.x
    x[:, 2] = x[:, 2] * (1.0 - 0.4 * x[:, 0]) + 0.6 * x[:, 0]
    model = one_region(mesh, RUBBER, loading, volumetric=volumetric)
    hold_at(model, 1.0, 1.0)
    return reaction(model, tip, 2)


def test_bent_block() -> None:
    """Tetrahedra at a Poisson's ratio of 0.4999, plane strain, tip displacement given.

    The reference is ``cell_mean`` with four times the cells on an edge, which 6 cells change by
    less than 0.4 %. On the coarse mesh ``cell_mean`` is 4 % off and ``full`` more than 50 % too
    stiff; twice as fine, 1 % and 15 %.
    """
    fine = [bend(cells, "cell_mean") for cells in (4, 6)]
    assert fine[0] == pytest.approx(fine[1], rel=4e-3)
    exact = fine[1]
    assert bend(2, "cell_mean") == pytest.approx(exact, rel=0.04)
    assert fine[0] == pytest.approx(exact, rel=0.01)
    assert bend(2, "full") > 1.5 * exact
    assert bend(4, "full") > 1.12 * exact
