"""Numbers with a unit and a range: the metadata that every numeric field of the design carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True)
class Quantity:
    """Unit and allowed range of a field, both for its validation and for its error message.

    A number must be given as a number: ``"0.8 in"`` is refused, because the unit of a field is
    fixed. The range is what makes sense for the part, so that a length in micrometres or metres
    is noticed.

    Args:
        unit: Unit of the field, empty for a pure number.
        minimum: Smallest allowed value.
        maximum: Largest allowed value.
        above: True if the minimum itself is excluded.
        below: True if the maximum itself is excluded.
    """

    unit: str
    minimum: float
    maximum: float
    above: bool = False
    below: bool = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Schema of a finite float in the range; strings and booleans are no numbers."""
        return core_schema.float_schema(
            strict=True,
            allow_inf_nan=False,
            gt=self.minimum if self.above else None,
            ge=None if self.above else self.minimum,
            lt=self.maximum if self.below else None,
            le=None if self.below else self.maximum,
        )

    def __str__(self) -> str:
        """The range in words, with its unit."""
        low = f"above {self.minimum:g}" if self.above else f"at least {self.minimum:g}"
        high = f"below {self.maximum:g}" if self.below else f"at most {self.maximum:g}"
        return f"a number {low} and {high} {self.unit}".rstrip()


#: Range of a pitch.
PITCH_RANGE = Quantity("mm", 0.05, 5.0)
#: Pitch of an array.
Pitch = Annotated[float, PITCH_RANGE]
#: A length on the scale of one joint: ball, pad, core, hole, neck.
JointLength = Annotated[float, Quantity("mm", 0.005, 3.0)]
#: A thin layer of a joint: gap, barrier, paste, bond.
LayerThickness = Annotated[float, Quantity("mm", 0.0005, 0.5)]
#: Thickness of a slab: interposer, board, die, mould, resist.
SlabThickness = Annotated[float, Quantity("mm", 0.002, 10.0)]
#: Length or width of a body or die.
BodyLength = Annotated[float, Quantity("mm", 0.1, 150.0)]
#: Volume of solder of one joint.
JointVolume = Annotated[float, Quantity("mm3", 0.0, 10.0)]
#: Temperature in service or in mounting.
Temperature = Annotated[float, Quantity("degC", -200.0, 400.0)]
#: Temperature in a furnace.
FurnaceTemperature = Annotated[float, Quantity("degC", -200.0, 3000.0)]
#: Rate of a temperature ramp, without sign.
RampRate = Annotated[float, Quantity("degC/min", 0.0, 6000.0, above=True)]
#: Duration.
Duration = Annotated[float, Quantity("s", 0.0, 1e8)]
#: Part of a whole, without its ends.
Fraction = Annotated[float, Quantity("", 0.0, 1.0, above=True, below=True)]
#: Relative variation.
Variation = Annotated[float, Quantity("", 0.0, 1.0)]
#: Yes or no; words and numbers are neither.
Flag = Annotated[bool, Field(strict=True)]

_LIBRARY_PATTERN = r"^[a-z][a-z0-9_]*$"
_MATERIAL_PATTERN = r"^([a-z][a-z0-9_]*|.+\.toml)$"
_PLAIN_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$"
#: Name of a parameter set or a law in the materials library.
LibraryName = Annotated[str, StringConstraints(pattern=_LIBRARY_PATTERN)]
#: A material: its name in the library, or a file of the user's own, in a file relative to it.
MaterialName = Annotated[str, StringConstraints(pattern=_MATERIAL_PATTERN)]
#: Name of a joint, a study or a cycle; it becomes the name of a folder.
PlainName = Annotated[str, StringConstraints(pattern=_PLAIN_PATTERN)]
#: What the patterns of names mean, for error messages.
PATTERNS = {
    _LIBRARY_PATTERN: "a name of lower-case letters, digits and _",
    _MATERIAL_PATTERN: "a name of lower-case letters, digits and _, or a file that ends in .toml",
    _PLAIN_PATTERN: "a name of letters, digits and _ . + - without spaces",
}
