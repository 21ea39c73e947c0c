"""A ball that was only partly melted: a spherical head on a thinner neck."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from bumpfem.design.quantities import Fraction, JointLength, Variation
from bumpfem.design.record import Record
from bumpfem.errors import InputError

#: Allowed difference of the part of a ball that melts from the one that its neck asks for.
MELTED_TOLERANCE = 0.05


class Neck(Record):
    """The curved neck between the head of a partly melted ball and its pad.

    Thickness and height of the neck are given (the alignment plate holds the ball where it is);
    the capillary surface between pad and head follows, and how much has to melt for it.

    Attributes:
        neck_diameter: Diameter at the thinnest place, mm.
        neck_height: Height of the neck between pad and head, mm.
        head_diameter: Diameter of the spherical head, mm; None: from the volume of the ball.
        melted_fraction: Part of the ball's volume that melted; the neck is drawn from it, and a
            fraction too small for the neck is refused.
        height_variation: Variation of the heights of an array (coplanarity) relative to their mean.
    """

    label: ClassVar[str] = "neck"

    neck_diameter: JointLength
    neck_height: JointLength
    head_diameter: JointLength | None = None
    melted_fraction: Fraction = 0.15
    height_variation: Variation = 0.05

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.head_diameter is not None and self.neck_diameter >= self.head_diameter:
            raise InputError(
                "neck_diameter", self.neck_diameter,
                f"less than head_diameter = {self.head_diameter} mm", "mm",
                "a neck is thinner than its head",
            )  # fmt: skip
        return self
