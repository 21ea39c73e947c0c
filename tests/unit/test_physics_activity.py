"""Absent, liquid and solid regions; stages, node moves and contacts of a model."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.constitutive import Law
from bumpfem.errors import InputError, MeshError, ProcessError
from bumpfem.physics.activity import Activity
from bumpfem.physics.kinematics import DisplacementSpace, IntArray
from bumpfem.physics.mechanics import Loading, MechanicalModel, Prescribed
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import March, MarchSettings, Step, march
from bumpfem.solvers.newton import NewtonSolver
from bumpfem.solvers.settle import settle
from bumpfem.solvers.step_control import StepSettings
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    TIGHT,
    box,
    elastic,
    fixed_steps,
    heat,
    hold_at,
    one_region,
    rollers,
    unknowns,
)
from tests.support.setting import CURE, STRESS, Jelly
from tests.support.shear import NORTON, UNIT, Layer, shear_stack

HISTORY = TemperatureHistory(np.array([0.0, 20.0, 47.0, 80.0]), np.array([0.0, 40.0, 40.0, -20.0]))
SETTINGS = MarchSettings(TIGHT, StepSettings(tolerance=1e-5, initial=3.0, largest=8.0))


def stack(law: Law = NORTON) -> MechanicalModel:
    """An elastic layer and one of ``law``; the top shears by 1e-5 for every degree."""
    return shear_stack(
        [Layer("stiff", 1, elastic(80e3, 0.25)), Layer("solder", 1, law)],
        lambda temperature: 1e-5 * temperature,
    )


def stages() -> list[TemperatureHistory]:
    """The history cut at its corners."""
    times, temperatures = HISTORY.times, HISTORY.temperatures
    return [TemperatureHistory(times[k : k + 2], temperatures[k : k + 2]) for k in range(3)]


def test_stages_give_what_one_march_gives() -> None:
    """Steps, displacement and state are the same to the last bit; the counts add up."""
    whole, parts = stack(), stack()
    seen: dict[str, list[Step]] = {"whole": [], "parts": []}
    total = march(whole, HISTORY, SETTINGS, [lambda _, step: seen["whole"].append(step)])
    marcher = March(parts, SETTINGS)
    reports = [
        marcher.run(stage, [lambda _, step: seen["parts"].append(step)]) for stage in stages()
    ]
    assert [s.time for s in seen["whole"]] == [s.time for s in seen["parts"]]
    np.testing.assert_array_equal(parts.u, whole.u)
    for one, other in zip(whole.groups, parts.groups, strict=True):
        np.testing.assert_array_equal(one.state, other.state)
        np.testing.assert_array_equal(one.stress, other.stress)
    for name in ("steps", "newton_iterations", "linear_iterations", "factorisations"):
        assert sum(getattr(report, name) for report in reports) == getattr(total, name)


def test_restart_is_a_new_march() -> None:
    """After a restart the same model goes on as under a new march, to the last bit."""
    kept, fresh = stack(), stack()
    marcher = March(kept, SETTINGS)
    for number, stage in enumerate(stages()):
        if number:
            marcher.restart()
        marcher.run(stage)
        march(fresh, stage, SETTINGS)
    np.testing.assert_array_equal(kept.u, fresh.u)
    np.testing.assert_array_equal(kept.group("solder").state, fresh.group("solder").state)


def test_solid_that_stays_solid_costs_nothing() -> None:
    """No new solver is due, and the law sees no offset."""
    model = stack()
    model.change({"solder": "solid", "stiff": "solid"}, 25.0)
    assert model.revision == 0
    assert all(group.offset is None for group in model.groups)
    assert len(model.held_unknowns()) == 0


def test_unknown_regions_are_refused() -> None:
    """The error names the region and those that there are."""
    with pytest.raises(InputError, match=r"lid.*stiff, solder"):
        stack().change({"lid": "absent"}, 25.0)
    with pytest.raises(InputError, match="stiff"):
        stack().change({"solder": "solid"}, 25.0, fresh=["stiff"])


def test_nodes_without_solid_keep_their_value() -> None:
    """With the upper layer away its 9 + 4 layers' inner nodes are held, those of the interface not:
    they belong to the layer that is there.
    """
    model = stack()
    model.u[:] = 0.5
    model.change({"solder": "absent"}, 0.0)
    nodes = model.space.node_coordinates()
    above = np.flatnonzero(nodes[:, 2] > UNIT + 1e-9)
    expected = (above[:, None] * 3 + np.arange(3)).ravel()
    np.testing.assert_array_equal(np.sort(model.held_unknowns()), np.sort(expected))
    solver = NewtonSolver(model, TIGHT)
    assert solver.unknowns == np.sum((nodes[:, 2] < UNIT + 1e-9) & (nodes[:, 2] > 1e-9))


def test_tie_without_solid_is_left_out() -> None:
    """A tied face of an absent region has no equation: the rest is solved as if it were not."""
    mesh = box((2, 1, 1), (2.0, 1.0, 1.0))

    def loading(space: DisplacementSpace) -> Loading:
        return Loading(rollers(space), ties=(unknowns(space, lambda x: x[:, 0] > 1.999, 0),))

    model = one_region(mesh, elastic(1e3, 0.3), loading)
    free = NewtonSolver(model, TIGHT).unknowns
    model.change({"body": "absent"}, 0.0)
    assert free > 0
    assert NewtonSolver(model, TIGHT).unknowns == 0


def test_base_of_prescribed_values() -> None:
    """From a base the value is where it was at the start's temperature, and moves as before."""
    item = Prescribed(np.array([1, 2], dtype=np.int32), np.array([1.0, 3.0]), lambda t: 1e-3 * t)
    u = np.array([9.0, 0.5, -0.5])
    late = item.starting_from(u, 200.0)
    np.testing.assert_allclose(late.values(200.0), u[1:])
    np.testing.assert_allclose(late.values(100.0), u[1:] - [0.1, 0.3])
    np.testing.assert_allclose(item.values(100.0), [0.1, 0.3])


