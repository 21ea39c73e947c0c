r"""A solid ball of which only the foot has melted, on its pad: neck, head and height.

**Model.** Heat comes from the pad and melts the ball below a level plane. What was solid below the
plane is the melted fraction f of the ball: a cap of depth t R with

.. math:: f = t^2 (3 - t) / 4 .

The remainder is a ball with a flat face of radius :math:`R \sqrt{2 t - t^2}`. The melt lies between
this face, the pad, to whose rim it is pinned, and a meniscus that wets the remainder's side above
the face at the contact angle on its own solid, 0 for complete wetting: then it leaves the ball
tangentially. Where that line would lie below the face it stays at the face's edge.

**Height.** The remainder settles on the pad as its foot melts away (``resting``): the melt pulls
it down, and contact, which pushes only, carries what the liquid does not,

.. math:: F(g) + N = W, \quad g \ge g_0, \quad N \ge 0, \quad N (g - g_0) = 0,

with the gap g between face and pad and the load W (the remainder's weight and what presses on it).
Or the alignment plate holds the ball at a given gap; then N is the force with which it holds the
ball up (negative: it presses the ball down).

**No neck** is left where so much has melted that the melt bulges: of a ball that settles, the
melt fills the gap under its waist up to the rim once its volume is that of this gap.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.bridge import rest
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.melted_foot import MeltedFoot
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.stability import margins
from bumpfem.shapes.checks import check_kind, check_number
from bumpfem.shapes.drawing import PLATE, Patch, Section, liquid_patch, plate_patch


@dataclass(frozen=True, eq=False)
class NeckedShape(Section):
    """A partly melted ball at rest; heights count from the pad.

    Args:
        foot: What it is made of.
        meniscus: Free surface of the melt from the pad's rim to the remainder.
        gap: Distance of pad and the remainder's face, mm.
        support: Upward force that carries what the liquid does not, N: of the pad on a ball that
            rests, of the alignment plate on one that is held (negative if it presses down).
    """

    foot: MeltedFoot
    meniscus: Meridian
    gap: float
    support: float

    @property
    def height(self) -> float:
        """Height of the whole, mm."""
        return self.gap + self.foot.remainder.extent

    @property
    def head_diameter(self) -> float:
        """Widest diameter of what did not melt, mm."""
        body = self.foot.remainder
        return 2.0 * (body.radius if body.depth <= body.radius else body.face_radius)

    @property
    def neck_diameter(self) -> float:
        """Diameter of the thinnest place between pad and head, mm."""
        inner = self.meniscus.neck_radius
        return 2.0 * min(float(self.meniscus.r[-1]), inner if inner is not None else inf)

    @property
    def neck_height(self) -> float:
        """Height of the circle in which neck and head meet, mm."""
        return float(self.meniscus.z[-1])

    @property
    def volume(self) -> float:
        """Melt and remainder, mm3."""
        return self.meniscus.volume + self.foot.remainder.volume

    def patches(self) -> list[Patch]:
        """Pad, melt and what did not melt, for a picture."""
        reach = 0.675 * max(self.head_diameter, 2.0 * self.foot.pad_radius)
        plates = [
            plate_patch("resist", self.foot.pad_radius, reach, 0.0, -2.0 * PLATE * reach),
            plate_patch("pad", 0.0, self.foot.pad_radius, 0.0, -2.0 * PLATE * reach),
        ]
        melt = liquid_patch(self.meniscus.points(129))
        return [*plates, melt, liquid_patch(self.foot.remainder.outline(self.gap), "core")]

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        return f"neck {self.neck_diameter:.4g} mm, height {self.height:.4g} mm"


def necked_shape(
    foot: MeltedFoot, liquid: Liquid, *, load: float = 0.0, gap: float | None = None
) -> NeckedShape:
    """Neck, head and height of a ball whose foot has melted.

    Args:
        foot: Ball, pad and melted fraction.
        liquid: The melt.
        load: Force that presses on the ball besides its own weight, N.
        gap: Distance of the remainder's face and the pad at which the alignment plate holds the
            ball, mm; None: the ball settles.

    Returns:
        The shape; it has a neck.

    Raises:
        InputError: If the melt joins nothing, bulges, or is not stable.
    """
    try:
        shape = formed(foot, liquid, load=load, gap=gap)
    except InputError as error:
        if error.field != "melted_fraction":
            raise
        reason = error.reason
    else:
        stable = margins(shape.meniscus).stable
        if stable and has_neck(shape):
            return shape
        reason = "so much melt bulges between pad and ball: no neck forms"
        if not stable:
            reason = "the neck would pinch off"
    allowed = _allowed(foot, liquid, gap)
    raise InputError("melted_fraction", foot.melted_fraction, allowed, "", reason)


def formed(
    foot: MeltedFoot, liquid: Liquid, *, load: float = 0.0, gap: float | None = None
) -> NeckedShape:
    """As :func:`necked_shape`, with or without a neck, stable or not."""
    check_kind("foot", foot, MeltedFoot)
    check_kind("liquid", liquid, Liquid)
    check_number("load", load, "N")
    body = foot.remainder
    pressed = load + body.specific_weight * body.volume
    if gap is not None:
        check_number("gap", gap, "mm", least=0.0)
        held = foot.at(liquid, gap)
        return NeckedShape(foot, held, gap, pressed - held.force)
    bridge = rest(
        lambda g, guess: foot.at(liquid, g, guess), pressed, foot.least_gap, foot.pad_radius
    )
    return NeckedShape(foot, bridge.meridian, bridge.gap, bridge.contact_force)


def has_neck(shape: NeckedShape) -> bool:
    """Whether the outline is thinner somewhere between pad and head than at both."""
    meniscus = shape.meniscus
    body = shape.foot.remainder
    below_waist = float(meniscus.z[-1]) < shape.gap + body.radius - body.depth
    thin = shape.neck_diameter < 2.0 * float(meniscus.r[0]) * (1.0 - 1e-9)
    return thin and below_waist and shape.neck_diameter < shape.head_diameter


def _allowed(foot: MeltedFoot, liquid: Liquid, gap: float | None) -> str:
    """The fractions that leave a neck, in words: of 40 tried, where the ball rests or is held."""
    good = []
    at = foot.least_gap if gap is None else gap
    for fraction in np.geomspace(5e-4, 0.6, 40).tolist():
        trial = replace(foot, melted_fraction=fraction)
        with suppress(InputError):
            shape = NeckedShape(trial, trial.at(liquid, at), at, 0.0)
            if has_neck(shape) and margins(shape.meniscus).stable:
                good.append(fraction)
    if not good:
        return "another height or pad: no fraction gives a neck here"
    return f"about {good[0]:.2g} to {good[-1]:.2g}"
