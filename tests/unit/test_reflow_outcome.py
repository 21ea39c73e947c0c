"""What a reflow did to a joint, read off histories whose answers are known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bumpfem.design import Core, Joint, Mask, Neck
from bumpfem.errors import ProcessError
from bumpfem.process.reflow import reflowed, stress_free_temperature
from bumpfem.process.reflow_faults import find_faults
from bumpfem.process.reflow_outcome import (
    AGENTS,
    NeckMelt,
    ReflowOutcome,
    molten_time,
    release_of,
    solid_margins,
    solidification,
)
from bumpfem.process.thermal_history import RegionHistory, ThermalHistory
from bumpfem.units import FloatArray

SPAN = (217.0, 220.0)
MELTING = ("solder",)
TIMES = np.array([0.0, 100.0, 200.0, 300.0, 400.0])


def _history(peak: float, **offsets: float) -> ThermalHistory:
    """Solder 20 -> peak -> 20 at constant rates; other regions as much hotter as ``offsets``."""
    base = np.array([20.0, 0.5 * (20.0 + peak), peak, 0.5 * (20.0 + peak), 20.0])

    def region(values: FloatArray) -> RegionHistory:
        melted = np.clip((values - SPAN[0]) / (SPAN[1] - SPAN[0]), 0.0, 1.0)
        return RegionHistory(values, values - 1.0, values + 1.0, melted, 0.05)

    regions = {"solder": region(base)}
    regions |= {name: region(base + offset) for name, offset in offsets.items()}
    return ThermalHistory(TIMES, base, base, regions)


def _joint(**parts: object) -> Joint:
    return Joint(name="joint", ball_diameter=0.45, solder="sac305", **parts)


def _outcome(history: ThermalHistory, **known: object) -> ReflowOutcome:
    base = ReflowOutcome(
        joint="joint",
        stage="mounting",
        peaks={},
        lags={},
        melted=float(history.melted(MELTING).max()),
        time_molten=0.0,
        solidification=solidification(history, MELTING, SPAN[0]),
        solids=(),
        release=None,
        neck=None,
        dissolved=(),
        checks=(),
    )
    known_now = replace(base, **known)
    return replace(known_now, faults=find_faults(known_now, history, MELTING, SPAN))


def _kinds(outcome: ReflowOutcome) -> list[str]:
    return [fault.kind for fault in outcome.faults]


def test_the_last_solder_freezes_where_its_hottest_place_passes_the_solidus() -> None:
    """Down from 260 to 20 in 200 s, hottest place 1 K above the mean: t = 200 + (261-217)/1.2."""
    found = solidification(_history(260.0, board_pad=-2.0), MELTING, 217.0)
    assert found is not None
    assert found.temperature == 217.0
    assert found.time == pytest.approx(200.0 + 44.0 / 1.2)
    assert found.pads == {"board_pad": pytest.approx(217.0 - 1.0 - 2.0)}


def test_undercooling_lowers_the_stress_free_temperature() -> None:
    found = solidification(_history(260.0), MELTING, 217.0, undercooling=20.0)
    assert found is not None
    assert found.temperature == 197.0
    assert found.time == pytest.approx(200.0 + 64.0 / 1.2)
    outcome = _outcome(_history(260.0), solidification=found)
    assert stress_free_temperature(outcome) == 197.0


def test_molten_time_of_a_triangle() -> None:
    """Above 220 of a triangle 20-260-20 over 400 s: 2 (260 - 220) / 1.2 s."""
    assert molten_time(_history(260.0), MELTING, 220.0) == pytest.approx(80.0 / 1.2)


def test_a_profile_that_never_melts_says_how_far_it_gets() -> None:
    outcome = _outcome(_history(200.0))
    assert _kinds(outcome) == ["not_melted"]
    with pytest.raises(ProcessError, match=r"never melts: it reaches 201.0 degC, 16.0 K below"):
        outcome.refuse_fatal()
    with pytest.raises(ProcessError, match="never melts"):
        stress_free_temperature(outcome)


def test_solder_that_melts_in_part_only_is_not_melted() -> None:
    """218.5 is half way between solidus and liquidus."""
    outcome = _outcome(_history(218.5))
    assert outcome.melted == pytest.approx(0.5)
    assert _kinds(outcome) == ["not_melted"]
    assert "only 0.500 of the solder" in outcome.faults[0].sentence


def test_a_core_that_melts_is_fatal_and_the_margin_says_by_how_much() -> None:
    """Pb90Sn10 begins to melt at 275 C in the library; copper only at 1084.6 C."""
    materials = {"solder": "sac305", "core": "pb90sn10", "board_pad": "copper", "board": "fr4"}
    history = _history(280.0, core=0.0, board_pad=0.0, board=0.0)
    core, pad = solid_margins(history, materials, MELTING)
    assert (core.region, core.melts_at, core.highest) == ("core", 275.0, 281.0)
    assert core.margin == pytest.approx(-6.0)
    assert pad.margin == pytest.approx(1084.6 - 281.0)
    outcome = _outcome(history, solids=(core, pad))
    assert _kinds(outcome) == ["core_melted"]
    assert outcome.core_margin == pytest.approx(-6.0)
    with pytest.raises(ProcessError, match=r"core of pb90sn10 melts: it reaches 281.0 degC"):
        reflowed(_joint(core=Core(diameter=0.3, material="pb90sn10")), outcome)


def _masked(**values: object) -> Joint:
    return _joint(mask=Mask(material="solder_resist", depth=0.2, mouth_diameter=0.56, **values))


def test_the_agent_lets_go_at_the_librarys_temperature() -> None:
    """Rosin at 100 C: (100 - 20)/1.2 s; the solder begins at the first recorded point above it."""
    found = release_of(_masked(), _history(260.0, mask=0.0), MELTING, 217.0)
    assert found is not None
    assert found.temperature == 100.0
    assert found.status == "secondary"
    assert found.time == pytest.approx(80.0 / 1.2)
    assert found.margin_k == 117.0
    assert found.in_time


def test_the_masks_own_temperature_of_release_comes_first() -> None:
    found = release_of(
        _masked(release_temperature=150.0), _history(260.0, mask=0.0), MELTING, 217.0
    )
    assert found is not None
    assert (found.temperature, found.status) == (150.0, "given")


def test_an_agent_in_a_cold_mask_holds_too_long() -> None:
    """The mask stays 160 K colder than the solder: 100 C come at its peak or never."""
    history = _history(250.0, mask=-160.0)
    found = release_of(_masked(), history, MELTING, 217.0)
    outcome = _outcome(history, release=found)
    assert found is not None
    assert np.isnan(found.time)
    assert _kinds(outcome) == ["held"]
    with pytest.raises(ProcessError, match="rosin lets go at 100 degC"):
        outcome.refuse_fatal()


def test_every_agent_of_the_design_has_a_temperature_of_release() -> None:
    for agent in AGENTS:
        mask = _masked(fixing_agent=agent)
        found = release_of(mask, _history(260.0, mask=0.0), MELTING, 217.0)
        assert found is not None
        assert 20.0 < found.temperature < 217.0
        assert found.in_time


def test_solder_that_is_liquid_at_the_end_is_fatal() -> None:
    base = np.array([20.0, 100.0, 250.0, 250.0, 240.0])
    region = RegionHistory(base, base, base, np.array([0.0, 0.0, 1.0, 1.0, 1.0]), 1.0)
    history = ThermalHistory(TIMES, base, base, {"solder": region})
    outcome = _outcome(history)
    assert _kinds(outcome) == ["not_solid"]
    with pytest.raises(ProcessError, match=r"ends while the solder is liquid: at 240.0 degC"):
        outcome.refuse_fatal()


def test_the_melted_fraction_feeds_the_shape_of_a_neck() -> None:
    neck = Neck(neck_diameter=0.28, neck_height=0.05, melted_fraction=0.15)
    history = _history(217.6)
    melt = NeckMelt(0.15, 0.06, 0.2, 0.21, 0.19, 0.0, 0.1)
    outcome = _outcome(history, neck=melt)
    assert outcome.made_well
    shaped = reflowed(_joint(neck=neck), outcome)
    assert shaped.neck is not None
    assert shaped.neck.melted_fraction == 0.2
    strict = _outcome(history, neck=replace(melt, tolerance=0.01))
    assert _kinds(strict) == ["neck"]
    whole = replace(outcome, neck=replace(melt, fraction=1.0))
    with pytest.raises(ProcessError, match="leaves no neck"):
        reflowed(_joint(neck=neck), whole)


def test_a_joint_without_a_neck_is_what_it_was() -> None:
    joint = _joint(core=Core(diameter=0.3, material="copper"))
    assert reflowed(joint, _outcome(_history(250.0))) is joint


def test_means_are_weighted_by_volume() -> None:
    """Volumes 1 and 3, temperatures 0 and 40: mean 30."""
    ones = np.ones(2)
    regions = {
        "a": RegionHistory(0.0 * ones, 0.0 * ones, 0.0 * ones, ones, 1.0),
        "b": RegionHistory(40.0 * ones, 40.0 * ones, 41.0 * ones, 0.0 * ones, 3.0),
    }
    history = ThermalHistory(np.array([0.0, 1.0]), ones, ones, regions)
    assert history.mean(["a", "b"]).tolist() == [30.0, 30.0]
    assert history.melted(["a", "b"]).tolist() == [0.25, 0.25]
    assert history.highest(["a", "b"]).tolist() == [41.0, 41.0]
    assert list(history.table())[:4] == ["time_s", "gas_c", "package_c", "mean_c__a"]
