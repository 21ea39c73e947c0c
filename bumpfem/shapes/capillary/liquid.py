"""The liquid whose surface is wanted: surface tension and weight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, sqrt

from bumpfem.materials import load_material
from bumpfem.shapes.checks import check_kind, check_number

#: Standard acceleration of gravity (CGPM 1901, exact), mm/s2; masses in g, forces in N.
STANDARD_GRAVITY = 9806.65
#: One g mm/s2 in N.
GRAM_MM_PER_S2 = 1e-6


@dataclass(frozen=True)
class Liquid:
    """A liquid under gravity.

    Args:
        surface_tension: gamma, N/mm.
        specific_weight: Density difference to the surroundings times gravity, N/mm3. Positive where
            gravity points along -z; negative for a drop that hangs in a picture turned upside down.

    Raises:
        InputError: If the surface tension is not positive.
    """

    surface_tension: float
    specific_weight: float = 0.0

    def __post_init__(self) -> None:
        check_number("surface_tension", self.surface_tension, "N/mm", above=0.0)
        check_number("specific_weight", self.specific_weight, "N/mm3")

    @classmethod
    def of_density(cls, surface_tension: float, density: float) -> Liquid:
        """Liquid of a density in a gas whose own density is neglected.

        Args:
            surface_tension: N/mm.
            density: g/mm3.

        Raises:
            InputError: If the density is negative.
        """
        check_number("density", density, "g/mm3", least=0.0)
        return cls(surface_tension, density * STANDARD_GRAVITY * GRAM_MM_PER_S2)

    @classmethod
    def of(cls, material: str, temperature: float, *, extrapolate: bool = False) -> Liquid:
        """Melt of a library material.

        Args:
            material: Name in the library, e.g. ``sac305``.
            temperature: Degrees Celsius.
            extrapolate: Keep the values at the end of their range outside it.

        Raises:
            MaterialError: The material has no surface tension or density.
            PropertyRangeError: The temperature is outside their range.
        """
        check_kind("material", material, str)
        check_number("temperature", temperature, "degC")
        tension = load_material(material)["surface_tension"]
        return cls.of_density(
            tension(temperature, extrapolate=extrapolate),
            melt_density(material, temperature, extrapolate=extrapolate),
        )

    @property
    def density(self) -> float:
        """Density difference that gives the weight, g/mm3."""
        return abs(self.specific_weight) / (STANDARD_GRAVITY * GRAM_MM_PER_S2)

    @property
    def capillary_length(self) -> float:
        """``sqrt(gamma / |w|)``, mm; infinite without weight."""
        if self.specific_weight == 0.0:
            return inf
        return sqrt(self.surface_tension / abs(self.specific_weight))

    def inverted(self) -> Liquid:
        """The same liquid with gravity along +z."""
        return replace(self, specific_weight=-self.specific_weight)

    def weightless(self) -> Liquid:
        """The same liquid without weight."""
        return replace(self, specific_weight=0.0)


def melt_density(material: str, temperature: float, *, extrapolate: bool = False) -> float:
    """Density of a melt, g/mm3: that of the liquid where the library has it, else of the solid.

    Args:
        material: Name in the library.
        temperature: Degrees Celsius.
        extrapolate: Keep the value at the end of its range outside it.

    Raises:
        MaterialError: The material has no density.
        PropertyRangeError: The temperature is outside its range.
    """
    known = load_material(material)
    found = known["liquid_density" if "liquid_density" in known else "density"]
    return found(temperature, extrapolate=extrapolate)
