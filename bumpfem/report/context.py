"""What a report is made of besides the files of the joints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ReportContext:
    """Everything that ``report.html`` says, apart from pictures and histories.

    Args:
        title: Title of the study.
        headline: One to three plain sentences: which joint lives longest, by how much and how
            sure, or that no ranking is claimed.
        table: Columns of ``table.csv``, one row per joint, failed joints included.
        joint_folders: Folder of every joint that has one; also the order of the pictures.
        package_rows: Name and value of what describes the package.
        cycle_rows: Name and value of what describes the thermal cycle.
        fatigue_rows: Name and value of what describes the fatigue law and its calibration.
        model_rows: Name and value of loading, boundary conditions, stress-free temperature,
            solver tolerances and mesh sizes.
        why: Sentences that explain the result of a joint, by joint.
        warnings: Design rules exceeded, mismatches of the fatigue law, and the like.
        left_out: What the model leaves out, one sentence each.
        sources: Key, status and use of every source that the runs used.
        study_text: The study's input file (TOML) as it was read.
        versions: Version of bumpfem and of the packages that decide numbers.
    """

    title: str
    headline: str
    table: pd.DataFrame
    joint_folders: Mapping[str, Path]
    package_rows: Rows = ()
    cycle_rows: Rows = ()
    fatigue_rows: Rows = ()
    model_rows: Rows = ()
    why: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    left_out: Sequence[str] = ()
    sources: Sequence[tuple[str, str, str]] = ()
    study_text: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
