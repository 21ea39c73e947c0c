"""Integration in time: order, restart at corners, path dependence, control of the error."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bumpfem.constitutive import Anand, J2Plasticity, Table
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import MarchSettings, Step, march
from bumpfem.solvers.step_control import StepSettings
from tests.support.mechanics import TIGHT, elastic, fixed_steps
from tests.support.shear import (
    MODULUS,
    NORTON,
    RATIO,
    SHEAR_MODULUS,
    Layer,
    exact_shear,
    shear_stack,
)

#: Elastic layer beside the flowing one, both half of the height.
STIFF = elastic(80e3, 0.25)
STIFF_SHEAR = 80e3 / 2.5
COMPLIANCE = 0.5 / SHEAR_MODULUS + 0.5 / STIFF_SHEAR


def half_and_half(shear_per_degree: float = 1e-5) -> MechanicalModel:
    return shear_stack(
        [Layer("stiff", 1, STIFF), Layer("solder", 1, NORTON)],
        lambda temperature: shear_per_degree * temperature,
    )


def ratios(errors: list[float]) -> list[float]:
    return [float(before / after) for before, after in pairwise(errors)]


def test_second_order_at_constant_rate() -> None:
    """Half the step, a quarter of the error: backward differences of second order.

    The stack is sheared at 2e-5 1/s, to where it begins to flow; the reference is a tight
    integration of the one-dimensional problem. Backward Euler would give ratios of 2.
    """
    end, rate = 30.0, 2e-5
    exact = exact_shear([0.0, end], [0.0, rate * end], COMPLIANCE, 0.5).stress[-1]
    history = TemperatureHistory(np.array([0.0, end]), np.array([0.0, 1e5 * rate * end]))
    errors = []
    for steps in (20, 40, 80):
        model = half_and_half()
        assert march(model, history, fixed_steps(end / steps)).steps == steps
        stress = model.group("solder").committed_stress[:, 5]
        np.testing.assert_allclose(stress, stress[0], rtol=1e-7)
        errors.append(float(stress[0] - exact))
    assert abs(errors[-1]) < 1e-4 * exact
    assert ratios(errors) == pytest.approx([4.0, 4.0], abs=0.5)


def test_restarts_at_corners_do_not_spoil_the_order() -> None:
    """Load, hold, unload past zero: the first step after a corner is of first order, but it is one
    step, so its error falls with the square of its length. Reference as above, for the sum of all
    inelastic strain; backward Euler throughout would give ratios of 2.
    """
    times, shears = [0.0, 20.0, 40.0, 80.0], [0.0, 4e-4, 4e-4, -2e-4]
    exact = exact_shear(times, shears, COMPLIANCE, 0.5).accumulated[-1]
    history = TemperatureHistory(np.array(times), 1e5 * np.array(shears))
    errors = []
    for step in (1.0, 0.5, 0.25):
        model = half_and_half()
        march(model, history, fixed_steps(step))
        errors.append(float(np.sqrt(3.0) * model.group("solder").state[0, 6] - exact))
    assert abs(errors[-1]) < 2e-4 * exact
    assert min(ratios(errors)) > 3.2


def test_second_order_of_anand_under_a_temperature_ramp() -> None:
    """Stress, resistance and moduli change together while the stack cools and is sheared.

    Without a reference, three step lengths show the order: successive differences fall by 4.
    """
    moduli = Table((-50.0, 25.0, 125.0), (58e3, 46e3, 30e3))
    anand = Anand(
        moduli, Table.constant(0.4), A=3501.0, Q_over_R=9320.0, xi=4.0, m=0.25, h0=180e3,
        s_hat=30.2, n=0.01, a=1.78, s0=21.0,
    )  # fmt: skip
    history = TemperatureHistory(np.array([0.0, 80.0]), np.array([125.0, 105.0]))
    found = []
    for step in (2.0, 1.0, 0.5, 0.25):
        model = shear_stack(
            [Layer("stiff", 1, STIFF), Layer("solder", 1, anand)],
            lambda temperature: 2e-5 * (125.0 - temperature),
        )
        march(model, history, fixed_steps(step))
        found.append(model.group("solder").committed_stress[0, 5])
    assert found[-1] > 5.0
    assert ratios(np.diff(found).tolist()) == pytest.approx([4.0, 4.0], abs=0.3)


@pytest.mark.parametrize("step", [50.0, 7.0])
def test_plastic_path(step: float) -> None:
    """Shear up into plastic flow, back past zero into flow: linear isotropic hardening, in closed
    form; rate-independent, so exact with steps of any length.

    With compliance C, thickness share f, shear yield t0 and slope h = H/3 the first flow is
    g1 = (c - C t0)/(f + C h) at stress t1 = t0 + h g1; on the way back yield waits at -t1 and the
    flow is d = (c - C t1 + f g1)/(f + C h).
    """
    yield_stress, hardening, reach, share = 60.0, 1500.0, 6e-3, 0.5
    copper = J2Plasticity(
        Table.constant(MODULUS),
        Table.constant(RATIO),
        plastic_strain=(0.0, 1.0),
        yield_stress=(yield_stress, yield_stress + hardening),
    )
    model = shear_stack(
        [Layer("stiff", 1, STIFF), Layer("copper", 1, copper)],
        lambda temperature: 1e-4 * temperature,
    )
    first, slope = yield_stress / np.sqrt(3.0), hardening / 3.0
    stiffness = share + COMPLIANCE * slope
    flow = (reach - COMPLIANCE * first) / stiffness
    top = first + slope * flow
    back = (reach - COMPLIANCE * top + share * flow) / stiffness
    history = TemperatureHistory(
        np.array([0.0, 100.0, 300.0]), 1e4 * reach * np.array([0.0, 1.0, -1.0])
    )
    turning = []

    def watch(watched: MechanicalModel, reached: Step) -> None:
        if reached.time == 100.0:
            turning.append(watched.group("copper").stress[0, 5])

    march(model, history, fixed_steps(step), [watch])
    group = model.group("copper")
    assert turning == [pytest.approx(top, rel=1e-6)]
    assert group.committed_stress[0, 5] == pytest.approx(-(top + slope * back), rel=1e-6)
    assert group.state[0, 5] == pytest.approx(flow - back, abs=1e-8)
    assert group.state[0, 6] == pytest.approx((flow + back) / np.sqrt(3.0), rel=1e-6)


@pytest.mark.parametrize("step", [50.0, 10.0])
def test_plastic_reversal_within_a_segment(step: float) -> None:
    """Up and back to zero shear without a corner of the history between. The stack unloads
    elastically from the top: nothing may be extrapolated from the flow before the turn.
    """
    yield_stress, hardening, share, top = 60.0, 1500.0, 0.5, 4e-3
    copper = J2Plasticity(
        Table.constant(MODULUS),
        Table.constant(RATIO),
        plastic_strain=(0.0, 1.0),
        yield_stress=(yield_stress, yield_stress + hardening),
    )
    model = shear_stack(
        [Layer("stiff", 1, STIFF), Layer("copper", 1, copper)],
        lambda temperature: top * (1.0 - abs(temperature / 100.0 - 1.0)),
    )
    end = 150.0
    history = TemperatureHistory(np.array([0.0, end]), np.array([0.0, end]))
    march(model, history, fixed_steps(step))
    first, slope = yield_stress / np.sqrt(3.0), hardening / 3.0
    flow = (top - COMPLIANCE * first) / (share + COMPLIANCE * slope)
    unloaded = first + slope * flow - top * (end / 100.0 - 1.0) / COMPLIANCE
    assert abs(unloaded) < first
    group = model.group("copper")
    assert group.committed_stress[0, 5] == pytest.approx(unloaded, rel=1e-6)
    assert group.state[0, 6] == pytest.approx(flow / np.sqrt(3.0), rel=1e-6)


def test_error_falls_with_the_tolerance() -> None:
    """Steps chosen by the error estimate: a hundredth of the tolerance, about a tenth of the step
    length, so at least ten times the accuracy (second order: a hundredth).
    """
    times, shears = [0.0, 20.0, 40.0, 80.0], [0.0, 4e-4, 4e-4, -2e-4]
    exact = exact_shear(times, shears, COMPLIANCE, 0.5).accumulated[-1]
    history = TemperatureHistory(np.array(times), 1e5 * np.array(shears))
    errors, steps = [], []
    for tolerance in (1e-5, 1e-6, 1e-7):
        model = half_and_half()
        control = StepSettings(tolerance=tolerance, initial=1.0)
        report = march(model, history, MarchSettings(TIGHT, control))
        errors.append(abs(np.sqrt(3.0) * model.group("solder").state[0, 6] - exact))
        steps.append(report.steps)
    assert steps == sorted(steps)
    assert errors[0] < 0.1 * exact
    assert max(errors[1] / errors[0], errors[2] / errors[1]) < 0.3
    assert errors[2] < 0.1 * errors[0]
