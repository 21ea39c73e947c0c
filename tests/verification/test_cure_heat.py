"""Cure coupled with heat conduction: reaction heat, energy, order in time, faults."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from dolfinx import mesh as dm
from mpi4py import MPI
from scipy.integrate import solve_ivp

from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.constitutive.nth_order import NthOrder
from bumpfem.errors import ConvergenceError, InputError, PropertyRangeError
from bumpfem.physics.cure import Curing
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import Boundary, Convection, PrescribedTemperature
from bumpfem.solvers.heat import HeatReport, HeatSettings, HeatStep, HeatStepSettings, march_heat
from bumpfem.solvers.heat_stage import StageSolver
from bumpfem.units import FloatArray
from tests.support.heat import bar, equal_steps, geometry, solid

#: Capacity, mJ/(mm3 K), and density, g/mm3, of the bodies here.
CAPACITY, DENSITY = 2.0, 0.002
#: The moulding compound: 40 J/g, so that its adiabatic rise is 40 K.
COMPOUND = dataclasses.replace(
    CuringResin.of("moulding_compound_turng"), density=DENSITY, highest_temperature=1000.0
)
#: An epoxy whose heat would raise it by 440 K.
HOT = dataclasses.replace(COMPOUND, reaction_heat=440e3)


def body(resin: CuringResin, *boundaries: Boundary, start: float | None = None) -> HeatModel:
    """A bar of resin, 1 mm long, insulated but for its boundaries."""
    return HeatModel(
        bar(8, 1.0),
        {"body": solid(0.2, CAPACITY)},
        boundaries,
        curing=Curing({"body": resin}, {} if start is None else {"body": start}),
    )


class Recorder:
    """Time, mean cure and mean temperature of a body at every step."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, float, float]] = []

    def __call__(self, model: HeatModel, step: HeatStep) -> None:
        self.rows.append((step.time, step.cure["body"].mean, step.regions["body"].mean))

    @property
    def columns(self) -> FloatArray:
        return np.array(self.rows).T


def adiabatic(resin: CuringResin, start: float, times: FloatArray) -> FloatArray:
    """Cure of an insulated body: dx/dt = f(x, T0 + rho H (x - x0) / capacity), tightly."""
    rise = resin.density * resin.reaction_heat / CAPACITY

    def rate(_: float, x: FloatArray) -> FloatArray:
        return resin.kinetics.rate(x, start + rise * (x - resin.initial_cure))

    solution = solve_ivp(
        rate, (0.0, times[-1]), [resin.initial_cure], method="DOP853", rtol=1e-11, atol=1e-13,
        dense_output=True, max_step=5.0,
    )  # fmt: skip
    return np.asarray(solution.sol(times)[0])


@pytest.mark.parametrize(("resin", "start"), [(COMPOUND, 110.0), (HOT, 70.0)])
def test_an_insulated_body_heats_by_reaction_heat_over_capacity(
    resin: CuringResin, start: float
) -> None:
    """rho c (T - T0) = rho H (x - x0) at every step, through a runaway of 440 K as well.

    The error of the reaction is in the step control: no step leaps over the runaway.
    """
    seen = Recorder()
    report = march_heat(body(resin), start, [0.0, 2000.0], observers=[seen])
    _, cure, temperature = seen.columns
    rise = resin.density * resin.reaction_heat / CAPACITY
    np.testing.assert_allclose(
        temperature - start, rise * (cure - resin.initial_cure), rtol=1e-7, atol=1e-4
    )
    assert cure[-1] > 0.99
    assert np.diff(cure).max() < 0.15
    assert np.all(np.diff(cure) >= 0.0)
    assert report.heat_in == {"cure": pytest.approx(report.stored, rel=1e-7)}
    assert report.balance_error < 1e-6


def test_an_insulated_body_cures_on_time() -> None:
    """Against a tight solution of the one equation that is left; the default steps."""
    seen = Recorder()
    march_heat(body(COMPOUND), 110.0, [0.0, 1600.0], observers=[seen])
    times, cure, _ = seen.columns
    assert np.abs(cure - adiabatic(COMPOUND, 110.0, times)).max() < 1e-3


