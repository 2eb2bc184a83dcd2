"""Texts and addresses as they come in, and as they are kept."""

from __future__ import annotations

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from itti.http.fields import Email, Line, OptionalName, Prose, RequiredProse

line: TypeAdapter[str] = TypeAdapter(Annotated[Line, Field(max_length=10)])
prose: TypeAdapter[str] = TypeAdapter(Prose)
email: TypeAdapter[str] = TypeAdapter(Email)
optional: TypeAdapter[str | None] = TypeAdapter(OptionalName)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("  a b ", "a b"),
        ("e\u0301", "é"),
        ("\u202eevil", "evil"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("مصنع", "مصنع"),
        ("1234567890  ", "1234567890"),
    ],
)
def test_line(given_text: str, kept: str) -> None:
    assert line.validate_python(given_text) == kept


@pytest.mark.parametrize("text", ["", "  ", "\u200f", "a\nb", "a\tb", "a\x00", "a\x1b[31m", "12345678901", "a\x9f"])
def test_not_a_line(text: str) -> None:
    with pytest.raises(ValidationError):
        line.validate_python(text)


@pytest.mark.parametrize("text", ["工場", "Factory 🏭", "โรงงาน"])
def test_a_name_that_no_certificate_can_print_is_refused_at_once(text: str) -> None:
    with pytest.raises(ValidationError, match="signs"):
        optional.validate_python(text)


def test_prose_keeps_lines() -> None:
    assert prose.validate_python(" one\r\ntwo\rthree\u2028four\tfive ") == "one\ntwo\nthree\nfour\tfive"
    assert prose.validate_python("") == ""
    with pytest.raises(ValidationError):
        TypeAdapter(RequiredProse).validate_python(" \n ")


def test_script_stays_text() -> None:
    assert prose.validate_python("<script>alert(1)</script>") == "<script>alert(1)</script>"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        once = prose.validate_python(text)
    except ValidationError:
        return
    assert prose.validate_python(once) == once


def test_optional() -> None:
    assert optional.validate_python("  ") is None
    assert optional.validate_python(None) is None
    assert optional.validate_python(" a ") == "a"


@pytest.mark.parametrize("address", ["A.b+c@Example.org ", "x@a-b.co", "o'neil@x.museum", "a@xn--mgbah1a3hjkrd.com"])
def test_email(address: str) -> None:
    assert email.validate_python(address) == address.strip().lower()


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "@b.c", "a@b", "a@b.1", ".a@b.cd", "a..b@c.de", "a b@c.de", "a@-b.cd", "a@b-.cd", "a@b.cd\n.x",
     "x" * 65 + "@a.de", "a@" + "b" * 250 + ".de", "a@b.c@d.ef", "a\x00@b.cd", "ä@b.cd"],
)  # fmt: skip
def test_not_an_email(address: str) -> None:
    with pytest.raises(ValidationError):
        email.validate_python(address)
