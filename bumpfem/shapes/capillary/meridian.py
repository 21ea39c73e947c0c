"""A meridian in capillary equilibrium and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import pi, sin

import numpy as np

from bumpfem.shapes.capillary.collocation import grid, resample
from bumpfem.shapes.capillary.end_protocol import Closure, End, State
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.drawing import Patch, Section
from bumpfem.shapes.spline import Spline
from bumpfem.units import FloatArray

#: Nodes of the spline that stands for a meridian in meshing.
SPLINE_NODES = 129


@dataclass(frozen=True, eq=False)
class Meridian(Section):
    """Solution of ``dr/ds = cos(phi)``, ``dz/ds = sin(phi)``, Young-Laplace for ``dphi/ds``.

    ``dphi/ds = (p - w z) / gamma - sin(phi) / r``, and half of the first term on the axis. The
    liquid is on the left of the direction of the meridian.

    Args:
        liquid: Surface tension and specific weight w.
        lower: End at which the meridian starts.
        upper: End at which it stops.
        r: Radii at the nodes, mm, shape (n,).
        z: Heights at the nodes, mm, shape (n,).
        phi: Angle of the tangent from +r at the nodes, radians, shape (n,).
        length: Arc length, mm.
        pressure: Excess pressure in the liquid at z = 0, MPa.
        heights: Heights of the two ends' solids, mm (that of an unknown height as it was found).
    """

    liquid: Liquid
    lower: End
    upper: End
    r: FloatArray
    z: FloatArray
    phi: FloatArray
    length: float
    pressure: float
    heights: tuple[float, float]

    @property
    def mean_curvature(self) -> float:
        """Pressure over surface tension: twice the mean curvature at z = 0, 1/mm."""
        return self.pressure / self.liquid.surface_tension

    @property
    def elements(self) -> int:
        """Number of collocation elements."""
        return (len(self.r) - 1) // 4

    @property
    def s(self) -> FloatArray:
        """Arc length at the nodes, mm, shape (n,)."""
        return np.asarray(self.length * grid(self.elements).fractions)

    @cached_property
    def _weights(self) -> FloatArray:
        return np.asarray(self.length * grid(self.elements).weights)

    @cached_property
    def curvatures(self) -> tuple[FloatArray, FloatArray]:
        """Curvature of the meridian and that of the circle of latitude, 1/mm."""
        total = (self.pressure - self.liquid.specific_weight * self.z) / (
            self.liquid.surface_tension
        )
        on_axis = self.r <= 0.0
        latitude = np.where(on_axis, 0.5 * total, np.sin(self.phi) / np.where(on_axis, 1.0, self.r))
        return total - latitude, latitude

    @property
    def ends(self) -> tuple[State, State]:
        """(r, z, phi) at the lower and the upper end."""
        return (
            (float(self.r[0]), float(self.z[0]), float(self.phi[0])),
            (float(self.r[-1]), float(self.z[-1]), float(self.phi[-1])),
        )

    @cached_property
    def closures(self) -> tuple[Closure, Closure]:
        """What the solids at the ends add to volume and energy."""
        first, last = self.ends
        return (
            self.lower.closure("lower", first, self.heights[0]),
            self.upper.closure("upper", last, self.heights[1]),
        )

    @property
    def height(self) -> float:
        """Rise from the lower to the upper end, mm."""
        return float(self.z[-1] - self.z[0])

    @cached_property
    def swept_volume(self) -> float:
        """Integral of pi r^2 dz along the meridian alone, mm3."""
        return float(pi * self._weights @ (self.r**2 * np.sin(self.phi)))

    @cached_property
    def volume(self) -> float:
        """Volume of the liquid: swept volume and what the solids at the ends add, mm3."""
        return self.swept_volume + sum(closure.volume for closure in self.closures)

    @cached_property
    def area(self) -> float:
        """Area of the free surface, mm2."""
        return float(2.0 * pi * self._weights @ self.r)

    @cached_property
    def energy(self) -> float:
        """Surface energy, wetting energy and potential energy of the liquid, mJ (N mm).

        ``gamma (A - sum cos(theta) A_wetted) + w integral of z dV``
        """
        moment = pi * float(self._weights @ (self.r**2 * self.z * np.sin(self.phi)))
        wetting = 0.0
        for closure in self.closures:
            moment += closure.moment
            wetting += closure.wetting
        gamma = self.liquid.surface_tension
        return gamma * (self.area + wetting) + self.liquid.specific_weight * moment

    def _section_force(self, state: State) -> float:
        """Force that the liquid below a cross section exerts on what is above it, N."""
        r, z, phi = state
        pressure = self.pressure - self.liquid.specific_weight * z
        return pi * r * r * pressure - 2.0 * pi * r * self.liquid.surface_tension * sin(phi)

    @cached_property
    def force(self) -> float:
        """Upward force on the solid at the upper end, N: the load that the liquid carries.

        ``pi r^2 (p - w z) - 2 pi r gamma sin(phi)`` at the contact line, and the buoyancy of what
        dips into the liquid. It is minus the derivative of the energy by the solid's height.
        """
        buoyancy = -self.liquid.specific_weight * self.closures[1].volume
        return self._section_force(self.ends[1]) + buoyancy

    @cached_property
    def lower_force(self) -> float:
        """Downward force on the solid at the lower end, N: force above and the liquid's weight."""
        weight = self.liquid.specific_weight * self.closures[0].volume
        return self._section_force(self.ends[0]) + weight

    @cached_property
    def _fine(self) -> FloatArray:
        return self.points(401)

    @property
    def max_radius(self) -> float:
        """Largest distance from the axis, mm."""
        return _extreme(self._fine[:, 0])

    @property
    def neck_radius(self) -> float | None:
        """Smallest radius where it is less than at both ends, mm; None where there is no neck."""
        radii = self._fine[:, 0]
        index = int(np.argmin(radii))
        if index in (0, len(radii) - 1):
            return None
        return -_extreme(-radii)

    def states(self, fractions: FloatArray) -> FloatArray:
        """(r, z, phi) at fractions (0 to 1) of the arc length, shape (points, 3)."""
        values = np.column_stack((self.r, self.z, self.phi))
        slopes = np.column_stack((np.cos(self.phi), np.sin(self.phi), self.curvatures[0]))
        return resample(values, slopes, self.length, np.asarray(fractions, dtype=np.float64))

    def points(self, count: int = 65) -> FloatArray:
        """``count`` points (r, z) at equal steps of arc length, mm, shape (count, 2)."""
        return self.states(np.linspace(0.0, 1.0, count))[:, :2]

    def patches(self) -> list[Patch]:
        """The surface alone, for a picture."""
        return [Patch("surface", self.points(257), filled=False)]

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        return f"height {self.height:.4g} mm, {self.pressure:.4g} MPa at z = 0"

    def to_spline(self, count: int = SPLINE_NODES) -> Spline:
        """The curve as a segment of an outline, through ``count`` points of it."""
        points = self.points(count)
        return Spline(tuple((float(r), float(z)) for r, z in points))


def _extreme(values: FloatArray) -> float:
    """Largest of sampled values, with a parabola through the neighbours of an inner one."""
    index = int(np.argmax(values))
    if index in (0, len(values) - 1):
        return float(values[index])
    before, here, after = (float(v) for v in values[index - 1 : index + 2])
    bend = before - 2.0 * here + after
    return here if bend >= 0.0 else here - (after - before) ** 2 / (8.0 * bend)
