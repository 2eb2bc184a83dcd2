"""People learn by letter of what changes who gets in as them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session, col, select

from itti.accounts import service as accounts
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.mail.letters import Sender, written
from itti.mail.tables import OutgoingMail
from itti.providers import service as providers
from itti.providers.claims import Vouched
from itti.settings import Settings
from tests.itti.conftest import PASSWORD, World, running_world
from tests.itti.factors.apps import armed
from tests.itti.passkeys.keys import ORIGIN, Key, register
from tests.itti.providers.elsewhere import Elsewhere
from tests.itti.providers.test_providers import told

SENDER = Sender("office@programme.example", {"en": "Programme", "ar": "البرنامج"}, "https://itti.example")


def letters(world: World) -> list[OutgoingMail]:
    """What waits in the outbox, the oldest first."""
    with world.database.reading() as session:
        return list(session.exec(select(OutgoingMail).order_by(col(OutgoingMail.created_at))))


def names(world: World) -> list[str]:
    """Their names."""
    return [row.letter for row in letters(world)]


def test_password(world: World) -> None:
    user = world.create_user(Role.FACTORY)
    world.api(user).post("/me/password", json={"current": "not the password", "new": "another password for tests"})
    assert names(world) == []
    world.api(user).post("/me/password", json={"current": PASSWORD, "new": "another password for tests"})
    assert names(world) == ["password-changed"]
    world.api(world.create_user()).post(f"/people/{user.id}/password")
    assert names(world) == ["password-changed"] * 2
    assert {row.address for row in letters(world)} == {user.email}


def test_a_first_password_changes_none(world: World) -> None:
    user = world.create_user(password=None, invited=True)

    def choose(session: Session) -> None:
        accounts.set_password(session, Act(None), world.settings, session.get_one(User, user.id), "one of my own")

    world.write(choose)
    assert names(world) == []


def test_second_factor(world: World) -> None:
    someone, office = armed(world, world.create_user(Role.FACTORY)), world.create_user()
    assert names(world) == ["app-added"]
    assert world.api(office).post(f"/people/{someone.user.id}/second-factor/reset").status_code == 204
    assert names(world) == ["app-added", "second-factor-removed"]


def test_passkey_in_both_languages(settings: Settings) -> None:
    with running_world(settings.model_copy(update={"base_url": ORIGIN})) as world:
        for language, said in (("en", "was added to your account"), ("ar", "أُضيف مفتاح المرور")):
            user = world.create_user(language=language)
            client = world.api(user)
            assert register(client, Key(), "Blue\nkey").status_code == 422
            made = register(client, Key(), "Blue key")
            client.delete(f"/me/passkeys/{made.json()['id']}")
            first, second = [row for row in letters(world) if row.address == user.email]
            assert [first.letter, second.letter] == ["passkey-added", "passkey-removed"]
            body = written(first, SENDER, "/account").get_body(("plain",))
            assert body is not None
            text = body.get_content()
            assert said in text
            assert "Blue key" in text
            assert "https://itti.example/account" in text


def test_sign_in_elsewhere(world: World) -> None:
    user, provider = world.create_user(), told(Elsewhere(issuer="https://elsewhere.example"))

    def link(session: Session) -> None:
        moment = Act(None, datetime.now(UTC))
        providers.welcome(session, moment, Vouched("else", "1", user.email, strong=False), provider)
        act = moment.by(session.get_one(User, user.id))
        providers.unlink(session, act, world.settings, providers.own(session, act)[0].id)

    world.write(link)
    assert names(world) == ["identity-linked", "identity-unlinked"]


def test_demonstrations_get_none(world: World) -> None:
    user = world.create_user(Role.FACTORY, demonstration=True)
    world.api(user).post("/me/password", json={"current": PASSWORD, "new": "another password for tests"})
    assert names(world) == []
