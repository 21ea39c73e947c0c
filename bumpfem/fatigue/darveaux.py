"""Darveaux: a crack starts, then grows across the joint, both driven by inelastic work."""

from __future__ import annotations

from typing import ClassVar, Literal

from bumpfem.errors import InputError
from bumpfem.fatigue.base import Cycles, DamageMeasure, FatigueLaw, power, required
from bumpfem.fatigue.calibration import Constant
from bumpfem.fatigue.measures import CycleMeasures


class Darveaux(FatigueLaw):
    r"""Crack initiation and growth.

    .. math:: N_0 = K_1 W^{K_2}, \quad da/dN = K_3 W^{K_4}, \quad N = N_0 + a / (da/dN)

    W is the inelastic work density per cycle in MPa, averaged over the thin layer at the pad; a
    is the length of the crack path in mm (the diameter of the contact). Authors print K1 to K4 in
    psi and inches or in MPa and metres; the library holds MPa and mm beside the printed number:
    ``K1 psi^-K2``, ``K3 (25.4 mm) psi^-K4`` with psi = 0.00689476 MPa.

    Attributes:
        initiation_coefficient: K1, cycles MPa^-K2.
        initiation_exponent: K2.
        growth_coefficient: K3, mm/cycle MPa^-K4.
        growth_exponent: K4.

    Reference: Darveaux, ECTC 2000.
    """

    family: Literal["darveaux"]
    initiation_coefficient: Constant
    initiation_exponent: Constant
    growth_coefficient: Constant
    growth_exponent: Constant
    measure: ClassVar[DamageMeasure] = "delta_w_mpa"
    equation: ClassVar[str] = "N = K1 W^K2 + a / (K3 W^K4)"

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Initiation, growth and their sum.

        Raises:
            InputError: Work density or crack length is missing, or the crack length is zero.
        """
        work = required(measures, "delta_w_mpa", self.name)
        crack_length = required(measures, "crack_length_mm", self.name)
        if crack_length <= 0.0:
            raise InputError("measures.crack_length_mm", crack_length, "> 0", "mm")
        initiation = self.initiation_coefficient.value * power(work, self.initiation_exponent.value)
        rate = self.growth_coefficient.value * power(work, self.growth_exponent.value)
        growth = crack_length / rate if rate > 0.0 else float("inf")
        return Cycles(initiation + growth, initiation, growth, rate)
