"""Why a joint that went through the oven is not made well, the worst first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bumpfem.process.reflow_outcome import MOLTEN, Fault, ReflowOutcome
from bumpfem.process.thermal_history import ThermalHistory


def find_faults(
    outcome: ReflowOutcome,
    history: ThermalHistory,
    melting: Sequence[str],
    span: tuple[float, float],
) -> tuple[Fault, ...]:
    """All faults of an outcome.

    Args:
        outcome: What is known of the joint.
        history: Its temperatures.
        melting: Regions that are meant to melt.
        span: Solidus and liquidus of what is meant to melt, degrees C.
    """
    highest = float(history.highest(melting).max())
    found = [
        *_melting(outcome, highest, span),
        *_solids(outcome),
        *_freezing(outcome, history, melting, span),
        *_holding(outcome),
        *_consumption(outcome),
        *_limits(outcome),
    ]
    return tuple(found)


def _melting(outcome: ReflowOutcome, highest: float, span: tuple[float, float]) -> list[Fault]:
    solidus, liquidus = span
    neck = outcome.neck
    if outcome.melted <= 0.0:
        sentence = (
            f"the solder never melts: it reaches {highest:.1f} degC, "
            f"{solidus - highest:.1f} K below its solidus of {solidus:g} degC"
        )
        return [Fault("not_melted", sentence)]
    if neck is not None:
        if abs(neck.fraction - neck.wanted) <= neck.tolerance:
            return []
        sentence = (
            f"{neck.fraction:.3f} of the ball melts, wanted are {neck.wanted:g} +- "
            f"{neck.tolerance:g}; it reaches {highest:.1f} degC"
        )
        return [Fault("neck", sentence)]
    if outcome.melted < MOLTEN:
        sentence = (
            f"only {outcome.melted:.3f} of the solder melts: it reaches {highest:.1f} degC, "
            f"its liquidus is {liquidus:g} degC"
        )
        return [Fault("not_melted", sentence)]
    return []


def _solids(outcome: ReflowOutcome) -> list[Fault]:
    return [
        Fault(
            "core_melted",
            f"the {item.region.replace('_', ' ')} of {item.material} melts: it reaches "
            f"{item.highest:.1f} degC and begins to melt at {item.melts_at:g} degC",
        )
        for item in outcome.solids
        if item.margin <= 0.0
    ]


def _freezing(
    outcome: ReflowOutcome,
    history: ThermalHistory,
    melting: Sequence[str],
    span: tuple[float, float],
) -> list[Fault]:
    if outcome.melted <= 0.0 or outcome.solidification is not None:
        return []
    end = float(history.highest(melting)[-1])
    sentence = (
        f"the profile ends while the solder is liquid: at {end:.1f} degC, its solidus is "
        f"{span[0]:g} degC"
    )
    return [Fault("not_solid", sentence)]


def _holding(outcome: ReflowOutcome) -> list[Fault]:
    release = outcome.release
    if release is None or release.in_time or (np.isnan(release.melts) and release.margin_k > 0.0):
        return []
    sentence = (
        f"{release.agent} lets go at {release.temperature:g} degC, not before the solder begins "
        f"to melt: it would hold the ball while it melts"
    )
    return [Fault("held", sentence)]


def _consumption(outcome: ReflowOutcome) -> list[Fault]:
    return [
        Fault(
            "consumed",
            f"{item.face.thickness * 1e3:g} um of {item.face.material} on the "
            f"{item.face.name.replace('_', ' ')} are used up after {item.consumed_after:.0f} s "
            "in molten solder",
        )
        for item in outcome.dissolved
        if item.consumed_after is not None
    ]


def _limits(outcome: ReflowOutcome) -> list[Fault]:
    failed = [check for check in outcome.checks if not check.passed]
    if not failed:
        return []
    words = []
    for check in failed:
        low = "" if check.minimum is None else f"at least {check.minimum:g}"
        high = "" if check.maximum is None else f"at most {check.maximum:g}"
        bound = " and ".join(filter(None, (low, high)))
        value = "missing" if np.isnan(check.value) else f"{check.value:.4g} {check.unit}"
        words.append(f"{check.words} {value}, allowed {bound} {check.unit}")
    return [Fault("limits", "; ".join(words))]
