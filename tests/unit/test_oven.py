"""Ovens: named profiles keep their own limits, zones and measured files give what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bumpfem.design.oven import HELD_COEFFICIENT, Oven
from bumpfem.design.reflow_limits import LIMIT_NAMES, classification_temperature, profile_limits
from bumpfem.errors import InputError
from bumpfem.process.measured_profile import read_profile
from bumpfem.process.oven import Heating, heating, lumped_response, oven_limits
from bumpfem.process.profile_limits import check_profile, time_above
from bumpfem.process.standard_profile import standard_corners
from tests.support.joints import FOUR


@pytest.mark.parametrize("name", LIMIT_NAMES)
@pytest.mark.parametrize(("thickness", "volume"), [(1.0, 200.0), (2.0, 1000.0), (3.0, 3000.0)])
def test_a_standards_profile_keeps_the_standards_limits(
    name: str, thickness: float, volume: float
) -> None:
    limits = profile_limits(name, thickness, volume)
    times, temperatures = standard_corners(limits)
    checks = check_profile(times, temperatures, limits, window=1.0)
    assert len(checks) == 7
    assert [check.measure for check in checks if not check.passed] == []


def test_time_above_liquidus_is_the_one_asked_for() -> None:
    """By construction; also where the ramps have to be steeper than usual."""
    limits = profile_limits("jstd020_pb_free", 1.0, 200.0)
    for wanted in (40.0, 60.0, 120.0):
        times, temperatures = standard_corners(limits, 245.0, wanted)
        assert time_above(times, temperatures, 217.0) == pytest.approx(wanted, rel=1e-12)
        assert temperatures.max() == 245.0
    with pytest.raises(InputError, match=r"at least 14 s.*ramp up would be 8.4 degC/s"):
        standard_corners(limits, 245.0, 5.0)
    with pytest.raises(InputError, match="more than 217 degC"):
        standard_corners(limits, 210.0)


def test_classification_temperatures_at_the_corners_of_the_tables() -> None:
    """Values of tables 4-1 and 4-2 of J-STD-020D."""
    for size, expected in {
        (2.4, 349.0): (235.0, 260.0), (2.5, 100.0): (220.0, 260.0), (1.5, 5000.0): (220.0, 260.0),
        (2.0, 350.0): (220.0, 250.0), (2.0, 2001.0): (220.0, 245.0), (2.6, 349.0): (220.0, 250.0),
    }.items():  # fmt: skip
        assert tuple(classification_temperature(name, *size) for name in LIMIT_NAMES) == expected
    with pytest.raises(InputError, match="did you mean 'jstd020_snpb'"):
        profile_limits("jstd020_sn", 1.0, 1.0)


def test_the_packages_own_size_decides_its_rating() -> None:
    """1.6 x 1.6 x 0.3 mm is small; told to be 3 mm thick it is rated for less."""
    limits = oven_limits(Oven(profile="jstd020_pb_free"), FOUR)
    assert limits is not None
    assert limits.classification_temperature == 260.0
    thick = oven_limits(Oven(profile="jstd020_pb_free", thickness=3.0), FOUR)
    assert thick is not None
    assert thick.classification_temperature == 250.0
    corners = ((0.0, 25.0), (10.0, 100.0))
    lead = oven_limits(Oven(corners=corners), FOUR, solder_has_lead=True)
    assert lead is not None
    assert lead.name == "jstd020_snpb"
    assert oven_limits(Oven(corners=corners, limits="none"), FOUR) is None


def test_zones_give_gas_and_coefficient_along_the_belt() -> None:
    """600 mm at 10 mm/s take 60 s; half way in the mixing length gas is half way too."""
    oven = Oven(
        zones=(
            {"length": 300.0, "set_point": 150.0, "coefficient": 0.04},
            {"length": 300.0, "set_point": 250.0, "coefficient": 0.06},
        ),
        belt_speed=10.0,
        transition=50.0,
    )
    heat = heating(oven, FOUR)
    assert heat.duration == pytest.approx(60.0)
    assert heat.start == 25.0
    assert not heat.holds_surface
    assert heat.gas_at(27.0) == 150.0
    assert heat.gas_at(30.0) == pytest.approx(200.0)
    assert heat.coefficient_at(31.25) == pytest.approx(0.055)
    assert heat.gas_at(59.0) == 250.0


def test_a_profile_of_the_package_is_held_and_one_of_the_gas_is_not() -> None:
    corners = ((0.0, 30.0), (10.0, 100.0))
    assert heating(Oven(corners=corners), FOUR).coefficients.tolist() == [HELD_COEFFICIENT] * 2
    gas = heating(Oven(corners=corners, measures="gas", coefficient=0.03), FOUR)
    assert gas.coefficients.tolist() == [0.03] * 2
    assert gas.start == 30.0


def test_lumped_body_lags_behind_a_ramp_by_its_time_constant() -> None:
    """Closed form: after many time constants T = T_gas - a tau, here tau = 0.5 / 0.05 = 10 s."""
    heat = Heating(
        np.array([0.0, 200.0]), np.array([25.0, 225.0]), np.full(2, 0.05), 25.0, False, "ramp"
    )
    times, temperatures = lumped_response(heat, 0.5)
    exact = 25.0 + times - 10.0 * (1.0 - np.exp(-times / 10.0))
    np.testing.assert_allclose(temperatures, exact, rtol=1e-12)


def test_lumped_body_after_a_jump_follows_its_exponential() -> None:
    heat = Heating(
        np.array([0.0, 60.0]), np.full(2, 150.0), np.full(2, 0.05), 25.0, False, "constant"
    )
    times, temperatures = lumped_response(heat, 1.0, largest_step=7.0)
    np.testing.assert_allclose(temperatures, 150.0 - 125.0 * np.exp(-times / 20.0), rtol=1e-12)


def _csv(folder: Path, text: str) -> Path:
    path = folder / "profile.csv"
    path.write_text(text)
    return path


def test_measured_profile_is_read_with_other_columns_and_comments(tmp_path: Path) -> None:
    path = _csv(
        tmp_path, "# thermocouple 3\nboard,time_s,temperature_c\na,5,25\n\nb,6,26.5\nc,8,30\n"
    )
    times, temperatures = read_profile(path, 30.0)
    assert times.tolist() == [0.0, 1.0, 3.0]
    assert temperatures.tolist() == [25.0, 26.5, 30.0]
    oven = Oven(measured=path)
    assert heating(oven, FOUR).start == 25.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("time,temperature_c\n0,25\n", "no single column time_s; line 1 .*did you mean 'time'"),
        ("time_s,temperature_c\n0,25\n", "at least two"),
        ("time_s,temperature_c\n0,25\n1,hot\n", "'hot' is not allowed.*line 3"),
        ("time_s,temperature_c\n0,25\n1\n", "empty cell; line 3"),
        ("time_s,temperature_c\n0,25\n1,\n", "empty cell; line 3"),
        ("time_s,temperature_c\n0,25\n1,nan\n", "'nan' is not allowed.*line 3"),
        ("time_s,temperature_c\n0,25\n2,30\n2,31\n", "times must increase; lines 3 and 4"),
        ("time_s,temperature_c\n0,25\n95,30\n", "gap of 95 s.*largest_gap = 30 s; lines 2 and 3"),
        ("time_s,temperature_c\n0,25\n1,5000\n", "5000.0 degC is not allowed.*line 3"),
    ],
)
def test_a_measured_profile_with_a_fault_names_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_profile(_csv(tmp_path, text), 30.0)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.csv"):
        read_profile(tmp_path / "nothing.csv", 30.0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "exactly one of `profile`"),
        ({"profile": "jstd020_snpb", "corners": [[0.0, 25.0], [1.0, 30.0]]}, "exactly one"),
        ({"profile": "jstd020_snpb", "belt_speed": 5.0}, "oven.belt_speed.*beside `profile`"),
        ({"corners": [[0.0, 25.0], [0.0, 30.0]]}, "oven.corners.2 .*times must increase"),
        ({"zones": [{"length": 300.0, "set_point": 150.0}]}, "oven.belt_speed = nothing"),
        (
            {"zones": [{"length": 300.0, "set_point": 150.0}], "belt_speed": 5, "transition": 400},
            "at most the shortest zone, 300 mm",
        ),
        ({"corners": [[0.0, 25.0], [1.0, 30.0]], "coefficient": 0.1}, "measures = .gas"),
        ({"profile": "jstd020"}, "oven.profile = 'jstd020'.*one of"),
    ],
)
def test_bad_ovens_are_refused(data: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Oven(**data)
