"""A material property: a constant or a table over temperature, with its provenance."""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
from pydantic import field_validator, model_validator

from bumpfem.errors import MaterialError, PropertyRangeError
from bumpfem.materials.citations import cite
from bumpfem.materials.provenance import Provenance
from bumpfem.materials.quantities import (
    PROPERTY_UNITS,
    base_name,
    close_names,
    conversion_error,
)
from bumpfem.units import FloatArray


class Property(Provenance):
    """One property of one material.

    Between the points of its table a property is linear in temperature. Outside its range it
    raises, unless the caller says ``extrapolate=True``: then it *keeps the value at the end of its
    range*. A held end value cannot change sign or grow without bound, which a straight line
    continued from a steep last segment does. Where a run is meant to go beyond the range and to say
    so, :meth:`continued` goes on along that straight line and records it.

    Attributes:
        name: Name of the property, e.g. ``youngs_modulus``; an alternative from another source
            carries a label after two underscores, ``youngs_modulus__kariya_2003``.
        unit: Unit in the library's system.
        temperature: Temperatures of the table in degrees Celsius, ``None`` for a constant.
        value: Values in ``unit``, shape (points,), one for a constant.
        printed_value: The numbers in the author's own unit; none where ``value`` tabulates a
            formula, which the note then gives.
        printed_unit: The author's own unit.
        expansion_kind: For an expansion: ``instantaneous``, d(strain)/dT, or ``secant``,
            strain/(T - reference_temperature).
        reference_temperature: For a secant expansion: where its strain is zero, degrees Celsius.
    """

    unit: str
    value: tuple[float, ...]
    temperature: tuple[float, ...] | None = None
    printed_value: tuple[float, ...] | None = None
    printed_unit: str | None = None
    expansion_kind: Literal["instantaneous", "secant"] | None = None
    reference_temperature: float | None = None

    @field_validator("value", "printed_value", mode="before")
    @classmethod
    def _one_number_is_a_table_of_one(cls, value: object) -> object:
        return (value,) if isinstance(value, int | float) else value

    @model_validator(mode="after")
    def _table_is_sound(self) -> Property:
        quantity = base_name(self.name)
        if quantity not in PROPERTY_UNITS:
            raise ValueError(f"unknown property: {close_names(quantity, list(PROPERTY_UNITS))}")
        if self.unit != PROPERTY_UNITS[quantity]:
            raise ValueError(f"unit is {self.unit!r}, the library keeps {PROPERTY_UNITS[quantity]}")
        if not self.value:
            raise ValueError("value is empty")
        if self.temperature is None:
            if len(self.value) != 1:
                raise ValueError("several values need the temperatures that they belong to")
        else:
            if len(self.temperature) != len(self.value) or len(self.value) < 2:
                raise ValueError("a table needs at least two temperatures and as many values")
            if np.any(np.diff(self.temperature) <= 0.0):
                raise ValueError("the temperatures of a table must increase")
            if self.range[0] < self.temperature[0] or self.range[1] > self.temperature[-1]:
                raise ValueError("range reaches beyond the table")
        self._check_expansion(quantity.startswith("expansion"))
        self._check_sign(quantity)
        if (self.printed_value is None) != (self.printed_unit is None):
            raise ValueError("printed_value and printed_unit belong together")
        if self.printed_value is not None and self.printed_unit is not None:
            fault = conversion_error(self.value, self.unit, self.printed_value, self.printed_unit)
            if fault:
                raise ValueError(fault)
        return self

    def _check_expansion(self, is_expansion: bool) -> None:
        if is_expansion != (self.expansion_kind is not None):
            raise ValueError("expansion_kind belongs to every expansion, and to nothing else")
        if (self.expansion_kind == "secant") != (self.reference_temperature is not None):
            raise ValueError("reference_temperature belongs to every secant expansion only")

    def _check_sign(self, quantity: str) -> None:
        if quantity == "poissons_ratio" and not all(-1.0 < v < 0.5 for v in self.value):
            raise ValueError("poissons_ratio must lie between -1 and 0.5")
        signed = ("poissons_ratio", "expansion")
        if self.unit != "C" and not quantity.startswith(signed) and min(self.value) <= 0.0:
            raise ValueError("value must be positive")

    @overload
    def __call__(self, temperature: float, *, extrapolate: bool = False) -> float: ...
    @overload
    def __call__(self, temperature: FloatArray, *, extrapolate: bool = False) -> FloatArray: ...
    def __call__(
        self, temperature: float | FloatArray, *, extrapolate: bool = False
    ) -> float | FloatArray:
        """Value at a temperature, or at each of an array of temperatures.

        Args:
            temperature: Degrees Celsius, a number or an array of any shape.
            extrapolate: Outside the range keep the value at its end instead of raising.

        Returns:
            Value(s) in ``unit``, same shape.

        Raises:
            PropertyRangeError: A temperature is outside the range or not a number.
        """
        asked = np.asarray(temperature, dtype=np.float64)
        if asked.size:
            self._check_window(float(np.min(asked)), float(np.max(asked)), extrapolate)
        cite(self.sources, self.status, f"{self.material} {self.name}")
        if self.temperature is None:
            found = np.full(asked.shape, self.value[0])
        else:
            found = np.interp(np.clip(asked, *self.range), self.temperature, self.value)
        return found if asked.ndim else float(found)

    @property
    def constant(self) -> float:
        """The number of a property that does not depend on temperature, e.g. a solidus.

        Raises:
            MaterialError: The property is a table.
        """
        if self.temperature is not None:
            raise MaterialError(f"{self.material} {self.name} depends on temperature")
        cite(self.sources, self.status, f"{self.material} {self.name}")
        return self.value[0]

    def table(
        self, lowest: float, highest: float, *, extrapolate: bool = False
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Points of the property over a window of temperatures, checked against its range once.

        Args:
            lowest: Lowest temperature that will be asked for, degrees Celsius.
            highest: Highest temperature that will be asked for, degrees Celsius.
            extrapolate: Outside the range keep the value at its end instead of raising.

        Returns:
            Temperatures (increasing, at least two, covering the window and the range) and values;
            linear interpolation between them equals calling the property.

        Raises:
            PropertyRangeError: The window is not inside the range.
        """
        self._check_window(lowest, highest, extrapolate)
        inner = [t for t in self.temperature or () if self.range[0] < t < self.range[1]]
        points = np.unique([lowest, *self.range, *inner, highest])
        if points.size == 1:
            points = np.array([points[0], points[0] + 1.0])
        values = self(points, extrapolate=True)
        return tuple(points.tolist()), tuple(values.tolist())

    def continued(
        self, lowest: float, highest: float
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Points of the property over a window that may leave its range, recorded where it does.

        A table goes on along the straight line through its first or last two points, a constant
        stays. Inside the range this is :meth:`table`. Every end of the range that is left is
        recorded, see :func:`bumpfem.materials.extrapolation.collect_extrapolations`.

        Args:
            lowest: Lowest temperature that will be asked for, degrees Celsius.
            highest: Highest temperature that will be asked for, degrees Celsius.

        Returns:
            Temperatures and values as of :meth:`table`.

        Raises:
            PropertyRangeError: The line leaves what is possible: a modulus that is not positive, a
                Poisson's ratio of 0.5 or more.
        """
        self._check_window(lowest, highest, extrapolate=True)
        if self.outside(lowest, highest) is None:
            return self.table(lowest, highest)
        ends = self.range
        points = np.unique([lowest, *ends, *(self.temperature or ()), highest])
        points = points[(points >= min(lowest, ends[0])) & (points <= max(highest, ends[1]))]
        values = self._along_line(points)
        for end, reached in self.ends_left(lowest, highest):
            at_end, value = self._along_line(np.array([end, reached])).tolist()
            self._check_continued(reached, value)
            self._record(reached, self.unit, at_end, value)
        cite(self.sources, self.status, f"{self.material} {self.name}")
        return tuple(points.tolist()), tuple(values.tolist())

    def check_held(self, lowest: float, highest: float) -> None:
        """Record where a window leaves the range and the value at its end is kept.

        It is what a call with ``extrapolate=True`` does.
        """
        for end, reached in self.ends_left(lowest, highest):
            value = self(end)
            self._record(reached, self.unit, value, value)

    def _along_line(self, points: FloatArray) -> FloatArray:
        """The table and, beyond it, the straight lines through its first and last two points."""
        if self.temperature is None:
            return np.full(points.shape, self.value[0])
        t, v = np.array(self.temperature), np.array(self.value)
        found = np.interp(points, t, v)
        slopes = np.diff(v)[[0, -1]] / np.diff(t)[[0, -1]]
        below, above = np.minimum(points - t[0], 0.0), np.maximum(points - t[-1], 0.0)
        return np.asarray(found + slopes[0] * below + slopes[1] * above)

    def _check_continued(self, temperature: float, value: float) -> None:
        quantity = base_name(self.name)
        if quantity.startswith("poissons_ratio"):
            possible, allowed = -1.0 < value < 0.5, "between -1 and 0.5"
        else:
            possible, allowed = quantity.startswith("expansion") or value > 0.0, "positive"
        if not possible:
            low, high = self.range
            raise PropertyRangeError(
                f"{self.material} {self.name} cannot be continued from its range of {low:g} to "
                f"{high:g} C to {temperature:g} C: the straight line through its last two points "
                f"gives {value:g} {self.unit}, which must be {allowed} "
                f"(source {', '.join(self.sources)})"
            )

    def _check_window(self, lowest: float, highest: float, extrapolate: bool) -> None:
        if np.isnan(lowest) or np.isnan(highest):
            raise PropertyRangeError(f"{self.material} {self.name}: temperature is not a number")
        fault = None if extrapolate else self.outside(lowest, highest)
        if fault is not None:
            raise PropertyRangeError(
                f"{fault}; extrapolate=True keeps the value at the end of the range"
            )
