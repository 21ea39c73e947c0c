"""Events of a heating, the race of solder and resin, and corners for the mechanics."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bumpfem.errors import InputError
from bumpfem.process.gel_race import Route, race, viscosity_limit
from bumpfem.process.heated_events import Events, in_words, passages, wetted
from bumpfem.process.history_corners import simplify


def _events(molten: float | None, wets: float | None, gels: float | None) -> Events:
    return {"molten": molten, "wets": wets, "gels": gels}


@pytest.mark.parametrize(
    ("events", "verdict", "margin", "words"),
    [
        (_events(70.0, 72.0, 90.0), "made", 18.0, "18.0 s before the resin gels"),
        (_events(70.0, 72.0, 72.0), "made", 0.0, "0.0 s before the resin gels"),
        (_events(70.0, 72.0, 60.0), "gels_early", -12.0, "12.0 s before the solder has wetted"),
        (_events(70.0, 72.0, None), "made", math.inf, "does not gel by then"),
        (_events(70.0, None, 90.0), "not_wetted", None, "freezes before it has wetted"),
        (_events(None, None, 90.0), "not_molten", None, "does not melt wholly"),
    ],
)
def test_margin_is_from_wetting_to_gel(
    events: Events, verdict: str, margin: float | None, words: str
) -> None:
    """Positive where the solder is first, negative where the resin is, none without wetting."""
    found = race("dip", "noflow_epoxy", events)
    assert (found.verdict, found.margin) == (verdict, margin)
    assert words in found.sentence
    assert found.made == (verdict == "made")


def test_margin_to_the_viscosity_limit() -> None:
    """The logarithm of the viscosity grows by 1 in 10 s, so it passes e^3 Pa s at 130 s.

    A resin that is thick before the solder is molten does no harm.
    """
    times = np.linspace(0.0, 200.0, 21)
    viscosity = np.exp(np.abs(times - 100.0) / 10.0)
    found = race("flux", "resin", _events(90.0, 110.0, 190.0), times, viscosity, math.exp(3.0))
    assert found.viscosity_margin == pytest.approx(20.0)
    assert found.viscosity_at_wetting == pytest.approx(math.e)
    late = race("flux", "resin", _events(90.0, 150.0, 190.0), times, viscosity, math.exp(3.0))
    assert late.viscosity_margin == pytest.approx(-20.0)
    assert "already 20.0 s before" in late.sentence
    viscosity[times > 120.0] = np.inf
    gelled = race("flux", "resin", _events(90.0, 150.0, 121.0), times, viscosity, math.exp(3.0))
    assert gelled.viscosity_at_wetting == math.inf
    assert gelled.viscosity_margin is None


def test_only_routes_of_one_heating_race() -> None:
    with pytest.raises(InputError, match="spread"):
        race(cast(Route, "spread"), "epoxy", _events(1.0, 2.0, 3.0))


@pytest.mark.parametrize("place", range(3))
def test_viscosity_limit_needs_positive_numbers(place: int) -> None:
    numbers = [5e-4, 2.0, 0.2]
    numbers[place] = 0.0
    with pytest.raises(InputError, match="positive"):
        viscosity_limit(*numbers)


def test_wetting_needs_molten_solder_without_a_break() -> None:
    """Two peaks of 240 C over a liquidus of 220 C: 2.5 s molten, then 10 s."""
    times = np.array([0.0, 10.0, 12.5, 20.0, 30.0, 40.0])
    lowest = np.array([200.0, 225.0, 212.5, 200.0, 240.0, 200.0])
    assert wetted(times, lowest, 220.0, 2.0) == pytest.approx(10.0)
    assert wetted(times, lowest, 220.0, 5.0) == pytest.approx(30.0)
    assert wetted(times, lowest, 220.0, 11.0) is None
    assert wetted(times, lowest, 250.0, 0.0) is None
    assert wetted(times[:5], lowest[:5], 220.0, 6.0) is None


def test_a_history_passes_a_level_up_and_down() -> None:
    times, values = np.array([0.0, 10.0, 20.0, 30.0]), np.array([0.0, 100.0, 100.0, 0.0])
    assert passages(times, values, 25.0) == pytest.approx([2.5, 27.5])
    assert passages(times, values, 100.0) == []


def test_words_are_in_the_order_of_time() -> None:
    assert in_words({"gels": 20.0, "melts": 10.0, "molten": None}) == (
        "melts at 10.0 s, gels at 20.0 s"
    )


@settings(max_examples=50, deadline=None)
@given(
    values=st.lists(st.floats(-50.0, 300.0), min_size=3, max_size=60),
    tolerance=st.floats(0.01, 20.0),
    share=st.floats(0.01, 0.99),
)
def test_simplified_history_stays_within_its_tolerance(
    values: list[float], tolerance: float, share: float
) -> None:
    """By construction; both are straight between their points, so looking at all points is enough.

    The event is a corner with the temperature that the history has there.
    """
    temperatures = np.array(values)
    times = np.arange(len(values), dtype=float) ** 1.5
    event = share * float(times[-1])
    found = simplify(times, temperatures, tolerance, [event, None, -5.0])
    away = np.interp(times, found.times, found.temperatures) - temperatures
    assert np.abs(away).max() <= tolerance * (1.0 + 1e-9)
    nearest = int(np.argmin(np.abs(found.times - event)))
    assert found.times[nearest] == pytest.approx(event, abs=2e-9)
    assert found(event) == pytest.approx(np.interp(event, times, temperatures), abs=1e-6)
    assert (found.times[0], found.times[-1]) == (times[0], times[-1])


def test_simplified_history_has_no_needless_corner() -> None:
    """A ramp and a stay in a thousand points keep three corners."""
    times = np.linspace(0.0, 200.0, 1001)
    found = simplify(times, np.minimum(times, 100.0), 0.1)
    assert found.times.tolist() == [0.0, 100.0, 200.0]


def test_simplify_refuses_a_tolerance_of_nothing() -> None:
    with pytest.raises(InputError, match="tolerance"):
        simplify(np.array([0.0, 1.0]), np.array([0.0, 1.0]), 0.0)
