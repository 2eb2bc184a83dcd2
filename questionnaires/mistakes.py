"""Mistakes in what an author or assessor wrote: file, line, path, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from questionnaires import wording
from questionnaires.errors import Fault


@dataclass(frozen=True)
class Mistake:
    """One mistake. ``code`` is stable; its sentence is in the catalogue under ``mistake.<code>``."""

    file: str
    line: int | None
    path: tuple[str | int, ...]
    code: str
    details: Mapping[str, object] = field(default_factory=dict)
    room: str = "questionnaires"

    @property
    def pointer(self) -> str:
        """The place inside the file as a JSON Pointer (RFC 6901)."""
        return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.path)

    def sentence(self, language: str = "en") -> str:
        """What is wrong and how to mend it, without the place."""
        return wording.say(self.room, f"mistake.{self.code}", language, **self.details)

    def located(self, language: str = "en") -> str:
        """``file:line: /path: sentence``, the form editors and terminals can jump to."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.pointer or '/'}: {self.sentence(language)}"


class Mistaken(Fault):
    """Something written by a person holds mistakes; all of them are in ``mistakes``."""

    code = "mistaken"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(count=len(mistakes), first=mistakes[0].located("en") if mistakes else "")
        self.mistakes = tuple(mistakes)

    def sentence(self, language: str = "en") -> str:
        """All mistakes, one a line."""
        return "\n".join(mistake.located(language) for mistake in self.mistakes)
