"""Contact with the shear tool against closed forms: bar, beam, Hertz, limit load, steady flow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bumpfem.constitutive import Anand, J2Plasticity, Law, Norton, Table
from bumpfem.physics.exposed_faces import exposed_faces
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.mechanics import Loading, MechanicalModel, Prescribed
from bumpfem.physics.tool_contact import Tool, ToolContact, contact_penalty, first_touch
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import march
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    all_cells,
    box,
    cells_where,
    curved,
    elastic,
    expanding,
    fixed_steps,
    held,
    one_region,
    rollers,
)

MODULUS, RATIO = 1000.0, 0.3


def pushed(
    model: MechanicalModel, speed: float = 0.01, edge: float = -np.inf, ratio: float = 20.0
) -> ToolContact:
    """Let a tool stand at the model's farthest face along x, beyond the height ``edge``."""
    space = model.space
    faces = exposed_faces(space, all_cells(model.mesh), all_cells(model.mesh))
    reach = faces.points[:, :, 2] > edge
    tool = Tool(-1.0, first_touch(space, faces, model.u, -1.0, reach), speed)
    penalty = contact_penalty(space, faces, -1.0, MODULUS, ratio)
    contact = ToolContact(space, faces, tool, penalty, reach)
    model.contacts = (contact,)
    return contact


def push(model: MechanicalModel, end: float, steps: int, temperature: float = 25.0) -> None:
    """March at a constant temperature."""
    history = TemperatureHistory(np.array([0.0, end]), np.full(2, temperature))
    march(model, history, fixed_steps(end / steps))


def test_block() -> None:
    """A block on rollers against the tool: block and contact are springs in series,
    F = travel / (L / (E A) + 1 / (k A)), the pressure is uniform: the exact patch test.
    """
    model = one_region(
        box((3, 2, 2), (1.0, 0.5, 0.7)), elastic(MODULUS, RATIO), lambda s: Loading(rollers(s))
    )
    contact = pushed(model)
    push(model, 1.0, 2)
    area = 0.5 * 0.7
    series = 1.0 / (MODULUS * area) + 1.0 / (contact.penalty * area)
    assert contact.resultant() == pytest.approx(0.01 / series, rel=1e-9)
    assert contact.area() == pytest.approx(area, rel=1e-12)
    touching = contact.pressure > 0.0
    np.testing.assert_allclose(contact.pressure[touching], 0.01 / series / area, rtol=1e-8)
    assert contact.deepest() == pytest.approx(0.01 / series / area / contact.penalty, rel=1e-8)


def test_never_pulls() -> None:
    """A block that shrinks away from the tool is let go: no force, no stress; one that the tool
    reaches again after a way of its shrinkage is pushed by the rest of the way only.
    """
    shrinkage, end = 2e-3, 0.3
    mesh = box((2, 1, 1), (1.0, 1.0, 1.0))
    model = one_region(mesh, elastic(MODULUS, 0.0), lambda s: Loading(rollers(s)))
    model.groups[0].thermal_strain = expanding(shrinkage / 100.0, 125.0)
    contact = pushed(model, speed=0.01)
    history = TemperatureHistory(np.array([0.0, end]), np.array([125.0, -175.0]))
    march(model, history, fixed_steps(end))
    assert contact.resultant() == 0.0
    assert contact.pressure.min() == 0.0
    assert np.abs(model.groups[0].stress).max() < 1e-9
    march(
        model,
        TemperatureHistory(np.array([end, 1.0]), np.array([-175.0, -175.0])),
        fixed_steps(0.1),
    )
    series = 1.0 / MODULUS + 1.0 / contact.penalty
    assert contact.resultant() == pytest.approx((0.01 - 3.0 * shrinkage) / series, rel=1e-8)


