r"""Heating in an oven: temperature of the gas and coefficient of heat transfer over time.

A body of heat capacity :math:`C` per area of both faces together, all at one temperature, follows
the gas by

.. math:: C\,\dot T = h(t)\,\bigl(T_{gas}(t) - T\bigr) ,

which for a linear gas temperature :math:`T_{gas} = G + a t` and constant :math:`h` has the solution

.. math:: T = T_{gas}(t) - a\,\tau + (T_0 - G + a\,\tau)\, e^{-t/\tau} , \qquad \tau = C/h :

it lags :math:`\tau` behind the gas. The cell does the same by its own heat capacity; the lumped
body is the estimate and the check.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bumpfem.design.oven import HELD_COEFFICIENT, USUAL_COEFFICIENT, Oven
from bumpfem.design.package import Package
from bumpfem.design.programme import Programme
from bumpfem.design.reflow_limits import ProfileLimits, profile_limits
from bumpfem.errors import InputError
from bumpfem.process.measured_profile import read_profile
from bumpfem.process.standard_profile import standard_corners
from bumpfem.units import FloatArray

#: Time over which a jump of the gas is spread, s.
JUMP = 1e-3
#: Temperature of the surroundings where nothing else is said, degrees C.
ROOM = 25.0


@dataclass(frozen=True)
class Heating:
    """Gas and coefficient over time; linear between the corners.

    Attributes:
        times: Corners, s, increasing, from 0.
        gas: Temperature of the gas at the corners, degrees C.
        coefficients: Coefficient of heat transfer at the corners, mW/(mm2 K).
        start: Temperature of everything at the start, degrees C.
        holds_surface: The coefficient only ties the outer faces to a prescribed temperature.
        title: What it is, in words.
    """

    times: FloatArray
    gas: FloatArray
    coefficients: FloatArray
    start: float
    holds_surface: bool
    title: str

    @property
    def duration(self) -> float:
        """Length, s."""
        return float(self.times[-1])

    @property
    def highest(self) -> float:
        """Highest temperature of gas and start, degrees C."""
        return max(float(self.gas.max()), self.start)

    def gas_at(self, time: float) -> float:
        """Temperature of the gas, degrees C."""
        return float(np.interp(time, self.times, self.gas))

    def coefficient_at(self, time: float) -> float:
        """Coefficient of heat transfer, mW/(mm2 K)."""
        return float(np.interp(time, self.times, self.coefficients))


def heating(oven: Oven, package: Package) -> Heating:
    """What an oven does to a package.

    Raises:
        InputError: A measured profile that cannot be used, or a standard's profile whose peak
            cannot be reached within its ramps.
    """
    if oven.zones is not None:
        return _belt(oven)
    if oven.profile is not None:
        known = _rated(oven, oven.profile, package)
        times, temperatures = standard_corners(
            known, oven.peak, oven.time_above_liquidus, oven.liquidus
        )
        title = f"{known.title}, peak {temperatures.max():g} degC"
    elif oven.measured is not None:
        times, temperatures = read_profile(oven.measured, oven.largest_gap or 30.0)
        title = f"measured profile {oven.measured.name}"
    else:
        pairs = np.array(oven.corners, dtype=np.float64)
        times, temperatures = pairs[:, 0] - pairs[0, 0], pairs[:, 1]
        title = f"drawn profile, peak {temperatures.max():g} degC"
    held = oven.holds_surface
    coefficient = HELD_COEFFICIENT if held else oven.coefficient or USUAL_COEFFICIENT
    start = oven.start_temperature
    return Heating(
        times,
        temperatures,
        np.full(len(times), coefficient),
        float(temperatures[0]) if start is None else start,
        held,
        title,
    )


def programme_heating(programme: Programme) -> Heating:
    """Heating whose outer faces follow a programme themselves."""
    times, temperatures = programme.corners()
    return Heating(
        times,
        temperatures,
        np.full(len(times), HELD_COEFFICIENT),
        float(temperatures[0]),
        True,
        programme.words,
    )


def oven_limits(
    oven: Oven, package: Package, solder_has_lead: bool = False
) -> ProfileLimits | None:
    """The limits that belong to an oven, or None where it says so.

    Args:
        oven: The oven.
        package: Its size gives the classification temperature.
        solder_has_lead: Decides where neither limits nor a standard's profile are named.
    """
    if oven.limits == "none":
        return None
    name = oven.limits or oven.profile
    name = name or ("jstd020_snpb" if solder_has_lead else "jstd020_pb_free")
    return _rated(oven, name, package)


def _rated(oven: Oven, name: str, package: Package) -> ProfileLimits:
    """Limits of a name for the package's size, or for the size that the oven states."""
    thickness = package.interposer.thickness
    if package.mould is not None:
        thickness += package.mould.thickness
    elif package.die is not None:
        thickness += package.die.height
    thickness = oven.thickness or thickness
    width, length = package.body_size
    return profile_limits(name, thickness, oven.volume or thickness * width * length)


