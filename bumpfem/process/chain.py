"""A joint's whole history in one run: made, mounted and cycled with its state intact.

Each step begins where the one before ended: with its displacements, its temperature, the cure of
the resin and the stress and hardening of every region. Solder that melts loses both and is free of
stress where it freezes; resin, core and metals keep theirs. See ``docs/making.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.design.making import BallShear, Making, Step
from bumpfem.errors import BumpfemError, InputError
from bumpfem.meshing import Mesh
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.cell_loading import Birth
from bumpfem.process.chain_cell import ChainCell, chain_cell
from bumpfem.process.chain_clock import ChainClock
from bumpfem.process.chain_heat import HEAT_MESH_SIZE, ChainHeat
from bumpfem.process.chain_outcome import record_of
from bumpfem.process.chain_record import StepRecord
from bumpfem.process.chain_steps import Chain, ChainSettings
from bumpfem.process.shear_place import check_tools
from bumpfem.process.thermal_cycling import CyclicHistory, JointModel
from bumpfem.solvers.march import MarchReport, MarchSettings, StepObserver
from bumpfem.solvers.march import Step as Increment
from bumpfem.units import FloatArray

__all__ = ["ChainProgress", "ChainRun", "ChainSettings", "CheckpointStore", "run_chain"]


@dataclass(frozen=True)
class ChainProgress:
    """How far a chain is.

    Attributes:
        step: Number of its step, from 1.
        steps: Number of steps in all.
        kind: Kind of the step.
        temperature: Of the cell, degrees C.
        time: s since the start of the chain.
        number: Increments of this stage.
        iterations: Newton iterations of the last one.
    """

    step: int
    steps: int
    kind: str
    temperature: float
    time: float
    number: int
    iterations: int


class CheckpointStore(Protocol):
    """Where a chain keeps its full state after each step, and finds it again."""

    def latest(self) -> tuple[int, dict[str, Any]] | None:
        """Number of the last step that was saved, and the chain's facts then."""
        ...

    def save(
        self,
        step: int,
        model: MechanicalModel,
        facts: dict[str, Any],
        arrays: dict[str, FloatArray],
    ) -> None:
        """Keep the state after a step."""
        ...

    def restore(self, step: int, model: MechanicalModel) -> dict[str, FloatArray]:
        """Give a model the state after a step, and the arrays that were saved with it."""
        ...


@dataclass(frozen=True)
class ChainRun:
    """A joint's history.

    Attributes:
        records: State after each step.
        heated: Heated steps as plain data, see :func:`bumpfem.process.chain_heat.heated_table`.
        cell: The cell at the end; its profile is that of the cycles, None if there were none.
        march: What all mechanics cost.
        resumed: Number of the step after which the history was taken up; 0 if it was not.
    """

    records: tuple[StepRecord, ...]
    heated: tuple[dict[str, Any], ...]
    cell: JointModel | None
    march: MarchReport
    resumed: int = 0


