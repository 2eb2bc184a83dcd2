"""More questionnaires on the shelf of a test: the example with every word of the language, and drafts."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import MappingProxyType
from typing import Final

from questionnaires import loading

EVERY_WORD: Final = "every-word"
"""Family of the example that uses every kind of question; its version is 1.0.0."""


@contextmanager
def every_word(folder: Path, changes: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """Publish the example of the language for a while, in both languages (its words are English in both).

    ``changes``: texts of its structure, each with what stands there instead; the shelf is made in ``folder`` then.
    """
    with in_use(_changed(folder, changes) if changes else _unchanged()):
        yield


@cache
def _unchanged() -> Path:
    """The shelf without changes, made once: what is read from it once is known ever after."""
    return _changed(lasting(), {})


@cache
def lasting() -> Path:
    """A folder that is there until the end of the run."""
    folder = Path(mkdtemp(prefix="itti-shelves-"))
    atexit.register(shutil.rmtree, folder)
    return folder


def _changed(folder: Path, changes: Mapping[str, str]) -> Path:
    shelf = folder / "shelf"
    shutil.copytree(loading.PUBLISHED, shelf)
    place = shelf / EVERY_WORD / "1.0.0"
    shutil.copytree(loading.EXAMPLE, place)
    structure = place / "definition.yaml"
    text = structure.read_text("utf-8")
    for old, new in {"languages: [en]": "languages: [en, ar]", **changes}.items():
        assert old in text
        text = text.replace(old, new, 1)
    structure.write_text(text, "utf-8")
    english = (place / "en.yaml").read_text("utf-8")
    (place / "ar.yaml").write_text(english.replace("language: en", "language: ar", 1), "utf-8")
    return shelf


@contextmanager
def in_use(shelf: Path) -> Iterator[None]:
    """Take the questionnaires of a folder for the published ones, for a while."""
    before = loading.PUBLISHED
    loading.PUBLISHED = shelf  # type: ignore[misc]
    try:
        yield
    finally:
        loading.PUBLISHED = before  # type: ignore[misc]
