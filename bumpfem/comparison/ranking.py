"""Error bars from meshes and tolerances, and a ranking only where bars separate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

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
    Errors of two joints on similar meshes are correlated and would partly cancel in their ratio;
    that is *not* assumed, so the bar is on the safe side.

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
        mesh_scatter: Smallest mesh error that is believed, relative to the value: two unstructured
            meshes can agree by chance.
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
    if not samples:
        raise InputError("samples", "none", "at least one run")
    for sample in samples:
        if not (math.isfinite(sample.value) and sample.value >= 0.0):
            raise InputError("sample.value", sample.value, "a finite number >= 0")
    model = model or ErrorModel()
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
        mesh = model.safety_factor * _carried(reference, fine, coarse) / (ratio - 1.0)
        mesh = max(mesh, model.mesh_scatter * reference.value)

    time = math.inf
    pairs = [
        (tight, loose)
        for tight, loose in _ordered_pairs(samples, "tolerance")
        if tight.mesh_size == loose.mesh_size
    ]
    if pairs:
        tight, loose = min(pairs, key=lambda p: (p[0].mesh_size, p[0].tolerance, -p[1].tolerance))
        factor = max(1.0, reference.tolerance / (loose.tolerance - tight.tolerance))
        time = model.safety_factor * _carried(reference, tight, loose) * factor
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


def rank_groups(bars: Mapping[str, Interval]) -> tuple[tuple[str, ...], ...]:
    """Groups of names from the highest to the lowest bar, with a gap between the groups.

    Two names are in one group if their bars overlap, directly or through a chain of others, so
    names in different groups are always separated. Within a group nothing is claimed.

    >>> bars = {"a": Interval(1, 2, 3), "b": Interval(2, 4, 5), "c": Interval(6, 7, 8)}
    >>> rank_groups(bars)
    (('c',), ('b', 'a'))
    """
    order = sorted(bars, key=lambda name: (-bars[name].high, -bars[name].value))
    groups: list[list[str]] = []
    bottom = math.inf
    for name in order:
        if not groups or bars[name].high < bottom:
            groups.append([])
            bottom = math.inf
        groups[-1].append(name)
        bottom = min(bottom, bars[name].low)
    return tuple(tuple(sorted(group, key=lambda name: -bars[name].value)) for group in groups)
