r"""Compiled scalar solution of the creep laws.

One equation per point, :math:`\sigma + 3 G \Delta t\, \dot p(\sigma) = \sigma^{tr}`, for rates that
are the sum of two powers of stress or a power of its hyperbolic sine.
"""

from __future__ import annotations

import math

from numba import njit

from bumpfem.units import FloatArray

#: Relative residual at which a local equation counts as solved.
LOCAL_TOLERANCE = 1e-12
MAXIMUM_ITERATIONS = 200
LOG_2 = math.log(2.0)


@njit(cache=True, nogil=True, error_model="numpy")
def log_creep_rate(
    x: float, log_a: float, log_b: float, n: float, m: float, hyperbolic: bool
) -> tuple[float, float]:
    """Logarithm of the creep rate at log stress ``x`` and its derivative by ``x``.

    Hyperbolic: ``log_a + n log sinh(exp(x + log_b))``; else the sum of two powers,
    ``log(exp(log_a + n x) + exp(log_b + m x))``.
    """
    if hyperbolic:
        z = x + log_b
        w = math.exp(z)
        if w < 1e-4:
            return log_a + n * (z + w * w / 6.0), n * (1.0 + w * w / 3.0)
        if w > 20.0:
            return log_a + n * (w - LOG_2), n * w
        e = math.exp(-2.0 * w)
        return log_a + n * (w + math.log1p(-e) - LOG_2), n * w * (1.0 + e) / (1.0 - e)
    first = log_a + n * x
    second = log_b + m * x
    if first >= second:
        e = math.exp(second - first) if first > second else 1.0
        return first + math.log1p(e), (n + m * e) / (1.0 + e)
    e = math.exp(first - second)
    return second + math.log1p(e), (m + n * e) / (1.0 + e)


@njit(cache=True, nogil=True, error_model="numpy")
def solve_creep(
    equivalent: float,
    stiffness: float,
    dt: float,
    log_a: float,
    log_b: float,
    n: float,
    m: float,
    hyperbolic: bool,
) -> tuple[bool, float, float, float]:
    """Solved?, theta, t and increment of ``sigma + 3 G dt rate(sigma) = equivalent``.

    Unknown is x = log sigma, residual log(sigma + 3 G dt rate) - log(equivalent): convex and
    increasing, with slopes between 1 and that of the rate, so Newton from the right is monotone.
    """
    target = math.log(equivalent)
    log_factor = math.log(stiffness * dt) if dt > 0.0 else -math.inf
    x = target
    low, high = -math.inf, target
    for _ in range(MAXIMUM_ITERATIONS):
        log_rate, rate_slope = log_creep_rate(x, log_a, log_b, n, m, hyperbolic)
        log_flow = log_factor + log_rate
        if log_flow > x:
            q = math.exp(x - log_flow)
            residual = log_flow + math.log1p(q) - target
            weight = 1.0 / (1.0 + q)
        else:
            q = math.exp(log_flow - x)
            residual = x + math.log1p(q) - target
            weight = q / (1.0 + q)
        slope = 1.0 - weight + weight * rate_slope
        if abs(residual) <= LOCAL_TOLERANCE:
            if weight < 0.5:
                increment = math.exp(log_flow) / stiffness
                ratio = 1.0 - stiffness * increment / equivalent
            else:
                ratio = math.exp(x) / equivalent
                increment = equivalent * (1.0 - ratio) / stiffness
            return True, ratio, ratio / slope, increment
        if residual > 0.0:
            high = x
        else:
            low = x
        guess = x - residual / slope
        if not (low < guess < high):
            guess = 0.5 * (low + high) if low > -math.inf else high - 1.0
        x = guess
    return False, 1.0, 1.0, 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def solve_creep_points(
    equivalent: FloatArray,
    shear: FloatArray,
    dt: float,
    log_a: FloatArray,
    log_b: FloatArray,
    n: float,
    m: float,
    hyperbolic: bool,
    solution: FloatArray,
) -> int:
    """Theta, t and increment of all points (n, 3); -1 or the first point not solved."""
    for p in range(equivalent.shape[0]):
        solved, theta, slope, increment = solve_creep(
            equivalent[p], 3.0 * shear[p], dt, log_a[p], log_b[p], n, m, hyperbolic
        )
        if not solved:
            return p
        solution[p, 0] = theta
        solution[p, 1] = slope
        solution[p, 2] = increment
    return -1
