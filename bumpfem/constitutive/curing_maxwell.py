r"""Generalised Maxwell resin whose relaxation times move with temperature and cure.

.. math:: \sigma = \sigma_\infty + \sum_i (q_i + p_i m), \qquad
          \dot\sigma_\infty = K_r\,\mathrm{tr}(\dot\varepsilon - \dot\varepsilon^{f})\, m
          + 2 G_r(x)\,\mathrm{dev}\,\dot\varepsilon,

the rubbery network, which grows with cure from the gel point on and stores what it gets, plus terms

.. math:: \dot q_i = 2 w_i (G_g - G_r(x))\,\mathrm{dev}\,\dot\varepsilon - \frac{q_i}{a \tau_i},
          \qquad \dot p_i = v_i (K_g - K_r)\,\mathrm{tr}(\dot\varepsilon - \dot\varepsilon^{f})
          - \frac{p_i}{a \tau_i},

from the gel point on. Without bulk weights :math:`K = K_g` does not relax. Shift: see
:mod:`bumpfem.constitutive.shift`; integration: :mod:`bumpfem.constitutive.prony`. The tangent is
exact, as the coefficients of the increment do not depend on strain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from bumpfem.constitutive.cure_path import GAUSS_SPAN, CurePath, Watched
from bumpfem.constitutive.curing_law import CuringLaw
from bumpfem.constitutive.prony import LARGEST_CHANGE, PronySeries
from bumpfem.constitutive.resin_moduli import network
from bumpfem.constitutive.shift import Shift
from bumpfem.units import FloatArray

#: Where relaxation is over, or has not begun, no finer panels are needed: exponent of e.
_MARGIN = 15.0


@dataclass(frozen=True)
class CuringMaxwell(CuringLaw):
    """Relaxing terms beside a growing network; see the module.

    Args:
        prony: Relaxation times and weights.
        shift: Shift of the cured resin.
    """

    prony: PronySeries = field(kw_only=True)
    shift: Shift = field(kw_only=True)
    name: ClassVar[str] = "maxwell"

    @property
    def terms(self) -> tuple[int, int]:
        """Number of relaxing terms of the deviator and of the pressure."""
        return len(self.prony.shear), len(self.prony.bulk)

    def logarithm_of_shift(self, cure: FloatArray, temperature: FloatArray) -> FloatArray:
        """Natural logarithm of the shift at cure and temperature, same shape.

        Raises:
            PropertyRangeError: A temperature beyond the pole of the shift.
        """
        cured = float(self.curing.glass_transition(np.ones(1))[0])
        return self.shift.logarithm(temperature, self.curing.glass_transition(cure) - cured)

    def watched(self, dt: float) -> Watched | None:
        """The logarithm of the shift, as far as it matters for an increment of ``dt`` s."""
        if dt <= 0.0:
            return None
        low = np.log(dt / max(self.prony.times)) - _MARGIN
        high = np.log(dt / min(self.prony.times)) + _MARGIN

        def logarithm(cure: FloatArray, temperature: FloatArray) -> FloatArray:
            found = self.logarithm_of_shift(cure, temperature)
            return np.asarray(np.clip(found, low, high) / LARGEST_CHANGE)

        return logarithm

    def equilibrium(self, path: CurePath) -> tuple[FloatArray, FloatArray]:
        """Rubbery shear modulus and the bulk modulus that does not relax, MPa."""
        gel = self.curing.gel_cure
        shear = self.moduli.rubbery_shear * network(np.maximum(path.cure, gel), gel)
        bulk = self.moduli.rubbery_bulk if self.prony.bulk else self.moduli.glassy_bulk
        return shear, np.full(path.cure.shape, bulk)

    def relaxing(self, path: CurePath, dt: float) -> tuple[FloatArray, FloatArray]:
        """Coefficients of the terms of the deviator (n, k, 3) and of the pressure (n, l, 4)."""
        logarithm = self.logarithm_of_shift(path.cure, path.temperature)
        reduced = dt * np.einsum("npg,npg->np", path.weight, np.exp(-logarithm))
        rise = (logarithm[:, :, 2] - logarithm[:, :, 0]) / GAUSS_SPAN
        decay = self.prony.decays(reduced)
        relaxing = self.moduli.glassy_shear - self.equilibrium(path)[0]
        gain = self.prony.gains(reduced, np.einsum("npg,npg->np", path.weight, relaxing), rise)
        length = np.maximum(path.weight.sum(axis=(1, 2)), np.finfo(float).tiny)
        parts, mean = self.prony.shear_parts, path.integral(relaxing) / length
        shear = np.stack([decay, gain * parts, mean[:, None] * parts], axis=2)
        if not self.prony.bulk:
            return shear, np.zeros((len(decay), 0, 4))
        volume = np.einsum("npg,npg->np", path.weight, 3.0 * path.free_rate)
        free = self.prony.gains(reduced, volume, rise)
        gain = self.prony.gains(reduced, path.weight.sum(axis=2), rise)
        moduli = self.prony.bulk_parts * (self.moduli.glassy_bulk - self.moduli.rubbery_bulk)
        bulk = np.stack(
            [decay, gain * moduli, free * moduli, np.broadcast_to(moduli, decay.shape)], axis=2
        )
        return shear, bulk
