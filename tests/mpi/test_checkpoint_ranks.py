"""A chain that is taken up on another number of ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.mpi.resumed_joint import made, resumed
from tests.support.ranks import on_two_ranks

Answer = dict[str, list[float]]


@pytest.fixture(scope="module")
def answers(
    run_ranks: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Answer]:
    """Both ways between one and two ranks, and without a change of their number."""
    one, two = (tmp_path_factory.mktemp(name) for name in ("one", "two"))
    program = "resumed_joint.py"
    return {
        "one": made(one),
        "one to two": on_two_ranks(run_ranks, program, "resume", one),
        "two": on_two_ranks(run_ranks, program, "make", two),
        "two to two": on_two_ranks(run_ranks, program, "resume", two),
        "two to one": resumed(two),
        "one to one": resumed(one),
    }


def largest_difference(one: Answer, other: Answer) -> float:
    """Relative to the largest value of each field."""
    assert one.keys() == other.keys()
    return max(
        float(np.abs(np.subtract(one[name], other[name])).max() / np.abs(one[name]).max())
        for name in one
    )


@pytest.mark.parametrize("ranks", ["one", "two"])
def test_same_ranks_same_numbers(answers: dict[str, Answer], ranks: str) -> None:
    """What was interrupted gives the same to 1e-10 of each field's largest value."""
    assert largest_difference(answers[ranks], answers[f"{ranks} to {ranks}"]) < 1e-10


@pytest.mark.parametrize("way", ["one to two", "two to one"])
def test_other_ranks_same_numbers(answers: dict[str, Answer], way: str) -> None:
    """The partition changes the order of sums and the path of the linear solver only: the residual
    is 1e-9 of the forces.
    """
    assert largest_difference(answers["one"], answers[way]) < 1e-7


def test_the_run_is_worth_comparing(answers: dict[str, Answer]) -> None:
    """Solder has flowed and every region bears stress; a solid born late is among them."""
    one = answers["one"]
    assert np.abs(one["solder.state"]).max() > 1e-3
    for region in ("board_pad", "solder", "solder_layer_interposer", "interposer_pad"):
        assert np.abs(one[f"{region}.stress"]).max() > 1.0
