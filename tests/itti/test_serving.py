"""A process that serves does not look again and again through what it has loaded for good."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from itti.serving import YOUNG, server


@pytest.fixture
def undone() -> Iterator[None]:
    """Leave this process as it was."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("undone")
def test_what_is_loaded_is_left_out_of_the_search_for_garbage() -> None:
    app = FastAPI()

    made = server(app)

    assert made.config.app is app
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] == YOUNG
    assert not any(each is app for each in gc.get_objects())
