"""Engelmaier: shear strain range, with an exponent that knows temperature and dwell."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from bumpfem.errors import InputError
from bumpfem.fatigue.applicability import Mismatch
from bumpfem.fatigue.base import Cycles, DamageMeasure, FatigueLaw, power, required
from bumpfem.fatigue.calibration import Constant
from bumpfem.fatigue.measures import CycleMeasures

#: Engelmaier's caveat: a cycle from below the first to above the second temperature mixes
#: stress-driven and creep-driven damage.
MIXED_DAMAGE_RANGE_C = (-20.0, 20.0)


class Engelmaier(FatigueLaw):
    r"""Shear strain range.

    .. math::

        N = \frac12 \left(\frac{\Delta\gamma}{2\varepsilon_f'}\right)^{1/c}, \quad
        c = c_0 + c_1 T_m + c_2 \ln(1 + t_0 / t_D)

    T_m is the mean temperature of the cycle in degrees Celsius, t_D the dwell of half a cycle in
    minutes. The strain is the range of the nominal shear: relative displacement of the pads over
    the stand-off, all of it taken as inelastic.

    Attributes:
        ductility: Fatigue ductility coefficient eps_f'.
        exponent_constant: c0.
        exponent_temperature: c1, 1/C.
        exponent_dwell: c2.
        dwell_reference: t0, min.

    Reference: Engelmaier, IEEE CHMT-6, 1983.
    """

    family: Literal["engelmaier"]
    ductility: Constant
    exponent_constant: Constant
    exponent_temperature: Constant
    exponent_dwell: Constant
    dwell_reference: Constant
    measure: ClassVar[DamageMeasure] = "shear_strain_range"
    equation: ClassVar[str] = "N = 1/2 (dgamma / (2 ef'))^(1/c), c = c0 + c1 Tm + c2 ln(1 + t0/tD)"

    def fatigue_exponent(self, mean_temperature_c: float, dwell_minutes: float) -> float:
        """The exponent c.

        Args:
            mean_temperature_c: Mean temperature of the cycle in degrees Celsius.
            dwell_minutes: Dwell of half a cycle in minutes.

        Raises:
            InputError: The dwell is not positive, or c leaves -1 < c < 0, outside of which the
                equation has no meaning as a fatigue law.
        """
        if dwell_minutes <= 0.0:
            raise InputError("measures.dwell_minutes", dwell_minutes, "> 0", "min")
        exponent = (
            self.exponent_constant.value
            + self.exponent_temperature.value * mean_temperature_c
            + self.exponent_dwell.value * math.log1p(self.dwell_reference.value / dwell_minutes)
        )
        if not -1.0 < exponent < 0.0:
            raise InputError(
                f"exponent of {self.name}",
                exponent,
                "-1 < c < 0",
                reason=f"mean temperature {mean_temperature_c:g} C, dwell {dwell_minutes:g} min",
            )
        return exponent

    def cycles(self, measures: CycleMeasures) -> Cycles:
        """Cycles to failure.

        Raises:
            InputError: Mean temperature or dwell is missing or out of bounds.
        """
        exponent = self.fatigue_exponent(
            required(measures, "mean_temperature_c", self.name),
            required(measures, "dwell_minutes", self.name),
        )
        ratio = self.damage_measure(measures) / (2.0 * self.ductility.value)
        return Cycles(0.5 * power(ratio, 1.0 / exponent))

    def validity(self, measures: CycleMeasures) -> list[Mismatch]:
        """Strains beyond the ductility, and cycles that mix two kinds of damage."""
        found = []
        strain, limit = self.damage_measure(measures), 2.0 * self.ductility.value
        if strain >= limit:
            found.append(
                Mismatch(
                    "validity",
                    "differs",
                    f"shear strain range < {limit:g}",
                    f"{strain:g}",
                    f"{self.name}: a shear strain range of {strain:g} is not below twice the "
                    f"fatigue ductility {limit:g}; life is under one cycle.",
                )
            )
        low, high = measures.temperature_minimum_c, measures.temperature_maximum_c
        cold, warm = MIXED_DAMAGE_RANGE_C
        if low is not None and high is not None and low < cold and high > warm:
            found.append(
                Mismatch(
                    "validity",
                    "differs",
                    f"cycles that do not span {cold:g} to {warm:g} C",
                    f"{low:g} to {high:g} C",
                    f"{self.name} does not cover cycles from below {cold:g} C to above "
                    f"{warm:g} C, where stress-driven and creep-driven damage mix; the run "
                    f"cycles {low:g} to {high:g} C.",
                )
            )
        return found
