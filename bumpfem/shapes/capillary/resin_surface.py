"""Surfaces of resin around a ball: the merged layer and the isolated fillet (:mod:`meniscus`)."""

from __future__ import annotations

from math import atan2, degrees, pi

from scipy.optimize import brentq

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.curved_ends import OnSphere
from bumpfem.shapes.capillary.end_protocol import End
from bumpfem.shapes.capillary.ends import FarFlat, OnPlane, Pinned
from bumpfem.shapes.capillary.fillet_guess import fillet_guess
from bumpfem.shapes.capillary.guesses import ArcGuess, Guess
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.solve import follow, solve_meridian
from bumpfem.shapes.capillary.standing_ball import StandingBall


def angle_on(ball: StandingBall, curve: Meridian) -> float:
    """Angle through the liquid between a curve that ends on a ball and the ball, degrees."""
    r, z, phi = curve.ends[1]
    return degrees(phi - pi + atan2(r, z - ball.centre))


def level_height(ball: StandingBall, volume: float, outer: float) -> float:
    """Height of a level layer of a volume around the ball, mm.

    Raises:
        InputError: If it would cover the ball.
    """

    def residual(height: float) -> float:
        return pi * outer**2 * height - ball.volume_below(max(height, ball.bottom)) - volume

    if residual(ball.top) <= 0.0:
        room = residual(ball.top) + volume
        raise InputError(
            "volume", volume, f"less than {room:.4g}", "mm3", "resin would cover the ball"
        )
    return float(brentq(residual, 0.0, ball.top, xtol=1e-15))


def merged(
    ball: StandingBall,
    liquid: Liquid,
    volume: float,
    outer: float,
    contact_angle: float,
    coat_edge: float | None,
) -> Meridian:
    """Layer that reaches the cell's edge, continued from the level layer of the same volume.

    A level layer meets the ball at its polar angle; from there the contact angle is turned to the
    wanted one, unless the contact line comes to the coat's edge on its way.
    """
    level = level_height(ball, volume, outer)
    if level <= ball.bottom:
        raise ConvergenceError("the level layer passes below the ball")
    far = FarFlat(outer)
    flat_angle = ball.polar(level)
    start = ArcGuess((outer, level), (ball.radius_at(level), level), 0.0)

    def on_ball(angle: float) -> End:
        return OnSphere(ball.centre, ball.radius, angle, closes_at=ball.bottom)

    first = solve_meridian(far, on_ball(flat_angle), liquid, volume=volume, guess=start)

    def sliding(angle: float, near: Meridian) -> Meridian:
        return solve_meridian(far, on_ball(angle), liquid, volume=volume, guess=near)

    try:
        free = follow(sliding, first, flat_angle, contact_angle)
        if coat_edge is None or free.z[-1] <= coat_edge:
            return free
    except ConvergenceError:
        if coat_edge is None:
            raise

    def pinned(edge: float, near: Guess) -> Meridian:
        rim = Pinned(ball.radius_at(edge), edge)
        swept = volume + ball.volume_below(edge)
        return solve_meridian(far, rim, liquid, volume=swept, guess=near)

    return follow(pinned, pinned(level, start), level, coat_edge)


def isolated(
    ball: StandingBall,
    liquid: Liquid,
    volume: float,
    outer: float,
    contact_angle: float,
    substrate_angle: float,
    coat_edge: float | None,
) -> Meridian:
    """Fillet that ends on the substrate.

    Raises:
        InputError: If it would reach its neighbours, or there is none of this volume.
    """
    plane = OnPlane(0.0, substrate_angle)
    sphere = OnSphere(ball.centre, ball.radius, contact_angle, closes_at=ball.bottom)
    guess = fillet_guess(ball, volume, contact_angle, substrate_angle)
    try:
        found = solve_meridian(plane, sphere, liquid, volume=volume, guess=guess)
        if coat_edge is not None and found.z[-1] > coat_edge:
            rim = Pinned(ball.radius_at(coat_edge), coat_edge)
            swept = volume + ball.volume_below(coat_edge)
            found = solve_meridian(plane, rim, liquid, volume=swept, guess=found)
    except ConvergenceError as error:
        raise InputError(
            "volume",
            volume,
            "a volume that wets ball and substrate",
            "mm3",
            "no fillet of this volume between ball and substrate is in equilibrium",
        ) from error
    if found.r[0] > outer:
        raise InputError(
            "volume", volume, "more resin, or a smaller contact angle on the substrate", "mm3",
            f"the layer drains dry midway, but fillets {2 * found.r[0]:.4g} mm wide would meet",
        )  # fmt: skip
    return found
