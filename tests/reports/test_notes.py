"""Signed notes as other tools write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.notes import Head, NoteMalformedError, Signer, Verifier

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
ROOT = bytes(range(32))

PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
"""The key of the examples of the package golang.org/x/mod/sumdb/note."""


def test_published_key() -> None:
    """Ids and encodings are the ones that other tools compute."""
    signer = Signer.parse(SECRET)
    assert str(signer.verifier) == PUBLIC
    assert signer.dumped() == SECRET
    assert Verifier.parse(PUBLIC) == signer.verifier
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    published = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    import base64

    signature = base64.b64decode(published)
    assert signature[:4] == signer.verifier.plain_id
    assert signer.verifier.made(signature[4:], text.encode())


def test_published_head() -> None:
    """The head of the Go checksum database that stands in the documentation of its format."""
    key = Verifier.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
    assert key.plain_id.hex() == "033de0ae"


def test_there_and_back() -> None:
    signer = Signer.new("programme.example/record")
    note = signer.sign(7, ROOT, AT)
    head = Head.parse(note)
    assert (head.origin, head.size, head.root) == ("programme.example/record", 7, ROOT)
    assert head.signed_by(signer.verifier)
    assert head.time_by(signer.verifier) == AT
    assert head.signer_among([Signer.new("programme.example/record").verifier, signer.verifier]) == signer.verifier
    other = Signer.new("programme.example/record")
    assert not head.signed_by(other.verifier)
    assert head.time_by(other.verifier) is None
    assert head.signer_among([other.verifier]) is None


@given(place=st.integers(0, 400), sign=st.characters(codec="ascii"))
def test_no_sign_of_a_note_can_be_changed(place: int, sign: str) -> None:
    signer = Signer.parse(SECRET)
    note = signer.sign(7, ROOT, AT)
    place %= len(note)
    changed = note[:place] + sign + note[place + 1 :]
    if changed == note:
        return
    try:
        head = Head.parse(changed)
    except NoteMalformedError:
        return
    same = (head.origin, head.size, head.root) == (signer.name, 7, ROOT)
    dated = head.time_by(signer.verifier)
    assert not head.signed_by(signer.verifier) or (same and dated in {AT, None})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x\n\n",
        "origin\n7\nAAAA\n\n— a b\n",
        "origin\n07\n" + "A" * 43 + "=\n\n— a AAAA\n",
        "origin\n7\n" + "A" * 43 + "=\n\n- a AAAA\n",
        "origin\n7\n" + "A" * 43 + "=\n\n— a AAAA",
        "\n7\n" + "A" * 43 + "=\n\n— a AAAA\n",
        "x" * 30_000,
    ],
)
def test_what_is_no_head(text: str) -> None:
    with pytest.raises(NoteMalformedError):
        Head.parse(text)


@pytest.mark.parametrize("text", ["", "a+b+c", PUBLIC.replace("c74f20a3", "c74f20a4"), PUBLIC[:-4], "+" + PUBLIC])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(NoteMalformedError):
        Verifier.parse(text)
    with pytest.raises(NoteMalformedError):
        Signer.parse(text)
    with pytest.raises(NoteMalformedError):
        Signer.new("two words")
