"""Degree of cure: what a law of cure is, and its exact advance along a straight temperature."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bumpfem.constitutive.cure_kernel import advance_points
from bumpfem.constitutive.cure_law import Kernel
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.units import ZERO_CELSIUS_K, FloatArray


class CureKinetics(Protocol):
    """A law of cure, batched; cure runs from 0 to 1, temperatures are in degrees C.

    Attributes:
        name: Kind of law.
    """

    @property
    def name(self) -> str:
        """Kind of law."""

    @property
    def kernel(self) -> Kernel:
        """The law as compiled code sees it."""

    @property
    def starts_by_itself(self) -> bool:
        """Whether a resin without any cure reacts."""

    def rate(self, cure: FloatArray, temperature: FloatArray) -> FloatArray:
        """Rate of cure ``(n,)``, 1/s."""

    def slopes(self, cure: FloatArray, temperature: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Slopes ``(n,)`` of the rate over cure, 1/s, and over temperature, 1/(s K)."""

    def largest_cure(self, temperature: FloatArray) -> FloatArray:
        """Cure ``(n,)`` at which the reaction practically ends: 1 unless something stops it."""


def advance_cure(
    kinetics: CureKinetics,
    cure: FloatArray,
    start_temperature: float | FloatArray,
    end_temperature: float | FloatArray,
    dt: float | FloatArray,
) -> FloatArray:
    """Degree of cure after a time in which the temperature runs in a straight line.

    The error is below 1e-8 for a step of any length; cure never falls and never exceeds 1. Points
    that start as the one before them cost nothing.

    Args:
        kinetics: Law of cure.
        cure: ``(n,)`` at the start, 0 to 1.
        start_temperature: ``(n,)`` or one for all, degrees C.
        end_temperature: ``(n,)`` or one for all, degrees C.
        dt: ``(n,)`` or one for all, time, s; zero changes nothing.

    Returns:
        ``(n,)`` cure at the end.

    Raises:
        InputError: A cure outside 0 to 1, a temperature not above absolute zero, a negative time.
        ConvergenceError: The law cannot be integrated.
    """
    given = (np.atleast_1d(cure), start_temperature, end_temperature, dt)
    x, start, end, time = (
        np.array(values, dtype=np.float64) for values in np.broadcast_arrays(*given)
    )
    _check("cure", x, (x >= 0.0) & (x <= 1.0), "between 0 and 1", "")
    for field, values in (("start_temperature", start), ("end_temperature", end)):
        sound = np.isfinite(values) & (values > -ZERO_CELSIUS_K)
        _check(field, values, sound, f"above {-ZERO_CELSIUS_K:g}", "C")
    _check("dt", time, np.isfinite(time) & (time >= 0.0), "zero or a positive time", "s")
    found = np.empty_like(x)
    kind, constants = kinetics.kernel
    failed = advance_points(kind, constants, x, start, end, time, found)
    if failed >= 0:
        raise ConvergenceError(
            f"cure from {x[failed]:.6g} between {start[failed]:.6g} and {end[failed]:.6g} C in "
            f"{time[failed]:.6g} s cannot be integrated with the {kinetics.name} law"
        )
    return found


def _check(
    field: str, values: FloatArray, sound: NDArray[np.bool_], allowed: str, unit: str
) -> None:
    if not np.all(sound):
        raise InputError(field, float(values[~sound][0]), allowed, unit)
