"""One joint with Norton creep against CalculiX, an independent finite-element program.

Both have the same second-order tetrahedra with four integration points, small strains and the same
law; only the time integration differs: second-order backward differences here, backward Euler in
CalculiX. Its increments of 5 s leave about 0.4 % (extrapolated from 10 s and 5 s to zero, it agrees
with a ten times tighter run of bumpfem within 0.06 %), which is most of what is found below.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.case import SOLDER, Case, build_case, package_and_joint
from bench.ccx import creep_strains as read_creep_strains
from bench.ccx import find_ccx, run_ccx
from bench.deck import Increments, write_deck
from bench.inp import InpMesh, read_inp
from bench.march import Corners
from bumpfem.meshing import build_mesh, export_mesh
from bumpfem.solvers.march import MarchSettings, march
from bumpfem.solvers.step_control import StepSettings

SIZE = 2.5
VOLUMES = (*SOLDER[1:], "solder")


@pytest.fixture(scope="module")
def case() -> Case:
    package, joint = package_and_joint()
    return build_case(build_mesh(package, joint, size=SIZE), "short")


@pytest.fixture(scope="module")
def mesh_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mesh as other programs get it."""
    package, joint = package_and_joint()
    path = tmp_path_factory.mktemp("calculix") / "mesh.inp"
    export_mesh(package, joint, path, size=SIZE)
    return path


@pytest.fixture(scope="module")
def exported(mesh_file: Path) -> InpMesh:
    return read_inp(mesh_file)


@pytest.mark.slow
def test_exported_regions_have_the_same_volume(case: Case, exported: InpMesh) -> None:
    """Volumes from the file, integrated by CalculiX's rule, and from the dolfinx mesh.

    Node order, sets and curved edges must all have gone over for these to agree to rounding.
    """
    for group in case.model().groups:
        volumes = exported.point_volumes(exported.element_sets[group.name])
        assert volumes.shape == group.operator.weights.shape
        assert volumes.sum() == pytest.approx(float(group.operator.weights.sum()), rel=1e-9)


@pytest.mark.slow
def test_creep_strain_agrees_with_calculix(case: Case, mesh_file: Path, exported: InpMesh) -> None:
    """Averaged creep strain of both layers and of all solder, after a ramp and after a dwell."""
    if find_ccx() is None:
        pytest.skip("CalculiX (ccx) is not installed")
    deck = mesh_file.with_name("job.inp")
    # Fixed increments: CETOL only ends the run when it is exceeded.
    write_deck(case, mesh_file, deck, Increments(initial=5.0, fixed=True, viscous_tolerance=1.0))
    run_ccx(deck)
    expected = read_creep_strains(deck.with_suffix(".dat"), exported)
    corners = Corners(case.history.times[1:].tolist())
    steps = StepSettings(tolerance=1e-5, initial=2.0)
    march(case.model(), case.history, MarchSettings(steps=steps), [corners])
    assert [row["time_s"] for row in corners.rows] == [row["time_s"] for row in expected]
    for own, other in zip(corners.rows, expected, strict=True):
        assert other["solder_layer_interposer"] > 1e-3  # there is something to compare
        for volume in VOLUMES:
            assert own[volume] == pytest.approx(other[volume], rel=0.01), (volume, own["time_s"])
