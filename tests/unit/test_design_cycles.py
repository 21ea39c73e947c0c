"""Thermal cycles have the temperatures and times of their standards; studies resolve."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from bumpfem.design import JEDEC_CONDITIONS, CycleChoice, Study, ThermalCycle
from bumpfem.errors import DesignRuleWarning, InputError

ROOT = Path(__file__).parents[2]


def test_jedec_g() -> None:
    """165 K at 15 K/min is 11 min; two ramps and two dwells of 10 min make 42 min."""
    cycle = ThermalCycle.jedec("G")
    times, temperatures = cycle.corners()
    np.testing.assert_allclose(times, np.array([0, 11, 21, 32, 42]) * 60.0)
    np.testing.assert_allclose(temperatures, [125, -40, -40, 125, 125])
    assert cycle.period == 42 * 60.0


@pytest.mark.parametrize("condition", sorted(JEDEC_CONDITIONS))
@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_every_jedec_cycle_keeps_the_advice_for_solder(condition: str, mode: int) -> None:
    """One to two cycles per hour, at most 15 K/min, and the soak of its mode."""
    cycle = ThermalCycle.jedec(condition, soak_mode=mode)
    assert 1800.0 - 1e-6 <= cycle.period <= 3600.0
    assert cycle.heating_rate <= 15.0
    assert cycle.hot_dwell == cycle.cold_dwell == {1: 60, 2: 300, 3: 600, 4: 900}[mode]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("TC1", 0, 100), ("TC2", -25, 100), ("TC3", -40, 125), ("TC4", -55, 125), ("TC5", -55, 100)],
)
def test_ipc_9701(name: str, low: float, high: float) -> None:
    cycle = ThermalCycle.ipc9701(name)
    assert (cycle.minimum, cycle.maximum) == (low, high)
    assert cycle.hot_dwell == cycle.cold_dwell == 600.0


def test_unknown_names() -> None:
    with pytest.raises(InputError, match="of JESD22-A104"):
        ThermalCycle.jedec("D")
    with pytest.raises(InputError, match="of IPC-9701"):
        ThermalCycle.ipc9701("TC0")


def test_fast_ramp_warns() -> None:
    with pytest.warns(DesignRuleWarning, match="faster than the 15 degC/min"):
        ThermalCycle.jedec("G", ramp_rate=30.0)
    with pytest.warns(DesignRuleWarning, match="faster than the 20 degC/min"):
        ThermalCycle.ipc9701("TC1", ramp_rate=21.0)


def test_dwells_of_no_length_give_no_corner() -> None:
    cycle = ThermalCycle(
        minimum=0.0, maximum=100.0, cold_dwell=0.0, hot_dwell=0.0, heating_rate=10.0,
        cooling_rate=5.0,
    )  # fmt: skip
    times, temperatures = cycle.corners()
    np.testing.assert_allclose(times, [0.0, 1200.0, 1800.0])
    np.testing.assert_allclose(temperatures, [100.0, 0.0, 100.0])


def test_free_profile_is_turned_to_start_after_the_hot_dwell() -> None:
    """The same loop from any of its steps gives the same corners."""
    steps = [
        {"to": -40, "rate": 10}, {"hold": 900}, {"to": 25, "rate": 5}, {"hold": 300},
        {"to": 125, "rate": 20}, {"hold": 600},
    ]  # fmt: skip
    expected = ThermalCycle.from_ramps(steps)
    times, temperatures = expected.corners()
    np.testing.assert_allclose(np.diff(times), [990, 900, 780, 300, 300, 600])
    np.testing.assert_allclose(temperatures, [125, -40, -40, 25, 25, 125, 125])
    for turn in range(1, 6):
        turned = ThermalCycle.from_ramps(steps[turn:] + steps[:turn])
        np.testing.assert_allclose(turned.corners(), expected.corners())
    assert (expected.cold_dwell, expected.hot_dwell) == (900.0, 600.0)
    assert expected.cooling_rate == pytest.approx(10.0)
    assert expected.heating_rate == pytest.approx(165.0 / (13.0 + 5.0))


def test_free_profile_equals_the_standard_one() -> None:
    standard = ThermalCycle.jedec("G")
    free = ThermalCycle.from_ramps(
        [{"to": 125, "rate": 15}, {"hold": 600}, {"to": -40, "rate": 15}, {"hold": 600}]
    )
    np.testing.assert_allclose(free.corners(), standard.corners())


def test_figures_must_agree_with_steps() -> None:
    cycle = ThermalCycle.from_ramps([{"to": 0, "rate": 10}, {"to": 100, "rate": 10}])
    data = cycle.model_dump()
    with pytest.raises(InputError, match="as the steps say"):
        ThermalCycle(**{**data, "maximum": 90.0})


@pytest.mark.parametrize(("stress_free", "minutes"), [(25.0, 100.0 / 15.0), (215.0, 6.0)])
def test_lead_in(stress_free: float, minutes: float) -> None:
    times, temperatures = ThermalCycle.jedec("G").lead_in(stress_free)
    np.testing.assert_allclose(times, [0.0, 60.0 * minutes])
    np.testing.assert_allclose(temperatures, [stress_free, 125.0])


def test_no_lead_in_from_the_maximum() -> None:
    times, temperatures = ThermalCycle.jedec("G").lead_in(125.0)
    assert times.size == temperatures.size == 0


def test_choices_of_a_study() -> None:
    assert CycleChoice(condition="G").thermal_cycle() == ThermalCycle.jedec("G")
    assert CycleChoice(condition="J", soak_mode=4).thermal_cycle().hot_dwell == 900.0
    assert CycleChoice(standard="TC3", ramp_rate=10.0).thermal_cycle().heating_rate == 10.0
    steps = [{"to": 0, "rate": 10}, {"to": 100, "rate": 10}]
    choice = CycleChoice(**{"steps": steps})
    assert choice.thermal_cycle().period == 1200.0
    figures = {
        "minimum": 0.0, "maximum": 80.0, "cold_dwell": 60.0, "hot_dwell": 120.0,
        "heating_rate": 8.0, "cooling_rate": 16.0,
    }  # fmt: skip
    assert CycleChoice(**figures).thermal_cycle().period == 600.0 + 60.0 + 300.0 + 120.0


def test_the_shipped_study() -> None:
    study = Study.load(ROOT / "studies" / "variants.toml")
    assert study.name == "variants"
    assert study.cycle.cycles == 3
    assert study.stress_free_temperature is None
    assert study.workers is None
    package = study.load_package()
    names = [joint.name for joint in study.selected_joints(package)]
    assert names == ["plain", "anchored", "masked", "cored", "necked", "metal_bump"]


def test_joint_as_a_table_takes_ball_and_solder_from_the_package(tmp_path: Path) -> None:
    package = (ROOT / "meshes" / "pbga_0p80.toml").as_posix()
    path = tmp_path / "sweep.toml"
    path.write_text(
        f'package = "{package}"\nworkers = 2\nstress_free_temperature = 25\n'
        'joints = ["cored", {name = "small_core", core = {diameter = 0.25, material = "nickel"}}]\n'
        '[cycle]\nstandard = "TC3"\n[fatigue]\nlaw = "a_law"\nweibull_shape = 8\n'
        '[norris_landzberg]\nlaw = "b_law"\nminimum = 0\nmaximum = 60\ncycles_per_day = 2\n',
        encoding="utf-8",
    )
    study = Study.load(path)
    joint = study.selected_joints(study.load_package())[1]
    assert (joint.ball_diameter, joint.solder) == (0.45, "sac305")
    assert joint.parts == ("core",)
    assert study.stress_free_temperature == 25.0
    assert study.workers == 2
    assert study.norris_landzberg is not None
    assert tomllib.loads(path.read_text(encoding="utf-8"))["workers"] == study.workers
