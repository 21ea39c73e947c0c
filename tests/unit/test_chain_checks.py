"""What a process chain refuses or remarks before and while it computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.design.making import BallShear, Making, Step
from bumpfem.design.making_study import MakingStudy
from bumpfem.errors import InputError
from bumpfem.materials import Citation, Extrapolation, collect, collect_extrapolations
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.meshing.names import CellKind
from bumpfem.process.chain import run_chain
from bumpfem.shapes.attached import attached_shape
from bumpfem.study.making_checkpoints import SourcedCheckpoints
from bumpfem.study.making_plan import making_jobs

ROOT = Path(__file__).resolve().parents[2]
CYCLE = ThermalCycle(
    minimum=25.0, maximum=100.0, cold_dwell=60.0, hot_dwell=60.0, heating_rate=30.0,
    cooling_rate=30.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def package() -> Package:
    return Package.load(ROOT / "meshes" / "pbga_0p80.toml")


def cell(package: Package, joint: Joint, kind: CellKind) -> Mesh:
    return build_mesh(package, joint, size=2.5, kind=kind, comm=MPI.COMM_SELF)


def refused(package: Package, joint: Joint, steps: list[Any], kind: CellKind) -> str:
    """What stops a chain before anything is computed."""
    making = Making.model_validate({"steps": steps})
    with pytest.raises(InputError) as error:
        run_chain(package, joint, making, CYCLE, 1, cell(package, joint, kind), extrapolate=True)
    return str(error.value)


def shear(**given: float) -> Step:
    return BallShear(**{"tool_height": 0.07, "travel": 0.01, **given})


def test_shear_tests_are_checked_before_anything_is_computed(package: Package) -> None:
    """The mounted ball is lower than the free one (0.296 to 0.365 mm in its mesh), its quarter too.

    A tool between both quarters is right before mounting and refused after it. Solder must be
    solid, and the tool meets a half cell only.
    """
    joint = package.joint("plain")
    shape = attached_shape(package, joint)
    free, mounted = shape.height_over_face(False), shape.height_over_face(True)
    assert free == pytest.approx(0.365, abs=1e-3)
    assert mounted == pytest.approx(0.296, abs=1e-3)
    between = 0.25 * 0.5 * (free + mounted)
    late = ["attach", "cool_down", "mount", shear(tool_height=between), "cycles"]
    said = refused(package, joint, late, "half_cell")
    assert said.startswith(f"making.steps.4.tool_height = {between} mm is not allowed")
    assert "step 4 of 5, ball_shear: JESD22-B117" in said
    hot = ["attach", "cool_down", shear(temperature=230.0), "mount", "cycles"]
    assert "solidus" in refused(package, joint, hot, "half_cell")
    flat = ["attach", "cool_down", shear(), "mount", "cycles"]
    assert "mesh.kind" in refused(package, joint, flat, "axisymmetric")


def test_solder_is_solid_where_it_is_not_heated_to_melt(package: Package) -> None:
    """A step or a cycle that would hold solder at its solidus of 217 C is refused by its name: the
    mechanics would carry liquid solder on as a solid."""
    joint = package.joint("plain")
    hot = ["attach", {"kind": "cool_down", "temperature": 217.0}]
    said = refused(package, joint, hot, "axisymmetric")
    assert said.startswith("making.steps.2.temperature = 217.0 degC")
    assert "below the solidus of the solder, 217" in said
    making = Making.default_for(joint)
    cycle = CYCLE.model_copy(update={"maximum": 230.0})
    with pytest.raises(InputError, match=r"cycle.maximum = 230.*below the solidus"):
        run_chain(
            package, joint, making, cycle, 1, cell(package, joint, "axisymmetric"),
            extrapolate=True,
        )  # fmt: skip


def test_cooling_down_does_not_heat(package: Package) -> None:
    """The oven ends at 42 C: a joint is not cooled down to 100 C from there."""
    joint = package.joint("plain")
    steps = ["attach", {"kind": "cool_down", "temperature": 100.0}]
    said = refused(package, joint, steps, "axisymmetric")
    assert said.startswith("cool_down.temperature = 100.0 degC is not allowed")
    assert "step 2 would heat it" in said


def test_a_study_refuses_tools_before_any_run(package: Package, tmp_path: Path) -> None:
    """One limit for all: a quarter of the ball's height over the face, by its shape.

    A sphere of 0.45 mm on its pad is lower than its diameter, so 0.1 mm is too high although it is
    less than a quarter of that; a necked ball of the 0.4 mm package is higher than its diameter.
    """
    head = 'kind = "making"\ncycle = { condition = "G" }\n'
    head += 'fatigue = { law = "darveaux_sac305_motalab_2013" }\n'

    def refusal(name: str, joint: str, text: str) -> str:
        path = tmp_path / "study.toml"
        mesh = ROOT / "meshes" / f"{name}.toml"
        path.write_text(f'package = "{mesh}"\njoints = ["{joint}"]\n{head}{text}\n')
        study = MakingStudy.load(path)
        try:
            making_jobs(study, study.load_package(), tmp_path)
        except InputError as error:
            return str(error)
        return ""

    said = refusal("pbga_0p80", "plain", "ball_shear = { tool_height = 0.1, travel = 0.05 }")
    assert said.startswith("study.ball_shear.tool_height = 0.1 mm is not allowed")
    limit = 0.25 * attached_shape(package, package.joint("plain")).height_over_face(False)
    assert f"at most {limit:.4g} (a quarter" in said
    assert "joint plain, step 3 of 5, ball_shear" in said
    steps = (
        '"attach", "cool_down", "mount", { kind = "ball_shear", tool_height = 0.08, travel = 1 }'
    )
    said = refusal("pbga_0p80", "plain", f'steps.plain = [{steps}, "cycles"]')
    assert said.startswith("study.steps.plain.4.tool_height = 0.08 mm")
    low = refusal("pbga_0p80", "anchored", "ball_shear = { tool_height = 0.06, travel = 0.05 }")
    assert "more than 0.06 (top of the layer" in low
    small = Package.load(ROOT / "meshes" / "csp_0p40.toml")
    quarter = 0.25 * small.ball_diameter
    high = f"ball_shear = {{ tool_height = {1.01 * quarter}, travel = 0.05 }}"
    assert refusal("csp_0p40", "necked", high) == ""
    assert "tool_height" in refusal("csp_0p40", "plain", high)


def test_a_crown_that_is_not_drawn_cannot_be_cleaned(package: Package) -> None:
    """Without the region the step would change nothing and say so too late."""
    joint = package.joint("anchored")
    assert joint.anchor is not None
    anchor = joint.anchor.model_copy(update={"crown_resin_removed": True})
    joint = joint.model_copy(update={"anchor": anchor})
    making = Making.default_for(joint)
    assert "remove_crown" in [step.kind for step in making.steps]
    with pytest.raises(InputError, match="resin_crown"):
        run_chain(
            package, joint, making, CYCLE, 1, cell(package, joint, "axisymmetric"),
            extrapolate=True,
        )  # fmt: skip


@pytest.mark.parametrize(("hottest", "warned"), [(100.0, False), (125.0, True)])
def test_cycles_into_the_glass_transition_are_remarked(
    package: Package, hottest: float, warned: bool
) -> None:
    """Epoxy: 130 C after its cure, 30 K wide; from 115 C on cure_hardening would have to relax."""
    joint = package.joint("anchored")
    assert joint.anchor is not None
    anchor = joint.anchor.model_copy(update={"material": "epoxy", "family": "epoxy"})
    joint = joint.model_copy(update={"anchor": anchor})
    cycle = CYCLE.model_copy(update={"maximum": hottest})
    run = run_chain(
        package, joint, Making.default_for(joint), cycle, 1, cell(package, joint, "axisymmetric"),
        extrapolate=True,
    )  # fmt: skip
    assert any("maxwell" in note for note in run.records[-1].notes) == warned


def test_a_kept_mask_leaves_out_the_test(package: Package, tmp_path: Path) -> None:
    """The mask is higher than the tool may stand: the joint is made without the test."""
    path = tmp_path / "study.toml"
    path.write_text(
        f'kind = "making"\npackage = "{ROOT / "meshes" / "pbga_0p80.toml"}"\n'
        'joints = ["plain", "masked"]\nextrapolate = true\n'
        "ball_shear = { tool_height = 0.07, travel = 0.05 }\n"
        'cycle = { condition = "G", cycles = 3 }\n'
        'fatigue = { law = "darveaux_sac305_motalab_2013" }\n'
    )
    makings = MakingStudy.load(path).makings(package)
    kinds = {name: [step.kind for step in made.steps] for name, made in makings.items()}
    assert "ball_shear" in kinds["plain"]
    assert "ball_shear" not in kinds["masked"]


def test_a_kind_that_is_no_word_is_refused() -> None:
    with pytest.raises(InputError, match="kind"):
        Making(steps=[{"kind": ["attach"]}])


def test_sources_survive_an_interruption() -> None:
    """What was cited before a run was killed is cited by the call that takes it up, times add."""

    class Store:
        """Keeps the last facts."""

        facts: tuple[int, dict[str, Any]] | None = None

        def latest(self) -> tuple[int, dict[str, Any]] | None:
            return self.facts

        def save(self, step: int, model: Any, facts: dict[str, Any], arrays: Any) -> None:
            self.facts = step, facts

    store: Any = Store()
    with collect() as used, collect_extrapolations() as beyond:
        first = SourcedCheckpoints(store, used, beyond)
        assert first.latest() is None
        used.add([Citation("paper_1999", "primary", "heat_capacity")])
        beyond.add(Extrapolation("fr4", "expansion_x", -65.0, 150.0, 217.0))
        model: Any = None
        first.save(2, model, {"time": 1.0}, {"birth": np.zeros(1)})
    with collect() as again, collect_extrapolations() as further:
        second = SourcedCheckpoints(store, again, further)
        found = second.latest()
    assert found is not None
    assert (found[0], found[1]["time"]) == (2, 1.0)
    assert again.entries == used.entries
    assert further.entries == beyond.entries
    assert second.spent > found[1]["run"]["wall_s"] > 0.0
