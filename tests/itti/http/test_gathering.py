"""Requests that are worked off together: in their order, alone where that fails, and nobody waits for who gave up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import anyio
import pytest
from anyio.lowlevel import checkpoint
from sqlmodel import Session

from itti.http.errors import Busy
from itti.http.gathering import MOST, Gathering
from itti.http.transactions import Turnstile
from tests.itti.http.test_together import NUMBERS, at_once, commits, entering, gate, stored


@pytest.fixture
def turn(tmp_path: Path) -> Iterator[Turnstile]:
    made = gate(tmp_path / "data", durable=False)
    yield made
    made.database.close()


class Numbers:
    """Enters numbers set by set; an odd one has to go by itself, and -1 spoils its set."""

    def __init__(self, turn: Turnstile) -> None:
        self.sets: list[list[int]] = []
        self.way = Gathering(turn, self._enter, lambda chosen, number: number not in chosen)

    def _enter(self, session: Session, numbers: Sequence[int]) -> list[str | None]:
        self.sets.append(list(numbers))
        even = [{"n": number} for number in numbers if number % 2 == 0]
        if even:
            session.connection().execute(NUMBERS.insert(), even)
        if -1 in numbers:
            raise ZeroDivisionError
        return [None if number % 2 else f"entered {number}" for number in numbers]

    def joined(self, numbers: Sequence[int]) -> list[str | BaseException | None]:
        """What comes of them when they come at once."""
        found: list[str | BaseException | None] = [None] * len(numbers)

        async def one(place: int) -> None:
            try:
                found[place] = await self.way.join(numbers[place])
            except Busy as error:
                found[place] = error

        async def everybody() -> None:
            async with anyio.create_task_group() as group:
                for place in range(len(numbers)):
                    group.start_soon(one, place)

        anyio.run(everybody)
        return found


def test_who_comes_at_once_goes_in_one_set_and_one_commit(turn: Turnstile) -> None:
    numbers = Numbers(turn)
    with commits(turn) as found:
        assert numbers.joined([2, 3, 4, 6]) == ["entered 2", None, "entered 4", "entered 6"]
    assert (numbers.sets, len(found), stored(turn)) == ([[2, 3, 4, 6]], 1, {2, 4, 6})
    assert numbers.joined([8]) == ["entered 8"]


def test_no_set_is_longer_than_that_and_the_order_is_kept(turn: Turnstile) -> None:
    numbers = Numbers(turn)
    numbers.joined(range(0, 2 * (MOST + 3), 2))
    assert [len(each) for each in numbers.sets] == [MOST, 3]
    assert [number for each in numbers.sets for number in each] == list(range(0, 2 * (MOST + 3), 2))


def test_what_does_not_fit_goes_with_the_next(turn: Turnstile) -> None:
    numbers = Numbers(turn)
    assert numbers.joined([1, 1, 3, 1]) == [None] * 4
    assert numbers.sets == [[1, 3], [1], [1]]


def test_a_set_that_fails_leaves_nothing_and_all_go_alone(turn: Turnstile, caplog: pytest.LogCaptureFixture) -> None:
    numbers = Numbers(turn)
    assert numbers.joined([2, -1, 4]) == [None] * 3
    assert stored(turn) == set()
    assert "3 requests that waited go one by one" in caplog.text
    assert numbers.joined([2]) == ["entered 2"]  # and it goes on


def test_a_busy_database_is_told_to_all(turn: Turnstile, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> None:
        raise Busy

    numbers = Numbers(turn)
    with monkeypatch.context() as patch:
        patch.setattr(turn.database, "writing", busy)
        assert [type(each) for each in numbers.joined([2, 4])] == [Busy, Busy]
    assert numbers.joined([2]) == ["entered 2"]


def test_it_waits_for_others_who_write_and_they_for_it(turn: Turnstile) -> None:
    numbers = Numbers(turn)

    async def story() -> None:
        async with anyio.create_task_group() as group:
            for number in range(1, 9, 2):
                group.start_soon(turn.write, entering(number))
                group.start_soon(numbers.way.join, number + 1)

    anyio.run(story)
    assert stored(turn) == set(range(1, 9))
    assert at_once(turn, [entering(100)]) == [None]


def test_who_gives_up_keeps_nobody_waiting(turn: Turnstile) -> None:
    numbers = Numbers(turn)
    found: dict[int, str | None] = {}

    async def one(number: int) -> None:
        found[number] = await numbers.way.join(number)

    async def story() -> None:
        async with anyio.create_task_group() as group, turn.writing():  # so the first set waits
            group.start_soon(one, 2)
            await _moment()
            scope = anyio.CancelScope()

            async def fickle() -> None:
                with scope:
                    await one(4)

            group.start_soon(fickle)
            await _until(lambda: numbers.way.waiting == 1)
            group.start_soon(one, 8)
            await _until(lambda: numbers.way.waiting == 2)
            scope.cancel()
            await _until(lambda: numbers.way.waiting == 1)

    anyio.run(story)
    assert found == {2: "entered 2", 8: "entered 8"}
    assert stored(turn) == {2, 8}


def test_who_gives_up_when_it_is_their_turn_passes_it_on(turn: Turnstile) -> None:
    numbers = Numbers(turn)
    found: dict[int, str | None] = {}

    async def story() -> None:
        scope, ended = anyio.CancelScope(), anyio.Event()

        async def first() -> None:
            found[2] = await numbers.way.join(2)
            scope.cancel()  # the next one has been woken to lead by now, and has not begun
            ended.set()

        async def fickle() -> None:
            with scope:
                found[4] = await numbers.way.join(4)

        async def patient() -> None:
            found[6] = await numbers.way.join(6)

        async with anyio.create_task_group() as group:
            async with turn.writing():
                group.start_soon(first)
                await _moment()
                group.start_soon(fickle)
                await _until(lambda: numbers.way.waiting == 1)
                group.start_soon(patient)
                await _until(lambda: numbers.way.waiting == 2)
            await ended.wait()

    anyio.run(story)
    assert found[2] == "entered 2"
    assert found[6] == "entered 6"


async def _moment() -> None:
    """Until those who can go on have done so."""
    for _ in range(20):
        await checkpoint()


async def _until(holds: Callable[[], bool]) -> None:
    with anyio.fail_after(10):
        while not holds():
            await _moment()
