"""What is asked item by item: lists unrolled, and what may still come while no items are named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires import load_folder
from questionnaires.loading import EXAMPLES, read_file
from questionnaires.model import Definition, Item, Structure
from questionnaires.unrolling import unrolled
from scoring import (
    Answer,
    ChoiceAnswer,
    ItemsAnswer,
    LevelAnswer,
    NodeScore,
    NotApplicableAnswer,
    NumberAnswer,
    State,
    compile_plan,
    contradictions,
    deciding,
    score,
    values,
)
from scoring.cohort import rank
from scoring.columns import Columns, score_population
from scoring.errors import AnswersRefused, ListsNotCovered, PackedUnreadable
from scoring.levers import levers
from scoring.packing import pack, unpack
from scoring.reaching import reaching
from scoring.sheet import read_sheet
from scoring.targets import NoValueYet, node_of, read_target
from scoring.tracing import trace
from scoring.uncertainty.plans import reweighted
from tests.scoring.listed import listed_structures, stages_of
from tests.scoring.wide import wide_definition

STEP = Fraction(1, 10**6)
LINES = load_folder(EXAMPLES[1])
PLAN = compile_plan(LINES)
GIVEN = read_sheet(read_file(EXAMPLES[1] / "examples" / "two-lines.yaml")).given()


def items(*names: str) -> ItemsAnswer:
    return ItemsAnswer(items=tuple(Item(id=name.lower(), name=name) for name in names))


def refusals(answers: Mapping[str, Answer]) -> list[tuple[str, object]]:
    with pytest.raises(AnswersRefused) as refused:
        score(PLAN, answers)
    return [(fault.code, fault.details["question"]) for fault in refused.value.faults]


def test_every_item_has_questions_and_nodes_of_its_own() -> None:
    definition = unrolled(LINES, {"lines": [Item(id="pipes", name="Pipes")]})
    assert [question.id for question in definition.questions] == [
        "lines",
        *(f"lines.pipes.{each}" for each in ("line-kind", "staff", "upkeep", "scrap", "scrap-beyond-usual")),
        "people",
    ]
    assert definition.words("en").questions["lines.pipes.scrap"].title == "\u2068Pipes\u2069 – Scrap of last month"
    assert definition.sections[0].questions[1] == "lines.pipes.line-kind"
    assert unrolled(definition, {"lines": []}) is definition


def test_a_definition_without_lists_is_itself() -> None:
    plain = load_folder(EXAMPLES[0])
    assert unrolled(plain, {"lines": [Item(id="pipes", name="Pipes")]}) is plain
    assert (plan := compile_plan(plain)).unrolled({}) is plan


def test_nothing_is_known_before_the_items_are() -> None:
    card = score(PLAN, {"people": NumberAnswer(number=8)})
    (index,) = card.nodes
    assert (index.state, index.value, index.lowest, index.highest) == (State.OPEN, None, "0.00", "4.00")
    assert [question.id for question in card.questions] == ["lines", "people"]
    assert not card.complete
    assert index.amounts == ()


def test_values_alone_are_those_of_the_scorecard() -> None:
    for answers in (GIVEN, {}, GIVEN | {"lines.pipes.upkeep": LevelAnswer(level=0)}):
        assert values(PLAN, answers) == {node.id: (node.value, node.band) for node in score(PLAN, answers).nodes}


def test_a_list_that_does_not_apply_has_no_items() -> None:
    card = score(PLAN, {"lines": NotApplicableAnswer(reason="One workshop."), "people": NumberAnswer(number=8)})
    assert card.complete
    assert card.headline.state is State.NOT_APPLICABLE


def test_nothing_hangs_on_a_list_without_items() -> None:
    """Whether it applies is open, and that it does not is answered already: nobody works on any line."""
    structure = {
        "family": "empty",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 0, "mode": "half_up"},
        "index": "n",
        "categories": ["n"],
        "questions": [
            {"id": "makes", "kind": "yes_no"},
            {"id": "lines", "kind": "items", "most": 3, "asks": ["staff"], "applies_when": "makes"},
            {"id": "staff", "kind": "number"},
            {"id": "all-staff", "kind": "computed", "formula": "sum(staff)"},
        ],
        "nodes": [{"id": "n", "aggregation": "sum", "children": [{"of": "all-staff"}]}],
    }
    plan = compile_plan(wide_definition(structure))
    found = score(plan, {"lines": NotApplicableAnswer(reason="None yet.")})
    assert (found.question("all-staff").number, found.headline.value) == ("0", "0")
    assert score(plan, {}).headline.value is None


def test_contradictions_are_those_of_an_item_or_of_all() -> None:
    assert contradictions(PLAN, GIVEN) == ()
    crowded = GIVEN | {"lines.pumps.staff": NumberAnswer(number=9), "lines.pipes.upkeep": LevelAnswer(level=4)}
    assert [(each.id, each.questions[-1]) for each in contradictions(PLAN, crowded)] == [
        ("lines.pipes.steady-yet-wasteful", "lines.pipes.scrap"),
        ("more-on-lines-than-people", "people"),
    ]


@pytest.mark.parametrize(
    ("answers", "code", "question"),
    [
        ({"staff": NumberAnswer(number=3)}, "item-not-named", "staff"),
        (GIVEN | {"lines.ovens.staff": NumberAnswer(number=3)}, "unknown-item", "lines.ovens.staff"),
        (GIVEN | {"lines.pipes.people": NumberAnswer(number=3)}, "unknown-question", "lines.pipes.people"),
        (GIVEN | {"lines.pipes.staff": LevelAnswer(level=3)}, "wrong-kind-of-answer", "lines.pipes.staff"),
        ({"lines": items()}, "items-count", "lines"),
        ({"lines": items(*(f"L{number}" for number in range(21)))}, "items-count", "lines"),
        ({"lines": items("A", "A")}, "item-twice", "lines"),
    ],
)
def test_answers_that_no_item_takes_are_refused(answers: Mapping[str, Answer], code: str, question: str) -> None:
    assert refusals(answers) == [(code, question)]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_items_come_lies_within_what_was_possible(data: st.DataObject) -> None:
    structure = data.draw(listed_structures())
    plan = compile_plan(wide_definition(structure))
    cards = [score(plan, answers) for answers in data.draw(stages_of(structure))]
    for before in cards:
        for was in before.nodes:
            node = cards[-1].node(was.id)
            if node.value is not None:
                value = Fraction(node.value)
                assert was.lowest is None or Fraction(was.lowest) <= value + STEP, node.id
                assert was.highest is None or value - STEP <= Fraction(was.highest), node.id
    assert cards[-1].complete
    types = cards[-1].node("types")
    typed = {"one": 3, "two": 4, "three": 0, None: 0}[types.band]
    assert (types.state is State.PROFILE) is (types.band is not None)
    assert cards[-1].node("typed").value in {f"{typed}.000000", None}
    assert all(node.state is not State.OPEN for node in cards[-1].nodes)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_packed_and_in_columns_items_score_the_same(data: st.DataObject) -> None:
    structure = data.draw(listed_structures())
    plan = compile_plan(wide_definition(structure))
    population = data.draw(stages_of(structure))
    for answers in population:
        assert trace(plan, answers).card == score(plan, answers)
        again = unpack(plan, pack(plan, answers))
        assert pack(plan, again) == pack(plan, answers)
        assert set(again) == {re.sub("[.]a[.]", ".item-1.", re.sub("[.]b[.]", ".item-2.", name)) for name in answers}
    scores = score_population(plan, Columns.of(plan, population))
    for place, answers in enumerate(population):
        card = score(plan, answers)
        for name, column in scores.nodes.items():
            assert (column.state_of(place), column.value(place)) == (card.node(name).state, card.node(name).value)


OPEN_LINE = {name: answer for name, answer in GIVEN.items() if name != "lines.pipes.upkeep"}


def test_what_is_open_of_an_item_decides_and_can_be_raised() -> None:
    (most, *_) = deciding(PLAN, OPEN_LINE)
    assert most.question == "lines.pipes.upkeep"
    aim = read_target(node_of(PLAN, "all-lines"), "2.50")
    lifted = levers(PLAN, GIVEN | {"lines.pumps.upkeep": LevelAnswer(level=2)}, target=aim)
    assert [[change.question for change in each.changes] for each in lifted.sets] == [["lines.pumps.upkeep"]]
    assert reaching(PLAN, OPEN_LINE).highest.reached


def test_while_no_items_are_named_nothing_is_taken_for_the_last_word() -> None:
    assert deciding(PLAN, {}) == ()
    ends = reaching(PLAN, {})
    assert not ends.lowest.reached
    assert not ends.highest.reached
    told = trace(PLAN, {"people": NumberAnswer(number=8)})
    assert set(told.nodes) == {"all-lines"}
    with pytest.raises(NoValueYet):
        levers(PLAN, {})


def test_changed_weights_are_refused_where_everybody_has_other_nodes() -> None:
    with pytest.raises(ListsNotCovered):
        reweighted(PLAN, {})


def test_who_takes_part_in_a_ranking_may_follow_from_all_items() -> None:
    data = LINES.model_dump(mode="json", by_alias=True, exclude={"texts"})
    places = [{"id": "first", "top": 1, "eligible": "min(line) >= 3 or lines < 2"}]
    data["rankings"] = [{"id": "order", "of": "all-lines", "eligible": "count(wasteful) <= 1", "places": places}]
    ranked = Definition.of(Structure.model_validate(data), LINES.texts)
    alone: dict[str, Answer] = {
        "lines": ItemsAnswer(items=(Item(id="pumps", name="Pumps"),)),
        "people": NumberAnswer(number=3),
    }
    alone |= {name: answer for name, answer in GIVEN.items() if name.startswith("lines.pumps")}
    cohort: dict[str, dict[str, Answer]] = {"both": GIVEN, "pumps": alone, "nobody": {}}
    found = rank(ranked, compile_plan(ranked), "order", cohort)
    assert [(each.member, each.place) for each in found] == [("pumps", "first"), ("both", None), ("nobody", None)]


def by_hand(*lines: str) -> dict[str, Any]:
    """A questionnaire over some lines as its author had to write it without lists."""
    level = {"kind": "level", "highest": 4}
    number = {"kind": "number", "least": 0, "most": 9, "places": 0, "not_applicable": "refused"}
    return {
        "questions": [
            *(
                {"id": f"{line}-{name}"} | shape
                for line in lines
                for name, shape in (("upkeep", level), ("staff", number))
            ),
            {"id": "crew", "kind": "computed", "formula": f"sum({', '.join(f'{line}-staff' for line in lines)})"},
        ],
        "nodes": [
            *(
                {
                    "id": f"{line}-line",
                    "aggregation": "mean",
                    "children": [{"of": f"{line}-upkeep"}],
                    "rules": [{"id": f"{line}-alone", "kind": "cap", "when": f"{line}-staff < 2", "at_most": 3}],
                }
                for line in lines
            ),
            {
                "id": "all",
                "aggregation": "weighted_mean",
                "missing": "exclude",
                "children": [{"of": f"{line}-line", "weight": f"{line}-staff / crew"} for line in lines],
                "rules": [
                    {
                        "id": "few",
                        "kind": "cap",
                        "when": f"count({', '.join(f'{x}-upkeep < 2' for x in lines)}) > 1",
                        "at_most": 1,
                    }
                ],
            },
        ],
    }


WITH_A_LIST: dict[str, Any] = {
    "questions": [
        {"id": "lines", "kind": "items", "most": 3, "asks": ["upkeep", "staff"]},
        {"id": "upkeep", "kind": "level", "highest": 4},
        {"id": "staff", "kind": "number", "least": 0, "most": 9, "places": 0, "not_applicable": "refused"},
        {"id": "crew", "kind": "computed", "formula": "sum(staff)"},
    ],
    "nodes": [
        {
            "id": "line",
            "each": "lines",
            "aggregation": "mean",
            "children": [{"of": "upkeep"}],
            "rules": [{"id": "alone", "kind": "cap", "when": "staff < 2", "at_most": 3}],
        },
        {
            "id": "all",
            "aggregation": "weighted_mean",
            "missing": "exclude",
            "children": [{"of": "line", "weight": "staff / crew"}],
            "rules": [{"id": "few", "kind": "cap", "when": "count(upkeep < 2) > 1", "at_most": 1}],
        },
    ],
}
HEAD: dict[str, Any] = {
    "family": "by-hand",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 6, "mode": "half_up"},
    "index": "all",
    "categories": ["all"],
}
LISTED = compile_plan(wide_definition(HEAD | WITH_A_LIST))
WRITTEN_OUT = [compile_plan(wide_definition(HEAD | by_hand(*"abc"[:count]))) for count in (1, 2, 3)]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_list_scores_as_if_every_item_had_been_written_by_hand(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 3))
    levels = st.one_of(st.none(), st.integers(0, 4).map(lambda level: LevelAnswer(level=level)))
    crews = st.one_of(st.none(), st.integers(0, 9).map(lambda number: NumberAnswer(number=Fraction(number))))
    plain: dict[str, Answer] = {}
    for line in "abc"[:count]:
        found: dict[str, Answer | None] = {f"{line}-upkeep": data.draw(levels), f"{line}-staff": data.draw(crews)}
        plain |= {name: answer for name, answer in found.items() if answer is not None}
    listed: dict[str, Answer] = {f"lines.{name.replace('-', '.')}": answer for name, answer in plain.items()}
    listed["lines"] = ItemsAnswer(items=tuple(Item(id=line, name=line) for line in "abc"[:count]))
    one, other = score(LISTED, listed), score(WRITTEN_OUT[count - 1], plain)
    assert {node.id: told(node) for node in one.nodes} == {
        f"lines.{node.id.replace('-', '.')}" if "-" in node.id else node.id: told(node) for node in other.nodes
    }


def told(node: NodeScore) -> tuple[object, ...]:
    """What a node says, but for ids; of a node outside of the list the list itself is one question more."""
    fired = [rule.fired for rule in node.rules]
    shares = [(share.weight_used, share.contribution, share.state) for share in node.shares]
    return node.state, node.why, node.value, node.exact, node.lowest, node.highest, fired, shares, node.missing


def test_hundreds_of_items_are_scored_and_packed() -> None:
    many = 254  # one more than a single byte of the packed form tells
    questions = [each.model_copy(update={"most": many} if each.id == "lines" else {}) for each in LINES.questions]
    plan = compile_plan(LINES.model_copy(update={"questions": tuple(questions)}))
    answers: dict[str, Answer] = {"lines": items(*(f"L{place}" for place in range(many)))}
    answers["people"] = NumberAnswer(number=Fraction(10_000))
    for place in range(many):
        answers |= {
            f"lines.l{place}.line-kind": ChoiceAnswer(choice="assembly"),
            f"lines.l{place}.staff": NumberAnswer(number=Fraction(1 + place % 7)),
            f"lines.l{place}.upkeep": LevelAnswer(level=place % 5),
            f"lines.l{place}.scrap": NumberAnswer(number=Fraction(place, 1000)),
        }
    upkeep = [place % 5 for place in range(many - 1)] + [3]  # of the line with the most scrap no more than that
    staff = [1 + place % 7 for place in range(many)]
    exact = Fraction(sum(a * b for a, b in zip(upkeep, staff, strict=True)), sum(staff))
    card = score(plan, answers)
    assert Fraction(card.headline.exact or "") == exact
    some = {name: answer for place, (name, answer) in enumerate(answers.items()) if place < 2 or place % 3}
    bounds = score(plan, some).headline
    assert Fraction(bounds.lowest or "") <= exact <= Fraction(bounds.highest or "")
    packed = pack(plan, answers)
    again = unpack(plan, packed)
    assert (len(again), score(plan, again).headline.exact) == (len(answers), card.headline.exact)
    with pytest.raises(PackedUnreadable):
        unpack(plan, packed[:1] + bytes([2]) + (many + 1).to_bytes(2) + packed[4:])
    step = trace(plan, answers).nodes["lines.l0.line"].rules[-1].condition.parts[0]
    assert step.formula.count("lines.") == 13, "the own number, twelve others"
    assert step.formula.endswith(", …) = 1")
    assert step.inserted.startswith("rank(0, 0.001, 0.002, ")
