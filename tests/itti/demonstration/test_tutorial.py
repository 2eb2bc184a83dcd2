"""The tool of the tutorial, line by line as printed, at the demonstration."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from itti.client import Client
from tests.itti.conftest import ORIGIN, World
from tests.itti.files import samples

PAGE: Final = Path(__file__).parents[3] / "docs" / "tutorial-tool.md"
READY: Final = "hessa@manara-quality.example"
QUESTIONS_ANSWERED: Final = 2


def tool() -> str:
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return str(code)


def test_it_has_at_most_sixty_lines() -> None:
    assert len(tool().splitlines()) <= 60


class Visitor:
    """Somebody who types: a level that is none, then two answers, the first with a photograph."""

    def __init__(self, photograph: Path, other: Client) -> None:
        self.photograph = photograph
        self.other = other
        self.asked: list[str] = []
        self.titles: list[str] = []

    def __call__(self, question: str) -> str:
        """The answer to what the tool asks."""
        self.asked.append(question)
        if question.startswith("Does nothing tie you"):
            return "yes"
        if question == "Why? ":
            if self.asked.count("Why? ") == 2:
                self.answer_elsewhere()
            return "Lot numbers are scanned at every step."
        if question == "Photograph: ":
            return str(self.photograph) if self.asked.count(question) == 1 else ""
        title = question.removesuffix(" [level] ")
        assert title != question, "this questionnaire asks for levels"
        if title not in self.titles:
            self.titles.append(title)
        if len(self.titles) > QUESTIONS_ANSWERED:
            return ""
        return "9" if len(self.asked) == 2 else "3"

    def answer_elsewhere(self) -> None:
        """Answer the question that the tool is at, from another device."""
        [visit] = begun(self.other)
        [question] = [each for each in self.other.list_questions(visit) if each.title == self.titles[-1]]
        self.other.save_answer(visit, question.question, level=1, reason="Seen by another.")


def begun(client: Client) -> list[Any]:
    """The assessments under way that are the assessor's own."""
    return [each.id for each in client.list_assessments(state="assessment", assessor_id=client.read_me().id)]


def sign_in(email: str) -> Client:
    return Client.sign_in(ORIGIN, email, "demonstration")


def plan(assessor: Client) -> None:
    """Let the programme office plan a visit for ``assessor``."""
    office = sign_in("edwin@programme.example")
    [factory] = [each for each in office.list_factories() if each.name == "Ghafat Al Sahil Dairy"]
    office.plan_assessment(
        factory_id=factory.id,
        family="itti",
        version="1.0.0",
        assessor_id=assessor.read_me().id,
        planned_for=datetime.now(UTC).date(),
    )


def nobody(question: str) -> str:
    raise AssertionError(question)


def test_it_makes_a_visit(
    stage: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "press.png").write_bytes(samples.png())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["visit.py"])
    monkeypatch.setattr(httpx2, "Client", lambda **_: stage.browser())
    names: dict[str, Any] = {}
    exec(compile(tool(), str(PAGE), "exec"), names)  # noqa: S102 - our own page

    other = sign_in(READY)
    plan(other)
    assert begun(other) == []
    names["main"](ORIGIN, READY, "demonstration", ask=Visitor(tmp_path / "press.png", other))
    said = capsys.readouterr().out
    assert "/level: " in said, "a level beyond the last one was explained"
    assert "In force is {" in said, "an answer of somebody else was shown"
    assert said.count("Index between") == QUESTIONS_ANSWERED
    [visit] = begun(other)
    assert [each.level for each in other.list_answers(visit).answers] == [3] * QUESTIONS_ANSWERED
    [evidence] = other.list_assessment_evidence(visit)
    assert (evidence.file_name, evidence.media_type) == ("press.png", "image/png")
    assert (tmp_path / "scorecard.xlsx").read_bytes().startswith(b"PK")
    assert "visit.py" in {token.label for token in other.list_tokens()}

    assert names["begin"](other, nobody).id == visit, "what was begun is gone on with"
    printed = re.search(r"python visit.py \S+ (\S+) demonstration", PAGE.read_text())
    assert printed is not None
    assert names["begin"](sign_in(printed[1]), lambda _: "yes").state == "assessment"
