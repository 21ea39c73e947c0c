"""Temperatures and melted fractions of a cell's regions over time, as a run left them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bumpfem.physics.heat import HeatModel
from bumpfem.process.oven import Heating
from bumpfem.solvers.heat import HeatStep
from bumpfem.units import FloatArray

#: Columns per region: name in tables and attribute.
_COLUMNS = {"mean_c": "mean", "lowest_c": "lowest", "highest_c": "highest", "melted": "melted"}


@dataclass(frozen=True)
class RegionHistory:
    """One region over time, arrays of the length of the history's times.

    Attributes:
        mean: Mean temperature, degrees C.
        lowest: Lowest temperature, degrees C.
        highest: Highest temperature, degrees C.
        melted: Melted fraction of its volume.
        volume: Its volume, mm3.
    """

    mean: FloatArray
    lowest: FloatArray
    highest: FloatArray
    melted: FloatArray
    volume: float


@dataclass(frozen=True)
class ThermalHistory:
    """A run's temperatures.

    Attributes:
        times: s, increasing.
        gas: Temperature of the gas or of the profile, degrees C.
        package: Mean temperature of the package's top, degrees C.
        regions: Every region over time.
    """

    times: FloatArray
    gas: FloatArray
    package: FloatArray
    regions: dict[str, RegionHistory]

    def mean(self, names: Sequence[str]) -> FloatArray:
        """Mean temperature of some regions together, degrees C."""
        return self._average(names, "mean")

    def melted(self, names: Sequence[str]) -> FloatArray:
        """Melted fraction of some regions together."""
        return self._average(names, "melted")

    def highest(self, names: Sequence[str]) -> FloatArray:
        """Highest temperature in some regions, degrees C."""
        stacked = np.stack([self.regions[name].highest for name in names])
        return np.asarray(stacked.max(axis=0))

    def lowest(self, names: Sequence[str]) -> FloatArray:
        """Lowest temperature in some regions, degrees C."""
        stacked = np.stack([self.regions[name].lowest for name in names])
        return np.asarray(stacked.min(axis=0))

    def _average(self, names: Sequence[str], field: str) -> FloatArray:
        parts = [self.regions[name] for name in names]
        volume = sum(part.volume for part in parts)
        total = np.zeros(len(self.times))
        for part in parts:
            total += part.volume / volume * getattr(part, field)
        return total

    def table(self) -> pd.DataFrame:
        """One row per step: ``time_s, gas_c, package_c``, then per region ``mean_c__REGION``."""
        columns: dict[str, FloatArray] = {
            "time_s": self.times, "gas_c": self.gas, "package_c": self.package,
        }  # fmt: skip
        for name, region in self.regions.items():
            for column, field in _COLUMNS.items():
                columns[f"{column}__{name}"] = getattr(region, field)
        return pd.DataFrame(columns)


class HistoryRecorder:
    """Observer that records region means and, at the nodes, the extremes over time.

    Args:
        model: The model that will be marched.
        heat: For the temperature of the gas.

    Attributes:
        hottest: Highest temperature so far at this rank's owned unknowns, degrees C.
    """

    def __init__(self, model: HeatModel, heat: Heating) -> None:
        self._model, self._heat = model, heat
        self._rows: list[tuple[float, float, float]] = []
        self._states: dict[str, list[tuple[float, float, float, float]]] = {
            name: [] for name in model.materials
        }
        heights = model.space.coordinates()[:, -1]
        top = max(model.comm.allgather(float(heights.max(initial=-np.inf))))
        self._top = np.flatnonzero(heights > top - 1e-9)
        self._top_count = int(model.comm.allreduce(len(self._top)))
        self.hottest = np.full(model.size, -np.inf)

    def __call__(self, model: HeatModel, step: HeatStep) -> None:
        """Record a converged step."""
        top = model.comm.allreduce(float(step.temperature[self._top].sum())) / self._top_count
        self._rows.append((step.time, self._heat.gas_at(step.time), top))
        for name, state in step.regions.items():
            self._states[name].append((state.mean, state.lowest, state.highest, state.melted))
        np.maximum(self.hottest, step.temperature, out=self.hottest)

    def history(self) -> ThermalHistory:
        """What was recorded so far."""
        rows = np.array(self._rows)
        regions = {}
        for name, states in self._states.items():
            mean, lowest, highest, melted = np.array(states).T
            volume = self._model.volumes[name]
            regions[name] = RegionHistory(mean, lowest, highest, melted, volume)
        return ThermalHistory(rows[:, 0], rows[:, 1], rows[:, 2], regions)
