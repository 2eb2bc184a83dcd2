"""Tapes: what lies on a limit is told exactly, whichever way they are played and however the numbers are held."""

from __future__ import annotations

from contextlib import nullcontext
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scoring import (
    Answer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    Plan,
    compile_plan,
)
from scoring.checking import check_answer
from scoring.columns import Columns, Decimals, population, program, score_population, taped
from scoring.columns.tape.operations import Tape
from scoring.columns.tape.playing import look_again
from scoring.columns.tape.turns import Inputs, Results
from scoring.errors import PackedUnreadable
from tests.scoring.columns.measured import measured_structures, some_answers
from tests.scoring.columns.test_equal import same
from tests.scoring.wide import wide_definition

CALM = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


@pytest.fixture(params=["NumPy", "compiled"])
def _played(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taped, "LEAST", 0)
    monkeypatch.setattr(taped, "TABLES_ALONE", True)
    monkeypatch.setattr(taped, "COMPILED", 0 if request.param == "compiled" else 1 << 40)
    monkeypatch.setattr(program, "MANY", 0)


@pytest.mark.usefixtures("_played")
@CALM
@given(st.data())
def test_measured_numbers_come_out_as_one_by_one(data: st.DataObject) -> None:
    structure = data.draw(measured_structures())
    plan = compile_plan(wide_definition(structure))
    same(plan, [data.draw(some_answers(structure)) for _ in range(12)])


SHARES: dict[str, Any] = {
    "family": "shares",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 2, "mode": "half_up"},
    "index": "all",
    "categories": ["part"],
    "questions": [
        {"id": "done", "kind": "number", "least": 0, "not_applicable": "allowed"},
        {"id": "planned", "kind": "number", "least": 1, "not_applicable": "refused"},
        {"id": "care", "kind": "level", "highest": 4},
        {
            "id": "share",
            "kind": "computed",
            "formula": "100 * done / planned",
            "curve": {"form": "linear", "base": 0, "lead": 90, "better": "more", "at_lead": 4},
        },
    ],
    "nodes": [
        {"id": "part", "aggregation": "mean", "children": [{"of": "share"}, {"of": "care"}]},
        {
            "id": "all",
            "aggregation": "mean",
            "children": [{"of": "part"}, {"of": "share"}],
            "bands": [{"id": "low", "from": 0}, {"id": "middle", "from": 1}, {"id": "high", "from": 2}],
            "rules": [{"id": "share-gate", "kind": "gate", "unless": "share >= 70", "at_most_band": "middle"}],
        },
    ],
}


def shares(count: int) -> tuple[Plan, Columns, list[dict[str, Answer]]]:
    """Tenths and whole numbers in columns, and the same answers one by one."""
    draw = np.random.default_rng(20261122)
    done, planned = draw.integers(0, 400, count), draw.choice([20, 30, 36, 40], count)
    care = draw.integers(0, 5, count)
    given = draw.choice(np.array([1, 2, 2, 2], np.uint8), count)
    columns = Columns(
        count,
        {"care": (care + 2).astype(np.uint8)},
        {},
        {"done": Decimals(done, 1, given), "planned": Decimals(planned, 0)},
    )
    answers: list[dict[str, Answer]] = [
        {
            "done": NumberAnswer(number=Fraction(int(own), 10)) if there == 2 else NotApplicableAnswer(reason="–"),
            "planned": NumberAnswer(number=Fraction(int(of))),
            "care": LevelAnswer(level=int(level)),
        }
        for own, of, level, there in zip(done, planned, care, given, strict=True)
    ]
    return compile_plan(wide_definition(SHARES)), columns, answers


def test_numbers_in_columns_are_the_same_as_packed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taped, "LEAST", 0)
    monkeypatch.setattr(taped, "TABLES_ALONE", True)
    plan, columns, answers = shares(400)
    scores = same(plan, answers)
    held = score_population(plan, columns)
    for name, column in scores.nodes.items():
        for own, other in ((held.nodes[name].units, column.units), (held.nodes[name].state, column.state)):
            assert own.tolist() == other.tolist()
        assert held.nodes[name].band.tolist() == column.band.tolist()
    assert held.singly == scores.singly == 0


