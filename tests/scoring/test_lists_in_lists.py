"""A list that is asked of every item of another one: it scores as the same written in plainer ways."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.model import Item, QuestionText
from questionnaires.unrolling import unrolled
from scoring import (
    Answer,
    Answers,
    ItemsAnswer,
    LevelAnswer,
    NodeScore,
    NotApplicableAnswer,
    NumberAnswer,
    QuestionScore,
    compile_plan,
    score,
    values,
)
from scoring.errors import AnswersRefused
from scoring.exact import thoroughly
from scoring.packing import pack, unpack
from scoring.tracing import trace
from tests.scoring.listed import MEMBERS, listed_structures, stages_of
from tests.scoring.wide import wide_definition

STEP = Fraction(1, 10**6)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
INNER = {"lines", *MEMBERS}
_ALL = re.compile(r"^(?!count\(fine\)).*\b(?:sum|product|mean|min|max|median|highest|lowest|count)\(.*", re.DOTALL)
"""A condition over all items there are belongs to no site, so that it would be about all sites."""


def items(*names: str) -> ItemsAnswer:
    return ItemsAnswer(items=tuple(Item(id=name, name=name.upper()) for name in names))


def of_every_site(structure: dict[str, Any]) -> dict[str, Any]:
    """A questionnaire with a list, whole, for each of up to two sites."""
    asks = [question["id"] for question in structure["questions"] if question["id"] not in MEMBERS]
    sites = {"id": "sites", "kind": "items", "least": 1, "most": 2, "asks": asks}
    nodes = [{"each": "sites"} | node for node in structure["nodes"]]
    top = {"id": "top", "aggregation": "mean", "children": [{"of": "overall"}]}
    questions = [sites, *structure["questions"]]
    return structure | {"index": "top", "categories": ["top"], "questions": questions, "nodes": [*nodes, top]}


def by_sites(structure: dict[str, Any]) -> dict[str, Any]:
    """A questionnaire with a list whose items are told site by site: what stands outside of it is over all of them."""
    sites = {"id": "sites", "kind": "items", "least": 0, "most": 2, "asks": ["lines"]}

    def outside(thing: Any) -> Any:
        if isinstance(thing, str):
            return re.sub(r"\blines\b", "sum(lines)", thing)
        if isinstance(thing, list):
            return [outside(each) for each in thing]
        return {key: outside(each) for key, each in thing.items()} if isinstance(thing, dict) else thing

    questions = [each if each["id"] in INNER else outside(each) for each in structure["questions"]]
    nodes = [each if each["id"] == "line" else outside(each) for each in structure["nodes"]]
    conditions = [each if each["id"] == "fine" else outside(each) for each in structure["conditions"]]
    return structure | {"questions": [sites, *questions], "nodes": nodes, "conditions": conditions}


def told(node: NodeScore) -> tuple[object, ...]:
    """What a node says, but for ids and how many questions stand below."""
    fired = [(rule.id, rule.fired) for rule in node.rules]
    shares = [(share.weight_used, share.contribution, share.state) for share in node.shares]
    return node.state, node.why, node.value, node.exact, node.band, node.lowest, node.highest, fired, shares


def answered(question: QuestionScore) -> tuple[object, ...]:
    return question.state, question.answer, question.exact, question.disregarded


@settings(max_examples=6, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_each_outer_item_scores_as_a_questionnaire_of_its_own(data: st.DataObject) -> None:
    structure = data.draw(listed_structures())
    for each in structure["conditions"]:
        each["when"] = _ALL.sub("m0 >= 1", each["when"])
    alone, whole = (compile_plan(wide_definition(each)) for each in (structure, of_every_site(structure)))
    stages = data.draw(stages_of(structure))
    one, other = data.draw(st.sampled_from(stages)), data.draw(st.sampled_from(stages))
    answers: dict[str, Answer] = {"sites": items("x", "y")}
    for site, given_there in (("x", one), ("y", other)):
        answers |= {f"sites.{site}.{name}": answer for name, answer in given_there.items()}
    card = score(whole, answers)
    assert card == thoroughly(whole, answers)[1]
    assert values(whole, answers) == {node.id: (node.value, node.band) for node in card.nodes}
    for site, given_there in (("x", one), ("y", other)):
        own = score(alone, given_there)
        for node in own.nodes:
            assert told(card.node(f"sites.{site}.{node.id}")) == told(node), node.id
        for question in own.questions:
            assert answered(card.question(f"sites.{site}.{question.id}")) == answered(question), question.id


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_over_all_items_of_all_items_is_as_over_one_long_list(data: st.DataObject) -> None:
    structure = data.draw(listed_structures())
    for question in structure["questions"]:
        if question["id"] == "made":
            question["formula"] = re.sub(r"rank\((.*?)\)", r"\1", question["formula"])  # of a site, and not of all
    structure["questions"][1]["least"] = 0
    flat, nested = (compile_plan(wide_definition(each)) for each in (structure, by_sites(structure)))
    for given_flat in data.draw(stages_of(structure))[1:]:
        lines = given_flat["lines"]
        if isinstance(lines, NotApplicableAnswer):
            continue
        assert isinstance(lines, ItemsAnswer)
        answers: dict[str, Answer] = {"sites": items("x", "y"), "sites.x.lines": items(), "sites.y.lines": items()}
        homes = {item.id: data.draw(st.sampled_from(["x", "y"])) for item in lines.items}
        for site in ("x", "y"):
            named = [item for item in lines.items if homes[item.id] == site]
            answers[f"sites.{site}.lines"] = ItemsAnswer(items=tuple(named))
        order = [item for site in ("x", "y") for item in lines.items if homes[item.id] == site]
        flat_answers = dict(given_flat) | {"lines": ItemsAnswer(items=tuple(order))}
        for name, answer in given_flat.items():
            if name != "lines":
                _, dot, rest = name.partition(".")
                answers[f"sites.{homes[rest.partition('.')[0]]}.{name}" if dot else name] = answer
        one, other = score(flat, flat_answers), score(nested, answers)
        for node in one.nodes:
            if "." not in node.id:
                assert told(other.node(node.id)) == told(node), node.id
        assert answered(other.question("over")) == answered(one.question("over"))


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_bounds_hold_and_answers_come_back_whatever_items_come(data: st.DataObject) -> None:
    structure = data.draw(listed_structures())
    nested = data.draw(st.sampled_from([of_every_site, by_sites]))
    plan = compile_plan(wide_definition(nested(structure)))
    stages = _growing(data.draw(stages_of(structure)), whole=nested is of_every_site)
    cards = [score(plan, answers) for answers in stages]
    assert cards[-1].complete
    for before in cards:
        for was in before.nodes:
            node = cards[-1].node(was.id)
            if node.value is not None:
                value = Fraction(node.value)
                assert was.lowest is None or Fraction(was.lowest) <= value + STEP, node.id
                assert was.highest is None or value - STEP <= Fraction(was.highest), node.id
    last = stages[-1]
    again = unpack(plan, pack(plan, last))
    assert pack(plan, again) == pack(plan, last)
    slots = {"x": "item-1", "y": "item-2", "a": "item-1", "b": "item-2"}
    assert set(again) == {".".join(slots.get(part, part) for part in name.split(".")) for name in last}
    assert trace(plan, last).card == cards[-1]


def _growing(stages: list[Answers], *, whole: bool) -> list[Answers]:
    """Answers that grow: nothing, two outer items, then the lists and the answers of each."""
    found: list[Answers] = [{}, {"sites": items("x", "y")}]
    for stage in stages:
        for upto in (1, 2):
            answers: dict[str, Answer] = {"sites": items("x", "y")}
            for site in ("x", "y")[:upto]:
                for name, answer in stage.items():
                    inner = whole or name.partition(".")[0] == "lines"
                    answers[f"sites.{site}.{name}" if inner else name] = answer
            found.append(answers)
    return found


PRODUCTS: dict[str, Any] = {
    "family": "nested",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 2, "mode": "half_up"},
    "index": "all",
    "categories": ["all"],
    "questions": [
        {"id": "products", "kind": "items", "least": 1, "most": 3, "asks": ["turnover", "steps", "total"]},
        {"id": "turnover", "kind": "number", "least": 0, "most": 10},
        {"id": "steps", "kind": "items", "most": 4, "asks": ["run", "place"]},
        {"id": "run", "kind": "level", "highest": 4},
        {"id": "place", "kind": "computed", "formula": "rank(run)"},
        {"id": "total", "kind": "computed", "formula": "sum(run)"},
    ],
    "nodes": [
        {"id": "step", "each": "steps", "aggregation": "mean", "children": [{"of": "run"}]},
        {"id": "product", "each": "products", "aggregation": "mean", "children": [{"of": "step"}]},
        {
            "id": "all",
            "aggregation": "weighted_mean",
            "children": [{"of": "product", "weight": "turnover + 1"}, {"of": "step"}],
            "rules": [{"id": "r", "kind": "cap", "when": "sum(run) > 6 and max(total) > 4", "at_most": 2}],
        },
    ],
}
DEFINITION = wide_definition(PRODUCTS)
PLAN = compile_plan(DEFINITION)
GIVEN: Mapping[str, Answer] = {
    "products": items("p", "q"),
    "products.p.turnover": NumberAnswer(number=Fraction(1)),
    "products.q.turnover": NumberAnswer(number=Fraction(3)),
    "products.p.steps": items("s", "t"),
    "products.q.steps": items("s"),
    "products.p.steps.s.run": LevelAnswer(level=4),
    "products.p.steps.t.run": LevelAnswer(level=1),
    "products.q.steps.s.run": LevelAnswer(level=2),
}


def test_what_is_asked_of_inner_items_stands_below_their_list() -> None:
    card = score(PLAN, GIVEN)
    assert [question.id for question in card.questions] == [
        "products",
        "products.p.turnover",
        "products.p.steps",
        *(f"products.p.steps.{item}.{each}" for item in "st" for each in ("run", "place")),
        "products.p.total",
        "products.q.turnover",
        "products.q.steps",
        "products.q.steps.s.run",
        "products.q.steps.s.place",
        "products.q.total",
    ]
    assert card.node("products.p.product").exact == "5/2"
    assert card.headline.exact == "2", "20/9 by its weights, held at 2 by the rule over all steps of all products"
    assert [card.question(f"products.p.steps.{item}.place").exact for item in "st"] == ["1", "2"]


@pytest.mark.parametrize(
    ("question", "code", "details"),
    [
        ("run", "item-not-named", {"list": "products.ITEM.steps"}),
        ("products.p.run", "unknown-question", {}),
        ("products.p.steps.z.run", "unknown-item", {"list": "products.p.steps", "item": "z"}),
        ("products.z.steps.s.run", "unknown-item", {"list": "products", "item": "z"}),
        ("products.z.steps", "unknown-item", {"list": "products", "item": "z"}),
        ("products.p.steps.s.turnover", "unknown-question", {}),
        ("products.p.steps.s.steps.s.run", "unknown-question", {}),
        ("steps.s.run", "unknown-question", {}),
    ],
)
def test_answers_for_items_that_are_not_named_are_refused(question: str, code: str, details: Mapping[str, str]) -> None:
    with pytest.raises(AnswersRefused) as refused:
        score(PLAN, {**GIVEN, question: LevelAnswer(level=1)})
    (fault,) = refused.value.faults
    assert fault.code == code
    assert fault.details.items() >= details.items()


def test_titles_tell_both_items() -> None:
    words = {name: QuestionText(title="Run") for name in ("run", "steps")}
    texts = {"en": DEFINITION.words("en").model_copy(update={"questions": words})}
    with_text = DEFINITION.model_copy(update={"texts": texts})
    found = unrolled(with_text, {"products": [_item("p")], "products.p.steps": [_item("s")]}).words("en").questions
    assert {name: each.title for name, each in found.items()} == {
        "products.p.steps": "\u2068P\u2069 – Run",
        "products.p.steps.s.run": "\u2068P · S\u2069 – Run",
    }


def _item(name: str) -> Item:
    return Item(id=name, name=name.upper())
