"""Coffin-Manson: the inelastic strain range times a power of life is constant."""

from __future__ import annotations

from typing import ClassVar, Literal

from bumpfem.fatigue.base import Cycles, DamageMeasure, FatigueLaw, power
from bumpfem.fatigue.calibration import Constant
from bumpfem.fatigue.measures import CycleMeasures


class CoffinManson(FatigueLaw):
    r"""Strain-based fatigue.

    .. math:: N^m \Delta\varepsilon = C \quad\Rightarrow\quad N = (C / \Delta\varepsilon)^{1/m}

    The strain is the inelastic strain *range*, half of what accumulates in a closed loop; a pure
    number, not per cent.

    Attributes:
        exponent: m.
        ductility: C.

    Reference: Pang, Xiong and Low 2004 for SAC387.
    """

    family: Literal["coffin_manson"]
    exponent: Constant
    ductility: Constant
    measure: ClassVar[DamageMeasure] = "inelastic_strain_range"
    equation: ClassVar[str] = "N^m de = C"

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure."""
        ratio = self.ductility.value / self.damage_measure(measures)
        return Cycles(power(ratio, 1.0 / self.exponent.value))
