"""What is known of a job that failed on several ranks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.mpi.failing_job import FACTS
from tests.support.ranks import on_two_ranks


def test_every_rank_knows_why_a_job_failed(run_ranks: Callable[..., Any]) -> None:
    """Text and facts of the error are on both ranks: the table is written by one of them."""
    assert on_two_ranks(run_ranks, "failing_job.py") == [["attach: too early", FACTS]] * 2
