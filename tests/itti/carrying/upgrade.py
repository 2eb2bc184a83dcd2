"""An earlier assessment on itti 1.0.0 that has ended, and a new one of the same factory on a later version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import httpx2

from itti.accounts.tables import User
from itti.assessments import service
from itti.assessments.schemas import PlanInput
from itti.assessments.tables import Phase
from questionnaires import load
from tests.itti.assessments.story import Story, tell
from tests.itti.conftest import FAMILY, World

NEW: Final = "2.0.0"
QUESTIONS: Final = tuple(question.id for question in load(FAMILY, NEW).questions)


@dataclass
class Upgrade:
    """Both assessments, with the same people."""

    old: Story
    new: Story

    @property
    def path(self) -> str:
        """Address of what is carried into the new one."""
        return f"{self.new.path}/carry-over"

    def preview(self, user: User | None, which: str = "assessed", **headers: str) -> httpx2.Response:
        """What would become of the answers."""
        body = {"from": str(self.old.id), "which": which}
        return self.new.api(user).post(f"{self.path}/preview", json=body, headers=headers)

    def carry(self, user: User | None, which: str = "assessed", **more: Any) -> httpx2.Response:
        """Carry them."""
        return self.new.api(user).post(self.path, json={"from": str(self.old.id), "which": which, **more})

    def carried(self, user: User, which: str = "assessed", **more: Any) -> dict[str, Any]:
        """Carry them, which must succeed."""
        answer = self.carry(user, which, **more)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def look(self, user: User | None, question: str, tag: str, phase: str = "assessed") -> httpx2.Response:
        """Say that one has looked at an answer."""
        path = f"{self.new.path}/answers/{question}/looked-at"
        return self.new.api(user).post(path, params={"phase": phase}, headers={"If-Match": tag})

    def answers(self, story: Story, phase: str = "assessed") -> dict[str, dict[str, Any]]:
        """All answers of an assessment, by question."""
        found = story.api(story.office).get(f"{story.path}/answers", params={"phase": phase})
        assert found.status_code == 200, found.text
        return {answer["question"]: answer for answer in found.json()["answers"]}


def planned(story: Story, version: str) -> Story:
    """A new assessment of the same factory by the same people."""
    plan = PlanInput(
        factory_id=story.factory.id,
        family=FAMILY,
        version=version,
        assessor_id=story.assessor.id,
        planned_for=date.today(),  # noqa: DTZ011 - a day
    )
    identifier: UUID = story.do(story.office, lambda session, act: service.plan(session, act, plan).id)
    return replace(story, id=identifier)


def ended(world: World) -> Story:
    """An assessment that everybody answered whole and that was withdrawn at last: its answers are final."""
    story = tell(world)
    story.step(story.owner, "start-self-assessment")
    story.answer_all(story.owner, Phase.SELF, level=2)
    story.step(story.owner, "finish-self-assessment")
    story.started().answer_all(story.assessor)
    story.step(story.office, "withdraw", note="The line was moved to another hall.")
    return story


def upgrade(world: World, version: str = NEW) -> Upgrade:
    """The earlier assessment, and one on ``version`` that is planned."""
    old = ended(world)
    return Upgrade(old, planned(old, version))
