"""A ball shear test with a resin that yields, on one and on two MPI ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.mpi.yielding_resin import answer
from tests.support.ranks import on_two_ranks


def test_yielding_is_the_same(run_ranks: Callable[..., Any]) -> None:
    """Moduli are means over all ranks, so that the resin is one material; force, stress and work
    agree to the tolerance of Newton's method."""
    one, two = answer(), on_two_ranks(run_ranks, "yielding_resin.py")
    assert one["points"] == two["points"]
    assert one["work"] > 0.0
    assert one["stress"] > 0.5
    for name in ("bulk", "shear"):
        assert two[name] == pytest.approx(one[name], rel=1e-12)
    for name in ("force", "stress", "work"):
        assert two[name] == pytest.approx(one[name], rel=1e-2), name