def _belt(oven: Oven) -> Heating:
    """Gas that a point of the board meets on its way; it mixes around each border of zones."""
    zones = oven.zones or ()
    speed = oven.belt_speed or 0.0
    start = ROOM if oven.start_temperature is None else oven.start_temperature
    mixing = max(0.0 if oven.transition is None else oven.transition, speed * JUMP)
    borders = np.concatenate([[0.0], np.cumsum([zone.length for zone in zones])])
    times, gas, coefficients = [0.0], [zones[0].set_point], [zones[0].coefficient]
    for (before, after), border in zip(pairwise(zones), borders[1:-1], strict=True):
        times += [(border - 0.5 * mixing) / speed, (border + 0.5 * mixing) / speed]
        gas += [before.set_point, after.set_point]
        coefficients += [before.coefficient, after.coefficient]
    times.append(float(borders[-1]) / speed)
    gas.append(zones[-1].set_point)
    coefficients.append(zones[-1].coefficient)
    arrays = (np.array(values, dtype=np.float64) for values in (times, gas, coefficients))
    title = f"{len(zones)} zones, {borders[-1]:g} mm at {speed:g} mm/s"
    return Heating(*_without_repeats(*arrays), start, False, title)


def _without_repeats(
    times: FloatArray, gas: FloatArray, coefficients: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Corners with increasing times: where two mixing lengths touch, one corner is enough."""
    kept = np.concatenate([[True], np.diff(times) > 1e-9])
    return times[kept], gas[kept], coefficients[kept]


def lumped_response(
    heat: Heating, capacity: float, largest_step: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Temperature of a body of one temperature in the oven; see the module.

    Exact where the coefficient is constant between corners; elsewhere it is taken at the middle
    of each step.

    Args:
        heat: Gas and coefficient.
        capacity: Heat capacity per area that meets the gas, mJ/(mm2 K).
        largest_step: Longest time between two returned points, s.

    Returns:
        Times, s, and temperatures, degrees C.

    Raises:
        InputError: The capacity is not positive.
    """
    if not capacity > 0.0:
        raise InputError("capacity", capacity, "a positive number", "mJ/(mm2 K)")
    times = [float(heat.times[0])]
    for start, end in pairwise(heat.times):
        parts = max(int(np.ceil((end - start) / largest_step)), 1)
        times += list(np.linspace(start, end, parts + 1)[1:])
    temperatures = [heat.start]
    for start, end in pairwise(times):
        step = end - start
        constant = capacity / heat.coefficient_at(0.5 * (start + end))
        begin, finish = heat.gas_at(start), heat.gas_at(end)
        lag = (finish - begin) / step * constant
        decay = np.exp(-step / constant)
        temperatures.append(finish - lag + (temperatures[-1] - begin + lag) * decay)
    return np.array(times), np.array(temperatures)
