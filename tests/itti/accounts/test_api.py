"""Tokens and one's own account over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from itti.accounts import service
from itti.accounts.tables import ApiToken, Role
from itti.acts import Act
from itti.audit.tables import Event
from tests.itti.conftest import PASSWORD, World
from tests.itti.expect import pointers, problem


class TestCreateToken:
    def test_valid(self, world: World) -> None:
        user = world.create_user(email="office@example.org")
        answer = world.api().post(
            "/tokens", json={"email": " Office@Example.org", "password": PASSWORD, "label": "ERP"}
        )
        assert answer.status_code == 201
        issued = answer.json()
        assert issued["label"] == "ERP"
        assert issued["token"].startswith("itti_")
        left = datetime.fromisoformat(issued["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=29) < left <= timedelta(days=30)
        assert world.api(token=issued["token"]).get("/me").json()["id"] == str(user.id)

    def test_secret_is_not_stored(self, world: World) -> None:
        secret = world.token(world.create_user())
        with world.database.reading() as session:
            stored = session.exec(select(ApiToken)).one()
        assert secret not in stored.model_dump_json()

    def test_wrong_password(self, world: World) -> None:
        user = world.create_user()
        answer = world.api().post("/tokens", json={"email": user.email, "password": "not the password"})
        problem(answer, 401, "wrong-credentials")

    def test_not_existing(self, world: World) -> None:
        answer = world.api().post("/tokens", json={"email": "nobody@example.org", "password": PASSWORD})
        problem(answer, 401, "wrong-credentials")

    def test_disabled(self, world: World) -> None:
        user = world.create_user(Role.FACTORY)
        world.write(lambda session: service.disable_user(session, Act(None), user.id))
        answer = world.api().post("/tokens", json={"email": user.email, "password": PASSWORD})
        problem(answer, 401, "wrong-credentials")

    def test_invalid(self, world: World) -> None:
        answer = world.api().post("/tokens", json={"email": "no address", "label": "\x00", "more": 1})
        document = problem(answer, 422, "invalid-input")
        assert pointers(document) == {
            "/email": "not-an-email",
            "/password": "missing",
            "/label": "control-characters",
            "/more": "unknown",
        }

    def test_refusal_is_on_record(self, world: World) -> None:
        world.api().post("/tokens", json={"email": "nobody@example.org", "password": PASSWORD})
        with world.database.reading() as session:
            assert [event.action for event in session.exec(select(Event))] == ["sign-in.refused"]

    def test_too_many_for_one_account(self, world: World) -> None:
        user = world.create_user()
        body = {"email": user.email, "password": "not the password"}
        for _ in range(world.settings.sign_in_attempts):
            problem(world.api().post("/tokens", json=body), 401, "wrong-credentials")
        answer = world.api().post("/tokens", json={"email": user.email, "password": PASSWORD})
        problem(answer, 429, "too-many-requests")
        assert 0 < int(answer.headers["retry-after"]) <= 15 * 60

    def test_too_many_from_one_address(self, world: World) -> None:
        user = world.create_user()
        for number in range(world.settings.sign_in_attempts):
            world.api().post("/tokens", json={"email": f"n{number}@example.org", "password": "x"})
        answer = world.api().post("/tokens", json={"email": user.email, "password": PASSWORD})
        problem(answer, 429, "too-many-requests")

    def test_success_forgives(self, world: World) -> None:
        user = world.create_user()
        for password in ("wrong one", "wrong two", PASSWORD) * 3:
            answer = world.api().post("/tokens", json={"email": user.email, "password": password})
        assert answer.status_code == 201

    def test_outdated_hash_is_renewed(self, world: World) -> None:
        user = world.create_user()
        old = "$argon2id$v=19$m=8,t=2,p=1$"
        from argon2 import PasswordHasher

        hashed = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
        assert hashed.startswith(old)
        world.write(lambda session: setattr(service.user_by_id(session, user.id), "password_hash", hashed))
        answer = world.api().post("/tokens", json={"email": user.email, "password": PASSWORD})
        assert answer.status_code == 201
        with world.database.reading() as session:
            assert not service.user_by_id(session, user.id).password_hash.startswith(old)


class TestMe:
    def test_anonymous(self, world: World) -> None:
        answer = world.api().get("/me")
        problem(answer, 401, "sign-in-needed")
        assert answer.headers["www-authenticate"] == "Bearer"

    def test_unknown_token(self, world: World) -> None:
        answer = world.api(token="itti_made-up").get("/me")
        problem(answer, 401, "token-invalid")
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'

    def test_expired_token(self, world: World) -> None:
        user = world.create_user()
        token = world.token(user, at=datetime.now(UTC) - timedelta(days=31))
        problem(world.api(token=token).get("/me"), 401, "token-expired")

    def test_token_of_another_installation(self, world: World) -> None:
        """A row put into the database by somebody without the key lets nobody in."""
        user = world.create_user()
        other = world.settings.model_copy(update={"secret": "another secret"})
        issued = world.write(
            lambda session: service.issue_token(
                session, Act(user), type(world.settings).model_validate(other.model_dump()), "test"
            )
        )
        problem(world.api(token=issued.secret).get("/me"), 401, "token-invalid")

    def test_disabled_at_once(self, world: World) -> None:
        user = world.create_user(Role.FACTORY)
        client = world.api(user)
        assert client.get("/me").status_code == 200
        world.write(lambda session: service.disable_user(session, Act(None), user.id))
        problem(client.get("/me"), 401, "token-invalid")

    def test_cookie_does_not_count(self, world: World) -> None:
        """No cookie opens the API, so no other site can use it in somebody's name."""
        browser = world.browser(world.create_user())
        problem(browser.get("/api/v1/me"), 401, "sign-in-needed")

    def test_valid(self, world: World) -> None:
        user = world.create_user(Role.FACTORY, name_ar="مريم")
        answer = world.api(user).get("/me")
        assert answer.status_code == 200
        assert answer.json() == {
            "id": str(user.id),
            "email": user.email,
            "name": user.name,
            "name_ar": "مريم",
            "role": "factory",
            "body_id": None,
            "factory_id": str(user.factory_id),
            "language": None,
            "time_zone": None,
            "calendar": None,
            "keeps_tools": False,
            "invited": False,
            "disabled_at": None,
        }


