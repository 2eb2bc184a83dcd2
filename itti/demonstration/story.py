"""One assessment as it went: who did what and when, each act through the service that people use.

A story is an iterator: it yields the moment at which it goes on and, when resumed, does what happened then. So
several can be told together in the order of time.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from itti.accounts.tables import User
from itti.acts import Act
from itti.assessments import due
from itti.assessments import service as assessments
from itti.assessments.move_errors import NotIndependent
from itti.assessments.revising import revision_of
from itti.assessments.schemas import AnswerGiven, CommentInput, PlanInput
from itti.assessments.service import MoveName
from itti.assessments.tables import AssessmentState, Phase
from itti.calendar.zones import day_in
from itti.certificates import register
from itti.demonstration import exhibits
from itti.demonstration.calendar import Clock, working_day
from itti.demonstration.data import (
    Answered,
    Conflict,
    Course,
    HandedOver,
    Levels,
    Remark,
    Revision,
    Site,
    answered,
)
from itti.demonstration.data import exhibits as all_exhibits
from itti.demonstration.reasons import Pen, put_words
from itti.demonstration.stage import FAMILY, Stage
from itti.evidence import service as evidence
from itti.files.uploads import Upload
from itti.independence import service as independence
from itti.independence.schemas import DeclarationInput, TieInput, Whose
from itti.papers import service as papers
from questionnaires import Definition

PLANNED: Final = -40
"""Days from the visit at which an assessment is planned; the other usual days follow."""

_OWN_BEGUN, _OWN_DONE = -30, -20
_SUBMITTED, _TAKEN, _RETURNED, _REVISED, _HEARD, _REPLIED, _APPROVED, _WITHDRAWN = 4, 7, 9, 13, 14, 15, 16, 9
_AFTER_DECLARING: Final = frozenset({MoveName.START, MoveName.TAKE_REVIEW, MoveName.TAKE_APPEAL})

_WEEKEND: Final = 3
"""So many days after a last day at most its end is entered here, since nothing happens on weekends."""

_APPROVED_ONCE: Final = frozenset({AssessmentState.CERTIFIED, AssessmentState.EXPIRED, AssessmentState.UPHELD})
_HANDED_IN: Final = _APPROVED_ONCE | {AssessmentState.REVIEW, AssessmentState.REPLY, "reviewing", "returned"}
"""How far a course may have come that was handed in."""

_A_DAY: Final = 10
"""Questions an assessor gets through in a day, and a factory in two."""


class Story:
    """See the module. All that is written is chosen when it is made; nothing happens before it is told."""

    def __init__(self, stage: Stage, site: Site, course: Course, number: int, definition: Definition) -> None:
        self._stage, self._site, self._course, self._number = stage, site, course, number
        self._definition = definition
        self._clock = Clock(stage.today)
        self._assessment: UUID | None = None

    def choose_words(self, pen: Pen) -> None:
        """Have all answers written."""
        self._assessed = [
            _answer(each.question, each.level, pen.observation(self._site, each.dimension, each.level))
            for each in self._levels(self._course.levels)
        ]
        self._own = [
            _answer(each.question, each.level, pen.own(self._site, each.dimension, each.level))
            for each in self._levels(self._course.own)
        ]
        returned = self._course.returned
        self._revised = self._written(pen, returned.revised if returned else {})
        upheld = self._course.appeal.upheld if self._course.appeal else None
        self._corrected = self._written(pen, upheld.revised if upheld else {})

    def _written(self, pen: Pen, levels: Mapping[str, int]) -> list[tuple[str, AnswerGiven]]:
        return [_answer(name, level, pen.observation(self._site, name, level)) for name, level in levels.items()]

    def tell(self) -> Iterator[datetime]:
        """Everything that happened, in its order."""
        course = self._course
        yield from self._planned()
        if course.own is not None:
            yield from self._answered_by_itself()
        if course.handed is not None:
            yield from self._handed_over(course.handed)
        if course.levels is not None:
            yield from self._visited()
        if course.until is AssessmentState.WITHDRAWN:
            yield self._on(_WITHDRAWN)
            self._move(self._programme, MoveName.WITHDRAW, course.note)
        elif course.until in _HANDED_IN:
            yield from self._handed_in()

    def _planned(self) -> Iterator[datetime]:
        yield self._on(PLANNED)
        handed = self._course.handed
        assessor = self._assessor if handed is None else self._stage.officials[handed.by]
        given = PlanInput(
            factory_id=self._stage.factories[self._site.id].id,
            family=FAMILY,
            version=self._course.version,
            assessor_id=assessor.id,
            planned_for=working_day(self._stage.today, self._course.visit),
        )
        self._assessment = assessments.plan(self._stage.session, self._act(self._programme), given).id

    def _handed_over(self, handed: HandedOver) -> Iterator[datetime]:
        yield self._clock.advance(handed.day)
        assessments.move(
            self._stage.session,
            self._act(self._programme),
            self._identifier,
            MoveName.HAND_OVER,
            office=self._stage.office,
            note=handed.note,
            successor=self._assessor.id,
        )

    def _answered_by_itself(self) -> Iterator[datetime]:
        speaker = self._stage.speakers[self._site.id]
        yield self._on(_OWN_BEGUN, 10)
        self._move(speaker, MoveName.START_SELF_ASSESSMENT)
        for number, (question, given) in enumerate(self._own):
            day, later = divmod(number * 2, _A_DAY)
            yield self._on(_OWN_BEGUN + day, 20 + 9 * later)
            self._save(speaker, question, Phase.SELF, given)
        if self._course.until is not AssessmentState.SELF_ASSESSMENT:
            yield self._on(_OWN_DONE)
            self._move(speaker, MoveName.FINISH_SELF_ASSESSMENT)

    def _visited(self) -> Iterator[datetime]:
        yield self._on(0, 5)
        self._move(self._assessor, MoveName.START)
        for number, (question, given) in enumerate(self._assessed):
            day, later = divmod(number, _A_DAY)
            yield self._on(day, 20 + 17 * later)
            self._save(self._assessor, question, Phase.ASSESSED, given)
        for name in self._course.evidence:
            yield self._clock.pass_by(6)
            self._attach(name)

    def _handed_in(self) -> Iterator[datetime]:
        course, reviewer = self._course, self._stage.officials.get(self._course.reviewer or "")
        yield self._on(_SUBMITTED)
        self._move(self._assessor, MoveName.SUBMIT)
        if course.conflict is not None:
            yield from self._refused(course.conflict)
        if reviewer is None:
            return
        yield self._on(_TAKEN)
        self._move(reviewer, MoveName.TAKE_REVIEW)
        if course.returned is not None:
            yield self._on(_RETURNED)
            self._move(reviewer, MoveName.RETURN, course.returned.note, course.returned.remarks)
            if course.until == "returned":
                return
            yield from self._gone_over()
        if course.until is AssessmentState.REPLY:
            yield self._on(_HEARD)
            self._move(reviewer, MoveName.HEAR_FACTORY, remarks=course.remarks)
        elif course.until in _APPROVED_ONCE:
            yield from self._heard(reviewer)
            yield self._on(_APPROVED)
            self._move(reviewer, MoveName.APPROVE)
            self._certified(reviewer)
            yield from self._appealed()
            yield from self._taken_back()
            yield from self._ended()

    def _refused(self, conflict: Conflict) -> Iterator[datetime]:
        """Somebody declares a tie of their body, as is due, and is refused the review."""
        yield self._clock.advance(conflict.day)
        session, act = self._stage.session, self._act(self._stage.officials[conflict.person])
        one = assessments.assessment(session, act, self._identifier)
        tie = TieInput(tie=conflict.tie, whose=Whose.BODY)
        independence.declare(session, act, one, DeclarationInput(ties=(tie,)))
        if self._stage.settings.independence_months == 0:
            return  # a programme that asks for no independence refuses nobody for want of it
        with suppress(NotIndependent):
            assessments.move(session, act, one.id, MoveName.TAKE_REVIEW, office=self._stage.office)

    def _heard(self, reviewer: User) -> Iterator[datetime]:
        """The factory reads what was found, and says something to it or not."""
        course, speaker = self._course, self._stage.speakers.get(self._site.id)
        yield self._on(_HEARD)
        self._move(reviewer, MoveName.HEAR_FACTORY, remarks=course.remarks)
        if course.silent or speaker is None:
            yield self._on(_HEARD + self._stage.settings.reply_days + 3)
            self._let_time_move()
            return
        yield self._on(_REPLIED)
        if course.reply is None:
            self._move(speaker, MoveName.ACCEPT)
        else:
            self._move(speaker, MoveName.REPLY, put_words(course.reply, self._site))

    def _let_time_move(self) -> None:
        for each in due.due(self._stage.session, self._today):
            due.enter(self._stage.session, each, self._clock.now)

    def _certified(self, reviewer: User) -> None:
        session, act = self._stage.session, self._act(reviewer)
        one = assessments.assessment(session, act, self._identifier)
        papers.finish_now(session, act, self._stage.office, one)

    def _gone_over(self) -> Iterator[datetime]:
        for number, (question, given) in enumerate(self._revised):
            yield self._on(_REVISED, 15 * number)
            self._save(self._assessor, question, Phase.ASSESSED, given)
        yield self._clock.pass_by(20)
        self._move(self._assessor, MoveName.SUBMIT)

    def _appealed(self) -> Iterator[datetime]:
        appeal = self._course.appeal
        if appeal is None:
            return
        yield self._clock.advance(appeal.day)
        self._move(self._stage.speakers[self._site.id], MoveName.APPEAL, put_words(appeal.note, self._site))
        yield self._clock.advance(appeal.taken)
        hearer = self._stage.officials[appeal.hearer]
        self._move(hearer, MoveName.TAKE_APPEAL)
        if appeal.upheld is not None:
            yield from self._upheld(hearer, appeal.upheld)

    def _upheld(self, hearer: User, upheld: Revision) -> Iterator[datetime]:
        """The hearer upholds the appeal, and corrects the assessment in the revision that this opens."""
        yield self._clock.advance(upheld.day)
        self._move(hearer, MoveName.UPHOLD_APPEAL, upheld.note)
        session, act = self._stage.session, self._act(hearer)
        revision = revision_of(session, assessments.assessment(session, act, self._identifier))
        assert revision is not None, "just opened"  # noqa: S101 - tells the type checker what holds
        self._assessment = revision.id
        for question, given in self._corrected:
            yield self._clock.pass_by(90)
            self._save(hearer, question, Phase.ASSESSED, given)
        yield self._clock.advance(upheld.day + _SUBMITTED)
        self._move(hearer, MoveName.SUBMIT)
        reviewer = self._stage.officials[upheld.reviewer]
        yield self._clock.advance(upheld.day + _TAKEN)
        self._move(reviewer, MoveName.TAKE_REVIEW)
        yield self._clock.advance(upheld.day + _HEARD)
        self._move(reviewer, MoveName.HEAR_FACTORY)
        yield self._clock.advance(upheld.day + _REPLIED)
        self._move(self._stage.speakers[self._site.id], MoveName.REPLY, put_words(upheld.reply, self._site))

    def _ended(self) -> Iterator[datetime]:
        """Time enters that the certificate has come to its end."""
        if self._course.until is not AssessmentState.EXPIRED:
            return
        session, act = self._stage.session, self._act(self._programme)
        held = register.of_assessment(session, act, assessments.assessment(session, act, self._identifier))
        assert held is not None, "it was approved"  # noqa: S101 - tells the type checker what holds
        yield self._clock.advance((held.expires_on - self._stage.today).days + _WEEKEND)
        self._let_time_move()

    def _taken_back(self) -> Iterator[datetime]:
        revoked = self._course.revoked
        if revoked is None:
            return
        yield self._clock.advance(revoked.day)
        session, act = self._stage.session, self._act(self._programme)
        held = register.of_assessment(session, act, assessments.assessment(session, act, self._identifier))
        assert held is not None, "it was approved"  # noqa: S101 - tells the type checker what holds
        register.revoke(session, act, held.number, revoked.reason)

    # How each single thing is done

    @property
    def _programme(self) -> User:
        return self._stage.programme

    @property
    def _identifier(self) -> UUID:
        assert self._assessment is not None, "it is planned first"  # noqa: S101 - tells the type checker what holds
        return self._assessment

    @property
    def _assessor(self) -> User:
        return self._stage.officials[self._course.assessor]

    def _on(self, day: int, minutes: int | None = None) -> datetime:
        """Go to a day of this course; at some time of the morning where none is given."""
        at = (self._number * 37 + day * 11) % 200 if minutes is None else minutes
        return self._clock.advance(self._course.visit + day, at)

    @property
    def _today(self) -> date:
        return day_in(self._stage.settings.zone, self._clock.now)

    def _act(self, actor: User) -> Act:
        return self._stage.act(actor, self._clock)

    def _levels(self, levels: Levels | None) -> Iterator[Answered]:
        return iter(()) if levels is None else answered(levels, self._definition)

    def _move(self, actor: User, name: MoveName, note: str = "", remarks: Sequence[Remark] = ()) -> None:
        if name in _AFTER_DECLARING:
            one = assessments.assessment(self._stage.session, self._act(actor), self._identifier)
            independence.declare(self._stage.session, self._act(actor), one, DeclarationInput(ties=()))
        assessments.move(
            self._stage.session,
            self._act(actor),
            self._identifier,
            name,
            office=self._stage.office,
            note=note,
            comments=[CommentInput(question=each.question, text=put_words(each.text, self._site)) for each in remarks],
        )

    def _save(self, actor: User, question: str, phase: Phase, given: AnswerGiven) -> None:
        session, act = self._stage.session, self._act(actor)
        before = assessments.answers_of(session, self._identifier, phase).get(question)
        expected = None if before is None else before.version
        assessments.save(session, act, self._identifier, question, phase, given, expected=expected)

    def _attach(self, name: str) -> None:
        exhibit = all_exhibits()[name]
        content = exhibits.make(exhibit, self._site.language, self._number, self._today)
        upload = Upload(exhibit.names[self._site.language], io.BytesIO(content), len(content), {})
        settings = self._stage.settings
        kept = evidence.keep(evidence.shelf_of(settings), upload)
        act = self._act(self._assessor)
        evidence.attach(self._stage.session, act, settings, self._identifier, exhibit.question, kept=kept)


def _answer(question: str, level: int | Literal["na"], reason: str) -> tuple[str, AnswerGiven]:
    if level == "na":
        return question, AnswerGiven(level=None, not_applicable=True, reason=reason)
    return question, AnswerGiven(level=level, reason=reason)
