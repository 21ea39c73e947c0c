"""Joint shapes: meridian curves from capillary equilibrium (no finite elements here)."""

from bumpfem.shapes.curves import Arc, Line, Segment
from bumpfem.shapes.joint import joint_outline
from bumpfem.shapes.outline import Body, CellLayer, JointShape, Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.spline import Spline

__all__ = [
    "Arc",
    "Body",
    "CellLayer",
    "JointShape",
    "Line",
    "Outline",
    "Point",
    "Segment",
    "Spline",
    "joint_outline",
]
