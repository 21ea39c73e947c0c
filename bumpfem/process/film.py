r"""The route ``film``: a thermoplastic film melts around the feet of the balls and solidifies.

It has no cure: it flows while it is hotter than its melting point, with a viscosity that depends on
temperature alone. How much resin it brings: :mod:`bumpfem.process.film_volume`.

Whether it has the time to level: unevenness of the wave number :math:`k` of a layer of the
thickness :math:`h` on a rigid base decays under the surface tension :math:`\gamma` at the rate
(Orchard 1962)

.. math:: \lambda = \frac{\gamma k}{2 \mu}\,
          \frac{\sinh kh \cosh kh - kh}{\cosh^2 kh + (kh)^2},

which is :math:`\gamma k^4 h^3 / (3 \mu)` for thin layers. The longest wave that has to go is the
pitch, :math:`k = 2 \pi / P`: then resin lacks at the ball and is left over midway. The flow counts
as complete when :math:`\int \lambda\, dt` over the time above melting reaches :data:`COMPLETE`,
which leaves a twentieth of the unevenness. It is an order of magnitude: amplitudes are small and
there is no ball in this solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import cosh, exp, pi, sinh

import numpy as np

from bumpfem.errors import MaterialError
from bumpfem.materials import Span, load_material
from bumpfem.process.profile_limits import crossing_down, crossing_up, time_above
from bumpfem.units import FloatArray

#: Decay, in powers of e, after which a film counts as level: a twentieth of its unevenness is left.
COMPLETE = 3.0
#: 1 Pa s in N s/mm2.
PASCAL_SECOND = 1e-6
#: Longest part of a history that the viscosity is taken to be linear over, s.
_PART_S = 0.5


@dataclass(frozen=True)
class FilmFlow:
    """What a film did in the oven.

    Attributes:
        material: The film.
        melting_point: Degrees C.
        melts: When it melts, s; None if never.
        solidifies: When it is solid again, s; None if it never melts or stays liquid.
        time_molten: Time above its melting point, s.
        levelling: Decay of its unevenness, in powers of e.
        lowest_viscosity: Its lowest viscosity, Pa s; None if it never melts.
    """

    material: str
    melting_point: float
    melts: float | None
    solidifies: float | None
    time_molten: float
    levelling: float
    lowest_viscosity: float | None

    @property
    def complete(self) -> bool:
        """Whether it had the time to level."""
        return self.levelling >= COMPLETE

    @property
    def faults(self) -> tuple[str, ...]:
        """What went wrong, one sentence each."""
        if self.melts is None:
            return (f"the film of {self.material} does not melt: {self.melting_point:g} degC",)
        if self.solidifies is None:
            return (f"the film of {self.material} is still liquid at the end",)
        if not self.complete:
            return (
                f"the film of {self.material} has no time to flow: {self.time_molten:.0f} s above "
                f"{self.melting_point:g} degC leave {100.0 * exp(-self.levelling):.0f} % of its "
                "unevenness (order of magnitude)",
            )
        return ()

    @property
    def sentence(self) -> str:
        """What happened, in a line."""
        if self.melts is None or self.solidifies is None or self.lowest_viscosity is None:
            return self.faults[0]
        return (
            f"film of {self.material} molten from {self.melts:.1f} to {self.solidifies:.1f} s, at "
            f"least {self.lowest_viscosity:.3g} Pa s, levelled by e^-{self.levelling:.3g}"
        )


def film_flow(
    material: str,
    times: FloatArray,
    temperatures: FloatArray,
    pitch: float,
    thickness: float,
    *,
    extrapolate: bool = False,
) -> FilmFlow:
    """Melting, flow and solidification of a film along its temperature.

    Args:
        material: Film in the library, with ``melting_point``, ``melt_viscosity`` and
            ``surface_tension``.
        times: s, increasing.
        temperatures: Of the film, degrees C.
        pitch: mm.
        thickness: Of the film, mm.
        extrapolate: Whether viscosity and surface tension keep their end values beyond their
            ranges, which is recorded.

    Raises:
        MaterialError: The library does not say when or how the film flows.
        PropertyRangeError: The molten film leaves the range of its viscosity or surface tension and
            ``extrapolate`` is false.
    """
    known = load_material(material)
    if "melting_point" not in known or "melt_viscosity" not in known:
        raise MaterialError(
            f'{material} is no film for route "film": the library has no '
            f"{'melting_point' if 'melting_point' not in known else 'melt_viscosity'} of it"
        )
    melting = known["melting_point"].constant
    melts = crossing_up(times, temperatures, melting)
    if np.isnan(melts):
        return FilmFlow(material, melting, None, None, 0.0, 0.0, None)
    solid = crossing_down(times, temperatures, melting)
    fine = _fine(times)
    values = np.interp(fine, times, temperatures)
    molten = np.maximum(values, melting)
    liquid = Span.of(molten, extrapolate=extrapolate)
    for name in ("melt_viscosity", "surface_tension"):
        liquid.hold(known[name])
    viscosity = known["melt_viscosity"](molten, extrapolate=True)
    tension = known["surface_tension"](molten, extrapolate=True)
    rates = levelling_rate(tension, viscosity, thickness, 2.0 * pi / pitch)
    rates = np.where(values >= melting, rates, 0.0)
    return FilmFlow(
        material,
        melting,
        float(melts),
        None if np.isnan(solid) else float(solid),
        time_above(times, temperatures, melting),
        float(np.trapezoid(rates, fine)),
        float(viscosity.min()),
    )


def levelling_rate(
    surface_tension: float | FloatArray,
    viscosity: float | FloatArray,
    thickness: float,
    wave_number: float,
) -> FloatArray:
    """Rate at which a layer becomes level, 1/s; see the module.

    Args:
        surface_tension: N/mm.
        viscosity: Pa s.
        thickness: mm.
        wave_number: 1/mm.

    >>> bool(abs(levelling_rate(3e-5, 100.0, 1e-3, 1.0) / (3e-5 * 1e-9 / 3e-4) - 1) < 1e-5)
    True
    """
    depth = wave_number * thickness
    shape = (sinh(depth) * cosh(depth) - depth) / (cosh(depth) ** 2 + depth**2)
    factor = 0.5 * wave_number * shape / PASCAL_SECOND
    return np.asarray(factor * np.asarray(surface_tension) / np.asarray(viscosity))


def _fine(times: FloatArray) -> FloatArray:
    """The times with points between them, so that no part is longer than :data:`_PART_S`."""
    parts = [
        np.linspace(start, end, max(int(np.ceil((end - start) / _PART_S)), 1) + 1)[:-1]
        for start, end in pairwise(times)
    ]
    return np.concatenate([*parts, times[-1:]])
