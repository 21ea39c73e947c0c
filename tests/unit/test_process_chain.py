"""A joint carried from its making to its thermal cycles in one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.design.making import Cure, Making
from bumpfem.design.programme import Programme
from bumpfem.errors import InputError, ProcessError, PropertyRangeError
from bumpfem.materials import load_law_set
from bumpfem.meshing import build_mesh
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.chain import ChainRun, CheckpointStore, run_chain
from bumpfem.process.chain_record import StepRecord
from bumpfem.results.checkpoint import Checkpoints
from bumpfem.solvers.march import MarchSettings, Step, StepObserver
from bumpfem.solvers.step_control import StepSettings
from bumpfem.units import FloatArray

MESHES = Path(__file__).resolve().parents[2] / "meshes"
CYCLE = ThermalCycle(
    minimum=25.0, maximum=100.0, cold_dwell=60.0, hot_dwell=60.0, heating_rate=30.0,
    cooling_rate=30.0,
)  # fmt: skip
COARSE = MarchSettings(steps=StepSettings(tolerance=2e-3))


@pytest.fixture(scope="module")
def package() -> Package:
    return Package.load(MESHES / "pbga_0p80.toml")


def carry(
    package: Package,
    joint: Joint,
    making: Making | None = None,
    observers: Sequence[StepObserver] = (),
    checkpoints: CheckpointStore | None = None,
    extrapolate: bool = True,
) -> ChainRun:
    """A joint's axisymmetric cell, coarse, through its steps and one short cycle."""
    mesh = build_mesh(package, joint, size=2.5, kind="axisymmetric", comm=MPI.COMM_SELF)
    making = making or Making.default_for(joint)
    return run_chain(
        package, joint, making, CYCLE, 1, mesh, settings=COARSE, extrapolate=extrapolate,
        observers=observers, checkpoints=checkpoints,
    )  # fmt: skip


class KilledError(RuntimeError):
    """In place of a signal."""


@dataclass(frozen=True)
class Seen:
    """One increment: what was committed when it began, and what it found."""

    time: float
    temperature: float
    activity: dict[str, str]
    state: dict[str, FloatArray]
    stress: dict[str, FloatArray]


