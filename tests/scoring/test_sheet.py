"""Answer sheets: short and long forms, and every mistake with its place."""

from __future__ import annotations

import pytest

from questionnaires.mistakes import Mistaken
from questionnaires.places import read
from scoring import LevelAnswer, NotApplicableAnswer
from scoring.sheet import AnswerSheet, read_sheet


def sheet(answers: str, head: str = "questionnaire: itti\nversion: 1.0.0\n") -> AnswerSheet:
    return read_sheet(read(f"{head}answers:\n{answers}".encode(), "s.yaml"))


def mistakes(answers: str, head: str = "questionnaire: itti\nversion: 1.0.0\n") -> list[tuple[str, str, int | None]]:
    with pytest.raises(Mistaken) as caught:
        sheet(answers, head)
    return [(mistake.code, mistake.pointer, mistake.line) for mistake in caught.value.mistakes]


def test_valid_in_all_forms() -> None:
    read_in = sheet(
        "  a: 3\n  b: {level: 2, reason: seen}\n  c: {not_applicable: true, reason: none here}\n  d: {level: null}\n"
    )
    assert read_in.given() == {
        "a": LevelAnswer(level=3),
        "b": LevelAnswer(level=2),
        "c": NotApplicableAnswer(reason="none here"),
    }


@pytest.mark.parametrize(
    ("answers", "code", "pointer"),
    [
        ("  a: high\n", "answer-form", "/answers/a"),
        ("  a: {level: 3.5}\n", "not-whole", "/answers/a/level"),
        ("  a: {level: true}\n", "not-whole", "/answers/a/level"),
        ("  a: true\n", "answer-form", "/answers/a"),
        ("  a: {not_applicable: true}\n", "reason-missing", "/answers/a"),
        ("  a: {not_applicable: 'yes', reason: x}\n", "not-true-or-false", "/answers/a/not_applicable"),
        ("  a: {level: 1, not_applicable: true, reason: x}\n", "answer-form", "/answers/a"),
        ("  a: {levle: 1}\n", "unknown-key", "/answers/a/levle"),
    ],
)
def test_mistake_with_its_place(answers: str, code: str, pointer: str) -> None:
    assert mistakes(answers) == [(code, pointer, 4)]


def test_duplicate_answer_is_refused() -> None:
    assert mistakes("  a: 1\n  a: 2\n") == [("duplicate-key", "/answers/a", 5)]


def test_questionnaire_and_version_are_asked_for() -> None:
    assert [code for code, _, _ in mistakes("  a: 1\n", head="")] == ["missing-key", "missing-key"]


def test_the_answers_attached_to_a_certificate_are_a_sheet() -> None:
    digest = "a" * 64
    attached = read(
        b'{"format": "itti-answers/1", "family": "itti", "version": "1.0.0", "digest": "%s", "answers": {"a": '
        b'{"level": 2, "not_applicable": false, "reason": "seen", "evidence": ["%s"]}}}' % ((digest.encode(),) * 2),
        "answers.json",
    )
    found = read_sheet(attached)
    assert found.questionnaire == "itti"
    assert found.digest == digest
    assert found.answers["a"].evidence[0].sha256 == digest
    assert found.given() == {"a": LevelAnswer(level=2)}
