"""The constants of one constitutive law as one publication gives them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bumpfem.errors import PropertyRangeError
from bumpfem.materials.citations import cite
from bumpfem.materials.provenance import Provenance
from bumpfem.materials.quantities import close_names, conversion_error
from bumpfem.units import kelvin

LawKind = Literal["anand", "garofalo", "darveaux_lau", "double_power", "norton", "plasticity"]

#: Parameters of each law and their units. T is the absolute temperature in K, sigma the
#: equivalent stress, de/dt the equivalent inelastic strain rate:
#:
#: - ``anand``: de/dt = A exp(-Q_over_R/T) sinh(xi sigma/s)^(1/m),
#:   ds/de = h0 |1 - s/s*|^a sign(1 - s/s*), s* = s_hat (de/dt / A exp(Q_over_R/T))^n,
#:   s = s0 at the start (Brown, Kim and Anand 1989)
#: - ``garofalo``: de/dt = A sinh(alpha sigma)^n exp(-Q_over_R/T)
#: - ``darveaux_lau``: de/dt = A (T0 - T)/T sinh(sigma/(g0 - g1 T))^n exp(-Q_over_R/T)
#: - ``double_power``: de/dt = A1 (sigma/1 MPa)^n1 exp(-Q1_over_R/T)
#:   + A2 (sigma/1 MPa)^n2 exp(-Q2_over_R/T)
#: - ``norton``: de/dt = A (sigma/1 MPa)^n exp(-Q_over_R/T)
#: - ``plasticity``: rate-independent, isotropic; yield stress over accumulated plastic strain,
#:   linear between the points, constant after the last
LAW_PARAMETERS: dict[str, dict[str, str]] = {
    "anand": {
        "A": "1/s",
        "Q_over_R": "K",
        "xi": "1",
        "m": "1",
        "h0": "MPa",
        "s_hat": "MPa",
        "n": "1",
        "a": "1",
        "s0": "MPa",
    },
    "garofalo": {"A": "1/s", "alpha": "1/MPa", "n": "1", "Q_over_R": "K"},
    "darveaux_lau": {
        "A": "1/s",
        "T0": "K",
        "g0": "MPa",
        "g1": "MPa/K",
        "n": "1",
        "Q_over_R": "K",
    },
    "double_power": {
        "A1": "1/s",
        "n1": "1",
        "Q1_over_R": "K",
        "A2": "1/s",
        "n2": "1",
        "Q2_over_R": "K",
    },
    "norton": {"A": "1/s", "n": "1", "Q_over_R": "K"},
    "plasticity": {"plastic_strain": "1", "yield_stress": "MPa"},
}


class PrintedParameter(BaseModel):
    """A parameter as its author printed it, beside the converted one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    unit: str


class LawSet(Provenance):
    """Constants of one law for one alloy from one source.

    Attributes:
        name: Unique name in the library, e.g. ``anand_sac305_motalab_2012``.
        law: Kind of law, a key of :data:`LAW_PARAMETERS`.
        alloy: Alloy that was tested.
        parameters: Values by name; all names of the law, no others.
        printed: The author's own numbers where they were in other units.
        calibration_range: Temperatures of the underlying tests in degrees Celsius where known;
            ``range`` is where the set is customarily used.
        proxy_for: Alloy that the set stands in for, empty if it is the alloy's own.
    """

    law: LawKind
    alloy: str = Field(min_length=1)
    parameters: Mapping[str, float | tuple[float, ...]]
    printed: Mapping[str, PrintedParameter] = {}
    calibration_range: tuple[float, float] | None = None
    proxy_for: str = ""

    @property
    def units(self) -> dict[str, str]:
        """Unit of each parameter."""
        return dict(LAW_PARAMETERS[self.law])

    @model_validator(mode="after")
    def _parameters_fit_the_law(self) -> LawSet:
        expected = LAW_PARAMETERS[self.law]
        missing = [name for name in expected if name not in self.parameters]
        unknown = [name for name in self.parameters if name not in expected]
        if missing or unknown:
            faults = [f"missing {', '.join(missing)}"] if missing else []
            faults += [f"unknown {n} ({close_names(n, list(expected))})" for n in unknown]
            raise ValueError(f"parameters of a {self.law} law: {'; '.join(faults)}")
        for name, value in self.parameters.items():
            self._check_value(name, value)
        if self.law == "plasticity":
            self._check_hardening()
        for name, printed in self.printed.items():
            if name not in expected:
                raise ValueError(f"printed {name} is not a parameter of a {self.law} law")
            value = self.parameters[name]
            if isinstance(value, tuple):
                raise ValueError(f"printed {name}: a list stands as it was printed in the note")
            fault = conversion_error((value,), expected[name], (printed.value,), printed.unit)
            if fault:
                raise ValueError(f"{name}: {fault}")
        return self

    def _check_value(self, name: str, value: float | tuple[float, ...]) -> None:
        if (self.law == "plasticity") != isinstance(value, tuple):
            kind = "a list" if self.law == "plasticity" else "a number"
            raise ValueError(f"{name} must be {kind}")
        if isinstance(value, tuple):
            return
        if not math.isfinite(value) or value <= 0.0:
            raise ValueError(f"{name} = {value} must be a positive number")

    def _check_hardening(self) -> None:
        strain, stress = self.curve("plastic_strain"), self.curve("yield_stress")
        if len(strain) != len(stress) or len(strain) < 2 or strain[0] != 0.0:
            raise ValueError("the hardening curve needs two or more points, the first at strain 0")
        if any(b <= a for a, b in pairwise(strain)):
            raise ValueError("plastic_strain must increase")
        if stress[0] <= 0.0 or any(b < a for a, b in pairwise(stress)):
            raise ValueError("yield_stress must be positive and must not fall")

    def number(self, name: str) -> float:
        """A parameter that is one number.

        Raises:
            TypeError: The parameter is a list.
            KeyError: The law has no such parameter.
        """
        value = self.parameters[name]
        if isinstance(value, tuple):
            raise TypeError(f"{self.name}: {name} is a list")
        return value

    def curve(self, name: str) -> tuple[float, ...]:
        """A parameter that is a list of numbers.

        Raises:
            TypeError: The parameter is one number.
            KeyError: The law has no such parameter.
        """
        value = self.parameters[name]
        if not isinstance(value, tuple):
            raise TypeError(f"{self.name}: {name} is one number")
        return value

    def used(self) -> LawSet:
        """The set itself, after recording its source with the open citation collectors."""
        cite(self.sources, self.status, self.name)
        return self

    def check_range(self, lowest: float, highest: float, *, extrapolate: bool = False) -> None:
        """Check a window of temperatures (degrees Celsius) against the range of the set.

        Raises:
            PropertyRangeError: The window is not inside the range and ``extrapolate`` is false.
        """
        fault = None if extrapolate else self.outside(lowest, highest)
        if fault is not None:
            raise PropertyRangeError(f"{fault}; extrapolate=True uses it all the same")

    @property
    def label(self) -> str:
        """Its name, which is unique in the library."""
        return self.name

    def _check_reached(self, reached: float) -> None:
        absolute = kelvin(reached)
        if self.law == "darveaux_lau" and (
            absolute >= self.number("T0") or self.number("g0") <= self.number("g1") * absolute
        ):
            raise PropertyRangeError(
                f"{self.name} cannot be continued from its range of {self.range[0]:g} to "
                f"{self.range[1]:g} C to {reached:g} C: T0 - T and g0 - g1 T must be positive"
            )
