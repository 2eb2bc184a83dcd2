"""What an assessment refuses, each with the reason and the remedy."""

from collections.abc import Mapping, Sequence
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


class MoveFault(AssessmentFault, Conflict):
    """Base of the refusals of a move."""

    room: ClassVar[str] = ROOM


class UnknownMove(InvalidInput):
    """No move has that name; details: ``move``, ``moves``."""

    code = "unknown-move"
    example: ClassVar[dict[str, Any]] = {
        "move": "aprove",
        "moves": "start, submit, take-review, return, approve, withdraw",
    }
    room: ClassVar[str] = ROOM


class MoveNotOpen(MoveFault):
    """The move does not start from the present state; details: ``move``, ``state``."""

    code = "move-not-open"
    example: ClassVar[dict[str, Any]] = {"move": "submit", "state": "planned"}


class MoveNotYours(MoveFault):
    """The move belongs to somebody else; details: ``move``, ``who`` (the relation it belongs to)."""

    code = "move-not-yours"
    example: ClassVar[dict[str, Any]] = {"move": "approve", "who": "the reviewer"}
    status: ClassVar[int] = 403


class OwnAssessment(MoveFault):
    """The second person is never the first: an assessor does not review what they assessed."""

    code = "own-assessment"
    status: ClassVar[int] = 403


class NotAccredited(MoveFault):
    """The person or their body is not accredited for this on the day of the act.

    Details: ``family``, ``day``, ``holder`` (``person`` or ``body``; ``other`` or ``their-body`` where somebody else
    reads it), ``why`` (a
    :class:`itti.accreditation.validity.Lack`).
    """

    code = "not-accredited"
    example: ClassVar[dict[str, Any]] = {
        "family": "itti",
        "day": "2026-11-22",
        "holder": "your own accreditation",
        "why": "it is suspended",
    }
    status: ClassVar[int] = 403


class QuestionsFault(MoveFault):
    """Base of the refusals that name questions; all of them are among the ``mistakes``, by id."""

    shown: ClassVar[int] = 5
    """Most questions the sentence names by their title; the rest is counted."""

    def __init__(self, questions: Sequence[str], titles: Mapping[str, Mapping[str, str]]) -> None:
        """Name ``questions``; ``titles`` holds their words: language → question id → title."""
        super().__init__(count=len(questions))
        self.questions = tuple(questions)
        self._titles = titles
        self.mistakes = tuple(FieldMistake("", self.code, {"question": each}, self.room) for each in questions)

    def sentence(self, language: str = "en") -> str:
        """How many questions, and the first of them."""
        titles = self._titles[language]
        named = wording.say(ROOM, "list.comma", language).join(
            titles[question] for question in self.questions[: self.shown]
        )
        more = len(self.questions) - self.shown
        if more > 0:
            named = wording.say(ROOM, "list.more", language, named=named, count=more)
        return wording.say(self.room, f"fault.{self.code}", language, count=len(self.questions), questions=named)


class OpenQuestions(QuestionsFault):
    """Questions are not answered yet."""

    code = "open-questions"
    example: ClassVar[dict[str, Any]] = {"count": "2", "questions": "Maintenance, Quality"}


class LookAgainLeft(QuestionsFault):
    """Answers that were carried from an earlier assessment have not been looked at yet."""

    code = "look-again-left"
    example: ClassVar[dict[str, Any]] = {"count": "2", "questions": "Maintenance, Quality"}


class ReasonsMissing(QuestionsFault):
    """Answers lack their reason."""

    code = "reasons-missing"
    example: ClassVar[dict[str, Any]] = {"count": "2", "questions": "Maintenance, Quality"}


class EvidenceMissing(QuestionsFault):
    """Answers reach the value from which their questions ask for evidence, and have none."""

    code = "evidence-missing"
    example: ClassVar[dict[str, Any]] = {"count": "2", "questions": "Maintenance, Quality"}


class AnswersContradict(QuestionsFault):
    """Answers contradict each other, as the questionnaire says in its own words."""

    code = "answers-contradict"
    example: ClassVar[dict[str, Any]] = {
        "count": "2",
        "questions": "Permit issued, Permit until",
        "said": "The permit ends before it was issued.",
    }

    def __init__(
        self,
        questions: Sequence[str],
        titles: Mapping[str, Mapping[str, str]],
        said: Mapping[str, Sequence[str]],
    ) -> None:
        """Name ``questions``; ``said``: language → what contradicts, in the questionnaire's words."""
        super().__init__(questions, titles)
        self._said = said

    def sentence(self, language: str = "en") -> str:
        """What contradicts, and the questions it lies between."""
        titles = self._titles[language]
        named = wording.say(ROOM, "list.comma", language).join(titles[question] for question in self.questions)
        said = " ".join(self._said[language])
        return wording.say(self.room, f"fault.{self.code}", language, said=said, questions=named)


