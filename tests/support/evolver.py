"""Surface Evolver, which minimises the energy of a triangulated surface."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def evolve(datafile: str, folder: Path) -> str:
    """What Surface Evolver prints for a datafile; skips where it is not installed.

    Args:
        datafile: Text of the file, commands included.
        folder: Where the file is written.
    """
    if shutil.which("evolver") is None:
        pytest.skip("Surface Evolver (Debian package evolver-nox) is not installed")
    (folder / "surface.fe").write_text(datafile)
    done = subprocess.run(
        ["evolver", "surface.fe"], cwd=folder, input="", capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    return done.stdout
