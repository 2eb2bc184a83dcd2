"""The assessment form: one dimension, its levels side by side, and the map of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.responses import Response

from itti.accounts.tables import Role
from itti.assessments import service
from itti.assessments.library import Questionnaire
from itti.assessments.reading import Remark
from itti.assessments.schemas import AnswerGiven
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.evidence import service as evidence
from itti.evidence.tables import EvidenceFile
from itti.files.uploads import megabytes
from itti.http.etags import etag
from itti.web.visits import Visit
from questionnaires.model import Definition


@dataclass(frozen=True)
class Dot:
    """One dimension in the map of all of them."""

    id: str
    number: int
    title: str
    href: str
    state: str
    """``done``, ``off`` (does not apply) or ``open``."""

    flag: bool
    """A reviewer remarked on it."""

    current: bool = False


@dataclass(frozen=True)
class Group:
    """A category with its dimensions."""

    title: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Remarked:
    """A remark as pages show it."""

    question: str | None
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ShownFile:
    """An evidence file as pages show it."""

    id: UUID
    file_name: str
    size_words: str
    removable: bool


def phase_for(visit: Visit, asked: str | None) -> Phase:
    """Whose answers a page is about: the one asked for, else the factory's own for the factory."""
    if asked in tuple(Phase):
        return Phase(asked)
    return Phase.SELF if visit.role is Role.FACTORY else Phase.ASSESSED


def scale(definition: Definition) -> tuple[int, int]:
    """The ends of the scale on which all values of a questionnaire lie."""
    return min(q.lowest for q in definition.questions), max(q.highest for q in definition.questions)


def order(definition: Definition) -> tuple[str, ...]:
    """All questions in reading order: category by category."""
    placed = [question.id for name in definition.categories for question in definition.category_questions(name)]
    return tuple(dict.fromkeys([*placed, *(question.id for question in definition.questions)]))


def address(one: Assessment, question: str, phase: Phase, visit: Visit) -> str:
    """The page of one question; the phase is named only where it is not the reader's own."""
    suffix = "" if phase is phase_for(visit, None) else f"?phase={phase.value}"
    return f"/assessments/{one.id}/answers/{question}{suffix}"


def state_of(answer: Answer | None) -> str:
    """How a dimension is marked in the map."""
    if answer is None or (answer.level is None and not answer.not_applicable):
        return "open"
    return "off" if answer.not_applicable else "done"


def groups(
    visit: Visit,
    one: Assessment,
    definition: Definition,
    phase: Phase,
    answers: Mapping[str, Answer],
    remarked: frozenset[str] = frozenset(),
    current: str | None = None,
) -> tuple[Group, ...]:
    """The map: every category with a mark for each of its dimensions."""
    texts = definition.words(visit.language)
    numbers = {question: position for position, question in enumerate(order(definition), start=1)}
    return tuple(
        Group(
            texts.nodes[category].title,
            tuple(
                Dot(
                    question.id,
                    numbers[question.id],
                    texts.questions[question.id].title,
                    address(one, question.id, phase, visit),
                    state_of(answers.get(question.id)),
                    question.id in remarked,
                    question.id == current,
                )
                for question in definition.category_questions(category)
            ),
        )
        for category in definition.categories
    )


def remarks_on(visit: Visit, remarks: Sequence[Remark], question: str | None) -> list[Remarked]:
    """The remarks on one question (None: on the whole), oldest first."""
    return [
        Remarked(each.comment.question, each.comment.text, visit.called(each.author), each.comment.created_at)
        for each in remarks
        if each.comment.question == question
    ]


def readable_remarks(visit: Visit, one: Assessment) -> Sequence[Remark]:
    """The remarks of reviewers; none for factory people, who may not read them."""
    return [] if visit.role is Role.FACTORY else service.comments(visit.session, visit.act, one)


def shown_files(files: Sequence[EvidenceFile], *, removable: bool) -> list[ShownFile]:
    """Evidence files as pages show them."""
    return [ShownFile(file.id, file.file_name, size_words(file.size), removable) for file in files]


