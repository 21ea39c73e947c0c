"""Schubert: power laws of accumulated creep strain and of creep work."""

from __future__ import annotations

from typing import ClassVar, Literal

from bumpfem.fatigue.base import Cycles, DamageMeasure, FatigueLaw, power
from bumpfem.fatigue.calibration import Constant
from bumpfem.fatigue.measures import CycleMeasures


class SchubertStrain(FatigueLaw):
    r"""Accumulated creep strain.

    .. math:: N = A \varepsilon_{acc}^{-b}

    The strain is the equivalent creep strain *accumulated* per cycle, not its range.

    Attributes:
        coefficient: A, cycles.
        exponent: -b.

    Reference: Schubert et al., ECTC 2003.
    """

    family: Literal["schubert_strain"]
    coefficient: Constant
    exponent: Constant
    measure: ClassVar[DamageMeasure] = "inelastic_strain_accumulated"
    equation: ClassVar[str] = "N = A e_acc^-b"

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure."""
        strain = self.damage_measure(measures)
        return Cycles(self.coefficient.value * power(strain, self.exponent.value))


class SchubertEnergy(FatigueLaw):
    r"""Creep work.

    .. math:: N = A W^{-b}

    Attributes:
        coefficient: A, cycles MPa^b.
        exponent: -b.

    Reference: Schubert et al., ECTC 2003.
    """

    family: Literal["schubert_energy"]
    coefficient: Constant
    exponent: Constant
    measure: ClassVar[DamageMeasure] = "delta_w_mpa"
    equation: ClassVar[str] = "N = A W^-b"

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure."""
        work = self.damage_measure(measures)
        return Cycles(self.coefficient.value * power(work, self.exponent.value))
