"""The mask that holds balls while they are placed, and may stay as a collar."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from bumpfem.design.quantities import Flag, JointLength, LayerThickness, MaterialName, Temperature
from bumpfem.design.record import Record
from bumpfem.errors import InputError

FixingAgent = Literal[
    "rosin", "polyethylene_glycol", "acrylic", "rubber", "polyester", "polyvinyl_acetate",
    "urethane",
]  # fmt: skip


class Mask(Record):
    """A sheet with one hole for each ball, laid on the interposer with its mouth side.

    Attributes:
        material: Material in the library.
        kind: Kind of sheet.
        depth: Depth of the hole, mm; the thickness of the sheet where the hole goes through.
        hole: ``cylindrical`` or ``tapered``.
        mouth_diameter: Diameter at the side from which balls enter (it faces the interposer), mm.
        base_diameter: Diameter at the other end, mm; None for a cylindrical hole.
        through: The hole reaches the second side.
        floor_thickness: What is left under a hole that does not, mm.
        ball: Kind of ball held. Any but ``solder`` needs a :class:`Core`: the ball itself.
        fixing_agent: What holds the ball in the hole until release.
        agent_is_flux: The agent also acts as the flux.
        release_temperature: Temperature at which the agent lets go, degrees C; it must lie below
            the solder's solidus (:meth:`check_release`).
        protective_sheets: Sheets protect both sides before use.
        parting_agent: A parting agent lies between sheet and mask.
        kept: The mask stays as a collar around each joint; else it is removed after reflow.
        wall_contact: A kept collar's wall is ``free`` of the solder or ``bonded`` to it.
    """

    label: ClassVar[str] = "mask"

    material: MaterialName
    kind: Literal["photosensitive_resin", "plastic", "ceramic", "paper", "metal", "glass_epoxy"] = (
        "photosensitive_resin"
    )
    depth: JointLength
    hole: Literal["cylindrical", "tapered"] = "cylindrical"
    mouth_diameter: JointLength
    base_diameter: JointLength | None = None
    through: Flag = True
    floor_thickness: LayerThickness | None = None
    ball: Literal["solder", "metal", "plastic", "plated_plastic", "ceramic"] = "solder"
    fixing_agent: FixingAgent = "rosin"
    agent_is_flux: Flag = False
    release_temperature: Temperature | None = None
    protective_sheets: Flag = True
    parting_agent: Flag = True
    kept: Flag = False
    wall_contact: Literal["free", "bonded"] = "free"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.hole == "cylindrical" and self.base_diameter not in (None, self.mouth_diameter):
            raise InputError(
                "base_diameter", self.base_diameter, f"{self.mouth_diameter} mm or no value", "mm",
                "a cylindrical hole is as wide at its base as at its mouth",
            )  # fmt: skip
        if self.hole == "tapered":
            if self.base_diameter is None:
                raise InputError("base_diameter", "nothing", "a value", reason="hole is tapered")
            if self.base_diameter >= self.mouth_diameter:
                raise InputError(
                    "base_diameter", self.base_diameter,
                    f"less than mouth_diameter = {self.mouth_diameter} mm", "mm",
                    "a tapered hole narrows from its mouth",
                )  # fmt: skip
        if self.through and self.floor_thickness is not None:
            raise InputError(
                "floor_thickness", self.floor_thickness, "no value, or through = false", "mm",
                "a hole that goes through has no floor",
            )  # fmt: skip
        if not self.through and self.floor_thickness is None:
            raise InputError(
                "floor_thickness", "nothing", "a value", reason="the hole does not go through"
            )
        if self.kept and not self.through:
            raise InputError(
                "kept", True, "false, or through = true",
                reason="the floor of the hole would lie between the ball and the board",
            )  # fmt: skip
        if self.wall_contact == "bonded" and not self.kept:
            raise InputError(
                "wall_contact", "bonded", '"free", or kept = true',
                reason="a mask that is removed touches no solder",
            )  # fmt: skip
        if self.parting_agent and not self.protective_sheets:
            raise InputError(
                "parting_agent", True, "false, or protective_sheets = true",
                reason="a parting agent lies between a sheet and the mask",
            )  # fmt: skip
        return self

    @property
    def narrow_diameter(self) -> float:
        """Diameter of the hole at its narrower end, mm."""
        return self.mouth_diameter if self.base_diameter is None else self.base_diameter

    @property
    def thickness(self) -> float:
        """Thickness of the sheet, mm."""
        return self.depth + (self.floor_thickness or 0.0)

    def hole_diameter(self, height: float) -> float:
        """Diameter of the hole at a height above its mouth, mm (linear taper)."""
        fraction = height / self.depth
        return self.mouth_diameter + fraction * (self.narrow_diameter - self.mouth_diameter)

    def check_release(self, solidus: float) -> None:
        """Make sure that the fixing agent lets go before the solder melts.

        Args:
            solidus: Solidus of the solder, degrees C.

        Raises:
            InputError: The agent still holds the ball when the solder starts to melt.
        """
        if self.release_temperature is not None and self.release_temperature >= solidus:
            raise InputError(
                "mask.release_temperature", self.release_temperature,
                f"below the solder's solidus {solidus} degC", "degC",
                f"{self.fixing_agent} would hold the ball while it melts",
            )  # fmt: skip
