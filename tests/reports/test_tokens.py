"""Sealing with a key on a PKCS#11 token: SoftHSM, a token made of software."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from questionnaires.loading import load
from reports import tokens
from reports.errors import SealKeyUnusable, SealTokenUnavailable, SealTokenUnusable
from reports.seal import Sealer, load_token, seal
from reports.verify import SealState, examine
from tests.reports.conftest import AT
from tests.reports.programme import PIN, Programme, Token
from tests.reports.test_credential import elsewhere, signed


@pytest.fixture(scope="session")
def programme() -> Programme:
    return Programme()


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> Token:
    made = Token(tmp_path_factory.mktemp("a token"))
    made.make("ec", programme)
    made.make("rsa", programme, kind="rsa")
    made.make("strange", programme, other=True)
    return made


@pytest.fixture
def above(programme: Programme, tmp_path: Path) -> Path:
    """The programme's root, which is not on the token."""
    path = tmp_path / "root.pem"
    path.write_bytes(programme.root.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_key_on_a_token_seals(
    token: Token, programme: Programme, papers: Mapping[str, bytes], above: Path, kind: str
) -> None:
    own = load_token(token.key(kind), above)
    assert [each.subject.rfc4514_string() for each in own.chain] == [f"CN=Programme seal {kind}", "CN=Programme root"]
    assert not own.is_demonstration
    found = examine(seal(papers["en"], own, reason="Issued", at=AT), [programme.root], load).seal
    assert (found.state, found.code, found.signer) == (SealState.INTACT, "intact", f"Programme seal {kind}")


@pytest.mark.parametrize(("kind", "algorithm"), [("ec", "ES256"), ("rsa", "RS256")])
def test_a_key_on_a_token_signs_credentials(token: Token, above: Path, kind: str, algorithm: str) -> None:
    own = load_token(token.key(kind), above)
    assert elsewhere(signed(own), own, algorithm).payload


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # python-pkcs11 ends a search in it
def test_a_session_that_was_lost_is_opened_anew(token: Token, papers: Mapping[str, bytes]) -> None:
    own = load_token(token.key("ec"))
    (session,) = tokens._sessions.values()
    session.close()  # as if the token had been drawn and put back
    assert seal(papers["en"], own, reason="Issued", at=AT).startswith(b"%PDF")


def test_a_token_that_stays_away_may_be_tried_again(token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    import pkcs11

    def removed(*_: object) -> object:
        raise pkcs11.DeviceRemoved

    own = token.key("ec")
    own.sign(b"there")
    with monkeypatch.context() as patched:
        patched.setattr(tokens.TokenKey, "_session", removed)
        with pytest.raises(SealTokenUnavailable, match="DeviceRemoved") as caught:
            own.sign(b"gone")
    assert caught.value.retryable
    assert own.sign(b"back")


def test_what_is_wrong_with_a_token_is_named(token: Token, above: Path) -> None:
    elsewhere = tokens.TokenKey(Path("/nowhere/module.so"), "office", "ec", PIN)
    for key, reason in (
        (token.key("nothing"), "key"),
        (token.key("ec", token="another"), "token"),
        (token.key("strange"), "certificate"),
        (elsewhere, "module"),
    ):
        with pytest.raises(SealTokenUnusable) as caught:
            load_token(key, above)
        assert caught.value.details["reason"] == reason
        assert not caught.value.retryable
        assert PIN not in str(caught.value) + repr(key)
    above.write_text("no certificate")
    with pytest.raises(SealKeyUnusable, match="chain"):
        load_token(token.key("ec"), above)


def test_a_refused_pin_is_never_offered_again(token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens._close(token.module, token.label)
    wrong = token.key("ec", pin="000000")
    with pytest.raises(SealTokenUnusable, match="pin"):
        wrong.sign(b"")
    import pkcs11

    def asked(*_: object) -> object:
        raise AssertionError("the token was asked again")

    with monkeypatch.context() as patched:
        patched.setattr(pkcs11, "lib", asked)
        with pytest.raises(SealTokenUnusable, match="pin"):
            wrong.sign(b"")
    assert token.key("ec").sign(b"the right one is still good")


def test_the_certificate_may_lie_beside_the_token(token: Token, above: Path, programme: Programme) -> None:
    named, others = token.key("strange").certificates()
    assert named is not None
    fitting = next(each for each in others if each.subject.rfc4514_string().endswith(" ec"))
    assert isinstance(load_token(token.key("ec"), above), Sealer)
    above.write_bytes(b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (fitting, programme.root)))
    assert load_token(token.key("ec"), above).chain == (fitting, programme.root)
