"""The same cure on one and on two MPI ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.mpi.curing_joint import answer
from tests.support.ranks import on_two_ranks


@pytest.fixture(scope="module")
def answers(run_ranks: Callable[..., Any]) -> list[dict[str, Any]]:
    """What this process finds alone, and what two ranks print."""
    return [answer(), on_two_ranks(run_ranks, "curing_joint.py")]


def test_cure_and_heat_agree(answers: list[dict[str, Any]]) -> None:
    """Same steps; cure within 1e-4 and heat within 1e-5 of what is stored: temperatures agree to
    1e-3 K (see the test of heat alone), by which no resin's rate changes more than 1e-4 of itself.
    """
    one, two = answers
    assert len(two["owned"]) == 2
    assert one["steps"] == two["steps"]
    for name, heat in one["heat_in"].items():
        assert two["heat_in"][name] == pytest.approx(heat, abs=1e-5 * one["stored"])
    for row, other in zip(one["rows"], two["rows"], strict=True):
        assert other["time"] == pytest.approx(row["time"], rel=1e-4)
        for name in ("mean", "lowest", "highest"):
            assert other[name] == pytest.approx(row[name], abs=1e-4), name


def test_the_run_is_worth_comparing(answers: list[dict[str, Any]]) -> None:
    """It starts unevenly cured, gels and is done; energy is conserved."""
    one, _ = answers
    assert one["rows"][0]["highest"] > one["rows"][0]["lowest"] + 0.05
    assert one["rows"][0]["gelled"] == 0.0
    assert one["rows"][-1]["gelled"] == pytest.approx(1.0)
    assert one["heat_in"]["cure"] > 0.05 * one["stored"]
    assert one["balance_error"] < 1e-5
