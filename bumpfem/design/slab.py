"""Slabs, layers, pads, die and array: what a package is made of around its joints."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bumpfem.design.quantities import (
    BodyLength,
    JointLength,
    LayerThickness,
    MaterialName,
    SlabThickness,
)
from bumpfem.design.record import Record
from bumpfem.errors import InputError


class Slab(Record):
    """A plate of one material.

    Attributes:
        material: Material in the library.
        thickness: Thickness, mm.
    """

    label: ClassVar[str] = "slab"

    material: MaterialName
    thickness: SlabThickness


class Layer(Record):
    """A thin layer of a joint.

    Attributes:
        material: Material in the library.
        thickness: Thickness, mm.
    """

    label: ClassVar[str] = "layer"

    material: MaterialName
    thickness: LayerThickness


class Die(Record):
    """The chip, centred on the package, and what attaches it to the interposer.

    Attributes:
        material: Material in the library.
        width: Size along the columns' direction x, mm.
        length: Size along y, mm.
        thickness: Thickness, mm.
        attach_material: Material of the attach.
        attach_thickness: Thickness of the attach, mm.
    """

    label: ClassVar[str] = "die"

    material: MaterialName = "silicon"
    width: BodyLength
    length: BodyLength
    thickness: SlabThickness
    attach_material: MaterialName = "die_attach"
    attach_thickness: LayerThickness

    @property
    def height(self) -> float:
        """Thickness of die and attach together, mm."""
        return self.thickness + self.attach_thickness


class Pad(Record):
    """A round terminal and the opening of the resist around or over it.

    Attributes:
        material: Metal in the library.
        diameter: Diameter of the metal, mm.
        thickness: Thickness of the metal, mm.
        definition: ``NSMD`` (the metal defines where solder wets) or ``SMD`` (the resist does).
        resist_opening: Diameter of the opening in the resist, mm.
    """

    label: ClassVar[str] = "pad"

    material: MaterialName = "copper"
    diameter: JointLength
    thickness: LayerThickness
    definition: Literal["NSMD", "SMD"] = "NSMD"
    resist_opening: JointLength | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        opening = self.resist_opening
        if self.definition == "SMD":
            if opening is None:
                raise InputError(
                    "resist_opening", "nothing", "a value", reason="the resist defines an SMD pad"
                )
            if opening >= self.diameter:
                raise InputError(
                    "resist_opening", opening, f"less than diameter = {self.diameter} mm", "mm",
                    "the resist of an SMD pad covers the edge of the metal",
                )  # fmt: skip
        elif opening is not None and opening <= self.diameter:
            raise InputError(
                "resist_opening", opening, f"more than diameter = {self.diameter} mm", "mm",
                "the resist of an NSMD pad leaves the edge of the metal free",
            )  # fmt: skip
        return self

    @property
    def wetted_diameter(self) -> float:
        """Diameter of the circle that solder wets, mm."""
        if self.definition == "SMD" and self.resist_opening is not None:
            return self.resist_opening
        return self.diameter


class Array(Record):
    """A rectangular array of joints.

    Attributes:
        columns: Number of columns (along x).
        rows: Number of rows (along y).
        perimeter_rings: Only this many outer rings are populated; None for a full array.
    """

    label: ClassVar[str] = "array"

    columns: Annotated[int, Field(ge=1, le=200, strict=True, description="1 to 200 columns")]
    rows: Annotated[int, Field(ge=1, le=200, strict=True, description="1 to 200 rows")]
    perimeter_rings: (
        Annotated[int, Field(ge=1, le=100, strict=True, description="1 to 100 rings")] | None
    ) = None

    @property
    def sites(self) -> tuple[tuple[int, int], ...]:
        """The populated sites (column, row), counted from 0, row by row."""
        return tuple(
            (column, row)
            for row in range(self.rows)
            for column in range(self.columns)
            if self._populated(column, row)
        )

    def _populated(self, column: int, row: int) -> bool:
        ring = min(column, row, self.columns - 1 - column, self.rows - 1 - row)
        return self.perimeter_rings is None or ring < self.perimeter_rings
