"""A bump of metal powder, melted and drawn back to its pad by wetting."""

from __future__ import annotations

from math import pi, sqrt
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from bumpfem.design.quantities import (
    Fraction,
    FurnaceTemperature,
    JointLength,
    LayerThickness,
    MaterialName,
)
from bumpfem.design.record import Record
from bumpfem.design.slab import Layer
from bumpfem.errors import InputError

PadMetal = Literal[
    "chromium", "molybdenum", "nickel", "tungsten", "molybdenum_manganese", "titanium_tungsten"
]

#: Pad metals that are not in the library themselves, and the metal that stands for them.
_STAND_INS = {"molybdenum_manganese": "molybdenum", "titanium_tungsten": "tungsten"}


class MetalBump(Record):
    """A solid bump on the interposer pad, a spherical cap, bonded to the board pad.

    The bump of height h on a footprint of radius a is a spherical cap of volume
    pi h (3 a^2 + h^2) / 6; the powder printed for it has the same volume of metal.

    Attributes:
        metal: Metal of the bump.
        pad_metal: Refractory or group 8 / 1b metal of its pad.
        height: Height above the pad, mm.
        footprint_diameter: Diameter on the pad, mm.
        powder_thickness: Thickness of the printed powder, mm.
        packing: Part of the powder's volume that is metal.
        firing_temperature: Temperature of firing, degrees C, above 350.
        barrier: Barrier metal over the bump, e.g. nickel.
        solder_aid: Thin metal on the barrier that helps solder to wet; it dissolves in the bond.
        bond: How the bump is joined to the board pad.
        bond_material: Solder or adhesive of the bond; None for a weld, and for a bond of the
            joint's own solder.
        bond_thickness: Thickness of the bond between the top of the bump and the board pad, mm;
            None for a weld.
    """

    label: ClassVar[str] = "bump"

    metal: Literal["aluminium", "copper", "nickel", "silver", "gold"]
    pad_metal: PadMetal
    height: JointLength
    footprint_diameter: JointLength
    powder_thickness: JointLength
    packing: Fraction = 0.6
    firing_temperature: FurnaceTemperature
    barrier: Layer | None = None
    solder_aid: Literal["gold", "silver", "tin", "palladium"] | None = None
    bond: Literal["solder", "weld", "conductive_adhesive"] = "solder"
    bond_material: MaterialName | None = None
    bond_thickness: LayerThickness | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.firing_temperature <= 350.0:
            raise InputError(
                "firing_temperature", self.firing_temperature, "more than 350 degC", "degC",
                "the powder must melt; a bump that melts lower is a solder ball",
            )  # fmt: skip
        for field in ("bond_material", "bond_thickness"):
            if self.bond == "weld" and getattr(self, field) is not None:
                raise InputError(
                    field, getattr(self, field), "no value, or another bond",
                    reason="a weld joins the metals without a layer between",
                )  # fmt: skip
        if self.bond != "weld" and self.bond_thickness is None:
            raise InputError("bond_thickness", "nothing", "a value", reason=f"bond is {self.bond}")
        if self.bond == "conductive_adhesive" and self.bond_material is None:
            raise InputError("bond_material", "nothing", "a value", reason=f"bond is {self.bond}")
        if self.solder_aid is not None and self.bond != "solder":
            raise InputError(
                "solder_aid", self.solder_aid, 'no value, or bond = "solder"',
                reason="only solder needs help to wet the bump",
            )  # fmt: skip
        if self.powder_diameter < self.footprint_diameter:
            raise InputError(
                "powder_thickness", self.powder_thickness,
                f"less than {self._thickest_powder:.4g} mm", "mm",
                "the metal is drawn back to its pad, so the powder covers more than the footprint",
            )  # fmt: skip
        return self

    @property
    def volume(self) -> float:
        """Volume of the bump's metal, mm3."""
        return pi * self.height * (0.75 * self.footprint_diameter**2 + self.height**2) / 6.0

    @property
    def sphere_radius(self) -> float:
        """Radius of the sphere of which the bump is a cap, mm."""
        return (0.25 * self.footprint_diameter**2 + self.height**2) / (2.0 * self.height)

    @property
    def maximum_diameter(self) -> float:
        """Largest diameter of the bump, mm."""
        overhangs = self.height > 0.5 * self.footprint_diameter
        return 2.0 * self.sphere_radius if overhangs else self.footprint_diameter

    @property
    def powder_diameter(self) -> float:
        """Diameter of the round patch of powder that holds the bump's volume, mm."""
        return sqrt(4.0 * self.volume / (pi * self.packing * self.powder_thickness))

    @property
    def _thickest_powder(self) -> float:
        return 4.0 * self.volume / (pi * self.packing * self.footprint_diameter**2)

    @property
    def pad_material(self) -> str:
        """Material of the library that stands for the pad's metal.

        Molybdenum-manganese counts as molybdenum and titanium-tungsten as tungsten, their main
        constituents.
        """
        return _STAND_INS.get(self.pad_metal, self.pad_metal)

    @property
    def standoff(self) -> float:
        """Distance of the two pad planes: bump, barrier and bond, mm."""
        barrier = 0.0 if self.barrier is None else self.barrier.thickness
        return self.height + barrier + (self.bond_thickness or 0.0)
