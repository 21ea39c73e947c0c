"""What a number given by a user has to be: one check for all shapes."""

from __future__ import annotations

from math import inf, isfinite

import numpy as np

from bumpfem.errors import InputError


def check_number(
    field: str,
    value: object,
    unit: str = "",
    *,
    above: float = -inf,
    least: float = -inf,
    below: float = inf,
    most: float = inf,
    reason: str = "",
) -> None:
    """Refuse what is not a finite number within its range.

    Args:
        field: Name of the value.
        value: What was given.
        unit: Its unit; empty for a pure number.
        above: The value has to be larger than this.
        least: It has to be this or larger.
        below: It has to be smaller than this.
        most: It has to be this or smaller.
        reason: Why the range is what it is.

    Raises:
        InputError: Names field, value, unit and range.

    >>> check_number("pitch", "0.8", "mm", above=0.0)
    Traceback (most recent call last):
    ...
    bumpfem.errors.InputError: pitch = '0.8' mm is not allowed: expected a number > 0
    """
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        number = float(value)
        if isfinite(number) and above < number < below and least <= number <= most:
            return
        raise InputError(field, value, _range(above, least, below, most), unit, reason)
    allowed = f"a number {_range(above, least, below, most)}".removesuffix(" a finite number")
    raise InputError(field, repr(value), allowed, unit, reason)


def check_numbers(unit: str = "", *, above: float = -inf, least: float = -inf,
                  most: float = inf, **values: object) -> None:  # fmt: skip
    """The same check for several values, by their names."""
    for field, value in values.items():
        check_number(field, value, unit, above=above, least=least, most=most)


def check_pair(field: str, value: object, unit: str) -> None:
    """Refuse what is not a pair of finite numbers, x and y.

    Raises:
        InputError: Names the pair or the number in it.
    """
    if not isinstance(value, tuple | list | np.ndarray) or len(value) != 2:
        raise InputError(field, repr(value), "a pair of numbers (x, y)", unit)
    for axis, number in zip("xy", value, strict=True):
        check_number(f"{field}.{axis}", number, unit)


def check_kind(field: str, value: object, kind: type) -> None:
    """Refuse a value of another class.

    Raises:
        InputError: Names the field and the class.

    >>> check_kind("liquid", None, float)
    Traceback (most recent call last):
    ...
    bumpfem.errors.InputError: liquid = None is not allowed: expected a float
    """
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOaeio" else "a"
        raise InputError(field, repr(value), f"{article} {kind.__name__}")


def _range(above: float, least: float, below: float, most: float) -> str:
    """A range in words."""
    open_low, closed_low = above > -inf, least > -inf
    open_high, closed_high = below < inf, most < inf
    high = f"below {below:.7g}" if open_high else f"up to {most:.7g}"
    if open_low and (open_high or closed_high):
        return f"above {above:.7g}, {high}"
    if closed_low and closed_high:
        return f"{least:.7g} to {most:.7g}"
    if closed_low and open_high:
        return f"{least:.7g} or more, {high}"
    if open_low or closed_low:
        return f"> {above:.7g}" if open_low else f">= {least:.7g}"
    if open_high or closed_high:
        return f"< {below:.7g}" if open_high else f"<= {most:.7g}"
    return "a finite number"
