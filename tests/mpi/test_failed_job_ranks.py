"""What is known of a job that failed on several ranks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mpi.failing_job import FACTS

HERE = Path(__file__).resolve().parent


def test_every_rank_knows_why_a_job_failed(
    run_ranks: Callable[..., Any], repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text and facts of the error are on both ranks: the table is written by one of them."""
    monkeypatch.setenv("PYTHONPATH", str(repository))
    printed = run_ranks(2, HERE / "failing_job.py").stdout
    assert json.loads(printed.splitlines()[-1]) == [["attach: too early", FACTS]] * 2
