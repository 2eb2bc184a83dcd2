"""An assessment that was approved just now, with quick presses: its papers are asked for by the test."""

from __future__ import annotations

import pytest

from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World


@pytest.fixture(autouse=True)
def _quick_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers in no time; what stands on them is tested elsewhere."""
    use_quick_press(monkeypatch)


def approved_in(world: World) -> Story:
    """Approved at the API; nothing is made yet."""
    story = tell(world).under_review()
    answer = story.move(story.reviewer, "approve")
    assert answer.status_code == 202, answer.text
    return story


@pytest.fixture
def approved(world: World) -> Story:
    """:func:`approved_in` SQLite."""
    return approved_in(world)


@pytest.fixture
def both_approved(both_worlds: World) -> Story:
    """:func:`approved_in`, once in SQLite and once in PostgreSQL."""
    return approved_in(both_worlds)
