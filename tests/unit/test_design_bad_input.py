"""Every wrong input gives one clear error that names field, value, unit and what is allowed."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bumpfem.design import CycleChoice, Joint, Package, Study, ThermalCycle
from bumpfem.errors import InputError

ROOT = Path(__file__).parents[2]
GOOD = tomllib.loads((ROOT / "meshes" / "pbga_0p80.toml").read_text(encoding="utf-8"))


def changed(path: str, value: object) -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(GOOD)
    *tables, key = path.split(".")
    node = data
    for table in tables:
        node = node.setdefault(table, {})
    node[key] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "field", "unit", "words"),
    [
        # wrong units, wrong scale, wrong sign
        ("pitch", -0.8, "pitch", "mm", "at least 0.05 and at most 5 mm"),
        ("pitch", 800, "pitch", "mm", "the unit of this field is mm"),
        ("pitch", 0.0008, "pitch", "mm", "the unit of this field is mm"),
        ("pitch", float("nan"), "pitch", "mm", "a number"),
        ("pitch", float("inf"), "pitch", "mm", "a number"),
        ("pitch", True, "pitch", "mm", "a number"),
        ("pitch", "0.8 in", "pitch", "", "0.8 in is 20.32 mm"),
        ("board.thickness", "1.6", "board.thickness", "", "its unit is mm"),
        ("ball_diameter", 4.5, "ball_diameter", "mm", "less than pitch"),
        # unknown keys and words
        ("ptich", 0.8, "ptich", "", "did you mean 'pitch'?"),
        ("joints.cored.core.diametre", 0.3, "joints.cored.core.diametre", "", "'diameter'"),
        ("joints.masked.mask.fixing_agent", "rosn", "joints.masked.mask.fixing_agent", "",
         "did you mean 'rosin'?"),
        ("joints.metal_bump.bump.metal", "lead", "joints.metal_bump.bump.metal", "",
         "'aluminium', 'copper', 'nickel', 'silver', 'gold'"),
        ("joints.metal_bump.bump.pad_metal", "copper", "joints.metal_bump.bump.pad_metal", "",
         "chromium"),
        ("interposer.material", "BT laminate", "interposer.material", "", "lower-case"),
        ("joints.masked.mask.kept", "yes", "joints.masked.mask.kept", "", "true or false"),
        ("interposer", 3, "interposer", "", "a table"),
        ("array.columns", 2.5, "array.columns", "", "columns"),
        # the package does not add up
        ("ball_diameter", 0.8, "ball_diameter", "mm", "neighbouring balls would touch"),
        ("board_pad.diameter", 0.9, "board_pad.resist_opening", "mm", "free"),
        ("board_pad.resist_opening", 0.9, "board_pad.diameter", "mm", "touch"),
        ("interposer_pad.resist_opening", 0.5, "interposer_pad.resist_opening", "mm", "covers"),
        ("board_pad.resist_opening", 0.3, "board_pad.resist_opening", "mm", "leaves"),
        ("interposer_resist.thickness", 0.01, "interposer_resist.thickness", "mm", "covers"),
        ("die.width", 15.0, "die.width", "mm", "the die must fit on the package"),
        ("die.thickness", 0.9, "die.thickness", "mm", "at most 0.77 mm"),
        ("array.columns", 18, "body_width", "mm", "at least 14.05 mm"),
        ("critical_joint", [20, 20], "critical_joint", "", "columns 0 to 15"),
        ("critical_joint", "middle", "critical_joint", "", "corner"),
        ("array.perimeter_rings", 2, "critical_joint", "", "a populated site"),
        # the joint cannot be
        ("joints.cored.core.diameter", 0.46, "joints.cored.core.diameter", "mm", "inside the ball"),
        ("joints.cored.core.diameter", 0.43, "joints.cored.core.diameter", "mm",
         "cannot wet both pads"),
        ("joints.anchored.anchor.contact_height", 0.5, "joints.anchored.anchor.contact_height",
         "mm", "the crown of the ball stays bare"),
        ("joints.anchored.anchor.contact_height", 0.05, "joints.anchored.anchor.contact_height",
         "mm", "more than thickness = 0.06 mm"),
        ("joints.anchored.anchor.fixing", "paste", "joints.anchored.anchor.paste_filler", "",
         'fixing is "paste"'),
        ("joints.anchored.anchor.ultrasonic", True, "joints.anchored.anchor.ultrasonic", "",
         "dip"),
        ("joints.masked.mask.mouth_diameter", 0.4, "joints.masked.mask.mouth_diameter", "mm",
         "at least ball_diameter"),
        ("joints.masked.mask.mouth_diameter", 0.85, "joints.masked.mask.mouth_diameter", "mm",
         "neighbouring holes would merge"),
        ("joints.masked.mask.through", False, "joints.masked.mask.floor_thickness", "",
         "does not go through"),
        ("joints.masked.mask.depth", 0.46, "joints.masked.mask.depth", "mm", "reach the board"),
        ("joints.masked.mask.ball", "ceramic", "joints.masked.mask.ball", "", "only solder melts"),
        ("joints.necked.neck.neck_diameter", 0.5, "joints.necked.neck.neck_diameter", "mm",
         "thinner than its head"),
        ("joints.necked.neck.neck_diameter", 0.4, "joints.necked.neck.neck_diameter", "mm",
         "less than the wetted pad"),
        ("joints.necked.neck.melted_fraction", 1.0, "joints.necked.neck.melted_fraction", "",
         "below 1"),
        ("joints.necked.neck.melted_fraction", 0.05, "joints.necked.neck.melted_fraction", "",
         "drawn from the solder that melted"),
        ("joints.necked.neck.head_diameter", 0.7, "joints.necked.neck.head_diameter", "mm",
         "no wider"),
        ("joints.metal_bump.bump.firing_temperature", 350.0,
         "joints.metal_bump.bump.firing_temperature", "degC", "more than 350 degC"),
        ("joints.metal_bump.bump.footprint_diameter", 0.39,
         "joints.metal_bump.bump.footprint_diameter", "mm", "at most the wetted pad"),
        ("joints.metal_bump.bump.powder_thickness", 0.05,
         "joints.metal_bump.bump.powder_thickness", "mm", "would touch the next"),
        ("joints.metal_bump.bump.powder_thickness", 1.0,
         "joints.metal_bump.bump.powder_thickness", "mm", "drawn back"),
        ("joints.metal_bump.bump.bond", "weld", "joints.metal_bump.bump.bond_material", "",
         "without a layer between"),
        ("joints.plain.standoff", 1.0, "joints.plain.standoff", "mm", "0.09 to 0.9 mm"),
        ("joints.cored.standoff", 0.3, "joints.cored.standoff", "mm", "core sets the stand-off"),
        ("joints.plain.ball_diameter", 0.1, "joints.plain.ball_diameter", "mm",
         "at least half the wetted pad"),
    ],
)  # fmt: skip
def test_wrong_package(path: str, value: object, field: str, unit: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        Package(**changed(path, value))
    assert caught.value.field == f"package.{field}"
    assert caught.value.unit == unit
    assert words in str(caught.value)


def test_missing_field_is_named() -> None:
    data = copy.deepcopy(GOOD)
    del data["pitch"]
    with pytest.raises(InputError, match=r"package\.pitch = nothing .*this field is required"):
        Package(**data)


def test_several_errors_are_all_named() -> None:
    data = changed("pitch", -1.0)
    data["board"] = {"material": "fr4", "thickness": -1.0}
    with pytest.raises(InputError, match=r"package\.pitch = .*also wrong: package\.board\.thick"):
        Package(**data)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.toml.*no such file"):
        Package.load(tmp_path / "absent.toml")


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a readable TOML file"):
        Package.load(tmp_path)


def test_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "x"\ntitle = "Gehäuse"\n'.encode("latin-1"))
    with pytest.raises(InputError, match="line 2 holds a byte that is not UTF-8"):
        Package.load(path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name = "x"\npitch 0.8\n', "line 2"),
        ('name = "x"\n\n[array\ncolumns = 3\n', "line 3"),
        ('name = "x"\ntitle = "open', "line 2"),
    ],
)
def test_broken_toml_names_file_and_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Package.load(path)
    assert "broken.toml" in str(caught.value)
    assert line in str(caught.value)


def test_wrong_value_in_a_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "thin.toml"
    path.write_text(
        (ROOT / "meshes" / "pbga_0p80.toml").read_text(encoding="utf-8").replace("0.80", "-0.80"),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"package\.pitch = -0\.8 mm.*thin\.toml"):
        Package.load(path)


def test_joint_is_frozen() -> None:
    joint = Joint(name="plain", ball_diameter=0.45, solder="sac305")
    with pytest.raises(ValueError, match="frozen"):
        joint.ball_diameter = 0.5


STUDY: dict[str, Any] = {
    "name": "s",
    "package": "p.toml",
    "joints": ["plain"],
    "cycle": {"condition": "G"},
    "fatigue": {"law": "a_law"},
}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("joints", [], "a list of names"),
        ("joints", [3], "study.joints.1"),
        ("cycle", "G", "study.cycle = 'G' .*a table"),
        ("cycle", {"condition": "Q"}, r"study.cycle.condition = 'Q'.*'G'.*JESD22-A104"),
        ("cycle", {"standard": "TC9"}, "'TC1', 'TC2', 'TC3', 'TC4', 'TC5' of IPC-9701"),
        ("cycle", {}, "exactly one of"),
        ("cycle", {"condition": "G", "standard": "TC3"}, "exactly one of"),
        ("cycle", {"standard": "TC3", "soak_mode": 2}, "study.cycle.soak_mode = 2"),
        ("cycle", {"condition": "G", "soak_mode": 5}, "study.cycle.soak_mode = 5"),
        ("cycle", {"condition": "G", "cycles": 0}, "study.cycle.cycles = 0"),
        ("cycle", {"condition": "G", "ramp_rate": 0.0}, "above 0"),
        ("cycle", {"minimum": 0.0}, "minimum is given"),
        ("cycle", {"steps": []}, "no length"),
        ("cycle", {"steps": [{"hold": 600}]}, "no length"),
        ("cycle", {"steps": [{"to": 20, "rate": 5}, {"to": 20, "rate": 5}]}, "no length"),
        ("cycle", {"steps": [{"to": 20}]}, "study.cycle.steps.1"),
        ("cycle", {"steps": [{"to": 20, "rate": 5, "hold": 1}]}, "study.cycle.steps.1"),
        ("fatigue", {"lwa": "x"}, "did you mean 'law'"),
        ("fatigue", {"law": "x", "weibull_shape": -1.0}, "study.fatigue.weibull_shape"),
        ("accuracy", {"mesh_sizes": [1.0]}, "at least two numbers"),
        ("accuracy", {"mesh_sizes": [1.0, 1.5]}, "coarse to fine"),
        ("accuracy", {"tolerances": [1e-3, 2e-3]}, "loose to tight"),
        ("workers", 0, "study.workers = 0"),
        ("layer_thickness", 25, "study.layer_thickness = 25 mm"),
        ("stress_free_temperature", -300.0, "degC"),
    ],
)
def test_wrong_study(key: str, value: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Study(**{**STUDY, key: value})


def test_cycle_between_equal_temperatures() -> None:
    with pytest.raises(InputError, match="has no length"):
        ThermalCycle(
            minimum=20.0, maximum=20.0, cold_dwell=0.0, hot_dwell=0.0,
            heating_rate=10.0, cooling_rate=10.0,
        )  # fmt: skip


def test_cycle_upside_down() -> None:
    with pytest.raises(InputError, match=r"cycle\.minimum = 125"):
        CycleChoice(
            minimum=125.0, maximum=-40.0, cold_dwell=600.0, hot_dwell=600.0,
            heating_rate=10.0, cooling_rate=10.0,
        )  # fmt: skip


def write_study(folder: Path, joints: str) -> Path:
    path = folder / "study.toml"
    package = (ROOT / "meshes" / "pbga_0p80.toml").as_posix()
    path.write_text(
        f'package = "{package}"\njoints = {joints}\n'
        '[cycle]\ncondition = "G"\n[fatigue]\nlaw = "a_law"\n',
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("joints", "words"),
    [
        ('["plane"]', r"study\.joints\.1 = plane .*did you mean 'plain'"),
        ('["plain", "plain"]', "each name once"),
        ('["plain", {name = "big", ball_diameter = 0.9}]', r"study\.joints\.2\.ball_diameter"),
        ('[{core = {diameter = 0.3, material = "copper"}}]', r"study\.joints\.1\.name = nothing"),
        ('["metal_bump+cored"]', "already sets the stand-off"),
    ],
)
def test_study_file_with_wrong_joint(tmp_path: Path, joints: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        Study.load(write_study(tmp_path, joints))
    assert "study.toml" in str(caught.value)


def test_study_file_with_missing_package(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text(
        'package = "gone.toml"\njoints = ["plain"]\n'
        '[cycle]\ncondition = "G"\n[fatigue]\nlaw = "a_law"\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"gone\.toml.*no such file"):
        Study.load(path)
