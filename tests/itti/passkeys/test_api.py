"""Passkeys over HTTP, with honest and other authenticators."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from itti.accounts import service as accounts
from itti.accounts.tables import ApiToken, Role
from itti.acts import Act
from itti.audit.tables import Event
from itti.passkeys import ceremonies, challenges
from itti.passkeys.tables import Passkey
from itti.settings import SecondFactorRule, Settings
from tests.itti.conftest import ORIGIN, PASSWORD, World, running_world
from tests.itti.expect import problem
from tests.itti.factors.apps import armed
from tests.itti.passkeys.keys import ORIGIN as SITE
from tests.itti.passkeys.keys import Key, b64, enter, register, unb64


def acts(world: World) -> list[str]:
    """What is in the record about passkeys."""
    with world.database.reading() as session:
        found = session.exec(select(Event.action).order_by(Event.at)).all()  # type: ignore[arg-type]
    return [action for action in found if action.startswith("passkey.")]


class TestRegistering:
    def test_anonymous(self, world: World) -> None:
        client = world.api()
        for answer in (
            client.get("/me/passkeys"),
            client.post("/me/passkeys/challenge"),
            client.post("/me/passkeys", json={"ticket": "x", "credential": {}, "name": "x"}),
            client.delete(f"/me/passkeys/{uuid4()}"),
        ):
            problem(answer, 401, "sign-in-needed")

    def test_whole_way(self, world: World) -> None:
        user = world.create_user(Role.FACTORY)
        client, other, browser, key = world.api(user), world.api(user), world.browser(user), Key()
        made = register(client, key)
        assert made.status_code == 201, made.text
        assert client.get("/me/second-factor").json()["passkeys"] is True
        problem(other.get("/me"), 401, "token-invalid")
        assert browser.get("/home").status_code == 303, "let in by the password alone"
        problem(world.api().post("/tokens", json={"email": user.email, "password": PASSWORD}), 401, "passkey-needed")
        entered = enter(world.api(), key)
        assert entered.status_code == 201, entered.text
        mine = world.api(token=entered.json()["token"])
        assert mine.get("/me").json()["email"] == user.email
        [listed] = mine.get("/me/passkeys").json()
        assert listed["name"] == "Blue key"
        assert listed["last_used_at"]
        assert mine.delete(f"/me/passkeys/{listed['id']}").status_code == 204
        problem(mine.delete(f"/me/passkeys/{listed['id']}"), 404, "passkey-unknown")
        problem(enter(world.api(), key), 401, "passkey-refused")
        assert acts(world) == ["passkey.added", "passkey.removed"]

    def test_several_and_none_twice(self, world: World) -> None:
        client, key = world.api(world.create_user()), Key()
        assert register(client, key).status_code == 201
        problem(register(client, key), 409, "passkey-there")
        assert register(client, Key(), "Phone").status_code == 201
        asked = client.post("/me/passkeys/challenge").json()["options"]
        assert len(asked["excludeCredentials"]) == 2
        assert asked["authenticatorSelection"]["userVerification"] == "required"
        assert asked["authenticatorSelection"]["residentKey"] == "required"
        problem(register(world.api(world.create_user()), key), 409, "passkey-there")

    def test_an_app_is_a_second_factor_already(self, world: World) -> None:
        someone = armed(world, world.create_user())
        client, other = world.api(someone.user), world.api(someone.user)
        assert register(client, Key()).status_code == 201
        assert other.get("/me").status_code == 200
        assert someone.ask(world, someone.code()).status_code == 201, "the app still lets in"

    def test_too_many(self, world: World) -> None:
        user = world.create_user()
        for number in range(20):
            world.add(
                Passkey(
                    user_id=user.id,
                    credential=f"key{number}",
                    public_key="",
                    sign_count=0,
                    name="key",
                    synchronised=False,
                    created_at=datetime.now(UTC),
                )
            )
        problem(world.api(user).post("/me/passkeys/challenge"), 409, "too-many-passkeys")

    def test_stale_sign_in(self, world: World) -> None:
        user = world.create_user()
        client = world.api(token=world.token(user, datetime.now(UTC) - timedelta(minutes=16)))
        problem(client.post("/me/passkeys/challenge"), 401, "fresh-sign-in-needed")
        body = {"ticket": "x", "credential": {}, "name": "x"}
        problem(client.post("/me/passkeys", json=body), 401, "fresh-sign-in-needed")

    def test_challenge_of_another_session(self, world: World) -> None:
        user = world.create_user()
        one, other = world.api(user), world.api(user)
        asked = one.post("/me/passkeys/challenge").json()
        body = {"ticket": asked["ticket"], "credential": Key().create(asked["options"]), "name": "key"}
        problem(other.post("/me/passkeys", json=body), 409, "challenge-over")
        assert one.post("/me/passkeys", json=body).status_code == 201
        problem(one.post("/me/passkeys", json=body), 409, "challenge-over")

    @pytest.mark.parametrize(
        "key",
        [
            Key(origin="https://elsewhere.example"),
            Key(origin="http://localhost:8000"),
            Key(flags=1),
            Key(flags=4),
            Key(cross_origin=True),
        ],
        ids=["site", "port", "unverified", "absent", "frame"],
    )
    def test_hostile(self, world: World, key: Key) -> None:
        client = world.api(world.create_user())
        problem(register(client, key), 401, "passkey-refused")
        assert client.get("/me/passkeys").json() == []

    @pytest.mark.parametrize(
        "credential",
        [
            {},
            {"id": 1, "response": 5},
            {"id": "é", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": "é"}},
            {"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "bnVsbA"}},
            {"response": {"clientDataJSON": b64(b'{"type": 1, "challenge": 2, "origin": 3}')}},
        ],
    )
    def test_nonsense(self, world: World, credential: dict[str, Any]) -> None:
        client = world.api(world.create_user())
        asked = client.post("/me/passkeys/challenge").json()
        body = {"ticket": asked["ticket"], "credential": credential, "name": "key"}
        problem(client.post("/me/passkeys", json=body), 401, "passkey-refused")


class TestSigningIn:
    def test_answered_twice(self, world: World) -> None:
        key, client = Key(counting=False), world.api()
        register(world.api(world.create_user()), key)
        asked = client.post("/tokens/passkey/challenge").json()
        body = {"ticket": asked["ticket"], "credential": key.get(asked["options"])}
        assert client.post("/tokens/passkey", json=body).status_code == 201
        problem(client.post("/tokens/passkey", json=body), 409, "challenge-over")

    def test_answered_by_several_at_the_same_moment(self, both_settings: Settings) -> None:
        with running_world(both_settings.model_copy(update={"base_url": SITE})) as world:
            key, client = Key(), world.api()
            assert register(world.api(world.create_user()), key).status_code == 201
            asked = client.post("/tokens/passkey/challenge").json()
            body = {"ticket": asked["ticket"], "credential": key.get(asked["options"])}
            with ThreadPoolExecutor(4) as crowd:
                answers = list(crowd.map(lambda _: client.post("/tokens/passkey", json=body).status_code, range(4)))
            assert sorted(answers) == [201, 409, 409, 409]

    def test_too_late(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        key = Key()
        register(world.api(world.create_user()), key)
        monkeypatch.setattr(challenges, "GOOD_FOR", timedelta(seconds=-1))
        problem(enter(world.api(), key), 409, "challenge-over")

    def test_challenge_for_something_else(self, world: World) -> None:
        key, user = Key(), world.create_user()
        client = world.api(user)
        register(client, key)
        asked = client.post("/me/proof/challenge").json()
        body = {"ticket": asked["ticket"], "credential": key.get(asked["options"])}
        problem(world.api().post("/tokens/passkey", json=body), 409, "challenge-over")

    def test_count_that_goes_backwards(self, world: World) -> None:
        key = Key(count=40)
        register(world.api(world.create_user()), key)
        assert enter(world.api(), key).status_code == 201
        key.count = 20
        problem(enter(world.api(), key), 401, "passkey-copied")
        key.count = 40  # the same once more
        problem(enter(world.api(), key), 401, "passkey-copied")
        assert enter(world.api(), key).status_code == 201, "the right one still lets in"
        assert acts(world) == ["passkey.added", "passkey.copied", "passkey.copied"]

    def test_of_an_authenticator_that_does_not_count(self, world: World) -> None:
        key = Key(counting=False)
        register(world.api(world.create_user()), key)
        assert [enter(world.api(), key).status_code for _ in range(2)] == [201, 201]

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda key: setattr(key, "origin", "https://elsewhere.example"),
            lambda key: setattr(key, "flags", 1),
            lambda key: setattr(key, "flags", 4),
            lambda key: setattr(key, "cross_origin", True),
            lambda key: setattr(key, "private", Key().private),
            lambda key: setattr(key, "identifier", b"unknown"),
            lambda key: setattr(key, "holder", uuid4().bytes),
        ],
        ids=["site", "unverified", "absent", "frame", "signature", "unknown", "somebody-else"],
    )
    def test_hostile(self, world: World, spoil: Callable[[Key], None]) -> None:
        key = Key()
        register(world.api(world.create_user()), key)
        spoil(key)
        problem(enter(world.api(), key), 401, "passkey-refused")

    def test_changed_on_its_way(self, world: World) -> None:
        key, client = Key(), world.api()
        register(world.api(world.create_user()), key)
        asked = client.post("/tokens/passkey/challenge").json()
        credential = key.get(asked["options"])
        data = bytearray(unb64(credential["response"]["authenticatorData"]))
        data[-1] += 1
        credential["response"]["authenticatorData"] = b64(bytes(data))
        body = {"ticket": asked["ticket"], "credential": credential}
        problem(client.post("/tokens/passkey", json=body), 401, "passkey-refused")

    def test_closed_account(self, world: World) -> None:
        key, user = Key(), world.create_user(Role.FACTORY)
        register(world.api(user), key)
        world.write(lambda session: accounts.disable_user(session, Act(None), user.id))
        problem(enter(world.api(), key), 401, "passkey-refused")

    def test_attempts_are_limited(self, world: World) -> None:
        key = Key()
        register(world.api(world.create_user()), key)
        key.flags = 1
        for _ in range(world.settings.sign_in_attempts):
            problem(enter(world.api(), key), 401, "passkey-refused")
        key.flags = 5
        problem(enter(world.api(), key), 429, "too-many-requests")


class TestOffice:
    def test_satisfied_by_a_passkey(self, settings: Settings) -> None:
        strict = settings.model_copy(update={"second_factor": SecondFactorRule.OFFICE})
        with running_world(strict) as world:
            client = world.api(world.create_user())
            problem(client.get("/me"), 403, "second-factor-missing")
            assert register(client, Key()).status_code == 201
            assert client.get("/me").status_code == 200

    def test_reset(self, world: World) -> None:
        office, user, key = world.api(world.create_user()), world.create_user(Role.ASSESSOR), Key()
        register(world.api(user), key)
        assert office.post(f"/people/{user.id}/second-factor/reset").status_code == 204
        problem(enter(world.api(), key), 401, "passkey-refused")
        assert world.api().post("/tokens", json={"email": user.email, "password": PASSWORD}).status_code == 201

    def test_erased_with_its_owner(self, world: World) -> None:
        office, user = world.api(world.create_user()), world.create_user(Role.FACTORY)
        register(world.api(user), Key())
        assert office.post(f"/people/{user.id}/closure").status_code == 200
        assert office.post(f"/people/{user.id}/erasure").status_code == 200
        with world.database.reading() as session:
            assert session.exec(select(Passkey)).all() == []


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("https://programme.example", True),
        ("http://localhost:8000", True),
        (ORIGIN, False),
        ("https://192.0.2.7", False),
        ("https://[2001:db8::1]", False),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_addresses(settings: Settings, address: str, *, there: bool) -> None:
    assert ceremonies.available(settings.model_copy(update={"base_url": address})) is there


def test_no_passkeys_at_such_an_address(settings: Settings) -> None:
    with running_world(settings.model_copy(update={"base_url": ORIGIN})) as world:
        client = world.api(world.create_user())
        problem(client.post("/me/passkeys/challenge"), 409, "no-passkeys-here")
        problem(world.api().post("/tokens/passkey/challenge"), 409, "no-passkeys-here")
        assert "no such one" in world.browser(world.create_user()).get("/account/passkeys").text


def test_a_token_from_a_page_is_no_fresher_than_its_session(world: World) -> None:
    user = world.create_user()
    browser = world.browser()
    earlier = datetime.now(UTC) - timedelta(minutes=10)
    browser.cookies.set("itti", world.sign_in_secret(user, earlier))
    assert browser.post("/account/tokens", data={"label": "tool", "days": "1", "whole": "1"}).status_code == 201
    with world.database.reading() as session:
        token = session.exec(select(ApiToken)).one()
    assert token.proven_at == earlier
