"""The notebook runs from top to bottom."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient


def test_notebook_runs(repository: Path, tmp_path: Path) -> None:
    """Every cell runs; the parameters are made small, all else is as a user has it."""
    notebook = nbformat.read(repository / "notebooks" / "variants.ipynb", as_version=4)
    parameters = next(
        cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())
    )
    assert 'names = ["plain"' in parameters.source
    parameters.source += (
        '\nnames = ["plain", "metal_bump"]'
        "\naccuracy = bf.Accuracy(mesh_sizes=(2.0, 1.9), tolerances=(1e-2, 5e-3))"
        "\ncycles = 1"
        f"\nfolder = {str(tmp_path / 'results')!r}"
    )
    client = NotebookClient(
        notebook, timeout=900, resources={"metadata": {"path": str(repository / "notebooks")}}
    )
    client.execute()
    table = (tmp_path / "results" / "table.csv").read_text()
    assert "plain" in table
    assert "metal_bump" in table
    images = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    assert len(images) >= 3
