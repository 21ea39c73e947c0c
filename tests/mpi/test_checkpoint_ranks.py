"""A chain that is taken up on another number of ranks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.mpi.resumed_joint import made, resumed

HERE = Path(__file__).resolve().parent

Answer = dict[str, list[float]]


def run_on_two(run_ranks: Callable[..., Any], what: str, folder: Path) -> Answer:
    printed = run_ranks(2, HERE / "resumed_joint.py", what, folder).stdout
    found: Answer = json.loads(printed.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def answers(
    run_ranks: Callable[..., Any], repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Answer]:
    """Both ways between one and two ranks, and without a change of their number."""
    one, two = (tmp_path_factory.mktemp(name) for name in ("one", "two"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(repository))
        return {
            "one": made(one),
            "one to two": run_on_two(run_ranks, "resume", one),
            "two": run_on_two(run_ranks, "make", two),
            "two to two": run_on_two(run_ranks, "resume", two),
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
