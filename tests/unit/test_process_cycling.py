"""Temperature histories, expansion of slabs and loading of the joint cell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bumpfem.design import Package, ThermalCycle
from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.physics.layered_plate import PlateLayer, plate_expansion
from bumpfem.process.cell_loading import slab_expansion, surface_unknowns
from bumpfem.process.region_materials import PlaneElasticity, Window
from bumpfem.process.thermal_cycling import JointModel, cyclic_history, joint_model

MESHES = Path(__file__).resolve().parents[2] / "meshes"
WINDOW = Window(-40.0, 125.0, 125.0)


def package(name: str = "pbga_0p80") -> Package:
    return Package.load(MESHES / f"{name}.toml")


def test_history_from_the_hot_end() -> None:
    """Condition G, stress-free at its maximum: 11 min ramps, 10 min dwells, no lead-in."""
    profile = cyclic_history(ThermalCycle.jedec("G"), 2, 125.0)
    ramp, dwell = 165.0 / 15.0 * 60.0, 600.0
    one = np.cumsum([ramp, dwell, ramp, dwell])
    np.testing.assert_allclose(profile.history.times, [0.0, *one, *(one[-1] + one)])
    np.testing.assert_allclose(profile.history.temperatures, [125, *2 * [-40, -40, 125, 125]])
    np.testing.assert_allclose(profile.starts, [0.0, one[-1]])
    assert profile.cycles == 2


@pytest.mark.parametrize("stress_free", [25.0, 180.0])
def test_lead_in(stress_free: float) -> None:
    """From another stress-free temperature a ramp at the cycle's rate leads to cycle 1."""
    cycle = ThermalCycle.jedec("G")
    profile = cyclic_history(cycle, 3, stress_free)
    lead = abs(125.0 - stress_free) / 15.0 * 60.0
    assert profile.starts[0] == pytest.approx(lead)
    np.testing.assert_allclose(np.diff(profile.starts), cycle.period)
    assert profile.history(0.0) == stress_free
    assert profile.history(lead / 2) == pytest.approx((stress_free + 125.0) / 2)
    assert profile.history(lead) == pytest.approx(125.0)
    for start in profile.starts:
        assert profile.history(start + 660.0) == pytest.approx(-40.0)
    assert profile.history.times[-1] == pytest.approx(lead + 3 * cycle.period)


def test_no_cycle_is_an_error() -> None:
    """A run has at least one cycle."""
    with pytest.raises(InputError, match="cycles"):
        cyclic_history(ThermalCycle.jedec("G"), 0, 125.0)


def test_slabs_of_one_material_expand_as_it_does() -> None:
    """The ceramic package has neither die nor mould: interposer strain is that of alumina."""
    plain = package("cbga_1p27")
    assert plain.die is None
    assert plain.mould is None
    expansion = slab_expansion(plain, WINDOW)
    for temperature in (-40.0, 25.0, 100.0):
        for slab, name in ((expansion.interposer, "alumina"), (expansion.board, "fr4")):
            exact = PlaneElasticity(name, WINDOW).strain(temperature)
            assert slab(temperature) == pytest.approx(exact, rel=1e-12)
    assert expansion.mismatch(-40.0) == pytest.approx(
        expansion.interposer(-40.0) - expansion.board(-40.0)
    )
    # FR-4 expands more than alumina: cooled, the interposer is left the longer of the two.
    assert expansion.mismatch(-40.0) > 1e-3
    assert expansion.mismatch(125.0) == 0.0


def stack_strain(plastic: Package, with_die: bool, held_flat: bool) -> float:
    """Pad-plane strain at -40 C by hand: interposer, attach and die if any, mould above."""
    assert plastic.die is not None
    assert plastic.mould is not None
    die = plastic.die
    parts = [(plastic.interposer.thickness, plastic.interposer.material)]
    if with_die:
        parts += [(die.attach_thickness, die.attach_material), (die.thickness, die.material)]
    covered = sum(thickness for thickness, _ in parts[1:])
    parts.append((plastic.mould.thickness - covered, plastic.mould.material))
    layers = [
        PlateLayer(thickness, plane.biaxial_modulus(-40.0), plane.strain(-40.0))
        for thickness, material in parts
        for plane in (PlaneElasticity(material, WINDOW),)
    ]
    return plate_expansion(layers, held_flat).bottom_strain


