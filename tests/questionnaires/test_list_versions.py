"""Lists over versions: which number a change of a list demands, and every item's answers carried to the next one."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from questionnaires import load_folder
from questionnaires.loading import EXAMPLES, read_file
from questionnaires.migration import Migration
from questionnaires.migration_checks import check_migration
from questionnaires.model import Definition, Structure, Texts
from questionnaires.places import Document
from questionnaires.upgrading import Mark, preview
from questionnaires.versions import Step, changes, step
from tests.itti import products

OLD = load_folder(EXAMPLES[1])


@cache
def sheet() -> dict[str, Any]:
    data = read_file(EXAMPLES[1] / "examples" / "two-lines.yaml").data
    assert isinstance(data, dict)
    answers: dict[str, Any] = data["answers"]
    return answers


def changed(**parts: dict[str, dict[str, Any]]) -> Definition:
    """The example with some keys of some questions or nodes changed, or with more of them."""
    data = OLD.model_dump(mode="json", by_alias=True, exclude={"texts"})
    words = OLD.texts["en"].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for part, things in parts.items():
        known = {thing["id"]: thing for thing in data[part]}
        for name, keys in things.items():
            if name in known:
                known[name].update(keys)
            else:
                data[part].append({"id": name, **keys})
                words[part][name] = {"title": name}
    data["version"] = "2.0.0"
    return Definition.of(Structure.model_validate(data), {"en": Texts.model_validate(words)})


ASKS = ["line-kind", "staff", "upkeep", "scrap", "scrap-beyond-usual"]


@pytest.mark.parametrize(
    ("new", "demand"),
    [
        (changed(questions={"lines": {"asks": [*ASKS, "age"]}, "age": {"kind": "number"}}), Step.MINOR),
        (changed(questions={"lines": {"asks": ASKS[::-1]}}), Step.PATCH),
        (changed(questions={"lines": {"most": 30}}), Step.MAJOR),
        (changed(questions={"lines": {"asks": [*ASKS, "people"]}}), Step.MAJOR),
        (changed(nodes={"line": {"each": None}}), Step.MAJOR),
    ],
)
def test_a_change_of_a_list_has_its_step(new: Definition, demand: Step) -> None:
    assert step(changes(OLD, new)) is demand


def test_every_item_takes_its_answers_along() -> None:
    new = changed(questions={"upkeep": {"highest": 8}, "crew": {"kind": "number", "least": 1, "places": 0}})
    asks = [each if each != "staff" else "crew" for each in ASKS]
    lines = new.questions[0].model_copy(update={"asks": tuple(asks)})
    new = new.model_copy(update={"questions": (lines, *(one for one in new.questions[1:] if one.id != "staff"))})
    steps = Migration.model_validate(
        {
            "from": "1.0.0",
            "steps": [
                {"step": "kept", "question": "lines"},
                {"step": "renamed", "question": "staff", "to": "crew"},
                {"step": "rescaled", "question": "upkeep", "linear": {"factor": 2}},
            ],
        }
    )
    assert not check_migration(steps, Document("migration.yaml"), OLD, new)
    result = preview(OLD, new, steps, sheet())
    assert {question: entry for question, entry in result.answers.items() if question.startswith("lines")} == {
        "lines": {"items": [{"id": "pipes", "name": "Pipes"}, {"id": "pumps", "name": "Pumps"}]},
        "lines.pipes.line-kind": {"choice": "extrusion"},
        "lines.pipes.crew": {"number": 6},
        "lines.pipes.upkeep": {"level": 6},
        "lines.pipes.scrap": {"number": "4.5", "reason": "More than the usual 4 %."},
        "lines.pumps.line-kind": {"choice": "assembly"},
        "lines.pumps.crew": {"number": 2},
        "lines.pumps.upkeep": {"level": 8},
        "lines.pumps.scrap": {"number": "0.5"},
    }
    assert not result.look_again


def test_items_that_the_new_list_does_not_take_are_told_one_by_one() -> None:
    new = changed(questions={"lines": {"most": 1}})
    steps = Migration.model_validate({"from": "1.0.0", "steps": [{"step": "kept", "question": "lines"}]})
    assert not check_migration(steps, Document("migration.yaml"), OLD, new)
    result = preview(OLD, new, steps, sheet())
    assert set(result.answers) == {"people"}
    assert [outcome.question for outcome in result.look_again] == ["lines"]
    dropped = [outcome for outcome in result.outcomes if outcome.mark is Mark.DROPPED]
    assert {outcome.why for outcome in dropped} == {"list-not-carried"}
    assert len(dropped) == 8


@pytest.mark.parametrize(
    "steps",
    [
        [{"step": "renamed", "question": "staff", "to": "people"}],
        [{"step": "renamed", "question": "people", "to": "staff"}],
        [{"step": "merged", "questions": ["people", "staff"], "to": "people", "rule": "maximum"}],
    ],
)
def test_answers_of_items_stay_with_items(steps: list[dict[str, Any]]) -> None:
    migration = Migration.model_validate({"from": "1.0.0", "steps": steps})
    found = check_migration(migration, Document("migration.yaml"), OLD, changed())
    assert "migration-other-items" in [mistake.code for mistake in found]


@cache
def nested() -> Definition:
    """A questionnaire with a list within a list: process steps of products."""
    with TemporaryDirectory() as folder:
        whole = load_folder(products.write(Path(folder) / "products"))
    return whole.model_copy(update={"languages": ("en",), "texts": {"en": whole.texts["en"]}})


def renamed(names: dict[str, str]) -> Definition:
    """The same with other ids."""
    data = nested().model_dump(mode="json", by_alias=True, exclude={"texts"})
    words = nested().texts["en"].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    text = json.dumps([data | {"version": "2.0.0"}, words])
    for old, new in names.items():
        text = re.sub(rf'"{old}"', f'"{new}"', text)
    data, words = json.loads(text)
    return Definition.of(Structure.model_validate(data), {"en": Texts.model_validate(words)})


def test_inner_items_take_their_answers_along() -> None:
    new = renamed({"products": "goods", "steps": "stages", "scrap": "waste"})
    steps = Migration.model_validate(
        {
            "from": "1.0.0",
            "steps": [
                {"step": "renamed", "question": "products", "to": "goods"},
                {"step": "renamed", "question": "steps", "to": "stages"},
                {"step": "renamed", "question": "scrap", "to": "waste"},
                {"step": "kept", "question": "run", "look_again": True},
                {"step": "kept", "question": "turnover"},
            ],
        }
    )
    assert not check_migration(steps, Document("migration.yaml"), nested(), new)
    result = preview(nested(), new, steps, products.ANSWERS)
    now = {"products": "goods", "steps": "stages", "scrap": "waste"}
    expected = {
        ".".join(now.get(part, part) for part in name.split(".")): given for name, given in products.ANSWERS.items()
    }
    assert result.answers == expected
    assert [outcome.question for outcome in result.look_again] == [name for name in expected if name.endswith(".run")]


@pytest.mark.parametrize(
    "steps",
    [
        [{"step": "renamed", "question": "run", "to": "training"}],
        [{"step": "renamed", "question": "scrap", "to": "turnover"}],
        [{"step": "merged", "questions": ["turnover", "scrap"], "to": "scrap", "rule": "maximum"}],
    ],
)
def test_answers_of_inner_items_stay_with_them(steps: list[dict[str, Any]]) -> None:
    migration = Migration.model_validate({"from": "1.0.0", "steps": steps})
    found = check_migration(migration, Document("migration.yaml"), nested(), renamed({}))
    assert "migration-other-items" in [mistake.code for mistake in found]


def test_a_list_that_moves_into_another_one_is_another_question() -> None:
    outside = nested().model_dump(mode="json", by_alias=True, exclude={"texts"})
    outside["questions"][0]["asks"].remove("steps")
    moved = Definition.of(Structure.model_validate(outside | {"version": "2.0.0"}), nested().texts)
    assert step(changes(nested(), moved)) is Step.MAJOR
    assert step(changes(moved, nested())) is Step.MAJOR
    more = nested().model_dump(mode="json", by_alias=True, exclude={"texts"})
    more["questions"][2]["asks"].append("energy")
    more["questions"].append({"id": "energy", "kind": "number", "least": 0})
    words = nested().texts["en"].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    words["questions"]["energy"] = {"title": "Energy"}
    grown = Definition.of(Structure.model_validate(more), {"en": Texts.model_validate(words)})
    assert step(changes(nested(), grown)) is Step.MINOR
