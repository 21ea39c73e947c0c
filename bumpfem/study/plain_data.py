"""Numbers that a JSON file can hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def without_nan(value: Any) -> Any:
    """The same data with None for what is no finite number, which JSON cannot hold.

    >>> without_nan({"margin": float("inf"), "times": (0.0, float("nan"))})
    {'margin': None, 'times': [0.0, None]}
    """
    if isinstance(value, Mapping):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
