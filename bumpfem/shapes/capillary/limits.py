"""Where ranges end: sizes that are no drops, and limits without a closed form, told in errors."""

from __future__ import annotations

from collections.abc import Callable
from math import pi

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.checks import check_number

#: Largest diameter of a ball of the liquid's volume, capillary lengths: beyond, a puddle.
LARGEST_BALL = 8.0

#: Factor between values that are tried, how many, and steps of bisection that follow.
FACTOR, TRIALS, BISECTIONS = 1.6, 12, 9


def nearest(works: Callable[[float], bool], bad: float, *, above: bool) -> float | None:
    """The nearest value that works, above or below one that does not.

    Args:
        works: Whether a value works.
        bad: A positive value that does not.
        above: Whether to look above it.

    Returns:
        The value, within a thousandth of the limit; None if none of those tried works.

    >>> round(nearest(lambda x: x > 2.0, 1.0, above=True), 2)
    2.0
    """
    factor = FACTOR if above else 1.0 / FACTOR
    for _ in range(TRIALS):
        good = bad * factor
        if works(good):
            break
        bad = good
    else:
        return None
    for _ in range(BISECTIONS):
        middle = (bad * good) ** 0.5
        bad, good = (bad, middle) if works(middle) else (middle, good)
    return good


def ball_diameter(volume: float) -> float:
    """Diameter of a ball of a volume, mm."""
    return float((6.0 * volume / pi) ** (1.0 / 3.0))


def check_no_puddle(volume: float, liquid: Liquid) -> None:
    """Refuse volumes much wider than the capillary length.

    Raises:
        InputError: Names the volume, mm3.
    """
    length = liquid.capillary_length
    most = LARGEST_BALL * length
    if ball_diameter(volume) > most:
        raise InputError(
            "volume", f"{volume:.5g}", f"<= {pi / 6.0 * most**3:.4g}", "mm3",
            f"more is a puddle, much wider than the capillary length of {length:.3g} mm",
        )  # fmt: skip


def check_no_point(field: str, pad: float, volume: float, least: float) -> None:
    """Refuse pads that are no more than a point on their ball.

    Args:
        field: Name of the pad's diameter.
        pad: Its value, mm.
        volume: Volume of the liquid, mm3.
        least: Least ratio of pad and ball.

    Raises:
        InputError: Names the pad.
    """
    ball = ball_diameter(volume)
    check_number(
        field, pad, "mm", least=least * ball,
        reason=f"on a ball of {ball:.4g} mm a smaller pad is no more than a point",
    )  # fmt: skip
