"""More questionnaires on the shelf of a test: the example with every word of the language, and drafts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from itti.assessments import library
from questionnaires import loading

EVERY_WORD: Final = "every-word"
"""Family of the example that uses every kind of question; its version is 1.0.0."""


@contextmanager
def every_word(folder: Path, changes: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """Publish the example of the language for a while, in both languages (its words are English in both).

    ``changes``: texts of its structure, each with what stands there instead.
    """
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
    with in_use(shelf):
        yield


@contextmanager
def in_use(shelf: Path) -> Iterator[None]:
    """Take the questionnaires of a folder for the published ones, for a while."""
    before = loading.PUBLISHED
    loading.PUBLISHED = shelf  # type: ignore[misc]
    _forget()
    try:
        yield
    finally:
        loading.PUBLISHED = before  # type: ignore[misc]
        _forget()


def _forget() -> None:
    for cached in (loading.published, loading.load, library.questionnaire):
        cached.cache_clear()
