"""Every door of the application, tried by somebody of an office that asks for second factors and who has none."""

from __future__ import annotations

import re
from typing import Final
from uuid import uuid4

from itti.factors.errors import SecondFactorMissing
from itti.settings import SecondFactorRule, Settings
from tests.itti.conftest import running_world
from tests.itti.doors.test_doors import declared
from tests.itti.doors.trying import Door, doors

OPEN: Final = {
    *{
        Door(f"{start}{end}", "POST")
        for start in ("/account/second-factor", "/api/v1/me/second-factor")
        for end in ("", "/confirmation", "/recovery-codes", "/removal")
    },
    *{
        Door(f"{start}{end}", method)
        for start in ("/account/passkeys", "/api/v1/me/passkeys")
        for end, method in (("", "GET"), ("", "POST"), ("/challenge", "POST"))
    },
    Door("/account/passkeys/{passkey_id}/removal", "POST"),
    Door("/api/v1/me/passkeys/{passkey_id}", "DELETE"),
    *{
        Door(f"{start}{end}", method)
        for start in ("/prove", "/api/v1/me/proof")
        for end, method in (("", "GET"), ("", "POST"), ("/challenge", "POST"))
    },
    Door("/account/second-factor", "GET"),
    Door("/api/v1/me/second-factor", "GET"),
    Door("/api/v1/tokens/current", "DELETE"),
    Door("/language/{code}", "GET"),
    Door("/sign-in", "POST"),
    Door("/sign-in/code", "POST"),
    Door("/sign-out", "POST"),
}
"""What is open to them: setting one up, proving who they are, signing in and out, the language."""

REASON: Final = SecondFactorMissing().sentence()
"""What the doors for partners say, in the words of PACT."""


def test_nothing_else_is_open(settings: Settings) -> None:
    who = declared()
    found = set()
    with running_world(settings.model_copy(update={"second_factor": SecondFactorRule.OFFICE})) as world:
        person = world.create_user()
        api, browser = world.api(person), world.browser(person)
        for door in doors():
            path = re.sub(r"\{[^}]+\}", str(uuid4()), door.path)
            if door.path.startswith("/api/"):
                answer = api.request(door.method, f"http://testserver{path}", json={}, headers={"If-Match": '"1"'})
                said = answer.json() if answer.status_code == 403 else {}
                shut = said.get("code") == SecondFactorMissing.code or said.get("message") == REASON
            else:
                answer = browser.request(door.method, path, headers={"If-Match": '"1"'})
                shut = answer.status_code == 403 or answer.headers.get("location") == "/account/second-factor"
            if not shut and (door in OPEN or who.get(door) not in {"everybody", "nobody", None}):
                found.add(door)
            if door in OPEN:
                api, browser = world.api(person), world.browser(person)  # it may have let the person out
    assert found == OPEN
