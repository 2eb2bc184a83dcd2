"""A press: a few warm processes that do heavy or risky work, each job with limits on time, processor and memory.

Setting a paper takes a second of pure computation and examining a stranger's PDF may end in a crash, so neither
happens in the serving process. A job that takes too long or takes its process down is reported, the process is
replaced, and the next job finds a fresh one. Unless a press is made with ``network=True``, its processes are cut off
from every network before their first job (:mod:`itti.certificates.isolation`).
"""

import gc
import logging
import math
import multiprocessing
import os
import queue
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Any, Final, TypeVar

from itti.certificates import isolation
from itti.certificates.errors import PressBusy, PressFailed
from itti.certificates.isolation import Isolation
from questionnaires.errors import Fault

MEMORY_BYTES: Final = 3 << 30
"""Address space of one process. A paper needs 100 MB; a hostile PDF can ask for any amount."""

JOBS: Final = 100
"""After so many jobs a process is replaced, whatever it has gathered."""

ArgumentT = TypeVar("ArgumentT")
ResultT = TypeVar("ResultT")

_logger = logging.getLogger("itti")


def _context() -> BaseContext:
    """How processes are started: never by forking this one, which has threads and open connections."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["itti.certificates.jobs"])
    return context


class Press:
    """Runs jobs, at most ``workers`` at a time; ``waiting`` more may queue. Safe to use from many threads."""

    def __init__(  # noqa: PLR0913 - each limit by its name
        self,
        *,
        workers: int,
        seconds: float,
        waiting: int,
        processor: int | None = None,
        network: bool = False,
        memory: int = MEMORY_BYTES,
    ) -> None:
        """Start nothing yet.

        Args:
            workers: how many processes.
            seconds: the limit of one job by the clock.
            waiting: how many calls may wait for a process.
            processor: the limit of one job in seconds of processor time, which a busy machine does not use up, and
                which ends a job even when nobody waits for it any more; None: as by the clock.
            network: whether the processes may use the network.
            memory: the limit of a process, in bytes of address space.
        """
        self._seconds = seconds
        self._workers = workers
        self._processor = math.ceil(seconds) if processor is None else processor
        self._network = network
        self._memory = memory
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._places = threading.BoundedSemaphore(workers + waiting)

    def run(self, job: Callable[[ArgumentT], ResultT], argument: ArgumentT) -> ResultT:
        """``job(argument)``, done in a process of the press. Both must be picklable.

        Raises:
            PressBusy: too many jobs wait already.
            PressFailed: the job ran out of time or memory, or failed in a way nobody foresaw.
            Fault: the job raised it.
        """
        return self.run_all(job, [argument])[0]

    def run_all(self, job: Callable[[ArgumentT], ResultT], arguments: Sequence[ArgumentT]) -> list[ResultT]:
        """``job`` for each of ``arguments``, side by side; all results, or the first failure."""
        if not self._places.acquire(blocking=False):
            raise PressBusy
        try:
            with ThreadPoolExecutor(len(arguments)) as threads:
                return list(threads.map(lambda argument: self._run(job, argument), arguments))
        finally:
            self._places.release()

    def _run(self, job: Callable[[ArgumentT], ResultT], argument: ArgumentT) -> ResultT:
        worker = self._idle.get()
        try:
            if worker is None or not worker.is_fresh:
                if worker is not None:
                    worker.end()
                worker = _Worker(self._processor, self._memory, network=self._network)
            result: ResultT = worker.run(job, argument, self._seconds)
        except PressFailed:
            if worker is not None:
                worker.end()
                worker = None
            raise
        finally:
            self._idle.put(worker)
        return result

    def close(self) -> None:
        """End all processes that are idle."""
        for _ in range(self._workers):
            with suppress(queue.Empty):
                worker = self._idle.get_nowait()
                if worker is not None:
                    worker.end()
                self._idle.put(None)


class _Worker:
    """One process with a pipe to it."""

    def __init__(self, processor: int, memory: int, *, network: bool) -> None:
        context = _context()
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, processor, memory), kwargs={"network": network}, daemon=True
        )
        self._process.start()
        theirs.close()
        self._jobs = 0
        self._busy = False

    @property
    def is_fresh(self) -> bool:
        """Whether it may take another job."""
        return self._jobs < JOBS and not self._busy and bool(self._process.is_alive())

    def run(self, job: Callable[[Any], Any], argument: object, seconds: float) -> Any:
        self._jobs += 1
        # Stays set when we leave without an answer: the answer that comes late must not be taken for the next one.
        self._busy = True
        try:
            self._pipe.send((job, argument))
            if not self._pipe.poll(seconds):
                raise PressFailed(reason="time")
            outcome, *what = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise PressFailed(reason=self._how_it_died()) from error
        self._busy = False
        if outcome == "done":
            return what[0]
        if outcome == "fault":
            kind, details = what
            raise kind(**details)
        _logger.error("a job of the press failed:\n%s", what[0])
        raise PressFailed(reason="error")

    def _how_it_died(self) -> str:
        self._process.join(5)
        return "processor" if os.name == "posix" and self._process.exitcode == -signal.SIGXCPU else "died"

    def end(self) -> None:
        """End the process, by its own id, and wait until it is gone."""
        self._pipe.close()
        self._process.kill()
        self._process.join(5)


_holds: Isolation | None = None
"""What keeps this process from the network; None: nothing does."""


def isolation_here(_: object = None) -> Isolation | None:
    """A job that tells what keeps its process from the network."""
    return _holds


def _serve(pipe: Connection, processor: int, memory: int, *, network: bool) -> None:
    """What a process of the press does: take a job, do it, say how it went, until the other side hangs up."""
    global _holds  # noqa: PLW0603 - a fact about the process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the serving process, which ends us
    _limit_memory(memory)
    if not network:
        _holds = isolation.cut_off()
    keeps = False
    while True:
        try:
            job, argument = pipe.recv()
        except (EOFError, OSError):
            return
        _limit_processor(processor)
        pipe.send(_done(job, argument))
        if not keeps:  # what the first job loaded stays: to look through it for garbage costs a fifth of a paper
            gc.collect()
            gc.freeze()
            keeps = True


def _done(job: Callable[[Any], Any], argument: object) -> tuple[object, ...]:
    try:
        return ("done", job(argument))
    except Fault as fault:
        return ("fault", type(fault), fault.details)
    except BaseException:  # noqa: BLE001 - whatever it was, the other side must hear of it
        return ("failed", traceback.format_exc())


def _limit_memory(memory: int) -> None:
    if os.name != "posix":
        return
    import resource  # noqa: PLC0415 - exists on POSIX only

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, most))


def _limit_processor(seconds: int) -> None:
    """Let the next job use so much processor time and no more; the kernel ends the process that goes on."""
    if os.name != "posix":
        return
    import resource  # noqa: PLC0415 - exists on POSIX only

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, most))
