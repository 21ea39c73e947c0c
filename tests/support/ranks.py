"""Programs of ``tests/mpi`` that print their answer on two MPI ranks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def on_two_ranks(run_ranks: Callable[..., Any], program: str, *arguments: str | Path) -> Any:
    """What a program prints last, in JSON, when it runs on two ranks.

    Args:
        run_ranks: The fixture.
        program: Name of the file in ``tests/mpi``.
        arguments: Further words of its command line.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        printed = run_ranks(2, ROOT / "tests" / "mpi" / program, *arguments).stdout
    return json.loads(printed.splitlines()[-1])
