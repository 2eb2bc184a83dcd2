"""What an assessment refuses, each with the reason and the remedy."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from itti.errors import FieldMistake, HttpFault
from itti.http.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from questionnaires import wording
from questionnaires.model import Item

ROOM: Final = "itti.assessments"

GOES_ON: Final = "…"
"""In place of a last day, of what has none."""

_WORDED: Final = {
    "state": "state",
    "move": "move",
    "who": "relation",
    "holder": "holder",
    "why": "lack",
    "tie": "tie",
    "tied": "tied",
}
"""Details that hold an id whose words are in this room's catalogue → the first part of their key."""


class AssessmentFault(HttpFault):
    """Base of the refusals of this room: ids of states, moves and relations are said in the reader's language."""

    room: ClassVar[str] = ROOM

    def sentence(self, language: str = "en") -> str:
        """What is wrong, and what to do about it."""
        details = {
            name: wording.say(ROOM, f"{_WORDED[name]}.{value}", language) if name in _WORDED else value
            for name, value in self.details.items()
        }
        if details.get("until") == GOES_ON:
            details["until"] = wording.say(ROOM, "until.today", language)
        return wording.say(ROOM, f"fault.{self.code}", language, **details)


class NoSuchAssessment(NotFound):
    """No assessment with that id, or none that this person may read."""

    code = "no-such-assessment"
    room: ClassVar[str] = ROOM


class NoSuchQuestion(NotFound):
    """The pinned questionnaire asks no such question; details: ``question``, ``questionnaire``."""

    code = "no-such-question"
    example: ClassVar[dict[str, Any]] = {"question": "maintenence", "questionnaire": "itti@1.0.0"}
    room: ClassVar[str] = ROOM


class NoSuchItem(NotFound):
    """The list names no such item, so nothing is asked of it; details: ``item``, ``list``."""

    code = "no-such-item"
    example: ClassVar[dict[str, Any]] = {"item": "line-3", "list": "lines"}
    room: ClassVar[str] = ROOM


class NotAnswered(NotFound):
    """Nobody has answered this question yet; details: ``question``."""

    code = "not-answered"
    example: ClassVar[dict[str, Any]] = {"question": "maintenance"}
    room: ClassVar[str] = ROOM


class NotPlannable(InvalidInput):
    """A plan that names what does not exist or does not fit; ``mistakes`` names the fields."""

    code = "not-plannable"
    room: ClassVar[str] = ROOM

    @classmethod
    def because(cls, field: str, key: str, **details: object) -> "NotPlannable":
        """The fault for one field; ``field.<key>`` is its sentence."""
        fault = cls()
        fault.mistakes = (FieldMistake(f"/{field}", key, details, ROOM),)
        return fault


class SuccessorRefused(InvalidInput):
    """The person named cannot take the assessment over; ``mistakes`` says why."""

    code = "successor-refused"
    room: ClassVar[str] = ROOM

    @classmethod
    def because(cls, key: str, **details: object) -> "SuccessorRefused":
        """The fault with its reason; ``field.<key>`` is its sentence."""
        fault = cls()
        fault.mistakes = (FieldMistake("/assessor_id", key, details, ROOM),)
        return fault


class PlanningForbidden(Forbidden):
    """This person may not plan assessments, or not this one."""

    code = "planning-forbidden"
    room: ClassVar[str] = ROOM


class DefinitionChanged(Conflict):
    """The library's definition is no longer the one the assessment was planned with.

    Details: ``questionnaire``, ``pinned``, ``found`` (the first digits of both digests).
    """

    code = "definition-changed"
    example: ClassVar[dict[str, Any]] = {
        "questionnaire": "itti@1.0.0",
        "pinned": "9f2c01d4a7be",
        "found": "04aa91c33f20",
    }
    room: ClassVar[str] = ROOM


class NotOpenToYou(Forbidden):
    """This person reads the assessment, but not (or not yet) that part of it."""

    code = "not-open-to-you"
    room: ClassVar[str] = ROOM


class OtherQuestionnaire(Conflict):
    """Answers were given to another questionnaire than the assessment was planned with.

    Details: ``questionnaire``, ``pinned``, ``sent`` (the first digits of both digests).
    """

    code = "other-questionnaire"
    example: ClassVar[dict[str, Any]] = {
        "questionnaire": "itti@1.0.0",
        "pinned": "9f2c01d4a7be",
        "sent": "04aa91c33f20",
    }
    room: ClassVar[str] = ROOM


class BatchDiffers(Conflict):
    """Other answers were sent under the same id before; details: ``batch``."""

    code = "batch-differs"
    example: ClassVar[dict[str, Any]] = {"batch": "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"}
    room: ClassVar[str] = ROOM


class AnswersClosed(AssessmentFault, Conflict):
    """The answers cannot be changed in the state the assessment is in; details: ``state``."""

    code = "answers-closed"
    example: ClassVar[dict[str, Any]] = {"state": "in review"}
    room: ClassVar[str] = ROOM


class NotYourAnswers(Forbidden):
    """Only the factory answers for itself, and only the assessor of this assessment for the assessment."""

    code = "not-your-answers"
    room: ClassVar[str] = ROOM


class AnswerStale(Stale):
    """Somebody else has answered meanwhile; the problem carries the answer in force as ``current``."""

    code = "answer-stale"
    room: ClassVar[str] = ROOM


class AnswerInvalid(InvalidInput):
    """The answer does not fit its question; ``mistakes`` says how."""

    code = "answer-invalid"
    example: ClassVar[dict[str, Any]] = {"question": "maintenance"}
    room: ClassVar[str] = ROOM

    @classmethod
    def because(cls, field: str, key: str, **details: object) -> "AnswerInvalid":
        """The fault for one field; ``field.<key>`` is its sentence. Every detail also names the question."""
        return cls.at([f"/{field}" if field else ""], key, **details)

    @classmethod
    def at(cls, pointers: Sequence[str], key: str, **details: object) -> "AnswerInvalid":
        """The fault with the same mistake at several places of the answer."""
        fault = cls(**details)
        fault.mistakes = tuple(FieldMistake(pointer, key, details, ROOM) for pointer in pointers)
        return fault


class ItemsAnswered(Conflict):
    """Items would leave their list while something is answered or attached for them; ``mistakes`` names each of them.

    Details: ``items`` (their names), ``ids``, ``answers`` and ``files`` (how many there are).
    """

    code = "items-answered"
    example: ClassVar[dict[str, Any]] = {"items": "Extrusion 2", "ids": "line-2", "answers": 5, "files": 1}
    room: ClassVar[str] = ROOM

    def __init__(self, held: Sequence[tuple[Item, int, int]]) -> None:
        """Name the items, each with how many answers and files it has."""
        super().__init__(
            items=", ".join(item.name for item, _, _ in held),
            ids=", ".join(item.id for item, _, _ in held),
            answers=sum(answers for _, answers, _ in held),
            files=sum(files for _, _, files in held),
        )
        self.mistakes = tuple(
            FieldMistake("/items", self.code, {"item": item.name, "answers": answers, "files": files}, ROOM)
            for item, answers, files in held
        )
