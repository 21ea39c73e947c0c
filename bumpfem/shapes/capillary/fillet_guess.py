"""First guess of a fillet between a standing ball and its substrate."""

from __future__ import annotations

from math import acos, cos, inf, pi, radians, sin

import numpy as np

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.guesses import ArcGuess
from bumpfem.shapes.capillary.standing_ball import StandingBall

#: Steps of the search for the fillet's contact on the ball.
SEARCH_STEPS = 60


def fillet_guess(
    ball: StandingBall, volume: float, contact_angle: float, substrate_angle: float
) -> ArcGuess:
    """Circular arc of about the volume that meets ball and substrate at their angles."""
    lowest = acos(max(-1.0, min(1.0, ball.centre / ball.radius))) if ball.bottom == 0.0 else 0.0

    def arc(polar: float) -> ArcGuess | None:
        contact = (ball.radius * sin(polar), ball.centre - ball.radius * cos(polar))
        first, last = pi - radians(substrate_angle), polar + radians(contact_angle)
        chord, half = 0.5 * (first + last), 0.5 * (last - first)
        if not 0.5 * pi < chord < pi or contact[1] <= 0.0 or abs(half) >= 0.5 * pi:
            return None
        foot = contact[0] - contact[1] * cos(chord) / sin(chord)
        return ArcGuess((foot, 0.0), contact, half)

    def enclosed(polar: float) -> float:
        guess = arc(polar)
        if guess is None:
            return inf
        r, z = guess.states(np.linspace(0.0, 1.0, 33))[:, :2].T
        swept = float(np.trapezoid(pi * r**2, z))
        return swept - ball.volume_below(guess.end[1])

    best, guess = inf, None
    for step in range(1, SEARCH_STEPS):
        polar = lowest + (pi - lowest) * step / SEARCH_STEPS
        miss = abs(enclosed(polar) - volume)
        if miss < best:
            best, guess = miss, arc(polar)
    if guess is None:
        raise InputError(
            "contact_angle", contact_angle, "smaller angles on ball or substrate",
            "deg", "no fillet between ball and substrate has these angles",
        )  # fmt: skip
    return guess
