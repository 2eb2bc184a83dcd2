"""The scorecard as CSV for a spreadsheet."""

from __future__ import annotations

from questionnaires.model import Definition
from scoring.scorecard import Scorecard


def to_csv(scorecard: Scorecard, definition: Definition, language: str) -> bytes:
    """One row a node or question, headings in ``language``; UTF-8 with a byte order mark, for Excel."""
    raise NotImplementedError
