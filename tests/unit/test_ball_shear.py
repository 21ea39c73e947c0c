"""Ball shear of shipped joints on coarse meshes, and what such a test refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bumpfem.design import Package, ThermalCycle
from bumpfem.design.making_steps import BallShear
from bumpfem.errors import InputError
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.meshing.attached import attached_coordinates
from bumpfem.physics.mechanics import MechanicalModel, ModelState
from bumpfem.process.ball_shear import BallShearSettings, run_ball_shear
from bumpfem.process.setting_resin import SetResin
from bumpfem.process.shear_outcome import utilisation, verdict
from bumpfem.process.shear_place import BALL, check_tool_height, shear_place
from bumpfem.process.shear_result import BallShearResult, ShearCurve
from bumpfem.process.thermal_cycling import cyclic_history, joint_model
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import march
from bumpfem.solvers.newton import NewtonSettings

MESHES = Path(__file__).resolve().parents[2] / "meshes"
HOT, ROOM = 125.0, 25.0
TEST = BallShear(tool_height=0.07, speed=0.5, travel=0.03, temperature=ROOM)
#: Few steps, but each in equilibrium to 1e-7.
SETTINGS = BallShearSettings(
    fewest_steps=8,
    strain_tolerance=3e-3,
    newton=NewtonSettings(residual_tolerance=1e-7, largest_iterations=30, tightest_linear=1e-6),
)


@dataclass(frozen=True)
class Sheared:
    """A model, its state before and after a test, and the outcome."""

    model: MechanicalModel
    mesh: Mesh
    before: ModelState
    after: ModelState
    result: BallShearResult


@cache
def joint(name: str) -> tuple[Mesh, MechanicalModel]:
    """Coarsest half cell of a shipped joint; the plain one is free of stress at 125 C."""
    package = Package.load(MESHES / "pbga_0p80.toml")
    mesh = build_mesh(package, package.joints[name], size=2.5)
    profile = cyclic_history(ThermalCycle.jedec("G"), 1, HOT if name == "plain" else ROOM)
    return mesh, joint_model(package, package.joints[name], mesh, profile).model


@cache
def mounted() -> Sheared:
    """A plain joint that has cooled on its board by 100 K, and is then tested."""
    mesh, model = joint("plain")
    march(model, TemperatureHistory(np.array([0.0, 100.0]), np.array([HOT, ROOM])))
    before = model.snapshot()
    result = run_ball_shear(model, mesh, TEST, SETTINGS)
    return Sheared(model, mesh, before, model.snapshot(), result)


def test_force_is_the_reaction_of_the_supports() -> None:
    """In equilibrium both are the same; the tool starts without force and never pulls."""
    curve = mounted().result.curve
    assert curve.force[0] == 0.0
    assert curve.displacement[-1] == pytest.approx(TEST.travel)
    assert curve.time[-1] == pytest.approx(TEST.travel / TEST.speed)
    assert (curve.force[1:] > 0.0).all()
    np.testing.assert_allclose(curve.reaction[1:], curve.force[1:], rtol=1e-6)


def test_contact_is_stiff_and_on_the_ball() -> None:
    """The tool sinks in by less than 1 % of its travel and pushes between its edge and the top."""
    result = mounted().result
    assert 0.0 < result.penetration < 0.01 * TEST.travel
    heights = result.curve.force_height[1:]
    assert (heights > TEST.tool_height).all()
    assert (heights < result.ball_height).all()


def test_energy() -> None:
    """The tool's work is dissipated or stored: less than the work, and all but the elastic energy
    F^2 / (2 K) of a body at least as stiff as the curve is before most of it flows.
    """
    result = mounted().result
    stored = result.curve.work - sum(result.inelastic_work.values())
    assert 0.0 < stored < 0.5 * result.peak_force**2 / result.curve.stiffness
    assert set(result.inelastic_work) == {
        "solder", "solder_layer_interposer", "solder_layer_board",
    }  # fmt: skip


def test_force_is_that_of_sheared_solder() -> None:
    """Sliding over the pad bounds the limit load from above by area times yield in shear; bending
    and the slope of the curve leave more than half of it.
    """
    result = mounted().result
    exact = np.pi / 4.0 * 0.38**2
    assert result.pad_area == pytest.approx(exact, rel=2e-3)
    yields = result.curve.von_mises_max["solder_layer_interposer"][-1]
    assert 0.5 * yields / np.sqrt(3.0) < result.strength < yields / np.sqrt(3.0)
    assert result.strength == result.peak_force / result.pad_area


def test_the_joint_goes_on_unhurt() -> None:
    """After the test, which takes off the board, state and supports are what they were, bit by bit;
    the test itself has flowed.
    """
    found = mounted()
    np.testing.assert_array_equal(found.after.u, found.before.u)
    assert found.after.time == found.before.time
    assert found.after.loading is found.before.loading
    assert found.after.contacts == ()
    for group in found.model.groups:
        assert group.activity == "solid"
        for name, value in vars(found.before.groups[group.name]).items():
            np.testing.assert_array_equal(vars(found.after.groups[group.name])[name], value)
    assert sum(found.result.inelastic_work.values()) > 0.01
    assert "board" not in found.result.regions


def test_stress_at_the_interfaces() -> None:
    """The pad bears a good part of the force, the resist beside it the rest; what is written is
    plain data, with the same numbers.
    """
    result = mounted().result
    pad = result.interfaces["ball_pad"]
    assert 0.4 < 2.0 * abs(pad.force[0]) / result.curve.force[-1] < 1.0
    assert pad.peel_max > 0.0 > pad.peel_min
    plain = json.loads(json.dumps(result.as_dict()))
    assert plain["peak_force"] == result.peak_force
    assert plain["curve"]["force"] == result.curve.force.tolist()
    assert plain["interfaces"]["ball_pad"]["shear_max"] == pad.shear_max
    assert plain["curve"]["force_height"][0] is None
    assert plain["limits"]


def test_utilisation() -> None:
    """Stress over the given strength; the verdict names what is used most. An unknown name is
    refused, and a strength that is none.
    """
    result = mounted().result
    pad = result.interfaces["ball_pad"]
    used = utilisation(result.regions, result.interfaces, {"ball_pad": 100.0, "solder": 1000.0})
    assert used["ball_pad"] == pytest.approx(np.hypot(pad.peel_max, pad.shear_max) / 100.0)
    assert used["solder"] == result.regions["solder"].von_mises_max / 1000.0
    said = verdict(result.curve, result.inelastic_work, result.interfaces, used)
    assert f"the most used is ball_pad, at {used['ball_pad']:.0%} of its strength" in said
    assert "the most used" not in result.verdict
    with pytest.raises(InputError, match="resin_ball"):
        utilisation(result.regions, result.interfaces, {"resin_ball": 10.0})
    with pytest.raises(InputError, match=r"strengths.solder.*> 0"):
        BallShearSettings(strengths={"solder": 0.0})
    with pytest.raises(InputError, match="direction"):
        BallShearSettings(direction=0.5)


def test_anchored_is_stronger() -> None:
    """Resin around the foot, which the tool meets first, carries load beside the solder: after the
    same way the force is higher. All interfaces of the resin bear traction.
    """
    mesh, model = joint("anchored")
    settings = BallShearSettings(ball_only=False, fewest_steps=8, strain_tolerance=3e-3)
    held = run_ball_shear(model, mesh, TEST, settings)
    assert held.peak_force > 1.2 * mounted().result.peak_force
    assert {"resin_ball", "resin_substrate", "ball_pad"} <= set(held.interfaces)
    assert held.curve.von_mises_mean["resin"][-1] > 1.0
    assert "upper bound" in held.limits[-1]
    assert "what cutting takes is not in the force" in mounted().result.limits[-1]


def test_a_resin_without_stiffness_changes_nothing() -> None:
    """Silicone has a thousandth of the solder's stiffness: a ball that stands in it is pushed at
    the same faces as a bare one, and needs the same force."""
    package = Package.load(MESHES / "pbga_0p80.toml")
    joint = package.joints["anchored"]
    assert joint.anchor is not None
    soft = {"material": "silicone", "family": "silicone"}
    joint = joint.model_copy(update={"anchor": joint.anchor.model_copy(update=soft)})
    mesh = build_mesh(package, joint, size=2.5)
    profile = cyclic_history(ThermalCycle.jedec("G"), 1, ROOM)
    resins = SetResin("cure_hardening", {"resin": 1.0}, shrinkage=False)
    model = joint_model(package, joint, mesh, profile, resins=resins).model
    settings = BallShearSettings(fewest_steps=3, strain_tolerance=1e-2)
    test = TEST.model_copy(update={"travel": 0.008})
    held = run_ball_shear(model, mesh, test, settings)
    model.change({"resin": "absent"}, ROOM)
    bare = run_ball_shear(model, mesh, test, settings)
    assert bare.peak_force > 1.0
    assert held.peak_force == pytest.approx(bare.peak_force, rel=0.02)


@pytest.mark.slow
def test_anchored_is_stronger_behind_the_resin() -> None:
    """Where the tool passes through the resin and pushes the ball alone, what is left of the foot
    still raises the limit load: the plain ball's curve has levelled off by then, this one rises.
    """
    test, forces = TEST.model_copy(update={"travel": 0.06}), []
    settings = BallShearSettings(fewest_steps=12, strain_tolerance=3e-3)
    for name in ("plain", "anchored"):
        mesh, model = joint(name)
        if name == "plain":
            mounted()
        forces.append(run_ball_shear(model, mesh, test, settings))
    plain, held = forces
    assert plain.curve.levelled
    assert not held.curve.levelled
    assert held.peak_force > 1.2 * plain.peak_force


def test_where_the_force_levels_off() -> None:
    """A straight line still rises by a tenth over its last tenth, a level curve by nothing."""
    x = np.linspace(0.0, 1.0, 11)

    def curve(force: np.ndarray) -> ShearCurve:
        return ShearCurve(x, x, force, force, x, x, {}, {})

    assert curve(3.0 * x).late_rise == pytest.approx(0.1)
    assert not curve(3.0 * x).levelled
    level = curve(np.minimum(4.0 * x, 1.0))
    assert level.levelled
    assert level.stiffness == pytest.approx(4.0)
    assert level.work == pytest.approx(0.5 * 0.25 + 0.75, rel=0.02)


def test_heights_of_the_free_ball() -> None:
    """On the interposer alone the ball stands as high as its capillary shape says; layer and ball
    are measured from the resist, and the tool touches only what lies beyond its edge.
    """
    package = Package.load(MESHES / "pbga_0p80.toml")
    mesh, model = joint("anchored")
    free = attached_coordinates(mesh, package, package.joints["anchored"])
    mounted_nodes = mesh.mesh.geometry.x.copy()
    solid = [name for name in mesh.regions if not name.startswith("board")]
    try:
        mesh.mesh.geometry.x[:] = free.coordinates
        place = shear_place(mesh, model.space, solid, 0.08)
    finally:
        mesh.mesh.geometry.x[:] = mounted_nodes
    assert place.ball_height == pytest.approx(free.shape.crown_height, rel=1e-6)
    assert place.layer_height == pytest.approx(0.06, abs=2e-3)
    heights = place.surface - place.faces.points[:, :, 2]
    assert heights[place.reach].min() > 0.08
    assert heights[~place.reach].max() <= 0.08
    own = np.concatenate(
        [g.operator.unknowns[:, ::3].ravel() for g in model.groups if g.name in BALL]
    )

    def lowest_reach(ball_only: bool) -> float:
        found = shear_place(mesh, model.space, solid, 0.07, ball_only=ball_only)
        ball = np.isin(found.faces.nodes, own // 3).all(axis=1)
        points = found.faces.points
        chosen = found.reach & ball[:, None] & (points[:, :, 1] > 1e-3)
        return float((found.surface - points[:, :, 2])[chosen].min())

    assert lowest_reach(ball_only=True) < 0.08, "through the resin down to the tool's edge"
    assert lowest_reach(ball_only=False) > 0.1, "the resin covers the ball up to its contact height"


@pytest.mark.parametrize(
    ("name", "height", "said"),
    [
        ("plain", 0.08, "at most 0.07401 .a quarter of the ball's height of 0.296"),
        ("anchored", 0.055, "more than 0.06"),
    ],
)
def test_tool_at_a_wrong_height(name: str, height: float, said: str) -> None:
    """At most a quarter of the ball's height (JESD22-B117), and above the layer around the ball."""
    mesh, model = joint(name)
    test = BallShear(tool_height=height, travel=0.01)
    before = model.loading
    with pytest.raises(InputError, match=r"ball_shear.tool_height") as refused:
        run_ball_shear(model, mesh, test)
    assert refused.match(said)
    assert model.loading is before


def test_layer_too_thick_for_any_tool() -> None:
    """Where the layer is as high as a quarter of the ball no height is left; the error says so."""
    check_tool_height(0.07, 0.28, 0.06)
    with pytest.raises(InputError, match="the layer is thicker than the highest tool"):
        check_tool_height(0.07, 0.28, 0.08)


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("speed", 1.0, "at least 0.1 and at most 0.8 mm/s"),
        ("speed", 0.05, "at least 0.1 and at most 0.8 mm/s"),
        ("travel", 0.0, "travel"),
        ("tool_height", -0.05, "tool_height"),
        ("temperature", 2000.0, "temperature"),
    ],
)
def test_bad_conditions(field: str, value: float, allowed: str) -> None:
    """JESD22-B117 shears balls at 0.1 to 0.8 mm/s; lengths are positive; each error names it."""
    given = {"tool_height": 0.07, "travel": 0.05} | {field: value}
    with pytest.raises(InputError, match=field) as refused:
        BallShear(**given)
    assert refused.match(allowed)