def test_cure_and_heat_are_of_second_order_in_time() -> None:
    """Half the step, a quarter of the error, while the body heats itself by 20 K."""
    errors = []
    for length in (20.0, 10.0, 5.0):
        seen = Recorder()
        march_heat(body(COMPOUND), 110.0, [0.0, 240.0], equal_steps(length), observers=[seen])
        times, cure, _ = seen.columns
        errors.append(abs(cure[-1] - adiabatic(COMPOUND, 110.0, times)[-1]))
    assert min(before / after for before, after in pairwise(errors)) > 3.5
    assert errors[-1] < 1e-4


def test_a_held_temperature_gives_the_cure_of_that_temperature() -> None:
    """Both ends and all sides held: cure as at one point, and all its heat leaves again."""
    held = PrescribedTemperature(("free", "left", "right"), 140.0)
    model = body(COMPOUND, held)
    report = march_heat(model, 140.0, [0.0, 100.0])
    expected = COMPOUND.along(np.array([0.0, 100.0]), np.array([140.0, 140.0]))[-1]
    state = report.cure["body"]
    assert (state.lowest, state.highest) == pytest.approx((expected, expected), abs=1e-8)
    heat = DENSITY * COMPOUND.reaction_heat * model.volumes["body"] * expected
    assert report.heat_in["cure"] == pytest.approx(heat, rel=1e-7)
    assert report.heat_in["prescribed"] == pytest.approx(-heat, rel=1e-6)


def joint(start: float | None = None) -> HeatModel:
    """Axisymmetric: resin around solder that melts, on a base; hot gas on top and outside."""
    mesh = dm.create_rectangle(
        MPI.COMM_WORLD, [(0.0, 0.0), (1.0, 1.0)], (12, 12), dm.CellType.triangle
    )
    regions: dict[str, Any] = {
        "base": lambda x: x[1] < 0.3,
        "solder": lambda x: (x[1] > 0.3) & (x[0] < 0.4),
        "resin": lambda x: (x[1] > 0.3) & (x[0] > 0.4),
    }
    body = geometry(
        mesh, regions, axisymmetric=True,
        top=lambda x: np.isclose(x[1], 1.0), outside=lambda x: np.isclose(x[0], 1.0),
    )  # fmt: skip
    resin = dataclasses.replace(CuringResin.of("noflow_epoxy"), reaction_heat=100e3)
    return HeatModel(
        body,
        {
            "base": solid(0.8, 1.9),
            "solder": solid(58.0, 1.67, (217.0, 220.0, 454.0)),
            "resin": solid(0.2, 1.32),
        },
        [Convection(("top", "outside"), 0.1, lambda t: float(np.interp(t, [0, 150], [25, 255])))],
        curing=Curing({"resin": resin}, {} if start is None else {"resin": start}),
    )


def cure_heat(model: HeatModel, report: HeatReport, start: float) -> float:
    """Reaction heat times the rise of the mean cure, mJ."""
    assert model.cure is not None
    resin = model.cure.resins["resin"]
    rise = report.cure["resin"].mean - start
    return resin.density * resin.reaction_heat * model.volumes["resin"] * rise


def test_heat_and_cure_of_a_melting_joint_conserve_energy() -> None:
    """What came in through the faces and from the reaction is what is stored, latent heat too.

    0.1 % is promised; the reaction gives a tenth of all heat, so that its loss would show.
    """
    model = joint()
    report = march_heat(model, 25.0, [0.0, 150.0, 260.0])
    assert report.latent > 0.0
    assert report.cure["resin"].mean > 0.9
    assert report.cure["resin"].lowest <= report.cure["resin"].mean
    assert report.cure["resin"].mean <= report.cure["resin"].highest <= 1.0
    assert report.heat_in["cure"] > 0.1 * report.stored
    assert sum(report.heat_in.values()) == pytest.approx(report.stored, rel=1e-5)
    assert report.heat_in["cure"] == pytest.approx(cure_heat(model, report, 0.01), rel=1e-9)
    assert report.balance_error < 1e-5


