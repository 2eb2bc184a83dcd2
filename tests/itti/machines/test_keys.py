"""Machines that sign instead of sending a secret: once, for us, with keys that were entered or lie at an address."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from uuid import uuid4

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from sqlmodel import select

from itti.acts import now
from itti.audit.tables import Event
from itti.http.limits import AttemptLimit
from itti.machines import assertions, keeping, keys
from itti.machines.errors import GrantRefused
from itti.machines.tables import Machine, MachineAssertion
from tests.itti.conftest import ORIGIN, World
from tests.itti.expect import pointers, problem
from tests.itti.machines.test_machines import ask, refused, register

AUDIENCE: Final = f"{ORIGIN}/api/v1/oauth/token"
EC: Final = ECKey.generate_key("P-256")
ED: Final = OKPKey.generate_key("Ed25519")
RSA: Final = RSAKey.generate_key(2048)


def public(key: Key, kid: str | None = None, **more: str) -> dict[str, Any]:
    return {**key.as_dict(private=False), **({} if kid is None else {"kid": kid}), **more}


def signed(machine: dict[str, Any], key: Key = EC, alg: str = "ES256", kid: str | None = None, **changes: Any) -> str:
    """An assertion; ``changes`` to its claims, None leaves one out."""
    at = now().timestamp()
    name = machine["client_id"]
    claims = {"iss": name, "sub": name, "aud": AUDIENCE, "exp": int(at) + 300, "iat": int(at), "jti": uuid4().hex}
    claims = {claim: value for claim, value in (claims | changes).items() if value is not None}
    return jwt.encode({"alg": alg} | ({} if kid is None else {"kid": kid}), claims, key, algorithms=[alg])


def send(world: World, assertion: str, path: str = "token", **more: str) -> httpx2.Response:
    form = {"client_assertion_type": assertions.KIND, "client_assertion": assertion, **more}
    grant = {"grant_type": "client_credentials"} if path == "token" else {}
    return world.api().post(f"/oauth/{path}", data=grant | form)


def keyed(world: World, *sent: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A machine that may prove itself by these keys."""
    user = world.create_assessor()
    made = register(world, user)
    answer = world.api(user).put(f"/machines/{made['client_id']}/keys", json={"jwks": {"keys": sent}} | more)
    assert answer.status_code == 200, answer.text
    return {"client_secret": made["client_secret"], "user": user, **answer.json()}


def unlimited(world: World) -> None:
    """Let a test fail to sign in as often as it wants to."""
    world.app.state.sign_in_limit = AttemptLimit(1000)


@dataclass
class Shelf:
    """Where keys lie, what lies there, and how often somebody came."""

    address: str = ""
    document: bytes = b"{}"
    asked: list[str] = field(default_factory=list)

    def put(self, *found: dict[str, Any]) -> None:
        self.document = json.dumps({"keys": found}).encode()


@contextmanager
def shelf() -> Iterator[Shelf]:
    """A server on loopback for as long as the block lasts."""
    told = Shelf()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(told.document)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        told.address = f"http://127.0.0.1:{server.server_port}/jwks.json"
        yield told
        server.shutdown()


