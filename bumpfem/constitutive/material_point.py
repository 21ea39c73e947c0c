"""One material point driven like a specimen: tensile test and relaxation test.

The laws are three-dimensional; a uniaxial test prescribes the axial strain and finds the other
strains such that the other stresses vanish, with the law's own tangent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bumpfem.constitutive.law import Law
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.units import FloatArray

#: Unbalanced lateral stress that is accepted, MPa, and relative to the axial stress.
LATERAL_STRESS_TOLERANCE = 1e-9
_MAXIMUM_ITERATIONS = 60


class TensileCurve(NamedTuple):
    """Axial strain (pure number) and axial stress (MPa), from the undeformed state on."""

    strain: FloatArray
    stress: FloatArray


class RelaxationCurve(NamedTuple):
    """Time since loading (s) and axial stress (MPa)."""

    time: FloatArray
    stress: FloatArray


class _Specimen:
    """State of one point under uniaxial stress along x."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.strain = np.zeros((1, 6))
        self.state = law.initial_state(1)
        self.stress = np.zeros((1, 6))
        self._tangent = np.zeros((1, 6, 6))
        self._slope = 0.0

    def pull(self, axial_strain: float, temperature: float, dt: float) -> float:
        """Advance to ``axial_strain`` in ``dt`` seconds and return the axial stress, MPa.

        Raises:
            ConvergenceError: The lateral stresses could not be brought to zero.
        """
        step = axial_strain - self.strain[0, 0]
        strain = self.strain.copy()
        strain[0, 0] = axial_strain
        strain[0, 1:3] -= 0.5 * step
        new_state = np.empty_like(self.state)
        stress, tangent = np.empty((1, 6)), np.empty((1, 6, 6))
        temperatures = np.full(1, float(temperature))
        scale, size = 1.0, np.inf
        correction = np.zeros(5)
        for _ in range(_MAXIMUM_ITERATIONS):
            self.law.update(strain, temperatures, dt, self.state, stress, tangent, new_state)
            unbalanced = float(np.abs(stress[0, 1:]).max())
            if unbalanced <= LATERAL_STRESS_TOLERANCE * (1.0 + abs(stress[0, 0])):
                self.strain, self.state, self.stress = strain, new_state, stress
                return float(stress[0, 0])
            if unbalanced < size:
                size, scale = unbalanced, 1.0
                correction = np.linalg.solve(tangent[0, 1:, 1:], stress[0, 1:])
            else:
                strain[0, 1:] += scale * correction
                scale *= 0.5
            strain[0, 1:] -= scale * correction
        raise ConvergenceError(
            f"{self.law.name}: lateral stress {unbalanced:.3g} MPa left at axial strain "
            f"{axial_strain:g}, {temperature:g} C, time step {dt:g} s"
        )


def tensile_curve(
    law: Law,
    rate: float,
    temperature: float,
    strain: float,
    points: int = 201,
    substeps: int = 10,
) -> TensileCurve:
    """Stress against strain of a bar pulled at a constant strain rate and temperature.

    Args:
        law: Any constitutive law.
        rate: Axial strain rate, 1/s, positive.
        temperature: Degrees Celsius.
        strain: Last axial strain, positive (tension) or negative.
        points: Number of points of the curve, the undeformed one included.
        substeps: Time steps between two points; the error of the stress is of first order in them.

    Returns:
        Axial strain and stress, ``points`` of each, the first zero.

    Raises:
        InputError: Rate, strain or number of points or steps not usable.
        ConvergenceError: A step was not solved.
    """
    if not (0.0 < rate < np.inf):
        raise InputError("rate", rate, "a positive strain rate", "1/s")
    if not np.isfinite(strain) or strain == 0.0:
        raise InputError("strain", strain, "a strain other than zero")
    if points < 2:
        raise InputError("points", points, "at least 2")
    if substeps < 1:
        raise InputError("substeps", substeps, "at least 1")
    specimen = _Specimen(law)
    strains = np.linspace(0.0, strain, (points - 1) * substeps + 1)
    dt = abs(strain) / (len(strains) - 1) / rate
    stresses = [0.0, *(specimen.pull(float(e), temperature, dt) for e in strains[1:])]
    return TensileCurve(strains[::substeps], np.asarray(stresses)[::substeps])


def relaxation_curve(
    law: Law, strain: float, temperature: float, times: FloatArray
) -> RelaxationCurve:
    """Stress of a bar stretched at once (elastically) and then held.

    Args:
        law: Any constitutive law.
        strain: Axial strain that is held.
        temperature: Degrees Celsius.
        times: Increasing times after loading in s, each the end of one time step.

    Returns:
        Time and stress, beginning with time zero: one more entry than ``times``.

    Raises:
        InputError: Times not positive and increasing, or strain not finite.
        ConvergenceError: A step was not solved.
    """
    nodes = np.concatenate(([0.0], np.asarray(times, dtype=np.float64)))
    if len(nodes) < 2 or not np.isfinite(nodes).all() or np.any(np.diff(nodes) <= 0.0):
        raise InputError("times", times, "positive, increasing times", "s")
    if not np.isfinite(strain):
        raise InputError("strain", strain, "a finite strain")
    specimen = _Specimen(law)
    stresses = [specimen.pull(strain, temperature, 0.0)]
    stresses += [specimen.pull(strain, temperature, float(dt)) for dt in np.diff(nodes)]
    return RelaxationCurve(nodes, np.asarray(stresses))
