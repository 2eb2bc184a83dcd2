"""``itti database`` and ``itti user``: how a programme office gets its first account."""

from __future__ import annotations

from pathlib import Path

from tests.itti.commands.conftest import Run, Upgrade
from tests.itti.conftest import make_settings, running_world
from tests.itti.factors.apps import armed

PASSWORD = "a long enough password\n"


def test_database_before_and_after_upgrade(itti: Run) -> None:
    assert itti("database", "check", code=1).out
    assert "newest revision" in itti("database", "upgrade").out
    assert "fits this release" in itti("database", "check").out


def test_accounts(itti: Run, upgrade: Upgrade) -> None:
    upgrade()
    itti("user", "add", "Office@Programme.example", "--name", "Programme Office", given=PASSWORD)
    assert "office@programme.example" in itti("user", "list").out
    assert (
        "in use already" in itti("user", "add", "office@programme.example", "--name", "X", given=PASSWORD, code=2).err
    )
    itti("user", "add", "second@programme.example", "--name", "Second Person", given=PASSWORD)
    itti("user", "password", "second@programme.example", given="another long password\n")
    refused = itti("user", "reset-second-factor", "second@programme.example", code=2).err
    assert "second@programme.example has no second factor" in refused
    itti("user", "disable", "second@programme.example")
    assert "closed" in itti("user", "list").out


def test_a_lost_second_factor(itti: Run, upgrade: Upgrade, tmp_path: Path) -> None:
    """The only way back in for the last person of an office."""
    upgrade()
    with running_world(make_settings(tmp_path / "data")) as world:
        someone = armed(world, world.create_user())
        assert someone.ask(world, None).status_code == 401
        said = itti("user", "reset-second-factor", someone.user.email).out
        assert f"{someone.user.email} has no second factor any more" in said
        assert someone.ask(world, None).status_code == 201


def test_bad_accounts_are_refused(itti: Run, upgrade: Upgrade) -> None:
    upgrade()
    assert "No password" in itti("user", "add", "a@b.example", "--name", "A", code=2).err
    assert "password" in itti("user", "add", "a@b.example", "--name", "A", given="short\n", code=2).err
    assert "email" in itti("user", "add", "not an address", "--name", "A", given=PASSWORD, code=2).err
    itti("user", "add", "b@b.example", "--name", "B", given=PASSWORD)
    assert "password" in itti("user", "password", "b@b.example", given="short\n", code=2).err
    assert "no account" in itti("user", "password", "nobody@b.example", given=PASSWORD, code=2).err
    assert itti("user", "list").out.split()[0] == "b@b.example"


def test_before_the_upgrade_the_remedy_is_named(itti: Run) -> None:
    assert "itti database upgrade" in itti("user", "list", code=2).err


def test_invited(itti: Run, upgrade: Upgrade) -> None:
    upgrade()
    first = itti("user", "invite", "office@programme.example", "--name", "Programme Office").out
    again = itti("user", "invite", "office@programme.example", "--name", "Programme Office").out
    links = [text.rsplit("/set-password?link=itti_", 1)[1] for text in (first, again)]
    assert links[0] != links[1]
    itti("user", "password", "office@programme.example", given=PASSWORD)
    assert "needs no invitation" in itti("user", "invite", "office@programme.example", "--name", "X", code=2).err
    assert "email" in itti("user", "invite", "not an address", "--name", "A", code=2).err
