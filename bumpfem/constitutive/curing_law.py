r"""What the laws of a curing resin share: state, path of the increment, update.

The strain that such a law gets is the *total* strain: thermal expansion and chemical shrinkage are
its own, because both move with the degree of cure. Strain is linear in time over the increment.
Before the gel point there is no stress and no stiffness, and strain leaves no trace.

State columns: 0..5 chemical and viscous strain since the gel point (engineering shear), 6
accumulated equivalent viscous strain, 7 degree of cure, 8 temperature, 9..14 strain and 15..20
stress at the end of the last increment, 21 and further the relaxing terms of the law.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bumpfem.constitutive.cure_nodes import Chemistry
from bumpfem.constitutive.cure_path import CurePath, Watched, cure_path, distinct
from bumpfem.constitutive.curing_kernel import CURE, TEMPERATURE, TERMS, advance_points
from bumpfem.constitutive.gel_time import gel_time
from bumpfem.constitutive.law import check_arrays, check_solved
from bumpfem.constitutive.resin_expansion import ResinExpansion
from bumpfem.constitutive.resin_moduli import ResinModuli
from bumpfem.errors import InputError
from bumpfem.units import ZERO_CELSIUS_K, FloatArray

#: Paths that are integrated at once.
_PATHS_AT_ONCE = 64
#: Increments whose coefficients are kept: the iterations of an increment ask for the same.
_KEPT = 4


class Coefficients(NamedTuple):
    """Coefficients of the paths of an increment, see :mod:`bumpfem.constitutive.curing_kernel`."""

    common: FloatArray
    shear_terms: FloatArray
    bulk_terms: FloatArray


@dataclass(frozen=True)
class CuringLaw(ABC):
    """Base of the laws of a curing resin.

    Args:
        curing: Chemistry of the resin.
        moduli: Glassy and rubbery moduli.
        expansion: Thermal expansion and shrinkage.
        start_temperature: Temperature of the initial state, degrees Celsius.
        start_cure: Degree of cure of the initial state, 0..1.

    Raises:
        InputError: Start temperature or cure out of its limits.
    """

    curing: Chemistry
    moduli: ResinModuli
    expansion: ResinExpansion
    start_temperature: float
    start_cure: float
    _memory: dict[bytes, tuple[Coefficients, NDArray[np.int64]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    name: ClassVar[str]
    rate_dependent: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not -ZERO_CELSIUS_K < self.start_temperature < np.inf:
            raise InputError(
                "start_temperature", self.start_temperature, "above absolute zero", "C"
            )
        if not 0.0 <= self.start_cure <= 1.0:
            raise InputError("start_cure", self.start_cure, "0 to 1")

    @property
    def terms(self) -> tuple[int, int]:
        """Number of relaxing terms of the deviator and of the pressure."""
        return 0, 0

    @property
    def n_state(self) -> int:
        """Number of state columns."""
        shear, bulk = self.terms
        return TERMS + 6 * shear + bulk

    def initial_state(self, n: int) -> FloatArray:
        """State (n, n_state) without stress, at the start's cure and temperature."""
        state = np.zeros((n, self.n_state))
        state[:, CURE] = self.start_cure
        state[:, TEMPERATURE] = self.start_temperature
        return state

    def liquid(self, state: FloatArray) -> NDArray[np.bool_]:
        """Where (n,) the resin has not gelled."""
        return np.asarray(state[:, CURE] < self.curing.gel_cure)

    def cure(self, state: FloatArray) -> FloatArray:
        """Degree of cure (n,)."""
        return state[:, CURE]

    def glass_transition(self, state: FloatArray) -> FloatArray:
        """Glass transition (n,), degrees Celsius."""
        return self.curing.glass_transition(state[:, CURE])

    def gel_time(
        self, times: FloatArray, temperatures: FloatArray, cure: float | None = None
    ) -> float | None:
        """When the resin is about to gel on a history of temperature; end an increment there.

        The update takes strain as linear over the whole increment, so that a body that shrinks
        freely after the gel point is moved too far in the increment that holds it. An increment
        that ends here ends liquid, and the next one is solid from its very beginning.

        Args:
            times: (n,) s, increasing.
            temperatures: (n,) degrees Celsius, linear between.
            cure: Degree of cure at the first time; that of the initial state if None.

        Returns:
            Time just before the gel point, s; None if it is not reached, or was before.
        """
        return gel_time(self.curing, self.start_cure if cure is None else cure, times, temperatures)

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
        if not np.isfinite(temperature).all():
            raise InputError("temperature", temperature, "finite temperatures", "C")
        coefficients, place = self._coefficients(state, temperature, dt)
        failed = advance_points(
            strain, temperature, place, *coefficients, state, stress, tangent, new_state
        )
        check_solved(failed, self.name, strain, temperature, dt)

    def _coefficients(
        self, state: FloatArray, temperature: FloatArray, dt: float
    ) -> tuple[Coefficients, NDArray[np.int64]]:
        rows, place = distinct(state[:, CURE], state[:, TEMPERATURE], temperature)
        key = rows.tobytes() + np.float64(dt).tobytes()
        if key in self._memory and len(self._memory[key][1]) == len(place):
            found, known = self._memory[key]
            if len(rows) == 1 or np.array_equal(known, place):
                return found, known
        blocks = [
            self._block(rows[start : start + _PATHS_AT_ONCE], dt)
            for start in range(0, len(rows), _PATHS_AT_ONCE)
        ] or [self._block(rows, dt)]
        found = Coefficients(*(np.concatenate(part) for part in zip(*blocks, strict=True)))
        while len(self._memory) >= _KEPT:
            self._memory.pop(next(iter(self._memory)))
        self._memory[key] = found, place
        return found, place

    def _block(self, rows: FloatArray, dt: float) -> Coefficients:
        cure, start, end = (np.ascontiguousarray(column) for column in rows.T)
        path = cure_path(
            self.curing, self.expansion, cure, start, end, dt,
            self.moduli.transition_width, self.watched(dt),
        )  # fmt: skip
        shear, bulk = self.equilibrium(path)
        common = np.column_stack([
            path.end_cure,
            path.weight.sum(axis=(1, 2)),
            path.integral(shear),
            path.integral(bulk),
            path.integral(3.0 * bulk * path.free_rate),
            path.integral(3.0 * path.free_rate),
            path.integral(path.chemical_rate),
        ])  # fmt: skip
        return Coefficients(common, *self.relaxing(path, dt))

    def watched(self, dt: float) -> Watched | None:
        """What may change by about 1 only over a panel of an increment of length ``dt``, s."""
        return None

    @abstractmethod
    def equilibrium(self, path: CurePath) -> tuple[FloatArray, FloatArray]:
        """Shear and bulk modulus without delay at the Gauss points of the path, MPa."""

    @abstractmethod
    def relaxing(self, path: CurePath, dt: float) -> tuple[FloatArray, FloatArray]:
        """Coefficients of the relaxing terms of the deviator and of the pressure."""
