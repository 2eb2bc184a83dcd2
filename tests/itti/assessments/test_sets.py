"""Answers that are saved as one set: each as if it were alone, and told of only once all are stored."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID, uuid4

import httpx2
import pytest
import sqlalchemy as sa
from anyio.to_thread import run_sync
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from itti.accounts import service as accounts
from itti.accounts.scopes import Limits, Scope, joined
from itti.accounts.tables import ApiToken, User
from itti.accreditation.tables import Accreditation
from itti.acts import Act, now
from itti.assessments import service
from itti.assessments.short_way import SETS_AT_ONCE, Saving
from itti.assessments.standing import as_given
from itti.assessments.tables import Answer, PackedAnswers
from itti.audit.tables import Event
from itti.http.errors import Busy
from itti.http.transactions import Turnstile
from itti.settings import Settings
from reports.recorded import details_digest
from scoring import compile_plan
from scoring.packing import pack
from tests.itti.assessments.story import DEFINITION, QUESTIONS, REASON, Story, counted, plan, tell
from tests.itti.conftest import World, running_world
from tests.itti.expect import problem

QUESTION: Final = "maintenance"
OPTIONAL: Final = "product-design"
PLAN: Final = compile_plan(DEFINITION)
Send = Callable[[], httpx2.Response]


def in_one_set(
    world: World, sends: Sequence[Send], meanwhile: Callable[[], object] = lambda: None, *, ahead_of_them: int = 401
) -> list[httpx2.Response]:
    """What they are answered who all wait, in their order, while others are at the database, and what these are."""
    saving: Saving = world.app.state.saving
    turnstile: Turnstile = world.app.state.turnstile
    goes, ahead, free = turnstile.write_alone, threading.Semaphore(0), threading.Event()

    async def held_up(work: Callable[[Session], Any]) -> Any:
        ahead.release()
        await run_sync(free.wait)
        return await goes(work)

    others = 1 if world.database.is_sqlite else SETS_AT_ONCE
    with ThreadPoolExecutor(len(sends) + others) as threads, pytest.MonkeyPatch.context() as patch:
        patch.setattr(turnstile, "write_alone", held_up)
        strangers = [threads.submit(_sent_by_nobody, world) for _ in range(others)]
        for _ in strangers:
            assert ahead.acquire(timeout=10)
        coming = []
        for place, send in enumerate(sends, 1):
            coming.append(threads.submit(send))
            while saving.waiting < place:
                assert not coming[-1].done(), "went another way"
        patch.undo()
        meanwhile()
        free.set()
        assert [each.result().status_code for each in strangers] == [ahead_of_them] * others
        return [each.result() for each in coming]


def _sent_by_nobody(world: World) -> httpx2.Response:
    path = f"/assessments/{uuid4()}/answers/{QUESTION}"
    return world.api(token="nobody").put(path, json={"level": 1}, headers={"If-None-Match": "*"})


def putting(story: Story, user: User, question: str = QUESTION, tag: str | None = '"1"', **given: Any) -> Send:
    """A request to save an answer, by a client of its own."""
    client = replace(story, tokens=dict(story.tokens))
    client.api(user)  # issuing a token writes, too
    return lambda: client.put(user, question, tag, **given)


def another(story: Story) -> Story:
    """Another assessment of the same people."""
    return replace(story, id=plan(story.world, story.factory, story.assessor, story.office), tokens={})


def saved_acts(story: Story) -> list[tuple[Any, Any]]:
    """What the record says was saved: before and after, in the order of the acts."""
    with story.world.database.reading() as session:
        statement = select(Event).where(Event.action == "answer.saved", Event.assessment_id == story.id)
        return [
            ((each.details["before"] or {}).get("level"), each.details["after"]["level"])
            for each in session.exec(statement.order_by(col(Event.id)))
        ]


def check_vectors(world: World) -> None:
    """All packed vectors say what the answers say."""
    with world.database.reading() as session:
        vectors = session.exec(select(PackedAnswers)).all()
        for each in vectors:
            answers = service.answers_of(session, each.assessment_id, each.phase)
            assert each.vector == pack(PLAN, as_given(answers.values()))
        with_answers = select(col(Answer.assessment_id), col(Answer.phase)).distinct()
        assert len(vectors) == len(session.exec(with_answers).all())


def test_a_set_asks_the_database_once_for_all(both_stories: Story) -> None:
    stories = [both_stories.started(), *(another(both_stories).started() for _ in range(2))]
    for story in stories[1:]:
        assert story.put(story.assessor, QUESTION, level=2).status_code == 201
    sends = [putting(story, story.assessor, tag='"1"' if at else None, level=4) for at, story in enumerate(stories)]
    with counted(both_stories.world) as statements:
        answers = in_one_set(both_stories.world, sends)
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert [answer.headers["etag"] for answer in answers] == ['"1"', '"2"', '"2"']
    assert [answer.json()["answer"]["level"] for answer in answers] == [4, 4, 4]
    for beginning in ("UPDATE answer", "INSERT INTO answer", "INSERT INTO event", "UPDATE packed_answers"):
        assert len([each for each in statements if each.startswith(beginning)]) == 1, beginning
    assert [saved_acts(story) for story in stories] == [[(None, 4)], [(None, 2), (2, 4)], [(None, 2), (2, 4)]]
    check_vectors(both_stories.world)


def test_good_and_bad_in_one_set(both_stories: Story) -> None:
    world, first = both_stories.world, both_stories.started()
    assert first.put(first.assessor, QUESTION, level=2).status_code == 201
    others = [another(first).started() for _ in range(7)]
    closed = another(first).submitted()
    stranger = world.create_assessor()
    sends = [
        putting(first, first.assessor, level=3),
        putting(others[0], first.assessor),  # nothing is answered there
        putting(others[1], first.assessor, tag=None, level=99),
        putting(others[2], first.assessor, "no-such-question", None),
        putting(others[3], stranger, tag=None),
        putting(others[4], first.owner, tag=None),
        putting(others[5], first.assessor, OPTIONAL, None, level=None, not_applicable=True, reason=""),
        putting(closed, first.assessor, level=1),
        putting(others[6], first.assessor, tag=None, level=1),
    ]
    answers = in_one_set(world, sends)
    assert [answers[0].status_code, answers[8].status_code] == [200, 201]
    for at, (status, code) in {
        1: (412, "answer-stale"),
        2: (422, "answer-invalid"),
        3: (404, "no-such-question"),
        4: (404, "no-such-assessment"),
        5: (403, "not-your-answers"),
        6: (422, "answer-invalid"),
        7: (409, "answers-closed"),
    }.items():
        problem(answers[at], status, code)
    assert saved_acts(first) == [(None, 2), (2, 3)]
    assert [saved_acts(each) for each in others] == [[]] * 6 + [[(None, 1)]]
    check_vectors(world)


def test_two_changes_of_one_answer_come_one_after_the_other(both_stories: Story) -> None:
    story = both_stories.answered()
    sends = [putting(story, story.assessor, level=level) for level in (1, 2)]
    again = putting(story, story.assessor, level=1)  # says what the first one says
    beside = putting(story, story.assessor, QUESTIONS[0], level=5)
    first, second, third, fourth = in_one_set(story.world, [*sends, again, beside])
    assert (first.status_code, third.status_code, fourth.status_code) == (200, 200, 200)
    assert problem(second, 412, "answer-stale")["current"]["level"] == 1
    assert saved_acts(story)[-2:] == [(3, 1), (3, 5)]
    check_vectors(story.world)


def test_what_ends_while_somebody_waits_has_ended(both_stories: Story) -> None:
    world, story = both_stories.world, both_stories.answered()
    people = [world.create_assessor() for _ in range(4)]
    stories = [story, *(tell(world) for _ in range(4))]
    sends = []
    for each, person in zip(stories[1:], people, strict=True):
        each.assessor = person
        each.id = plan(world, each.factory, person, each.office)
        sends.append(putting(each.started(), person, tag=None))
    sends.append(putting(story, story.assessor, level=5))

    def ended() -> None:
        def run(session: Session) -> None:
            session.execute(sa.update(ApiToken).where(col(ApiToken.user_id) == people[0].id).values(revoked_at=now()))
            session.execute(sa.update(ApiToken).where(col(ApiToken.user_id) == people[1].id).values(expires_at=now()))
            session.execute(sa.update(User).where(col(User.id) == people[2].id).values(disabled_at=now()))
            held = col(Accreditation.user_id) == people[3].id
            session.execute(sa.update(Accreditation).where(held).values(withdrawn_at=now()))

        world.write(run)

    answers = in_one_set(world, sends, ended)
    problem(answers[0], 401, "token-invalid")
    problem(answers[1], 401, "token-expired")
    problem(answers[2], 401, "token-invalid")
    problem(answers[3], 403, "not-accredited")
    assert answers[4].status_code == 200
    assert [saved_acts(each) for each in stories[1:]] == [[]] * 4


def test_a_set_that_cannot_be_stored_goes_one_by_one(both_stories: Story) -> None:
    stories = [both_stories.answered(), another(both_stories).answered()]
    world = both_stories.world
    left = [OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))]

    def fail(connection: sa.Connection) -> None:
        told = connection.info.pop("answers", 0)
        if told > 1 and left:
            raise left.pop()

    def note(connection: sa.Connection, *what: Any) -> None:
        if str(what[1]).startswith("UPDATE answer"):
            connection.info["answers"] = len(what[2])

    event.listen(world.database.engine, "before_cursor_execute", note)
    event.listen(world.database.engine, "commit", fail)
    try:
        answers = in_one_set(world, [putting(story, story.assessor, level=1) for story in stories])
    finally:
        event.remove(world.database.engine, "commit", fail)
        event.remove(world.database.engine, "before_cursor_execute", note)
    assert not left
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [saved_acts(story)[-1] for story in stories] == [(3, 1), (3, 1)]
    assert [len(saved_acts(story)) for story in stories] == [21, 21]
    check_vectors(world)


def test_all_of_a_set_are_told_that_the_database_is_busy(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    stories = [story.answered(), another(story).answered()]

    def busy() -> None:
        raise Busy

    sends = [putting(each, each.assessor, level=1) for each in stories]
    with monkeypatch.context() as patch:
        patch.setattr(story.world.database, "writing", busy)
        answers = in_one_set(story.world, sends, ahead_of_them=503)
    for answer in answers:
        problem(answer, 503, "busy")
        assert answer.headers["retry-after"] == "2"
    assert [len(saved_acts(each)) for each in stories] == [20, 20]
    assert sends[0]().status_code == 200


@dataclass(frozen=True)
class Scene:
    """A request to save an answer."""

    question: str
    tag: str | None
    given: object
    who: str = "assessor"
    scopes: tuple[Scope, ...] | None = None
    """What the token is limited to."""

    short: bool = False
    """Whether it is stored in a set, and not by itself."""


_WRITES: Final = (Scope.ASSESSMENTS_WRITE, Scope.ASSESSMENTS_READ)
SCENES: Final = (
    Scene(QUESTION, None, {"level": 2, "reason": "جرد المخزون شهريًا، ثم “مرة” كل عام."}, short=True),
    Scene(QUESTION, None, {"level": 3, "reason": REASON}),
    Scene(QUESTION, '"1"', {"level": 3, "reason": REASON}, short=True),
    Scene(QUESTION, '"1"', {"level": 3, "reason": REASON}),  # once more: nothing happens
    Scene(QUESTION, '"1"', {"level": 4, "reason": REASON}),
    Scene(QUESTION, '"2"', {"level": None, "reason": "To be asked again."}, short=True),
    Scene(QUESTION, '"3"', {"level": 4}, short=True),
    Scene(QUESTION, '"4"', {"level": 1, "reason": "  Two   spaces.\r\nA line. "}, short=True),
    Scene(QUESTION, '"5"', {"level": 2, "reason": "\U0001f600"}),
    Scene(QUESTION, '"5"', {"level": "2"}),
    Scene(QUESTION, '"5"', {"reason": "nothing is said"}),
    Scene(QUESTION, '"5"', {"level": 2, "choice": "some"}),
    Scene(QUESTION, '"5"', {"level": 2, "more": 1}),
    Scene(QUESTION, '"5"', [{"level": 2}]),
    Scene(QUESTION, '"5"', {"level": 2, "not_applicable": True, "reason": "–"}),
    Scene(QUESTION, "W/5", {"level": 2}),
    Scene(OPTIONAL, None, {"not_applicable": True, "reason": "Makes what others draw."}, short=True),
    Scene(OPTIONAL, '"1"', {"not_applicable": True, "reason": ""}),
    Scene("nothing", None, {"level": 2}),
    Scene(QUESTIONS[2], None, {"level": 2}, "owner"),
    Scene(QUESTIONS[2], None, {"level": 2}, "reviewer"),
    Scene(QUESTIONS[2], None, {"level": 2}, "office"),
    Scene(QUESTIONS[2], None, {"level": 2}, scopes=(Scope.ASSESSMENTS_READ,)),
    Scene(QUESTIONS[2], None, {"level": 2}, scopes=_WRITES, short=True),
)


def test_both_ways_say_the_same(both_worlds: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same requests to two assessments, one of them in words that take them past the sets."""
    stories = tell(both_worlds).started(), tell(both_worlds).started()
    one_by_one: list[str] = []
    save = service.save

    def noted(session: Session, act: Act, identifier: UUID, question: str, *rest: Any, **more: Any) -> Any:
        one_by_one.append(question)
        return save(session, act, identifier, question, *rest, **more)

    monkeypatch.setattr(service, "save", noted)
    for scene in SCENES:
        one_by_one.clear()
        plain, other = (
            _told(story, scene, media)
            for story, media in zip(stories, ("application/json", "application/json;charset=UTF-8"), strict=True)
        )
        assert plain == other, scene
        stored = plain[0] in {200, 201}
        assert len(one_by_one) == (1 if scene.short else 2 * stored) or not stored, scene
        assert stored or not scene.short, scene
    plain_acts, other_acts = (_acts(story) for story in stories)
    assert plain_acts == other_acts
    assert len(plain_acts) == sum(scene.short for scene in SCENES)
    check_vectors(both_worlds)


