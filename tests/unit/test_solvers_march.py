"""March: corners, repeated and cut-back steps, failures that leave the model as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from bumpfem.constitutive import Law, Norton
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import MarchSettings, Step, march
from bumpfem.solvers.newton import NewtonSettings
from bumpfem.solvers.step_control import StepControl, StepSettings
from bumpfem.units import FloatArray
from tests.support.mechanics import TIGHT, elastic
from tests.support.shear import NORTON, Layer, shear_stack

#: Shear strain 1e-5 for every degree.
HISTORY = TemperatureHistory(np.array([0.0, 20.0, 47.0, 80.0]), np.array([0.0, 40.0, 40.0, -20.0]))


def stack(law: Law = NORTON) -> MechanicalModel:
    return shear_stack(
        [Layer("stiff", 1, elastic(80e3, 0.25)), Layer("solder", 1, law)],
        lambda temperature: 1e-5 * temperature,
    )


@dataclass(frozen=True)
class Fragile(Norton):
    """Gives up above a temperature, or for spans beyond a limit."""

    hottest: float = np.inf
    longest: float = np.inf

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
        if temperature.max() > self.hottest or dt > self.longest:
            raise ConvergenceError("fragile: local equation not solved at point 0")
        super().update(strain, temperature, dt, state, stress, tangent, new_state)


def fragile(**limits: float) -> Fragile:
    return Fragile(NORTON.youngs_modulus, NORTON.poissons_ratio, NORTON.A, NORTON.n, **limits)


def test_every_corner_is_hit_and_no_time_is_lost() -> None:
    """Steps follow each other without gap and end exactly on the corners."""
    seen: list[Step] = []
    settings = MarchSettings(TIGHT, StepSettings(tolerance=1e-5, initial=3.0, largest=8.0))
    report = march(stack(), HISTORY, settings, [lambda _, step: seen.append(step)])
    times = [step.time for step in seen]
    assert set(HISTORY.times[1:]) <= set(times)
    assert report.steps == len(seen) == seen[-1].number
    ends = np.cumsum([step.dt for step in seen])
    np.testing.assert_allclose(ends, times, rtol=1e-12)
    assert max(step.dt for step in seen) <= 8.0
    for step in seen:
        assert step.temperature == pytest.approx(HISTORY(step.time))
    after_corners = [step.dt for step in seen if step.time - step.dt in HISTORY.times]
    assert len(after_corners) == 3
    assert max(after_corners) <= 3.0


def test_two_step_formula_restarts_at_corners(monkeypatch: pytest.MonkeyPatch) -> None:
    """An increment knows the length of the one before it, except where the rate has jumped."""
    model, begun = stack(), list[tuple[float, float | None]]()
    begin = model.begin

    def watched(dt: float, previous_dt: float | None) -> None:
        begun.append((dt, previous_dt))
        begin(dt, previous_dt)

    monkeypatch.setattr(model, "begin", watched)
    seen: list[Step] = []
    settings = MarchSettings(TIGHT, StepSettings(tolerance=1e-3, initial=3.0, largest=8.0))
    report = march(model, HISTORY, settings, [lambda _, step: seen.append(step)])
    assert report.rejected == 0
    assert [dt for dt, _ in begun] == [step.dt for step in seen]
    expected = [None if step.time in HISTORY.times else step.dt for step in seen[:-1]]
    assert [previous for _, previous in begun] == [None, *expected]
    assert expected.count(None) == 2


def test_growth_is_limited() -> None:
    """No step is longer than ``growth`` times the one before it."""
    lengths: list[float] = []
    settings = MarchSettings(TIGHT, StepSettings(tolerance=1.0, initial=0.5, growth=1.5))
    history = TemperatureHistory(np.array([0.0, 60.0]), np.array([0.0, 40.0]))
    march(stack(), history, settings, [lambda _, step: lengths.append(step.dt)])
    ratios = np.array(lengths[1:]) / np.array(lengths[:-1])
    assert ratios.max() <= 1.5 + 1e-12
    assert ratios[0] == pytest.approx(1.5)


def test_too_large_a_step_is_repeated() -> None:
    """A first step far beyond the tolerance is rejected; all accepted ones respect it."""
    tolerance, seen = 1e-6, []
    settings = MarchSettings(TIGHT, StepSettings(tolerance=tolerance, initial=20.0))
    report = march(stack(), HISTORY, settings, [lambda _, step: seen.append(step)])
    assert report.rejected > 0
    assert seen[0].dt < 20.0
    assert max(step.error for step in seen) <= StepControl.REJECTION * tolerance
    assert report.newton_iterations > sum(step.iterations for step in seen)


def test_law_that_fails_makes_a_cut_back() -> None:
    """A law that cannot follow long steps makes them shorter, and the result is that of a march
    that took short steps from the start.
    """
    settings = MarchSettings(TIGHT, StepSettings(tolerance=1.0, initial=8.0, largest=8.0))
    model, lengths = stack(fragile(longest=1.5)), list[float]()
    report = march(model, HISTORY, settings, [lambda _, step: lengths.append(step.dt)])
    assert report.rejected > 0
    # The law sees the span dt (1 + r)/(1 + 2 r) of a step r times as long as the last, r <= 2.
    assert max(lengths) <= 1.5 * 5.0 / 3.0 + 1e-9
    smooth = stack()
    march(smooth, HISTORY, MarchSettings(TIGHT, StepSettings(tolerance=1e-6, initial=0.5)))
    found, exact = (m.group("solder").state[0, 6] for m in (model, smooth))
    assert found == pytest.approx(exact, rel=0.02)


def test_failure_at_the_smallest_step_leaves_the_model_as_it_was() -> None:
    """Above 30 C nothing helps: the error names time, temperature, step and cause; displacement,
    stress and state are those of the last accepted step.
    """
    model = stack(fragile(hottest=30.0))
    kept: list[tuple[FloatArray, FloatArray, FloatArray, float]] = []

    def keep(watched: MechanicalModel, step: Step) -> None:
        group = watched.group("solder")
        kept.append((step.u.copy(), group.trial_state.copy(), group.stress.copy(), step.time))

    settings = MarchSettings(TIGHT, StepSettings(tolerance=1e-5, initial=2.0, smallest=0.05))
    with pytest.raises(ConvergenceError, match=r"at 15\.\d+ s .*smallest step 0\.05 s.* 30\.\d* C"):
        march(model, HISTORY, settings, [keep])
    u, state, stress, time = kept[-1]
    assert 14.9 < time < 15.0
    group = model.group("solder")
    np.testing.assert_array_equal(model.u, u)
    np.testing.assert_array_equal(group.state, state)
    np.testing.assert_array_equal(group.committed_stress, stress)
    assert state[0, 6] > 0.0


def test_newton_that_cannot_converge_is_an_error() -> None:
    """One iteration is not enough for a step into flow: the error says how far it came."""
    newton = NewtonSettings(residual_tolerance=1e-9, largest_iterations=1)
    settings = MarchSettings(newton, StepSettings(tolerance=1.0, initial=20.0, smallest=15.0))
    model = stack()
    with pytest.raises(ConvergenceError, match=r"relative residual of .* after 1 iterations"):
        march(model, HISTORY, settings)
    assert not model.u.any()
    assert not model.group("solder").state.any()


def test_bad_histories_and_settings() -> None:
    """Times must increase, every corner has a temperature; limits are positive."""
    with pytest.raises(InputError, match="increasing"):
        TemperatureHistory(np.array([0.0, 2.0, 2.0]), np.zeros(3))
    with pytest.raises(InputError, match="corners"):
        TemperatureHistory(np.array([0.0, 2.0]), np.zeros(3))
    for name in ("tolerance", "initial", "smallest", "largest"):
        with pytest.raises(InputError, match=name):
            replace(StepSettings(), **dict[str, Any]({name: 0.0}))
    with pytest.raises(InputError, match="growth"):
        StepSettings(growth=1.0)


def test_step_control_splits_what_remains() -> None:
    """Before a corner the remaining time is halved rather than left as a sliver; easy steps grow,
    laborious ones do not, steps beyond the tolerance shrink by sqrt(0.8 tol/e).
    """
    control = StepControl(np.array([0.0, 10.0, 30.0]), StepSettings(tolerance=1e-4, initial=7.0))
    assert control.propose(0.0) == (5.0, False)
    control.accept(5.0, 1e-9, 2, at_corner=False)
    assert control.propose(5.0) == (5.0, True)
    control.accept(5.0, 1e-9, 2, at_corner=True)
    assert control.propose(10.0) == (7.0, False)
    control.accept(4.0, 1e-9, 20, at_corner=False)
    assert control.propose(10.0)[0] == pytest.approx(3.2)
    assert control.too_large(4e-4, 5.0)
    assert not control.too_large(2e-4, 5.0)
    control.shorten(5.0, 4e-4)
    assert control.propose(10.0)[0] == pytest.approx(5.0 * np.sqrt(0.2))
    control.cut_back(2.0, ConvergenceError("cause"), 12.0)
    assert control.propose(10.0)[0] == pytest.approx(0.5)
    assert control.rejected == 2
    with pytest.raises(ConvergenceError, match="cause"):
        control.cut_back(1e-3, ConvergenceError("cause"), 12.0)


def _repeated(cycles: int, *, periodic: bool) -> TemperatureHistory:
    """Triangular cycles of 100 s between 0 and 40 degrees C."""
    times = 50.0 * np.arange(2 * cycles + 1)
    temperatures = np.where(np.arange(2 * cycles + 1) % 2, 40.0, 0.0)
    return TemperatureHistory(times, temperatures, period=100.0 if periodic else None)


def _marched(law: Law, *, periodic: bool) -> tuple[list[Step], list[FloatArray]]:
    model, steps, found = stack(law), [], []

    def keep(_: MechanicalModel, step: Step) -> None:
        steps.append(step)
        found.append(step.u.copy())

    settings = MarchSettings(
        newton=replace(TIGHT, residual_tolerance=1e-8),
        steps=StepSettings(tolerance=1.0, initial=10.0, largest=10.0),
    )
    march(model, _repeated(3, periodic=periodic), settings, [keep])
    return steps, found


def test_an_elastic_cycle_is_foreseen_exactly() -> None:
    """Nothing but the temperature changes an elastic body: the cycle before is the solution.

    The predicted displacement then needs no correction at all, not even across a corner.
    """
    steps, _ = _marched(elastic(40e3, 0.35), periodic=True)
    assert [step.iterations > 0 for step in steps if step.time in (10.0, 60.0)] == [True, True]
    assert all(step.iterations == 0 for step in steps if step.time > 100.0)


def test_the_cycle_before_saves_iterations_and_changes_no_result() -> None:
    """The guess decides how Newton's method starts, not where it ends."""
    law = Norton(NORTON.youngs_modulus, NORTON.poissons_ratio, 1e3 * NORTON.A, NORTON.n)
    plain, without = _marched(law, periodic=False)
    steps, found = _marched(law, periodic=True)
    assert [step.time for step in steps] == [step.time for step in plain]
    scale = max(float(np.abs(u).max()) for u in without)
    for first, second in zip(without, found, strict=True):
        assert np.abs(first - second).max() < 1e-6 * scale
    later = [step.iterations for step in steps if step.time > 100.0]
    assert sum(later) < sum(step.iterations for step in plain if step.time > 100.0)


def test_period_must_be_positive() -> None:
    with pytest.raises(InputError, match="period"):
        TemperatureHistory(np.array([0.0, 2.0]), np.zeros(2), period=0.0)