@pytest.mark.parametrize("activity", ["liquid", "solid"])
def test_resin_before_its_gel_point(activity: Activity) -> None:
    """Liquid, or solid with a law that gives nothing yet: cure goes on, no stress, the layer below
    it is free; neither needs help by the solver.
    """
    model = stack(Jelly())
    model.change({"solder": activity}, 0.0)
    history = TemperatureHistory(np.array([0.0, 40.0]), np.array([0.0, 40.0]))
    march(model, history, fixed_steps(5.0))
    resin = model.group("solder")
    assert resin.state[:, CURE] == pytest.approx(0.4)
    assert not resin.stress.any()
    assert np.abs(model.group("stiff").stress).max() < 1e-6


def test_what_does_not_melt_with_the_rest_keeps_its_hardening() -> None:
    """A layer that is taken out for a while and kept has its inelastic strain and hardening when it
    is there again, and no stress; without ``keep`` it is as new. Resin cannot be kept so.
    """
    model = stack()
    heat(model, 0.0, 100.0)
    solder = model.group("solder")
    hardened = solder.state.copy()
    assert hardened[:, 6].min() > 1e-7
    model.change({"solder": "absent"}, 100.0, keep=["solder"])
    settle(model, 100.0, TIGHT)
    model.change({"solder": "solid"}, 100.0, keep=["solder"])
    np.testing.assert_array_equal(solder.state, hardened)
    model.begin(0.0, None)
    model.evaluate(model.u, 100.0)
    assert np.abs(solder.stress).max() < 1e-9
    model.change({"solder": "absent"}, 100.0)
    assert not solder.state.any()
    resin = stack(Jelly())
    with pytest.raises(InputError, match="keep = solder"):
        resin.change({"solder": "absent"}, 0.0, keep=["solder"])


def test_cure_goes_on_from_liquid_to_solid() -> None:
    """Made solid before it gels the resin keeps its cure and bears what comes after: the shear of
    the last 20 K, tau = dgamma / (f1/G1 + f2/G2), half of each layer.
    """
    model = stack(Jelly(gel=0.52))
    model.change({"solder": "liquid"}, 0.0)
    ramp = TemperatureHistory(np.array([0.0, 45.0]), np.array([0.0, 45.0]))
    march(model, ramp, fixed_steps(5.0))
    model.change({"solder": "solid"}, 45.0)
    resin = model.group("solder")
    assert resin.state[:, CURE] == pytest.approx(0.45)
    for start, end in ((45.0, 50.0), (50.0, 70.0)):
        march(model, TemperatureHistory(np.array([start, end]), np.array([start, end])),
              fixed_steps(5.0))  # fmt: skip
    stress = 1e-5 * 20.0 / (0.5 / 2e3 + 0.5 / 32e3)
    assert resin.stress[:, 5] == pytest.approx(stress, rel=1e-6)
    assert resin.committed_stress == pytest.approx(resin.state[:, STRESS], abs=1e-9)
    model.change({"solder": "solid"}, 70.0, fresh=["solder"])
    assert not resin.state.any()


def test_liquid_that_sets_is_an_error() -> None:
    """Who forgets to make the resin solid is told when and which."""
    model = stack(Jelly())
    model.change({"solder": "liquid"}, 0.0)
    with pytest.raises(ProcessError, match="solder has set by 50 s"):
        hold_at(model, 60.0, 10.0)


