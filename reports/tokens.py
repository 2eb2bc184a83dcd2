"""A sealing key on a PKCS#11 token (a smart card, a USB token, a hardware security module): it never leaves it.

A process logs in once and keeps the session; a session that was lost (token unplugged, module restarted) is opened
anew once. A PIN that the token has refused is never offered again by this process: three wrong ones lock a token.
"""

# ruff: noqa: PLC0415 - python-pkcs11 is only there where a token is used
from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cryptography import x509

from reports.errors import SealTokenUnavailable, SealTokenUnusable

if TYPE_CHECKING:
    from pkcs11 import Session

T = TypeVar("T")

_TURN: Final = threading.RLock()
"""A session does one thing at a time."""

_sessions: dict[tuple[Path, str], Session] = {}
_refused: set[TokenKey] = set()

_LASTING: Final = {
    "ArgumentsBad": "pin",
    "PinExpired": "pin",
    "PinIncorrect": "pin",
    "PinInvalid": "pin",
    "PinLenRange": "pin",
    "PinLocked": "pin-locked",
    "UserPinNotInitialized": "pin",
    "NoSuchToken": "token",
    "MultipleTokensReturned": "several-tokens",
    "NoSuchKey": "key",
    "MultipleObjectsReturned": "several-keys",
    "MechanismInvalid": "kind",
    "KeyTypeInconsistent": "kind",
    "KeyFunctionNotPermitted": "kind",
}
"""What stays wrong until somebody mends it; anything else may pass."""


@dataclass(frozen=True)
class TokenKey:
    """The private key labelled ``key`` on the token labelled ``token``, reached through a PKCS#11 module."""

    module: Path
    token: str
    key: str
    pin: str = field(repr=False)

    def certificates(self) -> tuple[x509.Certificate | None, tuple[x509.Certificate, ...]]:
        """The certificate with the label of the key, if there is one, and all others on the token.

        Raises:
            SealTokenUnusable: no such module, token or key, or the PIN is refused.
            SealTokenUnavailable: the token does not answer.
        """
        from pkcs11 import Attribute, ObjectClass

        def look(session: Session) -> tuple[x509.Certificate | None, tuple[x509.Certificate, ...]]:
            named: x509.Certificate | None = None
            others = []
            for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
                certificate = x509.load_der_x509_certificate(one[Attribute.VALUE])
                if one[Attribute.LABEL] == self.key and named is None:
                    named = certificate
                else:
                    others.append(certificate)
            return named, tuple(others)

        return self._do(look)

    def sign(self, data: bytes) -> bytes:
        """An ECDSA (DER) or RSA (PKCS#1 v1.5) signature over the SHA-256 of ``data``.

        Raises:
            SealTokenUnusable, SealTokenUnavailable: see :meth:`certificates`.
        """
        from pkcs11 import KeyType, Mechanism, ObjectClass
        from pkcs11.util.ec import encode_ecdsa_signature

        def sign(session: Session) -> bytes:
            key: Any = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=self.key)
            if key.key_type is KeyType.RSA:
                return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
            # The digest is made here: tokens that hash for ECDSA themselves are rarer than those that do not.
            raw = key.sign(sha256(data).digest(), mechanism=Mechanism.ECDSA)
            return bytes(encode_ecdsa_signature(raw))

        return self._do(sign)

    def _do(self, work: Callable[[Session], T]) -> T:
        with _TURN:
            try:
                return work(self._session())
            except _errors() as error:
                if type(error).__name__ in _LASTING:
                    raise self._fault(error) from error
            _close(self.module, self.token)  # the session was lost, perhaps: once more with a new one
            try:
                return work(self._session())
            except _errors() as error:
                _close(self.module, self.token)
                raise self._fault(error) from error

    def _session(self) -> Session:
        import pkcs11

        name = (self.module, self.token)
        if name not in _sessions:
            if self in _refused:
                raise SealTokenUnusable(token=self.token, key=self.key, reason="pin")
            if not self.module.is_file():
                raise SealTokenUnusable(token=self.token, key=self.key, reason="module")
            try:
                token = pkcs11.lib(str(self.module)).get_token(token_label=self.token)
                _sessions[name] = token.open(user_pin=self.pin)
            except pkcs11.PKCS11Error as error:
                if _LASTING.get(type(error).__name__, "").startswith("pin"):
                    _refused.add(self)
                raise
        return _sessions[name]

    def _fault(self, error: Exception) -> SealTokenUnusable | SealTokenUnavailable:
        name = type(error).__name__
        if name in _LASTING:
            return SealTokenUnusable(token=self.token, key=self.key, reason=_LASTING[name])
        return SealTokenUnavailable(token=self.token, reason=name)


def _errors() -> type[Exception]:
    import pkcs11

    return pkcs11.PKCS11Error


def _close(module: Path, token: str) -> None:
    session = _sessions.pop((module, token), None)
    if session is not None:
        try:
            session.close()
        except _errors():
            pass  # it was lost: that is why it is closed