def run_chain(
    package: Package,
    joint: Joint,
    making: Making,
    cycle: ThermalCycle,
    cycles: int,
    mesh: Mesh,
    *,
    settings: MarchSettings | None = None,
    extrapolate: bool = False,
    heat_mesh_size: float = HEAT_MESH_SIZE,
    observers: Sequence[StepObserver] = (),
    cycle_observers: Callable[[JointModel], Sequence[StepObserver]] | None = None,
    checkpoints: CheckpointStore | None = None,
    observer: Callable[[ChainProgress], None] | None = None,
) -> ChainRun:
    """Carry a joint from its making to its last thermal cycle.

    Args:
        package: Package design.
        joint: Joint design.
        making: Steps and the model of the resin.
        cycle: Thermal cycle of the step ``cycles``.
        cycles: Number of them.
        mesh: Mesh of the mounted joint; its nodes are moved to the shape before mounting and back.
        settings: Limits of Newton's method and of the steps.
        extrapolate: Whether properties are continued beyond their ranges.
        heat_mesh_size: Factor on the element sizes of the axisymmetric cell for heat.
        observers: See every converged increment of the mechanics; their time is that of the chain.
        cycle_observers: Asked for observers of the cycles, with the mounted cell, before they
            begin.
        checkpoints: Where the state after each step is kept; what is there is taken up.
        observer: Told how far the chain is, after every increment.

    Raises:
        InputError: The steps cannot make this joint, or a checkpoint is of another design.
        MaterialError: A material or property is missing.
        PropertyRangeError: The history leaves a property's range and ``extrapolate`` is false.
        ProcessError: A step does not do what it is there for, for instance resin never gels.
        ConvergenceError: An increment does not converge at the smallest step.

    The facts of an error that stops a step hold the ``records`` of the steps before, and the
    ``race`` of the step itself where solder and resin have run one.
    """
    making.check(joint)
    heat = ChainHeat(package, joint, mesh.mesh.comm, heat_mesh_size, extrapolate=extrapolate)
    making = heat.with_neck_ovens(making)
    cell = chain_cell(package, joint, mesh, making, cycle, extrapolate=extrapolate)
    cell.check_solid(making, cycle)
    _check_tools(cell, making)
    clock = ChainClock(cell.model, settings or MarchSettings(), cell.start_temperature)
    chain = Chain(cell, clock, heat, ChainSettings(cycle, cycles, cycle_observers))
    records: list[StepRecord] = []
    done = 0 if checkpoints is None else _resume(chain, checkpoints, records)
    for number, step in enumerate(making.steps, start=1):
        if number <= done:
            continue
        watch = _watch(observer, number, len(making.steps), step)
        clock.observers = (*observers, *watch)
        clock.restart()
        start = clock.time
        chain.begin(number)
        try:
            chain.do(step)
        except BumpfemError as error:
            error.with_facts(
                race=error.facts.get("race") or chain.remarks.verdict,
                records=[record.as_dict() for record in records],
            )
            raise
        records.append(record_of(cell, number, step.kind, start, clock, chain.remarks))
        last = number == len(making.steps)
        if checkpoints is not None and not last:
            arrays = {} if cell.birth is None else {"birth": cell.birth.u}
            checkpoints.save(number, cell.model, _facts(chain, records), arrays)
    return ChainRun(
        tuple(records), tuple(chain.heated), _joint_model(chain, chain.profile), clock.cost, done
    )


def _check_tools(cell: ChainCell, making: Making) -> None:
    """Refuse shear tests that cannot be done before anything is computed.

    Raises:
        InputError: The mesh is no half cell, the tool stands too high or too low, or the solder is
            not solid at the temperature of the test.
    """
    for step in making.steps:
        if not isinstance(step, BallShear):
            continue
        if cell.mesh.kind != "half_cell":
            raise InputError("mesh.kind", cell.mesh.kind, "half_cell", reason="for ball_shear")
        if step.temperature >= cell.melting[0]:
            raise InputError(
                "ball_shear.temperature", step.temperature,
                f"below the solidus of the solder, {cell.melting[0]:g}", "degC",
            )  # fmt: skip
    check_tools(making, cell.joint, cell.attached.shape)


def _watch(
    observer: Callable[[ChainProgress], None] | None, number: int, steps: int, step: Step
) -> Sequence[StepObserver]:
    if observer is None:
        return ()

    def watch(model: MechanicalModel, increment: Increment) -> None:
        observer(
            ChainProgress(
                number, steps, step.kind, increment.temperature, increment.time,
                increment.number, increment.iterations,
            )
        )  # fmt: skip

    return (watch,)


def _joint_model(chain: Chain, profile: CyclicHistory | None) -> JointModel | None:
    return None if profile is None else chain.joint_model(profile)


def _facts(chain: Chain, records: Sequence[StepRecord]) -> dict[str, Any]:
    """All that a chain knows besides the state of its model, as plain data."""
    cell, clock = chain.cell, chain.clock
    return {
        "time": clock.time,
        "temperature": clock.temperature,
        "cost": asdict(clock.cost),
        "cure": chain.cure,
        "birth_temperature": None if cell.birth is None else cell.birth.temperature,
        "heated": chain.heated,
        "records": [record.as_dict() for record in records],
    }


def _resume(chain: Chain, checkpoints: CheckpointStore, records: list[StepRecord]) -> int:
    """Take up a chain after its last saved step.

    Returns:
        The number of this step; 0 if there is none.
    """
    latest = checkpoints.latest()
    if latest is None:
        return 0
    number, facts = latest
    cell, clock = chain.cell, chain.clock
    mounted = facts["birth_temperature"] is not None
    cell.take_shape(mounted=mounted)
    arrays = checkpoints.restore(number, cell.model)
    if mounted:
        cell.mount(Birth(facts["birth_temperature"], arrays["birth"]))
    clock.time, clock.temperature = facts["time"], facts["temperature"]
    clock.cost = MarchReport(**facts["cost"])
    chain.cure = facts["cure"]
    chain.heated = list(facts["heated"])
    records += [StepRecord.from_dict(item) for item in facts["records"]]
    return number
