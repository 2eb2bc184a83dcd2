"""Bands and classes in formulas mean what the scorecard states."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.formula.tree import Number
from questionnaires.model import Boundary, Rounding, RoundingMode
from scoring import (
    Answer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    Scorecard,
    State,
    YesNoAnswer,
    compile_plan,
    score,
)
from scoring.columns import Columns, score_population
from scoring.enclosure import point
from scoring.facts import Reading
from scoring.formulas import number
from scoring.rounding import stated
from scoring.standing import as_stated, limit_of
from tests.questionnaires.definitions import structure
from tests.scoring.wide import BANDS, answered, standings, wide_definition, wide_structures

FORMS = [f"{function}(first) = '{band}'" for function in ("band", "reached") for band in BANDS]


def told(card: Scorecard, node: str) -> Fraction:
    found = card.node(node)
    assert found.value is not None, found
    return Fraction(found.value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_a_formula_sees_the_band_and_the_class_that_the_scorecard_states(data: st.DataObject) -> None:
    drawn = data.draw(wide_structures(profile=False))
    names = [question["id"] for question in drawn["questions"] if question["kind"] != "date"]
    drawn["tables"] = [table for table in drawn["tables"] if table["id"] != "met"]
    nodes, tables = data.draw(standings(drawn["nodes"][:3], names, {}, always=True))
    drawn["tables"] += tables
    weights = [f"{10**place} * count({form})" for place, form in enumerate(FORMS)]
    seen = {"id": "seen", "aggregation": "formula", "formula": " + ".join(weights), "children": [{"of": "first"}]}
    classes = [f"{place} * count(class(types) = '{each}')" for place, each in enumerate(("one", "two", "three"), 1)]
    typed = {"id": "typed", "aggregation": "formula", "formula": " + ".join(classes), "children": [{"of": "types"}]}
    drawn["nodes"] = [*nodes, seen, typed]
    card = score(compile_plan(wide_definition(drawn)), data.draw(answered(drawn, most_open=0)))
    first, types = card.node("first"), card.node("types")
    if first.state is State.SCORED:
        reached = first.rules[0].band_before if first.rules else first.band
        expected = sum(
            10**place * (band == of)
            for place, (of, band) in enumerate(zip((first.band,) * 3 + (reached,) * 3, BANDS * 2, strict=True))
        )
        assert told(card, "seen") == expected
    elif first.state is State.NOT_APPLICABLE:
        assert card.node("seen").value in {None, "0.000000"}
    if types.state is State.PROFILE:
        assert types.band is not None
        assert told(card, "typed") == ["one", "two", "three"].index(types.band) + 1
    else:
        assert types.band is None
        assert Fraction(card.node("typed").value or 0) == 0


@pytest.mark.parametrize("mode", RoundingMode)
@pytest.mark.parametrize("boundary", Boundary)
def test_a_band_begins_where_rounding_begins_to_reach_its_limit(mode: RoundingMode, boundary: Boundary) -> None:
    rounding = Rounding(places=1, mode=mode)
    for tenths in range(-25, 26):
        band = Fraction(tenths, 10) + (Fraction(1, 30) if tenths % 5 == 0 else 0)
        limit = limit_of(band, boundary, rounding)
        for step in range(-3000, 3001, 25):
            value = Fraction(step, 1000)
            printed = Fraction(stated(value, rounding))
            reached = printed > band if boundary is Boundary.UPPER else printed >= band
            assert reached is (value >= limit.at if limit.included else value > limit.at), (band, value)


QUALITY: dict[str, Any] = {
    "id": "quality",
    "aggregation": "mean",
    "children": [{"of": "q0"}],
    "bands": [{"id": "low", "from": 0}, {"id": "mid", "from": 1}, {"id": "top", "from": 2}],
    "rules": [{"id": "untidy", "kind": "downgrade", "when": "q1 < 1", "bands_down": 1}],
}
LEVELS = [{"id": "q0", "kind": "level", "highest": 3}, {"id": "q1", "kind": "level", "highest": 3}]


def asked(formula: str, **given: Answer) -> Scorecard:
    """A node that says 1 where the condition holds."""
    node = {"id": "asked", "aggregation": "formula", "children": [{"of": "quality"}], "formula": f"count({formula})"}
    changed = structure(questions=LEVELS, nodes=[QUALITY, node], index="quality", categories=["quality", "asked"])
    return score(compile_plan(wide_definition(changed)), given)


@pytest.mark.parametrize("operator", ["=", "!=", ">=", "<", "<=", ">"])
def test_of_what_does_not_apply_no_comparison_holds(operator: str) -> None:
    card = asked(f"band(quality) {operator} 'mid'", q0=NotApplicableAnswer(reason="None."), q1=LevelAnswer(level=2))
    assert card.node("quality").state is State.NOT_APPLICABLE
    assert card.node("asked").value == "0.00"


def test_before_and_after_the_rules() -> None:
    given: dict[str, Answer] = {"q0": LevelAnswer(level=2), "q1": LevelAnswer(level=0)}
    assert asked("band(quality) = 'mid'", **given).node("asked").value == "1.00"
    assert asked("reached(quality) = 'top'", **given).node("asked").value == "1.00"
    assert (
        asked("'top' > band(quality) and not reached(quality) in ('low', 'mid')", **given).node("asked").value == "1.00"
    )


def test_a_band_that_nothing_can_change_any_more_is_known_before_the_value() -> None:
    open_value = asked("band(quality) >= 'mid'", q1=LevelAnswer(level=0))
    assert (open_value.node("asked").lowest, open_value.node("asked").highest) == ("0.00", "1.00")
    told = asked("band(quality) <= 'mid'", q1=LevelAnswer(level=0), q0=LevelAnswer(level=1))
    assert told.node("asked").value == "1.00"
    open_rule = asked("band(quality) = 'low'", q0=LevelAnswer(level=0))  # lowest already, whatever the rule says
    assert open_rule.node("quality").state is State.OPEN


@pytest.mark.parametrize("mode", RoundingMode)
def test_a_value_is_rounded_in_a_formula_as_it_is_stated(mode: RoundingMode) -> None:
    rounding = Rounding(places=1, mode=mode)
    for step in range(-300, 301, 5):
        value = Fraction(step, 100)
        found = number(as_stated(Number(value, 0), rounding), Reading({}, {}, bits=64, last=True)).span
        assert found == point(Fraction(stated(value, rounding))), value


def classed(missing: str, least: str, *signs: bool | None, **classes: Any) -> tuple[State, str | None, str | None]:
    """State and class of a profile over four signs and a ratio, and how a formula sees it; None: no answer."""
    asked = [{"id": f"s{place}", "kind": "yes_no", "not_applicable": "allowed"} for place in range(4)]
    base = {"id": "base", "kind": "number", "least": 0, "not_applicable": "refused"}
    kinds = [{"id": "many", "when": "count(s0, s1, s2, s3) >= 2"}, {"id": "one", "when": "s0"}, {"id": "rest"}]
    signed: dict[str, Any] = {
        "id": "kind",
        "aggregation": "profile",
        "missing": missing,
        "least_counted": least,
        "children": [*({"of": each["id"]} for each in asked), *classes.get("further", [])],
        "classes": kinds,
    }
    seen = {"id": "seen", "aggregation": "formula", "children": [{"of": "kind"}], "least": 0, "most": 9}
    seen["formula"] = "count(class(kind) = 'many') + 2 * count(class(kind) = 'one') + 3 * count(class(kind) = 'rest')"
    ratio = {"id": "ratio", "kind": "computed", "formula": "1 / base"}
    changed = structure(
        questions=[*asked, base, ratio], nodes=[signed, seen], index="kind", categories=["kind", "seen"]
    )
    given: dict[str, Answer] = {
        f"s{place}": YesNoAnswer(yes=sign) for place, sign in enumerate(signs) if sign is not None
    }
    given |= classes.get("given", {})
    plan = compile_plan(wide_definition(changed))
    card = score(plan, given)
    columns = score_population(plan, Columns.of(plan, [given])).nodes
    assert (columns["kind"].band_of(0), columns["seen"].value(0)) == (card.node("kind").band, card.node("seen").value)
    return card.headline.state, card.headline.band, card.node("seen").value


OFF = NotApplicableAnswer(reason="None.")


def test_a_profile_has_a_class_as_soon_as_what_is_missing_cannot_change_it() -> None:
    assert classed("exclude", "0", True, True) == (State.PROFILE, "many", "1.00")
    assert classed("exclude", "0", True, None, False) == (State.PROFILE, None, None)
    assert classed("exclude", "0", True, None, False, False) == (State.PROFILE, None, None)
    assert classed("exclude", "0", None, False, False, False) == (State.PROFILE, None, None)
    assert classed("exclude", "0", False, None, False, False) == (State.PROFILE, "rest", "3.00")
    assert classed("withhold", "0", True, True) == (State.OPEN, None, "1.00"), "a formula knows what is sure to come"


def test_a_profile_of_too_few_children_has_no_class_and_formulas_see_none() -> None:
    off = {"s2": OFF, "s3": OFF}
    assert classed("withhold", "3/4", True, True, given=off) == (State.INSUFFICIENT, None, "0.00")
    assert classed("withhold", "1/2", True, True, given=off) == (State.PROFILE, "many", "1.00")
    assert classed("exclude", "3/4", True, True) == (State.INSUFFICIENT, None, None), "the others may yet not apply"
    assert classed("exclude", "3/4", True, True, False) == (State.PROFILE, "many", "1.00")


def test_a_child_that_may_yet_have_no_value_leaves_the_class_open() -> None:
    further = [{"of": "ratio"}]
    assert classed("exclude", "0", True, True, False, False, further=further) == (State.PROFILE, None, None)
    none = {"base": NumberAnswer(number=Fraction(0))}
    assert classed("exclude", "0", True, True, further=further, given=none) == (State.INSUFFICIENT, None, "0.00")
    one = {"base": NumberAnswer(number=Fraction(1))}
    assert classed("exclude", "0", True, True, further=further, given=one) == (State.PROFILE, "many", "1.00")


FOLLOWING = {**QUALITY, "bands": [{"id": "low", "from": 0}, {"id": "mid", "from": "q1"}, {"id": "top", "from": 2}]}


@pytest.mark.parametrize(
    ("mark", "condition", "holds"),
    [
        (1, "band(quality) = 'mid'", "1.00"),
        (2, "band(quality) = 'low'", "1.00"),
        (2, "reached(quality) >= 'mid'", "0.00"),
        (3, "band(quality) >= 'low'", "0.00"),  # from 0, 3 and 2: there is no band
        (3, "band(quality) < 'top'", "0.00"),
        (None, "band(quality) in ('low', 'mid', 'top')", "0.00"),
    ],
)
def test_limits_that_follow_from_answers(mark: int | None, condition: str, holds: str) -> None:
    node = {"id": "asked", "aggregation": "formula", "children": [{"of": "quality"}], "formula": f"count({condition})"}
    quality = {**FOLLOWING, "children": [{"of": "q0"}], "rules": []}
    changed = structure(questions=LEVELS, nodes=[quality, node], index="quality", categories=["quality", "asked"])
    given: dict[str, Answer] = {"q0": LevelAnswer(level=1)}
    given["q1"] = NotApplicableAnswer(reason="No mark.") if mark is None else LevelAnswer(level=mark)
    card = score(compile_plan(wide_definition(changed)), given)
    assert (card.node("asked").value, card.node("quality").band is None) == (holds, mark in {None, 3})
    assert score(compile_plan(wide_definition(changed)), {"q0": given["q0"]}).node("asked").value is None
