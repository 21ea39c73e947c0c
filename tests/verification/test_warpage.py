"""Curvature from the stress of a flat cell: Timoshenko's strip, Stoney's film, a bent disc."""

from __future__ import annotations

from math import pi, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dolfinx import mesh as dm

from bumpfem.design import Package
from bumpfem.errors import InputError, ProcessError
from bumpfem.meshing import Mesh, MeshFacts, MeshQuality, build_mesh
from bumpfem.meshing.names import region_tag
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.layered_plate import PlateLayer, plate_expansion
from bumpfem.physics.mechanics import Loading, MechanicalModel
from bumpfem.physics.warpage import bow, warpage
from tests.support.mechanics import cells_where, elastic, expanding, heat, held, rectangle

RATIO = 0.3
#: Thickness, modulus, expansion of the lower and the upper slab.
LOWER, UPPER = (0.3, 20e3, 15e-6), (0.2, 12e3, 40e-6)
COOLING = 100.0
Slab = tuple[float, float, float]


def disc(radius: float, lower: Slab, upper: Slab, columns: int, rows: int) -> Mesh:
    """A disc of two slabs, named as a cell of an interposer under a mould."""
    height = lower[0] + upper[0]
    body: Any = rectangle((columns, rows), (0.0, 0.0), (radius, height))
    # Rows of cells end at the interface of the slabs.
    z = body.geometry.x[:, 1]
    middle = rows // 2 * height / rows
    z[:] = np.interp(z, [0.0, middle, height], [0.0, lower[0], height])
    count = body.topology.index_map(2).size_local + body.topology.index_map(2).num_ghosts
    tags = np.full(count, region_tag("interposer"), dtype=np.int32)
    tags[cells_where(body, lambda x: x[:, 1] > lower[0])] = region_tag("mould")
    cells = dm.meshtags(body, 2, np.arange(count, dtype=np.int32), tags)
    nothing = dm.meshtags(body, 1, np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32))
    facts = MeshFacts("axisymmetric", 0.0, 0.1, radius * sqrt(pi), 0.0, 0.0, 0.1, 0.1, 0.0, {})
    quality = MeshQuality(count, len(z), 1.0, 1.0, 1.0, 0, 1.0, {})
    regions = {name: region_tag(name) for name in ("interposer", "mould")}
    return Mesh(body, cells, nothing, regions, {}, quality, facts)


def cooled(mesh: Mesh, lower: Slab, upper: Slab, *, flat: bool) -> MechanicalModel:
    """The disc after cooling, held flat at its side or free."""
    radius = mesh.facts.pitch / sqrt(pi)

    def loading(space: DisplacementSpace) -> Loading:
        sets = [
            held(space, lambda x: x[:, 0] < 1e-9, 0),
            held(space, lambda x: (x[:, 0] < 1e-9) & (x[:, 1] < 1e-9), 1),
        ]
        if flat:
            sets.append(held(space, lambda x: x[:, 0] > radius - 1e-9, 0))
        return Loading(prescribed=sets)

    laws = [
        RegionLaw(name, elastic(modulus, RATIO), expanding(expansion, COOLING))
        for name, (_, modulus, expansion) in (("interposer", lower), ("mould", upper))
    ]
    model = MechanicalModel(
        mesh.mesh, {name: mesh.cells(name) for name in mesh.regions}, laws, loading
    )
    heat(model, COOLING, 0.0)
    return model


def layers(lower: Slab, upper: Slab) -> list[PlateLayer]:
    return [PlateLayer(t, e / (1.0 - RATIO), -a * COOLING) for t, e, a in (lower, upper)]


def test_two_slabs_bend_as_timoshenkos_strip() -> None:
    """Held flat the stress is E_b (-a dT) in each slab; let go, the free stack's curvature.

    The upper slab shrinks more, so that the edges rise: negative. N and M in closed form.
    """
    mesh = disc(0.4, LOWER, UPPER, 4, 4)
    model = cooled(mesh, LOWER, UPPER, flat=True)
    found = warpage(mesh, model.space, model.groups, 14.0)
    exact = plate_expansion(layers(LOWER, UPPER), held_flat=False)
    assert exact.curvature < 0.0
    assert found.curvature == pytest.approx(exact.curvature, rel=1e-6)
    pull = [1e5 / 0.7 * e * 1e-5 * a * COOLING * t for t, e, a in (LOWER, UPPER)]
    assert found.force == pytest.approx(sum(pull), rel=1e-6)
    lever = [0.15 - found.neutral_height, 0.4 - found.neutral_height]
    assert found.moment == pytest.approx(np.dot(pull, lever), rel=1e-6)
    assert found.moment_along == pytest.approx((found.moment, found.moment), rel=1e-6)
    bottom = found.strain - found.neutral_height * found.curvature
    assert bottom == pytest.approx(exact.bottom_strain, rel=1e-6)
    assert found.bow_over_package == pytest.approx(1e3 * found.curvature * 14.0**2 / 8, rel=1e-12)
    assert found.bow_over_pitch == pytest.approx(bow(found.curvature, 0.4 * sqrt(pi)), rel=1e-12)


