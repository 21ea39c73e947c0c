r"""The race of the routes ``dip`` and ``flux``: solder must melt and wet before the resin gels.

One heating both solders the ball and cures the resin around it. With :math:`t_w` the time at which
the solder has wetted (wholly molten for its wetting time) and :math:`t_g` the time at which the
first point of the resin gels, the margin is :math:`t_g - t_w`: the joint is made where it is not
negative. A gelled resin no longer flows out of the way and holds the ball where it is.

Before it gels the resin thickens. Solder of the surface tension :math:`\gamma` that spreads over a
pad of the radius :math:`a` through a liquid of the viscosity :math:`\mu` needs a time of the order
of :math:`\mu a / \gamma`; a viscosity limit is the one at which that is the wetting time itself,

.. math:: \mu_{max} = \frac{\gamma\, t_{wet}}{a} .

It is an order of magnitude. Its margin is the time from :math:`t_w` until the resin passes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from bumpfem.design import Joint, Package
from bumpfem.errors import InputError
from bumpfem.materials import Span, load_material
from bumpfem.process.heated_events import EventName
from bumpfem.process.profile_limits import crossing_up
from bumpfem.units import FloatArray

Route = Literal["dip", "flux"]
#: Routes on which one heating solders and cures.
RACING: tuple[Route, ...] = ("dip", "flux")

#: Verdict of a race, with its words; the good one first.
VERDICTS: dict[str, str] = {
    "made": "solder wets before the resin gels",
    "gels_early": "the resin gels before the solder has wetted",
    "not_wetted": "the solder freezes before it has wetted",
    "not_molten": "the solder does not melt wholly",
}
Verdict = Literal["made", "gels_early", "not_wetted", "not_molten"]


@dataclass(frozen=True)
class GelRace:
    """How the race of solder and resin ends.

    Attributes:
        route: ``dip`` or ``flux``.
        resin: Material of the resin.
        verdict: A key of :data:`VERDICTS`.
        molten: When the solder is wholly molten, s; None if never.
        wets: When it has wetted, s; None if never.
        gels: When the first point of the resin gels, s; None if never.
        margin: ``gels - wets``, s; infinite where the resin does not gel; None where the solder
            does not wet.
        viscosity_at_wetting: Of the resin when the solder has wetted, Pa s; infinite where it has
            gelled by then; None if not known.
        viscosity_limit: Order of magnitude that it may have, Pa s; None if not known.
        viscosity_margin: Time from ``wets`` until the resin passes that limit, s, negative where
            it does so before; None where something is not known or the race is lost, infinite if it
            never does.
    """

    route: Route
    resin: str
    verdict: Verdict
    molten: float | None
    wets: float | None
    gels: float | None
    margin: float | None
    viscosity_at_wetting: float | None = None
    viscosity_limit: float | None = None
    viscosity_margin: float | None = None

    @property
    def made(self) -> bool:
        """Whether the solder wets before the resin gels."""
        return self.verdict == "made"

    @property
    def sentence(self) -> str:
        """The verdict with its numbers."""
        head = f"route {self.route}, {self.resin}: "
        if self.verdict == "not_molten":
            return head + "the solder does not melt wholly" + self._gel_words()
        if self.wets is None:
            return head + (
                f"the solder is wholly molten at {self.molten:.1f} s but freezes before it has "
                "wetted" + self._gel_words()
            )
        if self.gels is None:
            return (
                head + f"solder wets at {self.wets:.1f} s; the resin does not gel by then or after"
            )
        if self.made:
            text = (
                f"solder wets at {self.wets:.1f} s, {self.margin:.1f} s before the resin gels at "
                f"{self.gels:.1f} s"
            )
        else:
            text = (
                f"the resin gels at {self.gels:.1f} s, {-(self.margin or 0.0):.1f} s before the "
                f"solder has wetted at {self.wets:.1f} s"
            )
        return head + text + self._viscosity_words()

    def as_dict(self) -> dict[str, Any]:
        """Plain data, with the sentence; infinite times and viscosities are None."""
        known = asdict(self)
        for name, value in known.items():
            if isinstance(value, float) and not np.isfinite(value):
                known[name] = None
        return known | {"sentence": self.sentence}

    def _gel_words(self) -> str:
        return "" if self.gels is None else f"; the resin gels at {self.gels:.1f} s"

    def _viscosity_words(self) -> str:
        if self.viscosity_margin is None or self.viscosity_limit is None:
            return ""
        if self.viscosity_margin >= 0.0:
            return (
                f" and {self.viscosity_margin:.1f} s before it is thicker than "
                f"{self.viscosity_limit:.3g} Pa s"
            )
        return (
            f"; it is thicker than {self.viscosity_limit:.3g} Pa s already "
            f"{-self.viscosity_margin:.1f} s before the solder has wetted"
        )


def race(
    route: Route,
    resin: str,
    events: Mapping[EventName, float | None],
    times: FloatArray | None = None,
    viscosity: FloatArray | None = None,
    viscosity_limit: float | None = None,
) -> GelRace:
    """Verdict of the race from the events of a heating.

    Args:
        route: ``dip`` or ``flux``.
        resin: Name of the resin.
        events: ``molten``, ``wets`` and ``gels``, s; None where it does not happen.
        times: Times of the viscosity, s.
        viscosity: Of the resin, Pa s, infinite from the gel point on; None if not known.
        viscosity_limit: Order of magnitude that it may have until the solder has wetted, Pa s.

    Raises:
        InputError: The route heats more than once.
    """
    if route not in RACING:
        raise InputError("route", route, f"one of {', '.join(RACING)}")
    molten, wets, gels = events["molten"], events["wets"], events["gels"]
    verdict, margin = _verdict(molten, wets, gels)
    limit = viscosity_limit if verdict == "made" else None
    thickness, late = _thickening(molten, wets, times, viscosity, limit)
    return GelRace(
        route, resin, verdict, molten, wets, gels, margin, thickness, viscosity_limit, late
    )


def viscosity_limit(surface_tension: float, wetting_time: float, pad_radius: float) -> float:
    """Viscosity at which spreading over a pad takes the wetting time; see the module.

    Args:
        surface_tension: Of the solder, N/mm.
        wetting_time: s.
        pad_radius: mm.

    Returns:
        Pa s.

    Raises:
        InputError: One of them is not positive.

    >>> round(viscosity_limit(5e-4, 2.0, 0.2), 1)
    5000.0
    """
    for field, value, unit in (
        ("surface_tension", surface_tension, "N/mm"),
        ("wetting_time", wetting_time, "s"),
        ("pad_radius", pad_radius, "mm"),
    ):
        if not value > 0.0:
            raise InputError(field, value, "a positive number", unit)
    newton_second_per_mm2 = surface_tension * wetting_time / pad_radius
    return 1e6 * newton_second_per_mm2


def wetting_viscosity(
    package: Package, joint: Joint, wetting_time: float, *, extrapolate: bool = False
) -> float | None:
    """Viscosity limit of a joint on its pad on the interposer, Pa s; None if it is not known.

    Args:
        package: Its pad.
        joint: Its solder.
        wetting_time: s.
        extrapolate: Whether the surface tension keeps its end value beyond its range, which is
            recorded.

    Raises:
        PropertyRangeError: The surface tension is not known at the liquidus and ``extrapolate`` is
            false.
    """
    solder = load_material(joint.solder)
    if "surface_tension" not in solder or "liquidus" not in solder or wetting_time <= 0.0:
        return None
    liquidus, tension = solder["liquidus"].constant, solder["surface_tension"]
    Span(liquidus, liquidus, extrapolate).hold(tension)
    radius = 0.5 * package.interposer_pad_for(joint).wetted_diameter
    return viscosity_limit(tension(liquidus, extrapolate=True), wetting_time, radius)


def _verdict(
    molten: float | None, wets: float | None, gels: float | None
) -> tuple[Verdict, float | None]:
    if molten is None:
        return "not_molten", None
    if wets is None:
        return "not_wetted", None
    if gels is None:
        return "made", float("inf")
    return ("made" if gels >= wets else "gels_early"), gels - wets


def _thickening(
    molten: float | None,
    wets: float | None,
    times: FloatArray | None,
    viscosity: FloatArray | None,
    limit: float | None,
) -> tuple[float | None, float | None]:
    """Viscosity when the solder has wetted, and time from there until it passes a limit.

    Before the solder is molten a cold resin may be as thick as it likes.
    """
    if times is None or viscosity is None or wets is None or molten is None:
        return None, None
    logarithm = np.log(np.minimum(viscosity, 1e30))
    at_wetting = float(np.interp(wets, times, logarithm))
    value = float(np.exp(at_wetting)) if at_wetting < np.log(1e29) else float("inf")
    if limit is None:
        return value, None
    start = float(np.interp(molten, times, logarithm))
    later = times > molten
    passes = crossing_up(
        np.concatenate([[molten], times[later]]),
        np.concatenate([[start], logarithm[later]]),
        float(np.log(limit)),
    )
    return value, (float("inf") if np.isnan(passes) else passes - wets)
