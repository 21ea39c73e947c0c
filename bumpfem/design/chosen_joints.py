"""The joints that a study names or describes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bumpfem.design.joint import Joint
from bumpfem.design.package import Package
from bumpfem.errors import InputError


def chosen_joints(choices: Sequence[str | dict[str, Any]], package: Package) -> list[Joint]:
    """Joints of a package, in order.

    Args:
        choices: Names of ready-made joints, or joints as tables, whose ball and solder are the
            package's where they have none. A table with ``like`` varies the ready-made joint of
            this name: what it says replaces that joint's, within its parts too.
        package: The package.

    Raises:
        InputError: An unknown name, a name twice, or a joint that does not fit the package.
    """
    joints = [_joint(place, choice, package) for place, choice in enumerate(choices, start=1)]
    names = [joint.name for joint in joints]
    for name in names:
        if names.count(name) > 1:
            raise InputError("study.joints", name, "each name once")
    return joints


def _joint(place: int, choice: str | dict[str, Any], package: Package) -> Joint:
    try:
        if isinstance(choice, str):
            return package.joint(choice)
        base: dict[str, Any] = {"ball_diameter": package.ball_diameter, "solder": package.solder}
        changes = dict(choice)
        like = changes.pop("like", None)
        if like is not None:
            base = _ready_made(like, package)
        joint = Joint(**_varied(base, changes))
        package.check(joint)
    except InputError as error:
        field = f"study.joints.{place}.{error.field.removeprefix('joint').lstrip('.')}"
        raise InputError(
            field.rstrip("."), error.value, error.allowed, error.unit, error.reason
        ) from None
    return joint


def _ready_made(name: object, package: Package) -> dict[str, Any]:
    """Data of a ready-made joint, without its name."""
    if not isinstance(name, str):
        raise InputError("like", name, "the name of a ready-made joint, in quotes")
    try:
        return package.joint(name).model_dump(exclude={"name"}, exclude_none=True)
    except InputError as error:
        raise InputError("like", error.value, error.allowed, error.unit, error.reason) from None


def _varied(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The data with changes merged over them, table by table."""
    merged = dict(base)
    for key, value in changes.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            value = _varied(known, value)
        merged[key] = value
    return merged
