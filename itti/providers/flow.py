"""There and back: the authorization code flow with PKCE, state and nonce (RFC 6749, RFC 7636, RFC 9700)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

from sqlmodel import Session

from itti import locks
from itti.acts import Act
from itti.passkeys.challenges import use_up
from itti.passkeys.errors import ChallengeOver
from itti.providers import asking
from itti.providers.asking import Directory
from itti.providers.claims import Vouched, from_claims, from_id_token
from itti.providers.errors import ProviderAnswerOver, ProviderMistrusted, ProviderRefused, ProviderUnknown
from itti.settings import Provider, Settings

GOOD_FOR: Final = timedelta(minutes=10)
"""How long somebody may take at the provider."""


@dataclass(frozen=True)
class Errand:
    """What somebody is sent to a provider for."""

    provider: str
    to: str
    """Where they go on to."""

    linking: str = ""
    """Id of the account that is to be linked; empty: they sign in."""

    nonce: str = ""
    verifier: str = ""


def provider_of(settings: Settings, key: str) -> Provider:
    """The provider of that name.

    Raises:
        ProviderUnknown: none is set.
    """
    found = settings.providers.get(key)
    if found is None:
        raise ProviderUnknown
    return found


def callback(settings: Settings, key: str) -> str:
    """Where the provider sends people back to; it has to know this address."""
    return f"{settings.base_url.rstrip('/')}/sign-in/with/{key}/back"


def way_there(settings: Settings, directory: Directory, errand: Errand, mark: str) -> str:
    """The address at the provider to lead a browser to.

    Nothing is stored: the errand goes along as ``state``, under lock and key, for the browser of ``mark`` alone.

    Raises:
        ProviderUnknown, ProviderDown: it cannot be found.
    """
    provider = provider_of(settings, errand.provider)
    addresses = directory.addresses(provider)
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    sent = Errand(errand.provider, errand.to, errand.linking, nonce, verifier)
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback(settings, errand.provider),
        "scope": provider.scope,
        "state": locks.locked(settings, _purpose(mark), json.dumps(asdict(sent))),
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if addresses.keys:
        asked["nonce"] = nonce
    if provider.acr_values:
        asked["acr_values"] = provider.acr_values
    mark_of_query = "&" if urlsplit(addresses.authorize).query else "?"
    return f"{addresses.authorize}{mark_of_query}{urlencode(asked)}"


def errand_of(settings: Settings, state: str, mark: str | None, key: str) -> Errand:
    """The errand that a ``state`` stands for.

    Raises:
        ProviderAnswerOver: it is none of ours, for another browser or provider, or too old.
    """
    try:
        found = Errand(**json.loads(locks.unlocked(settings, _purpose(mark or "-"), state, GOOD_FOR)))
    except locks.Unreadable as error:
        raise ProviderAnswerOver from error
    if found.provider != key:
        raise ProviderAnswerOver
    return found


def spend(session: Session, act: Act, errand: Errand) -> None:
    """Take an errand's answer once.

    Raises:
        ProviderAnswerOver: it came before.
    """
    try:
        use_up(session, act, f"provider {errand.nonce}", 2 * GOOD_FOR)
    except ChallengeOver as error:
        raise ProviderAnswerOver from error


def vouched(
    settings: Settings, directory: Directory, errand: Errand, answer: Mapping[str, str], now: datetime
) -> Vouched:
    """Whom the provider has signed in, by what the browser brings back from there. Asks the provider; may take long.

    Raises:
        ProviderRefused: nobody.
        ProviderMistrusted: what it says cannot be believed.
        ProviderDown: it cannot be asked.
    """
    provider = provider_of(settings, errand.provider)
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise ProviderMistrusted(provider=provider.name, finding="iss")  # RFC 9207: another's answer, mixed up
    if answer.get("error") or not answer.get("code"):
        raise ProviderRefused(provider=provider.name)
    addresses = directory.addresses(provider)
    given = {
        "code": answer["code"],
        "redirect_uri": callback(settings, errand.provider),
        "code_verifier": errand.verifier,
    }
    got = asking.token(provider, addresses, given)
    access = str(got.get("access_token"))
    if not addresses.keys:
        return from_claims(errand.provider, provider, asking.person(provider, addresses, access))
    found = from_id_token(directory, errand.provider, provider, got.get("id_token"), nonce=errand.nonce, now=now)
    if found.email is None and addresses.userinfo:
        # Many name the address on their page about the person alone. Signed or not, it must be about the same one.
        more = from_claims(errand.provider, provider, asking.person(provider, addresses, access))
        if more.subject != found.subject:
            raise ProviderMistrusted(provider=provider.name, finding=provider.subject_claim)
        return replace(found, email=more.email)
    return found


def _purpose(mark: str) -> str:
    return f"provider errand {mark}"
