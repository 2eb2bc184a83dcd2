"""The words of the command line, in the language of the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from questionnaires import wording


@cache
def language() -> str:
    """Language of the terminal, from ITTI_LANGUAGE, LC_ALL, LC_MESSAGES or LANG; English if it is none of ours."""
    for name in ("ITTI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if asked := os.environ.get(name):
            spoken = asked.partition("_")[0].partition(".")[0].lower()
            return spoken if spoken in wording.LANGUAGES else wording.LANGUAGES[0]
    return wording.LANGUAGES[0]


def words(key: str, **details: object) -> str:
    """A sentence of the command line in the terminal's language."""
    return wording.say("itti.commands", key, language(), **details)


@contextmanager
def progress(key: str, **details: object) -> Iterator[None]:
    """Say on the terminal that something longer is under way; silent when the output is not a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    print(words(key, **details), end=" … ", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        print(file=sys.stderr, flush=True)
