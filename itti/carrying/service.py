"""Carrying the answers of an earlier assessment into a new one: shown whole before, then done in one transaction.

The earlier assessment is never changed. Nothing that somebody gave in the new one is overwritten unless it is named
with the version that was seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import leaving, library, naming, packed, reading, refusals
from itti.assessments.answers import check_hands, may_write
from itti.assessments.errors import AnswerInvalid
from itti.assessments.marks import LookAgainView, QuotedAnswerView, marked
from itti.assessments.schemas import AnswerGiven
from itti.assessments.standing import Standing, scorecard_of, standing_of
from itti.assessments.tables import Answer, Assessment
from itti.audit.service import record
from itti.carrying import lists
from itti.carrying.composing import Carried, carried
from itti.carrying.errors import AnswersChanged, AnswersInTheWay, NoEarlierAssessment
from itti.carrying.sources import Source, Which, sources, way
from itti.evidence.reading import of_assessment
from questionnaires import Definition
from questionnaires.given import NOTHING, Given
from questionnaires.upgrading import Mark, Old
from questionnaires.wording import LANGUAGES

__all__ = [
    "Done",
    "Line",
    "Preview",
    "Source",
    "Which",
    "as_given",
    "carry",
    "listed",
    "preview",
    "sources",
    "writable",
]


@dataclass(frozen=True)
class Wanted:
    """What would be stored at a question."""

    given: AnswerGiven
    look_again: LookAgainView | None


@dataclass(frozen=True)
class Line:
    """One question of the new version (or none) with what arrives there, and what stands in the way."""

    carried: Carried
    mark: Mark
    why: str | None
    files: int
    """Evidence files that stay with the earlier assessment."""

    answer: Given
    """What arrives, as the new version takes it."""

    wanted: Wanted | None
    """None: nothing arrives here."""

    in_the_way: Answer | None
    """What somebody has answered here already; None: nothing, or just what arrives."""

    to_write: bool
    """Whether carrying would change anything here."""


@dataclass(frozen=True)
class Preview:
    """All that would happen; nothing has."""

    assessment: Assessment
    source: Assessment
    which: Which
    old: Definition
    asked: library.Questionnaire
    """The questionnaire of the new assessment, with the questions of every item that arrives or is there."""

    lines: tuple[Line, ...]

    @property
    def new(self) -> Definition:
        """What the new assessment asks."""
        return self.asked.definition

    @property
    def conflicts(self) -> tuple[Line, ...]:
        """The lines with something in the way."""
        return tuple(line for line in self.lines if line.in_the_way is not None)


@dataclass(frozen=True)
class Done:
    """What was done, by question."""

    preview: Preview
    written: tuple[str, ...]
    kept: tuple[str, ...]
    """Already answered, and left as it was."""

    standing: Standing


def listed(session: Session, act: Act, identifier: UUID) -> list[Source]:
    """What an assessment may start from.

    Raises:
        NoSuchAssessment: none, or none for this person.
        DefinitionChanged: the library no longer holds its questionnaire.
    """
    return sources(session, act, reading.assessment(session, act, identifier))


def writable(session: Session, act: Act, one: Assessment) -> Which | None:
    """Which answers the actor may carry into ``one`` now, if any."""
    for which in Which:
        if may_write(session, act, one, which.phase):
            return which
    return None


def preview(session: Session, act: Act, identifier: UUID, source: UUID, which: Which) -> Preview:
    """What would become of every answer; changes nothing.

    Raises:
        NoSuchAssessment: none, or none for this person.
        NoEarlierAssessment: ``source`` is not among :func:`listed`, or not with those answers.
        NotOpenToYou: the factory asks for the assessor's answers.
        DefinitionChanged: the library no longer holds the questionnaire of the new assessment.
    """
    one = reading.assessment(session, act, identifier)
    return _preview(session, act, one, source, which)


def carry(  # noqa: PLR0913 - what is to be done, and what with the answers in the way
    session: Session,
    act: Act,
    identifier: UUID,
    source: UUID,
    which: Which,
    *,
    overwrite: Mapping[str, int] | None = None,
    keep: Collection[str] = (),
) -> Done:
    """Carry the answers; done again it changes nothing.

    Args:
        session: a writing session.
        act: by whoever may answer in the new assessment now.
        identifier: the new assessment.
        source: the earlier one.
        which: whose answers.
        overwrite: question → version of the answer there that is to be replaced.
        keep: questions that are left as they are.

    Raises:
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
        AnswersInTheWay: questions are answered and named neither in ``overwrite`` nor in ``keep``.
        AnswersChanged: one that is named in ``overwrite`` has another version by now.
        NoSuchQuestion: the questionnaire asks nothing of a name in ``overwrite`` or ``keep``.
        ItemsAnswered: items that are answered for would leave a list that is replaced.

    And what :func:`preview` raises. Nothing is written where it raises.
    """
    one = reading.assessment(session, act, identifier, lock="update")
    check_hands(session, act, one, which.phase)
    replaced = overwrite or {}
    plan = _preview(session, act, one, source, which)
    for name in (*replaced, *keep):
        plan.asked.question(name)
    _check_named(plan, replaced, keep)
    stored = reading.answers_of(session, one.id, which.phase)
    arriving = {str(line.carried.question): line.answer for line in plan.lines if line.to_write}
    items = lists.lists_then(plan.asked, stored, arriving, keep)
    for of, then in items.items():
        gone = leaving.gone(naming.items_of(stored.get(of)), then)
        leaving.let_go(session, act, leaving.leaving(session, one, which.phase, of, gone), ())
    written = [
        _write(session, act, plan, line, stored)
        for line in plan.lines
        if line.to_write
        and line.carried.question not in keep
        and not lists.is_kept_out(str(line.carried.question), items)
    ]
    session.flush()
    kept = tuple(str(line.carried.question) for line in plan.conflicts if line.carried.question in keep)
    if written:
        _record(session, act, plan, written, kept)
    published = library.pinned(one)
    answers = packed.keep(session, one, which.phase, published.plan).answers.values()
    standing = standing_of(scorecard_of(published.asked(answers), answers), marked(answers))
    return Done(plan, tuple(answer.question for answer in written), kept, standing)


def _preview(session: Session, act: Act, one: Assessment, source: UUID, which: Which) -> Preview:
    current = reading.open_answers(session, act, one, which.phase)
    published = library.pinned(one)
    found = next((each for each in sources(session, act, one) if each.assessment.id == source), None)
    steps = None if found is None or which not in found.answered else way(found.assessment, published.definition)
    if found is None or steps is None:
        raise NoEarlierAssessment
    earlier = found.assessment
    answers = reading.answers_of(session, earlier.id, which.phase)
    old = library.pinned(earlier)
    entries = {name: {**(answer.given or {}), "reason": answer.reason} for name, answer in answers.items()}
    before = old.asked(answers.values())
    found_there = carried(before.definition, published.definition, steps, entries, marked(answers.values()))
    asked = lists.asked_then(published, current, found_there)
    arrived = lists.placed(asked, found_there)
    proofs = of_assessment(session, earlier.id) if which is Which.ASSESSED else {}
    files = {name: len(kept) for name, kept in proofs.items()}
    shown = tuple(_line(asked, earlier, each, files, current) for each in arrived)
    return Preview(one, earlier, which, before.definition, asked, shown)


def _line(
    asked: library.Questionnaire,
    earlier: Assessment,
    each: Carried,
    files: Mapping[str, int],
    current: Mapping[str, Answer],
) -> Line:
    left = sum(files.get(old.question, 0) for old in each.olds)
    if each.question is None:
        return Line(each, each.mark, each.why, left, NOTHING, None, None, to_write=False)
    answer, why = _taken(asked, each)
    given = as_given(answer)
    mark = each.mark
    if why is None and left and each.answer.answered:
        why = "evidence-left"
    if why is not None:
        mark = Mark.LOOK_AGAIN
    look = None if why is None else _look_again(earlier, each, why, left)
    wanted = None if given.stored is None and not given.reason and look is None else Wanted(given, look)
    there = current.get(each.question)
    same = wanted is not None and there is not None and _same(there, wanted)
    in_the_way = there if wanted is not None and there is not None and not same and _said(there) else None
    return Line(each, mark, why, left, answer, wanted, in_the_way, to_write=wanted is not None and not same)


def _taken(asked: library.Questionnaire, each: Carried) -> tuple[Given, str | None]:
    """The answer as the new assessment takes it, and why it is to be looked at."""
    if each.question is not None and each.answer.answered:
        try:
            refusals.check(asked, each.question, as_given(each.answer))
        except AnswerInvalid:
            # Never stored unchecked: whatever a migration promises, the form decides.
            return each.answer.emptied(), "off-scale"
    return each.answer, each.why


def as_given(answer: Given) -> AnswerGiven:
    """An answer in the form in which answers are saved."""
    said = answer.to_sheet()
    form = {} if answer.form is None else {answer.form: said[answer.form]}
    return AnswerGiven.model_validate({"level": None, **form, "reason": answer.reason})


def _look_again(earlier: Assessment, each: Carried, why: str, files: int) -> LookAgainView:
    return LookAgainView(
        why=why,
        note=dict(each.note or {}),
        files=files,
        assessment=earlier.id,
        version=earlier.definition_version,
        olds=tuple(_quoted(old) for old in each.olds),
    )


def _quoted(old: Old) -> QuotedAnswerView:
    return QuotedAnswerView(question=old.question, given=as_given(old.answer).stored, reason=old.answer.reason)


def _same(there: Answer, wanted: Wanted) -> bool:
    return (there.given, there.reason) == (wanted.given.stored, wanted.given.reason)


def _said(there: Answer) -> bool:
    """Whether somebody gave something there: an answer, or only a reason so far."""
    return there.given is not None or bool(there.reason.strip())


def _check_named(plan: Preview, overwrite: Mapping[str, int], keep: Collection[str]) -> None:
    conflicts = {str(line.carried.question): line.in_the_way for line in plan.conflicts}
    unnamed = [name for name in conflicts if name not in keep and name not in overwrite]
    if unnamed:
        raise AnswersInTheWay(unnamed, _titles(plan.new))
    changed = [
        name
        for name, there in conflicts.items()
        if name not in keep and there is not None and there.version != overwrite[name]
    ]
    if changed:
        raise AnswersChanged(changed, _titles(plan.new))


def _titles(definition: Definition) -> dict[str, dict[str, str]]:
    return {
        language: {name: words.title for name, words in definition.words(language).questions.items()}
        for language in LANGUAGES
    }


def _write(session: Session, act: Act, plan: Preview, line: Line, stored: Mapping[str, Answer]) -> Answer:
    """Store what arrives at one question; there is something to store."""
    wanted, name = line.wanted, str(line.carried.question)
    assert wanted is not None  # noqa: S101 - `to_write` promises it
    answer = stored.get(name)
    before: dict[str, object] | None = None
    if answer is None:
        answer = Answer(
            assessment_id=plan.assessment.id,
            phase=plan.which.phase,
            question=name,
            author_id=reading.person(act).id,
            updated_at=act.at,
        )
    else:
        before = {**(answer.given or {}), "reason": answer.reason}
    answer.given, answer.reason = wanted.given.stored, wanted.given.reason
    answer.look_again = None if wanted.look_again is None else wanted.look_again.stored
    answer.author_id, answer.updated_at = reading.person(act).id, act.at
    session.add(answer)
    record(
        session,
        act,
        "answer.carried",
        "answer",
        answer.id,
        assessment=str(plan.assessment.id),
        phase=plan.which.phase.value,
        question=name,
        before=before,
        after={**(answer.given or {}), "reason": answer.reason},
        look_again=line.why,
        source=str(plan.source.id),
    )
    return answer


def _record(session: Session, act: Act, plan: Preview, written: Collection[Answer], kept: Collection[str]) -> None:
    record(
        session,
        act,
        "assessment.carried-over",
        "assessment",
        plan.assessment.id,
        source=str(plan.source.id),
        which=plan.which.value,
        old=plan.old.name,
        new=plan.new.name,
        written=[answer.question for answer in written],
        kept=sorted(kept),
        look_again=[answer.question for answer in written if answer.look_again is not None],
    )
