"""Invitations and recovery, over HTTP and on pages: by the link out of the letter, once, and in time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from itti.accounts import links, recovery
from itti.accounts.tables import AccountLink, Purpose, Role, User
from itti.acts import Act
from itti.audit.tables import Event
from itti.http.limits import AttemptLimit
from itti.mail.letters import LETTERS
from itti.mail.secrets import unlocked
from itti.mail.tables import OutgoingMail
from tests.itti.conftest import ORIGIN, PASSWORD, World
from tests.itti.expect import problem

NEW = "a password of my own"


@pytest.fixture
def world(world: World) -> World:
    """With a mail server set, which nothing is sent to: letters stay in the outbox."""
    return _sending(world)


@pytest.fixture
def both_worlds(both_worlds: World) -> World:
    """The same."""
    return _sending(both_worlds)


def _sending(world: World) -> World:
    sending = {"mail_host": "127.0.0.1", "mail_sender": "office@programme.example"}
    world.settings = world.app.state.settings = world.settings.model_copy(update=sending)
    return world


def letters(world: World) -> list[OutgoingMail]:
    with world.database.reading() as session:
        return list(session.exec(select(OutgoingMail).order_by(col(OutgoingMail.created_at))).all())


def link_of(world: World, letter: OutgoingMail) -> str:
    """The secret of the link in a letter."""
    assert letter.secret is not None
    path = unlocked(world.settings, letter.secret)
    assert path.startswith("/set-password?link=itti_")
    return path.partition("=")[2].partition("&")[0]


def newest_link(world: World) -> str:
    return link_of(world, letters(world)[-1])


def lets_in(world: World, email: str, password: str) -> bool:
    return world.api().post("/tokens", json={"email": email, "password": password}).status_code == 201


def choose(world: World, link: str, new: str = NEW) -> int:
    return world.api().post("/passwords", json={"link": link, "new": new}).status_code


def expire(world: World) -> None:
    change = update(AccountLink).values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    world.write(lambda session: session.exec(change))


def invited(world: World, email: str = "new@programme.example") -> User:
    """A colleague who is invited."""
    answer = world.api(world.create_user()).post("/colleagues", json={"email": email, "name": "New", "invite": True})
    assert answer.status_code == 201, answer.text
    assert answer.json()["initial_password"] is None
    assert answer.json()["invited"] is True
    with world.database.reading() as session:
        return session.get_one(User, UUID(answer.json()["id"]))


class TestInvitations:
    def test_from_the_letter_to_signing_in(self, both_worlds: World) -> None:
        world = both_worlds
        user = invited(world)
        (letter,) = letters(world)
        assert (letter.letter, letter.address, letter.recipient_id) == ("invitation", user.email, user.id)
        link = newest_link(world)
        assert not lets_in(world, user.email, ""), "no password is none to sign in with"
        stranger = world.browser()
        for _ in range(2):
            page = stranger.get("/set-password", params={"link": link})
            assert page.status_code == 200, "looking at it uses nothing up"
        assert user.email in page.text
        answer = stranger.post("/set-password", data={"link": link, "new": NEW})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert lets_in(world, user.email, NEW)
        problem(world.api().post("/passwords", json={"link": link, "new": "another one for me"}), 410, "link-over")
        assert stranger.post("/set-password", data={"link": link, "new": "another one for me"}).status_code == 410
        assert stranger.get("/set-password", params={"link": link}).status_code == 410
        assert lets_in(world, user.email, NEW)

    def test_only_hashes_are_stored(self, world: World) -> None:
        invited(world)
        link = newest_link(world)
        assert choose(world, link) == 204
        with world.database.reading() as session:
            (row,) = session.exec(select(AccountLink)).all()
            events = session.exec(select(Event)).all()
            actions = [event.action for event in events]
            assert not any(link in text for text in (row.model_dump_json(), *(e.model_dump_json() for e in events)))
        assert {"invitation.made", "invitation.used", "user.password-changed"} <= set(actions)

    @pytest.mark.parametrize("link", ["", "itti_nothing", "x" * 100])
    def test_unknown(self, world: World, link: str) -> None:
        assert world.browser().get("/set-password", params={"link": link}).status_code == 410
        assert choose(world, link or "x") == 410

    def test_expired(self, world: World) -> None:
        user = invited(world)
        expire(world)
        assert choose(world, newest_link(world)) == 410
        assert not lets_in(world, user.email, NEW)

    def test_weak_password_leaves_the_link(self, world: World) -> None:
        invited(world)
        link = newest_link(world)
        page = world.browser().post("/set-password", data={"link": link, "new": "short"})
        assert page.status_code == 422
        assert link in page.text
        assert choose(world, link) == 204

    def test_sent_again_ends_the_earlier_link(self, world: World) -> None:
        user = invited(world)
        earlier = newest_link(world)
        answer = world.api(world.create_user()).post(f"/people/{user.id}/invitation")
        assert answer.status_code == 200
        assert choose(world, earlier) == 410
        assert choose(world, newest_link(world)) == 204
        problem(world.api(world.create_user()).post(f"/people/{user.id}/invitation"), 409, "has-password")

    def test_withdrawn(self, world: World) -> None:
        user = invited(world)
        office = world.api(world.create_user())
        assert office.delete(f"/people/{user.id}/invitation").status_code == 204
        problem(office.delete(f"/people/{user.id}/invitation"), 409, "no-invitation")
        assert choose(world, newest_link(world)) == 410
        before = len(letters(world))
        assert world.api().post("/recoveries", json={"email": user.email}).status_code == 202
        assert len(letters(world)) == before, "recovery is no way around it"

    @pytest.mark.parametrize("door", ["password", "closure"])
    def test_overtaken_by_the_office(self, world: World, door: str) -> None:
        user = invited(world)
        assert world.api(world.create_user()).post(f"/people/{user.id}/{door}").status_code == 200
        assert choose(world, newest_link(world)) == 410

    def test_somebody_invited_is_not_the_last_of_the_office(self, world: World) -> None:
        office = world.create_user()
        answer = world.api(office).post("/colleagues", json={"email": "a@b.example", "name": "A", "invite": True})
        assert answer.status_code == 201
        problem(world.api(office).post(f"/people/{office.id}/closure"), 409, "last-programme-user")

    def test_with_a_password_or_invited_but_not_both(self, world: World) -> None:
        body = {"email": "a@b.example", "name": "A", "invite": True, "password": NEW}
        answer = world.api(world.create_user()).post("/colleagues", json=body)
        assert "password" in problem(answer, 422, "invalid-input")["errors"][0]["pointer"]
        assert letters(world) == []

    @pytest.mark.parametrize("role", [None, Role.ASSESSOR, Role.FACTORY])
    @pytest.mark.parametrize(("method", "path"), [("POST", "invitation"), ("DELETE", "invitation")])
    def test_for_the_office_alone(self, world: World, role: Role | None, method: str, path: str) -> None:
        user = invited(world)
        who = world.create_user(role) if role else None
        answer = world.api(who).request(method, f"/people/{user.id}/{path}")
        assert answer.status_code == (403 if role else 401)
        assert choose(world, newest_link(world)) == 204

    def test_without_a_mail_server(self, world: World) -> None:
        world.app.state.settings = world.settings.model_copy(update={"mail_host": ""})
        body = {"email": "a@b.example", "name": "A", "invite": True}
        problem(world.api(world.create_user()).post("/colleagues", json=body), 503, "links-not-sent")
        page = world.browser(world.create_user()).get("/colleagues").text
        assert 'name="invite"' not in page
        assert "a@b.example" not in page, "nothing is left behind"

    def test_on_the_pages_of_assessors_factories_and_colleagues(self, world: World) -> None:
        office, body, factory = world.create_user(), world.create_body(), world.create_factory()
        browser = world.browser(office)
        places = [
            ("/assessors/new", {"body_id": str(body.id)}, None),
            (f"/factories/{factory.id}/people", {}, f"/factories/{factory.id}"),
            ("/colleagues", {}, "/colleagues"),
        ]
        for number, (form, fields, back) in enumerate(places):
            shown = browser.get(back or form).text
            assert re.search(r'name="invite" value="true" checked', shown), form
            person = {"name": "Some One", "email": f"p{number}@b.example"}
            answer = browser.post(form, data={**fields, **person, "invite": "true"})
            assert answer.status_code == 303, answer.text
            page = answer.headers["location"]
            (again,) = re.findall(r'action="(/people/[^"]+/invitation)"', browser.get(page).text)
            assert browser.post(again).headers["location"] == page
            assert browser.post(f"{again}/withdrawal").headers["location"] == page
            assert "no invitation" in browser.get(page).text
            assert browser.post(again).status_code == 303
            assert choose(world, newest_link(world)) == 204
            assert "/invitation" not in browser.get(page).text
            without = browser.post(form, data={**fields, "name": "Other", "email": f"q{number}@b.example"})
            assert without.status_code == 201, "a first password to hand over, as before"


class TestRecovery:
    def test_from_the_page_to_signing_in(self, both_worlds: World) -> None:
        world = both_worlds
        user = world.create_user()
        theirs, tool = world.browser(user), world.api(user)
        stranger = world.browser()
        assert "/forgotten-password" in stranger.get("/sign-in").text
        assert stranger.post("/forgotten-password", data={"email": user.email.upper()}).status_code == 200
        assert world.api().post("/recoveries", json={"email": user.email}).status_code == 202
        first, second = (link_of(world, letter) for letter in letters(world))
        assert theirs.get("/home").status_code == 200, "asking changes nothing"
        assert stranger.post("/set-password", data={"link": second, "new": NEW}).status_code == 303
        assert lets_in(world, user.email, NEW)
        assert not lets_in(world, user.email, PASSWORD)
        assert theirs.get("/home").status_code == 303
        problem(tool.get("/me"), 401, "token-invalid")
        assert choose(world, first) == 410, "all links end with one"

    def test_same_answer_for_everybody(self, world: World) -> None:
        known, closed = world.create_user(), world.create_user()
        world.api(known).post(f"/people/{closed.id}/closure")
        world.app.state.recovery_limit = AttemptLimit(10)
        answers = []
        for email in (known.email, closed.email, "nobody@b.example"):
            page = world.browser().post("/forgotten-password", data={"email": email})
            answers.append((page.status_code, page.text, world.api().post("/recoveries", json={"email": email}).text))
        assert len(set(answers)) == 1
        assert {letter.address for letter in letters(world)} == {known.email}

    def test_the_answer_leaves_before_the_address_is_looked_up(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What takes time for one address and not for another happens when nobody waits for it any more."""
        order: list[str] = []
        monkeypatch.setattr(
            "itti.accounts.service.user_by_email", lambda _session, email: order.append(f"looked for {email}")
        )

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            async def told(message: Message) -> None:
                order.append(message["type"])
                await send(message)

            await world.app(scope, receive, told)

        client = TestClient(watched, base_url=f"{ORIGIN}/api/v1")
        client.portal = world.running.portal
        assert client.post("/recoveries", json={"email": "nobody@b.example"}).status_code == 202
        assert order == ["http.response.start", "http.response.body", "looked for nobody@b.example"]

    def test_expired(self, world: World) -> None:
        user = world.create_user()
        world.api().post("/recoveries", json={"email": user.email})
        with world.database.reading() as session:
            (row,) = session.exec(select(AccountLink)).all()
        assert row.expires_at - row.created_at == timedelta(hours=1)
        expire(world)
        assert choose(world, newest_link(world)) == 410
        assert lets_in(world, user.email, PASSWORD)

    def test_closed_meanwhile(self, world: World) -> None:
        office, user = world.create_user(), world.create_user()
        world.api().post("/recoveries", json={"email": user.email})
        world.api(office).post(f"/people/{user.id}/closure")
        assert choose(world, newest_link(world)) == 410

    def test_limited_for_an_address_and_by_sender(self, world: World) -> None:
        user = world.create_user()
        answers = [world.api().post("/recoveries", json={"email": user.email}) for _ in range(recovery.ATTEMPTS + 1)]
        assert [answer.status_code for answer in answers] == [202] * recovery.ATTEMPTS + [429]
        other = world.api().post("/recoveries", json={"email": "nobody@b.example"})
        problem(other, 429, "too-many-requests")
        assert int(other.headers["retry-after"]) > 0
        page = world.browser().post("/forgotten-password", data={"email": "third@b.example"})
        assert page.status_code == 429
        assert "third@b.example" in page.text
        assert len(letters(world)) == recovery.ATTEMPTS

    def test_without_a_mail_server(self, world: World) -> None:
        world.app.state.settings = world.settings.model_copy(update={"mail_host": ""})
        user = world.create_user()
        problem(world.api().post("/recoveries", json={"email": user.email}), 503, "links-not-sent")
        page = world.browser().get("/forgotten-password").text
        assert "Ask the programme office" in page
        assert 'name="email"' not in page
        assert world.browser().post("/forgotten-password", data={"email": user.email}).status_code == 303

    def test_own_language_and_own_name(self, world: World) -> None:
        user = world.create_user(language="ar", name_ar="مريم السويدي")
        world.api().post("/recoveries", json={"email": user.email})
        (letter,) = letters(world)
        assert (letter.language, letter.name) == ("ar", "مريم السويدي")
        assert letter.secret is not None
        page = world.browser().get(unlocked(world.settings, letter.secret), headers={"Accept-Language": "en"})
        assert 'dir="rtl"' in page.text

    def test_erased_with_the_person(self, world: World) -> None:
        office, user = world.create_user(), world.create_user()
        world.api().post("/recoveries", json={"email": user.email})
        world.api(office).post(f"/people/{user.id}/closure")
        assert world.api(office).post(f"/people/{user.id}/erasure").status_code == 200
        with world.database.reading() as session:
            assert session.exec(select(AccountLink)).all() == []


def test_two_at_the_same_moment(world: World) -> None:
    """The second finds the link used, although it was good when it looked."""
    user = world.create_user()
    act = Act(actor=None)
    made = world.write(lambda session: links.make(session, act, world.settings, user, Purpose.RECOVERY))
    secret = made.path.partition("=")[2]
    looked = links.opened

    def meanwhile(session: Session, act: Act, settings: object, given: str) -> tuple[User, AccountLink]:
        found = looked(session, act, world.settings, given)
        session.exec(update(AccountLink).values(ended_at=act.at).execution_options(synchronize_session=False))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "opened", meanwhile)
        assert choose(world, secret) == 410
    assert lets_in(world, user.email, PASSWORD)


def test_every_purpose_has_its_letter() -> None:
    assert {purpose.value for purpose in Purpose} <= LETTERS
