"""What is remembered from one scoring to the next changes nothing, in whatever order answers come.

The thorough engine, which remembers nothing, is the judge.
"""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from scoring import LevelAnswer, Share, State, compile_plan, memory, score
from scoring.enclosure import point
from scoring.exact import thoroughly, values
from tests.scoring.columns.tall import tall_structures
from tests.scoring.wide import answered, wide_definition, wide_structures

CALM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("most", [3, 30_000])
@CALM
@given(data=st.data())
def test_a_plan_in_use_scores_as_if_everything_were_worked_out_anew(most: int, data: st.DataObject) -> None:
    structure = data.draw(st.one_of(wide_structures(), tall_structures()))
    definition = wide_definition(structure)
    used, fresh = compile_plan(definition), compile_plan(definition)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "MOST_KEPT", most)
        patch.setattr(memory, "MOST_LARGE", most)
        patch.setattr(memory, "FEW_QUESTIONS", 2)
        for answers in data.draw(st.lists(answered(structure), min_size=2, max_size=6)):
            stated = values(used, answers)
            found, expected = score(used, answers), thoroughly(fresh, answers)[1]
            assert found == expected
            assert found.model_dump_json() == expected.model_dump_json()
            assert stated == values(used, answers) == {node.id: (node.value, node.band) for node in expected.nodes}


def test_a_changed_plan_does_not_remember() -> None:
    structure = {
        "family": "small",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "all",
        "categories": ["all"],
        "questions": [{"id": name, "kind": "level", "highest": 5} for name in ("a", "b")],
        "nodes": [{"id": "all", "aggregation": "weighted_mean", "children": [{"of": "a"}, {"of": "b", "weight": 3}]}],
    }
    plan = compile_plan(wide_definition(structure))
    answers = {"a": LevelAnswer(level=5), "b": LevelAnswer(level=1)}
    assert score(plan, answers).headline.value == "2.00"
    (node,) = plan.nodes
    capped = replace(
        node, children=(replace(node.children[0], cap=point(plan.nodes[0].children[0].weight)), node.children[1])
    )
    changed = replace(plan, nodes=(capped,), order=(*plan.questions, capped))
    assert score(changed, answers).headline.value == "1.00"


def test_threads_share_a_plan() -> None:
    structure = {
        "family": "small",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "all",
        "categories": ["all"],
        "questions": [{"id": f"q{place}", "kind": "level", "highest": 5} for place in range(6)],
        "nodes": [{"id": "all", "aggregation": "mean", "children": [{"of": f"q{place}"} for place in range(6)]}],
    }
    definition = wide_definition(structure)
    plan = compile_plan(definition)
    population = [{f"q{p}": LevelAnswer(level=(seed * (p + 3)) % 6) for p in range(6)} for seed in range(40)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda answers: score(plan, answers), population * 3))
    assert found == [score(compile_plan(definition), answers) for answers in population] * 3


def test_a_part_with_some_fields_changed_is_as_if_made_by_itself() -> None:
    """The engine changes parts of scorecards past pydantic: nothing that can be done to them may show it."""
    whole = Share(
        of="a", state=State.SCORED, counted=True, weight="1", weight_used="1/2", exact="3", contribution="3/2"
    )
    changed = whole.changed(exact="4", contribution="2")
    made = whole.model_copy(update={"exact": "4", "contribution": "2"})
    assert changed == made == Share.model_validate_json(made.model_dump_json())
    assert (repr(changed), hash(changed), changed.model_fields_set) == (repr(made), hash(made), made.model_fields_set)
    assert changed.model_dump_json() == made.model_dump_json()
    assert copy.deepcopy(changed) == pickle.loads(pickle.dumps(changed)) == made  # noqa: S301 - just written
    assert whole.exact == "3"
    with pytest.raises(ValidationError, match="frozen"):
        changed.exact = "5"  # type: ignore[misc]
