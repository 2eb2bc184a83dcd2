"""Fixtures of the carrying room."""

import pytest

from tests.itti.carrying.upgrade import Upgrade, upgrade
from tests.itti.conftest import World


@pytest.fixture
def both(world: World) -> Upgrade:
    """The earlier and the new assessment on SQLite, the new one in its assessor's hands."""
    found = upgrade(world)
    found.new.started()
    return found


@pytest.fixture
def anywhere(both_worlds: World) -> Upgrade:
    """The same, once on SQLite and once on PostgreSQL."""
    found = upgrade(both_worlds)
    found.new.started()
    return found
