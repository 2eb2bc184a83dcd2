"""A client of the HTTP API for tools in Python: typed, exact, and alone.

Importing it loads nothing of the service. Sign in, and everything is a method named after its operation::

    with Client.sign_in("https://index.example", "tool@body.example", "…", language="ar") as client:
        for each in client.list_assessments(state="assessment"):
            client.save_answer(each.id, "quality", level=3, reason="…")

Operations without a method of their own are reached by ``client.wire.send``.
"""

from __future__ import annotations

from typing import Self

import httpx2

from itti.client.accounts import Accounts
from itti.client.answers import Answering
from itti.client.assessments import Assessments
from itti.client.certificates import Certificates, Engine
from itti.client.events import Happenings
from itti.client.evidence import Proofs
from itti.client.exact import given
from itti.client.faults import ClientFault, ForeignLink, InexactNumber, Unreachable, UnreadableAnswer
from itti.client.footprints import Footprints
from itti.client.offline import Offline
from itti.client.problems import (
    Busy,
    Conflict,
    Forbidden,
    Invalid,
    Mistake,
    NotFound,
    Refused,
    SignInNeeded,
    Stale,
)
from itti.client.views import IssuedToken, MachineToken
from itti.client.webhooks import Webhooks
from itti.client.wire import Patience, Wire

__all__ = [
    "Busy",
    "Client",
    "ClientFault",
    "Conflict",
    "Forbidden",
    "ForeignLink",
    "InexactNumber",
    "Invalid",
    "Mistake",
    "NotFound",
    "Patience",
    "Refused",
    "SignInNeeded",
    "Stale",
    "Unreachable",
    "UnreadableAnswer",
]


class Client(Accounts, Assessments, Answering, Offline, Proofs, Certificates, Engine, Footprints, Happenings, Webhooks):
    """One service seen by one account. Threads may share it; close it, or use it as a context."""

    def __init__(
        self,
        address: str,
        token: str | None = None,
        *,
        language: str = "en",
        patience: Patience | None = None,
        http: httpx2.Client | None = None,
    ) -> None:
        """A client for the service at ``address`` (``https://index.example``).

        Args:
            address: where the service is, without ``/api/v1``.
            token: a bearer token; None: a stranger, for whom little is open.
            language: of titles, sentences and errors: ``en`` or ``ar``.
            patience: how often and how long to try again.
            http: a client with time limits, proxies or certificates of your own; it stays yours to close.
        """
        self._is_own = http is None
        line = http or httpx2.Client(timeout=30.0)
        wire = Wire(f"{address.rstrip('/')}/api/v1", line, {"Accept-Language": language}, patience or Patience())
        self.wire = wire if token is None else wire.signed_in(token)

    @classmethod
    def sign_in(
        cls,
        address: str,
        email: str,
        password: str,
        *,
        code: str | None = None,
        label: str | None = None,
        language: str = "en",
        patience: Patience | None = None,
        http: httpx2.Client | None = None,
    ) -> Self:
        """A client with a new token; ``code`` is that of a second factor, ``label`` names the token in the own list.

        Raises:
            SignInNeeded: address and password do not belong together, or the code is missing or wrong.
        """
        client = cls(address, language=language, patience=patience, http=http)
        try:
            body = given(email=email, password=password, code=code, label=label)
            issued = client.wire.write(IssuedToken, "POST", "/tokens", body=body)
        except BaseException:
            client.close()
            raise
        client.wire = client.wire.signed_in(issued.token)
        return client

    @classmethod
    def of_machine(
        cls, address: str, client_id: str, secret: str, *, scope: str | None = None, http: httpx2.Client | None = None
    ) -> Self:
        """A client for a machine, by OAuth 2 client credentials; ``scope`` None: all that the machine may have.

        Its token ends after a while (:class:`SignInNeeded`); then ask for another client.

        Raises:
            SignInNeeded: this is no machine, or not its secret.
        """
        client = cls(address, http=http)
        try:
            form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
            fields = form if scope is None else {**form, "scope": scope}
            issued = client.wire.write(MachineToken, "POST", "/oauth/token", fields=fields)
        except BaseException:
            client.close()
            raise
        client.wire = client.wire.signed_in(issued.access_token)
        return client

    def close(self) -> None:
        """Close the connections, unless they were given."""
        if self._is_own:
            self.wire.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
