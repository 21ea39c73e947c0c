"""The family of joints between two pads: how a joint is reached, and where the family ends.

A joint that is not found directly is followed from the free one (no load), and that from the
weightless one. Where the family ends the error says at which load, stand-off or volume.
"""

from __future__ import annotations

from dataclasses import replace
from math import pi

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.limits import check_no_point, check_no_puddle, nearest
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.mounted_search import DRAWS_BACK, UNSTABLE, Search
from bumpfem.shapes.capillary.solve import follow
from bumpfem.shapes.checks import check_number

#: First step along the family and smallest one, relative to force and height of the free joint.
FIRST_STEP, LEAST_STEP = 0.25, 5e-4
#: What may be told to users as a cause.
CAUSES = (DRAWS_BACK, UNSTABLE)
#: Least diameter of a pad, relative to a ball of the solder's volume: a smaller one is a point.
LEAST_PAD = 0.05
#: Least mean thickness of solder between the pads, relative to the radius of the larger one.
LEAST_FILM = 1e-3


def check_sizes(volume: float, board_pad: float, interposer_pad: float, liquid: Liquid) -> None:
    """Refuse solder that is no joint: a film, a point or a puddle (mm3, mm).

    Raises:
        InputError: Names the volume or the pad, its range and the reason.
    """
    check_no_puddle(volume, liquid)
    for field, pad in (
        ("board_pad_diameter", board_pad), ("interposer_pad_diameter", interposer_pad),
    ):  # fmt: skip
        check_no_point(field, pad, volume, LEAST_PAD)
        check_number(
            field, pad, "mm", most=2.0 * (volume / (pi * LEAST_FILM)) ** (1.0 / 3.0),
            reason=f"{volume:.4g} mm3 would be no more than a film between wider pads",
        )  # fmt: skip


def find(search: Search, target: float, known: Meridian | None = None) -> Meridian:
    """The stable meridian at a load (N) or stand-off (mm).

    Args:
        search: Volume, pads and liquid.
        target: Load or stand-off.
        known: A similar joint to start from.

    Raises:
        InputError: If there is none; says where the family of joints ends.
    """
    try:
        return search.direct(target) if known is None else search.settle(target, known)
    except ConvergenceError:
        pass
    try:
        start = free(search)
    except ConvergenceError as error:
        try:
            return _by_weight(search, target)
        except ConvergenceError:
            raise _no_volume(search, str(error)) from error
    return _followed(search, start, target)


def free(search: Search) -> Meridian:
    """The stable joint without load: directly, or by turning up its weight.

    Raises:
        ConvergenceError: If there is none.
    """
    unloaded = replace(search, by_standoff=False)
    try:
        return unloaded.direct(0.0)
    except ConvergenceError:
        return _by_weight(unloaded, 0.0)


def _by_weight(search: Search, target: float) -> Meridian:
    """The joint at a target, followed from the weightless one by turning up its weight.

    Raises:
        ConvergenceError: If there is none.
    """
    start = search.weighing(0.0).direct(target)
    return follow(
        lambda share, guess: search.weighing(share).settle(target, guess), start, 0.0, 1.0,
        step=0.25,
    )  # fmt: skip


def strongest_pull(search: Search) -> float:
    """The largest pull that a joint holds, as a negative load, N.

    Args:
        search: Volume, pads and liquid; by load.

    Raises:
        ConvergenceError: If there is no joint without load.
    """
    weight = search.liquid.specific_weight * search.volume
    rims = 2.0 * pi * search.liquid.surface_tension * (search.lower_radius + search.upper_radius)
    return _way(search, free(search), -100.0 * (rims + weight))[1]


def _followed(search: Search, start: Meridian, target: float) -> Meridian:
    """Follow the free joint's family to the target.

    Raises:
        InputError: If it ends before.
    """
    found, reached, cause = _way(search, start, target)
    if found is None:
        first = start.heights[1] if search.by_standoff else 0.0
        raise _refusal(search, target, first, reached, cause)
    return found


def _way(search: Search, start: Meridian, target: float) -> tuple[Meridian | None, float, str]:
    """The joint at the target (None where the family ends before), how far it went, and why."""
    first = start.heights[1] if search.by_standoff else 0.0
    way = abs(target - first)
    if way == 0.0:
        return start, target, ""
    scale = start.heights[1]
    if not search.by_standoff:
        scale = pi * search.liquid.surface_tension * min(search.lower_radius, search.upper_radius)
    reached = [first]

    def solve(value: float, guess: Meridian) -> Meridian:
        found = search.settle(value, guess)
        reached.append(value)
        return found

    step = min(FIRST_STEP, FIRST_STEP * scale / way)
    try:
        found = follow(solve, start, first, target, step=step, least=LEAST_STEP * scale / way)
    except ConvergenceError as error:
        return None, reached[-1], str(error)
    return found, target, ""


def _refusal(search: Search, target: float, first: float, reached: float, cause: str) -> InputError:
    """What to tell where the family of stable joints ends."""
    if search.by_standoff and target > first:
        end = DRAWS_BACK if DRAWS_BACK in cause else "the joint pinches off"
        return InputError(
            "standoff", f"{target:.5g}", f"<= {reached:.4g}", "mm",
            f"{search.volume:.4g} mm3 is too small to bridge the pads at this stand-off: {end}",
        )  # fmt: skip
    if search.by_standoff:
        return InputError(
            "standoff", f"{target:.5g}", f">= {reached:.4g}", "mm",
            "the solder would be squeezed out between the pads",
        )  # fmt: skip
    if target < 0.0:
        return InputError(
            "load", f"{target:.5g}", f">= {reached:.4g}", "N", "the pull tears the joint off"
        )
    return InputError(
        "load", f"{target:.5g}", f"<= {reached:.4g}", "N",
        "the load is too large: it squeezes the solder out between the pads",
    )  # fmt: skip


def _no_volume(search: Search, cause: str) -> InputError:
    """What to tell where there is no joint of this volume without load."""
    told = [known for known in CAUSES if known in cause]
    reason = f"without load {told[0]}" if told else "no joint of this volume is in equilibrium"
    limits = []

    def joins(volume: float) -> bool:
        try:
            free(replace(search, volume=volume))
        except ConvergenceError:
            return False
        return True

    for above, sign in ((True, ">="), (False, "<=")):
        limit = nearest(joins, search.volume, above=above)
        if limit is not None:
            limits.append(f"{sign} {limit:.4g}")
    allowed = " or ".join(limits) or "another volume, or other pads"
    return InputError("volume", f"{search.volume:.5g}", allowed, "mm3", reason)
