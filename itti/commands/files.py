"""Files that commands read and write."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from questionnaires.errors import Fault
from questionnaires.loading import NoSuchFile, fit, read_file
from questionnaires.mistakes import Mistaken
from questionnaires.model import Definition
from questionnaires.places import Document, read
from reports.directions import plain
from scoring import CohortFigures
from scoring.errors import AnswerFault, AnswersRefused
from scoring.plan import PlannedContradiction
from scoring.sheet import AnswerSheet, read_sheet


class CannotWrite(Fault):
    """The output file cannot be written."""

    code = "cannot-write"
    room = "itti.commands"


class PlacedAnswers(Fault):
    """Answers that cannot be scored, each with its file, line and path."""

    code = "placed-answers"
    room = "itti.commands"

    def __init__(self, refused: AnswersRefused, document: Document) -> None:
        super().__init__()
        self.refused = refused
        self.document = document

    def sentence(self, language: str = "en") -> str:
        """One line an answer, in the form editors and terminals can jump to."""
        return "\n".join(self._placed(fault, language) for fault in self.refused.faults)

    def _placed(self, fault: AnswerFault, language: str) -> str:
        question = str(fault.details["question"])
        line = self.document.line(("answers", question))
        return f"{self.document.file}:{line}: /answers/{question}: {fault.sentence(language)}"


class ContradictingAnswers(Fault):
    """Answers that cannot all be true, each contradiction at the lines of its answers."""

    code = "contradicting-answers"
    room = "itti.commands"

    def __init__(self, found: Sequence[PlannedContradiction], definition: Definition, document: Document) -> None:
        super().__init__()
        self.found, self.definition, self.document = tuple(found), definition, document

    def sentence(self, language: str = "en") -> str:
        """One line for every answer of every contradiction, in the form editors and terminals can jump to."""
        said = self.definition.words(language).contradictions
        lines = [
            f"{self.document.file}:{self.document.line(('answers', question))}: /answers/{question}: {said[each.id]}"
            for each in self.found
            for question in each.questions
        ]
        return plain("\n".join(lines), language)


def sheet_from(path: Path) -> tuple[AnswerSheet, Document]:
    """The answers in a file, or on standard input for ``-``, and where each of them stands.

    Raises:
        NoSuchFile: it cannot be read.
        Mistaken: it holds mistakes.
    """
    document = read(sys.stdin.buffer.read(), "-") if str(path) == "-" else read_file(path)
    return read_sheet(document), document


def figures_from(path: Path | None) -> CohortFigures | None:
    """The figures of a cohort in a file, as ``itti cohort --figures`` writes it; None without a file.

    Raises:
        NoSuchFile: it cannot be read.
        Mistaken: it holds mistakes.
    """
    if path is None:
        return None
    document = read_file(path)
    figures = fit(CohortFigures, document)
    if figures is None or document.mistakes:
        raise Mistaken(document.mistakes)
    return figures


def bytes_from(path: Path, limit: int) -> bytes:
    """The content of a file, or of standard input for ``-``: one byte more than ``limit`` at the most.

    Raises:
        NoSuchFile: it cannot be read.
    """
    if str(path) == "-":
        return sys.stdin.buffer.read(limit + 1)
    try:
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise NoSuchFile(file=str(path), reason=error.strerror or type(error).__name__) from error


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: what was there before stays until the new content is complete.

    Raises:
        CannotWrite: the folder does not exist, no permission, or no space.
    """
    if str(path) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        handle, passing = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            umask = os.umask(0)
            os.umask(umask)
            Path(passing).chmod(0o666 & ~umask)
            Path(passing).replace(path)
        except BaseException:
            Path(passing).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CannotWrite(file=str(path), reason=error.strerror or type(error).__name__) from error
