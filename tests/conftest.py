"""What all tests share: one thread for each process, pictures without a screen, MPI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# Set before numba, PETSc, VTK or matplotlib are imported; processes started by tests inherit it.
# Compiled kernels and forms stay in the user's caches, so that a second run compiles nothing.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("PYVISTA_OFF_SCREEN", "true")
if "DISPLAY" not in os.environ:
    os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")

RunRanks = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the source tree."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def run_ranks() -> RunRanks:
    """Runs ``python ARGUMENTS...`` on a number of MPI ranks and fails with what it printed.

    Skips where there is no ``mpiexec``.
    """
    beside = Path(sys.executable).with_name("mpiexec")
    mpiexec = str(beside) if beside.exists() else shutil.which("mpiexec")
    if mpiexec is None:
        pytest.skip("mpiexec is not installed")

    def run(
        ranks: int, *arguments: str | Path, timeout: float = 600.0
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [mpiexec, "-n", str(ranks), sys.executable, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done

    return run
