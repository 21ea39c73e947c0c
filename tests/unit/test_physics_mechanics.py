"""Model of a cell: assignment of laws, volumetric treatment, trial and commit, measures."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.constitutive import Law, OrthotropicElastic, Table
from bumpfem.errors import MaterialError
from bumpfem.physics.groups import RegionLaw, equivalent_strain, von_mises
from bumpfem.physics.kinematics import Volumetric
from bumpfem.physics.mechanics import Loading, MechanicalModel
from tests.support.mechanics import (
    all_cells,
    box,
    cells_where,
    elastic,
    laminate,
    no_expansion,
    one_region,
    rollers,
)
from tests.support.shear import NORTON, SHEAR_MODULUS, Layer, shear_stack

NAMED: list[Volumetric] = ["full", "cell_mean"]


def sheets() -> OrthotropicElastic:
    """Stiff sheets that slide on each other: weak in shear, but far from incompressible."""
    stiff, soft, weak = (Table.constant(value) for value in (22e3, 2e3, 0.2e3))
    ratio = Table.constant(0.12)
    return OrthotropicElastic((stiff, stiff, soft), (ratio, ratio, ratio), (weak, weak, weak))


@pytest.mark.parametrize(
    ("law", "averaged"),
    [
        (NORTON, True),
        (elastic(50e3, 0.36), False),
        (elastic(3e3, 0.44), False),
        (elastic(10.0, 0.499), True),
        (laminate(), False),
        (sheets(), False),
    ],
    ids=["flow", "metal", "epoxy", "rubber", "laminate", "weak in shear"],
)
def test_volumetric_treatment_by_law(law: Law, averaged: bool) -> None:
    """Cell means where material flows or is as good as incompressible (nu above 0.45), else full,
    also where only shear is soft; a named treatment holds for all laws.
    """
    mesh = box((1, 1, 1), (1.0, 1.0, 1.0))
    model = one_region(mesh, law, lambda space: Loading(rollers(space)))
    cells = all_cells(mesh)
    full, mean = (model.space.strain_operator(cells, cell_mean=flag) for flag in (False, True))
    assert np.abs(full.operator - mean.operator).max() > 0.1
    chosen = mean if averaged else full
    np.testing.assert_array_equal(model.groups[0].operator.operator, chosen.operator)
    for name, operator in zip(NAMED, (full, mean), strict=True):
        named = one_region(mesh, law, lambda space: Loading(rollers(space)), volumetric=name)
        np.testing.assert_array_equal(named.groups[0].operator.operator, operator.operator)


def test_cell_mean_keeps_deviator_and_mean_of_the_volumetric_strain() -> None:
    """B-bar changes the trace only, and not its integral over the cell."""
    model = one_region(box((1, 2, 1), (1.0, 1.0, 1.0)), NORTON, lambda space: Loading([]))
    cells = all_cells(model.mesh)
    full, mean = (model.space.strain_operator(cells, cell_mean=flag) for flag in (False, True))
    traces = [part.operator[:, :, :3].sum(axis=2) for part in (full, mean)]
    np.testing.assert_allclose(np.ptp(traces[1], axis=1), 0.0, atol=1e-12)
    integrals = [np.einsum("cq,cqd->cd", full.weights, trace) for trace in traces]
    np.testing.assert_allclose(integrals[1], integrals[0], atol=1e-14)
    deviators = [
        part.operator[:, :, :3] - trace[:, :, None] / 3
        for part, trace in zip((full, mean), traces, strict=True)
    ]
    np.testing.assert_allclose(deviators[1], deviators[0], atol=1e-12)
    np.testing.assert_array_equal(full.operator[:, :, 3:], mean.operator[:, :, 3:])


def test_every_region_needs_a_law_and_every_law_a_region() -> None:
    """Assignments that do not cover the mesh are refused with both lists."""
    mesh = box((2, 1, 1), (1.0, 1.0, 1.0))
    left = cells_where(mesh, lambda x: x[:, 0] < 0.5)
    cells = {"left": left, "right": np.setdiff1d(all_cells(mesh), left)}
    law = elastic(1e3, 0.3)
    for names in (["left"], ["left", "right", "lid"], ["left", "left"]):
        materials = [RegionLaw(name, law, no_expansion) for name in names]
        with pytest.raises(MaterialError, match="right"):
            MechanicalModel(mesh, cells, materials, Loading())


def test_state_changes_only_at_commit() -> None:
    """Evaluations are trials: repeated from the same committed state they give the same."""
    model = shear_stack([Layer("stiff", 1, elastic(80e3, 0.25)), Layer("solder", 1, NORTON)], float)
    group = model.group("solder")
    shape = model.space.node_coordinates()
    u = np.zeros(model.space.local_size)
    u[::3] = 1e-3 * shape[:, 2]
    model.begin(5.0, None)
    model.evaluate(u, 0.0)
    first = group.stress.copy()
    assert not group.state.any()
    assert group.trial_state[:, 6].min() > 0.0
    model.evaluate(2.0 * u, 0.0)
    assert np.abs(group.stress - first).max() > 0.1
    model.evaluate(u, 0.0)
    np.testing.assert_array_equal(group.stress, first)
    model.commit(u)
    np.testing.assert_array_equal(model.u, u)
    np.testing.assert_allclose(group.state[:, 5], group.state[0, 5], rtol=1e-9)
    assert group.state[:, 6].min() > 0.0
    np.testing.assert_array_equal(group.committed_stress, first)


def test_two_step_formula() -> None:
    """Variable-step backward differences by hand: with r = dt2/dt1 the second increment satisfies
    (1+2r)/(1+r) s2 - (1+r) s1 + r^2/(1+r) s0 = dt2 f(s2), s0 = 0.
    """
    model = shear_stack([Layer("solder", 1, NORTON)], float)
    group, (first, second) = model.group("solder"), (4.0, 6.0)
    shape = model.space.node_coordinates()
    u = np.zeros(model.space.local_size)
    u[::3] = 4e-4 * shape[:, 2]
    model.begin(first, None)
    model.evaluate(u, 0.0)
    model.commit(u)
    one = group.state[0, 5]
    model.begin(second, first)
    model.evaluate(1.5 * u, 0.0)
    two = group.trial_state[0, 5]
    stress = group.stress[0, 5]
    assert stress == pytest.approx(SHEAR_MODULUS * (6e-4 - two), rel=1e-9)
    rate = np.sqrt(3.0) * NORTON.A * (np.sqrt(3.0) * stress) ** NORTON.n
    ratio = second / first
    left = (1 + 2 * ratio) / (1 + ratio) * two - (1 + ratio) * one
    assert left == pytest.approx(second * rate, rel=1e-9)


def test_equivalent_measures() -> None:
    """Pure shear: von Mises sqrt(3) tau, equivalent strain gamma/sqrt(3); no part of pressure."""
    for column in (3, 4, 5):
        shear = np.zeros(6)
        shear[column] = 2.0
        assert von_mises(shear) == pytest.approx(2.0 * np.sqrt(3.0))
        assert equivalent_strain(shear) == pytest.approx(2.0 / np.sqrt(3.0))
    for column in (0, 1, 2):
        pull = np.full(6, 0.0)
        pull[column] = 5.0
        pull[:3] -= 7.0
        assert von_mises(pull) == pytest.approx(5.0)
        flow = np.zeros(6)
        flow[:3] = -0.5
        flow[column] = 1.0
        assert equivalent_strain(flow) == pytest.approx(1.0)
