"""The reference page of migrations: current, complete, and cut from one that carries answers between two versions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from questionnaires import load_folder
from questionnaires.loading import EXAMPLE_UPGRADE, read_file
from questionnaires.migration import Migration
from questionnaires.migration_checks import check_migration, read_migration
from questionnaires.places import read
from questionnaires.reference import DEFINITIONS, MIGRATIONS, Example, page
from questionnaires.upgrading import Mark, preview
from scoring import compile_plan, score
from scoring.sheet import read_sheet

ROOT = Path(__file__).parents[2]
TEMPLATE = (EXAMPLE_UPGRADE.parents[1] / "migrations.md").read_text()
SOURCE = (EXAMPLE_UPGRADE / "2.0.0" / "migration.yaml").read_text()
BEFORE = EXAMPLE_UPGRADE / "1.0.0" / "examples" / "before.yaml"
PAGE = (ROOT / "docs" / "migrations.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def part(name: str) -> str:
    return PAGE.partition(f"\n### {name}\n")[2].partition("\n### ")[0]


def anchors(text: str) -> set[str]:
    return {line.lstrip("#").strip().lower().replace(" ", "-") for line in text.splitlines() if line[:1] == "#"}


def test_current() -> None:
    assert page(MIGRATIONS, TEMPLATE, SOURCE) == PAGE, "itti questionnaires reference migration > docs/migrations.md"


def test_the_example_carries_every_answer_as_the_page_says() -> None:
    old, new = load_folder(EXAMPLE_UPGRADE / "1.0.0"), load_folder(EXAMPLE_UPGRADE / "2.0.0")
    found = read_migration(EXAMPLE_UPGRADE / "2.0.0")
    assert found is not None
    migration, document = found
    assert check_migration(migration, document, old, new) == ()
    sheet = read_sheet(read_file(BEFORE))
    assert {node.id: node.value for node in score(compile_plan(old), sheet.given()).nodes} == sheet.expected
    data = read_file(BEFORE).data
    assert isinstance(data, dict)
    carried = preview(old, new, migration, data["answers"])
    assert {(each.question, each.mark) for each in carried.outcomes if each.mark is not Mark.CARRIED} == {
        ("energy-metering", Mark.LOOK_AGAIN),
        ("energy-targets", Mark.LOOK_AGAIN),
        ("logistics-counted", Mark.BY_RULE),
        ("last-audit", Mark.BY_RULE),
        ("training", Mark.LOOK_AGAIN),
        ("maintenance", Mark.LOOK_AGAIN),
        ("order", Mark.BY_RULE),
        ("electricity", Mark.BY_RULE),
        ("marks", Mark.LOOK_AGAIN),
        ("records", Mark.BY_RULE),
        ("water", Mark.NEW),
        (None, Mark.DROPPED),
    }
    assert {
        name: carried.answers.get(name) for name in ("order", "last-audit", "maintenance", "lines.line-1.waste")
    } == {
        "order": {"level": 2},
        "last-audit": {"date": "2025-09-15"},
        "maintenance": None,
        "lines.line-1.waste": {"number": "2.5"},
    }


@pytest.mark.parametrize("name", MIGRATIONS.words())
def test_every_word_has_its_place_its_keys_and_an_example(name: str) -> None:
    model = MIGRATIONS.words()[name]
    for key, field in model.model_fields.items():
        row = re.search(rf"^\| \*{{0,2}}`{field.alias or key}`\*{{0,2}} \|.*\| (.*) \|$", part(name), re.MULTILINE)
        assert row is not None
        assert row[1] or key == "step", f"{name}.{key} has no meaning"
    cut = Example(Migration, SOURCE).of_word(model)
    assert cut is not None
    assert f"\n```yaml\n{cut}\n```" in part(name)


def test_the_example_uses_every_key() -> None:
    asked = {key for model in MIGRATIONS.words().values() for key in model.model_fields}
    assert {key for _, word in Example(Migration, SOURCE).uses for key in word.model_fields_set} >= asked


@pytest.mark.parametrize("name", MIGRATIONS.enumerations())
def test_every_enumeration_has_its_place(name: str) -> None:
    assert all(f"`{value.value}` – " in part(name) for value in MIGRATIONS.enumerations()[name])


def test_examples_are_cut_whole() -> None:
    lines = {line.strip() for line in SOURCE.splitlines()}
    for block in BLOCKS:
        assert [mistake.code for mistake in read(block.encode(), "example").mistakes] in ([], ["file-empty"])
        assert all(line.strip() in lines for line in block.splitlines() if "$schema" not in line)


def test_links_lead_somewhere() -> None:
    for file, target in re.findall(r"\]\(([\w.-]*)#([\w-]+)\)", PAGE):
        assert target in anchors(PAGE if not file else (ROOT / "docs" / file).read_text()), (file, target)
    assert "(language.md#rounding)" in PAGE
    assert not MIGRATIONS.words().keys() & DEFINITIONS.words().keys()
    assert "](migrations.md)" in (ROOT / "docs" / "authors.md").read_text()
