r"""Ball shear test of JESD22-B117 on a ball that stands on its interposer.

The interposer is clamped where it is: its side faces keep their displacement in their normal
direction and its back its height. A board is taken off before. A rigid tool pushes the ball along x
at constant speed and temperature, its edge at a height over the interposer's outermost face, until
it has gone its way. The test starts from the stress that the joint has by then, and works on a
copy: when it is over, the model is what it was.

The force is found twice: as the tool's resultant, and as the reaction of the clamped faces,

.. math:: F = \int p\,dA = \Big|\sum_{i\,\mathrm{held}} f^{int}_{x,i}\Big| .
"""

from __future__ import annotations

import numpy as np

from bumpfem.design.making_steps import BallShear
from bumpfem.errors import ConvergenceError
from bumpfem.meshing import Mesh
from bumpfem.physics.groups import initial_stiffness
from bumpfem.physics.kinematics import IntArray
from bumpfem.physics.loading import Loading, Prescribed
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.physics.tool_contact import Tool, ToolContact, contact_penalty, first_touch
from bumpfem.process.cell_loading import surface_unknowns
from bumpfem.process.shear_outcome import shear_outcome
from bumpfem.process.shear_place import BALL, ShearPlace, shear_place
from bumpfem.process.shear_recorder import ShearRecorder
from bumpfem.process.shear_resin import let_yield
from bumpfem.process.shear_result import BallShearResult
from bumpfem.process.shear_settings import BallShearSettings
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import Step, march
from bumpfem.solvers.settle import settle

__all__ = ["BallShearSettings", "run_ball_shear"]

#: Largest share of the travel by which the tool may sink into the ball.
LARGEST_PENETRATION = 0.01
#: Penalty of the contact to begin with, relative to stiffness over size of a touched face.
STIFFNESS_RATIO = 2.0
#: Where the tool has sunk in by this share of what is allowed, the penalty is raised ...
STIFFEN_FROM = 0.3
#: ... by this factor, from the next step on.
STIFFEN_BY = 4.0


def run_ball_shear(
    model: MechanicalModel,
    mesh: Mesh,
    test: BallShear,
    settings: BallShearSettings | None = None,
) -> BallShearResult:
    """Shear the ball of a model off its interposer, and leave the model as it was.

    Args:
        model: In equilibrium at the test's temperature.
        mesh: Its half-cell mesh.
        test: Height, speed, travel and temperature.
        settings: How it is computed.

    Raises:
        InputError: for a tool that stands too high or not above resin and mask, or the strength of
            something that is not there.
        MeshError: if there is no ball on an interposer.
        ConvergenceError: if an increment does not converge at the smallest step, or the tool sinks
            into the ball too far.
    """
    settings = settings or BallShearSettings()
    kept, groups = model.snapshot(), model.groups
    try:
        model.loading = clamped(mesh, model)
        take_off_board(model, test.temperature)
        let_yield(model, settings.yields, test.temperature)
        solid = [group.name for group in model.solid_groups]
        place = shear_place(
            mesh, model.space, solid, test.tool_height, ball_only=settings.ball_only
        )
        recorder = _sheared(model, mesh, test, settings, place)
        return shear_outcome(
            model,
            mesh,
            test,
            place,
            recorder,
            settings,
        )
    finally:
        model.groups = groups
        model.restore(kept)


def _sheared(
    model: MechanicalModel,
    mesh: Mesh,
    test: BallShear,
    settings: BallShearSettings,
    place: ShearPlace,
) -> ShearRecorder:
    """March the tool along its way and record it.

    Raises:
        ConvergenceError: if an increment does not converge, or the tool sinks in too far.
    """
    contact = tool_contact(model, place, test, settings.direction)
    allowed = LARGEST_PENETRATION * test.travel
    model.contacts = (contact,)
    recorder = ShearRecorder(model, contact, clamped_along_x(mesh, model), place.surface)
    duration = test.travel / test.speed
    history = TemperatureHistory(np.array([0.0, duration]), np.full(2, test.temperature))

    def stiffen(model: MechanicalModel, step: Step) -> None:
        if contact.deepest() > STIFFEN_FROM * allowed:
            contact.penalty *= STIFFEN_BY

    march(model, history, settings.march(duration), [recorder, stiffen])
    if recorder.penetration > allowed:
        raise ConvergenceError(
            f"the tool sinks {recorder.penetration:.3g} mm into the ball, more than "
            f"{LARGEST_PENETRATION:g} of its travel of {test.travel:g} mm: the steps are too long"
        )
    return recorder


def tool_contact(
    model: MechanicalModel, place: ShearPlace, test: BallShear, direction: float
) -> ToolContact:
    """Contact of the ball with the tool, just touching at time zero.

    Args:
        model: The model, without board.
        place: What the tool may touch.
        test: Speed and temperature.
        direction: Of the tool along x, +1 or -1.
    """
    stiffness = max(
        float(initial_stiffness(group.law, test.temperature)[0, 0])
        for group in model.solid_groups
        if group.name in BALL
    )
    start = first_touch(model.space, place.faces, model.u, direction, place.reach)
    penalty = contact_penalty(model.space, place.faces, direction, stiffness, STIFFNESS_RATIO)
    tool = Tool(direction, start, test.speed)
    return ToolContact(model.space, place.faces, tool, penalty, place.reach)


def take_off_board(model: MechanicalModel, temperature: float) -> None:
    """Take the board off a mounted joint, in equilibrium; the ball keeps its mounted shape."""
    board = [group.name for group in model.solid_groups if group.name.startswith("board")]
    if board:
        model.change({name: "absent" for name in board}, temperature)
        settle(model, temperature)


def clamped(mesh: Mesh, model: MechanicalModel) -> Loading:
    """Supports of the test: the interposer's sides and back stay where they are."""
    held = [
        clamped_along_x(mesh, model),
        surface_unknowns(mesh, model.space, "interposer_side_y_max", 1),
        surface_unknowns(mesh, model.space, "symmetry", 1),
        surface_unknowns(mesh, model.space, "interposer_top", 2),
    ]
    return Loading(
        [Prescribed(unknowns, model.u[unknowns], lambda temperature: 1.0) for unknowns in held]
    )


def clamped_along_x(mesh: Mesh, model: MechanicalModel) -> IntArray:
    """Local unknowns along x that the clamp holds."""
    faces = [
        surface_unknowns(mesh, model.space, f"interposer_side_{face}", 0)
        for face in ("x_min", "x_max")
    ]
    return np.union1d(*faces).astype(np.int32)
