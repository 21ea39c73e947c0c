"""What ``bumpfem shape joint`` and ``bumpfem shape bump`` are both told: ball, pad and melt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import pi
from pathlib import Path

from cyclopts import Parameter

from bumpfem.errors import InputError
from bumpfem.materials import load_material
from bumpfem.shapes.capillary import Liquid
from bumpfem.shapes.capillary.limits import ball_diameter as diameter_of
from bumpfem.shapes.capillary.liquid import melt_density
from bumpfem.shapes.checks import check_number
from bumpfem.shapes.drawing import check_picture

#: N/m to N/mm, kg/m3 to g/mm3, mN to N.
NEWTON_PER_METRE, KG_PER_M3, MILLINEWTON = 1e-3, 1e-6, 1e-3
#: Densities that a metal's melt may have, kg/m3: other numbers are in another unit.
DENSITIES = (500.0, 25000.0)
#: Surface tensions that a melt may have, N/m.
SURFACE_TENSIONS = (0.01, 5.0)
#: Largest length that is one of a joint, mm, and largest volume of paste, mm3.
LARGEST = 1e3


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class MoltenBall:
    """A ball, the pad that it melts on, its melt, and the picture of what becomes of it."""

    ball_diameter: float
    """Diameter of the ball before reflow, mm."""
    pad_diameter: float
    """Diameter that the solder wets on the package, mm."""
    surface_tension: float | None = None
    """N/m; default: the solder's."""
    density: float | None = None
    """Of the melt, kg/m3, 0 for no weight; default: the solder's."""
    solder: str = "sac305"
    """Material of the library."""
    temperature: float = 240.0
    """Of the melt, degrees C."""
    paste_volume: float = 0.0
    """Solder that paste adds, mm3."""
    resist_contact_angle: float = 180.0
    """Contact angle on the resist, degrees; 180 does not wet it."""
    plot: str | None = None
    """Picture to draw, e.g. joint.png."""

    def check(self) -> None:
        """Refuse sizes that cannot be, and a picture that cannot be written.

        Raises:
            InputError: Names the option.
        """
        check_lengths(ball_diameter=self.ball_diameter, pad_diameter=self.pad_diameter)
        check_number("paste_volume", self.paste_volume, "mm3", least=0.0, below=LARGEST)
        if self.plot is not None:
            check_picture(self.plot)

    @property
    def picture(self) -> Path | None:
        """File of the picture, if one is wanted."""
        return None if self.plot is None else Path(self.plot)

    @property
    def volume(self) -> float:
        """Ball and paste, mm3."""
        return pi * self.ball_diameter**3 / 6.0 + self.paste_volume

    def melt(self) -> Liquid:
        """Liquid of the library or of the given numbers.

        Raises:
            InputError: A number is out of the range of melts.
            MaterialError: The library does not know the solder or what is needed of it.
        """
        known = load_material(self.solder)
        if self.surface_tension is None:
            gamma = known["surface_tension"](self.temperature)
        else:
            low, high = SURFACE_TENSIONS
            check_number("surface_tension", self.surface_tension, "N/m", least=low, most=high)
            gamma = self.surface_tension * NEWTON_PER_METRE
        if self.density is None:
            return Liquid.of_density(gamma, melt_density(self.solder, self.temperature))
        low, high = DENSITIES
        if self.density != 0.0 and not low <= self.density <= high:
            raise InputError("density", self.density, f"0, or {low:g} to {high:g}", "kg/m3")
        return Liquid.of_density(gamma, self.density * KG_PER_M3)

    @contextmanager
    def naming(self, load_mn: float = 0.0, *, board_given: bool = False) -> Iterator[None]:
        """Say errors of the shape in the names and units of the options.

        Args:
            load_mn: The load's option, mN.
            board_given: Whether the board's pad has an option of its own.

        Raises:
            InputError: Names an option.
        """
        options: dict[str, tuple[str, object, str, Callable[[float], float]]] = {
            "load": ("load_mn", load_mn, "mN", lambda newton: newton / MILLINEWTON),
            "volume": (
                "ball_diameter", self.ball_diameter, "mm",
                lambda volume: diameter_of(max(volume - self.paste_volume, 0.0)),
            ),
            "interposer_pad_diameter": ("pad_diameter", self.pad_diameter, "mm", float),
        }  # fmt: skip
        if not board_given:
            options["board_pad_diameter"] = options["interposer_pad_diameter"]
        try:
            yield
        except InputError as error:
            if error.field not in options:
                raise
            field, value, unit, convert = options[error.field]
            allowed = re.sub(
                r"-?\d[\d.]*(e[-+]?\d+)?", lambda n: f"{convert(float(n[0])):.4g}", error.allowed
            )
            raise InputError(field, value, allowed, unit, error.reason) from error


def check_lengths(**lengths: float) -> None:
    """Refuse lengths that are none of a joint, by their names.

    Raises:
        InputError: Names the length.
    """
    for name, value in lengths.items():
        check_number(name, value, "mm", above=0.0, below=LARGEST)
