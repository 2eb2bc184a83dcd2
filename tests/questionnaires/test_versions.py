"""What changed between two definitions and which step of the version number that demands."""

from __future__ import annotations

from typing import Any

import pytest

from questionnaires.differences import Kind
from questionnaires.model import Definition
from questionnaires.versions import OtherFamily, Step, changes, demanded, following, follows, step
from tests.questionnaires.upgrades import QUESTIONS, definition, question

FIRST: dict[str, Any] = {
    "id": "first",
    "of": ["lev", "lev-two"],
    "operator": "product",
    "factors": [{"of": "gap"}, {"of": "cost"}],
}
BASE: dict[str, Any] = {
    "sources": [{"id": "book", "certainty": "certain"}],
    "constants": [{"id": "factor", "value": "0.5"}],
    "tables": [{"id": "lead-values", "by": "one", "values": {"none": 1, "some": 2}}],
    "sections": [{"id": "facts", "questions": ["amount", "many"]}],
    "views": [{"id": "side", "nodes": ["least"]}],
    "crosswalks": [{"id": "other", "items": [{"id": "item", "of": ["lev"]}]}],
    "rankings": [{"id": "rank", "of": "overall", "places": [{"id": "best", "top": "0.1"}, {"id": "rest", "top": 1}]}],
    "roll_ups": [{"id": "total", "sums": ["amount"]}],
    "priority_factors": [{"id": "gap", "kind": "gap"}, {"id": "cost", "kind": "figure"}],
    "priorities": [FIRST],
    "nodes": [
        {
            "id": "overall",
            "aggregation": "mean",
            "children": [{"of": "lev"}, {"of": "lev-two"}],
            "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 2}],
            "rules": [
                {"id": "cap-low", "kind": "cap", "unless": "sure", "at_most": 1},
                {"id": "cap-high", "kind": "cap", "unless": "sure", "at_most": 2},
            ],
        },
        {"id": "least", "aggregation": "minimum", "children": [{"of": "lev"}, {"of": "lev-two"}]},
        {"id": "product", "aggregation": "geometric", "children": [{"of": "lev"}, {"of": "lev-two"}]},
    ],
}


LIFT = {"id": "lift", "kind": "bonus", "when": "sure", "bands_up": 1}
REST = {"id": "rest", "top": 1}


def made(version: str = "1.0.0", questions: list[dict[str, Any]] | None = None, **parts: Any) -> Definition:
    return definition(*(questions or QUESTIONS), version=version, **(BASE | parts))


def node(identifier: str, **parts: Any) -> list[dict[str, Any]]:
    """All nodes, with some keys of one replaced."""
    return [one | parts if one["id"] == identifier else one for one in BASE["nodes"]]


def with_question(identifier: str, **parts: Any) -> list[dict[str, Any]]:
    return [question(one["id"], **(parts if one["id"] == identifier else {})) for one in QUESTIONS]


NEW = {"id": "extra", "kind": "level", "highest": 3}
NEW_NODE = {"id": "more", "aggregation": "mean", "children": [{"of": "extra"}]}
REVERSED = [{"of": "lev-two"}, {"of": "lev"}]


def reworded() -> Definition:
    old = made()
    texts = old.texts["en"].model_copy(update={"title": "Other words"})
    return old.model_copy(update={"texts": {"en": texts, "ar": old.texts["ar"]}})


