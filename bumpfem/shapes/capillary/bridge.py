r"""Liquid bridge between a wetted pad and a rigid body over it.

The pad's rim pins the meniscus; on the body the contact line slides and keeps its angle. For a
gap g between pad and body the liquid pushes both apart with

.. math:: F(g) = -\frac{\mathrm{d}E}{\mathrm{d}g}
   = \pi r_c^2 \,(p - w z_c) - 2 \pi r_c \gamma \sin\phi_c + w V_{dip},

at the contact line (subscript c; the last term is the buoyancy of what dips in). Pressed together
with a load P the body comes to rest where F = P, or on the pad (a film of thickness ``least_gap``
stays between them) if F is less than P even there: contact is one-sided and carries the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import pi, radians

from scipy.optimize import brentq

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.bridge_guesses import bridge_arcs
from bumpfem.shapes.capillary.core_body import CutBall, DropCore, SphereCore
from bumpfem.shapes.capillary.curved_ends import OnSphere
from bumpfem.shapes.capillary.ends import OnPlane, Pinned
from bumpfem.shapes.capillary.guesses import Guess
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.solve import solve_meridian
from bumpfem.shapes.checks import check_number

Core = SphereCore | CutBall | DropCore


@dataclass(frozen=True)
class Bridge:
    """A bridge at rest.

    Args:
        meridian: Free surface; the pad's face is at height 0 in it, the body above.
        gap: Distance of pad and body, mm.
        push: Force with which the liquid drives body and pad apart, on the body, N.
        contact_force: Force carried by contact of body and pad, N.
    """

    meridian: Meridian
    gap: float
    push: float
    contact_force: float


@dataclass(frozen=True)
class BridgeProblem:
    """A pad, a body over it and the liquid between them; heights count from the pad.

    Args:
        pad_radius: Radius of the wettable pad, mm.
        core: The body.
        volume: Volume of the liquid, mm3.
        contact_angle: On the body, degrees.
        liquid: Its specific weight is negative where the pad is above the body.
        least_gap: Distance of the body from the rim's plane in contact, mm; negative where it dips
            into an opening of the resist, whose volume then does not count.
        pad_angle: Contact angle on the pad, degrees: a liquid that would meet the rim at less
            covers only as much of the pad as this angle leaves it. 0: it has to reach the rim.

    Raises:
        InputError: For a length or volume that is not positive.
    """

    pad_radius: float
    core: Core
    volume: float
    contact_angle: float
    liquid: Liquid
    least_gap: float = 0.0
    pad_angle: float = 0.0

    def __post_init__(self) -> None:
        check_number("pad_radius", self.pad_radius, "mm", above=0.0)
        check_number("bridge.volume", self.volume, "mm3", above=0.0)
        check_number("contact_angle", self.contact_angle, "deg", least=0.0, below=180.0)
        check_number("pad_angle", self.pad_angle, "deg", least=0.0, below=90.0)
        check_number(
            "gap", self.least_gap, "mm", above=-0.5 * self.core.extent,
            reason="less than half of the core below the rim",
        )  # fmt: skip

    def at(self, gap: float, guess: Guess | None = None) -> Meridian:
        """The bridge at a given gap.

        Raises:
            InputError: If no bridge of this volume spans the gap.
        """
        found = self._from(Pinned(self.pad_radius, 0.0), gap, guess)
        if found is not None and float(found.phi[0]) <= pi - radians(self.pad_angle):
            return found
        if self.pad_angle > 0.0:
            found = self._from(OnPlane(0.0, self.pad_angle), gap, guess)
            if found is not None and float(found.r[0]) <= self.pad_radius:
                return found
        raise InputError(
            "shell_volume", f"{self.volume:.4g}", "another volume or a smaller gap", "mm3",
            f"no liquid bridge of this volume joins a pad {2 * self.pad_radius:.4g} mm wide to the"
            f" body {gap:.4g} mm away",
        )  # fmt: skip

    def _from(self, lower: Pinned | OnPlane, gap: float, guess: Guess | None) -> Meridian | None:
        """The first sound bridge from an end on the pad, over the guesses; None without one."""
        upper = self.core.end(gap, self.contact_angle)
        sphere = _sphere_like(self.core, gap, self.contact_angle)
        starts: list[Guess] = [] if guess is None else [guess]
        pinned = self.pad_radius if isinstance(lower, Pinned) else None
        starts += bridge_arcs(sphere, self.volume, pinned, self.pad_angle)
        for start in starts:
            try:
                near = start
                if start is not guess and isinstance(self.core, DropCore):
                    near = solve_meridian(
                        lower, sphere, self.liquid, volume=self.volume, guess=start
                    )
                found = solve_meridian(lower, upper, self.liquid, volume=self.volume, guess=near)
            except ConvergenceError:
                continue
            if _sound(found):
                return found
        return None

    def rest(self, load: float, weight: float = 0.0) -> Bridge:
        """The bridge under a load, with or without contact.

        Args:
            load: Force that presses body and pad together, N.
            weight: Weight that presses them together besides, N.

        Raises:
            InputError: If no bridge carries the load.
        """
        return rest(self.at, load, self.least_gap, self.pad_radius, weight)


def rest(
    at: Callable[[float, Guess | None], Meridian],
    load: float,
    least_gap: float,
    size: float,
    weight: float = 0.0,
) -> Bridge:
    """The bridge under a load, with or without contact.

    Args:
        at: The bridge at a gap, from a guess.
        load: Force that presses body and pad together, N.
        least_gap: Gap in contact, mm.
        size: Scale of the search for a gap, mm.
        weight: Weight that presses them together besides, N.

    Raises:
        InputError: If there is no bridge, or the pull is too strong for it.
    """
    pressed = load + weight
    lowest, closed = _lowest(at, pressed, least_gap, size)
    if closed.force <= pressed:
        return Bridge(closed, least_gap, closed.force, pressed - closed.force)
    last = [closed]

    def excess(gap: float) -> float:
        last[0] = at(gap, last[0])
        return last[0].force - pressed

    low, high = _bracket(excess, lowest, 0.02 * size)
    if high is None:
        raise InputError(
            "load", f"{load:.5g}", f">= {last[0].force - weight:.3g}", "N",
            "the pull tears the joint off",
        )  # fmt: skip
    gap = float(brentq(excess, low, high, xtol=1e-14, rtol=1e-13))
    found = at(gap, last[0])
    return Bridge(found, gap, found.force, 0.0)


def _bracket(
    excess: Callable[[float], float], lowest: float, step: float
) -> tuple[float, float | None]:
    """Gaps between which a force falls to the wanted one; None above where its bridge ends first.

    Steps shorten where there is no bridge any more: the last one found is the widest.
    """
    low, least = lowest, 1e-2 * step
    while step > least:
        try:
            if excess(low + step) <= 0.0:
                return low, low + step
        except InputError:
            step *= 0.5
            continue
        low, step = low + step, 1.5 * step
    return low, None


def _lowest(
    at: Callable[[float, Guess | None], Meridian], load: float, least_gap: float, size: float
) -> tuple[float, Meridian]:
    """The bridge in contact; a drop too large for that may hold the body off by more than the load.

    Then the smallest gap (in steps) at which it does.
    """
    try:
        return least_gap, at(least_gap, None)
    except InputError as error:
        for step in range(1, 21):
            gap = least_gap + 0.03 * step * size
            with suppress(InputError):
                found = at(gap, None)
                if found.force > load:
                    return gap, found
        raise error


def _sphere_like(core: Core, gap: float, contact_angle: float) -> OnSphere:
    """The body's end, or for a frozen drop that of a ball as wide as it."""
    if isinstance(core, SphereCore):
        return OnSphere(gap + core.radius, core.radius, contact_angle)
    if isinstance(core, CutBall):
        return core.end(gap, contact_angle)
    radius = core.profile.max_radius
    return OnSphere(gap + radius, radius, contact_angle)


def _sound(meridian: Meridian) -> bool:
    """Whether the meridian is a graph of its arc length that stays between pad and body."""
    points = meridian.points(101)
    tip = float(meridian.phi[-1])
    return bool(
        points[:, 0].min() > 0.0
        and points[1:, 1].min() > -1e-9
        and -0.5 * pi < float(meridian.phi[0]) < 1.5 * pi
        and -0.5 * pi < tip < 1.5 * pi
    )
