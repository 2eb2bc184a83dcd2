"""The smallest sets of raised answers: no trial of all sets finds a smaller one, on random definitions."""

from __future__ import annotations

import itertools
import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.loading import PUBLISHED, load_folder, read_file
from scoring import Answer, LevelAnswer, Plan, State, compile_plan, score
from scoring.levers import SolverMissing, levers, offered_moves
from scoring.plan import PlannedChild
from scoring.proposals import Levers
from scoring.sheet import read_sheet
from scoring.solving import nodes
from scoring.targets import NothingAbove, NoValueYet, Target, next_target, node_of, reached
from tests.scoring.wide import answered, wide_definition, wide_structures

CALM = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
    index = structure["nodes"][2]
    index["bands"] = [{"id": "low", "from": -100}, {"id": "middle", "from": 1}, {"id": "high", "from": 2}]
    name = structure["questions"][0]["id"]
    down = [
        {"id": "down", "kind": "downgrade", "when": f"score({name}) < 1", "bands_down": 1},
        {"id": "up", "kind": "bonus", "when": f"score({name}) > 1", "bands_up": 1},
        {"id": "floor", "kind": "gate", "unless": f"applies({name})", "at_most_band": "low"},
    ]
    index["rules"] = [*index.get("rules", []), *down]
    return structure


@CALM
@given(st.data())
def test_no_smaller_set_reaches_the_target(data: st.DataObject) -> None:
    structure = data.draw(wide_structures(profile=False))
    if data.draw(st.booleans()):
        structure = with_bands(structure)
    answers = data.draw(answered(structure, most_open=data.draw(st.sampled_from([0, 0, 1]))))
    plan = compile_plan(wide_definition(structure))
    node = node_of(plan, data.draw(st.sampled_from(["overall", "overall", "first"])))
    now = score(plan, answers).node(node.id)
    try:
        target = next_target(node, now)
    except (NothingAbove, NoValueYet):
        best = node.bands[0 if node.less_is_better else -1].id if node.bands else ""
        assert now.state is not State.SCORED or now.band == best or now.stage is not None
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


EIGHT: dict[str, Any] = {
    "family": "wide",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 2, "mode": "half_up"},
    "index": "overall",
    "categories": ["first", "second"],
    "questions": [{"id": f"q{place}", "kind": "level", "highest": 3} for place in range(6)],
    "nodes": [
        {
            "id": "first",
            "aggregation": "geometric",
            "children": [{"of": f"q{place}", "weight": place + 1} for place in range(3)],
            "rules": [{"id": "gate", "kind": "gate", "unless": "q0 + q1 >= 3", "at_most": "3/2"}],
        },
        {
            "id": "second",
            "aggregation": "harmonic",
            "children": [{"of": f"q{place}", "cap": "5/2"} for place in range(3, 6)],
        },
        {
            "id": "overall",
            "aggregation": "weighted_mean",
            "children": [{"of": "first", "weight": 2}, {"of": "second"}],
        },
    ],
}
ONES: dict[str, Answer] = {f"q{place}": LevelAnswer(level=1) for place in range(6)}


@pytest.mark.parametrize("rows", [0, 70, None])
@pytest.mark.parametrize("target", ["3/2", "9/4", "2.79", "2.9"])
def test_means_that_are_not_linear(rows: int | None, target: str) -> None:
    plan = compile_plan(wide_definition(EIGHT))
    aim = Target("overall", value=Fraction(target))
    found = levers(plan, ONES, target=aim, most_sets=100, most_rows=rows)
    least, sets = all_smallest(plan, ONES, aim)
    assert found.proven
    assert size_of(found) == least
    assert {frozenset((each.question, each.after) for each in one.changes) for one in found.sets} == set(sets)
    assert (least is None) == (target == "2.9")


def test_a_word_that_the_solver_does_not_know_is_left_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without knowing caps (as of a word that is newer than the solver's model) the result stays the same."""
    plan = compile_plan(wide_definition(EIGHT))
    aim = Target("overall", value=Fraction(9, 4))
    expected = levers(plan, ONES, target=aim, most_rows=0)
    without_caps = nodes._KNOWN | {PlannedChild: frozenset(["id", "weight", "scale", "inapplicable"])}
    monkeypatch.setattr(nodes, "_KNOWN", without_caps)
    assert not nodes.Nodes.plain(plan.nodes[1])
    assert levers(plan, ONES, target=aim, most_rows=0) == expected


def test_fixed_answers_stay() -> None:
    plan = compile_plan(wide_definition(EIGHT))
    aim = Target("overall", value=Fraction(3, 2))
    kept = levers(plan, ONES, target=aim, fixed=["q0", "q1", "q2"], most_steps=1)
    assert kept.questions is None
    assert kept.proven
    changed = {each.question for one in levers(plan, ONES, target=aim, fixed=["q2"]).sets for each in one.changes}
    assert "q2" not in changed


@pytest.mark.parametrize("effort", [0, 1e-9])
def test_without_effort_nothing_is_claimed(effort: float) -> None:
    plan = compile_plan(wide_definition(EIGHT))
    found = levers(plan, ONES, target=Target("overall", value=Fraction(9, 4)), most_rows=0, effort=effort)
    assert not found.proven
    assert not found.complete
    assert not found.sets or found.sets[0].value >= "2.25"


def test_the_solver_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("ortools", "scoring.solving"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools", None)
    plan = compile_plan(wide_definition(EIGHT))
    with pytest.raises(SolverMissing, match="itti\\[analysis\\]"):
        levers(plan, ONES)


def test_the_engine_alone_does_not_load_the_solver() -> None:
    code = "import sys, scoring, scoring.levers; sys.exit(any(name.startswith('ortools') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_little_effort_does_not_show_is_said() -> None:
    """Without effort nothing is claimed; with some, the same comes out as with all of it, and again the next time."""
    folder = PUBLISHED / "taicang-park" / "1.0.0"
    plan = compile_plan(load_folder(folder))
    answers = read_sheet(read_file(folder / "examples" / "new-district.yaml")).given()
    hasty = levers(plan, answers, effort=0.0001)
    assert (hasty.sets, hasty.proven, hasty.complete) == ((), False, False)
    assert levers(plan, answers, effort=0.1) == levers(plan, answers)
    assert levers(plan, answers, effort=0.002) == levers(plan, answers, effort=0.002)
