"""Fixtures of the evidence room."""

import pytest

from tests.itti.assessments.story import Story, tell
from tests.itti.conftest import World


@pytest.fixture
def story(world: World) -> Story:
    """An assessment in its assessor's hands."""
    return tell(world).started()
