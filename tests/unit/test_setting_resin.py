"""Resins and films as their making left them, in a run without its history."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bumpfem.constitutive import CureHardening, CuringMaxwell, Law, ResinModel, Solidifying
from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.errors import PropertyRangeError
from bumpfem.materials import collect_extrapolations, load_material
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.process.chain_record import region_stresses
from bumpfem.process.region_materials import RegionMaterial, Window
from bumpfem.process.setting_resin import SetResin, set_laws
from bumpfem.process.thermal_cycling import cyclic_history, joint_model, run_cycles
from bumpfem.solvers.march import MarchSettings
from bumpfem.solvers.step_control import StepSettings
from bumpfem.units import FloatArray

_MESHES = Path(__file__).resolve().parents[2] / "meshes"
_REGIONS = [
    RegionMaterial("solder", "sac305", "anand_sac305_motalab_2012"),
    RegionMaterial("resin", "epoxy", None),
    RegionMaterial("attach", "silver_epoxy", None),
]

_FROZEN = Window(25.0, 217.0, 217.0, extrapolate=True)


def _stress(law: Law, strain: FloatArray, temperature: float) -> FloatArray:
    stress, tangent = np.zeros((1, 6)), np.zeros((1, 6, 6))
    state = law.initial_state(1)
    law.update(strain, np.array([temperature]), 1.0, state, stress, tangent, state.copy())
    return np.asarray(stress[0])


@pytest.mark.parametrize(
    ("model", "kind"), [("cure_hardening", CureHardening), ("maxwell", CuringMaxwell)]
)
def test_resins_start_at_the_cure_that_their_making_left(
    model: ResinModel, kind: type[CureHardening | CuringMaxwell]
) -> None:
    """Each region has its own cure; solder keeps its law. At the temperature of the start, and only
    there, an unstrained resin is free of stress: held while it cools by 10 K it is pulled."""
    resins = SetResin(model, {"resin": 0.93, "attach": 0.88}, shrinkage=False)
    laws = set_laws(_REGIONS, resins, _FROZEN)
    assert set(laws) == {"resin", "attach"}
    for region, cure in resins.cure.items():
        law = laws[region].law
        assert isinstance(law, kind)
        np.testing.assert_array_equal(law.cure(law.initial_state(2)), [cure, cure])
        still = np.zeros((1, 6))
        assert (
            np.abs(_stress(law, still, 217.0)).max() < 1e-3 * _stress(law, still, 207.0)[:3].min()
        )
        assert not laws[region].thermal_strain(25.0).any()


def test_shrinkage_can_be_left_out() -> None:
    """Held at 217 C a resin that is still curing pulls, unless it does not shrink."""
    pulls = []
    for shrinks in (True, False):
        resins = SetResin("cure_hardening", {"resin": 0.8}, shrinks)
        law = set_laws(_REGIONS, resins, _FROZEN)["resin"].law
        pulls.append(_stress(law, np.zeros((1, 6)), 217.0)[0])
    assert pulls[0] > 0.0
    assert pulls[1] == 0.0


@pytest.fixture(scope="module")
def anchored() -> tuple[Package, Joint, Mesh]:
    package = Package.load(_MESHES / "csp_0p40.toml")
    joint = package.joint("anchored")
    return package, joint, build_mesh(package, joint, size=2.5)


def _with_resin(joint: Joint, **anchor: object) -> Joint:
    assert joint.anchor is not None
    return joint.model_copy(update={"anchor": joint.anchor.model_copy(update=anchor)})


def test_glassy_resin_is_as_stiff_as_its_elastic_data(
    anchored: tuple[Package, Joint, Mesh],
) -> None:
    """Far below its glass transition, 240 C, cured polyimide has the moduli of its elastic data at
    25 C: at 45 C the mean stress agrees within the change of these data."""
    package, joint, mesh = anchored
    cycle = ThermalCycle(
        minimum=25.0, maximum=45.0, heating_rate=15.0, cooling_rate=15.0, hot_dwell=60.0,
        cold_dwell=60.0,
    )  # fmt: skip
    profile = cyclic_history(cycle, 1, 25.0)
    settings = MarchSettings(steps=StepSettings(tolerance=1e-2))
    stresses = []
    for resins in (None, SetResin("cure_hardening", {"resin": 1.0})):
        cell = joint_model(package, joint, mesh, profile, extrapolate=True, resins=resins)
        run_cycles(cell, settings)
        stresses.append(region_stresses(cell.model)["resin"])
    elastic, cured = stresses
    assert elastic.von_mises_mean > 1.0
    assert cured.von_mises_mean == pytest.approx(elastic.von_mises_mean, rel=0.02)
    assert cured.pressure_mean == pytest.approx(elastic.pressure_mean, rel=0.02)


def test_film_needs_no_data_where_it_is_molten(anchored: tuple[Package, Joint, Mesh]) -> None:
    """Solder freezes at 217 C, where the film is molten: its moduli end below. As an elastic solid
    it is refused; as a film that solidifies it goes along."""
    package, joint, mesh = anchored
    film = _with_resin(joint, route="film", material="polyester_film", family="polyester")
    profile = cyclic_history(ThermalCycle.jedec("G"), 1, 217.0)
    with pytest.raises(PropertyRangeError, match="polyester_film"):
        joint_model(package, film, mesh, profile, extrapolate=True)
    cell = joint_model(
        package, film, mesh, profile, extrapolate=True, resins=SetResin("cure_hardening", {})
    )
    law = cell.model.group("resin").law
    assert isinstance(law, Solidifying)
    assert law.liquid(law.initial_state(1)).all()
    assert load_material("polyester_film")["melting_point"].constant < 217.0


def test_a_run_without_history_minds_the_ranges_of_its_resin(
    anchored: tuple[Package, Joint, Mesh],
) -> None:
    """All data hold up to 150 C but those of a resin that is known up to 100 C."""
    package, joint, mesh = anchored
    resin = _with_resin(joint, material="underfill_u8439_1", family="epoxy")
    cycle = ThermalCycle(
        minimum=25.0, maximum=110.0, heating_rate=15.0, cooling_rate=15.0, hot_dwell=60.0,
        cold_dwell=60.0,
    )  # fmt: skip
    profile, resins = cyclic_history(cycle, 1, 25.0), SetResin("cure_hardening", {"resin": 1.0})
    words = r"underfill_u8439_1 curing mechanics rubbery is known from -40 to 100 C, not at 110 C"
    with pytest.raises(PropertyRangeError, match=words):
        joint_model(package, resin, mesh, profile, resins=resins)
    with collect_extrapolations() as beyond:
        joint_model(package, resin, mesh, profile, extrapolate=True, resins=resins)
    found = [item for item in beyond.entries if item.material == "underfill_u8439_1"]
    assert [(item.name, item.reached) for item in found] == [("curing mechanics rubbery", 110.0)]
