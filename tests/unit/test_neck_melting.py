"""Necked joints melt in part only: how much, and what becomes of others."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from bumpfem.design import Joint, Package
from bumpfem.design.oven import Oven
from bumpfem.design.programme import Programme
from bumpfem.errors import ProcessError
from bumpfem.meshing import Mesh
from bumpfem.process.heated_cell import HeatedStep
from bumpfem.process.heated_run import HeatedStage
from bumpfem.process.heated_step import heat_step, run_heated
from bumpfem.process.neck_melting import moved_share, neck_notes
from bumpfem.process.neck_oven import gas_oven
from bumpfem.shapes.attached import attached_shape
from bumpfem.units import FloatArray
from tests.support.necks import LIQUIDUS, MESHES, SOLDER, SOLIDUS, melted, necked, stay_at

REFLOW = Oven(profile="jstd020_pb_free")


@pytest.fixture(scope="module")
def pbga() -> tuple[Package, Joint, Mesh]:
    return necked("pbga_0p80")


# --- how much melts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "fraction"), [("attach", 0.15), ("attach", 0.5), ("mount", 0.12)]
)
def test_a_ball_held_in_its_melting_range(
    pbga: tuple[Package, Joint, Mesh], stage: HeatedStage, fraction: float
) -> None:
    """Held at a temperature, the lever between solidus and liquidus says how much melts, and the
    cell passes the solidus on its way up and down without ever being molten."""
    package, joint, mesh = pbga
    heat = stay_at(SOLIDUS + fraction * (LIQUIDUS - SOLIDUS))
    run = run_heated(package, joint, stage, heat, mesh)
    assert melted(run) == pytest.approx(fraction, abs=0.01)
    assert run.events["molten"] is run.events["wets"] is None
    assert run.events["melts"] is not None
    assert run.events["freezes"] is not None
    assert 200.0 < run.events["melts"] < 300.0
    assert 530.0 < run.events["freezes"] < 560.0
    found = float(re.findall(r"^([.\d]+) of the ball melts", run.remarks[0])[0])
    assert found == pytest.approx(melted(run), abs=1e-3)
    within = abs(fraction - 0.15) < 0.05
    assert ("not the 0.15 +- 0.05 that the neck asks for" in run.remarks[0]) is not within
    assert ("thicker and lower" in run.remarks[0]) is (fraction > 0.2)


def test_a_gas_melts_what_a_lumped_body_says() -> None:
    """A ceramic cell has one temperature T: its heat content H(T), latent heat included, grows by
    h A (gas - T). Three gases melt from a tenth to a half of the ball."""
    package, joint, mesh = necked("cbga_1p27")
    fractions = []
    for peak in (195.7, 197.2, 199.2):
        step = HeatedStep(package, joint, "attach", gas_oven(182.75, peak))
        expected = lumped_fraction(step, mesh)
        fractions.append(melted(heat_step(step, mesh)))
        assert fractions[-1] == pytest.approx(expected, abs=0.012)
    assert 0.08 < fractions[0] < fractions[1] < fractions[2] < 0.55


def lumped_fraction(step: HeatedStep, mesh: Mesh) -> float:
    """Largest melted fraction of a cell of one temperature in the step's gas."""
    model, gas = step.model(mesh), step.heating
    coefficient, time, cold = gas.coefficient_at(0.0), 50.0, 20.0
    flow = sum(model.heat_flows(np.full(model.size, cold), time).values())
    area = flow / (coefficient * (gas.gas_at(time) - cold))
    levels = np.arange(20.0, gas.highest + 1.0, 0.01)
    content = np.zeros_like(levels)
    for name, volume in model.volumes.items():
        content += volume * model.materials[name].enthalpy(levels)

    def rise(time: float, heat: FloatArray) -> FloatArray:
        temperature = np.interp(heat, content, levels)
        return np.asarray(coefficient * area * (gas.gas_at(time) - temperature))

    start = [float(np.interp(gas.start, levels, content))]
    course = solve_ivp(rise, (0.0, gas.duration), start, max_step=0.5, rtol=1e-8)
    hottest = float(np.interp(course.y[0].max(), content, levels))
    return float(model.materials["solder"].melted_fraction(hottest))


