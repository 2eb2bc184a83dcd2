"""Numbers without gaps or doubles, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session

from itti.certificates.numbers import next_number
from tests.itti.conftest import World


def draw(world: World, year: int = 2026) -> str:
    """The next number, in a transaction of its own."""
    return world.write(lambda session: next_number(session, "TI", year))


def test_counts_each_year_by_itself(world: World) -> None:
    drawn = [draw(world), draw(world), draw(world, 2027), draw(world)]
    assert drawn == ["TI-2026-00001", "TI-2026-00002", "TI-2027-00001", "TI-2026-00003"]


def test_what_is_undone_uses_up_no_number(world: World) -> None:
    def draw_and_fail(session: Session) -> None:
        assert next_number(session, "TI", 2026) == "TI-2026-00001"
        raise RuntimeError("undo")

    with pytest.raises(RuntimeError, match="undo"):
        world.write(draw_and_fail)
    assert draw(world) == "TI-2026-00001"


def test_many_at_once(both_worlds: World) -> None:
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda _: draw(both_worlds), range(40)))
    assert sorted(drawn) == [f"TI-2026-{number:05d}" for number in range(1, 41)]
