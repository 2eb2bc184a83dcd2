"""Working offline: the package that is taken along, and the batch that comes back, with every scenario."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx2
import pytest
import rfc8785
import uvicorn
from jsonschema_rs import Draft202012Validator
from sqlmodel import select

from itti.accounts.tables import Role, User
from itti.assessments.packages import LimitsView
from itti.assessments.tables import Answer, Phase
from itti.audit.service import history
from itti.commands.schema import schema
from itti.retention import service as retention
from tests.itti import lines
from tests.itti.assessments.story import DIGEST, QUESTIONS, Story, plan, tell
from tests.itti.conftest import World
from tests.itti.expect import problem

QUESTION: Final = "maintenance"
OTHER: Final = "quality"
MADE: Final = "2026-11-22T08:15:00+04:00"


def package(story: Story, user: User | None, **params: Any) -> httpx2.Response:
    """Download the work package."""
    return story.api(user).get(f"{story.path}/work-package", params=params)


def given(question: str, base: int | None = None, *, level: int = 3, **more: Any) -> dict[str, Any]:
    """One answer of a batch."""
    answer = more.pop("answer", {"level": level, "reason": "Seen without a connection."})
    return {"question": question, "base": base, "answer": answer, **more}


def batch(*answers: dict[str, Any], digest: str = DIGEST, **more: Any) -> dict[str, Any]:
    """A batch under an id of its own."""
    return {"batch_id": str(uuid4()), "digest": digest, "answers": list(answers), **more}


def send(story: Story, user: User | None, body: dict[str, Any], phase: str = "assessed") -> httpx2.Response:
    """Send a batch."""
    path, kind = f"{story.path}/work-package/answers", {"Content-Type": "application/json"}
    return story.api(user).post(path, params={"phase": phase}, content=json.dumps(body), headers=kind)


def sent(story: Story, *answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Send a batch of the assessor that must be taken; what became of it."""
    answer = send(story, story.assessor, batch(*answers, **more))
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def outcomes(document: dict[str, Any]) -> list[str]:
    """What became of each answer, in the order sent."""
    return [each["outcome"] for each in document["results"]]


def rows(story: Story) -> dict[str, Answer]:
    """What is stored."""
    with story.world.database.reading() as session:
        return {row.question: row for row in session.exec(select(Answer)).all()}


class TestPackage:
    """What a tool takes along."""

    def test_all_that_is_needed(self, story: Story) -> None:
        story.started().put(story.assessor, QUESTION, level=2)
        files = {"file": ("log.txt", io.BytesIO(b"a log"), "text/plain")}
        attached = story.api(story.assessor).post(story.evidence_path(QUESTION), files=files).json()
        answer = package(story, story.assessor)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        Draft202012Validator(json.loads(schema("work-package"))).validate(found)
        asked = found["questionnaire"]
        whole = rfc8785.dumps({**asked["definition"], "texts": asked["texts"]})
        assert sha256(whole).hexdigest() == asked["digest"] == DIGEST
        assert [each["question"] for each in found["questions"]] == list(QUESTIONS)
        assert [(each["question"], each["level"], each["version"]) for each in found["answers"]] == [(QUESTION, 2, 1)]
        assert [each["id"] for each in found["evidence"]] == [attached["id"]]
        assert found["writing"]["open"]
        assert found["writing"]["until"]
        limits = LimitsView(file_bytes=story.world.settings.upload_bytes)
        assert found["limits"] == limits.model_dump()

    def test_only_some_languages(self, story: Story) -> None:
        found = package(story.started(), story.assessor, languages="ar").json()
        assert set(found["questionnaire"]["texts"]) == {"ar"}

    def test_is_sent_again_only_when_it_changed(self, story: Story) -> None:
        client, path = story.started().api(story.assessor), f"{story.path}/work-package"
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        story.put(story.assessor, QUESTION)
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200

    def test_says_what_is_in_the_way(self, story: Story) -> None:
        found = package(story.submitted(), story.assessor).json()["writing"]
        assert (found["open"], found["code"], found["until"]) == (False, "answers-closed", None)
        assert found["reason"]

    def test_the_factory_takes_its_own(self, story: Story) -> None:
        story.step(story.owner, "start-self-assessment")
        problem(package(story, story.owner), 403, "not-open-to-you")
        found = package(story, story.owner, phase="self").json()
        assert found["writing"] == {"open": True, "until": None, "code": None, "reason": None}
        assert found["evidence"] == []
        own = batch(given(QUESTION))
        assert outcomes(send(story, story.owner, own, "self").json()) == ["saved"]
        assert rows(story)[QUESTION].phase is Phase.SELF

    def test_not_for_everybody(self, story: Story) -> None:
        problem(package(story, None), 401, "sign-in-needed")
        problem(package(story, story.world.create_user(Role.FACTORY)), 404, "no-such-assessment")
        missing = story.api(story.assessor).get(f"/assessments/{uuid4()}/work-package")
        problem(missing, 404, "no-such-assessment")