def test_what_lies_on_a_limit_is_told_by_the_tape_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two in a hundred lie on a limit, and none of them is left to other columns."""
    monkeypatch.setattr(taped, "LEAST", 0)
    monkeypatch.setattr(taped, "TABLES_ALONE", True)
    near, left = [0], [0]
    one_by_one = population._by_columns

    def counted(tape: Tape, inputs: Inputs, results: Results, count: int) -> NDArray[np.bool_]:
        near[0] += count
        return look_again(tape, inputs, results, count)

    def refused(*given: Any) -> set[int]:
        left[0] += 1
        return one_by_one(*given)

    monkeypatch.setattr(taped, "look_again", counted)
    monkeypatch.setattr(population, "_by_columns", refused)
    plan, columns, _ = shares(2000)
    score_population(plan, columns)
    assert near[0] > 20
    assert not left[0]


MEANS: dict[str, Any] = {
    **SHARES,
    "questions": [
        *SHARES["questions"],
        {"id": "size", "kind": "number", "least": 0, "curve": {"form": "log", "base": 1, "lead": 50, "better": "more"}},
        {
            "id": "saved",
            "kind": "number",
            "least": 0,
            "curve": {"form": "linear", "base": 10, "lead": 30, "better": "more", "at_lead": 4},
        },
    ],
    "nodes": [
        *(
            {"id": name, "aggregation": name, "children": [{"of": "share"}, {"of": "saved"}, {"of": "care"}]}
            for name in ("geometric", "harmonic", "median")
        ),
        {"id": "part", "aggregation": "mean", "children": [{"of": "geometric"}, {"of": "size"}], "most": "saved / 2"},
        {
            "id": "steps",
            "aggregation": "cumulative",
            "below": 0,
            "children": [{"of": "share"}],
            "stages": [
                {"id": "one", "value": 1, "when": "geometric > 1"},
                {"id": "two", "value": 2, "when": "size > 9"},
            ],
        },
        {
            "id": "all",
            "aggregation": "profile",
            "children": [{"of": "part"}, {"of": "median"}],
            "classes": [{"id": "good", "when": "part >= 2"}, {"id": "even", "when": "median >= 1"}],
        },
    ],
}


@pytest.mark.usefixtures("_played")
def test_means_roots_and_profiles_are_told_by_the_tape_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Factors of 0, the most that a curve gives, what does not apply; and what lies on no limit is left to nobody."""
    draw = np.random.default_rng(20261122)
    plan = compile_plan(wide_definition(MEANS))
    answers: list[dict[str, Answer]] = [
        {
            "done": NumberAnswer(number=Fraction(done, 10)) if done % 7 else NotApplicableAnswer(reason="–"),
            "planned": NumberAnswer(number=Fraction(planned)),
            "care": LevelAnswer(level=level),
            "size": NumberAnswer(number=Fraction(size, 4)),
            "saved": NumberAnswer(number=Fraction(saved, 4)),
        }
        for done, planned, level, size, saved in draw.integers(
            [0, 1, 0, 0, 30], [400, 60, 5, 180, 140], (120, 5)
        ).tolist()
    ]
    alone: list[int] = []
    one_by_one = population._by_columns

    def counted(*given: Any) -> set[int]:
        alone.extend(given[-1])
        return one_by_one(*given)

    monkeypatch.setattr(population, "_by_columns", counted)
    same(plan, answers)
    assert alone == [11]  # the geometric mean of 4, ¼ and 1 is 1, on the limit of a stage: no root tells it from that


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("planned", Decimals(np.array([0, 5]), 0)),
        ("planned", Decimals(np.array([5, 5]), 0, np.array([1, 2], np.uint8))),
        ("planned", Decimals(np.array([5, 1 << 62]), 0)),
        ("done", Decimals(np.array([5, 5]), 19)),
        ("done", Decimals(np.array([5, -1]), 1)),
        ("done", Decimals(np.array([5, 1]), 1, np.array([3, 2], np.uint8))),
    ],
)
@pytest.mark.parametrize("least", [0, 1 << 40], ids=["by tape", "by columns"])
def test_numbers_that_are_no_answers_are_refused(
    name: str, numbers: Decimals, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taped, "LEAST", least)
    plan = compile_plan(wide_definition(SHARES))
    good = {"done": Decimals(np.array([5, 5]), 1), "planned": Decimals(np.array([5, 5]), 0)}
    columns = Columns(2, {"care": np.array([2, 3], np.uint8)}, {}, good | {name: numbers})
    with pytest.raises(PackedUnreadable):
        score_population(plan, columns)


