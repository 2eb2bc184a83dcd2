"""Several lines in one cell, and how high a row must be to show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_HIGHEST: Final = 409.0  # points; no program shows a higher row

Paragraphs = tuple[tuple[str, bool, str], ...]
"""Lines of one cell: how it begins, whether that is bold, and the plain rest."""


def present(*paragraphs: tuple[str, bool, str]) -> Paragraphs:
    """The paragraphs that begin with something."""
    return tuple(paragraph for paragraph in paragraphs if paragraph[0])


def plain(paragraphs: Paragraphs) -> str:
    """The same without bold."""
    return "\n".join(f"{beginning}{rest}" for beginning, _, rest in paragraphs)


def height(texts: Mapping[str, int]) -> float:
    """Height of a row in points that shows every text in a column of that width.

    Spreadsheet programs disagree on who fits rows to wrapped texts; LibreOffice does not when it opens a file.
    """
    lines_of = [
        sum(1 + len(paragraph) // max(1, width - 2) for paragraph in text.split("\n")) for text, width in texts.items()
    ]
    return min(_HIGHEST, 4 + 13.2 * max(lines_of, default=1))
