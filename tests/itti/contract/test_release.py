"""The released description is kept to, and a release bears the right number."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from itti.cli import main
from itti.commands import api
from itti.contract.compare import differences
from itti.contract.release import RELEASED, read
from questionnaires.versions import Step
from tests.itti.conftest import description

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def described() -> Iterator[dict[str, Any]]:
    """The description as it is now; the commands of this module say it without building the application again."""
    document = json.loads(json.dumps(description()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "described", lambda: copy.deepcopy(document))
        yield document


def test_what_was_released_still_holds(described: dict[str, Any]) -> None:
    broken = [each for each in differences(read(ROOT / RELEASED), described) if each.step is Step.MAJOR]
    assert not broken, "tools that exist would break: keep what was released, see `itti api changes`"


def test_the_description_is_printed_whole(described: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["api", "description"]) == 0
    assert json.loads(capsys.readouterr().out) == described


def test_a_release_bears_the_number_that_its_changes_demand(
    described: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "released.json"
    words = ["--released", str(path)]
    assert main(["api", "release", *words]) == 0
    assert read(path) == described
    assert main(["api", "changes", *words]) == 0
    assert "Nothing has changed since version" in capsys.readouterr().out

    changed = copy.deepcopy(described)
    del changed["paths"]["/api/v1/me"]
    monkeypatch.setattr(api, "described", lambda: changed)
    assert main(["api", "changes", *words]) == 1
    assert "major: GET /api/v1/me\n" in capsys.readouterr().out
    assert main(["api", "changes", "--json", *words]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["demanded"] == "2.0.0"
    assert told["changes"] == [{"code": "operation-gone", "place": "GET /api/v1/me", "step": "major"}]
    assert main(["api", "release", *words]) == 2
    assert "its changes demand 2.0.0" in capsys.readouterr().err
    assert read(path) == described

    changed["info"]["version"] = "2.0.0"
    assert main(["api", "release", *words]) == 0
    assert "Version 2.0.0 is released, with 1 change" in capsys.readouterr().out
    assert read(path) == changed


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"info": 3}'])
def test_a_file_that_is_no_description_is_refused(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "released.json"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main(["api", "changes", "--released", str(path)]) == 2
    assert "is not the description of an API" in capsys.readouterr().err
