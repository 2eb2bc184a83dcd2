"""Fixtures of the assessments room."""

import pytest

from tests.itti.assessments.story import Story, tell
from tests.itti.conftest import World


@pytest.fixture
def story(world: World) -> Story:
    """A planned assessment on SQLite."""
    return tell(world)


@pytest.fixture
def both_stories(both_worlds: World) -> Story:
    """A planned assessment, once on SQLite and once on PostgreSQL."""
    return tell(both_worlds)
