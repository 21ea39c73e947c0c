"""Studies that are killed or interrupted: nobody goes on in secret, and a new run takes over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.studies import bumpfem_command, write_study


def _started(
    study: Path, out: Path, folder: Path | None = None, **options: Any
) -> subprocess.Popen[str]:
    """A study that runs in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "bumpfem", "run", study, "--out", out],
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=folder,
        start_new_session=True,
        **{"stderr": subprocess.DEVNULL, **options},
    )


def _wait_until(happened: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    """Wait for something, at most four minutes, while the process (if any) is alive."""
    deadline = time.monotonic() + 240
    while not happened():
        assert time.monotonic() < deadline
        assert process is None or process.poll() is None
        time.sleep(0.05)


def test_killed_study_goes_on(tmp_path: Path) -> None:
    """After SIGKILL in the middle, the same command takes over what was finished."""
    study, out = write_study(tmp_path, workers=1), tmp_path / "out"
    process = _started(study, out)
    _wait_until((out / "plain" / "result.json").exists, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (out / "table.csv").exists()
    kept = (out / "plain" / "result.json").read_bytes()
    done = bumpfem_command("run", study, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "of 4 runs taken over" in done.stderr
    assert (out / "plain" / "result.json").read_bytes() == kept
    assert (out / "table.csv").exists()


def _workers_in(folder: Path) -> list[int]:
    """Numbers of the processes that have the folder as working directory."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and Path(os.readlink(entry / "cwd")) == folder.resolve():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    """Nobody goes on computing, and writing, for a study whose main process is gone."""
    study, out = write_study(tmp_path), tmp_path / "out"
    process = _started(study, out, tmp_path)
    _wait_until(lambda: len(_workers_in(tmp_path)) >= 4, process)
    time.sleep(1.0)
    process.kill()
    process.wait()
    _wait_until(lambda: not _workers_in(tmp_path))


def _heed_interrupts() -> None:
    """Undo an ignored Ctrl-C, which a background job inherits from its shell."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_interrupt_says_how_to_go_on(tmp_path: Path) -> None:
    study, out = write_study(tmp_path, workers=1), tmp_path / "out"
    process = _started(study, out, stderr=subprocess.PIPE, preexec_fn=_heed_interrupts)
    _wait_until(out.exists)
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "run again to go on" in errors
    assert "Traceback" not in errors
