"""Three-dimensional views, rendered off-screen with PyVista."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
import pyvista as pv
from matplotlib import colormaps
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import vtkLogger

from bumpfem.report.sections import (
    energy_groups,
    energy_patch,
    relative_displacement,
    working_regions,
)
from bumpfem.report.style import ENERGY_MAP, INK, region_colour
from bumpfem.report.surfaces import IntArray, Solid, edge_lines, on_faces, subdivide
from bumpfem.units import FloatArray

logger = logging.getLogger(__name__)

Image = NDArray[np.uint8]

# Rendering without OpenGL ends the process in VTK 9.7, so a child process tries it first.
_PROBE = """
from vtkmodules.vtkCommonCore import vtkLogger
vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)
import vtkmodules.vtkRenderingOpenGL2
from vtkmodules.vtkRenderingCore import vtkRenderWindow, vtkRenderer
window = vtkRenderWindow()
window.SetOffScreenRendering(1)
window.SetSize(16, 16)
window.AddRenderer(vtkRenderer())
window.Render()
"""


@cache
def can_render() -> bool:
    """Whether this machine can draw three-dimensional views; says why not in the log, once."""
    try:
        probe = subprocess.run(
            [sys.executable, "-c", _PROBE], capture_output=True, timeout=120, check=False
        )
        works = probe.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        works = False
    if not works:
        logger.warning(
            "no OpenGL on this machine (install libegl1 and libgl1-mesa-dri, or libosmesa6): "
            "the three-dimensional views are left out of the pictures; no number is affected"
        )
    return works


def view_regions(solid: Solid, size: tuple[int, int]) -> Image:
    """The half cell by materials with its element edges, the cross-section towards the viewer.

    Args:
        solid: The mesh.
        size: Width and height of the image in pixels.

    Returns:
        Image on a white background, shape (height, width, 3).
    """
    faces, owner = solid.outer_faces(np.arange(len(solid.cells)))
    with _quiet():
        plotter = _plotter(size)
        for name in solid.present():
            mine = faces[solid.region[owner] == solid.names[name]]
            if len(mine):
                plotter.add_mesh(
                    _surface(solid.points, mine),
                    color=region_colour(name),
                    smooth_shading=False,
                    ambient=0.5,
                    diffuse=0.55,
                    specular=0.0,
                )
        plotter.add_mesh(
            _lines(edge_lines(solid.points, faces)), color=INK, line_width=1.0, opacity=0.55
        )
        return _shoot(plotter, solid.points, azimuth=-28.0, elevation=20.0)


def view_energy(solid: Solid, size: tuple[int, int], *, limit: float, factor: float) -> Image:
    """The working regions alone, deformed, coloured by the energy density per cycle.

    Args:
        solid: Mesh with cell data ``delta_w`` in mJ/mm3 and point data ``displacement`` in mm.
        size: Width and height of the image in pixels.
        limit: Value in mJ/mm3 of the darkest colour.
        factor: Magnification of the displacement.

    Returns:
        Image on a white background, shape (height, width, 3).
    """
    working = working_regions(solid)
    shape = solid.moved(factor * relative_displacement(solid))
    everything = solid.of(working)
    faces, owner = solid.outer_faces(everything)
    with _quiet():
        plotter = _plotter(size)
        for group in energy_groups(working):
            cells = solid.of(group)
            mine = faces[np.isin(owner, cells)]
            if not len(mine):
                continue
            points, triangles, values = energy_patch(shape, mine, solid.nodal("delta_w", cells))
            surface = _triangles(points, triangles)
            surface.point_data["delta_w"] = values
            plotter.add_mesh(
                surface.clean(tolerance=1e-9),
                scalars="delta_w",
                clim=(0.0, limit),
                cmap=colormaps[ENERGY_MAP],
                show_scalar_bar=False,
                smooth_shading=True,
                split_sharp_edges=True,
                feature_angle=35.0,
                ambient=0.86,
                diffuse=0.2,
                specular=0.0,
            )
        nodes = np.unique(solid.cells[everything])
        return _shoot(plotter, shape.points[nodes], azimuth=-30.0, elevation=32.0)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep VTK's own messages about missing displays off the terminal."""
    before = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)
    try:
        yield
    finally:
        vtkLogger.SetStderrVerbosity(before)


def _plotter(size: tuple[int, int]) -> pv.Plotter:
    plotter = pv.Plotter(off_screen=True, window_size=list(size), lighting="light kit")
    plotter.background_color = pv.Color("white")
    plotter.camera.parallel_projection = True
    plotter.enable_anti_aliasing("ssaa")
    return plotter


def _surface(points: FloatArray, faces: IntArray, parts: int = 3) -> pv.PolyData:
    barycentric, triangles = subdivide(faces, parts)
    return _triangles(on_faces(points, faces, barycentric), triangles)


def _triangles(points: FloatArray, triangles: IntArray) -> pv.PolyData:
    return pv.PolyData(points, faces=np.insert(triangles, 0, 3, axis=1).ravel())


def _lines(polylines: FloatArray) -> pv.PolyData:
    count, length = polylines.shape[:2]
    nodes = np.arange(count * length).reshape(count, length)
    connectivity = np.concatenate([np.full((count, 1), length), nodes], axis=1)
    return pv.PolyData(polylines.reshape(-1, 3), lines=connectivity.ravel())


def _shoot(plotter: pv.Plotter, points: FloatArray, *, azimuth: float, elevation: float) -> Image:
    """Look at the points from the symmetry plane's side, turned by two angles in degrees.

    The points fill the image: the camera is centred on their projection and scaled to it.
    """
    a, e = np.radians([azimuth, elevation])
    towards = np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)])
    right = np.array([np.cos(a), np.sin(a), 0.0])
    up = np.cross(towards, right)
    across, along = points @ right, points @ up
    depth = points @ towards
    middle = (
        right * (across.min() + across.max()) / 2.0
        + up * (along.min() + along.max()) / 2.0
        + towards * depth.mean()
    )
    width, height = plotter.window_size
    plotter.camera.focal_point = tuple(middle)
    plotter.camera.position = tuple(middle + 4.0 * np.ptp(points, axis=0).max() * towards)
    plotter.camera.up = tuple(up)
    plotter.camera.parallel_scale = 0.52 * max(np.ptp(along), np.ptp(across) * height / width)
    plotter.reset_camera_clipping_range()
    image = plotter.screenshot(return_img=True)
    plotter.close()
    return np.asarray(image)[..., :3]
