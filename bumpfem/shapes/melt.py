"""The molten solder of a joint."""

from __future__ import annotations

from bumpfem.materials import load_material
from bumpfem.shapes.capillary.liquid import Liquid

#: A liquid without weight: its shape depends on volume and ends only.
WEIGHTLESS = Liquid(surface_tension=1.0)


def molten(material: str) -> Liquid:
    """Solder when it freezes, at its liquidus; weightless where the library cannot tell.

    Args:
        material: Name in the library.
    """
    known = load_material(material)
    if not all(name in known for name in ("surface_tension", "density", "liquidus")):
        return WEIGHTLESS
    return Liquid.of(material, known["liquidus"].constant, extrapolate=True)
