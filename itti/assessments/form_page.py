"""The assessment form: one dimension, its levels side by side, and the map of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.responses import Response

from itti.accounts.tables import Role
from itti.assessments import service, wayfinding
from itti.assessments.reading import Remark
from itti.assessments.schemas import AnswerGiven
from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.assessments.wayfinding import Place
from itti.evidence import service as evidence
from itti.evidence.tables import EvidenceFile
from itti.files.uploads import megabytes
from itti.http.etags import etag
from itti.web.visits import Visit


@dataclass(frozen=True)
class Refusal:
    """An answer that was not taken, to be shown again with the reason."""

    status: int
    given: AnswerGiven
    mistake: str
    theirs: str | None
    """What is stored instead, in words, after a conflict."""


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


def show(place: Place, refusal: Refusal | None = None) -> Response:
    """Draw the form for one question."""
    visit, one, phase = place.visit, place.one, place.phase
    question = service.shown(one).question(place.question)
    answers = service.open_answers(visit.session, visit.act, one, phase)
    answer = answers.get(question.id)
    questions = wayfinding.order(place.definition)
    assessed = phase is Phase.ASSESSED
    remarks = readable_remarks(visit, one) if assessed else []
    remarked = frozenset(each.comment.question for each in remarks if each.comment.question)
    writable = service.may_write(visit.session, visit.act, one, phase)
    standing = service.standing(visit.session, visit.act, one, phase)
    return visit.show(
        "assessments/answer.html",
        refusal.status if refusal else 200,
        assessment=one,
        factory=service.parties_of(visit.session, one).factory,
        phase=phase.value,
        writable=writable,
        question=question,
        words=place.definition.words(visit.language).questions[question.id],
        category=_category(place),
        position=questions.index(question.id) + 1,
        total=len(questions),
        map=wayfinding.groups(place, answers, remarked),
        given=refusal.given if refusal else _given(answer),
        mistake=refusal.mistake if refusal else None,
        theirs=refusal.theirs if refusal else None,
        version=answer.version if answer else None,
        etag=etag(answer.version) if answer else None,
        saved_at=answer.updated_at if answer and not refusal else None,
        self_answer=_own(place) if assessed else None,
        remarks=remarks_on(visit, remarks, question.id),
        shows_files=assessed,
        **(_files(place, writable=writable) if assessed else {}),
        standing=standing,
        index_name=visit.say(wayfinding.index_name(phase, one, complete=standing.complete)),
        index_names={
            state: visit.say(wayfinding.index_name(phase, one, complete=state == "complete"))
            for state in ("open", "complete")
        },
        scale=service.shown(one).scale(),
        previous_href=place.before,
        next_href=place.after,
    )


def _files(place: Place, *, writable: bool) -> dict[str, object]:
    """What the page needs to show and take evidence."""
    visit = place.visit
    found = evidence.files(visit.session, visit.act, place.one).get(place.question, ())
    return {
        "files": shown_files(found, removable=writable),
        "may_attach": writable,
        "files_href": f"/assessments/{place.one.id}/answers/{place.question}/evidence",
        "upload_limit": megabytes(visit.settings.upload_bytes),
    }


def _given(answer: Answer | None) -> AnswerGiven:
    return AnswerGiven(level=None) if answer is None else AnswerGiven.of(answer)


def _category(place: Place) -> str:
    definition = place.definition
    texts = definition.words(place.visit.language)
    for name in definition.categories:
        if any(each.id == place.question for each in definition.category_questions(name)):
            return texts.nodes[name].title
    return texts.short_title


def _own(place: Place) -> Answer | None:
    """What the factory said of itself, as a mark beside the assessor's levels."""
    if place.one.state in {AssessmentState.PLANNED, AssessmentState.SELF_ASSESSMENT}:
        return None
    visit = place.visit
    return service.open_answers(visit.session, visit.act, place.one, Phase.SELF).get(place.question)
