r"""Dissolution of pad, core and barrier metal in molten solder, by Nernst and Brunner.

The mass fraction :math:`n` of a metal dissolved in a volume :math:`V` of solder that wets its area
:math:`A` grows towards saturation :math:`n_s`,

.. math:: \dot n = K \frac{A}{V} (n_s - n) ,

at constant temperature

.. math:: n(t) = n_s - (n_s - n_0)\, e^{-K A t / V} ,

and the metal becomes thinner by :math:`h = \varrho_{solder} V (n - n_0) / (\varrho_{metal} A)`.
In a joint the time :math:`V/(K A)` is of the order of ten seconds for copper, so that what
dissolves during a reflow is mostly decided by saturation and hardly by :math:`K`.

Left out: growth of intermetallic layers, which takes metal too and slows dissolution; stirring;
and the influence of one dissolved metal on the solubility of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bumpfem.errors import InputError, MaterialError
from bumpfem.materials import Material, Property, load_material
from bumpfem.units import FloatArray

#: Mass fractions of metals that solders hold from the start, as their names say.
COMPOSITION: dict[str, dict[str, float]] = {
    "sac305": {"silver": 0.030, "copper": 0.005},
    "sac405": {"silver": 0.040, "copper": 0.005},
    "sac387": {"silver": 0.038, "copper": 0.007},
    "sac105": {"silver": 0.010, "copper": 0.005},
    "sn3p5ag": {"silver": 0.035},
    "sn62pb36ag2": {"silver": 0.020},
}


@dataclass(frozen=True)
class MetalFace:
    """Metal that molten solder wets.

    Attributes:
        name: What it is, e.g. ``board_pad``.
        material: Metal in the library.
        area: Wetted area, mm2.
        thickness: Thickness before, mm.
    """

    name: str
    material: str
    area: float
    thickness: float


@dataclass(frozen=True)
class Dissolved:
    """What became of a wetted metal.

    Attributes:
        face: The metal.
        depth: Thickness that dissolved, mm.
        remaining: Thickness that is left, mm.
        consumed_after: Molten time after which nothing was left, s; None if something is.
        concentration: Mass fraction of the metal in the solder at the end.
        saturation: Solubility at the highest temperature.
    """

    face: MetalFace
    depth: float
    remaining: float
    consumed_after: float | None
    concentration: float
    saturation: float


def saturating(start: float, saturation: float, rate: float, time: float) -> float:
    """Mass fraction after a time at constant temperature.

    >>> round(saturating(0.0, 0.01, 0.1, 10.0), 6)
    0.006321

    Args:
        start: Mass fraction before.
        saturation: Solubility.
        rate: K A / V, 1/s.
        time: s.
    """
    return float(saturation - (saturation - start) * np.exp(-rate * time))


def dissolve(
    faces: Sequence[MetalFace],
    solder: str,
    volume: float,
    times: FloatArray,
    temperatures: FloatArray,
    liquidus: float,
) -> list[Dissolved]:
    """Dissolution of the wetted metals of a joint over a temperature history.

    Faces of one metal share its concentration. The history is cut where it crosses the liquidus,
    and each step uses the closed form with the temperature at its middle; a metal that the solder
    holds beyond its solubility does not come out again.

    Args:
        faces: Wetted metals.
        solder: Solder in the library; its lead decides which solubility is taken.
        volume: Volume of the molten solder, mm3.
        times: s, increasing.
        temperatures: Degrees C, of the solder.
        liquidus: The solder is molten above, degrees C.

    Returns:
        One entry per face, in order.

    Raises:
        InputError: The volume or an area is not positive.
        MaterialError: The library has no dissolution constants for a metal.
        PropertyRangeError: The temperature leaves the range of the constants.
    """
    if not volume > 0.0:
        raise InputError("volume", volume, "a positive number", "mm3")
    for face in faces:
        if not face.area > 0.0:
            raise InputError(f"{face.name}.area", face.area, "a positive number", "mm2")
    steps = _molten_steps(times, temperatures, liquidus)
    found: dict[str, Dissolved] = {}
    for metal in dict.fromkeys(face.material for face in faces):
        alike = [face for face in faces if face.material == metal]
        for item in _one_metal(alike, solder, volume, steps):
            found[item.face.name] = item
    return [found[face.name] for face in faces]


def has_constants(material: str) -> bool:
    """Whether the library knows how a metal dissolves in tin solder."""
    return "dissolution_rate_constant" in load_material(material)


def _one_metal(
    faces: list[MetalFace], solder: str, volume: float, steps: list[tuple[float, float]]
) -> list[Dissolved]:
    metal, alloy = load_material(faces[0].material), load_material(solder)
    solubility = _solubility(metal, solder)
    if "dissolution_rate_constant" not in metal:
        raise MaterialError(f"the library has no dissolution constants for {metal.name}")
    ratio = alloy["density"](25.0) / metal["density"](25.0)
    start = COMPOSITION.get(solder, {}).get(metal.name, 0.0)
    content = start
    depths = np.zeros(len(faces))
    areas = np.array([face.area for face in faces])
    limits = np.array([face.thickness for face in faces])
    ends: list[float | None] = [None] * len(faces)
    molten, saturation = 0.0, 0.0
    for step, temperature in steps:
        rate = metal["dissolution_rate_constant"](temperature)
        saturation = max(saturation, limit := solubility(temperature))
        left = step
        while left > 0.0:
            active = np.array([end is None for end in ends])
            wetted = float(areas[active].sum())
            if not wetted or limit <= content:
                break
            reach = saturating(content, limit, rate * wetted / volume, left)
            eaten = ratio * volume * (reach - content) / wetted
            room = float((limits - depths)[active].min())
            used = left
            if eaten > room:
                reach = content + room * wetted / (ratio * volume)
                used = float(np.log((limit - content) / (limit - reach)) * volume / rate / wetted)
                eaten = room
            depths[active] += eaten
            content, left = reach, left - used
            for index in np.flatnonzero(active & (limits - depths <= 1e-12 * limits)):
                ends[int(index)] = molten + step - left
        molten += step
    return [
        Dissolved(face, float(depth), float(face.thickness - depth), end, content, saturation)
        for face, depth, end in zip(faces, depths, ends, strict=True)
    ]


def _solubility(metal: Material, solder: str) -> Property:
    return metal["solubility_in_tin_lead" if "pb" in solder else "solubility_in_tin"]


def _molten_steps(
    times: FloatArray, temperatures: FloatArray, liquidus: float
) -> list[tuple[float, float]]:
    """Durations, s, and mean temperatures of the molten parts of a history."""
    steps = []
    for (start, end), (first, second) in zip(pairwise(times), pairwise(temperatures), strict=True):
        if max(first, second) <= liquidus:
            continue
        share = 1.0
        if min(first, second) < liquidus:
            share = (max(first, second) - liquidus) / abs(second - first)
        low = max(min(first, second), liquidus)
        steps.append((float(share * (end - start)), float(0.5 * (low + max(first, second)))))
    return steps
