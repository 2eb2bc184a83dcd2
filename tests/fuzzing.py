"""Files as a stranger, a broken line or an attacker leaves them: real ones that were cut, bent, doubled and mixed.

In the suite a few of each; ``ITTI_FUZZ=200`` tries two hundred times as many, each from another seed.
"""

from __future__ import annotations

import io
import json
import os
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

TIMES: Final = int(os.environ.get("ITTI_FUZZ", "1"))
"""How many times the examples of the suite are tried."""

TestT = TypeVar("TestT", bound=Callable[..., Any])

_SPLINTERS: Final = (
    b"\x00" * 40,
    b"\xff\xfe",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;",
    b"<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>",
    b'=HYPERLINK("http://example.com")',
    b"1" * 400,
    b"-0.00e999999",
    b"]]>",
    b"\r\n\r\n--",
    b"PK\x05\x06" + b"\xff" * 18,
    "\u202e\ud7ff\U0001f3ed".encode(),
    b"\xed\xa0\x80",
)


def times(examples: int) -> Callable[[TestT], TestT]:
    """As many examples, times what the environment asks for; whatever a slow machine takes for them."""
    chosen: Callable[[TestT], TestT] = settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    return chosen


def bent(content: bytes, seed: int) -> bytes:
    """``content`` after one to four mishaps that follow from ``seed``; with 0 as it is."""
    if seed == 0:
        return content
    lot = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(lot.randint(1, 4)):
        begin = lot.randrange(len(content) + 1)
        end = min(len(content), begin + lot.choice((1, 4, 60, 4000)))
        match lot.randrange(6):
            case 0:
                content = content[:begin]
            case 1 if begin < len(content):
                content = content[:begin] + bytes([content[begin] ^ (1 << lot.randrange(8))]) + content[begin + 1 :]
            case 2:
                content = content[:begin] + content[end:]
            case 3:
                content = content[:end] + content[begin:]
            case 4:
                content = content[:begin] + lot.choice(_SPLINTERS) + content[begin:]
            case _:
                content = content[:begin] + lot.choice(_SPLINTERS) + content[end:]
    return content


def bent_inside(archive: bytes, seed: int) -> bytes:
    """A zip in which one part was bent and the rest, with all sums, is sound."""
    lot, made = random.Random(seed), io.BytesIO()  # noqa: S311 - no secret
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = lot.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, bent(old.read(name), seed) if name == chosen else old.read(name))
    return made.getvalue()


_ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    -1,
    0,
    1,
    10**17,
    "",
    " ",
    "x" * 5000,
    "\u202e",
    "1e999999",
    "-0.0",
    "9" * 400,
    "1/0",
    "1/3",
    "NaN",
    "2026-02-30",
    "(" * 3000,
    "1" + "+1" * 3000,
    "-" * 3000 + "1",
    "(9999999*" * 30 + "1" + ")" * 30,
    "maintenance.maintenance",
    "2 ^ 2",
    [],
    {},
    [[]],
    [{}],
    {"": None},
    "{count}",
)
"""What a place of a document may hold that its author never meant."""

_DEEP: Final = (
    b"[" * 50_000,
    b"{a: " * 5_000,
    b"- " * 5_000,
    b"a: &a [*a, *a]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    b"%YAML 9.9\n---\n",
)
_ENCODINGS: Final = ("utf-8-sig", "utf-16", "utf-32", "latin-1")


def warped(document: object, seed: int) -> bytes:
    """A document of mappings, lists and scalars after some changes of its own kind, as JSON, and at times broken text.

    What stands at one place comes to stand at another, is doubled, left out, wrapped, or replaced by something odd.
    """
    lot = random.Random(seed)  # noqa: S311 - no secret
    root = [_copied(document)]
    for _ in range(lot.randint(1, 4)):
        _warp(root, lot)
    text = json.dumps(root[0], ensure_ascii=False, indent=lot.choice((None, 1)))
    match lot.randrange(12):
        case 0:
            return bent(text.encode(), seed)
        case 1:
            return text.encode(lot.choice(_ENCODINGS), "replace")
        case 2:
            begin = lot.randrange(len(text) + 1)
            return text[:begin].encode() + lot.choice(_DEEP) + text[begin:].encode()
    return text.encode()


def _warp(root: list[Any], lot: random.Random) -> None:
    places = list(_places(root))
    inside, key = lot.choice(places)
    match lot.randrange(7):
        case 0 | 1:
            inside[key] = _copied(lot.choice(_ODD))
        case 2:
            other, name = lot.choice(places)  # texts that stand elsewhere are ids of things, numbers and formulas too
            inside[key] = _copied(other[name])
        case 3 if inside is not root:
            del inside[key]
        case 4 if isinstance(inside, list):
            inside[key:key] = [_copied(inside[key]) for _ in range(lot.choice((1, 2, 60)))]
        case 5:
            inside[key] = [inside[key]] if lot.randrange(2) else {"id": inside[key]}
        case _ if isinstance(inside, dict):
            inside[str(lot.choice((*inside, "id", "items", "when")))] = inside.pop(key)


def _copied(part: Any) -> Any:
    """A part that shares nothing with the one that it is made from."""
    return json.loads(json.dumps(part))


def _places(inside: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document: what it is in, and its key or number there."""
    for key in range(len(inside)) if isinstance(inside, list) else list(inside):
        yield inside, key
        if isinstance(inside[key], list | dict):
            yield from _places(inside[key])


def seeds() -> st.SearchStrategy[int]:
    """Numbers that mishaps follow from."""
    return st.integers(0, 2**32)


def bent_files(whole: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of these files, bent from outside, or within where it is an archive."""

    def made(which: int, seed: int, *, inside: bool) -> bytes:
        content = whole[which]
        return bent_inside(content, seed) if inside and content[:4] == b"PK\x03\x04" else bent(content, seed)

    return st.builds(made, st.integers(0, len(whole) - 1), seeds(), inside=st.booleans())


names: Final = st.one_of(
    st.sampled_from(
        [
            "log.txt",
            "../../etc/passwd",
            "C:\\x.pdf",
            "=1+1.csv",
            "a\u202efdp.exe",
            ".",
            "",
            "x" * 300 + ".xlsx",
            "con.png",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=40),
)
"""Names of files."""
