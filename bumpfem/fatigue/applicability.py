"""Where a run differs from what a fatigue law was calibrated with: said, never silent."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, Protocol

from bumpfem.fatigue.calibration import LIFE_DEFINITIONS, Calibration
from bumpfem.fatigue.measures import RunContext

MismatchKind = Literal[
    "alloy",
    "constitutive_law",
    "law_set",
    "averaging_volume",
    "averaging_thickness",
    "life_definition",
    "temperature_range",
    "validity",
]

#: Relative difference of layer thickness that still counts as the same layer.
THICKNESS_TOLERANCE = 0.05
_FAMILIES = {"sac": r"sac\d*.*|sn.*ag.*cu.*", "snpb": r"sn.*pb.*|pb.*sn.*"}


class Calibrated(Protocol):
    """Anything with a name and a calibration: a fatigue law or an acceleration model."""

    @property
    def name(self) -> str:
        """Name in the library."""

    @property
    def calibration(self) -> Calibration:
        """What it was fitted to."""


@dataclass(frozen=True)
class Mismatch:
    """One difference between a run and a calibration.

    Attributes:
        kind: What differs.
        severity: ``differs`` where both are known, ``unknown`` where one of them is not stated.
        calibrated: Value of the calibration in words.
        run: Value of the run in words.
        sentence: The difference in a plain sentence.
    """

    kind: MismatchKind
    severity: Literal["differs", "unknown"]
    calibrated: str
    run: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def check_applicability(law: Calibrated, run: RunContext) -> list[Mismatch]:
    """All differences between a run and the calibration of a fatigue law.

    Args:
        law: A fatigue law or an acceleration model.
        run: How the damage measures were computed.

    Returns:
        One entry for each difference or unknown, in the order alloy, constitutive law, parameter
        set, averaging volume, layer thickness, temperature range, life definition.
    """
    name, fit = law.name, law.calibration
    found = [
        _alloy(name, fit, run),
        _named(
            name,
            "constitutive_law",
            "constitutive law",
            fit.constitutive_laws,
            run.constitutive_law,
        ),
        _named(name, "law_set", "constitutive parameter set", fit.law_sets, run.law_set),
        _volume(name, fit, run),
        _thickness(name, fit, run),
        _temperature(name, fit, run),
        _definition(name, fit, run),
    ]
    return [mismatch for mismatch in found if mismatch is not None]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _words(names: tuple[str, ...]) -> str:
    return " or ".join(names)


def _alloy(law: str, calibration: Calibration, run: RunContext) -> Mismatch | None:
    calibrated = _words(calibration.alloys)
    if run.alloy is None:
        return Mismatch(
            "alloy",
            "unknown",
            calibrated,
            "not stated",
            f"{law} was calibrated for {calibrated}; the run does not state its alloy.",
        )
    alloy = _plain(run.alloy)
    if alloy in {_plain(name) for name in calibration.alloys}:
        return None
    for family in set(calibration.alloys) & set(_FAMILIES):
        if re.fullmatch(_FAMILIES[family], alloy):
            return Mismatch(
                "alloy",
                "unknown",
                calibrated,
                run.alloy,
                f"{law} was calibrated for the alloy family {family} without a stated "
                f"composition; the run is for {run.alloy}.",
            )
    return Mismatch(
        "alloy",
        "differs",
        calibrated,
        run.alloy,
        f"{law} was calibrated for {calibrated}, the run is for {run.alloy}.",
    )


def _named(
    law: str,
    kind: MismatchKind,
    words: str,
    calibrated: tuple[str, ...] | None,
    actual: str | None,
) -> Mismatch | None:
    if calibrated == ():
        return None
    if calibrated is None:
        shown = actual or "not stated"
        return Mismatch(
            kind,
            "unknown",
            "not known",
            shown,
            f"The {words} behind the calibration of {law} is not known; the run's is {shown}.",
        )
    if actual is None:
        return Mismatch(
            kind,
            "unknown",
            _words(calibrated),
            "not stated",
            f"{law} was calibrated with the {words} {_words(calibrated)}; the run does not "
            "state its own.",
        )
    if actual in calibrated:
        return None
    return Mismatch(
        kind,
        "differs",
        _words(calibrated),
        actual,
        f"{law} was calibrated with the {words} {_words(calibrated)}, the run uses {actual}.",
    )


def _volume(law: str, calibration: Calibration, run: RunContext) -> Mismatch | None:
    calibrated = calibration.averaging_volume
    if calibrated == "nominal":
        return None
    shown = run.averaging_volume or "not stated"
    if calibrated is None or run.averaging_volume is None:
        return Mismatch(
            "averaging_volume",
            "unknown",
            calibrated or "not known",
            shown,
            f"{law} averages over: {calibrated or 'not known'}; the run averages over: {shown}.",
        )
    actual = "layer" if run.averaging_volume.startswith("solder_layer") else "joint"
    if actual == calibrated:
        return None
    words = {
        "layer": "a thin layer at the pad",
        "joint": "the whole joint",
        "specimen": "a uniformly strained test specimen",
    }
    return Mismatch(
        "averaging_volume",
        "differs",
        calibrated,
        run.averaging_volume,
        f"{law} was calibrated with averages over {words[calibrated]}, the run averages over "
        f"{run.averaging_volume}.",
    )


def _thickness(law: str, calibration: Calibration, run: RunContext) -> Mismatch | None:
    in_layer = run.averaging_volume is None or run.averaging_volume.startswith("solder_layer")
    if calibration.averaging_volume not in ("layer", None) or not in_layer:
        return None
    calibrated, actual = calibration.averaging_thickness_mm, run.averaging_thickness_mm
    if calibrated is None or actual is None:
        of_law = "not known" if calibrated is None else f"{1e3 * calibrated:.3g} um"
        of_run = "not stated" if actual is None else f"{1e3 * actual:.3g} um"
        return Mismatch(
            "averaging_thickness",
            "unknown",
            of_law,
            of_run,
            f"Thickness of the averaging layer: {of_law} for {law}, {of_run} for the run; the "
            "energy density depends on it.",
        )
    if math.isclose(calibrated, actual, rel_tol=THICKNESS_TOLERANCE):
        return None
    return Mismatch(
        "averaging_thickness",
        "differs",
        f"{1e3 * calibrated:.3g} um",
        f"{1e3 * actual:.3g} um",
        f"{law} was calibrated with a layer of {1e3 * calibrated:.3g} um, the run averages over "
        f"{1e3 * actual:.3g} um; the energy density depends on it.",
    )


def _temperature(law: str, calibration: Calibration, run: RunContext) -> Mismatch | None:
    low, high = run.temperature_minimum_c, run.temperature_maximum_c
    of_run = "not stated" if low is None or high is None else f"{low:g} to {high:g} C"
    if calibration.temperature_range_c is None or low is None or high is None:
        limits = calibration.temperature_range_c
        of_law = "not known" if limits is None else f"{limits[0]:g} to {limits[1]:g} C"
        return Mismatch(
            "temperature_range",
            "unknown",
            of_law,
            of_run,
            f"Temperature range: {of_law} for the calibration of {law}, {of_run} for the run.",
        )
    coldest, hottest = calibration.temperature_range_c
    if coldest <= low and high <= hottest:
        return None
    return Mismatch(
        "temperature_range",
        "differs",
        f"{coldest:g} to {hottest:g} C",
        of_run,
        f"{law} was calibrated between {coldest:g} and {hottest:g} C, the run cycles {of_run}.",
    )


def _definition(law: str, calibration: Calibration, run: RunContext) -> Mismatch | None:
    wanted, given = run.life_definition_wanted, calibration.life_definition
    if wanted is None or wanted == given:
        return None
    return Mismatch(
        "life_definition",
        "differs",
        given,
        wanted,
        f"{law} gives the {LIFE_DEFINITIONS[given]}; {wanted} life was asked for.",
    )
