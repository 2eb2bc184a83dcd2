"""The smallest sets of raised answers: no trial of all sets finds a smaller one, on random definitions."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import Answer, Plan, State, compile_plan, score
from scoring.levers import Levers, levers, offered_moves
from scoring.targets import NothingAbove, NoValueYet, Target, next_target, node_of, reached
from tests.scoring.wide import answered, wide_definition, wide_structures

CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Sets = list[frozenset[tuple[str, str]]]


def all_smallest(plan: Plan, answers: dict[str, Answer], target: Target) -> tuple[tuple[int, int] | None, Sets]:
    """The least (questions, steps) over every set of moves there is, and all sets of that size."""
    offered = offered_moves(plan, answers)
    node = node_of(plan, target.node)
    least: tuple[int, int] | None = None
    found: Sets = []
    for way in itertools.product(*([None, *moves] for moves in offered.values())):
        taken = [move for move in way if move is not None]
        size = len(taken), sum(move.steps for move in taken)
        if least is not None and size > least:
            continue
        raised = answers | {move.question: move.answer for move in taken}
        if not reached(target, node, score(plan, raised).node(node.id)):
            continue
        if least is None or size < least:
            least, found = size, []
        found.append(frozenset((move.question, move.answer.text) for move in taken))
    return least, found


def with_bands(structure: dict[str, Any]) -> dict[str, Any]:
    """The same with bands on the index, and a rule about them."""
    index = structure["nodes"][-1]
    index["bands"] = [{"id": "low", "from": -100}, {"id": "middle", "from": 1}, {"id": "high", "from": 2}]
    name = structure["questions"][0]["id"]
    down = [
        {"id": "down", "kind": "downgrade", "when": f"score({name}) < 1", "bands_down": 1},
        {"id": "floor", "kind": "gate", "unless": f"applies({name})", "at_most_band": "low"},
    ]
    index["rules"] = [*index.get("rules", []), *down]
    return structure


@CALM
@given(st.data())
def test_no_smaller_set_reaches_the_target(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    if data.draw(st.booleans()):
        structure = with_bands(structure)
    answers = data.draw(answered(structure, most_open=data.draw(st.sampled_from([0, 0, 1]))))
    plan = compile_plan(wide_definition(structure))
    node = node_of(plan, data.draw(st.sampled_from(["overall", "overall", "first"])))
    now = score(plan, answers).node(node.id)
    try:
        target = next_target(node, now)
    except (NothingAbove, NoValueYet):
        assert now.state is not State.SCORED or now.band == "high" or now.stage is not None
        return
    rows = data.draw(st.sampled_from([0, 8, None]))
    found = levers(plan, answers, node=node.id, target=target, most_sets=50, most_rows=rows)
    least, sets = all_smallest(plan, answers, target)
    assert found.proven
    assert size_of(found) == least
    assert found.complete == (len(sets) <= 50)
    told = [frozenset((change.question, change.after) for change in each.changes) for each in found.sets]
    assert len(told) == len(set(told)) == min(len(sets), 50)
    assert set(told) <= set(sets)


def size_of(found: Levers) -> tuple[int, int] | None:
    return None if found.questions is None or found.steps is None else (found.questions, found.steps)
