"""Syed: life is the reciprocal of the accumulated creep strain or creep work per cycle."""

from __future__ import annotations

from typing import ClassVar, Literal

from bumpfem.errors import InputError
from bumpfem.fatigue.base import Cycles, DamageMeasure, FatigueLaw
from bumpfem.fatigue.calibration import Constant
from bumpfem.fatigue.measures import CycleMeasures


class SyedStrain(FatigueLaw):
    r"""Accumulated creep strain.

    .. math:: N = 1 / (C \varepsilon_{acc})

    The strain is the equivalent creep strain *accumulated* per cycle (both halves of the loop),
    not its range.

    Attributes:
        damage_coefficient: C, 1/cycle per unit strain.

    Reference: Syed, ECTC 2004.
    """

    family: Literal["syed_strain"]
    damage_coefficient: Constant
    measure: ClassVar[DamageMeasure] = "inelastic_strain_accumulated"
    equation: ClassVar[str] = "N = 1 / (C e_acc)"

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure."""
        return Cycles(1.0 / (self.damage_coefficient.value * self.damage_measure(measures)))


class SyedEnergy(FatigueLaw):
    r"""Creep work.

    .. math:: N = 1 / (C W)

    Attributes:
        damage_coefficient: C, 1/cycle per MPa.

    Reference: Syed, ECTC 2004.
    """

    family: Literal["syed_energy"]
    damage_coefficient: Constant
    measure: ClassVar[DamageMeasure] = "delta_w_mpa"
    equation: ClassVar[str] = "N = 1 / (C W)"

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure."""
        return Cycles(1.0 / (self.damage_coefficient.value * self.damage_measure(measures)))


class SyedPartitioned(FatigueLaw):
    r"""Accumulated creep strain of the two mechanisms of a double power law.

    .. math:: N = 1 / (C_I \varepsilon_I + C_{II} \varepsilon_{II})

    Both strains are accumulated over the cycle; I is the term of the low stress exponent (grain
    boundary sliding), II that of the high one (matrix creep).

    Attributes:
        damage_coefficient_first: C_I, 1/cycle per unit strain.
        damage_coefficient_second: C_II, 1/cycle per unit strain.

    Reference: Syed, ECTC 2004.
    """

    family: Literal["syed_partitioned"]
    damage_coefficient_first: Constant
    damage_coefficient_second: Constant
    measure: ClassVar[DamageMeasure] = "creep_strain_parts"
    equation: ClassVar[str] = "N = 1 / (C_I e_I + C_II e_II)"

    def damage_measure(self, measures: CycleMeasures) -> float:
        """Sum of both accumulated creep strains."""
        first, second = self._parts(measures)
        return first + second

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure."""
        first, second = self._parts(measures)
        damage = (
            self.damage_coefficient_first.value * first
            + self.damage_coefficient_second.value * second
        )
        return Cycles(1.0 / damage)

    def _parts(self, measures: CycleMeasures) -> tuple[float, float]:
        parts = measures.creep_strain_parts
        if parts is None:
            raise InputError(
                "measures.creep_strain_parts", None, "two numbers", reason=f"{self.name} needs it"
            )
        return parts
