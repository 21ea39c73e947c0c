"""One heating of a joint's making: events, cure carried on, faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.design import Joint, Making, Package
from bumpfem.design.dip_window import OneHeating
from bumpfem.design.making import Attach
from bumpfem.design.oven import Oven
from bumpfem.design.programme import Programme
from bumpfem.errors import InputError, MaterialError, ProcessError
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.process.heated_cell import HeatedStep
from bumpfem.process.heated_run import HeatedRun
from bumpfem.process.heated_step import heat_step, run_heated
from bumpfem.solvers.heat import HeatSettings
from bumpfem.solvers.heat_settings import HeatStepSettings

LIBRARY = Path(__file__).resolve().parents[2] / "bumpfem" / "materials" / "library"
REFLOW = Oven(profile="jstd020_pb_free")
QUICK = OneHeating(cure_temperature=165.0, cure_time=600.0).programme(3.0, 245.0)


@pytest.fixture(scope="module")
def mesh(pbga: Package) -> Mesh:
    return build_mesh(pbga, pbga.joint("anchored"), size=2.5, kind="axisymmetric")


@pytest.fixture(scope="module")
def dipped(pbga: Package, mesh: Mesh) -> HeatedRun:
    """A resin for this purpose on route ``dip``."""
    return run_heated(pbga, _joint(pbga), "attach", QUICK, mesh)


def _joint(package: Package, **anchor: Any) -> Joint:
    joint = package.joint("anchored")
    assert joint.anchor is not None
    changes = {"material": "noflow_epoxy", "family": "epoxy", "route": "dip", **anchor}
    changed = type(joint.anchor)(**{**joint.anchor.model_dump(), **changes})
    return joint.model_copy(update={"anchor": changed})


def test_events_come_in_the_order_of_a_good_joint(dipped: HeatedRun) -> None:
    """Solder begins to melt, is molten, has wetted; then the resin gels; solder freezes last."""
    names = ("melts", "molten", "wets", "gels", "gelled", "freezes")
    times = [dipped.events[name] for name in names]
    known = [time for time in times if time is not None]
    assert len(known) == len(names)
    assert known == sorted(known)
    assert dipped.race is not None
    assert dipped.race.margin == pytest.approx(known[3] - known[2])
    assert 5.0 < known[3] - known[2] < 30.0
    assert dipped.faults == ()
    assert "before the resin gels" in dipped.facts()["race"]


def test_latent_heat_keeps_the_ball_behind_its_surface(dipped: HeatedRun) -> None:
    """The surface passes 220 C at 65 s; the ball needs its latent heat through the laminate."""
    molten = dipped.events["molten"]
    assert molten is not None
    assert 66.0 < molten < 75.0
    assert dipped.spread > 5.0
    assert not dipped.uniform


def test_reaction_heat_is_that_of_the_rise_of_cure(dipped: HeatedRun) -> None:
    """rho H V times the rise, which is what the heat balance took up; the balance itself closes."""
    assert dipped.resin is not None
    assert dipped.heat_in["cure"] == pytest.approx(dipped.resin.reaction_heat, rel=1e-9)
    assert dipped.resin.reaction_heat > 0.0
    assert dipped.balance_error < 1e-3


def test_history_for_the_mechanics(dipped: HeatedRun) -> None:
    history = dipped.mechanics_history(0.2)
    assert len(history.times) < 0.5 * len(dipped.times)
    away = np.interp(dipped.times, history.times, history.temperatures) - dipped.temperature
    assert np.abs(away).max() < 0.2001
    for time in dipped.events.values():
        assert time is not None
        assert np.abs(history.times - time).min() < 1e-6


def test_usual_steps_find_the_events(pbga: Package, mesh: Mesh) -> None:
    """Against a twentieth of the tolerance; without corners at the melting range steps jump it."""
    step = HeatedStep(pbga, _joint(pbga), "attach", QUICK)
    fine = HeatSettings(
        steps=HeatStepSettings(tolerance=1e-3, melting_tolerance=1e-4, largest=15.0)
    )
    usual, exact = heat_step(step, mesh), heat_step(step, mesh, fine)
    for name in ("molten", "wets", "freezes", "gels"):
        assert usual.events[name] == pytest.approx(exact.events[name], abs=0.3), name
    assert usual.end_cure == pytest.approx(exact.end_cure, abs=1e-4)


def test_a_fast_resin_loses_the_race(pbga: Package, mesh: Mesh) -> None:
    """An ordinary epoxy gels on its way; the chain cannot go on."""
    joint = _joint(pbga, material="epoxy")
    lost = run_heated(pbga, joint, "attach", QUICK, mesh, strict=False)
    assert lost.race is not None
    assert lost.race.verdict == "gels_early"
    assert lost.race.margin is not None
    assert lost.race.margin < 0.0
    with pytest.raises(ProcessError, match="attach: route dip, epoxy: the resin gels at") as caught:
        lost.refuse()
    assert caught.value.facts == {"race": lost.race.as_dict()}


def test_cure_is_carried_on(pbga: Package, mesh: Mesh) -> None:
    """Mounting starts from the cure that it is given; a hard resin does not gel again."""
    joint = _joint(pbga, route="spread", material="polyimide", family="polyimide")
    run = run_heated(pbga, joint, "mount", REFLOW, mesh, cure=0.9)
    assert run.resin is not None
    assert run.resin.mean[0] == pytest.approx(0.9)
    assert run.end_cure is not None
    assert run.end_cure > 0.9
    assert run.events["gels"] is None
    assert run.race is None
    transition = CuringResin.of("polyimide").glass_transition
    assert run.glass_transition is not None
    assert run.glass_transition[-1] == pytest.approx(transition.at(run.resin.mean)[-1])
    assert set(run.history.regions) == set(mesh.regions)


def test_what_is_not_there_yet_is_not_heated(pbga: Package, mesh: Mesh) -> None:
    joint = _joint(pbga, route="spread", material="polyimide", family="polyimide")
    attach = HeatedStep(pbga, joint, "attach", REFLOW).regions(mesh)
    cure = HeatedStep(pbga, joint, "cure", REFLOW).regions(mesh)
    assert "resin" not in attach
    assert "resin" in cure
    assert not {"board", "board_pad", "board_resist"} & {*attach, *cure}
    early = HeatedStep(pbga, _joint(pbga), "attach", REFLOW).regions(mesh)
    assert "resin" in early
    chosen = HeatedStep(pbga, joint, "attach", REFLOW, present=("interposer", "interposer_pad"))
    assert chosen.regions(mesh) == [
        name for name in mesh.regions if name in ("interposer", "interposer_pad")
    ]


@pytest.mark.parametrize(
    ("anchor", "stage", "heat", "words"),
    [
        (
            {"route": "spread"}, "cure", Programme(points=((0.0, 25.0), (60.0, 120.0))),
            "noflow_epoxy never gels: its cure reaches 0.",
        ),
        (
            {"route": "spread"}, "attach", Programme(points=((0.0, 25.0), (100.0, 200.0))),
            "the solder never melts: it reaches 19",
        ),
        (
            {"route": "spread"}, "attach", Programme(points=((0.0, 25.0), (100.0, 240.0))),
            "ends while the solder is liquid",
        ),
        (
            {"route": "spread", "material": "epoxy_120c"}, "cure",
            Programme(points=((0.0, 25.0), (1000.0, 260.0), (1100.0, 150.0))),
            "cure above the material's limit: the resin epoxy_120c reaches 259",
        ),
        (
            {"route": "spread"}, "cure",
            Programme(points=((0.0, 25.0), (1000.0, 230.0), (1100.0, 150.0))),
            "the solder melts, which it must not in this step: it reaches 22.*solidus is 217",
        ),
        (
            {"route": "film", "material": "polyimide_thermoplastic", "family": "polyimide"},
            "attach", Programme(points=((0.0, 25.0), (110.0, 245.0), (220.0, 25.0))),
            "polyimide_thermoplastic does not melt: 300 degC",
        ),
    ],
)  # fmt: skip
def test_what_cannot_go_on(
    pbga: Package, mesh: Mesh, anchor: dict[str, Any], stage: Any, heat: Programme, words: str
) -> None:
    """Errors name material, what was reached and what is needed."""
    joint = _joint(pbga, **anchor)
    with pytest.raises(ProcessError, match=words):
        run_heated(pbga, joint, stage, heat, mesh, extrapolate=True)


@pytest.mark.parametrize(
    ("route", "fixing"),
    [
        *((route, "fused") for route in ("spread", "repellent", "film", "dip", "flux")),
        *((route, "paste") for route in ("spread", "repellent", "film", "dip")),
    ],
)
def test_usual_heating_of_every_route(pbga: Package, mesh: Mesh, route: str, fixing: str) -> None:
    """The usual heating fixes the ball: fused solder melts, on paste it does not; a film melts."""
    choices = {"route": route, "fixing": fixing}
    if fixing == "paste":
        choices |= {"paste_filler": "silver", "paste_material": "silver_epoxy"}
        choices |= {"paste_thickness": 0.02, "material": "epoxy"}
    if route == "film":
        choices |= {"material": "polyester_film", "family": "polyester"}
    joint = _joint(pbga, **choices)
    attach = next(s for s in Making.default_for(joint).steps if isinstance(s, Attach))
    own = build_mesh(pbga, joint, size=2.5, kind="axisymmetric") if fixing == "paste" else mesh
    run = run_heated(pbga, joint, "attach", attach.heat, own, extrapolate=True)
    assert (run.events["melts"] is None) == (fixing == "paste")
    assert (run.film is None) == (route != "film")


def test_paste_stands_no_later_heat(pbga: Package, tmp_path: Path) -> None:
    """A paste that decomposes at 200 C is not mounted at 245 C, long after it cured."""
    text = (LIBRARY / "silver_epoxy.toml").read_text()
    text = text.replace("{ value = 290.0 }", "{ value = 200.0 }")
    weak = tmp_path / "weak.toml"
    weak.write_text(text)
    joint = _joint(
        pbga, route="spread", fixing="paste", paste_filler="silver", paste_material=str(weak),
        paste_thickness=0.02,
    )  # fmt: skip
    mesh = build_mesh(pbga, joint, size=2.5, kind="axisymmetric")
    with pytest.raises(ProcessError, match=r"the paste weak reaches .* stands at most 200 degC"):
        run_heated(pbga, joint, "mount", REFLOW, mesh, cure=0.9, extrapolate=True)


def test_a_resin_without_kinetics_cannot_be_cured(pbga: Package, mesh: Mesh) -> None:
    joint = _joint(pbga, route="spread", material="underfill_a")
    with pytest.raises(MaterialError, match="underfill_a"):
        run_heated(pbga, joint, "cure", QUICK, mesh)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"cure": 1.2}, "cure"),
        ({"wetting_time": -1.0}, "wetting_time"),
        ({"present": ("core",)}, "present"),
    ],
)
def test_choices_that_cannot_be(
    pbga: Package, mesh: Mesh, choices: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        run_heated(pbga, _joint(pbga), "attach", QUICK, mesh, **choices)


def test_a_paste_cures_as_the_ball_is_attached(pbga: Package) -> None:
    """A slow oven leaves the cell at one temperature; a cold one leaves the paste soft."""
    paste = {"fixing": "paste", "paste_filler": "silver", "paste_material": "silver_epoxy",
             "paste_thickness": 0.02}  # fmt: skip
    joint = _joint(pbga, route="spread", material="polyimide", family="polyimide", **paste)
    mesh = build_mesh(pbga, joint, size=2.5, kind="axisymmetric")
    oven = Programme(points=((0.0, 25.0), (1500.0, 150.0), (4500.0, 150.0)))
    run = run_heated(pbga, joint, "attach", oven, mesh)
    assert run.paste is not None
    assert run.paste.mean[-1] > 0.9
    assert run.resin is None
    assert run.uniform
    cold = Programme(points=((0.0, 25.0), (100.0, 90.0)))
    with pytest.raises(ProcessError, match="silver_epoxy never gels"):
        run_heated(pbga, joint, "attach", cold, mesh)
