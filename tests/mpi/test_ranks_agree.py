"""The same run on one and on two MPI ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.mpi.layered_joint import answer
from tests.support.ranks import on_two_ranks


@pytest.fixture(scope="module")
def answers(run_ranks: Callable[..., Any]) -> list[dict[str, Any]]:
    """What this process finds alone, and what two ranks print."""
    return [answer(), on_two_ranks(run_ranks, "layered_joint.py")]


def test_the_work_is_shared(answers: list[dict[str, Any]]) -> None:
    """Two ranks own about half of the cells each; unknowns and steps are the same."""
    one, two = answers
    assert len(one["cells"]) == 1
    assert len(two["cells"]) == 2
    assert sum(two["cells"]) == one["cells"][0]
    assert min(two["cells"]) > 0.3 * one["cells"][0]
    assert (one["unknowns"], one["steps"]) == (two["unknowns"], two["steps"])


def test_histories_agree(answers: list[dict[str, Any]]) -> None:
    """Every recorded value within 1e-6 of the column's largest: the partition only changes the
    order of sums and the path of the linear solver (residual tolerance 1e-9).
    """
    one, two = answers
    for table in ("history", "cycles"):
        assert one[table].keys() == two[table].keys()
        for name, values in one[table].items():
            if name == "volume":
                assert values == two[table][name]
                continue
            expected = np.array(values, dtype=float)
            assert np.isfinite(expected).all(), name
            np.testing.assert_allclose(
                np.array(two[table][name], dtype=float),
                expected,
                rtol=0.0,
                atol=1e-6 * np.abs(expected).max(),
                err_msg=name,
            )


def test_the_run_is_worth_comparing(answers: list[dict[str, Any]]) -> None:
    """Solder has flowed: energy, strain and shear stress are those of a thermal cycle."""
    one = answers[0]
    assert min(one["cycles"]["delta_w_mpa"]) > 0.01
    assert max(one["history"]["shear_stress_mpa"]) > 5.0
    assert min(one["history"]["shear_stress_mpa"]) < -5.0