class Watch:
    """Keeps every increment of a chain."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []

    def __call__(self, model: MechanicalModel, step: Step) -> None:
        self.seen.append(
            Seen(
                step.time,
                step.temperature,
                {group.name: group.activity for group in model.groups},
                {group.name: group.state.copy() for group in model.groups},
                {group.name: group.stress.copy() for group in model.groups},
            )
        )

    def first(self, region: str, activity: str, after: float = 0.0) -> Seen:
        """First increment after a time in which a region is as wanted."""
        return next(x for x in self.seen if x.time > after and x.activity[region] == activity)


@pytest.fixture(scope="module")
def anchored(package: Package) -> tuple[ChainRun, Watch]:
    watch = Watch()
    return carry(package, resined(package), observers=[watch]), watch


def resined(package: Package) -> Joint:
    """The ready-made anchored joint with an epoxy."""
    joint = package.joint("anchored")
    assert joint.anchor is not None
    anchor = joint.anchor.model_copy(update={"material": "epoxy", "family": "epoxy"})
    return joint.model_copy(update={"anchor": anchor})


def record(run: ChainRun, kind: str) -> StepRecord:
    return next(item for item in run.records if item.kind == kind)


def test_records_follow_each_other(anchored: tuple[ChainRun, Watch]) -> None:
    """Steps in the order of the route, each from where the one before ended."""
    run, _ = anchored
    kinds = ["attach", "cool_down", "dispense", "cure", "cool_down", "mount", "cycles"]
    assert [item.kind for item in run.records] == kinds
    assert [item.number for item in run.records] == list(range(1, 8))
    assert run.records[0].start_s == 0.0
    for before, after in pairwise(run.records):
        assert after.start_s == before.end_s
    assert record(run, "mount").temperature_c == pytest.approx(25.0)
    assert run.records[-1].temperature_c == pytest.approx(CYCLE.maximum)


def test_regions_come_when_they_are_made(anchored: tuple[ChainRun, Watch]) -> None:
    """The board comes with mounting, resin with dispensing; solder is solid where it froze."""
    run, _ = anchored
    for item in run.records:
        mounted = item.number >= 6
        assert item.activity["board"] == ("solid" if mounted else "absent")
        assert (
            item.activity["resin"]
            == ("absent", "liquid", "solid")[(item.number >= 3) + (item.number >= 4)]
        )
        assert item.activity["solder"] == "solid"
    assert set(record(run, "mount").interfaces) >= {"resin_ball", "ball_pad"}
    assert "resin_ball" not in run.records[1].interfaces


def test_melting_resets_solder_and_nothing_else(anchored: tuple[ChainRun, Watch]) -> None:
    """Mounted solder starts with its law's first state; the resin goes on with its cure and load.

    Before it melts it has flowed and hardened; the resin's state when solder freezes again is what
    its own increments made of it, with more cure than before mounting and stress in it.
    """
    run, watch = anchored
    mount = record(run, "mount")
    before = next(x for x in watch.seen if x.time > mount.start_s)
    frozen = watch.first("board", "solid")
    worked = before.state["solder_layer_interposer"]
    assert worked[:, 6].max() > 1e-3
    first = load_law_set("anand_sac305_motalab_2012").parameters["s0"]
    assert worked[:, 7].mean() > 1.2 * float(str(first))
    for name in ("solder", "solder_layer_interposer", "solder_layer_board"):
        assert not frozen.state[name][:, :7].any()
        np.testing.assert_array_equal(frozen.state[name][:, 7], first)
    molten = [x for x in watch.seen if x.time > mount.start_s and x.activity["solder"] == "absent"]
    assert all(x.activity["resin"] == "solid" for x in molten)
    assert np.all(frozen.state["resin"][:, 7] >= before.state["resin"][:, 7])
    assert np.abs(frozen.state["resin"][:, 15:21]).max() > 1e-3


def test_frozen_solder_starts_without_stress(anchored: tuple[ChainRun, Watch]) -> None:
    """The first increment after freezing sees only the stress of its own cooling.

    It is that of the mismatch over its few kelvin, far below what is there at the end.
    """
    run, watch = anchored
    for after in (0.0, record(run, "mount").start_s):
        frozen = watch.first("solder", "solid", after)
        if after > 0.0:
            frozen = watch.first("board", "solid")
        later = next(x for x in watch.seen if x.time > frozen.time + 60.0)
        assert np.abs(frozen.stress["solder"]).max() < 0.5 * np.abs(later.stress["solder"]).max()


def test_liquid_resin_bears_nothing(anchored: tuple[ChainRun, Watch]) -> None:
    """Until it gels the resin has no stress; afterwards shrinkage and cooling stress it."""
    run, watch = anchored
    gel = 0.5
    for seen in watch.seen:
        if seen.activity["resin"] == "liquid":
            assert not seen.stress["resin"].any()
    cured = record(run, "cure")
    assert cured.cure is not None
    assert cured.cure.mean > gel
    cold = run.records[4]
    assert cold.regions["resin"].von_mises_mean > cured.regions["resin"].von_mises_mean
    assert cold.regions["resin"].von_mises_mean > 1.0


def test_cure_of_mechanics_is_that_of_the_oven(anchored: tuple[ChainRun, Watch]) -> None:
    """Both integrate one kinetics along one history, on two meshes: they agree to 0.005."""
    run, _ = anchored
    heated = {item["number"]: item for item in run.heated}
    for item in run.records:
        if item.number in heated and item.cure is not None:
            assert item.cure.mean == pytest.approx(heated[item.number]["cure"][-1], abs=5e-3)
            assert item.cure.lowest - 1e-9 <= item.cure.mean <= item.cure.highest + 1e-9


def test_interfaces_are_in_equilibrium(anchored: tuple[ChainRun, Watch]) -> None:
    """On the cold ball what the resin pulls along the axis the pad pushes back.

    Nothing else touches the ball before mounting. Force on the pad's side from the ball's stress,
    on the resin's side from the resin's: both are continued to the interface, so that they agree
    as well as the coarse mesh does.
    """
    run, _ = anchored
    cold = run.records[4].interfaces
    pad, resin = (cold[name]["force"][2] for name in ("ball_pad", "resin_ball"))
    assert pad == pytest.approx(resin, rel=0.25)
    assert abs(pad) > 0.1


def test_a_resumed_chain_gives_the_same_numbers(package: Package, tmp_path: Path) -> None:
    """KilledError in any step after the first, it goes on from the last checkpoint, bit for bit."""
    joint, design = package.joint("plain"), {"joint": "plain"}
    making = Making.default_for(joint)

    class Until:
        """Stops a chain after a number of saved steps."""

        def __init__(self, store: Checkpoints, steps: int) -> None:
            self._store, self._left = store, steps
            self.latest, self.restore = store.latest, store.restore

        def save(self, *given: Any) -> None:
            self._store.save(*given)
            self._left -= 1
            if not self._left:
                raise KilledError

    whole_watch, watch = Watch(), Watch()
    whole = carry(package, joint, making, [whole_watch])
    store = Checkpoints(tmp_path, design, MPI.COMM_SELF)
    for _ in range(2):
        with pytest.raises(KilledError):
            carry(package, joint, making, checkpoints=Until(store, 1))
    run = carry(package, joint, making, [watch], checkpoints=store)
    assert run.resumed == 2
    assert [item.kind for item in run.records] == [item.kind for item in whole.records]
    last, wanted = watch.seen[-1], whole_watch.seen[-1]
    for name in wanted.stress:
        np.testing.assert_allclose(last.stress[name], wanted.stress[name], rtol=0, atol=1e-10)
        np.testing.assert_allclose(last.state[name], wanted.state[name], rtol=0, atol=1e-10)
    assert len(run.heated) == len(whole.heated)
    assert run.march.steps == whole.march.steps


def test_another_design_is_named(package: Package, tmp_path: Path) -> None:
    """A checkpoint of another design is refused with what differs."""
    joint = package.joint("plain")
    store = Checkpoints(tmp_path, {"joint": {"ball_diameter": 0.45}}, MPI.COMM_SELF)

    def kill(model: MechanicalModel, step: Step) -> None:
        if model.group("board").activity == "solid":
            raise KilledError

    with pytest.raises(KilledError):
        carry(package, joint, observers=[kill], checkpoints=store)
    other = Checkpoints(tmp_path, {"joint": {"ball_diameter": 0.5}}, MPI.COMM_SELF)
    with pytest.raises(InputError, match=r"joint\.ball_diameter"):
        carry(package, joint, checkpoints=other)


def test_resin_that_never_gels_stops_the_chain(package: Package) -> None:
    """Half an hour at 60 C leaves the epoxy liquid: the step and the material are named."""
    joint = resined(package)
    usual = Making.default_for(joint)
    cold = Programme(points=((0.0, 25.0), (60.0, 60.0), (1800.0, 60.0)))
    steps = [Cure(programme=cold) if isinstance(x, Cure) else x for x in usual.steps]
    with pytest.raises(ProcessError, match="epoxy"):
        carry(package, joint, usual.model_copy(update={"steps": tuple(steps)}))


def test_steps_out_of_order_are_refused_before_anything_is_computed(package: Package) -> None:
    """The cycles come after mounting."""
    joint = package.joint("plain")
    with pytest.raises(InputError, match="cycles"):
        carry(package, joint, Making.model_validate({"steps": ["attach", "cool_down", "cycles"]}))


def test_an_oven_beyond_the_ranges_of_the_library(package: Package) -> None:
    """Without leave to extrapolate, 260 C is outside of the laminate's modulus."""
    with pytest.raises(PropertyRangeError, match="extrapolate"):
        carry(package, package.joint("plain"), extrapolate=False)
