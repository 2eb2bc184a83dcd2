"""``itti roadmap``: the plan of the guide, told and as data, and every mistake in a file of measures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema_rs import Draft202012Validator

from itti.commands.schema import schema
from questionnaires.loading import examples
from questionnaires.mistakes import Mistaken
from questionnaires.places import read
from questionnaires.wording import LANGUAGES
from scoring import Plan, compile_plan
from scoring.answers import Answers
from scoring.measures import programme, read_measures
from tests.itti.commands.conftest import ROOT, Run, alone
from tests.scoring.test_levers import EIGHT, ONES
from tests.scoring.wide import wide_definition

MEASURES = ROOT / "docs" / "metal-workshop-measures.yaml"
WORKSHOP = next(path for path in examples("itti", "2.0.0") if path.stem == "metal-workshop")


def test_the_plan_of_the_guide(itti: Run) -> None:
    said = itti("roadmap", WORKSHOP, "--measures", MEASURES).out
    assert said.startswith(
        "Overall index [overall]: from 1.04 (Structured) to 1.27 (Structured).\n7 measures; cost 220"
    )
    assert (
        "finished: List of all devices in the office and on the machines [network-inventory] → 1.07 (+0.0250)" in said
    )
    assert "[figures-by-hand]: cannot be together with Losses of every shift on one board [figures]" in said
    assert "[new-building]: does not fit into the budgets beside the plan" in said
    assert "[tidy-lists]: would fit, but gain nothing" in said
    assert said.endswith("Proven: no plan gains more.\n")


def test_arabic_and_the_same_bytes_whatever_the_hash_seed(itti: Run) -> None:
    words = ("roadmap", WORKSHOP, "--measures", MEASURES, "--node", "cyber-security")
    assert "ثبت أنه لا توجد خطة أكثر كسباً" in itti(*words, ITTI_LANGUAGE="ar").out
    first = itti(*words, "--json").out
    assert first == alone(*words, "--json", PYTHONHASHSEED="1"), "a fork keeps the seed of its parent"
    found = json.loads(first)
    assert [step["measure"] for step in found["steps"]] == ["network-inventory", "backup", "network-zones"]
    assert (found["gain"], found["final_value"], found["proven"]) == ("7/4", "2.25", True)
    assert {each["reason"] for each in found["left_out"]} == {"budget", "dependency", "no-gain"}


def test_wrong_answers_and_measures_are_named_with_their_places(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("questionnaire: itti\nversion: 2.0.0\nanswers: {strategy-roadmap: 9}\n")
    assert "a.yaml:3: /answers/strategy-roadmap" in itti("roadmap", "a.yaml", "--measures", MEASURES, code=2).err
    (tmp_path / "m.yaml").write_text(MEASURES.read_text().replace("emissions-plan: {to: 2}", "emissions-plan: {to: 7}"))
    said = itti("roadmap", WORKSHOP, "--measures", "m.yaml", code=2).err
    assert "m.yaml:44: /measures/4/changes/emissions-plan/to: Level 7 is not on the scale of emissions-plan" in said


def test_the_schema_takes_what_the_reader_takes() -> None:
    fits = Draft202012Validator(json.loads(schema("measures")))
    assert fits.is_valid(read(MEASURES.read_bytes(), "m.yaml").data)
    assert not fits.is_valid({**SOUND, "measures": []})


def put(*path: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    def edit(data: Any) -> None:
        for part in path[:-1]:
            data = data[part]
        data[path[-1]] = value

    return edit


def change(measure: int, question: str, *path: str, value: object) -> tuple[Callable[[dict[str, Any]], None], str]:
    """An edit of a change, and its place."""
    edit = put("measures", measure, "changes", question, *path, value=value)
    return edit, "/".join(["", "measures", str(measure), "changes", question, *path])


SOUND: dict[str, Any] = {
    "questionnaire": "wide",
    "version": "1.0.0",
    "periods": ["one", "two"],
    "budgets": {"cost": ["1.5", 2]},
    "measures": [
        {"id": "a", "title": "A", "changes": {"q0": {"from": 1, "to": 2}}},
        {"id": "b", "title": "B", "changes": {"q0": {"from": 2, "to": {"level": 3}}}, "after": ["a"]},
        {"id": "c", "title": "C", "changes": {"q1": {"to": 2}}, "excludes": ["a"], "takes": 2},
    ],
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return compile_plan(wide_definition(EIGHT))


def check(data: object, plan: Plan, answers: Answers) -> None:
    document = read(yaml.safe_dump(data).encode(), "m.yaml")
    programme(read_measures(document), document, plan, answers)


EDITS: list[tuple[Callable[[dict[str, Any]], None], str, str]] = [
    (put("version", value="1.0.1"), "/questionnaire", "measures-questionnaire"),
    (put("budgets", "cost", value=[1]), "/budgets/cost", "budget-periods"),
    (put("measures", 1, "id", value="a"), "/measures/0/id", "measure-twice"),
    (put("measures", 1, "after", value=["ghost"]), "/measures/1/after/0", "measure-unknown"),
    (put("measures", 2, "excludes", value=["c"]), "/measures/2/excludes/0", "measure-unknown"),
    (*change(0, "q0", "to", value={"reason": "?"}), "measure-no-answer"),
    (put("measures", 0, "changes", value={"no": {"to": 1}}), "/measures/0/changes/no/to", "unknown-question"),
    (*change(2, "q1", "to", value=4), "level-out-of-range"),
    (put("measures", 2, "changes", value={"q5": {"to": 2}}), "/measures/2/changes/q5", "measure-unanswered"),
    (*change(2, "q1", "to", value=1), "measure-nothing"),
    (*change(1, "q0", "to", value=2), "measure-nothing"),
    (*change(2, "q1", "from", value=3), "measure-nowhere"),
    (put("measures", 0, "after", value=["b"]), "/measures/0/after", "measure-circle"),
]


@pytest.mark.parametrize(("edit", "pointer", "code"), EDITS, ids=[f"{code} {at}" for _, at, code in EDITS])
def test_every_mistake(plan: Plan, edit: Callable[[dict[str, Any]], None], pointer: str, code: str) -> None:
    data = json.loads(json.dumps(SOUND))
    edit(data)
    with pytest.raises(Mistaken) as raised:
        check(data, plan, {name: answer for name, answer in ONES.items() if name != "q5"})
    found = {(mistake.code, mistake.pointer) for mistake in raised.value.mistakes}
    assert (code, pointer) in found
    assert all(mistake.located(language) for mistake in raised.value.mistakes for language in LANGUAGES)


def test_sound_measures(plan: Plan) -> None:
    check(SOUND, plan, ONES)