class IndexWithheld(MoveFault):
    """Too few questions apply for an index to be stated, so there is nothing to certify."""

    code = "index-withheld"


class ReviewTaken(MoveFault):
    """Another person holds the review."""

    code = "review-taken"


class TookPart(MoveFault):
    """Who assessed, reviewed or approved, or whose body did, neither hears the appeal nor reviews the revision."""

    code = "took-part"
    example: ClassVar[dict[str, Any]] = {"move": "take-appeal"}
    status: ClassVar[int] = 403


class DeclarationMissing(MoveFault):
    """The person has not declared yet what ties them, and their body, to the factory."""

    code = "declaration-missing"


class NotIndependent(MoveFault):
    """Something ties the person or their body to the factory, or did within the programme's period.

    Details: ``months`` (the period), ``person`` (name), ``tied`` (``person`` or ``body``), ``tie`` (what it is),
    ``until`` (its last day, or ``…`` while it goes on).
    """

    code = "not-independent"
    status: ClassVar[int] = 403
    example: ClassVar[dict[str, Any]] = {
        "months": 24,
        "person": "Aisha Rahman",
        "tied": "their assessment body",
        "tie": "advised the factory",
        "until": "2026-03-31",
    }


class RotationDue(MoveFault):
    """The same assessor made the last assessments of the factory; details: ``count``, ``person``."""

    code = "rotation-due"
    status: ClassVar[int] = 403
    example: ClassVar[dict[str, Any]] = {"count": 3, "person": "Aisha Rahman"}


class SameBody(MoveFault):
    """The programme demands a reviewer of another body; details: ``body``."""

    code = "same-body"
    status: ClassVar[int] = 403
    example: ClassVar[dict[str, Any]] = {"body": "Gulf Industrial Assessors"}


class NotApart(MoveFault):
    """Nobody, and no body, takes part both in an assessment and in its blind second one."""

    code = "not-apart"
    status: ClassVar[int] = 403


class SecondAssessment(MoveFault):
    """A blind second assessment goes no further than its submission."""

    code = "second-assessment"


class CommentsOpen(MoveFault):
    """Comments that demand a change are not resolved; details: ``count``."""

    code = "comments-open"
    example: ClassVar[dict[str, Any]] = {"count": "2"}


class NotHeard(MoveFault):
    """The factory has not been heard yet, and the programme gives it a right of reply."""

    code = "not-heard"


class NoRightOfReply(MoveFault):
    """The programme gives no right of reply: the reviewer approves or returns at once."""

    code = "no-right-of-reply"


class ReplyOver(MoveFault):
    """The factory's time to reply has run out; details: ``day`` (the last one)."""

    code = "reply-over"
    example: ClassVar[dict[str, Any]] = {"day": "2026-12-06"}


class ReplyAwaited(MoveFault):
    """The factory's time to reply has not run out; details: ``day`` (the last one)."""

    code = "reply-awaited"
    example: ClassVar[dict[str, Any]] = {"day": "2026-12-06"}


class NotIssued(MoveFault):
    """The certificate is not in the register yet: its papers are being made."""

    code = "not-issued"


class CertificateOver(MoveFault):
    """The certificate has come to its end; details: ``day`` (its last one)."""

    code = "certificate-over"
    example: ClassVar[dict[str, Any]] = {"day": "2028-11-21"}


class CertificateValid(MoveFault):
    """The certificate has not come to its end; details: ``day`` (its last one)."""

    code = "certificate-valid"
    example: ClassVar[dict[str, Any]] = {"day": "2028-11-21"}


class AppealOver(MoveFault):
    """The period in which an appeal can be made has passed; details: ``day`` (the last one)."""

    code = "appeal-over"
    example: ClassVar[dict[str, Any]] = {"day": "2026-12-22"}


class NoAppeals(MoveFault):
    """The programme heard no appeals when this was decided."""

    code = "no-appeals"


class AppealedBefore(MoveFault):
    """An appeal was made before; details: ``day``."""

    code = "appealed-before"
    example: ClassVar[dict[str, Any]] = {"day": "2026-12-22"}


class AppealTaken(MoveFault):
    """Another person hears the appeal."""

    code = "appeal-taken"


class ClockBehind(MoveFault):
    """The clock says a time before the last move, so it has gone back; details: ``now``, ``last`` (UTC)."""

    code = "clock-behind"
    example: ClassVar[dict[str, Any]] = {"now": "2026-11-22T08:00:00+00:00", "last": "2026-11-22T09:30:00+00:00"}
    status: ClassVar[int] = 503
    retryable: ClassVar[bool] = True


class NoteMissing(MoveFault):
    """The move asks for a note."""

    code = "note-missing"
    status: ClassVar[int] = 422
