"""What a provider claims about a person, and whether it may be believed (OpenID Connect Core 1.0 section 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from itti.providers.asking import Directory
from itti.providers.errors import ProviderMistrusted
from itti.settings import Provider

SKEW_SECONDS: Final = 120
"""How far the provider's clock may be from ours."""

_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a public key alone: never ``none``, and no shared secret."""


@dataclass(frozen=True)
class Vouched:
    """Whom a provider has signed in."""

    provider: str
    subject: str
    email: str | None
    """Only where the provider says that it is verified."""

    strong: bool
    """Whether the provider asked for what counts as a second factor here."""


def from_id_token(  # noqa: PLR0913 - what a token is judged by
    directory: Directory, key: str, provider: Provider, token: object, *, nonce: str, now: datetime
) -> Vouched:
    """Whom an ID token names.

    Args:
        directory: where the provider's keys are.
        key: the provider's name in the settings.
        provider: who should have signed it.
        token: as it came.
        nonce: what was sent along when the person was led there.
        now: the time here.

    Raises:
        ProviderMistrusted: it is not signed by the provider, or not for us, or not of now.
        ProviderDown: the provider's keys cannot be had.
    """
    claims = _signed(directory, provider, token)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    moment = now.timestamp()
    for finding, holds in (
        ("iss", claims.get("iss") == provider.issuer),
        ("aud", provider.client_id in audiences),
        ("azp", claims.get("azp", provider.client_id) == provider.client_id),
        ("azp", len(audiences) == 1 or "azp" in claims),
        ("exp", _number(claims.get("exp"), 0) > moment - SKEW_SECONDS),
        ("iat", _number(claims.get("iat"), moment + 10**9) <= moment + SKEW_SECONDS),
        ("nonce", claims.get("nonce") == nonce),
    ):
        if not holds:
            raise ProviderMistrusted(provider=provider.name, finding=finding)
    return from_claims(key, provider, claims)


def from_claims(key: str, provider: Provider, claims: Mapping[str, Any]) -> Vouched:
    """Whom claims name that came from the provider itself.

    Raises:
        ProviderMistrusted: they name nobody.
    """
    subject = claims.get(provider.subject_claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise ProviderMistrusted(provider=provider.name, finding=provider.subject_claim)
    email = claims.get("email")
    verified = provider.email_verified or claims.get("email_verified") is True
    methods = claims.get("amr")
    said = {claims.get("acr"), *(methods if isinstance(methods, list) else ())} if _plain(methods) else set()
    return Vouched(
        key,
        subject,
        email.strip().casefold() if verified and isinstance(email, str) and email.strip() else None,
        bool(set(provider.strong) & said),
    )


def _plain(methods: object) -> bool:
    return not isinstance(methods, list) or all(isinstance(each, str) for each in methods)


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def _signed(directory: Directory, provider: Provider, token: object) -> Mapping[str, Any]:
    """The claims of a token that one of the provider's keys has signed."""
    if not isinstance(token, str):
        raise ProviderMistrusted(provider=provider.name, finding="id_token")
    try:
        named = jws.extract_compact(token.encode()).headers().get("kid")
        keys = directory.keys(provider)
        if named is not None and named not in {each.get("kid") for each in keys.get("keys", ())}:
            keys = directory.keys(provider, anew=True)  # it may have a new key: asked for once
        found = jwt.decode(token, KeySet.import_key_set(_usable(keys)), algorithms=list(_ALGORITHMS))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProviderMistrusted(provider=provider.name, finding="signature") from error
    return found.claims


def _usable(keys: Mapping[str, Any]) -> Any:
    """Keys for signatures; those of kinds that we do not know are left out."""
    kinds = {"RSA", "EC", "OKP"}
    return {
        "keys": [each for each in keys.get("keys", ()) if each.get("kty") in kinds and each.get("use", "sig") == "sig"]
    }