def test_exposed_faces() -> None:
    """Faces between two solids are not exposed, those to something absent are; over a closed
    curved surface the integral of n vanishes and that of x . n is three volumes.
    """

    def bulged(x: FloatArray) -> FloatArray:
        return np.asarray(x + 0.1 * np.sin(np.pi * x[:, [1, 2, 0]]) * [1.0, 0.5, 0.7])

    mesh = curved(box((2, 2, 2), (1.0, 1.0, 1.0)), bulged)
    space = DisplacementSpace(mesh)
    faces = exposed_faces(space, all_cells(mesh), all_cells(mesh))
    volume = space.strain_operator(all_cells(mesh)).weights.sum()
    np.testing.assert_allclose(faces.area.sum((0, 1)), 0.0, atol=1e-12)
    assert (faces.points * faces.area).sum() == pytest.approx(3.0 * volume, rel=2e-3)

    flat = box((2, 1, 1), (1.0, 1.0, 1.0))
    left = cells_where(flat, lambda x: x[:, 0] < 0.5)
    space = DisplacementSpace(flat)
    for solid, across in ((all_cells(flat), 1.0), (left, 2.0)):
        area = exposed_faces(space, left, solid).area
        assert np.abs(area[:, :, 0]).sum() == pytest.approx(across, rel=1e-12)
        assert np.abs(area[:, :, 1]).sum() == pytest.approx(1.0, rel=1e-12)


def clamped_bar(
    law: Law, cells: tuple[int, int, int], size: tuple[float, float, float], **options: Any
) -> MechanicalModel:
    """A bar clamped at z = 0; y = 0 is a plane of symmetry."""

    def loading(space: DisplacementSpace) -> Loading:
        clamp = [held(space, lambda x: x[:, 2] < 1e-9, axis) for axis in range(3)]
        return Loading([*clamp, held(space, lambda x: x[:, 1] < 1e-9, 1)])

    return one_region(box(cells, size), law, loading, **options)


def reaction(model: MechanicalModel) -> float:
    """Force of the supports along x."""
    force = np.zeros(model.space.local_size)
    for group in model.groups:
        group.add_force(force)
    clamp = np.flatnonzero(model.space.node_coordinates()[:, 2] < 1e-9)
    return float(force[3 * clamp].sum())


def test_clamped_beam() -> None:
    """A clamped bar bends away beyond the tool's edge, so that the edge alone pushes: Timoshenko's
    F = travel / (h^3 / (3 E I) + h / (5/6 G A)) with the height h of the force, without Poisson
    effect (which a clamp hinders). Local indentation leaves 1 %. The supports carry the force.
    """
    edge, speed = 4.0, 0.01
    model = clamped_bar(elastic(MODULUS, 0.0), (3, 1, 18), (1.0, 0.5, 4.5))
    contact = pushed(model, speed, edge=edge)
    push(model, 1.0, 1)
    height, inertia, area = contact.centre()[2], 0.5 / 12.0, 0.5
    assert edge < height < edge + 0.05
    compliance = height**3 / (3 * MODULUS * inertia) + height / (5 / 6 * 0.5 * MODULUS * area)
    assert contact.resultant() == pytest.approx(speed / compliance, rel=0.01)
    assert abs(reaction(model)) == pytest.approx(contact.resultant(), rel=1e-6)


def test_hertz() -> None:
    """A paraboloid of radius R pressed by a rigid plane: F = 4/3 E/(1 - nu^2) sqrt(R d^3) at the
    depth d, contact radius sqrt(R d). The far faces of the block, five contact radii away, move as
    Boussinesq's point load moves them; four cells across the contact leave 3 % in the force.
    """
    radius, size, depth = 100.0, 5.0, 0.01
    exact = 4.0 / 3.0 * MODULUS / (1.0 - RATIO**2) * np.sqrt(radius * depth**3)

    def shaped(x: FloatArray) -> FloatArray:
        y, z, below = size * np.clip([x[:, 1], x[:, 2], 1.0 - x[:, 0]], 0.0, 1.0) ** 1.75
        sag = (y**2 + z**2) / (2.0 * radius)
        return np.column_stack([(size - sag) * (1.0 - below / size), y, z])

    def boussinesq(x: FloatArray) -> FloatArray:
        below, across = size - x[:, :1], x[:, 1:]
        far = np.sqrt(below**2 + (across**2).sum(axis=1, keepdims=True))
        inward = below**2 / far**3 + 2.0 * (1.0 - RATIO) / far
        outward = across * (below / far**3 - (1.0 - 2.0 * RATIO) / (far * (far + below)))
        shear_modulus = 0.5 * MODULUS / (1.0 + RATIO)
        return np.hstack([-inward, outward]) * exact / (4.0 * np.pi * shear_modulus)

    def loading(space: DisplacementSpace) -> Loading:
        x = space.node_coordinates()
        nodes = np.flatnonzero((x[:, 0] < 1e-6) | (x[:, 1:].max(axis=1) > size - 1e-6))
        unknowns = (3 * nodes[:, None] + np.arange(3)).astype(np.int32)
        far = Prescribed(unknowns.ravel(), boussinesq(x[nodes]).ravel(), lambda temperature: 1.0)
        return Loading([*rollers(space)[1:], far])

    mesh = curved(box((7, 7, 7), (1.0, 1.0, 1.0)), shaped)
    model = one_region(mesh, elastic(MODULUS, RATIO), loading)
    contact = pushed(model, speed=depth, ratio=200.0)
    push(model, 1.0, 1)

    assert 4.0 * contact.resultant() == pytest.approx(exact, rel=0.03)


