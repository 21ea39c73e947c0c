"""A bar pushed by the tool on one and on two MPI ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.mpi.pushed_bar import answer
from tests.support.ranks import on_two_ranks


def test_contact_is_the_same(run_ranks: Callable[..., Any]) -> None:
    """Each rank has the faces of its own cells, and faces between ranks are not exposed: number and
    area of the faces are those of a box (two triangles on each square; 1 x 0.5 x 1, its upper half
    1 x 0.5 x 0.5), and force, area and point of attack agree to the tolerance of the solver.
    """
    one, two = answer(), on_two_ranks(run_ranks, "pushed_bar.py")
    assert one["faces"] == two["faces"] == 2 * 2 * (4 * 2 + 2 * 4 + 4 * 4)
    for found in (one, two):
        assert found["surface"] == pytest.approx(2 * (0.5 + 0.5 + 1.0), rel=1e-12)
        assert found["upper_surface"] == pytest.approx(2 * (0.25 + 0.5 + 0.5), rel=1e-12)
    assert one["force"] > 0.05
    for name, value in one.items():
        assert two[name] == pytest.approx(value, rel=1e-7), name
