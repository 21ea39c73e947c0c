"""A gmsh session that is silent, deterministic and always closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import gmsh

_OPTIONS: dict[str, float] = {
    "General.Terminal": 0,
    "General.NumThreads": 1,
    "General.AbortOnError": 0,
    "Mesh.MaxNumThreads1D": 1,
    "Mesh.MaxNumThreads2D": 1,
    "Mesh.MaxNumThreads3D": 1,
    "Mesh.RandomSeed": 1,
    "Mesh.RandomFactor": 1e-9,
    "Mesh.RandomFactor3D": 1e-12,
    "Mesh.MeshSizeFromPoints": 0,
    "Mesh.MeshSizeFromCurvature": 0,
    "Mesh.MeshSizeExtendFromBoundary": 0,
    "Mesh.Algorithm": 6,
    "Mesh.Algorithm3D": 1,
    "Mesh.Optimize": 1,
    "Mesh.OptimizeThreshold": 0.35,
    "Mesh.OptimizeNetgen": 0,
    "Mesh.ElementOrder": 1,
    "Mesh.SecondOrderLinear": 0,
    "Mesh.HighOrderThresholdMin": 0.1,
    "Mesh.HighOrderThresholdMax": 50,
    "Mesh.MshFileVersion": 4.1,
    "Mesh.Binary": 0,
    "Mesh.SaveAll": 0,
    "Geometry.OCCBoundsUseStl": 0,
}


@contextmanager
def gmsh_session(name: str) -> Iterator[None]:
    """A fresh gmsh model inside a session of its own.

    A session that the caller already has open is kept: only the model is added and removed,
    and the options that were changed are put back.

    Args:
        name: Name of the model.
    """
    already_open = bool(gmsh.isInitialized())
    if not already_open:
        gmsh.initialize(["bumpfem"], readConfigFiles=False, interruptible=False)
    before = {option: gmsh.option.getNumber(option) for option in _OPTIONS}
    previous = gmsh.model.getCurrent() if already_open else ""
    try:
        for option, value in _OPTIONS.items():
            gmsh.option.setNumber(option, value)
        gmsh.model.add(name)
        yield
    finally:
        if already_open:
            gmsh.model.remove()
            for option, value in before.items():
                gmsh.option.setNumber(option, value)
            if previous:
                gmsh.model.setCurrent(previous)
        else:
            gmsh.finalize()
