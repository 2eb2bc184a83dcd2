"""Which addresses may be called: those that anybody in the open network could call, and none inside of ours.

A name is resolved once for each call, every address it has is looked at, and the connection goes to one of these very
addresses: a name that says something else a moment later leads nowhere.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from itti.webhooks.errors import WebhookAddressUnsafe

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""IPv6 addresses that stand for IPv4 ones behind a translator (RFC 6052)."""

_INSIDE: Final = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet")
"""Ends of names that mean nothing in the open network."""


@dataclass(frozen=True)
class Target:
    """Where a call goes."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """As the header ``Host`` names it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.secure else 80) else f"{name}:{self.port}"


def target_of(address: str, *, private: bool) -> Target:
    """An address taken apart.

    Args:
        address: as it was entered.
        private: whether addresses without TLS are taken too (for development).

    Raises:
        WebhookAddressUnsafe: it is no https address, or carries a name and password, or a fragment.
    """
    refused = WebhookAddressUnsafe(host=address[:100])
    try:
        parts = urlsplit(address)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else parts.hostname
    except (ValueError, UnicodeError) as error:
        raise refused from error
    secure = parts.scheme == "https"
    odd = not address.isascii() or not address.isprintable() or " " in address or port == 0
    if odd or not host or not (secure or (private and parts.scheme == "http")) or "@" in parts.netloc or parts.fragment:
        raise refused
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port or (443 if secure else 80), path)


def check_host(target: Target, *, private: bool) -> None:
    """Refuse what can be told from the text alone; a name is looked up at each call, and not while it is entered.

    Raises:
        WebhookAddressUnsafe: a number that is not in the open network, or a name that only a network inside knows.
    """
    if private:
        return
    try:  # as the system reads numbers: 127.1, 0x7f000001 and 2130706433 too
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        name = target.host.rstrip(".").lower()
        is_inside = "." not in name or name.endswith(_INSIDE)
    else:
        is_inside = not all(is_open(str(each[4][0])) for each in found)
    if is_inside:
        raise WebhookAddressUnsafe(host=target.host)


def resolved(target: Target, *, private: bool) -> Sequence[str]:
    """The network addresses of a target.

    Raises:
        WebhookAddressUnsafe: one of them is not in the open network, and ``private`` ones are not allowed.
        OSError: its name leads nowhere.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not private and not all(is_open(address) for address in addresses):
        raise WebhookAddressUnsafe(host=target.host)
    return addresses


def is_open(address: str) -> bool:
    """Whether an address is one of the open network, whatever it is wrapped in."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and found in _TRANSLATED:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast and not found.is_reserved
