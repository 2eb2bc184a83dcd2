"""How often somebody may try."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from itti.http.errors import TooManyRequests
from itti.http.limits import AttemptLimit


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
