"""Tolerances of the parts of an array of balls, and samples of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from bumpfem.errors import InputError
from bumpfem.shapes.checks import check_number
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class Tolerance:
    """Deviation of one quantity from its nominal value, independent from joint to joint.

    Args:
        half_width: Largest deviation that the drawing allows, in the unit of the quantity.
        distribution: ``normal`` (``sigmas`` standard deviations make the half width; values
            beyond it occur) or ``uniform`` (within the half width).
        sigmas: Standard deviations in the half width of a normal distribution.
    """

    half_width: float
    distribution: Literal["normal", "uniform"] = "normal"
    sigmas: float = 3.0

    def __post_init__(self) -> None:
        check_number("tolerance.half_width", self.half_width, least=0.0)
        if self.distribution not in ("normal", "uniform"):
            raise InputError("tolerance.distribution", self.distribution, '"normal" or "uniform"')
        check_number("tolerance.sigmas", self.sigmas, least=0.5, most=10.0)

    @property
    def deviation(self) -> float:
        """Standard deviation: half width / sigmas, or half width / sqrt(3) if uniform.

        >>> Tolerance(0.03).deviation
        0.01
        """
        return self.half_width / (self.sigmas if self.distribution == "normal" else 3.0**0.5)

    @property
    def reach(self) -> float:
        """Deviation beyond which no sample is taken: all there is, or 7 standard deviations."""
        return 7.0 * self.deviation if self.distribution == "normal" else self.half_width

    def sample(self, generator: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
        """Random deviations of a shape, in the unit of the quantity.

        A normal deviation beyond ``reach`` (one in 4e11) is set to it.
        """
        if self.distribution == "uniform":
            return generator.uniform(-self.half_width, self.half_width, shape)
        drawn = self.deviation * generator.standard_normal(shape)
        return np.clip(drawn, -self.reach, self.reach)


@dataclass(frozen=True)
class Tolerances:
    """Tolerances of everything that makes the height of a joint; None: it does not vary.

    A variant uses those that it has a part for, and its result says which.

    Attributes:
        ball_diameter: Ball before reflow, mm.
        wetted_diameter: Circle that the solder wets on the interposer, mm.
        rim_height: Height of that circle over the interposer's outermost face, mm.
        core_diameter: Core of a cored ball, mm.
        pad_gap: Solder between a core and its pad, mm.
        paste_thickness: Paste under a ball, mm.
        hole_diameter: Hole of a mask, mm.
        melted_fraction: Part of a necked ball that melted.
        powder_thickness: Printed powder of a metal bump, mm.
        powder_diameter: Its width, mm.
        packing: Part of its volume that is metal.
        barrier_thickness: Barrier metal over a bump, mm.
        bond_thickness: Bond between a metal bump and the board, mm (joints only).
        paste_volume: Solder added at the board, mm3 (joints only).
        board_wetted_diameter: Circle that the solder wets on the board, mm (joints only).
    """

    ball_diameter: Tolerance | None = None
    wetted_diameter: Tolerance | None = None
    rim_height: Tolerance | None = None
    core_diameter: Tolerance | None = None
    pad_gap: Tolerance | None = None
    paste_thickness: Tolerance | None = None
    hole_diameter: Tolerance | None = None
    melted_fraction: Tolerance | None = None
    powder_thickness: Tolerance | None = None
    powder_diameter: Tolerance | None = None
    packing: Tolerance | None = None
    barrier_thickness: Tolerance | None = None
    bond_thickness: Tolerance | None = None
    paste_volume: Tolerance | None = None
    board_wetted_diameter: Tolerance | None = None

    def given(self) -> dict[str, Tolerance]:
        """Those that vary, by name."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in found.items() if value and value.half_width > 0.0}


def bow(positions: FloatArray, height: float) -> FloatArray:
    """Heights of a plane bent to a paraboloid: 0 at its centre, ``height`` at the farthest ball.

    Args:
        positions: Positions of the balls from the centre, mm, shape (n, 2).
        height: Positive where the outer balls stand nearer to the board, mm.
    """
    square = np.sum(positions**2, axis=1)
    return np.asarray(height * square / float(np.max(square)), dtype=np.float64)
