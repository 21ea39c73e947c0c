"""Heights of an array's joints as a function of everything that varies.

An equilibrium costs milliseconds and an array needs millions of heights, so a model splits its
height into a slow part, the equilibrium as a function of few quantities (volume, radii), which is
tabulated, and a fast one in closed form around it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.bump import free_bump
from bumpfem.shapes.capillary.chebyshev import ChebyshevTable
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.tolerance import Tolerance, Tolerances
from bumpfem.units import FloatArray

#: Values of the quantities that vary, by name: arrays of one shape.
Values = Mapping[str, FloatArray]
#: Quantities that may be zero or negative.
SIGNED = frozenset({"rim_height", "paste_volume", "paste_thickness"})
#: Largest tail of a table of heights, mm: a hundredth of the least tolerance that matters.
LARGEST_TAIL = 1e-5


def nothing(values: Values) -> dict[str, FloatArray]:
    """Arguments of a height that needs no equilibrium."""
    return {}


def bump_height(liquid: Liquid) -> Callable[[Mapping[str, float]], float]:
    """The equilibrium of a free bump of a liquid: its height over the rim, mm."""

    def equilibrium(arguments: Mapping[str, float]) -> float:
        return free_bump(arguments["volume"], 2.0 * arguments["radius"], liquid).height

    return equilibrium


def no_equilibrium(arguments: Mapping[str, float]) -> float:
    """The equilibrium of a height that needs none."""
    return 0.0


@dataclass(frozen=True)
class HeightModel:
    """Height of one joint of a variant.

    Attributes:
        name: Name of the variant.
        nominal: Nominal value of each quantity that its height depends on (fields of
            :class:`Tolerances`).
        arguments: From the quantities to the arguments of the equilibrium, by name.
        equilibrium: Height of the equilibrium, mm, of those arguments (numbers).
        height: From the quantities and the equilibrium's height to the joint's height, mm.
    """

    name: str
    nominal: Mapping[str, float]
    arguments: Callable[[Values], dict[str, FloatArray]]
    equilibrium: Callable[[Mapping[str, float]], float]
    height: Callable[[Values, FloatArray], FloatArray]

    def varying(self, tolerances: Tolerances) -> dict[str, Tolerance]:
        """The tolerances that this variant has a part for.

        Raises:
            InputError: A tolerance reaches down to a quantity of zero or less.
        """
        found = {k: t for k, t in tolerances.given().items() if k in self.nominal}
        for name, tolerance in found.items():
            value = self.nominal[name]
            if name not in SIGNED and tolerance.reach >= value > 0.0:
                raise InputError(
                    f"tolerances.{name}", tolerance.half_width,
                    f"less than {tolerance.half_width * value / tolerance.reach:.4g}",
                    reason=f"{name} = {value:.4g} would vanish in some samples",
                )  # fmt: skip
        return found

    def fast(self, tolerances: Tolerances) -> Callable[[Values], FloatArray]:
        """The same height for arrays of values within the tolerances, from a table.

        Raises:
            InputError: A combination within the tolerances has no equilibrium.
            ConvergenceError: The height is not smooth enough to be tabulated.
        """
        varying = self.varying(tolerances)
        box = self._box(varying)
        fixed = {name: low for name, (low, high) in box.items() if high - low <= 1e-12 * abs(high)}
        free = {name: ends for name, ends in box.items() if name not in fixed}

        def equilibrium(arguments: Mapping[str, float]) -> float:
            return self.equilibrium({**fixed, **arguments})

        table = _table(self.name, equilibrium, free)

        def height(values: Values) -> FloatArray:
            complete = self._complete(values)
            arguments = self.arguments(complete)
            shape = np.broadcast_shapes(*(np.shape(v) for v in values.values()), ())
            found = np.broadcast_to(table(arguments), shape)
            return np.asarray(np.broadcast_to(self.height(complete, found), shape))

        return height

    def exact(self, values: Mapping[str, float]) -> float:
        """Height of a joint with given values, mm, by its own equilibrium."""
        complete = self._complete({k: np.asarray(v) for k, v in values.items()})
        arguments = {k: float(v) for k, v in self.arguments(complete).items()}
        return float(self.height(complete, np.asarray(self.equilibrium(arguments))))

    def _complete(self, values: Values) -> dict[str, FloatArray]:
        return {**{k: np.asarray(v, dtype=np.float64) for k, v in self.nominal.items()}, **values}

    def _box(self, varying: Mapping[str, Tolerance]) -> dict[str, tuple[float, float]]:
        """Range of the arguments, which grow or fall steadily with every quantity."""
        ends = [
            (self.nominal[name] - tolerance.reach, self.nominal[name] + tolerance.reach)
            for name, tolerance in varying.items()
        ]
        corners = np.array(list(itertools.product(*ends))).T
        values = dict(zip(varying, corners, strict=True))
        found = self.arguments(self._complete(values))
        return {name: (float(np.min(v)), float(np.max(v))) for name, v in found.items()}


def _table(
    name: str,
    function: Callable[[Mapping[str, float]], float],
    box: Mapping[str, tuple[float, float]],
) -> ChebyshevTable:
    """Table of the lowest degree that is good enough."""
    for degree in (4, 6, 9) if len(box) < 3 else (3, 5):
        table = ChebyshevTable.of(function, box, degree)
        if table.tail < LARGEST_TAIL:
            return table
    raise ConvergenceError(
        f"{name}: heights change their regime within the tolerances; a table of them is only good"
        f" to {table.tail:.2g} mm"
    )
