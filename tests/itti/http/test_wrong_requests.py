"""Whatever is wrong with a request, at every operation: a problem that the description names, in the form it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

import pytest

from itti.accounts.tables import Role
from itti.http.bodies import BODY_BYTES
from tests.itti.conftest import World, description
from tests.itti.expect import problem

NAMES: Final = {"question": "quality", "number": "TI-2026-00001", "name": "2026", "revision": "1", "family": "itti"}
NOWHERE: Final = str(UUID(int=7))
JSON: Final = {"content-type": "application/json"}

WRONG: Final[Mapping[str, tuple[dict[str, Any], set[str]]]] = {
    "not JSON": ({"content": b'{"a": ', "headers": JSON}, {"400", "422"}),
    "not UTF-8": ({"content": b'{"a": "\xff"}', "headers": JSON}, {"400", "422"}),
    "no object": ({"content": b"[7]", "headers": JSON}, {"422"}),
    "an unknown field": ({"json": {"no-such-field": 1}}, {"422"}),
    "deep": ({"content": b"[" * 9999 + b"]" * 9999, "headers": JSON}, {"400", "422"}),
    "another media type": ({"content": b"<a/>", "headers": {"content-type": "application/xml"}}, {"415", "422"}),
    "too large": ({"content": b" " * BODY_BYTES + b"{}", "headers": JSON}, {"413"}),
    "a tag that is none": ({"json": {}, "headers": {"If-Match": "W/x"}}, {"400", "422"}),
    "a tag of another state": ({"json": {}, "headers": {"If-Match": '"987654321"'}}, {"412", "422"}),
}
"""What is wrong → the request, and the statuses that say so where nothing else comes first."""

FIRST: Final = {"401", "403", "404", "409", "428"}
"""What may be told before: what was entered is not right, or who asks may not; it does not exist, or its state
forbids it; a tag is missing."""


def writes() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Operations that take a body in JSON or a tag: method, address, what the description says."""
    for path, methods in description()["paths"].items():
        for method, said in methods.items():
            media = said.get("requestBody", {}).get("content", {})
            tagged = any(each["name"] == "If-Match" for each in said.get("parameters", []))
            if "application/json" in media or (tagged and not media):
                yield method, path, said


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_request_is_refused_as_described(world: World, wrong: str) -> None:
    client = world.api(world.create_user(Role.PROGRAMME))
    request, expected = WRONG[wrong]
    bad = []
    for method, path, said in writes():
        address = re.sub(r"\{(\w+)\}", lambda name: NAMES.get(name[1], NOWHERE), path)
        answer = client.request(method, f"http://testserver{address}", **request)
        status = str(answer.status_code)
        if "requestBody" not in said and status.startswith("2"):
            continue  # it takes no body, and looks at none
        if status not in said["responses"] or status not in expected | FIRST:
            bad.append((method, path, status))
            continue
        examples = said["responses"][status]["content"]["application/problem+json"]["examples"]
        code = answer.json()["code"]
        problem(answer, answer.status_code, code)
        if code not in examples:
            bad.append((method, path, f"{status} {code}"))
    assert bad == []
