"""A resin whose cure has a closed form, and one point of it driven by strain and temperature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bumpfem.constitutive import CureHardening, CuringLaw, CuringMaxwell
from bumpfem.constitutive.prony import PronySeries
from bumpfem.constitutive.resin_expansion import ResinExpansion
from bumpfem.constitutive.resin_moduli import ResinModuli
from bumpfem.constitutive.shift import Shift
from bumpfem.units import FloatArray

#: Either of the two laws below.
Build = Callable[..., CuringLaw]
MODULI = ResinModuli(1232.0, 4722.0, 10.0, 2700.0, 30.0)
EXPANSION = ResinExpansion(60e-6, 170e-6, (0.0, 1.0), (0.0, 0.045))
DECADES = np.arange(-4.0, 5.0)
_BELL = tuple(np.exp(-(DECADES**2) / 8.0).tolist())
PRONY = PronySeries(tuple((10.0**DECADES).tolist()), _BELL, _BELL)


@dataclass(frozen=True)
class FirstOrder:
    """First-order cure at one rate, ``1 - x = (1 - x0) exp(-k t)``, and a straight Tg(x)."""

    constant: float = 0.01
    gel_cure: float = 0.5
    uncured: float = -10.0
    cured: float = 130.0

    def advance(
        self, cure: FloatArray, start: FloatArray, end: FloatArray, dt: float
    ) -> FloatArray:
        return np.asarray(1.0 - (1.0 - cure) * np.exp(-self.constant * dt))

    def rate(self, cure: FloatArray, temperature: FloatArray) -> FloatArray:
        return self.constant * (1.0 - cure)

    def glass_transition(self, cure: FloatArray) -> FloatArray:
        return self.uncured + (self.cured - self.uncured) * np.asarray(cure)

    def time_to(self, cure: float, start: float) -> float:
        """Time from one degree of cure to another, s."""
        return float(np.log((1.0 - start) / (1.0 - cure)) / self.constant)


def cure_hardening(
    start_temperature: float,
    start_cure: float,
    curing: FirstOrder | None = None,
    moduli: ResinModuli = MODULI,
    expansion: ResinExpansion = EXPANSION,
) -> CureHardening:
    """The cure-hardening law of a neat epoxy."""
    return CureHardening(curing or FirstOrder(), moduli, expansion, start_temperature, start_cure)


def maxwell(
    start_temperature: float,
    start_cure: float,
    curing: FirstOrder | None = None,
    prony: PronySeries = PRONY,
    expansion: ResinExpansion = EXPANSION,
    activation: float | None = 36e3,
) -> CuringMaxwell:
    """The Maxwell law of the same epoxy."""
    cured = (curing or FirstOrder()).cured
    return CuringMaxwell(
        curing or FirstOrder(), MODULI, expansion, start_temperature, start_cure,
        prony=prony, shift=Shift(17.44, 51.6, cured, activation),
    )  # fmt: skip


@dataclass
class Point:
    """Points of a law that follow strain and temperature."""

    law: CuringLaw
    state: FloatArray
    stress: FloatArray
    tangent: FloatArray

    @classmethod
    def of(cls, law: CuringLaw, n: int = 1) -> Point:
        return cls(law, law.initial_state(n), np.zeros((n, 6)), np.zeros((n, 6, 6)))

    def trial(
        self, strain: FloatArray, temperature: float | FloatArray, dt: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Stress, tangent and state at the end of an increment that is not kept."""
        n = len(self.state)
        stress, tangent, state = np.empty((n, 6)), np.empty((n, 6, 6)), np.empty_like(self.state)
        temperatures = np.broadcast_to(np.asarray(temperature, dtype=float), (n,)).copy()
        full = np.ascontiguousarray(np.broadcast_to(strain, (n, 6)), dtype=float)
        self.law.update(full, temperatures, dt, self.state, stress, tangent, state)
        return stress, tangent, state

    def go(self, strain: FloatArray, temperature: float | FloatArray, dt: float) -> FloatArray:
        """Keep an increment; stress (n, 6)."""
        self.stress, self.tangent, self.state = self.trial(strain, temperature, dt)
        return self.stress

    def go_free(self, held: FloatArray, free: list[int], temperature: float, dt: float) -> None:
        """An increment after which the components ``free`` carry no stress; others are held."""
        strain = np.array(held, dtype=float).reshape(1, 6)
        strain[:, free] = self.state[:, 9:15][:, free]
        stress, tangent, _ = self.trial(strain, temperature, dt)
        block = tangent[0][np.ix_(free, free)]
        if np.any(block != 0.0):
            strain[0, free] -= np.linalg.solve(block, stress[0, free])
        self.go(strain, temperature, dt)


def biaxial(bulk: float | FloatArray, shear: float | FloatArray) -> FloatArray:
    """Biaxial modulus E/(1 - nu) from bulk and shear modulus: 18 K G/(3 K + 4 G)."""
    k, g = np.asarray(bulk), np.asarray(shear)
    return np.asarray(18.0 * k * g / (3.0 * k + 4.0 * g))
