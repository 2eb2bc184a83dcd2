"""``itti questionnaires diff|publish|migrate``: versions that can be trusted, answers that survive them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from questionnaires import load_folder
from questionnaires.digest import digest
from questionnaires.loading import PUBLISHED
from tests.itti.commands.conftest import Run

FIRST = PUBLISHED / "itti" / "1.0.0"
DATES = FIRST / "examples" / "dates-packing.yaml"


def changed(folder: Path, version: str, *edits: tuple[str, str, str], base: Path = FIRST) -> Path:
    """A copy of a published version under another number, with (file, text, other text) replaced."""
    shutil.copytree(base, folder)
    stated = load_folder(base).version
    for path in [folder / "definition.yaml", *folder.glob("examples/*.yaml")]:
        path.write_text(path.read_text().replace(f"version: {stated}", f"version: {version}"))
    for file, text, other in edits:
        path = folder / file
        assert text in path.read_text()
        path.write_text(path.read_text().replace(text, other))
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of published definitions of its own."""
    shutil.copytree(PUBLISHED / "itti" / "1.0.0", tmp_path / "shelf" / "itti" / "1.0.0")
    lines = (PUBLISHED / "digests.lock").read_text().splitlines()
    (tmp_path / "shelf" / "digests.lock").write_text("\n".join(line for line in lines if " 1." in line) + "\n")
    return tmp_path / "shelf"


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


ROW = "{id: quality, kind: level, lowest: 0, highest: 5, not_applicable: "
MAY_NOT_APPLY = ("definition.yaml", ROW + "refused", ROW + "allowed")
WEIGHT = ("definition.yaml", "  - id: strategy\n    aggregation: mean", "  - id: strategy\n    aggregation: minimum")


def a_title() -> tuple[str, str, str]:
    """An edit of the title of ``quality``, whatever it is."""
    title = load_folder(FIRST).texts["en"].questions["quality"].title
    return "en.yaml", f"title: {title}", f"title: {title} at the line"


def test_diff_for_people(itti: Run, tmp_path: Path) -> None:
    folder = changed(tmp_path / "new", "2.0.0", a_title(), WEIGHT)
    english = itti("questionnaires", "diff", "itti@1.0.0", folder).out
    assert "itti@1.0.0 → itti@2.0.0" in english
    assert "The next version is 2.0.0" in english
    assert "major: aggregation  mean → minimum" in english
    assert "It can move a score." in english
    assert "patch: en title" in english
    arabic = itti("questionnaires", "diff", "itti@1.0.0", folder, ITTI_LANGUAGE="ar").out
    assert "يمكن أن يغيّر نتيجة" in arabic
    assert "الإصدار التالي 2.0.0" in arabic


def test_diff_for_programs(itti: Run, tmp_path: Path) -> None:
    folder = changed(tmp_path / "new", "1.0.1", a_title())
    found = json.loads(itti("questionnaires", "diff", "itti@1.0.0", folder, "--json").out)
    assert (found["step"], found["demanded"], found["new"]["digest"]) == ("patch", "1.0.1", digest(load_folder(folder)))
    (change,) = found["changes"]
    assert change["path"] == ["texts", "en", "questions", "quality", "title"]
    assert (change["kind"], change["step"], change["moves_score"], change["why"]) == ("changed", "patch", False, "text")


def test_diff_of_the_same(itti: Run) -> None:
    assert "They say the same" in itti("questionnaires", "diff", "itti@1.0.0", FIRST).out


def test_diff_with_another_family(itti: Run, tmp_path: Path) -> None:
    folder = changed(tmp_path / "new", "1.0.0", ("definition.yaml", "family: itti", "family: other"))
    assert "different families" in itti("questionnaires", "diff", "itti@1.0.0", folder, code=2).err


def test_diff_with_what_does_not_exist(itti: Run) -> None:
    assert "nosuch" in itti("questionnaires", "diff", "itti@1.0.0", "nosuch@1.0.0", code=2).err
    assert "nosuch" in itti("questionnaires", "diff", "itti@1.0.0", "nosuch", code=2).err


