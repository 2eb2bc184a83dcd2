"""Freezing what papers state: everything a report needs, read once, in the transaction of the approval.

From then on the papers do not depend on the database: a factory that is renamed, or a person who leaves, changes
nothing on a paper that is made a minute, or after a power cut a day, later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, select

from itti.acts import Act
from itti.assessments import library, reading
from itti.assessments.move_errors import IndexWithheld
from itti.assessments.parties import Parties
from itti.assessments.standing import answer_of, scorecard_of
from itti.assessments.tables import Answer, Assessment, Phase
from itti.certificates.dates import last_day
from itti.certificates.office import Office
from itti.certificates.register import certified_before
from itti.evidence.reading import Proof, of_assessment
from itti.papers.tables import Preparation, PreparationState
from itti.programme import day_of, rules
from itti.targets.reading import targets_of
from questionnaires.wording import LANGUAGES
from reports import signs
from reports.beside import Earlier
from reports.render import check
from reports.report import AnswerDetail, AssessedFactory, EvidenceItem, Party, Report, Standing
from reports.theme import STANDARD, Theme
from scoring import Scorecard


class Frozen(BaseModel):
    """What the papers of one approval are made from: with their look."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report: Report
    theme: Theme = STANDARD

    @classmethod
    def of(cls, preparation: Preparation) -> Self:
        """As the approval stored it."""
        return cls.model_validate_json(preparation.frozen)


@dataclass(frozen=True)
class Before:
    """A certificate before this one, as a report names it."""

    number: str
    value: str | None
    """Its headline index; None: it states a profile."""

    issued_on: date
    assessed_on: date
    version: str
    """Of the questionnaire."""


def freeze(session: Session, act: Act, office: Office, one: Assessment, number: str) -> Frozen:
    """All that the papers of an approved assessment state, checked for everything that would keep them from being set.

    Raises:
        DefinitionChanged: the library no longer holds the pinned questionnaire.
        IndexWithheld: no index can be stated.
        SealKeyUnusable: the key cannot be read, so nobody knows what the papers may claim.
        reports.errors.UnprintableSigns: a name or a reason holds signs outside the shipped fonts.
    """
    report = _told(session, office, one, _scorecard(session, one)).model_copy(
        update={
            "standing": office.standing,
            "issued_on": act.today,
            "expires_on": last_day(act.today, office.settings.certificate_months),
            "number": number,
            "verify_url": office.verify_url(number),
        }
    )
    for language in LANGUAGES:
        check(report, library.pinned(one).definition, language)
    return Frozen(report=report, theme=office.theme)


def stated(session: Session, office: Office, one: Assessment, scorecard: Scorecard) -> Report:
    """What the papers of an assessment state once it is approved, and what they would state today before that.

    For somebody who may read the assessment. ``scorecard`` is over the answers given so far.
    """
    preparation = session.exec(select(Preparation).where(Preparation.assessment_id == one.id)).first()
    if preparation is not None:
        return Frozen.of(preparation).report
    return _told(session, office, one, scorecard)


def _told(session: Session, office: Office, one: Assessment, scorecard: Scorecard) -> Report:
    """A report that claims nothing yet."""
    parties = reading.parties_of(session, one)
    before = _before(session, one)
    latest = before[-1] if before else None
    return Report(
        standing=Standing.DRAFT,
        scorecard=scorecard,
        factory=_factory(parties),
        answers=_answers(session, one, scorecard),
        programme=office.name,
        assessor=_party(parties.assessor),
        assessor_body=_party(parties.body),
        reviewer=_party(parties.reviewer),
        reviewer_body=_party(parties.reviewer_body),
        assessed_on=one.assessed_on(rules(session).zone),
        previous_value=latest.value if latest else None,
        previous_on=latest.issued_on if latest else None,
        history=tuple(
            Earlier(on=each.assessed_on, value=each.value, version=each.version)
            for each in before
            if each.value is not None
        ),
        targets=targets_of(session, one),
    )


def _scorecard(session: Session, one: Assessment) -> Scorecard:
    answers = reading.answers_of(session, one.id, Phase.ASSESSED)
    scorecard = scorecard_of(library.pinned(one), answers.values())
    if not scorecard.complete or not scorecard.headline.is_stated:
        raise IndexWithheld
    return scorecard


def _before(session: Session, one: Assessment) -> list[Before]:
    """The certificates of the same factory and family that were not revoked, the oldest first.

    Those whose papers are still being made are among them.
    """
    found = [
        Before(row.number, row.index_value, row.issued_on, assessed_on, row.definition_version)
        for row, assessed_on in certified_before(session, one.factory_id, one.family)
    ]
    statement = select(Preparation).where(
        Preparation.factory_id == one.factory_id,
        Preparation.family == one.family,
        Preparation.state == PreparationState.PREPARING,
    )
    for each in session.exec(statement).all():
        report = Frozen.of(each).report
        card = report.scorecard
        day = day_of(session, each.approved_at)
        found.append(Before(each.number, card.headline.value, day, report.assessed_on, card.version))
    return sorted(found, key=lambda before: (before.issued_on, before.number))


def _factory(parties: Parties) -> AssessedFactory:
    factory = parties.factory
    return AssessedFactory(
        name=factory.name,
        name_ar=factory.name_ar,
        licence=factory.licence,
        sector=factory.sector.value,
        region=factory.region,
        employees=factory.employees,
    )


def _party(row: object | None) -> Party | None:
    return (
        None
        if row is None
        else Party.model_validate(
            {"name": getattr(row, "name"), "name_ar": getattr(row, "name_ar")}  # noqa: B009 - a person or a body
        )
    )


def _answers(session: Session, one: Assessment, scorecard: Scorecard) -> tuple[AnswerDetail, ...]:
    assessed = reading.answers_of(session, one.id, Phase.ASSESSED)
    own = reading.answers_of(session, one.id, Phase.SELF)
    evidence = of_assessment(session, one.id)
    return tuple(
        _detail(assessed[question.id], own, evidence.get(question.id, ()))
        for question in scorecard.questions
        if question.id in assessed
    )


def _detail(answer: Answer, own: Mapping[str, Answer], files: Sequence[Proof]) -> AnswerDetail:
    self_answer = own.get(answer.question)
    return AnswerDetail(
        question=answer.question,
        answer=answer_of(answer),
        reason=answer.reason,
        evidence=tuple(
            EvidenceItem(file_name=_printable(each.newest.file_name), sha256=each.newest.sha256) for each in files
        ),
        self_answer=answer_of(self_answer) if self_answer else None,
    )


def _printable(name: str) -> str:
    """A file name with an underscore for each sign that the fonts of the paper lack: names come from phones."""
    return "".join(sign if ord(sign) in signs.printable() else "_" for sign in signs.tidied(name))
