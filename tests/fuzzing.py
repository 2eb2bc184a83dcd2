"""Files as a stranger, a broken line or an attacker leaves them: real ones that were cut, bent, doubled and mixed.

In the suite a few of each; ``ITTI_FUZZ=200`` tries two hundred times as many, each from another seed.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Callable, Sequence
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
