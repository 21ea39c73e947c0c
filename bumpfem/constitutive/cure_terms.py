"""Terms that the laws of cure share, compiled, for one point."""

from __future__ import annotations

import math

from numba import njit

#: Cure below which the slope of a power is taken at this cure: it may be infinite at zero.
_LEAST_CURE = 1e-12


@njit(cache=True, nogil=True, error_model="numpy")
def arrhenius(factor: float, activation: float, kelvin: float) -> tuple[float, float]:
    """``factor exp(-activation / T)`` and its slope over T, with ``activation`` = E/R in K."""
    value = factor * math.exp(-activation / kelvin)
    return value, value * activation / (kelvin * kelvin)


@njit(cache=True, nogil=True, error_model="numpy")
def power(base: float, exponent: float) -> tuple[float, float]:
    """``base ** exponent`` for a base of zero or more and its slope over the base."""
    value = math.pow(max(base, 0.0), exponent)
    return value, exponent * math.pow(max(base, _LEAST_CURE), exponent - 1.0)
