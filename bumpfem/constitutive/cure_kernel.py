r"""Compiled integration of cure at many points.

With :math:`y = -\ln(1 - x)` a law :math:`\dot x = f(x, T)` becomes
:math:`\dot y = f/(1 - x)`. Of a first-order law that is a constant at constant temperature, so the
end of cure, where :math:`x` creeps towards 1, is not stiff; where diffusion stops the law, the rate
that remains falls with time as 1/t and its slope with it. An explicit pair of fifth and fourth
order (Dormand and Prince 1980) with error control then is enough for holds of any length.

A law with branches (Lee, Loos and Springer) jumps where they meet: the step that would cross is
shortened until it ends there, and the next one starts on the other branch.
"""

from __future__ import annotations

import math

from numba import njit

from bumpfem.constitutive.autocatalytic import autocatalytic
from bumpfem.constitutive.cure_law import AUTOCATALYTIC, KAMAL_SOUROUR, LEE_LOOS_SPRINGER
from bumpfem.constitutive.kamal_sourour import kamal_sourour
from bumpfem.constitutive.lee_loos_springer import lee_loos_springer
from bumpfem.constitutive.nth_order import nth_order
from bumpfem.units import ZERO_CELSIUS_K, FloatArray

#: Local error of the cure in one step; relative to a cure below a tenth, since autocatalysis
#: multiplies early errors.
_LOCAL_ERROR = 1e-11
#: Cure below which errors are no longer judged relative to it.
_SMALLEST_CURE = 1e-14
#: -ln(1 - x) from which a resin counts as wholly cured.
_COMPLETE = 32.0
#: Steps of one call before it is given up; a hold of hours takes some hundred.
_MOST_STEPS = 100_000
_HALVINGS = 60
#: Time in which nothing happens, s; a rate of heating over less might overflow.
_NO_TIME = 1e-100


@njit(cache=True, nogil=True, error_model="numpy")
def cure_rate(kind: int, constants: FloatArray, branch: int, cure: float, kelvin: float) -> float:
    """Rate of a law, 1/s.

    Args:
        kind: Which law, see :mod:`bumpfem.constitutive.cure_law`.
        constants: Its constants.
        branch: Branch of a law that has several.
        cure: Degree of cure.
        kelvin: Absolute temperature, K.
    """
    if kind == KAMAL_SOUROUR:
        return kamal_sourour(constants, cure, kelvin)[0]
    if kind == AUTOCATALYTIC:
        return autocatalytic(constants, cure, kelvin)[0]
    if kind == LEE_LOOS_SPRINGER:
        return lee_loos_springer(constants, branch, cure, kelvin)[0]
    return nth_order(constants, cure, kelvin)[0]


@njit(cache=True, nogil=True, error_model="numpy")
def switch_of(kind: int, constants: FloatArray) -> float:
    """Cure at which a law changes its branch; infinite for a law of one branch."""
    return constants[7] if kind == LEE_LOOS_SPRINGER else math.inf


@njit(cache=True, nogil=True, error_model="numpy")
def _slope(kind: int, constants: FloatArray, branch: int, y: float, kelvin: float) -> float:
    """Rate of y = -ln(1 - x)."""
    left = math.exp(-min(max(y, 0.0), _COMPLETE + 4.0))
    return cure_rate(kind, constants, branch, 1.0 - left, kelvin) / left


