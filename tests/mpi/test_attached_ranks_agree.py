"""Attached shape and interface tractions on one and on two MPI ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.mpi.attached_joint import answer
from tests.support.ranks import on_two_ranks


def test_two_ranks_find_the_same(run_ranks: Callable[..., Any]) -> None:
    """Facets between cells of two ranks count once, nodes of both move alike.

    All figures are sums, extremes or means over the whole mesh: equal but for rounding.
    """
    one, two = answer(), on_two_ranks(run_ranks, "attached_joint.py")
    owned = two.pop("owned")
    assert sum(owned) == one.pop("owned")[0]
    assert min(owned) > 0.3 * sum(owned)
    assert one.keys() == two.keys()
    assert {"resin_ball", "resin_substrate", "ball_pad"} < one.keys()
    for name, value in one.items():
        assert two[name] == pytest.approx(value, rel=1e-9, abs=1e-9), name
