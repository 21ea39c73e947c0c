"""The Anand law: rate-dependent flow with one internal resistance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numba import njit

from bumpfem.constitutive.flow import IsotropicFlow
from bumpfem.errors import InputError
from bumpfem.units import FloatArray, kelvin

#: Relative residual at which a local equation counts as solved.
LOCAL_TOLERANCE = 1e-12
MAXIMUM_ITERATIONS = 200
LOG_2 = math.log(2.0)


@dataclass(frozen=True)
class Anand(IsotropicFlow):
    r"""Viscoplasticity without a yield surface (Brown, Kim and Anand 1989).

    .. math::
        \dot p = A e^{-Q/RT} \sinh(\xi\sigma/s)^{1/m}, \quad
        \dot s = h_0 |1 - s/s^*|^a\, \mathrm{sign}(1 - s/s^*)\, \dot p, \quad
        s^* = \hat s\, \left(\frac{\dot p}{A} e^{Q/RT}\right)^n

    State column 7 is the resistance s in MPa.

    Args:
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number.
        A: Pre-exponential factor, 1/s.
        Q_over_R: Activation temperature, K.
        xi: Multiplier of stress.
        m: Rate sensitivity of stress, 0..1.
        h0: Hardening constant, MPa.
        s_hat: Coefficient of the saturation resistance, MPa.
        n: Rate sensitivity of the saturation resistance, 0 up to 1.
        a: Rate sensitivity of hardening, at least 1.
        s0: Initial resistance, MPa.

    Raises:
        InputError: A constant outside these limits.
    """

    A: float
    Q_over_R: float
    xi: float
    m: float
    h0: float
    s_hat: float
    n: float
    a: float
    s0: float
    name: ClassVar[str] = "anand"
    n_state: ClassVar[int] = 8

    def __post_init__(self) -> None:
        for name in ("A", "xi", "m", "s_hat", "s0"):
            if not (0.0 < getattr(self, name) < np.inf):
                raise InputError(f"anand.{name}", getattr(self, name), "a positive number")
        for name in ("Q_over_R", "h0", "n"):
            if not (0.0 <= getattr(self, name) < np.inf):
                raise InputError(f"anand.{name}", getattr(self, name), "zero or more")
        if self.m > 1.0:
            raise InputError("anand.m", self.m, "at most 1")
        if self.n >= 1.0:
            raise InputError("anand.n", self.n, "less than 1")
        if not (1.0 <= self.a < np.inf):
            raise InputError("anand.a", self.a, "at least 1")

    def initial_state(self, n: int) -> FloatArray:
        """No inelastic strain, resistance s0: (n, 8)."""
        state = np.zeros((n, self.n_state))
        state[:, 7] = self.s0
        return state

    def log_z0(self, temperature: FloatArray) -> FloatArray:
        """``Q/RT - log A`` at temperatures in degrees Celsius."""
        values: FloatArray = self.Q_over_R / kelvin(temperature) - np.log(self.A)
        return values

    def saturation_stress(self, rate: float, temperature: float) -> float:
        """Stress (MPa) of steady flow at ``rate`` (1/s): ``s*/xi asinh(Z^m)``, a closed form."""
        log_z = np.log(rate) + float(self.log_z0(np.asarray([temperature]))[0])
        return float(
            self.s_hat * np.exp(self.n * log_z) * np.arcsinh(np.exp(self.m * log_z)) / self.xi
        )

    def solve(
        self,
        equivalent: FloatArray,
        shear: FloatArray,
        temperature: FloatArray,
        dt: float,
        state: FloatArray,
        solution: FloatArray,
        new_state: FloatArray,
    ) -> int:
        """Flow and resistance at every point; see :class:`IsotropicFlow`."""
        constants = np.array([self.xi, self.m, self.h0, self.s_hat, self.n, self.a])
        failed: int = solve_anand_points(
            equivalent, shear, float(dt), self.log_z0(temperature), constants, state, solution,
            new_state,
        )  # fmt: skip
        return failed


@njit(cache=True, nogil=True, error_model="numpy")
def anand_resistance(offset: float, strength: float, a: float, guess: float) -> float:
    """Root v >= 0 of ``v + strength v^a = offset`` (all >= 0, a >= 1).

    This is backward Euler for the resistance s, with v = abs(1 - s/s*): convex and increasing. A
    Newton step leaves an error below (a - 1)/2 step^2/v, so a step of 1e-7 v is the last one.
    """
    if offset <= 0.0 or strength <= 0.0:
        return offset
    v = min(max(guess, 1e-3 * offset), offset)
    for _ in range(MAXIMUM_ITERATIONS):
        power: float = strength * v ** (a - 1.0)
        residual = v * (1.0 + power) - offset
        step = residual / (1.0 + a * power)
        v = min(max(v - step, 0.0), offset)
        if abs(step) <= 1e-7 * v:
            return v
    return math.nan


@njit(cache=True, nogil=True, error_model="numpy")
def solve_anand(
    equivalent: float, stiffness: float, dt: float, log_z0: float, s0: float, constants: FloatArray
) -> tuple[bool, float, float, float, float]:
    """Solved?, theta, t, increment and new resistance s of the Anand law.

    Unknown is y = log rate; ``sigma(y) = s/xi asinh(Z^m)``, ``Z = rate/A exp(Q/RT)``, never
    overflows, and the flow is bounded by ``3 G dt rate <= equivalent``.
    """
    if dt == 0.0:
        return True, 1.0, 1.0, 0.0, s0
    xi, m, h0, s_hat, n, a = constants
    high = math.log(equivalent / (stiffness * dt))
    low = -math.inf
    w = xi * equivalent / s0
    log_sinh = w + math.log1p(-math.exp(-2.0 * w)) - LOG_2 if w > 1e-8 else math.log(w)
    y = min(high, log_sinh / m - log_z0)
    v = math.inf
    for _ in range(MAXIMUM_ITERATIONS):
        log_z = y + log_z0
        increment = dt * math.exp(y)
        saturation = s_hat * math.exp(n * log_z)
        offset = 1.0 - s0 / saturation
        strength = h0 * increment / saturation
        v = anand_resistance(abs(offset), strength, a, v)
        distance = math.copysign(v, offset)
        s = saturation * (1.0 - distance)
        power = strength * v ** (a - 1.0)
        distance_slope = (n * (1.0 - offset) - (1.0 - n) * power * distance) / (1.0 + a * power)
        s_slope = n * s - saturation * distance_slope
        if m * log_z < 300.0:
            zm = math.exp(m * log_z)
            arc = math.asinh(zm)
            arc_slope = m * zm / math.sqrt(1.0 + zm * zm)
        else:
            arc = m * log_z + LOG_2
            arc_slope = m
        sigma = s * arc / xi
        sigma_slope = (s_slope * arc + s * arc_slope) / xi
        flow = stiffness * increment
        residual = sigma + flow - equivalent
        slope = sigma_slope + flow
        if abs(residual) <= LOCAL_TOLERANCE * equivalent:
            if flow < sigma:
                ratio = 1.0 - flow / equivalent
            else:
                ratio = sigma / equivalent
                increment = (equivalent - sigma) / stiffness
            return True, ratio, sigma_slope / slope, increment, s
        if residual > 0.0:
            high = min(high, y)
        else:
            low = max(low, y)
        guess = y - residual / slope
        if not (low < guess < high):
            guess = 0.5 * (low + high) if low > -math.inf else high - 4.0
        v += math.copysign(1.0, offset) * distance_slope * (guess - y)
        y = guess
    return False, 1.0, 1.0, 0.0, s0


@njit(cache=True, nogil=True, error_model="numpy")
def solve_anand_points(
    equivalent: FloatArray,
    shear: FloatArray,
    dt: float,
    log_z0: FloatArray,
    constants: FloatArray,
    state: FloatArray,
    solution: FloatArray,
    new_state: FloatArray,
) -> int:
    """Theta, t and increment (n, 3) and resistance of all points; -1 or the first not solved."""
    for p in range(equivalent.shape[0]):
        if not state[p, 7] > 0.0:
            return p
        solved, theta, slope, increment, s = solve_anand(
            equivalent[p], 3.0 * shear[p], dt, log_z0[p], state[p, 7], constants
        )
        if not solved:
            return p
        solution[p, 0] = theta
        solution[p, 1] = slope
        solution[p, 2] = increment
        new_state[p, 7] = s
    return -1