def test_a_reacting_body_is_hotter_than_one_that_does_not() -> None:
    """The same joint with the reaction already over: no heat of it, and a colder peak."""
    reacting, over = Recorder(), Recorder()
    for seen, start in ((reacting, None), (over, 1.0)):
        march_heat(
            joint(start), 25.0, [0.0, 150.0, 200.0],
            observers=[lambda model, step, seen=seen: seen.rows.append(
                (step.time, step.cure["resin"].mean, step.regions["resin"].mean))],
        )  # fmt: skip
    np.testing.assert_allclose(over.columns[1], 1.0, rtol=1e-14)
    assert reacting.columns[2].max() > over.columns[2].max() + 1.0


def test_steps_that_are_rejected_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every third solution fails after its work: the steps are cut, energy and cure still agree.

    Cure that went on from a rejected trial would be ahead by some 10 % and its heat would miss.
    """
    solve, calls = StageSolver.solve, [0]

    def failing(self: StageSolver, *arguments: Any) -> Any:
        calls[0] += 1
        found = solve(self, *arguments)
        if calls[0] % 7 == 2 and calls[0] < 200:
            raise ConvergenceError("on purpose")
        return found

    fine = march_heat(body(COMPOUND), 110.0, [0.0, 300.0])
    monkeypatch.setattr(StageSolver, "solve", failing)
    steps = HeatStepSettings(smallest=1e-9)
    cut = march_heat(body(COMPOUND), 110.0, [0.0, 300.0], HeatSettings(steps=steps))
    assert cut.rejected > fine.rejected + 3
    assert cut.cure["body"].mean == pytest.approx(fine.cure["body"].mean, abs=1e-3)
    assert cut.balance_error < 1e-5


def test_a_resin_that_gets_too_hot_is_refused() -> None:
    """The message names the region, the material, its temperature and its limit."""
    resin = dataclasses.replace(COMPOUND, highest_temperature=140.0)
    gas = Convection(("free", "left", "right"), 1.0, 160.0)
    with pytest.raises(
        PropertyRangeError,
        match=r"cure above the material's limit: at .* s region body of moulding_compound_turng "
        r"reaches 14\d\.\d C and stands at most 140 C",
    ):
        march_heat(body(resin, gas), 25.0, [0.0, 300.0])


def test_gelled_volume_and_points_are_seen() -> None:
    """A bar heated at one end gels from there; the points carry the same numbers."""
    resin = dataclasses.replace(COMPOUND, reaction_heat=1e-3, kinetics=NthOrder(1e9, 1e4, 1.0))
    model = body(resin, PrescribedTemperature(("left",), 150.0), start=0.1)
    seen: list[float] = []
    report = march_heat(
        model, 25.0, [0.0, 6.0], observers=[lambda _, step: seen.append(step.cure["body"].gelled)]
    )
    assert seen[0] == 0.0
    assert 0.0 < seen[-1] < 1.0
    assert model.cure is not None
    cure, volumes = model.cure.at_points("body"), model.point_volumes("body")
    assert report.cure["body"].mean == pytest.approx(cure @ volumes / volumes.sum())
    assert report.cure["body"].gelled == pytest.approx(volumes[cure >= 0.17].sum() / volumes.sum())
    distance = model.points("body")[:, 0]
    assert cure[np.argmin(distance)] > cure[np.argmax(distance)] + 0.1


def test_what_cannot_cure_is_named() -> None:
    regions = {"body": solid(0.2, CAPACITY)}
    with pytest.raises(InputError, match=r"curing = resin .*one of body"):
        HeatModel(bar(2, 1.0), regions, curing=Curing({"resin": COMPOUND}))
    with pytest.raises(InputError, match=r"curing\.start\.body = 1\.5 .*between 0 and 1"):
        HeatModel(bar(2, 1.0), regions, curing=Curing({"body": COMPOUND}, {"body": 1.5}))
    acrylic = CuringResin.of("acrylic")
    with pytest.raises(InputError, match=r"curing\.start\.body = 0\.0 .*never starts from 0"):
        HeatModel(bar(2, 1.0), regions, curing=Curing({"body": acrylic}, {"body": 0.0}))
