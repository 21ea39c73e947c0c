"""Finite-element thermomechanical analysis of solder joints in electronic packages.

The names below are all that most users need::

    import bumpfem as bf

    package = bf.Package.load("meshes/pbga_0p80.toml")
    joints = bf.variants(package, ["plain", "anchored", "cored"])
    lives = bf.compare(package, joints, bf.ThermalCycle.jedec("G"),
                       law="darveaux_sac305_motalab_2013")
    lives.report("results/variants")

They are loaded on first use, so that ``import bumpfem`` itself costs nothing.
"""

from __future__ import annotations

import importlib
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bumpfem.design import (
        Accuracy,
        Anchor,
        Core,
        Joint,
        Making,
        MakingStudy,
        Mask,
        MetalBump,
        Neck,
        Package,
        Programme,
        ReflowStudy,
        Study,
        ThermalCycle,
        variants,
    )
    from bumpfem.fatigue import Weibull, fatigue_law_names, load_fatigue_law
    from bumpfem.materials import load_law_set, load_material, material_names
    from bumpfem.meshing import build_mesh, export_mesh
    from bumpfem.study.comparison import Comparison, compare
    from bumpfem.study.making import compute_making, run_making_study
    from bumpfem.study.reflow import run_reflow_study
    from bumpfem.study.run import run_study

__version__ = version("bumpfem")

_HOMES = {
    "bumpfem.design": (
        "Accuracy",
        "Anchor",
        "Core",
        "Joint",
        "Making",
        "MakingStudy",
        "Mask",
        "MetalBump",
        "Neck",
        "Package",
        "Programme",
        "ReflowStudy",
        "Study",
        "ThermalCycle",
        "variants",
    ),
    "bumpfem.fatigue": ("Weibull", "fatigue_law_names", "load_fatigue_law"),
    "bumpfem.materials": ("load_law_set", "load_material", "material_names"),
    "bumpfem.meshing": ("build_mesh", "export_mesh"),
    "bumpfem.study.comparison": ("Comparison", "compare"),
    "bumpfem.study.making": ("compute_making", "run_making_study"),
    "bumpfem.study.reflow": ("run_reflow_study",),
    "bumpfem.study.run": ("run_study",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Accuracy",
    "Anchor",
    "Comparison",
    "Core",
    "Joint",
    "Making",
    "MakingStudy",
    "Mask",
    "MetalBump",
    "Neck",
    "Package",
    "Programme",
    "ReflowStudy",
    "Study",
    "ThermalCycle",
    "Weibull",
    "build_mesh",
    "compare",
    "compute_making",
    "export_mesh",
    "fatigue_law_names",
    "load_fatigue_law",
    "load_law_set",
    "load_material",
    "material_names",
    "run_making_study",
    "run_reflow_study",
    "run_study",
    "variants",
]


def __getattr__(name: str) -> Any:
    if name in _HOME_OF:
        return getattr(importlib.import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'bumpfem' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
