"""The function that is written out for a plan's sums says nothing but positions, whatever the definition says."""

from __future__ import annotations

import re

from questionnaires import load
from scoring import Answer, LevelAnswer, NotApplicableAnswer, compile_plan, score, values
from scoring.single.straight import written_out
from scoring.single.weighing import WeighedNode

PLAN = compile_plan(load("itti", "2.0.0"))


def test_no_word_of_a_definition_is_in_it() -> None:
    places = {item.id: place for place, item in enumerate(PLAN.order)}
    source = written_out([WeighedNode(PLAN, node, places) for node in PLAN.nodes], len(PLAN.questions))
    words = set(re.findall(r"[^\W\d]\w*", source))
    assert {word for word in words if not re.fullmatch(r"[kt]\d+", word)} == {
        *("def", "return", "made", "straight", "tables", "known")
    }
    assert set(re.sub(r"\w", "", source)) <= set(" \n():,=[]+")


def test_it_keeps_up_with_what_other_answers_bring() -> None:
    """Values are those of the scorecard: in use, with other children that count, and with answers never met before."""
    ids = [question.id for question in PLAN.questions]
    for seed in range(60):
        answers: dict[str, Answer] = {
            name: LevelAnswer(level=(seed * place + place // 3) % 6) for place, name in enumerate(ids)
        }
        if seed % 7 == 3:
            denied = NotApplicableAnswer(reason="Elsewhere.")
            answers |= {name: denied for name in ids if name.startswith("design-")}
        if seed % 11 == 5:
            del answers[ids[seed % len(ids)]]
        found = values(PLAN, answers)
        assert found == {node.id: (node.value, node.band) for node in score(PLAN, answers).nodes}, seed
