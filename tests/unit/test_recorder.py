"""Recorder against a stack of layers in cyclic shear, which has a tight solution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.results.recorder import CycleRecorder, cycle_table
from bumpfem.results.volumes import averaging_volumes, peak
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import MarchSettings, march
from bumpfem.solvers.step_control import StepSettings
from tests.support.mechanics import TIGHT, elastic
from tests.support.shear import (
    NORTON,
    SHEAR_MODULUS,
    UNIT,
    Layer,
    ShearSolution,
    exact_shear,
    shear_stack,
)

PAD_SHEAR = 120e3 / 2.6
PADS = elastic(120e3, 0.3)
#: Lead-in of 30 s, then two cycles of 100 s: down, dwell, up, dwell. Shear strain 1e-5 per degree.
LEAD_IN = 30.0
ONE_CYCLE = ([30.0, 50.0, 80.0, 100.0], [-40.0, -40.0, 40.0, 40.0])
STANDOFF = 4 * UNIT
TOTAL = 6 * UNIT


@dataclass(frozen=True)
class Run:
    """A marched stack, what was recorded of it and its tight solution."""

    model: MechanicalModel
    recorder: CycleRecorder
    history: pd.DataFrame
    cycles: pd.DataFrame
    times: list[float]
    exact: ShearSolution

    def exact_at(self, time: float, values: str) -> float:
        index = int(np.argmin(np.abs(self.exact.times - time)))
        assert self.exact.times[index] == pytest.approx(time)
        return float(getattr(self.exact, values)[index])


@pytest.fixture(scope="module")
def run() -> Run:
    """Pads of one unit at the ends, four units of solder between, two of them layers."""
    model = shear_stack(
        [
            Layer("board_pad", 1, PADS),
            Layer("solder_layer_board", 1, NORTON),
            Layer("solder", 2, NORTON),
            Layer("solder_layer_interposer", 1, NORTON),
            Layer("interposer_pad", 1, PADS),
        ],
        lambda temperature: 1e-5 * temperature,
    )
    times, temperatures = [0.0, LEAD_IN], [0.0, 40.0]
    starts = []
    for _ in range(2):
        starts.append(times[-1])
        times += [starts[-1] + time for time in ONE_CYCLE[0]]
        temperatures += ONE_CYCLE[1]
    recorder = CycleRecorder(model, np.array(starts), STANDOFF)
    recorder.start_at(0.0, 0.0)
    history = TemperatureHistory(np.array(times), np.array(temperatures))
    march(
        model,
        history,
        MarchSettings(TIGHT, StepSettings(tolerance=3e-8, initial=0.5, largest=5.0)),
        [recorder],
    )
    compliance = 4 / 6 / SHEAR_MODULUS + 2 / 6 / PAD_SHEAR
    shears = [1e-5 * temperature for temperature in temperatures]
    exact = exact_shear(times, shears, compliance, 4 / 6)
    return Run(model, recorder, recorder.history(), recorder.cycles(), times, exact)


VOLUMES = ("solder_layer_interposer", "solder_layer_board", "solder")


def test_first_row_is_the_stress_free_start(run: Run) -> None:
    """Time and temperature as stated, nothing has happened."""
    first = run.history.iloc[0]
    assert (first.time_s, first.temperature_c, first.cycle, first.dt_s) == (0.0, 0.0, 0, 0.0)
    for volume in VOLUMES:
        assert first[f"inelastic_work_mpa__{volume}"] == 0.0
        assert first[f"inelastic_strain__{volume}"] == 0.0
    assert first.shear_strain == 0.0


def test_lead_in_is_cycle_zero(run: Run) -> None:
    """Steps belong to the cycle that they lie in; a step that ends a cycle belongs to it."""
    rows = run.history
    starts = [LEAD_IN, LEAD_IN + 100.0]
    for cycle in (0, 1, 2):
        part = rows[rows.cycle == cycle]
        assert part.time_s.iloc[-1] == pytest.approx([*starts, LEAD_IN + 200.0][cycle])
    assert rows.cycle.is_monotonic_increasing
    assert set(run.times) <= set(rows.time_s)
    np.testing.assert_allclose(rows.dt_s.iloc[1:], np.diff(rows.time_s))


@pytest.mark.parametrize("volume", VOLUMES)
def test_history_follows_the_tight_solution(run: Run, volume: str) -> None:
    """At every corner: mean shear stress, von Mises stress sqrt(3) tau, accumulated strain
    g/sqrt(3) and work, the integral of tau dg, per volume of solder. All solder is alike.
    """
    rows = run.history.set_index("time_s")
    for time in run.times[1:]:
        row = rows.loc[time]
        tau = run.exact_at(time, "stress")
        assert row["shear_stress_mpa"] == pytest.approx(tau, rel=2e-3)
        assert row[f"stress_mpa__{volume}"] == pytest.approx(np.sqrt(3) * abs(tau), rel=2e-3)
        strain = run.exact_at(time, "accumulated") / np.sqrt(3.0)
        assert row[f"inelastic_strain__{volume}"] == pytest.approx(strain, rel=2e-3)
        work = run.exact_at(time, "work")
        assert row[f"inelastic_work_mpa__{volume}"] == pytest.approx(work, rel=2e-3)


def test_shear_strain_is_that_between_the_pads(run: Run) -> None:
    """Mean displacements of the pads, half a pad of elastic shear inside the outer faces each, over
    the stand-off.
    """
    rows = run.history.set_index("time_s")
    for time, temperature in zip(run.times[1:], [40.0, *2 * ONE_CYCLE[1]], strict=True):
        slip = 1e-5 * temperature * TOTAL - run.exact_at(time, "stress") / PAD_SHEAR * UNIT
        assert rows["shear_strain"].loc[time] == pytest.approx(slip / STANDOFF, rel=1e-3)


def test_peak_stress_of_the_pads(run: Run) -> None:
    """Pads carry the same shear stress: peak von Mises sqrt(3) tau, for no region of solder."""
    last = run.history.iloc[-1]
    tau = run.exact_at(run.times[-1], "stress")
    for pad in ("interposer_pad", "board_pad"):
        found = last[f"peak_von_mises_mpa__{pad}"]
        assert found == pytest.approx(np.sqrt(3) * abs(tau), rel=2e-3)
    assert not run.history.filter(regex="^peak.*solder").columns.tolist()


@pytest.mark.parametrize("volume", VOLUMES)
def test_cycles_count_from_the_end_of_the_lead_in(run: Run, volume: str) -> None:
    """Work and strain of a cycle are differences between its ends; the lead-in is in none."""
    table = run.cycles[run.cycles.volume == volume].set_index("cycle")
    assert table.index.tolist() == [1, 2]
    ends = [LEAD_IN, LEAD_IN + 100.0, LEAD_IN + 200.0]
    for cycle in (1, 2):
        work, strain = (
            run.exact_at(ends[cycle], name) - run.exact_at(ends[cycle - 1], name)
            for name in ("work", "accumulated")
        )
        row = table.loc[cycle]
        assert row.delta_w_mpa == pytest.approx(work, rel=3e-3)
        assert row.inelastic_strain_accumulated == pytest.approx(strain / np.sqrt(3), rel=3e-3)
        assert row.inelastic_strain_range == 0.5 * row.inelastic_strain_accumulated
    first, second = table.delta_w_mpa
    assert math.isnan(table.change.loc[1])
    assert table.change.loc[2] == pytest.approx(second / first - 1.0)
    assert table.settled.tolist() == [False, abs(second / first - 1.0) < 0.05]


def test_last_cycle_work_of_points(run: Run) -> None:
    """Every point of solder has done the work of the last cycle, pads none."""
    last = run.recorder.last_cycle_work()
    table = run.cycles[(run.cycles.cycle == 2) & (run.cycles.volume == "solder")]
    for name in VOLUMES:
        np.testing.assert_allclose(last[name], float(table.delta_w_mpa.iloc[0]), rtol=1e-6)
    assert not last["interposer_pad"].any()


def test_volumes(run: Run) -> None:
    """Layers of one unit on an area of 1 mm2; the whole solder includes both; means by volume."""
    volumes = {volume.name: volume for volume in averaging_volumes(run.model)}
    assert tuple(volumes) == VOLUMES
    assert [volumes[name].size for name in VOLUMES] == pytest.approx([UNIT, UNIT, 4 * UNIT])
    groups = volumes["solder"].groups
    values = [
        np.full(group.operator.points, 8.0 if group.name == "solder" else 2.0) for group in groups
    ]
    assert volumes["solder"].mean(values) == pytest.approx(5.0)
    assert peak(run.model, np.array([-3.0, -1.0])) == -1.0


def table_of(energies: list[float], strains: list[float]) -> pd.DataFrame:
    """A history of one row per cycle, the first at the stress-free start."""
    return pd.DataFrame(
        {
            "cycle": range(len(energies)),
            "inelastic_work_mpa__solder": energies,
            "inelastic_strain__solder": strains,
        }
    )


def test_settled_loop() -> None:
    """From one cycle to the next 10 % and then 4 %: settled below 5 %, the first never."""
    history = table_of([0.5, 1.5, 2.4, 3.264], [0.01, 0.03, 0.05, 0.07])
    table = cycle_table(history, ["solder"])
    assert table.delta_w_mpa.tolist() == pytest.approx([1.0, 0.9, 0.864])
    assert table.change.tolist()[1:] == pytest.approx([-0.1, -0.04])
    assert table.settled.tolist() == [False, False, True]
    assert table.inelastic_strain_accumulated.tolist() == pytest.approx([0.02] * 3)
    assert table.inelastic_strain_range.tolist() == pytest.approx([0.01] * 3)


def test_run_without_lead_in_starts_with_cycle_one() -> None:
    """Stress-free at the start of cycle 1: the initial row is all there is of cycle 0."""
    model = shear_stack(
        [Layer("interposer_pad", 1, PADS), Layer("solder", 1, NORTON)],
        lambda temperature: 1e-5 * temperature,
    )
    recorder = CycleRecorder(model, np.array([0.0]), UNIT)
    history = TemperatureHistory(np.array([0.0, 30.0, 60.0]), np.array([0.0, 40.0, 0.0]))
    march(
        model, history, MarchSettings(TIGHT, StepSettings(tolerance=1e-5, initial=5.0)), [recorder]
    )
    rows = recorder.history()
    assert rows.cycle.tolist() == [0, *[1] * (len(rows) - 1)]
    assert rows.shear_strain.isna().all()
    assert rows.shear_stress_mpa.isna().all()
    (energy,) = recorder.cycles().delta_w_mpa
    assert energy == rows["inelastic_work_mpa__solder"].iloc[-1]
    assert energy > 0.0
