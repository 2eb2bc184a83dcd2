"""What the programme office does with the accounts of others, over HTTP and on pages."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from itti.accounts.tables import Role, User
from itti.audit.tables import Event
from tests.itti.conftest import PASSWORD, World
from tests.itti.expect import problem

DOORS = ("password", "closure")


def lets_in(world: World, user: User, password: str) -> bool:
    """Whether the person gets a token for that password."""
    return world.api().post("/tokens", json={"email": user.email, "password": password}).status_code == 201


def base_of(user: User) -> str:
    """Where the forms about the account of an assessor or of somebody of a factory lie."""
    if user.role is Role.ASSESSOR:
        return f"/assessors/{user.id}"
    return f"/factories/{user.factory_id}/people/{user.id}"


def page_of(user: User) -> str:
    """The page that holds these forms."""
    return base_of(user).partition("/people/")[0]


class TestOverHttp:
    @pytest.mark.parametrize("door", DOORS)
    def test_anonymous(self, world: World, door: str) -> None:
        problem(world.api().post(f"/people/{uuid4()}/{door}"), 401, "sign-in-needed")

    @pytest.mark.parametrize("role", [Role.ASSESSOR, Role.FACTORY])
    @pytest.mark.parametrize("door", DOORS)
    def test_wrong_role(self, world: World, role: Role, door: str) -> None:
        other = world.create_user(role)
        problem(world.api(world.create_user(role)).post(f"/people/{other.id}/{door}"), 403, "wrong-role")
        assert lets_in(world, other, PASSWORD)

    @pytest.mark.parametrize("door", DOORS)
    def test_not_existing(self, world: World, door: str) -> None:
        nobody = uuid4()
        answer = world.api(world.create_user()).post(f"/people/{nobody}/{door}")
        assert str(nobody) in problem(answer, 404, "user-unknown")["detail"]

    def test_password(self, both_worlds: World) -> None:
        world = both_worlds
        office, user = world.create_user(), world.create_user(Role.FACTORY)
        theirs, browser = world.api(user), world.browser(user)
        answer = world.api(office).post(f"/people/{user.id}/password")
        assert answer.status_code == 200, answer.text
        assert lets_in(world, user, answer.json()["password"])
        assert not lets_in(world, user, PASSWORD)
        problem(theirs.get("/me"), 401, "token-invalid")
        assert browser.get("/home").status_code == 303, "the session has ended"

    def test_password_is_on_record_without_itself(self, world: World) -> None:
        office, user = world.create_user(), world.create_user(Role.ASSESSOR)
        password = world.api(office).post(f"/people/{user.id}/password").json()["password"]
        with world.database.reading() as session:
            event = session.exec(select(Event).where(Event.action == "user.password-changed")).one()
            assert (event.actor_id, event.subject_id) == (office.id, str(user.id))
            assert password not in event.model_dump_json()

    def test_own_password(self, world: World) -> None:
        """A browser left open must not be enough to take an account over."""
        office = world.create_user()
        problem(world.api(office).post(f"/people/{office.id}/password"), 403, "own-password")
        assert lets_in(world, office, PASSWORD)

    def test_closure(self, both_worlds: World) -> None:
        world = both_worlds
        office, user = world.api(world.create_user()), world.create_user(Role.ASSESSOR)
        theirs, browser = world.api(user), world.browser(user)
        answer = office.post(f"/people/{user.id}/closure")
        assert answer.status_code == 200, answer.text
        assert answer.json()["id"] == str(user.id)
        assert answer.json()["disabled_at"]
        assert not lets_in(world, user, PASSWORD)
        problem(theirs.get("/me"), 401, "token-invalid")
        assert browser.get("/home").status_code == 303, "the session has ended"

    def test_closed_before(self, world: World) -> None:
        office, user = world.api(world.create_user()), world.create_user(Role.ASSESSOR)
        office.post(f"/people/{user.id}/closure")
        problem(office.post(f"/people/{user.id}/closure"), 409, "user-disabled")
        problem(office.post(f"/people/{user.id}/password"), 409, "account-closed")

    def test_last_of_the_office(self, world: World) -> None:
        office = world.create_user()
        problem(world.api(office).post(f"/people/{office.id}/closure"), 409, "last-programme-user")
        assert lets_in(world, office, PASSWORD)


class TestPages:
    @pytest.fixture(params=[Role.ASSESSOR, Role.FACTORY])
    def user(self, request: pytest.FixtureRequest, world: World) -> User:
        return world.create_user(request.param)

    @pytest.fixture
    def office(self, world: World) -> TestClient:
        return world.browser(world.create_user())

    @pytest.mark.parametrize("door", DOORS)
    def test_anonymous(self, world: World, user: User, door: str) -> None:
        assert world.browser().post(f"{base_of(user)}/{door}").status_code == 401
        assert lets_in(world, user, PASSWORD)

    @pytest.mark.parametrize("door", DOORS)
    def test_wrong_role(self, world: World, user: User, door: str) -> None:
        """Neither the person nor a colleague."""
        colleague = world.create_user(user.role)
        for one in (user, colleague):
            assert world.browser(one).post(f"{base_of(user)}/{door}").status_code == 403
        assert lets_in(world, user, PASSWORD)

    @pytest.mark.parametrize("door", DOORS)
    def test_not_existing(self, office: TestClient, user: User, door: str) -> None:
        address = base_of(user).replace(str(user.id), str(uuid4()))
        assert office.post(f"{address}/{door}").status_code == 404

    @pytest.mark.parametrize("door", DOORS)
    def test_of_another_factory(self, world: World, office: TestClient, door: str) -> None:
        """An address that names the wrong factory leads to nobody."""
        user, other = world.create_user(Role.FACTORY), world.create_factory()
        assert office.post(f"/factories/{other.id}/people/{user.id}/{door}").status_code == 404
        assert lets_in(world, user, PASSWORD)

    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_password(self, world: World, office: TestClient, user: User, language: str) -> None:
        office.get(f"/language/{language}")
        assert f'action="{base_of(user)}/password"' in office.get(page_of(user)).text
        answer = office.post(f"{base_of(user)}/password")
        assert answer.status_code == 200
        shown = re.search(r'<p class="token"><code dir="ltr">([^<]+)</code>', answer.text)
        assert shown is not None
        assert lets_in(world, user, shown[1])
        assert not lets_in(world, user, PASSWORD)
        assert shown[1] not in office.get(page_of(user)).text, "it is shown once"

    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_closure(self, world: World, office: TestClient, user: User, language: str) -> None:
        office.get(f"/language/{language}")
        assert f'action="{base_of(user)}/closure"' in office.get(page_of(user)).text
        answer = office.post(f"{base_of(user)}/closure")
        assert answer.status_code == 303
        assert answer.headers["location"] == page_of(user)
        assert not lets_in(world, user, PASSWORD)
        page = office.get(page_of(user)).text
        assert {"en": "Account closed", "ar": "الحساب مغلق"}[language] in page
        for door in DOORS:
            assert f'action="{base_of(user)}/{door}"' not in page
            assert office.post(f"{base_of(user)}/{door}").status_code == 409

    def test_people_of_the_factory_are_offered_nothing(self, world: World) -> None:
        user = world.create_user(Role.FACTORY)
        page = world.browser(user).get(page_of(user))
        assert page.status_code == 200
        assert user.email in page.text
        assert "/closure" not in page.text

    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_an_opened_account(self, world: World, office: TestClient, language: str) -> None:
        """Whose password it is stands beside it, and no link of the page but the way on looks harmless and is not."""
        office.get(f"/language/{language}")
        body, factory = world.create_body(), world.create_factory()
        given = {"name": "Huda Saleh", "name_ar": "هدى صالح"}
        doors = {
            "/assessors/new": {**given, "body_id": str(body.id), "email": "huda@example.org"},
            f"/factories/{factory.id}/people": {**given, "email": "plant@example.org"},
        }
        for door, form in doors.items():
            answer = office.post(door, data=form)
            assert answer.status_code == 201, answer.text
            content = answer.text.partition("<main")[2]
            assert {"en": "The account was opened.", "ar": "تم فتح الحساب."}[language] in content
            box = content.partition("<dl")[2].partition("</dl>")[0]
            shown = re.search(r'<p class="token"><code dir="ltr">([^<]+)</code>', box)
            assert shown is not None
            assert form["email"] in box
            assert {"en": "Huda Saleh", "ar": "هدى صالح"}[language] in box
            assert "data-copy" in box
            assert "<form" not in content, "nothing to send before the password is noted"
            assert 'href="/language/' not in answer.text, "the language link would take the only copy away"
            assert shown[1] not in str(answer.headers)
            onward = re.search(r'<a class="button primary" href="([^"]+)"', content)
            assert onward is not None
            person = office.get(onward[1])
            assert person.status_code == 200
            assert form["email"] in person.text
            assert shown[1] not in person.text
            assert 'href="/language/' in person.text
            token = world.api().post("/tokens", json={"email": form["email"], "password": shown[1]})
            assert token.status_code == 201
