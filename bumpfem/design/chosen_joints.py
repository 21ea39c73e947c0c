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
        choices: Names of ready-made joints, or whole joints as tables, whose ball and solder are
            the package's where they have none.
        package: The package.

    Raises:
        InputError: An unknown name, a name twice, or a joint that does not fit the package.
    """
    joints = [_joint(index, choice, package) for index, choice in enumerate(choices)]
    names = [joint.name for joint in joints]
    for name in names:
        if names.count(name) > 1:
            raise InputError("study.joints", name, "each name once")
    return joints


def _joint(index: int, choice: str | dict[str, Any], package: Package) -> Joint:
    try:
        if isinstance(choice, str):
            return package.joint(choice)
        common = {"ball_diameter": package.ball_diameter, "solder": package.solder}
        joint = Joint(**{**common, **choice})
        package.check(joint)
    except InputError as error:
        field = f"study.joints.{index}.{error.field.removeprefix('joint').lstrip('.')}"
        raise InputError(
            field.rstrip("."), error.value, error.allowed, error.unit, error.reason
        ) from None
    return joint
