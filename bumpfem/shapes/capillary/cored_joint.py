"""What a cored joint is made of, and what it looks like at rest."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.core_body import DropCore, SphereCore
from bumpfem.shapes.capillary.ends import OnPlane
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.stability import axial_stiffness, lateral_stiffness
from bumpfem.shapes.checks import check_number
from bumpfem.shapes.drawing import Patch, Section, liquid_patch, pad_patches

Regime = Literal["wrapped", "bridges"]


@dataclass(frozen=True)
class CoredJoint:
    """What a cored joint is made of.

    Args:
        board_radius: Radius of the wetted pad on the board, mm.
        interposer_radius: Radius of that on the interposer, mm.
        core: The rigid body.
        shell_volume: Volume of molten solder, mm3.
        gap: Thickness of the film that stays between core and pad in contact, mm.
        contact_angle: Of the shell on the core, degrees; matters for bridges only.
        board_recess: Depth of the pad's face on the board below the rim of the resist that defines
            it, mm; 0 where the pad's own rim is wetted. Volumes are those between the rims' planes.
        interposer_recess: The same on the interposer, mm.
        board_share: Part of the shell that is at the board when it does not wrap the core; None:
            as much as makes the pressures equal.

    Raises:
        InputError: For sizes that cannot be.
    """

    board_radius: float
    interposer_radius: float
    core: SphereCore | DropCore
    shell_volume: float
    gap: float = 0.0
    contact_angle: float = 0.0
    board_recess: float = 0.0
    interposer_recess: float = 0.0
    board_share: float | None = None

    def __post_init__(self) -> None:
        for field in ("board_radius", "interposer_radius"):
            check_number(field, getattr(self, field), "mm", above=0.0)
        check_number("shell_volume", self.shell_volume, "mm3", above=0.0)
        for field in ("gap", "board_recess", "interposer_recess"):
            check_number(field, getattr(self, field), "mm", least=0.0)
        check_number("contact_angle", self.contact_angle, "deg", least=0.0, below=180.0)
        if self.board_share is not None:
            check_number("board_share", self.board_share, above=0.0, below=1.0)
        if isinstance(self.core, DropCore):
            opening = self.core.opening_radius
            if self.board_share is not None:
                raise InputError(
                    "board_share", self.board_share, "no value",
                    reason="a drop covers the interposer's pad: all of the shell is at the board",
                )  # fmt: skip
            if abs(self.interposer_radius - opening) > 1e-9 * opening:
                raise InputError(
                    "interposer_radius", self.interposer_radius, f"{opening:.6g}", "mm",
                    "the drop's rim is that of the resist's opening",
                )  # fmt: skip

    @property
    def total_volume(self) -> float:
        """Shell and core, mm3."""
        return self.shell_volume + self.core.volume

    @property
    def least_gaps(self) -> tuple[float, float]:
        """Distance of the core from the rims' planes in contact, at board and interposer, mm.

        Negative where the core dips into the opening of the resist; 0 at the interposer for a drop
        that hangs on it.
        """
        above = 0.0 if self.core.on_interposer else self.gap - self.interposer_recess
        return self.gap - self.board_recess, above

    @property
    def contact_standoff(self) -> float:
        """Distance of the rims at which the core touches whatever it can touch, mm."""
        return self.core.extent + sum(self.least_gaps)


@dataclass(frozen=True, eq=False)
class CoredShape(Section):
    """A cored joint at rest; heights count from the board's wetted rim.

    Args:
        joint: What it is made of.
        regime: ``wrapped`` or ``bridges``.
        standoff: Distance of the wetted rims, mm.
        core_height: Height of the core's lowest point, mm.
        menisci: Free surfaces: one if wrapped, else that at the board and that at the interposer
            (none there for a frozen drop), each with the volume that it holds.
        load: Force on the interposer, N.
        contact_force: Force that the core passes to the interposer by contact; for a drop, which
            hangs on the interposer, to the board, N.
        board_contact_force: Force between core and board, N.
        clearance: Least thickness of solder over the core, mm; for bridges minus the width of the
            belt that is bare.
    """

    joint: CoredJoint
    regime: Regime
    standoff: float
    core_height: float
    menisci: tuple[Meridian, ...]
    load: float
    contact_force: float
    board_contact_force: float
    clearance: float

    @property
    def carried_by_core(self) -> bool:
        """Whether the core carries load by contact."""
        return self.standoff <= self.joint.contact_standoff * (1.0 + 1e-12)

    @property
    def max_diameter(self) -> float:
        """Widest diameter of solder and core, mm."""
        radii = [meridian.max_radius for meridian in self.menisci]
        core = self.joint.core
        own = core.radius if isinstance(core, SphereCore) else core.profile.max_radius
        return 2.0 * max(*radii, own)

    @property
    def vertical_stiffness(self) -> float:
        """Rise of the force as the pads approach, N/mm; infinite where the core carries load.

        Bridges yield one after the other, each keeps its volume; one in contact does not yield.
        """
        if self.carried_by_core:
            return inf
        contacts = (self.board_contact_force, self.contact_force)
        if self.regime == "wrapped" or len(self.menisci) == 1:
            return axial_stiffness(self.menisci[0])
        yielding = [m for m, f in zip(self.menisci, contacts, strict=True) if f <= 0.0]
        return _in_series([axial_stiffness(meniscus) for meniscus in yielding])

    @property
    def lateral_stiffness(self) -> float:
        """Restoring (self-aligning) force of the solder over sideways displacement, N/mm.

        Contacts slide without friction. Between two bridges the core finds its own place. Zero
        where solder has spread over resist.
        """
        return _in_series([lateral_stiffness(meniscus) for meniscus in self.menisci])

    @property
    def notes(self) -> tuple[str, ...]:
        """What carries the load, and where the solder is not where one expects it."""
        if self.carried_by_core:
            found = ["the core carries load: it sets the stand-off"]
        else:
            over = self.standoff - self.joint.contact_standoff
            found = [
                "the core does not touch both pads: the solder carries the load alone and holds"
                f" them {over:.3g} mm further apart than the core would"
            ]
        if self.regime == "bridges":
            found.append("the shell does not wrap the core: its belt is bare")
        spread = [
            2.0 * state[0]
            for meniscus in self.menisci
            for end, state in zip((meniscus.lower, meniscus.upper), meniscus.ends, strict=True)
            if isinstance(end, OnPlane)
        ]
        if spread:
            found.append(
                "the solder has spread over the resist, out to a diameter of"
                f" {max(spread):.4g} mm: it does not align itself there"
            )
        return tuple(found)

    def patches(self) -> list[Patch]:
        """Pads, resists, solder and core for a picture."""
        pads = (2.0 * self.joint.board_radius, 2.0 * self.joint.interposer_radius)
        reach = 0.675 * max(self.max_diameter, *pads)
        plates = pad_patches(pads, (0.0, self.standoff), reach)
        solder = [liquid_patch(meniscus.points(129)) for meniscus in self.menisci]
        core = liquid_patch(self.joint.core.outline(self.core_height), "core")
        return [*plates, *solder, core]

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        carried = f"{1e3 * self.contact_force:.3g} of {1e3 * self.load:.3g} mN on the core"
        return f"stand-off {self.standoff:.4g} mm, {carried}"


def _in_series(stiffnesses: list[float]) -> float:
    """Stiffness of springs one after the other; zero if one of them is."""
    if min(stiffnesses) <= 0.0:
        return 0.0
    return 1.0 / sum(1.0 / stiffness for stiffness in stiffnesses)
