"""What a fatigue law is fed with: the damage measures of one cycle and how they were computed."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from bumpfem.errors import InputError


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """How the damage measures were computed. None means that the run does not say.

    Attributes:
        alloy: Solder of the averaging volume, e.g. ``sac305``.
        constitutive_law: Family of its constitutive law, e.g. ``anand``.
        law_set: Name of its constitutive parameter set.
        averaging_volume: Region averaged over: ``solder`` (the whole solder) or one whose name
            starts with ``solder_layer``.
        averaging_thickness_mm: Thickness of that layer in mm.
        temperature_minimum_c: Lowest temperature of the cycle in degrees Celsius.
        temperature_maximum_c: Highest temperature of the cycle in degrees Celsius.
        life_definition_wanted: What the user wants the number of cycles to mean.
    """

    alloy: str | None = None
    constitutive_law: str | None = None
    law_set: str | None = None
    averaging_volume: str | None = None
    averaging_thickness_mm: float | None = None
    temperature_minimum_c: float | None = None
    temperature_maximum_c: float | None = None
    life_definition_wanted: str | None = None


@dataclass(frozen=True, kw_only=True)
class CycleMeasures(RunContext):
    """Damage measures of one stabilised cycle, averaged over one volume.

    A closed loop flows forth and back: the *accumulated* equivalent inelastic strain of the cycle
    is twice the inelastic strain *range*. The accumulated one is stored, the range follows.

    Attributes:
        delta_w_mpa: Inelastic work of the cycle per volume, MPa (= mJ/mm3).
        inelastic_strain_accumulated: Equivalent inelastic strain accumulated in the cycle.
        creep_strain_parts: Accumulated creep strain of mechanism I and II of a double power law.
        shear_strain_range: Relative displacement of the pads over the cycle, over the stand-off.
        crack_length_mm: Length of the crack path: diameter of the contact, mm.
        mean_temperature_c: Mean temperature of the cycle in degrees Celsius.
        dwell_minutes: Dwell of half a cycle in minutes.

    Raises:
        InputError: A measure is negative or not finite.
    """

    delta_w_mpa: float | None = None
    inelastic_strain_accumulated: float | None = None
    creep_strain_parts: tuple[float, float] | None = None
    shear_strain_range: float | None = None
    crack_length_mm: float | None = None
    mean_temperature_c: float | None = None
    dwell_minutes: float | None = None

    def __post_init__(self) -> None:
        for name, unit in _POSITIVE_OR_ZERO.items():
            value = getattr(self, name)
            for part in value if isinstance(value, tuple) else (value,):
                if part is not None and not (math.isfinite(part) and part >= 0.0):
                    raise InputError(f"measures.{name}", part, "a finite number >= 0", unit)
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, float) and not math.isfinite(value):
                raise InputError(f"measures.{field.name}", value, "a finite number")

    @property
    def inelastic_strain_range(self) -> float | None:
        """Inelastic strain range of the closed loop: half the accumulated strain."""
        accumulated = self.inelastic_strain_accumulated
        return None if accumulated is None else accumulated / 2.0


_POSITIVE_OR_ZERO = {
    "delta_w_mpa": "MPa",
    "inelastic_strain_accumulated": "",
    "creep_strain_parts": "",
    "shear_strain_range": "",
    "crack_length_mm": "mm",
    "dwell_minutes": "min",
    "averaging_thickness_mm": "mm",
}
