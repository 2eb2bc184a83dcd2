"""Work packages: all that a tool needs of an assessment to go on without a connection."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from itti.acts import Act
from itti.assessments import library, reading
from itti.assessments.answers import check_hands
from itti.assessments.batch_schemas import MOST_ANSWERS
from itti.assessments.errors import AnswersClosed, NotYourAnswers
from itti.assessments.move_errors import DeclarationMissing, NotAccredited
from itti.assessments.permission import last_day
from itti.assessments.questions import AskedView, asked_views
from itti.assessments.schemas import LONGEST_NAME, AnswerView, PartyView
from itti.assessments.scores import scores
from itti.assessments.tables import BATCHES_KEPT, Answer, Assessment, AssessmentState, Phase
from itti.evidence.reading import all_of, is_open
from itti.evidence.schemas import EvidenceView
from itti.http.bodies import BODY_BYTES
from itti.settings import Settings
from questionnaires.digest import canonical
from questionnaires.questions import MOST_ITEMS

_ID = "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"
_LONGEST_REASON: Final[int] = next(
    each.max_length for each in Answer.model_fields["reason"].metadata if hasattr(each, "max_length")
)


class PackedQuestionnaireView(BaseModel):
    """The questionnaire as it is published."""

    model_config = ConfigDict(frozen=True)

    family: str = Field(description="Questionnaire family.", examples=["itti"])
    version: str = Field(description="Version.", examples=["1.0.0"])
    digest: str = Field(
        description="SHA-256 of the canonical JSON (RFC 8785) of `definition` with all its texts under `texts`.",
        examples=["9f2c" * 16],
    )
    definition: dict[str, Any] = Field(
        description="The structure, in the form of `readQuestionnaire`, without its texts.", examples=[{}]
    )
    texts: dict[str, Any] = Field(description="Language → texts, in the languages asked for.", examples=[{"en": {}}])


class WritingView(BaseModel):
    """Whether answers can be sent back, and until when."""

    open: bool = Field(description="True: a batch would be taken now.")
    until: date | None = Field(
        None,
        description="Last day on which it would be, by the accreditation of assessor and body as it is today; null:"
        " nothing ends it but a move of the assessment.",
        examples=["2026-12-31"],
    )
    code: str | None = Field(None, description="Problem code of what is in the way.", examples=["answers-closed"])
    reason: str | None = Field(
        None,
        description="What is in the way, in the reader's language.",
        examples=["The answers cannot be changed now: the state of the assessment is “in review”."],
    )


class LimitsView(BaseModel):
    """What is taken at most."""

    answers: int = Field(MOST_ANSWERS, description="Answers in one batch.", examples=[MOST_ANSWERS])
    body_bytes: int = Field(BODY_BYTES, description="Bytes of one batch.", examples=[BODY_BYTES])
    reason_signs: int = Field(_LONGEST_REASON, description="Signs of a reason.", examples=[_LONGEST_REASON])
    items: int = Field(MOST_ITEMS, description="Items of a list.", examples=[MOST_ITEMS])
    item_name_signs: int = Field(LONGEST_NAME, description="Signs of an item's name.", examples=[LONGEST_NAME])
    file_bytes: int = Field(description="Bytes of one evidence file.", examples=[10_000_000])
    result_days: int = Field(
        BATCHES_KEPT.days,
        description="Days for which the same batch gives the very same result again.",
        examples=[BATCHES_KEPT.days],
    )


class WorkPackageView(BaseModel):
    """All that a tool needs of an assessment to go on without a connection."""

    format: Literal["itti-work-package/1"] = Field(
        "itti-work-package/1", description="What this is.", examples=["itti-work-package/1"]
    )
    assessment_id: UUID = Field(description="Id of the assessment.", examples=[_ID])
    version: int = Field(description="Version of the assessment, as a move names it.", examples=[4])
    state: AssessmentState = Field(description="Where it stands.", examples=["assessment"])
    phase: Phase = Field(description="Whose answers.")
    planned_for: date = Field(description="Day of the site visit.", examples=["2026-12-01"])
    factory: PartyView = Field(description="The factory that is assessed.")
    assessor: PartyView = Field(description="Who assesses.")
    questionnaire: PackedQuestionnaireView = Field(description="What is asked, as it is published.")
    questions: list[AskedView] = Field(description="What is asked now, item by item, in the order of the form.")
    answers: list[AnswerView] = Field(description="All answers, each with the version that a batch names as `base`.")
    evidence: list[EvidenceView] = Field(description="What proves them, as far as the reader may see it.")
    writing: WritingView = Field(description="Whether answers can be sent back.")
    limits: LimitsView = Field(description="What is taken at most.")


def work_package(  # noqa: PLR0913 - what to whom in which words
    session: Session,
    act: Act,
    settings: Settings,
    identifier: UUID,
    phase: Phase,
    *,
    language: str,
    languages: Sequence[str],
) -> WorkPackageView:
    """The work package of one phase; texts in ``languages`` (empty: all), titles and reasons in ``language``.

    Raises:
        NoSuchAssessment, NotOpenToYou: as they say.
        DefinitionChanged: the library no longer holds the pinned questionnaire.
    """
    one = reading.assessment(session, act, identifier)
    answers = reading.open_answers(session, act, one, phase)
    asked = library.pinned(one).asked(answers.values())
    parties = reading.parties_of(session, one)
    scored = scores(one, answers.values())
    return WorkPackageView(
        assessment_id=one.id,
        version=one.version,
        state=one.state,
        phase=phase,
        planned_for=one.planned_for,
        factory=PartyView.of(parties.factory),
        assessor=PartyView.of(parties.assessor),
        questionnaire=_packed(library.pinned(one), languages),
        questions=asked_views(asked, answers, language),
        answers=[
            AnswerView.of(answers[each.id], scored[each.id])
            for each in asked.definition.questions
            if each.id in answers
        ],
        evidence=[EvidenceView.shown(each) for each in all_of(session, one.id)] if is_open(act, one) else [],
        writing=_writing(session, act, one, phase, language),
        limits=LimitsView(file_bytes=settings.upload_bytes),
    )


def _packed(questionnaire: library.Questionnaire, languages: Sequence[str]) -> PackedQuestionnaireView:
    structure: dict[str, Any] = json.loads(canonical(questionnaire.definition))
    texts = structure.pop("texts")
    return PackedQuestionnaireView(
        family=questionnaire.definition.family,
        version=questionnaire.definition.version,
        digest=questionnaire.digest,
        definition=structure,
        texts={name: words for name, words in texts.items() if not languages or name in languages},
    )


def _writing(session: Session, act: Act, one: Assessment, phase: Phase, language: str) -> WritingView:
    try:
        check_hands(session, act, one, phase)
    except (NotYourAnswers, AnswersClosed, NotAccredited, DeclarationMissing) as fault:
        return WritingView(open=False, code=fault.code, reason=fault.sentence(language))
    until = last_day(session, reading.person(act), one, act.today) if phase is Phase.ASSESSED else None
    return WritingView(open=True, until=until)
