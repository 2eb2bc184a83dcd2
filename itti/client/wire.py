"""How requests travel: retries with back-off, entity tags, pages, and files as streams."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import SystemRandom
from typing import Any, BinaryIO, Final, Self, TypeAlias, TypeVar
from urllib.parse import quote, urljoin
from uuid import UUID, uuid4

import httpx2
from pydantic import ValidationError

from itti.client.exact import from_json
from itti.client.faults import ForeignLink, Unreachable, UnreadableAnswer
from itti.client.problems import Refused, refusal
from itti.client.views import Sent

SentT = TypeVar("SentT", bound=Sent)

Name: TypeAlias = UUID | str | int
"""What names a thing in an address."""

File: TypeAlias = Path | bytes
"""What can be sent as a file, and sent once more when the first try fails."""

_TAGS: Final = 10_000
_AGAIN: Final = frozenset({429, 502, 503, 504})
_IN_FLIGHT: Final = "request-in-flight"
"""Said of a POST whose earlier try is still being answered."""


def path(*parts: Name) -> str:
    """The address below ``/api/v1`` whose parts are ``parts``, each quoted."""
    return "".join(f"/{quote(str(part), safe='')}" for part in parts)


def seen_as(view: type[SentT], document: object) -> SentT:
    """What was sent, as ``view``.

    Raises:
        UnreadableAnswer: it is of another shape.
    """
    try:
        return view.model_validate(document)
    except ValidationError as error:
        raise UnreadableAnswer(view.schema_name) from error


class Tags:
    """The entity tags last seen, by address; the oldest are forgotten beyond ten thousand."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, address: str, tag: str | None) -> None:
        """Remember that what lies at ``address`` was seen with ``tag``."""
        with self._lock:
            if tag is not None:
                self._kept[address] = tag
                self._kept.move_to_end(address)
                if len(self._kept) > _TAGS:
                    self._kept.popitem(last=False)

    def of(self, address: str) -> str | None:
        """The tag last seen there; None: never seen."""
        with self._lock:
            return self._kept.get(address)


@dataclass(frozen=True)
class Patience:
    """How often and how long to try again where no answer came, the line was cut, or the service is busy.

    Nothing is done twice: every POST carries an ``Idempotency-Key`` that its further tries repeat, and all other writes
    name the state they are based on. So a PUT that was done, though its answer was lost, ends with
    :class:`~itti.client.problems.Stale`, and such a DELETE with :class:`~itti.client.problems.NotFound`.
    """

    tries: int = 4
    first_wait: float = 0.5
    """Seconds before the second try, at most; doubled each time, and drawn by lot below that."""

    longest_wait: float = 30.0
    """A service that asks for more patience than this many seconds is not asked again."""

    sleep: Callable[[float], None] = time.sleep

    def before(self, attempt: int, told: int | None) -> float | None:
        """Seconds to wait after that many tries; None: give up. ``told`` is what the service asked for."""
        if attempt >= self.tries or (told or 0) > self.longest_wait:
            return None
        drawn: float = SystemRandom().uniform(0, min(self.longest_wait, self.first_wait * 2 ** (attempt - 1)))
        return max(drawn, told or 0)


