"""A place apart for files that strangers send.

Every file is opened in a process of its own, with little memory, little time and nothing to lose.

A warm process (the porter) has imported the libraries once. For each file it forks, the fork sets its limits,
does the one job and dies; a file that hangs or swells takes only its fork with it. Forking costs milliseconds,
importing would cost a second for every file.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import atexit
import json
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import IO, Any, Final

from reports.errors import ReportFault

SECONDS: Final = 8.0
"""Wall time for one file."""

MEMORY: Final = 1_200_000_000
"""Address space of the fork in bytes; the libraries alone take about a third."""

_HEAD: Final = struct.Struct(">IQ")


class Quarantined(ReportFault):
    """A file did not survive its examination: ``reason`` is ``time``, ``memory`` or ``crash``."""

    code = "quarantined"


class Porter:
    """The warm process, as its owner sees it."""

    def __init__(self) -> None:
        code = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from reports.quarantine import serve; serve()"
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
            [sys.executable, "-c", code, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.owner = os.getpid()

    @property
    def alive(self) -> bool:
        """True while it can take a file."""
        return self.owner == os.getpid() and self._process.poll() is None

    def run(self, job: str, data: bytes, options: dict[str, Any]) -> Any:
        """Have ``job`` (see :mod:`reports.inspection`) done on ``data``.

        Raises:
            Quarantined: it took too much time or memory, or crashed.
        """
        head = json.dumps({"job": job, "options": options}).encode()
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise Quarantined(reason="crash")
        try:
            stdin.write(_HEAD.pack(len(head), len(data)) + head)
            stdin.write(data)
            stdin.flush()
            (length,) = struct.unpack(">Q", _read(stdout, 8))
            answer = json.loads(_read(stdout, length))
        except (OSError, EOFError) as error:
            self.close()
            raise Quarantined(reason="crash") from error
        if "failed" in answer:
            raise Quarantined(reason=answer["failed"])
        return answer["done"]

    def close(self) -> None:
        """Let it go home (it does so by itself when its owner dies)."""
        if self.owner != os.getpid():
            return
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Lodge:
    """Porters that wait for work: at most two, each one busy with one file."""

    def __init__(self) -> None:
        self._free: list[Porter] = []
        self._lock = threading.Lock()
        self._places = threading.Semaphore(2)

    def run(self, job: str, data: bytes, options: dict[str, Any]) -> Any:
        with self._places:
            with self._lock:
                while self._free and not self._free[-1].alive:
                    self._free.pop().close()
                porter = self._free.pop() if self._free else Porter()
            try:
                return porter.run(job, data, options)
            finally:
                if porter.alive:
                    with self._lock:
                        self._free.append(porter)

    def close(self) -> None:
        with self._lock:
            while self._free:
                self._free.pop().close()


_LODGE: Final = _Lodge()
atexit.register(_LODGE.close)


def apart(job: str, data: bytes, **options: Any) -> Any:
    """Do ``job`` on ``data`` in quarantine and return its answer (plain JSON values).

    Raises:
        Quarantined: it took too much time or memory, or crashed.
    """
    return _LODGE.run(job, data, options)


def _read(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise EOFError
    return data


def serve() -> None:
    """The porter's day: take a file, have it looked at by a fork, tell the answer; until nobody is there."""
    from reports import inspection

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    inspection.warm_up()
    while True:
        try:
            head_length, length = _HEAD.unpack(_read(stdin, _HEAD.size))
            head = json.loads(_read(stdin, head_length))
            data = _read(stdin, length)
        except EOFError:
            return
        answer = _in_fork(partial(inspection.JOBS[head["job"]], data, **head["options"]))
        stdout.write(struct.pack(">Q", len(answer)) + answer)
        stdout.flush()


def _in_fork(work: Callable[[], Any]) -> bytes:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work_limited(work, writing)
    os.close(writing)
    received, failed = _collect(reading, time.monotonic() + SECONDS)
    os.close(reading)
    if failed:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if failed:
        return json.dumps({"failed": failed}).encode()
    if status != 0 or not received:
        cpu = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
        memory = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 3
        return json.dumps({"failed": "time" if cpu else "memory" if memory else "crash"}).encode()
    return received


def _collect(reading: int, deadline: float) -> tuple[bytes, str | None]:
    parts: list[bytes] = []
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return b"", "time"
        part = os.read(reading, 1 << 16)
        if not part:
            return b"".join(parts), None
        parts.append(part)


def _work_limited(work: Callable[[], Any], writing: int) -> None:
    """In the fork: limits first, then the work, then the end; never returns."""
    code = 2
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 2)
        with os.fdopen(writing, "wb") as stream:
            stream.write(json.dumps({"done": work()}).encode())
        code = 0
    except MemoryError:
        code = 3
    finally:
        os._exit(code)  # nothing of the parent may run here: no clean-up, no buffers