def _told(story: Story, scene: Scene, media: str) -> tuple[int, object, object]:
    """What a request is answered, but for what is never the same."""
    who: User = getattr(story, scene.who)
    api = story.api(who) if scene.scopes is None else story.world.api(token=_limited(story, who, scene.scopes))
    headers = {"Content-Type": media} | ({"If-None-Match": "*"} if scene.tag is None else {"If-Match": scene.tag})
    body = json.dumps(scene.given, ensure_ascii=False).encode()
    answer = api.put(f"{story.path}/answers/{scene.question}", content=body, headers=headers)
    fields = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "content-length"}}
    names = "|".join(str(each) for each in (story.id, *(getattr(story, who).id for who in ("assessor", "owner"))))
    text = re.sub(f"{names}|" + r"20\d\d-[0-9T:.-]+Z|[0-9a-f]{32}", "*", answer.text)
    return answer.status_code, fields, text


def _limited(story: Story, user: User, scopes: tuple[Scope, ...]) -> str:
    """A token that is limited."""

    def issue(session: Session) -> str:
        act = Act(session.get(User, user.id))
        return accounts.issue_token(session, act, story.world.settings, "limited", Limits(joined(scopes), 1)).secret

    return story.world.write(issue)


def _acts(story: Story) -> list[object]:
    """What the record holds of the answers, but for what is never the same."""
    with story.world.database.reading() as session:
        statement = select(Event).where(Event.action == "answer.saved", Event.assessment_id == story.id)
        for each in (found := session.exec(statement.order_by(col(Event.id))).all()):
            assert each.details_digest == details_digest(each.salt or "", each.details)
            assert session.get_one(Answer, UUID(each.subject_id)).question == each.details["question"]
        own = {"assessment": None}
        return [
            (each.actor_role, each.actor_id == story.assessor.id, each.subject, each.details | own) for each in found
        ]


