"""A press: results, faults, time limits, crashes, and a full queue, with real processes."""

import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from itti.certificates.errors import PressBusy, PressFailed
from itti.certificates.isolation import Isolation
from itti.certificates.press import Press, isolation_here
from questionnaires import load
from questionnaires.loading import UnknownDefinition


def process(_: object) -> int:
    """The process that does the job."""
    return os.getpid()


def sleep(seconds: float) -> float:
    """Takes its time."""
    time.sleep(seconds)
    return seconds


def crash(code: int) -> None:
    """Takes the whole process down, as a broken library would."""
    os._exit(code)


def hoard(size: int) -> int:
    """Asks for memory."""
    return len(bytearray(size))


def fail(path: Path) -> str:
    """Fails in a way that is no fault of ours."""
    return path.read_text()


def unknown(family: str) -> None:
    """Raises a fault."""
    load(family, "1.0.0")


def left_alone(_: object) -> int:
    """How many objects are not looked through for garbage."""
    return gc.get_freeze_count()


def spin(seconds: float) -> None:
    """Computes for so much processor time."""
    while time.process_time() < seconds:
        pass


def reach(port: int) -> str:
    """What comes of asking for a service on this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return "reached"
    except OSError as error:
        return type(error).__name__


@pytest.fixture
def press() -> Iterator[Press]:
    """One process, half a second for a job once it runs, nobody may wait."""
    made = Press(workers=1, seconds=20, waiting=0)
    yield made
    made.close()


def test_the_process_stays_warm(press: Press) -> None:
    first, second = press.run(process, None), press.run(process, None)
    assert first == second != os.getpid()


def test_results_keep_their_order() -> None:
    press = Press(workers=2, seconds=20, waiting=0)
    assert press.run_all(sleep, [0.2, 0.0]) == [0.2, 0.0]
    press.close()


def test_a_fault_comes_through(press: Press) -> None:
    before = press.run(process, None)
    with pytest.raises(UnknownDefinition) as caught:
        press.run(unknown, "unheard-of")
    assert caught.value.details["family"] == "unheard-of"
    assert press.run(process, None) == before


def test_too_slow() -> None:
    press = Press(workers=1, seconds=3, waiting=0)
    before = press.run(process, None)
    with pytest.raises(PressFailed) as caught:
        press.run(sleep, 60)
    assert caught.value.details["reason"] == "time"
    assert press.run(process, None) != before
    assert not Path(f"/proc/{before}").exists() or not Path("/proc").exists()
    press.close()


def test_crash(press: Press) -> None:
    with pytest.raises(PressFailed) as caught:
        press.run(crash, 3)
    assert caught.value.details["reason"] == "died"
    assert press.run(sleep, 0.0) == 0.0


def test_processor_time_has_a_limit_for_each_job() -> None:
    press = Press(workers=1, seconds=100, processor=1, waiting=0)
    for _ in range(3):
        press.run(spin, 0.5)
    before = press.run(process, None)
    with pytest.raises(PressFailed) as caught:
        press.run(spin, 60)
    assert caught.value.details["reason"] == "processor"
    assert press.run(process, None) != before
    press.close()


def test_there_is_no_network_unless_asked_for(press: Press) -> None:
    connected = Press(workers=1, seconds=20, waiting=0, network=True)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert connected.run(reach, port) == "reached"
        assert press.run(reach, port) in {"OSError", "NetworkRefusedError"}
        listening.accept()[0].close()  # from the press that may
        listening.settimeout(0.1)
        with pytest.raises(TimeoutError):
            listening.accept()
    assert connected.run(isolation_here, None) is None
    assert press.run(isolation_here, None) in set(Isolation)
    connected.close()


def test_where_the_kernel_allows_a_namespace_the_press_has_one(press: Press) -> None:
    allowed = subprocess.run(
        [sys.executable, "-c", "from itti.certificates.isolation import unshare_network as u; print(u())"],
        capture_output=True,
        text=True,
        check=True,
    )
    held = Isolation.NAMESPACE if allowed.stdout.strip() == "True" else Isolation.GUARD
    assert press.run(isolation_here, None) is held


def test_the_guard_refuses_every_socket() -> None:
    """What holds where the kernel allows no namespace."""
    code = """
import socket
from itti.certificates import isolation
before = socket.socket()
isolation.guard()
for ask in (
    socket.socket,
    lambda: before.connect(("127.0.0.1", 9)),
    lambda: before.bind(("127.0.0.1", 0)),
    lambda: before.sendto(b"x", ("127.0.0.1", 9)),
    lambda: socket.getaddrinfo("localhost", 80),
    lambda: socket.gethostbyname("localhost"),
):
    try:
        ask()
    except isolation.NetworkRefusedError as error:
        print(error.args[0])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "socket.__new__",
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.getaddrinfo",
        "socket.gethostbyname",
    ]


def test_memory(press: Press) -> None:
    with pytest.raises(PressFailed) as caught:
        press.run(hoard, 8 << 30)
    assert caught.value.details["reason"] == "error"


def test_unforeseen_failure(press: Press, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PressFailed) as caught:
        press.run(fail, Path("/nowhere/at/all"))
    assert caught.value.details["reason"] == "error"
    assert "FileNotFoundError" in caplog.text


def test_full(press: Press) -> None:
    press.run(process, None)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(press.run, sleep, 1.0)
        time.sleep(0.3)
        with pytest.raises(PressBusy) as caught:
            press.run(process, None)
        assert caught.value.headers["Retry-After"]
        assert slow.result() == 1.0
    assert press.run(sleep, 0.0) == 0.0


def test_what_the_first_job_loaded_is_left_alone_from_then_on(press: Press) -> None:
    assert press.run(left_alone, None) == 0
    loaded = press.run(left_alone, None)
    assert loaded > 10_000
    assert press.run(left_alone, None) == loaded
