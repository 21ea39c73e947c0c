"""Materials of a cell's regions, their laws, and ranges that a run may not leave."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bumpfem.constitutive import OrthotropicElastic, ThermoElastic
from bumpfem.design import Package
from bumpfem.errors import MaterialError, PropertyRangeError
from bumpfem.materials import load_material
from bumpfem.meshing import REGIONS
from bumpfem.process.region_materials import (
    PlaneElasticity,
    RegionMaterial,
    ThermalExpansion,
    Window,
    assign_materials,
    region_law,
)

MESHES = Path(__file__).resolve().parents[2] / "meshes"
PACKAGES = sorted(path.stem for path in MESHES.glob("*.toml"))
JOINTS = [
    (name, joint)
    for name in PACKAGES
    for joint in ["plain", *Package.load(MESHES / f"{name}.toml").joints]
]
WINDOW = Window(-40.0, 125.0, 125.0)
SOLDER = ("solder", "solder_layer_interposer", "solder_layer_board")


def regions_of(package: Package, name: str) -> list[str]:
    """The regions that the joint's design asks for."""
    joint = package.joint(name)
    parts = {
        "core": joint.core,
        "resin": joint.anchor,
        "mask": joint.mask,
        "bump": joint.bump,
        "bump_barrier": joint.bump and joint.bump.barrier,
        "interposer_resist": package.interposer_resist,
        "board_resist": package.board_resist,
        "die": package.die,
        "die_attach": package.die,
        "mould": package.mould,
    }
    always = [*SOLDER, "interposer_pad", "board_pad", "interposer", "board"]
    return always + [region for region, part in parts.items() if part is not None]


def test_there_are_packages() -> None:
    """The list that the tests below run over is not empty."""
    assert len(PACKAGES) >= 3
    assert len(JOINTS) >= 18


@pytest.mark.parametrize(("name", "joint"), JOINTS)
def test_every_region_of_every_ready_made_joint_has_a_material(name: str, joint: str) -> None:
    """Each region gets a material of the library and a law that works from -40 to 125 C; solder
    flows, everything else but a core of solder is elastic.
    """
    package = Package.load(MESHES / f"{name}.toml")
    regions = regions_of(package, joint)
    assert set(regions) <= set(REGIONS)
    assigned = assign_materials(package, package.joint(joint), regions)
    assert [item.region for item in assigned] == regions
    for item in assigned:
        law = region_law(item, WINDOW)
        assert law.region == item.region
        assert np.all(np.isfinite(law.thermal_strain(-40.0)))
        assert not law.thermal_strain(125.0).any()
        is_solder = load_material(item.material).kind == "solder"
        assert (item.law is not None) == is_solder
        assert (law.law.n_state > 0) == is_solder
    materials = {item.region: item.material for item in assigned}
    assert materials["board"] == package.board.material
    assert materials["solder_layer_board"] == materials["solder"]


def test_bump_brings_its_own_pad_and_solder() -> None:
    """A metal bump stands on its own pad metal; solder that bonds it replaces the ball's."""
    package = Package.load(MESHES / "pbga_0p80.toml")
    joint = package.joint("metal_bump")
    assert joint.bump is not None
    bonded = joint.model_copy(
        update={"bump": joint.bump.model_copy(update={"bond_material": "sn63pb37"})}
    )
    regions = ["solder", "interposer_pad", "board_pad", "bump", "bump_barrier"]
    found = {item.region: item.material for item in assign_materials(package, bonded, regions)}
    assert found == {
        "solder": "sn63pb37",
        "interposer_pad": joint.bump.pad_material,
        "board_pad": "copper",
        "bump": "copper",
        "bump_barrier": "nickel",
    }


def test_joint_names_its_law() -> None:
    """The joint's own parameter set goes before the material's default."""
    package = Package.load(MESHES / "pbga_0p80.toml")
    known = load_material("sac305")
    other = next(name for name in sorted(known.law_sets) if name != known.default_law)
    joint = package.joint("plain").model_copy(update={"solder_law": other})
    (named,) = assign_materials(package, joint, ["solder"])
    (default,) = assign_materials(package, package.joint("plain"), ["solder"])
    assert (named.law, default.law) == (other, known.default_law)
    law = region_law(named, Window(25.0, 100.0, 100.0)).law
    assert law.name == known.law_sets[other].law


def test_region_without_material_is_an_error() -> None:
    """A region that the design does not know, or whose part is missing, is refused by name."""
    package = Package.load(MESHES / "cbga_1p27.toml")
    plain = package.joint("plain")
    for region in ("resin", "mould", "bump", "lid"):
        with pytest.raises(MaterialError, match=region):
            assign_materials(package, plain, ["solder", region])
    with pytest.raises(MaterialError, match="unobtainium"):
        region_law(RegionMaterial("board", "unobtainium", None), WINDOW)


def test_cycle_beyond_the_range_of_a_material_is_an_error() -> None:
    """-65 to 150 C leaves the range of some material of the package: error with its name."""
    package = Package.load(MESHES / "pbga_0p80.toml")
    wide = Window(-65.0, 150.0, 150.0)
    assigned = assign_materials(package, package.joint("plain"), regions_of(package, "plain"))
    failures = []
    for item in assigned:
        try:
            region_law(item, wide)
        except PropertyRangeError as error:
            failures.append((item, str(error)))
    assert failures
    for item, text in failures:
        assert item.material in text or (item.law is not None and item.law in text)
        assert "150 C" in text or "-65 C" in text


def test_laws_and_expansion_of_the_laminate() -> None:
    """FR-4 is orthotropic: stiff along x and y, expanding most through its thickness."""
    law = region_law(RegionMaterial("board", "fr4", None), WINDOW)
    assert isinstance(law.law, OrthotropicElastic)
    along_x, along_y, through = law.thermal_strain(25.0)[:3] / (25.0 - 125.0)
    assert through > along_x > 0.0
    assert along_y > 0.0
    copper = region_law(RegionMaterial("board_pad", "copper", None), WINDOW)
    assert isinstance(copper.law, ThermoElastic)
    plane = PlaneElasticity("copper", WINDOW)
    known = load_material("copper")
    modulus, ratio = known["youngs_modulus"](25.0), known["poissons_ratio"](25.0)
    assert plane.biaxial_modulus(25.0) == pytest.approx(modulus / (1 - ratio))
    assert plane.strain(25.0) == pytest.approx(float(copper.thermal_strain(25.0)[0]))


def test_expansion_is_zero_at_the_stress_free_temperature() -> None:
    """Shifting the stress-free temperature shifts the strain, whatever the kind of coefficient."""
    for name in ("copper", "fr4", "mould_compound", "sac305"):
        material = load_material(name)
        hot = ThermalExpansion(material, WINDOW)
        cold = ThermalExpansion(material, Window(-40.0, 125.0, -40.0))
        assert not hot(125.0).any()
        assert not cold(-40.0).any()
        np.testing.assert_allclose(cold(60.0) - cold(125.0), hot(60.0), atol=1e-15)
        assert np.all(cold(125.0)[:3] > 1e-4)


def test_window_spans_history_and_stress_free_temperature() -> None:
    """The window covers all temperatures that the run will ask for."""
    assert Window.of([20.0, -40.0, 80.0], 125.0) == Window(-40.0, 125.0, 125.0)
    assert Window.of([20.0, 150.0], 125.0) == Window(20.0, 150.0, 125.0)