@pytest.mark.parametrize("loading", ["flat", "bent"])
def test_share_under_the_die(loading: str) -> None:
    """Joint (12, 12) stands at 3.6 mm, inside the chip's 4.0 mm: the stack with the die counts
    alone. The corner at 6.0 mm has 4.0/6.0 of its way under the die.
    """
    plastic = package().model_copy(update={"interposer_loading": loading})
    inside, outside = (stack_strain(plastic, die, loading == "flat") for die in (True, False))
    assert abs(inside) < abs(outside)
    found = slab_expansion(plastic, WINDOW).interposer(-40.0)
    assert found == pytest.approx(inside, rel=1e-9)
    corner = plastic.model_copy(update={"critical_joint": "corner"})
    assert corner.critical_position == pytest.approx((6.0, 6.0))
    found = slab_expansion(corner, WINDOW).interposer(-40.0)
    assert found == pytest.approx((4.0 * inside + 2.0 * outside) / 6.0, rel=1e-9)


def test_range_of_the_slabs_is_checked() -> None:
    """Slabs asked for temperatures that their properties do not know are refused."""
    with pytest.raises(PropertyRangeError):
        slab_expansion(package(), Window(-65.0, 500.0, 150.0))


@pytest.fixture(scope="module")
def small() -> tuple[Package, Mesh, JointModel]:
    """A coarse plain joint with its top kept plane."""
    plastic = package("csp_0p40").model_copy(update={"top": "plane"})
    joint = plastic.joint("plain")
    mesh = build_mesh(plastic, joint, size=2.5)
    profile = cyclic_history(ThermalCycle.jedec("G"), 1, 125.0)
    return plastic, mesh, joint_model(plastic, joint, mesh, profile)


def test_faces_follow_their_slabs(small: tuple[Package, Mesh, JointModel]) -> None:
    """Prescribed values at -40 C: strain times the distance from the neutral point."""
    plastic, mesh, joint = small
    space, loading = joint.model.space, joint.model.loading
    u = np.full(space.local_size, np.nan)
    loading.apply(u, -40.0)
    nodes = space.node_coordinates()
    for slab in ("board", "interposer"):
        strain = getattr(joint.expansion, slab)(-40.0)
        for face, axis in (("x_min", 0), ("x_max", 0), ("y_max", 1)):
            found = surface_unknowns(mesh, space, f"{slab}_side_{face}", axis)
            assert len(found) > 10
            np.testing.assert_allclose(u[found], strain * nodes[found // 3, axis], rtol=1e-12)
    faces = [surface_unknowns(mesh, space, f"board_side_{end}", 0) for end in ("x_min", "x_max")]
    centre = [nodes[face // 3, 0].mean() for face in faces]
    assert np.mean(centre) == pytest.approx(plastic.distance_from_neutral_point)
    assert centre[1] - centre[0] == pytest.approx(plastic.pitch)
    for surface, axis in (("symmetry", 1), ("board_bottom", 2)):
        assert not u[surface_unknowns(mesh, space, surface, axis)].any()
    (top,) = loading.ties
    assert np.isnan(u[top]).all()
    height = nodes[top // 3, 2]
    np.testing.assert_allclose(height, nodes[:, 2].max(), rtol=1e-9)
    free = joint_model(
        plastic.model_copy(update={"top": "free"}), plastic.joint("plain"), mesh, joint.profile
    )
    assert not free.model.loading.ties


def test_every_cell_has_its_law(small: tuple[Package, Mesh, JointModel]) -> None:
    """Groups cover the mesh once; solder flows, the rest is elastic."""
    _, mesh, joint = small
    groups = joint.model.groups
    cells = np.concatenate([group.operator.cells for group in groups])
    np.testing.assert_array_equal(np.sort(cells), joint.model.space.owned_cells)
    assert {group.name for group in groups} == set(mesh.regions)
    flowing = {group.name for group in joint.model.inelastic_groups}
    assert flowing == {"solder", "solder_layer_interposer", "solder_layer_board"}


def test_axisymmetric_mesh_is_refused() -> None:
    """Thermal cycling at a distance from the neutral point has no symmetry around the joint."""
    plastic = package("csp_0p40")
    joint = plastic.joint("plain")
    mesh = build_mesh(plastic, joint, size=2.5, kind="axisymmetric")
    with pytest.raises(InputError, match="half_cell"):
        joint_model(plastic, joint, mesh, cyclic_history(ThermalCycle.jedec("G"), 1, 125.0))
