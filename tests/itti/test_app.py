"""Building and starting the application."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from itti.app import create_app
from itti.database import SchemaBehind
from itti.settings import Settings
from tests.itti.conftest import make_settings


def test_building_touches_no_disk(tmp_path: Path) -> None:
    create_app(make_settings(tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()


def test_importing_touches_no_disk(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    script = "import itti.app; itti.app.create_app()"
    # Where Python was unpacked without root, it finds its libraries by LD_LIBRARY_PATH.
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    environment = {**kept, "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-B", "-c", script], cwd=tmp_path, env=environment, check=True)
    assert not list(tmp_path.iterdir())


def test_refuses_a_database_that_is_not_there(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path / "nowhere"))
    with pytest.raises(SchemaBehind, match="itti database upgrade"), TestClient(app):
        pass
    assert not (tmp_path / "nowhere").exists()


def test_two_applications_share_a_database(settings: Settings) -> None:
    """Restarting means that for a moment there are two."""
    with TestClient(create_app(settings)) as one, TestClient(create_app(settings)) as two:
        assert one.get("/healthz").status_code == two.get("/healthz").status_code == 200
