"""How a resin of the library stiffens, shrinks and relaxes: parts of its ``[curing_mechanics]``.

The elastic properties of a material file are those of one state of the cured resin at 25 C: glassy
for most, rubbery for a silicone. The parts here add the other state and what joins both. Every
part carries its own provenance, since they rarely come from one document.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

from pydantic import Field, model_validator

from bumpfem.materials.citations import cite
from bumpfem.materials.lawset import PrintedParameter
from bumpfem.materials.provenance import Provenance
from bumpfem.materials.quantities import close_names, conversion_error

#: Parameters of the parts and their units:
#:
#: - ``glassy``, ``rubbery``: moduli of the cured resin far below and far above its glass transition
#: - ``transition``: over what temperatures the moduli go from one to the other
#: - ``expansion_glassy``, ``expansion_rubbery``: linear coefficient below and above it
#: - ``shrinkage``: volumetric shrinkage since cure 0 at degrees of cure from 0 to 1
#: - ``prony``: relaxation times and either weights or moduli of the terms; only ratios count
#: - ``shift``: Williams, Landel and Ferry's constants, Arrhenius' activation over the gas constant
#:   below the reference, and the reference of the cured resin where it is not its glass transition
PART_PARAMETERS: dict[str, dict[str, str]] = {
    "glassy": {"shear_modulus": "MPa", "bulk_modulus": "MPa"},
    "rubbery": {"shear_modulus": "MPa", "bulk_modulus": "MPa"},
    "transition": {"width": "K"},
    "expansion_glassy": {"coefficient": "1/K"},
    "expansion_rubbery": {"coefficient": "1/K"},
    "shrinkage": {"cure": "1", "volume": "1"},
    "prony": {
        "relaxation_time": "s",
        "shear_weight": "1",
        "bulk_weight": "1",
        "shear_modulus": "MPa",
        "bulk_modulus": "MPa",
    },
    "shift": {"c1": "1", "c2": "K", "activation": "K", "reference_temperature": "C"},
}
_LISTS = ("shrinkage", "prony")
_OPTIONAL = {
    "prony": ("shear_weight", "bulk_weight", "shear_modulus", "bulk_modulus"),
    "shift": ("activation", "reference_temperature"),
}
_SIGNED = ("coefficient", "c1", "c2", "reference_temperature")


class MechanicsPart(Provenance):
    """One part of a curing resin's mechanics, from one source.

    Attributes:
        name: A key of :data:`PART_PARAMETERS`.
        parameters: Values by name, numbers, or lists for ``shrinkage`` and ``prony``.
        printed: The author's own numbers where they were in other units.
    """

    parameters: Mapping[str, float | tuple[float, ...]] = Field(min_length=1)
    printed: Mapping[str, PrintedParameter] = {}

    @property
    def what(self) -> str:
        """What it is, among all data of its material."""
        return f"curing mechanics {self.name}"

    @property
    def units(self) -> dict[str, str]:
        """Unit of each parameter that is given."""
        return {name: PART_PARAMETERS[self.name][name] for name in self.parameters}

    @model_validator(mode="after")
    def _parameters_fit_the_part(self) -> MechanicsPart:
        if self.name not in PART_PARAMETERS:
            known = list(PART_PARAMETERS)
            raise ValueError(f"unknown part of curing mechanics: {close_names(self.name, known)}")
        expected = PART_PARAMETERS[self.name]
        needed = [name for name in expected if name not in _OPTIONAL.get(self.name, ())]
        missing = [name for name in needed if name not in self.parameters]
        unknown = [name for name in self.parameters if name not in expected]
        if missing or unknown:
            faults = [f"missing {', '.join(missing)}"] if missing else []
            faults += [f"unknown {n} ({close_names(n, list(expected))})" for n in unknown]
            raise ValueError(f"parameters of {self.name}: {'; '.join(faults)}")
        for name in self.parameters:
            self._check_values(name)
        if self.name == "shrinkage":
            self._check_shrinkage()
        if self.name == "prony":
            self._check_terms()
        self._check_printed()
        return self

    def _check_values(self, name: str) -> None:
        value = self.parameters[name]
        if (self.name in _LISTS) != isinstance(value, tuple):
            raise ValueError(f"{name} must be {'a list' if self.name in _LISTS else 'a number'}")
        values = value if isinstance(value, tuple) else (value,)
        if not all(math.isfinite(v) for v in values):
            raise ValueError(f"{name} must be finite")
        may_vanish = self.name in ("shrinkage", "rubbery")
        if name not in _SIGNED and any(v < 0.0 or (v == 0.0 and not may_vanish) for v in values):
            raise ValueError(f"{name} = {value} must be positive")

    def _check_shrinkage(self) -> None:
        cure, volume = self.curve("cure"), self.curve("volume")
        if len(cure) != len(volume) or len(cure) < 2 or (cure[0], cure[-1]) != (0.0, 1.0):
            raise ValueError("shrinkage needs two or more degrees of cure from 0 to 1, and volumes")
        if any(b <= a for a, b in pairwise(cure)) or any(b < a for a, b in pairwise(volume)):
            raise ValueError("cure must increase and volume must not fall")
        if volume[0] != 0.0 or volume[-1] >= 1.0:
            raise ValueError("volume starts at 0 and stays below 1")

    def _check_terms(self) -> None:
        weights = [name for name in self.parameters if name != "relaxation_time"]
        if weights not in (
            ["shear_weight"],
            ["shear_weight", "bulk_weight"],
            ["shear_modulus"],
            ["shear_modulus", "bulk_modulus"],
        ):
            raise ValueError("prony needs shear weights or shear moduli, then perhaps bulk ones")
        count = len(self.curve("relaxation_time"))
        if not count or any(len(self.curve(name)) != count for name in weights):
            raise ValueError("prony needs one weight or modulus per relaxation time")

    def _check_printed(self) -> None:
        for name, printed in self.printed.items():
            value = self.parameters.get(name)
            if not isinstance(value, float):
                raise ValueError(f"printed {name} is not a number among the parameters")
            unit = PART_PARAMETERS[self.name][name]
            fault = conversion_error((value,), unit, (printed.value,), printed.unit)
            if fault:
                raise ValueError(f"{name}: {fault}")

    def number(self, name: str) -> float:
        """A parameter that is one number.

        Raises:
            TypeError: The parameter is a list.
            KeyError: It is not given.
        """
        value = self.parameters[name]
        if isinstance(value, tuple):
            raise TypeError(f"{self.material} {self.name}: {name} is a list")
        return value

    def curve(self, name: str) -> tuple[float, ...]:
        """A parameter that is a list of numbers.

        Raises:
            TypeError: The parameter is one number.
            KeyError: It is not given.
        """
        value = self.parameters[name]
        if not isinstance(value, tuple):
            raise TypeError(f"{self.material} {self.name}: {name} is one number")
        return value

    def used(self) -> MechanicsPart:
        """The part itself, after recording its source with the open citation collectors."""
        cite(self.sources, self.status, self.label)
        return self
