"""Tapes: what lies on a limit is told exactly, whichever way they are played and however the numbers are held."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
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
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
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
from tests.scoring.columns.test_equal import same
from tests.scoring.wide import wide_definition

CALM = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)

FORMULAS = (
    "100 * a / b",
    "a / (a + b) * 100",
    "(a - b) / b",
    "a * c - b",
    "if(a >= b, 1, a / b)",
    "mean(a, b, c) / c",
    "min(a / b, c / b)",
    "-(a / b) + 2",
    "(a + b) / (c + 1) / 3",
    "count(a > b, b >= c, a = c)",
    "abs(a - c) / 3",
    "if(day < 730000, a, rows * 2)",
    "(picks + rows) / 2",
    "a ^ 2 / (b + 1)",
    "root(a / (b + 1), 2) * 2",
    "ln(a / (b + 1)) + 4",
    "exp(0 - a / (a + 1)) * 2",
    "round(a / (b + 1), 1) + floor(c / 7) - ceil(a / 9)",
    "median(a, b, c)",
    "product(a, b / 3, c - 1)",
    "max(a, c) - min(b, c)",
)
CURVES: tuple[dict[str, Any] | None, ...] = (
    None,
    {"form": "linear", "base": 0, "lead": 90, "better": "more", "at_lead": 4},
    {"form": "linear", "base": 2, "lead": "0.2", "better": "less", "at_lead": 4},
    {"form": "linear", "base": 0, "lead": 3, "better": "more", "at_lead": 100, "capped": False},
    {"form": "linear", "base": 50, "lead": 50, "better": "more", "at_lead": 1},
    {"form": "steps", "below": 0, "steps": [{"from": "0.5", "value": 1}, {"from": 1, "value": 3}]},
    {"form": "linear", "base": "b", "lead": "c", "better": "more", "at_lead": 4},
    {"form": "linear", "base": "b / 2", "lead": 1, "better": "less", "at_base": 1, "at_lead": 5},
    {"form": "log", "base": "0.5", "lead": 40, "better": "more", "at_lead": 4},
    {"form": "log", "base": 40, "lead": 2, "better": "less", "at_lead": 4},
    {"form": "points", "points": [{"at": 0, "value": 0}, {"at": 5, "value": 3}, {"at": "20", "value": 1}]},
    {"form": "linear", "base": 30, "lead": 3, "better": "less", "at_lead": 4},
    {"form": "steps", "below": 4, "steps": [{"from": 1, "value": 2}, {"from": 2, "value": 1}], "boundary": "upper"},
)


AGGREGATIONS = (
    *("mean", "weighted_mean", "sum", "minimum", "maximum", "count"),
    *("median", "geometric", "harmonic", "geometric", "harmonic"),
)
LIMITS: tuple[dict[str, Any], ...] = (
    {},
    {"least": 0, "most": 3},
    {"passes_on": "stated"},
    {"least": "c / 50", "most": "b / 10"},
    {"most": "a / c"},
)


def curved(curve: dict[str, Any] | None) -> dict[str, Any]:
    """A question's curve, if it has one."""
    return {} if curve is None else {"curve": curve}


