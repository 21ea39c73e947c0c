"""The round hole of a mask over a pad."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi

import numpy as np

from bumpfem.shapes.capillary.curved_ends import OnCone
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.checks import check_number


@dataclass(frozen=True)
class Hole:
    """A round hole over a pad.

    Args:
        mouth_radius: Radius on the substrate's side, mm.
        end_radius: Radius at the other end, mm.
        mouth: Height of the mouth over the pad's wetted rim, mm.
        depth: Length of the hole, mm.
        contact_angle: Of the solder on the wall, degrees.
    """

    mouth_radius: float
    end_radius: float
    mouth: float
    depth: float
    contact_angle: float = 180.0

    def __post_init__(self) -> None:
        for field in ("mouth_radius", "end_radius", "depth"):
            check_number(f"hole.{field}", getattr(self, field), "mm", above=0.0)
        check_number("hole.mouth", self.mouth, "mm")
        check_number("hole.contact_angle", self.contact_angle, "deg", above=0.0, most=180.0)

    @property
    def end(self) -> float:
        """Height of the hole's end, mm."""
        return self.mouth + self.depth

    @property
    def taper(self) -> float:
        """Growth of the radius per height, 0 for a cylinder."""
        return (self.end_radius - self.mouth_radius) / self.depth

    @property
    def capacity(self) -> float:
        """Volume of the hole between the rim's plane and its end, mm3."""
        first, last = self.radius_at(0.0), self.end_radius
        return pi * self.end * (first**2 + first * last + last**2) / 3.0

    def radius_at(self, height: float) -> float:
        """Radius of the wall or of its continuation, mm."""
        return self.mouth_radius + self.taper * (height - self.mouth)

    def wall(self, *, above: bool) -> OnCone:
        """The wall as an end of a meridian; the volume is counted from the hole's end."""
        return OnCone(
            self.mouth_radius, self.contact_angle, self.mouth, self.taper,
            "above" if above else "below", closes_at=self.end,
        )  # fmt: skip

    def overlap(self, curve: Meridian) -> float:
        """Largest depth of a curve in the wall, mm; negative: the least gap."""
        points = curve.points(801)
        inside = (points[:, 1] >= self.mouth) & (points[:, 1] <= self.end)
        if not inside.any():
            return -inf
        r, z = points[inside].T
        return float(np.max(r - self.mouth_radius - self.taper * (z - self.mouth)))
