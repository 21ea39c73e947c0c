r"""An oven that melts as much of a ball as its neck asks for, found by the heat computation.

A cell of heat content H that meets hot gas of temperature :math:`T_g` over an area A takes up

.. math:: \dot H = h A\,(T_g - T) .

While its solder melts T hardly changes, so that heat and time decide how much melts: a gas hotter
by 1 K melts about 0.1 more of the ball, where 1 K of the ball itself would be a third of SAC305 and
twice all of a eutectic. The gas rises in a usual way to a peak, stays there and cools; the peak is
what is sought. The melted fraction never falls with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from scipy.optimize import brentq

from bumpfem.design import Joint, Package
from bumpfem.design.neck import MELTED_TOLERANCE
from bumpfem.design.oven import USUAL_COEFFICIENT, Oven
from bumpfem.errors import InputError, ProcessError
from bumpfem.materials.extrapolation import unrecorded_extrapolations
from bumpfem.meshing import Mesh
from bumpfem.process.heated_cell import HeatedStep
from bumpfem.process.heated_run import HeatedStage
from bumpfem.process.heated_step import heat_step
from bumpfem.process.neck_melting import melted_share

#: Gas of the sought oven: room, preheat in kelvin below the solidus and time of it, s, stay at the
#: peak, s, and end. The rates are in degrees C per second.
_ROOM, _END = 25.0, 40.0
_PREHEAT, _PREHEAT_TIME, _STAY = (50.0, 20.0), 90.0, 30.0
_HEATING, _TO_PEAK, _COOLING = 1.5, 1.0, 2.0
#: Highest peak of the gas above the solidus that is tried, and first step up from the solidus, K.
_HIGHEST, _FIRST = 160.0, 10.0
#: Change of the melted fraction per kelvin of gas, about, by which temperatures outside the melting
#: range are continued.
_SLOPE = 0.1
#: The peak is sought to this, K: a tenth of the tolerance at this slope. It is rounded to 0.01 K.
_PEAK_K = 0.1 * MELTED_TOLERANCE / _SLOPE


@dataclass(frozen=True)
class NeckOven:
    """An oven that was found.

    Attributes:
        oven: The oven: gas of a drawn profile.
        melted: Part of the ball that melts in it.
        slope: What a gas hotter by 1 K at its peak would melt in addition, 1/K.
        runs: Number of heatings that it took.
    """

    oven: Oven
    melted: float
    slope: float
    runs: int

    @property
    def sentence(self) -> str:
        """What was found, in a line."""
        peak = max(gas for _, gas in self.oven.corners or ())
        return (
            f"the oven was sought for the neck: its gas peaks at {peak:g} degC for {_STAY:g} s; "
            f"1 K more melts {self.slope:.2f} more of the ball"
        )


def seek_neck_oven(
    package: Package, joint: Joint, stage: HeatedStage, mesh: Mesh, *, extrapolate: bool = False
) -> NeckOven:
    """The oven whose gas melts the part of a ball that its neck asks for.

    Args:
        package: Package design.
        joint: Joint with a neck.
        stage: ``attach`` or ``mount``.
        mesh: Mesh of the mounted joint, axisymmetric or half cell.
        extrapolate: Whether thermal properties keep their end values beyond their ranges.

    Raises:
        InputError: The joint has no neck, or no solder melts at the stage.
        ProcessError: No peak up to 160 K above the solidus melts this part.
        BumpfemError: What :func:`bumpfem.process.heated_step.heat_step` raises.
    """
    if joint.neck is None:
        raise InputError("joint.neck", None, "a neck", reason=f"joint {joint.name} melts wholly")
    if stage == "cure":
        raise InputError("stage", stage, '"attach" or "mount"', reason="no solder melts there")
    any_oven = Oven(profile="jstd020_pb_free")
    step = HeatedStep(package, joint, stage, any_oven, extrapolate=extrapolate)
    return _Search(step, mesh, joint.neck.melted_fraction).found()


def gas_oven(solidus: float, peak: float) -> Oven:
    """Gas that goes to a preheat below a solidus, to a peak, stays there for a while and cools.

    Args:
        solidus: Degrees C.
        peak: Degrees C.
    """
    corners = [(0.0, _ROOM)]
    for end, span in (
        (solidus - _PREHEAT[0], abs(solidus - _PREHEAT[0] - _ROOM) / _HEATING),
        (solidus - _PREHEAT[1], _PREHEAT_TIME),
        (peak, abs(peak - solidus + _PREHEAT[1]) / _TO_PEAK),
        (peak, _STAY),
        (_END, abs(peak - _END) / _COOLING),
    ):
        corners.append((round(corners[-1][0] + span, 3), round(end, 2)))
    return Oven(
        corners=tuple(corners), measures="gas", coefficient=USUAL_COEFFICIENT, limits="none"
    )


class _Search:
    """Heats a joint in one oven after another."""

    def __init__(self, step: HeatedStep, mesh: Mesh, wanted: float) -> None:
        self._step, self._mesh, self._wanted = step, mesh, wanted
        self._melting, self._span = step.solder(mesh)
        self._known: dict[float, tuple[float, float]] = {}

    def found(self) -> NeckOven:
        """The oven.

        Raises:
            ProcessError: There is none.
        """
        peak = self._peak()
        melted, more = self._heated(peak)[0], self._heated(peak + 1.0)[0]
        if abs(melted - self._wanted) > MELTED_TOLERANCE:
            raise self._failure(peak, melted)
        return NeckOven(gas_oven(self._span[0], peak), melted, more - melted, len(self._known))

    def _peak(self) -> float:
        """Peak that melts what is wanted, degrees C."""
        solidus = self._span[0]
        low, rise = solidus, _FIRST
        while self._excess(solidus + rise) < 0.0:
            low = solidus + rise
            if rise >= _HIGHEST:
                raise self._failure(low, self._heated(low)[0])
            rise = min(2.0 * rise, _HIGHEST)
        return round(float(brentq(self._excess, low, solidus + rise, xtol=_PEAK_K)), 2)

    def _excess(self, peak: float) -> float:
        return self._heated(peak)[1] - self._wanted

    def _heated(self, peak: float) -> tuple[float, float]:
        """Melted fraction, and the same continued beyond 0 and 1 by temperature."""
        key = round(peak, 2)
        if key not in self._known:
            solidus, liquidus = self._span
            step = replace(self._step, heat=gas_oven(solidus, key))
            with unrecorded_extrapolations():
                history = heat_step(step, self._mesh).history
            melted, beyond = melted_share(history, self._melting), 0.0
            if melted <= 0.0:
                beyond = float(history.highest(self._melting).max()) - solidus
            elif melted >= 1.0:
                beyond = float(history.lowest(self._melting).max()) - liquidus
            self._known[key] = melted, melted + _SLOPE * beyond
        return self._known[key]

    def _failure(self, peak: float, melted: float) -> ProcessError:
        return ProcessError(
            f"{self._step.stage}: no oven was found that melts {self._wanted:g} of the ball for "
            f"its neck: gas that peaks at {peak:g} degC melts {melted:.3f} of it; give an `oven` "
            "or a `programme`"
        )