@st.composite
def measured_structures(draw: st.DrawFn) -> dict[str, Any]:
    """Three measured numbers, two computed ones, a level, and nodes over them that round, limit and gate."""
    rounding = {
        "places": draw(st.integers(0, 2)),
        "mode": draw(st.sampled_from(["half_up", "half_even", "down", "up"])),
    }
    absent = draw(st.sampled_from(["refused", "allowed"]))
    curves = st.sampled_from(CURVES)
    computed: list[dict[str, Any]] = [
        {"id": name, "kind": "computed", "formula": draw(st.sampled_from(FORMULAS)), **curved(draw(curves))}
        for name in ("one", "other")
    ]
    plain = [each for each in CURVES[1:] if each is not None and not isinstance(each.get("base"), str)]
    typed = {"curve": draw(st.sampled_from(plain))}
    options = [{"id": name, "value": value} for name, value in zip("pqr", [0, "1/3", 2], strict=True)]
    picked = [{"id": f"o{place}", "value": f"{place - 2}/4"} for place in range(draw(st.integers(3, 10)))]
    several: list[dict[str, Any]] = [
        {
            "id": "rows",
            "kind": "grid",
            "rows": [{"id": "x"}, {"id": "y", "weight": 2}, {"id": "z"}],
            "options": options,
            "aggregation": draw(st.sampled_from(["mean", "sum", "minimum", "maximum"])),
            "not_applicable": absent,
        },
        {
            "id": "picks",
            "kind": "choices",
            "options": picked,
            "not_applicable": absent,
            **draw(st.sampled_from([{}, {"at_least": 0, "at_most": "1.5"}])),
        },
        {"id": "day", "kind": "date", "not_applicable": absent},
    ]
    names = draw(st.permutations(["one", "other", "a", "care", "rows", "picks"]))
    children = [{"of": name} for name in names]
    aggregation = draw(st.sampled_from(AGGREGATIONS))
    part: dict[str, Any] = {"id": "part", "aggregation": aggregation, "children": children[: draw(st.integers(1, 6))]}
    if aggregation in ("geometric", "harmonic"):
        part["children"] = [child for child in children if child["of"] in ("a", "care", "one", "other")]
    if aggregation in ("weighted_mean", "geometric", "harmonic"):
        part["children"] = [{**child, "weight": place + 1} for place, child in enumerate(part["children"])]
    if aggregation in ("weighted_mean", "sum") and draw(st.booleans()):
        amounts = st.sampled_from(["b", "2", "c / 2", "b - c", "if(a > 2, c, 0)"])
        part["children"] = [{**child, "weight": draw(amounts)} for child in part["children"]]
        part["least_counted"] = draw(st.sampled_from([0, "1/2"]))
    if aggregation == "count":
        part["reached_from"] = draw(st.sampled_from(["1", "c / 9", "a / b"]))
    elif draw(st.integers(0, 4)) == 0:
        part["children"] = [
            {**child, "cap": draw(st.sampled_from(["2", "b / 4", "c / a"]))} for child in part["children"]
        ]
    part |= draw(st.sampled_from(LIMITS))
    condition = draw(st.sampled_from(["one >= 1", "a < b", "one = other", "not applies(c) or other > 2", "care >= 2"]))
    effects: list[dict[str, Any]] = [
        {"kind": "cap", "at_most": "1.5"},
        {"kind": "gate", "at_most_band": "low"},
        {"kind": "veto", "to": 0},
        {"kind": "cap", "at_most": "c / 7"},
        {"kind": "veto", "to": "a / b"},
    ]
    effect = draw(st.sampled_from(effects))
    middle = draw(st.sampled_from(["0.5", "0.5", "b / 20"]))
    whole = {
        "id": "all",
        "aggregation": "mean",
        "children": [{"of": "part"}, {"of": "care"}],
        "bands": [{"id": "low", "from": 0}, {"id": "middle", "from": middle}, {"id": "high", "from": 2}],
        "rules": [{"id": "rule", "when": condition, **effect}],
        **draw(st.sampled_from([{}, {}, {"bands_on": "exact"}, {"boundary": "upper"}])),
    }
    steps = {
        "id": "steps",
        "aggregation": "cumulative",
        "below": 0,
        "children": [{"of": "a"}, {"of": "care"}],
        "stages": [{"id": "first", "value": 1, "when": "a > 3"}, {"id": "second", "value": 3, "when": "part >= 1"}],
    }
    side_by_side = {
        "id": "side-by-side",
        "aggregation": "profile",
        "children": [{"of": "part"}, {"of": "a"}],
        "classes": [{"id": "upper", "when": "part > 2"}, {"id": "even", "when": "one >= 1 and part > 1"}],
    }
    return {
        "family": "measured",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": rounding,
        "index": "all",
        "categories": ["part"],
        "questions": [
            {"id": "a", "kind": "number", "least": 0, "not_applicable": absent, **typed},
            {"id": "b", "kind": "number", "least": draw(st.sampled_from([0, 1]))},
            {"id": "c", "kind": "number", "least": 0, "not_applicable": absent},
            {"id": "care", "kind": "level", "highest": 4, "not_applicable": absent},
            *several,
            *computed,
        ],
        "nodes": [part, whole, steps, side_by_side],
    }


def _number(draw: st.DrawFn, least: int) -> Answer:
    scale = draw(st.sampled_from([1, 1, 2, 10, 100]))
    return NumberAnswer(number=max(Fraction(draw(st.integers(0, 60)), scale), Fraction(least)))


@st.composite
def some_answers(draw: st.DrawFn, structure: dict[str, Any]) -> dict[str, Answer]:
    """Small numbers, whose quotients often lie on a limit; now and then one is immense, missing or not applicable."""
    found: dict[str, Answer] = {"care": LevelAnswer(level=draw(st.integers(0, 4)))}
    for asked in structure["questions"][:3]:
        found[asked["id"]] = _number(draw, asked["least"])
    rows = {row: draw(st.sampled_from("pqr")) for row in "xyz"}
    found["rows"] = GridAnswer(grid=rows)
    options = [each["id"] for each in structure["questions"][5]["options"]]
    picked = draw(st.lists(st.sampled_from(options), min_size=1, unique=True))
    found["picks"] = ChoicesAnswer(choices=tuple(picked))
    found["day"] = DateAnswer(date=date.fromordinal(draw(st.integers(729_998, 730_002))))
    odd = draw(st.integers(0, 12))
    if odd == 0:
        found["b"] = NumberAnswer(
            number=Fraction(draw(st.integers(1 << 20, 1 << 70)), 3 if draw(st.booleans()) else 1000)
        )
    elif odd == 1:
        del found[draw(st.sampled_from(["a", "rows", "picks", "day"]))]
    elif odd in (2, 3) and structure["questions"][0]["not_applicable"] == "allowed":
        found[draw(st.sampled_from(["a", "c", "care", "rows", "picks", "day"]))] = NotApplicableAnswer(reason="–")
    return found


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
