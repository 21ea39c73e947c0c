"""How a resin of the library cures: the parts of its ``[cure]`` table.

Every part carries its own provenance, since they rarely come from one document: the kinetics of a
data sheet may stand beside a gel point that is only typical of the class.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from bumpfem.materials.citations import cite
from bumpfem.materials.lawset import PrintedParameter
from bumpfem.materials.provenance import Provenance
from bumpfem.materials.quantities import close_names, conversion_error

CureLawKind = Literal[
    "kamal_sourour", "autocatalytic", "autocatalytic_diffusion", "nth_order", "lee_loos_springer"
]

#: Parameters of the laws of cure and their units. x is the degree of cure, T the absolute
#: temperature in K, every activation an energy over the gas constant:
#:
#: - ``kamal_sourour``: dx/dt = (k1 + k2 x^m)(1 - x)^n
#: - ``autocatalytic``: dx/dt = k x^m (1 - x)^n
#: - ``autocatalytic_diffusion``: the same over 1 + exp(C (x - xc0 - xcT T))
#: - ``nth_order``: dx/dt = k (1 - x)^n
#: - ``lee_loos_springer``: dx/dt = (k1 + k2 x)(1 - x)(B - x) below the switch, else k3 (1 - x)
CURE_LAW_PARAMETERS: dict[str, dict[str, str]] = {
    "kamal_sourour": {
        "catalysed_factor": "1/s",
        "catalysed_activation": "K",
        "autocatalysed_factor": "1/s",
        "autocatalysed_activation": "K",
        "autocatalysis_exponent": "1",
        "order": "1",
    },
    "autocatalytic": {
        "factor": "1/s",
        "activation": "K",
        "autocatalysis_exponent": "1",
        "order": "1",
    },
    "autocatalytic_diffusion": {
        "factor": "1/s",
        "activation": "K",
        "autocatalysis_exponent": "1",
        "order": "1",
        "steepness": "1",
        "critical_cure": "1",
        "critical_cure_slope": "1/K",
    },
    "nth_order": {"factor": "1/s", "activation": "K", "order": "1"},
    "lee_loos_springer": {
        "first_factor": "1/s",
        "first_activation": "K",
        "second_factor": "1/s",
        "second_activation": "K",
        "third_factor": "1/s",
        "third_activation": "K",
        "offset": "1",
        "switch": "1",
    },
}

#: Parameters of the other parts and their units.
CURE_PART_PARAMETERS: dict[str, dict[str, str]] = {
    "initial_cure": {"value": "1"},
    "gel_cure": {"value": "1"},
    "glass_transition": {"uncured": "C", "cured": "C", "shape": "1"},
    "viscosity": {"factor": "Pa s", "activation": "K", "exponent": "1", "exponent_slope": "1"},
    "reaction_heat": {"value": "mJ/g"},
    "highest_temperature": {"value": "C"},
}

#: Parts that a resin must have for its cure to be computed.
NEEDED_PARTS = (
    "kinetics", "initial_cure", "gel_cure", "glass_transition", "reaction_heat",
    "highest_temperature",
)  # fmt: skip

_SIGNED = ("uncured", "cured", "critical_cure", "second_factor", "exponent_slope")
_FRACTIONS = ("initial_cure", "gel_cure")


class CurePart(Provenance):
    """One part of how a resin cures, from one source.

    Attributes:
        name: ``kinetics`` or a key of :data:`CURE_PART_PARAMETERS`.
        law: For kinetics the kind of law, a key of :data:`CURE_LAW_PARAMETERS`; else None.
        parameters: Values by name; all names of the part, no others.
        printed: The author's own numbers where they were in other units.
    """

    law: CureLawKind | None = None
    parameters: Mapping[str, float] = Field(min_length=1)
    printed: Mapping[str, PrintedParameter] = {}

    @property
    def what(self) -> str:
        """What it is, among all data of its material."""
        return f"cure {self.name}"

    @property
    def units(self) -> dict[str, str]:
        """Unit of each parameter."""
        if self.law is not None:
            return dict(CURE_LAW_PARAMETERS[self.law])
        return dict(CURE_PART_PARAMETERS[self.name])

    @property
    def value(self) -> float:
        """The number of a part that holds only one.

        Raises:
            KeyError: The part holds several.
        """
        return self.parameters["value"]

    @model_validator(mode="after")
    def _parameters_fit_the_part(self) -> CurePart:
        parts = ["kinetics", *CURE_PART_PARAMETERS]
        if self.name not in parts:
            raise ValueError(f"unknown part of cure: {close_names(self.name, parts)}")
        if (self.name == "kinetics") != (self.law is not None):
            raise ValueError("law belongs to the kinetics, and to nothing else")
        expected = self.units
        missing = [name for name in expected if name not in self.parameters]
        unknown = [name for name in self.parameters if name not in expected]
        if missing or unknown:
            faults = [f"missing {', '.join(missing)}"] if missing else []
            faults += [f"unknown {n} ({close_names(n, list(expected))})" for n in unknown]
            raise ValueError(f"parameters of {self.law or self.name}: {'; '.join(faults)}")
        for name, value in self.parameters.items():
            self._check_value(name, value)
        for name, printed in self.printed.items():
            if name not in expected:
                raise ValueError(f"printed {name} is not a parameter of {self.law or self.name}")
            fault = conversion_error(
                (self.parameters[name],), expected[name], (printed.value,), printed.unit
            )
            if fault:
                raise ValueError(f"{name}: {fault}")
        return self

    def _check_value(self, name: str, value: float) -> None:
        if not math.isfinite(value):
            raise ValueError(f"{name} = {value} must be a number")
        may_vanish = name == "catalysed_factor" or self.name == "initial_cure"
        if name not in _SIGNED and (value < 0.0 or (value == 0.0 and not may_vanish)):
            raise ValueError(f"{name} = {value} must be positive")
        if self.name in _FRACTIONS and value >= 1.0:
            raise ValueError(f"{self.name} = {value} must be below 1")

    def used(self) -> CurePart:
        """The part itself, after recording its source with the open citation collectors."""
        cite(self.sources, self.status, self.label)
        return self
