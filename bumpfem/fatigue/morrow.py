"""Morrow: the energy of a cycle times a power of life is constant."""

from __future__ import annotations

from typing import ClassVar, Literal

from bumpfem.fatigue.base import Cycles, DamageMeasure, FatigueLaw, power
from bumpfem.fatigue.calibration import Constant
from bumpfem.fatigue.measures import CycleMeasures


class Morrow(FatigueLaw):
    r"""Energy-based fatigue.

    .. math:: N^m W = C \quad\Rightarrow\quad N = (C / W)^{1/m}

    Attributes:
        exponent: m.
        ductility: C, MPa.

    Reference: Pang, Xiong and Low 2004 for SAC387.
    """

    family: Literal["morrow"]
    exponent: Constant
    ductility: Constant
    measure: ClassVar[DamageMeasure] = "delta_w_mpa"
    equation: ClassVar[str] = "N^m W = C"

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure."""
        ratio = self.ductility.value / self.damage_measure(measures)
        return Cycles(power(ratio, 1.0 / self.exponent.value))
