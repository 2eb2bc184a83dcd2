"""The compact form of answers: the same answers come back, and nothing else is taken for answers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.loading import EXAMPLE, load_folder
from scoring import Answer, LevelAnswer, NotApplicableAnswer, NumberAnswer, Plan, compile_plan, score
from scoring.columns import Columns, program, score_population, scored_in_blocks
from scoring.errors import AnswersRefused, PackedUnreadable
from scoring.packing import pack, unpack
from tests.scoring.wide import answered, wide_definition, wide_structures

CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def plan_of(*questions: dict[str, Any]) -> Plan:
    structure = {
        "family": "small",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "all",
        "categories": ["all"],
        "questions": list(questions),
        "nodes": [{"id": "all", "aggregation": "sum", "children": [{"of": each["id"]} for each in questions]}],
    }
    return compile_plan(wide_definition(structure))


NUMBER = {"id": "n", "kind": "number"}
LEVEL = {"id": "l", "kind": "level", "highest": 5, "not_applicable": "refused"}


@CALM
@given(st.data())
def test_answers_come_back(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    plan = compile_plan(wide_definition(structure))
    answers = data.draw(answered(structure))
    back = unpack(plan, pack(plan, answers))
    assert {name: _told(answer) for name, answer in back.items()} == {n: _told(a) for n, a in answers.items()}
    assert pack(plan, back) == pack(plan, answers)


def _told(answer: Answer) -> str:
    return "does not apply" if isinstance(answer, NotApplicableAnswer) else answer.text


@CALM
@given(st.binary(max_size=40))
def test_bytes_that_are_no_answers_are_refused_or_read_whole(vector: bytes) -> None:
    plan = compile_plan(load_folder(EXAMPLE))
    padded = (bytes([1]) + vector).ljust(len(pack(plan, {})), b"\0")
    try:
        answers = unpack(plan, padded)
    except (PackedUnreadable, AnswersRefused):
        return
    assert pack(plan, answers) == padded


@pytest.fixture(params=[0, 256], ids=["by intervals", "singly"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every number were another, or as it comes."""
    monkeypatch.setattr(program, "MANY", request.param)


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize(
    "number",
    [
        "0",
        "-12.5",
        "9223372036854775807",
        "1/3",
        "-9223372036854775808",
        "-9223372036854775809",
        "4611686018427387903",
        "-4611686018427387904",
        "0.1",
        "1/7000000",
    ],
)
def test_numbers_are_kept_exactly_however_long(number: str) -> None:
    plan = plan_of(NUMBER, LEVEL)
    answers: dict[str, Answer] = {"n": NumberAnswer(number=Fraction(number)), "l": LevelAnswer(level=3)}
    assert unpack(plan, pack(plan, answers)) == answers
    scores = score_population(plan, Columns.of(plan, [answers, {}, answers]))
    assert [scores.nodes["all"].value(place) for place in range(3)] == [
        score(plan, answers).headline.value,
        None,
        score(plan, answers).headline.value,
    ]


@pytest.mark.usefixtures("_way")
def test_a_number_that_does_not_fit_is_held_against_its_limits_by_itself() -> None:
    plan = plan_of({**NUMBER, "least": 1}, LEVEL)
    answers: dict[str, Answer] = {"n": NumberAnswer(number=Fraction(100, 3)), "l": LevelAnswer(level=3)}
    column = score_population(plan, Columns.of(plan, [answers])).nodes["all"]
    assert column.value(0) == score(plan, answers).headline.value == "36.33"


def test_equal_numbers_have_equal_bytes() -> None:
    plan = plan_of(NUMBER)
    first, second = (pack(plan, {"n": NumberAnswer(number=Fraction(text))}) for text in ("2.50", "5/2"))
    assert first == second


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda v: v[:-1], id="too short"),
        pytest.param(lambda v: b"\x02" + v[1:], id="another form"),
        pytest.param(lambda v: v[:-1] + b"\x08", id="a level off the scale"),
        pytest.param(lambda v: v[:-1] + b"\x01", id="does not apply where that is not allowed"),
        pytest.param(lambda v: v[:1] + b"\xff" + v[2:], id="a number elsewhere that is nowhere"),
        pytest.param(lambda v: v + b"\0\0\0\0\0\x01x", id="something written after that is no number"),
        pytest.param(lambda v: v + b"\0\0\0\0\0\x011", id="a number written after that nobody looks for"),
        pytest.param(lambda v: v[:1] + b"\x00\x01" + v[3:], id="no answer, with digits"),
        pytest.param(lambda v: v[:1] + b"\x20" + v[2:], id="too many places"),
        pytest.param(lambda v: v[:1] + b"\x03" + (50).to_bytes(8) + v[10:], id="a place more than it takes"),
        pytest.param(lambda v: v[:1] + b"\x02\x80" + bytes(7) + v[10:], id="digits that belong after"),
    ],
)
def test_a_spoilt_vector_is_refused(change: Any) -> None:
    plan = plan_of(NUMBER, LEVEL)
    vector = change(pack(plan, {"n": NumberAnswer(number=Fraction(5)), "l": LevelAnswer(level=3)}))
    with pytest.raises(PackedUnreadable):
        unpack(plan, vector)
    with pytest.raises(PackedUnreadable):
        score_population(plan, Columns.read(plan, [pack(plan, {}), vector]))


def test_a_stream_of_blocks_is_scored_block_by_block() -> None:
    plan = plan_of(LEVEL)
    vectors = [pack(plan, {"l": LevelAnswer(level=level)}) for level in range(6)]
    blocks = scored_in_blocks(plan, iter([vectors[:4], [], vectors[4:]]))
    found = [[scores.nodes["all"].value(place) for place in range(len(scores.nodes["all"]))] for scores in blocks]
    assert found == [["0.00", "1.00", "2.00", "3.00"], [], ["4.00", "5.00"]]


def test_only_the_nodes_asked_for_come_back() -> None:
    plan = plan_of(LEVEL)
    columns = Columns.of(plan, [{"l": LevelAnswer(level=2)}])
    assert list(score_population(plan, columns, ["all"]).nodes) == ["all"]
    with pytest.raises(KeyError):
        score_population(plan, columns, ["nobody"])
