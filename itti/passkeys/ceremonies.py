"""What browsers are asked, and what authenticators answer: the only module that speaks WebAuthn (level 3).

Every key is discoverable and every answer verified by its holder's fingerprint, face or PIN: a passkey alone is
something one has and something one is or knows.

The library is loaded when the first passkey is asked for or shown: it brings formats of certificates that take a third
of a second to load, as long as much else of the application together.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from itti.accounts.tables import User
from itti.passkeys import base64url
from itti.passkeys.errors import NoPasskeysHere, PasskeyCopied, PasskeyRefused
from itti.passkeys.tables import Passkey
from itti.settings import Settings


@dataclass(frozen=True)
class Made:
    """A key that an authenticator made, checked."""

    credential: str
    public_key: str
    sign_count: int
    synchronised: bool


def available(settings: Settings) -> bool:
    """Whether browsers make passkeys for the public address: a name, over https (or this very machine's)."""
    address = urlsplit(settings.base_url)
    host = address.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return address.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    return False


def creation(settings: Settings, user: User, random: bytes, known: Iterable[Passkey]) -> dict[str, Any]:
    """What ``navigator.credentials.create`` is given, as JSON.

    Args:
        settings: with the public address.
        user: whose key it will be.
        random: the challenge.
        known: keys that the person has already: their authenticators are left out.

    Raises:
        NoPasskeysHere: no browser would make one.
    """
    from webauthn import generate_registration_options  # noqa: PLC0415 - see above
    from webauthn.helpers import options_to_json_dict, structs  # noqa: PLC0415

    return options_to_json_dict(
        generate_registration_options(
            rp_id=_host(settings),
            rp_name=settings.programme_name,
            user_id=user.id.bytes,
            user_name=user.email,
            user_display_name=user.name,
            challenge=random,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                structs.PublicKeyCredentialDescriptor(base64url.decoded(each.credential)) for each in known
            ],
        )
    )


def asking(settings: Settings, random: bytes) -> dict[str, Any]:
    """What ``navigator.credentials.get`` is given, as JSON: any passkey of this site that its holder picks.

    Raises:
        NoPasskeysHere: no browser would have one.
    """
    from webauthn import generate_authentication_options  # noqa: PLC0415 - see above
    from webauthn.helpers import options_to_json_dict, structs  # noqa: PLC0415

    verified = structs.UserVerificationRequirement.REQUIRED
    return options_to_json_dict(
        generate_authentication_options(rp_id=_host(settings), challenge=random, user_verification=verified)
    )


def made(settings: Settings, random: bytes, credential: Mapping[str, Any]) -> Made:
    """The key in the answer to :func:`creation`.

    Raises:
        PasskeyRefused: the answer is not what was asked for.
    """
    from webauthn import verify_registration_response  # noqa: PLC0415 - see above

    try:
        _refuse_frames(credential)
        found = verify_registration_response(
            credential=dict(credential),
            expected_challenge=random,
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
            require_user_verification=True,
        )
    except Exception as error:  # what strangers send may break the library anywhere: it is refused all the same
        raise PasskeyRefused from error
    return Made(
        base64url.encoded(found.credential_id),
        base64url.encoded(found.credential_public_key),
        found.sign_count,
        found.credential_backed_up,
    )


def count_after(settings: Settings, random: bytes, credential: Mapping[str, Any], passkey: Passkey) -> int:
    """Check the answer to :func:`asking`, and return how often the authenticator says the key was used.

    Raises:
        PasskeyRefused: the answer proves nothing.
        PasskeyCopied: it would, but the count went backwards (WebAuthn section 6.1.1).
    """
    from webauthn import verify_authentication_response  # noqa: PLC0415 - see above

    try:
        _refuse_frames(credential)
        _refuse_others(credential, passkey)
        found = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=random,
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
            credential_public_key=base64url.decoded(passkey.public_key),
            credential_current_sign_count=0,  # counted below, where the reason can be told apart
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise PasskeyRefused from error
    if max(found.new_sign_count, passkey.sign_count) > 0 and found.new_sign_count <= passkey.sign_count:
        raise PasskeyCopied(name=passkey.name)
    return found.new_sign_count


def read(text: str) -> dict[str, Any]:
    """An answer that a form brings as JSON text.

    Raises:
        PasskeyRefused: it is no JSON object.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PasskeyRefused from error
    if not isinstance(found, dict):
        raise PasskeyRefused
    return found


def _refuse_frames(credential: Mapping[str, Any]) -> None:
    """Our pages are in nobody's frame, so an answer from within one is not from our pages."""
    from webauthn.helpers import parse_client_data_json  # noqa: PLC0415 - see above

    if parse_client_data_json(base64url.decoded(credential["response"]["clientDataJSON"])).cross_origin:
        raise PasskeyRefused


def _refuse_others(credential: Mapping[str, Any], passkey: Passkey) -> None:
    """A key says whose it is; that has to be who it is registered for."""
    holder = credential["response"].get("userHandle")
    if holder is not None and base64url.decoded(holder) != passkey.user_id.bytes:
        raise PasskeyRefused


def _host(settings: Settings) -> str:
    if not available(settings):
        raise NoPasskeysHere
    return urlsplit(settings.base_url).hostname or ""


def _origin(settings: Settings) -> str:
    address = urlsplit(settings.base_url)
    return f"{address.scheme}://{address.netloc}"
