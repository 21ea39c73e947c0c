"""Finds dolfinx 0.11 and prepares it.

Every room that uses dolfinx imports this module first, in its ``__init__``; it

* imports ``dolfinx_solver`` ahead of everything else where that wheel is present, so that one MPI
  library serves all compiled modules,
* refuses another version, complex numbers and an installation without PETSc, and says how to get
  one that fits,
* gives compiled forms a cache of their own that survives a killed run. FFCx marks a form that is
  being compiled by an empty file and lets other processes wait for it, ten seconds at most; a
  process killed while compiling leaves the mark behind, and every later run fails. Here each
  process holds a shared lock on the cache; who finds nobody else holding one removes such marks.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import importlib.util
import os
import tempfile
from pathlib import Path
from types import ModuleType

from bumpfem.errors import BumpfemError

#: The dolfinx series that bumpfem is written for.
SERIES = "0.11"

#: Seconds that a process waits for another one to compile the same form.
COMPILE_TIMEOUT_S = 600

_HOW_TO_GET = (
    f"bumpfem needs dolfinx {SERIES} with PETSc and real numbers. "
    "On Linux x86-64: pip install 'dolfinx-solver-real>=0.11,<0.12'. "
    f"Elsewhere: conda install -c conda-forge 'fenics-dolfinx={SERIES}', "
    f"or a dolfinx {SERIES} container."
)


class DolfinxError(BumpfemError, ImportError):
    """No dolfinx installation that bumpfem can use."""


def load_dolfinx() -> ModuleType:
    """Import dolfinx, through the wheel's own start-up module where it is present.

    Returns:
        The module ``dolfinx``.

    Raises:
        DolfinxError: dolfinx is missing or broken, of another series, without PETSc, or built
            for complex numbers.
    """
    try:
        if importlib.util.find_spec("dolfinx_solver") is not None:
            importlib.import_module("dolfinx_solver")
        dolfinx = importlib.import_module("dolfinx")
    except (ImportError, OSError, RuntimeError) as error:
        raise DolfinxError(f"dolfinx cannot be imported: {error}. {_HOW_TO_GET}") from error
    problem = installation_problem(
        version=dolfinx.__version__,
        has_petsc=bool(dolfinx.has_petsc4py),
        scalar=dolfinx.default_scalar_type.__name__,
    )
    if problem:
        raise DolfinxError(f"{problem}. {_HOW_TO_GET}")
    return dolfinx


def installation_problem(*, version: str, has_petsc: bool, scalar: str) -> str:
    """What keeps an installation from being used, empty if nothing does.

    Args:
        version: Version of dolfinx.
        has_petsc: Whether it was built with petsc4py.
        scalar: Name of its scalar type, e.g. ``float64``.

    >>> installation_problem(version="0.11.0.post0", has_petsc=True, scalar="float64")
    ''
    >>> installation_problem(version="0.9.0", has_petsc=True, scalar="float64")
    'dolfinx 0.9.0 is installed'
    """
    if not f"{version}.".startswith(f"{SERIES}."):
        return f"dolfinx {version} is installed"
    if not has_petsc:
        return f"dolfinx {version} is installed without petsc4py"
    if scalar != "float64":
        return f"dolfinx {version} is installed with scalars of type {scalar}"
    return ""


def forms_cache() -> Path:
    """Folder for compiled forms: below ``XDG_CACHE_HOME``, or a temporary one if that is read-only.

    Returns:
        An existing folder in which this process can write.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "bumpfem" / "forms"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"bumpfem-{os.getuid()}" / "forms"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def join_cache(folder: Path) -> int:
    """Hold a shared lock on the cache; remove unfinished forms if no other process holds one.

    Args:
        folder: The cache.

    Returns:
        Descriptor of the lock; the lock lasts until the process ends or closes it.
    """
    descriptor = os.open(folder / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # others are at work, or the file system knows no locks
        pass
    else:
        for source in folder.glob("*.c"):
            if not source.with_suffix(".c.cached").exists():
                source.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # without locks, forms are compiled all the same
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _prepare() -> str:
    dolfinx = load_dolfinx()
    options = importlib.import_module("dolfinx.jit").DOLFINX_DEFAULT_JIT_OPTIONS
    folder = forms_cache()
    join_cache(folder)
    options["cache_dir"] = (folder, "cache of compiled forms")
    options["timeout"] = (COMPILE_TIMEOUT_S, "seconds to wait for a form compiled elsewhere")
    return str(dolfinx.__version__)


#: Version of the dolfinx in use.
DOLFINX_VERSION = _prepare()