class TestSigning:
    def test_each_kind_of_key_once(self, both_worlds: World) -> None:
        machine = keyed(both_worlds, public(EC, "ec"), public(ED, "ed", use="sig"), public(RSA, "rsa", alg="PS256"))
        assert [key["algorithms"] for key in machine["keys"]] == [["ES256"], ["Ed25519"], ["PS256"]]
        assert machine["keys"][0]["thumbprint"] == EC.thumbprint()
        for key, alg, kid in ((EC, "ES256", "ec"), (ED, "Ed25519", "ed"), (RSA, "PS256", "rsa")):
            assertion = signed(machine, key, alg, kid)
            given = send(both_worlds, assertion, scope="assessments:read")
            assert given.status_code == 200, given.text
            assert given.json()["scope"] == "assessments:read"
            assert both_worlds.api(token=given.json()["access_token"]).get("/assessments").status_code == 200
            refused(send(both_worlds, assertion), "invalid_client", 401)
        refused(send(both_worlds, signed(machine, RSA, "RS256", "rsa")), "invalid_client", 401)
        assert send(both_worlds, signed(machine, kid="ec"), "revocation", token="unknown").status_code == 200
        assert ask(both_worlds, machine).status_code == 200, "its secret is good as well"

    def test_what_does_not_hold(self, world: World) -> None:
        unlimited(world)
        machine, at = keyed(world, public(EC)), int(now().timestamp())
        other = keyed(world, public(ED))
        changes: tuple[dict[str, Any], ...] = (
            {"aud": "https://elsewhere.example/token"},
            {"aud": [AUDIENCE, "https://elsewhere.example"]},
            {"aud": None},
            {"aud": ORIGIN},
            {"iss": other["client_id"]},
            {"sub": other["client_id"]},
            {"iss": other["client_id"], "sub": other["client_id"]},
            {"sub": "nobody", "iss": "nobody"},
            {"sub": 7, "iss": 7},
            {"exp": at - 61},
            {"exp": at + 3600},
            {"exp": None},
            {"exp": True},
            {"exp": "soon"},
            {"exp": 10**400},
            {"exp": float("nan")},
            {"nbf": at + 120},
            {"iat": at + 120},
            {"jti": None},
            {"jti": ""},
            {"jti": "x" * 256},
            {"jti": 7},
        )
        for change in changes:
            refused(send(world, signed(machine, **change)), "invalid_client", 401)
        for forged in (
            signed(machine, ECKey.generate_key("P-256")),
            signed(machine, kid="unknown"),
            signed(machine, OctKey.import_key(json.dumps(public(EC))), "HS256"),
            signed(machine, ED, "Ed25519"),
            signed(machine)[:-4] + "AAAA",
            "eyJhbGciOiJub25lIn0." + signed(machine).split(".")[1] + ".",
        ):
            refused(send(world, forged), "invalid_client", 401)
        assert send(world, signed(machine, aud=[AUDIENCE], iat=None)).status_code == 200
        refused(send(world, signed(machine), client_id=other["client_id"]), "invalid_client", 401)
        with world.database.reading() as session:
            acts = [event.action for event in session.exec(select(Event))]
        assert acts.count("sign-in.refused") > len(changes)

    def test_one_way_at_a_time(self, world: World) -> None:
        unlimited(world)
        machine = keyed(world, public(EC))
        form = {"grant_type": "client_credentials", "client_assertion": signed(machine)}
        kind = {"client_assertion_type": assertions.KIND}
        client = world.api()
        refused(client.post("/oauth/token", data=form), "invalid_request")
        refused(client.post("/oauth/token", data=form | {"client_assertion_type": "x"}), "invalid_request")
        refused(client.post("/oauth/token", data={"grant_type": "client_credentials"} | kind), "invalid_request")
        secret = {"client_secret": machine["client_secret"]}
        refused(client.post("/oauth/token", data=form | kind | secret), "invalid_request")
        basic = {"Authorization": "Basic eDp5"}
        refused(client.post("/oauth/token", data=form | kind, headers=basic), "invalid_request")
        assert client.post("/oauth/token", data=form | kind).status_code == 200, "none of these has used it up"

    def test_what_was_sent_counts_even_when_nothing_was_given(self, world: World) -> None:
        machine = keyed(world, public(EC))
        assertion = signed(machine)
        refused(send(world, assertion, scope="certificates:read"), "invalid_scope")
        refused(send(world, assertion), "invalid_client", 401)

    def test_names_are_forgotten_when_they_are_of_no_use(self, world: World) -> None:
        machine = keyed(world, public(EC))
        assert send(world, signed(machine)).status_code == 200

        def age(session: Any) -> None:
            session.exec(select(MachineAssertion)).one().expires_at = now() - timedelta(seconds=1)

        world.write(age)
        assert send(world, signed(machine)).status_code == 200
        with world.database.reading() as session:
            assert len(session.exec(select(MachineAssertion)).all()) == 1

    @given(st.one_of(st.text(max_size=50), st.binary(max_size=60).map(lambda each: each.decode("latin-1"))))
    def test_nothing_odd_breaks_it(self, text: str) -> None:
        with pytest.raises(GrantRefused):
            assertions.read(text)
        with pytest.raises(GrantRefused):
            assertions.read("eyJhbGciOiJFUzI1NiJ9." + "W1tb" * 1900 + ".x")


