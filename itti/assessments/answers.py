"""Saving answers: one at a time, checked against the pinned questionnaire, and never over an unseen change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from itti.accounts.tables import User
from itti.acts import Act
from itti.assessments import conditions, leaving, library, naming, neutrality, packed, reading, refusals
from itti.assessments.errors import AnswerInvalid, AnswersClosed, AnswerStale, NotYourAnswers
from itti.assessments.library import Questionnaire
from itti.assessments.marks import marked
from itti.assessments.move_errors import DeclarationMissing, NotAccredited
from itti.assessments.moves import Relation
from itti.assessments.permission import lacking
from itti.assessments.schemas import AnswerGiven, AnswerView, SavedView
from itti.assessments.standing import Standing, standing_of
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.audit.service import record
from itti.database import flush_checked
from reports import signs
from scoring import Scorecard, score

_SIGNS_SHOWN: Final = 8
_STORED: Final = (
    select(Answer)
    .where(
        col(Answer.assessment_id) == sa.bindparam("assessment"),
        col(Answer.phase) == sa.bindparam("phase"),
        col(Answer.question) == sa.bindparam("question"),
    )
    .with_for_update()
)
"""One answer, held until the transaction ends."""


@dataclass(frozen=True)
class Saved:
    """An answer as it is stored now, and where the assessment stands with it."""

    answer: Answer
    scorecard: Scorecard
    created: bool
    """True for the first answer to the question."""

    look_again: tuple[str, ...] = ()
    """The questions whose answers have a mark."""

    @property
    def standing(self) -> Standing:
        """Progress and the provisional index."""
        return standing_of(self.scorecard, self.look_again)

    @property
    def view(self) -> SavedView:
        """As the API shows it."""
        score = self.scorecard.question(self.answer.question)
        return SavedView(answer=AnswerView.of(self.answer, score), standing=self.standing)


@dataclass(frozen=True)
class Wanted:
    """An answer that somebody wants to be in force."""

    question: str
    given: AnswerGiven
    expected: int | None
    """The version of the answer it was made against; None: there was no answer."""

    removing: Collection[str] = ()
    """Of a list, ids of the items that may leave it with their answers and files."""

    keeps_author: bool = False
    """Whether what is in force keeps its author where it says the same already, whatever this one was made against."""

    noted: Mapping[str, str] = field(default_factory=dict)
    """What the record says of the answer beside it."""


@dataclass(frozen=True)
class Written:
    """What became of an answer that was wanted."""

    answer: Answer
    created: bool
    """True for the first answer to the question."""

    changed: bool
    """False where the same was in force already."""


@dataclass(frozen=True, kw_only=True)
class _New:
    """What a row holds once an answer is stored: most answers change a row that is there."""

    assessment_id: UUID
    phase: Phase
    question: str
    given: dict[str, Any] | None
    reason: str
    author_id: UUID
    updated_at: datetime


@dataclass(frozen=True)
class _Hand:
    """In whose hands the answers of a phase are, and while the assessment is in which state."""

    relation: Relation
    state: AssessmentState


HANDS: Final = {
    Phase.SELF: _Hand(Relation.FACTORY, AssessmentState.SELF_ASSESSMENT),
    Phase.ASSESSED: _Hand(Relation.ASSESSOR, AssessmentState.ASSESSMENT),
}


def save(  # noqa: PLR0913, PLR0917 - an answer is named by all of these
    session: Session,
    act: Act,
    identifier: UUID,
    question: str,
    phase: Phase,
    given: AnswerGiven,
    *,
    expected: int | None,
    removing: Collection[str] = (),
) -> Saved:
    """Store one answer whole.

    Where it names the items of a list, what has been answered for an item stays as long as the item is named, under
    whatever name; an item that leaves the list takes nothing with it unless that is asked for.

    Args:
        session: a writing session.
        act: by the assessor of the assessment, or for the phase ``self`` by somebody of the factory.
        identifier: which assessment.
        question: id of the question in the pinned questionnaire, or of one that is asked of an item.
        phase: whose answers.
        given: the answer; what is stored afterwards is exactly this.
        expected: the version it was made against; None: there was no answer. A repetition of what is stored
            already is taken whatever it was made against, so that a write whose response was lost can be sent
            again (RFC 9110, 13.1.1).
        removing: of a list, ids of the items that may leave it with their answers and files.

    Raises:
        NoSuchAssessment, NoSuchQuestion: as they say.
        NotYourAnswers, AnswersClosed, NotAccredited, DeclarationMissing: not this person, not now.
        DefinitionChanged: the library no longer holds the pinned questionnaire.
        AnswerInvalid: it does not fit the question.
        AnswerStale: made against another version; nothing was written, and the fault carries what is stored.
        ItemsAnswered: items would leave the list with answers or files, and are not named in ``removing``.
    """
    seen = session.get(Assessment, identifier)  # the session forgets what nobody holds
    one = reading.assessment(session, act, identifier, lock=_lock(seen, question))
    check_hands(session, act, one, phase)
    published = library.pinned(one)
    stored = reading.answers_of(session, one.id, phase) if published.lists else {}
    wanted = Wanted(question, given, expected, removing)
    written = store(session, act, one, phase, published.asked(stored.values()), wanted)
    kept = packed.keep(session, one, phase, published.plan)
    answers = kept.answers.values()
    card = score(published.asked(answers).plan, kept.given)
    return Saved(written.answer, card, created=written.created, look_again=marked(answers))


def store(  # noqa: PLR0913, PLR0917 - an answer is named by all of these
    session: Session, act: Act, one: Assessment, phase: Phase, asked: Questionnaire, wanted: Wanted
) -> Written:
    """Check one answer and write it, with all that leaves a list by it.

    Whoever calls holds the assessment, has seen to it that the actor may (:func:`check_hands`), and packs the answers
    anew afterwards. ``asked`` is the questionnaire as it is asked where the answers are those in force.

    Raises:
        NoSuchQuestion, NoSuchItem, AnswerInvalid, AnswerStale, ItemsAnswered: as :func:`save` says.
    """
    question, given = wanted.question, wanted.given
    check(asked, phase, question, given)
    new = _New(
        assessment_id=one.id,
        phase=phase,
        question=question,
        given=given.stored,
        reason=given.reason,
        author_id=reading.person(act).id,
        updated_at=act.at,
    )
    before = naming.items_of(_stored(session, new)) if question in asked.lists else None
    written = _write(session, act, new, wanted)
    if question in asked.lists:
        left = leaving.gone(before, naming.items_of(written.answer))
        leaving.let_go(session, act, leaving.leaving(session, one, phase, question, left), wanted.removing)
    return written


def check(asked: Questionnaire, phase: Phase, question: str, given: AnswerGiven) -> None:
    """Check the form of an answer of a phase, by itself.

    Raises:
        NoSuchQuestion, NoSuchItem, AnswerInvalid: as :func:`save` says.
    """
    asked.question(question)
    refusals.check(asked, question, given)
    if phase is Phase.ASSESSED:
        _check_printable(question, given.reason)


def _lock(one: Assessment | None, question: str) -> reading.Lock:
    """How the assessment is held meanwhile: while a list changes, nobody answers for its items."""
    return "update" if one is not None and library.asks_for_items(one, question) else "share"


def check_hands(session: Session, act: Act, one: Assessment, phase: Phase) -> None:
    """Whether the actor may now change the answers of a phase, or what hangs on them.

    Raises:
        NotYourAnswers: somebody else may.
        AnswersClosed: the state of the assessment forbids it to everybody.
        NotAccredited: the assessor's accreditation is not valid today.
        DeclarationMissing: who took the assessment over has not declared yet.
    """
    actor = reading.person(act)
    check_turn(actor, one, phase)
    if phase is Phase.ASSESSED:
        fault = lacking(session, actor, one, act.today) or neutrality.undeclared(session, actor, one)
        if fault is not None:
            raise fault


def check_turn(actor: User, one: Assessment, phase: Phase) -> None:
    """Whether the answers of a phase are in the hands of the actor now, whoever is accredited.

    Raises:
        NotYourAnswers: somebody else may change them.
        AnswersClosed: the state of the assessment forbids it to everybody.
    """
    hand = HANDS[phase]
    if hand.relation not in conditions.relations(actor, one):
        raise NotYourAnswers
    if one.state is not hand.state:
        raise AnswersClosed(state=one.state.value)


def may_write(session: Session, act: Act, one: Assessment, phase: Phase) -> bool:
    """Whether :func:`save` would take an answer of that phase from the actor now."""
    try:
        check_hands(session, act, one, phase)
    except (NotYourAnswers, AnswersClosed, NotAccredited, DeclarationMissing):
        return False
    return True


def _check_printable(question: str, reason: str) -> None:
    """Refuse signs that the certificate cannot print now, and not when the reviewer approves."""
    missing = sorted({sign for sign in signs.tidied(reason) if sign != "\n" and ord(sign) not in signs.printable()})
    if missing:
        shown = " ".join(missing[:_SIGNS_SHOWN])
        raise AnswerInvalid.because("reason", "unprintable-signs", question=question, signs=shown)


def _write(session: Session, act: Act, new: _New, wanted: Wanted) -> Written:
    found = _stored(session, new)
    if found is not None and _same(found, new, wanted):
        return Written(found, created=False, changed=False)
    if found is None and wanted.expected is None:
        row = Answer(**vars(new))
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError:
            # Two first writes at once: the other one was faster.
            found = _stored(session, new)
        else:
            _record(session, act, row, None, wanted.noted)
            return Written(row, created=True, changed=True)
    if found is None:
        raise AnswerStale
    if found.version != wanted.expected:
        raise AnswerStale.against(version=found.version, current=_shown(found))
    before = content(found.given, found.reason)
    found.given, found.reason, found.look_again = new.given, new.reason, None
    found.author_id, found.updated_at = new.author_id, new.updated_at
    session.add(found)
    flush_checked(session, found, _shown)
    _record(session, act, found, before, wanted.noted)
    return Written(found, created=False, changed=True)


def _stored(session: Session, like: _New) -> Answer | None:
    """The stored answer to the same question, held until the transaction ends."""
    named = {"assessment": like.assessment_id, "phase": like.phase, "question": like.question}
    return session.scalars(_STORED, named, execution_options={"populate_existing": True}).one_or_none()


def _same(found: Answer, new: _New, wanted: Wanted) -> bool:
    if (found.given, found.reason) != (new.given, new.reason):
        return False
    return wanted.keeps_author or found.author_id == new.author_id


def content(given: Mapping[str, object] | None, reason: str) -> dict[str, object]:
    """What the record keeps of an answer."""
    said = given or {"level": None}
    return {**said, "not_applicable": bool(said.get("not_applicable")), "reason": reason}


def _shown(answer: Answer) -> object:
    return AnswerView.of(answer).model_dump(mode="json")


def _record(
    session: Session, act: Act, answer: Answer, before: Mapping[str, object] | None, noted: Mapping[str, str]
) -> None:
    record(
        session,
        act,
        "answer.saved",
        "answer",
        answer.id,
        assessment=str(answer.assessment_id),
        phase=answer.phase.value,
        question=answer.question,
        before=before,
        after=content(answer.given, answer.reason),
        **noted,
    )
