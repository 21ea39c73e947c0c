r"""A thermoplastic film: nothing when molten, elastic from its solidification on.

Below the melting point

.. math:: \sigma = C(T) : (\varepsilon - \varepsilon^{th}(T) - \varepsilon^{0}),

with moduli and instantaneous expansion over temperature and :math:`\varepsilon^0` the strain minus
thermal strain at the moment when it last solidified: stress-free then. Strain and temperature are
linear over the increment, and the moment is where temperature passes the melting point. Above it
there is no stress and no stiffness. What flow below the melting point would relax stays.

The strain that the law gets is the total strain. State columns: 0..6 zero (nothing viscous), 7
solid (1) or molten (0), 8 temperature, 9..14 strain and 15..20 stress at the end of the last
increment, 21..26 the strain :math:`\varepsilon^0`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from bumpfem.constitutive.elastic import ThermoElastic, elastic_update
from bumpfem.constitutive.law import check_arrays
from bumpfem.constitutive.table import Table
from bumpfem.errors import InputError, MaterialError
from bumpfem.materials import Material, load_material
from bumpfem.units import ZERO_CELSIUS_K, FloatArray

_SOLID, _TEMPERATURE, _STRAIN, _STRESS, _OFFSET, _COLUMNS = 7, 8, 9, 15, 21, 27
_NEEDED = ("youngs_modulus", "poissons_ratio", "expansion", "melting_point")


@dataclass(frozen=True)
class Solidifying:
    """Elastic below the melting point; see the module.

    Args:
        youngs_modulus: MPa against degrees Celsius.
        poissons_ratio: Pure number against degrees Celsius.
        expansion: Instantaneous coefficient, 1/K against degrees Celsius.
        melting_point: Degrees Celsius.
        start_temperature: Temperature of the initial state, degrees Celsius.

    Raises:
        InputError: A temperature that is not one.
    """

    youngs_modulus: Table
    poissons_ratio: Table
    expansion: Table
    melting_point: float
    start_temperature: float
    name: ClassVar[str] = "solidifying"
    n_state: ClassVar[int] = _COLUMNS
    rate_dependent: ClassVar[bool] = False

    def __post_init__(self) -> None:
        for name in ("melting_point", "start_temperature"):
            if not -ZERO_CELSIUS_K < getattr(self, name) < np.inf:
                raise InputError(name, getattr(self, name), "above absolute zero", "C")

    @classmethod
    def of(cls, material: str | Material, start_temperature: float) -> Self:
        """From the library or a user's own material; tables keep their end values.

        Raises:
            MaterialError: Data are missing; says which.
        """
        known = material if isinstance(material, Material) else load_material(material)
        missing = [name for name in _NEEDED if name not in known]
        if missing:
            raise MaterialError(f"film of {known.name}: missing {', '.join(missing)} data")
        if known["expansion"].expansion_kind != "instantaneous":
            raise MaterialError(f"film of {known.name}: its expansion must be instantaneous")
        melting = known["melting_point"].constant
        modulus, ratio, expansion = (
            Table(*known[name].table(*known[name].range)) for name in _NEEDED[:3]
        )
        return cls(modulus, ratio, expansion, melting, start_temperature)

    def initial_state(self, n: int) -> FloatArray:
        """State (n, 27) without stress and strain at the start temperature."""
        state = np.zeros((n, self.n_state))
        state[:, _SOLID] = self.start_temperature < self.melting_point
        state[:, _TEMPERATURE] = self.start_temperature
        state[:, _OFFSET : _OFFSET + 3] = -self._elongation(np.full((n, 1), self.start_temperature))
        return state

    def liquid(self, state: FloatArray) -> NDArray[np.bool_]:
        """Where (n,) the film is molten."""
        return np.asarray(state[:, _SOLID] < 0.5)

    def update(
        self,
        strain: FloatArray,
        temperature: FloatArray,
        dt: float,
        state: FloatArray,
        stress: FloatArray,
        tangent: FloatArray,
        new_state: FloatArray,
    ) -> None:
        """Stress, tangent and state; see :class:`bumpfem.constitutive.Law`."""
        check_arrays(self.n_state, strain, temperature, dt, state, stress, tangent, new_state)
        solid = temperature < self.melting_point
        freezes = solid & self.liquid(state)
        before = state[:, _TEMPERATURE]
        cooled = np.where(freezes, before - temperature, 1.0)
        part = np.where(freezes, np.clip((before - self.melting_point) / cooled, 0.0, 1.0), 0.0)
        new_state[:] = state
        born = state[:, _STRAIN:_STRESS] + part[:, None] * (strain - state[:, _STRAIN:_STRESS])
        born[:, :3] -= self._elongation(np.full((1, 1), self.melting_point))
        new_state[freezes, _OFFSET:] = born[freezes]
        elastic = strain - new_state[:, _OFFSET:]
        elastic[:, :3] -= self._elongation(temperature[:, None])
        law = ThermoElastic(self.youngs_modulus, self.poissons_ratio)
        elastic_update(elastic, law.stiffness(temperature), stress, tangent)
        stress[~solid] = 0.0
        tangent *= np.where(solid, 1.0 - part, 0.0)[:, None, None]
        new_state[:, _SOLID] = solid
        new_state[:, _TEMPERATURE] = temperature
        new_state[:, _STRAIN:_STRESS] = strain
        new_state[:, _STRESS:_OFFSET] = stress

    def _elongation(self, temperature: FloatArray) -> FloatArray:
        """Free elongation from 25 C on, exactly for the straight lines of the table."""
        nodes = np.asarray(self.expansion.temperature)
        values = np.asarray(self.expansion.value)
        steps = 0.5 * (values[1:] + values[:-1]) * np.diff(nodes)
        area = np.concatenate([[0.0], np.cumsum(steps)])

        def primitive(t: FloatArray) -> FloatArray:
            inside = np.clip(t, nodes[0], nodes[-1])
            piece = np.clip(np.searchsorted(nodes, inside, "right") - 1, 0, max(len(steps) - 1, 0))
            here = self.expansion(inside)
            within = area[piece] + 0.5 * (values[piece] + here) * (inside - nodes[piece])
            beyond = values[-1] * np.maximum(t - nodes[-1], 0.0)
            return np.asarray(within + beyond + values[0] * np.minimum(t - nodes[0], 0.0))

        return primitive(temperature) - primitive(np.asarray(25.0))
