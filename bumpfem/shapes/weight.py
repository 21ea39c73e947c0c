"""Mass of a package and the share of its weight that each joint carries while it is molten."""

from __future__ import annotations

from math import pi

from bumpfem.design import Package
from bumpfem.errors import MaterialError
from bumpfem.materials import load_material
from bumpfem.shapes.capillary.liquid import GRAM_MM_PER_S2, STANDARD_GRAVITY


def package_mass(package: Package) -> float:
    """Mass of interposer, mould, die, its attach, interposer pads and resist, g.

    Without the joints. The mould fills the body above the interposer around the die; a resist
    covers the whole interposer but for its openings.

    Raises:
        MaterialError: A material has no density.
    """
    width, length = package.body_size
    area = width * length
    mass = area * package.interposer.thickness * density(package.interposer.material)
    die = package.die
    hidden = 0.0
    if die is not None:
        face = die.width * die.length
        mass += face * die.thickness * density(die.material)
        mass += face * die.attach_thickness * density(die.attach_material)
        hidden = face * die.height
    if package.mould is not None:
        volume = area * package.mould.thickness - hidden
        mass += volume * density(package.mould.material)
    count, pad = len(package.array.sites), package.interposer_pad
    mass += count * 0.25 * pi * pad.diameter**2 * pad.thickness * density(pad.material)
    resist = package.interposer_resist
    if resist is not None:
        open_area = count * 0.25 * pi * (pad.resist_opening or 0.0) ** 2
        mass += (area - open_area) * resist.thickness * density(resist.material)
    return mass


def density(material: str) -> float:
    """Density of a solid at its first temperature, g/mm3.

    Raises:
        MaterialError: The material has none.
    """
    known = load_material(material)["density"]
    return known(known.range[0])


def weight_share(package: Package) -> tuple[float, str]:
    """Weight of the package on each of its joints, all alike, and what that is.

    Returns:
        Load, N, and a note. The load is 0 where a density is missing, and the note says which.
    """
    count = len(package.array.sites)
    try:
        mass = package_mass(package)
    except MaterialError as error:
        return 0.0, f"the molten joint carries nothing: {error}"
    load = mass * STANDARD_GRAVITY * GRAM_MM_PER_S2 / count
    return load, (
        f"molten, the joint carries {1e3 * load:.3g} mN, its share of the package's weight "
        f"({mass:.3g} g on {count} joints)"
    )