def neck(law: Law, fineness: int, **options: Any) -> MechanicalModel:
    """A short square bar of width 1, half of it by symmetry; the tool pushes beyond 0.25."""
    return clamped_bar(law, (2 * fineness, fineness, 2 * fineness), (1.0, 0.5, 1.0), **options)


def test_limit_load() -> None:
    """A perfectly plastic short bar: sliding along the clamp bounds the limit load from above,
    F <= k b w with the yield stress in shear k = Y / sqrt 3; Drucker's (1956) interaction of shear
    and bending of a cantilever, loaded at the height h of the force, bounds it from below,
    F h / (Y b w^2 / 4) + (F / (k b w))^4 = 1. After the first quarter the force stays level.
    """
    strength, edge = 1.0, 0.25
    law = J2Plasticity(Table.constant(MODULUS), Table.constant(RATIO), (0.0,), (strength,))
    model = neck(law, 3)
    contact = pushed(model, speed=0.01, edge=edge)
    forces = []
    for stage in range(2):
        history = TemperatureHistory(np.array([stage, stage + 1.0]), np.full(2, 25.0))
        march(model, history, fixed_steps(0.1))
        forces.append(2.0 * contact.resultant())
    sliding = strength / np.sqrt(3.0)
    shares = np.linspace(0.0, 1.0, 10001)
    bending = shares * sliding * contact.centre()[2] / (strength / 4.0)
    least = float(np.interp(1.0, bending + shares**4, shares)) * sliding

    assert least < forces[1] < sliding
    assert forces[1] == pytest.approx(forces[0], rel=5e-3)


def test_steady_creep_scales_with_speed() -> None:
    """Norton's rate ~ stress^n makes the steady problem homogeneous: F ~ speed^(1/n) exactly."""
    exponent, forces = 5.0, []
    law = Norton(Table.constant(MODULUS), Table.constant(RATIO), A=1.0, n=exponent)
    for speed in (0.01, 0.08):
        model = neck(law, 2)
        contact = pushed(model, speed, edge=0.25)
        push(model, 4e-2 / speed, 40)
        forces.append(contact.resultant())

    assert forces[1] / forces[0] == pytest.approx(8.0 ** (1.0 / exponent), rel=2e-3)


def test_anand_saturation_scales_with_speed() -> None:
    """Saturated Anand solder flows steadily at its saturation stress, so that the force follows
    saturation_stress(rate) from one speed to another; the rate is speed over size all over.
    """
    modulus = Table.constant(46.5e3)
    law = Anand(
        modulus, Table.constant(0.4), A=3501.0, Q_over_R=9320.0, xi=4.0, m=0.25, h0=180e3,
        s_hat=30.2, n=0.01, a=1.78, s0=21.0,
    )  # fmt: skip
    forces = []
    for speed in (0.1, 0.8):
        model = neck(law, 2)
        contact = pushed(model, speed, edge=0.25)
        push(model, 0.1 / speed, 50)
        forces.append(contact.resultant())
    low, high = (law.saturation_stress(speed, 25.0) for speed in (0.1, 0.8))

    assert forces[1] / forces[0] == pytest.approx(high / low, rel=0.01)
