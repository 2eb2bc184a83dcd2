"""Answer sets: written once, the same definition as written out, and mistakes where they can be mended."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from questionnaires import load_folder
from questionnaires.digest import digest
from questionnaires.mistakes import Mistake, Mistaken
from questionnaires.model import ChoiceQuestion, Definition
from questionnaires.workbook.authored import workbook_to_yaml
from questionnaires.workbook.authoring import definition_to_workbook
from tests.questionnaires.definitions import structure, texts_for, write_folder

OPTIONS: list[dict[str, Any]] = [
    {"id": "no", "value": 0},
    {"id": "partly", "value": "0.5"},
    {"id": "fully", "value": 1},
]
WORDS = {"no": {"name": "No"}, "partly": {"name": "In part"}, "fully": {"name": "In full", "description": "All."}}


def shared(**changes: Any) -> dict[str, Any]:
    """The small definition whose three questions share one list."""
    data = structure(answer_sets=[{"id": "extent", "options": copy.deepcopy(OPTIONS)}])
    kinds: tuple[dict[str, Any], ...] = (
        {"kind": "choice"},
        {"kind": "choices", "not_applicable": "refused"},
        {"kind": "grid", "rows": [{"id": "east"}, {"id": "west"}]},
    )
    data["questions"] = [
        {"id": identifier, "options": "extent", **kind} for identifier, kind in zip("abc", kinds, strict=True)
    ]
    del data["nodes"][2]["bands"]
    return data | changes


def written_out() -> dict[str, Any]:
    """The same without an answer set."""
    data = shared()
    del data["answer_sets"]
    for question in data["questions"]:
        question["options"] = copy.deepcopy(OPTIONS)
    return data


def words(*, shared_words: bool, **own: Mapping[str, Any]) -> dict[str, Any]:
    base = texts_for(structure(nodes=shared()["nodes"]))
    rows = {"c": {"rows": {"east": {"name": "East"}, "west": {"name": "West"}}}}
    options = {} if shared_words else {"options": WORDS}
    base["questions"] = {one: {"title": "T", **options, **rows.get(one, {}), **own.get(one, {})} for one in "abc"}
    return base | ({"options": WORDS} if shared_words else {})


def load(folder: Path, data: Mapping[str, Any], texts: Mapping[str, Any]) -> Definition:
    return load_folder(write_folder(folder, data, en=texts))


def mistakes(folder: Path, data: Mapping[str, Any], texts: Mapping[str, Any] | None = None) -> list[Mistake]:
    with pytest.raises(Mistaken) as caught:
        load(folder, data, texts or words(shared_words=True))
    return list(caught.value.mistakes)


def test_it_is_the_same_definition(tmp_path: Path) -> None:
    plain = load(tmp_path / "plain", written_out(), words(shared_words=False))
    once = load(tmp_path / "once", shared(), words(shared_words=True))
    assert (once, digest(once)) == (plain, digest(plain))
    assert (once.answer_sets, once.texts["en"].options) == ((), {})
    question = once.question("a")
    assert isinstance(question, ChoiceQuestion)
    assert [option.id for option in question.options] == ["no", "partly", "fully"]


def test_own_words_come_before_shared_ones(tmp_path: Path) -> None:
    texts = words(shared_words=True, b={"options": {"fully": {"name": "Wholly"}}})
    spoken = load(tmp_path, shared(), texts).texts["en"].questions
    assert [spoken[one].options["fully"].name for one in "abc"] == ["In full", "Wholly", "In full"]
    assert spoken["b"].options["no"].name == "No"


def test_the_workbook_of_an_author_keeps_the_digest(tmp_path: Path) -> None:
    once = load(tmp_path / "once", shared(), words(shared_words=True))
    authored = workbook_to_yaml(definition_to_workbook(once))
    assert authored.mistakes == ()
    folder = tmp_path / "back"
    folder.mkdir()
    for name, content in authored.files.items():
        (folder / name).write_bytes(content)
    assert digest(load_folder(folder)) == digest(once)


def test_an_unknown_set_is_told_at_the_question(tmp_path: Path) -> None:
    data = shared()
    data["questions"][1]["options"] = "extend"
    (found,) = mistakes(tmp_path, data)
    assert (found.code, found.pointer) == ("unknown-answer-set", "/questions/1/options")
    assert found.line is not None
    assert "known: extent" in found.sentence()


def test_a_mistake_in_a_set_is_told_once_and_there(tmp_path: Path) -> None:
    data = shared()
    data["answer_sets"][0]["options"][1]["value"] = 0.5  # a binary float, as JSON has it
    data["answer_sets"][0]["options"][2] = {"id": "No Id", "worth": 1}
    found = [(one.code, one.pointer) for one in mistakes(tmp_path, data)]
    assert sorted(found) == [
        ("unknown-key", "/answer_sets/0/options/2/worth"),
        ("wrong-form", "/answer_sets/0/options/2/id"),
    ]
    lines = (tmp_path / "definition.yaml").read_text().splitlines()
    (wrong,) = (one for one in mistakes(tmp_path / "again", data) if one.code == "wrong-form")
    assert wrong.line is not None
    assert '"No Id"' in lines[wrong.line - 1]


def test_what_does_not_hold_between_words_is_told_in_the_set_too(tmp_path: Path) -> None:
    data = shared()
    del data["answer_sets"][0]["options"][1]["value"]
    found = [(one.code, one.pointer) for one in mistakes(tmp_path, data)]
    assert found.count(("option-without-value", "/answer_sets/0/options/1")) == 1


def test_an_option_that_stands_alone_is_for_questions_of_several_choices(tmp_path: Path) -> None:
    data = shared()
    data["answer_sets"][0]["options"][0]["alone"] = True
    found = [(one.code, one.pointer) for one in mistakes(tmp_path, data)]
    assert sorted(found) == [("answer-set-alone", "/questions/0/options"), ("answer-set-alone", "/questions/2/options")]


def test_a_set_that_nobody_uses_is_told(tmp_path: Path) -> None:
    data = shared()
    data["answer_sets"].append({"id": "idle", "options": [{"id": "x"}]})
    (found,) = mistakes(tmp_path, data)
    assert (found.code, found.pointer) == ("answer-set-unused", "/answer_sets/1")


@pytest.mark.parametrize("sets", [None, 3, "extent", [3, {"id": 4}, {"id": "x"}, {"options": []}], {"id": "extent"}])
def test_sets_of_any_other_form_are_mistakes(tmp_path: Path, sets: Any) -> None:
    assert mistakes(tmp_path, shared(answer_sets=sets))


@pytest.mark.parametrize("questions", [None, 3, [None, "a", {"options": 3}]])
def test_questions_of_any_other_form_are_mistakes(tmp_path: Path, questions: Any) -> None:
    assert mistakes(tmp_path, shared(questions=questions))


def test_a_short_file_does_not_grow_beyond_all_bounds(tmp_path: Path) -> None:
    many = [{"id": f"o{number}"} for number in range(200)]
    asked = [{"id": f"q{number}", "kind": "choice", "options": "extent"} for number in range(5000)]
    (found,) = mistakes(tmp_path, shared(answer_sets=[{"id": "extent", "options": many}], questions=asked))
    assert (found.code, found.pointer) == ("answer-sets-too-long", "/questions/250/options")


def test_words_that_no_question_needs_are_told(tmp_path: Path) -> None:
    texts = words(shared_words=False) | {"options": {"no": {"name": "No"}}}
    (found,) = mistakes(tmp_path, shared(), texts)
    assert (found.code, found.pointer, found.file.endswith("en.yaml")) == ("text-superfluous", "/options/no", True)


def test_words_that_nobody_wrote_are_told_at_every_question(tmp_path: Path) -> None:
    texts = words(shared_words=True)
    texts["options"] = {one: text for one, text in WORDS.items() if one != "no"}
    found = mistakes(tmp_path, shared(), texts)
    assert [(one.code, one.pointer) for one in found] == [
        ("text-missing", f"/questions/{question}/options") for question in "abc"
    ]
