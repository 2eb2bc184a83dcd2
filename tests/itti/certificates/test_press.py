"""A press: results, faults, time limits, crashes, and a full queue, with real processes."""

import gc
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from itti.certificates.errors import PressBusy, PressFailed
from itti.certificates.press import Press
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
