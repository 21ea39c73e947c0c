r"""How much resin a film with holes brings, and which meniscus it makes when it has melted.

Each ball sits in a through-hole of the film. The film of the thickness :math:`t` with holes of the
diameter :math:`d` brings per cell of the pitch :math:`P`

.. math:: V = t \left(P^2 - \frac{\pi}{4} d^2\right),

which is the volume of the meniscus that it makes (:func:`bumpfem.shapes.capillary.meniscus
.resin_meniscus`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from scipy.optimize import brentq

from bumpfem.design import Joint, Package
from bumpfem.design.anchor import Anchor
from bumpfem.errors import InputError, MeshError
from bumpfem.shapes import joint_outline
from bumpfem.shapes.capillary.meniscus import ResinMeniscus, resin_meniscus
from bumpfem.shapes.capillary.standing_ball import StandingBall
from bumpfem.shapes.resin import liquid_resin

#: Relative difference of two volumes of resin that is named.
VOLUME_TOLERANCE = 0.05


def film_volume(thickness: float, pitch: float, hole_diameter: float) -> float:
    """Resin per cell that a film with one hole in it brings, mm3.

    Raises:
        InputError: A length is not positive, or the hole is as wide as the pitch.

    >>> round(film_volume(0.1, 1.0, 0.5), 6)
    0.080365
    """
    if not thickness > 0.0:
        raise InputError("film.thickness", thickness, "a positive number", "mm")
    if not 0.0 < hole_diameter < pitch:
        raise InputError(
            "film.hole_diameter", hole_diameter, f"above 0, less than the pitch {pitch:g}", "mm"
        )
    return thickness * (pitch**2 - 0.25 * pi * hole_diameter**2)


@dataclass(frozen=True)
class FilmVolume:
    """Resin of a film beside what the design's layer and meniscus take, per cell.

    Attributes:
        brought: What the film brings, mm3.
        needed: What the design takes, mm3.
        thickness: Thickness of a film with the same holes that would bring it, mm.
    """

    brought: float
    needed: float
    thickness: float

    @property
    def difference(self) -> float:
        """What is brought over what is needed, less 1."""
        return self.brought / self.needed - 1.0

    @property
    def fits(self) -> bool:
        """Whether both agree within :data:`VOLUME_TOLERANCE`."""
        return abs(self.difference) <= VOLUME_TOLERANCE

    @property
    def sentence(self) -> str:
        """Both volumes, and what would fit."""
        return (
            f"the film brings {self.brought:.4g} mm3 per joint, layer and meniscus of the design "
            f"take {self.needed:.4g} mm3 ({100.0 * self.difference:+.1f} %); a film of "
            f"{1e3 * self.thickness:.3g} um with these holes fits"
        )


def compare_film(package: Package, joint: Joint, resin_volume: float) -> FilmVolume | None:
    """Compare the resin of a joint's film with the design's layer and meniscus.

    Args:
        package: Its pitch.
        joint: A joint with an anchor on route ``film``.
        resin_volume: Volume of the resin in one whole cell of the design, mm3: that of the region
            ``resin`` of its axisymmetric mesh.

    Returns:
        Both volumes; None where the design does not say how thick the film is.

    Raises:
        InputError: Another route, or a hole as wide as the pitch.
    """
    anchor = _film_of(joint)
    if anchor.film_thickness is None or anchor.film_hole_diameter is None:
        return None
    brought = film_volume(anchor.film_thickness, package.pitch, anchor.film_hole_diameter)
    return FilmVolume(brought, resin_volume, anchor.film_thickness * resin_volume / brought)


def film_meniscus(
    package: Package, joint: Joint, contact_angle: float, substrate_angle: float = 0.0
) -> ResinMeniscus:
    """The meniscus that a joint's film makes around its ball before the package is mounted.

    The ball is a sphere on its wetted circle; heights count from the face that the film lies on.

    Args:
        package: Pitch and pad.
        joint: A joint with an anchor on route ``film`` and a film of given thickness and holes.
        contact_angle: Of the molten film on the ball, degrees.
        substrate_angle: Of the molten film on the substrate, degrees.

    Raises:
        InputError: Another route, no film given, or no meniscus of this volume.
    """
    anchor = _film_of(joint)
    if anchor.film_thickness is None or anchor.film_hole_diameter is None:
        raise InputError("joint.anchor.film_thickness", "nothing", "a value", "mm")
    return resin_meniscus(
        _ball(package, joint),
        liquid_resin(anchor.material),
        volume=film_volume(anchor.film_thickness, package.pitch, anchor.film_hole_diameter),
        pitch=package.pitch,
        contact_angle=contact_angle,
        substrate_angle=substrate_angle,
    )


def formed_film(package: Package, joint: Joint) -> Joint:
    """The joint with the layer that its film makes, for its mesh.

    The molten film rises on the ball as far over its layer as the design's meniscus does; the
    layer's thickness is such that layer and meniscus hold the volume of the film.

    Args:
        package: Pitch and pad.
        joint: Any joint; one without a film of given thickness and holes is returned as it is.

    Raises:
        InputError: The film brings too little or too much for a layer around these balls.
    """
    anchor = joint.anchor
    if anchor is None or anchor.route != "film" or anchor.film_thickness is None:
        return joint
    brought = film_volume(anchor.film_thickness, package.pitch, anchor.film_hole_diameter or 0.0)
    rise = anchor.contact_height - anchor.thickness

    def formed(thickness: float) -> Joint:
        lengths = {"thickness": thickness, "contact_height": thickness + rise}
        return joint.model_copy(update={"anchor": anchor.model_copy(update=lengths)})

    def excess(thickness: float) -> float:
        return resin_in_cell(package, formed(thickness)) - brought

    low = high = anchor.thickness
    try:
        while excess(low) > 0.0:
            low *= 0.9
        while excess(high) < 0.0:
            high *= 1.1
        return formed(float(brentq(excess, low, high, rtol=1e-6)))
    except (InputError, MeshError) as error:
        raise InputError(
            "joint.anchor.film_thickness", anchor.film_thickness,
            "a film whose volume makes a layer around these balls", "mm", str(error),
        ) from error  # fmt: skip


def resin_in_cell(package: Package, joint: Joint) -> float:
    """Resin of the design's layer and meniscus in one cell of the array, mm3.

    Raises:
        InputError: The joint cannot be.
    """
    shape = joint_outline(package, joint)
    around = package.pitch**2 - pi * shape.inner_radius**2
    layers = sum(item.top - item.bottom for item in shape.layers if item.region == "resin")
    return shape.region_volume("resin") + around * layers


def _ball(package: Package, joint: Joint) -> StandingBall:
    """The ball before mounting: a sphere on its wetted circle."""
    foot = 0.5 * package.interposer_pad_for(joint).wetted_diameter
    return StandingBall.through(foot, _cap_height(foot, joint.solder_volume))


def _film_of(joint: Joint) -> Anchor:
    anchor = joint.anchor
    if anchor is None or anchor.route != "film":
        route = "no resin" if anchor is None else anchor.route
        raise InputError("joint.anchor.route", route, '"film"', reason="only a film has holes")
    return anchor


def _cap_height(foot: float, volume: float) -> float:
    """Height of the spherical cap of a volume on a circle, mm: V = pi h (3 a^2 + h^2) / 6."""

    def excess(height: float) -> float:
        return pi * height * (3.0 * foot**2 + height**2) / 6.0 - volume

    return float(brentq(excess, 0.0, 2.0 * (6.0 * volume / pi) ** (1.0 / 3.0)))
