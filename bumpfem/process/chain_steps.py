"""What each step of a process chain does to the joint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bumpfem.design import ThermalCycle
from bumpfem.design.making import (
    Attach,
    BallShear,
    CoolDown,
    Cure,
    Cycles,
    Dispense,
    HeatedStep,
    MaskOff,
    MaskOn,
    Mount,
    RemoveCrown,
    RepellentOff,
    RepellentOn,
    Step,
)
from bumpfem.design.making_order import SAME_TEMPERATURE
from bumpfem.errors import InputError, ProcessError
from bumpfem.materials import Span
from bumpfem.physics.activity import Activity
from bumpfem.process.ball_shear import BallShearSettings, run_ball_shear
from bumpfem.process.cell_loading import Birth
from bumpfem.process.chain_cell import ChainCell
from bumpfem.process.chain_clock import ChainClock, Happening
from bumpfem.process.chain_events import about_to_gel, end_of_peak, hottest_time, unrelaxed
from bumpfem.process.chain_heat import ChainHeat, heated_table
from bumpfem.process.chain_remarks import Remarks
from bumpfem.process.heated_cell import BOARD_SIDE, PASTE
from bumpfem.process.heated_run import HeatedRun
from bumpfem.process.neck_melting import neck_notes
from bumpfem.process.reflow_cell import SOLDER
from bumpfem.process.setting_resin import RESINS, sets
from bumpfem.process.shear_resin import yield_strengths
from bumpfem.process.thermal_cycling import CyclicHistory, JointModel, cyclic_history
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import StepObserver

#: What is said of steps that change nothing in the mechanics.
_SAID: dict[type[Step], str] = {
    MaskOff: "nothing was held by the mask: taking it off changes no stress",
    RepellentOn: "the coat keeps the resin off the crown: it ends at the height of contact",
    RepellentOff: "the coat carries no load: taking it off changes no stress",
}


@dataclass(frozen=True)
class ChainSettings:
    """What a chain needs besides its steps.

    Attributes:
        cycle: Thermal cycle.
        cycles: Number of cycles.
        cycle_observers: Asked for observers of the cycles before they begin.
    """

    cycle: ThermalCycle
    cycles: int
    cycle_observers: Callable[[JointModel], Sequence[StepObserver]] | None = None


class Chain:
    """A joint on its way, step by step.

    Args:
        cell: Its mechanical cell.
        clock: Carries it through temperature.
        heat: Heats it.
        settings: Thermal cycles.

    Attributes:
        cure: Mean degree of cure of the resin, None before it is heated.
        heated: Heated steps so far as plain data.
        profile: Temperature of the cycles; None before them.
        remarks: What the present step leaves to say.
    """

    def __init__(
        self, cell: ChainCell, clock: ChainClock, heat: ChainHeat, settings: ChainSettings
    ) -> None:
        self.cell, self.clock, self._heat, self._settings = cell, clock, heat, settings
        self.cure: float | None = None
        self.heated: list[dict[str, Any]] = []
        self.profile: CyclicHistory | None = None
        self.remarks = Remarks()
        self._number = 0
        self._do: dict[type[Step], Callable[[Any], None]] = {
            Attach: self._attach,
            MaskOn: self._mask_on,
            **{kind: self._only_say for kind in _SAID},
            Dispense: self._dispense,
            Cure: self._cure,
            RemoveCrown: self._remove_crown,
            CoolDown: self._cool_down,
            Mount: self._mount,
            Cycles: self._cycles,
            BallShear: self._ball_shear,
        }

    def begin(self, number: int) -> None:
        """A new step begins."""
        self._number, self.remarks = number, Remarks()

    def do(self, step: Step) -> None:
        """Let a step happen."""
        self._do[type(step)](step)

    def joint_model(self, profile: CyclicHistory) -> JointModel:
        """The cell as thermal cycling knows it."""
        cell = self.cell
        joined = None if cell.birth is None else cell.birth.u
        return JointModel(cell.model, cell.mesh, cell.materials, cell.expansion, profile, joined)

    # --- attaching --------------------------------------------------------------------------------

    def _attach(self, step: Attach) -> None:
        cell = self.cell
        run = self._heated(step, [*SOLDER, "core", PASTE, *self._film])
        history = run.mechanics_history()
        if self._pasted:
            fixed = self._paste(run, history)
        else:
            freezes = run.events["freezes"]
            if freezes is None:
                raise ProcessError("attach: the solder does not melt and freeze")
            fixed = Happening(freezes, self._freeze)
        self.clock.follow(history, [fixed, *self._resin_sets(run, history)])
        ball = cell.attached.shape
        self._note(f"the ball is {ball.ball_height:.4g} mm high over its pad")
        self._notes(ball.notes)

    @property
    def _film(self) -> tuple[str, ...]:
        """Resin that lies there as a film when the ball is fixed."""
        anchor = self.cell.joint.anchor
        return RESINS if anchor is not None and anchor.route == "film" else ()

    @property
    def _pasted(self) -> bool:
        anchor = self.cell.joint.anchor
        return anchor is not None and anchor.fixing == "paste"

    def _paste(self, run: HeatedRun, history: TemperatureHistory) -> Happening:
        """The ball is held from when its paste gels, or, without a law, sets after the peak."""

        def fix() -> None:
            self._solidify(*SOLDER, "core", PASTE)

        paste = next(item for item in self.cell.materials if item.region == PASTE)
        if sets(paste):
            self._change({PASTE: "liquid"})
            gels = self._gels(PASTE, history)
            if gels is None:
                raise ProcessError(f"attach: paste {paste.material} does not gel in this heating")
            return Happening(gels, fix)
        self._note(f"the library has no cure of {paste.material}: it sets as the peak ends")
        return Happening(end_of_peak(run), fix)

    def _freeze(self) -> None:
        """Solder freezes free of stress around its core, which keeps its hardening."""
        self._solidify(*SOLDER)
        self._solidify("core", keep=True)

    # --- mask and repellent -----------------------------------------------------------------------

    def _mask_on(self, step: MaskOn) -> None:
        mask = self.cell.joint.mask
        if mask is not None and mask.kept:
            self._solidify("mask")
            self._note("the mask stays as a collar: it carries load from here on")
        else:
            self._note("the mask lies loose on the interposer: it carries no load")

    def _only_say(self, step: Step) -> None:
        self._note(_SAID[type(step)])

    # --- resin ------------------------------------------------------------------------------------

    def _dispense(self, step: Dispense) -> None:
        self.clock.ramp(step.temperature)
        if not self._film:
            self._change(dict.fromkeys(RESINS, "liquid"))

    def _cure(self, step: Cure) -> None:
        run = self._heated(step, RESINS)
        history = run.mechanics_history()
        self.clock.follow(history, self._resin_sets(run, history))

    def _resin_sets(self, run: HeatedRun, history: TemperatureHistory) -> list[Happening]:
        """When the resin begins to take part in the mechanics."""

        def solidify() -> None:
            self._solidify(*RESINS)

        if run.film is not None:
            return [Happening(hottest_time(run), solidify)]
        if "resin" not in self.cell.mesh.regions:
            return []
        gels = self._gels("resin", history)
        if gels is None and self.cell.model.group("resin").activity == "liquid":
            raise ProcessError(
                f"{run.stage}: {self.cell.material('resin')} does not gel at the mean temperature "
                f"of the cell, which reaches {history.temperatures.max():.1f} degC"
            )
        return [] if gels is None else [Happening(gels, solidify)]

    def _gels(self, region: str, history: TemperatureHistory) -> float | None:
        """When a liquid region is about to gel by its own law; None where it does not."""
        return about_to_gel(self.cell.model.group(region), history, self.cell.model.mesh.comm)

    def _remove_crown(self, step: RemoveCrown) -> None:
        crown = self.cell.regions(["resin_crown"])
        if not crown:
            raise InputError(
                "mesh.regions", ", ".join(self.cell.mesh.regions), "also resin_crown",
                reason="build_mesh(..., crown_resin=joint.anchor.crown_film) draws what is removed",
            )  # fmt: skip
        self._change(dict.fromkeys(crown, "absent"))
        force = self.clock.settle()
        self._note(f"the resin on the crown hands over {force:.3g} N")

    # --- cooling, mounting and cycles -------------------------------------------------------------

    def _cool_down(self, step: CoolDown) -> None:
        now = self.clock.temperature
        if step.temperature > now + SAME_TEMPERATURE:
            raise InputError(
                "cool_down.temperature", step.temperature,
                f"at most {now:.1f}, at which the joint is", "degC",
                f"step {self._number} would heat it",
            )  # fmt: skip
        self.clock.ramp(step.temperature, step.rate)

    def _mount(self, step: Mount) -> None:
        run = self._heated(step, [*SOLDER, *BOARD_SIDE])
        melts, freezes = run.events["melts"], run.events["freezes"]
        if melts is None or freezes is None:
            raise ProcessError("mount: the solder does not melt and freeze")
        self.clock.follow(
            run.mechanics_history(), [Happening(melts, self._melt), Happening(freezes, self._join)]
        )
        self.clock.ramp(step.temperature, step.rate)
        self._notes(self.cell.mesh.facts.notes)
        self._notes(neck_notes(self.cell.joint, self.cell.attached.shape, run.history))

    def _melt(self) -> None:
        """Solder melts, that of a neck in part: it lets go of all load and takes another shape."""
        cell = self.cell
        self._change(dict.fromkeys(SOLDER, "absent"))
        self._change({"core": "absent"}, keep=True)
        if any(group.activity == "solid" for group in cell.model.groups):
            force = self.clock.settle()
            self._note(f"melting solder hands over {force:.3g} N")
        cell.take_shape(mounted=True)
        cell.model.refresh_geometry()

    def _join(self) -> None:
        """Solder freezes between both lands: joint and board are free of stress."""
        self._freeze()
        self._solidify(*BOARD_SIDE)
        self.cell.mount(Birth(self.clock.temperature, self.cell.model.u.copy()))

    def _cycles(self, step: Cycles) -> None:
        settings, clock = self._settings, self.clock
        profile = cyclic_history(
            settings.cycle, settings.cycles, clock.temperature, start=clock.time
        )
        self.profile = profile
        self._notes(unrelaxed(self.cell.model, settings.cycle.maximum))
        before = clock.observers
        if settings.cycle_observers is not None:
            clock.observers = (*before, *settings.cycle_observers(self.joint_model(profile)))
        clock.follow(profile.history)
        clock.observers = before

    def _ball_shear(self, step: BallShear) -> None:
        """The test is done on a copy, at its own temperature."""
        model, clock = self.cell.model, self.clock
        kept, time, temperature = model.snapshot(), clock.time, clock.temperature
        observers, clock.observers = clock.observers, ()
        clock.ramp(step.temperature)
        span = Span(step.temperature, step.temperature, extrapolate=self.cell.extrapolate)
        yields = yield_strengths(self.cell.materials, span)
        result = run_ball_shear(model, self.cell.mesh, step, BallShearSettings(yields=yields))
        model.restore(kept)
        clock.time, clock.temperature, clock.observers = time, temperature, observers
        self.remarks.shear_test = result.as_dict()

    # --- common -----------------------------------------------------------------------------------

    def _heated(self, step: HeatedStep, coming: Sequence[str]) -> HeatedRun:
        """Heat what is there and what comes in this step; keep the outcome."""
        cell = self.cell
        run = self._heat.run(step, {*cell.present, *cell.regions(coming)}, self.cure)
        if run.end_cure is not None:
            self.cure = run.end_cure
        self.heated.append(heated_table(run, self._number, self.clock.time))
        self._note(run.sentence)
        self._notes(run.remarks)
        if run.film is not None:
            self._note(run.film.sentence)
        if run.race is not None:
            self.remarks.verdict = run.race.as_dict()
        return run

    def _solidify(self, *regions: str, keep: bool = False) -> None:
        self._change(dict.fromkeys(regions, "solid"), keep=keep)

    def _change(self, activity: dict[str, Activity], *, keep: bool = False) -> None:
        """Change the regions among some that the mesh has; ``keep`` their hardening."""
        known = {name: activity[name] for name in self.cell.regions(activity)}
        if known:
            kept = tuple(known) if keep else ()
            self.cell.model.change(known, self.clock.temperature, keep=kept)

    def _note(self, text: str) -> None:
        self.remarks.notes.append(text)

    def _notes(self, texts: Sequence[str]) -> None:
        self.remarks.notes += texts
