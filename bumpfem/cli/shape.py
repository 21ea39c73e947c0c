"""``bumpfem shape joint | bump``: a capillary shape as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import pi
from pathlib import Path

from cyclopts import App

from bumpfem.errors import InputError
from bumpfem.materials import load_material
from bumpfem.shapes.capillary import Bump, Liquid, MountedJoint, free_bump, mounted_joint
from bumpfem.shapes.capillary.cored import cored_joint
from bumpfem.shapes.capillary.cored_joint import CoredShape
from bumpfem.shapes.capillary.liquid import melt_density
from bumpfem.shapes.drawing import Drawable, save

shape = App(name="shape", help="Shapes of molten joints and bumps from capillary equilibrium.")

#: N/m to N/mm, kg/m3 to g/mm3, mN to N.
NEWTON_PER_METRE, KG_PER_M3, MILLINEWTON = 1e-3, 1e-6, 1e-3
#: Densities that a metal's melt may have, kg/m3: other numbers are in another unit.
DENSITIES = (500.0, 25000.0)
#: Least stand-off under a load, relative to the ball's diameter: below, only a film is left.
LEAST_STANDOFF = 0.03
#: Surface tensions that a melt may have, N/m.
SURFACE_TENSIONS = (0.01, 5.0)


@shape.command
def joint(
    *,
    ball_diameter: float,
    pad_diameter: float,
    board_pad_diameter: float | None = None,
    load_mn: float = 0.0,
    standoff: float | None = None,
    surface_tension: float | None = None,
    density: float | None = None,
    solder: str = "sac305",
    temperature: float = 240.0,
    paste_volume: float = 0.0,
    resist_contact_angle: float = 180.0,
    core_diameter: float | None = None,
    plot: Path | None = None,
) -> int:
    """Print the shape of a joint between two pads as JSON.

    Parameters
    ----------
    ball_diameter:
        Diameter of the ball before reflow, mm.
    pad_diameter:
        Diameter that the solder wets on the package (and on the board), mm.
    board_pad_diameter:
        Diameter that it wets on the board, mm; default: as on the package.
    load_mn:
        Weight that the joint carries, mN; negative pulls.
    standoff:
        Distance at which the pads are held, mm; default: the load decides.
    surface_tension:
        N/m; default: the solder's.
    density:
        Of the melt, kg/m3, 0 for no weight; default: the solder's.
    solder:
        Material of the library.
    temperature:
        Of the melt, degrees C.
    paste_volume:
        Solder that paste adds, mm3.
    resist_contact_angle:
        Contact angle on the resist, degrees; 180 does not wet it.
    core_diameter:
        Diameter of a core in the ball that does not melt, mm; default: no core.
    plot:
        Picture to draw, e.g. joint.png.
    """
    check_positive(ball_diameter=ball_diameter, pad_diameter=pad_diameter)
    board = pad_diameter if board_pad_diameter is None else board_pad_diameter
    check_positive(board_pad_diameter=board)
    check_paste(paste_volume, core_diameter)
    liquid = melt(solder, temperature, surface_tension, density)
    volume = pi * ball_diameter**3 / 6.0 + paste_volume
    if core_diameter is not None:
        if standoff is not None:
            raise InputError("standoff", standoff, "no value", "mm", "the core sets the stand-off")
        if resist_contact_angle != 180.0:
            raise InputError(
                "resist_contact_angle", resist_contact_angle, "180", "deg",
                "with a core the solder stays on its pads",
            )  # fmt: skip
        with load_in_millinewton(load_mn):
            shaped = cored_joint(
                ball_diameter=ball_diameter, core_diameter=core_diameter,
                board_pad_diameter=board, interposer_pad_diameter=pad_diameter, liquid=liquid,
                load=load_mn * MILLINEWTON,
            )  # fmt: skip
        report(cored_numbers(shaped) | liquid_numbers(liquid), shaped, plot)
        return 0
    with load_in_millinewton(load_mn):
        made = mounted_joint(
            volume, board, pad_diameter, liquid, load=load_mn * MILLINEWTON, standoff=standoff,
            resist_contact_angle=resist_contact_angle,
        )  # fmt: skip
        if load_mn > 0.0 and made.standoff < LEAST_STANDOFF * ball_diameter:
            raise InputError(
                "load", load_mn, "a smaller load", "mN",
                f"the solder would be squeezed to a film of {made.standoff:.2g} mm",
            )  # fmt: skip
    report(joint_numbers(made) | liquid_numbers(liquid), made, plot)
    return 0


@shape.command
def bump(
    *,
    ball_diameter: float,
    pad_diameter: float,
    contact_angle: float | None = None,
    surface_tension: float | None = None,
    density: float | None = None,
    solder: str = "sac305",
    temperature: float = 240.0,
    paste_volume: float = 0.0,
    resist_contact_angle: float = 180.0,
    hanging: bool = False,
    plot: Path | None = None,
) -> int:
    """Print the shape of a free bump on one pad as JSON.

    Parameters
    ----------
    ball_diameter:
        Diameter of the ball before reflow, mm.
    pad_diameter:
        Diameter that can be wetted, mm.
    contact_angle:
        On the pad, degrees; default: wetted to its rim.
    surface_tension:
        N/m; default: the solder's.
    density:
        Of the melt, kg/m3, 0 for no weight; default: the solder's.
    solder:
        Material of the library.
    temperature:
        Of the melt, degrees C.
    paste_volume:
        Solder that paste adds, mm3.
    resist_contact_angle:
        Contact angle on the resist, degrees; 180 does not wet it.
    hanging:
        The bump hangs below its pad.
    plot:
        Picture to draw, e.g. bump.png.
    """
    check_positive(ball_diameter=ball_diameter, pad_diameter=pad_diameter)
    check_paste(paste_volume)
    liquid = melt(solder, temperature, surface_tension, density)
    made = free_bump(
        pi * ball_diameter**3 / 6.0 + paste_volume, pad_diameter, liquid,
        contact_angle=contact_angle, resist_contact_angle=resist_contact_angle, hanging=hanging,
    )  # fmt: skip
    report(bump_numbers(made) | liquid_numbers(liquid), made, plot)
    return 0


def check_positive(**lengths: float) -> None:
    """Refuse lengths that are not positive, by their names.

    Raises:
        InputError: Names the length.
    """
    for name, value in lengths.items():
        if not 0.0 < value < 1e3:
            raise InputError(name, value, "> 0 and < 1000", "mm")


@contextmanager
def load_in_millinewton(load_mn: float) -> Iterator[None]:
    """Say errors of the load in the option's name and unit.

    Raises:
        InputError: Names ``load_mn``.
    """
    try:
        yield
    except InputError as error:
        if error.field != "load":
            raise
        allowed = re.sub(
            r"-?\d[\d.]*(e-?\d+)?", lambda n: f"{float(n[0]) / MILLINEWTON:.4g}", error.allowed
        )
        raise InputError("load_mn", load_mn, allowed, "mN", error.reason) from error


def check_paste(volume: float, core_diameter: float | None = None) -> None:
    """Refuse a negative volume of paste, and paste beside a core.

    Raises:
        InputError: Names the volume.
    """
    if not 0.0 <= volume < 1e3:
        raise InputError("paste_volume", volume, ">= 0", "mm3")
    if volume > 0.0 and core_diameter is not None:
        raise InputError("paste_volume", volume, "0", "mm3", "a core comes with its shell only")


def melt(
    solder: str, temperature: float, surface_tension: float | None, density: float | None
) -> Liquid:
    """Liquid of the library or of given numbers (N/m, kg/m3).

    Raises:
        InputError: A number is out of the range of melts.
        MaterialError: The library does not know the solder or what is needed of it.
    """
    known = load_material(solder)
    low, high = SURFACE_TENSIONS
    if surface_tension is None:
        gamma = known["surface_tension"](temperature)
    elif low <= surface_tension <= high:
        gamma = surface_tension * NEWTON_PER_METRE
    else:
        raise InputError("surface_tension", surface_tension, f"{low:g} to {high:g}", "N/m")
    low, high = DENSITIES
    if density is None:
        return Liquid.of_density(gamma, melt_density(solder, temperature))
    if density == 0.0 or low <= density <= high:
        return Liquid.of_density(gamma, density * KG_PER_M3)
    raise InputError("density", density, f"0, or {low:g} to {high:g}", "kg/m3")


def liquid_numbers(liquid: Liquid) -> dict[str, float]:
    """What the liquid was."""
    return {
        "surface_tension_n_per_m": liquid.surface_tension / NEWTON_PER_METRE,
        "density_kg_per_m3": liquid.density / KG_PER_M3,
    }


def joint_numbers(made: MountedJoint) -> dict[str, object]:
    """Numbers of a joint by name and unit."""
    numbers: dict[str, object] = {
        "standoff_mm": made.standoff,
        "max_diameter_mm": made.max_diameter,
        "volume_mm3": made.volume,
        "force_mn": made.force / MILLINEWTON,
    }
    if made.neck_diameter is not None:
        numbers["neck_diameter_mm"] = made.neck_diameter
    board, interposer = made.contact_angles
    return numbers | {
        "vertical_stiffness_mn_per_mm": made.vertical_stiffness / MILLINEWTON,
        "lateral_stiffness_mn_per_mm": made.lateral_stiffness / MILLINEWTON,
        "contact_angle_board_deg": board,
        "contact_angle_interposer_deg": interposer,
        "spread_diameter_board_mm": made.spread_diameters[0],
        "spread_diameter_interposer_mm": made.spread_diameters[1],
        "notes": list(made.notes),
    }


def cored_numbers(made: CoredShape) -> dict[str, object]:
    """Numbers of a cored joint by name and unit; the volume is that of the solder alone."""
    necks = [m.neck_radius for m in made.menisci if m.neck_radius is not None]
    numbers: dict[str, object] = {
        "standoff_mm": made.standoff,
        "max_diameter_mm": made.max_diameter,
        "volume_mm3": made.joint.shell_volume,
        "force_mn": made.load / MILLINEWTON,
    }
    if necks:
        numbers["neck_diameter_mm"] = 2.0 * min(necks)
    return numbers | {
        "core_volume_mm3": made.joint.core.volume,
        "core_contact_force_mn": made.contact_force / MILLINEWTON,
        "regime": made.regime,
        "clearance_mm": made.clearance,
        "notes": ["the core carries the load"] if made.carried_by_core else [],
    }


def bump_numbers(made: Bump) -> dict[str, object]:
    """Numbers of a bump by name and unit; its force is its own weight on the pad."""
    return {
        "height_mm": made.height,
        "max_diameter_mm": made.max_diameter,
        "volume_mm3": made.volume,
        "force_mn": abs(made.meridian.liquid.specific_weight) * made.volume / MILLINEWTON,
        "base_diameter_mm": made.base_diameter,
        "contact_angle_deg": made.contact_angle,
        "contact": made.contact,
        "notes": list(made.notes),
    }


def report(numbers: dict[str, object], made: Drawable, plot: Path | None) -> None:
    """Draw the picture, if one is wanted, and print the numbers."""
    if plot is not None:
        save(made, plot)
    print(json.dumps(numbers, indent=2))
