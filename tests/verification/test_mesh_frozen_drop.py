"""Meshes of joints whose core froze as a drop, and of bridges with a bare belt."""

from __future__ import annotations

from math import pi
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem

from bumpfem.design import Joint, Package
from bumpfem.meshing import Kind, build_mesh
from bumpfem.shapes import joint_outline

#: ufl has no type information.
UFL: Any = ufl


def core_joint(package: Package, ball: float, **values: Any) -> Joint:
    """The package's cored joint with another ball and core."""
    joint = package.joint("cored")
    assert joint.core is not None
    core = joint.core.model_copy(update=values)
    return joint.model_copy(update={"ball_diameter": ball, "core": core})


@pytest.mark.parametrize("kind", ["axisymmetric", "half_cell"])
@pytest.mark.parametrize(
    ("ball", "values"),
    [
        (0.45, {"origin": "drop", "material": "pb90sn10"}),
        (0.36, {"origin": "drop", "material": "pb90sn10"}),
        (0.34, {"origin": "drop", "material": "pb90sn10"}),
        (0.45, {"diameter": 0.42}),
    ],
    ids=["drop floats", "drop wrapped", "drop bridged", "bare belt"],
)
def test_core_and_solder_have_their_volumes(
    repository: Path, kind: Kind, ball: float, values: dict[str, Any]
) -> None:
    """Core and solder within 0.3 % of the exact bodies; the wedge at the drop's rim is meshed."""
    package = Package.load(repository / "meshes" / "pbga_0p80.toml")
    joint = core_joint(package, ball, **values)
    shape = joint_outline(package, joint)
    mesh = build_mesh(package, joint, size=1.5, kind=kind)
    radius = UFL.SpatialCoordinate(mesh.mesh)[0]
    weight = 2.0 * fem.Constant(mesh.mesh, 1.0) if kind == "half_cell" else 2.0 * pi * radius
    dx = UFL.Measure("dx", domain=mesh.mesh, subdomain_data=mesh.cell_tags)

    def volume(prefix: str) -> float:
        tags = [tag for name, tag in mesh.regions.items() if name.startswith(prefix)]
        form = sum(weight * dx(tag) for tag in tags)
        return float(np.real(fem.assemble_scalar(fem.form(form))))

    assert volume("core") == pytest.approx(joint.core_volume, rel=3e-3)
    assert volume("solder") == pytest.approx(joint.solder_volume, rel=3e-3)
    assert ("solder_layer_interposer" in mesh.regions) == (values.get("origin") != "drop")
    assert shape.volume == pytest.approx(joint.solder_volume, rel=1e-8)
