"""Tables: looked up by answers that select something, with a number for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from questionnaires.checking.contents import Contents
from questionnaires.mistakes import Mistake
from questionnaires.model import ChoicesQuestion, Question, Table, denied_by, keys_of
from questionnaires.places import Path

Rows = Mapping[str, Fraction | Mapping[str, Fraction]]


def check_tables(contents: Contents) -> Iterator[Mistake]:
    """Questions that select nothing, rows for answers that are none, answers without a row."""
    for number, table in enumerate(contents.structure.tables):
        path: Path = ("tables", number)
        asked = [contents.questions.get(identifier) for identifier in table.by]
        known = [question for question in asked if question is not None and keys_of(question)]
        for place, identifier in enumerate(table.by):
            at: Path = (*path, "by", place) if len(table.by) > 1 else (*path, "by")
            question = asked[place]
            if question is None or not keys_of(question):
                yield contents.mistake("not-a-key", at, id=identifier)
            elif len(table.by) > 1 and isinstance(question, ChoicesQuestion):
                yield contents.mistake("several-in-a-pair", at, id=identifier)
            elif identifier in table.by[:place]:
                yield contents.mistake("not-a-key", at, id=identifier)
        if len(known) == len(table.by):
            yield from _rows(contents, table, known, table.values, (*path, "values"))


def _rows(contents: Contents, table: Table, asked: Sequence[Question], rows: Rows, path: Path) -> Iterator[Mistake]:
    """The rows for the first of the questions asked, and within each those for the second."""
    question, *further = asked
    answers, denials = keys_of(question), denied_by(question)
    for answer, row in rows.items():
        at = (*path, answer)
        if answer not in answers:
            yield contents.mistake("unknown-option", at, option=answer, question=question.id)
        elif answer in denials:
            yield contents.mistake("table-of-denial", at, option=answer, question=question.id)
        elif isinstance(row, Mapping) != bool(further):
            yield contents.mistake("table-depth", at, count=len(table.by))
        elif isinstance(row, Mapping):
            yield from _rows(contents, table, further, row, at)
    for answer in answers:
        if answer not in rows and answer not in denials and table.otherwise is None:
            yield contents.mistake("table-hole", path, option=answer, question=question.id)
