"""Joints side by side: lives with error bars, ranking and reasons."""

from bumpfem.comparison.joint_life import JointLife, JointRuns, RunMeasures
from bumpfem.comparison.lives import TABLE_COLUMNS, Lives
from bumpfem.comparison.ranking import (
    ErrorModel,
    Interval,
    NumericalError,
    Sample,
    numerical_error,
    quotient,
    rank_groups,
)

__all__ = [
    "TABLE_COLUMNS",
    "ErrorModel",
    "Interval",
    "JointLife",
    "JointRuns",
    "Lives",
    "NumericalError",
    "RunMeasures",
    "Sample",
    "numerical_error",
    "quotient",
    "rank_groups",
]