@njit(cache=True, nogil=True, error_model="numpy")
def _step(
    kind: int,
    constants: FloatArray,
    branch: int,
    y: float,
    k1: float,
    start: float,
    heating: float,
    h: float,
) -> tuple[float, float, float]:
    """-ln(1 - x) after a step of length h, its rate, and its estimated error.

    Args:
        kind: Which law.
        constants: Its constants.
        branch: Its branch.
        y: At the start.
        k1: Rate at the start.
        start: Absolute temperature at the start, K.
        heating: Its rate, K/s.
        h: Length, s.
    """
    k2 = _slope(kind, constants, branch, y + h * k1 / 5.0, start + heating * h / 5.0)
    k3 = _slope(
        kind, constants, branch,
        y + h * (3.0 / 40.0 * k1 + 9.0 / 40.0 * k2), start + heating * h * 0.3,
    )  # fmt: skip
    k4 = _slope(
        kind, constants, branch,
        y + h * (44.0 / 45.0 * k1 - 56.0 / 15.0 * k2 + 32.0 / 9.0 * k3),
        start + heating * h * 0.8,
    )  # fmt: skip
    k5 = _slope(
        kind, constants, branch,
        y + h * (
            19372.0 / 6561.0 * k1 - 25360.0 / 2187.0 * k2 + 64448.0 / 6561.0 * k3
            - 212.0 / 729.0 * k4
        ),
        start + heating * h * 8.0 / 9.0,
    )  # fmt: skip
    k6 = _slope(
        kind, constants, branch,
        y + h * (
            9017.0 / 3168.0 * k1 - 355.0 / 33.0 * k2 + 46732.0 / 5247.0 * k3 + 49.0 / 176.0 * k4
            - 5103.0 / 18656.0 * k5
        ),
        start + heating * h,
    )  # fmt: skip
    end = y + h * (
        35.0 / 384.0 * k1 + 500.0 / 1113.0 * k3 + 125.0 / 192.0 * k4 - 2187.0 / 6784.0 * k5
        + 11.0 / 84.0 * k6
    )  # fmt: skip
    k7 = _slope(kind, constants, branch, end, start + heating * h)
    error = h * (
        71.0 / 57600.0 * k1 - 71.0 / 16695.0 * k3 + 71.0 / 1920.0 * k4
        - 17253.0 / 339200.0 * k5 + 22.0 / 525.0 * k6 - k7 / 40.0
    )  # fmt: skip
    return end, k7, error


@njit(cache=True, nogil=True, error_model="numpy")
def advance_point(
    kind: int, constants: FloatArray, cure: float, start: float, end: float, dt: float
) -> float:
    """Cure after a time in which the temperature runs in a straight line; -1 if it fails.

    Args:
        kind: Which law.
        constants: Its constants.
        cure: At the start, 0 to 1.
        start: Absolute temperature at the start, K.
        end: At the end, K.
        dt: Time, s.
    """
    if dt <= _NO_TIME or cure >= 1.0:
        return cure
    heating = (end - start) / dt
    switch = switch_of(kind, constants)
    branch = 0 if cure < switch else 1
    border = -math.log1p(-switch) if branch == 0 and switch < 1.0 else math.inf
    y, time, h = -math.log1p(-cure), 0.0, dt
    k1 = _slope(kind, constants, branch, y, start)
    for _ in range(_MOST_STEPS):
        h = min(h, dt - time)
        here = start + heating * time
        after, k7, error = _step(kind, constants, branch, y, k1, here, heating, h)
        left = math.exp(-y)
        reached = -math.expm1(-max(after, y))
        allowed = _LOCAL_ERROR * min(1.0, 10.0 * max(reached, _SMALLEST_CURE))
        size = left * abs(error) / allowed
        if not size <= 1.0:
            h *= max(0.1, 0.9 * size ** (-0.2)) if math.isfinite(size) else 0.1
            continue
        if after >= border:
            near, far = 0.0, h
            for _ in range(_HALVINGS):
                middle = 0.5 * (near + far)
                if _step(kind, constants, branch, y, k1, here, heating, middle)[0] < border:
                    near = middle
                else:
                    far = middle
            time += far
            y, branch, border = border, 1, math.inf
            if time >= dt:
                return -math.expm1(-y)
            k1 = _slope(kind, constants, branch, y, start + heating * time)
            continue
        y, k1 = max(after, y), k7
        time += h
        if time >= dt * (1.0 - 1e-15):
            return max(cure, -math.expm1(-y))
        if y >= _COMPLETE:
            return 1.0
        h *= min(5.0, 0.9 * max(size, 1e-10) ** (-0.2))
    return -1.0


@njit(cache=True, nogil=True, error_model="numpy")
def advance_points(
    kind: int,
    constants: FloatArray,
    cure: FloatArray,
    start: FloatArray,
    end: FloatArray,
    dt: FloatArray,
    found: FloatArray,
) -> int:
    """Cure ``(n,)`` of all points after ``dt`` ``(n,)``, temperatures in degrees C.

    A point that starts as the one before it gets its result.

    Returns:
        -1, or the first point that failed.
    """
    for p in range(cure.shape[0]):
        same = p > 0 and cure[p] == cure[p - 1] and dt[p] == dt[p - 1]
        if same and start[p] == start[p - 1] and end[p] == end[p - 1]:
            found[p] = found[p - 1]
            continue
        found[p] = advance_point(
            kind, constants, cure[p], start[p] + ZERO_CELSIUS_K, end[p] + ZERO_CELSIUS_K, dt[p]
        )
        if found[p] < 0.0:
            return p
    return -1
