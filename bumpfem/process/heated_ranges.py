"""What a heating did beyond the temperatures that its data are known for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bumpfem.materials import Span, load_material
from bumpfem.process.resin_in_oven import ResinCure
from bumpfem.process.thermal_history import RegionHistory, ThermalHistory

#: Properties that heat conduction takes; beyond their ranges they keep their end values.
_THERMAL = ("heat_capacity", "conductivity")


def check_heated(
    names: Mapping[str, str], history: ThermalHistory, *, extrapolate: bool = False
) -> None:
    """Hold the temperatures of a heating against the ranges of the thermal properties.

    Args:
        names: Material of every region.
        history: Temperatures of the regions.
        extrapolate: Whether they may leave a range, which is recorded. If not, the heat conduction
            has refused them before.

    Raises:
        PropertyRangeError: They leave a range and may not.
    """
    for region, material in names.items():
        span = _span(history.regions[region], extrapolate=extrapolate)
        for name in _THERMAL:
            span.hold(load_material(material)[name])


def check_resin(
    cure: ResinCure,
    region: RegionHistory,
    *,
    extrapolate: bool = False,
    flows_from: float | None = None,
) -> None:
    """Hold the temperatures that a resin saw against the ranges of its data of cure.

    Args:
        cure: Its cure.
        region: Its temperatures.
        extrapolate: Whether they may leave a range, which is recorded.
        flows_from: Time from which its viscosity counts, until it gels, s; None: it never does.

    Raises:
        PropertyRangeError: They leave a range and may not; names resin, part and range.
    """
    cure.resin.check_cure(_span(region, extrapolate=extrapolate))
    if flows_from is None:
        return
    liquid = cure.temperature[(cure.times >= flows_from) & (cure.highest < cure.gel_cure)]
    if liquid.size:
        cure.resin.check_viscosity(Span.of(liquid, extrapolate=extrapolate))


def _span(region: RegionHistory, *, extrapolate: bool) -> Span:
    ends = np.array([region.lowest.min(), region.highest.max()])
    return Span.of(ends, extrapolate=extrapolate)
