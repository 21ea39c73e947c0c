"""Attached shape and interface tractions on one and on two MPI ranks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mpi.attached_joint import answer

HERE = Path(__file__).resolve().parent


def test_two_ranks_find_the_same(run_ranks: Callable[..., Any], repository: Path) -> None:
    """Facets between cells of two ranks count once, nodes of both move alike.

    All figures are sums, extremes or means over the whole mesh: equal but for rounding.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(repository))
        printed = run_ranks(2, HERE / "attached_joint.py").stdout
    one, two = answer(), json.loads(printed.splitlines()[-1])
    owned = two.pop("owned")
    assert sum(owned) == one.pop("owned")[0]
    assert min(owned) > 0.3 * sum(owned)
    assert one.keys() == two.keys()
    assert {"resin_ball", "resin_substrate", "ball_pad"} < one.keys()
    for name, value in one.items():
        assert two[name] == pytest.approx(value, rel=1e-9, abs=1e-9), name
