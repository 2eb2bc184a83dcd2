"""How often somebody may try to sign in.

Every try is counted before the password is looked at, so that tries at the same time do not slip through; a
success forgives the account's earlier failures. Addresses are only charged for failures: a whole office may
sit behind one.

The count lives in this process. With several processes each counts for itself, which multiplies the limit by
their number and no more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from itti.http.errors import TooManyRequests
from itti.http.leaving import say

WINDOW_MINUTES: Final = 15


class _Counting:
    """Has a moving window, made when the first is counted: with it begins a thread that clears what has expired."""

    def __init__(self) -> None:
        self._making = Lock()
        self._made: MovingWindowRateLimiter | None = None

    @property
    def _window(self) -> MovingWindowRateLimiter:
        with self._making:
            if self._made is None:
                self._made = MovingWindowRateLimiter(MemoryStorage())
            return self._made


class AttemptLimit(_Counting):
    """Counts tries for accounts and addresses within a moving window of 15 minutes."""

    def __init__(self, attempts: int) -> None:
        super().__init__()
        self._account = RateLimitItemPerMinute(attempts, WINDOW_MINUTES, namespace="account")
        self._address = RateLimitItemPerMinute(attempts, WINDOW_MINUTES, namespace="address")

    def begin(self, account: str, address: str) -> None:
        """Count a try for ``account``.

        Raises:
            TooManyRequests: the account or the address has used up its tries.
        """
        if not self._window.test(self._address, address):
            raise TooManyRequests(seconds=self._wait(self._address, address))
        if not self._window.hit(self._account, account):
            raise TooManyRequests(seconds=self._wait(self._account, account))

    def failed(self, address: str) -> None:
        """Charge the address for a failed try."""
        self._window.hit(self._address, address)

    def succeeded(self, account: str) -> None:
        """Forgive the account's failures."""
        self._window.clear(self._account, account)

    @contextmanager
    def attempt(self, account: str) -> Iterator[None]:
        """Count a look at the password of somebody who is signed in already; leaving without an error forgives.

        Raises:
            TooManyRequests: the account has used up its tries.
        """
        if not self._window.hit(self._account, account):
            raise TooManyRequests(seconds=self._wait(self._account, account))
        yield
        self.succeeded(account)

    def _wait(self, item: RateLimitItemPerMinute, key: str) -> int:
        return max(1, math.ceil(self._window.get_window_stats(item, key).reset_time - time.time()))


_COUNTED: Final = "counted"
"""Where a request notes that it was counted: some doors ask twice who comes."""


def count(request: Request, account: str) -> None:
    """Count a request of the API against what its account may send, where the programme sets a limit.

    Raises:
        TooManyRequests: nothing is left of it for now.
    """
    limit: Allowance | None = request.app.state.account_limit
    if limit is not None and not getattr(request.state, _COUNTED, False):
        setattr(request.state, _COUNTED, True)
        say(request, limit.take(account))


class Allowance(_Counting):
    """How often one account may ask for something costly: so many times within a moving minute.

    What is left is said in the fields ``RateLimit-Policy`` and ``RateLimit`` (draft-ietf-httpapi-ratelimit-headers).
    """

    def __init__(self, name: str, times: int) -> None:
        super().__init__()
        self._name = name
        self._times = times
        self._item = RateLimitItemPerMinute(times, 1, namespace=name)

    def take(self, account: str, refusal: type[TooManyRequests] = TooManyRequests) -> dict[str, str]:
        """Count one; returns the header fields that say what is left.

        Raises:
            TooManyRequests: nothing is left; of the kind given as ``refusal``, with the same fields.
        """
        granted = self._window.hit(self._item, account)
        ends, left = self._window.get_window_stats(self._item, account)
        wait = max(1, math.ceil(ends - time.time()))
        fields = {
            "RateLimit-Policy": f'"{self._name}";q={self._times};w=60',
            "RateLimit": f'"{self._name}";r={left};t={wait}',
        }
        if not granted:
            fault = refusal(seconds=wait)
            fault.headers |= fields
            raise fault
        return fields
