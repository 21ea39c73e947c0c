"""Every error and warning that bumpfem raises on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self


class BumpfemError(Exception):
    """Base of all errors raised on purpose; the command line shows them without a traceback.

    Attributes:
        facts: Plain data that was known when it was raised, for tables and pages; mostly empty.
            They cross process borders with the error.
    """

    facts: Mapping[str, Any] = MappingProxyType({})

    def with_facts(self, **known: Any) -> Self:
        """The same error, knowing more facts; those of one name are replaced."""
        self.facts = {**self.facts, **known}
        return self


class InputError(BumpfemError, ValueError):
    """A value that a user gave cannot be used.

    Args:
        field: Dotted name of the field, e.g. ``package.pitch``. Places in a list count from 1.
        value: What was given.
        allowed: What would have been accepted, in words or as a range.
        unit: Unit of the value, empty for a pure number or a name.
        reason: Optional sentence that says why.
    """

    def __init__(
        self, field: str, value: object, allowed: str, unit: str = "", reason: str = ""
    ) -> None:
        self.field, self.value, self.unit = field, value, unit
        self.allowed, self.reason = allowed, reason
        shown = f"{value} {unit}".strip()
        text = f"{field} = {shown} is not allowed: expected {allowed}"
        super().__init__(f"{text} ({reason})" if reason else text)

    def __reduce__(self) -> tuple[object, ...]:
        """Allow the error to cross process borders."""
        given = (self.field, self.value, self.allowed, self.unit, self.reason)
        return type(self), given, {"facts": dict(self.facts)}


class MaterialError(BumpfemError):
    """A material, property or parameter set is missing or unusable."""


class PropertyRangeError(MaterialError, ValueError):
    """A property was asked for outside the temperature range of its source."""


class MeshError(BumpfemError):
    """A mesh could not be built or failed its checks."""


class ConvergenceError(BumpfemError, RuntimeError):
    """An increment did not converge at the smallest allowed time step."""


class ProcessError(BumpfemError):
    """A step of making a joint cannot work as it is designed."""


class DesignRuleWarning(UserWarning):
    """A design limit is exceeded; the joint can be computed but should not be built so."""
