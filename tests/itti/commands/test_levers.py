"""``itti levers``: what lifts an index, said and printed as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from questionnaires.loading import examples
from tests.itti.commands.conftest import Run, alone

LEADER = next(path for path in examples("itti", "2.0.0") if path.stem == "electronics-leader")
WORKSHOP = next(path for path in examples("itti", "2.0.0") if path.stem == "metal-workshop")
EXAMPLE = Path(__file__).parents[3] / "questionnaires" / "example"


def test_says_what_is_behind_the_gate(itti: Run) -> None:
    said = itti("levers", LEADER).out.splitlines()
    assert said[0] == "Overall index [overall] stands at 3.99 (Guided by data). Target: Joined up."
    assert said[1] == "The least: 1 answer raised, steps: 1."
    assert said[3] == "1. leads to 4.00 (Self-improving):"
    assert "[security-network]: 1 (" in said[4]
    assert said[-1] == "Proven: no smaller set reaches the target."


def test_arabic_and_the_same_bytes_whatever_the_hash_seed(itti: Run) -> None:
    words = ("levers", WORKSHOP, "--node", "maintenance", "--most-steps", "1", "--sets", "2")
    said = itti(*words, ITTI_LANGUAGE="ar").out
    assert "الأقل: رفع 3 إجابات" in said
    assert "توجد مجموعات أخرى" in said
    first = itti(*words, "--json").out
    assert first == alone(*words, "--json", PYTHONHASHSEED="1"), "a fork keeps the seed of its parent"
    found = json.loads(first)
    assert (found["questions"], found["steps"], found["proven"], found["complete"]) == (3, 3, True, False)
    assert len(found["sets"]) == 2


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--target", "3"), 0, "The target is reached already; nothing has to change."),
        (
            ("--target", "5", "--most-steps", "1"),
            1,
            "No raising of the answers that may be raised",
        ),
        (("--node", "ghost"), 2, 'itti@2.0.0 has no node "ghost"'),
        (("--target", "ghost"), 2, '"ghost" is no target of overall'),
        (("--keep", "ghost"), 2, 'itti@2.0.0 asks no question "ghost"'),
    ],
)
def test_other_ends(itti: Run, words: tuple[str, ...], code: int, told: str) -> None:
    outcome = itti("levers", LEADER, *words, code=code)
    assert told in outcome.out + outcome.err


def test_every_word_of_the_language(itti: Run) -> None:
    answers = sorted((EXAMPLE / "examples").glob("*.yaml"))
    for path in answers:
        outcome = itti("levers", path, "--definition", EXAMPLE, code=None)
        assert outcome.code in {0, 1, 2}, outcome
        assert "Not proven" not in outcome.out
        assert "not proven" not in outcome.out


def test_wrong_answers_are_named_with_their_place(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("questionnaire: itti\nversion: 2.0.0\nanswers: {strategy-roadmap: 9}\n")
    assert "a.yaml:3: /answers/strategy-roadmap" in itti("levers", "a.yaml", code=2).err


def test_open_answers_leave_nothing_to_lift(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("questionnaire: itti\nversion: 2.0.0\nanswers: {strategy-roadmap: 2}\n")
    assert "overall states no value, so" in itti("levers", "a.yaml", code=2).err
