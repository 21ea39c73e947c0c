r"""A thermoplastic film: nothing when molten, elastic from its solidification on.

Below the melting point stress grows with the moduli that the film has meanwhile,

.. math:: \dot\sigma = C(T) : (\dot\varepsilon - \alpha(T)\, \dot T\, m),

so that what was strained while it was soft does not stiffen with it: a film that stiffens a
hundredfold on cooling keeps the little stress that it had. It has none when it solidifies. Strain
and temperature are linear over the increment; with the mean moduli of its solid part, from
:math:`T_0` to :math:`T_1`,

.. math:: \Delta\sigma = \bar C : \Bigl(\Delta\varepsilon - m \int \alpha\, dT\Bigr), \qquad
          \bar C = \frac{1}{T_1 - T_0} \int C(T)\, dT,

exact for the straight lines of the tables where the elastic strain grows linearly; free expansion
gives no stress in any increment. Above the melting point there is no stress and no stiffness. What
flow below it would relax stays.

The strain that the law gets is the total strain. State columns: 0..6 zero (nothing viscous), 7
solid (1) or molten (0), 8 temperature, 9..14 strain and 15..20 stress at the end of the last
increment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from bumpfem.constitutive.law import check_arrays, isotropic_moduli
from bumpfem.constitutive.table import Table
from bumpfem.errors import InputError, MaterialError
from bumpfem.materials import Material, Span, load_material
from bumpfem.materials.property import Property
from bumpfem.units import ZERO_CELSIUS_K, FloatArray

_SOLID, _TEMPERATURE, _STRAIN, _STRESS, _COLUMNS = 7, 8, 9, 15, 21
#: Points and weights of Gauss's rule with three points on -1..1.
_GAUSS = np.polynomial.legendre.leggauss(3)
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
    def of(cls, material: str | Material, start_temperature: float, span: Span) -> Self:
        """From the library or a user's own material.

        Args:
            material: Name, path of a file, or the material itself.
            start_temperature: Temperature of the initial state, degrees Celsius.
            span: Temperatures that the film will see; its data are needed below the melting point.

        Raises:
            MaterialError: Data are missing; says which.
            PropertyRangeError: The span leaves a property's range below the melting point and does
                not extrapolate.
        """
        known = material if isinstance(material, Material) else load_material(material)
        missing = [name for name in _NEEDED if name not in known]
        if missing:
            raise MaterialError(f"film of {known.name}: missing {', '.join(missing)} data")
        if known["expansion"].expansion_kind != "instantaneous":
            raise MaterialError(f"film of {known.name}: its expansion must be instantaneous")
        melting = known["melting_point"].constant
        solid = span.below(melting)
        modulus, ratio, expansion = (_table(known[name], solid) for name in _NEEDED[:3])
        return cls(modulus, ratio, expansion, melting, start_temperature)

    def initial_state(self, n: int) -> FloatArray:
        """State (n, 21) without stress and strain at the start temperature."""
        state = np.zeros((n, self.n_state))
        state[:, _SOLID] = self.start_temperature < self.melting_point
        state[:, _TEMPERATURE] = self.start_temperature
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
        pairs, place = np.unique(
            np.stack([state[:, _TEMPERATURE], temperature], axis=1), axis=0, return_inverse=True
        )
        parts = np.array([self._increment(*pair) for pair in pairs.tolist()]).reshape(-1, 4)
        share, bulk, shear, free = parts[place.ravel()].T
        change = share[:, None] * (strain - state[:, _STRAIN:_STRESS])
        change[:, :3] -= free[:, None]
        tangent[:] = 0.0
        tangent[:, :3, :3] = (bulk - 2.0 * shear / 3.0)[:, None, None]
        for k in range(3):
            tangent[:, k, k] += 2.0 * shear
            tangent[:, k + 3, k + 3] = shear
        solid = temperature < self.melting_point
        stress[:] = state[:, _STRESS:] + np.einsum("pij,pj->pi", tangent, change)
        stress[~solid] = 0.0
        tangent *= share[:, None, None]
        new_state[:, :_SOLID] = 0.0
        new_state[:, _SOLID] = solid
        new_state[:, _TEMPERATURE] = temperature
        new_state[:, _STRAIN:_STRESS] = strain
        new_state[:, _STRESS:] = stress

    def _increment(self, start: float, end: float) -> tuple[float, float, float, float]:
        """Solid share of an increment, its mean bulk and shear moduli, MPa, and free elongation."""
        if end >= self.melting_point:
            return 0.0, 0.0, 0.0, 0.0
        begin = min(start, self.melting_point)
        share = 1.0 if start == begin else (begin - end) / (start - end)
        tables = (self.youngs_modulus, self.poissons_ratio)
        inside = {t for table in tables for t in table.temperature}
        nodes = np.array(
            sorted({begin, end, *(t for t in inside if min(begin, end) < t < max(begin, end))})
        )
        widths, points = np.diff(nodes), np.full(1, end)
        weights = np.ones(1)
        if len(widths):
            points = (nodes[:-1, None] + 0.5 * (1.0 + _GAUSS[0]) * widths[:, None]).ravel()
            weights = (0.5 * _GAUSS[1] * widths[:, None]).ravel() / widths.sum()
        bulk, shear = isotropic_moduli(*tables, points)
        free = self._elongation(np.array([begin, end]))
        return share, float(weights @ bulk), float(weights @ shear), float(free[1] - free[0])

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


def _table(known: Property, solid: Span | None) -> Table:
    """A property over its whole range, and beyond it as far as a solid film goes."""
    low, high = known.range
    if solid is None:
        return Table(*known.table(low, high))
    whole = Span(min(low, solid.lowest), max(high, solid.highest), solid.extrapolate)
    return Table(*whole.table(known))
