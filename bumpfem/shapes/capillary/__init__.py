"""Capillary equilibrium: axisymmetric liquids between solids, from Young-Laplace.

``gamma (kappa_meridian + sin(phi) / r) = p - w z`` in arc length (:mod:`meridian`), solved by
Lobatto collocation of order 8 and Newton's method (:mod:`solve`) between ends that may be a rim,
the axis, a plane, a sphere, a cone or a level surface far away (:mod:`ends`), with volume,
pressure, force or height given. :mod:`stability` tells stable from unstable ones.

>>> from math import pi
>>> solder = Liquid(surface_tension=0.45e-3)
>>> drop = solve_meridian(OnPlane(0.0, 90.0), Axis(), solder, volume=2.0 / 3.0 * pi)
>>> round(drop.height, 9), round(drop.pressure / solder.surface_tension, 9)
(1.0, 2.0)
"""

from bumpfem.shapes.capillary.alignment import Alignment, HolePlate, align
from bumpfem.shapes.capillary.bump import Bump, free_bump
from bumpfem.shapes.capillary.coplanarity import (
    Coplanarity,
    Estimate,
    Warpage,
    coplanarity_of,
)
from bumpfem.shapes.capillary.curved_ends import OnCone, OnSphere
from bumpfem.shapes.capillary.drawback import DrawnBack, Powder, draw_back
from bumpfem.shapes.capillary.end_protocol import Closure, Condition, End
from bumpfem.shapes.capillary.ends import Axis, FarFlat, OnPlane, Pinned
from bumpfem.shapes.capillary.fired_bump import FiredBump, fire
from bumpfem.shapes.capillary.guesses import ArcGuess, Guess
from bumpfem.shapes.capillary.heights import HeightModel
from bumpfem.shapes.capillary.hole import ConfinedSolder, solder_in_hole
from bumpfem.shapes.capillary.hole_wall import Hole
from bumpfem.shapes.capillary.liquid import STANDARD_GRAVITY, Liquid
from bumpfem.shapes.capillary.meniscus import (
    ResinMeniscus,
    StandingBall,
    meniscus_of_thickness,
    resin_meniscus,
)
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.mounted import MountedJoint, mounted_joint
from bumpfem.shapes.capillary.seating import Seating, seat
from bumpfem.shapes.capillary.solve import follow, solve_meridian
from bumpfem.shapes.capillary.tolerance import Tolerance, Tolerances

__all__ = [
    "STANDARD_GRAVITY",
    "Alignment",
    "ArcGuess",
    "Axis",
    "Bump",
    "Closure",
    "Condition",
    "ConfinedSolder",
    "Coplanarity",
    "DrawnBack",
    "End",
    "Estimate",
    "FarFlat",
    "FiredBump",
    "Guess",
    "HeightModel",
    "Hole",
    "HolePlate",
    "Liquid",
    "Meridian",
    "MountedJoint",
    "OnCone",
    "OnPlane",
    "OnSphere",
    "Pinned",
    "Powder",
    "ResinMeniscus",
    "Seating",
    "StandingBall",
    "Tolerance",
    "Tolerances",
    "Warpage",
    "align",
    "coplanarity_of",
    "draw_back",
    "fire",
    "follow",
    "free_bump",
    "meniscus_of_thickness",
    "mounted_joint",
    "resin_meniscus",
    "seat",
    "solder_in_hole",
    "solve_meridian",
]