STEPPED: dict[str, Any] = {
    **SHARES,
    "questions": [
        {**SHARES["questions"][0], "places": 1, "least": "0.5", "step": "0.3"},
        SHARES["questions"][1],
        *SHARES["questions"][2:],
    ],
}


@pytest.mark.parametrize(
    ("least", "many", "compiled"),
    [(0, 0, True), (0, 0, False), (0, 1 << 8, False), (1 << 40, 0, False), (1 << 40, 1 << 8, False)],
    ids=["compiled", "by tape", "by tape, few", "by columns", "by columns, few"],
)
def test_numbers_off_the_scale_of_their_question_are_refused_as_one_by_one(
    least: int, many: int, *, compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More decimal places than the question takes, or off its steps: from columns and from packed answers alike."""
    monkeypatch.setattr(taped, "LEAST", least)
    monkeypatch.setattr(taped, "COMPILED", 0 if compiled else 1 << 40)
    monkeypatch.setattr(program, "MANY", many)
    plan, kept = compile_plan(wide_definition(STEPPED)), 0
    for digits, places in product(range(40, 125, 5), (1, 2)):
        refused = check_answer(plan, "done", NumberAnswer(number=Fraction(digits, 10**places))) is not None
        kept += not refused
        numbers = {"done": Decimals(np.array([digits, digits]), places), "planned": Decimals(np.array([7, 8]), 0)}
        held = Columns(2, {"care": np.array([2, 3], np.uint8)}, {}, numbers)
        packed = Columns(2, {**held.codes, **{name: each.packed() for name, each in numbers.items()}}, {})
        for columns in (held, packed):
            with pytest.raises(PackedUnreadable) if refused else nullcontext():
                score_population(plan, columns)
    assert kept == 8


PICKS: dict[str, Any] = {
    **SHARES,
    "questions": [
        {
            "id": "picks",
            "kind": "choices",
            "not_applicable": "refused",
            "least_picked": 2,
            "most_picked": 3,
            "options": [{"id": f"o{place}", "value": place} for place in range(9)],
        },
        {
            "id": "one",
            "kind": "choices",
            "options": [*({"id": f"p{place}", "value": 1} for place in range(3)), {"id": "none", "alone": True}],
        },
    ],
    "nodes": [
        {"id": "part", "aggregation": "sum", "children": [{"of": "picks"}]},
        {"id": "all", "aggregation": "mean", "children": [{"of": "part"}]},
    ],
}


@pytest.mark.usefixtures("_played")
@pytest.mark.parametrize(
    ("picks", "one", "is_answer"),
    [
        ((2, 0, 3), (2, 1), True),
        ((2, 1, 7), (2, 1), False),  # four are too many
        ((2, 0, 1), (2, 1), False),  # one is too few
        ((2, 2, 1), (2, 1), False),  # there is no tenth option
        ((3, 0, 3), (2, 1), False),
        ((0, 0, 3), (2, 1), False),  # unanswered, and picked
        ((0, 0, 0), (2, 8), True),
        ((1, 0, 0), (2, 8), False),  # it may not be said that the question does not apply
        ((2, 1, 1), (2, 8), True),
        ((2, 1, 1), (2, 9), False),  # what stands alone, together with another
        ((2, 1, 1), (2, 16), False),
    ],
)
def test_options_that_are_no_answer_are_refused(
    picks: tuple[int, ...], one: tuple[int, ...], *, is_answer: bool
) -> None:
    """Too many, too few, none that there is: also of a question that moves no score, and beside what is no answer."""
    rows = {"picks": [[2, 0, 3]] * 9, "one": [[2, 1]] * 9}
    rows["picks"][5], rows["one"][5] = list(picks), list(one)
    codes = {name: np.ascontiguousarray(np.array(each, np.uint8).T).T for name, each in rows.items()}
    plan = compile_plan(wide_definition(PICKS))
    with nullcontext() if is_answer else pytest.raises(PackedUnreadable):
        found = score_population(plan, Columns(9, codes, {})).nodes["part"]
        assert found.value(0) == "1.00"
        assert found.value(5) == ("1.00" if picks == (2, 0, 3) else "8.00" if picks[0] else None)


def test_a_long_number_is_left_to_other_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taped, "LEAST", 0)
    monkeypatch.setattr(taped, "TABLES_ALONE", True)
    plan = compile_plan(wide_definition(SHARES))
    numbers = {"done": Decimals(np.array([1 << 60, 5]), 1), "planned": Decimals(np.array([1 << 59, 7]), 0)}
    found = score_population(plan, Columns(2, {"care": np.array([2, 3], np.uint8)}, {}, numbers))
    assert [found.nodes["part"].value(place) for place in range(2)] == ["0.44", "0.66"]


def test_what_is_left_keeps_nothing_of_the_tape(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number just too long for a tape, by which another is divided: the tape takes it for none, and is overruled."""
    monkeypatch.setattr(taped, "LEAST", 0)
    monkeypatch.setattr(taped, "TABLES_ALONE", True)
    questions = [{**asked, "least": 0} if asked["kind"] == "number" else asked for asked in SHARES["questions"]]
    nodes = [{"id": "part", "aggregation": "mean", "children": [{"of": "share"}]}, *SHARES["nodes"][1:]]
    plan = compile_plan(wide_definition({**SHARES, "questions": questions, "nodes": nodes}))
    long = NumberAnswer(number=Fraction((1 << 46) + 1, 1000))
    few = NumberAnswer(number=Fraction(1))
    rest: list[dict[str, Answer]] = [{"done": few, "planned": few, "care": LevelAnswer(level=0)} for _ in range(9)]
    same(plan, [*rest, {"done": few, "planned": long, "care": LevelAnswer(level=0)}])


UNRATED: dict[str, Any] = {
    **SHARES,
    "questions": [
        *SHARES["questions"][:3],
        {
            "id": "share",
            "kind": "computed",
            "formula": "100 * done / planned",
            "curve": {"form": "linear", "base": "planned", "lead": 40, "better": "more", "at_lead": 4},
        },
    ],
    "nodes": [
        {"id": "part", "aggregation": "mean", "children": [{"of": "care"}]},
        {
            "id": "all",
            "aggregation": "mean",
            "children": [{"of": "part"}],
            "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 1}],
            "rules": [{"id": "share-gate", "kind": "gate", "unless": "share >= 70", "at_most_band": "low"}],
        },
        {"id": "rated", "aggregation": "mean", "children": [{"of": "share"}]},
    ],
}


@pytest.mark.parametrize("least", [0, 1 << 40], ids=["by tape", "by columns"])
def test_a_number_without_a_value_is_still_compared(least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where base and lead are the wrong way round there is no value, but a rule compares the number itself."""
    monkeypatch.setattr(taped, "LEAST", least)
    monkeypatch.setattr(program, "MANY", 0)
    answers: list[dict[str, Answer]] = [
        {
            "done": NumberAnswer(number=Fraction(done)),
            "planned": NumberAnswer(number=Fraction(planned)),
            "care": LevelAnswer(level=3),
        }
        for done, planned in ((10, 50), (49, 50), (10, 30), (29, 30), (50, 40), (20, 40))
    ]
    scores = same(compile_plan(wide_definition(UNRATED)), answers)
    assert [scores.nodes["all"].band_of(place) for place in range(6)] == ["low", "high", "low", "high", "high", "low"]
