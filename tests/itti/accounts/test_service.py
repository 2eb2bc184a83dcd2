"""Rules of accounts that no door shows, and passwords."""

from __future__ import annotations

import pytest

from itti.accounts import passwords, service
from itti.accounts.errors import LastProgrammeUser, UserDisabled, UserUnknown, WrongRole
from itti.accounts.tables import Role
from itti.acts import Act
from itti.http.errors import Taken
from itti.settings import PasswordCost
from tests.itti.conftest import World


class TestCreateUser:
    def test_address_taken_in_other_case(self, world: World) -> None:
        world.create_user(email="one@example.org")
        with pytest.raises(Taken, match=r"one@example\.org"):
            world.create_user(email="ONE@example.org")

    def test_made_up_password(self, world: World) -> None:
        new = service.NewUser(email="a@example.org", name="A", role=Role.PROGRAMME)
        opened = world.write(lambda session: service.create_user(session, Act(None), world.settings, new))
        assert opened.initial_password is not None
        with world.database.reading() as session:
            found = service.authenticate(session, world.settings, "a@example.org", opened.initial_password)
        assert found is not None


class TestDisableUser:
    def test_not_existing(self, world: World) -> None:
        user = world.create_user()
        with pytest.raises(UserUnknown):
            world.write(lambda session: service.disable_user(session, Act(user), Act(user).actor.id.__class__(int=1)))  # type: ignore[union-attr]

    @pytest.mark.parametrize("role", [Role.ASSESSOR, Role.FACTORY])
    def test_wrong_role(self, world: World, role: Role) -> None:
        user = world.create_user(role)
        with pytest.raises(WrongRole):
            world.write(lambda session: service.disable_user(session, Act(user), user.id))

    def test_twice(self, world: World) -> None:
        user = world.create_user(Role.FACTORY)
        world.write(lambda session: service.disable_user(session, Act(None), user.id))
        with pytest.raises(UserDisabled):
            world.write(lambda session: service.disable_user(session, Act(None), user.id))

    def test_last_of_the_programme_office(self, world: World) -> None:
        one, two = world.create_user(), world.create_user()
        world.write(lambda session: service.disable_user(session, Act(one), two.id))
        with pytest.raises(LastProgrammeUser):
            world.write(lambda session: service.disable_user(session, Act(one), one.id))


class TestPasswords:
    def test_full_cost_follows_rfc_9106(self) -> None:
        stored = passwords.hashed("a password", PasswordCost.FULL)
        assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert passwords.matches("a password", stored, PasswordCost.FULL)
        assert not passwords.matches("another", stored, PasswordCost.FULL)
        assert not passwords.is_outdated(stored, PasswordCost.FULL)

    def test_unknown_account_never_matches(self) -> None:
        assert not passwords.matches("a password", None, PasswordCost.CHEAP)

    def test_damaged_hash_never_matches(self) -> None:
        assert not passwords.matches("a password", "not a hash", PasswordCost.CHEAP)

    def test_made_up_ones_differ(self) -> None:
        assert len({passwords.made_up() for _ in range(100)}) == 100
