"""The resin layer that holds the foot of a ball."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from bumpfem.design.quantities import Flag, JointLength, LayerThickness, MaterialName
from bumpfem.design.record import Record
from bumpfem.errors import InputError

#: Thickness of resin on a crown from which it is removed, where none is given, mm; illustrative.
CROWN_FILM = 0.02


class Anchor(Record):
    """A layer of resin on the interposer with a meniscus on every ball.

    Both heights are measured from the outermost face of the interposer's solder side: the face of
    its resist where it has one, else its own.

    Attributes:
        material: Resin in the library.
        family: Kind of resin; polyester as a thermoplastic film only.
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
        crown_film_thickness: Thickness of that resin, mm; None: :data:`CROWN_FILM`.
        ultrasonic: Vibration seats the balls (route ``dip`` only).
        film_thickness: Thickness of the film before it melts, mm (route ``film`` only); None: such
            that it brings what layer and meniscus take.
        film_hole_diameter: Diameter of its holes, mm; beside a thickness only.
    """

    label: ClassVar[str] = "anchor"

    material: MaterialName
    family: Literal["polyimide", "epoxy", "phenolic", "acrylic", "silicone", "polyester"]
    thickness: JointLength
    contact_height: JointLength
    route: Literal["spread", "repellent", "film", "dip", "flux"] = "spread"
    fixing: Literal["fused", "paste"] = "fused"
    paste_filler: Literal["silver", "gold", "copper", "solder"] | None = None
    paste_material: MaterialName | None = None
    paste_thickness: LayerThickness | None = None
    crown_resin_removed: Flag = False
    crown_film_thickness: LayerThickness | None = None
    ultrasonic: Flag = False
    film_thickness: JointLength | None = None
    film_hole_diameter: JointLength | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.contact_height <= self.thickness:
            raise InputError(
                "contact_height", self.contact_height, f"more than thickness = {self.thickness} mm",
                "mm", "resin climbs on the ball above the level midway between balls",
            )  # fmt: skip
        if self.family == "polyester" and self.route != "film":
            raise InputError(
                "family", self.family, 'another family, or route = "film"',
                reason="it melts and does not cure",
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
        if self.crown_film_thickness is not None and not self.crown_resin_removed:
            raise InputError(
                "crown_film_thickness", self.crown_film_thickness,
                "no value, or crown_resin_removed = true", "mm", "no resin is left on the crown",
            )  # fmt: skip
        if self.ultrasonic and self.route != "dip":
            raise InputError(
                "ultrasonic", True, 'false, or route = "dip"',
                reason=f'on route "{self.route}" there is no liquid resin to seat the ball in',
            )  # fmt: skip
        self._check_film()
        return self

    def _check_film(self) -> None:
        given = {
            field: getattr(self, field)
            for field in ("film_thickness", "film_hole_diameter")
            if getattr(self, field) is not None
        }
        if given and self.route != "film":
            field = next(iter(given))
            raise InputError(
                field, given[field], 'no value, or route = "film"', "mm",
                f'route "{self.route}" has no film',
            )  # fmt: skip
        if len(given) == 1:
            missing = {"film_thickness", "film_hole_diameter"}.difference(given).pop()
            raise InputError(
                missing, "nothing", "a value", "mm",
                "thickness and holes of the film give its volume together",
            )  # fmt: skip

    @property
    def crown_film(self) -> float:
        """Thickness of the hardened resin that is removed from the crown, mm; 0 without any."""
        if not self.crown_resin_removed:
            return 0.0
        return CROWN_FILM if self.crown_film_thickness is None else self.crown_film_thickness