CASES: list[tuple[str, Definition, Step, bool, str]] = [
    ("a title", reworded(), Step.PATCH, False, "text"),
    ("certainty of a source", made(sources=[{"id": "book", "certainty": "own"}]), Step.PATCH, False, "source"),
    ("a source of a question", made(questions=with_question("lev", sources=["book"])), Step.PATCH, False, "source"),
    ("order of questions", made(questions=QUESTIONS[::-1]), Step.PATCH, False, "order"),
    (
        "order of options",
        made(questions=with_question("one", options=question("one")["options"][::-1])),
        Step.PATCH,
        False,
        "order",
    ),
    ("order of a mean's children", made(nodes=node("overall", children=REVERSED)), Step.PATCH, False, "order"),
    ("order of a minimum's children", made(nodes=node("least", children=REVERSED)), Step.MINOR, False, "order-told"),
    ("order of a product's children", made(nodes=node("product", children=REVERSED)), Step.MAJOR, True, "value"),
    ("order of rules", made(nodes=node("overall", rules=BASE["nodes"][0]["rules"][::-1])), Step.MAJOR, True, "value"),
    ("order of languages", made(languages=["ar", "en"]), Step.PATCH, False, "order"),
    (
        "a further view",
        made(views=[*BASE["views"], {"id": "new", "nodes": ["overall"]}]),
        Step.MINOR,
        False,
        "addition",
    ),
    ("a node in a view", made(views=[{"id": "side", "nodes": ["least", "overall"]}]), Step.MINOR, False, "addition"),
    ("a view less", made(views=[]), Step.MAJOR, False, "taken-away"),
    ("a crosswalk less", made(crosswalks=[]), Step.MINOR, False, "names-only"),
    ("a ranking less", made(rankings=[]), Step.MAJOR, False, "taken-away"),
    ("a ranking by a fact", made(rankings=[BASE["rankings"][0] | {"by": "sure"}]), Step.MAJOR, True, "value"),
    ("a least group", made(rankings=[BASE["rankings"][0] | {"least_members": 5}]), Step.MAJOR, True, "value"),
    ("a place of a ranking", made(rankings=[BASE["rankings"][0] | {"ties": "together_up"}]), Step.MAJOR, True, "value"),
    ("a prioritisation less", made(priorities=[]), Step.MAJOR, False, "taken-away"),
    ("an operator", made(priorities=[FIRST | {"operator": "weighted_sum"}]), Step.MAJOR, False, "priority"),
    ("order compared", made(priorities=[FIRST | {"of": ["lev-two", "lev"]}]), Step.PATCH, False, "order"),
    ("what decides ties", made(priorities=[FIRST | {"ties": ["cost"]}]), Step.MAJOR, False, "priority"),
    (
        "a target",
        made(priority_factors=[{"id": "gap", "kind": "gap", "target": 2}, {"id": "cost", "kind": "figure"}]),
        Step.MAJOR,
        False,
        "priority",
    ),
    ("a further prioritisation", made(priorities=[FIRST, FIRST | {"id": "b"}]), Step.MINOR, False, "addition"),
    ("a language less", made(languages=["en"]), Step.MAJOR, False, "taken-away"),
    ("origin", made(origin="published"), Step.MINOR, False, "origin"),
    (
        "a question in another section",
        made(sections=[{"id": "facts", "questions": ["amount"]}]),
        Step.MINOR,
        False,
        "grouping",
    ),
    (
        "a figure of the cohort that nothing counts",
        made(cohort_figures=[{"id": "best", "of": "lev", "figure": "greatest"}]),
        Step.MINOR,
        False,
        "addition",
    ),
    (
        "a figure of the cohort, and one that only it rests on",
        made(
            cohort_figures=[
                {"id": "best", "of": "lev", "figure": "greatest"},
                {"id": "rest", "of": "lev", "figure": "mean", "when": "lev < best"},
            ]
        ),
        Step.MINOR,
        False,
        "addition",
    ),
    ("a question nothing counts", made(questions=[*QUESTIONS, NEW]), Step.MINOR, False, "addition"),
    ("a question less", made(questions=QUESTIONS[:-1]), Step.MAJOR, True, "answers"),
    ("another kind", made(questions=with_question("sure", kind="level", highest=1)), Step.MAJOR, True, "answers"),
    ("a level more", made(questions=with_question("lev", highest=5)), Step.MAJOR, True, "answers"),
    (
        "an option less",
        made(questions=with_question("one", options=question("one")["options"][:2])),
        Step.MAJOR,
        True,
        "answers",
    ),
    ("the days accepted", made(questions=with_question("since", latest="2031-01-01")), Step.MAJOR, True, "answers"),
    ("an option's value", made(questions=with_question("sure", yes=2)), Step.MAJOR, True, "value"),
    ("evidence demanded", made(questions=with_question("lev", evidence_from=3)), Step.MAJOR, False, "submission"),
    (
        "a contradiction",
        made(contradictions=[{"id": "odd", "when": "sure and lev = 0"}]),
        Step.MAJOR,
        False,
        "submission",
    ),
    (
        "evidence of any answer",
        made(questions=with_question("since", evidence_from="answered")),
        Step.MAJOR,
        False,
        "submission",
    ),
    (
        "may not apply",
        made(questions=with_question("lev-two", not_applicable="allowed")),
        Step.MAJOR,
        True,
        "applicability",
    ),
    ("applies when", made(questions=with_question("lev", applies_when="sure")), Step.MAJOR, True, "applicability"),
    ("a formula", made(questions=with_question("double", formula="amount * 3")), Step.MAJOR, True, "value"),
    ("rounding", made(rounding={"places": 1, "mode": "half_up"}), Step.MAJOR, True, "value"),
    ("the index", made(index="least"), Step.MAJOR, True, "stated"),
    ("a sub-index", made(sub_indices=["least"]), Step.MAJOR, True, "stated"),
    ("a constant", made(constants=[{"id": "factor", "value": "0.6"}]), Step.MAJOR, True, "value"),
    ("a row of a table", made(tables=[BASE["tables"][0] | {"values": {"none": 1}}]), Step.MAJOR, True, "value"),
    (
        "a constant nothing uses",
        made(constants=[*BASE["constants"], {"id": "g", "value": 1}]),
        Step.MINOR,
        False,
        "addition",
    ),
    ("the side of a limit", made(nodes=node("overall", boundary="upper")), Step.MAJOR, True, "value"),
    ("what decides a band", made(nodes=node("overall", bands_on="exact")), Step.MAJOR, True, "value"),
    ("a limit by formula", made(nodes=node("overall", most="factor")), Step.MAJOR, True, "value"),
    (
        "a constant that a weight uses",
        made(
            constants=[*BASE["constants"], {"id": "g", "value": 1}],
            nodes=node("overall", aggregation="sum", children=[{"of": "lev", "weight": "g"}]),
        ),
        Step.MAJOR,
        True,
        "counts",
    ),
    ("a band", made(nodes=node("overall", bands=[{"id": "low", "from": 0}])), Step.MAJOR, True, "value"),
    (
        "a bonus",
        made(nodes=node("overall", rules=[*BASE["nodes"][0]["rules"], LIFT])),
        Step.MAJOR,
        True,
        "value",
    ),
    (
        "how far a place reaches",
        made(rankings=[BASE["rankings"][0] | {"places": [{"id": "best", "top": "0.1", "at_least": 1}, REST]}]),
        Step.MAJOR,
        True,
        "value",
    ),
    (
        "a weight",
        made(nodes=node("overall", aggregation="sum", children=[{"of": "lev", "weight": 2}])),
        Step.MAJOR,
        True,
        "value",
    ),
    ("a missing policy", made(nodes=node("overall", missing="exclude")), Step.MAJOR, True, "value"),
]


