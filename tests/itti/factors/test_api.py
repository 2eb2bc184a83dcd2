"""Second factors over HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlmodel import select

from itti.accounts import service as accounts
from itti.accounts.tables import Role
from itti.acts import Act
from itti.audit.tables import Event
from itti.factors.tables import RecoveryCode, SecondFactor
from itti.settings import SecondFactorRule, Settings
from tests.itti.conftest import PASSWORD, World, running_world
from tests.itti.expect import problem
from tests.itti.factors.apps import armed, shown

OWN = "/me/second-factor"


@pytest.fixture
def strict(settings: Settings) -> Iterator[World]:
    """A programme that asks its office for second factors."""
    with running_world(settings.model_copy(update={"second_factor": SecondFactorRule.OFFICE})) as world:
        yield world


def acts(world: World) -> list[str]:
    """What is in the record about second factors, in order."""
    with world.database.reading() as session:
        found = session.exec(select(Event.action).order_by(Event.at)).all()  # type: ignore[arg-type]
    return [action for action in found if action.startswith("second-factor.")]


class TestSettingUp:
    def test_anonymous(self, world: World) -> None:
        problem(world.api().get(OWN), 401, "sign-in-needed")
        for door in ("", "/confirmation", "/recovery-codes", "/removal"):
            problem(world.api().post(OWN + door, json={"code": "123456"}), 401, "sign-in-needed")

    def test_whole_way(self, both_worlds: World) -> None:
        world = both_worlds
        user = world.create_user(Role.FACTORY)
        client, other, browser = world.api(user), world.api(user), world.browser(user)
        assert client.get(OWN).json() == {
            "since": None,
            "codes_left": 0,
            "required": False,
            "passkeys": False,
        }
        begun = client.post(OWN, json={"password": PASSWORD})
        assert begun.status_code == 201, begun.text
        secret = begun.json()["secret"]
        assert begun.json()["address"].startswith("otpauth://totp/")
        assert f"secret={secret}" in begun.json()["address"]
        assert world.api().post("/tokens", json={"email": user.email, "password": PASSWORD}).status_code == 201
        done = client.post(f"{OWN}/confirmation", json={"code": shown(secret, time.time())})
        assert done.status_code == 200, done.text
        assert len(set(done.json()["recovery_codes"])) == 10
        standing = client.get(OWN).json()
        assert standing["since"]
        assert standing["codes_left"] == 10
        problem(other.get("/me"), 401, "token-invalid")
        assert browser.get("/home").headers["location"].startswith("/sign-in"), "let in by the password alone"
        problem(world.api().post("/tokens", json={"email": user.email, "password": PASSWORD}), 401, "code-needed")
        assert acts(world) == ["second-factor.set-up"]

    def test_secrets_are_not_stored(self, world: World) -> None:
        someone = armed(world, world.create_user())
        with world.database.reading() as session:
            stored = session.exec(select(SecondFactor)).one().model_dump_json()
            stored += "".join(code.model_dump_json() for code in session.exec(select(RecoveryCode)))
        assert someone.secret not in stored
        assert not any(code in stored for code in someone.recovery_codes)

    def test_wrong_password(self, world: World) -> None:
        """A browser left open must not be enough to shut the owner out."""
        client = world.api(world.create_user())
        problem(client.post(OWN, json={"password": "not the password"}), 401, "wrong-credentials")
        problem(client.post(f"{OWN}/confirmation", json={"code": "123456"}), 409, "set-up-over")

    def test_wrong_first_code(self, world: World) -> None:
        client = world.api(world.create_user())
        secret = client.post(OWN, json={"password": PASSWORD}).json()["secret"]
        problem(client.post(f"{OWN}/confirmation", json={"code": shown(secret, time.time() - 300)}), 401, "wrong-code")
        assert client.get(OWN).json()["since"] is None

    def test_begun_too_long_ago(self, world: World) -> None:
        client = world.api(world.create_user())
        secret = client.post(OWN, json={"password": PASSWORD}).json()["secret"]
        with world.database.writing() as session:
            begun = session.exec(select(SecondFactor)).one()
            begun.begun_at = begun.begun_at.replace(year=2025)
        answer = client.post(f"{OWN}/confirmation", json={"code": shown(secret, time.time())})
        problem(answer, 409, "set-up-over")

    def test_a_second_one(self, world: World) -> None:
        someone = armed(world, world.create_user())
        problem(world.api(someone.user).post(OWN, json={"password": PASSWORD}), 409, "second-factor-there")
        assert someone.ask(world, someone.code()).status_code == 201


class TestSigningIn:
    def test_code(self, world: World) -> None:
        someone = armed(world, world.create_user())
        problem(someone.ask(world, None), 401, "code-needed")
        problem(someone.ask(world, "  "), 401, "code-needed")
        problem(someone.ask(world, someone.code(), "not the password"), 401, "wrong-credentials")
        assert someone.ask(world, someone.code()).status_code == 201

    def test_replayed(self, both_worlds: World) -> None:
        someone = armed(both_worlds, both_worlds.create_user())
        code = someone.code()
        assert someone.ask(both_worlds, code).status_code == 201
        problem(someone.ask(both_worlds, code), 401, "wrong-code")

    def test_at_the_same_moment(self, both_worlds: World) -> None:
        someone = armed(both_worlds, both_worlds.create_user())
        code = someone.code()
        with ThreadPoolExecutor(4) as crowd:
            answers = list(crowd.map(lambda _: someone.ask(both_worlds, code).status_code, range(4)))
        assert sorted(answers) == [201, 401, 401, 401]

    def test_stale(self, world: World) -> None:
        someone = armed(world, world.create_user())
        problem(someone.ask(world, someone.code(-4)), 401, "wrong-code")
        problem(someone.ask(world, someone.code(4)), 401, "wrong-code")

    def test_recovery_code_works_once(self, both_worlds: World) -> None:
        someone = armed(both_worlds, both_worlds.create_user())
        code = someone.recovery_codes[3]
        answer = someone.ask(both_worlds, code.upper().replace("-", " "))
        assert answer.status_code == 201
        problem(someone.ask(both_worlds, code), 401, "wrong-code")
        assert both_worlds.api(token=answer.json()["token"]).get(OWN).json()["codes_left"] == 9
        assert acts(both_worlds) == ["second-factor.set-up", "second-factor.recovery-code-used"]

    def test_recovery_code_of_somebody_else(self, world: World) -> None:
        one, other = armed(world, world.create_user()), armed(world, world.create_user())
        problem(one.ask(world, other.recovery_codes[0]), 401, "wrong-code")

    def test_attempts_are_limited_and_a_known_password_forgives_none(self, world: World) -> None:
        someone = armed(world, world.create_user())
        for attempt in range(world.settings.sign_in_attempts):
            code = None if attempt % 2 else someone.code(-9)
            problem(someone.ask(world, code), 401, "code-needed" if attempt % 2 else "wrong-code")
        problem(someone.ask(world, someone.code()), 429, "too-many-requests")

    def test_under_another_secret(self, settings: Settings) -> None:
        with running_world(settings) as world:
            someone = armed(world, world.create_user())
        other = settings.model_copy(update={"secret": type(settings.secret)("another secret for tests alone")})
        with running_world(other) as world:
            problem(someone.ask(world, someone.code()), 401, "wrong-code")
            world.api(world.create_user()).post(f"/people/{someone.user.id}/second-factor/reset")
            assert someone.ask(world, None).status_code == 201


class TestOwn:
    def test_renewed_codes(self, world: World) -> None:
        someone = armed(world, world.create_user())
        client = world.api(someone.user)
        problem(client.post(f"{OWN}/recovery-codes", json={"code": someone.code(-9)}), 401, "wrong-code")
        problem(client.post(f"{OWN}/recovery-codes", json={"code": " "}), 401, "wrong-code")
        renewed = client.post(f"{OWN}/recovery-codes", json={"code": someone.code()})
        assert renewed.status_code == 200
        problem(someone.ask(world, someone.recovery_codes[0]), 401, "wrong-code")
        assert someone.ask(world, renewed.json()["recovery_codes"][0]).status_code == 201

    def test_removed(self, world: World) -> None:
        someone = armed(world, world.create_user())
        client = world.api(someone.user)
        problem(client.post(f"{OWN}/removal", json={"code": "no code"}), 401, "wrong-code")
        assert client.post(f"{OWN}/removal", json={"code": someone.recovery_codes[0]}).status_code == 204
        assert someone.ask(world, None).status_code == 201
        problem(client.post(f"{OWN}/removal", json={"code": someone.code()}), 409, "no-second-factor")
        assert acts(world)[-1] == "second-factor.removed"


class TestReset:
    def test_by_the_office(self, both_worlds: World) -> None:
        world = both_worlds
        office, someone = world.api(world.create_user()), armed(world, world.create_user(Role.ASSESSOR))
        theirs = world.api(someone.user)
        path = f"/people/{someone.user.id}/second-factor/reset"
        assert office.post(path).status_code == 204
        problem(theirs.get("/me"), 401, "token-invalid")
        assert someone.ask(world, None).status_code == 201
        problem(office.post(path), 409, "no-second-factor")
        problem(office.post(f"/people/{uuid4()}/second-factor/reset"), 404, "user-unknown")
        assert acts(world) == ["second-factor.set-up", "second-factor.reset"]

    def test_by_others(self, world: World) -> None:
        someone = armed(world, world.create_user())
        path = f"/people/{someone.user.id}/second-factor/reset"
        problem(world.api().post(path), 401, "sign-in-needed")
        for role in (Role.ASSESSOR, Role.FACTORY):
            problem(world.api(world.create_user(role)).post(path), 403, "wrong-role")
        problem(world.api(someone.user).post(path), 403, "own-second-factor")
        problem(someone.ask(world, None), 401, "code-needed")


class TestAskedOfTheOffice:
    def test_nothing_else_is_open(self, strict: World) -> None:
        user = strict.create_user()
        client = strict.api(user)
        for path in ("/me", "/factories", "/tokens", "/notices"):
            problem(client.get(path), 403, "second-factor-missing")
        problem(client.post("/me/password", json={"current": PASSWORD, "new": "another"}), 403, "second-factor-missing")
        assert client.get(OWN).json()["required"] is True
        secret = client.post(OWN, json={"password": PASSWORD}).json()["secret"]
        problem(client.get("/me"), 403, "second-factor-missing")
        assert client.post(f"{OWN}/confirmation", json={"code": shown(secret, time.time())}).status_code == 200
        assert client.get("/me").status_code == 200

    def test_the_way_out_is(self, strict: World) -> None:
        client = strict.api(strict.create_user())
        assert client.delete("/tokens/current").status_code == 204
        problem(client.get(OWN), 401, "token-invalid")

    def test_removed_again(self, strict: World) -> None:
        someone = armed(strict, strict.create_user())
        client = strict.api(someone.user)
        assert client.get("/me").status_code == 200
        assert client.post(f"{OWN}/removal", json={"code": someone.code()}).status_code == 204
        problem(client.get("/me"), 403, "second-factor-missing")

    @pytest.mark.parametrize("role", [Role.ASSESSOR, Role.FACTORY])
    def test_not_of_others(self, strict: World, role: Role) -> None:
        assert strict.api(strict.create_user(role)).get("/me").status_code == 200

    def test_closed_accounts_stay_out(self, strict: World) -> None:
        someone = armed(strict, strict.create_user(Role.FACTORY))
        strict.write(lambda session: accounts.disable_user(session, Act(None), someone.user.id))
        problem(someone.ask(strict, someone.code()), 401, "wrong-credentials")
