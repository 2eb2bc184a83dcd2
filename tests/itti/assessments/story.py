"""One assessment with everybody in it, and short words for what they do at the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import httpx2
from sqlalchemy import event
from sqlmodel import Session
from starlette.testclient import TestClient

from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.assessments import service
from itti.assessments.schemas import AnswerGiven, PlanInput
from itti.assessments.tables import Assessment, Phase
from itti.certificates.office import Office
from itti.factories.tables import Factory
from itti.papers import approval
from questionnaires import load
from questionnaires.digest import digest
from tests.itti.conftest import FAMILY, World

VERSION: Final = "1.0.0"
DEFINITION: Final = load(FAMILY, VERSION)
DIGEST: Final = digest(DEFINITION)
QUESTIONS: Final = tuple(question.id for question in DEFINITION.questions)
OTHER_KINDS: Final = {"choice", "choices", "grid", "yes", "number", "date", "items"}
REASON: Final = "Seen on the shop floor on the day of the visit."


@dataclass
class Story:
    """The people and things of one assessment."""

    world: World
    office: User
    assessor: User
    reviewer: User
    owner: User
    """Somebody of the factory."""

    factory: Factory
    id: UUID
    tokens: dict[UUID, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Address of the assessment."""
        return f"/assessments/{self.id}"

    def api(self, user: User | None) -> TestClient:
        """A client for ``user``, with one token for all of the test; one of its own for each thread."""
        if user is None:
            return self.world.api()
        if user.id not in self.tokens:
            self.tokens[user.id] = self.world.token(user)
        return self.world.api(token=self.tokens[user.id])

    def read(self, user: User) -> dict[str, Any]:
        """The assessment as ``user`` sees it."""
        answer = self.api(user).get(self.path)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        assert answer.headers["etag"] == f'"{document["version"]}"'
        return document

    def move(self, user: User | None, name: str, tag: str | None = None, **body: Any) -> httpx2.Response:
        """Make a move at the API, against the state in force unless ``tag`` says otherwise; approve what is there."""
        if tag is None:
            tag = f'"{self.read(self.office)["version"]}"'
        if name == "approve":
            digest = self.api(self.office).get(f"{self.path}/review").json()["content_sha256"]
            tag = f'{tag.removesuffix(chr(34))}-{digest}"'
        return self.api(user).post(f"{self.path}/moves", json={"move": name, **body}, headers={"If-Match": tag})

    def moved(self, user: User, name: str, **body: Any) -> dict[str, Any]:
        """Make a move that must succeed; the assessment after it, and after an approval with its papers made."""
        answer = self.move(user, name, **body)
        if name == "approve":
            assert answer.status_code == 202, answer.text
            assert self.world.make_papers() == len(approval.PAPERS)
            return self.read(user)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def put(
        self,
        user: User | None,
        question: str,
        tag: str | None = None,
        *,
        phase: str = "assessed",
        **given: Any,
    ) -> httpx2.Response:
        """Send an answer; ``tag`` None: as the first one."""
        headers = {"If-None-Match": "*"} if tag is None else {"If-Match": tag}
        body = ({} if given.keys() & OTHER_KINDS else {"level": 3}) | {"reason": REASON} | given
        return self.api(user).put(
            f"{self.path}/answers/{question}", params={"phase": phase}, json=body, headers=headers
        )

    def evidence_path(self, question: str = QUESTIONS[0]) -> str:
        """Where files of a question are attached."""
        return f"{self.path}/answers/{question}/evidence"

    # Short cuts that do not go through the door, for tests about something else

    def do(self, user: User, work: Callable[[Session, Act], Any], at: datetime | None = None) -> Any:
        """``work`` as an act of ``user`` in a transaction of its own."""

        def run(session: Session) -> Any:
            actor, zone = session.get(User, user.id), self.world.settings.zone
            return work(session, Act(actor, at or datetime.now(UTC), zone=zone))

        return self.world.write(run)

    def answer_all(self, user: User, phase: Phase = Phase.ASSESSED, level: int = 3, at: datetime | None = None) -> None:
        """Answer every question."""

        def run(session: Session, act: Act) -> None:
            for question in QUESTIONS:
                stored = service.answers_of(session, self.id, phase).get(question)
                given = AnswerGiven(level=level, reason=REASON)
                service.save(session, act, self.id, question, phase, given, expected=stored.version if stored else None)

        self.do(user, run, at)

    def step(self, user: User, name: str, at: datetime | None = None, **more: Any) -> Assessment:
        """Make a move through the service; after an approval, the papers."""

        def run(session: Session, act: Act) -> Assessment:
            return service.move(session, act, self.id, name, office=Office(self.world.settings), **more)

        found: Assessment = self.do(user, run, at)
        if name == "approve":
            assert self.world.make_papers() == len(approval.PAPERS)
        return found

    def started(self) -> Story:
        """In the assessor's hands, nothing answered."""
        self.step(self.assessor, "start")
        return self

    def answered(self) -> Story:
        """In the assessor's hands, everything answered."""
        self.started().answer_all(self.assessor)
        return self

    def submitted(self) -> Story:
        """In review; nobody has taken it."""
        self.answered().step(self.assessor, "submit")
        return self

    def under_review(self) -> Story:
        """In review, taken by the reviewer."""
        self.submitted().step(self.reviewer, "take-review")
        return self


def plan(  # noqa: PLR0917 - who plans what for whom
    world: World,
    factory: Factory,
    assessor: User,
    by: User,
    at: datetime | None = None,
    family: str = FAMILY,
    version: str = VERSION,
) -> UUID:
    """Plan an assessment through the service."""
    planned = PlanInput(
        factory_id=factory.id,
        family=family,
        version=version,
        assessor_id=assessor.id,
        planned_for=at.date() if at else date.today(),  # noqa: DTZ011 - a day
    )

    def run(session: Session) -> UUID:
        act = Act(session.get(User, by.id), at or datetime.now(UTC), zone=world.settings.zone)
        return service.plan(session, act, planned).id

    return world.write(run)


def tell(world: World) -> Story:
    """A planned assessment with everybody in it."""
    office = world.create_user(Role.PROGRAMME, name="Programme Office")
    factory = world.create_factory(name="Gulf Foods LLC", name_ar="أغذية الخليج ذ.م.م")
    assessor = world.create_assessor(name="Aisha Rahman", name_ar="عائشة رحمن")
    reviewer = world.create_assessor(name="Omar Nasser", name_ar="عمر ناصر")
    owner = world.create_user(Role.FACTORY, factory=factory, name="Mariam Al Suwaidi")
    return Story(world, office, assessor, reviewer, owner, factory, plan(world, factory, assessor, office))


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(str(arguments[2]))

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)
