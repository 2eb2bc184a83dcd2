"""What a move refuses, each with the reason and the remedy."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from itti.assessments.errors import ROOM, AssessmentFault
from itti.errors import FieldMistake
from itti.http.errors import Conflict, InvalidInput
from questionnaires import wording


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
