r"""Record of a thermal cycling run: one row per step, one per cycle and volume.

Inelastic work density of a step at a point, by the trapezoidal rule,

.. math:: \Delta w = \tfrac12 (\sigma_n + \sigma_{n+1}) : \Delta\varepsilon^{in},

averaged over each volume; of a cycle, the sum over its steps.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from bumpfem.constitutive import DoublePowerLaw
from bumpfem.physics.groups import LawGroup, von_mises
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.results.slices import Slice, weakest_slice
from bumpfem.results.volumes import AVERAGING_VOLUMES, averaging_volumes, peak
from bumpfem.solvers.march import Step
from bumpfem.units import FloatArray

#: Relative change of a cycle's energy density below which the loop counts as settled.
SETTLED = 0.05


class CycleRecorder:
    """Observer that records histories and per-cycle measures.

    Args:
        model: The model that will be marched.
        starts: Times at which cycles 1, 2, ... begin, s.
        standoff: Distance of the pad planes, mm.
        joined: Displacement at which the joint froze, local unknowns, mm: shear counts from there;
            None for none.

    Attributes:
        work: Per region, accumulated inelastic work density ``(points,)``, MPa.
    """

    def __init__(
        self,
        model: MechanicalModel,
        starts: FloatArray,
        standoff: float,
        joined: FloatArray | None = None,
    ) -> None:
        self._model, self._starts, self._standoff = model, np.asarray(starts), standoff
        self._joined = np.zeros_like(model.u) if joined is None else joined
        self._volumes = averaging_volumes(model)
        self._solder = set(AVERAGING_VOLUMES["solder"])
        self.work = {group.name: np.zeros(group.operator.points) for group in model.groups}
        self._at_cycle_start = {name: values.copy() for name, values in self.work.items()}
        self._strain_at_cycle_start = self._strains()
        self._first_at_cycle_start = self._first_strains()
        self._pads = {
            name: model.space.mean_weights(model.group(name).operator.cells)
            for name in ("interposer_pad", "board_pad")
            if name in self.work
        }
        self._rows: list[dict[str, float]] = []
        self._add_row(Step(0, 0.0, 0.0, math.nan, 0, 0.0, model.u))

    def start_at(self, time: float, temperature: float) -> None:
        """State the time and temperature of the stress-free start."""
        self._rows[0].update(time_s=time, temperature_c=temperature)

    def __call__(self, model: MechanicalModel, step: Step) -> None:
        """Record a converged step, before it is committed."""
        started = self._cycle(step.time - 0.5 * step.dt)
        if started != self._rows[-1]["cycle"]:
            self._at_cycle_start = {name: values.copy() for name, values in self.work.items()}
            self._strain_at_cycle_start = self._strains()
            self._first_at_cycle_start = self._first_strains()
        for group in model.inelastic_groups:
            change = group.trial_state[:, :6] - group.state[:, :6]
            mean_stress = 0.5 * (group.stress + group.committed_stress)
            self.work[group.name] += np.einsum("pi,pi->p", mean_stress, change)
        self._add_row(step)

    def last_cycle_work(self) -> dict[str, FloatArray]:
        """Inelastic work density of the last cycle at the points of each region, MPa."""
        return {name: values - self._at_cycle_start[name] for name, values in self.work.items()}

    def last_cycle_strain(self) -> dict[str, FloatArray]:
        """Accumulated equivalent inelastic strain of the last cycle at the points of each region.

        To be asked after the last step has been committed.
        """
        before = self._strain_at_cycle_start
        return {name: values - before[name] for name, values in self._strains().items()}

    def weakest_slice(self, thickness: float) -> Slice | None:
        """Weakest slice of the solder between the layers in the last cycle."""
        work, strain = self.last_cycle_work(), self.last_cycle_strain()
        if "solder" not in work:
            return None
        first = self._first_strains().get("solder")
        if first is not None:
            first = first - self._first_at_cycle_start["solder"]
        return weakest_slice(self._model, thickness, work["solder"], strain["solder"], first)

    def _strains(self) -> dict[str, FloatArray]:
        return {group.name: _accumulated_strain(group.state).copy() for group in self._model.groups}

    def _first_strains(self) -> dict[str, FloatArray]:
        """Creep strain of the first mechanism, of the regions whose law has two."""
        return {
            group.name: group.state[:, 7].copy() for group in self._model.groups if _parted(group)
        }

    def history(self) -> pd.DataFrame:
        """One row per step; columns as in ``docs/results.md``."""
        return pd.DataFrame(self._rows)

    def cycles(self) -> pd.DataFrame:
        """One row per cycle and volume; columns as in ``docs/results.md``."""
        return cycle_table(self.history(), [volume.name for volume in self._volumes])

    def _cycle(self, time: float) -> int:
        return int(np.searchsorted(self._starts, time, side="right"))

    def _add_row(self, step: Step) -> None:
        row: dict[str, float] = {
            "time_s": step.time,
            "cycle": self._cycle(step.time - 0.5 * step.dt) if step.number else 0,
            "temperature_c": step.temperature,
            "dt_s": step.dt,
            "newton_iterations": step.iterations,
            "shear_strain": self._shear_strain(step.u),
            "shear_stress_mpa": math.nan,
        }
        now = {group.name: _now(group, step) for group in self._model.groups}
        for volume in self._volumes:
            groups = volume.groups
            if volume.name != "solder" and math.isnan(row["shear_stress_mpa"]):
                row["shear_stress_mpa"] = volume.mean(
                    [now[group.name].stress[:, 5] for group in groups]
                )
            row[f"inelastic_work_mpa__{volume.name}"] = volume.mean(
                [self.work[group.name] for group in groups]
            )
            row[f"inelastic_strain__{volume.name}"] = volume.mean(
                [_accumulated_strain(now[group.name].state) for group in groups]
            )
            if all(_parted(group) for group in groups):
                row[f"creep_strain_first__{volume.name}"] = volume.mean(
                    [now[group.name].state[:, 7] for group in groups]
                )
            row[f"stress_mpa__{volume.name}"] = volume.mean(
                [von_mises(now[group.name].stress) for group in groups]
            )
        for group in self._model.groups:
            if group.name not in self._solder:
                row[f"peak_von_mises_mpa__{group.name}"] = peak(
                    self._model, von_mises(now[group.name].stress)
                )
        self._rows.append(row)

    def _shear_strain(self, u: FloatArray) -> float:
        """Relative displacement of the pads along x, since the joint froze, over the stand-off."""
        if len(self._pads) < 2:
            return math.nan
        comm, means = self._model.mesh.comm, []
        for weights, volume in self._pads.values():
            along = (u - self._joined)[:: self._model.space.dimension]
            moved = comm.allreduce(float(weights @ along))
            means.append(moved / comm.allreduce(volume))
        return float(means[0] - means[1]) / self._standoff


class _Now(NamedTuple):
    """State and stress at the points of a region."""

    state: FloatArray
    stress: FloatArray


def _now(group: LawGroup, step: Step) -> _Now:
    """State at the end of a converged step, before it is committed; at the start the committed."""
    if step.number == 0:
        return _Now(group.state, group.committed_stress)
    return _Now(group.trial_state, group.stress)


def _parted(group: LawGroup) -> bool:
    """Whether the region creeps by two mechanisms."""
    return isinstance(group.law, DoublePowerLaw)


def _accumulated_strain(state: FloatArray) -> FloatArray:
    return state[:, 6] if state.shape[1] else np.zeros(len(state))


def cycle_table(history: pd.DataFrame, volumes: list[str]) -> pd.DataFrame:
    """Per-cycle measures of each volume from a history.

    ``inelastic_strain_accumulated`` is the increment of the volume-averaged accumulated equivalent
    inelastic strain over the cycle; ``inelastic_strain_range`` is half of it, the range of a loop
    that is run through once in each direction. ``creep_strain_first`` is the first mechanism's part
    of the accumulated strain, a column that only laws with two mechanisms have.
    """
    rows: list[dict[str, object]] = []
    cycles = history["cycle"].to_numpy()
    ends = {int(number): int(np.flatnonzero(cycles == number)[-1]) for number in np.unique(cycles)}
    numbers = [number for number in ends if number > 0]
    for volume in volumes:
        work = history[f"inelastic_work_mpa__{volume}"].to_numpy()
        strain = history[f"inelastic_strain__{volume}"].to_numpy()
        name = f"creep_strain_first__{volume}"
        first = history[name].to_numpy() if name in history else None
        previous = math.nan
        for number in numbers:
            start, end = ends.get(number - 1, 0), ends[number]
            energy = float(work[end] - work[start])
            accumulated = float(strain[end] - strain[start])
            change = (energy - previous) / previous if previous else math.nan
            parts = (
                {} if first is None else {"creep_strain_first": float(first[end] - first[start])}
            )
            rows.append(
                {
                    "cycle": number,
                    "volume": volume,
                    "delta_w_mpa": energy,
                    "inelastic_strain_range": 0.5 * accumulated,
                    "inelastic_strain_accumulated": accumulated,
                    **parts,
                    "change": change,
                    "settled": bool(abs(change) < SETTLED),
                }
            )
            previous = energy
    return pd.DataFrame(rows)
