"""A resin that cures: everything of it but its mechanics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from bumpfem.constitutive.autocatalytic import Autocatalytic, Diffusion
from bumpfem.constitutive.cure_kinetics import CureKinetics, advance_cure
from bumpfem.constitutive.glass_transition import DiBenedetto
from bumpfem.constitutive.kamal_sourour import KamalSourour
from bumpfem.constitutive.lee_loos_springer import LeeLoosSpringer
from bumpfem.constitutive.nth_order import NthOrder
from bumpfem.constitutive.viscosity import CastroMacosko
from bumpfem.errors import InputError, MaterialError, PropertyRangeError
from bumpfem.materials import Material, Span, load_material
from bumpfem.materials.cure_set import NEEDED_PARTS, CurePart
from bumpfem.units import FloatArray

#: Temperature at which the density is taken, degrees C: the mesh keeps its mass.
_REFERENCE_C = 25.0
#: Cure per hour, at its fastest, below which a resin stands still.
STILL_PER_HOUR = 0.02
#: Degrees of cure among which the fastest is sought.
_CURES = np.linspace(0.0, 1.0, 201)


@dataclass(frozen=True)
class CuringResin:
    """How a resin cures.

    Attributes:
        name: Material.
        kinetics: Law of cure.
        initial_cure: Degree of cure as delivered, at least 0 and below 1.
        gel_cure: Degree of cure at which it gels.
        glass_transition: Its glass transition over cure.
        viscosity: Its viscosity; None where it is not known.
        reaction_heat: Heat of the whole reaction, mJ/g.
        highest_temperature: What it stands without decomposing, degrees C.
        density: At 25 C, g/mm3.
        data: Entries of the library that it was made from, which say at what temperatures they
            hold; empty: they hold at all.

    Raises:
        InputError: A value is out of its limits; among them an initial cure of 0 with a law that
            is purely autocatalytic, which would never start.
    """

    name: str
    kinetics: CureKinetics
    initial_cure: float
    gel_cure: float
    glass_transition: DiBenedetto
    viscosity: CastroMacosko | None
    reaction_heat: float
    highest_temperature: float
    density: float
    data: Mapping[str, CurePart] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0.0 <= self.initial_cure < 1.0:
            raise InputError(f"{self.name}.initial_cure", self.initial_cure, "from 0 to below 1")
        if self.initial_cure == 0.0 and not self.kinetics.starts_by_itself:
            raise InputError(
                f"{self.name}.initial_cure",
                self.initial_cure,
                "above 0",
                reason=f"a purely autocatalytic law ({self.kinetics.name}) never starts from 0",
            )
        if not self.initial_cure < self.gel_cure < 1.0:
            raise InputError(
                f"{self.name}.gel_cure", self.gel_cure,
                f"above the initial cure {self.initial_cure:g} and below 1",
            )  # fmt: skip
        for name in ("reaction_heat", "density"):
            if not getattr(self, name) > 0.0:
                raise InputError(f"{self.name}.{name}", getattr(self, name), "positive")

    @classmethod
    def of(cls, material: str | Material) -> Self:
        """From the library, or from a user's own material.

        Args:
            material: Name, path of a file, or the material itself.

        Raises:
            MaterialError: It does not cure, or parts are missing, which are named.
        """
        known = material if isinstance(material, Material) else load_material(material)
        if not known.cure:
            raise MaterialError(f"material {known.name} does not cure: it has no cure table")
        missing = [part for part in NEEDED_PARTS if part not in known.cure]
        if "density" not in known:
            missing.append("density")
        if missing:
            raise MaterialError(
                f"cure of {known.name} needs its {', '.join(missing)}: add them to its file with "
                f"their source"
            )
        gel = known.cure_part("gel_cure").value
        flow = known.cure_part("viscosity").parameters if "viscosity" in known.cure else None
        return cls(
            name=known.name,
            kinetics=kinetics_of(known.cure_part("kinetics")),
            initial_cure=known.cure_part("initial_cure").value,
            gel_cure=gel,
            glass_transition=DiBenedetto(**known.cure_part("glass_transition").parameters),
            viscosity=None if flow is None else CastroMacosko(gel_cure=gel, **flow),
            reaction_heat=known.cure_part("reaction_heat").value,
            highest_temperature=known.cure_part("highest_temperature").value,
            density=known["density"](_REFERENCE_C, extrapolate=True),
            data=dict(known.cure),
        )

    def along(
        self,
        times: FloatArray,
        temperatures: FloatArray,
        cure: float | None = None,
        *,
        extrapolate: bool = False,
    ) -> FloatArray:
        """Degree of cure at the corners of a piecewise straight history of temperature.

        Args:
            times: ``(n,)`` s, not falling.
            temperatures: ``(n,)`` degrees C.
            cure: At the start; as delivered if None.
            extrapolate: Whether the law of cure is continued beyond its range, and recorded.

        Returns:
            ``(n,)`` degrees of cure.

        Raises:
            InputError: Fewer than one time, or times that fall.
            PropertyRangeError: The history is hotter than the resin stands, or leaves the range of
                its law of cure and ``extrapolate`` is false.
        """
        if len(times) < 1 or len(times) != len(temperatures):
            raise InputError("times", len(times), f"as many as temperatures, {len(temperatures)}")
        if np.any(np.diff(times) < 0.0):
            raise InputError("times", times, "not falling", "s")
        self.check_temperature(float(np.max(temperatures)), f"on a history of {self.name}")
        self.check_cure(Span.of(temperatures, extrapolate=extrapolate))
        found = np.empty(len(times))
        found[0] = self.initial_cure if cure is None else cure
        for k, length in enumerate(np.diff(times)):
            found[k + 1] = advance_cure(
                self.kinetics,
                found[k : k + 1],
                temperatures[k : k + 1],
                temperatures[k + 1 : k + 2],
                float(length),
            )[0]
        return found

    def check_cure(self, span: Span) -> None:
        """Hold the temperatures of a history against the ranges of all data but the viscosity.

        What is colder than the range of the law of cure does not matter where the resin already
        stands still at its cold end: there it cures by less than :data:`STILL_PER_HOUR`.

        Args:
            span: Temperatures that the resin sees.

        Raises:
            PropertyRangeError: They leave a range and may not; names material, part and range.
        """
        reacting: Span | None = span
        law = self.data.get("kinetics")
        if law is not None and self._fastest(law.range[0]) < STILL_PER_HOUR / 3600.0:
            reacting = span.above(law.range[0])
        if reacting is None:
            return
        for name, part in self.data.items():
            if name not in ("viscosity", "highest_temperature"):
                reacting.admit(part)

    def check_viscosity(self, span: Span) -> None:
        """The same of the viscosity, for the temperatures at which the resin is liquid.

        Raises:
            PropertyRangeError: As :meth:`check_cure`.
        """
        if self.viscosity is not None and "viscosity" in self.data:
            span.admit(self.data["viscosity"])

    def _fastest(self, temperature: float) -> float:
        """Largest rate of cure at a temperature, whatever the cure, 1/s."""
        rates = self.kinetics.rate(_CURES, np.full(len(_CURES), temperature))
        return float(np.max(rates))

    def check_temperature(self, highest: float, where: str) -> None:
        """Refuse temperatures at which the resin decomposes.

        Args:
            highest: Highest temperature that it sees, degrees C.
            where: Words that say where and when, for the message.

        Raises:
            PropertyRangeError: naming material, temperature and limit.
        """
        if highest > self.highest_temperature + 1e-6:
            raise PropertyRangeError(
                f"cure above the material's limit: {where} {self.name} reaches {highest:.1f} C and "
                f"stands at most {self.highest_temperature:g} C"
            )


def kinetics_of(part: CurePart) -> CureKinetics:
    """The law of cure that a part of the library describes.

    Raises:
        MaterialError: The part holds no kinetics.
        InputError: Its constants are out of their limits.
    """
    constants = dict(part.parameters)
    match part.law:
        case "kamal_sourour":
            return KamalSourour(**constants)
        case "autocatalytic" | "autocatalytic_diffusion":
            names = ("steepness", "critical_cure", "critical_cure_slope")
            stop = [constants.pop(name) for name in names if name in constants]
            return Autocatalytic(diffusion=Diffusion(*stop) if stop else None, **constants)
        case "nth_order":
            return NthOrder(**constants)
        case "lee_loos_springer":
            return LeeLoosSpringer(**constants)
    raise MaterialError(f"{part.material} {part.name} holds no kinetics")
