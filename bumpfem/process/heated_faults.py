"""What can go wrong when a joint is heated, the worst first."""

from __future__ import annotations

from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.process.film import FilmFlow
from bumpfem.process.gel_race import GelRace
from bumpfem.process.heated_events import Events
from bumpfem.process.heated_run import HeatedStage
from bumpfem.process.resin_in_oven import ResinCure
from bumpfem.process.thermal_history import ThermalHistory
from bumpfem.units import FloatArray


def solder_faults(
    events: Events,
    history: ThermalHistory,
    melting: tuple[str, ...],
    span: tuple[float, float],
    *,
    wholly: bool = True,
) -> list[str]:
    """Why solder that has to melt and freeze does not.

    Args:
        events: When it melts, is molten and freezes.
        history: Temperatures.
        melting: Its regions.
        span: Solidus and liquidus, degrees C.
        wholly: Whether all of it must melt.
    """
    highest = float(history.highest(melting).max())
    if events["melts"] is None:
        return [
            f"the solder never melts: it reaches {highest:.1f} degC, {span[0] - highest:.1f} K "
            f"below its solidus of {span[0]:g} degC"
        ]
    if wholly and events["molten"] is None:
        share = float(history.melted(melting).max())
        return [
            f"only {share:.3f} of the solder melts: it reaches {highest:.1f} degC, its liquidus is "
            f"{span[1]:g} degC"
        ]
    if events["freezes"] is None:
        end = float(history.highest(melting)[-1])
        return [
            f"the heating ends while the solder is liquid: at {end:.1f} degC, its solidus is "
            f"{span[0]:g} degC"
        ]
    return []


def held_faults(
    history: ThermalHistory, melting: tuple[str, ...], span: tuple[float, float]
) -> list[str]:
    """Why solder that holds the ball, or is held by paste, does not stay solid.

    Args:
        history: Temperatures.
        melting: Regions of solder.
        span: Solidus and liquidus, degrees C.
    """
    highest = float(history.highest(melting).max())
    if highest < span[0]:
        return []
    return [
        f"the solder melts, which it must not in this step: it reaches {highest:.1f} degC, its "
        f"solidus is {span[0]:g} degC"
    ]


def resin_faults(
    cure: ResinCure, stage: HeatedStage, times: FloatArray, highest: FloatArray
) -> list[str]:
    """Why a resin is not cured: it does not gel, or does not stand the heat.

    A resin that is mounted has gelled before, or has not been cured at all.

    Args:
        cure: Its cure.
        stage: Stage of the making.
        times: s.
        highest: Highest temperature of the resin at the times, degrees C.
    """
    found = limit_faults("resin", cure.resin, times, highest)
    if cure.lowest[-1] < cure.gel_cure:
        found.append(
            f"the resin {cure.material} never gels: its cure reaches {cure.lowest[-1]:.3f}, its "
            f"gel point is {cure.gel_cure:g}"
            + (", and it must be hard before the package is mounted" if stage == "mount" else "")
        )
    return found


def limit_faults(
    what: str, resin: CuringResin, times: FloatArray, highest: FloatArray
) -> list[str]:
    """Why a resin or paste does not stand the heat.

    Args:
        what: Which of them, for the sentence.
        resin: What it is.
        times: s.
        highest: Its highest temperature at the times, degrees C.
    """
    limit = resin.highest_temperature
    if highest.max() <= limit + 1e-6:
        return []
    first = float(times[int((highest > limit + 1e-6).argmax())])
    return [
        f"cure above the material's limit: the {what} {resin.name} reaches {highest.max():.1f} "
        f"degC and stands at most {limit:g} degC, which it passes at {first:.1f} s"
    ]


def find_faults(
    solder: list[str], resin: list[str], race: GelRace | None, film: FilmFlow | None
) -> tuple[str, ...]:
    """All faults of a heating: of solder, of the race of solder and resin, of resin, of a film."""
    lost = (
        [race.sentence] if race is not None and race.verdict in ("gels_early", "not_wetted") else []
    )
    flow = [] if film is None else list(film.faults)
    return (*solder, *lost, *resin, *flow)
