"""The set-up: scripts, locks, and the search for dolfinx."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from bumpfem import _dolfinx
from tests.conftest import RunRanks

SETUP_FILES = (
    "scripts/setup",
    "scripts/system-requirements.txt",
    "pyproject.toml",
    "requirements.lock",
    "requirements-dev.lock",
)


def executable(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def bare_tree(tmp_path: Path, repository: Path) -> Path:
    """A copy of what ``scripts/setup`` reads, with nothing set up yet."""
    for name in SETUP_FILES:
        target = tmp_path / "tree" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(repository / name, target)
    return tmp_path / "tree"


def run_setup(tree: Path, tools: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``scripts/setup run`` with ``tools`` first on the PATH."""
    return subprocess.run(
        [tree / "scripts/setup", "run"],
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_missing_library_without_root_names_the_packages_and_stops(
    bare_tree: Path, tmp_path: Path
) -> None:
    """A plain user on a machine whose loader knows one of the libraries only."""
    tools = tmp_path / "tools"
    tools.mkdir()
    executable(tools / "id", "echo 1000")
    executable(tools / "ldconfig", 'echo "	libGLU.so.1 (libc6,x86-64) => libGLU.so.1"')
    done = run_setup(bare_tree, tools)
    assert done.returncode == 3
    advice = next(line for line in done.stderr.splitlines() if "apt-get install" in line)
    assert "libxcursor1" in advice
    assert "libegl1" in advice
    assert "libglu1-mesa" not in advice, "a library that is there is not asked for"
    assert not (bare_tree / ".venv").exists()


def test_unusable_python_is_refused_by_name(bare_tree: Path, tmp_path: Path) -> None:
    """An interpreter that fails the check (here ``false``) is named, and nothing is made of it."""
    tools = tmp_path / "tools"
    tools.mkdir()
    every_library = "\n".join(
        f"	{line.split()[2]} (libc6,x86-64) => x"
        for line in (bare_tree / "scripts/system-requirements.txt").read_text().splitlines()
        if " library " in line
    )
    executable(tools / "ldconfig", f"cat <<'EOF'\n{every_library}\nEOF")
    done = run_setup(bare_tree, tools, PYTHON="/bin/false")
    assert done.returncode == 3
    assert "PYTHON=/bin/false is not a Python >= 3.12" in done.stderr
    assert not (bare_tree / ".venv").exists()


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", path.read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_has_hashes_and_no_address(repository: Path, name: str) -> None:
    """Every pin carries a hash, as ``pip --require-hashes`` asks, and nothing names a place."""
    text = (repository / name).read_text()
    assert len(pins(repository / name)) == len(re.findall(r"^\S+==", text, re.MULTILINE))
    for entry in re.split(r"\n(?=\S)", text.split("make lock\n", 1)[1].strip()):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert not re.search(r"://|--index-url|--find-links|(^|\s)/", text)


def test_locks_serve_the_declared_dependencies(repository: Path) -> None:
    """Each direct dependency is pinned, and both locks pin the same version of what they share."""
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    run, dev = pins(repository / "requirements.lock"), pins(repository / "requirements-dev.lock")

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[<>=;\[ ]", text)[0] for text in requirements}

    assert names(project["dependencies"]) <= run.keys()
    assert names(project["optional-dependencies"]["dev"]) <= dev.keys()
    assert run.items() <= dev.items()


@pytest.mark.parametrize(
    ("version", "has_petsc", "scalar", "problem"),
    [
        ("0.11.0", True, "float64", ""),
        ("0.11.0.post0", True, "float64", ""),
        ("0.10.0", True, "float64", "dolfinx 0.10.0 is installed"),
        ("0.110.0", True, "float64", "dolfinx 0.110.0 is installed"),
        ("0.11.0", False, "float64", "without petsc4py"),
        ("0.11.0", True, "complex128", "complex128"),
    ],
)
def test_only_a_fitting_dolfinx_is_accepted(
    version: str, has_petsc: bool, scalar: str, problem: str
) -> None:
    """The series, PETSc and real numbers are all asked for; 0.110 is not of the series 0.11."""
    found = _dolfinx.installation_problem(version=version, has_petsc=has_petsc, scalar=scalar)
    assert (problem in found) if problem else found == ""


def import_in(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` where packages in ``folder`` hide the installed ones."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_missing_dolfinx_says_how_to_get_it(tmp_path: Path) -> None:
    """A start-up module that cannot load stands for an installation that is absent or broken."""
    (tmp_path / "dolfinx_solver.py").write_text("raise ImportError('no libmpi')\n")
    done = import_in(tmp_path, "import bumpfem._dolfinx")
    assert "DolfinxError: dolfinx cannot be imported: no libmpi" in done.stderr
    assert "dolfinx-solver-real" in done.stderr
    assert "conda-forge" in done.stderr


def test_wrong_version_is_refused(tmp_path: Path) -> None:
    """A dolfinx of another series is not used, whatever else it could do."""
    (tmp_path / "dolfinx_solver.py").write_text("")
    (tmp_path / "dolfinx.py").write_text(
        "__version__ = '0.9.0'\nhas_petsc4py = True\ndefault_scalar_type = float\n"
    )
    done = import_in(tmp_path, "import bumpfem._dolfinx")
    assert "DolfinxError: dolfinx 0.9.0 is installed" in done.stderr


def test_unfinished_forms_are_removed_only_when_nobody_compiles(tmp_path: Path) -> None:
    """A killed run's mark goes; a finished form stays; while another process is in, all stays."""
    for name in ("killed.c", "whole.c", "whole.c.cached"):
        (tmp_path / name).touch()
    mine = _dolfinx.join_cache(tmp_path)
    assert not (tmp_path / "killed.c").exists()
    assert (tmp_path / "whole.c").exists()

    (tmp_path / "compiling.c").touch()
    other = _dolfinx.join_cache(tmp_path)
    assert (tmp_path / "compiling.c").exists(), "the first holder may be compiling it"
    os.close(mine)
    os.close(other)
    os.close(_dolfinx.join_cache(tmp_path))
    assert not (tmp_path / "compiling.c").exists()


def test_cache_falls_back_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in place of the cache's parent cannot be written into, even by root."""
    (tmp_path / "blocked").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "blocked"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = _dolfinx.forms_cache()
    assert folder.is_dir()
    assert folder.is_relative_to(tmp_path / f"bumpfem-{os.getuid()}")


def test_two_ranks_share_one_communicator(run_ranks: RunRanks) -> None:
    """Two ranks of the MPI beside dolfinx find each other: the sum of ones is two."""
    code = (
        "import bumpfem._dolfinx; from mpi4py import MPI;"
        "found = MPI.COMM_WORLD.gather(MPI.COMM_WORLD.allreduce(1));"
        "MPI.COMM_WORLD.rank or print(found)"
    )
    done = run_ranks(2, "-c", code)
    assert done.stdout.split("\n", 1)[0] == "[2, 2]"


def test_wheel_holds_the_data_files(repository: Path, tmp_path: Path) -> None:
    """Every file of the package but compiled ones is in the wheel: libraries, references, marks."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=repository,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    package = repository / "bumpfem"
    files = {
        path.relative_to(repository).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"bumpfem/py.typed", "bumpfem/materials/references.bib"} <= files
    assert files <= packed
