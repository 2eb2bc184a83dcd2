"""A machine that stands in for this one."""

from pathlib import Path

import pytest

from tests.setup.shell import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A checkout in an awkward place, nothing set up yet."""
    return Machine.made(tmp_path)
