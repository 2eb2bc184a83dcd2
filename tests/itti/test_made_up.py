"""Made-up requests to every operation, one by one and in sequences: no failure of ours, and only answers as described.

With ``ITTI_API=every`` many more of them, in more roles; takes some minutes.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Response, checks, openapi
from starlette.testclient import TestClient

from itti.accounts.tables import Role
from tests.itti.assessments.story import tell
from tests.itti.conftest import World

EVERY: Final = os.environ.get("ITTI_API") == "every"

CHECKS: Final = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]

MADE_UP: Final = settings(
    deadline=None,
    database=None,
    derandomize=not EVERY,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


def asked(case: Any, client: TestClient) -> Any:
    """The answer to a made-up request of whoever the client stands for."""
    case.query.pop("fields", None)  # with it lists show less than is described, as is said there
    case.query.pop("wait", None)  # nobody waits here for what does not come
    request = case.as_transport_kwargs(base_url="http://testserver")
    request["headers"].pop("prefer", None)  # so does what is made anew, with return=minimal
    request.pop("cookies", None)  # the API knows none
    if isinstance(request.get("data"), bytes | str):
        request["content"] = request.pop("data")
    request["headers"]["authorization"] = client.headers["authorization"]
    answer = client.request(**request)
    answer.request.read()
    return answer


@pytest.mark.parametrize("role", list(Role) if EVERY else [Role.PROGRAMME, Role.ASSESSOR])
def test_the_api_keeps_its_word(world: World, role: Role) -> None:
    """Requests to every operation of things that mostly do not exist."""
    schema = openapi.from_dict(world.app.openapi())
    user = world.create_user(role)
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # a description that cannot be read fails here
        if any(body.media_type.startswith("multipart/") for body in operation.body):
            continue  # made-up forms are not valid ones; each door for files has tests of its own
        check_operation(operation, world.api(user))


def check_operation(operation: Any, client: TestClient) -> None:
    """Some made-up requests to one operation."""

    @given(case=operation.as_strategy())
    @settings(MADE_UP, max_examples=60 if EVERY else 4)
    def keeps_its_word(case: Any) -> None:
        case.validate_response(asked(case, client), checks=CHECKS)

    keeps_its_word()


TOPICS: Final = (
    "^/api/v1/(assessment-bodies|accreditations|accredited-bodies|assessors)",
    "^/api/v1/(factories|people|colleagues)",
    "^/api/v1/(assessments|comments|second-assessments)",
    "^/api/v1/(machines|webhooks|events|tokens|me|sessions)",
    "^/api/",
)
"""What sequences are about: among all operations at once, hardly any would go on with what another one found."""


@pytest.mark.parametrize("who", ["office", "assessor", "owner"] if EVERY else ["office"])
def test_the_api_keeps_its_word_in_sequences(world: World, who: str) -> None:
    """What is made is read, changed and taken away: ids and names go from answers into later requests."""
    story = tell(world)
    client = world.api(getattr(story, who))
    document = world.app.openapi()
    schema = openapi.from_dict(document).exclude(operation_id=taking_files(document))
    beginning = copied(world.database.engine.url.database, sqlite3.connect(":memory:"))
    done = {
        path
        for topic in TOPICS
        for path in sequences(world, client, schema.include(path_regex=topic).as_state_machine(), beginning)
    }
    assert any("{" in path for path in done), "nothing that was found or made was asked for again"


def sequences(world: World, client: TestClient, machine: Any, beginning: sqlite3.Connection) -> set[str]:
    """The paths, as described, of what succeeded in sequences that each start from the beginning."""
    done: set[str] = set()

    class Tool(machine):  # type: ignore[misc]
        def setup(self) -> None:
            with contextlib.closing(sqlite3.connect(str(world.database.engine.url.database))) as now:
                beginning.backup(now)

        def call(self, case: Any, **_options: Any) -> Response:
            answer = asked(case, client)
            if answer.is_success:
                done.add(case.path)
            return Response.from_any(answer)

        def validate_response(self, response: Response, case: Any, **_options: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    Tool.run(settings=settings(MADE_UP, max_examples=60 if EVERY else 5, stateful_step_count=20 if EVERY else 10))
    return done


def taking_files(document: dict[str, Any]) -> list[str]:
    """Ids of the operations that take files: each has tests of its own."""
    return [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
    ]


def copied(path: str | None, into: sqlite3.Connection) -> sqlite3.Connection:
    """The database as it is now: every sequence begins with the same."""
    with contextlib.closing(sqlite3.connect(str(path))) as source:
        source.backup(into)
    return into
