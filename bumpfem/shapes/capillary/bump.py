"""A free bump on one pad: its height and shape after attachment, before it is mounted.

The liquid wets the pad with a contact angle (0 unless told otherwise: then its line always reaches
the pad's rim). The line stays inside the pad where the drop with that angle is smaller than the
pad, is pinned at the rim where the angle there lies between those of pad and resist, and lies on
the flush resist beyond. Without weight the shape is a spherical cap.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from math import degrees, inf, pi

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.bump_search import BumpSearch
from bumpfem.shapes.capillary.ends import Axis, Pinned
from bumpfem.shapes.capillary.limits import check_no_point, check_no_puddle, nearest
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.mounted import RESIST_CONTACT_ANGLE
from bumpfem.shapes.capillary.solve import follow, solve_meridian
from bumpfem.shapes.capillary.stability import Margins, margins
from bumpfem.shapes.checks import check_kind, check_number
from bumpfem.shapes.drawing import PLATE, Patch, Section, liquid_patch, plate_patch

#: Least diameter of a pad, relative to a ball of the liquid's volume, and of one to hang on: a
#: smaller one is a point.
LEAST_PAD, LEAST_HANGING_PAD = 0.015, 0.05
#: Volume from which a hanging drop grows to its limit, relative to what surface tension carries,
#: and elements that tell the limit.
GROWS_FROM, LIMIT_ELEMENTS = 0.2, 16
#: Radius of a pad under which no film hangs, capillary lengths: the first zero of Bessel's J1, at
#: which weight beats surface tension for a shift of liquid from one side to the other.
WIDEST_HANGING = 3.8317


@dataclass(frozen=True, eq=False)
class Bump(Section):
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

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        return f"height {self.height:.4g} mm"


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
    check_number("volume", volume, "mm3", above=0.0)
    check_number("pad_diameter", pad_diameter, "mm", above=0.0)
    check_kind("liquid", liquid, Liquid)
    check_number("resist_contact_angle", resist_contact_angle, "deg", above=90.0, most=180.0)
    if contact_angle is not None:
        check_number(
            "contact_angle", contact_angle, "deg", above=0.0, below=resist_contact_angle,
            reason="the resist repels more than the pad",
        )  # fmt: skip
    search = BumpSearch(
        volume, 0.5 * pad_diameter,
        contact_angle, resist_contact_angle,
    )  # fmt: skip
    _check_sizes(search, liquid, hanging=hanging)
    if hanging and volume > _carried(search, liquid):
        raise _falls(search, liquid, hanging=hanging)
    try:
        meridian, found = search.stable(liquid.inverted() if hanging else liquid)
    except ConvergenceError as error:
        raise _falls(search, liquid, hanging=hanging) from error
    return Bump(meridian, pad_diameter, found)


def _check_sizes(search: BumpSearch, liquid: Liquid, *, hanging: bool) -> None:
    """Refuse puddles, and pads under which nothing hangs.

    Raises:
        InputError: Names volume or pad, the limit and the reason.
    """
    check_no_puddle(search.volume, liquid)
    least = LEAST_HANGING_PAD if hanging else LEAST_PAD
    check_no_point("pad_diameter", 2.0 * search.radius, search.volume, least)
    if hanging:
        check_number(
            "pad_diameter", 2.0 * search.radius, "mm",
            below=2.0 * WIDEST_HANGING * liquid.capillary_length,
            reason="under a wider pad every film hangs unstably and gathers to drops that fall",
        )  # fmt: skip


def _carried(search: BumpSearch, liquid: Liquid) -> float:
    """Volume that surface tension around the pad carries at most, ``2 pi a gamma / w``, mm3."""
    weight = liquid.specific_weight
    return 2.0 * pi * search.radius * liquid.surface_tension / weight if weight else inf


def _largest_hanging(search: BumpSearch, liquid: Liquid) -> float | None:
    """Volume at which a growing drop that covers its pad falls off, mm3; None if none is found.

    It grows from a fraction of what surface tension around the pad carries.
    """
    carried = _carried(search, liquid)
    most, first, rim = min(search.volume, carried), GROWS_FROM * carried, Pinned(search.radius, 0.0)
    turned, reached = liquid.inverted(), [first]

    def grown(volume: float, guess: Meridian) -> Meridian:
        found = solve_meridian(
            rim, Axis(), turned, volume=volume, guess=guess, elements=LIMIT_ELEMENTS
        )
        if not margins(found).stable:
            raise ConvergenceError("the drop is not stable")
        reached.append(volume)
        return found

    try:
        start, _ = replace(search, volume=first).stable(turned)
    except ConvergenceError:
        return None
    with suppress(ConvergenceError):
        follow(grown, start, first, most, step=0.25, least=5e-3)
    return reached[-1]


def _falls(search: BumpSearch, liquid: Liquid, *, hanging: bool) -> InputError:
    """What to tell where no bump stays on its pad."""

    def stays(volume: float) -> bool:
        try:
            replace(search, volume=volume).stable(liquid.inverted() if hanging else liquid)
        except ConvergenceError:
            return False
        return True

    most = _largest_hanging(search, liquid) if hanging else None
    if most is None:
        most = nearest(stays, search.volume, above=False)
    allowed = "another volume, or another pad" if most is None else f"<= {most:.4g}"
    reason = "a larger drop would fall off its pad" if hanging else "a larger drop is not stable"
    return InputError("volume", f"{search.volume:.5g}", allowed, "mm3", reason)
