"""What one heating of a joint's making did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from bumpfem.errors import ProcessError
from bumpfem.process.film import FilmFlow
from bumpfem.process.gel_race import GelRace
from bumpfem.process.heated_events import Events, in_words
from bumpfem.process.history_corners import simplify
from bumpfem.process.resin_in_oven import ResinCure
from bumpfem.process.thermal_history import ThermalHistory
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.units import FloatArray

#: Stage of a joint's making: its ball is fixed, its resin cured, its package mounted.
HeatedStage = Literal["attach", "cure", "mount"]

#: Difference of temperatures within a cell below which it has one temperature, K.
UNIFORM_K = 1.0


@dataclass(frozen=True)
class HeatedRun:
    """A heating of a joint's making.

    Attributes:
        stage: ``attach``, ``cure`` or ``mount``.
        title: What heated, in words.
        times: (n,) s from the start of the heating.
        temperature: (n,) mean temperature of the cell, degrees C.
        lowest: (n,) lowest temperature in the cell, degrees C.
        highest: (n,) highest, degrees C.
        history: Temperatures and melted fractions of all regions.
        events: When what happens, s; None where it does not.
        resin: Cure of the resin; None where there is none that cures.
        paste: Cure of the paste that holds the ball, in ``attach``; None where there is none that
            cures.
        race: Race of solder and resin; None on routes that heat twice.
        film: Flow of the film; None on other routes.
        heat_in: Heat that came in, mJ, by what brought it.
        stored: Rise of the heat content, mJ.
        balance_error: Error of the energy balance, part of the largest heat stored.
        unknowns: Unknowns of the heat conduction.
        faults: What went wrong, one sentence each.
        remarks: What else to know.
    """

    stage: HeatedStage
    title: str
    times: FloatArray
    temperature: FloatArray
    lowest: FloatArray
    highest: FloatArray
    history: ThermalHistory
    events: Events
    resin: ResinCure | None
    paste: ResinCure | None
    race: GelRace | None
    film: FilmFlow | None
    heat_in: dict[str, float]
    stored: float
    balance_error: float
    unknowns: int
    faults: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def cure(self) -> FloatArray | None:
        """(n,) mean degree of cure of the resin; None without."""
        return None if self.resin is None else self.resin.mean

    @property
    def glass_transition(self) -> FloatArray | None:
        """(n,) glass transition at the mean cure, degrees C; None without resin that cures."""
        return None if self.resin is None else self.resin.glass_transition

    @property
    def end_cure(self) -> float | None:
        """Mean degree of cure at the end, which the next heating starts from."""
        return None if self.resin is None else float(self.resin.mean[-1])

    @property
    def spread(self) -> float:
        """Largest difference of two temperatures in the cell at one time, K."""
        return float(np.max(self.highest - self.lowest))

    @property
    def uniform(self) -> bool:
        """Whether the cell has one temperature within :data:`UNIFORM_K` all the time."""
        return self.spread <= UNIFORM_K

    def mechanics_history(self, tolerance: float = 0.2) -> TemperatureHistory:
        """Mean temperature of the cell for the mechanics, with the events as corners.

        Args:
            tolerance: Largest difference to the recorded mean, K.
        """
        return simplify(self.times, self.temperature, tolerance, self.events.values())

    def refuse(self) -> None:
        """Stop a chain that cannot go on.

        Raises:
            ProcessError: Something went wrong; names all of it. Its facts hold the ``race`` of
                solder and resin, lost or not, where there is one.
        """
        if self.faults:
            race = None if self.race is None else self.race.as_dict()
            raise ProcessError(f"{self.stage}: {'; '.join(self.faults)}").with_facts(race=race)

    @property
    def sentence(self) -> str:
        """What happened, in a line."""
        words = [self.title, f"peak of the cell {self.temperature.max():.1f} degC"]
        if any(time is not None for time in self.events.values()):
            words.append(in_words(self.events))
        if self.resin is not None:
            words.append(
                f"cure {self.resin.mean[0]:.3f} to {self.resin.mean[-1]:.3f}, glass transition "
                f"{self.resin.glass_transition[-1]:.1f} degC"
            )
        if self.paste is not None:
            words.append(f"cure of the paste {self.paste.mean[-1]:.3f}")
        words.append(f"one temperature within {self.spread:.1f} K")
        return "; ".join(words)

    def facts(self) -> dict[str, Any]:
        """Numbers for a ``result.json``; infinite and missing ones are None."""
        resin, race = self.resin, self.race
        return {
            "stage": self.stage,
            "heat": self.title,
            "duration_s": float(self.times[-1]),
            "peak_c": float(self.temperature.max()),
            "spread_k": self.spread,
            "events_s": dict(self.events),
            "cure": None if resin is None else float(resin.mean[-1]),
            "cure_lowest": None if resin is None else float(resin.lowest[-1]),
            "cure_highest": None if resin is None else float(resin.highest[-1]),
            "glass_transition_c": None if resin is None else float(resin.glass_transition[-1]),
            "reaction_heat_mj": None if resin is None else resin.reaction_heat,
            "paste_cure": None if self.paste is None else float(self.paste.mean[-1]),
            "race": None if race is None else race.sentence,
            "margin_s": None if race is None or race.margin is None else _finite(race.margin),
            "film": None if self.film is None else self.film.sentence,
            "balance_error": self.balance_error,
            "faults": list(self.faults),
            "remarks": list(self.remarks),
        }


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