class TestBatch:
    """What comes back."""

    def test_two_tools_offline_for_hours(self, both_stories: Story) -> None:
        """Both took the same package; the first to send wins, the other one is shown both answers, and none is lost."""
        story = both_stories.started()
        story.put(story.assessor, QUESTION, level=1)
        first = sent(story, given(QUESTION, 1, level=4, made_at=MADE), given(OTHER, level=2))
        assert outcomes(first) == ["saved", "saved"]
        assert first["standing"]["answered"] == 2
        second = sent(story, given(QUESTION, 1, level=0, made_at=MADE), given(OTHER, level=2), given(QUESTIONS[0]))
        assert outcomes(second) == ["conflict", "unchanged", "saved"]
        Draft202012Validator(json.loads(schema("answer-batch-result"))).validate(second)
        conflict = second["results"][0]
        assert (conflict["in_force"]["level"], conflict["in_force"]["version"]) == (4, 2)
        assert conflict["in_force"]["updated_at"]
        assert conflict["author"]["name"] == story.assessor.name
        assert conflict["sent"] == {"level": 0, "reason": "Seen without a connection."}
        assert (conflict["problem"]["code"], conflict["problem"]["status"]) == ("answer-stale", 412)
        settled = sent(story, given(QUESTION, conflict["in_force"]["version"], level=0))
        assert outcomes(settled) == ["saved"]
        assert {name: row.level for name, row in rows(story).items()} == {QUESTION: 0, OTHER: 2, QUESTIONS[0]: 3}
        standing = story.api(story.assessor).get(f"{story.path}/standing").json()
        assert standing["answered"] == settled["standing"]["answered"] == 3

    def test_a_mistake_holds_up_none_of_the_others(self, story: Story) -> None:
        found = sent(
            story.started(),
            given(QUESTION, answer={"level": 9, "reason": ""}),
            given(OTHER, answer={"level": "x", "colour": 1}),
            given("no-such-question"),
            given(QUESTIONS[0], 7),
            given(QUESTIONS[1]),
            given(QUESTIONS[2], answer={}),
            given(QUESTIONS[3], answer={"\ud800": 1, "grid": {"\ud800": "\ud800"}}),
        )
        assert outcomes(found) == ["invalid", "invalid", "refused", "conflict", "saved", "invalid", "invalid"]
        assert found["applied"]
        problems = [each["problem"] for each in found["results"]]
        assert [(each["pointer"], each["code"]) for each in problems[0]["errors"]] == [
            ("/answers/0/answer/level", "level-out-of-range")
        ]
        assert {each["code"] for each in problems[1]["errors"]} == {"not-whole", "unknown"}
        assert problems[2]["code"] == "no-such-question"
        assert found["results"][3]["in_force"] is None
        assert problems[4] is None
        assert list(rows(story)) == [QUESTIONS[1]]

    def test_all_or_none(self, both_stories: Story) -> None:
        story = both_stories.started()
        body = batch(given(QUESTION), given(OTHER, answer={"level": 9}), atomic=True)
        found = send(story, story.assessor, body).json()
        assert (found["applied"], outcomes(found)) == (False, ["held-back", "invalid"])
        assert found["standing"]["answered"] == 0
        assert not rows(story)
        assert send(story, story.assessor, body).json() == found
        assert outcomes(sent(story, given(QUESTION), given(OTHER), atomic=True)) == ["saved", "saved"]

    def test_sent_again_it_changes_nothing(self, both_stories: Story) -> None:
        """Even after somebody has changed the answer meanwhile, and after nobody may answer any more."""
        story = both_stories.started()
        body = batch(given(QUESTION, level=2), given(OTHER, 5))
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda _: send(story, story.assessor, body), range(4)))
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        assert rows(story)[QUESTION].version == 1
        story.put(story.assessor, QUESTION, '"1"', level=5)
        assert send(story, story.assessor, body).json() == answers[0].json()
        assert rows(story)[QUESTION].level == 5
        story.step(story.office, "withdraw", note="Planned twice.")
        assert send(story, story.assessor, body).json() == answers[0].json()
        other = body | {"answers": [given(QUESTION, level=1)]}
        problem(send(story, story.assessor, other), 409, "batch-differs")

    def test_results_go_after_their_time(self, story: Story) -> None:
        body = batch(given(QUESTION))
        send(story.started(), story.assessor, body)
        gone = retention.apply(story.world.database, datetime.now(UTC) + timedelta(days=31))
        assert gone["batches"] == 1
        assert outcomes(send(story, story.assessor, body).json()) == ["unchanged"]
        assert rows(story)[QUESTION].version == 1

    def test_the_record_says_when_it_was_made(self, story: Story) -> None:
        body = batch(given(QUESTION, made_at=MADE))
        send(story.started(), story.assessor, body)
        with story.world.database.reading() as session:
            (act,) = history(session, "answer", rows(story)[QUESTION].id)
        assert (act.details["made_at"], act.details["batch"]) == (MADE, body["batch_id"])
        assert act.details["after"]["level"] == 3

    def test_one_answer_to_a_question(self, story: Story) -> None:
        found = sent(story.started(), given(QUESTION), given(QUESTION, level=1), given(OTHER))
        assert outcomes(found) == ["invalid", "invalid", "saved"]
        assert found["results"][0]["problem"]["errors"][0]["code"] == "question-twice"

    def test_who_and_when(self, story: Story) -> None:
        body = batch(given(QUESTION))
        problem(send(story, None, body), 401, "sign-in-needed")
        problem(send(story, story.assessor, body), 409, "answers-closed")
        story.started()
        problem(send(story, story.office, body), 403, "not-your-answers")
        problem(send(story, story.reviewer, body), 404, "no-such-assessment")
        problem(send(story, story.owner, body), 403, "not-your-answers")
        refused = problem(send(story, story.assessor, body | {"digest": "0" * 64}), 409, "other-questionnaire")
        assert DIGEST[:12] in refused["detail"]
        assert not rows(story)
        assert outcomes(send(story, story.assessor, body).json()) == ["saved"], "a refused batch is as if never sent"

    def test_hostile_batches(self, story: Story) -> None:
        for change, pointer in (
            ({"answers": []}, "/answers"),
            ({"answers": [given(QUESTION)] * 501}, "/answers"),
            ({"batch_id": "mine"}, "/batch_id"),
            ({"answers": [{"question": QUESTION, "answer": {}}]}, "/answers/0/base"),
            ({"answers": [given("a\u0000b")]}, "/answers/0/question"),
            ({"answers": [given(QUESTION, made_at="2026-11-22T08:15:00")]}, "/answers/0/made_at"),
            ({"whole": True}, "/whole"),
        ):
            refused = problem(send(story, story.assessor, batch(given(QUESTION)) | change), 422, "invalid-input")
            assert [each["pointer"] for each in refused["errors"]] == [pointer]

    def test_too_large(self, story: Story) -> None:
        large = batch(*(given(QUESTION, answer={"reason": "x" * 4000}) for _ in range(80)))
        problem(send(story.started(), story.assessor, large), 413, "too-large")

    def test_in_the_readers_language(self, story: Story) -> None:
        body = batch(given(QUESTION, 9), given(OTHER, answer={"level": 9}))
        path = f"{story.started().path}/work-package/answers"
        found = story.api(story.assessor).post(path, json=body, headers={"Accept-Language": "ar"}).json()
        assert all("\u0600" <= each["problem"]["detail"][0] <= "\u06ff" for each in found["results"])


