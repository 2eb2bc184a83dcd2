"""What a review refuses."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from itti.http.errors import Conflict, Forbidden, NotFound, PreconditionRequired, Stale
from questionnaires import wording

ROOM: Final = "itti.review"


class NoSuchComment(NotFound):
    """No comment with that id, or none that this person may read."""

    code = "no-such-comment"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"comment": "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"}


class CommentNotYours(Forbidden):
    """Only the reviewer who holds the review begins and settles comments; who only reads does not reply."""

    code = "comment-not-yours"
    room: ClassVar[str] = ROOM


class CommentsClosed(Conflict):
    """Nobody writes now: the assessment is in a state in which the person only reads."""

    code = "comments-closed"
    room: ClassVar[str] = ROOM


class ContentUnseen(PreconditionRequired):
    """An approval has to name the digest of what was read."""

    code = "content-unseen"
    room: ClassVar[str] = ROOM


class ContentChanged(Stale):
    """What stands there is not what the reviewer read; nothing was approved.

    The problem document carries as ``current`` the digest of what stands there now (``content_sha256``), and
    ``changed``: part → ids of questions. It is empty where nobody knows any more what was read.
    """

    code = "content-changed"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"what": "answers (Maintenance, Quality); scorecard"}

    def __init__(
        self,
        digest: str = "",
        changed: Mapping[Any, Sequence[str]] | None = None,
        titles: Mapping[str, Mapping[str, str]] | None = None,
        **details: object,
    ) -> None:
        """Name what ``changed``; ``titles`` holds the words of questions: language → question id → title."""
        super().__init__(**details)
        self._changed = {str(part): tuple(names) for part, names in (changed or {}).items()}
        self._titles = titles or {}
        named = {part: list(names) for part, names in self._changed.items()}
        self.members["current"] = {"content_sha256": digest, "changed": named}

    def sentence(self, language: str = "en") -> str:
        """What changed, by name."""
        if "what" in self.details:
            what = str(self.details["what"])
        elif self._changed:
            what = "; ".join(self._part(part, names, language) for part, names in self._changed.items())
        else:
            what = wording.say(ROOM, "part.unknown", language)
        return wording.say(ROOM, f"fault.{self.code}", language, what=what)

    def _part(self, part: str, names: Sequence[str], language: str) -> str:
        titles = self._titles.get(language, {})
        named = wording.say(ROOM, "part.comma", language).join(titles.get(name, name) for name in names)
        words = wording.say(ROOM, f"part.{part}", language)
        return f"{words} ({named})" if named else words
