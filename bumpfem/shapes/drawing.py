"""Pictures of meridian sections: scalable graphics for notebooks, matplotlib for files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bumpfem.errors import InputError
from bumpfem.units import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colours of what a section shows, by the last word of its name.
COLOURS = {
    "solder": "#a9b4c2", "core": "#6b7a8f", "pad": "#c8803c", "resist": "#3f7d4f",
    "resin": "#d8c48a", "mask": "#8f8f7a", "attach": "#b5a642", "bump": "#b87333",
    "barrier": "#8d8d95", "surface": "#3b4a5a", "substrate": "#cfc8b8", "powder": "#b87333",
}  # fmt: skip
#: Width of a picture in a notebook, pixels.
PIXELS = 360.0
#: Thickness of pads and resists in pictures, relative to the picture's width.
PLATE = 0.04


@dataclass(frozen=True, eq=False)
class Patch:
    """A filled area of the meridian half plane, drawn together with its mirror image.

    Args:
        kind: What it is: its last word, after any underscore, is a key of ``COLOURS``.
        points: Its corners (r, z), mm, shape (n, 2).
        filled: Whether it is an area; else it is the line through its points.
    """

    kind: str
    points: FloatArray
    filled: bool = True

    @property
    def colour(self) -> str:
        """Colour of its kind."""
        return COLOURS[self.kind.rpartition("_")[2]]


def liquid_patch(points: FloatArray, kind: str = "solder") -> Patch:
    """Area between a meridian and the axis."""
    first, last = points[0], points[-1]
    return Patch(kind, np.vstack((points, [0.0, last[1]], [0.0, first[1]])))


def plate_patch(kind: str, inner: float, outer: float, height: float, thickness: float) -> Patch:
    """A pad or resist from ``height`` to ``height + thickness`` (which may be negative)."""
    top = height + thickness
    return Patch(
        kind, np.array([(inner, height), (outer, height), (outer, top), (inner, top)])
    )  # fmt: skip


def pad_patches(
    diameters: tuple[float, float], heights: tuple[float, float], reach: float
) -> list[Patch]:
    """Pads and resists at board and interposer.

    Args:
        diameters: Wetted diameters, mm.
        heights: Heights of the pads' planes, mm.
        reach: Outer radius of the resists, mm.
    """
    found = []
    for pad, height, sign in zip(diameters, heights, (-1.0, 1.0), strict=True):
        thickness = sign * PLATE * 2.0 * reach
        found.append(plate_patch("resist", 0.5 * pad, reach, height, thickness))
        found.append(plate_patch("pad", 0.0, 0.5 * pad, height, thickness))
    return found


class Drawable(Protocol):
    """What can be drawn."""

    def plot(self, axes: Axes | None = None) -> Axes:
        """Picture with matplotlib; a new figure without ``axes``."""


class Section(ABC):
    """What draws itself as a section through the axis: in a notebook and with matplotlib."""

    @abstractmethod
    def patches(self) -> list[Patch]:
        """Its parts."""

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        return ""

    def plot(self, axes: Axes | None = None) -> Axes:
        """Section with matplotlib; a new figure without ``axes``."""
        return draw(self.patches(), axes)

    def _repr_svg_(self) -> str:
        return svg(self.patches(), self.caption)


class Chart(ABC):
    """What draws itself as a chart: in a notebook and with matplotlib."""

    @abstractmethod
    def fill(self, axes: Axes) -> None:
        """Draw on axes."""

    def plot(self, axes: Axes | None = None) -> Axes:
        """Chart with matplotlib; a new figure without ``axes``."""
        axes = new_axes() if axes is None else axes
        self.fill(axes)
        return axes

    def _repr_svg_(self) -> str:
        figure, text = self.plot().get_figure(root=True), StringIO()
        if figure is not None:
            figure.savefig(text, format="svg")
        return text.getvalue()


def new_axes() -> Axes:
    """Axes of a new figure."""
    from matplotlib.figure import Figure

    return Figure(figsize=(4.0, 3.2), layout="constrained").add_subplot()


def _extent(patches: list[Patch]) -> tuple[float, float, float]:
    points = np.vstack([patch.points for patch in patches])
    return float(points[:, 0].max()), float(points[:, 1].min()), float(points[:, 1].max())


def draw(patches: list[Patch], axes: Axes | None = None) -> Axes:
    """Draw patches and their mirror images with matplotlib; a new figure without ``axes``."""
    axes = new_axes() if axes is None else axes
    for patch in patches:
        for sign in (1.0, -1.0):
            r, z = sign * patch.points[:, 0], patch.points[:, 1]
            if patch.filled:
                axes.fill(r, z, color=patch.colour)
            else:
                axes.plot(r, z, color=patch.colour)
    axes.set_aspect("equal")
    axes.set_xlabel("mm")
    axes.set_ylabel("mm")
    return axes


def save(shape: Drawable, path: Path) -> None:
    """Write a picture of a shape; the ending of the name chooses the format.

    Raises:
        InputError: If the picture cannot be written there.
    """
    check_picture(path)
    figure = shape.plot(new_axes()).get_figure(root=True)
    try:
        if figure is not None:
            figure.savefig(path, dpi=200)
    except OSError as error:
        raise InputError(
            "plot", str(path), "a file that can be written", reason=error.strerror or ""
        ) from error


def check_picture(path: Path | str) -> None:
    """Refuse what is no name of a picture.

    Raises:
        InputError: A folder, a name without an ending, or an ending that is no format's.
    """
    from matplotlib.backend_bases import FigureCanvasBase

    place = Path(path)
    endings = sorted(FigureCanvasBase.filetypes)
    known = place.suffix.lower().removeprefix(".") in endings
    if not str(path) or place.is_dir() or not known:
        shown = f"'{path}'" if not str(path) else str(path)
        raise InputError(
            "plot", shown, "a file with the ending of a picture, e.g. joint.png",
            reason=f"endings: {', '.join(endings)}",
        )  # fmt: skip


def svg(patches: list[Patch], caption: str = "") -> str:
    """Scalable picture of patches and their mirror images with a line of text below."""
    reach, low, high = _extent(patches)
    margin = 0.05 * reach
    scale = PIXELS / (2.0 * (reach + margin))
    height = scale * (high - low + 2.0 * margin)
    shapes = []
    for patch in patches:
        for sign in (1.0, -1.0):
            x = 0.5 * PIXELS + sign * scale * patch.points[:, 0]
            y = scale * (high + margin - patch.points[:, 1])
            path = " ".join(f"{a:.2f},{b:.2f}" for a, b in zip(x, y, strict=True))
            style = f'fill="{patch.colour}"'
            if not patch.filled:
                style = f'fill="none" stroke="{patch.colour}" stroke-width="2"'
            tag = "polygon" if patch.filled else "polyline"
            shapes.append(f'<{tag} points="{path}" {style}/>')
    text = f'<text x="4" y="{height + 16:.0f}" font-size="12" fill="#555">{caption}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{PIXELS:.0f}" '
        f'height="{height + 22:.0f}">{"".join(shapes)}{text if caption else ""}</svg>'
    )
