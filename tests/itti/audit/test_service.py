"""The record of acts."""

from __future__ import annotations

import pytest

from itti.accounts.tables import Role
from itti.acts import Act
from itti.audit import service
from tests.itti.conftest import World


def test_history_of_one_thing(world: World) -> None:
    user, factory = world.create_user(Role.FACTORY), world.create_factory()
    act, stranger = Act(user, request_id="request-1"), Act(None)
    world.write(lambda session: service.record(session, act, "factory.seen", "factory", factory.id, why="a test"))
    world.write(lambda session: service.record(session, stranger, "factory.seen", "factory", "another"))
    world.write(lambda session: service.record(session, stranger, "factory.left", "factory", factory.id))
    with world.database.reading() as session:
        first, second = service.history(session, "factory", factory.id)
    assert (first.action, first.actor_id, first.actor_role) == ("factory.seen", user.id, "factory")
    assert (first.details, first.request_id) == ({"why": "a test"}, "request-1")
    assert (second.action, second.actor_id, second.actor_role) == ("factory.left", None, None)


def test_what_failed_is_not_on_record(world: World) -> None:
    factory = world.create_factory()

    def fail() -> None:
        with world.database.writing() as session:
            service.record(session, Act(None), "factory.seen", "factory", factory.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with world.database.reading() as session:
        assert not service.history(session, "factory", factory.id)
