"""Regions of a mesh with thermal materials: where they are and the heat that they hold."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.physics.heat_kernels import advance, stored_heat
from bumpfem.physics.heat_lumped import Lumped, RegionState, node_parts
from bumpfem.physics.heat_space import HeatSpace
from bumpfem.units import FloatArray


class HeatStorage:
    """Heat content of regions lumped at the unknowns of a space.

    Temperatures are arrays ``(n,)`` over the unknowns that this rank owns, degrees C.

    Args:
        space: Unknowns.
        materials: Material of every region.

    Attributes:
        volumes: Volume of every region, mm3.
        first_fall: Temperature below which no heat capacity falls as it gets hotter, degrees C.
    """

    def __init__(self, space: HeatSpace, materials: Mapping[str, HeatMaterial]) -> None:
        self.space, self.materials = space, dict(materials)
        self.comm = space.comm
        self._regions = {name: Lumped.of(space.volumes(name)) for name in self.materials}
        self.volumes = {
            name: float(self.comm.allreduce(float(lumped.weights.sum())))
            for name, lumped in self._regions.items()
        }
        around = list(self._regions.values())
        pieces = [item.segments for item in self.materials.values()]
        self._parts = node_parts(self.size, around, pieces)
        self._falling = node_parts(self.size, around, [piece.falling() for piece in pieces])
        self.first_fall = min(piece.first_fall for piece in pieces)

    @property
    def size(self) -> int:
        """Owned unknowns of this rank."""
        return len(self.space.owned)

    def points(self, region: str) -> FloatArray:
        """Coordinates ``(p, dimension)`` of the points of a region where its sources act, mm."""
        return self.space.coordinates()[self._regions[region].unknowns]

    def at_points(self, region: str, temperature: FloatArray) -> FloatArray:
        """Temperatures ``(p,)`` at the points of a region."""
        return temperature[self._regions[region].unknowns]

    def point_volumes(self, region: str) -> FloatArray:
        """Volume ``(p,)`` around each point of a region, mm3."""
        return self._regions[region].weights

    def stored(self, temperature: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Heat content of every unknown, mJ, zero at 25 C, and its slope, mJ/K."""
        heat, slope = np.empty_like(temperature), np.empty_like(temperature)
        stored_heat(temperature, self._parts, heat, slope)
        return heat, slope

    def falling(self, temperature: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Heat content that makes :meth:`stored` convex when added, mJ, and its slope, mJ/K.

        It is zero below :attr:`first_fall`, see :meth:`Segments.falling`.
        """
        heat, slope = np.empty_like(temperature), np.empty_like(temperature)
        stored_heat(temperature, self._falling, heat, slope)
        return heat, slope

    def advance(
        self, temperature: FloatArray, change: FloatArray, heat: FloatArray, slope: FloatArray
    ) -> None:
        """Add a correction to ``temperature`` in place, held back where a node begins to melt.

        Args:
            temperature: Changed.
            change: Correction, K.
            heat: Heat content before, of :meth:`stored`.
            slope: Its slope.
        """
        advance(temperature, change, heat, slope, self._parts)

    def latent(self, temperature: FloatArray) -> float:
        """Latent heat stored in the melted parts of the whole body, mJ."""
        own = 0.0
        for name, lumped in self._regions.items():
            material = self.materials[name]
            if material.melts:
                fraction = material.melted_fraction(temperature[lumped.unknowns])
                own += material.latent_heat * float(lumped.weights @ fraction)
        return float(self.comm.allreduce(own))

    def sensible_capacity(self) -> float:
        """Heat capacity of the whole body at 25 C without latent heat, mJ/K."""
        return sum(
            float(self.materials[name].capacity(25.0)) * volume
            for name, volume in self.volumes.items()
        )

    def regions(self, temperature: FloatArray) -> dict[str, RegionState]:
        """State of every region."""
        sums, bounds = np.zeros((len(self._regions), 2)), np.full((len(self._regions), 2), -np.inf)
        for row, (name, lumped) in enumerate(self._regions.items()):
            if len(lumped.unknowns):
                here = temperature[lumped.unknowns]
                fraction = self.materials[name].melted_fraction(here)
                sums[row] = lumped.weights @ here, lumped.weights @ fraction
                bounds[row] = -here.min(), here.max()
        self.comm.Allreduce(MPI.IN_PLACE, sums, MPI.SUM)
        self.comm.Allreduce(MPI.IN_PLACE, bounds, MPI.MAX)
        return {
            name: RegionState(
                mean=float(sums[row, 0] / self.volumes[name]),
                lowest=float(-bounds[row, 0]),
                highest=float(bounds[row, 1]),
                melted=float(sums[row, 1] / self.volumes[name]),
            )
            for row, name in enumerate(self._regions)
        }

    def mean_error(self, error: FloatArray, temperature: FloatArray) -> tuple[float, float]:
        """Largest root mean square of a temperature error, and mean of that of the melted fraction.

        Args:
            error: Error of the temperature, K.
            temperature: Temperature, degrees C.

        Returns:
            Over all regions the largest of both: K, and a fraction.
        """
        sums = np.zeros((len(self._regions), 2))
        for row, (name, lumped) in enumerate(self._regions.items()):
            here = error[lumped.unknowns]
            material = self.materials[name]
            sums[row, 0] = lumped.weights @ here**2
            if material.melts:
                capacity = material.heat_capacity(temperature[lumped.unknowns])
                latent = capacity - material.capacity(temperature[lumped.unknowns])
                sums[row, 1] = lumped.weights @ np.abs(latent * here) / material.latent_heat
        self.comm.Allreduce(MPI.IN_PLACE, sums, MPI.SUM)
        sums /= np.array(list(self.volumes.values()))[:, None]
        return float(np.sqrt(sums[:, 0].max())), float(sums[:, 1].max())

    def check_ranges(self, temperature: FloatArray, when: str) -> None:
        """Refuse temperatures outside the range of a region's material.

        Raises:
            PropertyRangeError: naming region, material, temperature and range.
        """
        for name, state in self.regions(temperature).items():
            self.materials[name].check_range(name, state.lowest, state.highest, when)

    def place_of(self, unknown: int) -> str:
        """Words for where an owned unknown lies: its regions and coordinates."""
        names = [name for name, lumped in self._regions.items() if unknown in lumped.unknowns]
        axes = "rz" if self.space.geometry.axisymmetric else "xyz"
        where = self.space.coordinates()[unknown]
        place = ", ".join(f"{axis} = {value:.4g}" for axis, value in zip(axes, where, strict=False))
        return f"in {' and '.join(names)} at {place} mm"
