"""What is asked of a provider over HTTP: its addresses, its keys, a token for a code, a page about a person."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httpx2
from anyio import CapacityLimiter

from itti.providers.errors import ProviderDown, ProviderRefused
from itti.settings import Provider

_SECONDS: Final = 10.0
_AT_ONCE: Final = 8
_LARGEST: Final = 1_000_000
_KEPT_SECONDS: Final = 3600.0
"""How long addresses and keys are kept; an unknown key has them asked for sooner."""

_WELL_KNOWN: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Addresses:
    """Where a provider is asked what."""

    authorize: str
    token: str
    userinfo: str
    keys: str
    """Empty: it signs nothing, and the page about the person tells who it is."""

    secret_in_body: bool = False
    """Whether it takes the client's secret in the body alone."""


class Directory:
    """What was asked of providers and is kept for a while; one for the application."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self.places = CapacityLimiter(_AT_ONCE)
        """How many requests may wait for providers at once."""

    def addresses(self, provider: Provider) -> Addresses:
        """Its addresses: those that are set, else those it publishes (OpenID Connect Discovery 1.0).

        Raises:
            ProviderDown: it does not publish them, or in another provider's name.
        """
        if not provider.discovers:
            return Addresses(provider.authorize_url, provider.token_url, provider.userinfo_url, provider.keys_url)
        found = self._document(provider, provider.issuer.rstrip("/") + _WELL_KNOWN)
        if found.get("issuer") != provider.issuer:
            raise ProviderDown(provider=provider.name)
        ways = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        try:
            return Addresses(
                str(found["authorization_endpoint"]),
                str(found["token_endpoint"]),
                str(found.get("userinfo_endpoint", "")),
                str(found["jwks_uri"]),
                "client_secret_basic" not in ways,
            )
        except KeyError as error:
            raise ProviderDown(provider=provider.name) from error

    def keys(self, provider: Provider, *, anew: bool = False) -> dict[str, Any]:
        """Its public keys, as a JWK set.

        Args:
            provider: whose.
            anew: whether to ask even where they are kept: it may have changed them.

        Raises:
            ProviderDown: it does not give them.
        """
        return self._document(provider, self.addresses(provider).keys, anew=anew)

    def _document(self, provider: Provider, address: str, *, anew: bool = False) -> dict[str, Any]:
        with self._lock:
            kept = self._kept.get(address)
        if kept is not None and not anew and time.monotonic() - kept[0] < _KEPT_SECONDS:
            return kept[1]
        found = _json(provider, "GET", address)
        with self._lock:
            self._kept[address] = (time.monotonic(), found)
        return found


def token(provider: Provider, addresses: Addresses, given: Mapping[str, str]) -> dict[str, Any]:
    """What the provider gives for a code (RFC 6749 section 4.1.3).

    Raises:
        ProviderRefused: the code is none of its, or was used.
        ProviderDown: it cannot be asked.
    """
    fields = {"grant_type": "authorization_code", **given}
    secret = provider.client_secret.get_secret_value()
    if addresses.secret_in_body:
        fields |= {"client_id": provider.client_id, "client_secret": secret}
        return _json(provider, "POST", addresses.token, data=fields)
    return _json(provider, "POST", addresses.token, data=fields, auth=(provider.client_id, secret))


def person(provider: Provider, addresses: Addresses, access_token: str) -> dict[str, Any]:
    """What the provider's page about a person says.

    Raises:
        ProviderDown, ProviderRefused: it says nothing.
    """
    return _json(provider, "GET", addresses.userinfo, headers={"Authorization": f"Bearer {access_token}"})


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that this machine trusts, read once: reading them takes longer than asking a provider."""
    return httpx2.create_ssl_context()


def _json(provider: Provider, method: str, address: str, **more: Any) -> dict[str, Any]:
    try:
        # No redirects: a secret goes to the address that was set or published, and nowhere else.
        with (
            httpx2.Client(
                verify=_trusted(), timeout=_SECONDS, follow_redirects=False, headers={"Accept": "application/json"}
            ) as client,
            client.stream(method, address, **more) as answer,
        ):
            content = b""
            for part in answer.iter_bytes():
                content += part
                if len(content) > _LARGEST:
                    raise ProviderDown(provider=provider.name)
            if method == "POST" and answer.status_code in {400, 401, 403}:
                raise ProviderRefused(provider=provider.name)
            if answer.status_code != 200:
                raise ProviderDown(provider=provider.name)
            found = httpx2.Response(200, content=content).json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise ProviderDown(provider=provider.name) from error
    if not isinstance(found, dict):
        raise ProviderDown(provider=provider.name)
    return found
