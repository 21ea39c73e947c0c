"""Materials: every number with its unit, range, source and status.

The library is a folder of TOML files, one per material, and ``references.bib``. Nothing in it is
computed from hidden numbers; a paper's own units stand beside the converted ones.
"""

from __future__ import annotations

from bumpfem.materials.bibliography import bibliography, reference_keys
from bumpfem.materials.citations import Citation, collect
from bumpfem.materials.extrapolation import (
    Extrapolation,
    collect_extrapolations,
    extrapolation_words,
)
from bumpfem.materials.lawset import LAW_PARAMETERS, LawSet
from bumpfem.materials.listing import describe_material, list_materials
from bumpfem.materials.loading import (
    law_set_names,
    load_law_set,
    load_material,
    material_names,
)
from bumpfem.materials.material import Material
from bumpfem.materials.property import Property
from bumpfem.materials.span import Span

__all__ = [
    "LAW_PARAMETERS",
    "Citation",
    "Extrapolation",
    "LawSet",
    "Material",
    "Property",
    "Span",
    "bibliography",
    "collect",
    "collect_extrapolations",
    "describe_material",
    "extrapolation_words",
    "law_set_names",
    "list_materials",
    "load_law_set",
    "load_material",
    "material_names",
    "reference_keys",
]
