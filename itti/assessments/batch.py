"""Saving several answers in one transaction, each with a result of its own.

Every door that takes more than one answer at once stands on :func:`save_many`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import library, packed, reading
from itti.assessments.answers import Wanted, check_hands, store
from itti.assessments.errors import AnswerInvalid, AnswerStale
from itti.assessments.library import Questionnaire
from itti.assessments.marks import marked
from itti.assessments.schemas import AnswerGiven
from itti.assessments.standing import Standing, scorecard_of, standing_of
from itti.assessments.tables import Answer, Assessment, Phase
from itti.errors import FieldMistake, HttpFault
from questionnaires.formula.items import plain


class Outcome(StrEnum):
    """What became of one answer of several."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    """The same was in force already, whoever gave it."""

    CONFLICT = "conflict"
    """Somebody else has changed it since; theirs stays in force."""

    INVALID = "invalid"
    """It does not fit its question."""

    REFUSED = "refused"
    """Something else is in its way: the question is asked no more, say."""

    HELD_BACK = "held-back"
    """Nothing is wrong with it, but with another one, and all or none were wanted."""


FAILED: Final = frozenset({Outcome.CONFLICT, Outcome.INVALID, Outcome.REFUSED})


@dataclass(frozen=True)
class Sent:
    """One answer of several, as it was sent."""

    question: str
    given: AnswerGiven | tuple[FieldMistake, ...]
    """The answer, or what is wrong with its form."""

    expected: int | None
    """The version it was made against; None: there was no answer."""

    removing: Collection[str] = ()
    noted: Mapping[str, str] = field(default_factory=dict)
    """What the record says of it beside the answer."""


@dataclass(frozen=True)
class Result:
    """What became of one answer, and why."""

    sent: Sent
    outcome: Outcome
    fault: HttpFault | None = None


@dataclass(frozen=True)
class Batch:
    """What became of all of them, in the order sent, and what is in force now."""

    results: tuple[Result, ...]
    answers: Mapping[str, Answer]
    """Question id → answer in force."""

    standing: Standing

    applied: bool
    """False where all or none were wanted, and it was none."""


def save_many(  # noqa: PLR0913 - answers are named by all of these
    session: Session,
    act: Act,
    identifier: UUID,
    phase: Phase,
    sent: Sequence[Sent],
    *,
    atomic: bool = False,
) -> Batch:
    """Save answers in one transaction; what is not taken holds up none of the others unless ``atomic``.

    Lists are saved first, so that what is asked of a new item can be answered in the same go. An answer that says what
    is in force already is left alone with its author, whatever it was made against.

    Args:
        session: a writing session.
        act: as for :func:`itti.assessments.answers.save`.
        identifier: which assessment.
        phase: whose answers.
        sent: the answers, in any order.
        atomic: whether none is saved where one is not taken.

    Raises:
        NoSuchAssessment: none, or none for this person.
        NotYourAnswers, AnswersClosed, NotAccredited, DeclarationMissing, DefinitionChanged: none can be saved now.
    """
    seen = session.get(Assessment, identifier)  # the session forgets what nobody holds
    one = reading.assessment(session, act, identifier, lock=_lock(seen, sent))
    check_hands(session, act, one, phase)
    going = _Going(session, act, one, phase, library.pinned(one))
    savepoint = session.begin_nested()
    results = going.all_of(sent)
    applied = not (atomic and any(each.outcome in FAILED for each in results))
    if not applied:
        savepoint.rollback()
        results = [each if each.fault else Result(each.sent, Outcome.HELD_BACK) for each in results]
    else:
        savepoint.commit()
    if any(each.outcome is Outcome.SAVED for each in results):
        answers = packed.keep(session, one, phase, going.published.plan).answers
    else:
        answers = reading.answers_of(session, one.id, phase)
    card = scorecard_of(going.published.asked(answers.values()), answers.values())
    return Batch(tuple(results), answers, standing_of(card, marked(answers.values())), applied)


def _lock(one: Assessment | None, sent: Sequence[Sent]) -> reading.Lock:
    """How the assessment is held meanwhile: alone while a list changes, so that nobody answers for its items."""
    alone = one is not None and any(library.asks_for_items(one, each.question) for each in sent)
    return "update" if alone else "share"


@dataclass(frozen=True)
class _Going:
    """What stays the same from answer to answer."""

    session: Session
    act: Act
    one: Assessment
    phase: Phase
    published: Questionnaire

    def all_of(self, sent: Sequence[Sent]) -> list[Result]:
        """Try all, lists first; results in the order sent."""
        times = Counter(each.question for each in sent)
        results: dict[int, Result] = {}
        asked = self._asked()
        for place in sorted(range(len(sent)), key=lambda place: self._turn(sent[place].question)):
            each = sent[place]
            if times[each.question] > 1:
                fault = AnswerInvalid.because("", "question-twice", question=each.question)
                results[place] = Result(each, Outcome.INVALID, fault)
                continue
            results[place] = self._tried(asked, each)
            if plain(each.question) in self.published.lists:
                asked = self._asked()
        return [results[place] for place in range(len(sent))]

    def _turn(self, question: str) -> tuple[bool, int]:
        """Lists before what they ask, and each before the lists that its items have."""
        return plain(question) not in self.published.lists, question.count(".")

    def _asked(self) -> Questionnaire:
        lists = self.published.lists
        return self.published.asked(reading.answers_of(self.session, self.one.id, self.phase).values() if lists else ())

    def _tried(self, asked: Questionnaire, each: Sent) -> Result:
        try:
            with self.session.begin_nested():
                changed = self._stored(asked, each)
        except AnswerStale as fault:
            return Result(each, Outcome.CONFLICT, fault)
        except AnswerInvalid as fault:
            return Result(each, Outcome.INVALID, fault)
        except HttpFault as fault:
            return Result(each, Outcome.REFUSED, fault)
        return Result(each, Outcome.SAVED if changed else Outcome.UNCHANGED)

    def _stored(self, asked: Questionnaire, each: Sent) -> bool:
        """Write one answer ; returns whether the answer changed."""
        if isinstance(each.given, tuple):
            asked.question(each.question)
            misfit = AnswerInvalid(question=each.question)
            misfit.mistakes = each.given
            raise misfit
        wanted = Wanted(
            each.question, each.given, each.expected, each.removing, keeps_author=True, noted=each.noted
        )  # fmt: skip
        written = store(self.session, self.act, self.one, self.phase, asked, wanted)
        return written.changed
