"""What a ball shear test says: force over travel, strength, and where the joint gives way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bumpfem.physics.interface_tractions import InterfaceTractions
from bumpfem.process.chain_record import RegionStress
from bumpfem.process.setting_resin import RESINS
from bumpfem.units import FloatArray

#: A curve has reached its plateau when the force rises, over the last tenth of the travel, less
#: than this part of itself.
PLATEAU = 0.02
#: Parts of the highest force between which the stiffness is taken.
STIFFNESS_BETWEEN = (0.1, 0.4)
#: What the numbers of a ball shear test mean and what they leave out, for reports.
LIMITS = (
    "Small strains and no fracture: the force rises towards the limit load at which the joint "
    "flows, and stays there. A measured curve falls after its peak, because the ball is cut off.",
    "The tool is rigid and without friction; it meets the ball at the undeformed shape.",
    "Interfaces do not part: their tractions say what strength they need for the solder to give "
    "way first. The library holds no strengths of interfaces; the largest tractions stand at edges "
    "and grow as the mesh is refined.",
    "Strain rates are far above those of most tests behind the solder's law (about speed over "
    "height of the ball, 1/s); its force at these rates is an extrapolation.",
)
#: What it means for the force that resins yield, or that they do not.
RESIN_YIELDS = (
    "Resin yields at {:g} MPa and keeps that stress, while a real one breaks sooner or later: its "
    "share of the force is an upper bound."
)
RESIN_ELASTIC = (
    "{} does not yield, because its material has no yield_strength: while it props the ball, the "
    "force rises on without a limit load. Compare joints at equal travel."
)
#: What it means that the tool touches the ball alone, or the resin as well.
TOOL_ON_BALL = (
    "The tool passes through resin and mask as if it had cut its way, and pushes the ball's own "
    "faces alone: what cutting takes is not in the force, and what is cut still holds the ball."
)
TOOL_ON_ALL = (
    "The tool pushes resin and mask too where they reach beyond its edge; they do not break, which "
    "makes the force an upper bound."
)


@dataclass(frozen=True)
class ShearCurve:
    """History of a test; arrays ``(steps + 1,)``, the first entry before the tool moves.

    Attributes:
        time: s.
        displacement: Of the tool from its first touch, mm.
        force: On the tool, both halves of the ball, N.
        reaction: Of the supports, both halves, N; equals the force in equilibrium.
        contact_area: Touched area across the tool's way, both halves, mm2.
        force_height: Height of the force over the interposer's outermost face, mm; NaN without one.
        von_mises_mean: Volume average in each solid region, MPa.
        von_mises_max: Largest value in each solid region, MPa.
    """

    time: FloatArray
    displacement: FloatArray
    force: FloatArray
    reaction: FloatArray
    contact_area: FloatArray
    force_height: FloatArray
    von_mises_mean: Mapping[str, FloatArray]
    von_mises_max: Mapping[str, FloatArray]

    @property
    def peak(self) -> int:
        """Entry of the highest force."""
        return int(np.argmax(self.force))

    @property
    def stiffness(self) -> float:
        """Slope between 10 % and 40 % of the highest force, N/mm.

        The very first rise belongs to the few points of the mesh that the tool touches first.
        """
        reached = np.maximum.accumulate(self.force)
        low, high = STIFFNESS_BETWEEN
        ends = np.interp([low * reached[-1], high * reached[-1]], reached, self.displacement)
        return float((high - low) * reached[-1] / (ends[1] - ends[0]))

    @property
    def work(self) -> float:
        """Work of the tool, mJ."""
        return float(np.trapezoid(self.force, self.displacement))

    @property
    def late_rise(self) -> float:
        """Rise of the force over the last tenth of the travel, relative to the force at its end."""
        end = float(self.displacement[-1])
        before = float(np.interp(0.9 * end, self.displacement, self.force))
        return (float(self.force[-1]) - before) / float(self.force[-1])

    @property
    def levelled(self) -> bool:
        """Whether the force has reached its plateau, the limit load, at the end of the travel."""
        return self.late_rise < PLATEAU


@dataclass(frozen=True)
class BallShearResult:
    """Outcome of a ball shear test.

    Attributes:
        tool_height: Height of the tool's edge over the interposer's outermost face, mm.
        speed: mm/s.
        temperature: Degrees C.
        ball_height: Of the ball over the same face, mm.
        pad_area: Area in which ball and pad touch, whole ball, mm2.
        curve: Force over travel.
        penetration: Largest depth to which the tool's regularised contact sank in, mm.
        regions: Stress of every solid region at the highest force.
        interfaces: Tractions of the interfaces at the highest force.
        utilisation: Largest stress over strength of every interface and region whose strength was
            given: of an interface the root of the squares of largest peel and shear, of a region
            the largest von Mises stress.
        inelastic_work: Work dissipated in each region that flows, both halves, mJ.
        ball_only: Whether the tool touched the ball alone, not resin or mask.
        yields: Stress at which regions of resin yielded, MPa.
        verdict: Where the joint is strained most, in words.
    """

    tool_height: float
    speed: float
    temperature: float
    ball_height: float
    pad_area: float
    curve: ShearCurve
    penetration: float
    regions: Mapping[str, RegionStress]
    interfaces: Mapping[str, InterfaceTractions]
    utilisation: Mapping[str, float]
    inelastic_work: Mapping[str, float]
    ball_only: bool
    yields: Mapping[str, float]
    verdict: str

    @property
    def limits(self) -> tuple[str, ...]:
        """What the numbers mean and leave out, in sentences."""
        resins = [name for name in RESINS if name in self.regions]
        elastic = [name for name in resins if name not in self.yields]
        said = [RESIN_YIELDS.format(stress) for stress in dict.fromkeys(self.yields.values())]
        said += [RESIN_ELASTIC.format(" and ".join(elastic))] if elastic else []
        return (*LIMITS, *said, TOOL_ON_BALL if self.ball_only else TOOL_ON_ALL)

    @property
    def peak_force(self) -> float:
        """Highest force, N."""
        return float(self.curve.force[self.curve.peak])

    @property
    def strength(self) -> float:
        """Ball shear strength, highest force over pad area, MPa."""
        return self.peak_force / self.pad_area

    def as_dict(self) -> dict[str, Any]:
        """Plain data for files and figures; arrays as lists."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain | {
            "peak_force": self.peak_force,
            "final_force": float(self.curve.force[-1]),
            "strength": self.strength,
            "stiffness": self.curve.stiffness,
            "work": self.curve.work,
            "late_rise": self.curve.late_rise,
            "levelled": self.curve.levelled,
            "limits": list(self.limits),
        }


def _plain(value: Any) -> Any:
    """Nested data with lists in the place of arrays and tuples, None in that of NaN."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value.tolist()]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and np.isnan(value) else value
