"""What partners find out by themselves: where tokens are given, and by what (RFC 8414, RFC 9728).

PACT 3.0 looks for the address of the token door under the name that OpenID Connect gave such documents. RFC 8414,
section 5, lets services of OAuth 2 without OpenID Connect use that name: what is said here is OAuth alone, and there
are no ID tokens.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from itti.accounts.scopes import Scope
from itti.footprints.messages import BASE
from itti.http.bearer import SettingsOf
from itti.settings import Settings

router = APIRouter()

TOKEN: Final = f"{BASE}/auth/token"
_RESOURCE: Final = f"/.well-known/oauth-protected-resource{BASE}"


def _public(settings: Settings, path: str) -> str:
    """An address as partners see it, whatever proxies stand in between."""
    return settings.base_url.rstrip("/") + path


def server(settings: Settings) -> dict[str, Any]:
    """Who gives tokens for the doors of partners (RFC 8414)."""
    return {
        "issuer": _public(settings, BASE),
        "token_endpoint": _public(settings, TOKEN),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [Scope.FOOTPRINTS_READ.value],
    }


def resource(settings: Settings) -> dict[str, Any]:
    """What the doors of partners take (RFC 9728)."""
    return {
        "resource": _public(settings, BASE),
        "authorization_servers": [_public(settings, BASE)],
        "scopes_supported": [Scope.FOOTPRINTS_READ.value],
        "bearer_methods_supported": ["header"],
    }


def challenge(settings: Settings, asked: str) -> str:
    """A challenge that leads to the token door: ``asked`` (``Bearer`` and what is said with it) with two words more.

    The realm is RFC 6750's, section 3; where the rest can be read, RFC 9728's, section 5.1.
    """
    scheme, _, said = asked.partition(" ")
    words = [f'realm="{_public(settings, BASE)}"', f'resource_metadata="{_public(settings, _RESOURCE)}"']
    return f"{scheme} {', '.join([*words, *filter(None, [said])])}"


@router.get(f"{BASE}/.well-known/openid-configuration")
@router.get(f"/.well-known/oauth-authorization-server{BASE}")
def describe_server(settings: SettingsOf) -> Response:
    """Where partners sign in, and how."""
    return JSONResponse(server(settings))


@router.get(_RESOURCE)
def describe_resource(settings: SettingsOf) -> Response:
    """Whose tokens the doors of partners take."""
    return JSONResponse(resource(settings))
