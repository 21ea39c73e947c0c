"""A partly melted ball: spherical head on a curved neck thinner than the head.

The neck is the capillary surface from its footprint on the interposer's pad over its thinnest place
to the head, which it meets without a kink: the melt wets its own solid. Its thinnest diameter and
its height are given; pressure and position of the head follow. The footprint is the whole wetted
pad unless so short a neck would meet the pad at less than ``PAD_ANGLE``; then it is smaller and
meets the pad at this angle. It froze while the interposer lay with its pads up.

What melted has at least to fill the neck around the head; what melted beyond that froze again as
the foot of the head. How thick and high a neck grows by itself, for a ball that settles or one that
a plate holds, is the subject of :mod:`bumpfem.shapes.capillary.necked`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, hypot, pi, radians, sin, sqrt

import numpy as np
from scipy.optimize import brentq

from bumpfem.design import Joint, Neck
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.ball import Connection, check_standoff, lower_path, upper_path
from bumpfem.shapes.capillary.bridge import BridgeProblem
from bumpfem.shapes.capillary.core_body import SphereCore
from bumpfem.shapes.capillary.curved_ends import OnSphere
from bumpfem.shapes.capillary.end_protocol import End
from bumpfem.shapes.capillary.ends import OnPlane, Pinned
from bumpfem.shapes.capillary.guesses import ArcGuess, Guess
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import SPLINE_NODES, Meridian
from bumpfem.shapes.capillary.solve import solve_meridian
from bumpfem.shapes.capillary.stability import margins
from bumpfem.shapes.curves import Arc, Line, Segment, polyline
from bumpfem.shapes.fillets import placed
from bumpfem.shapes.outline import Body, Outline
from bumpfem.shapes.points import COINCIDENT, Point
from bumpfem.shapes.site import Site
from bumpfem.shapes.spline import Spline

#: Least angle between the neck's surface and the pad, degrees.
PAD_ANGLE = 30.0


@dataclass(frozen=True)
class NeckProblem:
    """A neck on a pad at height 0 with the head above it, as it froze.

    Args:
        rim: Radius of the wetted circle, mm.
        neck: Its diameter and height.
        liquid: The melt.
    """

    rim: float
    neck: Neck
    liquid: Liquid

    def under(self, head: float, known: Meridian | None = None) -> Meridian:
        """The neck under a head of a given radius, mm, from that under a similar one if known.

        Raises:
            InputError: If no stable neck of this thickness and height joins pad and head.
        """
        for lower in (Pinned(self.rim, 0.0), OnPlane(0.0, PAD_ANGLE)):
            like = known if known is not None and known.lower.slides == lower.slides else None
            found = self._thin(lower, head, like)
            if found is None and like is not None:
                found = self._thin(lower, head, None)
            if found is None:
                continue
            covers = float(found.r[0]) <= self.rim * (1.0 + 1e-9)
            steep = float(found.phi[0]) <= pi - radians(PAD_ANGLE) + 1e-9
            if covers and steep and margins(found).stable:
                return found
        raise InputError(
            "joint.neck.neck_height", self.neck.neck_height, "another height or diameter", "mm",
            f"no smooth stable neck {self.neck.neck_diameter:.4g} mm thick joins a pad"
            f" {2 * self.rim:.4g} mm wide and a head of {2 * head:.4g} mm",
        )  # fmt: skip

    def _thin(self, lower: End, head: float, known: Meridian | None) -> Meridian | None:
        """The neck from an end on the pad whose thinnest place is the wanted one.

        With the height of the neck given it grows thinner as the head's centre is raised.
        """
        arc = _arc_guess(self.rim, self.neck, head)
        last: list[Guess] = [known or arc]
        wanted, height = 0.5 * self.neck.neck_diameter, self.neck.neck_height

        def excess(centre: float) -> float:
            ball = OnSphere(centre, head, 0.0)
            found = solve_meridian(lower, ball, self.liquid, height=height, guess=last[0])
            last[0] = found
            thin = found.neck_radius
            return (float(found.r.min()) if thin is None else thin) - wanted

        begin = arc.end[1] + sqrt(head**2 - arc.end[0] ** 2)
        low = high = begin if known is None else known.heights[1]
        step = (0.03 if known is None else 0.005) * head
        try:
            first = excess(low)
            for _ in range(60):
                low, high = (high, high + step) if first > 0.0 else (low - step, low)
                if excess(high if first > 0.0 else low) * first <= 0.0:
                    break
                step *= 1.3
            excess(float(brentq(excess, low, high, xtol=1e-14, rtol=1e-13)))
        except (ConvergenceError, ValueError):
            return None
        return last[0] if isinstance(last[0], Meridian) else None


def _arc_guess(rim: float, neck: Neck, head: float) -> ArcGuess:
    """Arc of about the wanted thickness and height that meets the head without a kink.

    With the arc's radius q its centre lies at radius n + q, and at q + R from that of the head.
    """
    narrow = 0.5 * neck.neck_diameter
    arcs = []
    for radius in np.geomspace(1e-2 * narrow, 20.0 * head, 60).tolist():
        axis = narrow + radius
        foot = min(rim, narrow + (1.0 - sin(radians(PAD_ANGLE))) * radius)
        below = sqrt(max(radius**2 - (axis - foot) ** 2, 0.0))
        up = sqrt(max((head + radius) ** 2 - axis**2, 0.0)) * radius / (head + radius)
        end: Point = (axis * head / (head + radius), below + up)
        arcs.append((abs(below + up - neck.neck_height), radius, foot, end))
    _, radius, foot, end = min(arcs)
    half_chord = 0.5 * hypot(end[0] - foot, end[1])
    return ArcGuess((foot, 0.0), end, -asin(min(half_chord / radius, 1.0)))


def necked(site: Site, joint: Joint) -> Connection:
    """Head on a neck; its diameter follows from the volume unless it is given.

    A head of free diameter is a sphere through the board's rim. A given head rests on the board's
    pad, and what the volume leaves over forms a fillet around its foot.

    Raises:
        InputError: If neck, head and volume do not go together.
    """
    neck = joint.neck
    if neck is None:
        raise InputError("joint.neck", None, "a neck")
    upper = site.interposer.wetted_radius
    if 0.5 * neck.neck_diameter >= upper:
        raise InputError(
            "joint.neck.neck_diameter",
            neck.neck_diameter,
            f"< {2 * upper}",
            "mm",
            "the neck widens to its pad",
        )
    volume = joint.solder_volume - site.plug_volume
    problem = NeckProblem(upper, neck, site.molten(joint.solder))
    if neck.head_diameter is None:
        segments, shape = _on_rim(site, problem, volume)
    else:
        segments, shape = _resting(site, problem, 0.5 * neck.head_diameter, volume)
    needed = melt_of(shape) / joint.ball_volume
    if needed > neck.melted_fraction:
        raise InputError(
            "joint.neck.melted_fraction", neck.melted_fraction, f"at least {needed:.3g}", "",
            "the neck around the head is drawn from the solder that melted",
        )  # fmt: skip
    foot = segments[-1].end
    standoff = site.standoff_of_gap(foot[1] - site.board_rim[1])
    check_standoff(standoff, "joint.neck")
    ledge = polyline([foot, site.interposer_rim(standoff)])
    outline = Outline((*segments, *ledge))
    above = upper_path(site, standoff)
    if site.interposer_face(standoff) - foot[1] > COINCIDENT:
        above = (*ledge, *above)
    else:
        above = polyline([foot, (0.0, foot[1])])
    bottom = (0.0, site.board_face)
    loop = (*lower_path(site), *segments, *above, Line(above[-1].end, bottom))
    notes: tuple[str, ...] = (
        f"the neck needs {100 * needed:.2g} % of the ball molten; of the"
        f" {100 * neck.melted_fraction:.2g} % that melted the rest froze as the foot of the head",
    )
    if ledge:
        covered = f"the neck covers {2 * foot[0]:.4g} mm of the {2 * upper:.4g} mm wide pad"
        notes = (*notes, covered)
    waist = (0.5 * neck.neck_diameter, foot[1] - 0.5 * neck.neck_height)
    return Connection(standoff, outline, (Body("solder", loop),), rims=(foot, waist), notes=notes)


def melt_of(neck: Meridian) -> float:
    """Least volume that melted: between pad, neck and the ball that reaches into it, mm3."""
    return neck.volume


def _turned(neck: Meridian, top: float) -> Spline:
    """The neck as it hangs: from the head up to its footprint at height ``top``."""
    nodes: list[Point] = [(float(r), top - float(z)) for r, z in neck.points(SPLINE_NODES)]
    return Spline(tuple(reversed(nodes)))


def _head_and_neck(start: Point, centre: float, neck: Meridian) -> tuple[Arc, Spline]:
    """Head from a point on its lower side to the neck, and the neck."""
    top = centre + neck.heights[1]
    side = _turned(neck, top)
    return Arc.about((0.0, centre), start, side.start, anticlockwise=True), side


def _on_rim(
    site: Site, problem: NeckProblem, volume: float
) -> tuple[tuple[Segment, ...], Meridian]:
    """Head through the board's rim that makes the whole joint hold the volume, and its neck."""
    lower = site.board_rim
    rim = max(lower[0], 0.5 * problem.neck.neck_diameter)
    known: list[Meridian | None] = [None]

    def made(head: float) -> tuple[Arc, Spline]:
        shape = problem.under(head, known[0])
        known[0] = shape
        return _head_and_neck(lower, lower[1] + sqrt(head**2 - lower[0] ** 2), shape)

    def residual(head: float) -> float:
        return sum(s.swept_volume() for s in made(head)) - volume

    least = 1.02 * rim
    low = high = max(least, (0.75 * volume / pi) ** (1.0 / 3.0))
    first = residual(low)
    while True:
        low, high = (0.97 * low, low) if first > 0.0 else (high, 1.03 * high)
        if high < least:
            raise InputError(
                "joint.solder_volume", f"{volume:.4g}", "a larger ball", "mm3",
                "the ball is too small for a head wider than pad and neck",
            )  # fmt: skip
        if residual(max(low, least) if first > 0.0 else high) * first <= 0.0:
            break
    segments = made(float(brentq(residual, max(low, least), high, xtol=1e-15)))
    if known[0] is None:
        raise InputError("joint.neck", problem.neck.neck_diameter, "a neck", "mm")
    return segments, known[0]


def _resting(
    site: Site, problem: NeckProblem, head: float, volume: float
) -> tuple[tuple[Segment, ...], Meridian]:
    """Given head resting on the board's pad, with a fillet of what the volume leaves over.

    Raises:
        InputError: If the volume asks for another head.
    """
    neck = problem.under(head)
    rim, centre = site.board_rim, site.board_face + head
    above = neck.heights[1] - neck.ends[1][1]
    ball = pi * (2.0 / 3.0 * head**3 + head**2 * above - above**3 / 3.0)
    left = volume - ball - neck.swept_volume
    lowest = -site.board.rim_offset
    try:
        base = BridgeProblem(rim[0], SphereCore(head), left, 0.0, problem.liquid, lowest).at(lowest)
    except InputError as error:
        raise InputError(
            "joint.neck.head_diameter", 2.0 * head,
            f"one that leaves a fillet at the board; this one leaves {left:.4g} mm3", "mm",
            "give no head diameter to have it found from the volume",
        ) from error  # fmt: skip
    fillet = placed(base, rim[1], start=rim)
    return (fillet, *_head_and_neck(fillet.end, centre, neck)), neck
