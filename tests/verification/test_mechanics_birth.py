"""Regions that appear, disappear, melt and freeze: what stress they and their neighbours bear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from bumpfem.constitutive import Law
from bumpfem.errors import ConvergenceError
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.mechanics import Loading, MechanicalModel, Prescribed
from bumpfem.solvers.settle import settle
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    TIGHT,
    all_cells,
    boundary_follows,
    box,
    cells_where,
    distort,
    elastic,
    expanding,
    heat,
    held,
    hold_at,
    no_expansion,
    rollers,
    unknowns,
)
from tests.support.setting import STRAIN, Jelly
from tests.support.shear import NORTON, SHEAR_MODULUS, UNIT, Layer, shear_stack

MODULUS, RATIO = 50e3, 0.36
LAW = elastic(MODULUS, RATIO)
#: Uniaxial stress along y, MPa: no traction on a plane across x.
PULL = 40.0
GRADIENT = 1e-3 * np.array([[1.0, 0.4, -0.3], [0.2, -0.7, 0.5], [0.6, -0.1, 0.9]])


def stiffness() -> FloatArray:
    """Isotropic stiffness (6, 6), MPa."""
    shear = MODULUS / (2 * (1 + RATIO))
    lame = MODULUS * RATIO / ((1 + RATIO) * (1 - 2 * RATIO))
    matrix = np.diag([2 * shear] * 3 + [shear] * 3)
    matrix[:3, :3] += lame
    return matrix


def strain_of(gradient: FloatArray) -> FloatArray:
    shear = gradient + gradient.T
    return np.array([*np.diag(gradient), shear[0, 1], shear[1, 2], shear[0, 2]])


def halves(
    mesh: object, loading: Callable[[DisplacementSpace], Loading], expansion: float = 0.0
) -> MechanicalModel:
    """Left and right of x = 0.5 of one material; the right one expands."""
    left = cells_where(mesh, lambda x: x[:, 0] < 0.5)
    cells = {"left": left, "right": np.setdiff1d(all_cells(mesh), left)}
    laws = [
        RegionLaw("left", LAW, no_expansion),
        RegionLaw("right", LAW, expanding(expansion, 0.0)),
    ]
    return MechanicalModel(mesh, cells, laws, loading)


def test_birth_patch() -> None:
    """On a neighbour under uniaxial stress along the interface a region is born free of stress
    although its nodes there have moved and it is hot; a uniform strain added on the whole boundary
    then gives both the stress of that strain, the neighbour on top of what it had. Exact on a
    distorted mesh: constant strains balance.
    """
    flat = box((4, 3, 3), (1.0, 1.2, 0.8))
    inner = np.flatnonzero(np.abs(flat.geometry.x[:, 0] - 0.5) < 1e-9)
    mesh = distort(flat, 0.04)
    mesh.geometry.x[inner, 0] = 0.5
    first = PULL / MODULUS * np.diag([-RATIO, 1.0, -RATIO])

    def before(space: DisplacementSpace) -> Loading:
        followed = boundary_follows(space, lambda x: x @ first.T)
        nodes = space.node_coordinates()
        kept = []
        for item in followed:
            at_left = nodes[item.unknowns // 3, 0] < 0.5 + 1e-9
            kept.append(Prescribed(item.unknowns[at_left], item.factors[at_left], item.scale))
        return Loading(kept)

    model = halves(mesh, before, expansion=2e-5)
    model.change({"right": "absent"}, 0.0)
    hold_at(model, 1.0, 1.0, temperature=100.0)
    one = np.array([0.0, PULL, 0.0, 0.0, 0.0, 0.0])
    assert np.abs(model.group("left").stress - one).max() < 1e-6 * PULL
    assert not model.group("right").stress.any()
    at_birth = model.u.copy()
    model.change({"right": "solid"}, 100.0)

    added = boundary_follows(model.space, lambda x: x @ GRADIENT.T)
    ramp = [Prescribed(item.unknowns, item.factors, lambda t: t - 100.0) for item in added]
    model.loading = Loading([item.starting_from(model.u, 100.0) for item in ramp])
    hold_at(model, 1.0, 1.0, temperature=100.0)
    assert np.abs(model.group("right").stress).max() < 1e-9 * PULL
    np.testing.assert_allclose(model.u, at_birth, atol=1e-12)

    model.groups[1].thermal_strain = lambda temperature: np.full(6, 7e-3)
    model.change({"right": "solid"}, 100.0, fresh=["right"])
    heat(model, 100.0, 101.0)
    exact = at_birth + (model.space.node_coordinates() @ GRADIENT.T).ravel()
    np.testing.assert_allclose(model.u, exact, atol=1e-9 * np.abs(exact).max())
    two = stiffness() @ strain_of(GRADIENT)
    scale = np.abs(two).max()
    assert np.abs(model.group("right").stress - two).max() < 1e-7 * scale
    assert np.abs(model.group("left").stress - one - two).max() < 1e-7 * scale


def parallel_bars(force: float, low_law: Law | None = None) -> MechanicalModel:
    """Bars along x, one above the other, with a common end; the upper one expands more."""
    mesh = box((3, 2, 4), (1.0, 0.5, 1.0))
    low = cells_where(mesh, lambda x: x[:, 2] < 0.25)
    cells = {"low": low, "high": np.setdiff1d(all_cells(mesh), low)}
    axial = np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    laws = [
        RegionLaw("low", low_law or elastic(MODULUS, 0.0), no_expansion),
        RegionLaw("high", elastic(MODULUS, 0.0), lambda temperature: 1e-5 * temperature * axial),
    ]

    def loading(space: DisplacementSpace) -> Loading:
        end = unknowns(space, lambda x: x[:, 0] > 1.0 - 1e-9, 0)
        pull = np.zeros(space.local_size)
        pull[end[0]] = force
        return Loading(rollers(space), ties=(end,), force=pull)

    return MechanicalModel(mesh, cells, laws, loading)


def test_death_patch() -> None:
    """Under a force of 10 N two bars of 0.125 and 0.375 mm2 bear 20 MPa; the lower one alone then
    80 MPa. Before the other is let go the unbalanced force is that of the part taken away.
    """
    model = parallel_bars(10.0)
    hold_at(model, 1.0, 1.0, temperature=0.0)
    axial = np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    for group in model.groups:
        np.testing.assert_allclose(group.stress, np.tile(20.0 * axial, (len(group.stress), 1)),
                                   atol=1e-5)  # fmt: skip
    stretched = model.u.max()
    model.change({"high": "absent"}, 0.0)
    report = settle(model, 0.0, TIGHT)
    assert report.handed_over == pytest.approx(7.5, rel=1e-6)
    assert report.residual < 1e-7
    assert report.moved == pytest.approx(3.0 * stretched, rel=1e-6)
    low = model.group("low")
    np.testing.assert_allclose(low.committed_stress, np.tile(80.0 * axial, (len(low.stress), 1)),
                               atol=1e-5)  # fmt: skip
    assert not model.group("high").stress.any()
    hold_at(model, 1.0, 1.0, temperature=0.0)
    assert low.stress[:, 0] == pytest.approx(80.0)


@dataclass(frozen=True)
class Careful(Jelly):
    """Elastic, but follows only small changes of strain at once."""

    longest: float = 1.0

    def update(
        self,
        strain: FloatArray,
        temperature: FloatArray,
        dt: float,
        state: FloatArray,
        stress: FloatArray,
        tangent: FloatArray,
        new_state: FloatArray,
    ) -> None:
        if np.abs(strain - state[:, STRAIN]).max() > self.longest:
            raise ConvergenceError("careful: local equation not solved at point 0")
        super().update(strain, temperature, dt, state, stress, tangent, new_state)


def test_load_is_handed_over_in_parts() -> None:
    """The strain of the remaining bar grows by 1.2e-3. A law that follows 0.5e-3 at once needs the
    load in quarters: 1 and 1/2 are refused. The end is that of one increment.
    """
    model = parallel_bars(10.0, Careful(modulus=MODULUS, gel=0.0, longest=5e-4))
    hold_at(model, 1.0, 1.0, temperature=0.0)
    model.change({"high": "absent"}, 0.0)
    report = settle(model, 0.0, TIGHT)
    assert (report.increments, report.rejected) == (4, 2)
    assert model.group("low").committed_stress[:, 0] == pytest.approx(80.0)
    assert report.residual < 1e-7


def test_load_that_nothing_can_take_over() -> None:
    """Without a part to bear it, the error says how much could not be handed over."""
    model = parallel_bars(10.0, Careful(modulus=MODULUS, gel=0.0, longest=4.1e-4))
    hold_at(model, 1.0, 1.0, temperature=0.0)
    low = model.group("low")
    object.__setattr__(low.law, "longest", 1e-9)
    model.change({"high": "absent"}, 0.0)
    with pytest.raises(ConvergenceError, match=r"no equilibrium at 0 C .* 100\.0% of its load"):
        settle(model, 0.0, TIGHT)
    assert model.carried is None
    assert low.committed_stress[:, 0] == pytest.approx(20.0)


def test_what_held_a_stress_takes_it_along() -> None:
    """Bars of unequal expansion without a load hold each other; alone, the rest is free of stress
    and as long as it was. No yield on the way: the report has one increment.
    """
    model = parallel_bars(0.0)
    heat(model, 0.0, 100.0)
    # Common strain 0.75e-3: compatible because the axial stress alone is uniform in each bar.
    assert model.group("low").stress[:, 0] == pytest.approx(MODULUS * 0.75e-3, rel=1e-6)
    model.change({"high": "absent"}, 100.0)
    report = settle(model, 100.0, TIGHT)
    assert np.abs(model.group("low").committed_stress).max() < 1e-6
    assert report.increments == 1
    kept = model.u[unknowns(model.space, lambda x: x[:, 2] < 0.25 + 1e-9, 0)]
    assert np.abs(kept).max() < 1e-12


def test_melting_resets_the_melt_and_nothing_else() -> None:
    """Two layers creep in series. One melts: the other is unloaded and keeps its inelastic strain;
    frozen again, the melt has neither stress nor strain nor hardening. The same shear on top then
    gives the stress of a new stack: tau = dgamma / (sum of f/G) before any time has passed.
    """
    model = shear_stack([Layer("other", 1, NORTON), Layer("solder", 1, NORTON)], lambda t: 1e-5 * t)
    heat(model, 0.0, 80.0)
    hold_at(model, 60.0, 5.0, temperature=80.0)
    other, solder = model.group("other"), model.group("solder")
    kept = other.state.copy()
    assert kept[:, 6].min() > 1e-5
    assert solder.state[:, 6].min() > 1e-5
    model.change({"solder": "liquid"}, 80.0)
    report = settle(model, 80.0, TIGHT)
    assert report.residual < 1e-7 * report.handed_over
    np.testing.assert_allclose(other.state, kept, rtol=1e-12)
    assert np.abs(other.committed_stress).max() < 1e-6
    assert not solder.state.any()
    hold_at(model, 10.0, 5.0, temperature=80.0)
    assert not solder.stress.any()
    model.change({"solder": "solid"}, 80.0)
    model.begin(0.0, None)
    model.evaluate(model.u, 80.0)
    assert np.abs(solder.stress).max() < 1e-9
    np.testing.assert_allclose(other.state, kept, rtol=1e-6)
    u = model.u.copy()
    top = model.loading.prescribed[-1]
    model.begin(0.0, None)
    u[top.unknowns] += 1e-4 * 2 * UNIT
    middle = unknowns(model.space, lambda x: np.abs(x[:, 2] - UNIT) < 1e-9, 0)
    u[middle] += 1e-4 * UNIT
    for height in (0.5, 1.5):
        between = unknowns(model.space, partial(_at, height=height * UNIT), 0)
        u[between] += 1e-4 * height * UNIT
    model.evaluate(u, 80.0)
    assert solder.stress[:, 5] == pytest.approx(1e-4 * SHEAR_MODULUS, rel=1e-6)
    assert other.stress[:, 5] == pytest.approx(1e-4 * SHEAR_MODULUS, rel=1e-6)


def _at(x: FloatArray, height: float) -> FloatArray:
    return np.asarray(np.abs(x[:, 2] - height) < 1e-9)


def test_late_layer_of_a_strip() -> None:
    """A strip expands freely; at 150 K a second layer is born on it and both cool by 200 K. They
    bend as a strip that was joined there (Timoshenko 1925, beams without Poisson effect): with the
    mismatch d, thickness ratio m, modulus ratio n = E1/E2 and total thickness h,

        kappa = 6 d (1 + m)^2 / (h (3 (1 + m)^2 + (1 + m n)(m^2 + 1/(m n)))).
    """
    first, second = (20e3, 0.25, 2e-5), (8e3, 0.5, 5e-6)
    height, length = first[1] + second[1], 9.0
    mesh = box((18, 1, 3), (length, 0.5, height))
    low = cells_where(mesh, lambda x: x[:, 2] < first[1])
    cells = {"first": low, "second": np.setdiff1d(all_cells(mesh), low)}
    axial = np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    laws = [
        RegionLaw("first", elastic(first[0], 0.0), lambda t: first[2] * t * axial),
        RegionLaw("second", elastic(second[0], 0.0), lambda t: second[2] * t * axial),
    ]

    def loading(space: DisplacementSpace) -> Loading:
        corner = held(space, lambda x: (x[:, 0] < 1e-9) & (x[:, 2] < 1e-9), 2)
        across = held(space, lambda x: np.full(len(x), True), 1)
        return Loading([held(space, lambda x: x[:, 0] < 1e-9, 0), across, corner])

    model = MechanicalModel(mesh, cells, laws, loading)
    model.change({"second": "absent"}, 0.0)
    heat(model, 0.0, 150.0)
    assert np.abs(model.group("first").stress).max() < 1e-6
    model.change({"second": "solid"}, 150.0)
    heat(model, 150.0, -50.0)

    mismatch = (second[2] - first[2]) * -200.0
    m, n = first[1] / second[1], first[0] / second[0]
    form = 3 * (1 + m) ** 2 + (1 + m * n) * (m**2 + 1 / (m * n))
    curvature = 6 * mismatch * (1 + m) ** 2 / (height * form)
    nodes = model.space.node_coordinates()
    bottom = (nodes[:, 2] < 1e-9) & (nodes[:, 0] < 0.5 * length)
    slope = np.polyfit(nodes[bottom, 0] ** 2, model.u.reshape(-1, 3)[bottom, 2], 1)[0]
    assert 2.0 * abs(slope) == pytest.approx(abs(curvature), rel=2e-4)
    # The first layer shrinks more: the strip is bent towards it, downward.
    assert slope < 0.0
