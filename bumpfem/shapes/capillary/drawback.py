r"""A metal bump from printed powder: it melts, retreats to its pad and stands up.

The powder covers a disc of radius :math:`R_p` around a pad of radius a and melts to the volume
:math:`V = \phi t \pi R_p^2` (thickness t, packing :math:`\phi`). Held at a radius R, the melt
meets the substrate at an angle :math:`\theta(R, V)` that grows as R shrinks. Outside the pad its
line retreats where this angle is below the receding one of the substrate, so

- it starts to retreat if :math:`\theta(R_p) < \theta_{out}`;
- it reaches the pad if even :math:`\theta(a) \le \theta_{out}`; else it stops at the radius where
  both are equal, and metal is left outside the pad;
- at the pad's rim it stays if :math:`\theta(a) \ge \theta_{pad}`, the receding angle on the pad;
  else part of the pad falls dry.

Without weight :math:`\theta = 2 \arctan(h / R)` of the spherical cap.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, pi, radians, sin
from typing import Literal

from scipy.optimize import brentq

from bumpfem.design import MetalBump
from bumpfem.shapes.capillary.bump import Bump, free_bump
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.checks import check_kind, check_number
from bumpfem.shapes.drawing import PLATE, Patch, Section, liquid_patch, plate_patch

#: What happened to the line of the melt.
Outcome = Literal["complete", "stopped outside", "did not retreat", "pad partly dry"]


@dataclass(frozen=True)
class Powder:
    """Powder printed for one bump.

    Args:
        diameter: Diameter of the patch, mm.
        thickness: Its thickness, mm.
        packing: Part of its volume that is metal.
    """

    diameter: float
    thickness: float
    packing: float

    def __post_init__(self) -> None:
        for field in ("diameter", "thickness"):
            check_number(f"powder.{field}", getattr(self, field), "mm", above=0.0)
        check_number("powder.packing", self.packing, above=0.0, most=1.0)

    @classmethod
    def of(cls, bump: MetalBump) -> Powder:
        """The powder that a bump was designed with."""
        return cls(bump.powder_diameter, bump.powder_thickness, bump.packing)

    @property
    def volume(self) -> float:
        """Volume of metal, mm3."""
        return 0.25 * pi * self.diameter**2 * self.thickness * self.packing


@dataclass(frozen=True, eq=False)
class DrawnBack(Section):
    """A bump after its melt has come to rest.

    Attributes:
        outcome: ``complete``: its line is the pad's rim.
        bump: The molten bump; it freezes in this shape, less its shrinkage.
        printed: The melt where the powder lay, before it retreats.
        pad_diameter: Diameter of the pad, mm.
        rim_angle: Angle of the melt at the pad's rim (if it gets there), degrees.
        outside_angle: Receding angle outside the pad, degrees.
        pad_angle: Receding angle on the pad, degrees.
        level_thickness: Thickness ``2 a sin(theta/2)`` below which even an endless film would
            retreat on the substrate, mm.
        film_thickness: Thickness of the molten film before it retreats, mm.
    """

    outcome: Outcome
    bump: Bump
    printed: Bump
    pad_diameter: float
    rim_angle: float
    outside_angle: float
    pad_angle: float
    level_thickness: float
    film_thickness: float

    @property
    def printed_angle(self) -> float:
        """Angle of the melt before it retreats, degrees."""
        return self.printed.contact_angle

    @property
    def height(self) -> float:
        """Height of the bump over its pad, mm."""
        return self.bump.height

    @property
    def residue_width(self) -> float:
        """Width of the ring outside the pad that stays covered with metal, mm."""
        return max(0.0, 0.5 * (self.bump.base_diameter - self.pad_diameter))

    @property
    def spare_angle(self) -> float:
        """Receding angle outside less the angle at the rim, degrees; negative: metal is left."""
        return self.outside_angle - self.rim_angle

    def patches(self) -> list[Patch]:
        """Substrate, pad, bump, and the melt before it retreats, for a picture."""
        reach = 0.55 * max(self.printed.base_diameter, self.bump.max_diameter)
        depth, pad = -2.0 * PLATE * reach, 0.5 * self.pad_diameter
        return [
            plate_patch("substrate", pad, reach, 0.0, depth),
            plate_patch("pad", 0.0, pad, 0.0, depth),
            liquid_patch(self.bump.meridian.points(257), "bump"),
            Patch("surface", self.printed.meridian.points(257), filled=False),
        ]

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        return f"{self.outcome}: {self.height:.4g} mm high; line: before it retreats"


def draw_back(
    powder: Powder,
    pad_diameter: float,
    liquid: Liquid,
    *,
    outside_angle: float,
    pad_angle: float = 0.0,
) -> DrawnBack:
    """Where the melt of a printed patch of powder comes to rest.

    Args:
        powder: The patch; it covers the pad.
        pad_diameter: Diameter of the wettable pad, mm.
        liquid: Surface tension and weight of the melt.
        outside_angle: Receding contact angle outside the pad, degrees.
        pad_angle: Receding contact angle on the pad, degrees.

    Raises:
        InputError: If the powder does not cover the pad or angles are out of range.
    """
    check_kind("powder", powder, Powder)
    check_kind("liquid", liquid, Liquid)
    check_number("pad_diameter", pad_diameter, "mm", above=0.0)
    check_number(
        "powder.diameter", powder.diameter, "mm", least=pad_diameter,
        reason="the powder covers the pad, to which the metal is drawn back",
    )  # fmt: skip
    check_number("outside_angle", outside_angle, "deg", above=0.0, most=180.0)
    check_number(
        "pad_angle", pad_angle, "deg", least=0.0, below=outside_angle,
        reason="the melt wets the pad better than what is around it",
    )  # fmt: skip

    def held(diameter: float) -> Bump:
        return free_bump(powder.volume, diameter, liquid)

    def stopping_at(angle: float, low: float, high: float) -> Bump:
        diameter = brentq(lambda d: held(d).contact_angle - angle, low, high, xtol=1e-12)
        return held(float(diameter))

    printed, rim = held(powder.diameter), held(pad_diameter)
    outcome: Outcome = "complete"
    bump = rim
    if printed.contact_angle >= outside_angle:
        outcome, bump = "did not retreat", printed
    elif rim.contact_angle > outside_angle:
        outcome = "stopped outside"
        bump = stopping_at(outside_angle, pad_diameter, powder.diameter)
    elif rim.contact_angle < pad_angle:
        outcome = "pad partly dry"
        bump = stopping_at(pad_angle, 0.02 * pad_diameter, pad_diameter)
    length = liquid.capillary_length
    return DrawnBack(
        outcome=outcome,
        bump=bump,
        printed=printed,
        pad_diameter=pad_diameter,
        rim_angle=rim.contact_angle,
        outside_angle=outside_angle,
        pad_angle=pad_angle,
        level_thickness=2.0 * length * sin(0.5 * radians(outside_angle)),
        film_thickness=powder.thickness * powder.packing,
    )


def cap_angle(height: float, base_diameter: float) -> float:
    """Contact angle of a spherical cap, degrees: ``2 arctan(2 h / d)``.

    >>> round(cap_angle(1.0, 2.0), 9)
    90.0
    """
    return degrees(2.0 * atan2(2.0 * height, base_diameter))
