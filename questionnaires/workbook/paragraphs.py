"""Several lines in one cell, and how high a row must be to show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_HIGHEST: Final = 409.0  # points; no program shows a higher row

Paragraphs = tuple[tuple[str, bool, str], ...]
"""Lines of one cell: how it begins, whether that is bold, and the plain rest."""


MOST_IN_A_CELL: Final = 32_767
"""Characters a cell holds, as spreadsheet programs count them: in units of UTF-16."""


def fitting(*texts: str) -> list[str]:
    """As much of the texts as one cell holds together; an ellipsis ends what had to be cut.

    For what is only shown: a cell that held more would be empty, or the file be taken for a damaged one.
    """
    left = MOST_IN_A_CELL - 1  # for the ellipsis, which is one unit
    fitted: list[str] = []
    for text in texts:
        units = text.encode("utf-16-le")
        if len(units) > 2 * left:
            return [*fitted, units[: 2 * left].decode("utf-16-le", "ignore") + "…"]  # half a sign is left out
        fitted.append(text)
        left -= len(units) // 2
    return fitted


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
