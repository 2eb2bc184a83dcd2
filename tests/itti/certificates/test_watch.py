"""What the office is told in time: keys and roots of time stamps that end within sixty days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from itti.certificates import watch
from itti.settings import NamedKey, Settings
from tests.reports.programme import Period, Programme

NOW = datetime.now(UTC)


def lasting(days: float) -> Programme:
    """A programme whose certificates end after so many days."""
    return Programme(Period(NOW - timedelta(days=300), NOW + timedelta(days=days)))


def told(settings: Settings) -> dict[str, watch.Notice]:
    return {notice.code: notice for notice in watch.of_keys(settings, NOW)}


@pytest.mark.parametrize(
    ("days", "codes"), [({"one": 61}, set()), ({"one": 59.5}, {"ends"}), ({"one": 59.5, "two": 900}, {"ends-ready"})]
)
def test_a_key_that_ends(settings: Settings, tmp_path: Path, days: dict[str, float], codes: set[str]) -> None:
    keys = {
        name: NamedKey.model_validate({"file": lasting(end).packed(tmp_path / f"{name}.p12"), "passphrase": "secret"})
        for name, end in days.items()
    }
    found = told(settings.model_copy(update={"seal_keys": keys, "seal_active": "one"}))
    assert set(found) == codes | {"unstamped"}
    for notice in found.values():
        assert notice.sentence("en") != notice.sentence("ar")
    if codes:
        assert "(59 days)" in found[codes.copy().pop()].sentence("en")


def test_a_root_of_time_stamps_that_ends(settings: Settings, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(lasting(30).root.public_bytes(Encoding.PEM))
    found = told(settings.model_copy(update={"stamp_roots": (root,)}))
    assert set(found) == {"stamps-end"}
    assert "Programme root" in found["stamps-end"].sentence("en")


def test_a_key_that_cannot_be_read_is_told_and_breaks_no_page(settings: Settings, tmp_path: Path) -> None:
    key = NamedKey.model_validate({"file": tmp_path / "nowhere.p12", "passphrase": "x"})
    found = told(settings.model_copy(update={"seal_keys": {"lost": key}, "seal_active": "lost"}))
    assert set(found) == {"unusable"}
    assert str(tmp_path / "nowhere.p12") in found["unusable"].sentence("en")
