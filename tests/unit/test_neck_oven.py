"""The oven that melts as much of a ball as its neck asks for, and the chain that uses it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from mpi4py import MPI

from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.design.making import Attach, Making, Mount
from bumpfem.design.oven import Oven
from bumpfem.errors import InputError, ProcessError
from bumpfem.meshing import Mesh
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process import neck_oven
from bumpfem.process.chain import run_chain
from bumpfem.process.chain_heat import ChainHeat
from bumpfem.process.heated_run import HeatedStage
from bumpfem.process.heated_step import run_heated
from bumpfem.process.neck_oven import gas_oven, seek_neck_oven
from bumpfem.solvers.march import MarchSettings, Step
from bumpfem.solvers.step_control import StepSettings
from bumpfem.units import FloatArray
from tests.support.necks import LIQUIDUS, SOLIDUS, melted, necked, stay_at

REFLOW = Oven(profile="jstd020_pb_free")


@pytest.fixture(scope="module")
def pbga() -> tuple[Package, Joint, Mesh]:
    return necked("pbga_0p80")


# --- the oven that is sought ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "stage"),
    [("pbga_0p80", "mount"), ("csp_0p40", "attach"), ("cbga_1p27", "attach")],
)
def test_an_oven_is_found(name: str, stage: HeatedStage) -> None:
    """It melts what the neck asks for, also of a eutectic, whose temperature says nothing; hotter
    gas melts more, as much as is said."""
    package, joint, mesh = necked(name)
    assert joint.neck is not None
    found = seek_neck_oven(package, joint, stage, mesh)
    run = run_heated(package, joint, stage, found.oven, mesh)
    assert melted(run) == pytest.approx(found.melted, abs=1e-12)
    assert found.melted == pytest.approx(joint.neck.melted_fraction, abs=0.01)
    assert run.remarks[0].endswith("the neck asks for 0.15")
    assert 0.05 < found.slope < 0.2
    assert f"{found.slope:.2f} more of the ball" in found.sentence
    assert found.runs <= 12


def test_another_fraction_asks_for_another_oven(pbga: tuple[Package, Joint, Mesh]) -> None:
    package, joint, mesh = pbga
    assert joint.neck is not None
    neck = joint.neck.model_copy(update={"melted_fraction": 0.6})
    more = joint.model_copy(update={"neck": neck})
    found = seek_neck_oven(package, more, "attach", mesh)
    assert found.melted == pytest.approx(0.6, abs=0.02)


def test_ovens_that_are_not_there(
    pbga: tuple[Package, Joint, Mesh], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not melt has none; a search that ends too low says how far it came."""
    package, joint, mesh = pbga
    with pytest.raises(InputError, match=r"joint\.neck"):
        seek_neck_oven(package, package.joint("plain"), "attach", mesh)
    with pytest.raises(InputError, match="no solder melts there"):
        seek_neck_oven(package, joint, "cure", mesh)
    monkeypatch.setattr(neck_oven, "_HIGHEST", 10.0)
    with pytest.raises(
        ProcessError, match=r"mount: no oven was found that melts 0\.15 .* 227 degC"
    ):
        seek_neck_oven(package, joint, "mount", mesh)


def test_only_steps_that_say_nothing_are_given_an_oven(
    pbga: tuple[Package, Joint, Mesh], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual steps of a neck leave its ovens open; what a user gives stays."""
    package, joint, _ = pbga
    asked: list[str] = []
    any_oven = neck_oven.NeckOven(gas_oven(SOLIDUS, 221.0), 0.15, 0.1, 1)

    def seek(*given: object, **choices: object) -> neck_oven.NeckOven:
        asked.append(str(given[2]))
        return any_oven

    monkeypatch.setattr("bumpfem.process.chain_heat.seek_neck_oven", seek)
    usual = Making.default_for(joint)
    made = ChainHeat(package, joint, MPI.COMM_SELF).with_neck_ovens(usual)
    heated = [step for step in made.steps if isinstance(step, Attach | Mount)]
    assert asked == ["attach", "mount"]
    assert [step.oven for step in heated] == [any_oven.oven] * 2
    assert [step.kind for step in made.steps] == [step.kind for step in usual.steps]
    given = Making(
        steps=(Attach(programme=stay_at(217.4)), "cool_down", Mount(oven=REFLOW), "cycles")
    )
    assert ChainHeat(package, joint, MPI.COMM_SELF).with_neck_ovens(given) == given
    plain = ChainHeat(package, package.joint("plain"), MPI.COMM_SELF)
    assert plain.with_neck_ovens(usual) is usual
    assert asked == ["attach", "mount"]


# --- the whole chain


class Solder:
    """Keeps activity and state of the solder as every increment begins, and where it goes."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, str, FloatArray]] = []

    def __call__(self, model: MechanicalModel, step: Step) -> None:
        group = model.group("solder")
        self.seen.append((step.temperature, group.activity, group.state.copy()))


def test_the_usual_chain_of_a_neck() -> None:
    """From its attaching to its cycles: a part melts each time, solder is born twice, at its
    solidus, without stress or hardening, and the mounted joint carries stress in its neck."""
    package, joint, mesh = necked("csp_0p40")
    cycle = ThermalCycle(
        minimum=25.0, maximum=100.0, cold_dwell=60.0, hot_dwell=60.0, heating_rate=30.0,
        cooling_rate=30.0,
    )  # fmt: skip
    solder = Solder()
    run = run_chain(
        package, joint, Making.default_for(joint), cycle, 1, mesh, extrapolate=True,
        settings=MarchSettings(steps=StepSettings(tolerance=2e-3)), observers=[solder],
    )  # fmt: skip
    kinds = {record.kind: record for record in run.records}
    assert list(kinds) == ["attach", "cool_down", "mount", "cycles"]
    for kind in ("attach", "mount"):
        notes = "\n".join(kinds[kind].notes)
        share = re.search(r"([.\d]+) of the ball melts", notes)
        assert share is not None
        assert float(share[1]) == pytest.approx(0.15, abs=0.02)
        assert "the oven was sought for the neck" in notes
        assert "whole ball" not in notes
    peaks = [table["facts"]["peak_c"] for table in run.heated]
    assert all(SOLIDUS < peak < LIQUIDUS for peak in peaks)
    changes = [
        place
        for place in range(1, len(solder.seen))
        if solder.seen[place][1] != solder.seen[place - 1][1]
    ]
    frozen, melts, joined = changes
    assert run.cell is not None
    fresh = run.cell.model.group("solder").law.initial_state(1)[0]
    for place in (frozen, joined):
        temperature, _, state = solder.seen[place]
        assert 200.0 < temperature < SOLIDUS
        assert np.array_equal(state, np.tile(fresh, (len(state), 1)))
    assert not np.allclose(solder.seen[melts - 1][2], fresh)
    assert kinds["cycles"].regions["solder_layer_interposer"].von_mises_mean > 1.0