def test_thin_film_bends_as_stoney_says() -> None:
    """Stoney (1909): |kappa| = 6 s t_f / (E_b t_s^2), exact for t_f << t_s.

    The next term is of the order 4 (E_f / E_s) t_f / t_s = 0.8 % here.
    """
    base, film = (0.5, 20e3, 0.0), (1e-3, 20e3, 40e-6)
    mesh = disc(0.4, base, film, 3, 2)
    found = warpage(mesh, *_space_and_groups(cooled(mesh, base, film, flat=True)), 14.0)
    stress = 20e3 / 0.7 * 40e-6 * COOLING
    stoney = 6.0 * stress * 1e-3 / (20e3 / 0.7 * 0.5**2)
    assert -found.curvature == pytest.approx(stoney, rel=0.01)


def test_free_disc_bends_as_predicted() -> None:
    """A free disc of the same slabs, bent directly: its axis' curvature, away from the edge.

    u_z of its lower face is -kappa r^2 / 2 by the sign convention; edges disturb over about one
    thickness, and small strains keep the disc's centre at the same curvature.
    """
    mesh = disc(0.4, LOWER, UPPER, 4, 4)
    predicted = warpage(mesh, *_space_and_groups(cooled(mesh, LOWER, UPPER, flat=True)), 14.0)
    wide = disc(4.0, LOWER, UPPER, 40, 4)
    model = cooled(wide, LOWER, UPPER, flat=False)
    nodes = model.space.node_coordinates()
    lower = (nodes[:, 1] < 1e-9) & (nodes[:, 0] < 2.0)
    r, u = nodes[lower, 0], model.u[1::2][lower]
    curvature = -2.0 * (r**2 @ u) / (r**2 @ r**2)
    assert curvature == pytest.approx(predicted.curvature, rel=2e-3)


def test_what_is_refused() -> None:
    """A package needs a width; slabs that nothing has been asked of yet have no stiffness."""
    mesh = disc(0.4, LOWER, UPPER, 2, 2)
    model = cooled(mesh, LOWER, UPPER, flat=True)
    with pytest.raises(InputError, match="package_width"):
        warpage(mesh, model.space, model.groups, 0.0)
    model.change({"interposer": "absent", "mould": "absent"}, 25.0)
    with pytest.raises(ProcessError, match="stiff"):
        warpage(mesh, model.space, model.groups, 14.0)


def _space_and_groups(model: MechanicalModel) -> tuple[DisplacementSpace, list[Any]]:
    return model.space, list(model.groups)


def test_mean_force_is_that_on_the_sides(repository: Path) -> None:
    """What hangs on the interposer is in balance, so that N is the side's force per length.

    div(sigma) = 0 gives int (sigma_rr + sigma_hoop) dV = R F with the radial force F on the side,
    so N = F / (2 pi R) whatever pads, resin and ball do; to the residual of the equilibrium.
    """
    package = Package.load(repository / "meshes" / "pbga_0p80.toml")
    mesh = build_mesh(package, package.joint("anchored"), size=2.0, kind="axisymmetric")
    known = {"interposer": (20e3, 15e-6), "resin": (3e3, 50e-6), "mould": (12e3, 40e-6)}
    laws = [
        RegionLaw(name, elastic(modulus, RATIO), expanding(expansion, COOLING))
        for name, (modulus, expansion) in (
            (name, known.get(name, (40e3, 20e-6))) for name in mesh.regions
        )
    ]
    outer = package.pitch / sqrt(pi)

    def loading(space: DisplacementSpace) -> Loading:
        top = float(space.node_coordinates()[:, 1].max())
        return Loading(
            prescribed=[
                held(space, lambda x: x[:, 0] < 1e-9, 0),
                held(space, lambda x: x[:, 0] > outer - 1e-9, 0),
                held(space, lambda x: (x[:, 0] < 1e-9) & (x[:, 1] > top - 1e-9), 1),
            ]
        )

    cells = {name: mesh.cells(name) for name in mesh.regions}
    model = MechanicalModel(mesh.mesh, cells, laws, loading)
    board = ("board", "board_pad", "board_resist")
    model.change(dict.fromkeys(board, "absent"), COOLING)
    heat(model, COOLING, 0.0)
    found = warpage(mesh, model.space, model.groups, package.body_size[0])
    force = np.zeros(model.space.local_size)
    for group in model.groups:
        if group.name not in board:
            group.add_force(force)
    nodes = model.space.node_coordinates()
    side = np.flatnonzero(nodes[:, 0] > outer - 1e-9)
    assert found.force == pytest.approx(force[2 * side].sum() / (2.0 * pi * outer), rel=1e-6)
