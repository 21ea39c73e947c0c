"""``bumpfem mesh PACKAGE.toml --joint NAME -o FILE``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bumpfem.design import Package
from bumpfem.meshing import Kind, export_mesh


def mesh(
    package: Path,
    /,
    *,
    joint: str = "plain",
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    size: float = 1.0,
    kind: Kind = "half_cell",
    layer_thickness: float = 0.025,
) -> int:
    """Mesh a joint's cell and write it as .msh, .vtu, .xdmf or .inp.

    Parameters
    ----------
    package:
        Package file (TOML).
    joint:
        Ready-made joint; cored+anchored merges two.
    output:
        File to write; its ending chooses the format.
    size:
        Factor on all element sizes.
    kind:
        3D half cell or 2D axisymmetric cell.
    layer_thickness:
        Thickness of the solder layers for averaging, mm.
    """
    design = Package.load(package)
    built = export_mesh(
        design,
        design.joint(joint),
        output,
        size=size,
        kind=kind,
        layer_thickness=layer_thickness,
    )
    print(f"{output}: {built.elements} elements, {built.nodes} nodes")
    print(f"smallest quality (gamma) {built.gamma_min:.3f}, mean {built.gamma_mean:.3f}")
    for region, count in built.elements_by_region.items():
        print(f"  {region:24s} {count:7d}")
    return 0
