"""A machine signs in and works with the client, at the real service."""

from __future__ import annotations

import pytest

from itti.client import Client, Forbidden, SignInNeeded
from tests.itti.conftest import ORIGIN, World


def test_a_machine_does_what_its_scopes_name(world: World) -> None:
    new = {"name": "Tablets", "scopes": ["assessments:read"]}
    machine = world.api(world.create_assessor()).post("/machines", json=new).json()
    name, secret = machine["client_id"], machine["client_secret"]
    client = Client.of_machine(ORIGIN, name, secret, http=world.browser())
    assert list(client.list_assessments()) == []
    with pytest.raises(Forbidden):
        list(client.list_certificates())
    with pytest.raises(SignInNeeded):
        Client.of_machine(ORIGIN, name, secret[:-1] + "x", http=world.browser())
