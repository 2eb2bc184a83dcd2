"""The calculation in words: whoever follows it with pen and paper comes to what is stated."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.loading import EXAMPLE, PUBLISHED, load, load_folder, published, read_file
from questionnaires.model import Definition, Structure, Texts
from questionnaires.unrolling import unrolled
from questionnaires.wording import LANGUAGES
from reports.calculation import calculation
from reports.paper import lay_out
from reports.report import Standing
from scoring import Answer, LevelAnswer, NotApplicableAnswer, NumberAnswer, YesNoAnswer, compile_plan
from scoring.sheet import AnswerSheet, read_sheet
from scoring.tracing import trace
from scoring.unrolling import items_of
from tests.published.cases import HERE, MODELS, cases_of
from tests.questionnaires.definitions import texts_for
from tests.reports import papers, stranger
from tests.scoring.wide import answered, wide_structures


def worded(structure: dict[str, Any]) -> Definition:
    """The definition with words for everything that a calculation names."""
    words = texts_for({**structure, "questions": [{"highest": -1, **each} for each in structure["questions"]]})
    named = {"name": "N"}
    for question in structure["questions"]:
        text = words["questions"][question["id"]]
        if question["kind"] == "level":
            text["levels"] = {str(level): {"name": "L", "description": "D"} for level in range(question["highest"] + 1)}
        text["options"] = {option["id"]: named for option in question.get("options", ())}
        text["rows"] = {row["id"]: named for row in question.get("rows", ())}
    ruled = [each["id"] for node in structure["nodes"] for each in (*node.get("rules", ()), *node.get("stages", ()))]
    words["figures"] = {table["id"]: {"title": "F"} for table in structure.get("tables", ())}
    words["rules"] = {name: {"title": "R"} for name in ruled}
    return Definition.of(Structure.model_validate(structure), {"en": Texts.model_validate(words)})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_stranger_comes_to_the_stated_values(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    definition = worded(structure)
    told = trace(compile_plan(definition), data.draw(answered(structure)))
    for name, node in stranger.every(dict(calculation(definition, told, "en"))):
        score = told.card.node(name)
        if score.provisional is not None:
            assert node.stated == score.provisional, name


def test_a_rule_that_sets_the_value_to_no_number_says_so() -> None:
    rule = {"id": "lowered", "kind": "veto", "when": "q >= 0", "to": "other"}
    structure = {
        "family": "ruled",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 0, "mode": "half_up"},
        "index": "n",
        "categories": ["n"],
        "questions": [{"id": "q", "kind": "number"}, {"id": "other", "kind": "number"}],
        "nodes": [{"id": "n", "aggregation": "mean", "children": [{"of": "q"}, {"of": "other"}], "rules": [rule]}],
    }
    definition = worded(structure)
    answers: dict[str, Answer] = {
        "q": NumberAnswer(number=Fraction(3)),
        "other": NotApplicableAnswer(reason="None here."),
    }
    told = trace(compile_plan(definition), answers)
    block = dict(calculation(definition, told, "en"))["n"]
    below = [stranger.text_of(line) for step in block.steps for line in step.below]
    assert below == ["what it sets the value to has no number here, so there is no value"]
    assert told.card.headline.value is None


def test_a_stranger_follows_every_published_example() -> None:
    for family, version in published():
        definition = load_folder(PUBLISHED / family / version)
        plan = compile_plan(definition)
        for example in sorted((PUBLISHED / family / version / "examples").glob("*.yaml")):
            told = trace(plan, read_sheet(read_file(example)).given())
            for name, node in stranger.every(dict(calculation(definition, told, "en"))):
                assert node.stated == (told.card.node(name).provisional or ""), (example.stem, name)


@pytest.mark.parametrize("model", MODELS)
def test_a_stranger_follows_the_published_models(model: str) -> None:
    definition = load_folder(HERE / model)
    plan = compile_plan(definition)
    head = {"questionnaire": plan.family, "version": plan.version}
    answers = AnswerSheet.model_validate({**head, "answers": cases_of(model)[0].answers}).given()
    definition, told = unrolled(definition, items_of(answers)), trace(plan, answers)
    for name, node in stranger.every(dict(calculation(definition, told, "en"))):
        assert node.stated == (told.card.node(name).provisional or ""), name


@pytest.mark.parametrize(
    ("language", "said", "waits"),
    [("en", "no class yet, as missing answers decide it", "is open"), ("ar", "لا فئة له بعد", "لم تُحسم")],
)
def test_a_profile_without_a_class_says_that_missing_answers_decide_it(language: str, said: str, waits: str) -> None:
    definition = load_folder(HERE / "frailty-classes")
    plan = compile_plan(definition)
    given = {name: YesNoAnswer(yes=name in ("exhaustion", "slowness")) for name in list(plan.positions)[:4]}
    block = calculation(definition, trace(plan, given), language)["phenotype"]
    assert said in block.heading
    assert any(waits in line.text for line in block.lines)


def test_a_wrong_number_does_not_get_past_the_stranger() -> None:
    """The proof is worth something: each result that is written otherwise is found out."""
    definition = load_folder(EXAMPLE)
    answers = read_sheet(read_file(EXAMPLE / "examples" / "a-dairy.yaml")).given()
    blocks = dict(calculation(definition, trace(compile_plan(definition), answers), "en"))
    sums = [(name, place) for name, block in blocks.items() for place in range(len(block.steps))]
    changed = 0
    for name, place in sums:
        steps = blocks[name].steps
        text = re.sub(r"= ([0-9.]+)", r"= 1\1", stranger.text_of(steps[place]))
        if "= " not in text or not text.startswith(stranger.MADE):
            continue
        changed += 1
        wrong = replace(blocks[name], steps=(*steps[:place], replace(steps[place], text=text), *steps[place + 1 :]))
        with pytest.raises(AssertionError):
            list(stranger.every({**blocks, name: wrong}))
    assert changed > len(definition.nodes) // 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_holds_the_calculation(language: str) -> None:
    """Every line of it, and none where the answers do not give the scorecard any more."""
    report = papers.report(Standing.DRAFT)
    definition = load(report.scorecard.family, report.scorecard.version)
    blocks = lay_out(report, definition, language).calculation
    assert next(block.id for _, block, _ in blocks) == definition.index
    assert {block.id for _, block, _ in blocks} == {node.id for node in definition.nodes}
    others = tuple(each.model_copy(update={"answer": LevelAnswer(level=0)}) for each in report.answers)
    assert lay_out(report.model_copy(update={"answers": others}), definition, language).calculation == ()
