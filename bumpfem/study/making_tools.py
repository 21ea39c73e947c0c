"""Ball shear tests of a study that no tool can do, refused before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable

from bumpfem.design import Joint, Package
from bumpfem.design.making_study import MakingStudy
from bumpfem.errors import BumpfemError, InputError
from bumpfem.process.shear_place import check_tools
from bumpfem.shapes.attached import attached_shape


def refuse_tools(study: MakingStudy, package: Package, joints: Iterable[Joint]) -> None:
    """Refuse shear tests whose tool stands too high or too low for the shape of its joint.

    A joint whose shape cannot be is left to its run, which says why.

    Args:
        study: The study.
        package: Its package.
        joints: Its joints, with the shapes that their films make.

    Raises:
        InputError: Names the field of the study, the joint, and the heights that are allowed.
    """
    makings = study.makings(package)
    for joint in joints:
        making = makings[joint.name]
        if all(step.kind != "ball_shear" for step in making.steps):
            continue
        try:
            shape = attached_shape(package, joint)
        except BumpfemError:
            continue
        try:
            check_tools(making, joint, shape)
        except InputError as error:
            field = "study.ball_shear.tool_height"
            if joint.name in study.steps:
                place = error.field.removeprefix("making.steps.")
                field = f"study.steps.{joint.name}.{place}"
            raise InputError(
                field, error.value, error.allowed, error.unit, f"joint {joint.name}, {error.reason}"
            ) from None
