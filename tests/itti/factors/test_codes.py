"""Codes against the test vectors of RFC 6238, and as people type them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import InvalidToken

from itti import locks
from itti.factors import codes
from itti.settings import Settings
from tests.itti.factors.apps import shown

SEED = base64.b32encode(b"12345678901234567890").decode()
"""Appendix B of RFC 6238; its values have eight digits, of which apps show the last six."""


@pytest.mark.parametrize(
    ("seconds", "value"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_published_values(seconds: int, value: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert codes.step_of(SEED, value[2:], at, None) == seconds // 30
    assert shown(SEED, seconds) == value[2:]


def test_one_step_of_drift_and_no_more() -> None:
    at = datetime(2026, 11, 22, 8, 0, 10, tzinfo=UTC)
    taken = [codes.step_of(SEED, shown(SEED, at.timestamp() + 30 * steps), at, None) for steps in range(-3, 4)]
    now = int(at.timestamp()) // 30
    assert taken == [None, None, now - 1, now, now + 1, None, None]


def test_used_steps_and_those_before_are_used_up() -> None:
    at = datetime(2026, 11, 22, 8, 0, 10, tzinfo=UTC)
    now = int(at.timestamp()) // 30
    assert codes.step_of(SEED, shown(SEED, at.timestamp()), at, now) is None
    assert codes.step_of(SEED, shown(SEED, at.timestamp() - 30), at, now) is None
    assert codes.step_of(SEED, shown(SEED, at.timestamp() + 30), at, now) == now + 1


@pytest.mark.parametrize("typed", ["123456", "123 456", " 123-456 ", "١٢٣٤٥٦", "۱۲۳ ۴۵۶"])
def test_as_people_type(typed: str) -> None:
    assert codes.plain(typed) == "123456"
    assert codes.is_from_app(codes.plain(typed))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "k7qm-x2vd-9hrt-pzn4", "12345½"])
def test_what_no_app_shows(typed: str) -> None:
    assert not codes.is_from_app(codes.plain(typed))


def test_locks_are_apart_by_purpose_and_end(settings: Settings) -> None:
    token = locks.locked(settings, "one", "a text")
    assert locks.unlocked(settings, "one", token, timedelta(minutes=1)) == "a text"
    assert "a text" not in token
    for purpose, wrong in (("other", token), ("one", "nonsense"), ("one", "é"), ("one", "")):
        with pytest.raises(locks.Unreadable) as raised:
            locks.unlocked(settings, purpose, wrong)
        assert isinstance(raised.value.__cause__, InvalidToken)