def size_words(size: int) -> str:
    """A size in units people read (of 1000)."""
    return f"{megabytes(size)} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def show(
    visit: Visit,
    one: Assessment,
    question_id: str,
    phase: Phase,
    *,
    status: int = 200,
    given: AnswerGiven | None = None,
    version: int | None = None,
    mistake: str | None = None,
    theirs: str | None = None,
) -> Response:
    """Draw the form for one question; ``given`` shows again what was typed into a refused form."""
    asked = service.shown(one)
    question = asked.question(question_id)
    definition = asked.definition
    answers = service.open_answers(visit.session, visit.act, one, phase)
    answer = answers.get(question_id)
    writable = service.may_write(visit.session, visit.act, one, phase)
    remarks = readable_remarks(visit, one) if phase is Phase.ASSESSED else []
    questions = order(definition)
    position = questions.index(question_id)
    is_last = position == len(questions) - 1
    stored = answer.version if answer else None
    files = evidence.files(visit.session, visit.act, one).get(question_id, ()) if phase is Phase.ASSESSED else ()
    may_attach = writable and phase is Phase.ASSESSED
    return visit.show(
        "assessments/answer.html",
        status,
        assessment=one,
        factory=service.parties_of(visit.session, one).factory,
        phase=phase.value,
        writable=writable,
        question=question,
        words=definition.words(visit.language).questions[question_id],
        category=_category(visit, asked, question_id),
        position=position + 1,
        total=len(questions),
        is_last=is_last,
        map=groups(
            visit, one, definition, phase, answers,
            frozenset(each.comment.question for each in remarks if each.comment.question), question_id,
        ),
        given=given or _given(answer),
        version=version if given else stored,
        etag=etag(stored) if stored else None,
        saved_at=answer.updated_at if answer and not given else None,
        self_answer=_own(visit, one, question_id) if phase is Phase.ASSESSED else None,
        remarks=remarks_on(visit, remarks, question_id),
        shows_files=phase is Phase.ASSESSED,
        files=shown_files(files, removable=may_attach),
        may_attach=may_attach,
        files_href=f"/assessments/{one.id}/answers/{question_id}/evidence",
        upload_limit=megabytes(visit.settings.upload_bytes),
        standing=service.standing(visit.session, visit.act, one, phase),
        scale=scale(definition),
        previous_href=None if position == 0 else address(one, questions[position - 1], phase, visit),
        next_href=after(visit, one, phase, question_id),
        mistake=mistake,
        theirs=theirs,
    )  # fmt: skip


def _given(answer: Answer | None) -> AnswerGiven:
    if answer is None:
        return AnswerGiven(level=None)
    return AnswerGiven(level=answer.level, not_applicable=answer.not_applicable, reason=answer.reason)


def _category(visit: Visit, asked: Questionnaire, question: str) -> str:
    definition = asked.definition
    for name in definition.categories:
        if any(each.id == question for each in definition.category_questions(name)):
            return definition.words(visit.language).nodes[name].title
    return definition.words(visit.language).short_title


def _own(visit: Visit, one: Assessment, question: str) -> Answer | None:
    """What the factory said of itself, as a mark beside the assessor's levels."""
    if one.state in {AssessmentState.PLANNED, AssessmentState.SELF_ASSESSMENT}:
        return None
    return service.open_answers(visit.session, visit.act, one, Phase.SELF).get(question)


def after(visit: Visit, one: Assessment, phase: Phase, question: str) -> str:
    """Where the way leads from a question: the next one, then the page to submit."""
    questions = order(service.shown(one).definition)
    position = questions.index(question)
    if position < len(questions) - 1:
        return address(one, questions[position + 1], phase, visit)
    if service.may_write(visit.session, visit.act, one, phase):
        return f"/assessments/{one.id}/submit"
    return f"/assessments/{one.id}"


def level_words(visit: Visit, one: Assessment, answer: Answer) -> str:
    """An answer in a few words: the level with its name, "does not apply", or that there is none yet."""
    if answer.not_applicable:
        return visit.say("level.not-applicable")
    if answer.level is None:
        return visit.say("level.none")
    texts = service.shown(one).definition.words(visit.language)
    return f"{answer.level} · {texts.questions[answer.question].levels[str(answer.level)].name}"
