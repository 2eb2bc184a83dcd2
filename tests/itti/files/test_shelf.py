"""Keeping contents under their digest."""

import hashlib
import io
from pathlib import Path
from typing import BinaryIO

import pytest

from itti.files.errors import FileLost
from itti.files.shelf import Shelf


def test_kept_once_and_read_back(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "evidence", ".pdf")
    first, second = shelf.keep(io.BytesIO(b"same")), shelf.keep(io.BytesIO(b"same"))
    assert first == second
    assert first.sha256 == hashlib.sha256(b"same").hexdigest()
    assert first.size == 4
    assert shelf.read(first.sha256) == b"same"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / "evidence" / first.sha256[:2] / f"{first.sha256}.pdf"]


def test_a_changed_file_is_not_given_out(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    kept = shelf.keep(io.BytesIO(b"as it was"))
    shelf.path(kept.sha256).write_bytes(b"changed")
    with pytest.raises(FileLost) as caught:
        shelf.read(kept.sha256)
    assert kept.sha256 in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileLost):
        Shelf(tmp_path).read("0" * 64)


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 63, "A" * 64, "0" * 64 + "\n"])
def test_only_digests_are_paths(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"0|A|passwd"):
        Shelf(tmp_path).path(name)


def test_a_failing_source_leaves_nothing_behind(tmp_path: Path) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002 - the signature of a file
            if self.tell():
                raise OSError
            return super().read(4)

    source: BinaryIO = Breaking(b"some bytes")
    with pytest.raises(OSError):  # noqa: PT011 - the very error of the source comes through
        Shelf(tmp_path).keep(source)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
