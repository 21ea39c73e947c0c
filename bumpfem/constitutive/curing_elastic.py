r"""Cure-hardening, instantaneously elastic resin (Bogetti and Gillespie 1992; Johnston 1997).

.. math:: \dot\sigma = K\, \mathrm{tr}(\dot\varepsilon - \dot\varepsilon^{f})\, m
          + 2 G\, \mathrm{dev}\,\dot\varepsilon, \qquad G = G(x, T - T_g(x)), \; K = K(T - T_g(x)),

nothing before the gel point, with the free strain of
:mod:`bumpfem.constitutive.resin_expansion` and the moduli of
:mod:`bumpfem.constitutive.resin_moduli`. The increment

.. math:: \Delta\sigma = \Big(\bar K\, \mathrm{tr}\Delta\varepsilon
          - \int_0^1 3 K \varepsilon^{f\prime} ds\Big) m
          + 2 \bar G\, \mathrm{dev}\,\Delta\varepsilon

is exact for strain linear in time; the integrals over the increment are Gauss' with three points on
panels between the gel point, crossings of the glass transition and equal parts of the increment:
exact where the moduli are polynomials of up to degree 5 (so for linear ones), order 6 else. The
tangent is :math:`\bar K m m^T + 2 \bar G I_{dev}`, exactly.

Stress that arose remains: a resin heated again over its glass transition at fixed strain does not
relax. And in cycles that reach into the glass transition, strain that comes at one temperature and
goes at another leaves the difference of the moduli times the strain behind in every cycle. Where
that matters :mod:`bumpfem.constitutive.curing_maxwell` is the law to take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bumpfem.constitutive.cure_path import CurePath
from bumpfem.constitutive.curing_law import CuringLaw
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class CureHardening(CuringLaw):
    """Moduli at the current cure and temperature, stress by increments; see the module."""

    name: ClassVar[str] = "cure_hardening"

    def equilibrium(self, path: CurePath) -> tuple[FloatArray, FloatArray]:
        """Shear and bulk modulus at the Gauss points of the path, MPa."""
        gel = self.curing.gel_cure
        cured = np.maximum(path.cure, gel)
        return (
            self.moduli.shear(cured, gel, path.above),
            self.moduli.bulk(cured, gel, path.above),
        )

    def relaxing(self, path: CurePath, dt: float) -> tuple[FloatArray, FloatArray]:
        """No relaxing terms."""
        return np.zeros((len(path.end_cure), 0, 3)), np.zeros((len(path.end_cure), 0, 4))
