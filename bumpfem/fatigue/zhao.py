"""Zhao 2010: a power law of the work density, as printed."""

from __future__ import annotations

from typing import ClassVar, Literal

from bumpfem.fatigue.base import Cycles, DamageMeasure, FatigueLaw, power
from bumpfem.fatigue.calibration import Constant
from bumpfem.fatigue.measures import CycleMeasures


class Zhao(FatigueLaw):
    r"""Energy-based fatigue.

    .. math:: N = (C / W)^k

    Attributes:
        ductility: C, MPa.
        exponent: k.
    """

    family: Literal["zhao"]
    ductility: Constant
    exponent: Constant
    measure: ClassVar[DamageMeasure] = "delta_w_mpa"
    equation: ClassVar[str] = "N = (C / W)^k"

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure."""
        ratio = self.ductility.value / self.damage_measure(measures)
        return Cycles(power(ratio, self.exponent.value))
