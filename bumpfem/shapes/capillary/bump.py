"""A free bump on one pad: its height and shape after attachment, before it is mounted.

The liquid wets the pad with a contact angle (0 unless told otherwise: then its line always reaches
the pad's rim). The line stays inside the pad where the drop with that angle is smaller than the
pad, is pinned at the rim where the angle there lies between those of pad and resist, and lies on
the flush resist beyond. Without weight the shape is a spherical cap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import degrees, isfinite, pi, radians
from typing import TYPE_CHECKING

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.ends import Axis, End, OnPlane, Pinned
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.mounted import RESIST_CONTACT_ANGLE
from bumpfem.shapes.capillary.mounted_search import SLACK
from bumpfem.shapes.capillary.solve import follow, solve_meridian
from bumpfem.shapes.capillary.stability import Margins, margins
from bumpfem.shapes.drawing import PLATE, Patch, draw, liquid_patch, plate_patch, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Bump:
    """A stable free bump; heights count from its pad, away from it.

    Args:
        meridian: Its free surface, from the contact line to the apex.
        pad_diameter: Diameter that can be wetted, mm.
        margins: Margins of stability.
    """

    meridian: Meridian
    pad_diameter: float
    margins: Margins

    @property
    def height(self) -> float:
        """Height of the apex over the pad, mm."""
        return self.meridian.height

    @property
    def volume(self) -> float:
        """Volume, mm3."""
        return self.meridian.volume

    @property
    def max_diameter(self) -> float:
        """Largest diameter, mm."""
        return 2.0 * self.meridian.max_radius

    @property
    def base_diameter(self) -> float:
        """Diameter of the contact line, mm."""
        return 2.0 * float(self.meridian.r[0])

    @property
    def contact_angle(self) -> float:
        """Angle between pad and surface through the liquid, degrees."""
        return degrees(pi - float(self.meridian.phi[0]))

    @property
    def contact(self) -> str:
        """Where the contact line is: ``inside the pad``, ``rim`` or ``resist``."""
        if isinstance(self.meridian.lower, Pinned):
            return "rim"
        return "inside the pad" if self.base_diameter < self.pad_diameter else "resist"

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the contact line is, if not at the rim."""
        if self.contact == "resist":
            return (
                f"the liquid has spread over the resist, out to a diameter of "
                f"{self.base_diameter:.4g} mm",
            )
        if self.contact == "rim":
            return ()
        return (f"the liquid wets the pad only out to a diameter of {self.base_diameter:.4g} mm",)

    def patches(self) -> list[Patch]:
        """Pad, resist and liquid for a picture."""
        reach = 0.5 * max(self.max_diameter, self.pad_diameter) * 1.35
        thickness, pad = -PLATE * 2.0 * reach, 0.5 * self.pad_diameter
        return [
            plate_patch("resist", pad, reach, 0.0, thickness),
            plate_patch("pad", 0.0, pad, 0.0, thickness),
            liquid_patch(self.meridian.points(129)),
        ]

    def plot(self, axes: Axes | None = None) -> Axes:
        """Section through the bump with matplotlib."""
        return draw(self.patches(), axes)

    def _repr_svg_(self) -> str:
        return svg(self.patches(), f"height {self.height:.4g} mm")


def free_bump(
    volume: float,
    pad_diameter: float,
    liquid: Liquid,
    *,
    contact_angle: float | None = None,
    resist_contact_angle: float = RESIST_CONTACT_ANGLE,
    hanging: bool = False,
) -> Bump:
    """The stable bump of a volume of liquid on a pad.

    Args:
        volume: mm3.
        pad_diameter: Diameter that can be wetted, mm.
        liquid: Surface tension and weight (gravity towards the pad).
        contact_angle: On the pad, degrees; None wets it wholly.
        resist_contact_angle: On the flush resist around it, degrees.
        hanging: Whether the bump hangs below its pad.

    Raises:
        InputError: If an input is out of range or the bump would fall off.
    """
    for name, value, unit in (("volume", volume, "mm3"), ("pad_diameter", pad_diameter, "mm")):
        if not (isfinite(value) and value > 0.0):
            raise InputError(name, value, "> 0", unit)
    if contact_angle is not None and not 0.0 < contact_angle < resist_contact_angle:
        raise InputError(
            "contact_angle", contact_angle, f"between 0 and {resist_contact_angle:g}", "deg",
            "the resist repels more than the pad",
        )  # fmt: skip
    if not 90.0 < resist_contact_angle <= 180.0:
        raise InputError("resist_contact_angle", resist_contact_angle, "above 90, up to 180", "deg")
    search = _Search(
        volume, 0.5 * pad_diameter,
        None if contact_angle is None else radians(contact_angle), radians(resist_contact_angle),
    )  # fmt: skip
    meridian = search.find(liquid.inverted() if hanging else liquid)
    found = margins(meridian)
    if not found.stable:
        raise _falls(volume)
    return Bump(meridian, pad_diameter, found)


def _falls(volume: float) -> InputError:
    return InputError(
        "volume", f"{volume:.5g}", "a smaller volume", "mm3", "the drop would fall off its pad"
    )


@dataclass(frozen=True)
class _Search:
    """Looks for the place of the contact line (mm, radians)."""

    volume: float
    radius: float
    pad_angle: float | None
    resist_angle: float

    def find(self, liquid: Liquid) -> Meridian:
        """The equilibrium whose line is where it wants to be.

        Raises:
            InputError: If there is none.
        """
        try:
            pinned = self._pinned(liquid)
        except ConvergenceError as error:
            if liquid.specific_weight <= 0.0:
                raise _falls(self.volume) from error
            return self._sliding(self.resist_angle, liquid)  # far too large for its pad
        angle = pi - float(pinned.phi[0])
        if self.pad_angle is not None and angle < self.pad_angle - SLACK:
            return self._sliding(self.pad_angle, liquid)
        if angle > self.resist_angle + SLACK:
            return self._sliding(self.resist_angle, liquid)
        return pinned

    def _pinned(self, liquid: Liquid) -> Meridian:
        """Line at the rim: directly, or by turning up the weight step by step."""
        rim = Pinned(self.radius, 0.0)
        try:
            return solve_meridian(rim, Axis(), liquid, volume=self.volume)
        except ConvergenceError:
            start = solve_meridian(rim, Axis(), liquid.weightless(), volume=self.volume)
            return self._weighed(rim, start, liquid, least=0.05)

    def _sliding(self, angle: float, liquid: Liquid) -> Meridian:
        """Line on a plane: from the weightless hemisphere by weight, then by contact angle.

        Raises:
            InputError: If the drop falls off.
        """
        plane = OnPlane(0.0, 0.5 * pi)
        try:
            start = solve_meridian(plane, Axis(), liquid.weightless(), volume=self.volume)
            heavy = self._weighed(plane, start, liquid)
            return follow(
                lambda theta, guess: solve_meridian(
                    OnPlane(0.0, theta), Axis(), liquid, volume=self.volume, guess=guess
                ),
                heavy, 0.5 * pi, angle, step=0.5,
            )  # fmt: skip
        except ConvergenceError as error:
            raise _falls(self.volume) from error

    def _weighed(
        self, lower: End, start: Meridian, liquid: Liquid, least: float = 1e-3
    ) -> Meridian:
        """Turn up the weight of a weightless drop."""
        return follow(
            lambda share, guess: solve_meridian(
                lower, Axis(), replace(liquid, specific_weight=share * liquid.specific_weight),
                volume=self.volume, guess=guess,
            ),
            start, 0.0, 1.0, step=0.5, least=least,
        )  # fmt: skip
