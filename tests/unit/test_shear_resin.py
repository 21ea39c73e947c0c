"""Resins that yield in a ball shear test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bumpfem.design import Package, ThermalCycle
from bumpfem.design.making_steps import BallShear
from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.materials import Span
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.physics.groups import von_mises
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.ball_shear import BallShearSettings, run_ball_shear
from bumpfem.process.region_materials import RegionMaterial
from bumpfem.process.shear_resin import let_yield, sudden_moduli, yield_strengths
from bumpfem.process.thermal_cycling import cyclic_history, joint_model
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import MarchSettings, march
from bumpfem.solvers.step_control import StepSettings

_MESHES = Path(__file__).resolve().parents[2] / "meshes"
_HOT, _ROOM = 60.0, 25.0


@cache
def _cooled() -> tuple[Mesh, MechanicalModel]:
    """Coarsest half cell of an anchored joint, elastic resin, cooled by 35 K."""
    package = Package.load(_MESHES / "pbga_0p80.toml")
    joint = package.joints["anchored"]
    mesh = build_mesh(package, joint, size=2.5)
    model = joint_model(
        package, joint, mesh, cyclic_history(ThermalCycle.jedec("G"), 1, _HOT), extrapolate=True
    ).model
    history = TemperatureHistory(np.array([0.0, 100.0]), np.array([_HOT, _ROOM]))
    march(model, history, MarchSettings(steps=StepSettings(tolerance=1e-2)))
    return mesh, model


def test_stress_and_stiffness_pass_over() -> None:
    """The moduli are those of the resin's own law, here E / 3(1 - 2 nu) and E / 2(1 + nu) of
    polyimide at 25 C; the stress that it had is its stress in the first increment too, so that the
    cell is in equilibrium as before."""
    _, model = _cooled()
    kept, groups = model.snapshot(), model.groups
    resin = model.group("resin")
    before = resin.committed_stress.copy()
    bulk, shear = sudden_moduli(model, resin, _ROOM)
    stiffness = resin.tangent[0]
    assert bulk == pytest.approx((stiffness[0, 0] + 2.0 * stiffness[0, 1]) / 3.0)
    assert shear == pytest.approx(stiffness[3, 3])
    try:
        let_yield(model, {"resin": 1e4}, _ROOM)
        yielding = model.group("resin")
        assert yielding is not resin
        yielding.begin(1.0, None)
        yielding.evaluate(model.u, _ROOM)
        assert np.abs(before).max() > 1.0
        np.testing.assert_allclose(yielding.stress, before, atol=1e-9 * np.abs(before).max())
        assert model.group("solder") in groups
    finally:
        model.groups = groups
        model.restore(kept)


def test_a_resin_that_yields_bears_no_more_than_its_strength() -> None:
    """At the same travel the force is lower than with an elastic resin; afterwards the model has
    its laws and its state again."""
    mesh, model = _cooled()
    test = BallShear(tool_height=0.07, speed=0.5, travel=0.012, temperature=_ROOM)
    groups, stress = model.groups, model.group("resin").committed_stress.copy()
    results = {
        strength: run_ball_shear(
            model, mesh, test,
            BallShearSettings(
                yields={} if strength is None else {"resin": strength},
                fewest_steps=3, strain_tolerance=1e-2,
            ),
        )
        for strength in (None, 10.0)
    }  # fmt: skip
    assert results[10.0].peak_force < 0.97 * results[None].peak_force
    assert results[10.0].regions["resin"].von_mises_max == pytest.approx(10.0, rel=1e-6)
    assert results[10.0].inelastic_work["resin"] > 0.0
    assert "Resin yields at 10 MPa" in " ".join(results[10.0].limits)
    assert "resin does not yield" in " ".join(results[None].limits)
    assert model.groups is groups
    np.testing.assert_array_equal(model.group("resin").committed_stress, stress)
    assert von_mises(stress).max() > 1.0


def test_strengths_are_those_of_the_resins_alone() -> None:
    """Solder and paste are left out, and resins without data."""
    known = [
        RegionMaterial("resin", "epoxy", None),
        RegionMaterial("resin_crown", "epoxy", None),
        RegionMaterial("attach", "silver_epoxy", None),
        RegionMaterial("solder", "sac305", None),
    ]
    assert yield_strengths(known, Span(25.0, 25.0)) == {"resin": 70.0, "resin_crown": 70.0}
    assert yield_strengths([RegionMaterial("resin", "underfill_a", None)], Span(25.0, 25.0)) == {}
    with pytest.raises(PropertyRangeError, match="yield_strength"):
        yield_strengths(known, Span(100.0, 100.0))
    assert yield_strengths(known, Span(100.0, 100.0, extrapolate=True))["resin"] == 70.0


@pytest.mark.parametrize(
    ("yields", "said"), [({"resin": 0.0}, "expected > 0"), ({"glue": 5.0}, "a region among")]
)
def test_bad_strengths(yields: dict[str, float], said: str) -> None:
    _, model = _cooled()
    groups = model.groups
    with pytest.raises(InputError, match=r"ball_shear.yields") as refused:
        let_yield(model, yields, _ROOM)
    assert refused.match(said)
    assert model.groups is groups
