"""Made-up folders of joints as a fatigue run writes them: pictures and pages need no run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyvista as pv

REGIONS = {
    "solder": 1,
    "solder_layer_interposer": 2,
    "solder_layer_board": 3,
    "interposer_pad": 10,
    "board_pad": 11,
    "interposer": 14,
    "board": 15,
}
#: Where the joint's axis stands, mm.
CENTRE = 6.0
_HEIGHTS = (-0.2, -0.02, 0.0, 0.03, 0.15, 0.27, 0.3, 0.32, 0.5)


def two_joints(folder: Path) -> dict[str, Path]:
    """Folders of two computed joints, the second with half of the work; without pictures."""
    return {
        name: _write_joint(folder / name, name, scale)
        for name, scale in (("plain", 1), ("cored", 0.5))
    }


def _write_joint(folder: Path, name: str, scale: float) -> Path:
    """A folder with mesh, fields, two cycles of history and the summary of a joint.

    Args:
        folder: Is made.
        name: Name of the joint.
        scale: Work of the first cycle in the critical layer, mJ/mm3.
    """
    folder.mkdir()
    _write_fields(folder, scale)
    _write_histories(folder, scale)
    summary = {"joint": name, "warnings": [f"{name} & its <warning>"]}
    (folder / "result.json").write_text(json.dumps(summary), encoding="utf-8")
    return folder


def tetrahedra() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A stack of bricks, 0.4 mm wide where there is solder, cut into quadratic tetrahedra.

    Returns:
        Points ``(n, 3)`` in mm, nodes of the cells ``(cells, 10)`` and the cells' regions.
    """
    x = CENTRE + np.linspace(-0.4, 0.4, 5)
    y = np.linspace(0.0, 0.4, 3)
    z = np.array(_HEIGHTS)
    grid = np.stack(np.meshgrid(x, y, z, indexing="ij"), axis=-1)
    index = np.arange(grid[..., 0].size).reshape(grid.shape[:3])
    points = list(grid.reshape(-1, 3))
    paths = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    middle: dict[tuple[int, int], int] = {}
    cells, region = [], []
    for i, j, k in np.ndindex(4, 2, len(z) - 1):
        low, inside = z[k], i in (1, 2) and j == 0
        name = {
            -0.2: "board",
            -0.02: "board_pad" if inside else None,
            0.0: "solder_layer_board" if inside else None,
            0.27: "solder_layer_interposer" if inside else None,
            0.3: "interposer_pad" if inside else None,
            0.32: "interposer",
        }.get(float(low), "solder" if inside else None)
        if name is None:
            continue
        for path in paths:
            corner = np.array([i, j, k])
            nodes = [int(index[tuple(corner)])]
            for axis in path:
                corner[axis] += 1
                nodes.append(int(index[tuple(corner)]))
            a, b, c, d = (points[n] for n in nodes)
            if np.dot(np.cross(b - a, c - a), d - a) < 0:
                nodes[1], nodes[2] = nodes[2], nodes[1]
            for first, second in ((0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)):
                key = (min(nodes[first], nodes[second]), max(nodes[first], nodes[second]))
                if key not in middle:
                    middle[key] = len(points)
                    points.append((points[key[0]] + points[key[1]]) / 2.0)
                nodes.append(middle[key])
            cells.append(nodes)
            region.append(REGIONS[name])
    return np.array(points), np.array(cells), np.array(region)


def _write_fields(folder: Path, scale: float) -> None:
    points, cells, region = tetrahedra()
    grid = pv.UnstructuredGrid({24: cells}, points)
    grid.cell_data["region"] = region
    for name, tag in REGIONS.items():
        grid.field_data[name] = np.array([tag])
    grid.save(folder / "mesh.vtu")
    height = points[cells[:, :4], 2].mean(axis=1)
    solder = np.isin(region, [1, 2, 3])
    grid.cell_data["delta_w"] = np.where(solder, scale * (0.1 + height), 0.0)
    shear = 0.004 * np.clip(points[:, 2] / 0.3, 0.0, 1.0)
    grid.point_data["displacement"] = np.stack([shear - 0.01, 0 * shear, 0 * shear], axis=1)
    grid.save(folder / "fields.vtu")


def _write_histories(folder: Path, scale: float) -> None:
    """Two cycles of ramp, cold dwell, ramp, hot dwell; 1, then 1.5 times ``scale`` mJ/mm3."""
    rows = [(0.0, 0, 125.0, 0.0, 0.0, 0.0)]
    loop = [(-40.0, 0.02, 30.0), (-40.0, 0.02, 22.0), (125.0, 0.0, -8.0), (125.0, 0.0, -2.0)]
    for cycle, work in ((1, scale), (2, 1.5 * scale)):
        for part, (temperature, strain, stress) in enumerate(loop, start=1):
            before = 0.0 if cycle == 1 else scale
            rows.append(
                (
                    rows[-1][0] + 600.0,
                    cycle,
                    temperature,
                    strain,
                    stress,
                    before + work * part / len(loop),
                )
            )
    values = np.array(rows)
    work_done = values[:, 5]
    columns = ["time_s", "cycle", "temperature_c", "shear_strain", "shear_stress_mpa"]
    history = pd.DataFrame(values[:, :5], columns=columns).astype({"cycle": int})
    cycles = []
    for volume, share in (
        ("solder_layer_interposer", 1.0),
        ("solder_layer_board", 0.8),
        ("solder", 0.4),
    ):
        history[f"inelastic_work_mpa__{volume}"] = share * work_done
        for number_, value, change in ((1, scale, np.nan), (2, 1.5 * scale, 0.5)):
            cycles.append(
                {
                    "cycle": number_,
                    "volume": volume,
                    "delta_w_mpa": share * value,
                    "change": change,
                    "settled": False,
                }
            )
    history.to_csv(folder / "history.csv", index=False)
    pd.DataFrame(cycles).to_csv(folder / "cycles.csv", index=False)
