"""What is heated and how: the part of a joint's cell that is there, its faces and its steps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.design import Joint, Package
from bumpfem.design.making_order import RESIN_FIRST
from bumpfem.design.oven import Oven
from bumpfem.design.programme import Programme
from bumpfem.errors import InputError, MaterialError
from bumpfem.materials import load_material
from bumpfem.meshing import Mesh
from bumpfem.physics.cure import Curing
from bumpfem.physics.heat import HeatModel
from bumpfem.process.gel_race import RACING
from bumpfem.process.heated_events import WETTING_TIME, passages
from bumpfem.process.heated_run import HeatedStage
from bumpfem.process.oven import Heating, heating, programme_heating
from bumpfem.process.reflow_cell import SOLDER, cell_boundaries, cell_geometry
from bumpfem.process.reflow_outcome import melting_range
from bumpfem.process.region_materials import assign_materials
from bumpfem.solvers.heat import HeatSettings
from bumpfem.solvers.heat_settings import HeatStepSettings

#: Regions that are there from mounting on.
BOARD_SIDE = ("board", "board_resist", "board_pad")
#: Region of the resin on the interposer.
RESIN = "resin"
#: Region of a paste that holds the ball.
PASTE = "attach"
#: Least number of steps of a heating, and longest step, s: so that no peak is cut off.
_STEPS, _LONGEST_S = 75, 120.0
#: Corners closer than this are one, s.
_CLOSE_S = 1e-3
#: Largest local error of a step, K.
_TOLERANCE_K = 0.02


@dataclass(frozen=True)
class HeatedStep:
    """What is heated and how.

    Attributes:
        package: Package design.
        joint: Joint design.
        stage: ``attach``, ``cure`` or ``mount``.
        heat: Oven, or programme of the outer faces.
        present: Regions that are there; None: all in mounting, else all but the board's and, for
            ``attach`` on routes that bring the resin later, the resin.
        cure: Degree of cure that the resin starts from; None: that of the resin as it comes, but a
            hard resin, whose cure is not followed, in mounting.
        wetting_time: Time that solder must be wholly molten to have wetted, s.
        undercooling: Kelvin below the solidus at which solder freezes.
        extrapolate: Whether data are used beyond their ranges, and recorded: thermal properties and
            those of a film keep their end values, laws of cure go on as they are.
    """

    package: Package
    joint: Joint
    stage: HeatedStage
    heat: Oven | Programme
    present: Collection[str] | None = None
    cure: float | None = None
    wetting_time: float = WETTING_TIME
    undercooling: float = 0.0
    extrapolate: bool = False

    def __post_init__(self) -> None:
        if self.cure is not None and not 0.0 <= self.cure <= 1.0:
            raise InputError("heated_step.cure", self.cure, "between 0 and 1")
        if not self.wetting_time >= 0.0:
            raise InputError("heated_step.wetting_time", self.wetting_time, "zero or more", "s")

    def regions(self, mesh: Mesh) -> list[str]:
        """Regions of a mesh that are heated.

        Raises:
            InputError: A region is asked for that the mesh has not.
        """
        if self.present is None:
            absent = set() if self.stage == "mount" else set(BOARD_SIDE)
            anchor = self.joint.anchor
            early = anchor is not None and anchor.route in RESIN_FIRST
            if self.stage == "attach" and not early:
                absent.add(RESIN)
            return [name for name in mesh.regions if name not in absent]
        for name in self.present:
            if name not in mesh.regions:
                raise InputError("heated_step.present", name, f"one of {', '.join(mesh.regions)}")
        return [name for name in mesh.regions if name in self.present]

    @property
    def heating(self) -> Heating:
        """Temperature and coefficient over time."""
        if isinstance(self.heat, Programme):
            return programme_heating(self.heat)
        return heating(self.heat, self.package)

    @property
    def must_melt(self) -> bool:
        """Whether its solder must melt: not where a paste holds the ball or only resin cures."""
        anchor = self.joint.anchor
        if self.stage == "mount":
            bump = self.joint.bump
            return bump is None or bump.bond == "solder"
        if self.stage == "attach":
            return anchor is None or anchor.fixing == "fused"
        return self.races

    @property
    def makes_neck(self) -> bool:
        """Whether this heating may melt a part of the ball only: it makes a neck, or keeps one."""
        return self.stage != "cure" and self.joint.neck is not None

    @property
    def races(self) -> bool:
        """Whether this heating both melts the solder and cures the resin."""
        anchor = self.joint.anchor
        if anchor is None or anchor.route not in RACING or anchor.fixing == "paste":
            return False
        return self.stage != "mount" and self.cure is None

    def materials(self, mesh: Mesh) -> dict[str, str]:
        """Material of every region that is heated, by its name in the library.

        Raises:
            InputError: A region is asked for that the mesh has not.
            MaterialError: A region has no material in the design.
        """
        assigned = assign_materials(self.package, self.joint, self.regions(mesh))
        return {item.region: item.material for item in assigned}

    def model(self, mesh: Mesh, curing: Curing | None = None) -> HeatModel:
        """Heat conduction in what is heated, with the regions that cure.

        Raises:
            InputError: A region or an oven that cannot be.
            MaterialError: A thermal property is missing in the library.
        """
        names = self.materials(mesh)
        return HeatModel(
            cell_geometry(mesh, list(names)),
            {
                region: HeatMaterial.of(name, extrapolate=self.extrapolate)
                for region, name in names.items()
            },
            cell_boundaries("mounting" if self.stage == "mount" else "bumping", self.heating),
            curing=curing,
        )

    def solder(self, mesh: Mesh) -> tuple[tuple[str, ...], tuple[float, float]]:
        """Regions of solder that are heated, and their solidus and liquidus, degrees C.

        They are those of the heat conduction, which spreads the melting of a solder that melts at
        one temperature over :data:`bumpfem.constitutive.enthalpy.MELTING_INTERVAL_K`.

        Raises:
            MaterialError: The library does not say where the solder melts.
        """
        names = self.materials(mesh)
        melting = tuple(name for name in SOLDER if name in names)
        if not melting:
            return (), (0.0, 0.0)
        known = HeatMaterial.of(names[melting[0]], extrapolate=self.extrapolate)
        if known.solidus is None or known.liquidus is None:
            raise MaterialError(f"the library does not say where {known.name} melts")
        return melting, (known.solidus, known.liquidus)

    def corners(self, mesh: Mesh) -> list[float]:
        """Times that steps end on, s: corners of the heating, and where it passes a melting range.

        Long steps of a steady ramp would else step over the melting of the solder.
        """
        hot, names = self.heating, self.materials(mesh)
        found = {float(time) for time in hot.times}
        for material in {names[region] for region in SOLDER if region in names}:
            for level in melting_range(load_material(material)) or ():
                found |= set(passages(hot.times, hot.gas, level))
        times = sorted(found)
        kept = [after for before, after in pairwise(times) if after - before > _CLOSE_S]
        return [times[0], *kept[:-1], times[-1]]

    @property
    def settings(self) -> HeatSettings:
        """Steps of the heat conduction: short enough that no peak is cut off."""
        longest = min(self.heating.duration / _STEPS, _LONGEST_S)
        return HeatSettings(steps=HeatStepSettings(tolerance=_TOLERANCE_K, largest=longest))
