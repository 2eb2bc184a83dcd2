"""XML read as a stream of events, without document types, entities or depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NoReturn
from xml.parsers import expat

from questionnaires.workbook.faults import NotAWorkbook, WorkbookHostile, WorkbookTooLarge

_MOST_ELEMENTS: Final = 400_000
"""Elements of one part; each costs about two microseconds."""

_DEEPEST: Final = 60

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class _Names(dict[str, str]):
    """``namespace name`` → ``name``: files of the strict and of the transitional standard read alike."""

    def __missing__(self, name: str) -> str:
        if len(self) > 2000:
            self.clear()
        return self.setdefault(name, name.rpartition(" ")[2])


def parse(pieces: Iterable[bytes], part: str, start: Start, end: End, text: Text) -> None:
    """Call ``start``, ``end`` and ``text`` for everything in the part.

    Raises:
        WorkbookHostile: a document type or an entity; spreadsheet programs write none.
        WorkbookTooLarge: too many elements, or too deep.
        NotAWorkbook: it is not well-formed.
    """
    names, count, depth = _Names(), 0, 0
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count += 1
        depth += 1
        if count > _MOST_ELEMENTS or depth > _DEEPEST:
            raise WorkbookTooLarge(what=part, limit=f"{_MOST_ELEMENTS}")
        start(names[name], attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(names[name])

    def refuse(*_: object) -> NoReturn:
        raise WorkbookHostile(what=part)

    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotAWorkbook(problem=f"{part}: {error}") from error
    except (LookupError, ValueError) as error:  # an encoding nobody knows
        raise NotAWorkbook(problem=f"{part}: {str(error)[:100]}") from error