def test_publish(itti: Run, tmp_path: Path, shelf: Path) -> None:
    folder = changed(tmp_path / "new", "1.0.1", a_title())
    (folder / "notes.txt").write_text("not part of it")
    found = digest(load_folder(folder))
    before = content(shelf)
    assert "can be published" in itti("questionnaires", "publish", folder, "--check", "--into", shelf).out
    assert content(shelf) == before
    assert found in itti("questionnaires", "publish", folder, "--into", shelf).out
    after = content(shelf)
    assert (shelf / "digests.lock").read_text() == before["digests.lock"].decode() + f"itti 1.0.1 {found}\n"
    assert {name for name in after if name not in before} == {
        f"itti/1.0.1/{name}" for name in content(folder) if name != "notes.txt"
    }
    assert {name: after[name] for name in before if name != "digests.lock"} == {
        name: text for name, text in before.items() if name != "digests.lock"
    }
    assert "published already" in itti("questionnaires", "publish", folder, "--into", shelf).out
    assert content(shelf) == after


def test_the_first_version_of_a_family(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "publish", FIRST, "--into", tmp_path / "fresh" / "shelf")
    assert load_folder(tmp_path / "fresh" / "shelf" / "itti" / "1.0.0").version == "1.0.0"
    assert [line.split()[:2] for line in (tmp_path / "fresh/shelf/digests.lock").read_text().splitlines()[1:]] == [
        ["itti", "1.0.0"]
    ]


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0", "3.1.0"])
def test_publish_refuses_a_wrong_number(itti: Run, tmp_path: Path, shelf: Path, version: str) -> None:
    folder = changed(tmp_path / "new", version, MAY_NOT_APPLY)
    before = content(shelf)
    said = itti("questionnaires", "publish", folder, "--into", shelf, code=1).err
    assert "the number has to be 2.0.0" in said
    assert "questions/quality/not_applicable" in said
    assert content(shelf) == before


def test_publish_refuses_what_says_the_same(itti: Run, tmp_path: Path, shelf: Path) -> None:
    folder = changed(tmp_path / "new", "1.0.1")
    assert "nothing to publish" in itti("questionnaires", "publish", folder, "--into", shelf, code=1).err


def test_publish_refuses_to_change_a_published_version(itti: Run, tmp_path: Path, shelf: Path) -> None:
    folder = changed(tmp_path / "new", "1.0.0", a_title())
    assert "with another content" in itti("questionnaires", "publish", folder, "--into", shelf, code=1).err


def test_publish_refuses_wrong_examples_and_none(itti: Run, tmp_path: Path, shelf: Path) -> None:
    wrong = ("examples/dates-packing.yaml", 'overall: "2.15"', 'overall: "2.14"')
    folder = changed(tmp_path / "new", "1.0.1", a_title(), wrong)
    assert "expected to be 2.14" in itti("questionnaires", "publish", folder, "--into", shelf, code=1).err
    shutil.rmtree(folder / "examples")
    assert "no example" in itti("questionnaires", "publish", folder, "--into", shelf, code=1).err


def test_publish_refuses_answers_left_behind(itti: Run, tmp_path: Path, shelf: Path) -> None:
    folder = changed(tmp_path / "new", "2.0.0", MAY_NOT_APPLY)
    assert '"quality" of itti@1.0.0' in itti("questionnaires", "publish", folder, "--into", shelf, code=1).err
    (folder / "migration.yaml").write_text("from: 1.0.0\nsteps:\n  - {step: kept, question: qualty}\n")
    said = itti("questionnaires", "publish", folder, "--into", shelf, code=1).err
    assert f"{folder / 'migration.yaml'}:3: /steps/0" in said
    (folder / "migration.yaml").write_text(TO_TWO)
    itti("questionnaires", "publish", folder, "--into", shelf)
    assert (shelf / "itti" / "2.0.0" / "migration.yaml").read_text() == TO_TWO
    older = changed(tmp_path / "older", "1.0.1", a_title())
    itti("questionnaires", "publish", older, "--into", shelf)


def test_publish_refuses_mistakes(itti: Run, tmp_path: Path, shelf: Path) -> None:
    folder = changed(tmp_path / "new", "2.0.0", ("definition.yaml", "{of: quality}", "{of: qality}"))
    assert "qality" in itti("questionnaires", "publish", folder, "--into", shelf, code=1).err