def test_molten_resin_can_be_settled() -> None:
    """A film that melts lets its load go as anything else does, and keeps its cure."""
    model = stack(Jelly(gel=0.0))
    heat(model, 0.0, 40.0)
    assert np.abs(model.group("stiff").stress).max() > 0.1
    model.change({"solder": "absent"}, 40.0)
    report = settle(model, 40.0, TIGHT)
    assert report.residual < 1e-8 * report.handed_over
    assert np.abs(model.group("stiff").stress).max() < 1e-8


def test_only_what_has_no_shape_to_keep_can_move() -> None:
    """Nodes of a molten layer may move, its operator follows; a node of a solid one may not."""
    model = stack()
    space = model.space
    top = np.abs(model.mesh.geometry.x[:, 2] - 2 * UNIT) < 1e-9
    model.change({"solder": "liquid"}, 0.0)
    revision = model.revision
    volume = model.group("solder").operator.weights.sum()
    stiff = model.group("stiff").operator
    model.mesh.geometry.x[top, 2] += UNIT
    model.refresh_geometry()
    assert model.revision > revision
    assert model.group("solder").operator.weights.sum() == pytest.approx(2.0 * volume)
    assert model.group("stiff").operator is stiff
    assert space.node_coordinates()[:, 2].max() == pytest.approx(3 * UNIT)
    model.change({"solder": "solid"}, 0.0)
    model.mesh.geometry.x[top, 2] += 1e-3
    with pytest.raises(MeshError, match="nodes of solder have moved"):
        model.refresh_geometry()
    model.change({"solder": "liquid"}, 0.0)
    model.mesh.geometry.x[top, 2] = -1.0
    with pytest.raises(MeshError, match="cells of solder are turned inside out"):
        model.refresh_geometry()


def test_moves_by_rounding_are_put_back() -> None:
    """What computes the same shape again may miss it by rounding: that is no move, neither for the
    operators nor for the coordinates, which would else not belong together after a restart.
    """
    model = stack()
    kept = model.mesh.geometry.x.copy()
    operator = model.group("solder").operator
    model.mesh.geometry.x[:] += 1e-14
    model.refresh_geometry()
    np.testing.assert_array_equal(model.mesh.geometry.x, kept)
    assert model.group("solder").operator is operator


def test_absent_cells_may_be_of_any_shape() -> None:
    """Turned inside out and moved on while they are away, they count again when they come back: in
    a proper shape with its volume, else it is an error.
    """
    model = stack()
    x = model.mesh.geometry.x
    top = np.abs(x[:, 2] - 2 * UNIT) < 1e-9
    volume = model.group("solder").operator.weights.sum()
    model.change({"solder": "absent"}, 0.0)
    for height in (0.2 * UNIT, 0.3 * UNIT):
        x[top, 2] = height
        model.refresh_geometry()
    heat(model, 0.0, 10.0)
    with pytest.raises(MeshError, match="cells of solder are turned inside out"):
        model.change({"solder": "solid"}, 10.0)
    x[top, 2] = 1.5 * UNIT
    model.refresh_geometry()
    model.change({"solder": "solid"}, 10.0)
    assert model.group("solder").operator.weights.sum() == pytest.approx(0.5 * volume)
    heat(model, 10.0, 20.0)
    assert np.abs(model.group("solder").stress[:, 5]).min() > 0.01


class Spring:
    """Pulls unknowns to a place that moves with the time."""

    def __init__(self, pulled: IntArray, stiffness: float, speed: float) -> None:
        self.unknowns = pulled[:, None]
        self.stiffness = np.full((len(pulled), 1, 1), stiffness)
        self._pulled, self._each, self._speed = pulled, stiffness, speed

    def evaluate(self, u: FloatArray, time: float) -> None:
        self._force = self._each * (u[self._pulled] - self._speed * time)

    def add_force(self, force: FloatArray) -> None:
        force[self._pulled] += self._force


@pytest.mark.parametrize("tied", [False, True])
def test_contact_against_springs_in_series(tied: bool) -> None:
    """A bar without Poisson effect, E A / L = 500 N/mm, its plane end drawn by springs of 200 N/mm
    in all to 0.01 mm: the end moves by 0.01 * 200 / 700.
    """

    def end(space: DisplacementSpace) -> IntArray:
        return unknowns(space, lambda x: x[:, 0] > 2.0 - 1e-9, 0)

    def loading(space: DisplacementSpace) -> Loading:
        return Loading(rollers(space), ties=(end(space),))

    model = one_region(box((3, 1, 1), (2.0, 1.0, 1.0)), elastic(1e3, 0.0), loading)
    pulled = end(model.space)[: 4 if tied else 1]
    model.contacts = (Spring(pulled, 200.0 / len(pulled), 0.005),)
    hold_at(model, 2.0, 1.0)
    assert model.time == 2.0
    assert model.u[end(model.space)] == pytest.approx(0.01 * 200.0 / 700.0, rel=1e-9)
