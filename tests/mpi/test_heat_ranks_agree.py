"""The same reflow on one and on two MPI ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.mpi.heated_ball import answer
from tests.support.ranks import on_two_ranks


@pytest.fixture(scope="module")
def answers(run_ranks: Callable[..., Any]) -> list[dict[str, Any]]:
    """What this process finds alone, and what two ranks print."""
    return [answer(), on_two_ranks(run_ranks, "heated_ball.py")]


def test_the_work_is_shared(answers: list[dict[str, Any]]) -> None:
    """16 nodes a layer, 10 layers and one doubled at the contact, about half on each rank."""
    one, two = answers
    assert one["unknowns"] == two["unknowns"] == 16 * 11
    assert len(one["owned"]) == 1
    assert len(two["owned"]) == 2
    assert sum(two["owned"]) == one["owned"][0]
    assert min(two["owned"]) > 0.3 * one["owned"][0]


def test_temperatures_and_heat_agree(answers: list[dict[str, Any]]) -> None:
    """Same steps; temperatures within 1e-3 K and heat within 1e-5 of what is stored: the partition
    only changes the order of sums and the path of the linear solver.
    """
    one, two = answers
    assert one["steps"] == two["steps"]
    assert two["volumes"] == pytest.approx(one["volumes"], rel=1e-12)
    for name, heat in one["heat_in"].items():
        assert two["heat_in"][name] == pytest.approx(heat, abs=1e-5 * one["stored"])
    for row, other in zip(one["rows"], two["rows"], strict=True):
        assert row.keys() == other.keys()
        for name, value in row.items():
            allowed = 1e-3 if not name.endswith("melted") else 1e-4
            assert other[name] == pytest.approx(value, abs=allowed), name


def test_the_run_is_worth_comparing(answers: list[dict[str, Any]]) -> None:
    """The ball has melted and frozen again, all kinds of boundaries have given heat."""
    one, _ = answers
    assert one["latent"] == pytest.approx(1.0)
    assert one["rows"][-1]["solder.melted"] < 1.0
    assert set(one["heat_in"]) == {"convection", "radiation", "source", "prescribed"}
    assert all(abs(heat) > 0.01 for heat in one["heat_in"].values())
    assert one["balance_error"] < 1e-5
