"""``itti keys``: what seals, until when, and whether it does; several keys known at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from pydantic import ValidationError

from itti.certificates import verification
from itti.certificates.errors import SealKeyStruck, SealKeyUnknown
from itti.certificates.jobs import Unsealed, seal_paper
from itti.certificates.keys import KeySource
from itti.certificates.office import Office
from itti.commands.keys import _probe, warnings_of
from itti.settings import NamedKey
from reports.errors import SealCertificateNotValid
from reports.report import Standing
from reports.seal import demonstration_sealer, seal
from reports.struck import fingerprint
from reports.verify import SealState
from tests.itti.commands.conftest import Run, Upgrade
from tests.itti.conftest import make_settings
from tests.reports.loopback import Loopback
from tests.reports.programme import PIN, Period, Programme, Token

NOW = datetime.now(UTC)
SECRET = "0123456789abcdef0123456789abcdef"


def days(start: int, end: int) -> Period:
    return Period(NOW + timedelta(days=start), NOW + timedelta(days=end))


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    made = Loopback(tmp_path_factory.mktemp("loopback"))
    yield made
    made.close()


def keys(folder: Path, **periods: Period) -> dict[str, dict[str, str]]:
    """Named keys of one programme, each with a certificate for that time."""
    programme = Programme(days(-1000, 4000))
    return {
        name: {"file": str(programme.packed(folder / f"{name}.p12", period=period)), "passphrase": "secret"}
        for name, period in periods.items()
    }


def test_without_a_key_it_says_so_and_makes_none(itti: Run, tmp_path: Path) -> None:
    assert "No sealing key is set" in itti("keys", "show", code=1).out
    assert "No sealing key is set" in itti("keys", "check", code=1).out
    assert "لم يُضبط أي مفتاح" in itti("keys", "show", code=1, ITTI_LANGUAGE="ar").out
    assert not (tmp_path / "data" / "keys").exists()


def test_a_stamped_key_is_shown_and_tried(itti: Run, loopback: Loopback) -> None:
    environment = {"ITTI_SEAL_KEY": str(loopback.packed()), "ITTI_STAMP_URL": loopback.stamps()}
    said = itti("keys", "show", **environment).out
    for words in ("ITTI_SEAL_KEY – seals now", "Test seal < Test issuer < Test root", "PAdES-B-LT", loopback.stamps()):
        assert words in said
    assert "Attention" not in said
    said = itti("keys", "check", **environment).out
    assert "The seal is intact" in said
    assert "proves PAdES-B-LT (expected PAdES-B-LT)" in said
    assert "Test time stamps" in said
    with loopback.without("tsa"):
        assert "does not answer" in itti("keys", "check", code=2, **environment).err


def test_the_next_key_is_tried_before_it_seals(itti: Run, tmp_path: Path) -> None:
    named = keys(tmp_path, old=days(-700, 30), new=days(-1, 700))
    environment = {"ITTI_SEAL_KEYS": json.dumps(named), "ITTI_SEAL_ACTIVE": "old"}
    said = itti("keys", "show", **environment).out
    assert "old – seals now" in said
    assert "new – known and trusted" in said
    assert "The key “new” is ready" in said
    assert "no time-stamp authority" in said
    assert "proves PAdES-B-B" in itti("keys", "check", "--key", "new", **environment).out
    assert "knows these: old, new" in itti("keys", "check", "--key", "newer", code=2, **environment).err
    assert "knows these: old, new" in itti("keys", "show", code=2, **environment | {"ITTI_SEAL_ACTIVE": "newer"}).err
    del named["new"]
    assert (
        "no other known key goes on"
        in itti("keys", "show", ITTI_SEAL_KEYS=json.dumps(named), ITTI_SEAL_ACTIVE="old").out
    )


@pytest.mark.parametrize("period", [days(-700, -1), days(1, 700)])
def test_a_certificate_that_does_not_hold_seals_nothing(
    itti: Run, upgrade: Upgrade, tmp_path: Path, period: Period
) -> None:
    upgrade()
    environment = {
        "ITTI_SECRET": SECRET,
        "ITTI_SEAL_KEYS": json.dumps(keys(tmp_path, only=period)),
        "ITTI_SEAL_ACTIVE": "only",
    }
    assert "does not hold" in itti("keys", "show", code=1, **environment).out
    assert "does not hold" in itti("keys", "check", code=2, **environment).err
    assert "does not hold" in itti("serve", "--port", "0", code=2, **environment).err


def test_a_demonstration_authority_is_refused_for_stamps_too(itti: Run, upgrade: Upgrade, tmp_path: Path) -> None:
    upgrade()
    root = tmp_path / "root.pem"
    root.write_bytes(demonstration_sealer(tmp_path / "played").root.public_bytes(serialization.Encoding.PEM))
    environment = {
        "ITTI_SECRET": SECRET,
        "ITTI_SEAL_KEYS": json.dumps(keys(tmp_path, only=days(-1, 700))),
        "ITTI_SEAL_ACTIVE": "only",
        "ITTI_STAMP_ROOTS": json.dumps([str(root)]),
    }
    assert "trusted for time stamps" in itti("serve", "--port", "0", code=2, **environment).err


def test_a_key_on_a_token_is_shown_and_tried(itti: Run, tmp_path: Path) -> None:
    programme = Programme(days(-1, 700))
    token = Token(tmp_path / "token", "desk")
    token.make("seal", programme)
    chain = tmp_path / "chain.pem"
    chain.write_bytes(programme.root.public_bytes(serialization.Encoding.PEM))
    environment = {
        "SOFTHSM2_CONF": str(token.configuration),
        "ITTI_SEAL_TOKEN": str(token.module),
        "ITTI_SEAL_TOKEN_LABEL": "desk",
        "ITTI_SEAL_TOKEN_KEY": "seal",
        "ITTI_SEAL_TOKEN_PIN": PIN,
        "ITTI_SEAL_TOKEN_CHAIN": str(chain),
    }
    said = itti("keys", "show", **environment).out
    assert "ITTI_SEAL_TOKEN – seals now" in said
    assert "desk (" in said
    assert PIN not in said
    assert "The seal is intact" in itti("keys", "check", **environment).out
    assert "(pin)" in itti("keys", "check", code=2, **environment | {"ITTI_SEAL_TOKEN_PIN": "000000"}).err


def test_a_struck_key_seals_nothing_and_its_older_papers_are_known_by_their_stamps(
    itti: Run, tmp_path: Path, loopback: Loopback
) -> None:
    named = NamedKey(file=loopback.packed())
    stamped: dict[str, Any] = {"seal_keys": {"a": named}, "seal_active": "a", "stamp_url": loopback.stamps()}
    settings = make_settings(tmp_path / "data", **stamped)
    source = KeySource.of(settings)
    paper = seal(_probe(), source.sealer(), reason="Issued", at=datetime.now(UTC))
    mark = fingerprint(source.sealer().certificate)

    def judged(since: datetime) -> str:
        struck = make_settings(tmp_path / "data", **stamped, seal_struck={mark: since})
        return verification.examine(Office(struck), paper).seal.code

    assert judged(NOW + timedelta(days=1)) == "before-struck"
    assert judged(NOW - timedelta(days=1)) == "key-struck"
    later = KeySource.of(make_settings(tmp_path / "data", **stamped, seal_struck={mark: NOW}))
    with pytest.raises(SealKeyStruck, match="ITTI_SEAL_ACTIVE"):
        seal_paper(Unsealed(_probe(), "TI-1", "en", Standing.CERTIFICATE, later, datetime.now(UTC)))
    environment = {
        "ITTI_SEAL_KEY": str(loopback.packed()),
        "ITTI_SEAL_STRUCK": json.dumps({mark: "2026-01-02T00:00:00Z"}),
    }
    said = itti("keys", "show", code=1, **environment).out
    assert mark in said
    assert "struck from" in said
    assert "Nothing is sealed with the key" in said
    assert "لا يُختم به شيء" in itti("keys", "show", code=1, ITTI_LANGUAGE="ar", **environment).out
    with pytest.raises(ValidationError):
        make_settings(tmp_path, seal_struck={"nonsense": NOW})
    with pytest.raises(ValidationError):
        make_settings(tmp_path, seal_struck={mark: "2026-01-01T00:00:00"})


def test_papers_under_an_old_key_verify_after_the_change(tmp_path: Path) -> None:
    old, new = Programme(days(-700, 30)), Programme(days(-1, 700))
    named = {
        name: NamedKey.model_validate({"file": programme.packed(tmp_path / f"{name}.p12"), "passphrase": "secret"})
        for name, programme in (("old", old), ("new", new))
    }
    settings = make_settings(tmp_path / "data").model_copy(update={"seal_keys": named, "seal_active": "old"})
    issued = seal(_probe(), KeySource.of(settings).sealer(), reason="Issued", at=NOW - timedelta(days=300))
    changed = settings.model_copy(update={"seal_active": "new"})
    assert KeySource.of(changed).sealer().root == new.root
    assert verification.examine(Office(changed), issued).seal.state is SealState.INTACT

    root = tmp_path / "old.pem"
    root.write_bytes(old.root.public_bytes(serialization.Encoding.PEM))
    destroyed = changed.model_copy(update={"seal_keys": {"new": named["new"]}})
    assert verification.examine(Office(destroyed), issued).seal.state is SealState.UNTRUSTED
    kept = destroyed.model_copy(update={"trust_roots": (root,)})
    assert verification.examine(Office(kept), issued).seal.state is SealState.INTACT
    with pytest.raises(SealKeyUnknown):
        KeySource.of(kept.model_copy(update={"seal_active": "old"}))
    with pytest.raises(SealCertificateNotValid):
        seal(_probe(), KeySource.of(settings).sealer(), reason="Issued", at=NOW + timedelta(days=31))
    assert len(list(warnings_of(kept, NOW))) == 1
