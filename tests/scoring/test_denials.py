"""Options that say that something does not apply: a row leaves its grid, another question its node."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from questionnaires.checking import scale_of
from scoring import Answer, ChoiceAnswer, ChoicesAnswer, GridAnswer, Scorecard, State, Why, compile_plan, score
from tests.questionnaires.definitions import structure
from tests.scoring.wide import wide_definition

ROWS = [{"id": "raw", "weight": 3}, {"id": "made"}, {"id": "sold"}]
OPTIONS = [{"id": "shown", "value": 4}, {"id": "hidden", "value": 1}, {"id": "no-such", "not_applicable": True}]
KINDS: dict[str, dict[str, Any]] = {
    "grid": {"kind": "grid", "rows": ROWS, "options": OPTIONS},
    "choice": {"kind": "choice", "options": OPTIONS, "not_applicable": "refused"},
    "choices": {"kind": "choices", "options": [*OPTIONS[:2], OPTIONS[2] | {"alone": True}]},
}


def made(kind: str, **parts: Any) -> dict[str, Any]:
    changed = structure()
    changed["questions"][0] = {"id": "a", **KINDS[kind], **parts}
    return changed


def scored(structure: dict[str, Any], answer: Answer, **others: Answer) -> Scorecard:
    return score(compile_plan(wide_definition(structure)), {"a": answer, **others})


def grid(raw: str, made: str, sold: str) -> GridAnswer:
    return GridAnswer(grid={"raw": raw, "made": made, "sold": sold})


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("mean", "13/4"), ("sum", "13"), ("minimum", "1"), ("maximum", "4")]
)
def test_a_row_leaves_the_grid(aggregation: str, expected: str) -> None:
    # raw weighs 3 and is shown, made weighs 1 and is hidden, sold leaves: (3 × 4 + 1) / 4
    card = scored(made("grid", aggregation=aggregation), grid("shown", "hidden", "no-such"))
    assert card.question("a").exact == expected


def test_a_grid_without_a_row_left_does_not_apply() -> None:
    card = scored(made("grid"), grid("no-such", "no-such", "no-such"))
    assert (card.question("a").state, card.question("a").why) == (State.NOT_APPLICABLE, Why.NONE)
    assert card.question("a").answer == "made: no-such, raw: no-such, sold: no-such"
    assert card.node("first").counted_share == "1/2" or card.node("first").value is None


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("choice", ChoiceAnswer(choice="no-such")), ("choices", ChoicesAnswer(choices=("no-such",)))],
)
def test_a_question_leaves_its_node_even_where_nobody_may_tick_that_it_does_not_apply(
    kind: str, answer: Answer
) -> None:
    card = scored(made(kind), answer)
    assert card.question("a").state is State.NOT_APPLICABLE
    assert [share.counted for share in card.node("first").shares] == [False, False]
    assert card.node("first").not_applicable == 1


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("if(a = 'no-such', 1, 0)", "1"),
        ("if(a != 'shown', 1, 0)", "1"),
        ("if(a in ('shown', 'hidden'), 1, 0)", "0"),
        ("if(applies(a), 1, 0)", "0"),
        ("if(a >= 0, 1, 0)", "0"),
    ],
)
def test_formulas_see_the_option_and_that_it_does_not_apply(formula: str, expected: str) -> None:
    changed = made("choice")
    changed["questions"].append({"id": "seen", "kind": "computed", "formula": formula})
    assert scored(changed, ChoiceAnswer(choice="no-such")).question("seen").exact == expected


def test_rows_that_left_can_be_asked_for() -> None:
    changed = made("grid")
    changed["questions"].append({"id": "seen", "kind": "computed", "formula": "if(picked(a, 'raw', 'no-such'), 1, 0)"})
    for answer in (grid("no-such", "no-such", "no-such"), grid("no-such", "shown", "shown")):
        assert scored(changed, answer).question("seen").exact == "1"


def test_a_table_does_not_apply_where_its_choice_does_not() -> None:
    changed = made("choice", options=OPTIONS)
    changed["tables"] = [{"id": "lead", "by": "a", "values": {"shown": 1, "hidden": 2}, "otherwise": 9}]
    changed["questions"].append({"id": "seen", "kind": "computed", "formula": "lead + 1"})
    found = scored(changed, ChoiceAnswer(choice="no-such")).question("seen")
    assert (found.state, found.why) == (State.NOT_APPLICABLE, Why.INPUTS)


@pytest.mark.parametrize("low", [1, -1])
def test_the_scale_of_a_sum_knows_that_rows_may_leave(low: int) -> None:
    options = [{"id": "shown", "value": 4}, {"id": "hidden", "value": low}, OPTIONS[2]]
    changed = made("grid", aggregation="sum", options=options, not_applicable="refused")
    changed["nodes"][0] |= {"aggregation": "sum", "children": [{"of": "a"}]}
    changed["nodes"][1]["children"].append({"of": "b"})
    definition = wide_definition(changed)
    assert scale_of(definition, definition.nodes[0]) == (Fraction(low if low > 0 else 5 * low), Fraction(20))
    asked = score(compile_plan(definition), {}).question("a")
    assert (asked.least, asked.most) == (f"{low if low > 0 else 5 * low}", "20")
