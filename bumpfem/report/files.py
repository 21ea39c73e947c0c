"""Reading the folder of one computed joint: ``result.json``, ``history.csv``, ``cycles.csv``."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

#: Volumes over which energy density is averaged, with their names in plain words.
VOLUMES: dict[str, str] = {
    "solder_layer_interposer": "layer at the interposer",
    "solder_layer_board": "layer at the board",
    "solder": "whole solder",
}


@dataclass(frozen=True)
class JointFiles:
    """What is on disk of one computed joint.

    Args:
        name: Name of the joint: the ``joint`` entry of ``result.json``, else the folder's name.
        folder: The folder.
        summary: ``result.json``; empty where the file is missing.
        history: One row per accepted time step (``history.csv``).
        cycles: One row per cycle and averaging volume (``cycles.csv``).
    """

    name: str
    folder: Path
    summary: dict[str, Any] = field(default_factory=dict)
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    cycles: pd.DataFrame = field(default_factory=pd.DataFrame)

    @classmethod
    def read(cls, folder: Path) -> JointFiles:
        """Read a folder; a missing file leaves its part empty, a damaged one raises."""
        result = folder / "result.json"
        summary = json.loads(result.read_text(encoding="utf-8")) if result.is_file() else {}
        return cls(
            name=str(summary.get("joint", folder.name)),
            folder=folder,
            summary=summary,
            history=_table(folder / "history.csv"),
            cycles=_table(folder / "cycles.csv"),
        )

    @property
    def last_cycle(self) -> int:
        """Number of the last cycle in the history; 0 where no cycle was finished."""
        return 0 if self.history.empty else int(self.history["cycle"].max())

    @property
    def end_temperature(self) -> float | None:
        """Temperature in degrees Celsius of the last computed state."""
        return None if self.history.empty else float(self.history["temperature_c"].iloc[-1])

    def loop(self, cycle: int) -> pd.DataFrame:
        """History of one cycle, with the state at the end of the one before as its first row."""
        rows = self.history.index[self.history["cycle"] == cycle]
        if rows.empty:
            return self.history.iloc[:0]
        start = max(int(self.history.index.get_indexer(rows[:1])[0]) - 1, 0)
        stop = int(self.history.index.get_indexer(rows[-1:])[0]) + 1
        return self.history.iloc[start:stop]

    def volumes(self, prefix: str) -> dict[str, str]:
        """Columns ``prefix__V`` of the history that exist, as column name to plain words."""
        return {
            f"{prefix}__{volume}": words
            for volume, words in VOLUMES.items()
            if f"{prefix}__{volume}" in self.history
        }


def _table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path) if path.is_file() else pd.DataFrame()
