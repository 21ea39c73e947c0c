r"""Heat content of a material that may melt, per volume, and its conductivity.

With the density :math:`\rho` at 25 C (the mesh keeps its volume, so it keeps its mass), the heat
capacity :math:`c(T)` and the latent heat :math:`L` released in proportion to temperature between
solidus :math:`T_s` and liquidus :math:`T_l`,

.. math:: H(T) = \int_{25}^{T} \rho c(\theta)\, d\theta + \rho L f(T), \qquad
          f(T) = \min\left(1, \max\left(0, \frac{T - T_s}{T_l - T_s}\right)\right).

:math:`\rho c` is linear between the points of its table and constant beyond them, so :math:`H` is
piecewise quadratic, strictly increasing, and both it and its inverse are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from bumpfem.constitutive.table import Table
from bumpfem.errors import InputError, MaterialError, PropertyRangeError
from bumpfem.materials import Material, load_material
from bumpfem.units import FloatArray

#: Width of the melting range of a material that melts at one temperature, K, centred on it. Its
#: latent heat must be spread over some range; this one is well below what a thermocouple resolves.
MELTING_INTERVAL_K = 0.5
#: Temperature at which the heat content is zero and the density is taken, degrees C.
REFERENCE_C = 25.0

_NEEDED = ("density", "heat_capacity", "conductivity")


@dataclass(frozen=True)
class Segments:
    """The heat content as pieces between temperatures, for kernels.

    On piece k, from ``temperature[k]`` on, the capacity runs in a straight line from ``left[k]``
    to ``right[k]``. Below the first and above the last temperature it is constant.

    Attributes:
        temperature: (points,) degrees C, increasing.
        enthalpy: (points,) mJ/mm3.
        left: (points - 1,) capacity at the start of each piece, latent heat included,
            mJ/(mm3 K).
        right: (points - 1,) the same at its end.
    """

    temperature: FloatArray
    enthalpy: FloatArray
    left: FloatArray
    right: FloatArray

    def falling(self) -> Segments:
        r"""The part :math:`H_2` that makes :math:`H + H_2` convex (Jordan decomposition).

        Its capacity is the sum of all that the capacity has lost up to a temperature: zero below
        the first fall, never decreasing.
        """
        inside = np.maximum(self.left - self.right, 0.0)
        between = np.maximum(self.right[:-1] - self.left[1:], 0.0)
        left = np.concatenate([[0.0], np.cumsum(inside[:-1] + between)])
        right = left + inside
        heights = np.cumsum(0.5 * (left + right) * np.diff(self.temperature))
        return Segments(self.temperature, np.concatenate([[0.0], heights]), left, right)

    @property
    def first_fall(self) -> float:
        """Temperature below which the capacity nowhere falls, degrees C, or infinity."""
        lost = self.falling()
        return float(min(self.temperature[:-1][lost.right > 0.0], default=np.inf))


@dataclass(frozen=True)
class HeatMaterial:
    """Heat content and conductivity of one material.

    Attributes:
        name: Name for messages.
        capacity: Volumetric heat capacity rho c without latent heat, mJ/(mm3 K).
        conductivity: Conductivity, mW/(mm K).
        solidus: Temperature at which melting begins, degrees C; None if it never melts.
        liquidus: Temperature at which it ends, degrees C; above the solidus.
        latent_heat: Latent heat of fusion per volume rho L, mJ/mm3.
        valid: Lowest and highest temperature of the properties, degrees C.
        limited_by: Property that ends first at the hot end, with its source, for messages.

    Raises:
        InputError: A value is not positive, or the melting range is incomplete or empty.

    >>> body = HeatMaterial("body", Table.constant(2.0), Table.constant(1.0), 100.0, 102.0, 50.0)
    >>> float(body.enthalpy(101.0))
    177.0
    >>> float(body.temperature(177.0)), float(body.melted_fraction(101.0))
    (101.0, 0.5)
    """

    name: str
    capacity: Table
    conductivity: Table
    solidus: float | None = None
    liquidus: float | None = None
    latent_heat: float = 0.0
    valid: tuple[float, float] = (-np.inf, np.inf)
    limited_by: str = "its properties"

    def __post_init__(self) -> None:
        for field in ("capacity", "conductivity"):
            if min(getattr(self, field).value) <= 0.0:
                raise InputError(f"{self.name}.{field}", getattr(self, field).value, "positive")
        if self.solidus is None or self.liquidus is None:
            if self.solidus is not self.liquidus or self.latent_heat:
                raise InputError(
                    f"{self.name}.latent_heat", self.latent_heat,
                    "a solidus and a liquidus beside it", "mJ/mm3",
                )  # fmt: skip
            return
        if not self.liquidus > self.solidus:
            raise InputError(
                f"{self.name}.liquidus", self.liquidus, f"above the solidus {self.solidus:g} C", "C"
            )
        if not self.latent_heat > 0.0:
            raise InputError(f"{self.name}.latent_heat", self.latent_heat, "positive", "mJ/mm3")

    @classmethod
    def of(
        cls,
        material: str | Material,
        *,
        extrapolate: bool = False,
        interval: float = MELTING_INTERVAL_K,
    ) -> Self:
        """Thermal data of a material of the library.

        Args:
            material: Its name, the path of a user's own file, or the material itself.
            extrapolate: Whether properties keep their end values outside their ranges; else a
                run that leaves a range ends with an error.
            interval: Least width of the melting range, K.

        Raises:
            MaterialError: A property that heat conduction needs is missing.
        """
        known = material if isinstance(material, Material) else load_material(material)
        missing = [name for name in _NEEDED if name not in known]
        if missing:
            raise MaterialError(
                f"heat conduction in {known.name} needs its {' and '.join(missing)}: "
                f"add them to its file with their source"
            )
        density = known["density"](REFERENCE_C, extrapolate=True)
        points = {}
        for name in ("heat_capacity", "conductivity"):
            low, high = known[name].range
            points[name] = known[name].table(low, high)
        times, values = points["heat_capacity"]
        solidus, liquidus, latent = _melting(known, interval)
        low, high, limit = _range(known)
        return cls(
            name=known.name,
            capacity=Table(times, tuple(density * value for value in values)),
            conductivity=Table(*points["conductivity"]),
            solidus=solidus,
            liquidus=liquidus,
            latent_heat=density * latent,
            valid=(-np.inf, np.inf) if extrapolate else (low, high),
            limited_by=limit,
        )

    @property
    def melts(self) -> bool:
        """Whether it has a melting range."""
        return self.solidus is not None

    @cached_property
    def segments(self) -> Segments:
        """The pieces of the heat content."""
        points = set(self.capacity.temperature)
        if self.solidus is not None and self.liquidus is not None:
            points |= {self.solidus, self.liquidus}
        at = np.array([min(points) - 1.0, *sorted(points), max(points) + 1.0])
        sensible = self.capacity(at)
        latent = np.zeros(len(at) - 1)
        if self.solidus is not None and self.liquidus is not None:
            middle = 0.5 * (at[1:] + at[:-1])
            within = (middle > self.solidus) & (middle < self.liquidus)
            latent[within] = self.latent_heat / (self.liquidus - self.solidus)
        left, right = sensible[:-1] + latent, sensible[1:] + latent
        heights = np.concatenate([[0.0], np.cumsum(0.5 * (left + right) * np.diff(at))])
        unshifted = Segments(at, heights, left, right)
        return Segments(at, heights - _enthalpy(unshifted, np.array(REFERENCE_C)), left, right)

    def enthalpy(self, temperature: float | FloatArray) -> FloatArray:
        """Heat content H, mJ/mm3, zero at 25 C; same shape as ``temperature`` in degrees C."""
        return _enthalpy(self.segments, np.asarray(temperature, dtype=np.float64))

    def temperature(self, enthalpy: float | FloatArray) -> FloatArray:
        """Temperature in degrees C at a heat content in mJ/mm3: the inverse of :meth:`enthalpy`."""
        pieces, height = self.segments, np.asarray(enthalpy, dtype=np.float64)
        at, base = pieces.temperature, pieces.enthalpy
        k = np.clip(np.searchsorted(base, height, side="right") - 1, 0, len(at) - 2)
        start, slope = pieces.left[k], (pieces.right[k] - pieces.left[k]) / (at[k + 1] - at[k])
        rise = np.clip(height, base[0], base[-1]) - base[k]
        inside = at[k] + 2.0 * rise / (start + np.sqrt(start**2 + 2.0 * slope * rise))
        below = np.minimum(height - base[0], 0.0) / self.capacity.value[0]
        above = np.maximum(height - base[-1], 0.0) / self.capacity.value[-1]
        return np.asarray(inside + below + above)

    def heat_capacity(self, temperature: float | FloatArray) -> FloatArray:
        """dH/dT, latent heat included, mJ/(mm3 K); at a corner the value above it."""
        t = np.asarray(temperature, dtype=np.float64)
        result = self.capacity(t)
        if self.solidus is not None and self.liquidus is not None:
            slope = self.latent_heat / (self.liquidus - self.solidus)
            result = result + slope * ((t >= self.solidus) & (t < self.liquidus))
        return result

    def melted_fraction(self, temperature: float | FloatArray) -> FloatArray:
        """Melted fraction f between 0 and 1, same shape as ``temperature`` in degrees C."""
        t = np.asarray(temperature, dtype=np.float64)
        if self.solidus is None or self.liquidus is None:
            return np.zeros_like(t)
        return np.clip((t - self.solidus) / (self.liquidus - self.solidus), 0.0, 1.0)

    def check_range(self, region: str, lowest: float, highest: float, when: str) -> None:
        """Refuse temperatures outside the range of the properties.

        Args:
            region: Region that is made of the material.
            lowest: Lowest temperature in the region, degrees C.
            highest: Highest temperature in the region, degrees C.
            when: Words that say when, for the message.

        Raises:
            PropertyRangeError: naming region, material, temperature and range.
        """
        low, high = self.valid
        slack = 1e-6
        if lowest >= low - slack and highest <= high + slack:
            return
        hot = highest > high + slack
        raise PropertyRangeError(
            f"{when} region {region} reaches {highest if hot else lowest:.1f} C: the oven is "
            f"{'hotter' if hot else 'colder'} than the range of {self.name}, whose thermal data "
            f"are known from {low:g} to {high:g} C ({self.limited_by}); "
            f"HeatMaterial.of({self.name!r}, extrapolate=True) keeps the values at the ends"
        )


def _enthalpy(pieces: Segments, temperature: FloatArray) -> FloatArray:
    at = pieces.temperature
    k = np.clip(np.searchsorted(at, temperature, side="right") - 1, 0, len(at) - 2)
    run = np.clip(temperature, at[0], at[-1]) - at[k]
    slope = (pieces.right[k] - pieces.left[k]) / (at[k + 1] - at[k])
    inside = pieces.enthalpy[k] + run * (pieces.left[k] + 0.5 * slope * run)
    below = np.minimum(temperature - at[0], 0.0) * pieces.left[0]
    above = np.maximum(temperature - at[-1], 0.0) * pieces.right[-1]
    return np.asarray(inside + below + above)


def _melting(known: Material, interval: float) -> tuple[float | None, float | None, float]:
    """Solidus, liquidus (at least ``interval`` apart) and latent heat per mass, mJ/g.

    A metal with a melting point but no latent heat, and what does not melt, gives none.
    """
    if "solidus" in known and "liquidus" in known:
        solidus, liquidus = known["solidus"].constant, known["liquidus"].constant
    elif "melting_point" in known and "latent_heat" in known:
        solidus = liquidus = known["melting_point"].constant
    else:
        return None, None, 0.0
    if "latent_heat" not in known:
        raise MaterialError(f"melting of {known.name} needs its latent_heat: add it to its file")
    if liquidus - solidus < interval:
        middle = 0.5 * (solidus + liquidus)
        solidus, liquidus = middle - 0.5 * interval, middle + 0.5 * interval
    return solidus, liquidus, known["latent_heat"].constant


def _range(known: Material) -> tuple[float, float, str]:
    """Common range of the thermal properties and the one that ends first when it gets hot."""
    low = max(known[name].range[0] for name in ("heat_capacity", "conductivity"))
    first = min(("heat_capacity", "conductivity"), key=lambda name: known[name].range[1])
    source = ", ".join(known[first].sources)
    return low, known[first].range[1], f"{first} from {source}"
