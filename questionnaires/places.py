"""YAML and JSON read strictly, with the line of everything.

Only what a definition needs is read: mappings with text keys, sequences, texts, whole numbers, true, false
and null, by the core rules of YAML 1.2. A decimal number stays the text it was written as, so no binary
float comes to be and ``1.10`` is not ``1.1``. Duplicate keys, anchors and tags are mistakes. All mistakes of
a file are collected, not only the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import yaml

from questionnaires.mistakes import Mistake

Path = tuple[str | int, ...]
"""Keys and positions from the top of a document."""

LARGEST_FILE: Final = 2_000_000
"""Most bytes of one file that are read."""

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})", re.ASCII)
_CONSTANTS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST: Final = 40


@dataclass
class Document:
    """What a file says, where it says it, and what is wrong with it."""

    file: str
    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    """Path of keys and positions → line, counted from 1."""

    mistakes: list[Mistake] = field(default_factory=list)
    elsewhere: dict[Path, Path] = field(default_factory=dict)
    """Path at which something is meant → path at which it is written; see :mod:`questionnaires.sharing`."""

    def written_at(self, path: Path) -> Path:
        """Where the file says what is meant at ``path``: mostly there."""
        for end in range(len(path) - 1, 0, -1):
            if path[:end] in self.elsewhere:
                return (*self.elsewhere[path[:end]], *path[end:])
        return path

    def line(self, path: Path) -> int | None:
        """The line of ``path``, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None

    def mistake(self, code: str, path: Path, **details: object) -> Mistake:
        """A mistake at ``path`` of this file; the caller decides whether to keep it."""
        path = self.written_at(path)
        return Mistake(self.file, self.line(path), path, code, details)


def read(text: bytes, file: str) -> Document:
    """Read one YAML (or JSON) document; never raises for its content, see ``mistakes``."""
    document = Document(file)
    if len(text) > LARGEST_FILE:
        document.mistakes.append(Mistake(file, None, (), "file-too-large", {"limit": LARGEST_FILE}))
        return document
    try:
        _Reading(document, yaml.parse(text.decode("utf-8"), Loader=_LOADER)).run()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        document.mistakes.append(Mistake(file, line, (), "not-utf-8", {}))
    except _TooDeep:
        document.data = None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count(b"\n") + 1
        document.mistakes.append(Mistake(file, line, (), "not-yaml", {"problem": error.reason}))
        document.data = None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        line_of_mark = mark.line + 1 if mark else None
        document.mistakes.append(Mistake(file, line_of_mark, (), "not-yaml", {"problem": problem}))
        document.data = None
    return document


class _TooDeep(Exception):
    """Nested beyond what any definition needs; reading stops."""


class _Reading:
    """One pass over the parser's events: a hostile depth never reaches the parser's own recursion."""

    def __init__(self, document: Document, events: Iterator[yaml.Event]) -> None:
        self.document = document
        self.events = events

    def run(self) -> None:
        """Read the only document of the stream."""
        found = False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found:
                    self._mistake("several-documents", (), event)
                    return
                found = True
                self.document.data = self._value(next(self.events), ())
        if not found or self.document.data is None:
            self.document.mistakes.append(Mistake(self.document.file, None, (), "file-empty", {}))

    def _mistake(self, code: str, path: Path, event: yaml.Event, **details: object) -> None:
        line = _line(event)
        self.document.mistakes.append(Mistake(self.document.file, line, path, code, details))

    def _value(self, event: yaml.Event, path: Path) -> object:
        self.document.lines.setdefault(path, _line(event))
        if len(path) > _DEEPEST:
            self._mistake("too-deep", path[:3], event, limit=_DEEPEST)
            raise _TooDeep
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._mistake("anchor", path, event)
            if isinstance(event, yaml.AliasEvent):
                return None
        if (tag := getattr(event, "tag", None)) is not None:
            self._mistake("tag", path, event, tag=tag)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event) if isinstance(event, yaml.ScalarEvent) else None

    def _sequence(self, path: Path) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, object]:
        result: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.value == "<<":
                self._mistake("key-not-text", path, event)
                self._value(event, (*path, "?"))
                self._value(next(self.events), (*path, "?"))
                continue
            key, here = event.value, (*path, event.value)
            if key in result:
                self._mistake("duplicate-key", here, event, key=key)
                self._value(next(self.events), (*path, "?"))
                continue
            self.document.lines[here] = _line(event)
            result[key] = self._value(next(self.events), here)
        return result


def _line(event: yaml.Event) -> int:
    """The line on which ``event`` starts, counted from 1."""
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> object:
    text = str(event.value)
    if event.style is not None and event.style != "":
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return int(text) if _WHOLE.fullmatch(text) else text