TO_TWO = """\
from: 1.0.0
steps:
  - {step: rescaled, question: quality, table: {0: null, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5}}
"""


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A version 2.0.0 in which one question has to be asked anew where it stood at 0, and another has a new id."""
    folder = changed(tmp_path / "two", "2.0.0", MAY_NOT_APPLY)
    for path in (folder / "definition.yaml", folder / "en.yaml", folder / "ar.yaml"):
        path.write_text(path.read_text().replace("maintenance", "upkeep"))
    (folder / "migration.yaml").write_text(TO_TWO + "  - {step: renamed, question: maintenance, to: upkeep}\n")
    return folder


def test_migrate_shows_before_anything_happens(itti: Run, tmp_path: Path, second: Path) -> None:
    sheet = tmp_path / "old.yaml"
    sheet.write_text(
        'questionnaire: itti\nversion: 1.0.0\nanswers:\n  quality: {level: 0, reason: "Seen."}\n  maintenance: 2\n'
    )
    before = content(tmp_path)
    english = itti("questionnaires", "migrate", sheet, "--to", second).out
    assert "1 to look at again:\n  quality" in english
    assert "before, quality: level 0 (Seen.)" in english
    assert "before, maintenance: level 2" in english
    assert "Nothing has been written" in english
    arabic = itti("questionnaires", "migrate", sheet, "--to", second, ITTI_LANGUAGE="ar").out
    assert "سؤال واحد للنظر فيه من جديد" in arabic
    assert content(tmp_path) == before


def test_migrate_writes_a_new_sheet_and_never_over_another(itti: Run, tmp_path: Path, second: Path) -> None:
    sheet = tmp_path / "old.yaml"
    sheet.write_text(DATES.read_text().replace("quality: ", "quality: 0 # was: "))
    old = sheet.read_bytes()
    itti("questionnaires", "migrate", sheet, "--to", second, "--output", tmp_path / "new.yaml")
    text = (tmp_path / "new.yaml").read_text()
    data = yaml.safe_load(text)
    assert (data["version"], data["digest"]) == ("2.0.0", digest(load_folder(second)))
    assert data["factory"] == yaml.safe_load(old)["factory"]
    assert "quality" not in data["answers"]
    assert "upkeep" in data["answers"]
    assert "# before, quality: level 0" in text
    assert sheet.read_bytes() == old
    said = itti("questionnaires", "migrate", sheet, "--to", second, "--output", sheet, code=2).err
    assert "not overwritten" in said
    assert sheet.read_bytes() == old


def test_migrate_for_programs(itti: Run, second: Path) -> None:
    found = json.loads(itti("questionnaires", "migrate", DATES, "--to", second, "--json").out)
    (step,) = found["steps"]
    assert (found["version"], step["from"], step["to"]) == ("2.0.0", "1.0.0", "2.0.0")
    marks = {outcome["question"]: outcome["mark"] for outcome in step["outcomes"]}
    assert (marks["quality"], marks["upkeep"], marks["emissions"]) == ("by_rule", "carried", "carried")
    assert "upkeep" in found["answers"]


def test_migrate_back_or_to_what_does_not_exist(itti: Run, tmp_path: Path) -> None:
    assert "no way from itti@1.0.0" in itti("questionnaires", "migrate", DATES, "--to", "1.0.0", code=2).err
    assert "9.0.0" in itti("questionnaires", "migrate", DATES, "--to", "9.0.0", code=2).err
    other = changed(tmp_path / "other", "2.0.0", ("definition.yaml", "family: itti", "family: other"))
    assert "no way" in itti("questionnaires", "migrate", DATES, "--to", other, code=2).err


def test_migrate_refuses_answers_to_another_digest(itti: Run, second: Path) -> None:
    sheet = f"questionnaire: itti\nversion: 1.0.0\ndigest: {'0' * 64}\nanswers: {{}}\n"
    assert "digest" in itti("questionnaires", "migrate", "-", "--to", second, given=sheet, code=2).err


def test_migrate_refuses_a_migration_with_holes(itti: Run, second: Path) -> None:
    (second / "migration.yaml").write_text(TO_TWO)
    assert '"maintenance" of itti@1.0.0' in itti("questionnaires", "migrate", DATES, "--to", second, code=2).err
