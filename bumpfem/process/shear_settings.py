"""How a ball shear test is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bumpfem.errors import InputError
from bumpfem.solvers.march import MarchSettings
from bumpfem.solvers.newton import NewtonSettings
from bumpfem.solvers.step_control import StepSettings


@dataclass(frozen=True)
class BallShearSettings:
    """How a ball shear test is computed.

    Attributes:
        direction: In which the tool moves along x: -1 towards the neutral point, +1 away from it.
        ball_only: Whether the tool passes through resin and mask, as if it had cut its way to the
            ball's own faces, and pushes the ball alone; what it cuts still holds the ball.
            Otherwise it pushes them too.
        yields: Von Mises stress at which regions of resin yield by their names, MPa, see
            :mod:`bumpfem.process.shear_resin`; other resins are elastic and carry any force.
        strengths: Strength of interfaces and regions by name, MPa, for their utilisation; the
            library holds none.
        fewest_steps: Steps that the travel is divided into at least.
        strain_tolerance: Largest local error of the volume-averaged inelastic strain in one step.
        newton: Limits of Newton's method.
    """

    direction: float = -1.0
    ball_only: bool = True
    yields: Mapping[str, float] = field(default_factory=dict)
    strengths: Mapping[str, float] = field(default_factory=dict)
    fewest_steps: int = 25
    strain_tolerance: float = 1e-3
    newton: NewtonSettings = field(
        default_factory=lambda: NewtonSettings(residual_tolerance=1e-4, largest_iterations=20)
    )

    def __post_init__(self) -> None:
        """Check direction, steps and strengths.

        Raises:
            InputError: for a value out of its range.
        """
        if self.direction not in (-1.0, 1.0):
            raise InputError("ball_shear.direction", self.direction, "+1 or -1")
        if self.fewest_steps < 1:
            raise InputError("ball_shear.fewest_steps", self.fewest_steps, "1 or more")
        for name, strength in self.strengths.items():
            if not strength > 0.0:
                raise InputError(f"ball_shear.strengths.{name}", strength, "> 0", "MPa")

    def march(self, duration: float) -> MarchSettings:
        """Settings of a march over ``duration``, s."""
        longest = duration / self.fewest_steps
        return MarchSettings(
            self.newton,
            StepSettings(
                tolerance=self.strain_tolerance,
                initial=0.1 * longest,
                smallest=1e-4 * longest,
                largest=longest,
            ),
        )
