"""Runs jobs side by side, keeps what is finished, and goes on where one fails.

With one rank the jobs are spread over worker processes. Under ``mpiexec`` all ranks compute one job
after another together.
"""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.queues
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait as wait_for_any
from pathlib import Path
from typing import Any, Protocol

from mpi4py import MPI

from bumpfem.errors import BumpfemError
from bumpfem.study.job import Job
from bumpfem.study.progress import Progress, ProgressObserver

_log = logging.getLogger(__name__)

_POLL_S = 0.2

type Messages = multiprocessing.queues.SimpleQueue[Progress]


class Runnable(Protocol):
    """What the runner needs of a job: any that can be pickled will do."""

    @property
    def label(self) -> str:
        """Short name for progress bars and messages."""

    @property
    def folder(self) -> Path:
        """Where its files are."""

    def finished(self) -> dict[str, Any] | None:
        """The result of an earlier run with the same input, if there is one."""

    def run(
        self, observer: ProgressObserver | None = None, comm: MPI.Intracomm = MPI.COMM_SELF
    ) -> dict[str, Any]:
        """Compute the job and write its files."""


@dataclass(frozen=True)
class JobOutcome[Kind: Runnable]:
    """What became of a job.

    Attributes:
        job: The job.
        result: Content of its ``result.json``; None if it failed.
        reason: Why it failed, else empty.
        reused: Whether the result is from an earlier run.
        facts: What is known of one that failed, as plain data: those of its error.
    """

    job: Kind
    result: dict[str, Any] | None
    reason: str = ""
    reused: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Short name of the job."""
        return self.job.label

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.job.folder


#: What became of a run of thermal cycles.
Outcome = JobOutcome[Job]


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_jobs[Kind: Runnable](
    jobs: Sequence[Kind], workers: int, observer: ProgressObserver | None = None
) -> list[JobOutcome[Kind]]:
    """Compute all jobs that are not finished yet.

    Args:
        jobs: The jobs; the longest first keeps all workers busy.
        workers: Worker processes; ignored under ``mpiexec``, where all ranks work on each job.
        observer: Told of every step of every job.

    Returns:
        One outcome per job, in their order. A failed job has its reason; the others go on.

    Raises:
        KeyboardInterrupt: on Ctrl-C; finished jobs stay on disk.
        OSError: if results cannot be written.
    """
    done: dict[int, JobOutcome[Kind]] = {}
    for index, job in enumerate(jobs):
        result = job.finished()
        if result is not None:
            done[index] = JobOutcome(job, result, reused=True)
    waiting = {index: job for index, job in enumerate(jobs) if index not in done}
    comm = MPI.COMM_WORLD
    if comm.size > 1:
        done |= {index: _together(job, comm, observer) for index, job in waiting.items()}
    elif waiting:
        done |= _in_processes(waiting, min(workers, len(waiting)), observer)
    return [done[index] for index in range(len(jobs))]


def _together[Kind: Runnable](
    job: Kind, comm: MPI.Intracomm, observer: ProgressObserver | None
) -> JobOutcome[Kind]:
    try:
        return JobOutcome(job, job.run(observer, comm))
    except BumpfemError as error:
        return JobOutcome(job, None, str(error), facts=dict(error.facts))


def _in_processes[Kind: Runnable](
    waiting: dict[int, Kind], workers: int, observer: ProgressObserver | None
) -> dict[int, JobOutcome[Kind]]:
    """Run jobs in worker processes; a job whose worker dies is tried once more, by itself."""
    done = _pool_round(waiting, workers, observer)
    for index in [index for index, outcome in done.items() if outcome is None]:
        again = _pool_round({index: waiting[index]}, 1, observer)
        done[index] = again[index] or JobOutcome(
            waiting[index], None, "its process was killed, perhaps for want of memory"
        )
    return {index: outcome for index, outcome in done.items() if outcome is not None}


def _pool_round[Kind: Runnable](
    waiting: dict[int, Kind], workers: int, observer: ProgressObserver | None
) -> dict[int, JobOutcome[Kind] | None]:
    context = multiprocessing.get_context("spawn")
    done: dict[int, JobOutcome[Kind] | None] = dict.fromkeys(waiting)
    messages: Messages = context.SimpleQueue()
    previous = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    pool = ProcessPoolExecutor(workers, context, initializer=_start_worker, initargs=(messages,))
    try:
        with _interrupts_held():
            futures = {pool.submit(_worker, job): index for index, job in waiting.items()}
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, timeout=_POLL_S)
            _pass_on(messages, observer)
            for future in finished:
                done[futures[future]] = _outcome(future, waiting[futures[future]])
        _pass_on(messages, observer)
    except BaseException:
        _kill(pool)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        if previous is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = previous
    return done


def _outcome[Kind: Runnable](future: Future[dict[str, Any]], job: Kind) -> JobOutcome[Kind] | None:
    """Outcome of a finished future; None if its process died."""
    try:
        return JobOutcome(job, future.result())
    except BrokenProcessPool:
        return None
    except BumpfemError as error:
        return JobOutcome(job, None, str(error), facts=dict(error.facts))
    except OSError:
        raise
    except Exception as error:
        _log.exception("%s failed", job.label)
        return JobOutcome(job, None, f"unexpected {type(error).__name__}: {error}")


def _pass_on(messages: Messages, observer: ProgressObserver | None) -> None:
    """Tell the observer all that workers have said so far.

    A worker's message is in the pipe before its result is: none is lost at the end.
    """
    while not messages.empty():
        message = messages.get()
        if observer is not None:
            observer(message)


def _kill(pool: ProcessPoolExecutor) -> None:
    """End the workers at once: what they have not finished is not kept."""
    for process in list((pool._processes or {}).values()):
        process.kill()


_messages: list[Messages] = []


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back in this thread; processes started meanwhile never see one.

    They inherit the mask, so not even their start-up can be interrupted: the parent, to which a
    held Ctrl-C is delivered at the end, kills them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker(messages: Messages) -> None:
    """Workers end with the parent if it is killed; they do not hear Ctrl-C."""
    _messages.append(messages)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for_any([sentinel])
    os._exit(1)


def _worker(job: Runnable) -> dict[str, Any]:
    return job.run(_messages[0].put)
