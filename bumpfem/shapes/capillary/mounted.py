"""A joint between two pads: its shape under a load or at a given stand-off.

The solder's line is pinned at the rim of each pad. Where the angle there would pass the contact
angle of the resist, which is flush with the pad, the solder spreads over the resist with that
angle; by default the resist is not wetted at all (180 degrees), so that solder spreads only where
it would bulge beyond the plane of the pad. Without weight and load the shape is the truncated
sphere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import degrees, pi

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.ends import OnPlane
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.mounted_family import check_sizes, find
from bumpfem.shapes.capillary.mounted_search import Search
from bumpfem.shapes.capillary.stability import (
    Margins,
    axial_stiffness,
    lateral_stiffness,
    margins,
)
from bumpfem.shapes.checks import check_kind, check_number
from bumpfem.shapes.drawing import Patch, Section, liquid_patch, pad_patches

#: Contact angle of solder on resist unless told otherwise, degrees: it does not wet.
RESIST_CONTACT_ANGLE = 180.0


@dataclass(frozen=True, eq=False)
class MountedJoint(Section):
    """A stable joint between two pads; heights count from the board's pad.

    Args:
        meridian: Its free surface, from the board to the interposer.
        board_pad_diameter: Wetted diameter at the board, mm.
        interposer_pad_diameter: Wetted diameter at the interposer, mm.
    """

    meridian: Meridian
    board_pad_diameter: float
    interposer_pad_diameter: float

    @property
    def standoff(self) -> float:
        """Distance of the pads, mm."""
        return self.meridian.heights[1] - self.meridian.heights[0]

    @property
    def volume(self) -> float:
        """Volume of the solder, mm3."""
        return self.meridian.volume

    @property
    def force(self) -> float:
        """Load that the joint carries, N: positive where it holds the package up."""
        return self.meridian.force

    @property
    def max_diameter(self) -> float:
        """Largest diameter, mm."""
        return 2.0 * self.meridian.max_radius

    @property
    def neck_diameter(self) -> float | None:
        """Smallest diameter where the joint is hollow, mm; None where it is not."""
        radius = self.meridian.neck_radius
        return None if radius is None else 2.0 * radius

    @property
    def contact_angles(self) -> tuple[float, float]:
        """Angles between pad and surface through the solder at board and interposer, degrees."""
        first, last = (state[2] for state in self.meridian.ends)
        return degrees(pi - first), degrees(last)

    @property
    def spread_diameters(self) -> tuple[float | None, float | None]:
        """Diameters of the lines on the resist at board and interposer, mm; None on the rim."""
        lower, upper = (
            2.0 * state[0] if isinstance(end, OnPlane) else None
            for end, state in zip(
                (self.meridian.lower, self.meridian.upper), self.meridian.ends, strict=True
            )
        )
        return lower, upper

    @cached_property
    def margins(self) -> Margins:
        """Margins of stability with both pads held."""
        return margins(self.meridian)

    @cached_property
    def vertical_stiffness(self) -> float:
        """Rise of the force as the pads approach, N/mm."""
        return axial_stiffness(self.meridian)

    @cached_property
    def lateral_stiffness(self) -> float:
        """Restoring (self-aligning) force over sideways displacement, N/mm.

        Zero where the solder has spread over resist: its line is then free to follow the pad.
        """
        return lateral_stiffness(self.meridian)

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the solder has left its pads."""
        found = []
        for side, diameter in zip(("board", "interposer"), self.spread_diameters, strict=True):
            if diameter is not None:
                found.append(
                    f"at the {side} the solder has spread over the resist, out to a diameter of "
                    f"{diameter:.4g} mm: it does not align itself there"
                )
        return tuple(found)

    def patches(self) -> list[Patch]:
        """Pads, resists and solder for a picture."""
        reach = 0.5 * max(self.max_diameter, *(self._pads)) * 1.35
        plates = pad_patches(self._pads, self.meridian.heights, reach)
        return [*plates, liquid_patch(self.meridian.points(129))]

    @property
    def _pads(self) -> tuple[float, float]:
        return self.board_pad_diameter, self.interposer_pad_diameter

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        return f"stand-off {self.standoff:.4g} mm, {1e3 * self.force:.3g} mN"


def mounted_joint(
    volume: float,
    board_pad_diameter: float,
    interposer_pad_diameter: float,
    liquid: Liquid,
    *,
    load: float = 0.0,
    standoff: float | None = None,
    resist_contact_angle: float = RESIST_CONTACT_ANGLE,
    guess: MountedJoint | None = None,
) -> MountedJoint:
    """The stable joint of a volume of solder between two pads.

    Args:
        volume: Solder between the planes of both pads, mm3.
        board_pad_diameter: Wetted diameter at the board, mm.
        interposer_pad_diameter: Wetted diameter at the interposer, mm.
        liquid: Surface tension and weight of the molten solder.
        load: Weight that the joint carries, N; negative pulls.
        standoff: Distance at which the pads are held, mm, instead of a load; None lets the load
            decide.
        resist_contact_angle: Contact angle on the resist, degrees; above 90.
        guess: A similar joint to start from.

    Raises:
        InputError: If an input is out of range, or there is no stable joint: the volume is too
            small to bridge the stand-off, the load too large, or the solder pinches off.
    """
    check_number("volume", volume, "mm3", above=0.0)
    check_number("board_pad_diameter", board_pad_diameter, "mm", above=0.0)
    check_number("interposer_pad_diameter", interposer_pad_diameter, "mm", above=0.0)
    check_kind("liquid", liquid, Liquid)
    check_number("load", load, "N")
    check_number("resist_contact_angle", resist_contact_angle, "deg", above=90.0, most=180.0)
    if standoff is not None:
        check_number("standoff", standoff, "mm", above=0.0)
        if load != 0.0:
            raise InputError("load", load, "0", "N", "a given stand-off decides the force")
    check_sizes(volume, board_pad_diameter, interposer_pad_diameter, liquid)
    search = Search(
        volume, 0.5 * board_pad_diameter, 0.5 * interposer_pad_diameter, liquid,
        resist_contact_angle, by_standoff=standoff is not None,
    )  # fmt: skip
    target = load if standoff is None else standoff
    meridian = find(search, target, None if guess is None else guess.meridian)
    return MountedJoint(meridian, board_pad_diameter, interposer_pad_diameter)
