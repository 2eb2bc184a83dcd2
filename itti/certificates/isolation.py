"""Cutting a process off from every network, before it opens anything that came from outside.

Two ways, the stronger first. A **namespace** of its own has no network at all, whatever code asks for it; the kernel
grants it to whoever may make one (user namespaces, or the right to administer the machine). Where it does not, as in
many containers, a **guard** refuses every socket in Python: enough for the libraries that set a page, which open none
of their own, and not enough against hostile machine code.
"""

from __future__ import annotations

import ctypes
import os
import sys
from enum import StrEnum
from typing import Final

_NEW_USER: Final = 0x10000000
_NEW_NET: Final = 0x40000000
"""Flags of unshare(2); the module ``os`` has them from Python 3.12 on."""

_REFUSED: Final = frozenset(
    {
        "socket.__new__",
        "socket.bind",
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
    }
)
"""Audit events of the module ``socket`` without which nothing leaves the process."""


class Isolation(StrEnum):
    """What keeps a process from the network; words for people under ``isolation.<name>``."""

    NAMESPACE = "namespace"
    GUARD = "guard"


class NetworkRefusedError(PermissionError):
    """Something asked for the network in a process that has none: a mistake in this project, or an attack."""


def cut_off() -> Isolation:
    """Take the network away from this process, for good. Call it before any thread is started.

    Returns:
        what holds from now on.
    """
    return Isolation.NAMESPACE if unshare_network() else guard()


def unshare_network() -> bool:
    """Move into a network namespace of one's own, which is empty. False: the kernel does not let us."""
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    # With the right to administer the machine alone; else along with a user namespace, in which we have it.
    return any(library.unshare(flags) == 0 for flags in (_NEW_NET, _NEW_USER | _NEW_NET))


def guard() -> Isolation:
    """Refuse every socket from now on; nothing in the process can take that back."""

    def refuse(event: str, _: tuple[object, ...]) -> None:
        if event in _REFUSED:
            raise NetworkRefusedError(event, os.getpid())

    sys.addaudithook(refuse)
    return Isolation.GUARD
