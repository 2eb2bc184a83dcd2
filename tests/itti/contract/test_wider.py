"""Patterns that became wider, also those of the names of fields: tools bear it where they write, and only there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itti.contract.schemas import Reading, Way
from itti.contract.wider import WIDER

NARROW, WIDE = max(WIDER)
NUMBER = {"type": "integer"}


def by_name(pattern: str, longest: int, value: Any = NUMBER) -> dict[str, Any]:
    return {"type": "object", "patternProperties": {pattern: value}, "propertyNames": {"maxLength": longest}}


@settings(max_examples=30)
@given(st.data())
def test_what_the_narrower_pattern_takes_the_wider_one_takes(data: st.DataObject) -> None:
    narrow, wide = data.draw(st.sampled_from(sorted(WIDER)))
    assert re.search(wide, data.draw(st.from_regex(narrow, fullmatch=True)))


@pytest.mark.parametrize(
    ("inner", "outer", "codes"),
    [
        ({"type": "string", "pattern": NARROW}, {"type": "string", "pattern": WIDE}, []),
        ({"type": "string", "pattern": WIDE}, {"type": "string", "pattern": NARROW}, ["form"]),
        ({"type": "string"}, {"type": "string", "pattern": WIDE}, ["form"]),
        (by_name(NARROW, 9), by_name(NARROW, 9), []),
        (by_name(NARROW, 9), by_name(WIDE, 12), []),
        (by_name(WIDE, 9), by_name(NARROW, 9), ["unjudged"]),
        (by_name(NARROW, 12), by_name(WIDE, 9), ["limit"]),
        (by_name(NARROW, 9), by_name(WIDE, 9, {"type": "string"}), ["type"]),
        (by_name(NARROW, 9), by_name(NARROW, 9, {"type": "string"}), ["type"]),
        ({"type": "object"}, by_name(WIDE, 9), ["limit", "unjudged"]),
    ],
)
def test_wider_names_are_borne_by_who_writes(inner: dict[str, Any], outer: dict[str, Any], codes: list[str]) -> None:
    assert [code for code, _ in Reading(Way.SENT, {}, {}).losses(inner, outer)] == codes


def test_answers_may_have_more_names_and_no_other_ones() -> None:
    for narrow, wide in WIDER:
        for old, new in ((narrow, wide), (wide, narrow)):
            assert list(Reading(Way.RECEIVED, {}, {}).losses(by_name(new, 9), by_name(old, 9))) == []
        texts = by_name(wide, 9, {"type": "string"})
        assert [code for code, _ in Reading(Way.RECEIVED, {}, {}).losses(texts, by_name(narrow, 9))] == ["type"]
    other = list(Reading(Way.RECEIVED, {}, {}).losses(by_name("^x$", 9), by_name(NARROW, 9)))
    assert [code for code, _ in other] == ["unjudged"]