def test_a_eutectic_melts_in_part() -> None:
    """Its one melting point is spread over half a kelvin: events are those of that range."""
    package, joint, mesh = necked("cbga_1p27")
    step = HeatedStep(package, joint, "attach", gas_oven(182.75, 196.2))
    assert step.solder(mesh) == (SOLDER, (182.75, 183.25))
    run = heat_step(step, mesh)
    assert 0.1 < melted(run) < 0.2
    assert not run.faults
    assert run.events["melts"] is not None


# --- what cannot be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "heat", "words"),
    [
        ("attach", REFLOW, r"the whole ball melts \(1\.000 of it\), which leaves no neck"),
        ("mount", REFLOW, "the whole ball melts .* which loses the neck that it was attached with"),
        ("attach", stay_at(216.5), r"the ball does not melt \(0\.000 of it\)"),
        ("mount", stay_at(216.5), r"the ball does not melt \(0\.000 of it\)"),
        (
            "attach",
            Programme(points=((0.0, 25.0), (300.0, 217.4), (500.0, 217.4))),
            "the heating ends while the solder is liquid",
        ),
    ],
)
def test_heatings_that_make_no_neck(
    pbga: tuple[Package, Joint, Mesh], stage: HeatedStage, heat: Oven | Programme, words: str
) -> None:
    """The error says how much melts and should, how hot it was, and what to do."""
    package, joint, mesh = pbga
    with pytest.raises(ProcessError, match=f"{stage}: {words}") as caught:
        run_heated(package, joint, stage, heat, mesh, extrapolate=True)
    if "liquid" in words:
        return
    said = str(caught.value)
    assert "the neck asks for 0.15 +- 0.05" in said
    assert "which melts from 217 to 220 degC" in said
    assert "or neither: then an oven is sought" in said
    run = run_heated(package, joint, stage, heat, mesh, extrapolate=True, strict=False)
    assert f"the cell peaks at {run.temperature.max():.1f} degC" in said


# --- mounting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pbga_0p80", "csp_0p40", "cbga_1p27"])
def test_what_mounting_moves(name: str) -> None:
    """The head grows at its sides by what stood below the board's land before: the volume of the
    free ball there, less what fills the land's recess."""
    package = Package.load(MESHES / f"{name}.toml")
    joint = package.joint("necked")
    shape = attached_shape(package, joint)
    rim = shape.mounted.outline.start
    below = shape.outline.split_at_height(rim[1])[0].swept_volume()
    above = shape.mounted.outline.swept_volume() - (shape.outline.swept_volume() - below)
    assert shape.outline.radius_at(rim[1]) < rim[0]
    assert moved_share(shape, joint.ball_volume) * joint.ball_volume == pytest.approx(
        above, rel=2e-3
    )
    assert above == pytest.approx(below, rel=0.2)


def test_notes_of_mounting(pbga: tuple[Package, Joint, Mesh]) -> None:
    """More may have to move than melts; other joints have no such notes."""
    package, joint, mesh = pbga
    shape = attached_shape(package, joint)
    enough = run_heated(package, joint, "mount", stay_at(SOLIDUS + 0.45), mesh).history
    little = run_heated(package, joint, "mount", stay_at(SOLIDUS + 0.12), mesh).history
    assert "its stress and hardening too" in neck_notes(joint, shape, enough)[0]
    assert re.search(
        r"moves 0\.06\d .*, 0\.1[45]\d of it melts$", neck_notes(joint, shape, enough)[1]
    )
    assert re.search(r", only 0\.0[34]\d of it melts: ", neck_notes(joint, shape, little)[1])
    assert neck_notes(package.joint("plain"), shape, enough) == []
