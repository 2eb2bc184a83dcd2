"""``itti questionnaires new``: what it writes is valid, and it never overwrites."""

from __future__ import annotations

from pathlib import Path

import pytest

from itti.commands.schema import schema
from questionnaires import load_folder
from tests.itti.commands.conftest import Run


def test_is_valid_as_it_is(itti: Run, tmp_path: Path) -> None:
    said = itti("questionnaires", "new", "my-check").out
    assert "itti questionnaires validate my-check" in said
    definition = load_folder(tmp_path / "my-check")
    assert definition.name == "my-check@1.0.0"
    assert set(definition.texts) == {"en", "ar"}
    assert "my-check@1.0.0 is valid, with 1 example" in itti("questionnaires", "validate", "my-check").out


def test_teaches_in_comments(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "new", "my-check", "--into", tmp_path / "deep" / "folder")
    text = (tmp_path / "deep" / "folder" / "definition.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=")
    assert "never a zero" in text
    assert "family-name" not in text


@pytest.mark.parametrize("existing", ["definition.yaml", "notes.txt"])
def test_refuses_to_overwrite(itti: Run, tmp_path: Path, existing: str) -> None:
    folder = tmp_path / "my-check"
    folder.mkdir()
    (folder / existing).write_text("mine")
    assert "not empty" in itti("questionnaires", "new", "my-check", code=2).err
    assert {path.name: path.read_text() for path in folder.iterdir()} == {existing: "mine"}


def test_a_file_in_the_way(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "my-check").write_text("mine")
    assert "--into" in itti("questionnaires", "new", "my-check", code=2).err
    assert "--into" in itti("questionnaires", "new", "my-check", "--into", "my-check/below", code=2).err


@pytest.mark.parametrize("name", ["My Check", "../elsewhere", "x" * 65, "تحقق"])
def test_refuses_names_that_are_none(itti: Run, tmp_path: Path, name: str) -> None:
    assert "lower-case words" in itti("questionnaires", "new", name, code=2).err
    assert list(tmp_path.glob("**/definition.yaml")) == []


def test_works_with_the_schemas_it_names(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "new", "my-check")
    for name, kind in (("definition.yaml", "definition"), ("en.yaml", "texts"), ("ar.yaml", "texts")):
        first = (tmp_path / "my-check" / name).read_text().partition("\n")[0]
        assert first == f"# yaml-language-server: $schema={kind}.json"
        assert schema(kind)
