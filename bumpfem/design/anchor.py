"""The resin layer that holds the foot of a ball."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from bumpfem.design.quantities import Flag, JointLength, LayerThickness, LibraryName
from bumpfem.design.record import Record
from bumpfem.errors import InputError


class Anchor(Record):
    """A layer of thermosetting resin on the interposer with a meniscus on every ball.

    Both heights are measured from the outermost face of the interposer's solder side: the face of
    its resist where it has one, else its own.

    Attributes:
        material: Resin in the library.
        family: Kind of resin.
        thickness: Thickness of the layer midway between joints, mm.
        contact_height: Height at which the meniscus ends on the ball, mm.
        route: How it is made: ``spread`` (ball fixed, liquid resin spread and cured),
            ``repellent`` (the same, crown coated so that resin cannot climb), ``film`` (balls sit
            in the holes of a resin film that is melted), ``dip`` (resin first, balls dipped to
            the pads, one heating), ``flux`` (ball placed with flux, resin spread, one heating).
        fixing: The ball is ``fused`` directly to its land or held by conductive ``paste``.
        paste_filler: What makes the paste conductive.
        paste_material: Paste in the library.
        paste_thickness: Thickness of the paste between land and ball, mm.
        crown_resin_removed: Resin that hardened on the crown is removed afterwards.
        ultrasonic: Vibration seats the balls (route ``dip`` only).
    """

    label: ClassVar[str] = "anchor"

    material: LibraryName
    family: Literal["polyimide", "epoxy", "phenolic", "acrylic", "silicone"]
    thickness: JointLength
    contact_height: JointLength
    route: Literal["spread", "repellent", "film", "dip", "flux"] = "spread"
    fixing: Literal["fused", "paste"] = "fused"
    paste_filler: Literal["silver", "gold", "copper", "solder"] | None = None
    paste_material: LibraryName | None = None
    paste_thickness: LayerThickness | None = None
    crown_resin_removed: Flag = False
    ultrasonic: Flag = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.contact_height <= self.thickness:
            raise InputError(
                "contact_height", self.contact_height, f"more than thickness = {self.thickness} mm",
                "mm", "resin climbs on the ball above the level midway between balls",
            )  # fmt: skip
        for field in ("paste_filler", "paste_material", "paste_thickness"):
            value = getattr(self, field)
            if self.fixing == "paste" and value is None:
                raise InputError(field, "nothing", "a value", reason='fixing is "paste"')
            if self.fixing == "fused" and value is not None:
                raise InputError(
                    field, value, 'no value, or fixing = "paste"',
                    reason="a ball fused to its land has no paste",
                )  # fmt: skip
        if self.route == "flux" and self.fixing == "paste":
            raise InputError(
                "fixing", self.fixing, '"fused"',
                reason='on route "flux" the ball is soldered by its flux, without paste',
            )  # fmt: skip
        if self.route == "repellent" and self.crown_resin_removed:
            raise InputError(
                "crown_resin_removed", True, "false",
                reason='on route "repellent" no resin reaches the crown',
            )  # fmt: skip
        if self.ultrasonic and self.route != "dip":
            raise InputError(
                "ultrasonic", True, 'false, or route = "dip"',
                reason=f'on route "{self.route}" there is no liquid resin to seat the ball in',
            )  # fmt: skip
        return self
