"""``bumpfem shape``: numbers with units, pictures, and bad input named."""

from __future__ import annotations

import json
import re
from math import pi
from pathlib import Path
from typing import Any

import pytest

from bumpfem.cli import BAD_INPUT, app, main
from bumpfem.errors import BumpfemError
from bumpfem.shapes.spheres import zone_height


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert app(list(words), result_action="return_value") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_joint_without_weight_is_a_truncated_sphere(capsys: pytest.CaptureFixture[str]) -> None:
    """Volume pi d^3 / 6, height of the zone between both rims, no force and no neck."""
    found = run(
        capsys, "shape", "joint", "--ball-diameter", "0.45", "--pad-diameter", "0.35",
        "--board-pad-diameter", "0.3", "--density", "0",
    )  # fmt: skip
    volume = pi * 0.45**3 / 6.0
    assert found["volume_mm3"] == pytest.approx(volume, rel=1e-10)
    assert found["standoff_mm"] == pytest.approx(zone_height(0.15, 0.175, volume), rel=1e-9)
    assert found["force_mn"] == 0.0
    assert found["vertical_stiffness_mn_per_mm"] > 0.0
    assert found["lateral_stiffness_mn_per_mm"] > 0.0
    assert "neck_diameter_mm" not in found


def test_units_of_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    """N/m, kg/m3 and mN come back as they went in."""
    found = run(
        capsys, "shape", "joint", "--ball-diameter", "0.45", "--pad-diameter", "0.35",
        "--load-mn", "0.1", "--surface-tension", "0.45", "--density", "7000",
    )  # fmt: skip
    assert found["surface_tension_n_per_m"] == pytest.approx(0.45)
    assert found["density_kg_per_m3"] == pytest.approx(7000.0)
    assert found["force_mn"] == pytest.approx(0.1, rel=1e-9)


