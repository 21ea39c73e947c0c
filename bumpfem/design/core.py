"""The high-melting core of a solder ball."""

from __future__ import annotations

from typing import ClassVar, Literal

from bumpfem.design.quantities import JointLength, LayerThickness, LibraryName, MaterialName
from bumpfem.design.record import Record


class Core(Record):
    """A ball that never melts inside the solder of a joint; it sets the stand-off.

    A ball of metal, plastic, plated plastic or ceramic, soldered by a shell or by paste, is
    described by its core too.

    Attributes:
        diameter: Diameter of the core, mm.
        material: Its material in the library.
        law: Parameter set of its constitutive law, or None for the material's default.
        pad_gap: Thickness of solder that stays between the core and each pad that it touches, mm.
        origin: ``placed`` with the ball, or a ``drop`` of high-melting solder that rounded and
            froze on the interposer pad in the opening of the resist before the rest was added:
            it has the volume of a ball of this diameter and touches the board's pad only.
    """

    label: ClassVar[str] = "core"

    diameter: JointLength
    material: MaterialName
    law: LibraryName | None = None
    pad_gap: LayerThickness = 0.015
    origin: Literal["placed", "drop"] = "placed"

    @property
    def standoff(self) -> float:
        """Least distance of the two pad planes that a placed core imposes, mm."""
        return self.diameter + 2.0 * self.pad_gap
