"""Receiving a file: the limit holds while it is being read, whatever the sender says about its length."""

import asyncio
from tempfile import SpooledTemporaryFile
from typing import Any, Final

import pytest
from starlette import formparsers
from starlette.requests import Request

from itti.files.errors import FileMissing, FileTooLarge, MalformedUpload
from itti.files.uploads import Upload, megabytes, receive

LIMIT: Final = 100_000
HEAD: Final = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
TAIL: Final = b"\r\n--b--\r\n"


class Sender:
    """A client that sends ``chunks`` chunks of 10 kB and counts how many were taken."""

    def __init__(self, chunks: int, *, ends: bool = True) -> None:
        self.taken = 0
        self._chunks = chunks
        self._ends = ends

    async def receive(self) -> dict[str, Any]:
        """The next message of the connection."""
        self.taken += 1
        if self.taken == 1:
            return {"type": "http.request", "body": HEAD, "more_body": True}
        if self.taken <= self._chunks + 1:
            return {"type": "http.request", "body": b"x" * 10_000, "more_body": True}
        if self._ends:
            return {"type": "http.request", "body": TAIL, "more_body": False}
        return {"type": "http.disconnect"}

    def upload(self) -> Upload:
        """What :func:`receive` makes of it."""
        headers = [(b"content-type", b"multipart/form-data; boundary=b")]
        scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
        return asyncio.run(receive(Request(scope, self.receive), LIMIT))


def test_up_to_the_limit() -> None:
    upload = Sender(10).upload()
    assert (upload.name, upload.size) == ("a.txt", LIMIT)
    with upload.content:
        assert upload.content.read() == b"x" * LIMIT


@pytest.mark.parametrize("chunks", [11, 20, 60])
def test_a_little_too_much_is_read_to_its_end_and_refused(chunks: int) -> None:
    """So that the sender, who is still sending, gets to read the answer."""
    sender = Sender(chunks)
    with pytest.raises(FileTooLarge) as caught:
        sender.upload()
    assert sender.taken == chunks + 2
    assert "0.1 MB" in str(caught.value)


def test_an_endless_file_is_cut_off() -> None:
    sender = Sender(1_000_000)
    with pytest.raises(FileTooLarge):
        sender.upload()
    assert sender.taken < 70


def test_a_sender_that_goes_away() -> None:
    with pytest.raises(MalformedUpload):
        Sender(3, ends=False).upload()


@pytest.mark.parametrize(
    ("size", "words"), [(10_000_000, "10"), (2_500_000, "2.5"), (100_000, "0.1"), (149_999, "0.1"), (999_999, "1")]
)
def test_megabytes(size: int, words: str) -> None:
    assert megabytes(size) == words


def test_a_file_that_breaks_off_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Noted(SpooledTemporaryFile[bytes]):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            made.append(self)

    monkeypatch.setattr(formparsers, "SpooledTemporaryFile", Noted)
    monkeypatch.setattr("tests.itti.files.test_uploads.TAIL", b"")
    with pytest.raises(FileMissing):
        Sender(3).upload()
    assert [each.closed for each in made] == [True]
