"""Strict YAML: what it reads, what it refuses, and that it says where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.mistakes import Mistake
from questionnaires.places import LARGEST_FILE, read


def codes(text: str) -> list[str]:
    return [mistake.code for mistake in read(text.encode(), "x.yaml").mistakes]


def test_valid_core_values_only() -> None:
    document = read(b"a: 1\nb: yes\nc: NO\nd: 1.10\ne: 12:30\nf: true\ng: null\nh: '3'\ni: [1, two]\n", "x.yaml")
    assert document.data == {
        "a": 1, "b": "yes", "c": "NO", "d": "1.10", "e": "12:30", "f": True, "g": None, "h": "3", "i": [1, "two"],
    }  # fmt: skip
    assert document.mistakes == []


def test_no_binary_float_can_come_to_be() -> None:
    def floats(value: object) -> bool:
        if isinstance(value, dict):
            return any(floats(item) for item in value.values())
        return isinstance(value, float) or (isinstance(value, list) and any(floats(item) for item in value))

    assert not floats(read(b"[1.5, 1e3, .inf, -.5, 0x1F, 1_000, 2026-01-01]", "x").data)


def test_json_is_read_too() -> None:
    assert read(b'{"a": [1, "b"], "c": {"d": null}}', "x.json").data == {"a": [1, "b"], "c": {"d": None}}


def test_places_are_lines_of_keys_and_items() -> None:
    document = read(b"a:\n  b: 1\n  c:\n    - 2\n    - 3\n", "x.yaml")
    assert document.line(("a", "b")) == 2
    assert document.line(("a", "c", 1)) == 5
    assert document.line(("a", "c", 1, "nothing", "below")) == 5


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\na: 2\n", "duplicate-key", 2),
        ("a: &x 1\nb: *x\n", "anchor", 1),
        ("a: !!python/object:os.system 1\n", "tag", 1),
        ("a: 1\n---\nb: 2\n", "several-documents", 2),
        ("? [1, 2]\n: 3\n", "key-not-text", 1),
        ("a: [1, 2\nb: 3\n", "not-yaml", 2),
        ("", "file-empty", None),
        ("# only a comment\n", "file-empty", None),
    ],
)
def test_refused_with_its_line(text: str, code: str, line: int | None) -> None:
    mistake = read(text.encode(), "x.yaml").mistakes[0]
    assert (mistake.code, mistake.line) == (code, line)


def test_all_mistakes_at_once() -> None:
    assert codes("a: 1\na: 2\nb: &x 3\nb: 4\n") == ["duplicate-key", "anchor", "duplicate-key"]


def test_not_utf_8_names_the_line() -> None:
    assert read(b"a: 1\nb: \xff\n", "x").mistakes == [Mistake("x", 2, (), "not-utf-8", {})]


def test_too_large() -> None:
    assert read(b"#" * (LARGEST_FILE + 1), "x").mistakes[0].code == "file-too-large"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_hostile_depth_ends_in_a_mistake(opening: str) -> None:
    assert codes(opening * 200_000)[0] in {"too-deep", "not-yaml"}


def test_entity_bomb_is_refused() -> None:
    lines = ["a: &a [x, x]"] + [f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(20)]
    assert "anchor" in codes("\n".join(lines))


@given(st.binary(max_size=300))
def test_any_bytes_end_in_data_or_mistakes(text: bytes) -> None:
    document = read(text, "x")
    assert document.data is not None or document.mistakes


@pytest.mark.parametrize("language", ["en", "ar"])
def test_located_sentence_names_place_and_remedy(language: str) -> None:
    sentence = read(b"a:\n  b: 1\n  b: 2\n", "my.yaml").mistakes[0].located(language)
    assert sentence.startswith("my.yaml:3: /a/b: ")
    assert len(sentence) > 40