class TestLists:
    """Questions that are asked of items."""

    @pytest.fixture
    def lined(self, world: World) -> Iterator[Story]:
        """An assessment of the questionnaire with lines, in the assessor's hands."""
        with lines.published():
            story = tell(world)
            world.accredit(story.assessor, lines.FAMILY)
            story.id = plan(world, story.factory, story.assessor, story.office, family=lines.FAMILY)
            yield story.started()

    def test_a_list_and_its_items_in_any_order(self, lined: Story) -> None:
        """Answers about items are taken along with the list that names them."""
        digest = lined.read(lined.assessor)["digest"]
        all_of_them = [given(name, answer={**answer, "reason": "Seen."}) for name, answer in lines.ANSWERS.items()]
        found = sent(lined, *reversed(all_of_them), digest=digest)
        assert set(outcomes(found)) == {"saved"}
        assert (found["standing"]["index"], found["standing"]["complete"]) == (lines.INDEX, True)
        one = {"items": lines.TWO[:1], "reason": "Sold."}
        kept = sent(lined, given("lines", 1, answer=one), digest=digest)
        assert kept["results"][0]["problem"]["code"] == "items-answered"
        gone = sent(
            lined,
            given("lines.line-2.upkeep", 1, level=2),
            given("lines", 1, answer=one, removing=["line-2"]),
            digest=digest,
        )
        assert outcomes(gone) == ["refused", "saved"]
        assert gone["results"][0]["problem"]["code"] == "no-such-item"
        assert not [name for name in rows(lined) if "line-2" in name]
        names = [each["question"] for each in package(lined, lined.assessor).json()["questions"]]
        assert "lines.line-1.output" in names
        assert "lines.line-2.output" not in names


GUIDES: Final = Path(__file__).parents[3] / "docs"


@contextmanager
def served(story: Story) -> Iterator[str]:
    """The application on a port of its own; its address."""
    server = uvicorn.Server(uvicorn.Config(story.world.app, lifespan="off", log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1"
        finally:
            server.should_exit = True
            thread.join()


def test_the_guide_is_true(story: Story, tmp_path: Path) -> None:
    """Every command of the guide is run as it stands there."""
    story.started().put(story.assessor, QUESTION, level=2)
    lent = re.findall(r"^(?:field|call)\(\) \{.*\}$", (GUIDES / "tool-developer.md").read_text("utf-8"), re.MULTILINE)
    commands = re.findall(r"^```sh\n(.*?)^```$", (GUIDES / "offline.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert (len(lent), len(commands)) == (2, 3)
    with served(story) as address:
        words = {"API": address, "ID": str(story.id), "TOKEN": story.world.token(story.assessor)}
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join([*lent, *commands])],
            cwd=tmp_path,
            env={**os.environ, **words},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.split() == ["conflict", "4", "saved"]
    assert {name: row.level for name, row in rows(story).items()} == {QUESTION: 4, "workforce-skills": 2}
