"""A study small enough to be computed in a test: four joints of one package, one short cycle."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import bumpfem as bf
from bumpfem.study.plan import Plan

PACKAGE = """
name = "tiny"
pitch = 0.8
solder = "sac305"
ball_diameter = 0.42
array = { columns = 6, rows = 6 }
interposer = { material = "alumina", thickness = 0.3 }
board = { material = "fr4", thickness = 0.6 }
interposer_pad = { material = "copper", diameter = 0.34, thickness = 0.03 }
board_pad = { material = "copper", diameter = 0.34, thickness = 0.03 }

[joints.resin.anchor]
material = "MATERIAL"
family = "polyimide"
thickness = 0.05
contact_height = 0.11
"""

STUDY = """
package = "tiny_package.toml"
joints = JOINTS
workers = WORKERS

[cycle]
minimum = 25.0
maximum = 100.0
cold_dwell = 60.0
hot_dwell = 60.0
heating_rate = 30.0
cooling_rate = 30.0
cycles = 1

[fatigue]
law = "darveaux_sac305_motalab_2013"
weibull_shape = 8.0

[norris_landzberg]
law = "norris_landzberg_pan_2005_sac"
minimum = 20.0
maximum = 60.0
cycles_per_day = 2.0

[accuracy]
mesh_sizes = [2.5, 2.2]
tolerances = [1e-2, 5e-3]
"""


def write_study(
    folder: Path,
    joints: tuple[str, ...] = ("plain",),
    material: str = "polyimide",
    workers: int = 2,
) -> Path:
    """Write the study and its package; returns the study's path."""
    (folder / "tiny_package.toml").write_text(PACKAGE.replace("MATERIAL", material))
    path = folder / "tiny.toml"
    names = "[" + ", ".join(f'"{name}"' for name in joints) + "]"
    path.write_text(STUDY.replace("JOINTS", names).replace("WORKERS", str(workers)))
    return path


def tiny_plan(folder: Path, **changes: Any) -> Plan:
    """Plan of that study with one joint and one cycle; other fields by name."""
    study = bf.Study.load(write_study(folder))
    package = study.load_package()
    options: dict[str, Any] = {
        "package": package,
        "joints": study.selected_joints(package),
        "cycle": study.cycle.thermal_cycle(),
        "cycles": 1,
        "accuracy": study.accuracy,
    }
    return Plan(**{**options, **changes})


def bumpfem_command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """``python -m bumpfem ARGUMENTS...``, whether it succeeds or not; at most five minutes."""
    return subprocess.run(
        [sys.executable, "-m", "bumpfem", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300.0,
        check=False,
    )
