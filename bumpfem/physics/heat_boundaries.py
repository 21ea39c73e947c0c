r"""What exchanges heat with a body: gas, hot walls, a given flux or temperature, and contacts.

Heat into the body per area, mW/mm2, with the surface temperature :math:`T`:

* convection :math:`h(t)\,(T_{gas}(t) - T)`,
* radiation :math:`\epsilon \sigma (T_{wall}^4 - T^4)`, absolute temperatures,
* a given flux :math:`q(t)`.

Across a contact of resistance :math:`R` the heat :math:`(T_1 - T_2) / R` per area passes from the
first to the second side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bumpfem.errors import InputError
from bumpfem.units import FloatArray, kelvin

#: Stefan-Boltzmann constant, mW/(mm2 K4) (CODATA 2018: 5.670374419e-8 W/(m2 K4)).
STEFAN_BOLTZMANN = 5.670374419e-11
#: Factor from W/(m2 K), as coefficients of heat transfer are printed, to mW/(mm2 K).
W_PER_M2_K = 1e-3
#: Resistance of a contact once it is wetted, mm2 K/mW: that of 0.6 um of solder.
WETTED_RESISTANCE = 1e-5

#: A number, or a function of the time in s.
History = float | Callable[[float], float]


def value_at(history: History, time: float) -> float:
    """A history's value at a time in s."""
    return float(history(time)) if callable(history) else float(history)


@dataclass(frozen=True)
class Convection:
    """Gas that flows along some outer faces.

    Attributes:
        surfaces: Names of the faces; ``"free"`` stands for those without a name.
        coefficient: Coefficient of heat transfer, mW/(mm2 K): 1e-3 times that in W/(m2 K).
        gas_temperature: Degrees C.
        label: Name in reports of heat.
    """

    surfaces: tuple[str, ...]
    coefficient: History
    gas_temperature: History
    label: str = "convection"

    def __post_init__(self) -> None:
        _check_positive(f"{self.label}.coefficient", self.coefficient, "mW/(mm2 K)")

    def flux(self, temperature: FloatArray, time: float) -> tuple[FloatArray, FloatArray]:
        """Heat into the body, mW/mm2, and minus its slope, mW/(mm2 K), at surface temperatures.

        Raises:
            InputError: if the coefficient of heat transfer is negative or not a number.
        """
        coefficient = value_at(self.coefficient, time)
        if not coefficient >= 0.0:
            raise InputError(
                f"{self.label}.coefficient at {time:g} s", coefficient, "zero or more", "mW/(mm2 K)"
            )
        gas = value_at(self.gas_temperature, time)
        return coefficient * (gas - temperature), np.full(len(temperature), coefficient)


@dataclass(frozen=True)
class Radiation:
    """Walls that see some outer faces fully; both are grey.

    Attributes:
        surfaces: Names of the faces.
        emissivity: Effective emissivity of face and walls, above 0 to 1.
        wall_temperature: Degrees C.
        label: Name in reports of heat.
    """

    surfaces: tuple[str, ...]
    emissivity: float
    wall_temperature: History
    label: str = "radiation"

    def __post_init__(self) -> None:
        if not 0.0 < self.emissivity <= 1.0:
            raise InputError(f"{self.label}.emissivity", self.emissivity, "above 0, at most 1")

    def flux(self, temperature: FloatArray, time: float) -> tuple[FloatArray, FloatArray]:
        """Heat into the body, mW/mm2, and minus its slope, mW/(mm2 K), at surface temperatures."""
        factor = self.emissivity * STEFAN_BOLTZMANN
        wall, surface = kelvin(value_at(self.wall_temperature, time)), kelvin(temperature)
        return factor * (wall**4 - surface**4), 4.0 * factor * surface**3


@dataclass(frozen=True)
class HeatFlux:
    """A given heat flux through some outer faces.

    Attributes:
        surfaces: Names of the faces.
        value: Heat into the body, mW/mm2.
        label: Name in reports of heat.
    """

    surfaces: tuple[str, ...]
    value: History
    label: str = "flux"

    def flux(self, temperature: FloatArray, time: float) -> tuple[FloatArray, FloatArray]:
        """Heat into the body, mW/mm2, and minus its slope, mW/(mm2 K), at surface temperatures."""
        return np.full(len(temperature), value_at(self.value, time)), np.zeros(len(temperature))


@dataclass(frozen=True)
class PrescribedTemperature:
    """Outer faces held at a temperature.

    Attributes:
        surfaces: Names of the faces.
        temperature: Degrees C.
        label: Name in reports of heat.
    """

    surfaces: tuple[str, ...]
    temperature: History
    label: str = "prescribed"


#: What exchanges heat through faces.
Exchange = Convection | Radiation | HeatFlux
Boundary = Exchange | PrescribedTemperature


@dataclass(frozen=True)
class Contact:
    """Two regions that touch with a resistance until they are wetted.

    A point of the interface is wetted for good at the first converged step that ends at or after
    ``until`` or with the hotter side at ``wets_at`` or above.

    Attributes:
        first: Regions of one side.
        second: Regions of the other, whose temperature may differ at the interface.
        resistance: Before wetting, mm2 K/mW (1 mm2 K/mW is 1e-3 m2 K/W).
        wets_at: Temperature of wetting, degrees C; None if temperature does not wet it.
        until: Time of wetting, s; None if time does not wet it.
        wetted: Resistance after wetting, mm2 K/mW.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    resistance: float
    wets_at: float | None = None
    until: float | None = None
    wetted: float = WETTED_RESISTANCE

    def __post_init__(self) -> None:
        for name in ("resistance", "wetted"):
            _check_positive(f"contact.{name}", getattr(self, name), "mm2 K/mW")
        if not (self.first and self.second):
            raise InputError("contact", f"{self.first} and {self.second}", "regions on both sides")


def _check_positive(field: str, value: History, unit: str) -> None:
    if not callable(value) and not value > 0.0:
        raise InputError(field, value, "a positive number", unit)
