"""What kind of question a study's file asks, and what answers it.

A study's TOML file may begin with ``kind = "..."``; without one it compares fatigue lives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from bumpfem.design.loading import did_you_mean, quoted, read_toml
from bumpfem.errors import InputError
from bumpfem.study.progress import ProgressObserver

#: The kind of a file that names none.
DEFAULT_KIND = "fatigue"

#: Module and function that run each kind; imported when asked for, so that a study about shapes
#: does not load the finite-element library.
_RUNNERS: dict[str, tuple[str, str]] = {
    DEFAULT_KIND: ("bumpfem.study.run", "run_fatigue_kind"),
    "standoff": ("bumpfem.study.standoff", "run_standoff_kind"),
    "reflow": ("bumpfem.study.reflow", "run_reflow_kind"),
    "making": ("bumpfem.study.making", "run_making_kind"),
    "dip_window": ("bumpfem.study.dip_window", "run_dip_window_kind"),
}


@dataclass(frozen=True)
class Finished:
    """A study that has been run, as the command line shows it.

    Args:
        text: Table or sentences for the terminal.
        page: The report that was written.
        failed: Whether some part of it did not come through.
        reused: Runs taken over from an earlier call, and runs in all.
    """

    text: str
    page: Path
    failed: bool = False
    reused: tuple[int, int] = (0, 0)


#: Runs a study's file; arguments: the file, the folder of results or None for
#: ``results/<study>``, and whom to tell how far it is.
Runner = Callable[[Path, Path | None, ProgressObserver | None], Finished]


def study_kind(path: Path | str) -> str:
    """The kind that a study's file names.

    Raises:
        InputError: The file is unreadable, or its kind is unknown.
    """
    kind = read_toml(path).get("kind", DEFAULT_KIND)
    if kind not in _RUNNERS:
        raise InputError(
            "study.kind", kind, f"one of {quoted(_RUNNERS)}", reason=did_you_mean(kind, _RUNNERS)
        )
    return str(kind)


def runner_of(kind: str) -> Runner:
    """The function that runs studies of a kind."""
    module, name = _RUNNERS[kind]
    runner: Runner = getattr(import_module(module), name)
    return runner


def run_kind(
    path: Path | str, out: Path | str | None = None, observer: ProgressObserver | None = None
) -> Finished:
    """Run a study of any kind and write its report.

    Raises:
        InputError: The study cannot be used, or its folder cannot be written.
    """
    path = Path(path)
    return runner_of(study_kind(path))(path, None if out is None else Path(out), observer)
