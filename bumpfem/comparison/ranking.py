"""Error bars from meshes and tolerances, and a ranking only where it is certain."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from bumpfem.errors import InputError


@dataclass(frozen=True)
class Interval:
    """A value with its error bar.

    Attributes:
        low: Lower end.
        value: The value.
        high: Upper end; ``inf`` where it is not bounded.

    Raises:
        InputError: The ends do not enclose the value.
    """

    low: float
    value: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise InputError("interval", (self.low, self.value, self.high), "low <= value <= high")

    def above(self, other: Interval) -> bool:
        """True where this whole bar lies above the other one."""
        return self.low > other.high

    def separated(self, other: Interval) -> bool:
        """True where the bars have no common point."""
        return self.above(other) or other.above(self)


def quotient(numerator: Interval, denominator: Interval) -> Interval | None:
    """Ratio of two positive values with the worst case of both bars.

    ``low = numerator.low / denominator.high`` and ``high = numerator.high / denominator.low``.
    What two joints on similar meshes err alike does not cancel here:
    :func:`bumpfem.comparison.ratio.life_ratio` looks at the ratio itself where both have the runs.

    Returns:
        The ratio; None where it has no value (infinite over infinite, zero over zero). An end
        of the bar without a value is 0 or ``inf``: nothing is known there.
    """
    value = _divide(numerator.value, denominator.value)
    if math.isnan(value):
        return None
    low = _divide(numerator.low, denominator.high)
    high = _divide(numerator.high, denominator.low)
    return Interval(0.0 if math.isnan(low) else low, value, math.inf if math.isnan(high) else high)


def _divide(upper: float, lower: float) -> float:
    if (math.isinf(upper) and math.isinf(lower)) or upper == lower == 0.0:
        return math.nan
    return math.inf if lower == 0.0 else upper / lower


@dataclass(frozen=True)
class Sample:
    """One computed value and the settings it was computed with.

    Attributes:
        mesh_size: Factor on all element sizes (smaller is finer).
        tolerance: Tolerance of the time-step control (smaller is tighter).
        value: What was computed.
    """

    mesh_size: float
    tolerance: float
    value: float

    def __post_init__(self) -> None:
        for name in ("mesh_size", "tolerance"):
            number = getattr(self, name)
            if not (math.isfinite(number) and number > 0.0):
                raise InputError(f"sample.{name}", number, "a finite number > 0")


@dataclass(frozen=True)
class ErrorModel:
    """How differences between runs become an error bar. See :func:`numerical_error`.

    Attributes:
        safety_factor: Factor on both contributions.
        mesh_order: Order of convergence of layer averages in the element size. 1 although
            elements are quadratic: the singular corner at the pad edge limits the order.
        mesh_scatter: Smallest mesh error that is believed, relative to the value, on meshes of size
            1 and finer: two unstructured meshes can agree by chance. See :meth:`scatter_at`.
    """

    safety_factor: float = 1.25
    mesh_order: float = 1.0
    mesh_scatter: float = 0.0

    def __post_init__(self) -> None:
        if self.safety_factor < 1.0:
            raise InputError("error_model.safety_factor", self.safety_factor, ">= 1")
        if self.mesh_scatter < 0.0:
            raise InputError("error_model.mesh_scatter", self.mesh_scatter, ">= 0")
        if self.mesh_order <= 0.0:
            raise InputError("error_model.mesh_order", self.mesh_order, "> 0")

    def scatter_at(self, mesh_size: float) -> float:
        """Relative scatter between meshes of one size: it grows with the size of coarse ones."""
        return self.mesh_scatter * max(1.0, mesh_size)


@dataclass(frozen=True)
class NumericalError:
    """Reference value and what mesh and time steps contribute to its error.

    Attributes:
        reference: The run with the finest mesh and, on it, the tightest tolerance.
        mesh: Contribution of the mesh; ``inf`` if no two runs differ in the mesh alone.
        time: Contribution of the time steps; ``inf`` if no two runs differ in tolerance alone.
    """

    reference: Sample
    mesh: float
    time: float

    @property
    def total(self) -> float:
        """Sum of both: they are biases, which do not average out like random errors."""
        return self.mesh + self.time

    @property
    def interval(self) -> Interval:
        """Bar of a quantity that cannot be negative."""
        value = self.reference.value
        return Interval(max(value - self.total, 0.0), value, value + self.total)


def numerical_error(samples: Sequence[Sample], model: ErrorModel | None = None) -> NumericalError:
    r"""Error of the reference run from its differences to coarser and looser runs.

    .. math::

        e_{mesh} = F \frac{|f_1 - f_2|}{(h_2/h_1)^p - 1}, \qquad
        e_{time} = F |f_t - f_l| \max\left(1, \frac{t}{t_l - t_t}\right)

    with element sizes h1 < h2 at equal tolerance, tolerances t_t < t_l on equal mesh, t the
    tolerance of the reference, F the safety factor and p the assumed order. The second factor is
    above 1 only where the reference itself was computed with the loose tolerance. A difference
    taken on another mesh or tolerance than the reference's is carried over relative to the value
    there. Two meshes cannot show that the order is reached: p is an assumption; and they can agree
    by chance: the model's scatter is the least mesh error that is taken.

    Args:
        samples: Values of the same quantity from several runs of one joint.
        model: Safety factor and order.

    Returns:
        Reference and contributions.

    Raises:
        InputError: There is no sample, or a value is negative or not finite.
    """
    for sample in samples:
        if not (math.isfinite(sample.value) and sample.value >= 0.0):
            raise InputError("sample.value", sample.value, "a finite number >= 0")
    model = model or ErrorModel()
    error = _error(samples, model, _carried)
    least = model.scatter_at(error.reference.mesh_size) * error.reference.value
    return replace(error, mesh=max(error.mesh, least))


def logarithmic_error(samples: Sequence[Sample], model: ErrorModel | None = None) -> NumericalError:
    """Error of a logarithm: as :func:`numerical_error`, but from differences as they are.

    A logarithm may be negative, and what two of them differ by is relative already. The model's
    scatter is left out: it belongs to what the logarithm was taken of.

    Args:
        samples: Logarithms of the same quantity from several runs.
        model: Safety factor and order.

    Raises:
        InputError: There is no sample, or a value is not finite.
    """
    for sample in samples:
        if not math.isfinite(sample.value):
            raise InputError("sample.value", sample.value, "a finite number")
    return _error(
        samples, model or ErrorModel(), lambda _, better, other: abs(better.value - other.value)
    )


def _error(
    samples: Sequence[Sample],
    model: ErrorModel,
    difference: Callable[[Sample, Sample, Sample], float],
) -> NumericalError:
    """Both contributions; ``difference`` is that of the reference's pair, a better and another."""
    if not samples:
        raise InputError("samples", "none", "at least one run")
    reference = min(samples, key=lambda s: (s.mesh_size, s.tolerance))
    mesh = math.inf
    pairs = [
        (fine, coarse)
        for fine, coarse in _ordered_pairs(samples, "mesh_size")
        if fine.tolerance == coarse.tolerance
    ]
    if pairs:
        fine, coarse = min(pairs, key=lambda p: (p[0].mesh_size, p[0].tolerance, p[1].mesh_size))
        ratio = (coarse.mesh_size / fine.mesh_size) ** model.mesh_order
        mesh = model.safety_factor * difference(reference, fine, coarse) / (ratio - 1.0)
    time = math.inf
    pairs = [
        (tight, loose)
        for tight, loose in _ordered_pairs(samples, "tolerance")
        if tight.mesh_size == loose.mesh_size
    ]
    if pairs:
        tight, loose = min(pairs, key=lambda p: (p[0].mesh_size, p[0].tolerance, -p[1].tolerance))
        factor = max(1.0, reference.tolerance / (loose.tolerance - tight.tolerance))
        time = model.safety_factor * difference(reference, tight, loose) * factor
    return NumericalError(reference, mesh, time)


