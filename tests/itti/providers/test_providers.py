"""Signing in elsewhere, against a real provider on loopback that tells the truth or lies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from joserfc.jwk import ECKey, RSAKey
from pydantic import SecretStr, ValidationError
from sqlmodel import select
from starlette.testclient import TestClient

from itti.accounts import service as accounts
from itti.accounts.sessions import cookie_name
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.providers import flow
from itti.providers.asking import Directory
from itti.providers.tables import LinkedIdentity
from itti.settings import Provider, SecondFactorRule, Settings
from tests.itti.conftest import World, running_world
from tests.itti.expect import problem
from tests.itti.factors.apps import armed
from tests.itti.providers.elsewhere import CLIENT, SECRET, Elsewhere, by_shared_secret, running, unsigned

KEY = RSAKey.generate_key(2048, {"kid": "one"})
DOOR = "/sign-in/with/else"


@pytest.fixture(scope="module")
def server() -> Iterator[Elsewhere]:
    """The provider of this module."""
    with running() as started:
        yield started


@pytest.fixture
def elsewhere(server: Elsewhere) -> Elsewhere:
    """The provider, honest again."""
    fresh = Elsewhere(server.home, server.home, key=KEY)
    server.__dict__.update(fresh.__dict__)
    return server


@pytest.fixture
def settings(settings: Settings, elsewhere: Elsewhere) -> Settings:
    """People may sign in there."""
    return settings.model_copy(update={"providers": {"else": told(elsewhere)}})


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    """The application with that provider."""
    with running_world(settings) as made:
        yield made


def told(elsewhere: Elsewhere, **more: Any) -> Provider:
    """What the settings say of the provider."""
    secret = SecretStr(SECRET)
    return Provider(name="Elsewhere", issuer=elsewhere.issuer, client_id=CLIENT, client_secret=secret, **more)


def with_provider(settings: Settings, provider: Provider, **more: Any) -> Settings:
    """Settings with another description of the provider."""
    return settings.model_copy(update={"providers": {"else": provider}, **more})


def come_back(browser: TestClient, elsewhere: Elsewhere, to: str = "/account") -> httpx2.Response:
    """Go there, sign in there, and come back."""
    there = browser.get(f"{DOOR}?to={quote(to)}")
    assert there.status_code == 303, there.text
    return browser.get(f"{DOOR}/back?{elsewhere.sign_in(there.headers['location'])}")


def known(world: World, **changes: Any) -> User:
    """Somebody whose account is linked."""
    user = world.create_user(**changes)
    world.add(LinkedIdentity(user_id=user.id, provider="else", subject="person-1", created_at=datetime.now(UTC)))
    return user


def refused(world: World, answer: httpx2.Response, status: int, words: str) -> None:
    """Nobody was let in, and the sign-in page says why."""
    assert answer.status_code == status, answer.text
    assert words in answer.text
    assert not any("itti=" in each and "doorstep" not in each for each in answer.headers.get_list("set-cookie"))
    with world.database.reading() as session:
        assert not any(row.created_at is None for row in session.exec(select(LinkedIdentity)))


class TestSigningIn:
    def test_linked(self, world: World, elsewhere: Elsewhere) -> None:
        user, browser = known(world), world.browser()
        assert f'href="{DOOR}"' in browser.get("/sign-in").text
        entered = come_back(browser, elsewhere)
        assert (entered.status_code, entered.headers["location"]) == (303, "/account")
        assert user.email in browser.get("/account").text
        assert elsewhere.asked == ["/.well-known/openid-configuration", "/token", "/keys"]

    def test_verified_address(self, world: World, elsewhere: Elsewhere) -> None:
        user = world.create_user(password=None, invited=True)
        elsewhere.claims = {"email": user.email.upper(), "email_verified": True}
        browser = world.browser()
        assert come_back(browser, elsewhere).status_code == 303
        elsewhere.claims = {}
        assert come_back(world.browser(), elsewhere).status_code == 303, "linked from now on"
        with world.database.reading() as session:
            assert session.exec(select(LinkedIdentity)).one().user_id == user.id

    @pytest.mark.parametrize("verified", [False, None, "true", 1])
    def test_unverified_address(self, world: World, elsewhere: Elsewhere, verified: object) -> None:
        elsewhere.claims = {"email": world.create_user().email, "email_verified": verified}
        refused(world, come_back(world.browser(), elsewhere), 403, "no open account here")

    def test_address_on_the_page_about_the_person(self, world: World, elsewhere: Elsewhere) -> None:
        elsewhere.page = {"email": world.create_user().email, "email_verified": True, "sub": "another"}
        refused(world, come_back(world.browser(), elsewhere), 401, "(sub)")
        del elsewhere.page["sub"]
        assert come_back(world.browser(), elsewhere).status_code == 303

    def test_nobody_gets_an_account(self, world: World, elsewhere: Elsewhere) -> None:
        elsewhere.claims = {"email": "new@b.example", "email_verified": True}
        refused(world, come_back(world.browser(), elsewhere), 403, "no open account here")
        with world.database.reading() as session:
            assert session.exec(select(User)).all() == []

    def test_closed_account(self, world: World, elsewhere: Elsewhere) -> None:
        user = known(world, role=Role.FACTORY)
        world.write(lambda session: accounts.disable_user(session, Act(None), user.id))
        refused(world, come_back(world.browser(), elsewhere), 403, "no open account here")

    def test_elsewhere_leads_nowhere(self, world: World, elsewhere: Elsewhere) -> None:
        known(world)
        assert come_back(world.browser(), elsewhere, "https://evil.example").headers["location"] == "/home"

    def test_own_second_factor(self, world: World, elsewhere: Elsewhere) -> None:
        someone, browser = armed(world, world.create_user()), world.browser()
        elsewhere.claims = {"email": someone.user.email, "email_verified": True, "amr": ["mfa"]}
        page = come_back(browser, elsewhere)
        assert page.status_code == 200
        assert 'action="/sign-in/code"' in page.text
        assert cookie_name(world.settings) not in browser.cookies

    def test_strong_enough(self, settings: Settings, elsewhere: Elsewhere) -> None:
        strong = told(elsewhere, strong=("mfa", "high"))
        rule = {"second_factor": SecondFactorRule.OFFICE}
        with running_world(with_provider(settings, strong, **rule)) as world:
            someone = known(world)
            for claims, page in (
                ({"amr": ["pwd", "mfa"]}, "/account"),
                ({"acr": "high"}, "/account"),
                ({"amr": ["pwd"]}, "/account/second-factor"),
                ({"amr": [{}]}, "/account/second-factor"),
                ({"amr": "mfa"}, "/account/second-factor"),
            ):
                elsewhere.claims, browser = claims, world.browser()
                assert come_back(browser, elsewhere).status_code == 303
                answer = browser.get("/account")
                assert (answer.headers.get("location") or "/account") == page, claims
            armed(world, someone)
            elsewhere.claims = {"amr": ["mfa"]}
            assert come_back(world.browser(), elsewhere).status_code == 303, "not asked for a second time"

    def test_set_addresses(self, settings: Settings, elsewhere: Elsewhere) -> None:
        """As of UAE PASS: no description and no ID token, but a page about the person."""
        addresses = {f"{name}_url": f"{elsewhere.issuer}/{path}" for name, path in (
            ("authorize", "in"), ("token", "token"), ("userinfo", "me"))}  # fmt: skip
        provider = told(elsewhere, **addresses, subject_claim="uuid", email_verified=True, acr_values="low")
        with running_world(with_provider(settings, provider)) as world:
            elsewhere.claims = {"uuid": "784-1", "email": world.create_user().email}
            elsewhere.token = unsigned
            there = world.browser().get(DOOR).headers["location"]
            assert "acr_values=low" in there
            assert "nonce" not in there
            assert come_back(world.browser(), elsewhere).status_code == 303
            elsewhere.claims = {}
            refused(world, come_back(world.browser(), elsewhere), 401, "cannot be believed")


class TestLies:
    @pytest.mark.parametrize(
        ("claims", "finding"),
        [
            ({"iss": "https://evil.example"}, "iss"),
            ({"aud": "another"}, "aud"),
            ({"aud": None}, "aud"),
            ({"aud": [CLIENT, "another"]}, "azp"),
            ({"azp": "another"}, "azp"),
            ({"nonce": "another"}, "nonce"),
            ({"nonce": None}, "nonce"),
            ({"exp": int(time.time()) - 121}, "exp"),
            ({"exp": None}, "exp"),
            ({"exp": "later"}, "exp"),
            ({"iat": int(time.time()) + 1000}, "iat"),
            ({"sub": None}, "sub"),
            ({"sub": "x" * 256}, "sub"),
        ],
    )
    def test_claims(self, world: World, elsewhere: Elsewhere, claims: dict[str, Any], finding: str) -> None:
        known(world)
        elsewhere.claims = claims
        refused(world, come_back(world.browser(), elsewhere), 401, f"({finding})")

    def test_clocks_may_differ(self, world: World, elsewhere: Elsewhere) -> None:
        known(world)
        for late in (-100, 100):
            elsewhere.claims = {"exp": int(time.time()) + late, "iat": int(time.time()) + late}
            assert come_back(world.browser(), elsewhere).status_code == 303

    @pytest.mark.parametrize("token", [unsigned, by_shared_secret, lambda _: "nonsense", lambda _: "a.b.c"])
    def test_tokens(self, world: World, elsewhere: Elsewhere, token: Any) -> None:
        known(world)
        elsewhere.token = token
        refused(world, come_back(world.browser(), elsewhere), 401, "(signature)")

    def test_new_keys(self, world: World, elsewhere: Elsewhere) -> None:
        known(world)
        assert come_back(world.browser(), elsewhere).status_code == 303
        elsewhere.key, elsewhere.algorithm = ECKey.generate_key("P-256", {"kid": "two"}), "ES256"
        assert come_back(world.browser(), elsewhere).status_code == 303
        assert elsewhere.asked.count("/keys") == 2
        shown, elsewhere.key = elsewhere.key, ECKey.generate_key("P-256", {"kid": "three"})
        elsewhere.published = [shown]
        refused(world, come_back(world.browser(), elsewhere), 401, "(signature)")
        assert elsewhere.asked.count("/keys") == 3, "asked for once more, and no oftener"
        elsewhere.key = ECKey.generate_key("P-256", {"kid": "two"})
        refused(world, come_back(world.browser(), elsewhere), 401, "(signature)")

    def test_replayed(self, world: World, elsewhere: Elsewhere) -> None:
        known(world)
        browser = world.browser()
        query = elsewhere.sign_in(browser.get(DOOR).headers["location"])
        assert browser.get(f"{DOOR}/back?{query}").status_code == 303
        browser.cookies.delete(cookie_name(world.settings))
        refused(world, browser.get(f"{DOOR}/back?{query}"), 409, "Begin again")

    def test_another_browser(self, world: World, elsewhere: Elsewhere) -> None:
        known(world)
        query = elsewhere.sign_in(world.browser().get(DOOR).headers["location"])
        refused(world, world.browser().get(f"{DOOR}/back?{query}"), 409, "Begin again")
        other = world.browser()
        other.get(DOOR)
        refused(world, other.get(f"{DOOR}/back?{query}"), 409, "Begin again")

    @pytest.mark.parametrize("query", ["", "code=x", "state=x", "code=x&state=x"])
    def test_out_of_nothing(self, world: World, query: str) -> None:
        browser = world.browser()
        browser.get(DOOR)
        refused(world, browser.get(f"{DOOR}/back?{query}"), 409, "Begin again")

    def test_too_late(self, world: World, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(flow, "GOOD_FOR", timedelta(seconds=-1))
        refused(world, come_back(world.browser(), elsewhere), 409, "Begin again")

    def test_answer_of_another_provider(self, world: World, elsewhere: Elsewhere) -> None:
        known(world)
        browser = world.browser()
        query = elsewhere.sign_in(browser.get(DOOR).headers["location"])
        refused(world, browser.get(f"{DOOR}/back?{query}&iss=https://evil.example"), 401, "(iss)")

    def test_cancelled(self, world: World, elsewhere: Elsewhere) -> None:
        browser = world.browser()
        state = elsewhere.sign_in(browser.get(DOOR).headers["location"]).partition("state=")[2]
        answer = browser.get(f"{DOOR}/back?error=access_denied&state={state}")
        refused(world, answer, 401, "has not signed you in")

    def test_code_of_somebody_else(self, world: World, elsewhere: Elsewhere) -> None:
        known(world)
        browser = world.browser()
        other = elsewhere.sign_in(world.browser().get(DOOR).headers["location"]).partition("&")[0]
        state = elsewhere.sign_in(browser.get(DOOR).headers["location"]).partition("&")[2]
        refused(world, browser.get(f"{DOOR}/back?{other}&{state}"), 401, "has not signed you in")


class TestDown:
    def test_description(self, world: World, elsewhere: Elsewhere) -> None:
        elsewhere.status = 500
        refused(world, world.browser().get(DOOR), 503, "cannot be reached")

    def test_in_another_name(self, world: World, elsewhere: Elsewhere) -> None:
        elsewhere.issuer += "/other"
        refused(world, world.browser().get(DOOR), 503, "cannot be reached")

    def test_midway(self, world: World, elsewhere: Elsewhere) -> None:
        browser = world.browser()
        query = elsewhere.sign_in(browser.get(DOOR).headers["location"])
        elsewhere.status = 502
        refused(world, browser.get(f"{DOOR}/back?{query}"), 503, "cannot be reached")

    def test_not_there(self, settings: Settings, elsewhere: Elsewhere) -> None:
        gone = told(elsewhere).model_copy(update={"issuer": "http://127.0.0.1:9"})
        with running_world(with_provider(settings, gone)) as world:
            answer = world.browser().get(DOOR, headers={"Accept-Language": "ar"})
            refused(world, answer, 503, "يتعذر الوصول")

    def test_unknown(self, world: World) -> None:
        assert world.browser().get("/sign-in/with/another").status_code == 404


class TestLinking:
    def go(self, browser: TestClient, elsewhere: Elsewhere) -> httpx2.Response:
        """Link, there and back."""
        page = browser.post("/account/providers/else")
        assert page.status_code == 200, page.text
        address = page.headers["refresh"].partition("url=")[2]
        return browser.get(f"{DOOR}/back?{elsewhere.sign_in(address)}")

    def test_whole_way(self, world: World, elsewhere: Elsewhere) -> None:
        user = world.create_user()
        browser = world.browser(user)
        assert "Link with" in browser.get("/account").text
        assert self.go(browser, elsewhere).headers["location"] == "/account#providers"
        assert come_back(world.browser(), elsewhere).status_code == 303
        client = world.api(user)
        [linked] = client.get("/me/identities").json()
        assert linked["provider"] == "else"
        assert linked["last_used_at"]
        assert browser.post(f"/account/identities/{linked['id']}/removal").status_code == 303
        problem(client.delete(f"/me/identities/{linked['id']}"), 404, "identity-unknown")
        refused(world, come_back(world.browser(), elsewhere), 403, "no open account here")

    def test_anonymous(self, world: World) -> None:
        assert world.browser().post("/account/providers/else").status_code == 401
        problem(world.api().get("/me/identities"), 401, "sign-in-needed")

    def test_old_session(self, world: World) -> None:
        user, browser = known(world), world.browser()
        late = datetime.now(UTC) - timedelta(hours=1)
        browser.cookies.set(cookie_name(world.settings), world.sign_in_secret(user, late))
        assert "Confirm that it is you" in browser.post("/account/providers/else").text
        client = world.api(token=world.token(user, late))
        identity = client.get("/me/identities").json()[0]["id"]
        problem(client.delete(f"/me/identities/{identity}"), 401, "fresh-sign-in-needed")
        problem(world.api(world.create_user()).delete(f"/me/identities/{identity}"), 404, "identity-unknown")

    def test_of_somebody_else(self, world: World, elsewhere: Elsewhere) -> None:
        known(world)
        answer = self.go(world.browser(world.create_user()), elsewhere)
        assert answer.status_code == 409
        assert "belongs to another account" in answer.text

    def test_somebody_else_came_back(self, world: World, elsewhere: Elsewhere) -> None:
        browser = world.browser(world.create_user())
        address = browser.post("/account/providers/else").headers["refresh"].partition("url=")[2]
        browser.cookies.set(cookie_name(world.settings), world.sign_in_secret(world.create_user()))
        assert browser.get(f"{DOOR}/back?{elsewhere.sign_in(address)}").status_code == 409
        with world.database.reading() as session:
            assert session.exec(select(LinkedIdentity)).all() == []

    def test_last_way_in(self, world: World) -> None:
        client = world.api(known(world, password=None, invited=True))
        identity = client.get("/me/identities").json()[0]["id"]
        problem(client.delete(f"/me/identities/{identity}"), 409, "last-way-in")


def test_secrets_leave_for_https_alone(elsewhere: Elsewhere) -> None:
    for issuer in ("http://provider.example", "ftp://provider.example", "https://provider.example/?a=b"):
        with pytest.raises(ValidationError):
            told(elsewhere).model_validate({**told(elsewhere).model_dump(), "issuer": issuer})
    with pytest.raises(ValidationError):
        told(elsewhere, authorize_url="https://provider.example/in")


def test_description_is_asked_for_once(elsewhere: Elsewhere) -> None:
    directory = Directory()
    for _ in range(3):
        directory.addresses(told(elsewhere))
    assert elsewhere.asked == ["/.well-known/openid-configuration"]
