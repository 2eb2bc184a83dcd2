"""Entity tags and what a writer has to say first."""

from __future__ import annotations

import pytest

from itti.http.errors import PreconditionRequired
from itti.http.etags import MalformedTag, Precondition, etag, expected_version, precondition, tag_version


def test_round_trip() -> None:
    assert tag_version(etag(7)) == 7


@pytest.mark.parametrize("header", ["*", "7", '"x"', 'W/"7"', '"1", "2"', '""', '"-1"', '"' + "9" * 30 + '"', '"٣"'])
def test_not_a_tag(header: str) -> None:
    with pytest.raises(MalformedTag):
        tag_version(header)


def test_missing() -> None:
    with pytest.raises(PreconditionRequired):
        expected_version(None)
    with pytest.raises(PreconditionRequired):
        precondition(None, None)


def test_first_write() -> None:
    assert precondition(None, "*") == Precondition(None)
    assert precondition('"4"', None) == Precondition(4)


@pytest.mark.parametrize(("match", "none_match"), [("*", None), (None, '"1"'), ('"1"', "*")])
def test_refused(match: str | None, none_match: str | None) -> None:
    with pytest.raises(MalformedTag):
        precondition(match, none_match)
