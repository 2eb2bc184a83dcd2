"""A programme at an address for which browsers keep passkeys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from itti.settings import Settings
from tests.itti.conftest import World, running_world
from tests.itti.passkeys.keys import ORIGIN


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The public address is a name."""
    return settings.model_copy(update={"base_url": ORIGIN})


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """The application at that address."""
    with running_world(settings) as made:
        yield made