def _ordered_pairs(samples: Sequence[Sample], name: str) -> list[tuple[Sample, Sample]]:
    ordered = sorted(samples, key=lambda s: float(getattr(s, name)))
    return [(a, b) for a, b in combinations(ordered, 2) if getattr(a, name) < getattr(b, name)]


def _carried(reference: Sample, better: Sample, other: Sample) -> float:
    """Difference of a pair, scaled to the reference's value."""
    difference = abs(better.value - other.value)
    if better.value == 0.0:
        return difference
    return difference * reference.value / better.value


def rank_groups(
    values: Mapping[str, float], above: Callable[[str, str], bool]
) -> tuple[tuple[str, ...], ...]:
    """Groups of names from the highest to the lowest value, certain only between the groups.

    Each name of a group is above each name of the groups behind it. Within a group nothing is
    claimed of the order as a whole.

    Args:
        values: Value of each name.
        above: Whether the first name is certainly above the second.

    >>> values = {"a": 2.0, "b": 4.0, "c": 7.0}
    >>> rank_groups(values, lambda first, second: values[first] > 1.5 * values[second] + 1.0)
    (('c',), ('b', 'a'))
    """
    order = sorted(values, key=lambda name: -values[name])
    cuts = [
        number
        for number in range(1, len(order))
        if all(above(first, second) for first in order[:number] for second in order[number:])
    ]
    ends = [0, *cuts, len(order)]
    return tuple(tuple(order[start:end]) for start, end in pairwise(ends) if end > start)