class TestEntering:
    def test_who_and_when(self, world: World) -> None:
        user, other = world.create_assessor(), world.create_assessor()
        made = register(world, user)
        path, body = f"/machines/{made['client_id']}/keys", {"jwks": {"keys": [public(EC)]}}
        problem(world.api().put(path, json=body), 401, "sign-in-needed")
        problem(world.api(other).put(path, json=body), 404, "machine-unknown")
        stale = world.api(token=world.token(user, now() - timedelta(hours=1)))
        problem(stale.put(path, json=body), 401, "fresh-sign-in-needed")
        changed = world.api(world.create_user()).put(path, json=body | {"end_secrets": True}).json()
        assert (len(changed["keys"]), changed["secrets"]) == (1, [])
        refused(ask(world, made), "invalid_client", 401)
        assert send(world, signed(made)).status_code == 200
        assert world.api(user).put(path, json={}).json()["keys"] == []
        refused(send(world, signed(made)), "invalid_client", 401)
        world.api(user).post(f"/machines/{made['client_id']}/revocation")
        problem(world.api(user).put(path, json=body), 409, "machine-revoked")
        with world.database.reading() as session:
            told = [e.details for e in session.exec(select(Event).where(Event.action == "machine.keys-changed"))]
        assert told[0] == {"keys": [EC.thumbprint()], "host": None, "end": True}

    def test_what_is_taken(self, world: World) -> None:
        user = world.create_assessor()
        path = f"/machines/{register(world, user)['client_id']}/keys"
        client = world.api(user)
        for sent, pointer, code in (
            ({"jwks": {}}, "/jwks", "keys-unusable"),
            ({"jwks": {"keys": ["x"]}}, "/jwks", "keys-unusable"),
            ({"jwks": {"keys": [{"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}]}}, "/jwks", "keys-unusable"),
            ({"jwks": {"keys": [public(RSA) | {"n": public(RSA)["n"][:170]}]}}, "/jwks", "keys-unusable"),
            ({"jwks": {"keys": [public(EC, use="enc")]}}, "/jwks", "keys-unusable"),
            ({"jwks": {"keys": [public(EC, alg="RS256")]}}, "/jwks", "keys-unusable"),
            ({"jwks": {"keys": [EC.as_dict(private=True)]}}, "/jwks", "keys-private"),
            ({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}, public(EC)]}}, "/jwks", "keys-private"),
            ({"jwks": {"keys": [public(EC)] * 11}}, "/jwks", "keys-too-many"),
            ({"jwks_uri": "http://a.example/x"}, "/jwks_uri", "keys-address-unsafe"),
            ({"jwks_uri": "https://10.0.0.7/x"}, "/jwks_uri", "keys-address-unsafe"),
            ({"jwks_uri": "https://a.example/x", "jwks": {"keys": [public(EC)]}}, "/jwks_uri", "keys-twice"),
        ):
            assert pointers(problem(client.put(path, json=sent), 422, "invalid-input")) == {pointer: code}, sent
        mixed = {"keys": [public(EC, "a") | {"x5c": ["x"]}, {"kty": "future"}]}
        assert [key["kid"] for key in client.put(path, json={"jwks": mixed}).json()["keys"]] == ["a"]
        with world.database.reading() as session:
            assert "x5c" not in repr(session.exec(select(Machine)).one().keys)


class TestAddress:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
        """Lets time pass for what is kept of keys."""

        def pass_by(by: timedelta) -> None:
            for name in ("ANEW_AFTER", "NOT_SOONER_THAN", "GOOD_FOR"):
                monkeypatch.setattr(keeping, name, getattr(keeping, name) - by)

        return pass_by

    def test_read_when_needed_and_no_more_often(self, world: World, clock: Callable[[timedelta], None]) -> None:
        unlimited(world)
        world.app.state.settings = world.settings.model_copy(update={"webhook_private": True})
        with shelf() as lying:
            lying.put(public(EC, "one"))
            machine = keyed(world, jwks=None, jwks_uri=lying.address)
            assert (machine["keys"], machine["keys_read_at"], lying.asked) == ([], None, [])
            for _ in range(2):
                assert send(world, signed(machine, kid="one")).status_code == 200
            assert lying.asked == ["/jwks.json"]
            lying.put(public(ED, "two"))
            refused(send(world, signed(machine, ED, "Ed25519", "two")), "invalid_client", 401)
            assert len(lying.asked) == 1, "not twice in a minute, whoever asks"
            clock(timedelta(minutes=2))
            assert send(world, signed(machine, ED, "Ed25519", "two")).status_code == 200
            refused(send(world, signed(machine, kid="one")), "invalid_client", 401)
            lying.document = b'{"keys": "none"' + b" " * 70_000
            clock(timedelta(minutes=59))
            assert send(world, signed(machine, ED, "Ed25519", "two")).status_code == 200, (
                "what was read is good for a day"
            )
            clock(timedelta(hours=23))
            refused(send(world, signed(machine, ED, "Ed25519", "two")), "invalid_client", 401)
        with world.database.reading() as session:
            read = [e.details["keys"] for e in session.exec(select(Event).where(Event.action == "machine.keys-read"))]
        assert read == [[EC.thumbprint()], [ED.thumbprint()]]

    def test_nobody_inside_is_called(self, world: World) -> None:
        with shelf() as lying:
            lying.put(public(EC, "one"))
            world.app.state.settings = world.settings.model_copy(update={"webhook_private": True})
            machine = keyed(world, jwks=None, jwks_uri=lying.address)
            world.app.state.settings = world.settings
            refused(send(world, signed(machine, kid="one")), "invalid_client", 401)
            assert lying.asked == []


def test_pages(world: World) -> None:
    user = world.create_assessor()
    browser, made = world.browser(user), register(world, user)
    page = f"/machines/{made['client_id']}"
    for wrong in ("[", "7", '{"keys": []}', "[" * 5000):
        answer = browser.post(f"{page}/keys", data={"jwks": wrong})
        assert answer.status_code == 422
        assert "no usable public key" in answer.text
    pasted = json.dumps({"keys": [public(EC, "<b>2026")]})
    assert browser.post(f"{page}/keys", data={"jwks": pasted, "end_secrets": "1"}).headers["location"] == page
    shown = browser.get(page).text
    assert EC.thumbprint() in shown
    assert "<b>2026" not in shown
    assert "No valid secret" not in browser.get("/machines").text
    browser.post("/account/language", data={"language": "ar"})
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}/keys", data={"jwks_uri": "https://a.example/jwks.json"}).status_code == 303
    assert re.search(r'value="https://a\.example/jwks\.json"', browser.get(page).text)
    assert world.browser(world.create_assessor()).post(f"{page}/keys", data={}).status_code == 404


def test_the_description_names_it(world: World) -> None:
    found = world.running.get("/.well-known/oauth-authorization-server").json()
    assert "private_key_jwt" in found["token_endpoint_auth_methods_supported"]
    assert found["token_endpoint"] == AUDIENCE
    assert found["token_endpoint_auth_signing_alg_values_supported"] == list(keys.ALGORITHMS)