@pytest.mark.parametrize(("new", "demand", "moves", "why"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_every_change_has_its_step(new: Definition, demand: Step, why: str, *, moves: bool) -> None:
    found = changes(made(), new)
    assert step(found) is demand
    assert any(change.moves for change in found) is moves
    assert why in {change.why for change in found}
    for change in found:
        assert change.reason("en") != change.reason("ar")


def test_a_new_node_that_nothing_rests_on_is_a_minor_with_its_question() -> None:
    new = made(
        questions=[*QUESTIONS, NEW],
        nodes=[*BASE["nodes"], NEW_NODE],
        views=[*BASE["views"], {"id": "w", "nodes": ["more"]}],
    )
    found = changes(made(), new)
    assert step(found) is Step.MINOR
    assert {change.path for change in found} == {("questions", "extra"), ("nodes", "more"), ("views", "w")}


def test_a_new_node_that_the_index_counts_is_a_major_with_its_question() -> None:
    counted = node("overall", children=[{"of": "lev"}, {"of": "lev-two"}, {"of": "more"}])
    found = changes(made(), made(questions=[*QUESTIONS, NEW], nodes=[*counted, NEW_NODE]))
    assert {change.path[1]: change.why for change in found if len(change.path) == 2} == {
        "extra": "counts",
        "more": "counts",
    }


def test_a_new_constant_that_an_old_formula_uses_counts() -> None:
    formula = with_question("double", formula="amount * twice")
    found = changes(made(), made(questions=formula, constants=[*BASE["constants"], {"id": "twice", "value": 2}]))
    assert ("constants", "twice", "counts") in {(*change.path[:2], change.why) for change in found}


@pytest.mark.parametrize("word", [{"method": "r6"}, {"of": "amount"}, {"when": "best > 1"}, {"by": "one"}])
def test_whatever_a_figure_of_the_cohort_is_taken_of_moves_scores(word: dict[str, str]) -> None:
    usual = {"id": "usual", "of": "lev", "figure": "quantile", "share": "1/2"}
    best = {"id": "best", "of": "lev", "figure": "greatest"}
    before, after = made(cohort_figures=[usual, best]), made(cohort_figures=[usual | word, best])
    assert [(change.step, change.why) for change in changes(before, after)] == [(Step.MAJOR, "value")]


def test_quoted_options_are_no_names() -> None:
    quoted = with_question("lev", applies_when="one = 'some'")
    old, new = made(questions=quoted), made(questions=[*quoted, NEW | {"id": "some"}])
    assert step(changes(old, new)) is Step.MINOR


def test_changes_say_what_stood_there() -> None:
    (change,) = changes(made(), made(questions=with_question("lev", highest=5)))
    assert (change.kind, change.path, change.old, change.new) == (Kind.CHANGED, ("questions", "lev", "highest"), 4, 5)


def test_another_notation_of_a_number_is_no_change() -> None:
    assert not changes(made(), made("2.0.0", constants=[{"id": "factor", "value": "1/2"}]))


@pytest.mark.parametrize(
    ("by", "number"), [("none", "1.2.3"), ("patch", "1.2.4"), ("minor", "1.3.0"), ("major", "2.0.0")]
)
def test_following(by: str, number: str) -> None:
    assert following("1.2.3", Step(by)) == number


def test_demanded() -> None:
    assert demanded(made(), made(origin="published")) == "1.1.0"
    with pytest.raises(OtherFamily, match="every-kind"):
        demanded(made(), made(family="else"))


@pytest.mark.parametrize(
    ("version", "before", "by", "may"),
    [
        ("1.0.1", "1.0.0", Step.PATCH, True),
        ("1.0.2", "1.0.0", Step.PATCH, False),
        ("1.1.0", "1.0.4", Step.MINOR, True),
        ("1.1.1", "1.0.4", Step.MINOR, False),
        ("2.0.0", "1.3.1", Step.MAJOR, True),
        ("2025.0.0", "2018.2.0", Step.MAJOR, True),
        ("2025.1.0", "2018.2.0", Step.MAJOR, False),
        ("1.0.0", "1.3.1", Step.MAJOR, False),
    ],
)
def test_which_numbers_may_follow(version: str, before: str, by: Step, may: object) -> None:
    assert follows(version, before, by) is may