class TestTokens:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/tokens"), ("DELETE", "/tokens/current"),
         ("DELETE", "/tokens/8f0b5f9c-2d4e-4b52-9b61-0f6f5f5a7f10"), ("POST", "/me/password")],
    )  # fmt: skip
    def test_anonymous(self, world: World, method: str, path: str) -> None:
        body = {"current": "x", "new": "long enough for anybody"} if method == "POST" else None
        problem(world.api().request(method, path, json=body), 401, "sign-in-needed")

    def test_list(self, world: World) -> None:
        user, other = world.create_user(), world.create_user()
        world.token(user, at=datetime.now(UTC) - timedelta(days=40))
        world.token(other)
        assert [token["label"] for token in world.api(user).get("/tokens").json()] == ["test"]

    def test_revoke_current(self, world: World) -> None:
        client = world.api(world.create_user())
        answer = client.delete("/tokens/current")
        assert answer.status_code == 204
        assert answer.content == b""
        problem(client.get("/me"), 401, "token-invalid")

    def test_revoke_one(self, world: World) -> None:
        user = world.create_user()
        lost = world.token(user)
        client = world.api(user)
        listed = client.get("/tokens").json()
        assert len(listed) == 2
        assert client.delete(f"/tokens/{listed[1]['id']}").status_code == 204
        problem(world.api(token=lost).get("/me"), 401, "token-invalid")
        assert client.get("/me").status_code == 200

    def test_revoke_of_somebody_else(self, world: World) -> None:
        user, other = world.create_user(), world.create_user()
        theirs = world.api(other)
        identifier = theirs.get("/tokens").json()[0]["id"]
        problem(world.api(user).delete(f"/tokens/{identifier}"), 404, "token-unknown")
        assert theirs.get("/me").status_code == 200


class TestChangePassword:
    NEW = "another long password"

    def test_valid(self, world: World) -> None:
        user = world.create_user()
        client, other = world.api(user), world.api(user)
        answer = client.post("/me/password", json={"current": PASSWORD, "new": self.NEW})
        assert answer.status_code == 204
        problem(other.get("/me"), 401, "token-invalid")
        refused = world.api().post("/tokens", json={"email": user.email, "password": PASSWORD})
        problem(refused, 401, "wrong-credentials")
        taken = world.api().post("/tokens", json={"email": user.email, "password": self.NEW})
        assert taken.status_code == 201

    def test_wrong_password(self, world: World) -> None:
        client = world.api(world.create_user())
        answer = client.post("/me/password", json={"current": "not it", "new": self.NEW})
        problem(answer, 401, "wrong-credentials")
        assert client.get("/me").status_code == 200

    def test_guessing_is_limited(self, world: World) -> None:
        client = world.api(world.create_user())
        for _ in range(world.settings.sign_in_attempts):
            client.post("/me/password", json={"current": "not it", "new": self.NEW})
        answer = client.post("/me/password", json={"current": PASSWORD, "new": self.NEW})
        problem(answer, 429, "too-many-requests")

    def test_invalid(self, world: World) -> None:
        answer = world.api(world.create_user()).post("/me/password", json={"current": PASSWORD, "new": "short"})
        assert pointers(problem(answer, 422, "invalid-input")) == {"/new": "too-short"}