@dataclass(frozen=True)
class Wire:
    """One service, one account, one language. Threads may share it."""

    address: str
    """The service, with ``/api/v1`` and no slash at the end."""

    http: httpx2.Client
    headers: Mapping[str, str] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    tags: Tags = field(default_factory=Tags)

    def signed_in(self, token: str) -> Self:
        """The same with ``token``; tags seen by another account are not taken over."""
        headers = {**self.headers, "Authorization": f"Bearer {token}"}
        return type(self)(self.address, self.http, headers, self.patience)

    def get(self, where: str, **query: object) -> Any:
        """The JSON document at ``where``; its tag is kept."""
        return from_json(self.send("GET", where, query=query).content)

    def read(self, view: type[SentT], where: str, *, keep: str | None = None, **query: object) -> SentT:
        """What lies at ``where``, as ``view``; its tag is kept, under the name ``keep`` where one is given."""
        return seen_as(view, from_json(self.send("GET", where, query=query, keep=keep).content))

    def each(self, view: type[SentT], where: str, **query: object) -> Iterator[SentT]:
        """Every entry of a list, page after page, each page fetched when its first entry is asked for.

        Raises:
            ForeignLink: the next page is said to be at another service.
        """
        response = self.send("GET", where, query=query)
        while True:
            document = from_json(response.content)
            for entry in _entries(document):
                yield seen_as(view, entry)
            link = response.links.get("next", {}).get("url")
            if link is None:
                return
            following = urljoin(self.address, link)
            if not following.startswith(f"{self.address}/"):
                raise ForeignLink(following)
            response = self.send("GET", following.removeprefix(self.address))

    def write(self, view: type[SentT], method: str, where: str, **how: Any) -> SentT:
        """Send a write (see :meth:`send`); what the service answers, as ``view``."""
        return seen_as(view, from_json(self.send(method, where, **how).content))

    def fetch(self, where: str, to: BinaryIO, **query: object) -> int:
        """Write the file at ``where`` to ``to``, piece by piece; its size in bytes.

        Raises:
            Unreachable: the stream broke; ``to`` holds what came.
        """
        response = self.send("GET", where, query=query, stream=True)
        try:
            return sum(to.write(piece) for piece in response.iter_bytes())
        except httpx2.RequestError as error:
            raise Unreachable(f"{self.address}{where}") from error
        finally:
            response.close()

    def send(
        self,
        method: str,
        where: str,
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        file: tuple[str, str, File] | None = None,
        fields: Mapping[str, str] | None = None,
        tag: str | None = None,
        keep: str | None = None,
        stream: bool = False,
        seconds: float | None = None,
    ) -> httpx2.Response:
        """Any request of the API; ``where`` is its address below ``/api/v1``.

        Args:
            method: in capitals.
            where: see :func:`path`.
            query: parameters; what is None is left out.
            body: a JSON document.
            file: name of the form's field, file name and content; sent as a stream.
            fields: what else the form says.
            tag: goes with ``If-Match``, or where it is ``*`` with ``If-None-Match``.
            keep: the name under which the tag of the answer is kept; None: ``where``.
            stream: leave the body of the response on the line; the caller closes it.
            seconds: how long the answer may take, where that is longer than the line's own limit.

        Raises:
            Refused: the service will not; its subclass says why.
            Unreachable: no answer came.
        """
        headers = dict(self.headers)
        if tag is not None:
            headers["If-None-Match" if tag == "*" else "If-Match"] = tag
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        asked: dict[str, Any] = {"headers": headers, "json": body, "data": fields}
        if chosen := {name: each for name, each in (query or {}).items() if each is not None}:
            asked["params"] = chosen  # an empty set would strike the parameters that stand in the address of a page
        asked |= self._lasting(seconds)
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self._try(method, f"{self.address}{where}", asked, file, stream=stream)
            except httpx2.RequestError as error:
                wait = self.patience.before(attempt, None)
                if wait is None:
                    raise Unreachable(f"{self.address}{where}") from error
            else:
                if response.is_success:
                    self.tags.keep(keep or where, response.headers.get("etag"))
                    return response
                refused = _refused(response)
                again = refused.status in _AGAIN or refused.kind == _IN_FLIGHT
                wait = self.patience.before(attempt, refused.wait) if again else None
                if wait is None:
                    raise refused
            self.patience.sleep(wait)

    def _lasting(self, seconds: float | None) -> dict[str, httpx2.Timeout]:
        """The line's own limits, but with so much time for an answer at least; None: nothing but its own."""
        own = self.http.timeout
        if seconds is None or own.read is None:
            return {}
        read = max(own.read, seconds)
        return {"timeout": httpx2.Timeout(connect=own.connect, read=read, write=own.write, pool=own.pool)}

    def _try(
        self, method: str, address: str, asked: dict[str, Any], file: tuple[str, str, File] | None, *, stream: bool
    ) -> httpx2.Response:
        """Send it once; a file is opened anew for each try."""
        with ExitStack() as opened:
            if file is not None:
                asked = {**asked, "files": {file[0]: (file[1], _open(file[2], opened))}}
            return self.http.send(self.http.build_request(method, address, **asked), stream=stream)


def _entries(document: object) -> list[object]:
    """The entries of a page, or of a list that is given whole."""
    entries = document.get("items") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise UnreadableAnswer("items")
    return entries


def _open(file: File, opened: ExitStack) -> BinaryIO:
    return BytesIO(file) if isinstance(file, bytes) else opened.enter_context(file.open("rb"))


def _refused(response: httpx2.Response) -> Refused:
    try:
        content = response.read()
    finally:
        response.close()
    return refusal(response.status_code, content, response.headers)
