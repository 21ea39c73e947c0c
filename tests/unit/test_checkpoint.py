"""Checkpoints of a chain: what is read back, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bumpfem.errors import InputError
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.results.checkpoint import FILE_NAME, Checkpoints, first_difference
from tests.support.mechanics import elastic, heat
from tests.support.shear import NORTON, Layer, shear_stack

DESIGN: dict[str, Any] = {"joint": {"solder": "norton", "layers": [1, 1]}, "size": 0.25}


def stack(*names: str, units: int = 1) -> MechanicalModel:
    first, second = names or ("stiff", "solder")
    return shear_stack(
        [Layer(first, 1, elastic(80e3, 0.25)), Layer(second, units, NORTON)], lambda t: 1e-4 * t
    )


def saved(folder: Path) -> MechanicalModel:
    """A model with a layer that was born late, and its checkpoint."""
    model = stack()
    heat(model, 0.0, 10.0)
    model.change({"solder": "liquid"}, 10.0)
    model.change({"solder": "solid"}, 10.0)
    heat(model, 10.0, 20.0)
    facts = {"note": "late", "temperature": 20.0}
    Checkpoints(folder, DESIGN).save(3, model, facts, {"birth": -model.u})
    return model


def test_everything_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    """Displacement, time, activity, offset, state, stress, facts and arrays."""
    model, other = saved(tmp_path), stack()
    store = Checkpoints(tmp_path, DESIGN)
    assert store.latest() == (3, {"note": "late", "temperature": 20.0})
    arrays = store.restore(3, other)
    np.testing.assert_array_equal(other.u, model.u)
    np.testing.assert_array_equal(arrays["birth"], -model.u)
    assert other.time == model.time == 1.0
    for one, two in zip(model.groups, other.groups, strict=True):
        assert one.activity == two.activity
        np.testing.assert_array_equal(two.state, one.state)
        np.testing.assert_array_equal(two.committed_stress, one.committed_stress)
    assert other.group("stiff").offset is None
    np.testing.assert_array_equal(other.group("solder").offset, model.group("solder").offset)
    for each in (model, other):
        heat(each, 20.0, 0.0)
    np.testing.assert_array_equal(other.u, model.u)
    np.testing.assert_array_equal(other.group("solder").state, model.group("solder").state)


def test_absent_regions_come_back_absent(tmp_path: Path) -> None:
    """And without an offset."""
    model, other = stack(), stack()
    model.change({"solder": "absent"}, 0.0)
    store = Checkpoints(tmp_path, DESIGN)
    store.save(1, model, {})
    assert store.restore(1, other) == {}
    assert [group.activity for group in other.groups] == ["solid", "absent"]
    assert other.group("solder").offset is None


def test_nothing_saved(tmp_path: Path) -> None:
    """No file, no step; and no folder is made by asking."""
    assert Checkpoints(tmp_path / "none", DESIGN).latest() is None
    assert not (tmp_path / "none").exists()


def test_killed_while_writing(tmp_path: Path) -> None:
    """What was begun beside the file does not count; the next one takes its place."""
    model = saved(tmp_path)
    (tmp_path / FILE_NAME).with_suffix(".partial").write_bytes(b"PK\x03\x04 half")
    store = Checkpoints(tmp_path, DESIGN)
    found = store.latest()
    assert found is not None
    assert found[0] == 3
    store.save(4, model, {})
    assert store.latest() == (4, {})
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize(
    ("design", "named"),
    [
        ({**DESIGN, "size": 0.5}, r"checkpoint\.size = 0\.25 .* 0\.5, as in this run"),
        (
            {**DESIGN, "joint": {"solder": "anand", "layers": [1, 1]}},
            r"checkpoint\.joint\.solder = norton .* anand",
        ),
        (
            {**DESIGN, "joint": {"solder": "norton", "layers": [1, 2]}},
            r"checkpoint\.joint\.layers\.2 = 1 .* 2",
        ),
        ({**DESIGN, "anchor": {"route": "dip"}}, r"checkpoint\.anchor = nothing .*dip"),
        ({"size": 0.25}, r"checkpoint\.joint = .* nothing"),
    ],
    ids=["value", "nested", "list", "added", "missing"],
)
def test_another_design_is_refused(tmp_path: Path, design: dict[str, Any], named: str) -> None:
    """The error names the first path that differs, and both values."""
    model = saved(tmp_path)
    with pytest.raises(InputError, match=named):
        Checkpoints(tmp_path, design).latest()
    with pytest.raises(InputError, match=named):
        Checkpoints(tmp_path, design).restore(3, model)


def test_another_mesh_or_step_is_refused(tmp_path: Path) -> None:
    """Regions, cells, nodes and step must be those that were saved; the model is left alone."""
    model = saved(tmp_path)
    store = Checkpoints(tmp_path, DESIGN)
    for other, named in (
        (stack("stiff", "tin"), r"mesh\.regions"),
        (stack(units=2), r"mesh\.cells = 12 .* 18"),
    ):
        with pytest.raises(InputError, match=named):
            store.restore(3, other)
        assert not other.u.any()
    with pytest.raises(InputError, match=r"checkpoint\.step = 3 .* 2"):
        store.restore(2, model)
    moved = stack()
    moved.mesh.geometry.x[:, 2] *= 1.0 + 1e-3
    with pytest.raises(InputError, match=r"distance of a node = 0\.0005 mm"):
        store.restore(3, moved)


def test_unreadable_file(tmp_path: Path) -> None:
    """A file that is none of ours is named, not taken for a missing one."""
    (tmp_path / FILE_NAME).write_bytes(b"nothing of the kind")
    with pytest.raises(InputError, match="a checkpoint that can be read"):
        Checkpoints(tmp_path, DESIGN).latest()


def test_first_difference() -> None:
    """Numbers are compared as they are; equal data have no difference."""
    assert first_difference(DESIGN, dict(DESIGN)) is None
    assert first_difference({"a": 1}, {"a": 1.0}) is None
    assert first_difference([1, [2]], [1, [3]]) == ("2.1", 2, 3)
    assert first_difference([1], [1, 2]) == ("", [1], [1, 2])
