"""How often somebody may try."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from itti.http.errors import TooManyRequests
from itti.http.limits import AttemptLimit
from tests.itti.conftest import World, make_settings, running_world
from tests.itti.expect import problem


def test_account() -> None:
    limit = AttemptLimit(2)
    limit.begin("a", "1")
    limit.begin("a", "2")
    with pytest.raises(TooManyRequests):
        limit.begin("a", "3")
    limit.begin("b", "3")


def test_success_forgives_the_account_only() -> None:
    limit = AttemptLimit(2)
    for account in ("a", "b"):
        limit.begin(account, "1")
        limit.failed("1")
    limit.succeeded("a")
    with pytest.raises(TooManyRequests):
        limit.begin("a", "1")
    limit.begin("a", "2")


def test_at_the_same_time() -> None:
    limit = AttemptLimit(10)

    def attempt(_number: int) -> bool:
        try:
            limit.begin("a", "1")
        except TooManyRequests:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempt, range(200))) == 10


def test_look_by_somebody_signed_in() -> None:
    limit = AttemptLimit(1)
    with limit.attempt("a"):
        pass

    def fail() -> None:
        with limit.attempt("a"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with pytest.raises(TooManyRequests):
        fail()


def test_all_that_an_account_sends(world: World) -> None:
    """By whichever token; strangers and other accounts are not counted with it; what is left is said at every door."""
    with running_world(make_settings(world.settings.data_folder, account_requests=3)) as few:
        user = few.create_user()
        one, two, other = few.api(user), few.api(user), few.api(few.create_user())
        first = one.get("/factories")
        assert first.headers["RateLimit-Policy"] == '"account";q=3;w=60'
        assert first.headers["RateLimit"].startswith('"account";r=2;t=')
        sheet = {"family": "itti", "answers": {}}
        both = two.post("/score", json=sheet).headers["RateLimit"]
        assert both.startswith('"engine";r=59;t=')
        assert ', "account";r=1;t=' in both
        assert one.get("/factories/none").headers["RateLimit"].startswith('"account";r=0')
        refused = two.get("/factories")
        problem(refused, 429, "too-many-requests")
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert refused.headers["RateLimit"].startswith('"account";r=0')
        assert refused.headers["RateLimit"].count("account") == 1
        assert other.get("/factories").status_code == 200
        assert "RateLimit" not in few.api().get("/accredited-bodies").headers
    assert "RateLimit" not in world.api(world.create_user()).get("/factories").headers, "no limit is set"