def test_stretched_joint_has_a_neck(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(
        capsys, "shape", "joint", "--ball-diameter", "0.45", "--pad-diameter", "0.35",
        "--standoff", "0.6",
    )  # fmt: skip
    assert found["standoff_mm"] == 0.6
    assert 0.25 < found["neck_diameter_mm"] < 0.35
    assert found["force_mn"] < 0.0


def test_squeezed_joint_says_that_it_spread(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(
        capsys, "shape", "joint", "--ball-diameter", "0.45", "--pad-diameter", "0.35",
        "--load-mn", "2",
    )  # fmt: skip
    assert found["spread_diameter_board_mm"] > 0.35
    assert "spread over the resist" in found["notes"][0]
    assert found["lateral_stiffness_mn_per_mm"] == 0.0


def test_core_keeps_the_standoff(capsys: pytest.CaptureFixture[str]) -> None:
    """At 1 mN a plain joint collapses to less than 0.2 mm, a 0.30 mm core holds 0.30 mm."""
    words = ("shape", "joint", "--ball-diameter", "0.45", "--pad-diameter", "0.35",
             "--load-mn", "1")  # fmt: skip
    assert run(capsys, *words)["standoff_mm"] < 0.2
    cored = run(capsys, *words, "--core-diameter", "0.3")
    assert cored["standoff_mm"] == pytest.approx(0.3, rel=1e-12)
    assert cored["core_contact_force_mn"] > 0.5


def test_bump_without_weight_is_a_cap(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """h (3 a^2 + h^2) pi / 6 = V; the picture is a PNG."""
    picture = tmp_path / "bump.png"
    found = run(
        capsys, "shape", "bump", "--ball-diameter", "0.45", "--pad-diameter", "0.35",
        "--density", "0", "--plot", str(picture),
    )  # fmt: skip
    volume = pi * 0.45**3 / 6.0
    assert found["height_mm"] == pytest.approx(zone_height(0.175, 0.0, volume), rel=1e-8)
    assert found["contact"] == "rim"
    assert found["force_mn"] == 0.0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_bump_may_not_reach_the_rim(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(
        capsys, "shape", "bump", "--ball-diameter", "0.45", "--pad-diameter", "1.5",
        "--contact-angle", "60",
    )  # fmt: skip
    assert found["contact"] == "inside the pad"
    assert found["contact_angle_deg"] == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (("--ball-diameter=-0.45", "--pad-diameter=0.35"), ("ball_diameter", "mm", "above 0")),
        (("--ball-diameter=0.45", "--pad-diameter=0"), ("pad_diameter", "mm", "above 0")),
        (("--ball-diameter=nan", "--pad-diameter=0.35"), ("ball_diameter", "mm")),
        (
            ("--ball-diameter=0.45", "--pad-diameter=0.35", "--density=7.4"),
            ("density", "kg/m3", "500 to 25000"),
        ),
        (
            ("--ball-diameter=0.45", "--pad-diameter=0.35", "--surface-tension=450"),
            ("surface_tension", "N/m", "0.01 to 5"),
        ),
        (
            ("--ball-diameter=0.45", "--pad-diameter=0.35", "--standoff=1"),
            ("standoff", "mm", "too small to bridge"),
        ),
        (
            ("--ball-diameter=0.45", "--pad-diameter=0.35", "--load-mn=-1"),
            ("load", "N", "tears the joint off"),
        ),
        (
            ("--ball-diameter=0.45", "--pad-diameter=0.35", "--core-diameter=0.5"),
            ("core_diameter", "mm"),
        ),
        (
            ("--ball-diameter=0.45", "--pad-diameter=0.35", "--resist-contact-angle=30"),
            ("resist_contact_angle", "deg", "above 90"),
        ),
        (("--ball-diameter=0.45", "--pad-diameter=0.35", "--solder=unobtainium"), ("unobtainium",)),
        (("--ball-diameter=0.45", "--pad-diameter=0.35", "--temperature=20"), ("surface_tension",)),
    ],
)
@pytest.mark.filterwarnings("ignore:Cyclopts application invoked without tokens")
def test_bad_input_is_named(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    texts: tuple[str, ...],
) -> None:
    """Field, value, unit and range on one line of stderr, status 2, no traceback."""
    monkeypatch.setattr("sys.argv", ["bumpfem", "shape", "joint", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == BAD_INPUT
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("bumpfem: ")
    for text in texts:
        assert text in printed.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--load-mn", "1000"], "load_mn = 1000.0 mN is not allowed: expected <= 23"),
        (["--load-mn=-0.5"], "load_mn = -0.5 mN is not allowed: expected >= -0.248"),
        (["--load-mn=-1000"], "load_mn = -1000.0 mN is not allowed: expected >= -0.248"),
        (["--core-diameter", "0.44"], "core_diameter = 0.44 mm is not allowed: expected <= 0.40"),
        (["--board-pad-diameter", "100"], "board_pad_diameter = 100.0 mm is not allowed"),
        (["--core-diameter", "0.3", "--load-mn=-0.5"], "load_mn = -0.5 mN is not allowed"),
        (["--core-diameter", "0.3", "--resist-contact-angle", "120"], "resist_contact_angle"),
        (["--solder", "foo", "--surface-tension", "0.4", "--density", "7000"], "foo"),
    ],
)
def test_loads_and_options_that_cannot_be(words: list[str], said: str) -> None:
    """Errors speak of the option in its unit; no option is ignored."""
    with pytest.raises(BumpfemError, match=re.escape(said)):
        app(
            ["shape", "joint", "--ball-diameter", "0.45", "--pad-diameter", "0.35", *words],
            result_action="return_value",
        )


@pytest.mark.parametrize("name", ["", ".", ".png", "joint", "joint.docx"])
def test_pictures_have_a_name_and_an_ending(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No picture beside a folder, none that is hidden, none of a guessed format."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BumpfemError, match="ending of a picture"):
        app(
            ["shape", "joint", "--ball-diameter=0.45", "--pad-diameter=0.35", f"--plot={name}"],
            result_action="return_value",
        )
    assert not list(tmp_path.iterdir())


def test_stiffness_of_a_core_that_carries_is_not_a_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Rigid in height (null), as soft sideways as its solder; a floating core says that it does."""
    words = ("shape", "joint", "--ball-diameter=0.45", "--pad-diameter=0.35")
    floating = run(capsys, *words, "--core-diameter=0.2")
    plain = run(capsys, *words)
    assert "further apart than the core would" in floating["notes"][0]
    for name in ("vertical_stiffness_mn_per_mm", "lateral_stiffness_mn_per_mm"):
        assert floating[name] == pytest.approx(plain[name], rel=1e-9)
    carried = run(capsys, *words, "--core-diameter=0.3", "--load-mn=1")
    assert carried["vertical_stiffness_mn_per_mm"] is None
    assert carried["lateral_stiffness_mn_per_mm"] > 0.0
    assert carried["notes"] == ["the core carries load: it sets the stand-off"]


def test_volumes_are_told_as_balls() -> None:
    """The largest drop is 8 capillary lengths wide as a ball, 20.3 mm of SAC305."""
    with pytest.raises(BumpfemError, match=r"ball_diameter = 25.0 mm .* expected <= 20.35 \("):
        app(
            ["shape", "bump", "--ball-diameter=25", "--pad-diameter=10"],
            result_action="return_value",
        )
