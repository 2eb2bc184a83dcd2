"""The one base class of every error that crosses a public boundary of this project.

An error carries a stable machine ``code`` and named ``details``; the sentence a person reads comes from
the message catalogue of the room that raises it, in the reader's language.
"""

from __future__ import annotations

from typing import ClassVar

from questionnaires import wording


class Fault(Exception):
    """A mistake that somebody can act on.

    Subclasses set ``code`` (kebab-case, stable for ever, part of the API) and ``room`` (the package whose
    catalogue holds the sentence under the key ``fault.<code>``). ``details`` are the values named in that
    sentence; they hold no secrets, since they are shown.
    """

    code: ClassVar[str] = "fault"
    room: ClassVar[str] = "questionnaires"

    def __init__(self, **details: object) -> None:
        super().__init__(self.code)
        self.details: dict[str, object] = details

    def sentence(self, language: str = "en") -> str:
        """What is wrong, where, and what to do about it, in ``language`` (``en`` or ``ar``)."""
        return wording.say(self.room, f"fault.{self.code}", language, **self.details)

    def __str__(self) -> str:
        return self.sentence("en")
