"""The package that most unit tests vary."""

from __future__ import annotations

from pathlib import Path

import pytest

from bumpfem.design import Package


@pytest.fixture(scope="session")
def pbga(repository: Path) -> Package:
    """The shipped package with a pitch of 0.80 mm; like all of the design it is frozen."""
    return Package.load(repository / "meshes" / "pbga_0p80.toml")
