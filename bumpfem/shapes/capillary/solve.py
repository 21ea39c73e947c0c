"""Newton's method for a meridian between two ends, with refinement of its grid."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bumpfem.errors import ConvergenceError
from bumpfem.shapes.capillary.collocation import between_nodes, grid
from bumpfem.shapes.capillary.end_protocol import End
from bumpfem.shapes.capillary.ends import Axis
from bumpfem.shapes.capillary.equations import Constraints, Equations
from bumpfem.shapes.capillary.guesses import Guess, default_guess
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.units import FloatArray

#: What is told where Newton's method fails.
NOT_FOUND = "no capillary equilibrium is found near this start"
#: Largest change of the tangent's angle in one Newton step, radians.
LARGEST_TURN = 0.6
#: Newton steps before giving up, and those without a smaller residual.
MOST_STEPS, MOST_FRUITLESS = 40, 10
#: Largest residual of a converged solution, relative to its length.
TOLERANCE = 1e-12
#: Largest defect of dphi/ds times the element's length between the nodes, radians; the error at
#: the ends of the elements is of the order of its square.
DEFECT = 1e-5
#: Largest defect on the finest grid, radians.
COARSE = 1e-3
#: Elements of the first and of the finest grid.
FIRST_ELEMENTS, MOST_ELEMENTS = 8, 64


def solve_meridian(
    lower: End,
    upper: End,
    liquid: Liquid,
    *,
    volume: float | None = None,
    pressure: float | None = None,
    force: float | None = None,
    height: float | None = None,
    guess: Guess | None = None,
    elements: int | None = None,
) -> Meridian:
    """The meridian in equilibrium between two ends; stable or not (see ``stability``).

    One constraint is needed, two where the height of an end's solid is unknown.

    Args:
        lower: End at which the meridian starts (liquid on the left of its direction).
        upper: End at which it stops.
        liquid: Surface tension and weight.
        volume: Volume of the liquid, mm3.
        pressure: Excess pressure at z = 0, MPa.
        force: Upward force on the upper solid, N.
        height: Rise from the lower to the upper end of the meridian, mm.
        guess: A meridian nearby or an ``ArcGuess``; needed between other ends than rims, planes
            and the axis.
        elements: Number of collocation elements; None refines until the defect is small.

    Returns:
        The solution; its residual is below 1e-12 of its length.

    Raises:
        InputError: If the constraints do not fit the ends.
        ConvergenceError: If Newton's method finds no solution from this guess.
    """
    constraints = Constraints(volume, pressure, force, height)
    start = default_guess(lower, upper, volume) if guess is None else guess
    count = elements or max(FIRST_ELEMENTS, _elements_of(start))
    while True:
        equations = Equations(lower, upper, liquid, constraints, count, start.length)
        found = meridian_of(equations, newton(equations, unknowns_of(equations, start)))
        if elements is not None or (error := defect(found)) <= DEFECT:
            return found
        if count >= MOST_ELEMENTS:
            if error <= COARSE:
                return found
            raise ConvergenceError("the shape is too wide for its thin parts to be resolved")
        start, count = found, 2 * count


def _elements_of(guess: Guess) -> int:
    return guess.elements if isinstance(guess, Meridian) else 0


def unknowns_of(equations: Equations, guess: Guess) -> FloatArray:
    """Vector of unknowns that a guess stands for."""
    if isinstance(guess, Meridian) and guess.elements == equations.grid.elements:
        states = np.column_stack((guess.r, guess.z, guess.phi))
    else:
        states = guess.states(equations.grid.fractions)
    tail = [guess.length, guess.mean_curvature]
    if equations.unknowns > 3 * equations.nodes + 2:
        unknown_upper = equations.ends[1].height is None
        end = 1 if unknown_upper else 0
        solid = guess.heights[end] if isinstance(guess, Meridian) else float(states[-end, 1])
        tail.append(solid)
    return np.concatenate((states.ravel(), tail))


def meridian_of(equations: Equations, x: FloatArray) -> Meridian:
    """The meridian that a vector of unknowns stands for."""
    nodes = equations.nodes
    y = x[: 3 * nodes].reshape(nodes, 3)
    lower, upper = equations.ends
    r = y[:, 0].copy()
    for node, end in ((0, lower), (-1, upper)):
        if isinstance(end, Axis):
            r[node] = 0.0
    return Meridian(
        liquid=equations.liquid,
        lower=lower,
        upper=upper,
        r=r,
        z=y[:, 1].copy(),
        phi=y[:, 2].copy(),
        length=float(x[3 * nodes]),
        pressure=float(x[3 * nodes + 1]) * equations.liquid.surface_tension,
        heights=equations.heights(x),
    )


def newton(equations: Equations, start: FloatArray) -> FloatArray:
    """Damped Newton iteration.

    A step is shortened so that the tangent turns by at most ``LARGEST_TURN``, radii and length
    stay positive, and, close to the solution, the residual does not grow.

    Raises:
        ConvergenceError: If the residual does not vanish.
    """
    x = start.copy()
    nodes = equations.nodes
    residual, jacobian = equations.assemble(x)
    norm = best = float(np.abs(residual).max())
    fruitless = 0
    for _ in range(MOST_STEPS):
        if fruitless > MOST_FRUITLESS:
            break
        try:
            step = np.linalg.solve(jacobian, -residual)
        except np.linalg.LinAlgError:
            break
        if not np.isfinite(step).all():
            break
        factor = _allowed(x, step, nodes)
        for _ in range(6):
            trial = x + factor * step
            new_residual, new_jacobian = equations.assemble(trial)
            new_norm = float(np.abs(new_residual).max())
            if new_norm <= 2.0 * norm or new_norm < 1e-9:
                break
            factor *= 0.5
        x, residual, jacobian, norm = trial, new_residual, new_jacobian, new_norm
        fruitless = 0 if norm < best else fruitless + 1
        best = min(best, norm)
        small = factor == 1.0 and float(np.abs(step).max()) < 1e-7
        if norm <= TOLERANCE * max(1.0, abs(x[3 * nodes])) or (small and norm <= 1e-11):
            return x
    raise ConvergenceError(NOT_FOUND)


def _allowed(x: FloatArray, step: FloatArray, nodes: int) -> float:
    """Largest fraction of a Newton step that keeps the shape sane."""
    turn = float(np.abs(step[2 : 3 * nodes : 3]).max())
    factor = min(1.0, LARGEST_TURN / turn) if turn > 0.0 else 1.0
    shrinking = np.concatenate((x[3 : 3 * nodes - 3 : 3], x[3 * nodes : 3 * nodes + 1]))
    by = np.concatenate((step[3 : 3 * nodes - 3 : 3], step[3 * nodes : 3 * nodes + 1]))
    falling = by < 0.0
    if falling.any():
        factor = min(factor, 0.7 * float((-shrinking[falling] / by[falling]).min()))
    return max(factor, 1e-3)


def defect(meridian: Meridian) -> float:
    """Largest defect of the collocation polynomial between its nodes, radians."""
    elements = meridian.elements
    rows = grid(elements).rows
    integrals, values = between_nodes()
    curvature = meridian.curvatures[0]
    slopes = np.column_stack((np.cos(meridian.phi), np.sin(meridian.phi), curvature))
    first = np.column_stack((meridian.r, meridian.z, meridian.phi))[rows[:, 0]]
    step = meridian.length / elements
    states = first[:, None, :] + step * np.einsum("pk,ekc->epc", integrals, slopes[rows])
    weight = meridian.liquid.specific_weight / meridian.liquid.surface_tension
    total = meridian.mean_curvature - weight * states[..., 1]
    exact = total - np.sin(states[..., 2]) / np.maximum(states[..., 0], 1e-300)
    wanted = curvature[rows] @ values.T
    return float(np.abs(exact - wanted).max()) * step


def follow(
    solve: Callable[[float, Meridian], Meridian],
    start: Meridian,
    first: float,
    last: float,
    *,
    step: float = 1.0,
    least: float = 1e-3,
) -> Meridian:
    """Continue a solution along a parameter, with steps that shorten where Newton fails.

    Args:
        solve: Solution at a parameter from a guess; raises ConvergenceError where it fails.
        start: Solution at ``first``.
        first: Parameter of the start.
        last: Parameter wanted.
        step: First step, as a fraction of the way.
        least: Smallest step, as a fraction of the way.

    Raises:
        ConvergenceError: If the smallest step fails; says how far it came.
    """
    done, found, growth = 0.0, start, 1.5
    while done < 1.0:
        target = min(1.0, done + step)
        try:
            found = solve(first + target * (last - first), found)
        except ConvergenceError as error:
            step, growth = 0.5 * step, 1.0
            if step < least:
                reached = first + done * (last - first)
                raise ConvergenceError(f"{error} (reached {reached:.5g} of {last:.5g})") from error
            continue
        done = target
        step, growth = growth * step, 1.5
    return found
