"""How the client behaves on a bad line: what is tried again, what is not, and what the caller is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from itti.client import (
    Busy,
    Client,
    Forbidden,
    ForeignLink,
    InexactNumber,
    Invalid,
    Mistake,
    Patience,
    Refused,
    Stale,
    Unreachable,
    UnreadableAnswer,
)

ADDRESS: Final = "http://service.example"
TOKEN: Final = {
    "id": "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11",
    "label": "tablet",
    "last_used_at": None,
    "scopes": None,
} | dict.fromkeys(("created_at", "expires_at"), "2026-11-22T08:00:00Z")
SAVED: Final = {
    "answer": {
        "question": "quality",
        "phase": "assessed",
        "reason": "Seen.",
        "author_id": TOKEN["id"],
        "updated_at": "2026-11-22T08:00:00Z",
        "version": 1,
    },
    "standing": {"id": "index", "answered": 1, "total": 20, "complete": False}
    | {"index": "2.50", "lowest": "0.10", "highest": "4.90"},
}
Turn = httpx2.Response | Exception


class Line:
    """A service that says what it was told to, one answer a request."""

    def __init__(self, *turns: Turn) -> None:
        self.turns = list(turns)
        self.asked: list[httpx2.Request] = []
        self.waits: list[float] = []

    def client(self, **patience: Any) -> Client:
        """A client whose every request comes here, and whose waits are only noted."""
        http = httpx2.Client(transport=httpx2.MockTransport(self._serve))
        return Client(ADDRESS, "secret", patience=Patience(sleep=self.waits.append, **patience), http=http)

    def _serve(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.asked.append(request)
        turn = self.turns.pop(0)
        if isinstance(turn, Exception):
            raise turn
        return turn


def problem(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> httpx2.Response:
    content = json.dumps({"code": code, "status": status, "detail": "…", "request_id": "r1"} | more)
    return httpx2.Response(
        status, content=content, headers={"content-type": "application/problem+json"} | (headers or {})
    )


def saved() -> httpx2.Response:
    return httpx2.Response(200, json=SAVED, headers={"ETag": '"1"'})


LOST: Final = httpx2.ReadTimeout("lost")
REFUSED_LINE: Final = httpx2.ConnectError("refused")


@pytest.mark.parametrize("turn", [LOST, REFUSED_LINE, httpx2.Response(502), problem(503, "busy")], ids=repr)
def test_a_read_is_tried_again(turn: Turn) -> None:
    line = Line(turn, httpx2.Response(200, json={"items": [TOKEN]}))
    assert [token.label for token in line.client().list_tokens()] == ["tablet"]
    assert len(line.waits) == 1


@pytest.mark.parametrize(
    "turn", [LOST, REFUSED_LINE, httpx2.Response(504), problem(409, "request-in-flight")], ids=repr
)
def test_a_post_is_tried_again_under_the_same_key(turn: Turn) -> None:
    line = Line(turn, httpx2.Response(200, json={}), httpx2.Response(200, json={}))
    line.client().score("itti", {})
    line.client().score("itti", {})
    first, again, another = (request.headers["Idempotency-Key"] for request in line.asked)
    assert first == again != another


def test_the_service_says_how_long_to_wait() -> None:
    line = Line(problem(429, "too-many-scores", {"Retry-After": "7"}), httpx2.Response(200, json={}))
    line.client().score("itti", {})
    assert line.waits == [7]


def test_waits_grow_and_end() -> None:
    line = Line(*[problem(503, "busy")] * 4)
    with pytest.raises(Busy) as caught:
        line.client(first_wait=1.0).read_me()
    assert (caught.value.kind, caught.value.request_id) == ("busy", "r1")
    assert all(wait <= 2**turn for turn, wait in enumerate(line.waits))
    assert len(line.waits) == 3
    line = Line(*[LOST] * 4)
    with pytest.raises(Unreachable):
        line.client().read_me()
    assert len(line.asked) == 4


def test_a_wait_that_is_too_long_is_told_at_once() -> None:
    line = Line(problem(429, "too-many-requests", {"Retry-After": "540"}))
    with pytest.raises(Busy) as caught:
        line.client().read_me()
    assert (caught.value.wait, line.waits) == (540, [])


def test_what_was_decided_is_not_asked_again() -> None:
    line = Line(problem(403, "not-open-to-you"))
    with pytest.raises(Forbidden, match="not-open-to-you"):
        line.client().read_me()
    assert len(line.asked) == 1


def test_mistakes_are_told_by_place() -> None:
    errors = [{"pointer": "/grid/production", "code": "rows-incomplete", "detail": "Choose."}]
    with pytest.raises(Invalid) as caught:
        Line(problem(422, "answer-invalid", errors=errors)).client().save_answer("1", "quality")
    assert caught.value.mistakes == (Mistake("/grid/production", "rows-incomplete", "Choose."),)


def test_what_a_proxy_says_has_only_its_status() -> None:
    line = Line(httpx2.Response(418, html="<h1>Teapot</h1>"))
    with pytest.raises(Refused, match="http-418"):
        line.client().read_me()


@pytest.mark.parametrize("content", ["<h1>Welcome to our hotel</h1>", "[]", '{"items": 3}', '{"items": [{"id": 1}]}'])
def test_another_service_at_the_address_is_told_apart(content: str) -> None:
    with pytest.raises(UnreadableAnswer):
        Line(httpx2.Response(200, text=content)).client().read_me()
    if content != "[]":
        with pytest.raises(UnreadableAnswer):
            list(Line(httpx2.Response(200, text=content)).client().list_tokens())


def test_tags_go_from_answer_to_answer_and_each_phase_has_its_own() -> None:
    line = Line(saved(), saved(), saved(), problem(412, "stale", {"ETag": '"5"'}, current={"level": 4}))
    client = line.client()
    client.save_answer("1", "quality", level=3)
    client.save_answer("1", "quality", level=2)
    client.save_answer("1", "quality", level=2, phase="self")
    assert line.asked[0].headers["If-None-Match"] == "*"
    assert line.asked[1].headers["If-Match"] == '"1"'
    assert line.asked[2].headers["If-None-Match"] == "*"
    with pytest.raises(Stale) as caught:
        client.save_answer("1", "quality", level=2, tag='"4"')
    assert line.asked[3].headers["If-Match"] == '"4"'
    assert (caught.value.current, caught.value.tag) == ({"level": 4}, '"5"')


def test_numbers_are_exact_both_ways() -> None:
    line = Line(saved(), httpx2.Response(200, text='{"share": 0.1}'))
    client = line.client()
    standing = client.save_answer("1", "energy", number=Decimal("1E+3")).standing
    assert json.loads(line.asked[0].content)["number"] == "1000"
    assert standing.lowest == Decimal("0.10")
    assert client.read_scorecard("1") == {"share": Decimal("0.1")}
    with pytest.raises(InexactNumber):
        client.save_answer("1", "energy", number=0.1)  # type: ignore[arg-type]
    assert len(line.asked) == 2


def test_pages_are_fetched_as_they_are_read() -> None:
    link = {"Link": '</api/v1/tokens?limit=1&after=WyJB>; rel="next"'}
    line = Line(*(httpx2.Response(200, json={"items": [TOKEN]}, headers=each) for each in (link, {})))
    tokens = line.client().list_tokens()
    assert line.asked == []
    next(tokens)
    assert len(line.asked) == 1
    assert len(list(tokens)) == 1
    assert str(line.asked[1].url) == f"{ADDRESS}/api/v1/tokens?limit=1&after=WyJB"


@pytest.mark.parametrize("link", ["http://elsewhere.example/api/v1/tokens", f"{ADDRESS}.evil/api/v1/x", "//evil/x"])
def test_the_token_goes_to_no_other_service(link: str) -> None:
    line = Line(httpx2.Response(200, json={"items": [TOKEN]}, headers={"Link": f'<{link}>; rel="next"'}))
    with pytest.raises(ForeignLink):
        list(line.client().list_tokens())
    assert len(line.asked) == 1


def test_names_cannot_leave_their_place_in_an_address() -> None:
    line = Line(problem(404, "not-found"))
    with pytest.raises(Refused):
        line.client().read_answer("1", "../../me?x=")
    assert line.asked[0].url.raw_path == b"/api/v1/assessments/1/answers/..%2F..%2Fme%3Fx%3D?phase=assessed"


def test_a_file_is_sent_whole_at_every_try(tmp_path: Path) -> None:
    file = tmp_path / "orders.pdf"
    file.write_bytes(b"%PDF-1.7 orders")
    line = Line(REFUSED_LINE, problem(503, "busy"), problem(422, "file-kind"))
    with pytest.raises(Invalid):
        line.client().attach_evidence("1", "quality", file)
    assert all(b"%PDF-1.7 orders" in request.content for request in line.asked)
    assert all(b'filename="orders.pdf"' in request.content for request in line.asked)


def _pieces(log: list[int], end: Callable[[], None]) -> Iterator[bytes]:
    for number in range(3):
        log.append(number)
        yield b"x" * 10
    end()


class _Slow(httpx2.SyncByteStream):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces


def test_a_download_is_written_piece_by_piece_and_a_broken_one_is_told() -> None:
    def snap() -> None:
        raise httpx2.ReadError("snapped")

    to, log = BytesIO(), list[int]()
    line = Line(httpx2.Response(200, stream=_Slow(_pieces(log, lambda: None))))
    assert line.client().download_report("TI-2026-00001", to) == 30
    line = Line(httpx2.Response(200, stream=_Slow(_pieces(log, snap))))
    with pytest.raises(Unreachable):
        line.client().download_report("TI-2026-00001", to)
    assert len(to.getvalue()) == 60
