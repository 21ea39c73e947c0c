"""One joint: a ball of solder and the parts that make it special."""

from __future__ import annotations

import warnings
from math import pi
from typing import ClassVar, Self

from pydantic import model_validator

from bumpfem.design.anchor import Anchor
from bumpfem.design.core import Core
from bumpfem.design.loading import quoted
from bumpfem.design.mask import Mask
from bumpfem.design.metal_bump import MetalBump
from bumpfem.design.neck import Neck
from bumpfem.design.quantities import JointLength, JointVolume, LibraryName, MaterialName, PlainName
from bumpfem.design.record import Record
from bumpfem.design.rules import (
    broken_design_rules,
    refuse_combinations,
    refuse_impossible_sizes,
)
from bumpfem.errors import DesignRuleWarning, InputError

#: The optional parts of a joint.
PARTS = ("core", "anchor", "mask", "neck", "bump")


class Joint(Record):
    """A joint between interposer and board; parts that it does not have are None.

    >>> joint = Joint(name="plain", ball_diameter=0.45, solder="sac305")
    >>> round(joint.ball_volume, 4)
    0.0477

    Attributes:
        name: Name of the variant.
        ball_diameter: Diameter of the ball before reflow, mm.
        solder: Solder in the library.
        solder_law: Parameter set of its constitutive law, or None for the material's default.
        paste_volume: Volume of solder added at the board pad by paste, mm3 (metal volume).
        standoff: Imposed distance of the two pad planes, mm, or None: what parts and shape give.
        core: High-melting core.
        anchor: Resin layer that holds the foot of the ball.
        mask: Mask that placed the ball and may stay as a collar.
        neck: Neck of a partly melted ball.
        bump: Bump of fired metal powder in place of the ball.

    Raises:
        InputError: Sizes or combinations that cannot be.

    Warns:
        DesignRuleWarning: A design limit is exceeded.
    """

    label: ClassVar[str] = "joint"

    name: PlainName
    ball_diameter: JointLength
    solder: MaterialName
    solder_law: LibraryName | None = None
    paste_volume: JointVolume = 0.0
    standoff: JointLength | None = None
    core: Core | None = None
    anchor: Anchor | None = None
    mask: Mask | None = None
    neck: Neck | None = None
    bump: MetalBump | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        refuse_combinations(self)
        refuse_impossible_sizes(self)
        for sentence in broken_design_rules(self):
            warnings.warn(sentence, DesignRuleWarning, stacklevel=2)
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts that the joint has."""
        return tuple(name for name in PARTS if getattr(self, name) is not None)

    @property
    def ball_volume(self) -> float:
        """Volume of the ball before reflow, pi d^3 / 6, mm3; 0 for a metal bump."""
        return 0.0 if self.bump is not None else pi / 6.0 * self.ball_diameter**3

    @property
    def core_volume(self) -> float:
        """Volume of the core, mm3; 0 without one."""
        return 0.0 if self.core is None else pi / 6.0 * self.core.diameter**3

    @property
    def solder_volume(self) -> float:
        """Volume of all solder: ball without core, and paste, mm3.

        For a metal bump it is the paste's alone; the bond's thickness gives the rest.
        """
        return self.ball_volume - self.core_volume + self.paste_volume

    @property
    def imposed_standoff(self) -> float | None:
        """Stand-off that is given or set by core or bump, mm; None if shape decides.

        A core that froze as a drop has the height of its drop, which is part of the shape.
        """
        if self.core is not None:
            return self.core.standoff if self.core.origin == "placed" else None
        if self.bump is not None:
            return self.bump.standoff
        return self.standoff

    @property
    def collar(self) -> Mask | None:
        """The mask if it stays in the joint."""
        return self.mask if self.mask is not None and self.mask.kept else None


def merged(name: str, joints: list[Joint], base: Joint) -> Joint:
    """One joint with the parts of several.

    A value in which one joint departs from the base is taken over; two joints that depart from it
    differently cannot be merged.

    Args:
        name: Name of the result.
        joints: The joints to merge.
        base: The plain joint of the package.

    Raises:
        InputError: Two joints disagree, or the parts do not go together.
    """
    fields = [field for field in Joint.model_fields if field != "name"]
    data = {field: getattr(base, field) for field in fields}
    for field in fields:
        common = getattr(base, field)
        departures = [joint for joint in joints if getattr(joint, field) != common]
        if any(getattr(j, field) != getattr(departures[0], field) for j in departures):
            raise InputError(
                f"joints.{name}", name, "joints that agree",
                reason=f"{quoted(joint.name for joint in departures)} differ in {field}",
            )  # fmt: skip
        if departures:
            data[field] = getattr(departures[0], field)
    return Joint(name=name, **data)
