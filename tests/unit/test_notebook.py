"""The notebooks run from top to bottom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient


def test_notebook_runs(repository: Path, tmp_path: Path) -> None:
    """Every cell runs; the parameters are made small, all else is as a user has it."""
    cells = _run(
        repository,
        "variants.ipynb",
        'names = ["plain"',
        '\nnames = ["plain", "metal_bump"]'
        "\naccuracy = bf.Accuracy(mesh_sizes=(2.0, 1.9), tolerances=(1e-2, 5e-3))"
        "\ncycles = 1"
        f"\nfolder = {str(tmp_path / 'results')!r}",
    )
    table = (tmp_path / "results" / "table.csv").read_text()
    assert "plain" in table
    assert "metal_bump" in table
    assert _pictures(cells, "image/png") >= 3


@pytest.mark.slow
def test_notebook_of_making_runs(repository: Path, tmp_path: Path) -> None:
    """Every cell runs; the parameters are made small, all else is as a user has it."""
    cells = _run(
        repository,
        "making.ipynb",
        'names = ["plain", "anchored"]',
        "\nmesh_size, tolerance, cycles = 2.5, 1e-2, 1"
        "\ntravel = 0.01"
        f"\nfolder = {str(tmp_path / 'results')!r}",
    )
    table = (tmp_path / "results" / "table.csv").read_text()
    assert "anchored,spread,ok" in table
    assert _pictures(cells, "image/svg+xml") >= 6


def _run(repository: Path, name: str, parameter: str, smaller: str) -> list[Any]:
    """Run a notebook with smaller parameters; its cells afterwards."""
    notebook = nbformat.read(repository / "notebooks" / name, as_version=4)
    parameters = next(
        cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())
    )
    assert parameter in parameters.source
    parameters.source += smaller
    client = NotebookClient(
        notebook, timeout=900, resources={"metadata": {"path": str(repository / "notebooks")}}
    )
    client.execute()
    cells: list[Any] = notebook.cells
    return cells


def _pictures(cells: list[Any], kind: str) -> int:
    """Number of pictures of a kind that cells show."""
    return sum(
        kind in output.get("data", {}) for cell in cells for output in cell.get("outputs", ())
    )