KILLED: Final = """
import os, signal, sys
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID
import anyio
from sqlalchemy import event
from starlette.requests import Request
from itti.assessments.admitting import Sent
from itti.assessments.schemas import AnswerGiven
from itti.assessments.short_way import gathering
from itti.assessments.tables import Phase
from itti.database import Database
from itti.http.transactions import Turnstile
from itti.settings import Settings

folder, question, *everybody = sys.argv[1:]
settings = Settings(data_folder=Path(folder), secret="a secret for tests alone", independence_months=0)
gate = Turnstile(Database(settings))
app = SimpleNamespace(state=SimpleNamespace(account_limit=None))
told = []

def kill(connection, cursor, statement, parameters, context, several):
    if len(told) > 40 and statement.startswith("UPDATE packed_answers") and several and len(parameters) > 1:
        os.kill(os.getpid(), signal.SIGKILL)

async def go_on(saving, assessment, token):
    for version in count(1):
        request = Request({"type": "http", "headers": [], "app": app, "state": {"request_id": "x"}})
        given = AnswerGiven(level=version % 4 + 1)
        sent = Sent(request, token, UUID(assessment), Phase.ASSESSED, question, given, version)
        stored = await saving.join(sent)
        told.append(stored.version)
        print(assessment, stored.version, flush=True)

async def main():
    saving = gathering(gate, settings)
    async with anyio.create_task_group() as group:
        for each in everybody:
            group.start_soon(go_on, saving, *each.split("="))

event.listen(gate.database.engine, "after_cursor_execute", kill)
anyio.run(main)
"""


def test_killed_in_mid_set(settings: Settings) -> None:
    """Of a set that is on its way when the process ends nothing is left, and of those before it all."""
    with running_world(settings) as world:
        first = tell(world).started()
        stories = [first, *(another(first).started() for _ in range(5))]
        for story in stories:
            assert story.put(story.assessor, QUESTION, level=1, reason="").status_code == 201
        given = [f"{story.id}={world.token(story.assessor)}" for story in stories]
    command = [sys.executable, "-c", KILLED, str(settings.data_folder), QUESTION, *given]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    told: dict[str, int] = {}
    for line in ended.stdout.splitlines():
        name, version = line.split()
        told[name] = max(told.get(name, 1), int(version))
    with running_world(settings) as world:
        for story in stories:
            found = replace(story, world=world, tokens={})
            read = found.api(story.assessor).get(f"{story.path}/answers/{QUESTION}").json()
            assert read["version"] >= told.get(str(story.id), 1)
            assert len(saved_acts(found)) == read["version"]
            assert saved_acts(found)[-1][1] == read["level"]
        check_vectors(world)
